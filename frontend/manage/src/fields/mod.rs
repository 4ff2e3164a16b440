//! Fields of forms: one component for each kind of value, each with label, hint and fault, used everywhere alike.
//!
//! *Invariant:* a field shows a value and tells what is typed; it never decides whether that is right, and never loses
//! it. What is wrong is told by whoever owns the form, at the field, and named by `aria-describedby`.
//!
//! Read in this order: [`About`] (what every field has), `text`, `number`, `pick` (switch, choice, select), `time`.

mod number;
mod pick;
mod text;
mod time;

use leptos::prelude::*;
use web_sys::FocusEvent;

pub use number::{duration, number};
pub use pick::{Choice, cell, choice, select, switch};
pub use text::{Kind, area, combo, text};
pub use time::{date, time_range};

/// What every field has.
#[derive(Clone)]
pub struct About {
    /// Of the control that takes the focus.
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    /// What is wrong, in words.
    pub fault: Signal<Option<String>>,
    /// The person went on from the field.
    pub left: Callback<()>,
    /// The id of the line that says what is wrong, where several controls share one.
    pub told_at: Option<String>,
}

impl About {
    /// A field without a hint.
    pub fn new(id: &str, label: &str, fault: Signal<Option<String>>, left: Callback<()>) -> Self {
        Self { id: id.to_owned(), label: label.to_owned(), hint: None, fault, left, told_at: None }
    }

    /// A field outside a form, such as a filter: nothing can be wrong with it.
    pub fn plain(id: &str, label: &str) -> Self {
        Self::new(id, label, Signal::derive(|| None), Callback::new(|()| ()))
    }

    /// With a line that says what the field is for.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A further control about the same field: it has an id of its own, and says nothing of what is wrong there.
    pub fn apart(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self.fault = Signal::stored(None);
        self
    }

    fn hint_id(&self) -> String {
        [&self.id, "-hint"].concat()
    }

    fn error_id(&self) -> String {
        self.told_at.clone().unwrap_or_else(|| [&self.id, "-error"].concat())
    }

    /// What `aria-describedby` names.
    fn described(&self) -> String {
        match self.hint {
            Some(_) => [&self.hint_id(), " ", &self.error_id()].concat(),
            None => self.error_id(),
        }
    }

    /// For `aria-invalid`.
    fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + Copy + use<> {
        let fault = self.fault;
        move || fault.with(Option::is_some).then_some("true")
    }

    fn hint_line(&self) -> impl IntoView + use<> {
        let id = self.hint_id();
        self.hint.clone().map(|hint| view! { <p class="field-hint" id=id>{hint}</p> })
    }

    fn fault_line(&self) -> impl IntoView + use<> {
        let fault = self.fault;
        view! { <p class="field-fault" id=self.error_id() aria-live="polite">{move || fault.get()}</p> }
    }
}

/// For `on:blur`. A field that has the focus while its page goes is blurred when the page's state has gone already.
fn leaving(left: Callback<()>) -> impl Fn(FocusEvent) + Copy {
    move |_| _ = left.try_run(())
}

/// Label, control, hint and fault, one below the other.
fn framed<V: IntoView + 'static>(about: &About, control: V) -> impl IntoView + use<V> {
    let wrong = about.invalid();
    view! {
        <div class="field" data-wrong=wrong>
            <label for=about.id.clone()>{about.label.clone()}</label>
            {control}
            {about.hint_line()}
            {about.fault_line()}
        </div>
    }
}
