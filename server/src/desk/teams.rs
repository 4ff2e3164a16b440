//! The distribution engines of the teams that a transaction touches: locked, loaded, stepped, written down.
//!
//! *Invariant:* an engine lives within one transaction, under its team's lock. Deadlines that are due are played before
//! anything else is asked of the team. In an account with capacities every team that has one is locked whenever the
//! number of conversations a person holds may change, so that a freed slot is filled in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::distribution::{Effect, Engine, Input, Rows};
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_domain::life::Told;
use ciranda_domain::time::Moment;

use super::{Outdated, Reference, Work};
use crate::store::Scoped;
use crate::store::team::{Extent, LockedTeam, OVERFLOW, PendingRow};
use crate::store::write::{DecisionRow, TeamRow};

/// Engines by team, and what they answered so far.
pub struct Teams {
    loaded: BTreeMap<TeamId, Loaded>,
    /// Answers that are not in the heads yet.
    answers: Vec<(TeamId, Effect)>,
    /// How many conversations people held before this transaction; only where a team has a capacity.
    loads: BTreeMap<PersonId, u32>,
}

struct Loaded {
    engine: Engine,
    row: LockedTeam,
    arrow: Option<PersonId>,
    /// Those that waited for a slot when it was loaded.
    queued: Vec<ConversationId>,
    stepped: bool,
    limited: bool,
}

impl Teams {
    /// For a transaction in which distribution has no say.
    #[must_use]
    pub const fn none() -> Self {
        Self { loaded: BTreeMap::new(), answers: Vec::new(), loads: BTreeMap::new() }
    }

    /// Locks these teams, and those with a capacity if there are any, and loads their engines.
    ///
    /// # Errors
    /// [`Outdated`] when a reference row changed while waiting for the locks, or the database cannot be reached.
    pub async fn lock(
        scoped: &mut Scoped,
        reference: &Reference,
        mut teams: BTreeSet<TeamId>,
        extent: Extent<'_>,
    ) -> Result<Self> {
        teams.extend(reference.limited_teams());
        let ids: Vec<TeamId> = teams.into_iter().collect();
        let rows = if ids.is_empty() { Vec::new() } else { scoped.lock_teams(&ids).await? };
        Self::load(scoped, reference, rows, extent).await
    }

    /// Loads the engines of teams that are locked.
    ///
    /// # Errors
    /// As [`Teams::lock`].
    pub async fn load(
        scoped: &mut Scoped,
        reference: &Reference,
        rows: Vec<LockedTeam>,
        extent: Extent<'_>,
    ) -> Result<Self> {
        let mut teams = Self::none();
        if rows.is_empty() {
            return Ok(teams);
        }
        let ids: Vec<TeamId> = rows.iter().map(|row| row.id).collect();
        let (seq, pending) = scoped.pending(&ids, extent, scoped.now).await?;
        if seq != reference.seq {
            return Err(Outdated.into());
        }
        teams.loads = loads(scoped, reference, &ids).await?;
        for row in rows {
            let loaded = Loaded::new(row, reference, &pending, &teams.loads);
            teams.loaded.insert(row.id, loaded);
        }
        for (team, loaded) in &mut teams.loaded {
            let mut out = Vec::new();
            loaded.engine.advance(scoped.now, &mut out);
            loaded.stepped |= !out.is_empty();
            teams.answers.extend(out.into_iter().map(|effect| (*team, effect)));
        }
        Ok(teams)
    }

    /// The conversations that the answers so far are about, and those that may be designated when a slot becomes free:
    /// all must be locked before [`Teams::apply`].
    #[must_use]
    pub fn concerned(&self) -> BTreeSet<ConversationId> {
        let answered = self.answers.iter().filter_map(|(_, effect)| effect.conversation());
        let queued = self.loaded.values().flat_map(|loaded| loaded.queued.iter().copied());
        answered.chain(queued).collect()
    }

    /// Tells a team's engine something.
    pub fn step(&mut self, team: TeamId, now: Moment, input: Input) {
        let Some(loaded) = self.loaded.get_mut(&team) else { return };
        let mut out = Vec::new();
        loaded.engine.step(now, input, &mut out);
        loaded.stepped = true;
        self.answers.extend(out.into_iter().map(|effect| (team, effect)));
    }

    /// Tells the engines what a decision about a conversation wants them to be told.
    pub fn tell(&mut self, conversation: ConversationId, told: &[Told], now: Moment) {
        for told in told {
            match *told {
                Told::Started { team, by } => self.step(team, now, Input::Started { conversation, by }),
                Told::Left { team } => self.step(team, now, Input::Left { conversation }),
                Told::Enqueued { team } => self.step(team, now, Input::Enqueued { conversation, prefer: None }),
            }
        }
    }

    /// Writes the answers so far into heads, timelines and timers.
    ///
    /// # Errors
    /// When a conversation they are about is not locked: a fault of ours.
    pub fn apply(&mut self, work: &mut Work) -> Result<()> {
        for (team, effect) in std::mem::take(&mut self.answers) {
            match &effect {
                Effect::Timeline { conversation, at, fact } => _ = work.fact(*conversation, *at, fact.clone())?,
                Effect::Designate { conversation, .. }
                | Effect::Extend { conversation, .. }
                | Effect::Queue { conversation, .. }
                | Effect::Release { conversation, .. } => {
                    let head = work.head_mut(*conversation)?;
                    let before = match head.state {
                        State::Pending(pending) => pending,
                        State::InProgress { .. } | State::Finished(_) => Pending::Open { since: head.last_at },
                    };
                    head.state = State::Pending(effect.apply(before));
                    let number = work.writes.decisions.len() + 1;
                    work.writes.decisions.extend(decision(&effect, number));
                }
                Effect::MoveArrow(arrow) => {
                    if let Some(loaded) = self.loaded.get_mut(&team) {
                        loaded.arrow = *arrow;
                    }
                }
                // Timers are one a team, set at the end.
                Effect::Arm { .. } | Effect::Disarm { .. } => {}
            }
        }
        Ok(())
    }

    /// Tells teams with a capacity whose load changed until nothing moves any more.
    ///
    /// # Errors
    /// As [`Teams::apply`].
    pub fn settle(&mut self, work: &mut Work) -> Result<()> {
        self.apply(work)?;
        if !self.loaded.values().any(|loaded| loaded.limited) {
            return Ok(());
        }
        let mut told: BTreeMap<PersonId, u32> = self.loads.clone();
        loop {
            let mut loads = self.loads.clone();
            for (person, by) in work.holders_changed() {
                let load = loads.entry(person).or_default();
                *load = load.saturating_add_signed(by);
            }
            if loads == told {
                return Ok(());
            }
            let limited = self.loaded.iter().filter(|(_, loaded)| loaded.limited).map(|(id, _)| *id);
            for team in limited.collect::<Vec<_>>() {
                for (person, load) in loads.iter().filter(|(person, load)| told.get(person) != Some(load)) {
                    self.step(team, work.now, Input::LoadChanged { person: *person, load: *load });
                }
            }
            told = loads;
            self.apply(work)?;
        }
    }

    /// Writes down where the arrows point and when the timers fire.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn finish(&self, scoped: &mut Scoped, work: &mut Work) -> Result<()> {
        for (team, loaded) in &self.loaded {
            if loaded.stepped {
                let clock = loaded.row.clock.max(scoped.now);
                let arrow = loaded.arrow.map(|id| id.0);
                work.writes.teams.push(TeamRow { id: team.0, arrow, clock: clock.0 });
            }
            // What was loaded is a part: the rest has later deadlines, for which the present timer is early enough.
            let rest = match loaded.row.due {
                Some(due) if due <= scoped.now => scoped.next_deadline(*team, scoped.now).await?,
                due => due,
            };
            let due = rest.into_iter().chain(loaded.engine.next_deadline()).min();
            if due != loaded.row.due {
                work.timer(OVERFLOW, team.0, due);
            }
        }
        Ok(())
    }
}

impl Loaded {
    fn new(row: LockedTeam, reference: &Reference, pending: &[PendingRow], loads: &BTreeMap<PersonId, u32>) -> Self {
        let own: Vec<_> = pending.iter().filter(|pending| pending.team == row.id).collect();
        let waits = |pending: &&&PendingRow| matches!(pending.pending, Pending::Queued { .. });
        let queued = own.iter().filter(waits).map(|pending| pending.conversation).collect();
        let members = reference.members(row.id);
        let of_members = |person: &PersonId| members.iter().any(|member| member.person == *person);
        let rows = Rows {
            config: reference.config(row.id),
            arrow: row.arrow,
            pending: own.iter().map(|pending| (pending.conversation, pending.pending)).collect(),
            loads: loads.iter().filter(|(person, _)| of_members(person)).map(|(p, load)| (*p, *load)).collect(),
            clock: row.clock,
            outage: reference.outage(),
            members,
        };
        let limited = reference.limited_teams().contains(&row.id);
        let arrow = row.arrow;
        Self { engine: Engine::load(rows), row, arrow, queued, stepped: false, limited }
    }
}

/// How many conversations the members of teams with a capacity hold; nothing is counted where no team has one.
async fn loads(scoped: &mut Scoped, reference: &Reference, teams: &[TeamId]) -> Result<BTreeMap<PersonId, u32>> {
    let limited = reference.limited_teams();
    let members = teams.iter().filter(|team| limited.contains(team)).flat_map(|team| reference.members(*team));
    let people: BTreeSet<PersonId> = members.map(|member| member.person).collect();
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let people: Vec<PersonId> = people.into_iter().collect();
    Ok(scoped.loads(&people).await?.into_iter().collect())
}

/// What is kept of a designation or a release for whoever asks later why it went that way.
fn decision(effect: &Effect, number: usize) -> Option<DecisionRow> {
    let (conversation, at, why) = match effect {
        Effect::Designate { conversation, at, to, attempt, why, .. } => {
            (conversation, at, serde_json::json!({ "to": to, "attempt": attempt, "why": why }))
        }
        Effect::Release { conversation, at, why } => (conversation, at, serde_json::json!({ "released": why })),
        Effect::Extend { .. }
        | Effect::Queue { .. }
        | Effect::Arm { .. }
        | Effect::Disarm { .. }
        | Effect::MoveArrow(_)
        | Effect::Timeline { .. } => return None,
    };
    Some(DecisionRow { conversation_id: conversation.0, at: at.0, rev: i64::try_from(number).unwrap_or(i64::MAX), why })
}
