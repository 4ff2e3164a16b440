//! The one statement that takes an account's next numbers and writes everything a transaction changed.
//!
//! *Invariant:* every row written here is new or already locked by the transaction; the account's sequence is the last
//! lock taken, in this very statement. One round trip, whatever changed.

use ciranda_domain::distribution::Decision;
use ciranda_domain::ids::{ClientId, ConversationId, PersonId, TeamId};
use ciranda_domain::settings::Thresholds;
use ciranda_sync::rows::Seq;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::audit::AuditRow;
use super::contact::{ContactRow, IdentityRow, WindowRow};
use super::conversation::ConversationRow;
use super::log::LogRow;
use super::message::MessageRow;
use super::people::LoginChange;
use super::report::FactRows;
use super::revise::Revisions;
use super::{Locks, Result, Scoped};

/// Rows to be written. Revisions and numbers in them count from 1 within the transaction.
#[derive(Default)]
pub struct Writes {
    /// How many numbers of the sequence the transaction takes: one for each line of the log.
    pub numbers: u64,
    /// Whether a reference row is among the changes.
    pub reference: bool,
    /// The number up to which reference rows were known; with a later one nothing is numbered.
    pub reference_read: Seq,
    pub log: Vec<LogRow>,
    pub contacts: Vec<ContactRow>,
    pub identities: Vec<IdentityRow>,
    pub windows: Vec<WindowRow>,
    pub conversations: Vec<ConversationRow>,
    pub messages: Vec<MessageRow>,
    pub raw_events: Vec<RawEventRow>,
    pub statuses: Vec<StatusRow>,
    pub decisions: Vec<DecisionRow>,
    pub outbox: Vec<OutboxRow>,
    /// Messages that left the outbox.
    pub departed: Vec<Uuid>,
    pub receipts: Vec<ReceiptRow>,
    pub teams: Vec<TeamRow>,
    /// When the board raises alerts for a team.
    pub thresholds: Option<(TeamId, Thresholds)>,
    /// Changed reference rows, written before everything else.
    pub revisions: Revisions,
    /// How people log in from now on.
    pub logins: Vec<LoginChange>,
    /// Who changed what.
    pub audit: Vec<AuditRow>,
    pub due: Vec<DueRow>,
    /// Envelopes that are processed now.
    pub envelopes: Vec<i64>,
    pub mutation: Option<Mutation>,
    /// What the reports learn.
    pub facts: FactRows,
}

/// The call that is carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mutation {
    pub client: ClientId,
    pub person: PersonId,
    pub number: u64,
}

/// The event as the provider sent it.
#[derive(Serialize)]
pub struct RawEventRow {
    pub message_id: Uuid,
    pub event: serde_json::Value,
}

/// A provider's status.
#[derive(Serialize)]
pub struct StatusRow {
    pub channel_id: Uuid,
    pub provider_id: String,
    pub status: i16,
    pub at: i64,
    pub code: Option<i32>,
}

/// Who was considered for a designation, and why.
#[derive(Serialize)]
pub struct DecisionRow {
    pub conversation_id: Uuid,
    pub at: i64,
    pub rev: i64,
    pub why: serde_json::Value,
    pub considered: serde_json::Value,
}

impl DecisionRow {
    /// The row that keeps a decision; `number` orders the decisions of a transaction.
    ///
    /// # Errors
    /// Never in practice: every decision is plain data.
    pub fn of(conversation: ConversationId, decision: &Decision, number: usize) -> serde_json::Result<Self> {
        Ok(Self {
            conversation_id: conversation.0,
            at: decision.at.0,
            rev: i64::try_from(number).unwrap_or(i64::MAX),
            why: serde_json::to_value(decision.placed)?,
            considered: serde_json::to_value(&decision.considered)?,
        })
    }
}

/// A text that may leave.
#[derive(Serialize)]
pub struct OutboxRow {
    pub message_id: Uuid,
    pub conversation_id: Uuid,
    pub channel_id: Uuid,
    pub identity_id: Uuid,
}

/// The newest message of a customer that is to be marked as read at the provider.
#[derive(Serialize)]
pub struct ReceiptRow {
    pub conversation_id: Uuid,
    pub channel_id: Uuid,
    pub provider_id: String,
}

/// Where a team's arrow points now, and the instant its engine has reached.
#[derive(Serialize)]
pub struct TeamRow {
    pub id: Uuid,
    pub arrow: Option<Uuid>,
    pub clock: i64,
    /// Whom it designated, the latest last; none leaves what the row has.
    pub recent: Option<Vec<Uuid>>,
}

/// A timer: set to an instant, or taken away. One of the outbox that is set already keeps its instant, which may be a
/// back-off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct DueRow {
    pub kind: i16,
    pub subject: Uuid,
    pub due_at: Option<i64>,
}

impl Scoped {
    /// Writes, and answers the number before the first that was taken; none when the transaction takes no number, or may
    /// not because it changes reference rows that are not as they were read.
    ///
    /// # Errors
    /// When the database cannot be reached or a constraint is violated.
    pub async fn write(&mut self, writes: &Writes) -> Result<Option<Seq>> {
        self.locking(Locks::Sequence);
        let mutation = writes.mutation;
        let base = sqlx::query_scalar!(
            r#"with numbers as (
                 update account_seq set seq = seq + $2, reference = case when $3 then seq + $2 else reference end
                 where account_id = $1 and $2 > 0::bigint and (not $3 or reference = $22) returning seq - $2 as base),
               contacts as (
                 insert into contact (account_id, id, name, created_at)
                 select $1, r.id, r.name, r.created_at
                 from json_to_recordset($4::json) as r(id uuid, name text, created_at bigint)
                 on conflict (account_id, id) do update set name = excluded.name),
               identities as (
                 insert into contact_identity (account_id, id, contact_id, kind, phone, phone_key, user_id)
                 select $1, r.id, r.contact_id, r.kind, r.phone, r.phone_key, r.user_id
                 from json_to_recordset($5::json)
                   as r(id uuid, contact_id uuid, kind smallint, phone text, phone_key text, user_id text)
                 on conflict (account_id, id) do update set contact_id = excluded.contact_id,
                   phone = excluded.phone, phone_key = excluded.phone_key, user_id = excluded.user_id),
               windows as (
                 insert into messaging_window
                   (account_id, channel_id, identity_id, last_counted, refused_at, auto_replied_at)
                 select $1, r.channel_id, r.identity_id, r.last_counted, r.refused_at, r.auto_replied_at
                 from json_to_recordset($6::json) as r(channel_id uuid, identity_id uuid, last_counted bigint,
                   refused_at bigint, auto_replied_at bigint)
                 on conflict (account_id, channel_id, identity_id) do update set last_counted = excluded.last_counted,
                   refused_at = excluded.refused_at,
                   auto_replied_at = coalesce(excluded.auto_replied_at, messaging_window.auto_replied_at)),
               conversations as (
                 insert into conversation (account_id, id, channel_id, contact_id, identity_id, team_id, phase, since,
                   designee, deadline, max_deadline, attempt, enqueued_at, tried, responsible, finished_by, archive,
                   created_at, last_at, last_side, last_kind, last_text, last_delivery, last_delivery_code, unread,
                   waiting, received_from, mentions, audience, track, rev)
                 select $1, r.id, r.channel_id, r.contact_id, r.identity_id, r.team_id, r.phase, r.since,
                   r.designee, r.deadline, r.max_deadline, r.attempt, r.enqueued_at, r.tried, r.responsible, r.finished_by,
                   r.archive, r.created_at, r.last_at, r.last_side, r.last_kind, r.last_text, r.last_delivery,
                   r.last_delivery_code, r.unread, r.waiting, r.received_from, r.mentions, r.audience, r.track, n.base + r.rev
                 from numbers n, json_to_recordset($7::json) as r(id uuid, channel_id uuid, contact_id uuid,
                   identity_id uuid, team_id uuid, phase smallint, since bigint, designee uuid, deadline bigint,
                   max_deadline bigint, attempt int, enqueued_at bigint, tried uuid[], responsible uuid, finished_by uuid,
                   archive smallint, created_at bigint, last_at bigint, last_side smallint, last_kind smallint,
                   last_text text, last_delivery smallint, last_delivery_code int, unread int, waiting int,
                   received_from uuid, mentions jsonb, audience bigint[], track jsonb, rev bigint)
                 on conflict (account_id, id) do update set identity_id = excluded.identity_id,
                   contact_id = excluded.contact_id, team_id = excluded.team_id, phase = excluded.phase,
                   since = excluded.since, designee = excluded.designee, deadline = excluded.deadline,
                   max_deadline = excluded.max_deadline, attempt = excluded.attempt,
                   enqueued_at = excluded.enqueued_at, tried = excluded.tried, responsible = excluded.responsible,
                   finished_by = excluded.finished_by, archive = excluded.archive, last_at = excluded.last_at,
                   last_side = excluded.last_side, last_kind = excluded.last_kind, last_text = excluded.last_text,
                   last_delivery = excluded.last_delivery, last_delivery_code = excluded.last_delivery_code,
                   unread = excluded.unread, waiting = excluded.waiting, received_from = excluded.received_from,
                   mentions = excluded.mentions, audience = excluded.audience, track = excluded.track, rev = excluded.rev),
               messages as (
                 insert into message (account_id, conversation_id, id, at, ord, side, kind, author, body, fact, delivery,
                   delivery_code, channel_id, provider_id, mentions, rev)
                 select $1, r.conversation_id, r.id, r.at, r.ord, r.side, r.kind, r.author, r.body, r.fact, r.delivery,
                   r.delivery_code, r.channel_id, r.provider_id, r.mentions, n.base + r.rev
                 from numbers n, json_to_recordset($8::json) as r(conversation_id uuid, id uuid, at bigint, ord int,
                   side smallint, kind smallint, author uuid, body text, fact jsonb, delivery smallint,
                   delivery_code int, channel_id uuid, provider_id text, mentions uuid[],
                   rev bigint)
                 on conflict (account_id, id) do update set delivery = excluded.delivery,
                   delivery_code = excluded.delivery_code, provider_id = excluded.provider_id, rev = excluded.rev),
               raw_events as (
                 insert into raw_event (account_id, message_id, event)
                 select $1, r.message_id, r.event
                 from json_to_recordset($9::json) as r(message_id uuid, event jsonb)
                 on conflict do nothing),
               statuses as (
                 insert into message_status (account_id, channel_id, provider_id, status, at, code)
                 select $1, r.channel_id, r.provider_id, r.status, r.at, r.code
                 from json_to_recordset($10::json)
                   as r(channel_id uuid, provider_id text, status smallint, at bigint, code int)
                 on conflict do nothing),
               decisions as (
                 insert into decision (account_id, conversation_id, at, rev, why, considered)
                 select $1, r.conversation_id, r.at, n.base + r.rev, r.why, r.considered
                 from numbers n, json_to_recordset($11::json)
                   as r(conversation_id uuid, at bigint, rev bigint, why jsonb, considered jsonb)),
               leaving as (
                 insert into outbox (account_id, message_id, conversation_id, channel_id, identity_id)
                 select $1, r.message_id, r.conversation_id, r.channel_id, r.identity_id
                 from json_to_recordset($12::json)
                   as r(message_id uuid, conversation_id uuid, channel_id uuid, identity_id uuid)),
               departed as (delete from outbox where account_id = $1 and message_id = any($13)),
               receipts as (
                 insert into read_receipt (account_id, conversation_id, channel_id, provider_id)
                 select $1, r.conversation_id, r.channel_id, r.provider_id
                 from json_to_recordset($14::json) as r(conversation_id uuid, channel_id uuid, provider_id text)
                 on conflict (account_id, conversation_id) do update set channel_id = excluded.channel_id,
                   provider_id = excluded.provider_id),
               teams as (
                 update team t set arrow = r.arrow, clock = r.clock, recent = coalesce(r.recent, t.recent)
                 from json_to_recordset($15::json) as r(id uuid, arrow uuid, clock bigint, recent uuid[])
                 where t.account_id = $1 and t.id = r.id),
               timers as (
                 insert into due (kind, account_id, subject, due_at)
                 select r.kind, $1, r.subject, r.due_at
                 from json_to_recordset($16::json) as r(kind smallint, subject uuid, due_at bigint)
                 where r.due_at is not null
                 on conflict (kind, account_id, subject) do update
                   set due_at = case when excluded.kind in (2, 4) then due.due_at else excluded.due_at end),
               timers_off as (
                 delete from due d using json_to_recordset($16::json) as r(kind smallint, subject uuid, due_at bigint)
                 where d.kind = r.kind and d.account_id = $1 and d.subject = r.subject and r.due_at is null),
               envelopes as (update envelope set state = 1 where arrival = any($17) and state = 0),
               log as (
                 insert into sync_log (account_id, seq, entity, entity_id, parent_id, op, audience_before,
                   audience_after, client_id, mutation)
                 select $1, n.base + r.seq, r.entity, r.entity_id, r.parent_id, r.op, r.audience_before,
                   r.audience_after, $19, $21
                 from numbers n, json_to_recordset($18::json) as r(seq bigint, entity smallint, entity_id uuid,
                   parent_id uuid, op smallint, audience_before bigint[], audience_after bigint[])),
               client as (
                 insert into sync_client (account_id, client_id, person_id, last_mutation)
                 select $1, $19, $20, $21 where $19::uuid is not null
                 on conflict (account_id, client_id) do update set last_mutation = excluded.last_mutation,
                   seen_at = now()),
               facts as (
                 insert into report_fact (account_id, conversation_id, no, kind, day, at, ended_at, ms, business_ms,
                   team_id, person_id, channel_id)
                 select $1, r.conversation_id, r.no, r.kind, r.day, r.at, r.ended_at, r.ms, r.business_ms,
                   r.team_id, r.person_id, r.channel_id
                 from json_to_recordset($23::json) as r(conversation_id uuid, no int, kind smallint, day int, at bigint,
                   ended_at bigint, ms bigint, business_ms bigint, team_id uuid, person_id uuid, channel_id uuid)
                 on conflict (account_id, conversation_id, no) do update set person_id = excluded.person_id),
               no_facts as (
                 delete from report_fact f using json_to_recordset($24::json) as r(conversation_id uuid, no int)
                 where f.account_id = $1 and f.conversation_id = r.conversation_id and f.no = r.no),
               moved as (
                 select * from json_to_recordset($25::json)
                   as r(kind smallint, day int, team_id uuid, person_id uuid, channel_id uuid, n int, ms bigint[],
                     business_ms bigint[], gone_ms bigint[], gone_business_ms bigint[])),
               days as (
                 insert into report_day (account_id, kind, day, team_id, person_id, channel_id, n, ms, business_ms)
                 select $1, r.kind, r.day, r.team_id, r.person_id, r.channel_id, r.n, r.ms, r.business_ms
                 from moved r where r.gone_ms = '{}' and r.gone_business_ms = '{}'
                 on conflict (account_id, kind, day, team_id, person_id, channel_id)
                   do update set n = report_day.n + excluded.n, ms = report_day.ms || excluded.ms,
                     business_ms = report_day.business_ms || excluded.business_ms),
               less_days as (
                 update report_day d set n = d.n + r.n, ms = lengths_without(d.ms, r.gone_ms) || r.ms,
                   business_ms = lengths_without(d.business_ms, r.gone_business_ms) || r.business_ms
                 from moved r
                 where (r.gone_ms <> '{}' or r.gone_business_ms <> '{}') and d.account_id = $1 and d.kind = r.kind
                   and d.day = r.day and d.team_id = r.team_id and d.person_id = r.person_id
                   and d.channel_id = r.channel_id)
               select base from numbers"#,
            self.account.0,
            writes.numbers.cast_signed(),
            writes.reference,
            Json(&writes.contacts) as _,
            Json(&writes.identities) as _,
            Json(&writes.windows) as _,
            Json(&writes.conversations) as _,
            Json(&writes.messages) as _,
            Json(&writes.raw_events) as _,
            Json(&writes.statuses) as _,
            Json(&writes.decisions) as _,
            Json(&writes.outbox) as _,
            &writes.departed,
            Json(&writes.receipts) as _,
            Json(&writes.teams) as _,
            Json(&writes.due) as _,
            &writes.envelopes,
            Json(&writes.log) as _,
            mutation.map(|m| m.client.0),
            mutation.map(|m| m.person.0),
            mutation.map(|m| m.number.cast_signed()),
            writes.reference_read.0.cast_signed(),
            Json(&writes.facts.new) as _,
            Json(&writes.facts.gone) as _,
            Json(&writes.facts.days()) as _
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(base.flatten().map(|base| Seq(base.cast_unsigned())))
    }
}
