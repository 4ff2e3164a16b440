//! The demo's clock: what it shows, and the buttons that let time pass. It only goes forward: what the desk has done
//! stays in its past.

use ciranda_text::fill::fill;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::clock::Move;
use crate::format::span;
use crate::phones::Phones;

/// A clock within this of the real one is not called ahead or behind.
const NEAR_MS: i64 = 1000;

#[component]
pub fn ClockPanel(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let problem = RwSignal::new("");
    let minutes = RwSignal::new("30".to_owned());
    let advance = move |by: Move| {
        spawn_local(async move {
            let moved = phones.advance(by).await;
            problem.set(if moved.is_ok() { "" } else { words.clock_unknown });
        });
    };
    let offset = move || phones.clock.get().map(|clock| clock.offset_ms());
    let shown = move || {
        let known = phones.clock.get().is_some();
        if known { phones.formatted(|format| format.clock(phones.now.get())) } else { Default::default() }
    };
    let distance = move || match offset() {
        None => String::new(),
        Some(offset) if offset.abs() < NEAR_MS => words.clock_real.to_owned(),
        Some(offset) if offset > 0 => fill(words.clock_ahead, &[&span(offset)]),
        // A demo may begin at nine in the morning of a day that is not over yet.
        Some(offset) => fill(words.clock_behind, &[&span(-offset)]),
    };
    let steps = [
        (words.clock_minute, Move::minutes(1)),
        (words.clock_ten, Move::minutes(10)),
        (words.clock_hour, Move::minutes(60)),
        (words.clock_six, Move::minutes(360)),
        (words.clock_day, Move::minutes(1440)),
        (words.clock_morning, Move::OPENING),
    ];
    let buttons = steps.map(|(name, by)| {
        view! { <button type="button" on:click=move |_| advance(by)>{name}</button> }
    });
    let custom = move |event: SubmitEvent| {
        event.prevent_default();
        if let Ok(minutes) = minutes.get_untracked().parse::<i64>() {
            advance(Move::minutes(minutes.clamp(1, 80_000)));
        }
    };
    view! {
        <section class="ph-panel" aria-labelledby="ph-clock">
            <h2 id="ph-clock">{words.clock}</h2>
            <p class="ph-clock" role="timer">{shown}</p>
            <p class="ph-note">{distance}</p>
            <div class="ph-steps">{buttons.collect_view()}</div>
            <form class="ph-custom" on:submit=custom>
                <label class="ph-field">
                    <span>{words.clock_minutes}</span>
                    <input type="number" min="1" max="80000" bind:value=minutes/>
                </label>
                <button type="submit">{words.clock_custom}</button>
            </form>
            <p class="ph-note">{words.clock_forward}</p>
            <p class="ph-problem" role="alert">{problem}</p>
        </section>
    }
}
