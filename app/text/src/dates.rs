//! Dates as they are written: in digits in Brazil, with the month's name in English, where digits have no agreed order.

use ciranda_domain::calendar::Day;

use crate::{Lang, Words};

/// The months' short names: only English says them, so they are no phrases of the catalogue.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `25/12/2026`, `25 Dec 2026`.
#[must_use]
pub fn full(words: Words, date: Day) -> String {
    match words.lang() {
        Lang::Portuguese => format!("{}/{:04}", short(words, date), date.year),
        Lang::English => format!("{} {:04}", short(words, date), date.year),
    }
}

/// `25/12`, `25 Dec`.
#[must_use]
pub fn short(words: Words, date: Day) -> String {
    match (words.lang(), usize::try_from(date.month - 1).ok().and_then(|month| MONTHS.get(month))) {
        (Lang::English, Some(month)) => format!("{} {month}", date.day),
        (Lang::English | Lang::Portuguese, _) => format!("{:02}/{:02}", date.day, date.month),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_its_language_does() {
        let date = Day::try_from("2026-12-05".to_owned()).expect("a date");
        assert_eq!(full(Words::PORTUGUESE, date), "05/12/2026");
        assert_eq!(full(Words::of(Lang::English), date), "5 Dec 2026");
        assert_eq!(short(Words::of(Lang::English), date), "5 Dec");
    }
}
