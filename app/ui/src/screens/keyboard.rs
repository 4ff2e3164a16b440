//! Keys of the whole page, handed to the desk as acts. Which key is which act is in [`crate::show::keys`].

use ciranda_text::Key;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use super::composer;
use crate::browser::{self, single_keys};
use crate::desk::{Desk, Dialog, Move, Place};
use crate::show::keys::{Act, Focus, Held, Press, act};
use crate::words::t;

/// Listens for as long as the present owner lives.
pub fn listen(desk: Desk) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || desk.dialog.get_untracked().is_some() || browser::menu_is_open() {
            return;
        }
        let focus = browser::focused().map_or(Focus::Elsewhere, |element| kind(&element));
        let key = event.key();
        let press = Press { key: &key, held: held(&event), focus };
        // The other screens have keys of their own; the help is the same everywhere.
        let here = |act: &Act| desk.place.get_untracked() == Place::Desk || *act == Act::Help;
        if let Some(act) = act(press, single_keys::act()).filter(here)
            && run(desk, act, focus)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

fn held(event: &KeyboardEvent) -> Held {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        Held::Command
    } else if event.shift_key() {
        Held::Shift
    } else {
        Held::Nothing
    }
}

fn kind(element: &Element) -> Focus {
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => Focus::Typing,
        "INPUT" => {
            let input = element.unchecked_ref::<HtmlInputElement>();
            if matches!(input.type_().as_str(), "radio" | "checkbox") { Focus::Control } else { Focus::Typing }
        }
        "BUTTON" if element.class_list().contains("row") => Focus::Row,
        "BUTTON" | "A" | "SUMMARY" => Focus::Control,
        _ => Focus::Elsewhere,
    }
}

/// Does the act; tells whether there was anything to do.
fn run(desk: Desk, act: Act, focus: Focus) -> bool {
    let target = if focus == Focus::Row { desk.cursor.get_untracked() } else { desk.target() };
    match act {
        Act::Next => desk.move_cursor(Move::Next),
        Act::Previous => desk.move_cursor(Move::Previous),
        Act::First => desk.move_cursor(Move::First),
        Act::Last => desk.move_cursor(Move::Last),
        Act::Tab(tab) => desk.go_to(tab),
        Act::Contact => desk.contact_shown.update(|shown| *shown = !*shown),
        Act::Help => desk.dialog.set(Some(Dialog::Shortcuts)),
        Act::Write => return composer::focus(),
        Act::Leave => return leave(desk, focus),
        Act::Open | Act::Start | Act::TakeOver | Act::Note | Act::Transfer | Act::Conclude => {
            let Some(id) = target else {
                desk.toasts.say(t(Key::PickOne));
                return true;
            };
            match act {
                Act::Start => desk.start(id),
                Act::TakeOver => desk.take_over(id),
                Act::Note => desk.toggle_note(id),
                Act::Transfer => desk.ask_transfer(id),
                Act::Conclude => desk.ask_conclude(id),
                _ => desk.show(id),
            }
        }
    }
    true
}

fn leave(desk: Desk, focus: Focus) -> bool {
    match (desk.open.get_untracked(), focus) {
        (Some(_), _) if desk.uncover() => {}
        (Some(id), Focus::Typing) => {
            desk.cursor.set(Some(id));
            browser::focus_row(id);
        }
        (Some(_), Focus::Row | Focus::Control | Focus::Elsewhere) => desk.hide(),
        (None, _) => return false,
    }
    true
}
