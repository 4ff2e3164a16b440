//! When the board raises alerts for the team.

use ciranda_domain::settings::{Field, Thresholds};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::t;
use leptos::prelude::*;

use super::Filled;
use crate::fields;
use crate::settings::draft::Draft;

/// The panel.
#[component]
pub fn Alerts(draft: Draft<Filled>) -> impl IntoView {
    let one = move |field: Field,
                    label: Say,
                    unit: Say,
                    get: fn(&Thresholds) -> Option<u32>,
                    put: fn(&mut Thresholds, Option<u32>)| {
        fields::number(
            &draft.about(field, t(label)),
            t(unit),
            draft.value(move |(_, thresholds)| get(thresholds)),
            draft.edit(field, move |(_, thresholds): &mut Filled, n| put(thresholds, n)),
        )
    };
    view! {
        <section class="panel">
            <h2>{t(Say::Alerts)}</h2>
            <p class="panel-lead">{t(Say::AlertsLead)}</p>
            <div class="panel-body pairs">
                {one(Field::Queue, Say::AlertQueue, Say::UnitConversations, |t| t.queue, |t, n| t.queue = n)}
                {one(Field::OldestWait, Say::AlertOldest, Say::UnitMinutes, |t| t.oldest_minutes, |t, n| t.oldest_minutes = n)}
                {one(Field::Passed, Say::AlertPassed, Say::UnitTimes, |t| t.passed, |t, n| t.passed = n)}
                {one(Field::WindowCloses, Say::AlertWindow, Say::UnitMinutes, |t| t.window_minutes, |t, n| t.window_minutes = n)}
            </div>
        </section>
    }
}
