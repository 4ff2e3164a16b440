//! "Ver como": what somebody sees and hears, only to look at. Looking is written down.

use ciranda_api::{ErrorCode, Seen, ViewAs, ViewTab};
use ciranda_domain::access::Tab;
use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::ids::PersonId;
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::avatar::Avatar;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{t, tf, words};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::failed;
use super::model::place::Place;
use super::skeleton;
use super::store::{Store, use_store};

/// The page.
#[component]
pub fn ViewAsPage(id: PersonId) -> impl IntoView {
    let store = use_store();
    let answer = RwSignal::new(None::<Result<ViewAs, ErrorCode>>);
    let ask = Callback::new(move |()| {
        answer.set(None);
        spawn_local(async move { answer.set(Some(ciranda_api::view_as(id).await.map_err(|error| error.code))) });
    });
    ask.run(());
    let close = move || store.link.go(&Place::Person(id).address());
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() {
            close();
        }
    });
    on_cleanup(move || escape.remove());
    let name = move || store.names(|names| names.person(id));
    view! {
        <section class="preview" aria-label=move || tf(Say::AsTitle, &[&name()])>
            <header>
                <Glyph icon=Icon::Person/>
                <p><b>{move || tf(Say::AsTitle, &[&name()])}</b>{t(Say::AsLead)}</p>
                <button on:click=move |_| close()>{t(Say::AsClose)}" "<kbd>"Esc"</kbd></button>
            </header>
            {move || match answer.get() {
                None => skeleton().into_any(),
                Some(Err(code)) => failed(code, ask).into_any(),
                Some(Ok(seen)) => tabs(store, seen).into_any(),
            }}
        </section>
    }
}

fn tabs(store: Store, seen: ViewAs) -> impl IntoView {
    view! { <div class="preview-tabs">{seen.tabs.into_iter().map(|tab| one(store, tab)).collect_view()}</div> }
}

const fn title(tab: Tab) -> Key {
    match tab {
        Tab::New => Key::TabNew,
        Tab::Mine => Key::TabMine,
        Tab::Others => Key::TabOthers,
        Tab::Finished => Key::TabFinished,
    }
}

fn one(store: Store, tab: ViewTab) -> impl IntoView {
    let shown = u32::try_from(tab.heads.len()).unwrap_or(u32::MAX);
    let more = tab.count.saturating_sub(shown);
    let heard = (tab.heard > 0).then(|| words().count(tab.heard, Say::HeardOne, Say::HeardMany));
    view! {
        <section class="panel">
            <h2>{t(title(tab.tab))}" "<span class="num">{tab.count}</span><small>{heard}</small></h2>
            <ul class="entries">{tab.heads.into_iter().map(|seen| line(store, seen)).collect_view()}</ul>
            {(tab.count == 0).then(|| view! { <p class="panel-lead">{t(Say::AsNothing)}</p> })}
            {(more > 0).then(|| view! { <p class="panel-lead">{words().count(more, Say::AsMoreOne, Say::AsMoreMany)}</p> })}
        </section>
    }
}

fn line(store: Store, Seen { head, hears }: Seen) -> impl IntoView {
    let name = |id| untrack(|| store.names(|names| names.person(id)));
    let team = untrack(|| store.names(|names| names.team(head.team)));
    let state = match head.state {
        State::Pending(Pending::Queued { .. }) => t(Key::InQueue).to_owned(),
        State::Pending(Pending::Open { .. }) => t(Key::OpenToTeam).to_owned(),
        State::Pending(Pending::Designated { designee, .. }) => tf(Key::OfferedTo, &[&name(designee)]),
        State::InProgress { responsible, .. } => name(responsible),
        State::Finished(finished) => finished
            .responsible
            .map_or_else(|| t(Key::TabFinished).to_owned(), |person| tf(Key::FinishedBy, &[&name(person)])),
    };
    view! {
        <li class="listed">
            <Avatar name=head.contact.name.clone() class="av small"/>
            <div class="listed-main"><h3>{head.contact.name.clone()}</h3><p>{team}" · "{state}</p></div>
            {hears.then(|| view! { <span class="hears" title=t(Say::Hears)><Glyph icon=Icon::Sound/><span class="sr">{t(Say::Hears)}</span></span> })}
        </li>
    }
}
