//! A naive team, written from the sentences of product.md 7 and decisions 1 to 6. It walks minute by minute and looks
//! through plain lists, knows no indexes and no calendar arithmetic, and so shares no cleverness with the engine.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::Pending;
use ciranda_domain::distribution::{Input, Load, Member};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::person::Availability;
use ciranda_domain::team::{Distribution, Overflow, Strategy, Weights};
use ciranda_domain::time::Moment;

/// Whether the account is open during the minute that begins `minute` minutes after the epoch.
pub type OpenMinute = fn(i64) -> bool;

pub struct Model {
    pub distribution: Distribution,
    pub open: OpenMinute,
    pub people: Vec<Member>,
    pub arrow: Option<PersonId>,
    pub stays: Vec<(ConversationId, Pending)>,
    /// Everything anybody holds, one entry a conversation.
    pub loads: Vec<(PersonId, ChannelKind)>,
    /// Everybody who was ever designated, again each time.
    pub designated: Vec<PersonId>,
    pub kinds: Vec<(ConversationId, ChannelKind)>,
    /// Who had which conversation in this round.
    pub tried: Vec<(ConversationId, PersonId)>,
    pub log: Vec<(Moment, ConversationId, Fact)>,
    pub minute: i64,
}

impl Model {
    /// Plays every minute up to and including this one.
    pub fn advance(&mut self, to: i64) {
        while self.minute < to {
            self.minute += 1;
            self.this_minute();
        }
    }

    fn this_minute(&mut self) {
        let mut conversations: Vec<_> = self.stays.iter().map(|(conversation, _)| *conversation).collect();
        conversations.sort();
        for conversation in conversations {
            if let Some(Pending::Designated { designee, deadline: Some(deadline), max_deadline, attempt, .. }) =
                self.state(conversation)
                && deadline <= self.now()
            {
                if max_deadline.is_some_and(|max| max <= self.now()) {
                    self.release(conversation, Why::MaximumReached);
                } else {
                    let why = Why::LimitReached { from: designee };
                    self.pass_on(conversation, designee, max_deadline, attempt, why, true);
                }
                self.fill_free_slots();
            }
        }
    }

    pub fn input(&mut self, input: &Input, open: OpenMinute) {
        match input {
            Input::Enqueued { conversation, kind, prefer } => {
                if self.state(*conversation).is_none() {
                    self.kinds.push((*conversation, *kind));
                }
                self.enqueued(*conversation, *prefer);
            }
            Input::Started { conversation, by } => {
                let kind = self.kind(*conversation);
                if self.take_out(*conversation) {
                    self.loads.push((*by, kind));
                }
            }
            Input::Left { conversation } => {
                self.take_out(*conversation);
            }
            Input::Availability { person, availability } => self.availability(*person, *availability),
            Input::MemberAdded(member) => match self.people.iter().any(|m| m.person == member.person) {
                true => self.availability(member.person, member.availability),
                false => self.people.push(*member),
            },
            Input::MemberRemoved(person) => self.removed(*person),
            Input::ConfigChanged(config) => self.configured(config.distribution, open),
            Input::LoadChanged { person, load } => {
                self.loads.retain(|(p, _)| p != person);
                let Load { whatsapp, instagram, messenger } = *load;
                let kinds = [
                    (ChannelKind::WhatsApp, whatsapp),
                    (ChannelKind::Instagram, instagram),
                    (ChannelKind::Messenger, messenger),
                ];
                for (kind, count) in kinds {
                    self.loads.extend((0..count).map(|_| (*person, kind)));
                }
            }
        }
        self.fill_free_slots();
        self.this_minute();
    }

    /// "Each new conversation goes to the person at the arrow; then the arrow moves to the next." A preferred
    /// attendant who can take it comes first and leaves the arrow alone.
    fn enqueued(&mut self, conversation: ConversationId, prefer: Option<PersonId>) {
        if self.state(conversation).is_some() {
            return;
        }
        if self.distribution == Distribution::Off {
            return self.set(conversation, Pending::Open { since: self.now() });
        }
        let waits = self.stays.iter().any(|(_, state)| matches!(state, Pending::Queued { .. }));
        match prefer.filter(|person| self.eligible(*person) && self.has_room(*person, conversation)) {
            // "Strictly oldest first": whoever comes later waits behind those who wait.
            _ if waits => self.queue(conversation),
            Some(person) => self.designate(conversation, person, None, 1, Why::Preferred),
            None => self.turn(
                conversation,
                match self.strategy() {
                    Strategy::Circle => Why::TheirTurn,
                    Strategy::LeastRecent => Why::LeastRecent,
                    Strategy::LeastLoaded => Why::LeastLoaded,
                },
            ),
        }
    }

    fn turn(&mut self, conversation: ConversationId, why: Why) {
        let ring = self.ring();
        let start = self.arrow.and_then(|arrow| ring.iter().position(|p| *p == arrow)).unwrap_or(0);
        let circle: Vec<_> = (0..ring.len()).map(|i| ring[(start + i) % ring.len()]).collect();
        let round = self.by_strategy(circle);
        if let Some(person) = round.iter().find(|p| self.eligible(**p) && self.has_room(**p, conversation)) {
            self.designate(conversation, *person, None, 1, why);
            let place = ring.iter().position(|p| p == person).expect("they are in the ring");
            if self.strategy() == Strategy::Circle {
                self.arrow = Some(ring[(place + 1) % ring.len()]);
            }
        } else if round.iter().any(|person| self.eligible(*person)) {
            self.queue(conversation);
        } else {
            self.release(conversation, Why::NobodyEligible);
        }
    }

    /// A circle as it is; otherwise whoever was designated longest ago first, and whoever holds least before all.
    fn by_strategy(&self, circle: Vec<PersonId>) -> Vec<PersonId> {
        let mut people = match self.strategy() {
            Strategy::Circle => return circle,
            Strategy::LeastRecent | Strategy::LeastLoaded => self.ring(),
        };
        people.sort_by_key(|p| self.designated.iter().rposition(|designated| designated == p));
        if self.strategy() == Strategy::LeastLoaded {
            people.sort_by_key(|p| self.load(*p));
        }
        people
    }

    /// To the next eligible after `from` in the ring, or by the strategy: those who did not have it in this round first. `stays`: they may keep it when nobody else can have it.
    fn pass_on(
        &mut self,
        conversation: ConversationId,
        from: PersonId,
        max: Option<Moment>,
        attempt: u32,
        why: Why,
        stays: bool,
    ) {
        let mut ring = self.ring();
        let place = ring.iter().position(|p| *p == from).expect("the designee has a place in the ring");
        ring.rotate_left(place + 1);
        let mut others: Vec<_> =
            self.by_strategy(ring).into_iter().filter(|p| *p != from && self.eligible(*p)).collect();
        if self.strategy() != Strategy::Circle {
            others.sort_by_key(|p| self.tried.contains(&(conversation, *p)));
        }
        if let Some(next) = others.iter().find(|p| self.has_room(**p, conversation)) {
            self.designate(conversation, *next, max, attempt + 1, why);
        } else if stays && self.eligible(from) {
            let (deadline, max_deadline) = self.times(max);
            let Some(Pending::Designated { designee, since, attempt, .. }) = self.state(conversation) else { return };
            self.set(conversation, Pending::Designated { designee, since, deadline, max_deadline, attempt });
        } else if others.is_empty() {
            self.release(conversation, Why::NobodyEligible);
        } else {
            self.queue(conversation);
        }
    }

    fn availability(&mut self, person: PersonId, availability: Availability) {
        for member in self.people.iter_mut().filter(|m| m.person == person) {
            member.availability = availability;
        }
        self.move_what_the_unavailable_hold();
    }

    /// Without overflow nothing else would move it: "otherwise re-distribute immediately".
    fn move_what_the_unavailable_hold(&mut self) {
        if !matches!(self.distribution, Distribution::On { overflow: Overflow::Off, .. }) {
            return;
        }
        for conversation in self.designated_oldest_first() {
            if let Some(Pending::Designated { designee, max_deadline, attempt, .. }) = self.state(conversation)
                && !self.eligible(designee)
            {
                let why = Why::DesigneeUnavailable { from: designee };
                self.pass_on(conversation, designee, max_deadline, attempt, why, false);
            }
        }
    }

    fn removed(&mut self, person: PersonId) {
        let mut ring = self.ring();
        let Some(place) = ring.iter().position(|p| *p == person) else { return };
        if self.arrow == Some(person) {
            ring.rotate_left(place + 1);
            self.arrow = ring.first().copied().filter(|next| *next != person);
        }
        // They are passed over as unavailable first, and leave when nothing of theirs is left.
        for member in self.people.iter_mut().filter(|m| m.person == person) {
            member.availability = Availability::Unavailable;
        }
        for conversation in self.designated_oldest_first() {
            if let Some(Pending::Designated { designee, max_deadline, attempt, .. }) = self.state(conversation)
                && designee == person
            {
                self.pass_on(conversation, person, max_deadline, attempt, Why::DesigneeLeft { from: person }, false);
            }
        }
        self.people.retain(|m| m.person != person);
    }

    fn configured(&mut self, distribution: Distribution, open: OpenMinute) {
        let (before, moved) = (self.open, self.open as usize != open as usize);
        self.distribution = distribution;
        self.open = open;
        match distribution {
            Distribution::Off => {
                let mut all = self.stays.clone();
                all.sort_by_key(|(conversation, state)| (since(*state), *conversation));
                for (conversation, state) in all {
                    if !matches!(state, Pending::Open { .. }) {
                        self.release(conversation, Why::DistributionOff);
                    }
                }
            }
            Distribution::On { overflow, .. } => {
                for conversation in self.designated_oldest_first() {
                    self.retime(conversation, overflow, before, moved);
                }
                self.move_what_the_unavailable_hold();
            }
        }
    }

    fn retime(&mut self, conversation: ConversationId, overflow: Overflow, before: OpenMinute, moved: bool) {
        let Some(Pending::Designated { designee, since, deadline, max_deadline, attempt }) = self.state(conversation)
        else {
            return;
        };
        let left = |due: Moment| (self.minute..due.0 / 60_000).filter(|m| before(*m)).count();
        let (deadline, max_deadline) = match (overflow, deadline, max_deadline) {
            (Overflow::Off, ..) => (None, None),
            (Overflow::On { .. }, Some(deadline), Some(max)) if moved => {
                (Some(self.after(left(deadline))), Some(self.after(left(max))))
            }
            (Overflow::On { .. }, Some(deadline), Some(max)) => (Some(deadline), Some(max)),
            (Overflow::On { .. }, ..) => self.times(None),
        };
        self.set(conversation, Pending::Designated { designee, since, deadline, max_deadline, attempt });
    }

    fn fill_free_slots(&mut self) {
        loop {
            let mut queue: Vec<_> = self.stays.iter().filter(|(_, s)| matches!(s, Pending::Queued { .. })).collect();
            queue.sort_by_key(|(conversation, state)| (since(*state), *conversation));
            let Some((oldest, _)) = queue.first().copied().copied() else { return };
            let eligible: Vec<_> = self.ring().into_iter().filter(|p| self.eligible(*p)).collect();
            if !eligible.is_empty() && eligible.iter().all(|p| !self.has_room(*p, oldest)) {
                return;
            }
            self.turn(oldest, Why::SlotFreed);
        }
    }

    fn designate(&mut self, conversation: ConversationId, to: PersonId, max: Option<Moment>, attempt: u32, why: Why) {
        let (deadline, max_deadline) = self.times(max);
        self.drop_designee(conversation);
        self.loads.push((to, self.kind(conversation)));
        if self.strategy() != Strategy::Circle {
            self.designated.push(to);
        }
        if self.tried.contains(&(conversation, to)) {
            self.tried.retain(|(c, _)| *c != conversation);
        }
        self.tried.push((conversation, to));
        self.set(
            conversation,
            Pending::Designated { designee: to, since: self.now(), deadline, max_deadline, attempt },
        );
        self.log.push((self.now(), conversation, Fact::Designated { to, attempt, why }));
    }

    fn release(&mut self, conversation: ConversationId, why: Why) {
        self.drop_designee(conversation);
        self.tried.retain(|(c, _)| *c != conversation);
        self.set(conversation, Pending::Open { since: self.now() });
        self.log.push((self.now(), conversation, Fact::Released { why }));
    }

    fn queue(&mut self, conversation: ConversationId) {
        self.drop_designee(conversation);
        self.tried.retain(|(c, _)| *c != conversation);
        self.set(conversation, Pending::Queued { since: self.now() });
        self.log.push((self.now(), conversation, Fact::Queued));
    }

    fn take_out(&mut self, conversation: ConversationId) -> bool {
        self.drop_designee(conversation);
        self.tried.retain(|(c, _)| *c != conversation);
        let before = self.stays.len();
        self.stays.retain(|(c, _)| *c != conversation);
        self.stays.len() < before
    }

    fn drop_designee(&mut self, conversation: ConversationId) {
        if let Some(Pending::Designated { designee, .. }) = self.state(conversation) {
            let held = (designee, self.kind(conversation));
            if let Some(place) = self.loads.iter().position(|load| *load == held) {
                self.loads.remove(place);
            }
        }
    }

    fn times(&self, max: Option<Moment>) -> (Option<Moment>, Option<Moment>) {
        match self.distribution {
            Distribution::On { overflow: Overflow::On { limit, maximum }, .. } => {
                let minutes = |span: ciranda_domain::time::Span| usize::try_from(span.0 / 60_000).expect("a length");
                let max = max.unwrap_or_else(|| self.after(minutes(maximum)));
                (Some(self.after(minutes(limit)).min(max)), Some(max))
            }
            Distribution::Off | Distribution::On { overflow: Overflow::Off, .. } => (None, None),
        }
    }

    /// The first open minute by which so many open minutes have passed.
    fn after(&self, open_minutes: usize) -> Moment {
        let minute = (self.minute..).filter(|m| (self.open)(*m)).nth(open_minutes).expect("it opens again");
        Moment(minute * 60_000)
    }

    fn ring(&self) -> Vec<PersonId> {
        let mut people = self.people.clone();
        people.sort_by_key(|m| (m.created_at, m.person));
        people.iter().map(|m| m.person).collect()
    }

    fn eligible(&self, person: PersonId) -> bool {
        self.people.iter().any(|m| m.person == person && m.availability == Availability::Available)
    }

    fn strategy(&self) -> Strategy {
        match self.distribution {
            Distribution::On { strategy, .. } => strategy,
            Distribution::Off => Strategy::Circle,
        }
    }

    fn has_room(&self, person: PersonId, conversation: ConversationId) -> bool {
        match self.distribution {
            Distribution::On { capacity: Some(capacity), .. } => {
                self.load(person) + self.weight(self.kind(conversation)) <= capacity
            }
            Distribution::On { capacity: None, .. } | Distribution::Off => true,
        }
    }

    /// As the team weighs it; what is heavier than the capacity fills a person and no more.
    fn weight(&self, kind: ChannelKind) -> u32 {
        let (weights, capacity) = match self.distribution {
            Distribution::On { weights, capacity, .. } => (weights, capacity),
            Distribution::Off => (Weights::ONE, None),
        };
        let weight = u32::from(match kind {
            ChannelKind::WhatsApp => weights.whatsapp,
            ChannelKind::Instagram => weights.instagram,
            ChannelKind::Messenger => weights.messenger,
        });
        weight.min(capacity.unwrap_or(weight))
    }

    pub fn load(&self, person: PersonId) -> u32 {
        self.loads.iter().filter(|(p, _)| *p == person).map(|(_, kind)| self.weight(*kind)).sum()
    }

    fn kind(&self, conversation: ConversationId) -> ChannelKind {
        let known = self.kinds.iter().rev().find(|(c, _)| *c == conversation);
        known.map_or(ChannelKind::WhatsApp, |(_, kind)| *kind)
    }

    fn designated_oldest_first(&self) -> Vec<ConversationId> {
        let mut all: Vec<_> = self.stays.iter().filter(|(_, s)| matches!(s, Pending::Designated { .. })).collect();
        all.sort_by_key(|(conversation, state)| (since(*state), *conversation));
        all.iter().map(|(conversation, _)| *conversation).collect()
    }

    pub fn state(&self, conversation: ConversationId) -> Option<Pending> {
        self.stays.iter().find(|(c, _)| *c == conversation).map(|(_, state)| *state)
    }

    fn set(&mut self, conversation: ConversationId, state: Pending) {
        self.stays.retain(|(c, _)| *c != conversation);
        self.stays.push((conversation, state));
    }

    fn now(&self) -> Moment {
        Moment(self.minute * 60_000)
    }
}

fn since(state: Pending) -> Moment {
    match state {
        Pending::Queued { since } | Pending::Designated { since, .. } | Pending::Open { since } => since,
    }
}
