//! Lines of conversations: how a row and the domain's message become each other, and how lines are read.
//!
//! *Invariant:* (channel, provider id) is unique, so a message of the provider is one row however often it arrives.

use ciranda_domain::ids::{ChannelId, ConversationId, MessageId, PersonId};
use ciranda_domain::inbound::ProviderStatus;
use ciranda_domain::message::{Body, Content, Delivery, Fact, Kind, Message};
use ciranda_domain::time::Moment;
use ciranda_sync::rows::Seq;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::codes::{Code, delivery, delivery_code, status};
use super::{Result, Scoped, Unknown};

/// A line with what belongs to its row only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub message: Message,
    pub channel: ChannelId,
    /// The provider's id of it: from the start for a customer's, after the acceptance for ours.
    pub provider_id: Option<String>,
    /// What a fact also tells the customer, and what became of it.
    pub told: Option<(String, Delivery)>,
    pub rev: Seq,
}

/// The columns of `message`, in the shape in which they are written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MessageRow {
    pub conversation_id: Uuid,
    pub id: Uuid,
    pub at: i64,
    pub ord: i32,
    pub side: i16,
    pub kind: i16,
    pub author: Option<Uuid>,
    pub body: Option<String>,
    pub fact: Option<Json<Fact>>,
    pub delivery: Option<i16>,
    pub delivery_code: Option<i32>,
    pub channel_id: Uuid,
    pub provider_id: Option<String>,
    pub mentions: Option<Vec<Uuid>>,
    pub rev: i64,
}

const CUSTOMER: i16 = 1;
const DESK: i16 = 2;
const FACT: i16 = 3;
const NOTE: i16 = 4;

fn body_parts(body: &Body) -> (i16, Option<String>) {
    match body {
        Body::Text(text) => (Kind::Text.code(), Some(text.clone())),
        Body::Placeholder { kind, caption } => (kind.code(), caption.clone()),
    }
}

fn body(kind: i16, text: Option<String>) -> std::result::Result<Body, Unknown> {
    Ok(match Kind::from_code(kind)? {
        Kind::Text => Body::Text(text.unwrap_or_default()),
        kind => Body::Placeholder { kind, caption: text },
    })
}

impl MessageRow {
    /// The row that keeps `line`.
    #[must_use]
    pub fn of(line: &Line) -> Self {
        let Line { message, channel, provider_id, told, rev } = line;
        let (side, (kind, body), author, sent, fact) = match &message.content {
            Content::Inbound { body } => (CUSTOMER, body_parts(body), None, None, None),
            Content::Outbound { author, body, delivery } => {
                (DESK, body_parts(body), Some(author.0), Some(delivery_code(*delivery)), None)
            }
            Content::Fact(fact) => {
                let (text, sent) = told.clone().map(|(text, delivery)| (text, delivery_code(delivery))).unzip();
                (FACT, (0, text), None, sent, Some(Json(fact.clone())))
            }
            Content::Note { author, text, .. } => {
                (NOTE, (Kind::Text.code(), Some(text.clone())), Some(author.0), None, None)
            }
        };
        let mentions = match &message.content {
            Content::Note { mentions, .. } => Some(mentions.iter().map(|id| id.0).collect()),
            Content::Inbound { .. } | Content::Outbound { .. } | Content::Fact(_) => None,
        };
        Self {
            conversation_id: message.conversation.0,
            id: message.id.0,
            at: message.at.0,
            ord: message.order.cast_signed(),
            side,
            kind,
            author,
            body,
            fact,
            delivery: sent.map(|(stored, _)| stored),
            delivery_code: sent.and_then(|(_, code)| code),
            channel_id: channel.0,
            provider_id: provider_id.clone(),
            mentions,
            rev: rev.0.cast_signed(),
        }
    }

    /// The line that the row keeps.
    ///
    /// # Errors
    /// When the row holds a value that this version does not know.
    pub fn line(self) -> std::result::Result<Line, Unknown> {
        let unreadable = |what| Unknown { what, value: self.side.into() };
        let sent = self.delivery.map(|stored| delivery(stored, self.delivery_code)).transpose()?;
        let mut told = None;
        let content = match self.side {
            CUSTOMER => Content::Inbound { body: body(self.kind, self.body)? },
            DESK => Content::Outbound {
                author: PersonId(self.author.ok_or(unreadable("a message of the desk without its author"))?),
                body: body(self.kind, self.body)?,
                delivery: sent.ok_or(unreadable("a message of the desk without its delivery"))?,
            },
            FACT => {
                told = self.body.zip(sent);
                Content::Fact(self.fact.ok_or(unreadable("a fact without its content"))?.0)
            }
            NOTE => Content::Note {
                author: PersonId(self.author.ok_or(unreadable("a note without its author"))?),
                text: self.body.unwrap_or_default(),
                mentions: self.mentions.unwrap_or_default().into_iter().map(PersonId).collect(),
            },
            _ => return Err(unreadable("a line's side")),
        };
        let message = Message {
            id: MessageId(self.id),
            conversation: ConversationId(self.conversation_id),
            at: Moment(self.at),
            order: self.ord.cast_unsigned(),
            content,
        };
        Ok(Line {
            message,
            channel: ChannelId(self.channel_id),
            provider_id: self.provider_id,
            told,
            rev: Seq(self.rev.cast_unsigned()),
        })
    }
}

/// A query over lines: the same columns each time, then what `$tail` says.
macro_rules! lines {
    ($tail:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            MessageRow,
            "select m.conversation_id, m.id, m.at, m.ord, m.side, m.kind, m.author, m.body,
             m.fact as \"fact: Json<Fact>\", m.delivery, m.delivery_code, m.channel_id, m.provider_id, m.mentions, m.rev
             from message m " + $tail,
            $($argument),*
        )
    };
}

fn all(rows: Vec<MessageRow>) -> Result<Vec<Line>> {
    rows.into_iter().map(|row| Ok(row.line()?)).collect()
}

impl Line {
    /// What became of it at the provider; none for what never leaves.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery> {
        match &self.message.content {
            Content::Outbound { delivery, .. } => Some(*delivery),
            Content::Fact(_) => self.told.as_ref().map(|(_, delivery)| *delivery),
            Content::Inbound { .. } | Content::Note { .. } => None,
        }
    }

    /// Puts down what became of it.
    pub fn set_delivery(&mut self, to: Delivery) {
        match &mut self.message.content {
            Content::Outbound { delivery, .. } => *delivery = to,
            Content::Fact(_) => {
                if let Some((_, delivery)) = &mut self.told {
                    *delivery = to;
                }
            }
            Content::Inbound { .. } | Content::Note { .. } => {}
        }
    }
}

impl Scoped {
    /// The newest lines of a conversation, newest first.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn newest_lines(&mut self, conversation: ConversationId, limit: i64) -> Result<Vec<Line>> {
        let rows = lines!(
            "where m.account_id = $1 and m.conversation_id = $2
             order by m.at desc, m.ord desc, m.id desc limit $3",
            self.account.0,
            conversation.0,
            limit
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// Lines of a conversation before one of them, newest first; none when that one is not there.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn older_lines(
        &mut self,
        conversation: ConversationId,
        before: MessageId,
        limit: i64,
    ) -> Result<Vec<Line>> {
        let rows = lines!(
            "where m.account_id = $1 and m.conversation_id = $2
             and (m.at, m.ord, m.id) < (select b.at, b.ord, b.id from message b
                where b.account_id = $1 and b.conversation_id = $2 and b.id = $3)
             order by m.at desc, m.ord desc, m.id desc limit $4",
            self.account.0,
            conversation.0,
            before.0,
            limit
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// Lines of a conversation of a revision above `have`, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn changed_lines(&mut self, conversation: ConversationId, have: Seq, limit: i64) -> Result<Vec<Line>> {
        let rows = lines!(
            "where m.account_id = $1 and m.conversation_id = $2 and m.rev > $3 order by m.rev limit $4",
            self.account.0,
            conversation.0,
            have.0.cast_signed(),
            limit
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// These lines.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn lines(&mut self, ids: &[MessageId]) -> Result<Vec<Line>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = lines!("where m.account_id = $1 and m.id = any($2)", self.account.0, &ids);
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// The provider's id of the newest message of the customer, with its channel.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn newest_inbound(&mut self, conversation: ConversationId) -> Result<Option<(ChannelId, String)>> {
        let row = sqlx::query!(
            r#"select channel_id, provider_id as "provider_id!" from message
               where account_id = $1 and conversation_id = $2 and side = 1 and provider_id is not null
               order by at desc, ord desc, id desc limit 1"#,
            self.account.0,
            conversation.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(row.map(|row| (ChannelId(row.channel_id), row.provider_id)))
    }

    /// The waiting texts of a conversation in the order in which they were written.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn waiting_lines(&mut self, conversation: ConversationId) -> Result<Vec<Line>> {
        let rows = lines!(
            "where m.account_id = $1 and m.conversation_id = $2 and m.delivery = $3
             order by m.at, m.ord, m.id",
            self.account.0,
            conversation.0,
            delivery_code(Delivery::Waiting).0
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// Of each of these conversations the oldest waiting text, unless a text of it is on its way to the provider; texts
    /// in `without` have changed in this transaction and are looked at no more.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn next_waiting(&mut self, conversations: &[ConversationId], without: &[MessageId]) -> Result<Vec<Line>> {
        let without: Vec<Uuid> = without.iter().map(|id| id.0).collect();
        let conversations: Vec<Uuid> = conversations.iter().map(|id| id.0).collect();
        let rows = lines!(
            "join (select distinct on (w.conversation_id) w.id from message w
                where w.account_id = $1 and w.conversation_id = any($2) and w.delivery = 0 and w.id <> all($3)
                  and not exists (select from message q
                    where q.account_id = $1 and q.conversation_id = w.conversation_id and q.delivery = 1
                      and q.id <> all($3))
                order by w.conversation_id, w.at, w.ord, w.id) as next on next.id = m.id
             where m.account_id = $1",
            self.account.0,
            &conversations,
            &without
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// The provider's statuses that came for these messages of a channel.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn statuses(&mut self, channel: ChannelId, provider_id: &str) -> Result<Vec<ProviderStatus>> {
        let rows = sqlx::query!(
            "select status, code from message_status
             where account_id = $1 and channel_id = $2 and provider_id = $3 order by status",
            self.account.0,
            channel.0,
            provider_id
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(|row| Ok(status(row.status, row.code)?)).collect()
    }

    /// Where messages of ours are, asked by our own id or by the provider's, without locking anything.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn lines_by_reference(
        &mut self,
        ids: &[MessageId],
        provider_ids: &[(ChannelId, String)],
    ) -> Result<Vec<Line>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let (channels, provider_ids): (Vec<Uuid>, Vec<String>) =
            provider_ids.iter().map(|(channel, id)| (channel.0, id.clone())).unzip();
        let rows = lines!(
            "where m.account_id = $1 and m.id in (select unnest($2::uuid[]) union
             select p.id from message p join unnest($3::uuid[], $4::text[]) as w(channel_id, provider_id)
             on p.channel_id = w.channel_id and p.provider_id = w.provider_id where p.account_id = $1)",
            self.account.0,
            &ids,
            &channels,
            &provider_ids
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }
}

#[cfg(test)]
mod tests {
    use ciranda_domain::message::{Cancelled, Why};

    use super::*;

    #[test]
    fn a_line_is_read_back_as_it_was_written() {
        let author = PersonId(Uuid::from_u128(7));
        let placeholder = |kind| Body::Placeholder { kind, caption: Some("legenda".into()) };
        let outbound = |body, delivery| Content::Outbound { author, body, delivery };
        let contents = [
            Content::Inbound { body: Body::Text("oi".into()) },
            Content::Inbound { body: placeholder(Kind::Image) },
            Content::Inbound { body: Body::Placeholder { kind: Kind::Unsupported, caption: None } },
            outbound(Body::Text("olá".into()), Delivery::Failed { code: 131_047 }),
            outbound(placeholder(Kind::Template), Delivery::Cancelled(Cancelled::Expired)),
            Content::Fact(Fact::Designated { to: author, attempt: 2, why: Why::LimitReached { from: author } }),
            Content::Fact(Fact::Received { channel_name: "Loja".into() }),
            Content::Fact(Fact::AutoReplied),
            Content::Note { author, text: "cuidado".into(), mentions: vec![author] },
            Content::Note { author, text: "calma".into(), mentions: vec![] },
        ];
        for (number, content) in contents.into_iter().enumerate() {
            let line = Line {
                told: matches!(content, Content::Fact(Fact::AutoReplied)).then(|| ("volte".into(), Delivery::Sent)),
                message: Message {
                    id: MessageId(Uuid::from_u128(number as u128)),
                    conversation: ConversationId(Uuid::from_u128(1)),
                    at: Moment(1_800_000_000_000),
                    order: 3,
                    content,
                },
                channel: ChannelId(Uuid::from_u128(2)),
                provider_id: Some("wamid.1".into()),
                rev: Seq(9),
            };
            assert_eq!(MessageRow::of(&line).line().expect("known"), line);
        }
    }
}
