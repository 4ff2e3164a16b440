//! What each person is in each team: who is there, what changes, what an administrator may do to somebody.

use super::*;

fn line(person: PersonId, attends: bool, supervises: bool) -> RoleForm {
    RoleForm { person, attends, supervises }
}

const fn part(person: PersonId, team: TeamId, attends: bool, supervises: bool) -> Membership {
    Membership { team, person, attends, supervises }
}

fn with_people(people: Vec<RoleForm>) -> TeamForm {
    TeamForm { name: "Equipe 2".to_owned(), people, ..form() }
}

#[test]
fn a_team_is_shown_with_its_own_people_and_keeps_its_own_name() {
    let mut shop = shop();
    shop.memberships.insert((GERAL, RUI), attends(RUI, GERAL));
    let shown = TeamForm::of(&shop.teams[&SUPPORT], DistributionForm::default(), &shop);
    assert_eq!((shown.name.as_str(), &shown.people[..]), ("Equipe 2", &[line(BIA, true, false)][..]));
    let settings = shown.check(SUPPORT, &shop).expect("as it is");
    assert_eq!((settings.changed_members(&shop), settings.replaces), (vec![], None));
    let general =
        TeamForm::of(&shop.teams[&GERAL], DistributionForm::default(), &shop).check(GERAL, &shop).expect("as it is");
    assert_eq!((general.is_default, general.replaces), (true, None), "it replaces nobody");
}

#[test]
fn an_account_without_a_default_team_is_given_one() {
    let mut shop = shop();
    shop.teams.entry(GERAL).and_modify(|team| team.deleted = true);
    let faults = form().check(NEW, &shop).expect_err("refused");
    assert_eq!(only(faults), (Field::DefaultTeam, FaultKind::NoDefault));
    let first = TeamForm { is_default: true, ..form() }.check(NEW, &shop).expect("sound");
    assert_eq!((first.is_default, first.replaces), (true, None));
}

#[test]
fn only_what_changes_of_a_teams_people_is_written() {
    let mut shop = shop();
    shop.memberships.insert((SUPPORT, ANA), part(ANA, SUPPORT, true, true));
    let form = with_people(vec![line(BIA, true, false), line(RUI, true, false), line(ANA, false, false)]);
    let settings = form.check(SUPPORT, &shop).expect("sound");
    assert_eq!(settings.members.keys().copied().collect::<Vec<_>>(), [BIA, RUI], "nobody with neither flag");
    let changed = settings.changed_members(&shop);
    assert_eq!(changed, [part(ANA, SUPPORT, false, false), part(RUI, SUPPORT, true, false)]);
    let supervises = with_people(vec![line(BIA, false, true)]).check(SUPPORT, &shop).expect("sound");
    assert_eq!(supervises.members[&BIA], part(BIA, SUPPORT, false, true), "who only supervises belongs");
}

#[test]
fn who_was_deleted_stays_in_the_teams_they_were_in_and_joins_no_other() {
    let mut shop = shop();
    shop.people.entry(BIA).and_modify(|bia| bia.status = PersonStatus::Deleted);
    let people = vec![line(BIA, true, false)];
    let kept = with_people(people.clone()).check(SUPPORT, &shop).expect("history");
    assert_eq!(kept.members[&BIA], part(BIA, SUPPORT, true, false));
    let faults = TeamForm { people, ..form() }.check(NEW, &shop).expect_err("refused");
    assert_eq!(only(faults), (Field::Person(BIA), FaultKind::Gone));
}

#[test]
fn a_team_is_attended_by_somebody_who_can_work() {
    let mut shop = shop();
    let attended = |people, shop: &Organisation| with_people(people).check(SUPPORT, shop).map(|s| s.is_attended(shop));
    assert_eq!(attended(vec![line(BIA, true, false)], &shop), Ok(true));
    assert_eq!(attended(vec![line(BIA, false, true)], &shop), Ok(false), "who supervises does not attend");
    assert_eq!(attended(vec![], &shop), Ok(false));
    shop.people.entry(BIA).and_modify(|bia| bia.status = PersonStatus::Blocked);
    assert_eq!(attended(vec![line(BIA, true, false)], &shop), Ok(false));
}

#[test]
fn a_team_that_was_deleted_is_gone() {
    let mut shop = shop();
    shop.teams.entry(SUPPORT).and_modify(|team| team.deleted = true);
    assert_eq!(check_deletion(SUPPORT, &shop).expect_err("refused").kind, FaultKind::Gone);
    let into = PersonForm { memberships: vec![attends(BIA, SUPPORT)], ..bia() };
    let faults = into.check(BIA, ANA, &shop, &logins()).expect_err("refused");
    assert_eq!(only(faults), (Field::Team(SUPPORT), FaultKind::Gone));
    let general = PersonForm { memberships: vec![attends(BIA, GERAL)], ..bia() };
    let settings = general.check(BIA, ANA, &shop, &logins()).expect("sound");
    assert_eq!(settings.changed_memberships(&shop), [], "it keeps its last members");
}

#[test]
fn only_what_changes_of_a_persons_teams_is_written_and_only_theirs() {
    let mut shop = shop();
    shop.memberships.insert((GERAL, BIA), part(BIA, GERAL, true, true));
    shop.memberships.insert((GERAL, ANA), part(ANA, GERAL, true, true));
    let changed = |memberships| {
        let form = PersonForm { memberships, ..bia() };
        form.check(BIA, ANA, &shop, &logins()).expect("sound").changed_memberships(&shop)
    };
    assert_eq!(changed(vec![attends(BIA, SUPPORT)]), [part(BIA, GERAL, false, false)]);
    let supervises = part(BIA, SUPPORT, false, true);
    let general = part(BIA, GERAL, true, true);
    assert_eq!(changed(vec![supervises, general]), [supervises]);
    assert_eq!(changed(vec![part(BIA, SUPPORT, false, false), general]), [part(BIA, SUPPORT, false, false)]);
}

#[test]
fn a_restricted_profile_attends_and_does_not_supervise_in_a_persons_form_either() {
    let restricted = |memberships| {
        let form = PersonForm { profile: Profile::Restricted, memberships, ..bia() };
        form.check(BIA, ANA, &shop(), &logins())
    };
    let attending = restricted(vec![attends(BIA, SUPPORT)]).expect("sound");
    assert_eq!(attending.memberships[&SUPPORT], attends(BIA, SUPPORT));
    let faults = restricted(vec![part(BIA, SUPPORT, true, true)]).expect_err("refused");
    assert_eq!(only(faults), (Field::Team(SUPPORT), FaultKind::RestrictedSupervises));
}

#[test]
fn who_has_no_administration_to_lose_may_change_and_nobody_puts_themselves_out() {
    let mut shop = shop();
    let fault = |shop: &Organisation, person, change, by| check_change(person, change, by, shop).map_err(|f| f.kind);
    let restricted = Change::Profile(Profile::Restricted);
    assert_eq!(fault(&shop, BIA, restricted, BIA), Ok(()));
    assert_eq!(fault(&shop, BIA, Change::Status(PersonStatus::Blocked), BIA), Err(FaultKind::Oneself));
    assert_eq!(fault(&shop, BIA, Change::Status(PersonStatus::Blocked), ANA), Ok(()));
    for unchanged in [Change::Profile(Profile::Administrator), Change::Status(PersonStatus::Active)] {
        assert_eq!(fault(&shop, ANA, unchanged, ANA), Ok(()), "the last administrator stays one");
    }
    shop.people.entry(RUI).and_modify(|rui| {
        (rui.profile, rui.status) = (Profile::Administrator, PersonStatus::Blocked);
    });
    assert_eq!(fault(&shop, RUI, restricted, RUI), Ok(()), "a blocked one administers nothing");
    shop.people.entry(BIA).and_modify(|bia| bia.status = PersonStatus::Deleted);
    for gone in [BIA, PersonId(Uuid::from_u128(999))] {
        assert_eq!(fault(&shop, gone, restricted, ANA), Err(FaultKind::Gone));
    }
}
