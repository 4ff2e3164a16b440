//! Heads of conversations: how a row and the domain's head become each other, and how heads are locked and read.
//!
//! *Invariant:* the contact's name and phone and the messaging window are never copied into the conversation's row;
//! they are joined, so that there is one place each where they are true.

use ciranda_domain::access::Atom;
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Archive, Conversation, Finished, LastLine, Mention, Pending, Side, State, Window};
use ciranda_domain::ids::{ChannelId, ContactId, ConversationId, IdentityId, PersonId, TeamId};
use ciranda_domain::message::Kind;
use ciranda_domain::report::Track;
use ciranda_domain::time::Moment;
use ciranda_sync::rows::Seq;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::codes::{Code, delivery, delivery_code};
use super::{Locks, Result, Scoped, Unknown};

/// A head with what belongs to its row only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub head: Conversation,
    pub audience: Vec<Atom>,
    pub rev: Seq,
    /// What the reports remember of it.
    pub track: Track,
    /// Who had it in this round of this stay; the engine's.
    pub tried: Vec<PersonId>,
}

/// Whom notes called, as the row keeps them.
pub type Mentions = Json<Vec<Mention>>;

/// The columns of `conversation`, in the shape in which they are written, and what is joined to them when read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConversationRow {
    pub id: Uuid,
    pub channel_id: Uuid,
    pub contact_id: Uuid,
    pub identity_id: Uuid,
    pub team_id: Uuid,
    pub phase: i16,
    pub since: i64,
    pub designee: Option<Uuid>,
    pub deadline: Option<i64>,
    pub max_deadline: Option<i64>,
    pub attempt: i32,
    pub enqueued_at: Option<i64>,
    pub tried: Vec<Uuid>,
    pub responsible: Option<Uuid>,
    pub finished_by: Option<Uuid>,
    pub archive: i16,
    pub created_at: i64,
    pub last_at: i64,
    pub last_side: Option<i16>,
    pub last_kind: Option<i16>,
    pub last_text: Option<String>,
    pub last_delivery: Option<i16>,
    pub last_delivery_code: Option<i32>,
    pub unread: i32,
    pub waiting: i32,
    pub received_from: Option<Uuid>,
    pub mentions: Mentions,
    pub audience: Vec<i64>,
    pub rev: i64,
    pub track: Option<Json<Track>>,
    #[serde(skip)]
    pub contact_name: String,
    #[serde(skip)]
    pub phone: Option<String>,
    #[serde(skip)]
    pub preferred: Option<Uuid>,
    #[serde(skip)]
    pub last_counted: Option<i64>,
    #[serde(skip)]
    pub refused_at: Option<i64>,
}

const QUEUED: i16 = 1;
const DESIGNATED: i16 = 2;
const OPEN: i16 = 3;
const IN_PROGRESS: i16 = 4;
const FINISHED: i16 = 5;

/// The part of a row that says where the conversation stands.
pub(super) struct Standing {
    pub(super) phase: i16,
    pub(super) since: i64,
    pub(super) designee: Option<Uuid>,
    pub(super) deadline: Option<i64>,
    pub(super) max_deadline: Option<i64>,
    pub(super) attempt: i32,
    pub(super) responsible: Option<Uuid>,
    pub(super) finished_by: Option<Uuid>,
    pub(super) archive: i16,
}

impl Standing {
    pub(super) const fn at(phase: i16, since: Moment) -> Self {
        Self {
            phase,
            since: since.0,
            designee: None,
            deadline: None,
            max_deadline: None,
            attempt: 0,
            responsible: None,
            finished_by: None,
            archive: 0,
        }
    }

    fn of(state: &State) -> Self {
        match *state {
            State::Pending(Pending::Queued { since }) => Self::at(QUEUED, since),
            State::Pending(Pending::Designated { designee, since, deadline, max_deadline, attempt }) => Self {
                designee: Some(designee.0),
                deadline: deadline.map(|at| at.0),
                max_deadline: max_deadline.map(|at| at.0),
                attempt: attempt.cast_signed(),
                ..Self::at(DESIGNATED, since)
            },
            State::Pending(Pending::Open { since }) => Self::at(OPEN, since),
            State::InProgress { responsible, since } => {
                Self { responsible: Some(responsible.0), ..Self::at(IN_PROGRESS, since) }
            }
            State::Finished(Finished { at, by, responsible, archive }) => Self {
                responsible: responsible.map(|id| id.0),
                finished_by: by.map(|id| id.0),
                archive: archive.code(),
                ..Self::at(FINISHED, at)
            },
        }
    }

    pub(super) fn state(&self) -> std::result::Result<State, Unknown> {
        let since = Moment(self.since);
        let missing = Unknown { what: "a conversation without its person in phase", value: self.phase.into() };
        Ok(match self.phase {
            QUEUED => State::Pending(Pending::Queued { since }),
            DESIGNATED => State::Pending(Pending::Designated {
                designee: PersonId(self.designee.ok_or(missing)?),
                since,
                deadline: self.deadline.map(Moment),
                max_deadline: self.max_deadline.map(Moment),
                attempt: self.attempt.cast_unsigned(),
            }),
            OPEN => State::Pending(Pending::Open { since }),
            IN_PROGRESS => State::InProgress { responsible: PersonId(self.responsible.ok_or(missing)?), since },
            FINISHED => State::Finished(Finished {
                at: since,
                by: self.finished_by.map(PersonId),
                responsible: self.responsible.map(PersonId),
                archive: Archive::from_code(self.archive)?,
            }),
            value => return Err(Unknown { what: "a conversation's phase", value: value.into() }),
        })
    }
}

impl ConversationRow {
    /// The row that keeps `held`.
    #[must_use]
    pub fn of(held: &Held) -> Self {
        let Held { head, audience, rev, tried, track } = held;
        let standing = Standing::of(&head.state);
        let line = head.last_line.as_ref();
        let last = line.and_then(|line| line.delivery).map(delivery_code);
        Self {
            id: head.id.0,
            channel_id: head.channel.0,
            contact_id: head.contact.id.0,
            identity_id: head.contact.identity.0,
            team_id: head.team.0,
            phase: standing.phase,
            since: standing.since,
            designee: standing.designee,
            deadline: standing.deadline,
            max_deadline: standing.max_deadline,
            attempt: standing.attempt,
            enqueued_at: head.enqueued_at.map(|at| at.0),
            tried: tried.iter().map(|id| id.0).collect(),
            responsible: standing.responsible,
            finished_by: standing.finished_by,
            archive: standing.archive,
            created_at: head.created_at.0,
            last_at: head.last_at.0,
            last_side: line.map(|line| line.side.code()),
            last_kind: line.map(|line| line.kind.code()),
            last_text: line.map(|line| line.text.clone()),
            last_delivery: last.map(|(stored, _)| stored),
            last_delivery_code: last.and_then(|(_, code)| code),
            unread: head.unread.cast_signed(),
            waiting: head.waiting.cast_signed(),
            received_from: head.received_from.map(|id| id.0),
            mentions: Json(head.mentions.clone()),
            audience: audience.iter().map(|atom| atom.0).collect(),
            rev: rev.0.cast_signed(),
            track: Some(Json(track.clone())),
            contact_name: head.contact.name.clone(),
            phone: Some(head.contact.phone.clone()).filter(|phone| !phone.is_empty()),
            preferred: head.contact.preferred.map(|id| id.0),
            last_counted: head.window.last_counted.map(|at| at.0),
            refused_at: head.window.refused_at.map(|at| at.0),
        }
    }

    fn standing(&self) -> Standing {
        Standing {
            phase: self.phase,
            since: self.since,
            designee: self.designee,
            deadline: self.deadline,
            max_deadline: self.max_deadline,
            attempt: self.attempt,
            responsible: self.responsible,
            finished_by: self.finished_by,
            archive: self.archive,
        }
    }

    fn last_line(&self) -> std::result::Result<Option<LastLine>, Unknown> {
        let (Some(side), Some(kind)) = (self.last_side, self.last_kind) else { return Ok(None) };
        Ok(Some(LastLine {
            at: Moment(self.last_at),
            side: Side::from_code(side)?,
            text: self.last_text.clone().unwrap_or_default(),
            kind: Kind::from_code(kind)?,
            delivery: self.last_delivery.map(|stored| delivery(stored, self.last_delivery_code)).transpose()?,
        }))
    }

    /// The head that the row keeps.
    ///
    /// # Errors
    /// When the row holds a value that this version does not know.
    pub fn held(self) -> std::result::Result<Held, Unknown> {
        let state = self.standing().state()?;
        let last_line = self.last_line()?;
        let head = Conversation {
            id: ConversationId(self.id),
            channel: ChannelId(self.channel_id),
            contact: ContactCard {
                id: ContactId(self.contact_id),
                identity: IdentityId(self.identity_id),
                name: self.contact_name,
                phone: self.phone.unwrap_or_default(),
                preferred: self.preferred.map(PersonId),
            },
            team: TeamId(self.team_id),
            state,
            created_at: Moment(self.created_at),
            enqueued_at: self.enqueued_at.map(Moment),
            last_at: Moment(self.last_at),
            last_line,
            unread: self.unread.cast_unsigned(),
            window: Window { last_counted: self.last_counted.map(Moment), refused_at: self.refused_at.map(Moment) },
            waiting: self.waiting.cast_unsigned(),
            received_from: self.received_from.map(PersonId),
            mentions: self.mentions.0,
        };
        Ok(Held {
            head,
            audience: self.audience.into_iter().map(Atom).collect(),
            rev: Seq(self.rev.cast_unsigned()),
            track: self.track.map(|track| track.0).unwrap_or_default(),
            tried: self.tried.into_iter().map(PersonId).collect(),
        })
    }
}

/// A query over heads: the same columns and joins each time, then what `$tail` says.
macro_rules! heads {
    ($tail:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            ConversationRow,
            "select c.id, c.channel_id, c.contact_id, c.identity_id, c.team_id, c.phase, c.since, c.designee,
             c.deadline, c.max_deadline, c.attempt, c.enqueued_at, c.tried, c.responsible, c.finished_by, c.archive, c.created_at,
             c.last_at, c.last_side, c.last_kind, c.last_text, c.last_delivery, c.last_delivery_code, c.unread, c.waiting,
             c.received_from, c.mentions as \"mentions: crate::store::conversation::Mentions\", c.audience, c.rev, c.track as \"track: _\",
             k.name as contact_name, k.preferred, i.phone, w.last_counted as \"last_counted?\", w.refused_at as \"refused_at?\"
             from conversation c
             join contact k on k.account_id = c.account_id and k.id = c.contact_id
             join contact_identity i on i.account_id = c.account_id and i.id = c.identity_id
             left join messaging_window w
             on w.account_id = c.account_id and w.channel_id = c.channel_id and w.identity_id = c.identity_id " + $tail,
            $($argument),*
        )
    };
}

pub(super) use heads;

pub(super) fn all(rows: Vec<ConversationRow>) -> Result<Vec<Held>> {
    rows.into_iter().map(|row| Ok(row.held()?)).collect()
}

impl Scoped {
    /// Locks these conversations, in the order of their ids, and reads them. Those that do not exist are left out.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn lock_conversations(&mut self, ids: &[ConversationId]) -> Result<Vec<Held>> {
        self.locking(Locks::Conversations);
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = heads!(
            "where c.account_id = $1 and c.id = any($2) order by c.id for no key update of c",
            self.account.0,
            &ids
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// Reads these conversations without locking them.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn conversations(&mut self, ids: &[ConversationId]) -> Result<Vec<Held>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = heads!("where c.account_id = $1 and c.id = any($2) order by c.id", self.account.0, &ids);
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// Whether the identity has an unfinished conversation on the channel, seen or not (decision 11).
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn has_unfinished(&mut self, channel: ChannelId, identity: IdentityId) -> Result<bool> {
        sqlx::query_scalar!(
            r#"select exists (select from conversation where account_id = $1 and channel_id = $2 and identity_id = $3
               and phase < 5) as "exists!""#,
            self.account.0,
            channel.0,
            identity.0
        )
        .fetch_one(&mut *self.tx)
        .await
    }
}
