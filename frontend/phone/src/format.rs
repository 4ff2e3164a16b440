//! Instants as people read them, in the zone of the demo's account.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The zone of the demo's account, whose business hours the clock is moved through.
const ZONE: &str = "America/Sao_Paulo";
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Formatters, made once: making one costs far more than using it.
pub struct Format {
    time: Function,
    clock: Function,
    day: Function,
    short: Function,
}

impl Format {
    pub fn new(language: &str) -> Self {
        let format = |options: &[(&str, &str)]| formatter(language, options);
        Self {
            time: format(&[("hour", "2-digit"), ("minute", "2-digit")]),
            clock: format(&[
                ("weekday", "short"),
                ("day", "2-digit"),
                ("month", "short"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
            ]),
            day: format(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
            short: format(&[("day", "2-digit"), ("month", "2-digit"), ("hour", "2-digit"), ("minute", "2-digit")]),
        }
    }

    /// `09:41`.
    pub fn time(&self, at: i64) -> String {
        written(&self.time, at)
    }

    /// `ter., 24 de nov., 09:00:12`.
    pub fn clock(&self, at: i64) -> String {
        written(&self.clock, at)
    }

    /// `terça-feira, 24 de novembro`.
    pub fn day(&self, at: i64) -> String {
        written(&self.day, at)
    }

    /// The time, with the day when it is another one than `now`'s.
    pub fn time_or_day(&self, at: i64, now: i64) -> String {
        if self.day(at) == self.day(now) { self.time(at) } else { written(&self.short, at) }
    }

    /// Today, yesterday, or the day itself.
    pub fn day_near(&self, at: i64, now: i64, today: &str, yesterday: &str) -> String {
        let day = self.day(at);
        if day == self.day(now) {
            today.to_owned()
        } else if day == self.day(now - DAY_MS) {
            yesterday.to_owned()
        } else {
            day
        }
    }
}

fn formatter(language: &str, options: &[(&str, &str)]) -> Function {
    let object = Object::new();
    for (name, value) in [("timeZone", ZONE), ("hourCycle", "h23")].iter().chain(options) {
        // Setting a property of a fresh object cannot fail.
        _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    Intl::DateTimeFormat::new(&Array::of1(&language.into()), &object).format()
}

fn written(format: &Function, at: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our age lie far below 2^53")]
    let date = Date::new(&JsValue::from_f64(at as f64));
    let text = format.call1(&JsValue::UNDEFINED, date.unchecked_ref());
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A length of time in its two largest units, `1 d 2 h`.
pub fn span(ms: i64) -> String {
    let minutes = ms / 60_000;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "min")];
    let words: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).take(2).map(|(n, unit)| format!("{n} {unit}")).collect();
    if words.is_empty() { format!("{} s", ms / 1000) } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_show_their_two_largest_units() {
        assert_eq!(span(90 * 60_000), "1 h 30 min");
        assert_eq!(span(25 * 3_600_000 + 60_000), "1 d 1 h");
        assert_eq!(span(12_000), "12 s");
    }
}
