//! One value of every variant that travels. The matches without a wildcard are what makes a new variant show up here.

use ciranda_domain::access::{Atom, Unseen};
use ciranda_domain::calendar::{Day, Hours, Period};
use ciranda_domain::channel::{Channel, ChannelKind};
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Archive, Conversation, Finished, LastLine, Mention, Pending, Side, State, Window};
use ciranda_domain::ids::{
    AccountId, ChannelId, ClientId, ContactId, ConversationId, IdentityId, MessageId, PersonId, PersonNumber, TeamId,
    TeamNumber,
};
use ciranda_domain::message::{Body, Cancelled, Content, Delivery, Fact, Kind, Message, Why};
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::team::{Distribution, Level, Membership, Overflow, Strategy, Team, Weights};
use ciranda_domain::time::{Moment, Span};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, Extent, Op, Page, Refused, Reset, SCHEMA, Started, Up};
use ciranda_sync::rows::{Account, Epoch, Row, RowId, Seq};
use uuid::Uuid;

const PERSON: PersonId = PersonId(Uuid::from_u128(1));
const TEAM: TeamId = TeamId(Uuid::from_u128(2));
const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(3));
const CONVERSATION: ConversationId = ConversationId(Uuid::from_u128(4));
const MESSAGE: MessageId = MessageId(Uuid::from_u128(5));
const NOON: Moment = Moment(1_790_000_000_000);

type Named<T> = Vec<(String, T)>;

pub fn ups() -> Named<Up> {
    let samples = vec![
        Up::Hello { client: ClientId(Uuid::from_u128(9)), cursor: Seq(300), epoch: Epoch(2), schema: 1, settled: 7 },
        Up::Mutate { first: 8, calls: vec![Call::Start { conversation: CONVERSATION }, Call::Nothing] },
        Up::Open { conversation: CONVERSATION, have: Seq(290) },
        Up::Older { conversation: CONVERSATION, before: MESSAGE },
        Up::Close { conversation: CONVERSATION },
        Up::Ping(5),
        Up::History { conversation: CONVERSATION },
    ];
    named(samples, |up| match up {
        Up::Hello { .. } => "hello",
        Up::Mutate { .. } => "mutate",
        Up::Open { .. } => "open",
        Up::Older { .. } => "older",
        Up::Close { .. } => "close",
        Up::Ping(_) => "ping",
        Up::History { .. } => "history",
    })
}

pub fn downs() -> Named<Down> {
    let ops = vec![
        Op::Put { rev: Seq(301), row: message(Content::Fact(Fact::Queued)) },
        Op::Remove { rev: Seq(302), row: RowId::Conversation(CONVERSATION) },
    ];
    let lines = |extent| Down::Lines { conversation: CONVERSATION, extent, lines: vec![(Seq(3), text())], more: true };
    let samples = vec![
        Down::Welcome { now: NOON, head: Seq(302), epoch: Epoch(2), last_mutation: 7 },
        Down::Delta { from: Seq(300), to: Seq(302), acked: 7, ops: ops.clone() },
        Down::Rejected { n: 8, refusal: Refused::PassedOn },
        Down::Scope { from: Seq(300), to: Seq(302), acked: 7, epoch: Epoch(3), atoms: vec![Atom(1), Atom(-1)], ops },
        lines(Extent::Newest),
        lines(Extent::Changed),
        lines(Extent::Older),
        Down::Clock { now: NOON },
        Down::Reset(Reset::Cursor),
        Down::Reset(Reset::Schema),
        Down::Reset(Reset::Epoch),
        Down::Reset(Reset::Client),
        Down::GoAway { after_ms: 15_000 },
        Down::Pong(5),
        Down::Opening { waiting: 3 },
        Down::History {
            conversation: CONVERSATION,
            heads: vec![(Seq(3), text())],
            more: true,
            unseen: Unseen { elsewhere: 2, own_teams: 1 },
        },
        Down::Recount { conversation: CONVERSATION },
    ];
    named(samples, |down| match down {
        Down::Welcome { .. } => "welcome",
        Down::Delta { .. } => "delta",
        Down::Rejected { .. } => "rejected",
        Down::Scope { .. } => "scope",
        Down::Lines { extent: Extent::Newest, .. } => "lines.newest",
        Down::Lines { extent: Extent::Changed, .. } => "lines.changed",
        Down::Lines { extent: Extent::Older, .. } => "lines.older",
        Down::Clock { .. } => "clock",
        Down::Reset(Reset::Cursor) => "reset.cursor",
        Down::Reset(Reset::Schema) => "reset.schema",
        Down::Reset(Reset::Epoch) => "reset.epoch",
        Down::Reset(Reset::Client) => "reset.client",
        Down::GoAway { .. } => "go_away",
        Down::Pong(_) => "pong",
        Down::Opening { .. } => "opening",
        Down::History { .. } => "history",
        Down::Recount { .. } => "recount",
    })
}

pub fn calls() -> Named<Call> {
    let (conversation, message) = (CONVERSATION, MESSAGE);
    let samples = vec![
        Call::Start { conversation },
        Call::Send { conversation, message, text: "olá".to_owned() },
        Call::Conclude { conversation },
        Call::TransferToTeam { conversation, team: TEAM },
        Call::TransferToPerson { conversation, person: PERSON, team: TEAM },
        Call::Restart { conversation },
        Call::MarkRead { conversation },
        Call::CancelWaiting { conversation, message },
        Call::Retry { conversation, message },
        Call::SetAvailability { availability: Availability::Available },
        Call::SetAvailability { availability: Availability::Unavailable },
        Call::Nothing,
        Call::TakeOver { conversation, from: Some(PERSON) },
        Call::AddNote { conversation, message, text: "cuidado".to_owned(), mentions: vec![PERSON] },
        Call::Prefer { conversation, person: Some(PERSON) },
    ];
    named(samples, |call| match call {
        Call::Start { .. } => "start",
        Call::Send { .. } => "send",
        Call::Conclude { .. } => "conclude",
        Call::TransferToTeam { .. } => "transfer_to_team",
        Call::TransferToPerson { .. } => "transfer_to_person",
        Call::Restart { .. } => "restart",
        Call::MarkRead { .. } => "mark_read",
        Call::CancelWaiting { .. } => "cancel_waiting",
        Call::Retry { .. } => "retry",
        Call::SetAvailability { availability: Availability::Available } => "available",
        Call::SetAvailability { availability: Availability::Unavailable } => "unavailable",
        Call::Nothing => "nothing",
        Call::TakeOver { .. } => "take_over",
        Call::AddNote { .. } => "add_note",
        Call::Prefer { .. } => "prefer",
    })
}

pub fn refusals() -> Named<Refused> {
    let samples = vec![
        Refused::NotFound,
        Refused::AlreadyStarted { by: PERSON },
        Refused::PassedOn,
        Refused::NotAllowed,
        Refused::Finished,
        Refused::CannotReceive,
        Refused::BadText,
        Refused::AlreadyOpen,
        Refused::TooLate,
    ];
    named(samples, |refusal| match refusal {
        Refused::NotFound => "not_found",
        Refused::AlreadyStarted { .. } => "already_started",
        Refused::PassedOn => "passed_on",
        Refused::NotAllowed => "not_allowed",
        Refused::Finished => "finished",
        Refused::CannotReceive => "cannot_receive",
        Refused::BadText => "bad_text",
        Refused::AlreadyOpen => "already_open",
        Refused::TooLate => "too_late",
    })
}

pub fn row_ids() -> Named<RowId> {
    let samples = vec![
        RowId::Account(AccountId(Uuid::from_u128(8))),
        RowId::Person(PERSON),
        RowId::Team(TEAM),
        RowId::Membership(TEAM, PERSON),
        RowId::Channel(CHANNEL),
        RowId::Conversation(CONVERSATION),
        RowId::Message(CONVERSATION, MESSAGE),
    ];
    named(samples, |id| match id {
        RowId::Account(_) => "account",
        RowId::Person(_) => "person",
        RowId::Team(_) => "team",
        RowId::Membership(..) => "membership",
        RowId::Channel(_) => "channel",
        RowId::Conversation(_) => "conversation",
        RowId::Message(..) => "message",
    })
}

fn hours() -> Hours {
    let mut hours = Hours::weekdays(&[Period::new((8, 0), (12, 0)), Period::new((13, 0), (18, 0))]);
    hours.exceptions.insert(Day { year: 2026, month: 12, day: 25 }, Vec::new());
    hours
}

pub fn rows() -> Named<Row> {
    let account = Account {
        id: AccountId(Uuid::from_u128(8)),
        name: "Loja".to_owned(),
        zone: "America/Sao_Paulo".to_owned(),
        hours: Some(Box::new(hours())),
    };
    let mut rows = vec![
        ("account".to_owned(), Row::Account(account)),
        (
            "membership".to_owned(),
            Row::Membership(Membership { team: TEAM, person: PERSON, attends: true, supervises: false }),
        ),
    ];
    rows.extend(people());
    rows.extend(teams());
    for kind in [ChannelKind::WhatsApp, ChannelKind::Instagram, ChannelKind::Messenger] {
        let channel = Channel { id: CHANNEL, kind, name: "Loja".to_owned(), address: "+55 11 5550-0001".to_owned() };
        rows.push((format!("channel.{kind:?}"), Row::Channel(channel)));
    }
    rows.extend(conversations());
    rows.extend(messages());
    rows
}

fn people() -> Named<Row> {
    let person = |profile, availability, status| {
        let (number, name, created_at) = (PersonNumber(3), "Ana".to_owned(), NOON);
        Row::Person(Person { id: PERSON, number, name, profile, availability, status, created_at })
    };
    vec![
        (
            "person.administrator".to_owned(),
            person(Profile::Administrator, Availability::Available, PersonStatus::Active),
        ),
        ("person.attendant".to_owned(), person(Profile::Attendant, Availability::Unavailable, PersonStatus::Blocked)),
        ("person.restricted".to_owned(), person(Profile::Restricted, Availability::Available, PersonStatus::Deleted)),
    ]
}

fn teams() -> Named<Row> {
    let team = |level, distribution| {
        let (number, name, is_default) = (TeamNumber(4), "Suporte".to_owned(), true);
        Row::Team(Team { id: TEAM, number, name, is_default, level, distribution, deleted: false })
    };
    let overflow = Overflow::On { limit: Span::minutes(5), maximum: Span::minutes(20) };
    let least_loaded = Distribution::On {
        overflow,
        capacity: Some(6),
        strategy: Strategy::LeastLoaded,
        weights: Weights { whatsapp: 1, instagram: 2, messenger: 3 },
    };
    let least_recent =
        Distribution::On { overflow, capacity: None, strategy: Strategy::LeastRecent, weights: Weights::ONE };
    vec![
        ("team.everyone".to_owned(), team(Level::Everyone, Distribution::Off)),
        ("team.team".to_owned(), team(Level::Team, Distribution::circle(Overflow::Off, None))),
        ("team.attendant".to_owned(), team(Level::Attendant, Distribution::circle(overflow, Some(3)))),
        ("team.least_loaded".to_owned(), team(Level::Team, least_loaded)),
        ("team.least_recent".to_owned(), team(Level::Team, least_recent)),
    ]
}

fn conversations() -> Named<Row> {
    let offered =
        |deadline| Pending::Designated { designee: PERSON, since: NOON, deadline, max_deadline: deadline, attempt: 1 };
    let ended = |by, archive| State::Finished(Finished { at: NOON, by, responsible: by, archive });
    let states = [
        ("queued", State::Pending(Pending::Queued { since: NOON })),
        ("designated", State::Pending(offered(Some(NOON)))),
        ("designated_without_overflow", State::Pending(offered(None))),
        ("open", State::Pending(Pending::Open { since: NOON })),
        ("in_progress", State::InProgress { responsible: PERSON, since: NOON }),
        ("finished", ended(Some(PERSON), Archive::InTwelveHours)),
        ("archived", ended(None, Archive::Immediately)),
    ];
    states.map(|(name, state)| (format!("conversation.{name}"), conversation(state))).into()
}

fn conversation(state: State) -> Row {
    let (at, kind) = (NOON, Kind::Text);
    let head = Conversation {
        id: CONVERSATION,
        channel: CHANNEL,
        contact: ContactCard {
            id: ContactId(Uuid::from_u128(6)),
            identity: IdentityId(Uuid::from_u128(7)),
            name: "Zé".to_owned(),
            phone: "+5511955500002".to_owned(),
            preferred: Some(PERSON),
        },
        team: TEAM,
        state,
        created_at: NOON,
        enqueued_at: Some(NOON),
        last_at: NOON,
        last_line: Some(LastLine { at, side: Side::Desk, text: "oi".to_owned(), kind, delivery: Some(Delivery::Read) }),
        unread: 2,
        window: Window { last_counted: Some(NOON), refused_at: None },
        waiting: 1,
        received_from: Some(PERSON),
        mentions: vec![Mention { of: PERSON, by: PERSON }],
    };
    Row::Conversation { head: Box::new(head), audience: vec![Atom::ADMINISTRATORS, Atom::team_pending(TeamNumber(4))] }
}

fn messages() -> Named<Row> {
    let mut rows = vec![("message.inbound".to_owned(), text())];
    for kind in KINDS {
        let body = Body::Placeholder { kind, caption: Some("foto".to_owned()) };
        rows.push((format!("message.{kind:?}"), message(Content::Inbound { body })));
    }
    for delivery in deliveries() {
        let body = Body::Text("oi".to_owned());
        rows.push((
            format!("message.{delivery:?}").replace(' ', ""),
            message(Content::Outbound { author: PERSON, body, delivery }),
        ));
    }
    let note = Content::Note { author: PERSON, text: "cuidado".to_owned(), mentions: vec![PERSON] };
    rows.push(("message.note".to_owned(), message(note)));
    for fact in facts() {
        rows.push((format!("message.{}", fact_name(&fact)), message(Content::Fact(fact))));
    }
    rows
}

fn text() -> Row {
    message(Content::Inbound { body: Body::Text("bom dia".to_owned()) })
}

fn message(content: Content) -> Row {
    Row::Message(Message { id: MESSAGE, conversation: CONVERSATION, at: NOON, order: 1, content })
}

const KINDS: [Kind; 18] = [
    Kind::Text,
    Kind::Image,
    Kind::Video,
    Kind::Audio,
    Kind::Voice,
    Kind::Document,
    Kind::Sticker,
    Kind::Location,
    Kind::Contacts,
    Kind::Interactive,
    Kind::Button,
    Kind::Reaction,
    Kind::Order,
    Kind::System,
    Kind::Edit,
    Kind::Revoke,
    Kind::Unsupported,
    Kind::Template,
];

fn deliveries() -> Vec<Delivery> {
    vec![
        Delivery::Waiting,
        Delivery::Queued,
        Delivery::Accepted,
        Delivery::Sent,
        Delivery::Delivered,
        Delivery::Read,
        Delivery::Failed { code: 131_047 },
        Delivery::Unknown,
        Delivery::Cancelled(Cancelled::ByAuthor),
        Delivery::Cancelled(Cancelled::ByConclusion),
        Delivery::Cancelled(Cancelled::Expired),
    ]
}

fn facts() -> Vec<Fact> {
    let by = PERSON;
    let whys = [
        Why::TheirTurn,
        Why::LimitReached { from: by },
        Why::LimitReachedDuringOutage { from: by },
        Why::MaximumReached,
        Why::NobodyEligible,
        Why::DistributionOff,
        Why::DesigneeLeft { from: by },
        Why::DesigneeUnavailable { from: by },
        Why::Preferred,
        Why::SlotFreed,
        Why::LeastRecent,
        Why::LeastLoaded,
        Why::MaximumReachedDuringOutage,
    ];
    let mut facts: Vec<_> = whys.into_iter().map(|why| Fact::Designated { to: by, attempt: 2, why }).collect();
    facts.extend([
        Fact::Received { channel_name: "Loja".to_owned() },
        Fact::Released { why: Why::MaximumReached },
        Fact::Queued,
        Fact::Started { by },
        Fact::TransferredToTeam { by, from: TEAM, to: TEAM, because: None },
        Fact::TransferredToPerson { by, to: by, team: TEAM, because: None },
        Fact::Concluded { by: Some(by) },
        Fact::Restarted { by },
        Fact::Returned { to: by },
        Fact::AutoReplied,
        Fact::ReturnedToTeam { from: Some(by) },
    ]);
    facts
}

fn fact_name(fact: &Fact) -> String {
    match fact {
        Fact::Designated { why, .. } => return format!("designated.{}", why_name(*why)),
        Fact::Received { .. } => "received",
        Fact::Released { .. } => "released",
        Fact::Queued => "queued",
        Fact::Started { .. } => "started",
        Fact::TransferredToTeam { .. } => "transferred_to_team",
        Fact::TransferredToPerson { .. } => "transferred_to_person",
        Fact::Concluded { .. } => "concluded",
        Fact::Restarted { .. } => "restarted",
        Fact::Returned { .. } => "returned",
        Fact::AutoReplied => "auto_replied",
        Fact::ReturnedToTeam { .. } => "returned_to_team",
    }
    .to_owned()
}

fn why_name(why: Why) -> &'static str {
    match why {
        Why::TheirTurn => "their_turn",
        Why::LimitReached { .. } => "limit_reached",
        Why::LimitReachedDuringOutage { .. } => "limit_reached_during_outage",
        Why::MaximumReached => "maximum_reached",
        Why::NobodyEligible => "nobody_eligible",
        Why::DistributionOff => "distribution_off",
        Why::DesigneeLeft { .. } => "designee_left",
        Why::DesigneeUnavailable { .. } => "designee_unavailable",
        Why::Preferred => "preferred",
        Why::SlotFreed => "slot_freed",
        Why::LeastRecent => "least_recent",
        Why::LeastLoaded => "least_loaded",
        Why::MaximumReachedDuringOutage => "maximum_reached_during_outage",
    }
}

pub fn page() -> Page {
    Page { epoch: Epoch(2), rows: vec![(Seq(3), text())], next: Some("04".to_owned()) }
}

pub fn started() -> Started {
    let (account, seq, epoch) = (AccountId(Uuid::from_u128(8)), Seq(300), Epoch(2));
    Started { schema: SCHEMA, account, person: PERSON, seq, epoch, atoms: vec![Atom::EVERYONE], now: NOON }
}

fn named<T>(samples: Vec<T>, name: impl Fn(&T) -> &'static str) -> Named<T> {
    samples.into_iter().map(|sample| (name(&sample).to_owned(), sample)).collect()
}
