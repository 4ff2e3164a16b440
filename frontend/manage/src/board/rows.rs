//! The rows that a number counts, in a sheet; they go on changing while one looks.

use ciranda_text::catalogue::board::Board as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use super::lanes::SlipView;
use super::model::{Number, Which};
use super::{Shown, use_shown};

/// So many are drawn at once; a press draws as many again.
const STEP: usize = 100;

/// The sheet.
#[component]
pub fn Rows(number: Number) -> impl IntoView {
    let shown = use_shown();
    let drawn = RwSignal::new(STEP);
    let count = Memo::new(move |_| shown.count(number));
    let ids = Memo::new(move |_| {
        let drawn = drawn.get();
        shown.board.with(|board| {
            let ids =
                board.as_ref().map(|board| board.rows(number).take(drawn).map(|slip| slip.id).collect::<Vec<_>>());
            ids.unwrap_or_default()
        })
    });
    let close = Callback::new(move |()| shown.above.set(None));
    let more = move || {
        let left = count.get().saturating_sub(drawn.get());
        (left > 0).then(|| view! { <button on:click=move |_| drawn.update(|drawn| *drawn += STEP)>{tf(Say::More, &[&left.to_string()])}</button> })
    };
    view! {
        <Sheet title=title(shown, number) close>
            <div class="sheet-body rows">
                <p role="status">{move || count.get()}</p>
                <ul><For each=move || ids.get() key=|id| *id children=move |id| view! { <SlipView id which=number.which/> }/></ul>
                {move || (count.get() == 0).then(|| view! { <p>{t(Say::RowsEmpty)}</p> })}
                {more}
            </div>
        </Sheet>
    }
}

fn title(shown: Shown, number: Number) -> String {
    let what = match number.which {
        Which::Waiting => t(Say::Waiting).to_owned(),
        Which::Queued => t(Say::Queued).to_owned(),
        Which::Offered => t(Say::Offered).to_owned(),
        Which::Open => t(Say::OpenToTeam).to_owned(),
        Which::InProgress => t(Say::InProgress).to_owned(),
        Which::Closing => t(Say::Closing).to_owned(),
        Which::With(person) => tf(Say::RowsOf, &[&shown.link.person(person), t(Say::InProgress)]),
        Which::OfferedTo(person) => tf(Say::RowsOf, &[&shown.link.person(person), t(Say::Offered)]),
    };
    match number.team {
        Some(team) => tf(Say::RowsOf, &[&shown.link.team(team), &what]),
        None => what,
    }
}
