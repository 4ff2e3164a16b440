//! What a handful of envelopes asks of which account.
//!
//! *Invariant:* an envelope for exactly one account is marked by that account's own transaction; any other is settled
//! here, after every account it speaks to has applied its part.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::AccountId;
use ciranda_domain::inbound::InboundEvent;
use ciranda_domain::time::Moment;
use sqlx::PgConnection;

use super::super::parse::{Aside, Change, Contents, Heard, Route, read, split};
use super::super::whatsapp;
use super::apply::Done;
use super::{ASIDES, Applied, ENVELOPES, EVENTS};
use crate::app::App;
use crate::store::Result;
use crate::store::envelope::{Destination, Envelope, Fate, Settled, destinations};

/// One envelope's part for one account.
#[derive(Clone, Debug)]
pub struct Piece {
    pub arrival: i64,
    pub heard: Vec<Heard>,
    /// Whether the whole envelope is this account's, which then marks it.
    pub sole: bool,
}

/// An envelope that no account can mark alone.
#[derive(Debug)]
pub struct Shared {
    arrival: i64,
    accounts: BTreeSet<AccountId>,
    fate: Fate,
    note: Option<String>,
}

/// What is to be done.
#[derive(Default)]
pub struct Plan {
    /// In order of arrival.
    pub accounts: BTreeMap<AccountId, Vec<Piece>>,
    /// Held nothing for anybody.
    pub settled: Vec<Settled>,
    pub shared: Vec<Shared>,
    pub counts: Counts,
}

/// What was read, for metrics.
#[derive(Default)]
pub struct Counts {
    events: BTreeMap<&'static str, u64>,
    asides: BTreeMap<&'static str, u64>,
}

/// Reads envelopes and finds out whose they are.
pub async fn plan(turn: &mut PgConnection, now: Moment, envelopes: Vec<Envelope>) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut read_ones: Vec<(i64, Contents)> = Vec::new();
    for one in envelopes {
        match read(&one.body) {
            Some(body) => read_ones.push((one.arrival, split(body))),
            None => plan.settle(one.arrival, Fate::Broken, Some("not JSON".into())),
        }
    }
    let routes: BTreeSet<&Route> =
        read_ones.iter().flat_map(|(_, contents)| contents.changes.iter().map(|change| &change.route)).collect();
    let asked: Vec<(ChannelKind, &str)> = routes.iter().map(|route| (route.kind, route.provider_id.as_str())).collect();
    let known = if asked.is_empty() { BTreeMap::new() } else { destinations(turn, &asked).await? };
    for (arrival, contents) in read_ones {
        plan.add(arrival, contents, &known, now);
    }
    Ok(plan)
}

impl Plan {
    fn add(
        &mut self,
        arrival: i64,
        contents: Contents,
        known: &BTreeMap<(ChannelKind, String), Destination>,
        now: Moment,
    ) {
        let mut parts: BTreeMap<AccountId, Vec<Heard>> = BTreeMap::new();
        let (mut asides, mut strangers, mut position) = (contents.asides, BTreeSet::new(), 0);
        for Change { route, value } in contents.changes {
            let key = (route.kind, route.provider_id);
            let Some(to) = known.get(&key) else {
                strangers.insert(stranger(key.0, &key.1));
                continue;
            };
            let (heard, aside) = match route.kind {
                ChannelKind::WhatsApp => whatsapp::events(to.channel, &value, now, &mut position),
                ChannelKind::Instagram | ChannelKind::Messenger => (Vec::new(), Vec::new()),
            };
            parts.entry(to.account).or_default().extend(heard);
            asides.extend(aside);
        }
        parts.retain(|_, heard| !heard.is_empty());
        let unknown = !strangers.is_empty();
        self.counts.add(&parts, &asides, unknown);
        let accounts: BTreeSet<AccountId> = parts.keys().copied().collect();
        let sole = accounts.len() == 1 && !unknown;
        for (account, heard) in parts {
            self.accounts.entry(account).or_default().push(Piece { arrival, heard, sole });
        }
        let fate = if unknown { Fate::UnknownChannel } else { Fate::Processed };
        let note = note(&asides, strangers);
        match accounts.is_empty() {
            true => self.settle(arrival, fate, note),
            false if sole => {}
            false => self.shared.push(Shared { arrival, accounts, fate, note }),
        }
    }

    fn settle(&mut self, arrival: i64, fate: Fate, note: Option<String>) {
        self.settled.push(Settled { arrival, fate, note });
    }
}

/// For the operator: what the envelope holds besides messages.
fn note(asides: &[Aside], strangers: BTreeSet<String>) -> Option<String> {
    let labels = asides.iter().map(|aside| aside.label().to_owned());
    let words: BTreeSet<String> = labels.chain(strangers).collect();
    (!words.is_empty()).then(|| words.into_iter().collect::<Vec<_>>().join(", "))
}

/// A channel that no account has, by its id at Meta, which says nothing of anybody's messages.
fn stranger(kind: ChannelKind, provider_id: &str) -> String {
    let product = match kind {
        ChannelKind::WhatsApp => "WhatsApp",
        ChannelKind::Instagram => "Instagram",
        ChannelKind::Messenger => "Messenger",
    };
    let id: String = provider_id.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    format!("unknown channel {product} {id}")
}

impl Shared {
    /// Settled once every account has applied its part; open as long as one has to try again.
    pub fn settle(self, applied: &Applied) -> Option<Settled> {
        let done = self.accounts.iter().map(|account| applied.get(&(self.arrival, *account)));
        let all = done.into_iter().all(|done| matches!(done, Some(Done::Applied)));
        // A refused part is settled as refused, by whoever collects those.
        all.then_some(Settled { arrival: self.arrival, fate: self.fate, note: self.note })
    }
}

impl Counts {
    fn add(&mut self, parts: &BTreeMap<AccountId, Vec<Heard>>, asides: &[Aside], unknown: bool) {
        for heard in parts.values().flatten() {
            let kind = match heard.event {
                InboundEvent::Message(_) => "message",
                InboundEvent::Status(_) => "status",
                InboundEvent::IdentityChanged { .. } => "identity",
            };
            *self.events.entry(kind).or_default() += 1;
        }
        for aside in asides {
            *self.asides.entry(aside.label()).or_default() += 1;
        }
        if unknown {
            *self.asides.entry("unknown channel").or_default() += 1;
        }
    }

    /// Adds to the metrics, after the commit.
    pub fn tell(&self, app: &App, settled: &[Settled], applied: &Applied) {
        for (kind, n) in &self.events {
            app.metrics.add(&EVENTS, &[("kind", kind)], *n);
        }
        for (what, n) in &self.asides {
            app.metrics.add(&ASIDES, &[("what", what)], *n);
        }
        let mut outcomes: BTreeMap<&str, u64> = BTreeMap::new();
        for one in settled {
            let outcome = match one.fate {
                Fate::Processed => "nothing to show",
                Fate::UnknownChannel => "unknown channel",
                Fate::Broken => "broken",
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
        let done = applied.values().filter(|done| **done == Done::Applied).count();
        *outcomes.entry("applied").or_default() += done as u64;
        for (outcome, n) in outcomes {
            app.metrics.add(&ENVELOPES, &[("outcome", outcome)], n);
        }
    }
}
