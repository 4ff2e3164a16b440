//! The rail: where one is and who one is. Only places that exist.

use ciranda_domain::access::Tab;
use ciranda_domain::person::Availability;
use ciranda_sync::view::View;
use ciranda_text::Key;
use leptos::prelude::*;

use super::menu::Menu;
use crate::desk::{Desk, Place, use_desk};
use crate::parts::avatar::Avatar;
use crate::parts::icon::{Glyph, Icon, Mark};
use crate::words::{t, tf};

/// The rail at the side, at the foot on a narrow screen.
#[component]
pub fn Rail() -> impl IntoView {
    let desk = use_desk();
    let me = Memo::new(move |_| {
        desk.track_reference();
        desk.track_outbox();
        desk.look(|view| {
            let me = view.reference().organisation.people.get(&view.me()?)?;
            Some((me.name.clone(), view.availability() == Some(Availability::Available)))
        })
    });
    let waiting = move || desk.waiting.get() + desk.count(Tab::Mine).unread;
    let title = move || {
        me.with(|me| {
            let Some((name, available)) = me else { return String::new() };
            tf(Key::MyMenu, &[name, t(if *available { Key::Available } else { Key::Unavailable })])
        })
    };
    let oversees = Memo::new(move |_| desk.oversees());
    let reports = Memo::new(move |_| desk.has_reports());
    let administers = Memo::new(move |_| desk.administers());
    view! {
        <nav class="rail" aria-label=t(Key::Sections)>
            <Mark/>
            {way(desk, Place::Desk, Icon::Chat, Key::Desk, move || {
                badge(waiting())
            })}
            {move || oversees.get().then(|| way(desk, Place::Board, Icon::Board, Key::Board, move || badge(desk.bells.get())))}
            {move || reports.get().then(|| way(desk, Place::Reports, Icon::Chart, Key::Reports, || ()))}
            {move || administers.get().then(|| way(desk, Place::Settings, Icon::Settings, Key::Settings, || ()))}
            <span class="grow"></span>
            <button class="rail-me" popovertarget="me-menu" aria-label=title title=title>
                {move || me.get().map(|(name, available)| {
                    view! { <Avatar name class="av small" available=Some(available)/> }
                })}
            </button>
            <Menu/>
        </nav>
    }
}

/// How much there is to look at behind a door.
fn badge(n: usize) -> Option<impl IntoView> {
    (n > 0).then(|| view! { <b class="badge">{n}</b> })
}

/// A way to a part of the page.
fn way<V: IntoView + 'static>(
    desk: Desk,
    place: Place,
    icon: Icon,
    label: Key,
    badge: impl Fn() -> V + Send + 'static,
) -> impl IntoView {
    view! {
        <a class="rail-item" href=place.address() title=t(label)
            aria-current=move || (desk.place.get() == place).then_some("page")
            on:click=move |click| {
                click.prevent_default();
                desk.go(place);
            }
        >
            <Glyph icon/>
            <span class="sr">{t(label)}</span>
            {badge}
        </a>
    }
}

/// The person's name and profile, for the menu's head.
pub fn myself(view: &View) -> Option<ciranda_domain::person::Person> {
    view.reference().organisation.people.get(&view.me()?).cloned()
}
