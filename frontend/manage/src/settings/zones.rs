//! Time zones as the browser knows them.

use ciranda_domain::calendar::Day;
use ciranda_domain::time::Moment;
use ciranda_text::dates;
use ciranda_ui::browser::intl::IntlCalendar;
use ciranda_ui::show::calendar::Calendar;
use ciranda_ui::words;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::store::Store;

fn intl(name: &str) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::get(&intl, &name.into()).ok()?.dyn_into().ok()
}

/// Names to offer.
pub fn offered() -> Vec<String> {
    let zones = intl("supportedValuesOf").and_then(|list| list.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok());
    let zones = zones.map(|zones| Array::from(&zones)).unwrap_or_default();
    zones.iter().filter_map(|zone| zone.as_string()).collect()
}

/// Whether the browser knows a zone.
pub fn is_known(zone: &str) -> bool {
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    _ = Reflect::set(&options, &"timeZone".into(), &zone.into());
    let arguments = Array::of2(&words().lang().tag().into(), &options);
    intl("DateTimeFormat").is_some_and(|format| Reflect::construct(&format, &arguments).is_ok())
}

/// Day, counted from 1970, and minute of an instant in a zone.
pub fn local(zone: &str, at: Moment) -> Option<(i64, u16)> {
    if !is_known(zone) {
        return None;
    }
    let calendar = IntlCalendar::new(words().lang().tag(), zone);
    Some((calendar.day(at), calendar.minute(at)?))
}

/// `24/11/2026 14:02` in the account's zone.
pub fn stamp(store: Store, at: Moment) -> String {
    let calendar = store.link.calendar();
    let date = dates::full(words(), Day::of_count(calendar.day(at)));
    [date, calendar.clock(at)].join(" ")
}
