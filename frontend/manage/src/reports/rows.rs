//! The rows behind a number, in a sheet.
//!
//! *Invariant:* no row stays of a conversation that went out of sight while the sheet is open: then all are asked for anew.

use std::collections::BTreeSet;

use ciranda_api::{ApiError, FactHead, PageEnd, ReportRows};
use ciranda_domain::ids::ConversationId;
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_text::spans;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::show::calendar::Calendar;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Opened, Shown, use_shown};

/// What came so far.
#[derive(Clone, Default)]
struct Came {
    rows: Vec<FactHead>,
    next: Option<PageEnd>,
    coming: bool,
    refused: Option<ApiError>,
    /// Raised when all are asked for anew: an answer to an earlier question is for nobody.
    round: u32,
}

impl Came {
    /// Nothing yet, of the next round.
    fn anew(&self) -> Self {
        Self { round: self.round + 1, ..Self::default() }
    }

    fn names_any(&self, gone: &BTreeSet<ConversationId>) -> bool {
        self.rows.iter().any(|row| gone.contains(&row.conversation))
    }
}

/// The sheet.
#[component]
pub fn Rows(opened: Opened) -> impl IntoView {
    let shown = use_shown();
    let came = RwSignal::new(Came::default());
    let asked = StoredValue::new(opened.asked);
    fetch(came, asked.get_value());
    let more = move |_| {
        let after = came.with_untracked(|came| came.next);
        fetch(came, ReportRows { after, ..asked.get_value() });
    };
    Effect::new(move |before: Option<BTreeSet<ConversationId>>| {
        let gone = shown.link.known.with(|known| known.gone.clone());
        let new = before.map(|before| gone.difference(&before).copied().collect()).unwrap_or_default();
        if came.with_untracked(|came| came.names_any(&new)) {
            came.update(|came| *came = came.anew());
            fetch(came, asked.get_value());
        }
        gone
    });
    let close = Callback::new(move |()| shown.opened.set(None));
    view! {
        <Sheet title=opened.title close>
            <div class="sheet-body rows">
                {move || came.with(|came| { let calendar = shown.link.calendar(); view! {
                    <ul class="fact-rows">{came.rows.iter().map(|head| row(shown, head, &*calendar)).collect_view()}</ul>
                    {came.coming.then(|| view! { <p role="status">{t(Say::Loading)}</p> })}
                    {(!came.coming && came.rows.is_empty() && came.refused.is_none()).then(|| view! { <p>{t(Say::Empty)}</p> })}
                    {came.refused.as_ref().map(|_| view! { <p role="alert">{t(Say::Failed)}</p> })}
                    {(came.next.is_some() || came.refused.is_some()).then(|| view! { <button on:click=more>{t(Say::RowsMore)}</button> })}
                }})}
            </div>
        </Sheet>
    }
}

fn fetch(came: RwSignal<Came>, asked: ReportRows) {
    let round = came.with_untracked(|came| came.round);
    came.update(|came| (came.coming, came.refused) = (true, None));
    spawn_local(async move {
        let answer = ciranda_api::report_rows(asked).await;
        // The sheet may have been closed meanwhile.
        _ = came.try_update(|came| {
            if came.round != round {
                return;
            }
            came.coming = false;
            match answer {
                Ok(page) => {
                    came.rows.extend(page.rows);
                    came.next = page.next;
                }
                Err(error) => came.refused = Some(error),
            }
        });
    });
}

fn row(shown: Shown, head: &FactHead, calendar: &dyn Calendar) -> impl IntoView + use<> {
    let when = [calendar.date(head.at), calendar.clock(head.at)].join(" ");
    let who = [head.team_name.as_str(), head.person_name.as_str()];
    let who: Vec<&str> = who.into_iter().filter(|name| !name.is_empty()).collect();
    let id = head.conversation;
    let length = head.length.map(|span| spans::spoken(words(), span)).unwrap_or_default();
    view! {
        <li><button type="button" class="ghost" title=tf(Say::RowsOpen, &[&head.contact_name])
            on:click=move |_| { shown.opened.set(None); shown.link.show(id); }>
            <b>{head.contact_name.clone()}</b>
            <span>{who.join(" · ")}</span>
            <time>{when}</time>
            <span class="num">{length}</span>
        </button></li>
    }
}
