//! What goes wrong, on demand: for all phones or for the one on screen.

use ciranda_simulator_wire::{CustomerId, Fail, FailHow, Faults};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::phones::Phones;

/// The form's fields, as text until they are applied.
#[derive(Clone, Copy)]
struct Form {
    code: RwSignal<String>,
    how: RwSignal<String>,
    times: RwSignal<String>,
    drop_answers: RwSignal<String>,
    delay_ms: RwSignal<String>,
    shuffle_ms: RwSignal<String>,
    duplicate: RwSignal<bool>,
    statuses_first: RwSignal<bool>,
    skip_delivered: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        Self {
            code: text("0"),
            how: text("answer"),
            times: text("1"),
            drop_answers: text("0"),
            delay_ms: text("0"),
            shuffle_ms: text("0"),
            duplicate: RwSignal::new(false),
            statuses_first: RwSignal::new(false),
            skip_delivered: RwSignal::new(false),
        }
    }

    fn show(self, faults: &Faults) {
        self.code.set(faults.fail.map_or(0, |fail| fail.code).to_string());
        let status = faults.fail.is_some_and(|fail| fail.how == FailHow::Status);
        self.how.set(if status { "status" } else { "answer" }.to_owned());
        self.times.set(faults.fail.map_or(1, |fail| fail.times).to_string());
        self.drop_answers.set(faults.drop_answers.to_string());
        self.delay_ms.set(faults.delay_ms.to_string());
        self.shuffle_ms.set(faults.shuffle_ms.to_string());
        self.duplicate.set(faults.duplicate);
        self.statuses_first.set(faults.statuses_first);
        self.skip_delivered.set(faults.skip_delivered);
    }

    fn faults(self) -> Faults {
        let number = |field: RwSignal<String>| field.get_untracked().trim().parse::<u32>().unwrap_or(0).min(60_000);
        let code = number_of(&self.code.get_untracked());
        let how = if self.how.get_untracked() == "status" { FailHow::Status } else { FailHow::Answer };
        Faults {
            fail: (code > 0).then(|| Fail { code, how, times: number(self.times).max(1) }),
            drop_answers: number(self.drop_answers),
            delay_ms: number(self.delay_ms),
            duplicate: self.duplicate.get_untracked(),
            shuffle_ms: number(self.shuffle_ms),
            statuses_first: self.statuses_first.get_untracked(),
            skip_delivered: self.skip_delivered.get_untracked(),
        }
    }
}

fn number_of(code: &str) -> u32 {
    code.parse().unwrap_or(0)
}

#[component]
pub fn FaultsPanel(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let form = Form::new();
    let said = RwSignal::new("");
    let own = RwSignal::new("all".to_owned());
    let of = move || -> Option<CustomerId> {
        let wanted = own.get() == "one";
        phones.model.with(|model| wanted.then(|| model.present().map(|it| it.id)).flatten())
    };
    // What is in force, for whom the form speaks; used-up faults leave the form as well.
    let in_force = Memo::new(move |_| {
        let of = of();
        phones.model.with(|model| match of.and_then(|id| model.customer(id)) {
            Some(customer) => customer.faults.clone(),
            None => model.faults.clone(),
        })
    });
    Effect::new(move |_| in_force.with(|faults| form.show(faults)));
    let set = move |faults: Faults, done: &'static str| {
        let of = untrack(of);
        spawn_local(async move {
            said.set(phones.set_faults(of, faults).await.err().map_or(done, |trouble| trouble.words(words)));
        });
    };
    let apply = move |event: SubmitEvent| {
        event.prevent_default();
        set(form.faults(), words.applied);
    };
    let clear = move |_| {
        form.show(&Faults::default());
        set(Faults::default(), words.cleared);
    };
    let any = move || {
        phones.model.with(|model| {
            let quiet = Faults::default();
            model.faults != quiet || model.customers.iter().any(|customer| customer.faults != quiet)
        })
    };
    view! {
        <details class="ph-panel">
            <summary>
                {words.faults}
                " "
                <small data-on=move || any().to_string()>
                    {move || if any() { words.faults_some } else { words.faults_none }}
                </small>
            </summary>
            <form on:submit=apply>
                <Scope phones own/>
                <Failing phones form/>
                <Number label=words.drop_answers value=form.drop_answers max="100"/>
                <Number label=words.delay value=form.delay_ms max="60000"/>
                <Number label=words.shuffle value=form.shuffle_ms max="60000"/>
                <Check label=words.duplicate value=form.duplicate/>
                <Check label=words.statuses_first value=form.statuses_first/>
                <Check label=words.skip_delivered value=form.skip_delivered/>
                <p class="ph-note" role="status">{said}</p>
                <div class="ph-pair">
                    <button type="submit">{words.apply}</button>
                    <button type="button" class="ph-quiet" on:click=clear>{words.clear}</button>
                </div>
            </form>
        </details>
    }
}

/// For whom: all phones, or the one whose chat is open.
#[component]
fn Scope(phones: Phones, own: RwSignal<String>) -> impl IntoView {
    let words = phones.words;
    let name = move || phones.model.with(|model| model.present().map(|customer| customer.name.clone()));
    view! {
        <label class="ph-field">
            <span>{words.faults_of}</span>
            <select bind:value=own>
                <option value="all">{words.faults_all}</option>
                {move || name().map(|name| view! { <option value="one">{name}</option> })}
            </select>
        </label>
    }
}

/// With which error, how told, and how often.
#[component]
fn Failing(phones: Phones, form: Form) -> impl IntoView {
    let words = phones.words;
    let codes = [
        ("0", words.fail_never),
        ("131047", words.code_131047),
        ("131026", words.code_131026),
        ("131056", words.code_131056),
        ("130429", words.code_130429),
        ("131049", words.code_131049),
        ("131000", words.code_131000),
        ("131016", words.code_131016),
        ("190", words.code_190),
    ];
    let options = codes.map(|(code, name)| view! { <option value=code>{name}</option> });
    let failing = move || form.code.with(|code| number_of(code) > 0);
    view! {
        <label class="ph-field">
            <span>{words.fail_code}</span>
            <select bind:value=form.code>{options.collect_view()}</select>
        </label>
        <Show when=failing>
            <label class="ph-field">
                <span>{words.fail_how}</span>
                <select bind:value=form.how>
                    <option value="answer">{words.fail_answer}</option>
                    <option value="status">{words.fail_status}</option>
                </select>
            </label>
            <Number label=words.fail_times value=form.times max="1000"/>
        </Show>
    }
}

#[component]
fn Number(label: &'static str, value: RwSignal<String>, max: &'static str) -> impl IntoView {
    view! {
        <label class="ph-field">
            <span>{label}</span>
            <input type="number" min="0" max=max bind:value=value/>
        </label>
    }
}

#[component]
fn Check(label: &'static str, value: RwSignal<bool>) -> impl IntoView {
    view! { <label class="ph-check"><input type="checkbox" bind:checked=value/> {label}</label> }
}
