//! The second language where it is not built in: one text with the phrases of all chapters, fetched by the browser.
//!
//! *Invariant:* no key shows the phrase of another one. The text is of the same build as the module, for the loader asks for
//! it by its hash; phrases are taken over whole, and a text with another number of them not at all: all stays Portuguese.

use std::sync::OnceLock;

use crate::catalogue::settings::Settings;
use crate::{Lang, Words};

/// What stands between two phrases; none of them contains it.
pub const BETWEEN: char = '\u{1e}';

/// How many phrases there are in all chapters.
const TOTAL: usize = Settings::END;

static PHRASES: OnceLock<Vec<&'static str>> = OnceLock::new();

/// The text to be fetched: the English phrases of all chapters in the order of the catalogue.
#[cfg(any(feature = "english", test))]
#[must_use]
pub fn english() -> String {
    use crate::catalogue::{ENGLISH, board, circle, explained, reports, settings};
    let chapters: [&[&str]; 6] =
        [&ENGLISH, &board::ENGLISH, &circle::ENGLISH, &explained::ENGLISH, &reports::ENGLISH, &settings::ENGLISH];
    chapters.concat().join(&BETWEEN.to_string())
}

/// Takes the fetched text over, for as long as the page lives; nothing for a text that is not of this build.
#[must_use]
pub fn speak(text: String) -> Option<Words> {
    // The page speaks one language from beginning to end, so its phrases are never given back.
    let phrases: Vec<&'static str> = text.leak().split(BETWEEN).collect();
    if phrases.len() != TOTAL {
        return None;
    }
    _ = PHRASES.set(phrases);
    Some(Words::of(Lang::English))
}

/// A chapter's phrases, the given ones while nothing was fetched.
#[cfg(any(not(feature = "english"), test))]
pub(crate) fn phrases(chapter: std::ops::Range<usize>, otherwise: &'static [&'static str]) -> &'static [&'static str] {
    PHRASES.get().and_then(|phrases| phrases.get(chapter)).unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::catalogue::{self, board};

    #[test]
    fn a_fetched_text_gives_each_chapter_its_own_phrases() {
        assert_eq!(speak("a text\u{1e}of another build".to_owned()), None);
        assert_eq!(phrases(Key::START..Key::END, &catalogue::PORTUGUESE), catalogue::PORTUGUESE);

        assert_eq!(speak(english()).map(Words::lang), Some(Lang::English));
        assert_eq!(phrases(Key::START..Key::END, &[]), catalogue::ENGLISH);
        assert_eq!(phrases(board::Board::START..board::Board::END, &[]), board::ENGLISH);
        let settings = Settings::START..Settings::END;
        assert_eq!(phrases(settings, &[]), catalogue::settings::ENGLISH);
        assert_eq!(TOTAL, english().split(BETWEEN).count());
    }
}
