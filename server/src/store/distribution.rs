//! How a team hands out conversations, as columns of its row.
//!
//! *Invariant:* columns made of a distribution give it back. What is switched off is not part of a distribution: the row
//! keeps it, for the form that will switch it on again.

use ciranda_domain::settings::DistributionForm;
use ciranda_domain::team::{Distribution, Overflow, Strategy, Weights};
use ciranda_domain::time::Span;

use super::Unknown;
use super::codes::Code;

/// The columns of `team` that say how it distributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DistributionColumns {
    /// While `false`, whatever else the row has is left as it is.
    pub distributes: bool,
    pub overflows: bool,
    /// `None` leaves what the row has.
    pub limit_ms: Option<i64>,
    pub maximum_ms: Option<i64>,
    pub capacity: Option<i32>,
    pub strategy: i16,
    /// Of WhatsApp, Instagram and Messenger.
    pub weights: [i16; 3],
}

impl DistributionColumns {
    #[must_use]
    pub fn of(distribution: Distribution) -> Self {
        let (distributes, overflow, capacity, strategy, weights) = match distribution {
            Distribution::Off => (false, Overflow::Off, None, Strategy::default(), Weights::default()),
            Distribution::On { overflow, capacity, strategy, weights } => (true, overflow, capacity, strategy, weights),
        };
        let lengths = match overflow {
            Overflow::Off => None,
            Overflow::On { limit, maximum } => Some((limit.0, maximum.0)),
        };
        Self {
            distributes,
            overflows: lengths.is_some(),
            limit_ms: lengths.map(|(limit, _)| limit),
            maximum_ms: lengths.map(|(_, maximum)| maximum),
            capacity: capacity.map(|capacity| i32::try_from(capacity).unwrap_or(i32::MAX)),
            strategy: strategy.code(),
            weights: [weights.whatsapp, weights.instagram, weights.messenger].map(i16::from),
        }
    }

    /// The distribution in force.
    ///
    /// # Errors
    /// When a column holds what this version does not know.
    pub fn distribution(&self) -> Result<Distribution, Unknown> {
        if self.distributes { self.if_on() } else { Ok(Distribution::Off) }
    }

    /// What the row keeps, switched on or not.
    ///
    /// # Errors
    /// As [`Self::distribution`].
    pub fn kept(&self) -> Result<DistributionForm, Unknown> {
        let lengths = Self { overflows: true, ..*self }.if_on()?;
        Ok(DistributionForm { overflow: self.overflows, ..DistributionForm::of(lengths, DistributionForm::default()) })
    }

    fn if_on(&self) -> Result<Distribution, Unknown> {
        let overflow = match (self.overflows, self.limit_ms, self.maximum_ms) {
            (true, Some(limit), Some(maximum)) => Overflow::On { limit: Span(limit), maximum: Span(maximum) },
            (true, ..) | (false, ..) => Overflow::Off,
        };
        let weight =
            |value: i16| u8::try_from(value).map_err(|_| Unknown { what: "a channel's weight", value: value.into() });
        let [whatsapp, instagram, messenger] = self.weights;
        Ok(Distribution::On {
            overflow,
            capacity: self.capacity.map(i32::cast_unsigned),
            strategy: Strategy::from_code(self.strategy)?,
            weights: Weights {
                whatsapp: weight(whatsapp)?,
                instagram: weight(instagram)?,
                messenger: weight(messenger)?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_give_the_distribution_back() {
        let overflow = Overflow::On { limit: Span::minutes(3), maximum: Span::minutes(9) };
        let weights = Weights { whatsapp: 1, instagram: 2, messenger: 0 };
        let on = |overflow, strategy, capacity| Distribution::On { overflow, capacity, strategy, weights };
        for distribution in [
            Distribution::Off,
            on(Overflow::Off, Strategy::Circle, None),
            on(overflow, Strategy::LeastRecent, Some(4)),
            on(overflow, Strategy::LeastLoaded, None),
        ] {
            let columns = DistributionColumns::of(distribution);
            assert_eq!(columns.distribution().expect("just made"), distribution);
        }
        let off = DistributionColumns {
            distributes: false,
            overflows: false,
            ..DistributionColumns::of(on(overflow, Strategy::LeastRecent, Some(4)))
        };
        assert_eq!(off.distribution().expect("off"), Distribution::Off);
        let kept = off.kept().expect("what it was");
        assert_eq!((kept.limit, kept.maximum, kept.overflow, kept.capacity), (3, 9, false, Some(4)));
        assert_eq!((kept.strategy, kept.weights), (Strategy::LeastRecent, weights));
        let known = DistributionColumns::of(on(overflow, Strategy::Circle, None));
        assert!(DistributionColumns { strategy: 9, ..known }.distribution().is_err());
        assert!(DistributionColumns { weights: [1, -1, 1], ..known }.distribution().is_err());
    }
}
