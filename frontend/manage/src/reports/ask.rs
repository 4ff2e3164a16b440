//! Asks the server whenever the question changes.

use ciranda_api::{ApiError, Report};
use ciranda_domain::report::By;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Answer, Asked, Shown};

/// Asks for as long as the screen lives.
pub fn follow(shown: Shown) {
    let whole = Memo::new(move |_| shown.query(By::None, Vec::new()));
    // Whoever is given other rights is answered anew.
    let actor = Memo::new(move |_| shown.link.known.with(|known| known.reference.organisation.actor(known.me?)));
    // Read, not only tracked: a memo that was never read counts as changed with the first news of anything.
    let read = move || actor.with(|_| ());
    Effect::new(move |_| {
        read();
        ask(whole.get(), shown.whole, shown.again.get(), whole);
    });
    let compared = Memo::new(move |_| shown.query(shown.question.by.get(), vec![shown.question.metric.get()]));
    Effect::new(move |_| {
        read();
        ask(compared.get(), shown.compared, shown.again.get(), compared);
    });
}

/// Whether the desk is connected: nothing before it was for the first time. When it is again, what was asked is asked anew.
pub fn connected(shown: Shown) -> Memo<Option<bool>> {
    let connected = Memo::new(move |before: Option<&Option<bool>>| {
        let live = shown.link.known.with(|known| known.live);
        before.copied().flatten().map_or_else(|| live.then_some(true), |_| Some(live))
    });
    Effect::new(move |before: Option<Option<bool>>| {
        let now = connected.get();
        let refused = shown.whole.with_untracked(|answer| matches!(answer, Answer::Refused(_)));
        let lost = before == Some(Some(false));
        if now == Some(true) && (lost || refused && before == Some(None)) {
            shown.again.update(|again| *again += 1);
        }
        now
    });
    connected
}

/// `_again` is only tracked: a press on "try again" asks the same question once more.
fn ask(asked: Option<Asked>, into: RwSignal<Answer>, _again: u32, present: Memo<Option<Asked>>) {
    let query = match asked {
        None => return,
        Some(Err(unsound)) => {
            into.set(Answer::Refused(ApiError::invalid(unsound.field())));
            return;
        }
        Some(Ok(query)) => query,
    };
    // What is on screen stays until the next answer, unless it was none.
    if !matches!(into.get_untracked(), Answer::Came(_)) {
        into.set(Answer::Coming);
    }
    spawn_local(async move {
        let answer: Result<Report, _> = ciranda_api::report(query.clone()).await;
        // The screen may have gone meanwhile, or be about something else.
        if present.try_get_untracked().flatten() == Some(Ok(query)) {
            _ = into.try_set(answer.map_or_else(Answer::Refused, Answer::Came));
        }
    });
}
