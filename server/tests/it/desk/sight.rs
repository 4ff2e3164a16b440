//! Sight asked of the database, of the rules and of the sockets' filter: the same answer for everybody.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::access::{Actor, Unseen};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Archive, Conversation, Finished, LastLine, Pending, Side, State, Window};
use ciranda_domain::ids::{AccountId, ChannelId, ContactId, ConversationId, IdentityId, PersonId, TeamId};
use ciranda_domain::message::{Delivery, Kind};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{PersonStatus, Profile};
use ciranda_domain::team::Level;
use ciranda_domain::time::{Moment, Span};
use ciranda_server::desk::Work;
use ciranda_server::store;
use ciranda_server::store::codes::Code;
use ciranda_server::store::contact::{Identity, IdentityRow};
use ciranda_server::store::conversation::Held;
use ciranda_server::store::page::Reader;
use ciranda_sync::filter;
use ciranda_sync::frames::Page;
use ciranda_sync::horizon::{FinishedKey, Horizon};
use ciranda_sync::rows::{Epoch, Row, Seq};
use ciranda_sync::wire::{decode_page, encode};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::rig::{TestApp, fresh_id};

/// Conversations of each company, people, teams.
const SIZE: (usize, usize, usize) = (250, 10, 4);
/// Companies. With each person and each conversation: a hundred thousand times sight is asked.
const SEEDS: u64 = 40;
/// Contacts of each company.
const CONTACTS: usize = 40;
/// Of so many conversations that somebody sees, the history of one is read.
const HISTORIES: usize = 12;
/// Small, so that several pages are read.
const PAGE: i64 = 40;

/// A company made at random.
struct Company {
    account: AccountId,
    channel: ChannelId,
    people: Vec<PersonId>,
    teams: Vec<TeamId>,
    /// Who write; each has several conversations.
    contacts: Vec<ContactId>,
}

fn of<T: Copy>(random: &mut StdRng, all: &[T]) -> T {
    all[random.random_range(0..all.len())]
}

impl Company {
    async fn found(test: &TestApp, random: &mut StdRng) -> Self {
        let company = Self {
            account: AccountId(fresh_id()),
            channel: ChannelId(fresh_id()),
            people: (0..SIZE.1).map(|_| PersonId(fresh_id())).collect(),
            teams: (0..SIZE.2).map(|_| TeamId(fresh_id())).collect(),
            contacts: (0..CONTACTS).map(|_| ContactId(fresh_id())).collect(),
        };
        let mut sql = format!(
            "insert into account (account_id, name, zone, calendar, created_at) values ('{0}', 'Loja', 'UTC', 'null', 0);
             insert into account_seq (account_id) values ('{0}');
             insert into channel (account_id, id, kind, name, address, provider_id) values ('{0}', '{1}', 1, 'W', '', '{1}');",
            company.account.0, company.channel.0
        );
        for (number, person) in (1..).zip(&company.people) {
            let profile =
                of(random, &[Profile::Administrator, Profile::Attendant, Profile::Attendant, Profile::Restricted]);
            let status = of(random, &[PersonStatus::Active; 6]);
            let status = if random.random_bool(0.15) { PersonStatus::Blocked } else { status };
            sql += &format!(
                "insert into person (account_id, id, number, name, profile, status, created_at)
                 values ('{}', '{}', {number}, 'P', {}, {}, {number});",
                company.account.0,
                person.0,
                profile.code(),
                status.code()
            );
        }
        for (number, team) in (1..).zip(&company.teams) {
            let level = of(random, &[Level::Everyone, Level::Team, Level::Attendant]);
            sql += &format!(
                "insert into team (account_id, id, number, name, is_default, level)
                 values ('{}', '{}', {number}, 'T', {}, {});",
                company.account.0,
                team.0,
                number == 1,
                level.code()
            );
            for person in &company.people {
                let (attends, supervises) = (random.random_bool(0.5), random.random_bool(0.2));
                if attends || supervises {
                    sql += &format!(
                        "insert into membership (account_id, team_id, person_id, attends, supervises)
                         values ('{}', '{}', '{}', {attends}, {supervises});",
                        company.account.0, team.0, person.0
                    );
                }
            }
        }
        let sql = sqlx::AssertSqlSafe(sql);
        sqlx::raw_sql(sql).execute(&mut test.db.owner().await).await.expect("founded");
        company
    }

    fn somebody(&self, random: &mut StdRng) -> Option<PersonId> {
        random.random_bool(0.8).then(|| of(random, &self.people))
    }

    fn state(&self, random: &mut StdRng, now: Moment) -> State {
        let since = now - Span::minutes(random.random_range(0..10_000));
        match random.random_range(0..7) {
            0 => State::Pending(Pending::Queued { since }),
            1 => State::Pending(Pending::Open { since }),
            2 => {
                let timed = random.random_bool(0.5);
                State::Pending(Pending::Designated {
                    designee: of(random, &self.people),
                    since,
                    deadline: timed.then(|| since + Span::minutes(10)),
                    max_deadline: timed.then(|| since + Span::minutes(60)),
                    attempt: random.random_range(1..9),
                })
            }
            3..5 => State::InProgress { responsible: of(random, &self.people), since },
            _ => State::Finished(Finished {
                at: since,
                by: self.somebody(random),
                responsible: self.somebody(random),
                archive: of(random, &[Archive::InTwelveHours, Archive::Immediately]),
            }),
        }
    }

    fn head(&self, random: &mut StdRng, now: Moment) -> Conversation {
        let line = random.random_bool(0.8);
        let window = Window {
            last_counted: random.random_bool(0.8).then(|| now - Span::minutes(random.random_range(0..3000))),
            refused_at: random.random_bool(0.2).then_some(now),
        };
        let deliveries = [None, Some(Delivery::Queued), Some(Delivery::Read), Some(Delivery::Failed { code: 131_026 })];
        let last_at = now - Span::minutes(random.random_range(0..500));
        let last_line = LastLine {
            at: last_at,
            side: of(random, &[Side::Customer, Side::Desk]),
            text: "até já".into(),
            kind: of(random, &[Kind::Text, Kind::Image]),
            delivery: of(random, &deliveries),
        };
        Conversation {
            id: ConversationId(fresh_id()),
            channel: self.channel,
            contact: ContactCard {
                id: of(random, &self.contacts),
                identity: IdentityId(fresh_id()),
                name: "Cliente".into(),
                phone: "5511900000000".into(),
                preferred: None,
            },
            team: of(random, &self.teams),
            state: self.state(random, now),
            created_at: now - Span::days(8),
            enqueued_at: None,
            last_at,
            last_line: line.then_some(last_line),
            unread: random.random_range(0..4),
            window,
            waiting: random.random_range(0..3),
            received_from: self.somebody(random),
            mentions: Vec::new(),
        }
    }

    /// Writes conversations as every transaction of the desk does.
    async fn fill(&self, test: &TestApp, random: &mut StdRng) -> BTreeMap<ConversationId, Conversation> {
        let mut scoped = store::begin(&test.app, self.account).await.expect("begun");
        let reference = test.app.memory.reference(&mut scoped).await.expect("read");
        let mut work = Work::new(reference, scoped.now);
        let mut heads = BTreeMap::new();
        for contact in &self.contacts {
            let (id, name) = (contact.0, "Cliente".to_owned());
            work.writes.contacts.push(store::contact::ContactRow { id, name, created_at: 0 });
        }
        for _ in 0..SIZE.0 {
            let head = self.head(random, work.now);
            work.writes.identities.push(IdentityRow::of(&Identity {
                id: head.contact.identity,
                contact: head.contact.id,
                kind: ChannelKind::WhatsApp,
                phone: Some(head.contact.phone.clone()),
                phone_key: None,
                user_id: None,
            }));
            work.create(head.clone());
            heads.insert(head.id, head);
        }
        work.commit(&test.app, scoped).await.expect("written");
        heads
    }

    /// What the database shows a person, page by page.
    async fn shown(&self, test: &TestApp, person: PersonId) -> BTreeSet<ConversationId> {
        let mut scoped = store::snapshot(&test.app, self.account).await.expect("begun");
        let atoms = test.app.memory.reference(&mut scoped).await.expect("read").rights(person).atoms;
        let reader = Reader { person, atoms: &atoms };
        let mut shown = BTreeSet::new();
        let mut after = None;
        loop {
            let page = scoped.open_page(&reader, after, PAGE).await.expect("read");
            assert!(page.iter().all(|held| shown.insert(held.head.id)), "nothing is shown twice");
            let Some(last) = page.last() else { break };
            after = Some(last.head.id);
        }
        let mut before: Option<FinishedKey> = None;
        loop {
            let page = scoped.finished_page(&reader, Horizon::default(), before, PAGE).await.expect("read");
            assert!(page.iter().all(|held| shown.insert(held.head.id)), "nothing is shown twice");
            let Some(last) = page.last() else { return shown };
            let State::Finished(finished) = last.head.state else { panic!("only finished ones") };
            before = Some((finished.at, last.head.id));
        }
    }
}

/// What the history of one contact after another shows a person is what the rule shows them; of the others it knows how
/// many there are in their own teams and in others (ACC-10).
async fn histories(
    test: &TestApp,
    account: AccountId,
    actor: &Actor,
    heads: &BTreeMap<ConversationId, Conversation>,
) -> (usize, usize) {
    let (mut shown, mut counted) = (0, 0);
    let mut scoped = store::snapshot(&test.app, account).await.expect("begun");
    for open in heads.values().filter(|head| actor.sees(head)).step_by(HISTORIES) {
        let others = heads.values().filter(|head| head.contact.id == open.contact.id && head.id != open.id);
        let (seen, hidden): (Vec<_>, Vec<_>) = others.partition(|head| actor.sees(head));
        let seen: BTreeSet<_> = seen.into_iter().map(|head| head.id).collect();
        let mine = |team| actor.memberships.iter().any(|membership| membership.team == team);
        let own_teams = hidden.iter().filter(|head| mine(head.team)).count();
        let unseen = (u32::try_from(own_teams), u32::try_from(hidden.len() - own_teams));
        let reader = Reader { person: actor.person, atoms: actor.atoms() };
        let told = scoped.history(&reader, open, i64::MAX).await.expect("read");
        assert_eq!(told.iter().map(|held| held.head.id).collect::<BTreeSet<_>>(), seen, "{actor:?}");
        let number = Unseen::count(actor, scoped.unseen(&reader, open).await.expect("read"));
        assert_eq!((Ok(number.own_teams), Ok(number.elsewhere)), unseen, "{actor:?}");
        (shown, counted) = (shown + seen.len(), counted + hidden.len());
    }
    (shown, counted)
}

/// The rows as they come out of a frame at the other end.
fn as_replicated(reference: &[(Seq, Row)], heads: &[Held]) -> (Organisation, Vec<Conversation>) {
    let (mut people, mut teams, mut memberships) = (Vec::new(), Vec::new(), Vec::new());
    let heads = heads.iter().map(|held| {
        let audience = held.audience.clone();
        (held.rev, Row::Conversation { head: Box::new(held.head.clone()), audience })
    });
    let rows = reference.iter().cloned().chain(heads).collect();
    let page = decode_page(&encode(&Page { epoch: Epoch(0), rows, next: None })).expect("just written");
    let mut sent = Vec::new();
    for (_, row) in page.rows {
        match row {
            Row::Person(person) => people.push(person),
            Row::Team(team) => teams.push(team),
            Row::Membership(membership) => memberships.push(membership),
            Row::Conversation { head, .. } => sent.push(*head),
            Row::Account(_) | Row::Channel(_) | Row::Message(_) => {}
        }
    }
    (Organisation::new(people, teams, memberships), sent)
}

#[tokio::test]
async fn the_database_shows_everybody_what_the_rules_let_them_see() {
    let test = TestApp::start().await;
    let (mut shown, mut hidden, mut beside) = (0, 0, (0, 0));
    for seed in 0..SEEDS {
        let mut random = StdRng::seed_from_u64(seed);
        let company = Company::found(&test, &mut random).await;
        let heads = company.fill(&test, &mut random).await;
        let mut scoped = store::begin(&test.app, company.account).await.expect("begun");
        let reference = test.app.memory.reference(&mut scoped).await.expect("read");
        let ids: Vec<ConversationId> = heads.keys().copied().collect();
        let stored = scoped.conversations(&ids).await.expect("read");
        let (replicated, sent) = as_replicated(&reference.rows, &stored);
        for person in &company.people {
            let actor = reference.organisation.actor(*person).expect("one of them");
            let by_rule: BTreeSet<_> = heads.values().filter(|head| actor.sees(head)).map(|head| head.id).collect();
            assert_eq!(company.shown(&test, *person).await, by_rule, "seed {seed}, {actor:?}");
            let rights = reference.rights(*person);
            let open = BTreeSet::new();
            let (epoch, horizon) = (rights.epoch, Horizon::default());
            let filter = filter::Session { person: *person, atoms: rights.atoms, epoch, open, horizon };
            // What the person's browser makes of the rows it is given.
            let client = replicated.actor(*person).expect("one of them");
            let by_client = sent.iter().filter(|head| client.sees(head)).map(|head| head.id);
            assert_eq!(by_client.collect::<BTreeSet<_>>(), by_rule, "seed {seed}, the browser of {actor:?}");
            let told = stored.iter().filter(|held| filter.sees(&held.audience)).map(|held| held.head.id);
            assert_eq!(told.collect::<BTreeSet<_>>(), by_rule, "seed {seed}, the filter of {actor:?}");
            let (seen, counted) = histories(&test, company.account, &actor, &heads).await;
            beside = (beside.0 + seen, beside.1 + counted);
            shown += by_rule.len();
            hidden += heads.len() - by_rule.len();
        }
    }
    assert_eq!(shown + hidden, 100_000);
    assert!(shown > 20_000 && hidden > 20_000, "both happen: {shown}, {hidden}");
    assert!(beside.0 > 2_000 && beside.1 > 2_000, "and beside an open one: {beside:?}");
}

#[tokio::test]
async fn whatever_state_a_conversation_is_in_it_reads_back_as_it_was_written() {
    let test = TestApp::start().await;
    for seed in 0..SEEDS {
        let mut random = StdRng::seed_from_u64(100 + seed);
        let company = Company::found(&test, &mut random).await;
        let heads = company.fill(&test, &mut random).await;
        let mut scoped = store::begin(&test.app, company.account).await.expect("begun");
        let reference = test.app.memory.reference(&mut scoped).await.expect("read");
        let ids: Vec<ConversationId> = heads.keys().copied().collect();
        let read = scoped.conversations(&ids).await.expect("read");
        assert_eq!(read.len(), heads.len());
        for held in read {
            assert_eq!(held.audience, reference.audience(&held.head), "seed {seed}");
            assert_eq!(held.head, heads[&held.head.id], "seed {seed}");
        }
    }
}
