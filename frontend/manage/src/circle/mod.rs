//! The circle of a team, drawn, with a clock that one can drag: what would happen to the next ten conversations.
//!
//! *Invariant:* a picture of [`model::play`] and nothing else; what the picture shows is also there in words.

mod drawing;
pub mod model;

use std::collections::BTreeMap;

use ciranda_domain::distribution::Member;
use ciranda_domain::ids::PersonId;
use ciranda_domain::person::Availability;
use ciranda_domain::team::Distribution;
use ciranda_domain::time::{Moment, Span};
use ciranda_text::catalogue::circle::Circle as Say;
use ciranda_text::spans;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use drawing::Drawing;
use model::{Holder, Pace, Play, Scene, Way, play};

/// A team as the simulator needs it; `names` of all its members.
#[derive(Clone, PartialEq, Debug)]
pub struct Team {
    pub scene: Scene,
    pub names: BTreeMap<PersonId, String>,
}

impl Team {
    pub(crate) fn name(&self, person: PersonId) -> String {
        self.names.get(&person).cloned().unwrap_or_default()
    }
}

/// The simulator; plays anew whenever the team changes, a form's unsaved changes included.
#[component]
pub fn Circle(team: Memo<Team>) -> impl IntoView {
    let spacing = RwSignal::new(2_i64);
    let starting = RwSignal::new(0_i64);
    let clock = RwSignal::new(0_i64);
    let played = Memo::new(move |_| {
        let pace = Pace {
            spacing: Span::minutes(spacing.get()),
            starting: Some(starting.get()).filter(|n| *n > 0).map(Span::minutes),
        };
        team.with(|team| play(&team.scene, pace))
    });
    let now = Memo::new(move |_| Moment(0) + Span::minutes(clock.get().min(last_minute(&played.read()))));
    let body = move || {
        let off = team.with(|team| matches!(team.scene.distribution, Distribution::Off));
        let empty = team.with(|team| team.scene.members.is_empty());
        match (off, empty) {
            (true, _) => view! { <p class="page-note">{t(Say::Off)}</p> }.into_any(),
            (false, true) => view! { <p class="page-note">{t(Say::Empty)}</p> }.into_any(),
            (false, false) => stage(team, played, now, [spacing, starting, clock]).into_any(),
        }
    };
    view! {
        <section class="panel circle" aria-label=t(Say::Title)>
            <h2>{t(Say::Title)}</h2>
            <div class="panel-body"><p class="hint">{t(Say::Lead)}</p>{body}</div>
        </section>
    }
}

fn last_minute(played: &Play) -> i64 {
    (played.end.0 + 59_999) / 60_000 + 1
}

fn stage(
    team: Memo<Team>,
    played: Memo<Play>,
    now: Memo<Moment>,
    [spacing, starting, clock]: [RwSignal<i64>; 3],
) -> impl IntoView {
    let minutes = |n: i64| tf(Say::Minutes, &[&n.to_string()]);
    let started = move |n: i64| if n == 0 { t(Say::Never).to_owned() } else { minutes(n) };
    let last = Memo::new(move |_| played.with(last_minute));
    let at = move |_: i64| tf(Say::ClockAt, &[&spans::spoken(words(), now.get().since(Moment(0)))]);
    view! {
        <div class="circle-pace">
            {slider(Say::Spacing, spacing, 1, Signal::stored(30), minutes)}
            {slider(Say::Starting, starting, 0, Signal::stored(60), started)}
        </div>
        <div class="circle-stage">
            <Drawing team played now/>
            <div class="circle-told">
                <p role="status">{move || next(&team.read(), played.read().next(now.get()))}</p>
                <ol>{move || list(&team.read(), &played.read(), now.get())}</ol>
            </div>
        </div>
        {slider(Say::Clock, clock, 0, last.into(), at)}
        <details>
            <summary>{t(Say::History)}</summary>
            <div class="scroll"><table>
                <thead><tr><th scope="col">{t(Say::Arrives)}</th><th scope="col">{t(Say::Way)}</th></tr></thead>
                <tbody>{move || history(&team.read(), &played.read())}</tbody>
            </table></div>
        </details>
    }
}

fn slider(
    label: Say,
    value: RwSignal<i64>,
    from: i64,
    to: Signal<i64>,
    told: impl Fn(i64) -> String + Copy + Send + 'static,
) -> impl IntoView {
    view! {
        <label class="slider">
            <span>{t(label)}" "<b>{move || told(value.get())}</b></span>
            <input type="range" min=from max=move || to.get() step="1" prop:value=move || value.get()
                aria-valuetext=move || told(value.get())
                on:input=move |event| if let Ok(typed) = event_target_value(&event).parse() { value.set(typed) }/>
        </label>
    }
}

/// To whom the next one goes, in words.
fn next(team: &Team, person: Option<PersonId>) -> String {
    match person {
        Some(person) => tf(Say::NextIs, &[&team.name(person)]),
        None => t(Say::NextNobody).to_owned(),
    }
}

/// Where each conversation is at the instant.
fn list(team: &Team, played: &Play, now: Moment) -> Vec<impl IntoView + use<>> {
    let line = |(n, way): (usize, &Way)| {
        let label = tf(Say::Conversation, &[&(n + 1).to_string()]);
        let (class, told) = match way.at(now) {
            Some(holder) => (class(holder), standing(team, holder, now)),
            None => ("calm", coming(way, now)),
        };
        view! { <li class=class><b>{label}</b><span>{told}</span></li> }
    };
    played.ways.iter().enumerate().map(line).collect()
}

fn coming(way: &Way, now: Moment) -> String {
    let arrives = way.0.first().map_or(Span(0), |(at, _)| at.since(now));
    tf(Say::Coming, &[&spans::spoken(words(), arrives)])
}

const fn class(holder: Holder) -> &'static str {
    match holder {
        Holder::Started { .. } => "open",
        Holder::Offered { .. } => "soon",
        Holder::Team | Holder::Queue => "shut",
    }
}

/// A holder in words.
fn standing(team: &Team, holder: Holder, now: Moment) -> String {
    match holder {
        Holder::Queue => t(Say::InQueue).to_owned(),
        Holder::Team => t(Say::OpenToTeam).to_owned(),
        Holder::Started { by } => tf(Say::Started, &[&team.name(by)]),
        Holder::Offered { to, until: None } => tf(Say::With, &[&team.name(to)]),
        Holder::Offered { to, until: Some(until) } => {
            tf(Say::WithUntil, &[&team.name(to), &spans::spoken(words(), until.since(now))])
        }
    }
}

/// The whole way of each, as a table.
fn history(team: &Team, played: &Play) -> Vec<impl IntoView + use<>> {
    let after = |at: Moment| spans::spoken(words(), at.since(Moment(0)));
    let row = |way: &Way| {
        let step = |(at, holder): &(Moment, Holder)| {
            let who = match *holder {
                Holder::Offered { to, .. } => team.name(to),
                other @ (Holder::Queue | Holder::Team | Holder::Started { .. }) => standing(team, other, *at),
            };
            tf(Say::Person, &[&who, &after(*at)])
        };
        let arrives = way.0.first().map(|(at, _)| after(*at)).unwrap_or_default();
        let steps: Vec<String> = way.0.iter().map(step).collect();
        view! { <tr><td class="num">{arrives}</td><td>{steps.join(" → ")}</td></tr> }
    };
    played.ways.iter().map(row).collect()
}

/// A member as the engine knows them.
#[must_use]
pub fn member(person: PersonId, created_at: Moment, available: bool) -> Member {
    let availability = if available { Availability::Available } else { Availability::Unavailable };
    Member { person, created_at, availability }
}
