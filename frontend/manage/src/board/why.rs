//! Why a conversation is with somebody, in plain words.

use ciranda_domain::ids::ConversationId;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use super::lanes::why_label;
use super::use_shown;

/// The sheet.
#[component]
pub fn WhyDialog(id: ConversationId) -> impl IntoView {
    let shown = use_shown();
    let close = Callback::new(move |()| shown.above.set(None));
    view! {
        <Sheet title=why_label(shown, id) close>
            <div class="sheet-body"><p>{tf(Say::WhyTitle, &[&shown.link.contact(id)])}</p><p>{t(Say::WhyNothing)}</p></div>
        </Sheet>
    }
}
