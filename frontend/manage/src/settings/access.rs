//! Access: what people are told of conversations that they do not see (ACC-10).

use ciranda_api::{Rev, Settings};
use ciranda_domain::settings::{AccessForm, Fault, Field};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::t;
use leptos::prelude::*;

use super::bar;
use super::draft::Draft;
use super::store::use_store;
use crate::fields;

fn filled(settings: &Settings) -> (AccessForm, Rev) {
    (settings.access.form, settings.access.rev.clone())
}

/// Either state is sound.
const fn check(_: &AccessForm) -> Vec<Fault> {
    Vec::new()
}

/// The page.
#[component]
pub fn AccessPage() -> impl IntoView {
    let store = use_store();
    let draft = Draft::begin(store, AccessForm::default, move || store.with(filled), check);
    let save = Callback::new(move |()| {
        let request = |rev: Rev, form: AccessForm| async move { Ok(ciranda_api::save_access(rev, form).await?.rev) };
        draft.save(request, move || store.link.say(t(Say::AccessSaved)), |settings| Some(filled(settings)));
    });
    let switch = fields::switch(
        &draft.about(Field::Form, t(Say::CountsUnseen)).hint(t(Say::CountsUnseenHint)).apart("field-counts-unseen"),
        draft.value(|form| form.counts_unseen),
        draft.edit(Field::Form, |form: &mut AccessForm, on| form.counts_unseen = on),
    );
    view! {
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); save.run(()); }>
            <p>{t(Say::AccessLead)}</p>
            <section class="panel"><h2>{t(Say::AccessTitle)}</h2><div class="panel-body">{switch}</div></section>
            {bar::bar(draft, save, Say::Save, false)}
        </form>
    }
}
