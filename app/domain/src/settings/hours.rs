//! The form of business hours: a week with lunch, days that differ, the zone, and what a customer is told meanwhile
//! (product.md 22).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Hours, Period};
use crate::settings::fault::{Break, Fault, FaultKind, Field};
use crate::settings::name::count;

/// Characters of the automatic reply: what every product takes.
pub const AUTO_REPLY_MOST: usize = 900;
/// Days that differ.
const EXCEPTIONS_MOST: usize = 400;
/// Stands for the contact's name in the automatic reply.
pub const AUTO_REPLY_NAME: &str = "[NOME_CONTATO]";

/// The form as it is filled in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HoursForm {
    /// Without it the account is always open, and the days below are only kept.
    pub limited: bool,
    /// Monday first.
    pub week: [DayForm; 7],
    #[serde(default)]
    pub exceptions: Vec<ExceptionForm>,
    /// IANA name.
    pub zone: String,
    pub replies: bool,
    #[serde(default)]
    pub auto_reply: String,
}

/// One day; times as `08:30`, and `00:00` or `24:00` as closing time is the midnight that ends the day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DayForm {
    pub open: bool,
    pub from: String,
    pub until: String,
    pub lunch: bool,
    #[serde(default)]
    pub lunch_from: String,
    #[serde(default)]
    pub lunch_until: String,
}

/// A day that differs, such as a holiday.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExceptionForm {
    /// As `2026-12-25`.
    pub date: String,
    pub day: DayForm,
}

/// Hours as they are to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenHours {
    /// None where the account is always open.
    pub hours: Option<Hours>,
    pub zone: String,
    pub auto_reply: AutoReply,
    pub kept: Kept,
}

/// What is not in force and is shown again by the form when it is switched back on.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    /// Of an account that is always open.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// Of one that answers nothing by itself.
    #[serde(default)]
    pub auto_reply: String,
}

/// What a customer is told outside business hours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AutoReply {
    Off,
    On(String),
}

impl AutoReply {
    /// The text, where one is told.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Off => None,
            Self::On(text) => Some(text),
        }
    }
}

impl Default for DayForm {
    fn default() -> Self {
        let time = |text: &str| text.to_owned();
        Self {
            open: false,
            from: time("08:00"),
            until: time("18:00"),
            lunch: false,
            lunch_from: time("12:00"),
            lunch_until: time("13:00"),
        }
    }
}

impl HoursForm {
    /// The form that shows hours as they are stored.
    #[must_use]
    pub fn of(hours: Option<&Hours>, zone: &str, auto_reply: Option<&str>, kept: &Kept) -> Self {
        let limited = hours.is_some();
        let hours = hours.or(kept.hours.as_ref());
        let exceptions = hours.into_iter().flat_map(|hours| &hours.exceptions);
        let exceptions =
            exceptions.map(|(date, periods)| ExceptionForm { date: date.to_string(), day: shown(periods) });
        Self {
            limited,
            week: std::array::from_fn(|day| hours.map_or_else(DayForm::default, |hours| shown(&hours.week[day]))),
            exceptions: exceptions.collect(),
            zone: zone.to_owned(),
            replies: auto_reply.is_some(),
            auto_reply: auto_reply.unwrap_or(&kept.auto_reply).to_owned(),
        }
    }

    /// What the form says. `knows_zone` tells whether a zone is known where it is asked.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self, knows_zone: impl Fn(&str) -> bool) -> Result<OpenHours, Vec<Fault>> {
        let mut faults = Vec::new();
        let hours = self.limited.then(|| self.check_days(&mut faults));
        if self.zone.is_empty() || self.zone.len() > 64 || !knows_zone(&self.zone) {
            faults.push(Fault::new(Field::Zone, FaultKind::UnknownZone));
        }
        let auto_reply = self.check_reply(&mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(OpenHours { hours, zone: self.zone.clone(), auto_reply, kept: self.kept() })
    }

    /// The form with what is switched off and makes no sense as it was before: nobody is held up by it, and nothing that
    /// was sound is lost for it.
    #[must_use]
    pub fn mended(mut self, before: &Self) -> Self {
        if !self.limited {
            for (day, old) in self.week.iter_mut().zip(&before.week) {
                let mut faults = Vec::new();
                day.check(Field::Form, &mut faults);
                if !faults.is_empty() {
                    day.clone_from(old);
                }
            }
            let mut faults = Vec::new();
            self.check_exceptions(&mut faults);
            if !faults.is_empty() {
                self.exceptions.clone_from(&before.exceptions);
            }
        }
        if !self.replies && self.auto_reply.trim().chars().count() > AUTO_REPLY_MOST {
            self.auto_reply.clone_from(&before.auto_reply);
        }
        self
    }

    /// What is switched off, which [`HoursForm::mended`] has made sound.
    fn kept(&self) -> Kept {
        let hours = (!self.limited).then(|| self.check_days(&mut Vec::new()));
        let auto_reply = if self.replies { "" } else { self.auto_reply.trim() };
        Kept { hours: hours.filter(|hours| *hours != Hours::default()), auto_reply: auto_reply.to_owned() }
    }

    fn check_days(&self, faults: &mut Vec<Fault>) -> Hours {
        let week = std::array::from_fn(|day| {
            let field = Field::Weekday(u8::try_from(day).unwrap_or_default());
            self.week[day].check(field, faults)
        });
        if self.week.iter().all(|day| !day.open) {
            faults.push(Fault::new(Field::Form, FaultKind::NeverOpens));
        }
        Hours { week, exceptions: self.check_exceptions(faults) }
    }

    fn check_exceptions(&self, faults: &mut Vec<Fault>) -> BTreeMap<Day, Vec<Period>> {
        let mut exceptions = BTreeMap::new();
        if self.exceptions.len() > EXCEPTIONS_MOST {
            let kind = FaultKind::OutOfRange { least: 0, most: count(EXCEPTIONS_MOST) };
            faults.push(Fault::new(Field::Form, kind));
            return exceptions;
        }
        for (at, exception) in (0..).zip(&self.exceptions) {
            let field = Field::Exception(at);
            let periods = exception.day.check(field, faults);
            match Day::try_from(exception.date.trim().to_owned()) {
                Err(_) => faults.push(Fault::new(field, FaultKind::NotADate)),
                Ok(date) if exceptions.contains_key(&date) => {
                    faults.push(Fault::new(field, FaultKind::DateTwice { date }));
                }
                Ok(date) => _ = exceptions.insert(date, periods),
            }
        }
        exceptions
    }

    fn check_reply(&self, faults: &mut Vec<Fault>) -> AutoReply {
        let text = self.auto_reply.trim();
        if !self.replies {
            return AutoReply::Off;
        }
        let length = text.chars().count();
        let kind = if length == 0 {
            Some(FaultKind::Empty)
        } else if length > AUTO_REPLY_MOST {
            Some(FaultKind::TooLong { length: count(length), most: count(AUTO_REPLY_MOST) })
        } else {
            None
        };
        faults.extend(kind.map(|kind| Fault::new(Field::AutoReply, kind)));
        AutoReply::On(text.to_owned())
    }
}

impl DayForm {
    /// The periods of the day: one, or two with lunch between.
    fn check(&self, field: Field, faults: &mut Vec<Fault>) -> Vec<Period> {
        if !self.open {
            return Vec::new();
        }
        let mut texts = vec![(Break::Opens, &self.from)];
        if self.lunch {
            texts.extend([(Break::LunchBegins, &self.lunch_from), (Break::LunchEnds, &self.lunch_until)]);
        }
        texts.push((Break::Closes, &self.until));
        let mut times: Vec<u16> = Vec::new();
        for (which, text) in texts {
            let minute = minute(text).map(|at| if which == Break::Closes && at == 0 { Period::DAY } else { at });
            match minute.filter(|at| which == Break::Closes || *at < Period::DAY) {
                None => {
                    faults.push(Fault::new(field, FaultKind::NotATime { which }));
                    return Vec::new();
                }
                Some(at) if times.last().is_some_and(|before| *before >= at) => {
                    let which = if self.closes_before_opening() { Break::Closes } else { which };
                    faults.push(Fault::new(field, FaultKind::NotAscending { which }));
                    return Vec::new();
                }
                Some(at) => times.push(at),
            }
        }
        times.chunks_exact(2).map(|pair| Period { from: pair[0], until: pair[1] }).collect()
    }

    /// Then that is what is wrong, whatever it makes of the lunch between.
    fn closes_before_opening(&self) -> bool {
        let until = minute(&self.until).filter(|until| *until > 0);
        minute(&self.from).zip(until).is_some_and(|(from, until)| until <= from)
    }
}

/// The day that shows these periods. More than two, which no form writes, are shown as one with the first break.
fn shown(periods: &[Period]) -> DayForm {
    let closed = DayForm::default();
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return closed };
    let day = DayForm { open: true, from: time(first.from), until: time(last.until), ..closed };
    match periods.get(1) {
        None => day,
        Some(second) => DayForm { lunch: true, lunch_from: time(first.until), lunch_until: time(second.from), ..day },
    }
}

fn time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Minutes after midnight of `08:30` or `8:30`; `24:00` is the midnight that ends the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= Period::DAY).then_some(hours * 60 + minutes)
}

/// The automatic reply to somebody of this name.
#[must_use]
pub fn auto_reply_text(text: &str, contact: &str) -> String {
    text.replace(AUTO_REPLY_NAME, contact.trim())
}
