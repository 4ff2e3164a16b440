//! Which act a key stands for.
//!
//! *Invariant:* a single key never acts while somebody types, nor when the person turned single keys off (decision 49);
//! a key with a modifier never stands for a single-key act, so the browser's own shortcuts stay.

use ciranda_domain::access::Tab;

/// A key press as the browser reports it.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    pub key: &'a str,
    /// Which modifier is held; Shift alone counts only where it changes the act.
    pub held: Held,
    pub focus: Focus,
}

/// Modifiers held with a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
    Nothing,
    Shift,
    /// Ctrl, ⌘ or Alt.
    Command,
}

/// Where the focus is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// In a field: everything is text.
    Typing,
    /// On a row of the list.
    Row,
    /// On another button, link or choice: Enter and the arrows are its own.
    Control,
    Elsewhere,
}

/// What to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    Next,
    Previous,
    First,
    Last,
    Open,
    Start,
    TakeOver,
    Note,
    Write,
    Transfer,
    Conclude,
    Tab(Tab),
    Contact,
    Help,
    /// Out of the field, back to the list.
    Leave,
}

/// The act of a press, if it has one.
#[must_use]
pub fn act(press: Press<'_>, single_keys: bool) -> Option<Act> {
    if press.held == Held::Command {
        return None;
    }
    match (press.focus, press.key) {
        (_, "Escape") => Some(Act::Leave),
        (Focus::Typing, _) => None,
        (Focus::Row | Focus::Elsewhere, "ArrowDown") => Some(Act::Next),
        (Focus::Row | Focus::Elsewhere, "ArrowUp") => Some(Act::Previous),
        (Focus::Row, "Home") => Some(Act::First),
        (Focus::Row, "End") => Some(Act::Last),
        (Focus::Elsewhere, "Enter") => Some(Act::Open),
        (Focus::Row, "Tab") if press.held == Held::Nothing => Some(Act::Write),
        (Focus::Row | Focus::Control | Focus::Elsewhere, key) if single_keys => single(key),
        (Focus::Row | Focus::Control | Focus::Elsewhere, _) => None,
    }
}

fn single(key: &str) -> Option<Act> {
    Some(match key {
        "j" => Act::Next,
        "k" => Act::Previous,
        "i" => Act::Start,
        "a" => Act::TakeOver,
        "n" => Act::Note,
        "r" => Act::Write,
        "t" => Act::Transfer,
        "e" => Act::Conclude,
        "c" => Act::Contact,
        "1" => Act::Tab(Tab::New),
        "2" => Act::Tab(Tab::Mine),
        "3" => Act::Tab(Tab::Others),
        "4" => Act::Tab(Tab::Finished),
        "?" => Act::Help,
        _ => return None,
    })
}

/// What Enter does in the composer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Enter {
    Send,
    Newline,
}

/// Enter sends, Shift+Enter breaks the line, Ctrl or ⌘ with Enter always sends; while an input method composes a
/// letter Enter belongs to it.
#[must_use]
pub fn enter(key: &str, shift: bool, command: bool, composing: bool) -> Option<Enter> {
    match (key, composing) {
        ("Enter", false) if command || !shift => Some(Enter::Send),
        ("Enter", false) => Some(Enter::Newline),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, focus: Focus) -> Option<Act> {
        act(Press { key, held: Held::Nothing, focus }, true)
    }

    #[test]
    fn letters_are_text_while_somebody_types() {
        for key in ["j", "i", "e", "?", "1", "Enter", "ArrowDown"] {
            assert_eq!(press(key, Focus::Typing), None, "{key}");
        }
        assert_eq!(press("Escape", Focus::Typing), Some(Act::Leave));
    }

    #[test]
    fn single_keys_can_be_turned_off_and_arrows_stay() {
        let off = |key| act(Press { key, held: Held::Nothing, focus: Focus::Row }, false);
        assert_eq!(off("e"), None);
        assert_eq!(off("?"), None);
        assert_eq!(off("ArrowDown"), Some(Act::Next));
    }

    #[test]
    fn the_browsers_own_shortcuts_stay() {
        assert_eq!(act(Press { key: "r", held: Held::Command, focus: Focus::Elsewhere }, true), None);
    }

    #[test]
    fn tab_leads_from_the_row_to_writing_and_shift_tab_is_the_browsers() {
        assert_eq!(press("Tab", Focus::Row), Some(Act::Write));
        assert_eq!(press("Tab", Focus::Control), None);
        assert_eq!(act(Press { key: "Tab", held: Held::Shift, focus: Focus::Row }, true), None);
    }

    #[test]
    fn buttons_keep_enter_and_arrows() {
        assert_eq!(press("Enter", Focus::Control), None);
        assert_eq!(press("ArrowDown", Focus::Control), None);
        assert_eq!(press("t", Focus::Control), Some(Act::Transfer));
        assert_eq!(press("Escape", Focus::Control), Some(Act::Leave));
    }

    #[test]
    fn enter_sends_but_not_while_composing_a_letter() {
        assert_eq!(enter("Enter", false, false, false), Some(Enter::Send));
        assert_eq!(enter("Enter", true, false, false), Some(Enter::Newline));
        assert_eq!(enter("Enter", true, true, false), Some(Enter::Send));
        assert_eq!(enter("Enter", false, false, true), None);
        assert_eq!(enter("a", false, true, false), None);
    }
}
