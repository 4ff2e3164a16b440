//! Initials in a circle, with a badge for the channel or the availability.

use ciranda_domain::channel::ChannelKind;
use ciranda_text::avatar::{hue, initials};
use leptos::prelude::*;

/// A contact or person. Decorative: the name stands beside it.
#[component]
pub fn Avatar(
    name: String,
    #[prop(default = "av")] class: &'static str,
    #[prop(optional_no_strip)] channel: Option<ChannelKind>,
    /// Whether the person is available; nothing is shown without it.
    #[prop(optional_no_strip)]
    available: Option<bool>,
) -> impl IntoView {
    view! {
        <span class=class data-hue=hue(&name) aria-hidden="true">
            {initials(&name)}
            {channel.map(|kind| view! { <ChannelBadge kind/> })}
            {available.map(|on| view! { <i class="presence" data-on=if on { "true" } else { "false" }></i> })}
        </span>
    }
}

/// The product a conversation runs on.
#[component]
fn ChannelBadge(kind: ChannelKind) -> impl IntoView {
    let path = match kind {
        ChannelKind::WhatsApp => "M4.5 19.5l1.3-4a8 8 0 1 1 3 2.8z",
        ChannelKind::Instagram => {
            "M8 4h8a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4M12 8.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7"
        }
        ChannelKind::Messenger => "M4 15l5.5-5.5 5 4L20 9",
    };
    view! {
        <svg class="channel" viewBox="0 0 24 24" data-kind=kind_name(kind).to_lowercase()><path d=path></path></svg>
    }
}

/// The product's own name, the same in every language.
pub const fn kind_name(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::WhatsApp => "WhatsApp",
        ChannelKind::Instagram => "Instagram",
        ChannelKind::Messenger => "Messenger",
    }
}
