//! The rows of the reports: facts, and their counts and lengths by day.
//!
//! *Invariant:* a day's row counts the facts of its place to the one and holds the length of each, in no order: both are
//! written by the same statement.

mod read;
mod rebuild;
mod rows;

use std::collections::BTreeMap;

use ciranda_domain::ids::{ChannelId, ConversationId, PersonId};
use ciranda_domain::report::{Changes, DayNumber, Fact};
use jiff::tz::TimeZone;
use serde::Serialize;
use uuid::Uuid;

use super::codes::Code;

pub use read::{Ask, Group, Lengths, Number, Running, Sight, Stretches};
pub use rebuild::{Told, ToldLine, TrackRow};
pub use rows::{Cursor, RowOf, Which};

/// A fact as it is stored.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct FactRow {
    pub conversation_id: Uuid,
    pub no: i32,
    pub kind: i16,
    pub day: i32,
    pub at: i64,
    pub ended_at: Option<i64>,
    pub ms: Option<i64>,
    pub business_ms: Option<i64>,
    pub team_id: Uuid,
    pub person_id: Uuid,
    pub channel_id: Uuid,
}

/// A fact that is no longer so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct GoneRow {
    pub conversation_id: Uuid,
    pub no: i32,
}

/// By how many facts a day's count changes, and by which lengths.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DayRow {
    pub kind: i16,
    pub day: i32,
    pub team_id: Uuid,
    pub person_id: Uuid,
    pub channel_id: Uuid,
    #[serde(flatten)]
    moved: Moved,
}

/// Where a fact is counted.
type Place = (i16, i32, Uuid, Uuid, Uuid);

/// What a place gains and loses.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
struct Moved {
    n: i32,
    ms: Vec<i64>,
    business_ms: Vec<i64>,
    gone_ms: Vec<i64>,
    gone_business_ms: Vec<i64>,
}

impl Moved {
    fn count(&mut self, fact: &FactRow) {
        self.n += 1;
        settle(fact.ms, &mut self.gone_ms, &mut self.ms);
        settle(fact.business_ms, &mut self.gone_business_ms, &mut self.business_ms);
    }

    fn discount(&mut self, fact: &FactRow) {
        self.n -= 1;
        settle(fact.ms, &mut self.ms, &mut self.gone_ms);
        settle(fact.business_ms, &mut self.business_ms, &mut self.gone_business_ms);
    }
}

/// A length that one list holds is taken from it; else the other one gets it. So neither holds what the other does.
fn settle(length: Option<i64>, taken: &mut Vec<i64>, given: &mut Vec<i64>) {
    let Some(length) = length else { return };
    match taken.iter().position(|other| *other == length) {
        Some(at) => _ = taken.swap_remove(at),
        None => given.push(length),
    }
}

/// The facts of a transaction.
#[derive(Default)]
pub struct FactRows {
    pub new: Vec<FactRow>,
    pub gone: Vec<GoneRow>,
    moved: BTreeMap<Place, Moved>,
}

/// Who stands where nobody does.
pub(super) fn stored(person: Option<PersonId>) -> Uuid {
    person.map_or(Uuid::nil(), |person| person.0)
}

impl FactRows {
    /// Takes in what a step of a conversation changed; days begin in `zone`.
    pub fn take(&mut self, zone: &TimeZone, conversation: ConversationId, channel: ChannelId, changes: &Changes) {
        for fact in &changes.gone {
            let row = row(zone, conversation, channel, fact);
            self.place(&row).discount(&row);
            let same = |new: &FactRow| new.conversation_id == row.conversation_id && new.no == row.no;
            match self.new.iter().position(same) {
                Some(at) => _ = self.new.remove(at),
                // One that is replaced is not taken away: it would be touched twice.
                None if changes.new.iter().any(|new| new.no == fact.no) => {}
                None => self.gone.push(GoneRow { conversation_id: conversation.0, no: row.no }),
            }
        }
        for fact in &changes.new {
            let row = row(zone, conversation, channel, fact);
            self.place(&row).count(&row);
            self.new.push(row);
        }
    }

    /// By how much the days change.
    #[must_use]
    pub fn days(&self) -> Vec<DayRow> {
        let moved = self.moved.iter().filter(|(_, moved)| **moved != Moved::default());
        let row = |(&(kind, day, team_id, person_id, channel_id), moved): (&Place, &Moved)| DayRow {
            kind,
            day,
            team_id,
            person_id,
            channel_id,
            moved: moved.clone(),
        };
        moved.map(row).collect()
    }

    fn place(&mut self, row: &FactRow) -> &mut Moved {
        self.moved.entry((row.kind, row.day, row.team_id, row.person_id, row.channel_id)).or_default()
    }
}

fn row(zone: &TimeZone, conversation: ConversationId, channel: ChannelId, fact: &Fact) -> FactRow {
    FactRow {
        conversation_id: conversation.0,
        no: fact.no.cast_signed(),
        kind: fact.kind.code(),
        day: DayNumber::at(fact.at, zone).0,
        at: fact.at.0,
        ended_at: fact.until.map(|at| at.0),
        ms: fact.length().map(|span| span.0),
        business_ms: fact.business.map(|span| span.0),
        team_id: fact.team.0,
        person_id: stored(fact.person),
        channel_id: channel.0,
    }
}
