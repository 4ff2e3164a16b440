//! Sight: every cell of the visibility matrix (product.md 6.4), what people hear, and the properties of 4.2.

use ciranda_domain::access::{Action, Atom, Tab, TabOrder, Unseen, atoms, audience, everyone, hears, may, meets, tab};
use ciranda_domain::conversation::{Conversation, Finished, Pending, State};
use ciranda_domain::ids::{PersonId, PersonNumber, TeamId, TeamNumber};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Person, PersonStatus, Profile};
use ciranda_domain::team::{Level, Membership};
use proptest::prelude::*;

use crate::fixtures::*;

/// The viewers of a row, in the order of the matrix's columns, with the tab each finds it in.
type Row = [(&'static str, PersonId, Option<Tab>); 6];

const NEW: Option<Tab> = Some(Tab::New);
const MINE: Option<Tab> = Some(Tab::Mine);
const OTHERS: Option<Tab> = Some(Tab::Others);
const FINISHED: Option<Tab> = Some(Tab::Finished);

fn row(levels: &[Level], state: State, viewers: Row) {
    for level in levels {
        let organisation = organisation(*level);
        for (column, viewer, expected) in viewers {
            let conversation = conversation(state);
            let seen = actor(&organisation, viewer).sees(&conversation).then(|| tab(viewer, &conversation));
            assert_eq!(seen, expected, "{column} at level {level:?}");
        }
    }
}

/// A row without a responsible: two other members stand in the first columns.
fn unowned(mem: Option<Tab>, sup: Option<Tab>, adm: Option<Tab>, out: Option<Tab>, rst: Option<Tab>) -> Row {
    [
        ("MEM", BRUNO, mem),
        ("MEM", DAVI, mem),
        ("SUP", EVA, sup),
        ("ADM", ANA, adm),
        ("OUT", GIL, out),
        ("RST", FABIO, rst),
    ]
}

/// A row in which Bruno is designated or responsible; the restricted member never sees it.
fn owned(resp: Option<Tab>, mem: Option<Tab>, sup: Option<Tab>, adm: Option<Tab>, out: Option<Tab>) -> Row {
    [
        ("RESP", BRUNO, resp),
        ("MEM", DAVI, mem),
        ("SUP", EVA, sup),
        ("ADM", ANA, adm),
        ("OUT", GIL, out),
        ("RST", FABIO, None),
    ]
}

#[test]
fn pending_and_designated_to_nobody_is_new_for_the_team_restricted_included() {
    row(&LEVELS, queued(), unowned(NEW, NEW, NEW, None, NEW));
}

#[test]
fn pending_and_designated_is_new_for_the_designee_and_those_above_only() {
    row(&LEVELS, designated(BRUNO), owned(NEW, None, NEW, NEW, None));
}

#[test]
fn pending_after_the_maximum_is_new_for_the_team_restricted_included() {
    row(&LEVELS, open(), unowned(NEW, NEW, NEW, None, NEW));
}

#[test]
fn in_progress_at_todos_is_shared_with_the_members() {
    row(&[Level::Everyone], in_progress(BRUNO), owned(MINE, OTHERS, OTHERS, OTHERS, None));
}

#[test]
fn in_progress_at_equipe_is_shared_with_the_members() {
    row(&[Level::Team], in_progress(BRUNO), owned(MINE, OTHERS, OTHERS, OTHERS, None));
}

#[test]
fn in_progress_at_atendente_is_the_responsibles_and_those_above_only() {
    row(&[Level::Attendant], in_progress(BRUNO), owned(MINE, None, OTHERS, OTHERS, None));
}

#[test]
fn finished_at_todos_is_everybodys_but_the_restricted() {
    row(&[Level::Everyone], finished(Some(BRUNO)), owned(FINISHED, FINISHED, FINISHED, FINISHED, FINISHED));
}

#[test]
fn finished_at_equipe_is_the_members() {
    row(&[Level::Team], finished(Some(BRUNO)), owned(FINISHED, FINISHED, FINISHED, FINISHED, None));
}

#[test]
fn finished_at_atendente_is_the_responsibles_and_those_above_only() {
    row(&[Level::Attendant], finished(Some(BRUNO)), owned(FINISHED, None, FINISHED, FINISHED, None));
}

#[test]
fn a_restricted_responsible_sees_their_own_like_any_responsible() {
    for level in LEVELS {
        let organisation = organisation(level);
        let (fabio, rita) = (actor(&organisation, FABIO), actor(&organisation, RITA));
        for state in [designated(FABIO), in_progress(FABIO), finished(Some(FABIO))] {
            assert!(fabio.sees(&conversation(state)), "{state:?} at {level:?}");
            assert!(!rita.sees(&conversation(state)), "{state:?} at {level:?}");
        }
    }
}

#[test]
fn a_supervisor_or_administrator_who_is_responsible_has_it_in_mine_only() {
    for viewer in [EVA, ANA] {
        assert_eq!(tab(viewer, &conversation(in_progress(viewer))), Tab::Mine);
    }
}

/// One conversation waits at 08:00; the other stands as it does since then, or was touched then.
#[test]
fn new_begins_with_what_is_offered_to_the_viewer_and_the_longest_wait_the_other_tabs_with_the_latest() {
    let since = |minute| {
        move |state: State| match state {
            State::Pending(Pending::Designated { designee, deadline, max_deadline, attempt, .. }) => {
                State::Pending(Pending::Designated { designee, since: at(8, minute), deadline, max_deadline, attempt })
            }
            State::Pending(Pending::Open { .. }) => State::Pending(Pending::Open { since: at(8, minute) }),
            State::Pending(Pending::Queued { .. }) => State::Pending(Pending::Queued { since: at(8, minute) }),
            other => other,
        }
    };
    let order = |state: State| TabOrder::of(BRUNO, &conversation(state));
    let (early, late) = (since(1), since(2));
    assert!(order(late(designated(BRUNO))) < order(early(designated(DAVI))), "one's own first, though it came later");
    assert!(order(late(designated(BRUNO))) < order(early(open())));
    for state in [designated(BRUNO), designated(DAVI), open(), queued()] {
        assert!(order(early(state)) < order(late(state)), "the longest wait first: {state:?}");
    }
    let touched = |minute| Conversation { last_at: at(8, minute), ..conversation(in_progress(BRUNO)) };
    assert!(TabOrder::of(BRUNO, &touched(2)) < TabOrder::of(BRUNO, &touched(1)), "the latest first");
    let concluded = |minute| match finished(Some(BRUNO)) {
        State::Finished(finished) => order(State::Finished(Finished { at: at(9, minute), ..finished })),
        other => order(other),
    };
    assert!(concluded(2) < concluded(1));
}

#[test]
fn acc_08_who_left_the_team_keeps_what_they_finished_only_at_todos() {
    for level in LEVELS {
        for left in [BRUNO, FABIO] {
            let mut organisation = organisation(level);
            organisation.memberships.remove(&(SUPORTE, left));
            let sees = actor(&organisation, left).sees(&conversation(finished(Some(left))));
            assert_eq!(sees, level == Level::Everyone, "{left} at {level:?}");
        }
    }
}

#[test]
fn sup_04_the_restricted_profile_wins_over_the_supervisors_association() {
    let mut organisation = organisation(Level::Team);
    organisation.memberships.insert((SUPORTE, FABIO), supervises(FABIO, SUPORTE));
    let fabio = actor(&organisation, FABIO);
    for state in [open(), designated(BRUNO), in_progress(BRUNO), finished(Some(BRUNO))] {
        assert!(!fabio.sees(&conversation(state)), "{state:?}");
    }
    assert!(
        fabio.sees(&conversation(finished(Some(FABIO)))),
        "a member all the same, so what they finished stays theirs"
    );
}

#[test]
fn sup_05_a_person_with_neither_flag_is_no_member() {
    let mut organisation = organisation(Level::Team);
    organisation.memberships.insert((SUPORTE, GIL), Membership { attends: false, ..attends(GIL, SUPORTE) });
    for state in [open(), in_progress(BRUNO), finished(Some(BRUNO)), finished(Some(GIL))] {
        assert!(!actor(&organisation, GIL).sees(&conversation(state)), "{state:?}");
    }
}

#[test]
fn blocked_and_deleted_people_hold_no_atom_and_hear_nothing() {
    for status in [PersonStatus::Blocked, PersonStatus::Deleted] {
        let mut organisation = organisation(Level::Everyone);
        for id in [ANA, BRUNO, EVA] {
            organisation.people.get_mut(&id).unwrap().status = status;
            let gone = actor(&organisation, id);
            assert!(gone.atoms().is_empty());
            assert!(!meets(&everyone(), gone.atoms()));
            assert!(!hears(&gone, &conversation(designated(id))));
        }
    }
}

#[test]
fn everybody_active_sees_reference_rows() {
    let organisation = organisation(Level::Team);
    for id in organisation.people.keys() {
        assert!(meets(&everyone(), actor(&organisation, *id).atoms()));
    }
}

#[test]
fn a_person_without_a_number_is_in_no_audience() {
    let team = TeamNumber(1);
    let audience = audience(&in_progress(BRUNO), team, |_| None);
    assert_eq!(audience, [Atom::ADMINISTRATORS, Atom::supervisors_of(team), Atom::team_in_progress(team)]);
}

/// Atoms are stored in rows: their numbers may never change.
#[test]
fn atoms_pack_kind_team_and_person_into_fixed_numbers() {
    let (team, person) = (TeamNumber(3), PersonNumber(7));
    let packed = [
        (Atom::EVERYONE, 0x0100_0000_0000_0000),
        (Atom::ADMINISTRATORS, 0x0200_0000_0000_0000),
        (Atom::supervisors_of(team), 0x0300_0003_0000_0000),
        (Atom::team_pending(team), 0x0400_0003_0000_0000),
        (Atom::designee(person), 0x0500_0000_0000_0007),
        (Atom::team_in_progress(team), 0x0600_0003_0000_0000),
        (Atom::responsible(person), 0x0700_0000_0000_0007),
        (Atom::finished_by(team, person), 0x0800_0003_0000_0007),
        (Atom::team_finished(team), 0x0900_0003_0000_0000),
        (Atom::everyone_finished(team), 0x0a00_0003_0000_0000),
    ];
    for (atom, number) in packed {
        assert_eq!(atom.0, number, "{:x}", atom.0);
    }
}

#[test]
fn the_designee_hears_and_nobody_else() {
    hear(designated(BRUNO), &[BRUNO]);
}

#[test]
fn attending_members_hear_what_is_offered_to_the_team_supervisors_do_not() {
    for state in [open(), queued()] {
        hear(state, &[BRUNO, CARLA, DAVI, FABIO, RITA]);
    }
}

#[test]
fn an_administrator_who_attends_hears_and_so_does_a_supervisor_who_attends() {
    let mut organisation = organisation(Level::Team);
    organisation.memberships.insert((SUPORTE, ANA), attends(ANA, SUPORTE));
    organisation.memberships.insert((SUPORTE, EVA), Membership { attends: true, ..supervises(EVA, SUPORTE) });
    for id in [ANA, EVA] {
        assert!(hears(&actor(&organisation, id), &conversation(open())));
        assert!(!hears(&actor(&organisation, id), &conversation(designated(BRUNO))));
    }
}

#[test]
fn nothing_sounds_once_it_is_started_or_finished() {
    hear(in_progress(BRUNO), &[]);
    hear(finished(Some(BRUNO)), &[]);
}

fn hear(state: State, expected: &[PersonId]) {
    let organisation = organisation(Level::Team);
    let conversation = conversation(state);
    let hearing = organisation.people.keys().filter(|id| hears(&actor(&organisation, **id), &conversation));
    assert_eq!(hearing.copied().collect::<Vec<_>>(), expected, "{state:?}");
}

/// An account in which anything goes, with one conversation of Suporte.
fn any_organisation() -> impl Strategy<Value = Organisation> {
    let profile = prop_oneof![Just(Profile::Administrator), Just(Profile::Attendant), Just(Profile::Restricted)];
    let status = prop_oneof![4 => Just(PersonStatus::Active), 1 => Just(PersonStatus::Blocked), 1 => Just(PersonStatus::Deleted)];
    let one = (profile, status, any::<(bool, bool)>(), any::<(bool, bool)>());
    (prop::collection::vec(one, 4), prop::sample::select(&LEVELS[..])).prop_map(|(people, level)| {
        let mut organisation = Organisation::default();
        organisation.teams.insert(SUPORTE, team(SUPORTE, level));
        organisation.teams.insert(GERAL, team(GERAL, Level::Team));
        for (n, (profile, status, suporte, geral)) in (1..).zip(people) {
            let id = person_id(n);
            organisation.people.insert(id, Person { status, ..person(id, profile) });
            for (team, (attends, supervises)) in [(SUPORTE, suporte), (GERAL, geral)] {
                organisation.memberships.insert((team, id), Membership { team, person: id, attends, supervises });
            }
        }
        organisation
    })
}

fn any_state() -> impl Strategy<Value = State> {
    let who = || (1..5_u128).prop_map(person_id);
    prop_oneof![
        Just(open()),
        Just(queued()),
        who().prop_map(designated),
        who().prop_map(in_progress),
        prop::option::of(who()).prop_map(finished),
    ]
}

/// ACC-10: what somebody does not see is counted by whether it is of their own teams, and nothing else is said of it.
#[test]
fn unseen_conversations_are_counted_by_whether_their_team_is_ones_own() {
    let organisation = organisation(Level::Attendant);
    let counted = |viewer, teams: &[(TeamId, u32)]| Unseen::count(&actor(&organisation, viewer), teams.iter().copied());
    let teams = [(SUPORTE, 2), (GERAL, 3)];
    assert_eq!(counted(BRUNO, &teams), Unseen { elsewhere: 3, own_teams: 2 });
    assert_eq!(counted(EVA, &teams), Unseen { elsewhere: 3, own_teams: 2 }, "who supervises belongs to the team too");
    assert_eq!(counted(GIL, &teams), Unseen { elsewhere: 2, own_teams: 3 });
    assert_eq!(counted(BRUNO, &[]), Unseen::NONE);
}

/// The sentences of product.md 5.3, 6.3, 6.4 and ACC-08, one after the other.
fn may_see(organisation: &Organisation, viewer: PersonId, state: State) -> bool {
    let person = &organisation.people[&viewer];
    let level = organisation.teams[&SUPORTE].level;
    let membership = organisation.memberships[&(SUPORTE, viewer)];
    let restricted = person.profile == Profile::Restricted;
    if person.status != PersonStatus::Active {
        return false;
    }
    if person.profile == Profile::Administrator || membership.supervises && !restricted {
        return true;
    }
    match state {
        State::Pending(Pending::Designated { designee, .. }) => designee == viewer,
        State::Pending(_) => membership.attends,
        State::InProgress { responsible, .. } => {
            responsible == viewer || membership.attends && !restricted && level != Level::Attendant
        }
        State::Finished(finished) => {
            let own = finished.responsible == Some(viewer);
            let member = membership.attends || membership.supervises;
            match level {
                Level::Everyone => own || !restricted,
                Level::Team => own && member || membership.attends && !restricted,
                Level::Attendant => own && member,
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The atoms agree with the sentences, for any account, state and viewer.
    #[test]
    fn sight_by_atoms_is_sight_by_the_sentences(organisation in any_organisation(), state in any_state()) {
        for viewer in organisation.people.keys() {
            let sees = actor(&organisation, *viewer).sees(&conversation(state));
            prop_assert_eq!(sees, may_see(&organisation, *viewer, state), "{} {:?}", viewer, state);
        }
    }

    /// What the server filters by (stored audience, atoms from all rows) is what an actor sees.
    #[test]
    fn the_servers_filter_is_the_actors_sight(organisation in any_organisation(), state in any_state()) {
        let memberships: Vec<_> = organisation.memberships.values().copied().collect();
        let teams: Vec<_> = organisation.teams.values().cloned().collect();
        let number = organisation.teams[&SUPORTE].number;
        let audience = audience(&state, number, |person| organisation.number_of(person));
        prop_assert!(audience.is_sorted_by(|a, b| a < b));
        for person in organisation.people.values() {
            let atoms = atoms(person, &memberships, &teams);
            prop_assert!(atoms.is_sorted_by(|a, b| a < b));
            prop_assert_eq!(meets(&audience, &atoms), actor(&organisation, person.id).sees(&conversation(state)));
        }
    }

    /// Administrator ⊇ supervisor ⊇ member, for the same conversation.
    #[test]
    fn sight_grows_with_rank(organisation in any_organisation(), state in any_state(), who in 1..5_u128) {
        let id = person_id(who);
        let mut ranks = Vec::new();
        for (profile, supervises) in
            [(Profile::Attendant, false), (Profile::Attendant, true), (Profile::Administrator, true)]
        {
            let mut as_rank = organisation.clone();
            as_rank.people.get_mut(&id).unwrap().profile = profile;
            as_rank.memberships.insert((SUPORTE, id), Membership { team: SUPORTE, person: id, attends: true, supervises });
            ranks.push(actor(&as_rank, id).sees(&conversation(state)));
        }
        prop_assert!(ranks.is_sorted(), "{:?} {:?}", state, ranks);
    }

    /// "Atendente" ⊆ "Equipe" ⊆ "Todos", for everybody and every state.
    #[test]
    fn sight_grows_with_the_level(organisation in any_organisation(), state in any_state()) {
        for id in organisation.people.keys() {
            let at = |level| {
                let mut as_level = organisation.clone();
                as_level.teams.get_mut(&SUPORTE).unwrap().level = level;
                actor(&as_level, *id).sees(&conversation(state))
            };
            prop_assert!([at(Level::Attendant), at(Level::Team), at(Level::Everyone)].is_sorted());
        }
    }

    /// "Reiniciar": whoever sees a finished one, a restricted person only what they were responsible for.
    #[test]
    fn a_restricted_person_restarts_only_their_own(organisation in any_organisation(), state in any_state()) {
        let State::Finished(finished) = state else { return Ok(()) };
        for (id, person) in &organisation.people {
            let actor = actor(&organisation, *id);
            let restarts = may(&actor, Action::Restart, &conversation(state)).is_ok();
            prop_assert_eq!(restarts, actor.sees(&conversation(state)));
            prop_assert!(!restarts || person.profile != Profile::Restricted || finished.responsible == Some(*id));
        }
    }

    /// Whoever hears a conversation sees it.
    #[test]
    fn what_is_heard_is_seen(organisation in any_organisation(), state in any_state()) {
        for id in organisation.people.keys() {
            let actor = actor(&organisation, *id);
            prop_assert!(!hears(&actor, &conversation(state)) || actor.sees(&conversation(state)));
        }
    }

    /// The merge of two sorted lists agrees with looking for every element.
    #[test]
    fn meeting_is_having_one_in_common(
        mut a in prop::collection::vec(0..20_i64, 0..8),
        mut b in prop::collection::vec(0..20_i64, 0..8),
    ) {
        a.sort_unstable();
        b.sort_unstable();
        let common = a.iter().any(|x| b.contains(x));
        let pack = |list: Vec<i64>| list.into_iter().map(Atom).collect::<Vec<_>>();
        prop_assert_eq!(meets(&pack(a), &pack(b)), common);
    }
}
