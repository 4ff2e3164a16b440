//! Ids as Meta forms them, drawn from the simulator's seed.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ciranda_simulator_wire::Side;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Draws ids; two of the same seed draw the same ones.
#[derive(Debug)]
pub struct Ids {
    rng: StdRng,
}

impl Ids {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { rng: StdRng::seed_from_u64(seed) }
    }

    /// A message id: the customer's address and some hexadecimal digits, in Meta's binary wrapping.
    pub fn wamid(&mut self, by: Side, address: &str) -> String {
        let (tag, digits) = match by {
            Side::Customer => (0x12, 20),
            Side::Business => (0x11, 18),
        };
        let mut bytes = vec![0x1c, 0x18, u8::try_from(address.len()).unwrap_or(u8::MAX)];
        bytes.extend_from_slice(address.as_bytes());
        bytes.extend_from_slice(&[0x15, 0x02, 0x00, tag, 0x18, digits]);
        let drawn = format!("3A{:032X}", self.rng.random::<u128>());
        bytes.extend_from_slice(&drawn.as_bytes()[..usize::from(digits)]);
        bytes.push(0);
        format!("wamid.{}", BASE64_STANDARD.encode(bytes))
    }

    /// The id that an error carries for Meta's support.
    pub fn trace(&mut self) -> String {
        format!("A{}", BASE64_URL_SAFE_NO_PAD.encode(self.rng.random::<[u8; 16]>()))
    }

    /// The id of a media file: a long number.
    pub fn media(&mut self) -> String {
        self.rng.random_range(1_000_000_000_000_000..=9_999_999_999_999_999_u64).to_string()
    }

    /// The digest of a media file, as webhooks carry it.
    pub fn digest(&mut self) -> String {
        BASE64_STANDARD.encode(self.rng.random::<[u8; 32]>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_ids_and_never_one_twice() {
        let (mut one, mut other) = (Ids::new(7), Ids::new(7));
        let drawn: Vec<_> = (0..500).map(|_| one.wamid(Side::Customer, "5511900001101")).collect();
        let again: Vec<_> = (0..500).map(|_| other.wamid(Side::Customer, "5511900001101")).collect();
        assert_eq!(drawn, again);
        let distinct: std::collections::BTreeSet<_> = drawn.iter().collect();
        assert_eq!(distinct.len(), 500);
        assert!(drawn[0].starts_with("wamid.HBgNNTUxMTkwMDAwMTEwMRUCABIYFD"));
    }
}
