//! The numbers at the top, and the same by team.

use ciranda_domain::ids::TeamId;
use ciranda_domain::time::Moment;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_text::{reports, spans};
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::model::{Number, Which};
use super::{Shown, use_shown};

/// The row of numbers.
#[component]
pub fn Figures() -> impl IntoView {
    let shown = use_shown();
    let waiting = Number::of(Which::Waiting);
    let oldest = Memo::new(move |_| shown.board.with(|board| board.as_ref()?.oldest(waiting)));
    let waits = move || match oldest.get() {
        Some(since) => tf(Say::OldestFor, &[&lasted(shown, since)]),
        None => t(Say::NobodyWaits).to_owned(),
    };
    let soon = spans::short(words(), ciranda_ui::show::window::SOON);
    let each = move || {
        let available = shown.board.with(|board| {
            board.as_ref().map_or(0, |board| board.people.iter().filter(|person| person.available).count())
        });
        let held = shown.count(Number::of(Which::InProgress));
        tf(Say::PerAttendant, &[&per(held, available)])
    };
    view! {
        <section class="figures">
            {figure(shown, waiting, t(Say::Waiting), waits, "")}
            {figure(shown, Number::of(Which::Closing), t(Say::Closing), move || tf(Say::ClosingHint, &[&soon]), "soon")}
            {figure(shown, Number::of(Which::InProgress), t(Say::InProgress), each, "")}
            <super::today::Figures/>
        </section>
    }
}

fn figure(
    shown: Shown,
    number: Number,
    label: &'static str,
    hint: impl Fn() -> String + Send + 'static,
    alarming: &'static str,
) -> impl IntoView {
    let count = Memo::new(move |_| shown.count(number));
    let class = move || if count.get() > 0 { alarming } else { "" };
    view! {
        <button class=class on:click=move |_| shown.open(number)>
            <span>{label}</span>
            <b>{move || count.get()}</b>
            <small>{hint}</small>
        </button>
    }
}

/// So many each, with one decimal; a dash where nobody is there.
fn per(held: usize, people: usize) -> String {
    match (held * 10 + people / 2).checked_div(people) {
        Some(tenths) => reports::tenths(words(), tenths as u64),
        None => "–".to_owned(),
    }
}

/// How long since then; follows the clock.
pub fn lasted(shown: Shown, since: Moment) -> String {
    spans::spoken(words(), shown.link.now.get().since(since))
}

/// The numbers by team, where there are several to compare.
#[component]
pub fn Teams() -> impl IntoView {
    let shown = use_shown();
    let teams = Memo::new(move |_| {
        shown.board.with(|board| board.as_ref().map(|board| board.teams.clone()).unwrap_or_default())
    });
    move || {
        let teams = teams.get();
        (teams.len() > 1 && shown.team.get().is_none()).then(|| {
            view! {
                <section class="panel">
                    <h2>{t(Say::Teams)}</h2>
                    <div class="scroll">
                    <table>
                        <thead><tr>
                            <th scope="col">{t(Say::Team)}</th>
                            <th scope="col">{t(Say::Waiting)}</th>
                            <th scope="col">{t(Say::Oldest)}</th>
                            <th scope="col">{t(Say::InProgress)}</th>
                            <th scope="col">{t(Say::Closing)}</th>
                        </tr></thead>
                        <tbody>{teams.into_iter().map(|(id, name)| team(shown, id, name)).collect_view()}</tbody>
                    </table>
                    </div>
                </section>
            }
        })
    }
}

fn team(shown: Shown, id: TeamId, name: String) -> impl IntoView {
    let number = move |which| Number { which, team: Some(id) };
    let label = name.clone();
    let cell = move |which, what: &'static str| {
        let count = Memo::new(move |_| shown.count(number(which)));
        let label = [&label, ": ", what].concat();
        view! {
            <td><button class="link num" aria-label=move || [&label, " ", &count.get().to_string()].concat()
                on:click=move |_| shown.open(number(which))>{move || count.get()}</button></td>
        }
    };
    let oldest = move || {
        let since = shown.board.with(|board| board.as_ref()?.oldest(number(Which::Waiting)));
        since.map_or_else(|| "–".to_owned(), |since| lasted(shown, since))
    };
    let target = super::moving::Target::Team(id);
    view! {
        <tr class=move || super::moving::class(shown, target)
            on:dragover=move |event| super::moving::over(shown, &event) on:drop=move |event| super::moving::dropped(shown, target, &event)>
            <th scope="row">{name}</th>
            {cell(Which::Waiting, t(Say::Waiting))}
            <td class="num">{oldest}</td>
            {cell(Which::InProgress, t(Say::InProgress))}
            {cell(Which::Closing, t(Say::Closing))}
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::per;

    #[test]
    fn a_share_has_one_decimal_and_nobody_has_none() {
        assert_eq!(per(23, 5), "4,6");
        assert_eq!(per(0, 3), "0,0");
        assert_eq!(per(4, 0), "–");
    }
}
