//! One client's session on this server: what to do with each frame it sends and each commit it should hear of.
//!
//! *Invariant:* answers are frames in the order in which they must be sent; nothing here waits for the socket.

use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::access::Unseen;
use ciranda_domain::ids::{ClientId, ConversationId};
use ciranda_sync::calls::Call;
use ciranda_sync::filter::Current;
use ciranda_sync::frames::{Down, Extent, HISTORY, LINES, Up};
use ciranda_sync::rows::{Row, Seq};
use ciranda_sync::serve::{Encoded, Offered, Session};
use ciranda_sync::wire::encode;

use super::greeting::{CatchUp, catch_up, decode};
use crate::app::App;
use crate::auth::Principal;
use crate::desk::calls::{self, Caller, Outcome};
use crate::store;
use crate::store::conversation::Held;
use crate::store::message::Line;
use crate::store::page::Reader;

/// A greeted client.
pub struct Live {
    pub app: Arc<App>,
    pub who: Principal,
    pub client: ClientId,
    pub session: Box<Session>,
}

/// What a frame came to.
pub enum Answer {
    Frames(Vec<Vec<u8>>),
    /// The frame makes no sense here: the socket is closed.
    Bad,
}

impl Live {
    /// Takes one frame.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn take(&mut self, up: Up) -> Result<Answer> {
        Ok(match up {
            Up::Hello { .. } => Answer::Bad,
            Up::Mutate { first, calls } => return self.mutate(first, calls).await,
            Up::Open { conversation, have } => Answer::Frames(vec![self.open(conversation, have).await?]),
            Up::Older { conversation, before } => {
                let asked = Asked::Older(before);
                Answer::Frames(vec![self.lines(conversation, asked).await?])
            }
            Up::Close { conversation } => {
                self.session.close(conversation);
                Answer::Frames(Vec::new())
            }
            Up::History { conversation } => Answer::Frames(vec![self.history(conversation).await?]),
            Up::Ping(n) => Answer::Frames(vec![encode(&Down::Pong(n))]),
        })
    }

    /// Tells of a commit, or reads what it missed before it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hear(&mut self, commit: &Encoded) -> Result<Vec<Vec<u8>>> {
        match self.session.offer(commit, self.app.clock.business_now()) {
            Offered::Frames(frames) => Ok(frames),
            Offered::Behind => self.catch_up().await,
        }
    }

    /// Reads everything that was not told yet.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn catch_up(&mut self) -> Result<Vec<Vec<u8>>> {
        let seen = self.session.seen();
        let CatchUp { standing, changes, .. } =
            catch_up(&self.app, &self.who, self.client, seen, u64::MAX >> 1).await?;
        Ok(self.session.catch_up(&standing, &changes))
    }

    /// Carries out calls one after the other. Their effects come by the commits; here only refusals are told, and that
    /// a call is done.
    async fn mutate(&mut self, first: u64, calls: Vec<Call>) -> Result<Answer> {
        let caller = Caller { account: self.who.account, person: self.who.person, client: self.client };
        let mut frames = Vec::new();
        // Numbers begin at 1 and never come near the end of what the database can count.
        if first == 0 || first > u64::MAX >> 2 {
            return Ok(Answer::Bad);
        }
        for (n, call) in (first..).zip(calls) {
            match calls::execute(&self.app, caller, n, &call).await? {
                Outcome::Done { at, changed: _ } => frames.extend(self.session.done(n, at)),
                Outcome::Refused { refusal, at } => {
                    frames.push(encode(&Down::Rejected { n, refusal }));
                    frames.extend(self.session.done(n, at));
                }
                Outcome::Seen => frames.extend(self.told_again(n).await?),
                Outcome::Gap => return Ok(Answer::Bad),
            }
        }
        Ok(Answer::Frames(frames))
    }

    /// A call that was counted before, perhaps from an earlier socket of this client that could not tell the outcome any
    /// more: its refusal if there is one, and that it is done.
    async fn told_again(&mut self, n: u64) -> Result<Vec<Vec<u8>>> {
        let mut scoped = store::begin(&self.app, self.who.account).await?;
        let refusals = scoped.refusals(self.client, n.saturating_sub(1)).await?;
        let at = scoped.standing().await?.head;
        scoped.commit().await?;
        let refusal = decode(refusals).into_iter().find(|(refused, _)| *refused == n);
        let rejected = refusal.map(|(n, refusal)| encode(&Down::Rejected { n, refusal }));
        Ok(rejected.into_iter().chain(self.session.done(n, at)).collect())
    }

    /// Entered as open before its lines are read, so that none is missed between.
    async fn open(&mut self, conversation: ConversationId, have: Seq) -> Result<Vec<u8>> {
        self.session.open(conversation);
        self.lines(conversation, if have == Seq(0) { Asked::Newest } else { Asked::Since(have) }).await
    }

    async fn lines(&self, conversation: ConversationId, asked: Asked) -> Result<Vec<u8>> {
        let mut scoped = store::snapshot(&self.app, self.who.account).await?;
        let atoms = self.app.memory.reference(&mut scoped).await?.rights(self.who.person).atoms;
        let held = scoped.conversations(&[conversation]).await?.pop();
        let limit = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
        let (extent, lines) = match asked {
            Asked::Newest => (Extent::Newest, scoped.newest_lines(conversation, limit).await?),
            Asked::Older(before) => (Extent::Older, scoped.older_lines(conversation, before, limit).await?),
            Asked::Since(have) => {
                let changed = scoped.changed_lines(conversation, have, limit).await?;
                if changed.len() > LINES {
                    (Extent::Newest, scoped.newest_lines(conversation, limit).await?)
                } else {
                    (Extent::Changed, changed)
                }
            }
        };
        scoped.commit().await?;
        let head = held.map(current);
        let rows = lines.into_iter().map(|Line { message, rev, .. }| (rev, Row::Message(message))).collect();
        Ok(encode(&self.session.lines(conversation, extent, &atoms, head, rows)))
    }

    /// What else there is of a conversation's contact, and how much of it is not theirs to see where the account has that
    /// said (ACC-10, decision 14). Only whoever sees the conversation is told anything.
    async fn history(&mut self, conversation: ConversationId) -> Result<Vec<u8>> {
        let mut scoped = store::snapshot(&self.app, self.who.account).await?;
        let reference = self.app.memory.reference(&mut scoped).await?;
        let atoms = reference.rights(self.who.person).atoms;
        let reader = Reader { person: self.who.person, atoms: &atoms };
        let held = scoped.conversations(&[conversation]).await?.pop();
        let (mut others, mut unseen) = (Vec::new(), None);
        if let Some(held) = &held {
            let limit = i64::try_from(HISTORY + 1).unwrap_or(i64::MAX);
            others = scoped.history(&reader, &held.head, limit).await?;
            let viewer = reference.organisation.actor(self.who.person).filter(|_| reference.counts_unseen);
            if let Some(viewer) = viewer {
                unseen = Some(Unseen::count(&viewer, scoped.unseen(&reader, &held.head).await?));
            }
        }
        scoped.commit().await?;
        let others = others.into_iter().map(current).collect();
        Ok(encode(&self.session.history(conversation, &atoms, held.map(current).as_ref(), others, unseen)))
    }
}

fn current(held: Held) -> Current {
    Current {
        rev: held.rev,
        row: Row::Conversation { head: Box::new(held.head), audience: held.audience.clone() },
        audience: held.audience,
    }
}

/// Which lines were asked for.
enum Asked {
    Newest,
    Since(Seq),
    Older(ciranda_domain::ids::MessageId),
}
