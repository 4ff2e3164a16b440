//! The catalogue of strings that people read: screens, refusals, timeline facts, failures of delivery, e-mails.
//!
//! *Invariant:* every key has both languages and the same placeholders in both; a missing one does not compile or
//! fails a test. Pure: no I/O, no clock, no markup, nothing of any framework.
//!
//! Brazilian Portuguese is always there. English is built in with the feature `english`; the browser's modules leave it out
//! and are given its phrases when they start ([`fetched`]), so that nobody loads a language they do not read. Each part of
//! the page has a chapter of its own, so that no module carries the phrases of another.
//!
//! Read in this order: [`catalogue`] (the keys), [`fill`] (placeholders), then the topics: [`facts`], [`explained`],
//! [`failures`], [`faults`], [`refusals`], [`email`], [`spans`], [`dates`]; [`fetched`] last.

pub mod avatar;
pub mod catalogue;
pub mod dates;
pub mod email;
pub mod explained;
pub mod facts;
pub mod failures;
pub mod faults;
pub mod fetched;
pub mod fill;
pub mod phone;
pub mod refusals;
pub mod reports;
pub mod spans;

pub use catalogue::Key;
pub use fill::Piece;

/// A language to say phrases in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    lang: Lang,
}

/// A key of some chapter of the [`catalogue`].
pub trait Phrase: Copy {
    /// The chapter's phrases in the order of its keys.
    fn table(lang: Lang) -> &'static [&'static str];
    /// The key's place.
    fn index(self) -> usize;
}

/// The languages there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    Portuguese,
    English,
}

impl Lang {
    /// The language nearest to a BCP 47 tag such as `pt-BR` or `en-US`; Portuguese when it is neither.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        if tag.len() >= 2 && tag.as_bytes()[..2].eq_ignore_ascii_case(b"en") { Self::English } else { Self::Portuguese }
    }

    /// The tag for `lang` attributes and `Intl`. The English is the one that writes the day before the month and counts 24
    /// hours, as everything else here does.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Portuguese => "pt-BR",
            Self::English => "en-GB",
        }
    }
}

impl Words {
    /// The first language.
    pub const PORTUGUESE: Self = Self { lang: Lang::Portuguese };

    /// The second language, where it is built in.
    #[cfg(feature = "english")]
    pub const ENGLISH: Self = Self { lang: Lang::English };

    /// A language. Where English is neither built in nor [`fetched`], its phrases are the Portuguese ones.
    #[must_use]
    pub const fn of(lang: Lang) -> Self {
        Self { lang }
    }

    /// Which language this is.
    #[must_use]
    pub const fn lang(self) -> Lang {
        self.lang
    }

    /// The phrase as it stands, placeholders included. Not inlined: the screens ask for phrases in hundreds of places.
    #[must_use]
    #[inline(never)]
    pub fn get<K: Phrase>(self, key: K) -> &'static str {
        K::table(self.lang)[key.index()]
    }

    /// The phrase with `{0}`, `{1}` … replaced.
    #[must_use]
    pub fn fill<K: Phrase>(self, key: K, values: &[&str]) -> String {
        fill::fill(self.get(key), values)
    }

    /// One of two phrases by number; `{0}` becomes the number.
    #[must_use]
    pub fn count<K: Phrase>(self, n: u32, one: K, other: K) -> String {
        self.fill(if n == 1 { one } else { other }, &[&n.to_string()])
    }
}
