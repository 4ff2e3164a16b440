//! What becomes of conversations when whoever holds them, or their team, goes (product.md 8 and 19).

use ciranda_domain::conversation::{Archive, Conversation, Finished, Pending, State};
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::life::{Outcome, Told, leave, leave_team};
use ciranda_domain::message::{Ended, Fact};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{PersonStatus, Profile};
use ciranda_domain::settings::{Fate, TeamFate, receiving_team};
use ciranda_domain::team::Level;

use super::in_progress_since;
use crate::fixtures::*;

/// Bruno goes, by Ana's word, at 09:30; Ana administers.
fn bruno_goes(fate: Fate, organisation: &Organisation) -> Outcome {
    let head = Conversation { received_from: Some(EVA), unread: 1, ..conversation(in_progress(BRUNO)) };
    leave(&head, fate, ANA, organisation, at(9, 30)).expect("in progress")
}

fn open_since_then() -> State {
    State::Pending(Pending::Open { since: at(9, 30) })
}

fn block(organisation: &mut Organisation, person: PersonId) {
    organisation.people.get_mut(&person).expect("of the account").status = PersonStatus::Blocked;
}

fn delete(organisation: &mut Organisation, team: TeamId) {
    organisation.teams.get_mut(&team).expect("of the account").deleted = true;
}

const BRUNO_LEFT: Option<Ended> = Some(Ended::Attendance(BRUNO));
const TEAM_DELETED: Option<Ended> = Some(Ended::Team(SUPORTE));

#[test]
fn what_somebody_held_goes_to_the_receiver_with_the_mark_of_a_transfer() {
    let outcome = bruno_goes(Fate::Transfer(DAVI), &organisation(Level::Team));
    assert_eq!((outcome.head.state, outcome.head.team), (in_progress_since(DAVI), SUPORTE));
    assert_eq!((outcome.head.received_from, outcome.head.unread), (Some(ANA), 1));
    assert_eq!(outcome.facts, [Fact::TransferredToPerson { by: ANA, to: DAVI, team: SUPORTE, because: BRUNO_LEFT }]);
    assert_eq!((outcome.told, outcome.loads_changed), (vec![], vec![BRUNO, DAVI]));
    let to_herself = bruno_goes(Fate::Transfer(ANA), &organisation(Level::Team));
    assert_eq!((to_herself.head.state, to_herself.head.received_from), (in_progress_since(ANA), None));
    let elsewhere = bruno_goes(Fate::Transfer(GIL), &organisation(Level::Team));
    assert_eq!((elsewhere.head.state, elsewhere.head.team), (in_progress_since(GIL), GERAL), "in the receiver's team");
}

#[test]
fn where_nobody_can_take_it_it_returns_to_the_queue() {
    let mut shop = organisation(Level::Team);
    block(&mut shop, DAVI);
    for fate in [Fate::ReturnToQueue, Fate::Transfer(BRUNO), Fate::Transfer(DAVI), Fate::Transfer(person_id(99))] {
        let outcome = bruno_goes(fate, &shop);
        assert_eq!((outcome.head.state, outcome.head.team), (open_since_then(), SUPORTE), "{fate:?}");
        assert_eq!(
            outcome.facts,
            [Fact::TransferredToTeam { by: ANA, from: SUPORTE, to: SUPORTE, because: BRUNO_LEFT }]
        );
        assert_eq!((outcome.told, outcome.loads_changed), (vec![Told::Enqueued { team: SUPORTE }], vec![BRUNO]));
    }
    delete(&mut shop, SUPORTE);
    assert_eq!(bruno_goes(Fate::ReturnToQueue, &shop).head.team, GERAL, "a deleted team queues nothing");
}

#[test]
fn what_somebody_held_may_be_concluded_for_good() {
    let outcome = bruno_goes(Fate::Conclude, &organisation(Level::Team));
    let archive = Archive::Immediately;
    let finished = Finished { at: at(9, 30), by: Some(ANA), responsible: Some(BRUNO), archive };
    assert_eq!((outcome.head.state, outcome.loads_changed), (State::Finished(finished), vec![BRUNO]));
}

#[test]
fn only_what_is_in_progress_is_held() {
    for state in [open(), designated(BRUNO), finished(Some(BRUNO))] {
        let shop = organisation(Level::Team);
        assert_eq!(leave(&conversation(state), Fate::Transfer(DAVI), ANA, &shop, at(9, 30)), None, "{state:?}");
    }
}

/// Suporte is deleted, by Ana's word, at 09:30.
fn team_goes(state: State, fate: TeamFate, organisation: &Organisation) -> Option<Outcome> {
    let head = Conversation { received_from: Some(EVA), ..conversation(state) };
    leave_team(&head, fate, ANA, organisation, at(9, 30))
}

#[test]
fn a_moved_conversation_stays_with_who_can_take_it_there_and_joins_the_pending_ones_otherwise() {
    let mut shop = organisation(Level::Team);
    shop.memberships.insert((GERAL, BRUNO), attends(BRUNO, GERAL));
    let stays = team_goes(in_progress(BRUNO), TeamFate::MoveTo(GERAL), &shop).expect("open");
    assert_eq!((stays.head.state, stays.head.team), (in_progress_since(BRUNO), GERAL));
    assert_eq!(stays.head.received_from, Some(EVA), "what was not opened is not opened by that");
    assert_eq!(stays.facts, [Fact::TransferredToPerson { by: ANA, to: BRUNO, team: GERAL, because: TEAM_DELETED }]);
    assert_eq!((stays.told, stays.loads_changed), (vec![], vec![]));
    let joins = team_goes(in_progress(DAVI), TeamFate::MoveTo(GERAL), &shop).expect("open");
    assert_eq!((joins.head.state, joins.head.team), (open_since_then(), GERAL));
    let queued = Fact::TransferredToTeam { by: ANA, from: SUPORTE, to: GERAL, because: TEAM_DELETED };
    assert_eq!(joins.facts, [queued]);
    assert_eq!((joins.told, joins.loads_changed), (vec![Told::Enqueued { team: GERAL }], vec![DAVI]));
    let pending = team_goes(designated(DAVI), TeamFate::MoveTo(GERAL), &shop).expect("open");
    assert_eq!(pending.told, [Told::Left { team: SUPORTE }, Told::Enqueued { team: GERAL }]);
}

#[test]
fn a_team_that_is_gone_by_then_means_the_default_one() {
    let mut shop = organisation(Level::Team);
    let vendas = TeamId(uuid::Uuid::from_u128(103));
    shop.teams.insert(vendas, team(vendas, Level::Team));
    let moved = |shop: &Organisation| team_goes(open(), TeamFate::MoveTo(vendas), shop).expect("open").head.team;
    assert_eq!(moved(&shop), vendas);
    delete(&mut shop, vendas);
    assert_eq!(moved(&shop), GERAL);
}

#[test]
fn a_team_that_goes_may_conclude_what_is_open_and_touches_nothing_else() {
    let shop = organisation(Level::Team);
    let State::Finished(end) = team_goes(in_progress(BRUNO), TeamFate::Conclude, &shop).expect("open").head.state
    else {
        panic!("finished")
    };
    assert_eq!((end.by, end.responsible, end.archive), (Some(ANA), Some(BRUNO), Archive::Immediately));
    for fate in [TeamFate::Conclude, TeamFate::MoveTo(GERAL)] {
        assert_eq!(team_goes(finished(Some(BRUNO)), fate, &shop), None);
    }
}

#[test]
fn somebody_takes_it_in_its_team_or_else_in_the_first_of_theirs() {
    let mut shop = organisation(Level::Team);
    assert_eq!(receiving_team(BRUNO, SUPORTE, &shop), Some(SUPORTE));
    assert_eq!(receiving_team(EVA, SUPORTE, &shop), Some(SUPORTE), "who supervises belongs");
    assert_eq!(receiving_team(ANA, SUPORTE, &shop), Some(SUPORTE), "an administrator takes any");
    assert_eq!(receiving_team(BRUNO, GERAL, &shop), Some(SUPORTE));
    assert_eq!(receiving_team(CARLA, TeamId(uuid::Uuid::from_u128(199)), &shop), Some(SUPORTE));
    assert_eq!(receiving_team(person_id(99), SUPORTE, &shop), None);
    shop.people.insert(person_id(9), person(person_id(9), Profile::Attendant));
    assert_eq!(receiving_team(person_id(9), SUPORTE, &shop), None, "who is in no team");
    shop.memberships.insert((GERAL, BRUNO), attends(BRUNO, GERAL));
    delete(&mut shop, SUPORTE);
    assert_eq!(receiving_team(BRUNO, SUPORTE, &shop), Some(GERAL), "a deleted team takes nobody");
    assert_eq!((receiving_team(DAVI, SUPORTE, &shop), receiving_team(ANA, SUPORTE, &shop)), (None, None));
    block(&mut shop, BRUNO);
    assert_eq!(receiving_team(BRUNO, GERAL, &shop), None);
}

#[test]
fn the_default_team_is_the_one_that_says_so_and_lives() {
    let mut shop = organisation(Level::Team);
    assert_eq!(shop.default_team(), Some(GERAL));
    delete(&mut shop, GERAL);
    assert_eq!(shop.default_team(), None);
}
