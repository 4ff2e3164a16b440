//! Nothing tells whether something of another account, or unseen in one's own, is there: every way in is tried with such
//! ids, and with ids that never were, and the answers are the same to the byte.
//!
//! To add a server function: give it a line in [`probes`]. To add a call: a line in [`calls`]. To add an address: a line
//! in [`addresses`]. The test fails until that is done.

use std::collections::BTreeSet;

use ciranda_api::{PATHS, Rev};
use ciranda_domain::ids::{ConversationId, MessageId, PersonId, TeamId};
use ciranda_domain::person::Profile;
use ciranda_domain::settings::{DayForm, DistributionForm, HoursForm, PersonForm, RoleForm, TeamForm};
use ciranda_domain::team::{Level, Membership};
use ciranda_server::desk::calls::Outcome;
use ciranda_server::desk::rights::{Revision, revise};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, Refused, SCHEMA, SUBPROTOCOL, Up};
use ciranda_sync::rows::{Epoch, Seq};
use ciranda_sync::wire::{decode_down, encode};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

use super::{Desk, raw};
use crate::desk::world::{FREE, World};
use crate::rig::{fresh_id, log_in};

const JOANA: &str = "5511900000001";

/// Ids of things that are somewhere else, unseen, or nowhere.
#[derive(Clone, Copy, Debug)]
struct Ids {
    team: Uuid,
    person: Uuid,
    conversation: Uuid,
    message: Uuid,
    channel: Uuid,
}

impl Ids {
    fn unknown() -> Self {
        Self {
            team: fresh_id(),
            person: fresh_id(),
            conversation: fresh_id(),
            message: fresh_id(),
            channel: fresh_id(),
        }
    }

    /// What a shop has, as told by somebody who sees it.
    async fn of(shop: &World) -> Self {
        let conversation = shop.with(JOANA).await.id;
        let message = shop.lines(conversation).await.first().expect("she wrote").message.id;
        Self {
            team: shop.other_team.0,
            person: shop.person("Davi").0,
            conversation: conversation.0,
            message: message.0,
            channel: shop.channel.0,
        }
    }

    /// An answer in which these ids are no different from others.
    fn blank(&self, mut text: String) -> String {
        for id in [self.team, self.person, self.conversation, self.message, self.channel] {
            text = text.replace(&id.to_string(), "ID");
        }
        text
    }
}

/// How a server function is tried.
enum Probe {
    /// Takes no id of anything in an account: there is nothing to find with it.
    NoIds,
    /// For administrators: bodies with ids.
    Bodies(fn(&Ids) -> Vec<Value>),
    /// For attendants too, each within what they see: bodies with ids.
    Attendants(fn(&Ids) -> Vec<Value>),
}

/// Questions to the reports of one day, with each id in its place.
fn reports(ids: &Ids) -> Vec<Value> {
    let day = 20_781;
    let plain = json!({ "from": day, "to": day, "team": null, "person": null, "channel": null });
    let places = [("team", ids.team), ("person", ids.person), ("channel", ids.channel)];
    let asked = places.map(|(place, id)| {
        let mut query = plain.clone();
        query[place] = json!(id);
        query
    });
    asked.into_iter().collect()
}

/// The rows behind a number, with each id in its place.
fn report_rows(ids: &Ids) -> Vec<Value> {
    let rows = |query: &Value, cell: Value, after: Value| {
        let asked = json!({ "query": query, "cell": cell, "metric": "Arrivals", "part": "Counted", "after": after });
        json!({ "rows": asked })
    };
    let queries = reports(ids);
    let mut plain = queries[0].clone();
    plain["team"] = Value::Null;
    let end = json!({ "at": 1_795_489_200_000_i64, "conversation": ids.conversation, "no": 0 });
    let cells = [json!({ "Team": ids.team }), json!({ "Person": ids.person }), json!({ "Channel": ids.channel })];
    let cells = cells.into_iter().map(|cell| rows(&plain, cell, Value::Null));
    let whole = queries.iter().map(|query| rows(query, json!("All"), Value::Null));
    cells.chain(whole).chain([rows(&plain, json!("All"), end)]).collect()
}

/// An answer without the instant at which it is true.
fn timeless(text: &str) -> String {
    let mut parts = text.split("\"at\":");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn team_form(people: &[Uuid], instead_of: Option<Uuid>) -> TeamForm {
    let role = |person: &Uuid| RoleForm { person: PersonId(*person), attends: true, supervises: false };
    TeamForm {
        name: "Sondagem".into(),
        is_default: instead_of.is_some(),
        instead_of: instead_of.map(TeamId),
        level: Level::Team,
        distribution: DistributionForm::default(),
        people: people.iter().map(role).collect(),
    }
}

fn person_form(ids: &Ids) -> PersonForm {
    let part = Membership { team: TeamId(ids.team), person: PersonId(ids.person), attends: true, supervises: false };
    PersonForm {
        name: "Sondagem".into(),
        email: "sondagem@loja.example".into(),
        phone: String::new(),
        profile: Profile::Attendant,
        memberships: vec![part],
    }
}

fn hours_form() -> HoursForm {
    HoursForm {
        limited: true,
        week: std::array::from_fn(|_| DayForm::default()),
        exceptions: Vec::new(),
        zone: "UTC".into(),
        replies: false,
        auto_reply: String::new(),
    }
}

/// Every server function there is.
fn probes(name: &str) -> Probe {
    use Probe::{Bodies, NoIds};
    match name {
        "sign_in_options" | "whoami" | "sign_out" | "settings" | "board" => NoIds,
        // They take logins and secrets; that the answers are alike is shown in `auth::codes`.
        "request_code" | "enter" | "redeem_link" => NoIds,
        "enter_as" => Bodies(|ids| vec![json!({ "person": ids.person })]),
        "create_team" => Bodies(|ids| {
            let form = |form: TeamForm| json!({ "team": Uuid::from_u128(1), "form": form });
            vec![form(team_form(&[ids.person], None)), form(team_form(&[], Some(ids.team)))]
        }),
        "save_team" => Bodies(|ids| {
            vec![json!({ "team": ids.team, "rev": Rev::default(), "form": team_form(&[], None), "leaving": null })]
        }),
        "preview_delete_team" => Bodies(|ids| vec![json!({ "team": ids.team })]),
        "delete_team" => Bodies(|ids| {
            let fates = [Value::Null, json!("Conclude"), json!({ "MoveTo": ids.team })];
            fates.into_iter().map(|fate| json!({ "team": ids.team, "fate": fate })).collect()
        }),
        "invite_person" => Bodies(|ids| vec![json!({ "person": Uuid::from_u128(2), "form": person_form(ids) })]),
        "resend_invite" | "unblock_person" | "preview_delete_person" | "view_as" => {
            Bodies(|ids| vec![json!({ "person": ids.person })])
        }
        "save_person" => Bodies(|ids| {
            vec![json!({ "person": ids.person, "rev": Rev::default(), "form": person_form(ids), "leaving": null })]
        }),
        "block_person" | "delete_person" => Bodies(|ids| {
            let fates = [Value::Null, json!("ReturnToQueue"), json!({ "Transfer": ids.person })];
            fates.into_iter().map(|fate| json!({ "person": ids.person, "fate": fate })).collect()
        }),
        "save_hours" => Bodies(|_| vec![json!({ "rev": Rev::default(), "form": hours_form() })]),
        "save_access" => Bodies(|_| vec![json!({ "rev": Rev::default(), "form": { "counts_unseen": true } })]),
        "set_availability_of" => Bodies(|ids| vec![json!({ "person": ids.person, "availability": "Unavailable" })]),
        "audit" => Bodies(|ids| {
            let subject = |id: Uuid| json!({ "filter": { "subject": id }, "before": null });
            vec![
                subject(ids.team),
                subject(ids.person),
                json!({ "filter": { "who": ids.person }, "before": null }),
                json!({ "filter": { "subject": ids.team }, "before": format!("1795489200000.{}", ids.person) }),
            ]
        }),
        "today" => NoIds,
        "report" => Probe::Attendants(|ids| reports(ids).into_iter().map(|query| json!({ "query": query })).collect()),
        "explain" => Probe::Attendants(|ids| vec![json!({ "conversation": ids.conversation })]),
        "report_rows" => Probe::Attendants(report_rows),
        other => panic!("{other} is new: say in `probes` which ids it takes"),
    }
}

/// Every call there is, with these ids.
fn calls(ids: &Ids, own: ConversationId) -> Vec<Call> {
    let (conversation, message) = (ConversationId(ids.conversation), MessageId(ids.message));
    let (team, person) = (TeamId(ids.team), PersonId(ids.person));
    let new = || MessageId(fresh_id());
    let note = |conversation, mentions| Call::AddNote { conversation, message: new(), text: "oi".into(), mentions };
    vec![
        Call::Start { conversation },
        Call::Send { conversation, message: new(), text: "oi".into() },
        Call::Conclude { conversation },
        Call::TransferToTeam { conversation, team },
        Call::TransferToTeam { conversation: own, team },
        Call::TransferToPerson { conversation, person, team },
        Call::TransferToPerson { conversation: own, person, team },
        Call::Restart { conversation },
        Call::MarkRead { conversation },
        Call::CancelWaiting { conversation, message },
        Call::CancelWaiting { conversation: own, message },
        Call::Retry { conversation, message },
        Call::Retry { conversation: own, message },
        Call::SetAvailability { availability: ciranda_domain::person::Availability::Available },
        Call::Nothing,
        Call::TakeOver { conversation, from: None },
        note(conversation, Vec::new()),
        Call::Prefer { conversation, person: None },
        Call::Prefer { conversation: own, person: Some(person) },
    ]
}

/// A number for each kind of call; a new one does not compile until it is here, and then fails until it is in [`calls`].
const fn kind_of(call: &Call) -> usize {
    match call {
        Call::Start { .. } => 0,
        Call::Send { .. } => 1,
        Call::Conclude { .. } => 2,
        Call::TransferToTeam { .. } => 3,
        Call::TransferToPerson { .. } => 4,
        Call::Restart { .. } => 5,
        Call::MarkRead { .. } => 6,
        Call::CancelWaiting { .. } => 7,
        Call::Retry { .. } => 8,
        Call::SetAvailability { .. } => 9,
        Call::Nothing => 10,
        Call::TakeOver { .. } => 11,
        Call::AddNote { .. } => 12,
        Call::Prefer { .. } => 13,
    }
}
const KINDS: usize = 14;

/// Every address that takes an id, pages, files and exports included.
fn addresses(ids: &Ids) -> Vec<String> {
    vec![
        format!("/sync/v1/page?part=open&after={}", ids.conversation),
        format!("/sync/v1/page?part=finished&after=1795489200000.{}", ids.conversation),
    ]
}

/// Two shops on one server, each with a conversation that the other must not find.
async fn two_shops() -> (Desk, World) {
    let desk = Desk::new(FREE).await;
    let neighbour = desk.shop.neighbour(FREE).await;
    for shop in [&desk.shop, &neighbour] {
        shop.write(JOANA, "segredo").await;
        let id = shop.with(JOANA).await.id;
        shop.ok("Rosa", Call::TransferToTeam { conversation: id, team: shop.other_team }).await;
    }
    (desk, neighbour)
}

#[tokio::test]
async fn no_server_function_tells_another_accounts_ids_from_ids_that_never_were() {
    let (desk, neighbour) = two_shops().await;
    let theirs = Ids::of(&neighbour).await;
    let before = (desk.standing().await, Ids::of(&neighbour).await.conversation);
    // What of their own account somebody does not see; teams and people everybody of the account knows.
    let unseen = Ids { team: fresh_id(), person: fresh_id(), channel: fresh_id(), ..Ids::of(&desk.shop).await };
    let bruno = log_in(&desk.shop.test, desk.shop.account, desk.shop.person("Bruno")).await;
    for path in PATHS {
        let name = path.rsplit('/').next().expect("a name");
        let (bodies, askers) = match probes(name) {
            Probe::NoIds => continue,
            Probe::Bodies(bodies) => (bodies, vec![(&desk.cookie, theirs)]),
            Probe::Attendants(bodies) => (bodies, vec![(&desk.cookie, theirs), (&bruno, theirs), (&bruno, unseen)]),
        };
        for (cookie, ids) in askers {
            let nowhere = Ids::unknown();
            for (there, never) in bodies(&ids).into_iter().zip(bodies(&nowhere)) {
                let found = raw(&desk.shop.test, Some(cookie), path, &there).await;
                let missing = raw(&desk.shop.test, Some(cookie), path, &never).await;
                assert_eq!(
                    (found.0, timeless(&ids.blank(found.1))),
                    (missing.0, timeless(&nowhere.blank(missing.1))),
                    "{path} with {there}"
                );
            }
        }
    }
    assert_eq!((desk.standing().await, Ids::of(&neighbour).await.conversation), before, "and nothing was changed");
}

#[tokio::test]
async fn whoever_may_not_configure_is_told_the_same_whatever_the_ids() {
    let (desk, neighbour) = two_shops().await;
    let shop = &desk.shop;
    let sets = [Ids::of(shop).await, Ids::of(&neighbour).await, Ids::unknown()];
    let before = desk.standing().await;
    for who in ["Bruno", "Eva"] {
        let cookie = log_in(&shop.test, shop.account, shop.person(who)).await;
        for path in PATHS {
            let name = path.rsplit('/').next().expect("a name");
            let Probe::Bodies(bodies) = probes(name) else { continue };
            let mut answers = BTreeSet::new();
            for ids in &sets {
                for body in bodies(ids) {
                    let (status, text) = raw(&shop.test, Some(&cookie), path, &body).await;
                    answers.insert((status.as_u16(), ids.blank(text)));
                }
            }
            assert_eq!(answers.len(), 1, "{who}, {path}: {answers:?}");
            assert!(answers.iter().all(|(status, _)| matches!(status, 403 | 404)), "{who}, {path}: {answers:?}");
        }
    }
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn nobody_who_is_not_logged_in_gets_anything_but_that() {
    let (desk, neighbour) = two_shops().await;
    let ids = Ids::of(&neighbour).await;
    for path in PATHS {
        let name = path.rsplit('/').next().expect("a name");
        let body = match probes(name) {
            Probe::Bodies(bodies) | Probe::Attendants(bodies) => bodies(&ids).remove(0),
            Probe::NoIds if matches!(name, "settings" | "board" | "today" | "whoami") => json!({}),
            Probe::NoIds => continue,
        };
        let (status, text) = raw(&desk.shop.test, None, path, &body).await;
        let expected = if name == "enter_as" { (404, "DemoOnly") } else { (401, "SignedOut") };
        assert_eq!(status.as_u16(), expected.0, "{path}");
        assert!(text.contains(expected.1), "{path}: {text}");
    }
}

/// What somebody is told of a call, without what differs between any two.
async fn told(shop: &World, name: &str, call: Call) -> String {
    match shop.press(name, call).await {
        Outcome::Done { changed, .. } => format!("done {changed}"),
        Outcome::Refused { refusal, .. } => format!("{refusal:?}"),
        Outcome::Seen => "seen".into(),
        Outcome::Gap => "gap".into(),
    }
}

#[tokio::test]
async fn no_call_tells_what_is_unseen_from_what_never_was() {
    let (desk, neighbour) = two_shops().await;
    let shop = &desk.shop;
    // Bruno's own, in the first team; the other team's, which Davi serves, he does not see.
    shop.write("5511900000002", "oi").await;
    let own = shop.with("5511900000002").await.id;
    shop.ok("Bruno", Call::Start { conversation: own }).await;
    shop.ok("Davi", Call::Start { conversation: shop.with(JOANA).await.id }).await;
    let unseen = Ids { team: fresh_id(), person: fresh_id(), ..Ids::of(shop).await };
    for ids in [Ids::of(&neighbour).await, unseen] {
        let nowhere = Ids::unknown();
        let kinds: BTreeSet<usize> = calls(&ids, own).iter().map(kind_of).collect();
        assert_eq!(kinds, (0..KINDS).collect(), "every kind of call is tried");
        for (there, never) in calls(&ids, own).into_iter().zip(calls(&nowhere, own)) {
            let what = format!("{there:?}");
            let (found, missing) = (told(shop, "Bruno", there.clone()).await, told(shop, "Bruno", never).await);
            assert_eq!(found, missing, "{what}");
            let harmless = matches!(there, Call::SetAvailability { .. } | Call::Nothing);
            assert_eq!(found.starts_with("done"), harmless, "{what}");
            if there.conversation().is_some_and(|id| id != own) {
                assert_eq!(found, format!("{:?}", Refused::NotFound), "{what}");
            }
        }
    }
    assert_eq!(neighbour.holder(JOANA).await, "equipe");
    assert_eq!(shop.holder(JOANA).await, "com Davi");
}

#[tokio::test]
async fn no_address_tells_what_is_unseen_from_what_never_was() {
    let (desk, neighbour) = two_shops().await;
    let shop = &desk.shop;
    let cookie = log_in(&shop.test, shop.account, shop.person("Bruno")).await;
    let get = async |path: &str| {
        let request = reqwest::Client::new().get(shop.test.url(path)).header("cookie", &cookie);
        let response = request.send().await.expect("answered");
        (response.status(), response.bytes().await.expect("bytes"))
    };
    for ids in [Ids::of(&neighbour).await, Ids::of(shop).await] {
        // Pages go on after an id, so the one that never was stands where the other does.
        let near = Uuid::from_u128(ids.conversation.as_u128() + 1);
        let nowhere = Ids { conversation: near, ..Ids::unknown() };
        for (there, never) in addresses(&ids).iter().zip(addresses(&nowhere)) {
            assert_eq!(get(there).await, get(&never).await, "{there}");
        }
    }
}

/// The answer to a frame on a socket of its own, as bytes, with `id` blanked out.
async fn answered(shop: &World, name: &str, up: Up, id: Uuid) -> Vec<u8> {
    let cookie = log_in(&shop.test, shop.account, shop.person(name)).await;
    let address = format!("{}/sync/v1", shop.test.base.replace("http:", "ws:"));
    let mut request = address.into_client_request().expect("an address");
    let headers = [("cookie", cookie.as_str()), ("origin", &shop.test.base), ("sec-websocket-protocol", SUBPROTOCOL)];
    for (header, value) in headers {
        request.headers_mut().insert(header, value.parse().expect("plain"));
    }
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("opened");
    let client = ciranda_domain::ids::ClientId(fresh_id());
    let hello = Up::Hello { client, cursor: Seq(1), epoch: Epoch(0), schema: SCHEMA, settled: 0 };
    for up in [hello, up] {
        socket.send(Message::Binary(encode(&up).into())).await.expect("sent");
    }
    loop {
        let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("it answers") };
        if matches!(decode_down(&bytes), Ok(Down::Lines { .. } | Down::History { .. })) {
            let text = hex::encode(&bytes).replace(&id.simple().to_string(), "id");
            return text.into_bytes();
        }
    }
}

#[tokio::test]
async fn an_opened_conversation_that_is_unseen_is_answered_as_one_that_never_was() {
    let (desk, neighbour) = two_shops().await;
    let shop = &desk.shop;
    ciranda_server::hub::spawn(&shop.test.app);
    // Numbers of what is not seen are of contacts whose conversation is: switched on, nothing more is told here.
    revise(shop.app(), shop.account, Revision::CountsUnseen(true)).await.expect("switched on");
    for ids in [Ids::of(&neighbour).await, Ids::of(shop).await] {
        let nowhere = Ids::unknown();
        let frames = |ids: &Ids| {
            let (conversation, before) = (ConversationId(ids.conversation), MessageId(ids.message));
            [
                Up::Open { conversation, have: Seq(0) },
                Up::Open { conversation, have: Seq(5) },
                Up::Older { conversation, before },
                Up::History { conversation },
            ]
        };
        for (there, never) in frames(&ids).into_iter().zip(frames(&nowhere)) {
            let found = answered(shop, "Bruno", there, ids.conversation).await;
            assert_eq!(found, answered(shop, "Bruno", never, nowhere.conversation).await);
        }
    }
}
