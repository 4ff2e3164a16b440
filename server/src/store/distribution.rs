//! How a team hands out conversations, as columns of its row.
//!
//! *Invariant:* columns made of a distribution give it back; what is switched off is not remembered by the domain, so
//! its lengths are left to the row.

use ciranda_domain::team::{Distribution, Overflow, Strategy, Weights};
use ciranda_domain::time::Span;

use super::Unknown;
use super::codes::Code;

/// The columns of `team` that say how it distributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DistributionColumns {
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

    /// # Errors
    /// When a column holds what this version does not know.
    pub fn distribution(&self) -> Result<Distribution, Unknown> {
        if !self.distributes {
            return Ok(Distribution::Off);
        }
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
        let known = DistributionColumns::of(on(overflow, Strategy::Circle, None));
        assert!(DistributionColumns { strategy: 9, ..known }.distribution().is_err());
        assert!(DistributionColumns { weights: [1, -1, 1], ..known }.distribution().is_err());
    }
}
