//! What each frame from the server does: the place where a frame is applied.
//!
//! *Invariant:* a delta is applied whole or not at all, its acknowledgement in the same step as its rows, and only when
//! it begins at the cursor.

use ciranda_domain::ids::ConversationId;

use super::{Client, Output, SocketId, Stop, Tick, sorted};
use crate::frames::{Down, Extent, Op, Refused, Reset};
use crate::rows::{Atom, Epoch, Seq};
use crate::wire::decode_down;

/// A delta, and the rights that came with it if it was a scope.
struct Step {
    from: Seq,
    to: Seq,
    acked: u64,
    ops: Vec<Op>,
    rights: Option<(Epoch, Vec<Atom>)>,
}

impl Client {
    /// Applies one frame. What cannot be read or does not fit costs the socket, and the cursor brings the rest again.
    pub(super) fn frame(&mut self, now: Tick, socket: SocketId, bytes: &[u8]) {
        if !self.link.hear(now, socket) {
            return;
        }
        let Ok(down) = decode_down(bytes) else { return self.lose(now) };
        let greeting = self.link.greets(socket);
        match down {
            Down::Welcome { now: moment, head, epoch, last_mutation } if greeting => {
                self.welcome(now, head, epoch, last_mutation);
                self.set_clock(now, moment);
            }
            Down::Delta { from, to, acked, ops } if !greeting => {
                self.step(now, Step { from, to, acked, ops, rights: None })
            }
            Down::Scope { from, to, acked, epoch, atoms, ops } if !greeting => {
                self.step(now, Step { from, to, acked, ops, rights: Some((epoch, sorted(atoms))) });
            }
            Down::Rejected { n, refusal } if !greeting => self.rejected(n, refusal),
            Down::Lines { conversation, extent, lines, more } if !greeting => {
                if self.is_awaited(conversation, extent) {
                    let moment = self.business(now);
                    self.view.update(&mut self.changes, self.outbox.proposed(), |replica, touched| {
                        replica.lines(conversation, extent, lines, more, moment, touched);
                    });
                }
            }
            Down::History { conversation, heads, more, unseen } if !greeting => {
                self.view.update(&mut self.changes, self.outbox.proposed(), |replica, touched| {
                    replica.history(conversation, heads, more, unseen, touched);
                });
            }
            Down::Recount { conversation } if !greeting => {
                self.view.edit(|replica| replica.doubt_history(conversation))
            }
            Down::Clock { now: moment } => self.set_clock(now, moment),
            Down::Reset(reset) => self.reset(now, reset),
            Down::GoAway { after_ms } => self.leave(Tick(now.0 + u64::from(after_ms))),
            Down::Pong(_) => {}
            Down::Opening { waiting } if !greeting => self.changes.opening = waiting,
            Down::Welcome { .. }
            | Down::Delta { .. }
            | Down::Scope { .. }
            | Down::Rejected { .. }
            | Down::Lines { .. }
            | Down::History { .. }
            | Down::Recount { .. }
            | Down::Opening { .. } => {
                self.lose(now);
            }
        }
    }

    fn welcome(&mut self, now: Tick, head: Seq, epoch: Epoch, last_mutation: u64) {
        if epoch != self.epoch {
            return self.reset(now, Reset::Epoch);
        }
        self.link.welcome(now, head);
        self.unanswered.clear();
        for conversation in self.open.clone() {
            let have = self.view.edit(|replica| replica.open(conversation));
            self.send_open(conversation, have);
        }
        for frame in self.outbox.welcome(last_mutation, now) {
            self.send(&frame);
        }
    }

    /// Applies a delta: retract what the new rights no longer show, apply each op, drop the calls it confirms.
    fn step(&mut self, now: Tick, step: Step) {
        let Step { from, to, acked, ops, rights } = step;
        if self.cursor != Some(from) || to < from {
            return self.lose(now);
        }
        self.cursor = Some(to);
        self.changes.outbox |= self.outbox.acknowledge(acked);
        let moment = self.business(now);
        let atoms = rights.as_ref().map(|(_, atoms)| atoms);
        self.view.update(&mut self.changes, self.outbox.proposed(), |replica, touched| {
            if let Some(atoms) = atoms {
                replica.retain(atoms, touched);
            }
            for op in ops {
                replica.apply(op, moment, touched);
            }
        });
        if let Some((epoch, _)) = rights {
            self.epoch = epoch;
            self.begin_conversation_pages(now);
        }
        if self.link.reached(to) {
            self.caught_up(now);
        }
    }

    /// Whether lines are the answer that counts. A conversation that was closed and opened again before the first answer
    /// came gets two: between them the server told none of its lines.
    fn is_awaited(&mut self, conversation: ConversationId, extent: Extent) -> bool {
        if extent == Extent::Older {
            return true;
        }
        let left = self.unanswered.remove(&conversation).unwrap_or(1) - 1;
        if left > 0 {
            self.unanswered.insert(conversation, left);
        }
        left == 0
    }

    /// Everything missed has been replayed: texts that waited ask before leaving where they must, the rest goes.
    fn caught_up(&mut self, now: Tick) {
        let replica = self.view.replica();
        let asks = self.outbox.review(now, |conversation| replica.head(conversation).map(|head| &head.conversation));
        self.flush();
        if asks {
            self.redraw();
        }
    }

    fn rejected(&mut self, n: u64, refusal: Refused) {
        if let Some(call) = self.outbox.reject(n) {
            self.redraw();
            self.outputs.push_back(Output::Rejected { call, refusal });
        }
    }

    fn reset(&mut self, now: Tick, reset: Reset) {
        match reset {
            Reset::Schema => self.stop(Stop::NewVersion),
            Reset::Client => {
                self.outbox.renumber();
                self.leave(now);
            }
            Reset::Cursor | Reset::Epoch => {
                self.begin_snapshot(now);
                self.leave(now);
            }
        }
    }
}
