//! Days that differ from the week: holidays and special days.

use ciranda_domain::settings::{DayForm, ExceptionForm, FaultKind, Field, HoursForm};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use super::day::day;
use crate::fields;
use crate::settings::draft::Draft;
use crate::settings::model::faults::date_id;

/// The panel.
#[component]
pub fn Exceptions(draft: Draft<HoursForm>) -> impl IntoView {
    let count = Memo::new(move |_| draft.form.with(|form| form.exceptions.len()));
    let add = move |_| {
        let line = ExceptionForm { date: String::new(), day: DayForm::default() };
        draft.form.update(|form| form.exceptions.push(line));
    };
    view! {
        <section class="panel">
            <h2>{t(Say::Exceptions)}</h2>
            <p class="panel-lead">{t(Say::ExceptionsLead)}</p>
            <ul class="week">{move || (0..count.get()).map(|at| line(draft, at)).collect_view()}</ul>
            <div class="panel-foot"><button type="button" on:click=add>{t(Say::AddException)}</button></div>
        </section>
    }
}

fn line(draft: Draft<HoursForm>, at: usize) -> impl IntoView {
    let field = Field::Exception(u32::try_from(at).unwrap_or(u32::MAX));
    let number = (at + 1).to_string();
    let label = tf(Say::ExceptionNumber, &[&number]);
    let mut about = draft.about(field, t(Say::Date));
    about.id = date_id(field);
    about.fault = draft.said_where(field, FaultKind::is_of_date);
    let value = draft.value(move |form| form.exceptions.get(at).map(|line| line.date.clone()).unwrap_or_default());
    let set = draft.pick(field, move |form: &mut HoursForm, date: String| {
        if let Some(line) = form.exceptions.get_mut(at) {
            line.date = date;
        }
    });
    let remove = move |_| {
        draft.change(field, |form| {
            if at < form.exceptions.len() {
                form.exceptions.remove(at);
            }
        });
    };
    view! {
        <li class="week-day exception">
            {fields::date(&about, value, set)}
            {day(draft, field, at, &label, |form, at| form.exceptions.get_mut(at).map(|line| &mut line.day))}
            <button type="button" class="link" on:click=remove>{t(Say::Remove)}<span class="sr">" "{label.clone()}</span></button>
        </li>
    }
}
