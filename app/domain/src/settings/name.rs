//! Names of people and teams.

use crate::settings::fault::{Fault, FaultKind, Field};

/// Characters of a name.
pub const NAME_MOST: usize = 60;
const NAME_LEAST: usize = 2;

/// The name without white space at its ends.
pub(super) fn name(typed: &str, faults: &mut Vec<Fault>) -> String {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    let kind = if length == 0 {
        Some(FaultKind::Empty)
    } else if length < NAME_LEAST {
        Some(FaultKind::TooShort { least: count(NAME_LEAST) })
    } else if length > NAME_MOST {
        Some(FaultKind::TooLong { length: count(length), most: count(NAME_MOST) })
    } else {
        None
    };
    faults.extend(kind.map(|kind| Fault::new(Field::Name, kind)));
    name
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A name as it is compared: in lower case and without the accents of the languages of Latin letters.
#[must_use]
pub fn fold(name: &str) -> String {
    let lower = name.trim().chars().flat_map(char::to_lowercase);
    // What is written as a letter and a combining accent loses the accent.
    lower.filter(|c| !('\u{300}'..='\u{36f}').contains(c)).map(plain).collect()
}

const fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}
