//! The seven days, and copying one to others.

use ciranda_domain::settings::{Field, HoursForm};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use super::day::day;
use crate::fields;
use crate::settings::draft::Draft;
use crate::settings::model::changes::WEEKDAYS;

/// The panel.
#[component]
pub fn Week(draft: Draft<HoursForm>) -> impl IntoView {
    let copying = RwSignal::new(None::<usize>);
    let line = move |(at, name): (usize, Say)| {
        let field = Field::Weekday(u8::try_from(at).unwrap_or_default());
        view! {
            <li class="week-day">
                <b>{t(name)}</b>
                {day(draft, field, at, t(name), |form, at| form.week.get_mut(at))}
                <button type="button" class="link" on:click=move |_| copying.set(Some(at))>{t(Say::CopyDayShort)}<span class="sr">" "{t(name)}</span></button>
            </li>
        }
    };
    view! {
        <section class="panel">
            <h2>{t(Say::Week)}</h2>
            <ul class="week">{WEEKDAYS.into_iter().enumerate().map(line).collect_view()}</ul>
        </section>
        {move || copying.get().map(|from| view! { <CopyDialog draft from close=Callback::new(move |()| copying.set(None))/> })}
    }
}

/// To which days; work days are ticked at first.
#[component]
fn CopyDialog(draft: Draft<HoursForm>, from: usize, close: Callback<()>) -> impl IntoView {
    let ticked = RwSignal::new(std::array::from_fn::<bool, 7, _>(|day| day < 5 && day != from));
    let copy = move |_| {
        let to = ticked.get_untracked();
        draft.form.update(|form| {
            let day = form.week[from].clone();
            for (at, one) in form.week.iter_mut().enumerate().filter(|(at, _)| to[*at]) {
                if at != from {
                    one.clone_from(&day);
                }
            }
        });
        close.run(());
    };
    let line = move |(at, name): (usize, Say)| {
        let value = Signal::derive(move || ticked.with(|ticked| ticked[at]));
        let set = Callback::new(move |on| ticked.update(|ticked| ticked[at] = on));
        let cell = fields::cell(&format!("copy-{at}"), t(name), value, set, Signal::stored(false));
        (at != from).then(|| view! { <li class="copy-day">{cell}<span aria-hidden="true">{t(name)}</span></li> })
    };
    view! {
        <Sheet title=tf(Say::CopyDay, &[t(WEEKDAYS[from])]) close>
            <div class="sheet-body">
                <p>{t(Say::CopyLead)}</p>
                <ul>{WEEKDAYS.into_iter().enumerate().map(line).collect_view()}</ul>
            </div>
            <footer>
                <button on:click=move |_| close.run(())>{t(Key::Cancel)}</button>
                <button class="main" on:click=copy>{t(Key::Copy)}</button>
            </footer>
        </Sheet>
    }
}
