//! Customers: who they are, how they are written, and when two phone numbers are one person.
//!
//! *Invariant:* every name and number here is invented.

use ciranda_simulator_wire::{CustomerId, Faults};
use sha2::{Digest, Sha256};

use crate::config::SimCustomer;

/// A customer as the simulator keeps them.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: CustomerId,
    pub name: String,
    pub wa_id: Option<String>,
    pub user_id: String,
    pub username: Option<String>,
    pub phone_on: bool,
    pub faults: Faults,
}

impl Person {
    /// A person whose phone is on.
    #[must_use]
    pub fn new(id: CustomerId, customer: SimCustomer) -> Self {
        let user_id = user_id(customer.wa_id.as_deref().unwrap_or(&customer.name));
        Self {
            id,
            name: customer.name,
            wa_id: customer.wa_id,
            user_id,
            username: customer.username,
            phone_on: true,
            faults: Faults::default(),
        }
    }
}

/// The five that a demo begins with: two with the ninth digit, two without, one known by user id only.
#[must_use]
pub fn five_brazilians() -> Vec<SimCustomer> {
    let with_phone =
        |name: &str, wa_id: &str| SimCustomer { name: name.to_owned(), wa_id: Some(wa_id.to_owned()), username: None };
    vec![
        with_phone("Mariana Duarte", "5511900001101"),
        with_phone("José Antônio Prado", "555180001102"),
        with_phone("Luciana Sampaio", "5521900001103"),
        with_phone("Rafael Nogueira", "553180001104"),
        SimCustomer { name: "Tainá Oliveira".to_owned(), wa_id: None, username: Some("@taina.oliveira".to_owned()) },
    ]
}

/// The business-scoped user id of someone, the same at every start, so that a desk knows them again.
#[must_use]
pub fn user_id(of: &str) -> String {
    let digest = Sha256::digest(of.as_bytes());
    let digits: String = digest.iter().take(20).map(|byte| char::from(b'0' + byte % 10)).collect();
    format!("BR.{digits}")
}

/// The digits of a number as a person types it, with Brazil's country code where none is given.
#[must_use]
pub fn wa_id_from(typed: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_digit() || " +-().\u{a0}".contains(c);
    if !typed.chars().all(known) {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let national = !typed.trim_start().starts_with('+') && matches!(digits.len(), 10 | 11);
    let digits = if national { format!("55{digits}") } else { digits };
    (8..=15).contains(&digits.len()).then_some(digits)
}

/// Whether two numbers reach one WhatsApp: equal, or Brazilian and apart by the ninth digit only.
#[must_use]
pub fn same_phone(one: &str, other: &str) -> bool {
    without_ninth(one) == without_ninth(other)
}

fn without_ninth(digits: &str) -> String {
    match digits.strip_prefix("55") {
        Some(national) if national.len() == 11 && national.as_bytes()[2] == b'9' => {
            format!("55{}{}", &national[..2], &national[3..])
        }
        _ => digits.to_owned(),
    }
}

/// A number as people write it.
#[must_use]
pub fn written(wa_id: &str) -> String {
    match wa_id.strip_prefix("55") {
        Some(national) if matches!(national.len(), 10 | 11) => {
            let (area, number) = national.split_at(2);
            let (first, last) = number.split_at(number.len() - 4);
            format!("+55 {area} {first}-{last}")
        }
        _ => format!("+{wa_id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ninth_digit_makes_no_other_person() {
        assert!(same_phone("5511987654321", "551187654321"));
        assert!(!same_phone("5511987654321", "551187654322"));
        assert!(!same_phone("5521987654321", "551187654321"));
        assert!(!same_phone("15551234567", "1555123456"));
    }

    #[test]
    fn numbers_are_taken_as_people_type_them() {
        assert_eq!(wa_id_from("(11) 90000-1101").as_deref(), Some("5511900001101"));
        assert_eq!(wa_id_from("+55 51 8000-1102").as_deref(), Some("555180001102"));
        assert_eq!(wa_id_from("+351 910 000 000").as_deref(), Some("351910000000"));
        assert_eq!(wa_id_from("123"), None);
        assert_eq!(wa_id_from("não é"), None);
    }

    #[test]
    fn user_ids_stay_the_same_and_differ_between_people() {
        assert_eq!(user_id("5511900001101"), user_id("5511900001101"));
        assert_ne!(user_id("5511900001101"), user_id("5521900001103"));
        assert!(user_id("x").starts_with("BR."));
    }

    #[test]
    fn numbers_are_written_with_spaces() {
        assert_eq!(written("5511900001101"), "+55 11 90000-1101");
        assert_eq!(written("555180001102"), "+55 51 8000-1102");
        assert_eq!(written("351910000000"), "+351910000000");
    }

    #[test]
    fn the_five_differ_in_how_meta_names_them() {
        let five = five_brazilians();
        assert_eq!(five.len(), 5);
        assert_eq!(five.iter().filter(|c| c.wa_id.is_none()).count(), 1);
        let lengths: Vec<_> = five.iter().filter_map(|c| c.wa_id.as_ref().map(String::len)).collect();
        assert_eq!(lengths, [13, 12, 13, 12]);
    }
}
