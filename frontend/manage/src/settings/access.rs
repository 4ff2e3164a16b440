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
    let (form, rev) = untrack(move || store.with(filled)).unwrap_or_default();
    let draft = Draft::new(store, form, rev, check);
    Effect::new(move |_| {
        if let Some((form, rev)) = store.with(filled) {
            draft.follow(form, rev);
        }
    });
    let save = Callback::new(move |()| {
        let request = |rev: Rev, form: AccessForm| async move { Ok(ciranda_api::save_access(rev, form).await?.rev) };
        draft.save(request, move || store.link.say(t(Say::AccessSaved)), |settings| Some(filled(settings)));
    });
    let mut about = draft.about(Field::Form, t(Say::CountsUnseen)).hint(t(Say::CountsUnseenHint));
    "field-counts-unseen".clone_into(&mut about.id);
    about.fault = Signal::stored(None);
    let switch = fields::switch(
        &about,
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
