//! The question: period, team, person, channel, hours; and the way to a spreadsheet.

use ciranda_domain::ids::{ChannelId, PersonId, TeamId};
use ciranda_domain::report::{DayNumber, Hours};
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_ui::{t, words};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Chosen, Preset, csv_address};
use super::{Answer, Question, Shown, use_shown};

/// The bar above the numbers.
#[component]
pub fn Filters() -> impl IntoView {
    let shown = use_shown();
    let choices = shown.question.choices;
    Effect::new(move |_| {
        if let Answer::Came(report) = shown.whole.get() {
            choices.set(report.choices);
        }
    });
    // Without an address it is no link: a period that is refused has no table either.
    let address = move || {
        let query = shown.query(shown.question.by.get(), Vec::new())?.ok()?;
        Some(csv_address(&query, words().lang().tag()))
    };
    view! {
        <form class="report-bar" on:submit=move |event| event.prevent_default()>
            <div class="periods" role="group" aria-label=t(Say::Period)>
                {Preset::ALL.map(|preset| view! {
                    <button type="button" aria-pressed=move || (shown.question.preset.get() == preset).to_string()
                        on:click=move |_| choose(shown, preset)>{t(preset.label())}</button>
                })}
            </div>
            {move || (shown.question.preset.get() == Preset::Custom).then(|| days(shown))}
            {move || {
                let choices = choices.get();
                let chosen = shown.question.narrowed.get_untracked();
                let teams = choices.teams.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
                let people = choices.people.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
                let channels = choices.channels.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
                view! {
                    {field(Say::Team, Say::AllTeams, teams, chosen.team.map(|id| id.to_string()), move |id| shown.question.narrowed.update(|query| query.team = id.map(TeamId)))}
                    {field(Say::Person, Say::AllPeople, people, chosen.person.map(|id| id.to_string()), move |id| shown.question.narrowed.update(|query| query.person = id.map(PersonId)))}
                    {field(Say::Channel, Say::AllChannels, channels, chosen.channel.map(|id| id.to_string()), move |id| shown.question.narrowed.update(|query| query.channel = id.map(ChannelId)))}
                }
            }}
            <label><span>{t(Say::Hours)}</span>
                <select prop:value=move || if shown.question.narrowed.get().hours == Hours::Business { "uteis" } else { "" } on:change=move |event| {
                    let business = event_target_value(&event) == "uteis";
                    shown.question.narrowed.update(|query| query.hours = if business { Hours::Business } else { Hours::Calendar });
                }>
                    <option value="">{t(Say::CalendarHours)}</option>
                    <option value="uteis">{t(Say::BusinessHours)}</option>
                </select>
            </label>
            <a class="as-button" href=address aria-disabled=move || address().is_none().then_some("true") download="" rel="external">{t(Say::Export)}</a>
        </form>
    }
}

/// Choosing one's own days begins with those that are shown; pressed again, it leaves them as they are.
fn choose(shown: Shown, preset: Preset) {
    let Question { preset: present, chosen, .. } = shown.question;
    if preset == Preset::Custom
        && let Some(today) = shown.today()
        && let Ok(period) = present.get_untracked().period(today, chosen.get_untracked())
    {
        chosen.set(period.into());
    }
    present.set(preset);
}

fn days(shown: Shown) -> impl IntoView {
    view! {
        {day(shown, "report-from", Say::From, |chosen| &mut chosen.from)}
        {day(shown, "report-to", Say::To, |chosen| &mut chosen.to)}
    }
}

fn day(shown: Shown, id: &str, label: Say, of: fn(&mut Chosen) -> &mut Option<DayNumber>) -> impl IntoView + use<> {
    let chosen = shown.question.chosen;
    let present = move || *of(&mut chosen.get());
    // An emptied field is left alone: writing into it would take away what else is being typed there.
    let value = Memo::new(move |before: Option<&String>| match present() {
        Some(day) => day.to_string(),
        None => before.cloned().unwrap_or_default(),
    });
    let change = move |event| {
        let typed = event_target_value(&event).parse().ok();
        chosen.update(|chosen| *of(chosen) = typed);
    };
    let missing = move || present().is_none();
    let fault = [id, "-fault"].concat();
    view! {
        <div class="report-day">
            <label><span>{t(label)}</span>
                <input type="date" prop:value=value on:change=change
                    aria-invalid=move || missing().then_some("true") aria-describedby=fault.clone()/>
            </label>
            <p class="sr" id=fault>{move || missing().then(|| t(Say::DayMissing))}</p>
        </div>
    }
}

fn field(
    label: Say,
    all: Say,
    choices: Vec<(String, String)>,
    chosen: Option<String>,
    choose: impl Fn(Option<Uuid>) + 'static,
) -> impl IntoView {
    let options = choices.into_iter().map(|(id, name)| {
        let selected = chosen.as_ref() == Some(&id);
        view! { <option value=id selected=selected>{name}</option> }
    });
    view! {
        <label><span>{t(label)}</span>
            <select on:change=move |event| choose(event_target_value(&event).parse().ok())>
                <option value="">{t(all)}</option>
                {options.collect_view()}
            </select>
        </label>
    }
}
