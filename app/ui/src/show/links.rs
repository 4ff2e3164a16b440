//! Web addresses within a text, so that they can be followed.
//!
//! *Invariant:* only what begins with `http://` or `https://` is an address; the pieces put together are the text.

/// A piece of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    Words(&'a str),
    Address(&'a str),
}

/// The pieces of a text, in order.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, address, after)) = first(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(Piece::Address(address));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// The first address, with what stands before and after it.
fn first(text: &str) -> Option<(&str, &str, &str)> {
    let starts = text.match_indices("http").map(|(at, _)| at);
    for at in starts {
        let (before, candidate) = text.split_at(at);
        let begins_a_word = before.chars().next_back().is_none_or(|letter| !letter.is_alphanumeric());
        let end = candidate.find(char::is_whitespace).unwrap_or(candidate.len());
        // A sentence's own marks at the end are not part of the address.
        let address = candidate[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '*', '_']);
        let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        if begins_a_word && host.is_some_and(|host| !host.is_empty()) {
            return Some((before, address, &candidate[address.len()..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<&str> {
        let found = pieces(text);
        let whole: String = found.iter().map(|(Piece::Words(text) | Piece::Address(text))| *text).collect();
        assert_eq!(whole, text);
        found.into_iter().filter_map(|piece| if let Piece::Address(text) = piece { Some(text) } else { None }).collect()
    }

    #[test]
    fn addresses_are_found_without_the_marks_of_their_sentence() {
        assert_eq!(addresses("Veja https://aurora.example/trocas."), ["https://aurora.example/trocas"]);
        assert_eq!(
            addresses("(http://a.example/?b=1&c=2), ou https://é.example!"),
            ["http://a.example/?b=1&c=2", "https://é.example"]
        );
        assert_eq!(addresses("um\nhttps://a.example\ndois"), ["https://a.example"]);
    }

    #[test]
    fn nothing_else_is_an_address() {
        for text in
            ["", "http", "https://", "javascript:alert(1)", "xhttps://a.example", "http é um protocolo", "https://."]
        {
            assert_eq!(addresses(text), Vec::<&str>::new(), "{text}");
        }
    }
}
