//! The conformance table: one fixture at least for each row of what WhatsApp sends, and what becomes of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ciranda_domain::ids::{ChannelId, MessageId};
use ciranda_domain::inbound::{InboundEvent, ProviderStatus, Sender};
use ciranda_domain::message::{Body, Kind};
use ciranda_domain::time::Moment;
use uuid::Uuid;

use super::parse::{Aside, Heard, read, split};
use super::whatsapp::events;

const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(7));
const PHONE: &str = "5581988880001";
const USER: &str = "BR.70011223344556677";
/// Far after every stamp in the fixtures.
pub const NOW: Moment = Moment::from_seconds(1_800_000_000);
const STAMP: Moment = Moment::from_seconds(1_767_614_400);

/// Everything a body says, in its order.
pub fn everything(bytes: &[u8]) -> (Vec<Heard>, Vec<Aside>) {
    let contents = split(read(bytes).expect("the fixture is JSON"));
    let (mut heard, mut asides, mut position) = (Vec::new(), contents.asides, 0);
    for change in &contents.changes {
        let (more, aside) = events(CHANNEL, &change.value, NOW, &mut position);
        heard.extend(more);
        asides.extend(aside);
    }
    (heard, asides)
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/channels/meta/fixtures")
}

fn fixture(name: &str) -> (Vec<Heard>, Vec<Aside>) {
    everything(&std::fs::read(folder().join(name)).expect("the fixture is there"))
}

fn joana() -> Sender {
    Sender { phone: Some(PHONE.into()), user_id: Some(USER.into()), name: Some("Joana Prado".into()) }
}

fn placeholder(kind: Kind, caption: &str) -> Body {
    Body::Placeholder { kind, caption: (!caption.is_empty()).then(|| caption.into()) }
}

/// File, kind, readable part, quoted message.
#[rustfmt::skip]
const MESSAGES: &[(&str, Kind, &str, &str)] = &[
    ("text", Kind::Text, "Bom dia! O vestido azul ainda está disponível? 💙", ""),
    ("text_zero_width", Kind::Text, "\u{200b}\u{200c}", ""),
    ("text_reply", Kind::Text, "Esse mesmo", "wamid.OURS1"),
    ("text_forwarded", Kind::Text, "Repassando", ""),
    ("text_frequently_forwarded", Kind::Text, "Repassando muito", ""),
    ("text_referred_product", Kind::Text, "Tem do 38?", "wamid.OURS2"),
    ("text_ad_referral", Kind::Text, "Vi o anúncio", ""),
    ("text_without_body", Kind::Unsupported, "", ""),
    ("image", Kind::Image, "Chegou assim", ""),
    ("image_without_caption", Kind::Image, "", ""),
    ("video", Kind::Video, "Desempacotando", ""),
    ("audio", Kind::Audio, "", ""),
    ("audio_voice", Kind::Voice, "", ""),
    ("document", Kind::Document, "comprovante.pdf — Segue o comprovante", ""),
    ("document_only_file_name", Kind::Document, "../../etc/passwd", ""),
    ("sticker", Kind::Sticker, "", ""),
    ("location", Kind::Location, "Marco Zero — Praça Rio Branco, Recife", ""),
    ("location_current", Kind::Location, "-8.05, -34.9", ""),
    ("contacts", Kind::Contacts, "Rita Melo, Sem telefone", ""),
    ("contacts_requested", Kind::Contacts, "Joana Prado", ""),
    ("interactive_button_reply", Kind::Interactive, "Quero trocar", "wamid.OURS3"),
    ("interactive_list_reply", Kind::Interactive, "Sedex", ""),
    ("interactive_nfm_reply", Kind::Interactive, "Enviado", ""),
    ("interactive_nfm_reply_not_an_object", Kind::Interactive, "address_message", ""),
    ("interactive_call_permission_reply", Kind::Interactive, "accept", ""),
    ("interactive_of_a_later_day", Kind::Interactive, "14C", ""),
    ("button", Kind::Button, "Sim, confirmo", ""),
    ("button_with_context", Kind::Button, "Não", "wamid.OURS4"),
    ("reaction", Kind::Reaction, "❤️", "wamid.OURS5"),
    ("reaction_removed_without_key", Kind::Reaction, "", "wamid.OURS5"),
    ("reaction_removed_with_empty_text", Kind::Reaction, "", "wamid.OURS5"),
    ("order", Kind::Order, "Para presente", ""),
    ("order_texts_for_numbers", Kind::Order, "", ""),
    ("system_identity_changed", Kind::System, "O código de segurança mudou", ""),
    ("edit", Kind::Edit, "Bom dia! O vestido verde?", "wamid.FIX0001"),
    ("edit_of_an_image", Kind::Edit, "Agora sim", "wamid.FIX0009"),
    ("revoke", Kind::Revoke, "", "wamid.FIX0001"),
    ("unsupported_poll", Kind::Unsupported, "poll_creation", ""),
    ("unsupported_unavailable", Kind::Unsupported, "", ""),
    ("unsupported_edit", Kind::Edit, "", ""),
    ("type_of_a_later_day", Kind::Unsupported, "hologram", ""),
    ("without_type", Kind::Unsupported, "", ""),
];

#[test]
fn every_message_type_becomes_a_message() {
    for (name, kind, readable, quotes) in MESSAGES {
        let (heard, asides) = fixture(&format!("messages/{name}.json"));
        assert_eq!((heard.len(), asides), (1, vec![]), "{name}");
        let InboundEvent::Message(message) = &heard[0].event else { panic!("{name} is no message") };
        let body = match kind {
            Kind::Text => Body::Text((*readable).into()),
            _ => placeholder(*kind, readable),
        };
        assert_eq!((message.kind, &message.body), (*kind, &body), "{name}");
        assert_eq!(message.quotes.as_deref(), (!quotes.is_empty()).then_some(*quotes), "{name}");
        assert_eq!((&message.sender, message.at, message.channel), (&joana(), STAMP, CHANNEL), "{name}");
        assert!(message.provider_id.starts_with("wamid.FIX"), "{name}");
        assert_eq!(heard[0].raw["timestamp"], "1767614400", "{name}: the raw event is kept");
    }
}

/// File, what is wrong with it, and the sender that is read all the same.
#[test]
fn a_sender_is_found_in_whatever_form_it_comes() {
    let only = |phone: Option<&str>, user: Option<&str>, name: Option<&str>| Sender {
        phone: phone.map(Into::into),
        user_id: user.map(Into::into),
        name: name.map(Into::into),
    };
    for (name, sender) in [
        ("numbers_for_texts", Sender { user_id: Some(USER.into()), ..joana() }),
        ("username_keys_absent", only(None, Some(USER), Some("joana.prado"))),
        ("username_keys_empty", only(None, Some(USER), Some("Joana Prado"))),
        ("sender_only_in_contacts", joana()),
        ("without_contacts", only(Some(PHONE), Some(USER), None)),
        ("contact_of_another", only(Some("5581988880007"), None, None)),
        ("without_id", joana()),
    ] {
        let (heard, asides) = fixture(&format!("messages/{name}.json"));
        assert_eq!((heard.len(), asides), (1, vec![]), "{name}");
        let InboundEvent::Message(message) = &heard[0].event else { panic!("{name} is no message") };
        assert_eq!((&message.sender, message.at), (&sender, STAMP), "{name}");
        assert_eq!(message.kind, Kind::Text, "{name}");
    }
}

#[test]
fn a_message_without_id_gets_one_from_its_content() {
    let id = || match &fixture("messages/without_id.json").0[0].event {
        InboundEvent::Message(message) => message.provider_id.clone(),
        other => panic!("{other:?}"),
    };
    assert!(id().starts_with("sha256:"));
    assert_eq!(id(), id(), "a repeated delivery is known by it");
    match &fixture("messages/numbers_for_texts.json").0[0].event {
        InboundEvent::Message(message) => assert_eq!(message.provider_id, "77"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_placed_is_kept_and_named() {
    for (name, aside) in
        [("senderless", Aside::Senderless), ("group", Aside::Group), ("value_errors_only", Aside::Error)]
    {
        assert_eq!(fixture(&format!("messages/{name}.json")), (vec![], vec![aside]), "{name}");
    }
    let (heard, asides) = fixture("messages/interactive_without_body.json");
    assert_eq!(asides, [Aside::Error]);
    let InboundEvent::Message(message) = &heard[0].event else { panic!("it is a message") };
    assert_eq!(message.body, placeholder(Kind::Interactive, ""), "the message is shown although an error came with it");
}

#[test]
fn a_change_of_number_links_the_identities_and_leaves_a_line() {
    let old = |phone: Option<&str>, user: Option<&str>| Sender {
        phone: phone.map(Into::into),
        user_id: user.map(Into::into),
        name: None,
    };
    for (name, previous, current) in [
        ("system_changed_number", old(Some(PHONE), Some(USER)), old(Some("5581988880009"), Some("BR.70099"))),
        ("system_changed_number_phone_only", old(Some(PHONE), None), old(Some("5581988880009"), None)),
        ("system_changed_user_id", old(None, Some(USER)), old(None, Some("BR.70099"))),
    ] {
        let (heard, asides) = fixture(&format!("messages/{name}.json"));
        assert_eq!(asides, [], "{name}");
        let changed = InboundEvent::IdentityChanged { channel: CHANNEL, previous, current: current.clone(), at: STAMP };
        assert_eq!(heard[0].event, changed, "{name}");
        let InboundEvent::Message(message) = &heard[1].event else { panic!("{name} leaves no line") };
        assert_eq!((message.kind, &message.sender), (Kind::System, &current), "{name}");
    }
    let (heard, asides) = fixture("messages/system_changed_number_to_nothing.json");
    assert_eq!(asides, [Aside::Identity]);
    let InboundEvent::Message(message) = &heard[0].event else { panic!("it is a message") };
    assert_eq!((message.kind, message.sender.phone.as_deref()), (Kind::System, Some(PHONE)));
}

#[test]
fn order_and_channels_of_a_batch_are_kept() {
    let body = std::fs::read(folder().join("messages/several.json")).expect("the fixture is there");
    let contents = split(read(&body).expect("it is JSON"));
    let routes: Vec<&str> = contents.changes.iter().map(|change| change.route.provider_id.as_str()).collect();
    assert_eq!(routes, ["100200300400500", "100200300400500", "100200300400501"]);
    let (heard, _) = everything(&body);
    let said: Vec<(u32, Body)> = heard
        .into_iter()
        .filter_map(|heard| match heard.event {
            InboundEvent::Message(message) => Some((message.position, message.body)),
            InboundEvent::Status(_) | InboundEvent::IdentityChanged { .. } => None,
        })
        .collect();
    let text = |position: u32, text: &str| (position, Body::Text(text.into()));
    assert_eq!(said, [text(0, "um"), text(1, "dois"), text(2, "três")]);
}

#[test]
fn every_status_is_read() {
    let ours = MessageId(Uuid::from_u128(0x0198_f5d2_7c00_7000_8000_0000_0000_000a));
    for (name, status, message) in [
        ("sent", ProviderStatus::Sent, Some(ours)),
        ("sent_with_conversation", ProviderStatus::Sent, None),
        ("delivered", ProviderStatus::Delivered, None),
        ("delivered_keys_empty", ProviderStatus::Delivered, None),
        ("read", ProviderStatus::Read, None),
        ("played", ProviderStatus::Played, None),
        ("failed_131047", ProviderStatus::Failed { code: 131_047 }, None),
        ("failed_code_as_text", ProviderStatus::Failed { code: 131_026 }, None),
        ("failed_without_errors", ProviderStatus::Failed { code: 131_000 }, None),
        ("callback_of_somebody_else", ProviderStatus::Sent, None),
        ("without_timestamp", ProviderStatus::Delivered, None),
    ] {
        let (heard, asides) = fixture(&format!("statuses/{name}.json"));
        assert_eq!((heard.len(), asides), (1, vec![]), "{name}");
        let InboundEvent::Status(update) = &heard[0].event else { panic!("{name} is no status") };
        let at = if name == "without_timestamp" { NOW } else { Moment::from_seconds(1_767_614_460) };
        assert_eq!((update.status, update.message, update.at), (status, message, at), "{name}");
        assert_eq!((update.provider_id.as_str(), update.channel), ("wamid.OURS1", CHANNEL), "{name}");
    }
    assert_eq!(fixture("statuses/of_a_later_day.json"), (vec![], vec![Aside::Status]));
    assert_eq!(fixture("statuses/group.json"), (vec![], vec![Aside::Group]));
}

#[test]
fn account_level_fields_are_kept_and_never_shown_as_a_customers() {
    for (name, aside) in [
        ("template_approved", Aside::Field("message_template_status_update")),
        ("template_rejected", Aside::Field("message_template_status_update")),
        ("template_quality", Aside::Field("message_template_quality_update")),
        ("template_category", Aside::Field("template_category_update")),
        ("template_components", Aside::Field("message_template_components_update")),
        ("phone_quality", Aside::Field("phone_number_quality_update")),
        ("phone_name", Aside::Field("phone_number_name_update")),
        ("business_capability", Aside::Field("business_capability_update")),
        ("account_update", Aside::Field("account_update")),
        ("account_review", Aside::Field("account_review_update")),
        ("account_alerts", Aside::Field("account_alerts")),
        ("security", Aside::Field("security")),
        ("flows", Aside::Field("flows")),
        ("user_preferences", Aside::Field("user_preferences")),
        ("smb_message_echoes", Aside::Field("smb_message_echoes")),
        ("smb_app_state_sync", Aside::Field("smb_app_state_sync")),
        ("history", Aside::Field("history")),
        ("history_media", Aside::Field("history")),
        ("groups", Aside::Field("group_lifecycle_update")),
        ("field_of_a_later_day", Aside::Field("other field")),
        ("without_field", Aside::Shapeless),
    ] {
        assert_eq!(fixture(&format!("account/{name}.json")), (vec![], vec![aside]), "{name}");
    }
    assert_eq!(fixture("account/without_changes.json"), (vec![], vec![]));
}

#[test]
fn other_objects_are_kept_whole() {
    for (name, aside) in [
        ("instagram_text", Aside::Object("instagram")),
        ("messenger_text", Aside::Object("page")),
        ("of_a_later_day", Aside::Object("other object")),
        ("no_object", Aside::Shapeless),
    ] {
        assert_eq!(fixture(&format!("objects/{name}.json")), (vec![], vec![aside]), "{name}");
    }
}

/// A fixture that no test names would look like a covered row.
#[test]
fn every_fixture_is_named_in_this_table() {
    let table = include_str!("conformance.rs");
    let mut unnamed = BTreeSet::new();
    for sub in ["messages", "statuses", "account", "objects"] {
        for file in std::fs::read_dir(folder().join(sub)).expect("the folder is there") {
            let path = file.expect("it can be listed").path();
            let stem = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            if !table.contains(&format!("\"{stem}\"")) && !table.contains(&format!("{sub}/{stem}.json")) {
                unnamed.insert(format!("{sub}/{stem}"));
            }
        }
    }
    assert_eq!(unnamed, BTreeSet::new());
}
