//! The distribution engines of the teams that a transaction touches: locked, loaded, stepped, written down.
//!
//! *Invariant:* an engine lives within one transaction, under its team's lock. Deadlines that are due are played before
//! anything else is asked of the team. In an account with capacities every team that has one is locked whenever the
//! number of conversations a person holds may change, so that a freed slot is filled in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::distribution::{Effect, Engine, Input, Load, Rows, Stay};
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_domain::life::Told;
use ciranda_domain::time::Moment;
use ciranda_sync::filter::Notice;

use super::{Outdated, Reference, Work};
use crate::store::Scoped;
use crate::store::team::{Extent, LockedTeam, OPENING, OVERFLOW, PendingRow};
use crate::store::write::{DecisionRow, TeamRow};

/// Engines by team, and what they answered so far.
pub struct Teams {
    loaded: BTreeMap<TeamId, Loaded>,
    /// Answers that are not in the heads yet.
    answers: Vec<(TeamId, Effect)>,
    /// What people held before this transaction; only where a team asks for it.
    loads: BTreeMap<PersonId, Load>,
}

struct Loaded {
    engine: Engine,
    row: LockedTeam,
    arrow: Option<PersonId>,
    /// Whom it designated, the latest last, if that changed.
    recent: Option<Vec<PersonId>>,
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
        // A change of settings or of members may ask for what people hold where nobody did before.
        let (counting, people) = match extent {
            Extent::All => (ids, reference.organisation.people.keys().copied().collect()),
            Extent::Only(_) => {
                let limited = reference.limited_teams();
                let counting: Vec<TeamId> = ids.into_iter().filter(|team| limited.contains(team)).collect();
                let members = counting.iter().flat_map(|team| reference.members(*team));
                let people: BTreeSet<PersonId> = members.map(|member| member.person).collect();
                (counting, people.into_iter().collect())
            }
        };
        teams.loads = loads(scoped, reference, people).await?;
        for row in rows {
            let id = row.id;
            teams.loaded.insert(id, Loaded::new(row, reference, &pending, &teams.loads, counting.contains(&id)));
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
    pub fn tell(&mut self, conversation: ConversationId, work: &Work, told: &[Told]) {
        let (now, kind) = (work.now, work.kind(conversation));
        let prefer = work.head(conversation).and_then(|head| head.contact.preferred);
        for told in told {
            match *told {
                Told::Started { team, by } => self.step(team, now, Input::Started { conversation, by }),
                Told::Left { team } => self.step(team, now, Input::Left { conversation }),
                Told::Enqueued { team } => {
                    self.step(team, now, Input::Enqueued { conversation, kind, prefer });
                }
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
                    if let Some(tried) = effect.tried() {
                        work.tried(*conversation, tried)?;
                    }
                    if let Some(decision) = effect.decision() {
                        let number = work.writes.decisions.len() + 1;
                        work.writes.decisions.push(DecisionRow::of(*conversation, &decision, number)?);
                    }
                }
                Effect::MoveArrow(arrow) => {
                    if let Some(loaded) = self.loaded.get_mut(&team) {
                        loaded.arrow = *arrow;
                    }
                }
                Effect::Latest(_) => {
                    if let Some(loaded) = self.loaded.get_mut(&team) {
                        loaded.recent = Some(loaded.engine.recent().to_vec());
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
        let mut told: BTreeMap<PersonId, Load> = self.loads.clone();
        loop {
            let mut loads = self.loads.clone();
            for (person, kind, by) in work.holders_changed() {
                loads.entry(person).or_default().change(kind, by);
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
                let recent = loaded.recent.as_ref().map(|people| people.iter().map(|id| id.0).collect());
                work.writes.teams.push(TeamRow { id: team.0, arrow, clock: clock.0, recent });
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
        self.arm_opening(scoped, work);
        Ok(())
    }

    /// Whoever was designated something while the account is closed is told at the next opening.
    fn arm_opening(&self, scoped: &Scoped, work: &mut Work) {
        let (account, now) = (scoped.account, scoped.now);
        let calendar = work.revised.calendar().unwrap_or(&work.reference.calendar);
        if calendar.is_open(now) {
            return;
        }
        let opening = calendar.next_opening(now);
        if !self.overnight(opening).is_empty() {
            work.timer(OPENING, account.0, Some(opening));
        }
    }

    /// How many conversations each designee holds that came in the closed period which ends with `opening`.
    #[must_use]
    pub fn overnight(&self, opening: Moment) -> Vec<Notice> {
        let mut waiting: BTreeMap<PersonId, u32> = BTreeMap::new();
        for loaded in self.loaded.values() {
            for (person, count) in loaded.engine.designated_while_closed(opening) {
                *waiting.entry(person).or_default() += count;
            }
        }
        waiting.into_iter().map(|(person, waiting)| Notice { person, waiting }).collect()
    }
}

impl Loaded {
    fn new(
        row: LockedTeam,
        reference: &Reference,
        pending: &[PendingRow],
        loads: &BTreeMap<PersonId, Load>,
        limited: bool,
    ) -> Self {
        let own: Vec<_> = pending.iter().filter(|pending| pending.team == row.id).collect();
        let waits = |pending: &&&PendingRow| matches!(pending.pending, Pending::Queued { .. });
        let queued = own.iter().filter(waits).map(|pending| pending.conversation).collect();
        let members = reference.members(row.id);
        let rows = Rows {
            config: reference.config(row.id),
            arrow: row.arrow,
            recent: row.recent.clone(),
            pending: own.iter().map(|pending| (pending.conversation, stay(pending, reference))).collect(),
            loads: loads.iter().map(|(person, load)| (*person, *load)).collect(),
            clock: row.clock,
            outage: reference.outage(),
            members,
        };
        let arrow = row.arrow;
        Self { engine: Engine::load(rows), row, arrow, recent: None, queued, stepped: false, limited }
    }
}

fn stay(row: &PendingRow, reference: &Reference) -> Stay {
    Stay { kind: reference.kind(row.channel), pending: row.pending, tried: row.tried.clone() }
}

/// What these people hold.
async fn loads(scoped: &mut Scoped, reference: &Reference, people: Vec<PersonId>) -> Result<BTreeMap<PersonId, Load>> {
    let mut loads: BTreeMap<PersonId, Load> = BTreeMap::new();
    if people.is_empty() {
        return Ok(loads);
    }
    for held in scoped.loads(&people).await? {
        let count = i32::try_from(held.count).unwrap_or(i32::MAX);
        loads.entry(held.person).or_default().change(reference.kind(held.channel), count);
    }
    Ok(loads)
}
