//! One node: sessions, hub and pages over the authority, by production's session code. It forgets everything when it
//! crashes.

use std::collections::BTreeMap;

use ciranda_domain::ids::{ClientId, ConversationId, MessageId, PersonId};
use ciranda_domain::message::Message;
use ciranda_domain::time::Moment;
use ciranda_sync::filter::coalesce;
use ciranda_sync::frames::{Down, Extent, HISTORY, LINES, Page, PageRequest, Part, SCHEMA, Started, Up};
use ciranda_sync::horizon::{Horizon, Reach};
use ciranda_sync::rows::{Epoch, Row, Seq};
use ciranda_sync::serve::{Encoded, Hello, Numbered, Offered, Session, numbered};
use ciranda_sync::wire::{decode_up, encode};
use rand::rngs::SmallRng;
use uuid::Uuid;

use crate::authority::Authority;
use crate::desk::Done;
use crate::leaks;
use crate::network::SocketNo;

/// Rows on a page: few, so that commits fall between pages.
const PAGE: usize = 3;

/// The node.
#[derive(Default)]
pub struct Server {
    pub connections: BTreeMap<SocketNo, Connection>,
}

/// One socket at the server.
pub struct Connection {
    pub person: PersonId,
    session: Option<(ClientId, Session)>,
    /// Not offered anything until it has caught up: what a slow socket is turned into.
    pub lagging: bool,
}

/// What the node wants done.
pub enum Effect {
    Send(SocketNo, Vec<u8>),
    Close(SocketNo, u16),
    /// Committed, and to be published to the sessions.
    Publish(Encoded),
}

impl Server {
    pub fn connect(&mut self, socket: SocketNo, person: PersonId) {
        self.connections.insert(socket, Connection { person, session: None, lagging: false });
    }

    /// A frame from a browser.
    pub fn receive(
        &mut self,
        socket: SocketNo,
        bytes: &[u8],
        authority: &mut Authority,
        horizon: Horizon,
        random: &mut SmallRng,
    ) -> Vec<Effect> {
        let Some(connection) = self.connections.get_mut(&socket) else { return Vec::new() };
        let up = decode_up(bytes).expect("a client sends what a server can read");
        let mut effects = Vec::new();
        match (up, &mut connection.session) {
            (Up::Hello { client, cursor, epoch, schema, settled }, None) => {
                let hello = Hello { client, cursor, epoch, schema, settled };
                connection.greet(hello, authority, horizon, socket, &mut effects);
            }
            (Up::Mutate { first, calls }, Some((client, _))) => {
                let (client, person) = (*client, connection.person);
                for (n, call) in (first..).zip(calls) {
                    let last = authority.clients.get(&client).map_or(0, |known| known.last_mutation);
                    match numbered(last, n) {
                        Numbered::Seen => {
                            let refusal = authority.clients[&client].refusals.get(&n).cloned();
                            effects.extend(
                                refusal.map(|refusal| Effect::Send(socket, encode(&Down::Rejected { n, refusal }))),
                            );
                            connection.done(n, authority, socket, &mut effects);
                        }
                        Numbered::Gap => panic!("mutation {n} after {last}"),
                        Numbered::Next => match authority.perform(client, n, person, &call, random) {
                            Done::Committed(commit) => {
                                effects.push(Effect::Publish(Encoded::new(commit)));
                                connection.done(n, authority, socket, &mut effects);
                            }
                            Done::Idle => connection.done(n, authority, socket, &mut effects),
                            Done::Refused(refusal) => {
                                effects.push(Effect::Send(socket, encode(&Down::Rejected { n, refusal })));
                                connection.done(n, authority, socket, &mut effects);
                            }
                        },
                    }
                }
            }
            (Up::Open { conversation, have }, Some((_, session))) => {
                session.open(conversation);
                let down = opened(session, conversation, have, authority);
                connection.send_checked(socket, encode(&down), authority.head, authority, &mut effects);
            }
            (Up::Older { conversation, before }, Some((_, session))) => {
                let down = older(session, conversation, before, authority);
                connection.send_checked(socket, encode(&down), authority.head, authority, &mut effects);
            }
            (Up::Close { conversation }, Some((_, session))) => session.close(conversation),
            (Up::History { conversation }, Some((_, session))) => {
                let down = history(session, conversation, authority);
                connection.send_checked(socket, encode(&down), authority.head, authority, &mut effects);
            }
            (Up::Ping(n), Some(_)) => effects.push(Effect::Send(socket, encode(&Down::Pong(n)))),
            (up, _) => panic!("out of order: {up:?}"),
        }
        effects
    }

    /// Offers a commit to every session.
    pub fn publish(&mut self, encoded: &Encoded, authority: &Authority) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (socket, connection) in &mut self.connections {
            if connection.lagging {
                continue;
            }
            let Some((_, session)) = &mut connection.session else { continue };
            match session.offer(encoded, authority.now) {
                Offered::Frames(frames) => {
                    let at = session.seen();
                    for bytes in frames {
                        connection.send_checked(*socket, bytes, at, authority, &mut effects);
                    }
                }
                Offered::Behind => connection.catch_up(*socket, authority, &mut effects),
            }
        }
        effects
    }

    /// What a node does every little while: looks whether it missed a commit, and moves silent cursors.
    pub fn poll(&mut self, authority: &Authority) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (socket, connection) in &mut self.connections {
            if !connection.lagging {
                connection.catch_up_if_behind(*socket, authority, &mut effects);
                let idle = connection.session.as_mut().and_then(|(_, session)| session.idle());
                effects.extend(idle.map(|bytes| Effect::Send(*socket, bytes)));
            }
        }
        effects
    }

    pub fn start(person: PersonId, authority: &Authority) -> Vec<u8> {
        let (epoch, atoms) = authority.rights(person);
        let (seq, account, now) = (authority.head, authority.account.id, authority.now);
        encode(&Started { schema: SCHEMA, account, person, seq, epoch, atoms, now })
    }

    pub fn page(person: PersonId, request: &PageRequest, authority: &Authority, horizon: Horizon) -> Vec<u8> {
        let (epoch, _) = authority.rights(person);
        let page = match request.part {
            Part::Reference => Page { epoch, rows: authority.reference(), next: None },
            Part::Open => open_page(person, request, authority, epoch),
            Part::Finished => finished_page(person, request, authority, horizon, epoch),
        };
        leaks::check_page(person, &page, authority);
        encode(&page)
    }
}

impl Connection {
    fn greet(
        &mut self,
        hello: Hello,
        authority: &mut Authority,
        horizon: Horizon,
        socket: SocketNo,
        effects: &mut Vec<Effect>,
    ) {
        let standing = authority.standing(self.person, hello.client);
        let refusals = authority.clients.entry(hello.client).or_default();
        refusals.refusals.retain(|n, _| *n > hello.settled);
        let refusals: Vec<_> = refusals.refusals.clone().into_iter().collect();
        match Session::greet(hello, self.person, horizon, &standing, &refusals) {
            Ok((session, frames)) => {
                self.session = Some((hello.client, session));
                effects.extend(frames.iter().map(|down| Effect::Send(socket, encode(down))));
                self.catch_up(socket, authority, effects);
            }
            Err(reset) => {
                effects.push(Effect::Send(socket, encode(&Down::Reset(reset))));
                effects.push(Effect::Close(socket, 1000));
            }
        }
    }

    pub fn catch_up_if_behind(&mut self, socket: SocketNo, authority: &Authority, effects: &mut Vec<Effect>) {
        if self.session.as_ref().is_some_and(|(_, session)| session.seen() < authority.head) {
            self.catch_up(socket, authority, effects);
        }
    }

    /// Reads the log and the rows in one snapshot and tells them.
    fn catch_up(&mut self, socket: SocketNo, authority: &Authority, effects: &mut Vec<Effect>) {
        let Some((client, session)) = &mut self.session else { return };
        let standing = authority.standing(self.person, *client);
        let changes = coalesce(authority.log_above(session.seen()), |row| authority.current(row));
        for bytes in session.catch_up(&standing, &changes) {
            self.send_checked(socket, bytes, authority.head, authority, effects);
        }
    }

    fn done(&mut self, n: u64, authority: &Authority, socket: SocketNo, effects: &mut Vec<Effect>) {
        let frame = self.session.as_mut().and_then(|(_, session)| session.done(n, authority.head));
        effects.extend(frame.map(|bytes| Effect::Send(socket, bytes)));
    }

    fn send_checked(
        &self,
        socket: SocketNo,
        bytes: Vec<u8>,
        at: Seq,
        authority: &Authority,
        effects: &mut Vec<Effect>,
    ) {
        leaks::check_frame(self.person, &bytes, at, authority);
        effects.push(Effect::Send(socket, bytes));
    }
}

fn opened(session: &Session, conversation: ConversationId, have: Seq, authority: &Authority) -> Down {
    let lines = newest_first(conversation, authority);
    let changed: Vec<_> = lines.iter().filter(|(rev, _)| *rev > have).cloned().collect();
    let (extent, rows) =
        if have == Seq(0) || changed.len() > LINES { (Extent::Newest, lines) } else { (Extent::Changed, changed) };
    answer(session, conversation, extent, rows, authority)
}

fn older(session: &Session, conversation: ConversationId, before: MessageId, authority: &Authority) -> Down {
    let lines = newest_first(conversation, authority);
    let older = lines.into_iter().skip_while(|(_, line)| line.id != before).skip(1).collect();
    answer(session, conversation, Extent::Older, older, authority)
}

fn answer(
    session: &Session,
    conversation: ConversationId,
    extent: Extent,
    lines: Vec<(Seq, Message)>,
    authority: &Authority,
) -> Down {
    let (_, atoms) = authority.rights(session.filter().person);
    let head = authority.heads.get(&conversation).map(crate::authority::Head::current);
    let rows = lines.into_iter().take(LINES + 1).map(|(rev, line)| (rev, Row::Message(line))).collect();
    session.lines(conversation, extent, &atoms, head, rows)
}

fn history(session: &mut Session, conversation: ConversationId, authority: &Authority) -> Down {
    let person = session.filter().person;
    let (_, atoms) = authority.rights(person);
    let head = authority.heads.get(&conversation).map(crate::authority::Head::current);
    let (seen, unseen) = authority.history(person, conversation);
    let others = seen.into_iter().take(HISTORY + 1).map(crate::authority::Head::current).collect();
    session.history(conversation, &atoms, head.as_ref(), others, Some(unseen))
}

fn newest_first(conversation: ConversationId, authority: &Authority) -> Vec<(Seq, Message)> {
    let mut lines: Vec<_> =
        authority.lines.get(&conversation).into_iter().flat_map(BTreeMap::values).cloned().collect();
    lines.sort_by_key(|(_, line)| std::cmp::Reverse((line.at, line.order, line.id)));
    lines
}

fn open_page(person: PersonId, request: &PageRequest, authority: &Authority, epoch: Epoch) -> Page {
    let after = request.after.as_ref().map(|after| ConversationId(Uuid::parse_str(after).expect("our own token")));
    let unfinished = authority.visible(person).filter(|head| finished_at(head).is_none());
    let rest: Vec<_> = unfinished.filter(|head| after.is_none_or(|after| head.conversation.id > after)).collect();
    let rows: Vec<_> = rest.iter().take(PAGE).map(|head| (head.rev, head.row())).collect();
    let next = (rest.len() > PAGE).then(|| rest[PAGE - 1].conversation.id.to_string());
    Page { epoch, rows, next }
}

fn finished_page(
    person: PersonId,
    request: &PageRequest,
    authority: &Authority,
    horizon: Horizon,
    epoch: Epoch,
) -> Page {
    let after = request.after.as_ref().map(|after| {
        let (at, id) = after.split_once('.').expect("our own token");
        (Moment(at.parse().expect("our own token")), ConversationId(Uuid::parse_str(id).expect("our own token")))
    });
    let finished: BTreeMap<_, _> =
        authority.visible(person).filter_map(|head| Some(((finished_at(head)?, head.conversation.id), head))).collect();
    let reach = |head: &crate::authority::Head| horizon.reach(authority.now, person, &head.conversation);
    let others =
        finished.iter().rev().filter(|(_, head)| matches!(reach(head), Reach::IfNewest(_))).take(horizon.others);
    let own = finished.iter().filter(|(_, head)| reach(head) == Reach::Within);
    let within: BTreeMap<_, _> = others.chain(own).collect();
    let rest: Vec<_> = within.into_iter().rev().filter(|(key, _)| after.is_none_or(|after| **key < after)).collect();
    let rows: Vec<_> = rest.iter().take(PAGE).map(|(_, head)| (head.rev, head.row())).collect();
    let next = (rest.len() > PAGE).then(|| format!("{}.{}", rest[PAGE - 1].0.0.0, rest[PAGE - 1].0.1));
    Page { epoch, rows, next }
}

fn finished_at(head: &crate::authority::Head) -> Option<Moment> {
    use ciranda_domain::conversation::State;
    match head.conversation.state {
        State::Finished(finished) => Some(finished.at),
        State::Pending(_) | State::InProgress { .. } => None,
    }
}
