//! Business hours: the week, days that differ, the zone, and what a customer is told meanwhile.

mod day;
mod exceptions;
mod reply;
mod week;

use ciranda_api::{Rev, Settings};
use ciranda_domain::calendar::{Day, weekday};
use ciranda_domain::settings::{Fault, Field, HoursForm, Kept};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::bar;
use super::draft::Draft;
use super::model::changes::WEEKDAYS;
use super::model::opening::{self, Opening};
use super::store::{Store, use_store};
use super::zones;
use crate::fields::{self, Choice};

fn filled(settings: &Settings) -> (HoursForm, Rev) {
    (settings.hours.form.clone(), settings.hours.rev.clone())
}

fn check(form: &HoursForm) -> Vec<Fault> {
    form.check(zones::is_known).err().unwrap_or_default()
}

/// The page.
#[component]
pub fn HoursPage() -> impl IntoView {
    let store = use_store();
    let fresh = || HoursForm::of(None, "", None, &Kept::default());
    let draft = Draft::begin(store, fresh, move || store.with(filled), check);
    let save = Callback::new(move |()| {
        let request = |rev: Rev, form: HoursForm| async move { Ok(ciranda_api::save_hours(rev, form).await?.rev) };
        draft.save(request, move || store.link.say(t(Say::HoursSaved)), |settings| Some(filled(settings)));
    });
    let limited = Memo::new(move |_| draft.form.with(|form| form.limited));
    view! {
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); save.run(()); }>
            <section class="panel">
                <h2>{t(Say::Hours)}</h2>
                <div class="panel-body"><p class="hours-now" role="status">{now(store, draft)}</p>{limits(draft)}{zone(draft)}</div>
            </section>
            {move || limited.get().then(|| view! { <week::Week draft/><exceptions::Exceptions draft/> })}
            <reply::Reply draft/>
            {bar::bar(draft, save, Say::Save, false)}
        </form>
    }
}

/// Always open, or by the week.
fn limits(draft: Draft<HoursForm>) -> impl IntoView {
    let cards = vec![
        Choice::new(true, t(Say::HoursByWeek), t(Say::HoursByWeekText)),
        Choice::new(false, t(Say::HoursAlways), t(Say::HoursAlwaysText)),
    ];
    fields::choice(
        &draft.about(Field::Form, t(Say::HoursLimited)).apart("field-limited"),
        cards,
        draft.value(|form| form.limited),
        draft.pick(Field::Form, |form: &mut HoursForm, limited| form.limited = limited),
    )
}

fn zone(draft: Draft<HoursForm>) -> impl IntoView {
    fields::combo(
        &draft.about(Field::Zone, t(Say::Zone)).hint(t(Say::ZoneHint)),
        zones::offered(),
        draft.value(|form| form.zone.clone()),
        draft.edit(Field::Zone, |form: &mut HoursForm, zone: String| form.zone = zone.trim().to_owned()),
    )
}

/// `Agora: aberto, fecha às 12:00`, as the form would have it.
fn now(store: Store, draft: Draft<HoursForm>) -> impl Fn() -> String {
    let minute = Memo::new(move |_| ciranda_domain::time::Moment(store.link.now.get().0 / 60_000 * 60_000));
    move || {
        let open = draft.form.with(|form| form.check(zones::is_known).ok());
        let Some(open) = open else { return String::new() };
        let Some((day, minute)) = zones::local(&open.zone, minute.get()) else { return String::new() };
        said(opening::at(open.hours.as_ref(), day, minute), day)
    }
}

fn said(opening: Opening, today: i64) -> String {
    match opening {
        Opening::Always => t(Say::NowAlways).to_owned(),
        Opening::Never => t(Say::NowNever).to_owned(),
        Opening::Open { until } => tf(Say::NowOpen, &[&opening::clock(until)]),
        Opening::Closed { days: 0, from } => tf(Say::NowClosedToday, &[&opening::clock(from)]),
        Opening::Closed { days: 1, from } => tf(Say::NowClosedTomorrow, &[&opening::clock(from)]),
        Opening::Closed { days, from } if days < 7 => {
            let name = t(WEEKDAYS[weekday(today + days)]).to_lowercase();
            tf(Say::NowClosedOn, &[&name, &opening::clock(from)])
        }
        Opening::Closed { days, from } => {
            let date = ciranda_text::dates::full(words(), Day::of_count(today + days));
            tf(Say::NowClosedOn, &[&date, &opening::clock(from)])
        }
    }
}
