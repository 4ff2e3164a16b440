//! A form being filled in: what it shows, what was read, and what is wrong with it.
//!
//! *Invariant:* nothing typed is lost by a refusal, a broken connection or somebody else's change. A fault is shown at
//! its field once the person has left it or has tried to save; one that the server told stays until its field changes.

use std::collections::BTreeSet;
use std::future::Future;

use ciranda_api::{ApiError, ErrorCode, Rev};
use ciranda_domain::ids::PersonId;
use ciranda_domain::settings::{Fault, FaultKind, Field};
use ciranda_ui::browser;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::model::faults;
use super::model::merge::Merge;
use super::store::Store;
use crate::fields::About;
use crate::link::Link;

/// A form of Ajustes.
pub trait Form: Clone + PartialEq + Merge + Send + Sync + 'static {}
impl<F: Clone + PartialEq + Merge + Send + Sync + 'static> Form for F {}

/// Somebody saved meanwhile.
#[derive(Clone, PartialEq)]
pub struct Stale<F> {
    pub by: Option<PersonId>,
    pub rev: Rev,
    pub theirs: F,
}

/// A handle on the form; cheap to copy.
pub struct Draft<F: Form> {
    store: Store,
    pub form: RwSignal<F>,
    /// As it was read or saved last.
    pub base: RwSignal<F>,
    rev: RwSignal<Rev>,
    left: RwSignal<BTreeSet<Field>>,
    tried: RwSignal<bool>,
    told: RwSignal<Vec<Fault>>,
    found: Memo<Vec<Fault>>,
    pub busy: RwSignal<bool>,
    pub failed: RwSignal<Option<ErrorCode>>,
    pub stale: RwSignal<Option<Stale<F>>>,
}

impl<F: Form> Clone for Draft<F> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<F: Form> Copy for Draft<F> {}

impl<F: Form> Draft<F> {
    /// Begins with what `read` gives, or with the fresh form where there is nothing yet, and follows what it gives later.
    pub fn begin(
        store: Store,
        fresh: impl FnOnce() -> F,
        read: impl Fn() -> Option<(F, Rev)> + 'static,
        check: impl Fn(&F) -> Vec<Fault> + Send + Sync + 'static,
    ) -> Self {
        let (form, rev) = untrack(&read).unwrap_or_else(|| (fresh(), Rev::default()));
        let draft = Self::new(store, form, rev, check);
        Effect::new(move |_| {
            if let Some((form, rev)) = read() {
                draft.follow(form, rev);
            }
        });
        draft
    }

    fn new(store: Store, form: F, rev: Rev, check: impl Fn(&F) -> Vec<Fault> + Send + Sync + 'static) -> Self {
        let shown = RwSignal::new(form.clone());
        Self {
            store,
            form: shown,
            base: RwSignal::new(form),
            rev: RwSignal::new(rev),
            left: RwSignal::new(BTreeSet::new()),
            tried: RwSignal::new(false),
            told: RwSignal::new(Vec::new()),
            found: Memo::new(move |_| shown.with(&check)),
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
            stale: RwSignal::new(None),
        }
    }

    /// The way to the desk.
    pub fn link(self) -> Link {
        self.store.link
    }

    /// Whether something is not saved; reactive.
    pub fn is_dirty(self) -> bool {
        self.form.with(|form| self.base.with(|base| form != base))
    }

    /// A value of the form.
    pub fn value<T: Clone + PartialEq + Send + Sync + 'static>(
        self,
        get: impl Fn(&F) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        Memo::new(move |_| self.form.with(&get)).into()
    }

    /// Changes what belongs to a field.
    pub fn edit<T: 'static>(self, field: Field, put: impl Fn(&mut F, T) + Send + Sync + 'static) -> Callback<T> {
        Callback::new(move |value| self.change(field, |form| put(form, value)))
    }

    /// As [`Self::edit`], for a field that is left as soon as it is changed: a switch, a choice, a time.
    pub fn pick<T: 'static>(self, field: Field, put: impl Fn(&mut F, T) + Send + Sync + 'static) -> Callback<T> {
        Callback::new(move |value| {
            self.leave(field);
            self.change(field, |form| put(form, value));
        })
    }

    /// Changes what belongs to a field.
    pub fn change(self, field: Field, put: impl FnOnce(&mut F)) {
        self.told.update(|told| told.retain(|fault| fault.field != field));
        self.form.update(put);
    }

    fn leave(self, field: Field) {
        if self.left.with_untracked(|left| !left.contains(&field)) {
            self.left.update(|left| _ = left.insert(field));
        }
    }

    /// Whether something is wrong with a field, whether or not that is said yet; reactive.
    pub fn is_faulty(self, field: Field) -> bool {
        self.found.with(|found| found.iter().any(|fault| fault.field == field))
    }

    /// What is to be said at a field; reactive.
    pub fn fault(self, field: Field) -> Option<Fault> {
        let shown = self.tried.get() || self.left.with(|left| left.contains(&field));
        let found = shown.then(|| self.found.with(|found| found.iter().find(|fault| fault.field == field).cloned()));
        found.flatten().or_else(|| self.told.with(|told| told.iter().find(|fault| fault.field == field).cloned()))
    }

    /// The same in words.
    pub fn said(self, field: Field) -> Signal<Option<String>> {
        let store = self.store;
        Memo::new(move |_| self.fault(field).map(|fault| store.names(|names| faults::said(&fault, names)))).into()
    }

    /// The same, where it is about a part of the field.
    pub fn said_where(self, field: Field, about: fn(&FaultKind) -> bool) -> Signal<Option<String>> {
        let said = self.said(field);
        let applies = move || self.fault(field).is_some_and(|fault| about(&fault.kind));
        Memo::new(move |_| said.get().filter(|_| applies())).into()
    }

    /// What a component needs to show this field.
    pub fn about(self, field: Field, label: &str) -> About {
        About::new(&faults::field_id(field), label, self.said(field), Callback::new(move |()| self.leave(field)))
    }

    /// Back to what is saved, by whomever.
    pub fn discard(self) {
        self.take_theirs();
        self.form.set(self.base.get_untracked());
        self.calm();
    }

    fn calm(self) {
        self.told.set(Vec::new());
        self.left.set(BTreeSet::new());
        self.tried.set(false);
        self.failed.set(None);
        self.stale.set(None);
    }

    /// Whether the form may be sent; shows everything that is wrong and goes to the first of it otherwise.
    pub fn is_sound(self) -> bool {
        self.tried.set(true);
        let wrong = self.found.get_untracked();
        if let Some(first) = faults::first(&wrong) {
            go_to(faults::control(first));
        }
        wrong.is_empty()
    }

    /// Takes what the entry is now, when nothing is being written; else says that somebody else saved.
    fn follow(self, form: F, rev: Rev) {
        if self.busy.get_untracked() {
            return;
        }
        let is_shown = self.form.with_untracked(|shown| *shown == form);
        let clean = self.form.with_untracked(|form| self.base.with_untracked(|base| form == base));
        if clean || is_shown {
            self.rev.set(rev);
            self.base.set(form.clone());
            self.stale.set(None);
            if !is_shown {
                self.form.set(form);
            }
        } else if self.base.with_untracked(|base| *base != form)
            && self.stale.with_untracked(|stale| stale.as_ref().is_none_or(|stale| stale.rev != rev))
        {
            self.stale.set(Some(Stale { by: None, rev, theirs: form }));
        }
    }

    /// Sends the form. `send` gets what the form was read at, and says at what it stands afterwards.
    pub fn save<A>(
        self,
        send: impl FnOnce(Rev, F) -> A + 'static,
        saved: impl FnOnce() + 'static,
        read: impl Fn(&ciranda_api::Settings) -> Option<(F, Rev)> + 'static,
    ) where
        A: Future<Output = Result<Rev, ApiError>> + 'static,
    {
        if self.busy.get_untracked() || !self.is_sound() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        let sent = self.form.get_untracked();
        spawn_local(async move {
            let answer = send(self.rev.get_untracked(), sent.clone()).await;
            self.busy.set(false);
            match answer {
                Ok(rev) => {
                    self.rev.set(rev);
                    self.base.set(sent);
                    self.calm();
                    saved();
                    self.store.reload();
                }
                Err(error) => self.refused(error, read).await,
            }
        });
    }

    async fn refused(self, error: ApiError, read: impl Fn(&ciranda_api::Settings) -> Option<(F, Rev)>) {
        let told = error.faults();
        let changed = told.iter().find_map(|fault| match fault.kind {
            FaultKind::ChangedMeanwhile { by } => Some(by),
            _ => None,
        });
        if let Some(by) = changed {
            // What they saved is needed to show the difference: this answer has it, whatever else was asked meanwhile.
            match self.store.load().await.and_then(|settings| read(&settings)) {
                Some((theirs, rev)) => self.stale.set(Some(Stale { by, rev, theirs })),
                None => self.told.set(told),
            }
            go_to(faults::field_id(Field::Form));
        } else if told.is_empty() {
            self.failed.set(Some(error.code));
            go_to(faults::field_id(Field::Form));
        } else {
            let first = faults::first(&told).map(faults::control);
            self.told.set(told);
            if let Some(first) = first {
                go_to(first);
            }
        }
    }

    /// Puts one's own changes on top of what somebody else saved.
    pub fn reapply(self) {
        if let Some(Stale { rev, theirs, .. }) = self.stale.get_untracked() {
            let mine = self.form.get_untracked();
            let merged = self.base.with_untracked(|base| F::merged(base, &mine, &theirs));
            self.calm();
            self.rev.set(rev);
            self.base.set(theirs);
            self.form.set(merged);
        }
    }

    /// Takes what somebody else saved instead of one's own.
    pub fn take_theirs(self) {
        if let Some(Stale { rev, theirs, .. }) = self.stale.get_untracked() {
            self.rev.set(rev);
            self.base.set(theirs.clone());
            self.form.set(theirs);
            self.calm();
        }
    }

    /// How many conversations wait for a word about their fate, when the server asked for it; reactive.
    pub fn asks_fate(self) -> Option<u32> {
        self.told.with(|told| {
            told.iter().find_map(|fault| match fault.kind {
                FaultKind::NeedsFate { open } => Some(open),
                _ => None,
            })
        })
    }

    /// The question about their fate was put aside.
    pub fn forget_fate(self) {
        self.told.update(|told| told.retain(|fault| !matches!(fault.kind, FaultKind::NeedsFate { .. })));
    }
}

/// Goes to what has something to say, once it says it: a note without words is not on the page yet.
fn go_to(id: String) {
    request_animation_frame(move || browser::focus(&id));
}
