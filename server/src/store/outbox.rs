//! Texts on their way to a provider, and what is to be marked as read there.
//!
//! *Invariant:* whoever works on an identity's texts holds its row of `due` while claiming, so one text of an identity
//! is under way at a time, in the order in which they were queued. A row of `outbox` is only ever asked for without
//! waiting: claiming can therefore never be part of a deadlock with the desk's own transactions.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::Window;
use ciranda_domain::ids::{AccountId, ChannelId, ConversationId, IdentityId, MessageId};
use ciranda_domain::message::Delivery;
use ciranda_domain::time::{Moment, Span};
use sqlx::PgPool;
use uuid::Uuid;

use super::codes::{Code, delivery_code};
use super::team::{RECEIPT, TEXTS};
use super::{Result, Scoped, begin};
use crate::app::App;

const READY: i16 = 0;
const BEING_SENT: i16 = 1;

/// The text at the head of an identity's queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Next {
    pub message: MessageId,
    pub text: String,
    pub phone: Option<String>,
    pub user_id: Option<String>,
    pub from: Origin,
    pub window: Window,
    /// How often it was sent without having been taken over.
    pub attempts: u32,
    pub progress: Progress,
}

/// How far a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    Ready,
    /// Somebody may be sending it, for this long at most.
    BeingSent {
        remaining: Span,
    },
    /// Whoever was sending it has not told in time what became of it.
    Abandoned,
    /// It was taken back or changed its state in another way; it only lost its place here.
    NoLongerQueued,
}

/// The channel a text leaves from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    pub channel: ChannelId,
    pub kind: ChannelKind,
    pub provider_id: String,
    /// Sealed.
    pub credential: Option<Vec<u8>>,
    /// Whether it is marked as unable to send.
    pub down: bool,
}

/// The newest message of a customer to be marked as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    pub provider_id: String,
    pub from: Origin,
}

/// Work that is due now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Job {
    Texts(IdentityId),
    Receipt(ConversationId),
}

impl Job {
    const fn subject(self) -> Uuid {
        match self {
            Self::Texts(identity) => identity.0,
            Self::Receipt(conversation) => conversation.0,
        }
    }
}

/// What is due now, longest due first, without what is being worked on.
///
/// # Errors
/// When the database cannot be reached.
pub async fn due(pool: &PgPool, without: impl IntoIterator<Item = Job>, at_most: i64) -> Result<Vec<(AccountId, Job)>> {
    let without: Vec<Uuid> = without.into_iter().map(Job::subject).collect();
    let rows = sqlx::query!(
        "select d.kind, d.account_id, d.subject from due d, installation i
         where d.kind in ($1, $2)
           and d.due_at <= (extract(epoch from clock_timestamp()) * 1000)::bigint + i.clock_offset_ms
           and d.subject <> all($3)
         order by d.due_at limit $4",
        TEXTS,
        RECEIPT,
        &without,
        at_most
    )
    .fetch_all(pool)
    .await?;
    let job = |kind, subject| match kind {
        TEXTS => Job::Texts(IdentityId(subject)),
        _ => Job::Receipt(ConversationId(subject)),
    };
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), job(row.kind, row.subject))).collect())
}

/// A channel from which nothing leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Down {
    pub account: String,
    pub channel: String,
    pub code: i32,
}

/// Channels of all accounts from which nothing leaves until somebody reconnects them; for the operator.
///
/// # Errors
/// When the database cannot be reached.
pub async fn channels_down(app: &App) -> Result<Vec<Down>> {
    let accounts = sqlx::query_scalar!("select distinct account_id from channel_route order by account_id")
        .fetch_all(&app.pool)
        .await?;
    let mut down = Vec::new();
    for account in accounts {
        let mut scoped = begin(app, AccountId(account)).await?;
        let rows = sqlx::query_as!(
            Down,
            r#"select a.name as account, h.name as channel, h.down_code as "code!"
               from channel h join account a on a.account_id = h.account_id
               where h.account_id = $1 and h.down_code is not null order by h.name"#,
            account
        )
        .fetch_all(&mut *scoped.tx)
        .await?;
        down.extend(rows);
    }
    Ok(down)
}

impl Scoped {
    /// Becomes the only one that works on the identity's texts until the end of the transaction; `false` when somebody
    /// else is, or nothing is due any more.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn take_texts(&mut self, identity: IdentityId) -> Result<bool> {
        self.take(TEXTS, identity.0).await
    }

    async fn take(&mut self, kind: i16, subject: Uuid) -> Result<bool> {
        let taken = sqlx::query_scalar!(
            r#"select true as "taken!" from due where kind = $1 and account_id = $2 and subject = $3
               for update skip locked"#,
            kind,
            self.account.0,
            subject
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(taken.is_some())
    }

    /// The head of the identity's queue.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn next_text(&mut self, identity: IdentityId) -> Result<Option<Next>> {
        let row = sqlx::query!(
            r#"select o.message_id, o.state, o.attempts, m.body, m.delivery,
                 greatest(0, extract(epoch from o.leased_until - clock_timestamp()) * 1000)::bigint as remaining,
                 h.id as channel_id, h.kind, h.provider_id, h.credential, h.down_code, i.phone, i.user_id,
                 w.last_counted as "last_counted?", w.refused_at as "refused_at?"
               from outbox o
               join message m on m.account_id = $1 and m.id = o.message_id
               join channel h on h.account_id = $1 and h.id = o.channel_id
               join contact_identity i on i.account_id = $1 and i.id = o.identity_id
               left join messaging_window w
                 on w.account_id = $1 and w.channel_id = o.channel_id and w.identity_id = o.identity_id
               where o.account_id = $1 and o.identity_id = $2 order by o.position limit 1"#,
            self.account.0,
            identity.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let queued = row.delivery == Some(delivery_code(Delivery::Queued).0);
        let progress = match (row.state, row.remaining) {
            (BEING_SENT, Some(remaining)) if remaining > 0 => Progress::BeingSent { remaining: Span(remaining) },
            _ if !queued => Progress::NoLongerQueued,
            (BEING_SENT, _) => Progress::Abandoned,
            (_, _) => Progress::Ready,
        };
        Ok(Some(Next {
            message: MessageId(row.message_id),
            text: row.body.unwrap_or_default(),
            phone: row.phone,
            user_id: row.user_id,
            from: Origin {
                channel: ChannelId(row.channel_id),
                kind: ChannelKind::from_code(row.kind)?,
                provider_id: row.provider_id,
                credential: row.credential,
                down: row.down_code.is_some(),
            },
            window: Window { last_counted: row.last_counted.map(Moment), refused_at: row.refused_at.map(Moment) },
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            progress,
        }))
    }

    /// Marks a ready text as being sent for `seconds`; `false` when somebody is changing it at this moment.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lease(&mut self, message: MessageId, lease: Uuid, seconds: i32) -> Result<bool> {
        let done = sqlx::query!(
            "update outbox set state = $3, lease = $4, leased_until = clock_timestamp() + make_interval(secs => $5)
             where account_id = $1 and message_id in (
               select message_id from outbox where account_id = $1 and message_id = $2 and state = $6
               for update skip locked)",
            self.account.0,
            message.0,
            BEING_SENT,
            lease,
            f64::from(seconds),
            READY
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Puts a text that was not taken over back to the head of its queue, for `after`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn release(&mut self, identity: IdentityId, message: MessageId, lease: Uuid, after: Span) -> Result<()> {
        sqlx::query!(
            "update outbox set state = $4, lease = null, leased_until = null, attempts = least(attempts + 1, 1000)
             where account_id = $1 and message_id = $2 and lease = $3",
            self.account.0,
            message.0,
            lease,
            READY
        )
        .execute(&mut *self.tx)
        .await?;
        self.postpone_texts(identity, after).await
    }

    /// Takes a row out whose text is no longer queued.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn drop_text(&mut self, message: MessageId) -> Result<()> {
        sqlx::query!(
            "delete from outbox where account_id = $1 and message_id in (
               select message_id from outbox where account_id = $1 and message_id = $2 for update skip locked)",
            self.account.0,
            message.0
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Looks at the identity's texts again after `after`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn postpone_texts(&mut self, identity: IdentityId, after: Span) -> Result<()> {
        self.postpone(TEXTS, identity.0, after).await
    }

    async fn postpone(&mut self, kind: i16, subject: Uuid, after: Span) -> Result<()> {
        sqlx::query!(
            "insert into due (kind, account_id, subject, due_at) values ($1, $2, $3, $4)
             on conflict (kind, account_id, subject) do update set due_at = excluded.due_at",
            kind,
            self.account.0,
            subject,
            (self.now + after).0
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Nothing is left of the identity's texts. Only for who has taken them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn no_more_texts(&mut self, identity: IdentityId) -> Result<()> {
        self.nothing_due(TEXTS, identity.0).await
    }

    async fn nothing_due(&mut self, kind: i16, subject: Uuid) -> Result<()> {
        sqlx::query!(
            "delete from due where kind = $1 and account_id = $2 and subject = $3",
            kind,
            self.account.0,
            subject
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Takes a conversation's receipt to send it; for `lease` nobody else does.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn take_receipt(&mut self, conversation: ConversationId, lease: Span) -> Result<Option<Receipt>> {
        if !self.take(RECEIPT, conversation.0).await? {
            return Ok(None);
        }
        let row = sqlx::query!(
            "select r.provider_id, h.id, h.kind, h.provider_id as number, h.credential, h.down_code
             from read_receipt r join channel h on h.account_id = $1 and h.id = r.channel_id
             where r.account_id = $1 and r.conversation_id = $2",
            self.account.0,
            conversation.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        let Some(row) = row else {
            self.nothing_due(RECEIPT, conversation.0).await?;
            return Ok(None);
        };
        self.postpone(RECEIPT, conversation.0, lease).await?;
        let from = Origin {
            channel: ChannelId(row.id),
            kind: ChannelKind::from_code(row.kind)?,
            provider_id: row.number,
            credential: row.credential,
            down: row.down_code.is_some(),
        };
        Ok(Some(Receipt { provider_id: row.provider_id, from }))
    }

    /// Forgets a receipt that was sent or refused; a newer one of the conversation is due at once.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn receipt_done(&mut self, conversation: ConversationId, provider_id: &str) -> Result<()> {
        let done = sqlx::query!(
            "delete from read_receipt where account_id = $1 and conversation_id = $2 and provider_id = $3",
            self.account.0,
            conversation.0,
            provider_id
        )
        .execute(&mut *self.tx)
        .await?;
        match done.rows_affected() {
            0 => self.postpone(RECEIPT, conversation.0, Span(0)).await,
            _ => self.nothing_due(RECEIPT, conversation.0).await,
        }
    }

    /// Marks a channel as unable to send, by the provider's code, or clears the mark.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn mark_channel(&mut self, channel: ChannelId, down: Option<u32>) -> Result<()> {
        sqlx::query!(
            "update channel set down_code = $3, down_at = case when $3::int is null then null else coalesce(down_at, $4) end
             where account_id = $1 and id = $2",
            self.account.0,
            channel.0,
            down.map(u32::cast_signed),
            self.now.0
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
