//! Initials and hue of a name, the same on every screen that shows it.

/// The first letters of the first and last word, or `?` without any letter or digit.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let Some(first) = words.next() else { return "?".to_owned() };
    let last = words.next_back().filter(|c| c.is_alphabetic());
    std::iter::once(first).chain(last).flat_map(char::to_uppercase).collect()
}

/// One of six hues, always the same for the same name.
#[must_use]
pub fn hue(name: &str) -> &'static str {
    const HUES: [&str; 6] = ["0", "1", "2", "3", "4", "5"];
    let sum = name.bytes().fold(0_usize, |sum, byte| sum * 31 % 1_009 + usize::from(byte));
    HUES[sum % HUES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Marina de Souza"), "MS");
        assert_eq!(initials("élida"), "É");
        assert_eq!(initials("João 2"), "J");
        assert_eq!(initials("🙂 Ana"), "A");
    }

    #[test]
    fn a_name_without_letters_is_a_question_mark() {
        assert_eq!(initials("🙂"), "?");
        assert_eq!(initials(""), "?");
    }

    #[test]
    fn every_hue_is_somebodys() {
        let hues: std::collections::BTreeSet<_> = (0..60).map(|n| hue(&format!("Contato {n}"))).collect();
        assert_eq!(hues.len(), 6, "{hues:?}");
    }
}
