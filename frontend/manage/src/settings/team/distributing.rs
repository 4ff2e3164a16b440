//! How the team hands out conversations, and what that does with today's names.

use ciranda_domain::distribution::Member;
use ciranda_domain::ids::TeamId;
use ciranda_domain::settings::{DistributionForm, Field};
use ciranda_domain::team::{Distribution, Strategy, Weights};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::t;
use leptos::prelude::*;

use super::Filled;
use crate::circle::model::Scene;
use crate::circle::{Circle, Team};
use crate::fields::{self, Choice};
use crate::settings::draft::Draft;
use crate::settings::model::summary;
use crate::settings::store::{Store, use_store};

/// The panels.
#[component]
pub fn Distributing(draft: Draft<Filled>, team: TeamId) -> impl IntoView {
    let store = use_store();
    let on = Memo::new(move |_| draft.form.with(|(form, _)| form.distribution.on));
    let team = scene(store, draft, team);
    let switch =
        switch_of(draft, Say::DistributionSwitch, Say::DistributionHint, |form| form.on, |form, on| form.on = on);
    view! {
        <section class="panel">
            <h2>{t(Say::Distribution)}</h2>
            <div class="panel-body">
                {switch}
                {move || on.get().then(|| view! { {strategies(draft)}{overflow(draft)}{capacity(draft)} })}
                <Effects draft/>
            </div>
        </section>
        {move || on.get().then(|| view! { <Circle team/> })}
    }
}

fn switch_of(
    draft: Draft<Filled>,
    label: Say,
    hint: Say,
    get: fn(&DistributionForm) -> bool,
    put: fn(&mut DistributionForm, bool),
) -> impl IntoView {
    let id = if label == Say::DistributionSwitch { "field-distribution" } else { "field-overflow" };
    fields::switch(
        &draft.about(Field::Form, t(label)).hint(t(hint)).apart(id),
        draft.value(move |(form, _)| get(&form.distribution)),
        draft.pick(Field::Form, move |(form, _): &mut Filled, on| put(&mut form.distribution, on)),
    )
}

fn strategies(draft: Draft<Filled>) -> impl IntoView {
    let choices = [Strategy::Circle, Strategy::LeastRecent, Strategy::LeastLoaded].map(|one| {
        let (title, effect) = summary::strategy(one);
        Choice::new(one, t(title), t(effect))
    });
    fields::choice(
        &draft.about(Field::Form, t(Say::StrategyLabel)).apart("field-strategy"),
        choices.into(),
        draft.value(|(form, _)| form.distribution.strategy),
        draft.pick(Field::Form, |(form, _): &mut Filled, one| form.distribution.strategy = one),
    )
}

/// Both lengths; the field of one looks anew at the other.
fn overflow(draft: Draft<Filled>) -> impl IntoView {
    let on = Memo::new(move |_| draft.form.with(|(form, _)| form.distribution.overflow));
    let switch =
        switch_of(draft, Say::Overflow, Say::OverflowHint, |form| form.overflow, |form, on| form.overflow = on);
    let lengths = move || {
        let limit = fields::duration(
            &draft.about(Field::Limit, t(Say::Limit)).hint(t(Say::LimitHint)),
            t(Say::UnitMinutes),
            draft.value(|(form, _)| form.distribution.limit),
            draft.pick(Field::Limit, |(form, _): &mut Filled, n| form.distribution.limit = n),
        );
        let maximum = fields::duration(
            &draft.about(Field::Maximum, t(Say::Maximum)).hint(t(Say::MaximumHint)),
            t(Say::UnitMinutes),
            draft.value(|(form, _)| form.distribution.maximum),
            draft.pick(Field::Maximum, |(form, _): &mut Filled, n| form.distribution.maximum = n),
        );
        view! { <div class="pairs">{limit}{maximum}</div> }
    };
    view! { {switch}{move || on.get().then(lengths)} }
}

fn capacity(draft: Draft<Filled>) -> impl IntoView {
    let most = fields::number(
        &draft.about(Field::Capacity, t(Say::Capacity)).hint(t(Say::CapacityHint)),
        t(Say::UnitConversations),
        draft.value(|(form, _)| form.distribution.capacity),
        draft.edit(Field::Capacity, |(form, _): &mut Filled, n| form.distribution.capacity = n),
    );
    // Weights mean something only where loads are compared or bounded.
    let weighs = Memo::new(move |_| {
        draft.form.with(|(form, _)| {
            form.distribution.capacity.is_some() || form.distribution.strategy == Strategy::LeastLoaded
        })
    });
    view! { {most}{move || weighs.get().then(|| weights(draft))} }
}

fn weights(draft: Draft<Filled>) -> impl IntoView {
    let one = move |id: &str, name: &str, get: fn(&Weights) -> u8, put: fn(&mut Weights, u8)| {
        fields::number(
            // One line below says what is wrong, for the three.
            &draft.about(Field::Weights, name).apart(id),
            "",
            draft.value(move |(form, _)| Some(u32::from(get(&form.distribution.weights)))),
            draft.edit(Field::Weights, move |(form, _): &mut Filled, n: Option<u32>| {
                put(&mut form.distribution.weights, u8::try_from(n.unwrap_or(u32::MAX)).unwrap_or(u8::MAX));
            }),
        )
    };
    let fault = draft.said(Field::Weights);
    view! {
        <fieldset class="field">
            <legend>{t(Say::Weights)}</legend>
            <p class="field-hint">{t(Say::WeightsHint)}</p>
            <div class="triples">
                {one("field-weights", "WhatsApp", |w| w.whatsapp, |w, n| w.whatsapp = n)}
                {one("field-weights-instagram", "Instagram", |w| w.instagram, |w, n| w.instagram = n)}
                {one("field-weights-messenger", "Messenger", |w| w.messenger, |w, n| w.messenger = n)}
            </div>
            <p class="field-fault" aria-live="polite">{move || fault.get()}</p>
        </fieldset>
    }
}

/// What will happen, with the names of today; first of all that nobody would be there (SUP-06).
#[component]
fn Effects(draft: Draft<Filled>) -> impl IntoView {
    let store = use_store();
    let lines = Memo::new(move |_| {
        let faulty = |field| draft.is_faulty(field);
        draft.form.with(|(form, _)| {
            store.link.known.with(|known| {
                let kind = |id| known.kind(id);
                summary::effects(form, &known.reference.organisation, &known.heads, kind, faulty)
            })
        })
    });
    let nobody = Memo::new(move |_| {
        draft.form.with(|(form, _)| store.organisation(|organisation| summary::ring(form, organisation).is_empty()))
    });
    let warning = move || {
        nobody.get().then(|| view! { <p class="warn soon"><Glyph icon=Icon::Alert/>{t(Say::EffectUnattended)}</p> })
    };
    view! {
        <div class="effects" role="status">
            <h3>{t(Say::EffectsTitle)}</h3>
            {warning}
            {move || lines.get().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
        </div>
    }
}

/// The team as the form would make it, for the simulator; a faulty form leaves what was shown.
fn scene(store: Store, draft: Draft<Filled>, team: TeamId) -> Memo<Team> {
    Memo::new(move |before: Option<&Team>| {
        let turns = store.team(team).map(|entry| entry.turns).unwrap_or_default();
        let held = store.held();
        draft.form.with(|(form, _)| {
            store.organisation(|organisation| {
                let ring = summary::ring(form, organisation);
                let members = ring.iter().map(|(person, _)| Member {
                    person: person.id,
                    created_at: person.created_at,
                    availability: person.availability,
                });
                let shown = before.map_or(Distribution::Off, |before| before.scene.distribution);
                let distribution = form.distribution.distribution().unwrap_or(shown);
                Team {
                    scene: Scene {
                        members: members.collect(),
                        arrow: turns.arrow,
                        recent: turns.recent.clone(),
                        loads: held.clone(),
                        distribution,
                    },
                    names: ring.iter().map(|(person, _)| (person.id, person.name.clone())).collect(),
                }
            })
        })
    })
}
