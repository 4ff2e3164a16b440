//! How facts follow from the lines of a conversation.
//!
//! *Invariant:* a fold: the same lines in the same order give the same facts, one by one as they happen or all at once
//! from the stored timeline. Whatever is running is in the [`Track`], whatever ended is in the facts.

use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::channel::ChannelKind;
use crate::ids::{PersonId, TeamId};
use crate::life::speaks;
use crate::message::{Content, Fact as Told, Kind, Why};
use crate::report::fact::{Changes, Fact, FactKind};
use crate::time::Moment;
use crate::window;

/// What the report remembers of a conversation between its lines.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Track {
    /// Facts so far.
    no: u32,
    /// When the customer began it; none after a person restarted it, which no figure of the customer's wait counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<TeamId>,
    pub stands: Stands,
    /// Whether the first burst is over.
    pub answered: bool,
    /// The burst that is not answered yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// The burst that was concluded unanswered. No answer to it is measured any more, but concluding and restarting never
    /// change the window (WIN-06): it is lost all the same where it ends after a restart. Never there beside `asked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_aside: Option<Asked>,
    /// Who it is offered to.
    #[serde(skip_serializing_if = "Option::is_none")]
    designee: Option<PersonId>,
    /// Since when: an offer that runs out belongs to the day of the offer, as the offer does that it is a share of.
    #[serde(skip_serializing_if = "Option::is_none")]
    offered: Option<Moment>,
    /// When it was last concluded, for the same reason: what returns is a share of what was concluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    concluded: Option<Moment>,
    /// The arrival, as long as nobody took charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    arrival: Option<Fact>,
    /// The resolution, as long as it stays so.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved: Option<Fact>,
    /// The first response that a conclusion cut short, as long as it stays so.
    #[serde(skip_serializing_if = "Option::is_none")]
    unanswered: Option<Fact>,
}

/// Where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Stands {
    /// Nothing was seen of it.
    #[default]
    Unknown,
    /// Among the pending ones of a team, since this stay began.
    Pending {
        since: Moment,
    },
    Held {
        by: PersonId,
        since: Moment,
    },
    Finished,
}

/// A burst of the customer's messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Its first message.
    pub at: Moment,
    /// When the free window ends by its counted messages.
    pub window_end: Option<Moment>,
    /// Whether that end has been counted as lost.
    pub lost: bool,
}

/// What a line stands on.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    pub calendar: &'a Calendar,
    pub channel: ChannelKind,
    /// The conversation's team, for lines that do not name it.
    pub team: TeamId,
}

impl Track {
    /// Takes in the next line.
    pub fn see(&mut self, at: Moment, content: &Content, ground: &Ground<'_>, out: &mut Changes) {
        // The customer never sees a note, so it is as if it had not been.
        if !matches!(content, Content::Note { .. }) {
            self.lose_window(at, ground, out);
        }
        match content {
            Content::Inbound { body } => self.heard(at, body.kind(), ground),
            Content::Outbound { author, .. } => self.said(at, *author, ground, out),
            Content::Note { .. } => {}
            Content::Fact(fact) => self.told(at, fact, ground, out),
        }
    }

    fn told(&mut self, at: Moment, fact: &Told, ground: &Ground<'_>, out: &mut Changes) {
        match *fact {
            Told::Received { .. } => self.arrive(at, ground, out),
            Told::Designated { to, why, .. } => {
                self.back_in_queue(at, ground, out);
                self.passed_on(at, why, ground, out);
                (self.designee, self.offered) = (Some(to), Some(at));
                self.add(FactKind::Offer, at, None, Some(to), ground, out);
            }
            Told::Released { why } => {
                self.back_in_queue(at, ground, out);
                self.passed_on(at, why, ground, out);
                (self.designee, self.offered) = (None, None);
            }
            Told::Queued | Told::ReturnedToTeam { .. } => self.back_in_queue(at, ground, out),
            Told::Started { by } => {
                self.leave_pending(at, Some(by), ground, out);
                self.hold(at, by, out);
            }
            Told::TransferredToTeam { by, to, .. } => {
                self.add(FactKind::Transfer, at, None, Some(by), ground, out);
                self.leave_pending(at, None, ground, out);
                self.let_go(at, ground, out);
                self.team = Some(to);
                self.stands = Stands::Pending { since: at };
            }
            Told::TransferredToPerson { by, to, team, .. } => {
                // Who takes a conversation over does not pass it on.
                if by != to {
                    self.add(FactKind::Transfer, at, None, Some(by), ground, out);
                }
                self.leave_pending(at, Some(to), ground, out);
                self.let_go(at, ground, out);
                self.team = Some(team);
                self.hold(at, to, out);
            }
            Told::Concluded { by } => self.conclude(at, by, ground, out),
            Told::Restarted { by } => {
                self.team = Some(ground.team);
                (self.arrived, self.asked, self.answered) = (None, None, true);
                (self.resolved, self.unanswered) = (None, None);
                self.hold(at, by, out);
            }
            Told::Returned { to } => {
                self.reopen(at, ground, out);
                self.hold(at, to, out);
            }
            Told::AutoReplied => {}
        }
    }

    fn arrive(&mut self, at: Moment, ground: &Ground<'_>, out: &mut Changes) {
        let no = self.no;
        *self = Self { no, arrived: Some(at), team: Some(ground.team), ..Self::default() };
        self.stands = Stands::Pending { since: at };
        self.arrival = Some(self.add(FactKind::Arrival, at, None, None, ground, out));
    }

    fn heard(&mut self, at: Moment, kind: Kind, ground: &Ground<'_>) {
        if speaks(kind) && self.asked.is_none() {
            // The customer has one window: it goes on from what was set aside.
            let before = self.set_aside.take().unwrap_or(Asked { at, window_end: None, lost: false });
            self.asked = Some(if self.answered { Asked { at, ..before } } else { before });
        }
        if let Some(asked) = self.asked.as_mut().or(self.set_aside.as_mut())
            && window::counts(ground.channel, kind)
        {
            let end = at + window::FREE;
            if asked.window_end.is_none_or(|known| known < end) {
                (asked.window_end, asked.lost) = (Some(end), false);
            }
        }
    }

    fn said(&mut self, at: Moment, author: PersonId, ground: &Ground<'_>, out: &mut Changes) {
        self.set_aside = None;
        let Some(asked) = self.asked.take() else { return };
        let kind = if self.answered { FactKind::NextResponse } else { FactKind::FirstResponse };
        self.answered = true;
        self.add(kind, asked.at, Some(at), Some(author), ground, out);
    }

    fn conclude(&mut self, at: Moment, by: Option<PersonId>, ground: &Ground<'_>, out: &mut Changes) {
        let responsible = match self.stands {
            Stands::Held { by, .. } => Some(by),
            Stands::Unknown | Stands::Pending { .. } | Stands::Finished => by,
        };
        self.leave_pending(at, None, ground, out);
        self.let_go(at, ground, out);
        // A later burst that was concluded needed no answer; the first one is told to have had none.
        if let Some(asked) = self.asked.take() {
            if !self.answered {
                self.unanswered = Some(self.add(FactKind::FirstResponse, asked.at, None, responsible, ground, out));
            }
            self.set_aside = Some(asked);
        }
        self.answered = true;
        self.add(FactKind::Conclusion, at, None, responsible, ground, out);
        self.resolved =
            self.arrived.map(|arrived| self.add(FactKind::Resolution, arrived, Some(at), responsible, ground, out));
        (self.arrival, self.designee, self.offered) = (None, None, None);
        (self.stands, self.concluded) = (Stands::Finished, Some(at));
    }

    /// A finished one that distribution speaks of has come back into the queue.
    fn back_in_queue(&mut self, at: Moment, ground: &Ground<'_>, out: &mut Changes) {
        if self.stands == Stands::Finished {
            self.reopen(at, ground, out);
            self.stands = Stands::Pending { since: at };
        }
    }

    fn reopen(&mut self, at: Moment, ground: &Ground<'_>, out: &mut Changes) {
        let (resolved, concluded) = (self.resolved.take(), self.concluded.take());
        self.add(
            FactKind::Reopening,
            concluded.unwrap_or(at),
            None,
            resolved.and_then(|fact| fact.person),
            ground,
            out,
        );
        self.team = Some(ground.team);
        out.gone.extend(resolved);
        self.ask_again(out);
    }

    /// Whoever comes back and never had an answer still waits for the first one, since their first message: concluding
    /// early makes no wait shorter. What brought them back may have been taken in already, or comes next.
    fn ask_again(&mut self, out: &mut Changes) {
        let Some(first) = self.unanswered.take() else { return };
        self.answered = false;
        let asked = match self.asked.as_mut() {
            Some(asked) => asked,
            None => self.set_aside.get_or_insert(Asked { at: first.at, window_end: None, lost: false }),
        };
        asked.at = first.at;
        out.gone.push(first);
    }

    fn hold(&mut self, at: Moment, by: PersonId, out: &mut Changes) {
        self.stands = Stands::Held { by, since: at };
        (self.designee, self.offered) = (None, None);
        if let Some(arrival) = self.arrival.take() {
            // One that is made in this very step was never written.
            match out.new.iter_mut().find(|fact| fact.no == arrival.no) {
                Some(fact) => fact.person = Some(by),
                None => {
                    out.gone.push(arrival);
                    out.new.push(Fact { person: Some(by), ..arrival });
                }
            }
        }
    }

    fn leave_pending(&mut self, at: Moment, to: Option<PersonId>, ground: &Ground<'_>, out: &mut Changes) {
        if let Stands::Pending { since } = self.stands {
            self.add(FactKind::Wait, since, to.map(|_| at), to, ground, out);
        }
    }

    fn let_go(&mut self, at: Moment, ground: &Ground<'_>, out: &mut Changes) {
        if let Stands::Held { by, since } = self.stands {
            self.add(FactKind::Handle, since, Some(at), Some(by), ground, out);
        }
    }

    /// What the one before loses by; a hop in an outage of ours does not count against them (decision 9).
    fn passed_on(&mut self, at: Moment, why: Why, ground: &Ground<'_>, out: &mut Changes) {
        let from = match why {
            Why::LimitReached { from } => Some(from),
            Why::MaximumReached => self.designee,
            Why::TheirTurn
            | Why::LimitReachedDuringOutage { .. }
            | Why::NobodyEligible
            | Why::DistributionOff
            | Why::DesigneeLeft { .. }
            | Why::DesigneeUnavailable { .. }
            | Why::Preferred
            | Why::SlotFreed
            | Why::LeastRecent
            | Why::LeastLoaded
            | Why::MaximumReachedDuringOutage => None,
        };
        if from.is_some() {
            self.add(FactKind::Overflow, self.offered.unwrap_or(at), None, from, ground, out);
        }
    }

    /// The window that ended before this line. One that ends while the conversation is concluded is no loss: somebody
    /// decided that nothing was to be answered, which the first response tells as cut short.
    fn lose_window(&mut self, at: Moment, ground: &Ground<'_>, out: &mut Changes) {
        let Some(asked) = self.asked.or(self.set_aside).filter(|asked| !asked.lost) else { return };
        let Some(end) = asked.window_end.filter(|end| *end <= at) else { return };
        let person = match self.stands {
            Stands::Held { by, .. } => Some(by),
            Stands::Unknown | Stands::Pending { .. } => None,
            Stands::Finished => {
                self.set_aside = None;
                return;
            }
        };
        self.add(FactKind::WindowLost, end, None, person, ground, out);
        if let Some(asked) = self.asked.as_mut().or(self.set_aside.as_mut()) {
            asked.lost = true;
        }
    }

    fn add(
        &mut self,
        kind: FactKind,
        at: Moment,
        until: Option<Moment>,
        person: Option<PersonId>,
        ground: &Ground<'_>,
        out: &mut Changes,
    ) -> Fact {
        let until = until.map(|until| until.max(at));
        let business = until.map(|until| ground.calendar.open_time_between(at, until));
        let team = self.team.unwrap_or(ground.team);
        let fact = Fact { kind, no: self.no, at, until, business, team, person };
        self.no += 1;
        out.new.push(fact);
        fact
    }
}
