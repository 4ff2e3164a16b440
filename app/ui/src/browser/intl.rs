//! The account's calendar from the browser's `Intl`, which has the time-zone database that the module leaves out.
//!
//! *Invariant:* formatters are made once a zone: making one costs a thousand times what using it does.

use std::cell::RefCell;
use std::rc::Rc;

use ciranda_domain::calendar::Day;
use ciranda_domain::time::Moment;
use ciranda_text::dates;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::show::calendar::Calendar;
use crate::words::words;

/// Formatters for one language and zone.
pub struct IntlCalendar {
    clock: Function,
    long_date: Function,
    /// `2026-11-24`, whatever the language.
    day: Function,
}

impl IntlCalendar {
    /// For a language and an IANA zone; the browser's own zone while the account's is not known.
    pub fn new(language: &str, zone: &str) -> Self {
        let format = |language: &str, options: &[(&str, &str)]| formatter(language, zone, options);
        Self {
            clock: format(language, &[("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")]),
            long_date: format(language, &[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
            day: format("en-CA", &[("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")]),
        }
    }
}

/// The calendar of the account, kept until its zone changes.
#[derive(Default)]
pub struct AccountCalendar(RefCell<Option<(String, Rc<IntlCalendar>)>>);

impl AccountCalendar {
    /// Of the account's zone as it is now.
    pub fn of(&self, zone: &str) -> Rc<IntlCalendar> {
        let mut held = self.0.borrow_mut();
        match &*held {
            Some((of, calendar)) if of == zone => calendar.clone(),
            _ => {
                let calendar = Rc::new(IntlCalendar::new(words().lang().tag(), zone));
                *held = Some((zone.to_owned(), calendar.clone()));
                calendar
            }
        }
    }
}

fn formatter(language: &str, zone: &str, options: &[(&str, &str)]) -> Function {
    let object = Object::new();
    for (name, value) in options {
        put(&object, name, value);
    }
    if !zone.is_empty() {
        put(&object, "timeZone", zone);
    }
    Intl::DateTimeFormat::new(&Array::of1(&language.into()), &object).format()
}

fn put(object: &Object, name: &str, value: &str) {
    // Setting a property of a fresh object cannot fail.
    _ = Reflect::set(object, &name.into(), &value.into());
}

fn formatted(format: &Function, at: Moment) -> String {
    #[allow(clippy::cast_precision_loss)] // Milliseconds of our age are far below 2^53.
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    format.call1(&JsValue::UNDEFINED, date.unchecked_ref()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

impl Calendar for IntlCalendar {
    fn day(&self, at: Moment) -> i64 {
        days_of(&formatted(&self.day, at)).unwrap_or_else(|| at.0.div_euclid(86_400_000))
    }
    fn clock(&self, at: Moment) -> String {
        formatted(&self.clock, at)
    }
    fn date(&self, at: Moment) -> String {
        dates::short(words(), Day::of_count(self.day(at)))
    }
    fn long_date(&self, at: Moment) -> String {
        formatted(&self.long_date, at)
    }
}

/// Days since the epoch of `2026-11-24`.
fn days_of(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Years begin in March, so that the leap day comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_the_epoch_across_leap_years() {
        assert_eq!(days_of("1970-01-01"), Some(0));
        assert_eq!(days_of("2000-03-01"), Some(11_017));
        assert_eq!(days_of("2024-02-29").zip(days_of("2024-03-01")).map(|(a, b)| b - a), Some(1));
        assert_eq!(days_of("2026-11-24"), Some(20_781));
        assert_eq!(days_of("hoje"), None);
    }
}
