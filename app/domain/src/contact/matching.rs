//! Which known identity a sender is: by the provider's id, then by phone, then by the phone's other spellings.
//!
//! *Invariant:* two identities whose provider's ids are known and differ are never one, whatever their phones say:
//! numbers are handed on to other people.

use crate::contact::phone::Phone;
use crate::ids::{ContactId, IdentityId};
use crate::inbound::Sender;

/// A stored identity of the channel's product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    pub identity: IdentityId,
    pub contact: ContactId,
    /// Digits with country code.
    pub phone: Option<String>,
    /// BSUID, IGSID or PSID.
    pub user_id: Option<String>,
}

/// What the search found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Match<'a> {
    /// The identity, which now also has whatever the sender shows and it lacked.
    Found(&'a Known, By),
    /// Nobody known: a new contact.
    New,
}

/// What an identity was recognised by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum By {
    UserId,
    Phone,
    /// Another spelling of the phone.
    PhoneVariant,
}

/// Finds the sender among `candidates`: the identities with its user id, its phone or one of the phone's
/// [variants](Phone::variants). Of several equally good ones the oldest wins.
#[must_use]
pub fn match_sender<'a>(sender: &Sender, candidates: &'a [Known]) -> Match<'a> {
    let id = sender.user_id.as_deref();
    let phone = sender.phone.as_deref();
    let variants = phone.and_then(|digits| Phone::parse(digits).ok()).map(|phone| phone.variants()).unwrap_or_default();
    let same_id = |known: &Known| id.is_some() && known.user_id.as_deref() == id;
    let compatible = |known: &Known| id.is_none() || known.user_id.is_none() || known.user_id.as_deref() == id;
    let same_phone = |known: &Known| phone.is_some() && known.phone.as_deref() == phone && compatible(known);
    let other_spelling = |known: &Known| {
        let spelled = |digits: &String| variants.iter().any(|variant| variant.digits() == digits);
        known.phone.as_ref().is_some_and(spelled) && compatible(known)
    };
    oldest(candidates, same_id, By::UserId)
        .or_else(|| oldest(candidates, same_phone, By::Phone))
        .or_else(|| oldest(candidates, other_spelling, By::PhoneVariant))
        .unwrap_or(Match::New)
}

fn oldest(candidates: &[Known], is: impl Fn(&Known) -> bool, by: By) -> Option<Match<'_>> {
    let found = candidates.iter().filter(|known| is(known)).min_by_key(|known| known.identity)?;
    Some(Match::Found(found, by))
}
