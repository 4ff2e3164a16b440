//! What a customer is told outside business hours, and how it reads.

use ciranda_domain::settings::{AUTO_REPLY_MOST, AUTO_REPLY_NAME, Field, HoursForm, auto_reply_text};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use crate::fields;
use crate::settings::draft::Draft;

/// The panel.
#[component]
pub fn Reply(draft: Draft<HoursForm>) -> impl IntoView {
    let on = Memo::new(move |_| draft.form.with(|form| form.replies));
    let switch = fields::switch(
        &draft.about(Field::AutoReply, t(Say::Replies)).hint(t(Say::RepliesHint)).apart("field-replies"),
        draft.value(|form| form.replies),
        draft.edit(Field::AutoReply, |form: &mut HoursForm, on| form.replies = on),
    );
    let text = draft.value(|form| form.auto_reply.clone());
    let filled = move || {
        let field = fields::area(
            &draft.about(Field::AutoReply, t(Say::Reply)).hint(tf(Say::ReplyHint, &[AUTO_REPLY_NAME])),
            AUTO_REPLY_MOST,
            text,
            draft.edit(Field::AutoReply, |form: &mut HoursForm, text| form.auto_reply = text),
        );
        let shown = move || text.with(|text| auto_reply_text(text.trim(), t(Say::ExampleName)));
        let there = move || text.with(|text| !text.trim().is_empty());
        view! {
            {field}
            {move || there().then(|| view! {
                <figure class="reply-preview"><figcaption>{t(Say::ReplyPreview)}</figcaption><p>{shown}</p></figure>
            })}
        }
    };
    view! {
        <section class="panel">
            <h2>{t(Say::ReplyTitle)}</h2>
            <div class="panel-body">{switch}{move || on.get().then(filled)}</div>
        </section>
    }
}
