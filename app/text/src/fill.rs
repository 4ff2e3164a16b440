//! Placeholders: `{0}` to `{9}` in a phrase.
//!
//! *Invariant:* a value is never searched for placeholders itself, so a customer called `{1}` stays `{1}`.

/// A piece of a filled phrase: screens show values with more weight than the words around them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    Words(&'static str),
    Value(String),
}

/// The phrase with its placeholders replaced; one without a value vanishes.
#[must_use]
pub fn fill(phrase: &'static str, values: &[&str]) -> String {
    let mut out = String::with_capacity(phrase.len() + 16);
    split(phrase, |part| match part {
        Part::Words(words) => out.push_str(words),
        Part::Slot(n) => out.push_str(values.get(n).copied().unwrap_or_default()),
    });
    out
}

/// The phrase in pieces.
#[must_use]
pub fn pieces(phrase: &'static str, values: &[&str]) -> Vec<Piece> {
    let mut out = Vec::new();
    split(phrase, |part| match part {
        Part::Words("") => {}
        Part::Words(words) => out.push(Piece::Words(words)),
        Part::Slot(n) => out.push(Piece::Value(values.get(n).copied().unwrap_or_default().to_owned())),
    });
    out
}

/// The highest placeholder of a phrase plus one.
#[must_use]
pub fn slots(phrase: &'static str) -> usize {
    let mut most = 0;
    split(phrase, |part| {
        if let Part::Slot(n) = part {
            most = most.max(n + 1);
        }
    });
    most
}

enum Part {
    Words(&'static str),
    Slot(usize),
}

fn split(phrase: &'static str, mut take: impl FnMut(Part)) {
    let mut rest = phrase;
    while let Some(open) = rest.find('{') {
        let digit = rest.as_bytes().get(open + 1).copied().unwrap_or_default();
        if !digit.is_ascii_digit() || rest.as_bytes().get(open + 2) != Some(&b'}') {
            take(Part::Words(&rest[..=open]));
            rest = &rest[open + 1..];
            continue;
        }
        take(Part::Words(&rest[..open]));
        take(Part::Slot(usize::from(digit - b'0')));
        rest = &rest[open + 3..];
    }
    take(Part::Words(rest));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_searched_for_placeholders() {
        assert_eq!(fill("{0} transferiu para {1}", &["{1}", "Davi"]), "{1} transferiu para Davi");
    }

    #[test]
    fn braces_that_are_no_placeholder_stay() {
        assert_eq!(fill("{nome} e {", &["x"]), "{nome} e {");
    }

    #[test]
    fn pieces_keep_words_and_values_apart() {
        let got = pieces("{0} iniciou", &["Bruno"]);
        assert_eq!(got, [Piece::Value("Bruno".into()), Piece::Words(" iniciou")]);
    }
}
