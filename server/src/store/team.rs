//! Teams as distribution needs them: locked, with their arrow, their timer and the pending conversations that can move.
//!
//! *Invariant:* the pending state of a team's conversations changes only under the lock of the team's row, so what is
//! read here under that lock stays true until the transaction ends.

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::ids::{ChannelId, ConversationId, PersonId, TeamId};
use ciranda_domain::time::Moment;
use ciranda_sync::rows::Seq;
use uuid::Uuid;

use super::conversation::Standing;
use super::{Locks, Result, Scoped};

/// The `kind` of a team's overflow timer in `due`.
pub const OVERFLOW: i16 = 1;
/// The `kind` of an identity's texts in `due`.
pub const TEXTS: i16 = 2;
/// The `kind` of the expiry of a conversation's waiting texts in `due`.
pub const EXPIRY: i16 = 3;
/// The `kind` of a conversation's read receipt in `due`.
pub const RECEIPT: i16 = 4;

/// The `kind` of an account's next opening in `due`, when people are told what came for them meanwhile.
pub const OPENING: i16 = 6;

/// A team's row, locked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockedTeam {
    pub id: TeamId,
    pub arrow: Option<PersonId>,
    /// Whom it designated, the latest last.
    pub recent: Vec<PersonId>,
    /// The last instant its engine was stepped to.
    pub clock: Moment,
    /// When its timer is set to, if it is.
    pub due: Option<Moment>,
}

/// What distribution has to know of a pending conversation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingRow {
    pub conversation: ConversationId,
    pub team: TeamId,
    pub channel: ChannelId,
    pub pending: Pending,
    pub tried: Vec<PersonId>,
}

/// How many conversations somebody holds on a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeldRow {
    pub person: PersonId,
    pub channel: ChannelId,
    pub count: u32,
}

/// Which designated conversations of a team are wanted besides those that are due and all queued ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent<'a> {
    /// These.
    Only(&'a [ConversationId]),
    /// Every one: something changes for the team as a whole.
    All,
}

impl Scoped {
    /// Locks these teams, in the order of their ids.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lock_teams(&mut self, ids: &[TeamId]) -> Result<Vec<LockedTeam>> {
        self.locking(Locks::Teams);
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"select t.id, t.arrow, t.recent, t.clock, d.due_at as "due_at?" from team t
               left join due d on d.kind = 1 and d.account_id = t.account_id and d.subject = t.id
               where t.account_id = $1 and t.id = any($2) order by t.id for no key update of t"#,
            self.account.0,
            &ids
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let locked = rows.into_iter().map(|row| LockedTeam {
            id: TeamId(row.id),
            arrow: row.arrow.map(PersonId),
            recent: row.recent.into_iter().map(PersonId).collect(),
            clock: Moment(row.clock),
            due: row.due_at.map(Moment),
        });
        Ok(locked.collect())
    }

    /// Locks a team whose timer fired, unless somebody else is at work on it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lock_idle_team(&mut self, id: TeamId) -> Result<Option<LockedTeam>> {
        self.locking(Locks::Teams);
        let row = sqlx::query!(
            r#"select t.arrow, t.recent, t.clock, d.due_at as "due_at?" from team t
               left join due d on d.kind = 1 and d.account_id = t.account_id and d.subject = t.id
               where t.account_id = $1 and t.id = $2 for no key update of t skip locked"#,
            self.account.0,
            id.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(row.map(|row| LockedTeam {
            id,
            arrow: row.arrow.map(PersonId),
            recent: row.recent.into_iter().map(PersonId).collect(),
            clock: Moment(row.clock),
            due: row.due_at.map(Moment),
        }))
    }

    /// The pending conversations of locked teams that can move at `now`: queued ones, those whose deadline has come,
    /// and what `extent` names. And the number of the newest change of a reference row, as of now, under the locks.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn pending(
        &mut self,
        teams: &[TeamId],
        extent: Extent<'_>,
        now: Moment,
    ) -> Result<(Seq, Vec<PendingRow>)> {
        let teams: Vec<Uuid> = teams.iter().map(|id| id.0).collect();
        let (named, until): (Vec<Uuid>, i64) = match extent {
            Extent::Only(ids) => (ids.iter().map(|id| id.0).collect(), now.0),
            Extent::All => (Vec::new(), i64::MAX),
        };
        let rows = sqlx::query!(
            r#"select s.reference, c.id as "id?", c.team_id as "team_id?", c.channel_id as "channel_id?", c.phase as "phase?", c.since as "since?",
                 c.designee as "designee?", c.deadline as "deadline?", c.max_deadline as "max_deadline?",
                 c.attempt as "attempt?", c.tried as "tried?"
               from account_seq s left join lateral (
                 select q.id, q.team_id, q.channel_id, q.phase, q.since, q.designee, q.deadline,
                   q.max_deadline, q.attempt, q.tried
                 from conversation q where q.account_id = $1 and q.phase = 1 and q.team_id = any($2)
                 union all
                 select d.id, d.team_id, d.channel_id, d.phase, d.since, d.designee, d.deadline,
                   d.max_deadline, d.attempt, d.tried
                 from conversation d where d.account_id = $1 and d.phase = 2 and d.team_id = any($2)
                   and (d.deadline <= $4 or $4 = 9223372036854775807)
                 union all
                 select n.id, n.team_id, n.channel_id, n.phase, n.since, n.designee, n.deadline,
                   n.max_deadline, n.attempt, n.tried
                 from conversation n where n.account_id = $1 and n.id = any($3) and n.phase in (2, 3)
                   and n.team_id = any($2)) as c on true
               where s.account_id = $1"#,
            self.account.0,
            &teams,
            &named,
            until
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let reference = rows.first().map_or(0, |row| row.reference);
        let mut pending = Vec::new();
        for row in rows {
            let place = row.id.zip(row.team_id).zip(row.channel_id);
            let (Some(((id, team), channel)), Some(phase), Some(since)) = (place, row.phase, row.since) else {
                continue;
            };
            let standing = Standing {
                designee: row.designee,
                deadline: row.deadline,
                max_deadline: row.max_deadline,
                attempt: row.attempt.unwrap_or_default(),
                ..Standing::at(phase, Moment(since))
            };
            if let State::Pending(state) = standing.state()? {
                pending.push(PendingRow {
                    conversation: ConversationId(id),
                    team: TeamId(team),
                    channel: ChannelId(channel),
                    pending: state,
                    tried: row.tried.unwrap_or_default().into_iter().map(PersonId).collect(),
                });
            }
        }
        Ok((Seq(reference.cast_unsigned()), pending))
    }

    /// The earliest deadline of a team's designated conversations after `now`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next_deadline(&mut self, team: TeamId, now: Moment) -> Result<Option<Moment>> {
        let next = sqlx::query_scalar!(
            "select min(deadline) from conversation
             where account_id = $1 and team_id = $2 and phase = 2 and deadline > $3",
            self.account.0,
            team.0,
            now.0
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(next.map(Moment))
    }

    /// How many conversations each of these people holds, in progress or designated, in all teams, by channel.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn loads(&mut self, people: &[PersonId]) -> Result<Vec<HeldRow>> {
        let people: Vec<Uuid> = people.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"select holder as "holder!", channel_id as "channel_id!", count(*) as "held!" from (
                 select responsible as holder, channel_id from conversation
                 where account_id = $1 and phase = 4 and responsible = any($2)
                 union all
                 select designee, channel_id from conversation
                 where account_id = $1 and phase = 2 and designee = any($2)) as held
               group by holder, channel_id order by holder, channel_id"#,
            self.account.0,
            &people
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let held = rows.into_iter().map(|row| HeldRow {
            person: PersonId(row.holder),
            channel: ChannelId(row.channel_id),
            count: u32::try_from(row.held).unwrap_or(u32::MAX),
        });
        Ok(held.collect())
    }
}
