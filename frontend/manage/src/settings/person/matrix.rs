//! What the person is in each team.

use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::person::Profile;
use ciranda_domain::settings::{Field, PersonForm};
use ciranda_domain::team::Membership;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::t;
use leptos::prelude::*;

use crate::fields;
use crate::settings::draft::Draft;
use crate::settings::model::faults::field_id;
use crate::settings::model::summary;
use crate::settings::store::use_store;

/// The panel.
#[component]
pub fn Teams(draft: Draft<PersonForm>, person: PersonId) -> impl IntoView {
    let store = use_store();
    let teams = Memo::new(move |_| {
        let teams = store.with(|settings| {
            settings
                .teams
                .iter()
                .map(|team| (team.id, team.form.name.clone(), summary::distribution(&team.form.distribution)))
                .collect::<Vec<_>>()
        });
        teams.unwrap_or_default()
    });
    let lines = move || {
        teams
            .get()
            .into_iter()
            .map(move |(id, name, note)| view! { <Line draft person team=id name note/> })
            .collect_view()
    };
    view! {
        <section class="panel">
            <h2>{t(Say::TeamsOfPerson)}</h2>
            <p class="panel-lead">{t(Say::MatrixLead)}</p>
            <table class="matrix">
                <thead><tr><th scope="col">{t(Say::Team)}</th><th scope="col">{t(Say::RoleAttends)}</th><th scope="col">{t(Say::RoleSupervises)}</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Line(draft: Draft<PersonForm>, person: PersonId, team: TeamId, name: String, note: String) -> impl IntoView {
    let field = Field::Team(team);
    let role = Memo::new(move |_| draft.form.with(|form| role_of(&form.memberships, team)));
    let restricted = Memo::new(move |_| draft.form.with(|form| form.profile == Profile::Restricted));
    let fault = draft.said(field);
    let set = move |attends: bool| {
        draft.pick(field, move |form: &mut PersonForm, on: bool| {
            let (was_attending, was_supervising) = role_of(&form.memberships, team);
            let (attends, supervises) = if attends { (on, was_supervising) } else { (was_attending, on) };
            put(&mut form.memberships, Membership { team, person, attends, supervises });
        })
    };
    let label = |part: Say| [&name, ": ", t(part)].concat();
    let attends = fields::cell(
        &field_id(field),
        &label(Say::RoleAttends),
        Signal::derive(move || role.get().0),
        set(true),
        Signal::stored(false),
    );
    let supervises = fields::cell(
        &format!("supervises-{team}"),
        &label(Say::RoleSupervises),
        Signal::derive(move || role.get().1),
        set(false),
        restricted.into(),
    );
    view! {
        <tr>
            <th scope="row">
                <span class="who"><span>{name.clone()}<small>{note}</small></span></span>
                <p class="field-fault" aria-live="polite">{move || fault.get()}</p>
            </th>
            <td>{attends}</td>
            <td>{supervises}</td>
        </tr>
    }
}

fn role_of(lines: &[Membership], team: TeamId) -> (bool, bool) {
    lines.iter().find(|line| line.team == team).map_or((false, false), |line| (line.attends, line.supervises))
}

/// Writes somebody's part in a team; in the order of teams, so that what is put back is as it was.
fn put(lines: &mut Vec<Membership>, member: Membership) {
    lines.retain(|line| line.team != member.team);
    if member.attends || member.supervises {
        lines.push(member);
        lines.sort_unstable_by_key(|line| line.team);
    }
}
