//! Phone numbers the way people say them.

/// `+5511987654321` as `(11) 98765-4321`; a number of another country stays international.
#[must_use]
pub fn spoken(e164: &str) -> String {
    let digits = e164.trim_start_matches('+');
    let international = || if digits.is_empty() { String::new() } else { ["+", digits].concat() };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return e164.to_owned();
    }
    let Some(national) = digits.strip_prefix("55").filter(|national| matches!(national.len(), 10 | 11)) else {
        return international();
    };
    let (area, number) = national.split_at(2);
    let (front, back) = number.split_at(number.len() - 4);
    ["(", area, ") ", front, "-", back].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brazilian_numbers_with_and_without_the_ninth_digit() {
        assert_eq!(spoken("+5511987654321"), "(11) 98765-4321");
        assert_eq!(spoken("551133334444"), "(11) 3333-4444");
    }

    #[test]
    fn others_stay_international_and_junk_stays_as_it_is() {
        assert_eq!(spoken("+351912345678"), "+351912345678");
        assert_eq!(spoken("ana"), "ana");
        assert_eq!(spoken(""), "");
    }
}
