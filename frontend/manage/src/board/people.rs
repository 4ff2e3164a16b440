//! Who attends in the teams that are looked at: availability, load, and what each holds.

use ciranda_domain::ids::PersonId;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_ui::parts::avatar::Avatar;
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use super::model::{Number, Which};
use super::moving::{self, Target};
use super::{Shown, use_shown};

/// So many marks are drawn; the number says the rest.
const MARKS: usize = 8;

/// The panel.
#[component]
pub fn People() -> impl IntoView {
    let shown = use_shown();
    let ids = Memo::new(move |_| {
        shown.board.with(|board| {
            board
                .as_ref()
                .map(|board| board.people.iter().map(|person| person.id).collect::<Vec<_>>())
                .unwrap_or_default()
        })
    });
    let summary = move || {
        shown.board.with(|board| {
            let people = board.as_ref().map(|board| board.people.as_slice()).unwrap_or_default();
            let available = people.iter().filter(|person| person.available).count();
            let hint = if available == 1 { Say::PeopleHintOne } else { Say::PeopleHint };
            tf(hint, &[&available.to_string(), &people.len().to_string()])
        })
    };
    // What somebody holds for a team that is not overseen is not the reader's to know.
    let partial = Memo::new(move |_| {
        let all = shown
            .link
            .known
            .with(|known| known.reference.organisation.teams.values().filter(|team| !team.deleted).count());
        shown.board.with(|board| board.as_ref().is_some_and(|board| board.teams.len() < all))
    });
    view! {
        <section class="panel">
            <h2>{t(Say::People)}<small>{summary}</small></h2>
            <div class="scroll">
            <table class="people-table">
                <thead><tr><th scope="col">{t(Say::Attendant)}</th><th scope="col">{t(Say::Load)}</th><th scope="col">{t(Say::InProgress)}</th><th scope="col">{t(Say::Offered)}</th></tr></thead>
                <tbody><For each=move || ids.get() key=|id| *id children=move |id| view! { <Line id/> }/></tbody>
            </table>
            </div>
            {move || partial.get().then(|| view! { <p class="lane-note">{t(Say::LoadPartial)}</p> })}
            {move || ids.with(Vec::is_empty).then(|| view! { <p class="lane-empty">{t(Say::NobodyAttends)}</p> })}
        </section>
    }
}

#[component]
fn Line(id: PersonId) -> impl IntoView {
    let shown = use_shown();
    let person = Memo::new(move |_| {
        shown.board.with(|board| board.as_ref()?.people.iter().find(|person| person.id == id).cloned())
    });
    let target = Target::Person(id);
    move || {
        person.get().map(|person| {
            let class = if person.available { "" } else { "off" };
            let (held, offered) = (person.in_progress, person.offered);
            let name = person.name.clone();
            let away = (!person.available).then(|| [" · ", t(Say::Away)].concat());
            let here = move || shown.aside.with(|aside| aside.present.contains(&id));
            let there = move || view! {
                <small class=if here() { "is-here" } else { "is-gone" }>{t(if here() { Say::Online } else { Say::Offline })}</small>
            };
            view! {
                <tr class=move || [class, " ", moving::class(shown, target)].concat() data-person=id.to_string()
                    on:dragover=move |event| moving::over(shown, &event) on:drop=move |event| moving::dropped(shown, target, &event)>
                    <th scope="row"><span class="who"><Avatar name class="av small" available=Some(person.available)/><span>{person.name.clone()}{away}</span>{there}</span></th>
                    <td>{marks(held, offered)}</td>
                    <td>{number(shown, Which::With(id), held, &person.name, Say::InProgress)}</td>
                    <td>{number(shown, Which::OfferedTo(id), offered, &person.name, Say::Offered)}</td>
                </tr>
            }
        })
    }
}

fn number(shown: Shown, which: Which, count: usize, name: &str, what: Say) -> impl IntoView + use<> {
    let label = [name, ": ", t(what), " ", &count.to_string()].concat();
    view! { <button class="link num" aria-label=label on:click=move |_| shown.open(Number::of(which))>{count}</button> }
}

/// A mark for each conversation in progress, a fainter one for each offered.
fn marks(held: usize, offered: usize) -> impl IntoView {
    let told = tf(Say::LoadSpoken, &[&held.to_string(), &offered.to_string()]);
    let mark = |at: usize| {
        let class = match at {
            at if at < held => "f",
            at if at < held + offered => "h",
            _ => "",
        };
        view! { <i class=class></i> }
    };
    let drawn = MARKS.min((held + offered).max(6));
    view! { <span class="load" role="img" aria-label=told.clone() title=told>{(0..drawn).map(mark).collect_view()}</span> }
}
