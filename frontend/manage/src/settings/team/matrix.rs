//! Who is what in the team: a line a person, a cell for each part.

use ciranda_domain::ids::PersonId;
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::settings::{Field, RoleForm, fold};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::avatar::Avatar;
use ciranda_ui::t;
use leptos::prelude::*;

use super::Filled;
use crate::fields::{self, About, Kind};
use crate::settings::draft::Draft;
use crate::settings::model::faults::field_id;
use crate::settings::model::summary;
use crate::settings::store::use_store;

/// So many people are looked through without a search.
const FEW: usize = 8;

/// The panel.
#[component]
pub fn Matrix(draft: Draft<Filled>) -> impl IntoView {
    let store = use_store();
    let typed = RwSignal::new(String::new());
    let people = Memo::new(move |_| {
        store.organisation(|organisation| {
            let mut people: Vec<Person> = organisation.people.values().cloned().collect();
            people.retain(|person| person.status != PersonStatus::Deleted);
            people.sort_by_key(|person| (fold(&person.name), person.id));
            people
        })
    });
    let shown = move || {
        let typed = fold(&typed.get());
        let mut people = people.get();
        people.retain(|person| fold(&person.name).contains(&typed));
        people
    };
    let search = move || {
        (people.with(Vec::len) > FEW).then(|| {
            let about = About::plain("people-search", t(Say::SearchPerson));
            let set = Callback::new(move |text| typed.set(text));
            view! { <div class="matrix-search">{fields::text(&about, Kind::Search, typed.into(), set)}</div> }
        })
    };
    let whole = draft.said(Field::People);
    view! {
        <section class="panel" id=field_id(Field::People) tabindex="-1">
            <h2>{t(Say::PeopleOfTeam)}</h2>
            <p class="panel-lead">{t(Say::MatrixLead)}</p>
            <p class="field-fault panel-fault" aria-live="polite">{move || whole.get()}</p>
            {search}
            <table class="matrix">
                <thead><tr><th scope="col">{t(Say::Person)}</th><th scope="col">{t(Say::RoleAttends)}</th><th scope="col">{t(Say::RoleSupervises)}</th></tr></thead>
                <tbody><For each=shown key=|person| format!("{person:?}") children=move |person| view! { <Line draft person/> }/></tbody>
            </table>
        </section>
    }
}

#[component]
fn Line(draft: Draft<Filled>, person: Person) -> impl IntoView {
    let id = person.id;
    let role = Memo::new(move |_| draft.form.with(|(form, _)| role_of(&form.people, id)));
    let field = Field::Person(id);
    let fault = draft.said(field);
    let set = move |attends: bool| {
        draft.pick(field, move |(form, _): &mut Filled, on: bool| {
            let (was_attending, was_supervising) = role_of(&form.people, id);
            let role = if attends { (on, was_supervising) } else { (was_attending, on) };
            put(&mut form.people, id, role);
        })
    };
    let restricted = person.profile == Profile::Restricted;
    let label = |part: Say| [&person.name, ": ", t(part)].concat();
    let notes = [
        (person.profile != Profile::Attendant).then(|| t(summary::profile(person.profile))),
        (person.availability == Availability::Unavailable).then(|| t(Key::Unavailable)),
        (person.status == PersonStatus::Blocked).then(|| t(Say::Blocked)),
    ];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let why = restricted.then(|| view! { <small>{t(Say::RestrictedNoSupervisor)}</small> });
    let attends = fields::cell(
        &field_id(field),
        &label(Say::RoleAttends),
        Signal::derive(move || role.get().0),
        set(true),
        Signal::stored(false),
    );
    let supervises = fields::cell(
        &format!("supervises-{id}"),
        &label(Say::RoleSupervises),
        Signal::derive(move || role.get().1),
        set(false),
        Signal::stored(restricted),
    );
    view! {
        <tr data-person=id.to_string()>
            <th scope="row">
                <span class="who"><Avatar name=person.name.clone() class="av small"/><span>{person.name.clone()}<small>{notes}</small>{why}</span></span>
                <p class="field-fault" aria-live="polite">{move || fault.get()}</p>
            </th>
            <td>{attends}</td>
            <td>{supervises}</td>
        </tr>
    }
}

fn role_of(lines: &[RoleForm], person: PersonId) -> (bool, bool) {
    lines.iter().find(|line| line.person == person).map_or((false, false), |line| (line.attends, line.supervises))
}

/// Writes somebody's part; in the order of ids, so that what is put back is as it was.
fn put(lines: &mut Vec<RoleForm>, person: PersonId, (attends, supervises): (bool, bool)) {
    lines.retain(|line| line.person != person);
    if attends || supervises {
        lines.push(RoleForm { person, attends, supervises });
        lines.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_put_back_is_as_it_was() {
        let person = |n| PersonId(Uuid::from_u128(n));
        let line = |n, attends, supervises| RoleForm { person: person(n), attends, supervises };
        let before = vec![line(1, true, false), line(2, true, true)];
        let mut lines = before.clone();
        put(&mut lines, person(1), (false, false));
        assert_eq!(lines, [line(2, true, true)]);
        put(&mut lines, person(1), (true, false));
        assert_eq!(lines, before);
        assert_eq!(role_of(&lines, person(3)), (false, false));
    }
}
