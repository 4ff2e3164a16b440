//! The desk's frame: rail, list, conversation, contact, and what lies above them.

use std::cell::Cell;

use ciranda_domain::access::Tab;
use ciranda_text::Key;
use leptos::prelude::*;

use super::conclude::ConcludeDialog;
use super::contact::ContactPane;
use super::keyboard;
use super::list::List;
use super::rail::Rail;
use super::shortcuts::ShortcutsDialog;
use super::sign_out::SignOutDialog;
use super::talk::Talk;
use super::transfer::TransferDialog;
use crate::browser;
use crate::desk::{Desk, Dialog, Place, use_desk};
use crate::parts::toasts::ToastRegion;
use crate::words::t;

/// The whole desk.
#[component]
pub fn Frame() -> impl IntoView {
    let desk = use_desk();
    keyboard::listen(desk);
    badge_the_title();
    make_room(desk);
    let step = move || if desk.open.get().is_some() || desk.gone.get().is_some() { "talk" } else { "list" };
    let contact = move || if desk.open.get().is_some() && desk.contact_shown.get() { "shown" } else { "hidden" };
    let place = move || if desk.place.get() == Place::Desk { "desk" } else { "manage" };
    // The address names the conversation on screen, so the link must not change it.
    let skip = |click: web_sys::MouseEvent| {
        click.prevent_default();
        browser::focus("talk");
    };
    view! {
        <a class="skip" href="#talk" on:click=skip>{t(Key::Skip)}</a>
        <div class="app" data-step=step data-contact=contact data-place=place>
            <Rail/>
            <main class="app-main">
                <List/>
                <Talk/>
            </main>
            <ContactPane/>
            // The managers' screens put themselves here.
            <div class="manage" id="manage" tabindex="-1"><p class="manage-opening" role="status">{t(Key::Opening)}</p></div>
        </div>
        {move || dialog(desk.dialog.get())}
        <ToastRegion/>
        <p class="sr" role="status">{move || desk.spoken.get()}</p>
    }
}

fn dialog(dialog: Option<Dialog>) -> AnyView {
    match dialog {
        None => ().into_any(),
        Some(Dialog::Transfer(id)) => view! { <TransferDialog id/> }.into_any(),
        Some(Dialog::Conclude(id)) => view! { <ConcludeDialog id/> }.into_any(),
        Some(Dialog::Shortcuts) => view! { <ShortcutsDialog/> }.into_any(),
        Some(Dialog::SignOut(calls)) => view! { <SignOutDialog calls/> }.into_any(),
    }
}

/// The contact steps aside when the room beside the conversation goes, and is there again with it.
fn make_room(desk: Desk) {
    let wide = Cell::new(browser::is_wide());
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        let now = browser::is_wide();
        if wide.replace(now) != now {
            desk.contact_shown.set(now);
        }
    });
    on_cleanup(move || resized.remove());
}

/// The tab's title counts what waits for this person; the managers' screens have titles of their own.
fn badge_the_title() {
    let desk = use_desk();
    Effect::new(move |_| {
        if desk.place.get() != Place::Desk {
            return;
        }
        let waiting = desk.waiting.get() + desk.count(Tab::Mine).unread;
        let title = [t(Key::Product), " · ", t(Key::Desk)].concat();
        match waiting {
            0 => browser::set_title(&title),
            n => browser::set_title(&["(", &n.to_string(), ") ", &title].concat()),
        }
    });
}
