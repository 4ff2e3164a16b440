//! What the board asks of the server by itself: who has the desk open, and the thresholds of alerts.
//!
//! *Invariant:* an answer that does not come changes nothing on screen; the next one does.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Shown;

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(5);

/// Asks now and again for as long as the present owner lives.
pub fn follow(shown: Shown) {
    // Whoever has no board is not asked about.
    let entitled = Memo::new(move |_| shown.board.with(Option::is_some));
    Effect::new(move |_| {
        if entitled.get() {
            ask(shown);
        }
    });
    let ask = move |shown: Shown| {
        if entitled.get_untracked() {
            ask(shown);
        }
    };
    let again = set_interval_with_handle(move || ask(shown), EVERY);
    on_cleanup(move || {
        if let Ok(again) = again {
            again.clear();
        }
    });
}

fn ask(shown: Shown) {
    spawn_local(async move {
        if let Ok(answer) = ciranda_api::board().await {
            // The screen may have gone meanwhile.
            _ = shown.aside.try_set(answer);
        }
    });
}
