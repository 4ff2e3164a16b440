//! The facts of an account made anew from its timelines.
//!
//! *Invariant:* the result is what would have been written line by line, lengths by the business hours of their time too.

use std::collections::BTreeMap;

use anyhow::Result;
use ciranda_domain::calendar::History;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{AccountId, ConversationId, TeamId};
use ciranda_domain::message::{Content, Fact};
use ciranda_domain::report::{Changes, Ground, Track};
use ciranda_domain::time::Moment;
use uuid::Uuid;

use super::hours;
use crate::app::App;
use crate::desk::Reference;
use crate::store;
use crate::store::report::{FactRows, Told, ToldLine, TrackRow};

/// Conversations that are folded at once.
const BATCH: i64 = 2000;

/// Makes all facts of the account anew, while everybody else's changes wait. Answers how many there are.
///
/// # Errors
/// When the database cannot be reached; everything is as before then.
pub async fn rebuild(app: &App, account: AccountId) -> Result<u64> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let history = hours::since(&mut scoped, &reference.calendar, Moment(0)).await?;
    scoped.forget_facts().await?;
    let (mut after, mut count) = (Uuid::nil(), 0);
    loop {
        let told = scoped.told_conversations(after, BATCH).await?;
        let Some(last) = told.last() else { break };
        after = last.conversation.0;
        let ids: Vec<Uuid> = told.iter().map(|told| told.conversation.0).collect();
        let lines: BTreeMap<ConversationId, Vec<ToldLine>> = scoped.told_lines(&ids).await?.into_iter().collect();
        let mut facts = FactRows::default();
        let mut tracks = Vec::with_capacity(told.len());
        for told in &told {
            let lines = lines.get(&told.conversation).map(Vec::as_slice).unwrap_or_default();
            let track = fold(*told, lines, (&reference, &history), &mut facts);
            tracks.push(TrackRow { id: told.conversation.0, track });
        }
        scoped.write_facts(&facts.new, &tracks).await?;
        count += facts.new.len();
    }
    scoped.count_days().await?;
    scoped.commit().await?;
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

fn fold(told: Told, lines: &[ToldLine], (reference, history): (&Reference, &History), facts: &mut FactRows) -> Track {
    let channel = reference.channels.get(&told.channel).map_or(ChannelKind::WhatsApp, |channel| channel.kind);
    let mut team = first_team(told, lines, reference);
    let mut track = Track::default();
    for line in lines {
        match &line.content {
            Content::Fact(Fact::TransferredToTeam { to, .. }) => team = *to,
            Content::Fact(Fact::TransferredToPerson { team: to, .. }) => team = *to,
            // Only this one may move it without a word: into where it is now, or was until it was passed on.
            Content::Fact(Fact::Restarted { .. }) => team = next_team(told, lines, line),
            Content::Fact(_) | Content::Inbound { .. } | Content::Outbound { .. } | Content::Note { .. } => {}
        }
        let mut changes = Changes::default();
        let ground = Ground { calendar: history.at(line.at), channel, team };
        track.see(line.at, &line.content, &ground, &mut changes);
        facts.take(&reference.zone, told.conversation, told.channel, &changes);
    }
    track
}

/// The team it arrived in: the one it was first passed on from, if that was to a team.
fn first_team(told: Told, lines: &[ToldLine], reference: &Reference) -> TeamId {
    let passed = lines.iter().find_map(|line| match &line.content {
        Content::Fact(Fact::TransferredToTeam { from, .. }) => Some(Some(*from)),
        Content::Fact(Fact::TransferredToPerson { .. } | Fact::Restarted { .. }) => Some(None),
        Content::Fact(_) | Content::Inbound { .. } | Content::Outbound { .. } | Content::Note { .. } => None,
    });
    match passed {
        None => told.team,
        Some(Some(from)) => from,
        Some(None) => reference.reception_team(told.channel).unwrap_or(told.team),
    }
}

/// The team in which it was after a line.
fn next_team(told: Told, lines: &[ToldLine], after: &ToldLine) -> TeamId {
    let later = lines.iter().skip_while(|line| *line != after).skip(1);
    let passed = later.filter_map(|line| match &line.content {
        Content::Fact(Fact::TransferredToTeam { from, .. }) => Some(*from),
        Content::Fact(_) | Content::Inbound { .. } | Content::Outbound { .. } | Content::Note { .. } => None,
    });
    passed.take(1).next().unwrap_or(told.team)
}
