//! Contacts and how an address finds them (meta.md 3.7).
//!
//! *Invariant:* a contact is keyed by identity and never by a phone alone; one address finds at most one identity, and
//! nothing that a provider says moves a conversation from one contact's identity to another's.

mod matching;
mod phone;

pub use matching::{By, Known, Match, match_sender};
pub use phone::{Phone, PhoneFault};

use serde::{Deserialize, Serialize};

use crate::ids::{ContactId, IdentityId};
use crate::inbound::Sender;

/// What a conversation shows of its contact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactCard {
    pub id: ContactId,
    /// The identity the conversation answers: the one that wrote last (decision 18).
    pub identity: IdentityId,
    pub name: String,
    /// E.164 phone where known, else the provider's opaque id is not shown and this is empty.
    pub phone: String,
}

/// One address of a customer on one product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    pub id: IdentityId,
    pub contact: ContactId,
    /// Digits with country code, as last seen; what a message is sent to.
    pub phone: Option<String>,
    /// What the phone is found by; none when another identity of the contact answers for that phone.
    pub phone_key: Option<String>,
    /// BSUID, IGSID or PSID.
    pub user_id: Option<String>,
}

/// Who wrote, among those known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recognised {
    /// Nobody known: a new contact. Where an identity held the number before, it has passed to somebody else.
    New { bereft: Option<Identity> },
    /// Known, and nothing was learned.
    Known(Identity),
    /// Known, with an address learned.
    Learned(Identity),
    /// The number was known under another identity: `answers` is found by it from now on. `other` joins its contact when
    /// it has no id of its own, for then they are one customer; both stay, with their conversations (decision 11).
    Linked { answers: Identity, other: Identity },
}

/// Folds the variants of one number: Brazil's mobile numbers with and without the ninth digit, Mexico's with and
/// without the 1 after the country code. Everything but digits is dropped.
#[must_use]
pub fn phone_key(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.as_bytes() {
        // 55, area of two digits, 9, then a mobile number of eight.
        [b'5', b'5', _, _, b'9', b'6'..=b'9', ..] if digits.len() == 13 => format!("{}{}", &digits[..4], &digits[5..]),
        [b'5', b'2', b'1', ..] if digits.len() == 13 => format!("52{}", &digits[3..]),
        _ => digits,
    }
}

/// Recognises a sender among `candidates`: first by the provider's id, then by the number or a variant of it.
#[must_use]
pub fn recognise(sender: &Sender, candidates: &[Identity]) -> Recognised {
    let phone = sender.phone.as_deref().filter(|phone| !phone.is_empty());
    let user_id = sender.user_id.as_deref().filter(|id| !id.is_empty());
    let key = phone.map(phone_key);
    let by_id = user_id.and_then(|id| candidates.iter().find(|c| c.user_id.as_deref() == Some(id)));
    let by_phone = key.as_deref().and_then(|key| candidates.iter().find(|c| c.phone_key.as_deref() == Some(key)));
    match (by_id, by_phone) {
        (None, None) => Recognised::New { bereft: None },
        (Some(known), None) => known.learning(phone, None),
        (Some(known), Some(same)) if known.id == same.id => known.learning(phone, None),
        (None, Some(known)) if known.user_id.is_none() || user_id.is_none() => known.learning(phone, user_id),
        // The number belongs to somebody else's id: the operator gave it to a new customer.
        (None, Some(former)) => Recognised::New { bereft: Some(former.without_phone()) },
        (Some(known), Some(other)) if other.user_id.is_none() => Recognised::Linked {
            answers: known.with_phone(phone),
            other: Identity { contact: known.contact, phone_key: None, ..other.clone() },
        },
        // Both have ids of their own: the number moved from one known customer to another.
        (Some(known), Some(other)) => {
            Recognised::Linked { answers: known.with_phone(phone), other: other.without_phone() }
        }
    }
}

impl Identity {
    fn with_phone(&self, phone: Option<&str>) -> Self {
        match phone {
            Some(phone) => Self { phone: Some(phone.to_owned()), phone_key: Some(phone_key(phone)), ..self.clone() },
            None => self.clone(),
        }
    }

    fn without_phone(&self) -> Self {
        Self { phone: None, phone_key: None, ..self.clone() }
    }

    fn learning(&self, phone: Option<&str>, user_id: Option<&str>) -> Recognised {
        let mut learned = self.with_phone(phone);
        if let Some(id) = user_id {
            learned.user_id = Some(id.to_owned());
        }
        if learned == *self { Recognised::Known(learned) } else { Recognised::Learned(learned) }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn identity(number: u128, phone: Option<&str>, user_id: Option<&str>) -> Identity {
        Identity {
            id: IdentityId(Uuid::from_u128(number)),
            contact: ContactId(Uuid::from_u128(100 + number)),
            phone: phone.map(Into::into),
            phone_key: phone.map(phone_key),
            user_id: user_id.map(Into::into),
        }
    }

    fn sender(phone: Option<&str>, user_id: Option<&str>) -> Sender {
        Sender { phone: phone.map(Into::into), user_id: user_id.map(Into::into), name: None }
    }

    #[test]
    fn variants_of_a_number_have_one_key() {
        assert_eq!(phone_key("5511987654321"), phone_key("551187654321"));
        assert_eq!(phone_key("+52 1 55 1234 5678"), phone_key("525512345678"));
        assert_ne!(phone_key("5511987654321"), phone_key("5521987654321"));
        assert_eq!(phone_key("551132654321"), "551132654321", "a fixed line has no ninth digit");
    }

    #[test]
    fn the_id_wins_over_the_phone() {
        let known = identity(1, None, Some("BR.1"));
        assert_eq!(
            recognise(&sender(None, Some("BR.1")), std::slice::from_ref(&known)),
            Recognised::Known(known.clone())
        );
        let learned = recognise(&sender(Some("5511987654321"), Some("BR.1")), &[known]);
        assert_eq!(learned, Recognised::Learned(identity(1, Some("5511987654321"), Some("BR.1"))));
    }

    #[test]
    fn a_variant_of_the_number_finds_the_contact_and_the_number_last_seen_is_kept() {
        let known = identity(1, Some("5511987654321"), None);
        let found = recognise(&sender(Some("551187654321"), None), &[known]);
        assert_eq!(found, Recognised::Learned(identity(1, Some("551187654321"), None)));
    }

    #[test]
    fn the_first_message_with_both_addresses_links_them() {
        let by_phone = identity(1, Some("5511987654321"), None);
        let linked = recognise(&sender(Some("5511987654321"), Some("BR.1")), std::slice::from_ref(&by_phone));
        assert_eq!(linked, Recognised::Learned(identity(1, Some("5511987654321"), Some("BR.1"))));

        let by_id = identity(2, None, Some("BR.1"));
        let linked = recognise(&sender(Some("5511987654321"), Some("BR.1")), &[by_phone.clone(), by_id]);
        let Recognised::Linked { answers, other } = linked else { panic!("two identities of one customer: {linked:?}") };
        assert_eq!(answers, identity(2, Some("5511987654321"), Some("BR.1")));
        assert_eq!((other.id, other.contact, other.phone_key), (by_phone.id, answers.contact, None));
    }

    #[test]
    fn a_number_that_passed_to_somebody_else_does_not_bring_the_former_customers_conversations() {
        let former = identity(1, Some("5511987654321"), Some("BR.1"));
        let found = recognise(&sender(Some("5511987654321"), Some("BR.2")), &[former]);
        assert_eq!(found, Recognised::New { bereft: Some(identity(1, None, Some("BR.1"))) });
    }

    #[test]
    fn nobody_is_found_by_an_empty_address() {
        let nameless = Identity { phone_key: Some(String::new()), ..identity(1, None, Some("")) };
        assert_eq!(recognise(&sender(Some(""), Some("")), &[nameless]), Recognised::New { bereft: None });
    }
}
