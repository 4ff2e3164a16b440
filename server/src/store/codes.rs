//! How enums are stored: small numbers, append-only.
//!
//! *Invariant:* each pair of functions here is a round trip, which the tests check for every value.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Archive, Side};
use ciranda_domain::inbound::ProviderStatus;
use ciranda_domain::message::{Cancelled, Delivery, Kind};
use ciranda_domain::person::{Availability, PersonStatus, Profile};
use ciranda_domain::report::FactKind;
use ciranda_domain::team::{Level, Strategy};

use super::Unknown;

/// Stored as a small number.
pub trait Code: Copy + Sized + 'static {
    const WHAT: &'static str;
    /// Every value beside its number, in order.
    const ALL: &'static [(i16, Self)];

    fn code(self) -> i16;

    fn from_code(code: i16) -> Result<Self, Unknown> {
        let found = Self::ALL.iter().find(|(number, _)| *number == code);
        found.map(|(_, value)| *value).ok_or(Unknown { what: Self::WHAT, value: code.into() })
    }
}

macro_rules! codes {
    ($type:ident, $what:literal, $($value:ident = $code:literal),* $(,)?) => {
        impl Code for $type {
            const WHAT: &'static str = $what;
            const ALL: &'static [(i16, Self)] = &[$(($code, $type::$value)),*];

            fn code(self) -> i16 {
                match self {
                    $($type::$value => $code),*
                }
            }
        }
    };
}

codes!(Profile, "a profile", Administrator = 0, Attendant = 1, Restricted = 2);
codes!(Availability, "an availability", Available = 0, Unavailable = 1);
codes!(PersonStatus, "a person's status", Active = 0, Blocked = 1, Deleted = 2);
codes!(Level, "a team's level", Everyone = 0, Team = 1, Attendant = 2);
codes!(Strategy, "a way of distributing", Circle = 0, LeastRecent = 1, LeastLoaded = 2);
codes!(Archive, "an archive preference", InTwelveHours = 0, Immediately = 1);
codes!(ChannelKind, "a kind of channel", WhatsApp = 1, Instagram = 2, Messenger = 3);
codes!(Side, "a side", Customer = 1, Desk = 2);
codes!(
    FactKind,
    "a kind of fact",
    Arrival = 1,
    FirstResponse = 2,
    NextResponse = 3,
    Wait = 4,
    Handle = 5,
    Resolution = 6,
    Reopening = 7,
    Transfer = 8,
    Offer = 9,
    Overflow = 10,
    WindowLost = 11,
    Conclusion = 12,
);
codes!(
    Kind,
    "a kind of message",
    Text = 1,
    Image = 2,
    Video = 3,
    Audio = 4,
    Voice = 5,
    Document = 6,
    Sticker = 7,
    Location = 8,
    Contacts = 9,
    Interactive = 10,
    Button = 11,
    Reaction = 12,
    Order = 13,
    System = 14,
    Edit = 15,
    Revoke = 16,
    Unsupported = 17,
    Template = 18,
);

/// A delivery and Meta's code where it failed.
pub fn delivery_code(delivery: Delivery) -> (i16, Option<i32>) {
    match delivery {
        Delivery::Waiting => (0, None),
        Delivery::Queued => (1, None),
        Delivery::Accepted => (2, None),
        Delivery::Sent => (3, None),
        Delivery::Delivered => (4, None),
        Delivery::Read => (5, None),
        Delivery::Failed { code } => (6, Some(code.cast_signed())),
        Delivery::Unknown => (7, None),
        Delivery::Cancelled(Cancelled::ByAuthor) => (8, None),
        Delivery::Cancelled(Cancelled::ByConclusion) => (9, None),
        Delivery::Cancelled(Cancelled::Expired) => (10, None),
    }
}

/// The delivery stored as these two.
pub fn delivery(stored: i16, code: Option<i32>) -> Result<Delivery, Unknown> {
    Ok(match stored {
        0 => Delivery::Waiting,
        1 => Delivery::Queued,
        2 => Delivery::Accepted,
        3 => Delivery::Sent,
        4 => Delivery::Delivered,
        5 => Delivery::Read,
        6 => Delivery::Failed { code: code.unwrap_or(0).cast_unsigned() },
        7 => Delivery::Unknown,
        8 => Delivery::Cancelled(Cancelled::ByAuthor),
        9 => Delivery::Cancelled(Cancelled::ByConclusion),
        10 => Delivery::Cancelled(Cancelled::Expired),
        value => return Err(Unknown { what: "a delivery", value: value.into() }),
    })
}

/// A provider's status and Meta's code where it failed.
pub fn status_code(status: ProviderStatus) -> (i16, Option<i32>) {
    match status {
        ProviderStatus::Sent => (1, None),
        ProviderStatus::Delivered => (2, None),
        ProviderStatus::Read => (3, None),
        ProviderStatus::Played => (4, None),
        ProviderStatus::Failed { code } => (5, Some(code.cast_signed())),
    }
}

/// The status stored as these two.
pub fn status(stored: i16, code: Option<i32>) -> Result<ProviderStatus, Unknown> {
    Ok(match stored {
        1 => ProviderStatus::Sent,
        2 => ProviderStatus::Delivered,
        3 => ProviderStatus::Read,
        4 => ProviderStatus::Played,
        5 => ProviderStatus::Failed { code: code.unwrap_or(0).cast_unsigned() },
        value => return Err(Unknown { what: "a provider's status", value: value.into() }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: Code + PartialEq + std::fmt::Debug>() {
        for (number, value) in T::ALL {
            assert_eq!(value.code(), *number);
            assert_eq!(T::from_code(*number).expect("listed"), *value);
        }
        assert!(T::from_code(99).is_err());
    }

    #[test]
    fn every_stored_number_reads_back_as_what_was_written() {
        round_trip::<Profile>();
        round_trip::<Availability>();
        round_trip::<PersonStatus>();
        round_trip::<Level>();
        round_trip::<Strategy>();
        round_trip::<Archive>();
        round_trip::<ChannelKind>();
        round_trip::<Side>();
        round_trip::<FactKind>();
        round_trip::<Kind>();
        for stored in 0..=10 {
            let read = delivery(stored, (stored == 6).then_some(131_047)).expect("listed");
            assert_eq!(delivery_code(read), (stored, (stored == 6).then_some(131_047)));
        }
        for stored in 1..=5 {
            let read = status(stored, (stored == 5).then_some(131_026)).expect("listed");
            assert_eq!(status_code(read), (stored, (stored == 5).then_some(131_026)));
        }
        assert!(delivery(11, None).is_err() && status(0, None).is_err());
    }
}
