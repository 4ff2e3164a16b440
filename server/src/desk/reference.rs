//! The reference rows of an account, remembered between transactions.
//!
//! *Invariant:* what is remembered is used only while the account's `reference` number says that nothing of it changed;
//! that number is read in the transaction that decides.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use ciranda_domain::access;
use ciranda_domain::calendar::{Calendar, Hours};
use ciranda_domain::channel::{Channel, ChannelKind};
use ciranda_domain::conversation::{Archive, Conversation};
use ciranda_domain::distribution::{Config, Member, Outage};
use ciranda_domain::ids::{AccountId, ChannelId, PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::PersonStatus;
use ciranda_domain::settings::{DistributionForm, TeamForm};
use ciranda_domain::team::{Distribution, Strategy, Team};
use ciranda_sync::filter::Rights;
use ciranda_sync::rows::{Account, Atom, Epoch, Row, Seq};
use jiff::tz::TimeZone;

use crate::store::Scoped;

/// Reference rows by account, and when the service was last down.
#[derive(Default)]
pub struct Memory {
    accounts: Mutex<BTreeMap<AccountId, Arc<Reference>>>,
    outage: SharedOutage,
}

type SharedOutage = Arc<Mutex<Option<Outage>>>;

/// Everything about an account that decisions look at besides conversations.
pub struct Reference {
    /// Good as long as the account's `reference` is this number.
    pub seq: Seq,
    pub account: Account,
    pub organisation: Organisation,
    pub channels: BTreeMap<ChannelId, Channel>,
    pub calendar: Calendar,
    /// In which the account's days begin.
    pub zone: TimeZone,
    /// What a customer is told outside business hours.
    pub auto_reply: Option<String>,
    /// A contact's history says how many conversations its reader does not see (ACC-10).
    pub counts_unseen: bool,
    receptions: BTreeMap<ChannelId, TeamId>,
    preferences: BTreeMap<PersonId, Archive>,
    outage: SharedOutage,
    epochs: BTreeMap<PersonId, Epoch>,
    kept: BTreeMap<TeamId, DistributionForm>,
    /// All of it as replicated rows with their revisions, in the order of a page.
    pub rows: Vec<(Seq, Row)>,
}

impl Memory {
    /// The account's reference rows as of this transaction.
    ///
    /// # Errors
    /// When the database cannot be reached, or holds hours that make no sense.
    pub async fn reference(&self, scoped: &mut Scoped) -> Result<Arc<Reference>> {
        self.reference_at(scoped, scoped.reference).await
    }

    /// The account's reference rows, not older than `seq`.
    ///
    /// # Errors
    /// As [`Memory::reference`].
    pub async fn reference_at(&self, scoped: &mut Scoped, seq: Seq) -> Result<Arc<Reference>> {
        if let Some(known) = self.get(scoped.account).filter(|known| known.seq == seq) {
            return Ok(known);
        }
        let read = Arc::new(Reference::read(scoped, seq, &self.outage).await?);
        let seq = read.seq;
        let mut all = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = all.get(&scoped.account).is_none_or(|known| known.seq < seq);
        if newer {
            all.insert(scoped.account, Arc::clone(&read));
        }
        Ok(read)
    }

    /// The service was down from one instant to another.
    pub fn was_down(&self, outage: Outage) {
        let mut known = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != Some(outage) {
            tracing::info!(from = outage.from.0, until = outage.until.0, "the service was down");
            *known = Some(outage);
        }
    }

    fn get(&self, account: AccountId) -> Option<Arc<Reference>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).get(&account).cloned()
    }
}

impl Reference {
    /// Reads until nothing changed meanwhile, so that rows and number belong together.
    async fn read(scoped: &mut Scoped, mut seq: Seq, outage: &SharedOutage) -> Result<Self> {
        loop {
            let read = Self::read_once(scoped, seq, outage).await?;
            let now = scoped.standing().await?.reference;
            if now == seq {
                return Ok(read);
            }
            seq = now;
        }
    }

    async fn read_once(scoped: &mut Scoped, seq: Seq, outage: &SharedOutage) -> Result<Self> {
        let account = scoped.account().await?;
        let people = scoped.people().await?;
        let teams = scoped.teams().await?;
        let memberships = scoped.memberships().await?;
        let channels = scoped.channels().await?;
        let receptions = scoped.receptions().await?;
        let calendar = calendar_of(account.account.hours.as_deref().cloned(), &account.account.zone)?;
        // Hours in an unknown zone are refused above; without hours only reports would notice.
        let zone = TimeZone::get(&account.account.zone).unwrap_or(TimeZone::UTC);
        let rows = std::iter::once((account.rev, Row::Account(account.account.clone())))
            .chain(people.iter().map(|row| (row.rev, Row::Person(row.person.clone()))))
            .chain(teams.iter().map(|row| (row.rev, Row::Team(row.team.clone()))))
            .chain(memberships.iter().map(|(rev, membership)| (*rev, Row::Membership(*membership))))
            .chain(channels.iter().map(|(rev, channel)| (*rev, Row::Channel(channel.clone()))))
            .collect();
        Ok(Self {
            seq,
            outage: Arc::clone(outage),
            account: account.account,
            receptions: receptions.into_iter().collect(),
            preferences: people.iter().map(|row| (row.person.id, row.archive)).collect(),
            kept: teams.iter().map(|row| (row.team.id, row.kept)).collect(),
            epochs: people.iter().map(|row| (row.person.id, row.epoch)).collect(),
            organisation: Organisation::new(
                people.into_iter().map(|row| row.person),
                teams.into_iter().map(|row| row.team),
                memberships.into_iter().map(|(_, membership)| membership),
            ),
            channels: channels.into_iter().map(|(_, channel)| (channel.id, channel)).collect(),
            calendar,
            zone,
            auto_reply: account.auto_reply,
            counts_unseen: account.counts_unseen,
            rows,
        })
    }

    /// Who sees the conversation in the state it is in.
    #[must_use]
    pub fn audience(&self, head: &Conversation) -> Vec<Atom> {
        match self.organisation.teams.get(&head.team) {
            Some(team) => access::audience(&head.state, team.number, |person| self.organisation.number_of(person)),
            None => vec![Atom::ADMINISTRATORS],
        }
    }

    /// The team that receives a channel's new conversations: its own, else the account's default team (TEAM-02).
    ///
    /// # Errors
    /// When the account has no default team, which its setup never leaves so.
    pub fn reception_team(&self, channel: ChannelId) -> Result<TeamId> {
        if let Some(team) = self.receptions.get(&channel) {
            return Ok(*team);
        }
        let found = self.organisation.default_team();
        found.with_context(|| format!("account {} has no default team; create one", self.account.id))
    }

    /// The form that shows a team as it is, or as `team` will be.
    pub fn team_form(&self, team: &Team, organisation: &Organisation) -> TeamForm {
        TeamForm::of(team, self.kept.get(&team.id).copied().unwrap_or_default(), organisation)
    }

    /// How a team distributes.
    #[must_use]
    pub fn config(&self, team: TeamId) -> Config {
        Config { distribution: config_of(&self.organisation, team), calendar: self.calendar.clone() }
    }

    /// The ring of a team: attending, active members.
    #[must_use]
    pub fn members(&self, team: TeamId) -> Vec<Member> {
        members_of(&self.organisation, team)
    }

    /// When the service was last down.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        *self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What kind of channel it is; channels are never deleted, so that each is known.
    #[must_use]
    pub fn kind(&self, channel: ChannelId) -> ChannelKind {
        self.channels.get(&channel).map_or(ChannelKind::WhatsApp, |channel| channel.kind)
    }

    /// Teams in which it matters how much a person holds: at most so much, or the one who holds least comes next.
    #[must_use]
    pub fn limited_teams(&self) -> Vec<TeamId> {
        let limited = |distribution| match distribution {
            Distribution::On { capacity, strategy, .. } => capacity.is_some() || strategy == Strategy::LeastLoaded,
            Distribution::Off => false,
        };
        self.organisation
            .teams
            .values()
            .filter(|team| !team.deleted && limited(team.distribution))
            .map(|team| team.id)
            .collect()
    }

    /// Whether there is any such team.
    #[must_use]
    pub fn has_limits(&self) -> bool {
        !self.limited_teams().is_empty()
    }

    /// What a person chose for the conversations they conclude.
    #[must_use]
    pub fn preference(&self, person: PersonId) -> Archive {
        self.preferences.get(&person).copied().unwrap_or(Archive::InTwelveHours)
    }

    /// The epoch of a person's rights.
    #[must_use]
    pub fn epoch(&self, person: PersonId) -> Epoch {
        self.epochs.get(&person).copied().unwrap_or_default()
    }

    /// A person's rights; none for somebody the account does not have.
    #[must_use]
    pub fn rights(&self, person: PersonId) -> Rights {
        let atoms = self.organisation.actor(person).map(|actor| actor.atoms().to_vec()).unwrap_or_default();
        Rights { person, epoch: self.epoch(person), atoms }
    }
}

/// How a team hands out conversations; one that was deleted does not.
pub(super) fn config_of(organisation: &Organisation, team: TeamId) -> Distribution {
    let lives = organisation.teams.get(&team).filter(|team| !team.deleted);
    lives.map_or(Distribution::Off, |team| team.distribution)
}

/// The ring of a team: attending, active members.
pub(super) fn members_of(organisation: &Organisation, team: TeamId) -> Vec<Member> {
    let attending = organisation.memberships.values().filter(|m| m.team == team && m.attends);
    let people = attending.filter_map(|m| organisation.people.get(&m.person));
    people
        .filter(|person| person.status == PersonStatus::Active)
        .map(|person| Member { person: person.id, created_at: person.created_at, availability: person.availability })
        .collect()
}

/// Hours in a zone.
pub(crate) fn calendar_of(hours: Option<Hours>, zone: &str) -> Result<Calendar> {
    match hours {
        None => Ok(Calendar::always()),
        Some(hours) => {
            let zone = jiff::tz::TimeZone::get(zone).with_context(|| format!("the account's time zone {zone}"))?;
            Ok(Calendar::new(hours, zone)?)
        }
    }
}
