//! One day: open or not, from when until when, and lunch between.

use ciranda_domain::settings::{Break, DayForm, Field, HoursForm};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::t;
use leptos::prelude::*;

use crate::fields;
use crate::settings::draft::Draft;
use crate::settings::model::faults::{field_id, time_id};

/// Finds the day in the form; a line of the exceptions may have gone.
pub type Find = fn(&mut HoursForm, usize) -> Option<&mut DayForm>;

/// The controls of a day; `label` says which to those who hear it.
pub fn day(draft: Draft<HoursForm>, field: Field, at: usize, label: &str, find: Find) -> impl IntoView + use<> {
    let shown = Memo::new(move |_| draft.form.with(|form| find(&mut form.clone(), at).cloned()).unwrap_or_default());
    let put = move |change: fn(&mut DayForm, String)| {
        draft.pick(field, move |form: &mut HoursForm, text: String| {
            if let Some(day) = find(form, at) {
                change(day, text);
            }
        })
    };
    let flag = move |change: fn(&mut DayForm, bool)| {
        draft.pick(field, move |form: &mut HoursForm, on: bool| {
            if let Some(day) = find(form, at) {
                change(day, on);
            }
        })
    };
    let text = move |get: fn(&DayForm) -> String| -> Signal<String> { Memo::new(move |_| shown.with(get)).into() };
    let open = Memo::new(move |_| shown.with(|day| day.open));
    let lunch = Memo::new(move |_| shown.with(|day| day.lunch));
    let mut about = draft.about(field, label);
    about.id = time_id(field, Break::Opens);
    about.fault = draft.said_where(field, |kind| !kind.is_of_date());
    let error = [&field_id(field), "-error"].concat();
    about.told_at = Some(error.clone());
    let mut break_about = about.clone();
    break_about.id = time_id(field, Break::LunchBegins);
    break_about.label = [label, ": ", t(Say::Lunch)].concat();
    let names = [t(Say::From), t(Say::Until)];
    let wrong = move |which: Break| {
        let about = move || draft.fault(field).is_some_and(|fault| fault.kind.which() == Some(which));
        Signal::from(Memo::new(move |_| about()))
    };
    let wrongs = [wrong(Break::Opens), wrong(Break::Closes)];
    let break_wrongs = [wrong(Break::LunchBegins), wrong(Break::LunchEnds)];
    let times = {
        let about = about.clone();
        move || {
            fields::time_range(
                &about,
                names,
                wrongs,
                (text(|day| day.from.clone()), put(|day, text| day.from = text)),
                (text(|day| day.until.clone()), put(|day, text| day.until = text)),
            )
        }
    };
    let lunches = move || {
        fields::time_range(
            &break_about,
            names,
            break_wrongs,
            (text(|day| day.lunch_from.clone()), put(|day, text| day.lunch_from = text)),
            (text(|day| day.lunch_until.clone()), put(|day, text| day.lunch_until = text)),
        )
    };
    let set_open = flag(|day, on| day.open = on);
    let set_lunch = flag(|day, on| day.lunch = on);
    let lunch_label = [label, ": ", t(Say::Lunch)].concat();
    let open_label = [label, ": ", t(Say::OpenDay)].concat();
    view! {
        <div class="day-form">
            <label class="day-open">
                <input type="checkbox" id=field_id(field) aria-label=open_label aria-describedby=error.clone()
                    prop:checked=move || open.get() on:change=move |event| set_open.run(event_target_checked(&event))/>
                <span>{t(Say::OpenDay)}</span>
            </label>
            {move || open.get().then(|| view! {
                {times()}
                <label class="day-lunch">
                    <input type="checkbox" aria-label=lunch_label.clone()
                        prop:checked=move || lunch.get() on:change=move |event| set_lunch.run(event_target_checked(&event))/>
                    <span>{t(Say::Lunch)}</span>
                </label>
            })}
            {move || (open.get() && lunch.get()).then(&lunches)}
            <p class="field-fault" id=error aria-live="polite">{let fault = about.fault; move || fault.get()}</p>
        </div>
    }
}
