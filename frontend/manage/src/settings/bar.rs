//! The bar at the foot of a form, what somebody else changed, and the question before leaving.

use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{browser, t, tf};
use leptos::ev;
use leptos::prelude::*;

use super::draft::{Draft, Form};
use super::explain;
use super::model::changes::{Difference, Differs};
use super::store::use_store;
use crate::link::use_link;
use ciranda_domain::settings::Field;

/// Save and discard, and why one cannot; what goes wrong is said here too.
pub fn bar<F: Form + Differs>(draft: Draft<F>, save: Callback<()>, save_label: Say, fresh: bool) -> impl IntoView {
    let store = use_store();
    keep(draft);
    let dirty = Memo::new(move |_| draft.is_dirty());
    let status = move || {
        if !store.is_live() {
            t(Say::OfflineNoSaving)
        } else if draft.busy.get() {
            t(Say::Saving)
        } else if dirty.get() {
            t(Say::Unsaved)
        } else {
            ""
        }
    };
    let still = move || draft.busy.get() || !store.is_live() || (!fresh && !dirty.get());
    let failed = move || {
        draft
            .failed
            .get()
            .map(|code| view! { <p class="warn shut" role="alert"><Glyph icon=Icon::Alert/>{explain(code)}</p> })
    };
    let whole = draft.said(Field::Form);
    let whole =
        move || whole.get().map(|said| view! { <p class="warn shut" role="alert"><Glyph icon=Icon::Alert/>{said}</p> });
    view! {
        <div class="form-note" id="form-note" tabindex="-1">{whole}{failed}{stale(draft)}</div>
        <footer class="form-bar">
            <p role="status">{status}</p>
            {move || dirty.get().then(|| view! {
                <button type="button" disabled=move || draft.busy.get() on:click=move |_| after(draft, Draft::discard)>{t(Say::Discard)}</button>
            })}
            <button type="submit" class="main" disabled=still on:click=move |click| { click.prevent_default(); save.run(()); }>{t(save_label)}</button>
        </footer>
    }
}

/// Does what a press asked for. The button goes with it: the keyboard stays at the form's foot.
fn after<F: Form>(draft: Draft<F>, act: fn(Draft<F>)) {
    act(draft);
    browser::focus("form-note");
}

/// Somebody saved meanwhile: who, what, and what to do.
fn stale<F: Form + Differs>(draft: Draft<F>) -> impl IntoView {
    let store = use_store();
    let shown = RwSignal::new(false);
    move || {
        draft.stale.get().map(|stale| {
            let who = stale.by.map(|by| store.names(|names| names.person(by)));
            let title = who.map_or_else(|| t(Say::Changed).to_owned(), |who| tf(Say::ChangedBy, &[&who]));
            let base = draft.base.get_untracked();
            let what = store.names(|names| F::differences(&base, &stale.theirs, names));
            view! {
                <div class="stale" role="alert">
                    <p><b>{title}</b>" "{t(Say::ChangedLead)}</p>
                    {move || shown.get().then(|| differences(&what))}
                    <p class="stale-acts">
                        <button type="button" aria-expanded=move || shown.get().to_string() on:click=move |_| shown.update(|shown| *shown = !*shown)>{t(Say::SeeChanges)}</button>
                        <button type="button" on:click=move |_| after(draft, Draft::take_theirs)>{t(Say::TakeTheirs)}</button>
                        <button type="button" class="main" on:click=move |_| after(draft, Draft::reapply)>{t(Say::Reapply)}</button>
                    </p>
                </div>
            }
        })
    }
}

/// What differs, a line each.
pub fn differences(what: &[Difference]) -> impl IntoView + use<> {
    let line = |one: &Difference| {
        // What is new was nothing before.
        let was = (!one.before.is_empty()).then(|| view! {
            <del>{one.before.clone()}</del><span aria-hidden="true">" → "</span><span class="sr">" "{t(Say::To)}" "</span>
        });
        view! {
            <li><b>{one.what.clone()}</b>" "{was}<ins>{one.after.clone()}</ins></li>
        }
    };
    view! { <ul class="differences">{what.iter().map(line).collect_view()}</ul> }
}

/// The page stays at a form with something unsaved until the person has said what becomes of it.
fn keep<F: Form>(draft: Draft<F>) {
    let link = use_link();
    let here = link.path.get_untracked();
    Effect::new(move |_| link.kept.set(draft.is_dirty().then(|| here.clone())));
    let unload = window_event_listener(ev::beforeunload, move |event| {
        if link.kept.with_untracked(Option::is_some) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        unload.remove();
        link.kept.set(None);
    });
}

/// Asks before leaving a form with something unsaved.
#[component]
pub fn LeaveDialog(to: String) -> impl IntoView {
    let link = use_link();
    let stay = Callback::new(move |()| link.wanted.set(None));
    let leave = move |_| {
        link.wanted.set(None);
        link.kept.set(None);
        browser::advance(&to);
        browser::announce("popstate");
    };
    view! {
        <Sheet title=t(Say::LeaveTitle).to_owned() close=stay>
            <div class="sheet-body"><p>{t(Say::LeaveLead)}</p></div>
            <footer>
                <button on:click=leave>{t(Say::LeaveDiscard)}</button>
                <button class="main" autofocus on:click=move |_| stay.run(())>{t(Say::KeepEditing)}</button>
            </footer>
        </Sheet>
    }
}
