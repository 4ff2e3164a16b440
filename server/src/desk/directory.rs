//! Who wrote: the identities that a batch of events is about, and what is learned of them on the way.
//!
//! *Invariant:* an identity is found by the rule of `domain::contact` alone; at most one identity of a product is found
//! by a phone. Nothing moves a conversation from one identity to another (decision 11).

use std::collections::BTreeSet;

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::contact::{Known, Match, match_sender};
use ciranda_domain::ids::{ContactId, IdentityId, PersonId};
use ciranda_domain::inbound::Sender;
use ciranda_domain::time::Moment;

use crate::clock::id_at;
use crate::store::contact::{ContactRow, Identity, IdentityRow, phone_key};

/// The identities at hand.
#[derive(Default)]
pub struct Directory {
    entries: Vec<Entry>,
    /// Contacts and identities that are new or changed.
    contacts: BTreeSet<ContactId>,
    identities: BTreeSet<IdentityId>,
}

/// An identity and what is known of its contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub identity: Identity,
    pub name: String,
    pub preferred: Option<PersonId>,
}

impl Directory {
    /// Takes in an identity that is stored.
    pub fn add(&mut self, identity: Identity, name: String, preferred: Option<PersonId>) {
        if !self.entries.iter().any(|entry| entry.identity.id == identity.id) {
            self.entries.push(Entry { identity, name, preferred });
        }
    }

    /// The identity that the sender is known by.
    #[must_use]
    pub fn known(&self, kind: ChannelKind, sender: &Sender) -> Option<IdentityId> {
        self.find(kind, sender).map(|at| self.entries[at].identity.id)
    }

    /// The sender's identity, made if nobody is known by the address, with everything learned.
    pub fn find_or_make(&mut self, kind: ChannelKind, sender: &Sender, now: Moment) -> Entry {
        let at = match self.find(kind, sender) {
            Some(at) => at,
            None => self.make(kind, sender, now),
        };
        self.learn(at, sender);
        self.entries[at].clone()
    }

    /// The customer's address changed from `previous` to `current`: what is known under the former is found by the
    /// latter from now on. Nothing when the former is not known.
    pub fn rename(&mut self, kind: ChannelKind, previous: &Sender, current: &Sender) -> Option<Entry> {
        let at = self.find(kind, previous)?;
        if let Some(id) = &current.user_id {
            self.take_user_id(id, at);
            self.entries[at].identity.user_id = Some(id.clone());
        }
        self.identities.insert(self.entries[at].identity.id);
        self.learn(at, current);
        Some(self.entries[at].clone())
    }

    /// Every identity that changed.
    pub fn changed(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| self.identities.contains(&entry.identity.id))
    }

    /// The rows to be written.
    #[must_use]
    pub fn rows(&self, now: Moment) -> (Vec<ContactRow>, Vec<IdentityRow>) {
        let mut contacts: Vec<ContactRow> = Vec::new();
        for entry in self.entries.iter().filter(|entry| self.contacts.contains(&entry.identity.contact)) {
            let id = entry.identity.contact.0;
            if !contacts.iter().any(|row| row.id == id) {
                contacts.push(ContactRow { id, name: entry.name.clone(), created_at: now.0 });
            }
        }
        let mut identities: Vec<IdentityRow> = self.changed().map(|entry| IdentityRow::of(&entry.identity)).collect();
        // An id that moved is given up by one row before the other takes it.
        identities.sort_by_key(|row| row.user_id.is_some());
        (contacts, identities)
    }

    fn find(&self, kind: ChannelKind, sender: &Sender) -> Option<usize> {
        let of_kind = self.entries.iter().filter(|entry| entry.identity.kind == kind);
        let known: Vec<Known> = of_kind
            .map(|entry| Known {
                identity: entry.identity.id,
                contact: entry.identity.contact,
                // One that another identity answers for is not found by its phone any more.
                phone: entry.identity.phone.clone().filter(|_| entry.identity.phone_key.is_some()),
                user_id: entry.identity.user_id.clone(),
            })
            .collect();
        match match_sender(sender, &known) {
            Match::Found(found, _) => self.entries.iter().position(|entry| entry.identity.id == found.identity),
            Match::New => None,
        }
    }

    fn make(&mut self, kind: ChannelKind, sender: &Sender, now: Moment) -> usize {
        let (contact, id) = (ContactId(id_at(now)), IdentityId(id_at(now)));
        let user_id = sender.user_id.clone();
        let identity = Identity { id, contact, kind, phone: None, phone_key: None, user_id };
        self.contacts.insert(contact);
        self.identities.insert(id);
        self.entries.push(Entry { identity, name: String::new(), preferred: None });
        self.entries.len() - 1
    }

    /// Whatever the sender shows and the identity lacked.
    fn learn(&mut self, at: usize, sender: &Sender) {
        let before = self.entries[at].clone();
        if let Some(phone) = &sender.phone {
            self.take_phone(&phone_key(phone), at);
            let identity = &mut self.entries[at].identity;
            identity.phone = Some(phone.clone());
            identity.phone_key = Some(phone_key(phone));
        }
        let entry = &mut self.entries[at];
        if entry.identity.user_id.is_none() {
            entry.identity.user_id.clone_from(&sender.user_id);
        }
        let unnamed = entry.name.is_empty() || entry.identity.phone.as_ref() == Some(&entry.name);
        if unnamed {
            let name = sender.name.clone().filter(|name| !name.trim().is_empty());
            entry.name = name.or_else(|| sender.phone.clone()).unwrap_or_default();
        }
        if entry.identity != before.identity {
            self.identities.insert(entry.identity.id);
        }
        if entry.name != before.name {
            self.contacts.insert(entry.identity.contact);
        }
    }

    /// No other identity of the product is found by this phone any more. One without a provider's id of its own is the
    /// same customer and joins the contact; one with another id lost the number to this customer.
    fn take_phone(&mut self, key: &str, at: usize) {
        let (own, kind, contact) =
            (self.entries[at].identity.id, self.entries[at].identity.kind, self.entries[at].identity.contact);
        for entry in &mut self.entries {
            let identity = &mut entry.identity;
            if identity.id == own || identity.kind != kind || identity.phone_key.as_deref() != Some(key) {
                continue;
            }
            identity.phone_key = None;
            if identity.user_id.is_none() {
                identity.contact = contact;
            } else {
                identity.phone = None;
            }
            self.identities.insert(identity.id);
        }
    }

    /// The provider's id names one identity of a product.
    fn take_user_id(&mut self, id: &str, at: usize) {
        let (own, kind) = (self.entries[at].identity.id, self.entries[at].identity.kind);
        for entry in &mut self.entries {
            let identity = &mut entry.identity;
            if identity.id != own && identity.kind == kind && identity.user_id.as_deref() == Some(id) {
                identity.user_id = None;
                self.identities.insert(identity.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Moment = Moment(1_800_000_000_000);

    fn identity(number: u128, phone: Option<&str>, user_id: Option<&str>) -> Identity {
        Identity {
            id: IdentityId(Uuid::from_u128(number)),
            contact: ContactId(Uuid::from_u128(100 + number)),
            kind: ChannelKind::WhatsApp,
            phone: phone.map(Into::into),
            phone_key: phone.map(phone_key),
            user_id: user_id.map(Into::into),
        }
    }

    fn sender(phone: Option<&str>, user_id: Option<&str>) -> Sender {
        Sender { phone: phone.map(Into::into), user_id: user_id.map(Into::into), name: Some("Bia".into()) }
    }

    fn directory(identities: &[Identity]) -> Directory {
        let mut directory = Directory::default();
        for identity in identities {
            directory.add(identity.clone(), "Bia".into(), None);
        }
        directory
    }

    fn found(directory: &mut Directory, phone: Option<&str>, user_id: Option<&str>) -> Identity {
        directory.find_or_make(ChannelKind::WhatsApp, &sender(phone, user_id), NOW).identity
    }

    #[test]
    fn spellings_of_a_phone_have_one_key() {
        assert_eq!(phone_key("5511987654321"), phone_key("551187654321"));
        assert_eq!(phone_key("5215512345678"), phone_key("525512345678"));
        assert_ne!(phone_key("5511987654321"), phone_key("5521987654321"));
    }

    #[test]
    fn somebody_known_by_phone_is_known_by_the_providers_id_too_once_both_appear() {
        let mut directory = directory(&[identity(1, Some("5511987654321"), None)]);
        let linked = found(&mut directory, Some("551187654321"), Some("BR.1"));
        assert_eq!(linked, identity(1, Some("551187654321"), Some("BR.1")));
        assert_eq!(found(&mut directory, None, Some("BR.1")).id, linked.id);
        assert_eq!(directory.changed().count(), 1);
    }

    #[test]
    fn two_identities_of_one_customer_come_under_one_contact_and_both_stay() {
        let mut directory = directory(&[identity(1, Some("5511987654321"), None), identity(2, None, Some("BR.1"))]);
        let answers = found(&mut directory, Some("5511987654321"), Some("BR.1"));
        assert_eq!(answers, identity(2, Some("5511987654321"), Some("BR.1")));
        let other = directory.entries[0].identity.clone();
        assert_eq!((other.id.0.as_u128(), other.contact, other.phone_key), (1, answers.contact, None));
        assert_eq!(found(&mut directory, Some("5511987654321"), None).id, answers.id);
    }

    #[test]
    fn a_number_that_passed_to_somebody_else_does_not_bring_the_former_customers_conversations() {
        let mut directory = directory(&[identity(1, Some("5511987654321"), Some("BR.1"))]);
        let new = found(&mut directory, Some("5511987654321"), Some("BR.2"));
        assert_ne!(new.id.0.as_u128(), 1);
        assert_eq!(directory.entries[0].identity, identity(1, None, Some("BR.1")));
    }

    #[test]
    fn a_changed_number_finds_the_same_identity() {
        let mut directory = directory(&[identity(1, Some("5511987654321"), Some("BR.1"))]);
        let renamed = directory.rename(
            ChannelKind::WhatsApp,
            &sender(Some("5511987654321"), Some("BR.1")),
            &sender(Some("5511911112222"), Some("BR.9")),
        );
        assert_eq!(renamed.map(|entry| entry.identity), Some(identity(1, Some("5511911112222"), Some("BR.9"))));
        assert_eq!(found(&mut directory, Some("5511911112222"), None).id.0.as_u128(), 1);
        let stranger = sender(Some("5511900000000"), None);
        assert_eq!(directory.rename(ChannelKind::WhatsApp, &stranger, &stranger), None);
    }

    #[test]
    fn nothing_learned_writes_nothing() {
        let mut directory = directory(&[identity(1, Some("5511987654321"), Some("BR.1"))]);
        let _ = found(&mut directory, Some("5511987654321"), Some("BR.1"));
        let (contacts, identities) = directory.rows(NOW);
        assert!(contacts.is_empty() && identities.is_empty());
    }
}
