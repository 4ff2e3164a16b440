//! What people, customers, administrators and the weather do: one random act at a time.

use ciranda_domain::access::Tab;
use ciranda_domain::conversation::State;
use ciranda_domain::ids::{ConversationId, MessageId, PersonId, TeamId};
use ciranda_domain::message::Content;
use ciranda_domain::person::{Availability, Profile};
use ciranda_domain::team::{Level, Membership};
use ciranda_domain::time::Span;
use ciranda_sync::calls::Call;
use ciranda_sync::machine::Input;
use ciranda_sync::rows::{Account, Row, RowId};
use ciranda_sync::serve::Encoded;
use rand::Rng;
use rand::seq::IteratorRandom;
use uuid::Uuid;

use crate::authority::Edit;
use crate::world::{Event, World};

/// Customers who write.
const CUSTOMERS: u128 = 12;

impl World {
    /// Lets `acts` things happen, one every few milliseconds.
    pub fn live(&mut self, acts: usize) {
        for _ in 0..acts {
            if self.random.random_bool(0.01) {
                self.absence();
            }
            self.at(0, Event::Act);
            let pause = match self.random.random_range(0..200) {
                0 => self.random.random_range(0..700_000),
                1..10 => self.random.random_range(0..20_000),
                _ => self.random.random_range(0..80),
            };
            self.run_until(self.now + pause);
        }
    }

    pub fn act(&mut self) {
        let at = self.random.random_range(0..self.desktops.len());
        match self.random.random_range(0..100) {
            0..25 => self.customer(),
            25..31 => self.provider(),
            31..36 => self.ring(),
            36..62 => self.person_calls(at),
            62..72 => self.person_looks(at),
            72..82 => self.rights_change(),
            82..86 => self.cut(at),
            86..88 => self.lag(),
            88..90 => self.input(at, Input::Online(false)),
            90..94 => self.input(at, Input::Online(true)),
            94 => self.input(at, Input::Visible),
            95 => self.reload(at),
            96 => self.crash(),
            97 => {
                let hours = self.random.random_range(0..3);
                self.move_clock(Span::hours(hours));
            }
            98 => self.forget(at),
            _ => self.truncate_log(),
        }
    }

    fn commit(&mut self, edits: Vec<Edit>) {
        let commit = self.authority.commit(None, edits);
        self.publish(Encoded::new(commit));
    }

    fn customer(&mut self) {
        let customer = self.random.random_range(0..CUSTOMERS);
        let commit = self.authority.customer_writes(customer, &mut self.random);
        self.publish(Encoded::new(commit));
    }

    fn provider(&mut self) {
        let commit = self.authority.provider_tells(&mut self.random);
        commit.into_iter().for_each(|commit| self.publish(Encoded::new(commit)));
    }

    fn ring(&mut self) {
        let commit = self.authority.ring_moves(&mut self.random);
        commit.into_iter().for_each(|commit| self.publish(Encoded::new(commit)));
    }

    fn person_calls(&mut self, at: usize) {
        let shown: Vec<_> = self.desktops[at].client.view().replica().heads().keys().copied().collect();
        let Some(conversation) = shown.into_iter().choose(&mut self.random) else { return };
        let Some(call) = self.call(at, conversation) else { return };
        self.input(at, Input::Call(call));
    }

    /// A call that suits what this person sees, most of the time.
    fn call(&mut self, at: usize, conversation: ConversationId) -> Option<Call> {
        let state = self.desktops[at].client.view().conversation(conversation)?.state;
        let suits = self.random.random_bool(0.95);
        Some(match (self.random.random_range(0..14), state) {
            (0..5, State::Pending(_)) => Call::Start { conversation },
            (0..5, State::InProgress { .. }) => self.text(conversation),
            (5, State::InProgress { responsible, .. }) => Call::TakeOver { conversation, from: Some(responsible) },
            (0..4, State::Finished(_)) => Call::Restart { conversation },
            (6, _) if suits => Call::MarkRead { conversation },
            (6, _) => self.note(conversation),
            (7 | 13, _) => Call::Conclude { conversation },
            (8, _) => Call::TransferToTeam { conversation, team: self.some_team() },
            (9, _) => Call::TransferToPerson { conversation, person: self.some_person(), team: self.some_team() },
            (10, _) => {
                let available = [Availability::Available, Availability::Unavailable];
                Call::SetAvailability { availability: available[self.random.random_range(0..2)] }
            }
            (11 | 12, _) => {
                let message = self.some_line(at, conversation)?;
                if suits {
                    Call::Retry { conversation, message }
                } else {
                    Call::CancelWaiting { conversation, message }
                }
            }
            (_, _) if suits => return None,
            (_, _) => self.text(conversation),
        })
    }

    fn text(&mut self, conversation: ConversationId) -> Call {
        let message = MessageId(Uuid::from_u128(self.random.random()));
        Call::Send { conversation, message, text: format!("resposta {message}") }
    }

    fn note(&mut self, conversation: ConversationId) -> Call {
        let message = MessageId(Uuid::from_u128(self.random.random()));
        let person = self.some_person();
        // One in four is another thing that changes a head and nothing else.
        if message.0.as_u128().is_multiple_of(4) {
            return Call::Prefer { conversation, person: Some(person) };
        }
        Call::AddNote { conversation, message, text: format!("nota {message}"), mentions: vec![person] }
    }

    fn some_line(&mut self, at: usize, conversation: ConversationId) -> Option<MessageId> {
        let lines = self.desktops[at].client.view().lines(conversation);
        let outbound = lines.filter(|line| matches!(line.message.content, Content::Outbound { .. }));
        outbound.map(|line| line.message.id).choose(&mut self.random)
    }

    fn person_looks(&mut self, at: usize) {
        let client = &self.desktops[at].client;
        let open = client.open_conversations().iter().copied().choose(&mut self.random);
        let shown = client.view().replica().heads().keys().copied().choose(&mut self.random);
        let input = match (self.random.random_range(0..10), open, shown) {
            (0..5, _, Some(shown)) => Input::Open(shown),
            // As from a link or a search: anything of the account, seen or not.
            (5, _, _) => match self.authority.heads.keys().copied().choose(&mut self.random) {
                Some(any) => Input::Open(any),
                None => return,
            },
            (6..8, Some(open), _) => Input::Close(open),
            (_, Some(open), _) => Input::Older(open),
            (_, None, _) => return,
        };
        self.input(at, input);
    }

    /// Somebody writes as the network dies without a word, writes on, and comes back after lunch.
    fn absence(&mut self) {
        let at = self.random.random_range(0..self.desktops.len());
        let mine = self.desktops[at].client.view().tab(Tab::Mine).choose(&mut self.random);
        let Some(conversation) = mine else { return };
        self.silence(at);
        for _ in 0..self.random.random_range(1..4) {
            let text = self.text(conversation);
            self.input(at, Input::Call(text));
        }
        self.input(at, Input::Online(false));
        let text = self.text(conversation);
        self.input(at, Input::Call(text));
        let away = self.random.random_range(0..1_200_000);
        self.run_until(self.now + away);
        self.input(at, Input::Online(true));
    }

    /// Held texts are let go or taken back.
    pub fn answer_held(&mut self) {
        for at in 0..self.desktops.len() {
            let entries = self.desktops[at].client.outbox().entries().iter();
            let asked: Vec<_> = entries.filter_map(|entry| entry.call.conversation()).collect();
            for conversation in asked {
                let input = if self.random.random_bool(0.5) {
                    Input::Release(conversation)
                } else {
                    Input::Discard(conversation)
                };
                self.input(at, input);
            }
        }
    }

    fn rights_change(&mut self) {
        let (team, person) = (self.some_team(), self.some_person());
        let edit = match self.random.random_range(0..8) {
            0 => {
                let mut row = self.authority.organisation.teams[&team].clone();
                row.level = [Level::Everyone, Level::Team, Level::Attendant][self.random.random_range(0..3)];
                Edit::Reference(Row::Team(row))
            }
            1 => {
                let mut row = self.authority.organisation.people[&person].clone();
                row.profile =
                    [Profile::Administrator, Profile::Attendant, Profile::Restricted][self.random.random_range(0..3)];
                Edit::Reference(Row::Person(row))
            }
            2 => {
                if !self.authority.organisation.memberships.contains_key(&(team, person)) {
                    return;
                }
                Edit::RemoveMembership(RowId::Membership(team, person))
            }
            _ => {
                let (attends, supervises) = (self.random.random_bool(0.6), self.random.random_bool(0.2));
                Edit::Reference(Row::Membership(Membership { team, person, attends, supervises }))
            }
        };
        self.commit(vec![edit]);
    }

    /// Changes a row that everybody sees.
    pub fn rename_account(&mut self) {
        let account = Account { name: format!("Loja {}", self.authority.head.0), ..self.authority.account.clone() };
        self.commit(vec![Edit::Reference(Row::Account(account))]);
    }

    fn some_team(&mut self) -> TeamId {
        *self.authority.organisation.teams.keys().choose(&mut self.random).expect("there are teams")
    }

    fn some_person(&mut self) -> PersonId {
        *self.authority.organisation.people.keys().choose(&mut self.random).expect("there are people")
    }

    /// A socket becomes too slow to be offered commits, or gets its breath back.
    fn lag(&mut self) {
        if let Some(connection) = self.server.connections.values_mut().choose(&mut self.random) {
            connection.lagging = !connection.lagging;
        }
    }

    fn forget(&mut self, at: usize) {
        if self.random.random_bool(0.3) {
            self.forgot = true;
            self.authority.clients.remove(&self.desktops[at].id);
            // What serves a client and what knows it go together: the node has to be asked again.
            self.crash();
        }
    }

    fn truncate_log(&mut self) {
        let head = self.authority.head.0;
        self.authority.floor.0 = self.random.random_range(head.saturating_sub(60)..=head).max(self.authority.floor.0);
    }
}
