//! What differs between two states of a form, in plain words: for the audit and for somebody else's change.

use std::collections::BTreeMap;

use ciranda_domain::calendar::Day;
use ciranda_domain::settings::{AccessForm, DayForm, DistributionForm, HoursForm, PersonForm, TeamForm, Thresholds};
use ciranda_domain::team::Weights;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::{t, tf, words};

use super::faults::length;
use super::names::Names;
use super::summary;

/// One thing that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    pub what: String,
    pub before: String,
    pub after: String,
}

/// A form whose states can be compared.
pub trait Differs {
    /// What differs, in the order of the form.
    fn differences(before: &Self, after: &Self, names: &Names<'_>) -> Vec<Difference>;
}

fn when<T: PartialEq + ?Sized>(
    out: &mut Vec<Difference>,
    what: impl Into<String>,
    (before, after): (&T, &T),
    say: impl Fn(&T) -> String,
) {
    if before != after {
        out.push(Difference { what: what.into(), before: say(before), after: say(after) });
    }
}

fn on_off(on: &bool) -> String {
    t(if *on { Say::On } else { Say::Off }).to_owned()
}

pub(super) fn text(text: &str) -> String {
    if text.trim().is_empty() { t(Say::Nothing).to_owned() } else { ["“", text.trim(), "”"].concat() }
}

fn count(n: &Option<u32>) -> String {
    n.map_or_else(|| t(Say::Nothing).to_owned(), |n| n.to_string())
}

fn minutes(n: &Option<u32>) -> String {
    n.map_or_else(|| t(Say::Nothing).to_owned(), length)
}

impl Differs for TeamForm {
    fn differences(before: &Self, after: &Self, names: &Names<'_>) -> Vec<Difference> {
        let mut out = Vec::new();
        when(&mut out, t(Say::Name), (before.name.as_str(), after.name.as_str()), text);
        when(&mut out, t(Say::DefaultTeam), (&before.is_default, &after.is_default), on_off);
        when(&mut out, t(Say::Level), (&before.level, &after.level), |level| t(summary::level(*level).0).to_owned());
        distribution(&mut out, &before.distribution, &after.distribution);
        let roles = |form: &Self| {
            form.people.iter().map(|line| (line.person, (line.attends, line.supervises))).collect::<BTreeMap<_, _>>()
        };
        let (was, is) = (roles(before), roles(after));
        let mut people: Vec<_> = was.keys().chain(is.keys()).map(|id| (names.person(*id), *id)).collect();
        people.sort();
        people.dedup();
        for (name, id) in people {
            let role = |roles: &BTreeMap<_, (bool, bool)>| roles.get(&id).copied().unwrap_or_default();
            when(&mut out, name, (&role(&was), &role(&is)), |(attends, supervises)| {
                summary::role(*attends, *supervises).to_owned()
            });
        }
        out
    }
}

fn distribution(out: &mut Vec<Difference>, before: &DistributionForm, after: &DistributionForm) {
    when(out, t(Say::Distribution), (&before.on, &after.on), on_off);
    // What is switched off is only remembered by the form.
    if !after.on {
        return;
    }
    when(out, t(Say::StrategyLabel), (&before.strategy, &after.strategy), |one| {
        t(summary::strategy(*one).0).to_owned()
    });
    when(out, t(Say::Overflow), (&before.overflow, &after.overflow), on_off);
    if after.overflow {
        when(out, t(Say::Limit), (&before.limit, &after.limit), |n| length(*n));
        when(out, t(Say::Maximum), (&before.maximum, &after.maximum), |n| length(*n));
    }
    when(out, t(Say::Capacity), (&before.capacity, &after.capacity), count);
    when(out, t(Say::Weights), (&before.weights, &after.weights), |Weights { whatsapp, instagram, messenger }| {
        tf(Say::WeightsSaid, &[whatsapp, instagram, messenger].map(u8::to_string).each_ref().map(String::as_str))
    });
}

impl Differs for PersonForm {
    fn differences(before: &Self, after: &Self, names: &Names<'_>) -> Vec<Difference> {
        let mut out = Vec::new();
        when(&mut out, t(Say::Name), (before.name.as_str(), after.name.as_str()), text);
        when(&mut out, t(Say::Email), (before.email.as_str(), after.email.as_str()), text);
        when(&mut out, t(Say::Phone), (before.phone.as_str(), after.phone.as_str()), text);
        when(&mut out, t(Say::Profile), (&before.profile, &after.profile), |one| t(summary::profile(*one)).to_owned());
        let roles = |form: &Self| {
            form.memberships.iter().map(|m| (m.team, (m.attends, m.supervises))).collect::<BTreeMap<_, _>>()
        };
        let (was, is) = (roles(before), roles(after));
        let mut teams: Vec<_> = was.keys().chain(is.keys()).map(|id| (names.team(*id), *id)).collect();
        teams.sort();
        teams.dedup();
        for (name, id) in teams {
            let role = |roles: &BTreeMap<_, (bool, bool)>| roles.get(&id).copied().unwrap_or_default();
            when(&mut out, name, (&role(&was), &role(&is)), |(attends, supervises)| {
                summary::role(*attends, *supervises).to_owned()
            });
        }
        out
    }
}

impl Differs for AccessForm {
    fn differences(before: &Self, after: &Self, _: &Names<'_>) -> Vec<Difference> {
        let mut out = Vec::new();
        when(&mut out, t(Say::CountsUnseen), (&before.counts_unseen, &after.counts_unseen), on_off);
        out
    }
}

impl Differs for HoursForm {
    fn differences(before: &Self, after: &Self, _: &Names<'_>) -> Vec<Difference> {
        let mut out = Vec::new();
        when(&mut out, t(Say::HoursLimited), (&before.limited, &after.limited), |limited| {
            t(if *limited { Say::HoursByWeek } else { Say::HoursAlways }).to_owned()
        });
        for (day, name) in WEEKDAYS.into_iter().enumerate() {
            when(&mut out, t(name), (&before.week[day], &after.week[day]), day_said);
        }
        let dates = |form: &Self| {
            form.exceptions.iter().map(|line| (line.date.clone(), day_said(&line.day))).collect::<BTreeMap<_, _>>()
        };
        let (was, is) = (dates(before), dates(after));
        let mut all: Vec<_> = was.keys().chain(is.keys()).collect();
        all.sort_unstable();
        all.dedup();
        for date in all {
            when(&mut out, date_said(date), (&was.get(date), &is.get(date)), |said| {
                said.map_or_else(|| t(Say::AsTheWeek).to_owned(), |said| said.clone())
            });
        }
        when(&mut out, t(Say::Zone), (before.zone.as_str(), after.zone.as_str()), str::to_owned);
        when(&mut out, t(Say::Replies), (&before.replies, &after.replies), on_off);
        when(&mut out, t(Say::Reply), (before.auto_reply.as_str(), after.auto_reply.as_str()), text);
        out
    }
}

/// The days of the week, Monday first.
pub const WEEKDAYS: [Say; 7] =
    [Say::Monday, Say::Tuesday, Say::Wednesday, Say::Thursday, Say::Friday, Say::Saturday, Say::Sunday];

/// `08:00–12:00, 13:00–18:00`, or closed.
pub fn day_said(day: &DayForm) -> String {
    if !day.open {
        return t(Say::ClosedDay).to_owned();
    }
    let range = |from: &str, until: &str| [from, "–", until].concat();
    if day.lunch {
        [range(&day.from, &day.lunch_from), range(&day.lunch_until, &day.until)].join(", ")
    } else {
        range(&day.from, &day.until)
    }
}

/// `25/12/2026` of `2026-12-25`; as it stands where it is no date.
pub fn date_said(date: &str) -> String {
    Day::try_from(date.to_owned()).map_or_else(|_| date.to_owned(), |day| ciranda_text::dates::full(words(), day))
}

impl Differs for Thresholds {
    fn differences(before: &Self, after: &Self, _: &Names<'_>) -> Vec<Difference> {
        let mut out = Vec::new();
        when(&mut out, t(Say::AlertQueue), (&before.queue, &after.queue), count);
        when(&mut out, t(Say::AlertOldest), (&before.oldest_minutes, &after.oldest_minutes), minutes);
        when(&mut out, t(Say::AlertPassed), (&before.passed, &after.passed), count);
        when(&mut out, t(Say::AlertWindow), (&before.window_minutes, &after.window_minutes), minutes);
        out
    }
}

impl<A: Differs, B: Differs> Differs for (A, B) {
    fn differences(before: &Self, after: &Self, names: &Names<'_>) -> Vec<Difference> {
        let mut out = A::differences(&before.0, &after.0, names);
        out.extend(B::differences(&before.1, &after.1, names));
        out
    }
}

#[cfg(test)]
mod tests {
    use ciranda_domain::organisation::Organisation;
    use ciranda_domain::settings::Kept;

    use super::*;

    #[test]
    fn a_day_that_changes_is_said_as_its_hours() {
        let hours = HoursForm::of(None, "America/Sao_Paulo", None, &Kept::default());
        let mut after = hours.clone();
        after.week[0] = DayForm { open: true, lunch: true, ..DayForm::default() };
        let names = Organisation::default();
        let told = HoursForm::differences(&hours, &after, &Names::of(&names));
        assert_eq!(
            told,
            [Difference {
                what: "Segunda-feira".to_owned(),
                before: "fechado".to_owned(),
                after: "08:00–12:00, 13:00–18:00".to_owned()
            }]
        );
    }

    #[test]
    fn when_the_account_is_open_is_said_as_it_is_chosen() {
        let hours = HoursForm { limited: true, ..HoursForm::of(None, "America/Sao_Paulo", None, &Kept::default()) };
        let always = HoursForm { limited: false, ..hours.clone() };
        let names = Organisation::default();
        let told = HoursForm::differences(&hours, &always, &Names::of(&names));
        let told: Vec<_> = told.iter().map(|one| [&*one.what, &*one.before, &*one.after]).collect();
        assert_eq!(told, [["Quando a conta atende", "Em dias e horários definidos", "Sempre aberto"]]);
    }

    #[test]
    fn what_is_switched_off_is_not_told() {
        let before = DistributionForm::default();
        let mut out = Vec::new();
        distribution(&mut out, &before, &DistributionForm { limit: 30, capacity: Some(3), ..before });
        assert_eq!(out, []);
        distribution(&mut out, &before, &DistributionForm { on: true, capacity: Some(3), ..before });
        let told: Vec<_> = out.iter().map(|one| (one.what.as_str(), one.after.as_str())).collect();
        assert_eq!(told, [("Distribuição", "sim"), ("Limite por pessoa", "3")]);
    }

    #[test]
    fn a_date_is_said_the_way_it_is_read() {
        assert_eq!(date_said("2026-12-25"), "25/12/2026");
        assert_eq!(date_said("?"), "?");
    }
}
