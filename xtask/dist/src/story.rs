//! The script: first the team, then what happens, a line each.
//!
//! ```text
//! open 08:00-12:00 13:00-18:00          # on working days; without this line always
//! circle limit 10 maximum 60            # minutes; or: circle without overflow, or: free
//!                                       # or least-recent or least-loaded in place of circle
//!                                       # then, if wanted: capacity 4 weights instagram 2 messenger 3
//! members Ana Bruno Carla! Davi         # in the order of their creation; ! is unavailable
//!
//! 08:00 arrives joana
//! 08:00 arrives pedro prefers Bruno
//! 08:01 arrives ines on instagram
//! 08:05 starts joana Ana
//! 08:06 leaves pedro
//! 09:00 unavailable Bruno
//! 09:30 available Bruno
//! 10:00 quits Davi
//! 10:30 joins Davi
//! 11:00 free
//! +1 08:00 passes                       # a day later; nothing but time
//! ```

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use ciranda_domain::calendar::{Calendar, Hours, Period};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::distribution::{Config, Input, Load, Member};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::person::Availability;
use ciranda_domain::team::{Distribution, Overflow, Strategy, Weights};
use ciranda_domain::time::{Moment, Span};
use jiff::tz::TimeZone;
use uuid::Uuid;

/// Midnight of the story's first day, a Tuesday: 2026-11-24. Stories know no zone.
pub(crate) const MIDNIGHT: Moment = Moment(1_795_478_400_000);

/// A team and what happens to it.
#[derive(Debug, Default)]
pub struct Story {
    pub(crate) members: Vec<(String, Availability)>,
    pub(crate) conversations: Vec<String>,
    pub(crate) settings: Settings,
    pub(crate) steps: Vec<Step>,
}

/// How the team hands conversations out, and when.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    distribution: Distribution,
    calendar: Calendar,
}

#[derive(Debug)]
pub(crate) struct Step {
    pub at: Moment,
    /// What happens; nothing but time without.
    pub input: Option<Input>,
    /// As it is written.
    pub words: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { distribution: Distribution::Off, calendar: Calendar::always() }
    }
}

impl Settings {
    pub(crate) fn config(&self) -> Config {
        Config { distribution: self.distribution, calendar: self.calendar.clone() }
    }
}

impl Story {
    /// Reads a script.
    ///
    /// # Errors
    /// When a line cannot be understood.
    pub fn read(script: &str) -> Result<Self> {
        let mut story = Self::default();
        let mut now = story.settings.clone();
        for (index, line) in script.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if !line.is_empty() {
                story.line(line, &mut now).with_context(|| format!("line {}: “{line}”", index + 1))?;
            }
        }
        ensure!(!story.members.is_empty(), "a story needs a line “members”");
        Ok(story)
    }

    fn line(&mut self, line: &str, now: &mut Settings) -> Result<()> {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words[0] == "members" {
            ensure!(self.steps.is_empty(), "members come before the first thing that happens");
            self.members.extend(words[1..].iter().map(|name| member(name)));
            return Ok(());
        }
        if !words[0].starts_with(|c: char| c.is_ascii_digit() || c == '+') {
            ensure!(self.steps.is_empty(), "once something has happened, settings change at a time: 10:00 {line}");
            set(now, &words)?;
            self.settings = now.clone();
            return Ok(());
        }
        let (day, rest) = match words[0].strip_prefix('+') {
            Some(days) => (days.parse().context("+ is followed by a number of days")?, &words[1..]),
            None => (0, &words[..]),
        };
        let [time, act @ ..] = rest else { bail!("what happens?") };
        let at = MIDNIGHT + Span::days(day) + Span::minutes(i64::from(minutes(time)?));
        ensure!(self.steps.last().is_none_or(|last| last.at <= at), "it happens before the line above");
        let input = self.act(act, now)?;
        self.steps.push(Step { at, input, words: act.join(" ") });
        Ok(())
    }

    fn act(&mut self, words: &[&str], now: &mut Settings) -> Result<Option<Input>> {
        Ok(Some(match words {
            ["passes"] => return Ok(None),
            ["arrives", conversation, rest @ ..] => self.arrival(conversation, rest)?,
            ["starts", conversation, name] => {
                Input::Started { conversation: self.conversation(conversation)?, by: self.person(name)? }
            }
            ["leaves", conversation] => Input::Left { conversation: self.conversation(conversation)? },
            ["available", name] => {
                Input::Availability { person: self.person(name)?, availability: Availability::Available }
            }
            ["unavailable", name] => {
                Input::Availability { person: self.person(name)?, availability: Availability::Unavailable }
            }
            ["joins", name] => Input::MemberAdded(self.seat(self.person(name)?, Availability::Available)),
            ["quits", name] => Input::MemberRemoved(self.person(name)?),
            ["holds", name, load] => {
                let load = Load::of(ChannelKind::WhatsApp, load.parse()?);
                Input::LoadChanged { person: self.person(name)?, load }
            }
            _ => {
                set(now, words)?;
                Input::ConfigChanged(Box::new(now.config()))
            }
        }))
    }

    /// `on KIND` and `prefers NAME`, in this order, each of which may be missing.
    fn arrival(&mut self, conversation: &str, rest: &[&str]) -> Result<Input> {
        let (kind, rest) = match rest {
            ["on", kind, rest @ ..] => (channel(kind)?, rest),
            _ => (ChannelKind::WhatsApp, rest),
        };
        let prefer = match rest {
            [] => None,
            ["prefers", name] => Some(self.person(name)?),
            _ => bail!("arrives CONVERSATION, then on instagram, then prefers NAME"),
        };
        Ok(Input::Enqueued { conversation: self.arrives(conversation), kind, prefer })
    }

    /// The members as the engine takes them.
    pub(crate) fn seats(&self) -> Vec<Member> {
        let ids = (0..).map(person_id);
        self.members.iter().zip(ids).map(|((_, availability), id)| self.seat(id, *availability)).collect()
    }

    fn seat(&self, person: PersonId, availability: Availability) -> Member {
        let created_at = Moment(i64::try_from(person.0.as_u128()).unwrap_or_default());
        Member { person, created_at, availability }
    }

    fn person(&self, name: &str) -> Result<PersonId> {
        let index = self.members.iter().position(|(known, _)| known == name);
        Ok(person_id(index.with_context(|| format!("{name} is not among the members"))?))
    }

    fn arrives(&mut self, name: &str) -> ConversationId {
        let known = self.conversations.iter().position(|known| known == name);
        let index = known.unwrap_or_else(|| {
            self.conversations.push(name.to_owned());
            self.conversations.len() - 1
        });
        conversation_id(index)
    }

    fn conversation(&self, name: &str) -> Result<ConversationId> {
        let index = self.conversations.iter().position(|known| known == name);
        Ok(conversation_id(index.with_context(|| format!("{name} has not arrived"))?))
    }

    /// Everybody's name by their id.
    pub(crate) fn names(&self) -> BTreeMap<PersonId, &str> {
        (0..).map(person_id).zip(self.members.iter().map(|(name, _)| name.as_str())).collect()
    }

    pub(crate) fn name_of(&self, conversation: ConversationId) -> &str {
        let index = usize::try_from(conversation.0.as_u128()).unwrap_or_default();
        self.conversations.get(index.wrapping_sub(1)).map_or("?", String::as_str)
    }
}

fn person_id(index: usize) -> PersonId {
    PersonId(Uuid::from_u128(index as u128 + 1))
}

fn conversation_id(index: usize) -> ConversationId {
    ConversationId(Uuid::from_u128(index as u128 + 1))
}

fn member(name: &str) -> (String, Availability) {
    match name.strip_suffix('!') {
        Some(name) => (name.to_owned(), Availability::Unavailable),
        None => (name.to_owned(), Availability::Available),
    }
}

/// A line of settings.
fn set(settings: &mut Settings, words: &[&str]) -> Result<()> {
    match words {
        ["free"] => settings.distribution = Distribution::Off,
        ["circle", rest @ ..] => settings.distribution = distribution(Strategy::Circle, rest)?,
        ["least-recent", rest @ ..] => settings.distribution = distribution(Strategy::LeastRecent, rest)?,
        ["least-loaded", rest @ ..] => settings.distribution = distribution(Strategy::LeastLoaded, rest)?,
        ["open", "always"] => settings.calendar = Calendar::always(),
        ["open", periods @ ..] => {
            let periods = periods.iter().map(|text| period(text)).collect::<Result<Vec<_>>>()?;
            settings.calendar = Calendar::new(Hours::weekdays(&periods), TimeZone::UTC)?;
        }
        _ => bail!("nothing here is known by these words"),
    }
    Ok(())
}

/// What follows the strategy: overflow, then capacity, then weights.
fn distribution(strategy: Strategy, words: &[&str]) -> Result<Distribution> {
    let (overflow, rest) = match words {
        ["without", "overflow", rest @ ..] => (Overflow::Off, rest),
        ["limit", limit, "maximum", maximum, rest @ ..] => {
            let (limit, maximum) = (Span::minutes(limit.parse()?), Span::minutes(maximum.parse()?));
            (Overflow::On { limit, maximum }, rest)
        }
        _ => bail!("circle limit MINUTES maximum MINUTES, or circle without overflow"),
    };
    let (capacity, rest) = match rest {
        ["capacity", capacity, rest @ ..] => (Some(capacity.parse()?), rest),
        rest => (None, rest),
    };
    let weights = match rest {
        [] => Weights::ONE,
        ["weights", weights @ ..] => weights_of(weights)?,
        _ => bail!("after that only: capacity NUMBER, then weights KIND NUMBER …"),
    };
    Ok(Distribution::On { overflow, capacity, strategy, weights })
}

fn weights_of(words: &[&str]) -> Result<Weights> {
    let mut weights = Weights::ONE;
    for pair in words.chunks(2) {
        let [kind, weight] = pair else { bail!("each kind of channel is followed by its weight") };
        let weight = weight.parse()?;
        match channel(kind)? {
            ChannelKind::WhatsApp => weights.whatsapp = weight,
            ChannelKind::Instagram => weights.instagram = weight,
            ChannelKind::Messenger => weights.messenger = weight,
        }
    }
    Ok(weights)
}

fn channel(word: &str) -> Result<ChannelKind> {
    Ok(match word {
        "whatsapp" => ChannelKind::WhatsApp,
        "instagram" => ChannelKind::Instagram,
        "messenger" => ChannelKind::Messenger,
        _ => bail!("{word} is no kind of channel; there are whatsapp, instagram and messenger"),
    })
}

fn period(text: &str) -> Result<Period> {
    let (from, until) = text.split_once('-').context("hours are written 08:00-12:00")?;
    Ok(Period { from: minutes(from)?, until: minutes(until)? })
}

/// Minutes after midnight.
fn minutes(text: &str) -> Result<u16> {
    let told = || format!("{text} is no time of day; write 08:30");
    let (hour, minute) = text.split_once(':').with_context(told)?;
    let (hour, minute): (u16, u16) = (hour.parse().with_context(told)?, minute.parse().with_context(told)?);
    ensure!(hour <= 24 && minute < 60, told());
    Ok(hour * 60 + minute)
}
