//! Today's numbers: counted by the server from the same facts as the reports, asked again whenever something changes.
//!
//! *Invariant:* never older than a second while the desk is live: a change asks again, at most once a second. What a
//! number opens is asked with the number's own question, so it has exactly as many rows.

use std::time::Duration;

use ciranda_api::{Cell, FactHead, PageEnd, Part, ReportQuery, ReportRows, Today, TodayNumbers, report_rows};
use ciranda_domain::report::{By, Hours, Metric};
use ciranda_domain::time::Span;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_text::spans;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::show::calendar::Calendar;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Above, Shown, use_shown};

/// The least time between two questions.
const PAUSE: Duration = Duration::from_secs(1);
/// Numbers change with the clock as well: a window is lost by nobody doing anything.
const ANYWAY: Duration = Duration::from_secs(15);

/// What was read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Read {
    pub numbers: Option<Today>,
    pub failed: bool,
}

/// One of today's numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Number {
    metric: Metric,
    label: Say,
}

/// Asks now, after each change, and now and then, for as long as the present owner lives.
pub fn follow(shown: Shown) {
    let (asking, again) = (StoredValue::new(false), StoredValue::new(false));
    let entitled = Memo::new(move |_| shown.board.with(Option::is_some));
    Effect::new(move |_| {
        shown.link.known.track();
        if entitled.get() {
            ask(shown, asking, again);
        }
    });
    let anyway = set_interval_with_handle(
        move || {
            if entitled.get_untracked() {
                ask(shown, asking, again);
            }
        },
        ANYWAY,
    );
    on_cleanup(move || {
        if let Ok(anyway) = anyway {
            anyway.clear();
        }
    });
}

/// Asks, unless a question is under way: then once more after it.
fn ask(shown: Shown, asking: StoredValue<bool>, again: StoredValue<bool>) {
    if asking.try_get_value().unwrap_or(true) {
        _ = again.try_set_value(true);
        return;
    }
    asking.set_value(true);
    spawn_local(async move {
        let answer = ciranda_api::today().await;
        // The screen may have gone meanwhile.
        _ = shown.today.try_update(|read| match answer {
            Ok(numbers) => *read = Read { numbers: Some(numbers), failed: false },
            Err(_) => read.failed = true,
        });
        set_timeout(
            move || {
                _ = asking.try_set_value(false);
                if again.try_get_value() == Some(true) {
                    again.set_value(false);
                    ask(shown, asking, again);
                }
            },
            PAUSE,
        );
    });
}

/// The numbers of the chosen teams.
fn numbers(shown: Shown) -> Option<TodayNumbers> {
    let team = shown.team.get();
    shown.today.with(|read| {
        let today = read.numbers.as_ref()?;
        match team {
            None => Some(today.all),
            Some(team) => today.teams.iter().find(|(id, _)| *id == team).map(|(_, numbers)| *numbers),
        }
    })
}

/// The figures beside those of this instant.
#[component]
pub fn Figures() -> impl IntoView {
    let shown = use_shown();
    let now = Memo::new(move |_| numbers(shown));
    view! {
        {figure(shown, now, Number { metric: Metric::Arrivals, label: Say::Arrivals }, arrived)}
        {figure(shown, now, Number { metric: Metric::FirstResponse, label: Say::FirstAnswer }, first_answer)}
        {figure(shown, now, Number { metric: Metric::Overflow, label: Say::Overflow }, overflow)}
        {figure(shown, now, Number { metric: Metric::WindowsLost, label: Say::WindowsLost }, lost)}
    }
}

fn figure(
    shown: Shown,
    now: Memo<Option<TodayNumbers>>,
    number: Number,
    told: fn(TodayNumbers) -> (String, String),
) -> impl IntoView {
    let told = Memo::new(move |_| match now.get() {
        Some(numbers) => told(numbers),
        None if shown.today.with(|read| read.failed) => ("–".to_owned(), t(Say::NumbersFailed).to_owned()),
        None => ("–".to_owned(), t(Say::Loading).to_owned()),
    });
    view! {
        <button on:click=move |_| shown.above.set(Some(Above::Today(number)))>
            <span>{t(number.label)}</span>
            <b>{move || told.get().0}</b>
            <small>{move || told.get().1}</small>
        </button>
    }
}

fn arrived(numbers: TodayNumbers) -> (String, String) {
    (numbers.arrivals.to_string(), tf(Say::ArrivalsHint, &[&numbers.unanswered.to_string()]))
}

fn first_answer(numbers: TodayNumbers) -> (String, String) {
    let shown = |span: Option<Span>| span.map_or_else(|| "–".to_owned(), spans::counter);
    match numbers.first_median {
        Some(median) => {
            let (ninetieth, n) = (shown(numbers.first_ninetieth), numbers.answered.to_string());
            (spans::counter(median), tf(Say::MedianAndTail, &[&ninetieth, &n]))
        }
        None => ("–".to_owned(), t(Say::NoAnswerYet).to_owned()),
    }
}

fn overflow(numbers: TodayNumbers) -> (String, String) {
    let hint = tf(Say::OverflowHint, &[&numbers.overflows.to_string(), &numbers.offers.to_string()]);
    (percent(numbers.overflows, numbers.offers), hint)
}

fn lost(numbers: TodayNumbers) -> (String, String) {
    (numbers.windows_lost.to_string(), t(Say::WindowsLostHint).to_owned())
}

/// A share in whole hundredths; a dash where there is nothing to share.
fn percent(part: u64, whole: u64) -> String {
    match (part * 100 + whole / 2).checked_div(whole) {
        Some(percent) => ciranda_text::reports::percent(words(), &percent.to_string()),
        None => "–".to_owned(),
    }
}

/// What has been read of the rows.
#[derive(Clone, Debug, Default)]
struct Reading {
    rows: Vec<FactHead>,
    next: Option<PageEnd>,
    reading: bool,
    failed: bool,
}

/// The rows behind one of today's numbers.
#[component]
pub fn Rows(number: Number) -> impl IntoView {
    let shown = use_shown();
    let read = RwSignal::new(Reading::default());
    let more = move || {
        read.update(|read| (read.reading, read.failed) = (true, false));
        let Some(question) = question(shown, number, read.with_untracked(|read| read.next)) else { return };
        spawn_local(async move {
            let answer = report_rows(question).await;
            _ = read.try_update(|read| {
                read.reading = false;
                match answer {
                    Ok(page) => {
                        read.rows.extend(page.rows);
                        read.next = page.next;
                    }
                    Err(_) => read.failed = true,
                }
            });
        });
    };
    more();
    let close = Callback::new(move |()| shown.above.set(None));
    let list = move || {
        let calendar = shown.link.calendar();
        read.with(|read| read.rows.iter().map(|head| row(shown, head, &*calendar)).collect_view())
    };
    let foot = move || {
        let (reading, failed, next, none) =
            read.with(|read| (read.reading, read.failed, read.next.is_some(), read.rows.is_empty()));
        match (reading, failed, next) {
            (true, ..) => view! { <p role="status">{t(Say::Loading)}</p> }.into_any(),
            (_, true, _) => view! {
                <p role="alert">{t(Say::RowsFailed)}</p><button on:click=move |_| more()>{t(ciranda_text::Key::TryAgain)}</button>
            }
            .into_any(),
            (.., true) => view! { <button on:click=move |_| more()>{t(Say::MoreRows)}</button> }.into_any(),
            _ if none => view! { <p>{t(Say::TodayEmpty)}</p> }.into_any(),
            _ => ().into_any(),
        }
    };
    view! {
        <Sheet title=t(number.label).to_owned() close>
            <div class="sheet-body rows"><ul class="pick">{list}</ul>{foot}</div>
        </Sheet>
    }
}

fn question(shown: Shown, number: Number, after: Option<PageEnd>) -> Option<ReportRows> {
    let day = shown.today.with_untracked(|read| read.numbers.as_ref().map(|today| today.day))?;
    let query = ReportQuery {
        from: day,
        to: day,
        metrics: vec![number.metric],
        by: By::default(),
        team: shown.team.get_untracked(),
        person: None,
        channel: None,
        hours: Hours::default(),
    };
    Some(ReportRows { query, cell: Cell::All, metric: number.metric, part: Part::Counted, after })
}

fn row(shown: Shown, head: &FactHead, calendar: &dyn Calendar) -> impl IntoView + use<> {
    let id = head.conversation;
    let length = head.length.map(|length| spans::spoken(words(), length));
    let when = calendar.clock(head.at);
    let about = [Some(head.team_name.clone()), Some(head.person_name.clone()).filter(|name| !name.is_empty()), length];
    let about: Vec<String> = about.into_iter().flatten().collect();
    view! {
        <li><button on:click=move |_| shown.link.show(id)>
            <span>{head.contact_name.clone()}</span><small>{about.join(" · ")}</small><time class="num">{when}</time>
        </button></li>
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_rounded_and_nothing_has_none() {
        assert_eq!(percent(9, 127), "7 %");
        assert_eq!(percent(1, 2), "50 %");
        assert_eq!(percent(0, 0), "–");
    }
}
