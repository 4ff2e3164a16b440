//! The icons, one stroke each on a grid of 24.
//!
//! *Invariant:* an icon never stands alone for a meaning: the element around it carries the words.

use leptos::prelude::*;

/// The icons there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    Alert,
    Back,
    Ban,
    Bell,
    Board,
    Chart,
    Chat,
    Check,
    CheckTwo,
    Clock,
    Close,
    Down,
    Exit,
    File,
    Globe,
    Hourglass,
    Inbox,
    Info,
    Keyboard,
    Lock,
    Mic,
    Newest,
    Person,
    Photo,
    Pin,
    Question,
    Send,
    Settings,
    Sound,
    Tap,
    Team,
    Video,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M12 7.8v5M12 16v.1",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Ban => "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M6 6l12 12",
            Self::Bell => "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
            Self::Board => "M4 20V10M10 20V4M16 20v-7M21 20H3",
            Self::Chart => "M4 19l6-7 4 4 6-9",
            Self::Chat => "M4 5h16v11H9l-5 4z",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::CheckTwo => "M1.5 13l4.3 4.3L14 8M11.5 15.8l1.5 1.5L22 8",
            Self::Clock => "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M12 7.5V12l3 2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Down => "M6 9l6 6 6-6",
            Self::Exit => "M14 5H5v14h9M10 12h11M17 8l4 4-4 4",
            Self::File => "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4",
            Self::Globe => {
                "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M3.5 12h17M12 3.5c-4.7 4.7-4.7 12.3 0 17c4.7-4.7 4.7-12.3 0-17"
            }
            Self::Hourglass => {
                "M7 4h10M7 20h10M8 4v3.5c0 2 4 3 4 4.5s-4 2.5-4 4.5V20M16 4v3.5c0 2-4 3-4 4.5s4 2.5 4 4.5V20"
            }
            Self::Inbox => "M4 13.5L6.5 5h11L20 13.5V19H4zM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20",
            Self::Info => "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M12 11.2v5M12 8v.1",
            Self::Keyboard => "M3.5 6.5h17v11h-17zM7 10v.1M10.5 10v.1M14 10v.1M17 10v.1M8 14h8",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::Mic => "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3M5.5 12a6.5 6.5 0 0 0 13 0M12 18.5V21",
            Self::Newest => "M12 5v13M6 12.5l6 6 6-6",
            Self::Person => "M12 4a4 4 0 1 1 0 8a4 4 0 1 1 0-8M4 20.5c0-4 4-6 8-6s8 2 8 6",
            Self::Photo => "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.1",
            Self::Pin => "M12 21c4-4.5 6-7.8 6-10.5a6 6 0 0 0-12 0c0 2.7 2 6 6 10.5M12 8.5a2 2 0 1 1 0 4a2 2 0 1 1 0-4",
            Self::Question => {
                "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M9.7 9.7a2.4 2.4 0 1 1 3.5 2.1c-.9.5-1.2 1-1.2 1.7M12 16.3v.1"
            }
            Self::Send => "M4.5 12H11M4.5 12L3 4.5 21 12 3 19.5z",
            Self::Settings => {
                "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5M8 14.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5"
            }
            Self::Sound => "M4 9.5v5h4l5 4v-13l-5 4zM16.5 9a4.2 4.2 0 0 1 0 6",
            Self::Tap => {
                "M9 11V5.5a1.7 1.7 0 0 1 3.4 0V11l5 1.5c1.2.4 1.6 1 1.5 2.2l-.6 5.8h-7L6.5 15a1.6 1.6 0 0 1 2.5-2z"
            }
            Self::Team => {
                "M9 5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7M2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5M16 5.3a3.5 3.5 0 0 1 0 6.5M18 14.9c2.2.8 3.5 2.6 3.5 5.1"
            }
            Self::Video => "M4 6h11v12H4zM15 10.5l5-3v9l-5-3",
        }
    }
}

/// Draws an icon; hidden from screen readers.
#[component]
pub fn Glyph(icon: Icon) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=icon.path()></path></svg> }
}

/// The product's mark: a circle of people holding hands.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
            <circle cx="16" cy="16" r="10.5" fill="none" stroke="currentColor" stroke-width="1.6" opacity=".35"></circle>
            <path d="M16 2.1a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 1 1 0-6.8M25.1 8.1a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2M25.1 18.7a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2M16 23.9a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2M6.9 18.7a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2M6.9 8.1a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2"></path>
        </svg>
    }
}
