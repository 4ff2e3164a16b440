//! Signing out; asks first when something would be lost.

use ciranda_text::Key;
use leptos::prelude::*;

use crate::browser;
use crate::desk::{Desk, Dialog, drafts, unsent, use_desk};
use crate::entry::sign_out;
use crate::parts::dialog::Sheet;
use crate::words::{t, words};

/// Signs out, or asks when calls have not reached the server.
pub fn ask(desk: Desk) {
    match desk.machine(|client| client.outbox().entries().len()) {
        0 => leave(),
        calls => desk.dialog.set(Some(Dialog::SignOut(calls))),
    }
}

fn leave() {
    leptos::task::spawn_local(async {
        // First, because the end of the socket may be heard before the answer. Without a server the cookie stays, but
        // nothing of this person stays on the screen or in the storage.
        browser::came_in(false);
        drafts::forget_all();
        unsent::forget_all();
        _ = sign_out().await;
        // What was kept meanwhile goes too.
        drafts::forget_all();
        browser::leave_to("/entrar");
    });
}

/// The question.
#[component]
pub fn SignOutDialog(calls: usize) -> impl IntoView {
    let desk = use_desk();
    let close = Callback::new(move |()| desk.dialog.set(None));
    let calls = u32::try_from(calls).unwrap_or(u32::MAX);
    view! {
        <Sheet title=t(Key::SignOut).to_owned() close>
            <div class="sheet-body"><p>{words().count(calls, Key::SignOutPending, Key::SignOutPendingMany)}</p></div>
            <footer>
                <button on:click=move |_| close.run(())>{t(Key::Cancel)}</button>
                <button class="main" on:click=move |_| leave()>{t(Key::SignOut)}</button>
            </footer>
        </Sheet>
    }
}
