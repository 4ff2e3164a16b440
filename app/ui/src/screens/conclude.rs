//! Asks before concluding, and says what will be lost.

use ciranda_domain::ids::ConversationId;
use ciranda_text::Key;
use leptos::prelude::*;

use crate::desk::use_desk;
use crate::parts::dialog::Sheet;
use crate::parts::icon::{Glyph, Icon};
use crate::words::{t, tf, words};

/// The question.
#[component]
pub fn ConcludeDialog(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let close = Callback::new(move |()| desk.dialog.set(None));
    let head = desk.follow(id);
    let name = head.with_untracked(|head| head.as_ref().map(|head| head.contact.name.clone())).unwrap_or_default();
    let warning = move || {
        let waiting = head.get().map_or(0, |head| head.waiting);
        (waiting > 0).then(|| view! {
            <p class="warn soon"><Glyph icon=Icon::Alert/>{words().count(waiting, Key::ConcludeWaitingOne, Key::ConcludeWaitingMany)}</p>
        })
    };
    view! {
        <Sheet title=tf(Key::ConcludeTitle, &[&name]) close>
            <div class="sheet-body"><p>{t(Key::ConcludeLead)}</p>{warning}</div>
            <footer>
                <button on:click=move |_| close.run(())>{t(Key::Cancel)}</button>
                <button class="main" autofocus on:click=move |_| desk.conclude(id)>{t(Key::Conclude)}</button>
            </footer>
        </Sheet>
    }
}
