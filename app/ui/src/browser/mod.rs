//! The few things that screens ask of the browser: focus, address, storage, the zone's calendar.
//!
//! *Invariant:* no clock and no randomness: those come through [`crate::desk::Host`].

use ciranda_domain::ids::ConversationId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, Window};

pub mod intl;
pub mod language;
pub mod notifications;
pub mod resizes;
pub mod single_keys;
pub mod storage;
pub mod theme;

/// Prefix of the address's fragment for a conversation.
const PLACE: &str = "#conversa-";

fn window() -> Window {
    web_sys::window().expect("invariant: the desk runs in a page")
}

fn document() -> Document {
    window().document().expect("invariant: the desk runs in a page")
}

/// Whether the person can see this tab and is in it.
pub fn is_in_front() -> bool {
    let document = document();
    !document.hidden() && document.has_focus().unwrap_or(true)
}

/// Whether the contact has room beside the conversation.
pub fn is_wide() -> bool {
    wider_than(1180.0)
}

/// Whether list and conversation are two steps.
pub fn is_narrow() -> bool {
    !wider_than(760.0)
}

fn wider_than(pixels: f64) -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| width >= pixels)
}

/// Loads another page.
pub fn leave_to(address: &str) {
    // Fails only for an address that cannot be parsed, and ours are constants.
    _ = window().location().replace(address);
}

const CAME_IN: &str = "ciranda.came-in";

/// Notes whether somebody came in with this browser.
pub fn came_in(yes: bool) {
    if yes {
        storage::set(CAME_IN, "1");
    } else {
        storage::remove(CAME_IN);
    }
}

/// Whether somebody came in with this browser and has not signed out: only then is it worth asking for a session.
pub fn has_come_in() -> bool {
    storage::get(CAME_IN).is_some()
}

/// Shows another address for what is on the screen, without loading anything.
pub fn readdress(address: &str) {
    if let Ok(history) = window().history() {
        // Fails only when a page does this hundreds of times a second.
        _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(address));
    }
}

/// Goes to another address of this page without loading anything.
pub fn advance(address: &str) {
    if let Ok(history) = window().history() {
        // As with `readdress`.
        _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Has the loader of `public/boot.js` fetch a further part of the page, which puts its screens where they belong. The
/// loader itself says so when that fails.
pub fn load_part(name: &str) {
    if let Some(bring) = loader("bring").and_then(|bring| bring.dyn_into::<js_sys::Function>().ok()) {
        // What it answers is for nobody.
        _ = bring.call1(&JsValue::UNDEFINED, &name.into());
    }
}

/// What the loader of `public/boot.js` has under a name.
fn loader(name: &str) -> Option<JsValue> {
    let get = |of: &JsValue, key: &str| js_sys::Reflect::get(of, &key.into()).ok();
    get(&window(), "ciranda").and_then(|loader| get(&loader, name))
}

/// Tells the other modules on the page that something happened.
pub fn announce(name: &str) {
    if let Ok(event) = web_sys::Event::new(name) {
        // Fails only for an event that is being dispatched already.
        _ = window().dispatch_event(&event);
    }
}

/// Loads this page again.
pub fn reload() {
    _ = window().location().reload();
}

/// The path and a query parameter of the page's address.
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// A query parameter of the page's address.
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// A value of the page's fragment, which no server and no log ever gets to see: a one-time link's secret.
pub fn fragment(name: &str) -> Option<String> {
    let hash = window().location().hash().ok()?;
    hash.strip_prefix('#')?.strip_prefix(name)?.strip_prefix('=').map(str::to_owned)
}

/// Puts the conversation on screen into the address, as a step that can be gone back from or not.
pub fn remember_place(open: Option<ConversationId>, step: bool) {
    let Ok(history) = window().history() else { return };
    let address = match open {
        Some(id) => [PLACE, &id.0.to_string()].concat(),
        None => path(),
    };
    let told = if step {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    };
    // A browser may refuse when called too often; the address then lags, nothing else.
    _ = told;
}

/// The conversation that the address names.
pub fn place() -> Option<ConversationId> {
    let hash = window().location().hash().ok()?;
    hash.strip_prefix(PLACE)?.parse().ok().map(ConversationId)
}

/// The title of the tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Gives the focus to an element.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}

/// The id of a row's element.
pub fn row_id(id: ConversationId) -> String {
    ["row-", &id.0.to_string()].concat()
}

/// Gives the focus to a row once it is on screen: a row beyond the visible ones is built in the next frame.
pub fn focus_row(id: ConversationId) {
    leptos::prelude::request_animation_frame(move || focus(&row_id(id)));
}

/// Gives the focus to the element that comes `step` places after the focused one among those that match; tells whether
/// there was one.
pub fn focus_neighbour(selector: &str, step: i32) -> bool {
    let Ok(all) = document().query_selector_all(selector) else { return false };
    let next = focused_at(selector).and_then(|at| at.checked_add_signed(step));
    let next = next.and_then(|at| all.item(at)).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    next.is_some_and(|element| element.focus().is_ok())
}

/// Which of the elements that fit the selector has the focus, counted in the order of the page.
fn focused_at(selector: &str) -> Option<u32> {
    let (all, focused) = (document().query_selector_all(selector).ok()?, focused()?);
    (0..all.length()).find(|at| all.item(*at).is_some_and(|node| node.is_same_node(Some(&focused))))
}

/// The place of a conversation's element among those that fit the selector, counted in the order of the page.
pub fn place_of(selector: &str, conversation: &str) -> Option<u32> {
    let all = document().query_selector_all(selector).ok()?;
    let is_it = |node: web_sys::Node| {
        let told = node.dyn_into::<Element>().ok()?.get_attribute("data-conversation")?;
        Some(told == conversation)
    };
    (0..all.length()).find(|at| all.item(*at).and_then(is_it) == Some(true))
}

/// Whether nothing on the page has the focus: what had it has gone. The managers' screens as a whole hold it only for
/// want of something better, see [`crate::parts::dialog`].
pub fn focus_is_lost() -> bool {
    focused().is_none_or(|element| element.tag_name() == "BODY" || element.id() == "manage")
}

/// Gives the focus to the element at this place, or to the last where there are fewer now; does nothing while anything
/// else on the page has it. Tells whether it did.
pub fn keep_focus(selector: &str, at: u32) -> bool {
    let Ok(all) = document().query_selector_all(selector) else { return false };
    let kept = all.length().checked_sub(1).and_then(|last| all.item(at.min(last)));
    let kept = kept.and_then(|node| node.dyn_into::<HtmlElement>().ok()).filter(|_| focus_is_lost());
    kept.is_some_and(|element| element.focus().is_ok())
}

/// Moves the focus to the first element that fits `within` the next or previous neighbour of the element's `group`
/// that has one; says whether it did.
pub fn focus_beside(group: &str, within: &str, forwards: bool) -> bool {
    let mut at = focused().and_then(|element| element.closest(group).ok().flatten());
    while let Some(element) = at {
        at = if forwards { element.next_element_sibling() } else { element.previous_element_sibling() };
        let found = at.as_ref().and_then(|beside| beside.query_selector(within).ok().flatten());
        if let Some(found) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            return found.focus().is_ok();
        }
    }
    false
}

/// Whether the avatar's menu is open: keys are its own then.
pub fn menu_is_open() -> bool {
    document().query_selector(":popover-open").is_ok_and(|open| open.is_some())
}

/// The element that has the focus.
pub fn focused() -> Option<Element> {
    document().active_element()
}

/// Puts a text on the clipboard.
pub fn copy(text: &str) {
    // The promise is not waited for: nothing on screen depends on it.
    _ = window().navigator().clipboard().write_text(text);
}
