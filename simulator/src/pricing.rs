//! The `pricing` object of a status, in the regime of 2026-10-01 and after.
//!
//! *Invariant:* templates are charged, also within the window; of the service messages the first thousand delivered
//! in a month are free for each business number, in the zone of its account.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::config::TemplateCategory;

/// What a message is charged as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Charge {
    Service { free: bool },
    Template(TemplateCategory),
}

impl Charge {
    /// The object as a status carries it.
    #[must_use]
    pub fn pricing(self) -> Value {
        let (billable, kind, category) = match self {
            Self::Service { free: true } => (false, "free_customer_service", "service"),
            Self::Service { free: false } => (true, "regular", "service"),
            Self::Template(category) => (true, "regular", category.as_str()),
        };
        json!({ "billable": billable, "pricing_model": "PMP", "type": kind, "category": category })
    }
}

/// How many service messages of a month each number had delivered.
#[derive(Debug, Default)]
pub struct FreeTier {
    delivered: BTreeMap<(String, i16, i8), u32>,
}

/// Free service messages a month and number.
const FREE: u32 = 1000;

impl FreeTier {
    /// Takes the next service message of this number at this instant; whether it is free.
    pub fn take(&mut self, phone_number_id: &str, at_ms: i64) -> bool {
        let (year, month) = month(at_ms);
        let count = self.delivered.entry((phone_number_id.to_owned(), year, month)).or_default();
        *count += 1;
        *count <= FREE
    }
}

/// The accounts of the demo lie in Brasília's zone, which has had no summer time since 2019.
fn month(at_ms: i64) -> (i16, i8) {
    let zone = TimeZone::fixed(jiff::tz::offset(-3));
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default().to_zoned(zone);
    (at.year(), at.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-01T02:59:59Z is still October in Brasília.
    const END_OF_OCTOBER: i64 = 1_793_501_999_000;

    #[test]
    fn the_thousand_and_first_service_message_of_a_month_is_charged() {
        let mut tier = FreeTier::default();
        assert!((0..1000).all(|_| tier.take("1", END_OF_OCTOBER)));
        assert!(!tier.take("1", END_OF_OCTOBER));
        assert!(tier.take("2", END_OF_OCTOBER), "another number has its own thousand");
        assert!(tier.take("1", END_OF_OCTOBER + 1000), "the next month begins at Brasília's midnight");
    }

    #[test]
    fn templates_are_charged_by_their_category() {
        let pricing = Charge::Template(TemplateCategory::Utility).pricing();
        assert_eq!(pricing["type"], "regular");
        assert_eq!(pricing["category"], "utility");
        assert_eq!(pricing["billable"], true);
    }
}
