//! Phones, which identity a sender is (meta.md 3.7), and how long a text may be.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::contact::{By, Known, Match, Phone, PhoneFault, match_sender};
use ciranda_domain::ids::{ContactId, IdentityId};
use ciranda_domain::inbound::Sender;
use ciranda_domain::limits::{TextFault, text_length, validate_text};
use uuid::Uuid;

fn phone(text: &str) -> Phone {
    Phone::parse(text).expect("a phone number")
}

#[test]
fn phones_are_parsed_to_digits_with_country_code() {
    for written in ["+55 (11) 99999-9999", "5511999999999", " +55.11.99999.9999 "] {
        assert_eq!(phone(written).digits(), "5511999999999");
    }
    for national in ["(11) 99999-9999", "011 99999-9999", "+5511999999999", "55 11 99999-9999"] {
        assert_eq!(Phone::parse_in("55", national).unwrap().digits(), "5511999999999", "{national}");
    }
    // Santa Maria's area code is 55 too.
    assert_eq!(Phone::parse_in("55", "55 99999-9999").unwrap().digits(), "5555999999999");
    assert_eq!(Phone::parse_in("55", "+351 911 111 111").unwrap().digits(), "351911111111");
}

#[test]
fn what_is_no_phone_says_why() {
    assert_eq!(Phone::parse("onze 9999"), Err(PhoneFault::NotANumber));
    assert_eq!(Phone::parse("++5511999999999"), Err(PhoneFault::NotANumber));
    assert_eq!(Phone::parse("5511"), Err(PhoneFault::WrongLength));
    assert_eq!(Phone::parse("1234567890123456"), Err(PhoneFault::WrongLength));
    assert_eq!(Phone::parse("011999999999"), Err(PhoneFault::NoCountry));
    assert_eq!(Phone::parse(""), Err(PhoneFault::WrongLength));
    assert_eq!(Phone::parse("٥٥١١٩٩٩٩٩٩٩٩٩"), Err(PhoneFault::NotANumber));
}

#[test]
fn brazilian_numbers_show_in_the_national_form_and_never_in_logs() {
    assert_eq!(phone("5511999999999").to_string(), "(11) 99999-9999");
    assert_eq!(phone("551133334444").to_string(), "(11) 3333-4444");
    assert_eq!(phone("351911111111").to_string(), "+351911111111");
    assert_eq!(phone("551140041234").to_string(), "(11) 4004-1234");
    for no_national_form in ["5540041234", "55119999999999"] {
        assert_eq!(phone(no_national_form).to_string(), format!("+{no_national_form}"));
    }
    assert_eq!(format!("{:?}", phone("5511999991234")), "Phone(…34)");
}

#[test]
fn brazils_ninth_digit_and_mexicos_one_come_and_go() {
    let variants = |text: &str| phone(text).variants().iter().map(|v| v.digits().to_owned()).collect::<Vec<_>>();
    assert_eq!(variants("5511987654321"), ["551187654321"]);
    assert_eq!(variants("551187654321"), ["5511987654321"]);
    assert_eq!(variants("5215512345678"), ["525512345678"]);
    assert_eq!(variants("525512345678"), ["5215512345678"]);
    // A fixed line has one spelling: with a 9 before it, it would be another phone.
    assert!(variants("551133334444").is_empty());
    assert!(variants("5511933334444").is_empty());
    assert!(variants("351911111111").is_empty());
}

fn known(n: u128, phone: Option<&str>, user_id: Option<&str>) -> Known {
    Known {
        identity: IdentityId(Uuid::from_u128(n)),
        contact: ContactId(Uuid::from_u128(n)),
        phone: phone.map(str::to_owned),
        user_id: user_id.map(str::to_owned),
    }
}

fn sender(phone: Option<&str>, user_id: Option<&str>) -> Sender {
    Sender { phone: phone.map(str::to_owned), user_id: user_id.map(str::to_owned), name: None }
}

fn found(sender: &Sender, candidates: &[Known]) -> Option<(u128, By)> {
    match match_sender(sender, candidates) {
        Match::Found(known, by) => Some((known.identity.0.as_u128(), by)),
        Match::New => None,
    }
}

#[test]
fn senders_are_matched_by_id_then_phone_then_spelling_then_not_at_all() {
    let both = sender(Some("5511987654321"), Some("BR.1"));
    let by_spelling = known(1, Some("551187654321"), None);
    let by_phone = known(2, Some("5511987654321"), None);
    let by_id = known(3, None, Some("BR.1"));
    assert_eq!(found(&both, &[by_spelling.clone(), by_phone.clone(), by_id]), Some((3, By::UserId)));
    assert_eq!(found(&both, &[by_spelling.clone(), by_phone]), Some((2, By::Phone)));
    assert_eq!(found(&both, &[by_spelling]), Some((1, By::PhoneVariant)));
    assert_eq!(found(&both, &[]), None);
    assert_eq!(found(&sender(None, Some("BR.2")), &[known(1, Some("5511987654321"), Some("BR.1"))]), None);
    assert_eq!(found(&sender(None, None), &[known(1, None, None)]), None);
}

#[test]
fn a_phone_whose_known_id_differs_is_somebody_else() {
    let handed_on = [known(1, Some("5511987654321"), Some("BR.1"))];
    assert_eq!(found(&sender(Some("5511987654321"), Some("BR.2")), &handed_on), None);
    assert_eq!(found(&sender(Some("551187654321"), Some("BR.2")), &handed_on), None);
    assert_eq!(found(&sender(Some("5511987654321"), None), &handed_on), Some((1, By::Phone)));
}

#[test]
fn of_two_equally_good_the_oldest_wins() {
    let two = [known(9, Some("5511987654321"), None), known(4, Some("5511987654321"), None)];
    assert_eq!(found(&sender(Some("5511987654321"), None), &two), Some((4, By::Phone)));
}

#[test]
fn texts_are_limited_by_the_channels_own_unit() {
    use ChannelKind::{Instagram, Messenger, WhatsApp};
    assert_eq!(validate_text(WhatsApp, &"ç".repeat(4_096)), Ok(()));
    assert_eq!(validate_text(WhatsApp, &"ç".repeat(4_097)), Err(TextFault::TooLong { length: 4_097, limit: 4_096 }));
    assert_eq!(validate_text(Instagram, &"ç".repeat(500)), Ok(()));
    assert_eq!(validate_text(Instagram, &"ç".repeat(501)), Err(TextFault::TooLong { length: 1_002, limit: 1_000 }));
    assert_eq!(validate_text(Messenger, &"ç".repeat(2_000)), Ok(()));
    assert_eq!(validate_text(Messenger, &"ç".repeat(2_001)), Err(TextFault::TooLong { length: 2_001, limit: 2_000 }));
    assert_eq!(validate_text(WhatsApp, " \n\t"), Err(TextFault::Empty));
    assert_eq!(text_length(Instagram, "ção"), 5);
}
