//! What asks for attention, each with the rows it is about.

use std::collections::BTreeMap;

use ciranda_text::catalogue::board::Board as Say;
use ciranda_text::spans;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{tf, words};
use leptos::prelude::*;

use super::figures::lasted;
use super::model::{Alert, alerts};
use super::{Shown, use_shown};

/// The bar; nothing where nothing asks for attention.
#[component]
pub fn Alerts() -> impl IntoView {
    let shown = use_shown();
    let found = Memo::new(move |_| {
        let now = shown.link.now.get();
        let thresholds: BTreeMap<_, _> = shown.aside.with(|aside| aside.thresholds.iter().copied().collect());
        shown.link.known.with(|known| {
            shown.board.with(|board| board.as_ref().map(|board| alerts(board, &known.reference, &thresholds, now)))
        })
    });
    let list = move || {
        let found = found.get().unwrap_or_default();
        (!found.is_empty()).then(
            || view! { <ul class="alerts">{found.into_iter().map(|alert| line(shown, alert)).collect_view()}</ul> },
        )
    };
    view! { <div role="status" aria-live="polite">{list}</div> }
}

fn line(shown: Shown, alert: Alert) -> impl IntoView {
    let number = alert.number();
    let class = if matches!(alert, Alert::Nobody { .. }) { "shut" } else { "soon" };
    view! {
        <li><button class=class on:click=move |_| shown.open(number)>
            <Glyph icon=Icon::Alert/><span>{move || told(shown, &alert)}</span>
        </button></li>
    }
}

fn told(shown: Shown, alert: &Alert) -> String {
    let name = |team| shown.link.team(team);
    match *alert {
        Alert::Queue { team, waiting, limit } => {
            tf(Say::AlertQueue, &[&name(team), &waiting.to_string(), &limit.to_string()])
        }
        Alert::Oldest { team, since, limit } => {
            tf(Say::AlertOldest, &[&name(team), &lasted(shown, since), &spans::spoken(words(), limit)])
        }
        Alert::Passed { team, passed, limit } => {
            tf(Say::AlertPassed, &[&name(team), &passed.to_string(), &limit.to_string()])
        }
        Alert::Closing { team, windows, within } => {
            tf(Say::AlertClosing, &[&name(team), &windows.to_string(), &spans::short(words(), within)])
        }
        Alert::Nobody { team, waiting } => tf(Say::AlertNobody, &[&name(team), &waiting.to_string()]),
    }
}
