//! What the board asks of the server by itself: who has the desk open, and the thresholds of alerts.
//!
//! *Invariant:* an answer that does not come changes nothing on screen; the next one does.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Shown;

/// How often it is asked: nothing on the board is more than a second behind.
const EVERY: Duration = Duration::from_secs(1);

/// Asks now and again for as long as the present owner lives.
pub fn follow(shown: Shown) {
    // Whoever has no board is not asked about.
    let entitled = Memo::new(move |_| shown.board.with(Option::is_some));
    let asking = StoredValue::new(false);
    Effect::new(move |_| {
        if entitled.get() {
            ask(shown, asking);
        }
    });
    let next = move || {
        if entitled.get_untracked() {
            ask(shown, asking);
        }
    };
    let again = set_interval_with_handle(next, EVERY);
    on_cleanup(move || {
        if let Ok(again) = again {
            again.clear();
        }
    });
}

/// Asks, unless an answer is on its way.
fn ask(shown: Shown, asking: StoredValue<bool>) {
    if asking.try_get_value().unwrap_or(true) {
        return;
    }
    asking.set_value(true);
    spawn_local(async move {
        // The screen may have gone when it comes.
        if let Ok(answer) = ciranda_api::board().await
            && shown.aside.try_with_untracked(|known| *known != answer) == Some(true)
        {
            _ = shown.aside.try_set(answer);
        }
        _ = asking.try_set_value(false);
    });
}
