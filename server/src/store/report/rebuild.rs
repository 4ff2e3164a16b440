//! Reading timelines and writing facts in bulk, for making the reports anew.

use ciranda_domain::ids::{ChannelId, ConversationId, PersonId, TeamId};
use ciranda_domain::message::{Body, Content, Delivery, Fact, Kind};
use ciranda_domain::report::Track;
use ciranda_domain::time::Moment;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::FactRow;
use crate::store::codes::Code;
use crate::store::{Locks, Result, Scoped, Unknown};

/// A conversation whose facts are made anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Told {
    pub conversation: ConversationId,
    pub channel: ChannelId,
    /// Its team by now.
    pub team: TeamId,
}

/// A line, without what was said.
#[derive(Clone, PartialEq, Debug)]
pub struct ToldLine {
    pub at: Moment,
    pub content: Content,
    /// When it was written down, and its place among those of that instant.
    order: (i64, Uuid),
}

/// What is remembered of a conversation.
#[derive(Serialize)]
pub struct TrackRow {
    pub id: Uuid,
    pub track: Track,
}

impl Scoped {
    /// Keeps everybody else from numbering until this transaction ends, and forgets all facts.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_facts(&mut self) -> Result<()> {
        self.locking(Locks::Sequence);
        let account = self.account.0;
        sqlx::query!("select seq from account_seq where account_id = $1 for update", account)
            .fetch_one(&mut *self.tx)
            .await?;
        sqlx::query!("delete from report_fact where account_id = $1", account).execute(&mut *self.tx).await?;
        sqlx::query!("delete from report_day where account_id = $1", account).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// The next conversations in the order of their ids.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn told_conversations(&mut self, after: Uuid, limit: i64) -> Result<Vec<Told>> {
        let rows = sqlx::query!(
            "select id, channel_id, team_id from conversation where account_id = $1 and id > $2 order by id limit $3",
            self.account.0,
            after,
            limit
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let told = rows.into_iter().map(|row| Told {
            conversation: ConversationId(row.id),
            channel: ChannelId(row.channel_id),
            team: TeamId(row.team_id),
        });
        Ok(told.collect())
    }

    /// The lines of these conversations in the order in which they were written down.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn told_lines(&mut self, conversations: &[Uuid]) -> Result<Vec<(ConversationId, Vec<ToldLine>)>> {
        let rows = sqlx::query!(
            r#"select conversation_id, id, at, side, kind, author, fact as "fact: Json<Fact>" from message
               where account_id = $1 and conversation_id = any($2) and side < 4 order by conversation_id"#,
            self.account.0,
            conversations
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let mut told: Vec<(ConversationId, Vec<ToldLine>)> = Vec::new();
        for row in rows {
            let body = || -> Result<Body> {
                let kind = Kind::from_code(row.kind)?;
                Ok(Body::Placeholder { kind, caption: None })
            };
            let ours = |id: Uuid| id.get_timestamp().map(|stamp| stamp.to_unix());
            let written = ours(row.id)
                .map_or(row.at, |(seconds, nanos)| seconds.cast_signed() * 1000 + i64::from(nanos / 1_000_000));
            let (content, written) = match (row.side, row.author, row.fact) {
                (1, ..) => (Content::Inbound { body: body()? }, written),
                // The browser made its id, at an instant of the browser's clock.
                (2, Some(author), _) => {
                    let (author, delivery) = (PersonId(author), Delivery::Sent);
                    (Content::Outbound { author, body: body()?, delivery }, row.at)
                }
                (3, _, Some(fact)) => (Content::Fact(fact.0), written),
                (side, ..) => return Err(Unknown { what: "the side of a line", value: side.into() }.into()),
            };
            let conversation = ConversationId(row.conversation_id);
            let line = ToldLine { at: Moment(row.at), content, order: (written, row.id) };
            match told.last_mut().filter(|(id, _)| *id == conversation) {
                Some((_, lines)) => lines.push(line),
                None => told.push((conversation, vec![line])),
            }
        }
        for (_, lines) in &mut told {
            lines.sort_by_key(|line| line.order);
        }
        Ok(told)
    }

    /// Writes facts, and what is remembered of their conversations.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn write_facts(&mut self, facts: &[FactRow], tracks: &[TrackRow]) -> Result<()> {
        sqlx::query!(
            "insert into report_fact (account_id, conversation_id, no, kind, day, at, ended_at, ms, business_ms, team_id,
               person_id, channel_id)
             select $1, r.conversation_id, r.no, r.kind, r.day, r.at, r.ended_at, r.ms, r.business_ms, r.team_id,
               r.person_id, r.channel_id
             from json_to_recordset($2::json) as r(conversation_id uuid, no int, kind smallint, day int, at bigint,
               ended_at bigint, ms bigint, business_ms bigint, team_id uuid, person_id uuid, channel_id uuid)",
            self.account.0,
            Json(facts) as _
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!(
            "update conversation c set track = r.track from json_to_recordset($2::json) as r(id uuid, track jsonb)
             where c.account_id = $1 and c.id = r.id and c.track is distinct from r.track",
            self.account.0,
            Json(tracks) as _
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Counts all facts by day, and gathers their lengths.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn count_days(&mut self) -> Result<()> {
        sqlx::query!(
            "insert into report_day (account_id, kind, day, team_id, person_id, channel_id, n, ms, business_ms)
             select account_id, kind, day, team_id, person_id, channel_id, count(*)::int,
               coalesce(array_agg(ms) filter (where ms is not null), '{}'),
               coalesce(array_agg(business_ms) filter (where business_ms is not null), '{}')
             from report_fact where account_id = $1 group by 1, 2, 3, 4, 5, 6",
            self.account.0
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
