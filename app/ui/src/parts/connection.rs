//! The state of the connection, always on screen: *ao vivo*, *recuperando*, *sem conexão desde 14:02*.

use ciranda_sync::machine::Connection;
use ciranda_text::Key;
use leptos::prelude::*;

use crate::desk::{Desk, use_desk};
use crate::show::Tone;
use crate::words::{t, tf, words};

/// What the state says.
fn told(desk: Desk) -> (Tone, String, String) {
    desk.track_outbox();
    let waiting = desk.machine(|client| client.outbox().entries().len());
    match desk.connection.get() {
        Connection::Live => (Tone::Open, t(Key::Live).to_owned(), t(Key::LiveTitle).to_owned()),
        Connection::Starting | Connection::Recovering => {
            (Tone::Soon, t(Key::Recovering).to_owned(), t(Key::RecoveringTitle).to_owned())
        }
        Connection::Offline { since } => {
            let at = desk.moment(since);
            let clock = desk.shown(at, |_, around| around.calendar.clock(at));
            let label = clock.map_or_else(|| t(Key::Offline).to_owned(), |clock| tf(Key::OfflineSince, &[&clock]));
            let title = match u32::try_from(waiting) {
                Ok(0) | Err(_) => t(Key::OfflineTitle).to_owned(),
                Ok(n) => words().count(n, Key::OfflineQueued, Key::OfflineQueuedMany),
            };
            (Tone::Shut, label, title)
        }
        Connection::Stopped(_) => (Tone::Shut, t(Key::Offline).to_owned(), t(Key::NewVersion).to_owned()),
    }
}

/// The chip in the list's head; the only one that readers are told of.
#[component]
pub fn ConnectionChip() -> impl IntoView {
    let desk = use_desk();
    let told = Memo::new(move |_| told(desk));
    view! {
        <span
            class=move || ["connection ", told.with(|told| told.0.class())].concat()
            role="status"
            title=move || told.with(|told| told.2.clone())
        >
            {move || told.with(|told| told.1.clone())}
        </span>
    }
}

/// The bar above a conversation on a narrow screen, while it is not live.
#[component]
pub fn ConnectionBar() -> impl IntoView {
    let desk = use_desk();
    let told = Memo::new(move |_| told(desk));
    view! {
        <p class=move || ["connection connection-bar ", told.with(|told| told.0.class())].concat() aria-hidden="true">
            {move || told.with(|told| told.1.clone())}
        </p>
    }
}
