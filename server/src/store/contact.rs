//! Contacts and their identities, and what a sender's address leads to.
//!
//! *Invariant:* whoever reads identities in order to write them holds the locks of [`Scoped::lock_senders`], so that two
//! servers never make two contacts of one customer.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::contact::Phone;
use ciranda_domain::conversation::Window;
use ciranda_domain::ids::{ChannelId, ContactId, ConversationId, IdentityId, TeamId};
use ciranda_domain::time::Moment;
use serde::Serialize;
use uuid::Uuid;

use super::codes::Code;
use super::{Locks, Result, Scoped};

/// One address of a customer on one product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    pub id: IdentityId,
    pub contact: ContactId,
    pub kind: ChannelKind,
    /// Digits with country code, as last seen; what a message is sent to.
    pub phone: Option<String>,
    /// What the phone is found by; none when another identity of the contact answers for that phone.
    pub phone_key: Option<String>,
    /// BSUID, IGSID or PSID.
    pub user_id: Option<String>,
}

/// What all spellings of a phone are found by: the shortest of them.
#[must_use]
pub fn phone_key(digits: &str) -> String {
    let Ok(phone) = Phone::parse(digits) else { return digits.to_owned() };
    let mut spellings = phone.variants();
    spellings.push(phone);
    let shortest = spellings.iter().map(Phone::digits).min_by_key(|digits| (digits.len(), *digits));
    shortest.unwrap_or(digits).to_owned()
}

/// A new contact, or a name learned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ContactRow {
    pub id: Uuid,
    pub name: String,
    pub created_at: i64,
}

/// The columns of `contact_identity`, in the shape in which they are written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IdentityRow {
    pub id: Uuid,
    pub contact_id: Uuid,
    pub kind: i16,
    pub phone: Option<String>,
    pub phone_key: Option<String>,
    pub user_id: Option<String>,
}

/// The columns of `messaging_window`, in the shape in which they are written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WindowRow {
    pub channel_id: Uuid,
    pub identity_id: Uuid,
    pub last_counted: Option<i64>,
    pub refused_at: Option<i64>,
    pub auto_replied_at: Option<i64>,
}

/// An identity with what it leads to on one channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lead {
    pub identity: Identity,
    pub contact_name: String,
    /// A channel that was asked for.
    pub channel: ChannelId,
    pub window: Window,
    pub auto_replied_at: Option<Moment>,
    /// The unfinished conversation if there is one, else the newest finished one.
    pub latest: Option<Latest>,
}

/// Where a sender's latest conversation is; read without locking it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Latest {
    pub conversation: ConversationId,
    pub team: TeamId,
    pub finished: bool,
}

impl IdentityRow {
    /// The row that keeps `identity`.
    #[must_use]
    pub fn of(identity: &Identity) -> Self {
        Self {
            id: identity.id.0,
            contact_id: identity.contact.0,
            kind: identity.kind.code(),
            phone: identity.phone.clone(),
            phone_key: identity.phone_key.clone(),
            user_id: identity.user_id.clone(),
        }
    }
}

impl WindowRow {
    /// The row that keeps `window`.
    #[must_use]
    pub fn of(channel: ChannelId, identity: IdentityId, window: Window, auto_replied_at: Option<Moment>) -> Self {
        Self {
            channel_id: channel.0,
            identity_id: identity.0,
            last_counted: window.last_counted.map(|at| at.0),
            refused_at: window.refused_at.map(|at| at.0),
            auto_replied_at: auto_replied_at.map(|at| at.0),
        }
    }
}

impl Scoped {
    /// Waits until no other transaction of the account works on any of these addresses, until this one ends.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lock_senders(&mut self, addresses: &[String]) -> Result<()> {
        self.locking(Locks::Contacts);
        sqlx::query!(
            r#"select count(*) as "locked!" from (
                 select pg_advisory_xact_lock(key) from (
                   select distinct hashtextextended($1::text || ' ' || address, 0) as key
                   from unnest($2::text[]) as address order by key) as keys) as locks"#,
            self.account.0.to_string(),
            addresses
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The identities that any of these addresses finds, once for each of the channels.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn leads(
        &mut self,
        channels: &[ChannelId],
        phone_keys: &[String],
        user_ids: &[String],
    ) -> Result<Vec<Lead>> {
        let channels: Vec<Uuid> = channels.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"with found as (
                 select id from contact_identity where account_id = $1 and phone_key = any($3)
                 union select id from contact_identity where account_id = $1 and user_id = any($4))
               select i.id, i.contact_id, i.kind, i.phone, i.phone_key, i.user_id, k.name, h.id as channel_id,
                 w.last_counted as "last_counted?", w.refused_at as "refused_at?",
                 w.auto_replied_at as "auto_replied_at?", l.id as "conversation?", l.team_id as "team?",
                 l.finished as "finished?"
               from found join contact_identity i on i.account_id = $1 and i.id = found.id
               join contact k on k.account_id = $1 and k.id = i.contact_id
               join channel h on h.account_id = $1 and h.id = any($2) and h.kind = i.kind
               left join messaging_window w on w.account_id = $1 and w.channel_id = h.id and w.identity_id = i.id
               left join lateral (
                 select c.id, c.team_id, c.phase = 5 as finished from conversation c
                 where c.account_id = $1 and c.channel_id = h.id and c.identity_id = i.id
                 order by c.phase < 5 desc, c.since desc limit 1) as l on true
               order by i.id, h.id"#,
            self.account.0,
            &channels,
            phone_keys,
            user_ids
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Lead {
                    identity: Identity {
                        id: IdentityId(row.id),
                        contact: ContactId(row.contact_id),
                        kind: ChannelKind::from_code(row.kind)?,
                        phone: row.phone,
                        phone_key: row.phone_key,
                        user_id: row.user_id,
                    },
                    contact_name: row.name,
                    channel: ChannelId(row.channel_id),
                    window: Window {
                        last_counted: row.last_counted.map(Moment),
                        refused_at: row.refused_at.map(Moment),
                    },
                    auto_replied_at: row.auto_replied_at.map(Moment),
                    latest: row.conversation.zip(row.team).map(|(id, team)| Latest {
                        conversation: ConversationId(id),
                        team: TeamId(team),
                        finished: row.finished == Some(true),
                    }),
                })
            })
            .collect()
    }

    /// Which of these messages of the provider are already there.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn known_provider_ids(&mut self, wanted: &[(ChannelId, String)]) -> Result<Vec<(ChannelId, String)>> {
        let (channels, ids): (Vec<Uuid>, Vec<String>) =
            wanted.iter().map(|(channel, id)| (channel.0, id.clone())).unzip();
        let rows = sqlx::query!(
            r#"select w.channel_id as "channel_id!", w.provider_id as "provider_id!"
               from unnest($2::uuid[], $3::text[]) as w(channel_id, provider_id)
               where exists (select from message m
                 where m.account_id = $1 and m.channel_id = w.channel_id and m.provider_id = w.provider_id)"#,
            self.account.0,
            &channels,
            &ids
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(|row| (ChannelId(row.channel_id), row.provider_id)).collect())
    }

    /// The messaging window of an identity on a channel, and when the automatic reply last went out.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn messaging_window(
        &mut self,
        channel: ChannelId,
        identity: IdentityId,
    ) -> Result<(Window, Option<Moment>)> {
        let row = sqlx::query!(
            "select last_counted, refused_at, auto_replied_at from messaging_window
             where account_id = $1 and channel_id = $2 and identity_id = $3",
            self.account.0,
            channel.0,
            identity.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(row.map_or((Window::default(), None), |row| {
            let window = Window { last_counted: row.last_counted.map(Moment), refused_at: row.refused_at.map(Moment) };
            (window, row.auto_replied_at.map(Moment))
        }))
    }
}
