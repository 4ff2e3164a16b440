//! Whom a note calls: the name being written after an `@`, who can be called, and who is called by a text.
//!
//! *Invariant:* whom a note calls follows from its words alone, so a draft kept over a reload calls the same people.

use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::PersonId;
use ciranda_domain::organisation::Organisation;

use super::transfer::matches;

/// How many people are offered at once, and how long a name is looked for, in characters.
const OFFERED: usize = 5;
const LONGEST: usize = 40;

/// Somebody who can be called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub id: PersonId,
    pub name: String,
}

/// The byte at which a caret stands that the browser gives in UTF-16 units.
#[must_use]
pub fn caret(text: &str, units: usize) -> usize {
    let mut seen = 0;
    let at = text.char_indices().find(|(_, letter)| {
        let here = seen >= units;
        seen += letter.len_utf16();
        here
    });
    at.map_or(text.len(), |(at, _)| at)
}

/// What follows an `@` that begins a word, in the text before the caret.
#[must_use]
pub fn asked(before: &str) -> Option<&str> {
    let at = before.rfind('@')?;
    let asked = &before[at + 1..];
    let fits = !asked.contains('\n') && asked.chars().count() <= LONGEST;
    (fits && begins(&before[..at])).then_some(asked)
}

fn begins(before: &str) -> bool {
    before.chars().next_back().is_none_or(|letter| !letter.is_alphanumeric())
}

/// Those whom a note can call, the holder first, then in the order in which they came.
#[must_use]
pub fn choices(organisation: &Organisation, head: &Conversation, me: PersonId, asked: &str) -> Vec<Choice> {
    // A name that is written out is not asked for any more.
    let written = |name: &str| asked.strip_suffix(' ').is_some_and(|asked| asked == name);
    let mut choices: Vec<Choice> = Vec::new();
    for person in organisation.people.values() {
        let meant = person.id != me && matches(&person.name, asked) && !written(&person.name);
        let sees = || organisation.actor(person.id).is_some_and(|actor| actor.is_active() && actor.sees(head));
        if meant && sees() {
            let at = if Some(person.id) == head.holder() { 0 } else { choices.len() };
            choices.insert(at, Choice { id: person.id, name: person.name.clone() });
        }
    }
    choices.truncate(OFFERED);
    choices
}

/// The text with the name at the caret written out, and the caret after it in UTF-16 units.
#[must_use]
pub fn completed(text: &str, caret: usize, name: &str) -> (String, usize) {
    let (before, after) = text.split_at(caret);
    let kept = before.rfind('@').map_or(before, |at| &before[..at]);
    let before = [kept, "@", name, " "].concat();
    let at = before.encode_utf16().count();
    ([before.as_str(), after.trim_start_matches(' ')].concat(), at)
}

/// Whom a text calls: everybody of the longest name that follows an `@`.
#[must_use]
pub fn called(organisation: &Organisation, text: &str) -> Vec<PersonId> {
    let mut called = Vec::new();
    for (at, _) in text.match_indices('@').filter(|(at, _)| begins(&text[..*at])) {
        let rest = &text[at + 1..];
        let ends = |name: &str| {
            let after = rest.strip_prefix(name).filter(|_| !name.is_empty());
            after.is_some_and(|after| after.chars().next().is_none_or(|letter| !letter.is_alphanumeric()))
        };
        let people = || organisation.people.values().filter(|person| ends(&person.name));
        let longest = people().map(|person| person.name.len()).max();
        called.extend(people().filter(|person| Some(person.name.len()) == longest).map(|person| person.id));
    }
    called
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciranda_domain::ids::PersonNumber;
    use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
    use ciranda_domain::time::Moment;
    use uuid::Uuid;

    fn house() -> Organisation {
        let person = |n: u128, name: &str| Person {
            id: PersonId(Uuid::from_u128(n)),
            number: PersonNumber(1),
            name: name.to_owned(),
            profile: Profile::Administrator,
            availability: Availability::Available,
            status: PersonStatus::Active,
            created_at: Moment(0),
        };
        Organisation::new([person(1, "Ana"), person(2, "Ana Lima"), person(3, "José")], [], [])
    }

    fn who(text: &str) -> Vec<u128> {
        called(&house(), text).iter().map(|id| id.0.as_u128()).collect()
    }

    #[test]
    fn a_name_is_asked_for_after_an_at_that_begins_a_word() {
        assert_eq!(asked("oi @jo"), Some("jo"));
        assert_eq!(asked("@"), Some(""));
        assert_eq!(asked("(@Ana Li"), Some("Ana Li"));
        assert_eq!(asked("ana@loja.com"), None);
        assert_eq!(asked("@Ana\noi"), None);
        assert_eq!(asked("sem nada"), None);
    }

    #[test]
    fn the_longest_name_is_the_one_that_is_called() {
        assert_eq!(who("@Ana Lima, veja"), [2]);
        assert_eq!(who("@Ana, veja"), [1]);
        assert_eq!(who("@José e @Ana"), [3, 1]);
        assert_eq!(who("ana@Ana @Anabela"), []);
    }

    #[test]
    fn a_chosen_name_is_written_out_where_the_caret_stands() {
        assert_eq!(completed("olá @jo e tal", 8, "José"), ("olá @José e tal".to_owned(), 10));
        assert_eq!(completed("@", 1, "Ana"), ("@Ana ".to_owned(), 5));
    }

    #[test]
    fn carets_are_counted_as_the_browser_does() {
        assert_eq!(caret("á😀@j", 3), "á😀".len());
        assert_eq!(caret("abc", 9), 3);
        assert_eq!(caret("abc", 0), 0);
    }
}
