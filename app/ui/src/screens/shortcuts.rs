//! The list of keys, and the switch that turns the single ones off.

use ciranda_text::Key;
use leptos::prelude::*;

use crate::browser::single_keys;
use crate::desk::use_desk;
use crate::parts::dialog::Sheet;
use crate::words::t;

/// A group of keys: its title, and each act with the keys that stand for it.
type Group = (Key, &'static [(Key, &'static [&'static str])]);

const GROUPS: [Group; 4] = [
    (
        Key::KeysList,
        &[
            (Key::KeysNext, &["j", "↓"]),
            (Key::KeysPrevious, &["k", "↑"]),
            (Key::KeysOpen, &["Enter"]),
            (Key::KeysTabs, &["1", "2", "3", "4"]),
        ],
    ),
    (
        Key::KeysConversation,
        &[
            (Key::KeysStart, &["i"]),
            (Key::KeysWrite, &["r", "Tab"]),
            (Key::KeysSend, &["Enter", "Ctrl Enter"]),
            (Key::KeysNewline, &["Shift Enter"]),
            (Key::Note, &["n"]),
            (Key::KeysTakeOver, &["a"]),
            (Key::KeysTransfer, &["t"]),
            (Key::KeysConclude, &["e"]),
            (Key::KeysContact, &["c"]),
        ],
    ),
    (Key::KeysBoard, &[(Key::KeysMove, &["m"]), (Key::KeysTakeOver, &["a"]), (Key::KeysWhy, &["p"])]),
    (Key::KeysAnywhere, &[(Key::KeysLeave, &["Esc"]), (Key::KeysHelp, &["?"])]),
];

/// The dialog that `?` opens.
#[component]
pub fn ShortcutsDialog() -> impl IntoView {
    let desk = use_desk();
    let close = Callback::new(move |()| desk.dialog.set(None));
    let group = |(title, keys): Group| {
        let line = |(act, keys): &(Key, &'static [&'static str])| {
            let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
            view! { <div><dt>{t(*act)}</dt><dd>{keys}</dd></div> }
        };
        view! { <h3>{t(title)}</h3><dl>{keys.iter().map(line).collect_view()}</dl> }
    };
    view! {
        <Sheet title=t(Key::Shortcuts).to_owned() close>
            <div class="sheet-body">
                <label class="switch">
                    <input type="checkbox" role="switch" prop:checked=single_keys::act()
                        on:change=move |change| single_keys::turn(event_target_checked(&change))/>
                    <span><b>{t(Key::KeysSingle)}</b><small>{t(Key::KeysSingleHint)}</small></span>
                </label>
                <div class="keys-list">{GROUPS.map(group).into_iter().collect_view()}</div>
            </div>
        </Sheet>
    }
}
