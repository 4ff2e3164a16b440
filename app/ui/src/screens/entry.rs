//! Entrar: e-mail or phone, then the code; one press a person in the demo; a one-time link.

use std::time::Duration;

use ciranda_api::{ApiError, Me};
use ciranda_domain::person::{Availability, Profile};
use ciranda_text::Key;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::menu::profile;
use crate::browser::{self, language};
use crate::desk::drafts;
use crate::entry::{
    DemoPerson, RESEND_AFTER, digits, enter, enter_as, explain, redeem_link, request_code, sign_in_options,
};
use crate::parts::avatar::Avatar;
use crate::parts::icon::Mark;
use crate::words::{other_language, t, tf, words};

/// Where somebody is on the way in.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    Login,
    Code { login: String, challenge: Uuid, minutes: u32 },
}

/// What the screen holds.
#[derive(Clone, Copy)]
struct Entering {
    step: RwSignal<Step>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<Key>>,
    /// This is a demonstration: nobody's e-mail is read.
    demo: RwSignal<bool>,
}

impl Entering {
    /// What follows from an attempt to come in.
    fn answered(self, answer: Result<Me, ApiError>) {
        self.busy.set(false);
        match answer {
            // The page starts again, so that nothing of the screen before is left.
            Ok(me) => {
                drafts::belong_to(me.person);
                browser::came_in(true);
                browser::leave_to("/");
            }
            Err(error) => self.error.set(Some(explain(error.code))),
        }
    }

    /// For `aria-invalid`: whether what is wrong is what was typed, and no session that ended or server that is away.
    fn blames_typing(self) -> Option<&'static str> {
        let blamed = [Key::LoginEmpty, Key::ErrorLoginInvalid, Key::ErrorCodeWrong];
        self.error.get().is_some_and(|error| blamed.contains(&error)).then_some("true")
    }

    fn begin(self) -> bool {
        self.error.set(None);
        !self.busy.get_untracked() && {
            self.busy.set(true);
            true
        }
    }
}

/// The screen.
#[component]
pub fn Entry() -> impl IntoView {
    browser::set_title(&[t(Key::SignInTitle), " · ", t(Key::Product)].concat());
    let ended = browser::query("saiu").is_some().then_some(Key::ErrorSignedOut);
    let entering = Entering {
        step: RwSignal::new(Step::Login),
        busy: RwSignal::new(false),
        error: RwSignal::new(ended),
        demo: RwSignal::new(false),
    };
    let people = RwSignal::new(Vec::new());
    ask_options(entering, people);
    let form = move || match (browser::fragment("link"), entering.step.get()) {
        (Some(link), _) => invited(entering, link).into_any(),
        (None, Step::Login) => view! { <LoginForm entering/> }.into_any(),
        (None, Step::Code { login, challenge, minutes }) => {
            view! { <CodeForm entering login challenge minutes/> }.into_any()
        }
    };
    view! {
        <main class="entry">
            <div class="entry-brand"><Mark/><h1>{t(Key::Product)}</h1><p>{t(Key::SignInPitch)}</p></div>
            <div class="entry-cards">
                {form}
                {move || people.with(|people| (!people.is_empty()).then(|| demo(entering, people.clone())))}
            </div>
            <button class="link" lang=other_language().tag() on:click=|_| language::choose(other_language())>
                {t(Key::OtherLanguage)}
            </button>
        </main>
    }
}

/// Asks which ways in there are until the server answers; meanwhile the screen says that it does not.
fn ask_options(entering: Entering, people: RwSignal<Vec<DemoPerson>>) {
    const AGAIN: Duration = Duration::from_secs(3);
    spawn_local(async move {
        match sign_in_options().await {
            Ok(options) => {
                if entering.error.get_untracked() == Some(Key::ErrorTrying) {
                    entering.error.set(None);
                }
                entering.demo.set(options.demo.is_some());
                people.set(options.demo.unwrap_or_default());
            }
            Err(_) => {
                entering.error.set(Some(Key::ErrorTrying));
                set_timeout(move || ask_options(entering, people), AGAIN);
            }
        }
    });
}

#[component]
fn LoginForm(entering: Entering) -> impl IntoView {
    let login = RwSignal::new(String::new());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = login.get_untracked().trim().to_owned();
        if typed.is_empty() {
            entering.error.set(Some(Key::LoginEmpty));
        } else if entering.begin() {
            spawn_local(async move {
                let answer = request_code(typed.clone(), words().lang().tag().to_owned()).await;
                entering.busy.set(false);
                match answer {
                    Ok(sent) => {
                        entering.step.set(Step::Code { login: typed, challenge: sent.challenge, minutes: sent.minutes })
                    }
                    Err(error) => entering.error.set(Some(explain(error.code))),
                }
            });
        }
    };
    view! {
        <section class="entry-card">
            <h2>{t(Key::SignInTitle)}</h2>
            <p>{t(Key::SignInLead)}</p>
            <form class="entry-form" novalidate on:submit=submit>
                <label for="login">{t(Key::LoginLabel)}</label>
                <input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false"
                    aria-describedby="login-hint entry-error" aria-invalid=move || entering.blames_typing()
                    prop:value=move || login.get() on:input=move |event| login.set(event_target_value(&event))/>
                <p class="hint" id="login-hint">{t(Key::LoginHint)}</p>
                {move || entering.demo.get().then(|| view! { <p class="hint">{t(Key::CodeDemo)}</p> })}
                {error_line(entering)}
                <button class="main" disabled=move || entering.busy.get()>
                    {move || t(if entering.busy.get() { Key::SendingCode } else { Key::SendCode })}
                </button>
            </form>
        </section>
    }
}

#[component]
fn CodeForm(entering: Entering, login: String, challenge: Uuid, minutes: u32) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let submit = move || {
        let typed = code.get_untracked();
        if typed.len() == 6 && entering.begin() {
            spawn_local(async move {
                entering.answered(enter(challenge, typed).await);
                code.set(String::new());
                browser::focus("code");
            });
        }
    };
    let typed = move |event| {
        let clean = digits(&event_target_value(&event));
        code.set(clean.clone());
        // Six digits are the whole of it: nobody has to press a button.
        if clean.len() == 6 {
            submit();
        }
    };
    Effect::new(|_| browser::focus("code"));
    let lead = tf(Key::CodeLead, &[&login, &minutes.to_string()]);
    view! {
        <section class="entry-card">
            <h2>{t(Key::CodeTitle)}</h2>
            <p>{lead}</p>
            {move || entering.demo.get().then(|| view! { <p>{t(Key::CodeDemo)}</p> })}
            <form class="entry-form" novalidate on:submit=move |event| { event.prevent_default(); submit(); }>
                <label for="code">{t(Key::CodeLabel)}</label>
                <input id="code" class="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                    aria-describedby="entry-error" aria-invalid=move || entering.blames_typing()
                    prop:value=move || code.get() on:input=typed/>
                {error_line(entering)}
                <button class="main" disabled=move || entering.busy.get() || code.with(|code| code.len() != 6)>
                    {move || t(if entering.busy.get() { Key::Entering } else { Key::Enter })}
                </button>
            </form>
            <div class="entry-more">
                <button class="link" on:click=move |_| { entering.error.set(None); entering.step.set(Step::Login); }>{t(Key::OtherLogin)}</button>
                <Resend entering login/>
            </div>
        </section>
    }
}

/// Another code, a minute after the last.
#[component]
fn Resend(entering: Entering, login: String) -> impl IntoView {
    let left = RwSignal::new(RESEND_AFTER);
    let beat =
        set_interval_with_handle(move || left.update(|left| *left = left.saturating_sub(1)), Duration::from_secs(1));
    on_cleanup(move || {
        if let Ok(beat) = beat {
            beat.clear();
        }
    });
    let login = StoredValue::new(login);
    let again = move |_| {
        if entering.begin() {
            spawn_local(async move {
                let login = login.get_value();
                let answer = request_code(login.clone(), words().lang().tag().to_owned()).await;
                entering.busy.set(false);
                match answer {
                    Ok(sent) => {
                        entering.step.set(Step::Code { login, challenge: sent.challenge, minutes: sent.minutes })
                    }
                    Err(error) => entering.error.set(Some(explain(error.code))),
                }
            });
        }
    };
    move || match left.get() {
        0 => view! { <button class="link" on:click=again>{t(Key::Resend)}</button> }.into_any(),
        left => {
            view! { <span class="resend">{tf(Key::ResendIn, &[&[&left.to_string(), " s"].concat()])}</span> }.into_any()
        }
    }
}

fn error_line(entering: Entering) -> impl IntoView {
    view! { <p class="error" id="entry-error" role="alert">{move || entering.error.get().map(t)}</p> }
}

/// Somebody with a one-time link. It is used on a press, so that a previewer that follows links does not use it up.
fn invited(entering: Entering, link: String) -> impl IntoView {
    let press = move |_| {
        let link = link.clone();
        if entering.begin() {
            spawn_local(async move { entering.answered(redeem_link(link).await) });
        }
    };
    view! {
        <section class="entry-card">
            <h2>{t(Key::InviteTitle)}</h2>
            <p>{t(Key::InviteLead)}</p>
            <div class="entry-form">
                {error_line(entering)}
                <button class="main" disabled=move || entering.busy.get() on:click=press>
                    {move || t(if entering.busy.get() { Key::Entering } else { Key::InviteContinue })}
                </button>
            </div>
        </section>
    }
}

/// What is worth knowing of somebody before one enters as them: a special profile, teams, absence.
fn hint(person: &DemoPerson) -> String {
    let teams: Vec<_> = person
        .teams
        .iter()
        .map(|team| if team.attends { team.name.clone() } else { tf(Key::OnlySupervises, &[&team.name]) })
        .collect();
    let profile = (person.profile != Profile::Attendant).then(|| t(profile(person.profile)).to_owned());
    let away = (person.availability == Availability::Unavailable).then(|| t(Key::Unavailable).to_lowercase());
    let parts: Vec<_> = profile.into_iter().chain((!teams.is_empty()).then(|| teams.join(", "))).chain(away).collect();
    parts.join(" · ")
}

/// The people of the demo.
fn demo(entering: Entering, people: Vec<DemoPerson>) -> impl IntoView {
    let button = move |person: DemoPerson| {
        let (id, hint) = (person.id, hint(&person));
        let press = move |_| {
            if entering.begin() {
                spawn_local(async move { entering.answered(enter_as(id).await) });
            }
        };
        view! {
            <button disabled=move || entering.busy.get() on:click=press>
                <Avatar name=person.name.clone()/>
                <span><b>{person.name}</b><span class="hint">{hint}</span></span>
            </button>
        }
    };
    view! {
        <section class="entry-card">
            <h2>{t(Key::EnterAs)}</h2>
            <p>{t(Key::EnterAsLead)}</p>
            <div class="people">{people.into_iter().map(button).collect_view()}</div>
        </section>
    }
}
