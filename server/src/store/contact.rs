//! Contacts and their identities, and what a sender's address leads to.
//!
//! *Invariant:* whoever reads identities in order to write them holds the locks of [`super::begin_with_senders`], so that two
//! servers never make two contacts of one customer.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::contact::Phone;
use ciranda_domain::conversation::Window;
use ciranda_domain::ids::{ChannelId, ContactId, ConversationId, IdentityId, PersonId, TeamId};
use ciranda_domain::time::Moment;
use serde::Serialize;
use uuid::Uuid;

use super::codes::Code;
use super::{Result, Scoped};

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
    pub preferred: Option<PersonId>,
    /// A channel that was asked for.
    pub channel: ChannelId,
    pub window: Window,
    pub auto_replied_at: Option<Moment>,
    /// The unfinished conversation if there is one, else the newest finished one.
    pub latest: Option<Latest>,
}

/// A message by the provider's name of it.
pub type ProviderMessage = (ChannelId, String);

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
    /// The contact's conversations, whoever sees them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn conversations_of(&mut self, contact: ContactId) -> Result<Vec<ConversationId>> {
        let rows = sqlx::query_scalar!(
            "select c.id from contact_identity i
             join channel h on h.account_id = i.account_id and h.kind = i.kind
             join conversation c on c.account_id = i.account_id and c.channel_id = h.id and c.identity_id = i.id
             where i.account_id = $1 and i.contact_id = $2",
            self.account.0,
            contact.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(ConversationId).collect())
    }

    /// Writes who is preferred for the contact.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn prefer(&mut self, contact: ContactId, person: Option<PersonId>) -> Result<()> {
        let person = person.map(|id| id.0);
        sqlx::query!(
            "update contact set preferred = $3 where account_id = $1 and id = $2",
            self.account.0,
            contact.0,
            person
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The identities that any of these addresses finds, once for each of the channels, and those of `messages` that are
    /// already there.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn leads(
        &mut self,
        channels: &[ChannelId],
        phone_keys: &[String],
        user_ids: &[String],
        messages: &[ProviderMessage],
    ) -> Result<(Vec<Lead>, Vec<ProviderMessage>)> {
        let channels: Vec<Uuid> = channels.iter().map(|id| id.0).collect();
        let (of, ids): (Vec<Uuid>, Vec<String>) = messages.iter().map(|(channel, id)| (channel.0, id.clone())).unzip();
        let rows = sqlx::query!(
            r#"select known.positions as "known!", i.id as "id?", i.contact_id as "contact_id?", i.kind as "kind?",
                 i.phone, i.phone_key, i.user_id, k.name as "name?", k.preferred, h.id as "channel_id?",
                 w.last_counted as "last_counted?", w.refused_at as "refused_at?",
                 w.auto_replied_at as "auto_replied_at?", l.id as "conversation?", l.team_id as "team?",
                 l.finished as "finished?"
               from (select array(
                 select m.n from unnest($5::uuid[], $6::text[]) with ordinality as m(channel_id, provider_id, n)
                 where exists (select from message o
                   where o.account_id = $1 and o.channel_id = m.channel_id and o.provider_id = m.provider_id)
                 ) as positions) as known
               left join (
                 select id from contact_identity where account_id = $1 and phone_key = any($3)
                 union select id from contact_identity where account_id = $1 and user_id = any($4)) as found on true
               left join contact_identity i on i.account_id = $1 and i.id = found.id
               left join contact k on k.account_id = $1 and k.id = i.contact_id
               left join channel h on h.account_id = $1 and h.id = any($2) and h.kind = i.kind
               left join messaging_window w on w.account_id = $1 and w.channel_id = h.id and w.identity_id = i.id
               left join lateral (
                 select c.id, c.team_id, c.phase = 5 as finished from conversation c
                 where c.account_id = $1 and c.channel_id = h.id and c.identity_id = i.id
                 order by c.phase < 5 desc, c.since desc limit 1) as l on true
               order by i.id, h.id"#,
            self.account.0,
            &channels,
            phone_keys,
            user_ids,
            &of,
            &ids
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let positions = rows.first().map(|row| row.known.clone()).unwrap_or_default();
        let at = |position: &i64| usize::try_from(position - 1).ok().and_then(|at| messages.get(at)).cloned();
        let known = positions.iter().filter_map(at).collect();
        let mut leads = Vec::new();
        for row in rows {
            let (Some(id), Some(contact), Some(kind)) = (row.id, row.contact_id, row.kind) else { continue };
            let Some(channel) = row.channel_id else { continue };
            leads.push(Lead {
                identity: Identity {
                    id: IdentityId(id),
                    contact: ContactId(contact),
                    kind: ChannelKind::from_code(kind)?,
                    phone: row.phone,
                    phone_key: row.phone_key,
                    user_id: row.user_id,
                },
                contact_name: row.name.unwrap_or_default(),
                preferred: row.preferred.map(PersonId),
                channel: ChannelId(channel),
                window: Window { last_counted: row.last_counted.map(Moment), refused_at: row.refused_at.map(Moment) },
                auto_replied_at: row.auto_replied_at.map(Moment),
                latest: row.conversation.zip(row.team).map(|(id, team)| Latest {
                    conversation: ConversationId(id),
                    team: TeamId(team),
                    finished: row.finished == Some(true),
                }),
            });
        }
        Ok((leads, known))
    }
}
