//! Phone numbers as E.164 digits, and the other spellings under which the same phone is known (meta.md 3.7).

use serde::{Deserialize, Serialize};

/// A phone number: 8 to 15 digits that begin with a country code, without `+`; how WhatsApp writes it too.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// Why a text is no phone number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PhoneFault {
    #[error("a phone number has digits, spaces and ( ) - . only")]
    NotANumber,
    #[error("a phone number has 8 to 15 digits with its country code")]
    WrongLength,
    #[error("a country code never begins with 0")]
    NoCountry,
}

const BRAZIL: &str = "55";
const MEXICO: &str = "52";

impl Phone {
    /// A number with its country code, `+` or not: `+55 (11) 99999-9999`, `5511999999999`.
    ///
    /// # Errors
    /// [`PhoneFault`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, PhoneFault> {
        let text = text.trim();
        let digits = digits(text.strip_prefix('+').unwrap_or(text))?;
        if digits.starts_with('0') {
            return Err(PhoneFault::NoCountry);
        }
        if (8..=15).contains(&digits.len()) { Ok(Self(digits)) } else { Err(PhoneFault::WrongLength) }
    }

    /// A number as people of `country` (its calling code) write it, with or without the trunk 0; one that begins with
    /// `+` carries its own country.
    ///
    /// # Errors
    /// [`PhoneFault`] says what is wrong.
    pub fn parse_in(country: &str, text: &str) -> Result<Self, PhoneFault> {
        let text = text.trim();
        if text.starts_with('+') {
            return Self::parse(text);
        }
        let national = digits(text)?;
        // Longer than any national number: the country code was written without its `+`.
        if national.starts_with(country) && national.len() >= country.len() + 10 {
            return Self::parse(&national);
        }
        Self::parse(&format!("{country}{}", national.trim_start_matches('0')))
    }

    /// The digits, country code first.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The other spellings of the same phone: Brazil's ninth digit and Mexico's mobile 1, which providers add or drop.
    #[must_use]
    pub fn variants(&self) -> Vec<Self> {
        let other = match self.0.get(..2) {
            Some(BRAZIL) => brazilian_variant(&self.0[2..]).map(|national| format!("{BRAZIL}{national}")),
            Some(MEXICO) => mexican_variant(&self.0[2..]).map(|national| format!("{MEXICO}{national}")),
            Some(_) | None => None,
        };
        other.map(Self).into_iter().collect()
    }
}

/// Phone numbers stay out of logs: only the last two digits show.
impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Phone(…{})", &self.0[self.0.len() - 2..])
    }
}

/// Brazilian numbers in the national form, `(11) 99999-9999`; others in the international one, `+351911111111`.
impl std::fmt::Display for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.strip_prefix(BRAZIL) {
            Some(national) if matches!(national.len(), 10 | 11) => {
                let (area, rest) = national.split_at(2);
                let (first, last) = rest.split_at(rest.len() - 4);
                write!(f, "({area}) {first}-{last}")
            }
            Some(_) | None => write!(f, "+{}", self.0),
        }
    }
}

/// Area code and eight or nine digits. Only mobile numbers, whose eight digits begin with 6 to 9, have two spellings:
/// a fixed line with a 9 before it would be somebody else's phone.
fn brazilian_variant(national: &str) -> Option<String> {
    let (area, rest) = national.split_at_checked(2)?;
    let mobile = |eight: &str| matches!(eight.as_bytes().first(), Some(b'6'..=b'9'));
    match rest.len() {
        8 if mobile(rest) => Some(format!("{area}9{rest}")),
        9 => rest.strip_prefix('9').filter(|eight| mobile(eight)).map(|eight| format!("{area}{eight}")),
        _ => None,
    }
}

/// Ten digits, with or without the 1 that mobile numbers had.
fn mexican_variant(national: &str) -> Option<String> {
    match national.len() {
        10 => Some(format!("1{national}")),
        11 => national.strip_prefix('1').map(str::to_owned),
        _ => None,
    }
}

fn digits(text: &str) -> Result<String, PhoneFault> {
    let written = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '(' | ')' | '-' | '.'));
    let digits: String = written.clone().filter(char::is_ascii_digit).collect();
    if digits.len() == written.count() { Ok(digits) } else { Err(PhoneFault::NotANumber) }
}
