//! The avatar's menu: availability, appearance, language, shortcuts, signing out.

use ciranda_domain::person::{Availability, Profile};
use ciranda_sync::machine::Connection;
use ciranda_sync::view::View;
use ciranda_text::Key;
use leptos::prelude::*;

use super::rail::myself;
use super::sign_out;
use crate::browser::language;
use crate::browser::notifications::{self, Permission};
use crate::browser::theme::Theme;
use crate::desk::{Dialog, use_desk};
use crate::parts::avatar::Avatar;
use crate::parts::icon::{Glyph, Icon};
use crate::words::{other_language, t};

/// The menu itself, a popover that the avatar's button opens.
#[component]
pub fn Menu() -> impl IntoView {
    let desk = use_desk();
    let permission = RwSignal::new(notifications::permission());
    let who = move || {
        desk.track_reference();
        desk.look(myself).map(|me| {
            view! {
                <div class="menu-who">
                    <Avatar name=me.name.clone()/>
                    <div><b>{me.name}</b><span>{t(profile(me.profile))}</span></div>
                </div>
            }
        })
    };
    view! {
        <div class="menu" id="me-menu" popover="auto">
            {who}
            <AvailabilityChoice/>
            <ThemeChoice/>
            <div class="menu-acts">
                {move || (permission.get() == Permission::NotAsked).then(|| view! {
                    <button on:click=move |_| notifications::ask(move |answer| permission.set(answer))>
                        <Glyph icon=Icon::Bell/>{t(Key::NotifyEnable)}
                    </button>
                })}
                // Without a connection the page could not be loaded anew.
                <button lang=other_language().tag() prop:disabled=move || desk.connection.get() != Connection::Live
                    on:click=|_| language::choose(other_language())>
                    <Glyph icon=Icon::Globe/>{t(Key::OtherLanguage)}
                </button>
                <button popovertarget="me-menu" popovertargetaction="hide"
                    on:click=move |_| desk.dialog.set(Some(Dialog::Shortcuts))>
                    <Glyph icon=Icon::Keyboard/>{t(Key::Shortcuts)}
                </button>
                <button popovertarget="me-menu" popovertargetaction="hide" on:click=move |_| sign_out::ask(desk)>
                    <Glyph icon=Icon::Exit/>{t(Key::SignOut)}
                </button>
            </div>
        </div>
    }
}

#[component]
fn AvailabilityChoice() -> impl IntoView {
    let desk = use_desk();
    let choice = move |availability, label, hint| {
        let checked = move || {
            desk.track_reference();
            desk.track_outbox();
            desk.look(View::availability) == Some(availability)
        };
        view! {
            <label class="choice">
                <input type="radio" name="availability" prop:checked=checked
                    on:change=move |_| desk.set_availability(availability)/>
                <span><b>{t(label)}</b><small>{t(hint)}</small></span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{t(Key::Availability)}</legend>
            {choice(Availability::Available, Key::Available, Key::AvailableHint)}
            {choice(Availability::Unavailable, Key::Unavailable, Key::UnavailableHint)}
        </fieldset>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let chosen = Theme::kept();
    let choice = move |theme: Theme, label| {
        view! {
            <label class="choice">
                <input type="radio" name="theme" prop:checked=theme == chosen on:change=move |_| theme.choose()/>
                {t(label)}
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{t(Key::Theme)}</legend>
            <div class="segments">
                {choice(Theme::System, Key::ThemeSystem)}
                {choice(Theme::Light, Key::ThemeLight)}
                {choice(Theme::Dark, Key::ThemeDark)}
            </div>
        </fieldset>
    }
}

pub(super) const fn profile(profile: Profile) -> Key {
    match profile {
        Profile::Administrator => Key::ProfileAdministrator,
        Profile::Attendant => Key::ProfileAttendant,
        Profile::Restricted => Key::ProfileRestricted,
    }
}
