//! Decisions 12 to 15: who sees what, when rights change.

use ciranda_domain::access::{atoms, audience, meets};
use ciranda_domain::conversation::State;
use ciranda_domain::ids::{PersonId, TeamNumber};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::Profile;
use ciranda_domain::team::Level;

use crate::fixtures::*;

fn sees(organisation: &Organisation, viewer: PersonId, state: State) -> bool {
    actor(organisation, viewer).sees(&conversation(state))
}

#[test]
fn decision_12_sight_is_the_intersection_of_audience_and_atoms_and_nothing_else() {
    let organisation = organisation(Level::Team);
    let memberships: Vec<_> = organisation.memberships.values().copied().collect();
    let teams: Vec<_> = organisation.teams.values().cloned().collect();
    for state in [open(), queued(), designated(BRUNO), in_progress(FABIO), finished(Some(BRUNO)), finished(None)] {
        let audience = audience(&state, TeamNumber(101), |person| organisation.number_of(person));
        for person in organisation.people.values() {
            let met = meets(&audience, &atoms(person, &memberships, &teams));
            assert_eq!(met, sees(&organisation, person.id, state), "{} {state:?}", person.name);
        }
    }
}

#[test]
fn decision_13_a_change_of_level_changes_atoms_and_no_audience() {
    let (team, attendant) = (organisation(Level::Team), organisation(Level::Attendant));
    assert!(sees(&team, DAVI, in_progress(BRUNO)) && !sees(&attendant, DAVI, in_progress(BRUNO)));
    let stored = |organisation: &Organisation| {
        audience(&in_progress(BRUNO), TeamNumber(101), |person| organisation.number_of(person))
    };
    assert_eq!(stored(&team), stored(&attendant), "no row is rewritten");
}

#[test]
fn decision_13_rights_that_go_away_take_the_rows_with_them() {
    let mut organisation = organisation(Level::Team);
    assert!(sees(&organisation, DAVI, open()));
    organisation.memberships.remove(&(SUPORTE, DAVI));
    for state in [open(), in_progress(BRUNO), finished(Some(DAVI))] {
        assert!(!sees(&organisation, DAVI, state), "{state:?}");
    }
    assert!(sees(&organisation, DAVI, in_progress(DAVI)), "what they still hold stays theirs");
}

#[test]
fn decision_13_a_profile_that_is_lowered_hides_the_colleagues() {
    let mut organisation = organisation(Level::Everyone);
    assert!(sees(&organisation, DAVI, in_progress(BRUNO)));
    organisation.people.get_mut(&DAVI).unwrap().profile = Profile::Restricted;
    assert!(!sees(&organisation, DAVI, in_progress(BRUNO)) && !sees(&organisation, DAVI, finished(Some(BRUNO))));
    assert!(sees(&organisation, DAVI, open()));
}

#[test]
fn decision_14_a_restricted_attendant_sees_contacts_only_through_conversations_they_see() {
    let organisation = organisation(Level::Everyone);
    for state in [designated(BRUNO), in_progress(BRUNO), finished(Some(BRUNO)), finished(None)] {
        assert!(!sees(&organisation, FABIO, state), "{state:?}");
    }
}

#[test]
fn decision_15_finished_follows_the_teams_present_level() {
    for level in LEVELS {
        let organisation = organisation(level);
        assert_eq!(sees(&organisation, DAVI, finished(Some(BRUNO))), level != Level::Attendant);
        assert_eq!(sees(&organisation, GIL, finished(Some(BRUNO))), level == Level::Everyone);
    }
}

#[test]
fn decision_15_concluded_without_being_started_is_for_those_above_at_level_atendente() {
    let viewers = [ANA, EVA, BRUNO, DAVI, FABIO, GIL];
    for (level, expected) in [
        (Level::Attendant, vec![ANA, EVA]),
        (Level::Team, vec![ANA, EVA, BRUNO, DAVI]),
        (Level::Everyone, vec![ANA, EVA, BRUNO, DAVI, GIL]),
    ] {
        let organisation = organisation(level);
        let seeing = viewers.into_iter().filter(|viewer| sees(&organisation, *viewer, finished(None)));
        assert_eq!(seeing.collect::<Vec<_>>(), expected, "{level:?}");
    }
}
