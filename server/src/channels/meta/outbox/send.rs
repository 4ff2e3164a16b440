//! The texts of one identity, one after the other.
//!
//! *Invariant:* between the claim and the record stands exactly one call. What the call did not certainly refuse, or
//! certainly not begin, is never called again.

use std::time::Duration;

use anyhow::Result;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{AccountId, IdentityId, MessageId};
use ciranda_domain::time::Span;
use ciranda_domain::window::{FreeText, HumanAgent, free_text};
use rand::Rng;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::super::graph::{Class, From, Recipient, Refusal, Sent};
use super::Post;
use crate::app::App;
use crate::channels::passing;
use crate::desk::outgoing::{SendOutcome, record};
use crate::metrics::{Kind, Metric, SECONDS};
use crate::secrets::{Place, Secret};
use crate::store::begin;
use crate::store::outbox::{Next, Origin, Progress};

/// The call takes ten seconds at most; the rest is for recording what became of it.
const LEASE_SECONDS: i32 = 40;
/// Texts of one identity before others have their turn.
const IN_A_ROW: usize = 50;
/// While somebody else sends, and for as long as looking takes.
const LOOK_AGAIN: Span = Span::seconds(1);
const MOMENT: Duration = Duration::from_millis(10);
/// When another transaction is changing the very text.
const SHORTLY: Span = Span(100);
/// Of a refusal that may pass: after this many it is final.
const ATTEMPTS: u32 = 6;
/// Meta's code for a credential that no longer holds, also said of one that is missing.
const NO_CREDENTIAL: u32 = 190;
/// Meta's "message type is not supported".
const NOT_SUPPORTED: u32 = 131_051;
/// Meta's code for the throughput of a whole number.
const THROUGHPUT: u32 = 130_429;

static SENDS: Metric = Metric {
    name: "ciranda_sends_total",
    help: "Calls that handed a text to a provider, by outcome.",
    kind: Kind::Counter,
};
static CALL_SECONDS: Metric =
    Metric { name: "ciranda_send_seconds", help: "How long providers take to answer.", kind: Kind::Histogram(SECONDS) };

/// What is to be done with an identity's texts.
enum Turn {
    /// Nothing now.
    Over,
    /// Somebody else is looking at this moment.
    Taken,
    /// This one is claimed: it must be called once, and recorded.
    Send(Box<Next>, Uuid),
    /// This one is settled without a call.
    Settle(MessageId, SendOutcome),
    /// Look again at once.
    Again,
}

/// Whether a text may follow the one before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Road {
    Free,
    /// The one before has failed: those behind it stop, and their author chooses (decision 21).
    Blocked,
}

/// Sends what the identity has ready.
pub async fn texts(post: &Post, account: AccountId, identity: IdentityId) -> Result<()> {
    let mut road = Road::Free;
    for round in 0..IN_A_ROW {
        match claim(post, account, identity, road).await? {
            Turn::Over => return Ok(()),
            Turn::Taken if round == 0 => return Ok(()),
            // Another server looked while this one was sending; the rest of the queue is still this one's.
            Turn::Taken => sleep(MOMENT).await,
            Turn::Again => {}
            Turn::Settle(message, outcome) => record(&post.app, account, message, &outcome).await?,
            Turn::Send(next, lease) => {
                let sent = call(post, account, &next).await;
                match conclude(post, account, identity, &next, lease, sent).await? {
                    Verdict::Later(_) => return Ok(()),
                    Verdict::Settled(SendOutcome::Failed { .. }) => road = Road::Blocked,
                    Verdict::Settled(_) => {}
                }
            }
        }
    }
    Ok(())
}

async fn claim(post: &Post, account: AccountId, identity: IdentityId, road: Road) -> Result<Turn> {
    let mut scoped = begin(&post.app, account).await?;
    if !scoped.take_texts(identity).await? {
        return Ok(Turn::Taken);
    }
    let Some(next) = scoped.next_text(identity).await? else {
        scoped.no_more_texts(identity).await?;
        scoped.commit().await?;
        return Ok(Turn::Over);
    };
    match next.progress {
        Progress::Ready => {}
        Progress::BeingSent { remaining } => {
            // Its sender goes on by itself; this look is for the case that it does not.
            scoped.postpone_texts(identity, remaining.min(LOOK_AGAIN)).await?;
            scoped.commit().await?;
            return Ok(Turn::Over);
        }
        Progress::Abandoned => return Ok(Turn::Settle(next.message, SendOutcome::Unknown)),
        Progress::NoLongerQueued => {
            scoped.drop_text(next.message).await?;
            scoped.commit().await?;
            return Ok(Turn::Again);
        }
    }
    match (free_text(&next.window, next.from.kind, HumanAgent::NotGranted, scoped.now), road) {
        (FreeText::Leaves | FreeText::LeavesAsHuman, Road::Free) => {}
        (FreeText::Waits | FreeText::StaysDraft, _) | (_, Road::Blocked) => {
            return Ok(Turn::Settle(next.message, SendOutcome::Waits));
        }
    }
    let wait = post.limits.admit(next.from.channel, identity, Instant::now()).err().map(span);
    let lease = post.app.clock.new_id();
    let wait = match wait {
        Some(wait) => Some(wait),
        None if scoped.lease(next.message, lease, LEASE_SECONDS).await? => None,
        None => Some(SHORTLY),
    };
    if let Some(wait) = wait {
        scoped.postpone_texts(identity, wait).await?;
        scoped.commit().await?;
        return Ok(Turn::Over);
    }
    scoped.commit().await?;
    Ok(Turn::Send(Box::new(next), lease))
}

/// The one call.
async fn call(post: &Post, account: AccountId, next: &Next) -> Sent {
    let refused = |code| Sent::Refused(Refusal::of(code));
    let to = match (&next.phone, &next.user_id) {
        (Some(phone), _) => Recipient::Phone(phone.clone()),
        (None, Some(user)) => Recipient::User(user.clone()),
        (None, None) => return refused(NOT_SUPPORTED),
    };
    match next.from.kind {
        ChannelKind::WhatsApp => {}
        ChannelKind::Instagram | ChannelKind::Messenger => return refused(NOT_SUPPORTED),
    }
    let Some(token) = token(&post.app, account, &next.from) else { return refused(NO_CREDENTIAL) };
    let began = Instant::now();
    let from = From { phone_number_id: &next.from.provider_id, token: &token };
    let sent = post.graph.send_text(from, &to, &next.text, next.message).await;
    post.app.metrics.observe(&CALL_SECONDS, &[], began.elapsed().as_secs_f64());
    sent
}

/// The channel's token; `None` when there is none or it does not open.
pub fn token(app: &App, account: AccountId, from: &Origin) -> Option<Secret> {
    let sealed = from.credential.as_deref()?;
    let place = Place::channel_credential(account, from.channel.0);
    match app.secrets.open_sealed(place, sealed) {
        Ok(plain) => String::from_utf8(plain).ok().map(Secret::new),
        Err(error) => {
            tracing::error!(%account, channel = %from.channel, "{error}");
            None
        }
    }
}

/// Records what became of the call.
async fn conclude(
    post: &Post,
    account: AccountId,
    identity: IdentityId,
    next: &Next,
    lease: Uuid,
    sent: Sent,
) -> Result<Verdict> {
    let verdict = judge(&sent, next.attempts);
    post.app.metrics.add(&SENDS, &[("outcome", label(&verdict))], 1);
    if let Sent::Refused(refusal) = sent {
        tracing::info!(%account, channel = %next.from.channel, message = %next.message, code = refusal.code, "a text was refused");
        if refusal.code == THROUGHPUT {
            post.limits.pause(next.from.channel, Instant::now());
        }
    }
    let mut rounds = 0;
    loop {
        match keep(post, account, identity, next, lease, &verdict).await {
            // What became of a call must not be lost to a short outage. If that takes longer than the lease, the text is
            // found abandoned, its outcome is unknown, and the provider's statuses settle it.
            Err(error) if passing(&error) && rounds < 25 => sleep(Duration::from_secs(1)).await,
            other => return other.map(|()| verdict),
        }
        rounds += 1;
    }
}

async fn keep(
    post: &Post,
    account: AccountId,
    identity: IdentityId,
    next: &Next,
    lease: Uuid,
    verdict: &Verdict,
) -> Result<()> {
    match verdict {
        Verdict::Settled(outcome) => {
            mark(post, account, &next.from, outcome).await?;
            record(&post.app, account, next.message, outcome).await
        }
        Verdict::Later(after) => {
            let mut scoped = begin(&post.app, account).await?;
            scoped.release(identity, next.message, lease, *after).await?;
            Ok(scoped.commit().await?)
        }
    }
}

/// A channel that can send nothing until somebody reconnects it is marked, until something leaves from it again.
async fn mark(post: &Post, account: AccountId, from: &Origin, outcome: &SendOutcome) -> Result<()> {
    let down = match outcome {
        SendOutcome::Failed { code } if Refusal::of(*code).class() == Class::ChannelDown => Some(*code),
        SendOutcome::Accepted { .. } if from.down => None,
        _ => return Ok(()),
    };
    if let Some(code) = down {
        tracing::error!(%account, channel = %from.channel, code, "the channel can send nothing until it is reconnected");
    }
    let mut scoped = begin(&post.app, account).await?;
    scoped.mark_channel(from.channel, down).await?;
    Ok(scoped.commit().await?)
}

/// What a call's result means for the text.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Verdict {
    Later(Span),
    Settled(SendOutcome),
}

fn judge(sent: &Sent, attempts: u32) -> Verdict {
    match sent {
        Sent::Accepted { provider_id } => Verdict::Settled(SendOutcome::Accepted { provider_id: provider_id.clone() }),
        // Nothing has left; it may be tried for as long as the window is open.
        Sent::NotSent => Verdict::Later(jittered(back_off(2, attempts))),
        Sent::Unknown => Verdict::Settled(SendOutcome::Unknown),
        Sent::Refused(refusal) => match refusal.class() {
            Class::Later if attempts < ATTEMPTS => Verdict::Later(jittered(back_off(4, attempts))),
            Class::WindowClosed => Verdict::Settled(SendOutcome::WindowClosed { code: refusal.code }),
            Class::Later | Class::ChannelDown | Class::Never => {
                Verdict::Settled(SendOutcome::Failed { code: refusal.code })
            }
        },
    }
}

const fn label(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Later(_) => "again later",
        Verdict::Settled(SendOutcome::Accepted { .. }) => "accepted",
        Verdict::Settled(SendOutcome::Failed { .. }) => "failed",
        Verdict::Settled(SendOutcome::WindowClosed { .. }) => "window closed",
        Verdict::Settled(SendOutcome::Waits) => "waits",
        Verdict::Settled(SendOutcome::Unknown) => "unknown",
    }
}

/// `base`^n seconds, a minute at most for a missing connection and an hour for a refusal.
fn back_off(base: i64, attempts: u32) -> Span {
    let most = if base == 2 { Span::minutes(1) } else { Span::hours(1) };
    Span::seconds(base.saturating_pow(attempts.min(16))).min(most)
}

/// Up to a fifth more, so that what failed together does not come back together.
fn jittered(span: Span) -> Span {
    Span(span.0 + rand::rng().random_range(0..=span.0 / 5))
}

fn span(duration: Duration) -> Span {
    Span(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, attempts: u32) -> Verdict {
        judge(&Sent::Refused(Refusal::of(code)), attempts)
    }

    #[test]
    fn a_refusal_that_may_pass_is_tried_again_for_a_while() {
        for (attempts, seconds) in [(0, 1), (1, 4), (2, 16), (3, 64), (4, 256), (5, 1024)] {
            let Verdict::Later(after) = refused(131_056, attempts) else { panic!("it may be tried again") };
            assert!((Span::seconds(seconds)..=Span(seconds * 1200)).contains(&after), "{attempts}: {after:?}");
        }
        assert_eq!(refused(131_056, 6), Verdict::Settled(SendOutcome::Failed { code: 131_056 }));
    }

    #[test]
    fn without_a_connection_it_is_tried_every_minute_at_most() {
        let Verdict::Later(after) = judge(&Sent::NotSent, 900) else { panic!("nothing has left") };
        assert!((Span::minutes(1)..=Span::seconds(72)).contains(&after), "{after:?}");
    }

    #[test]
    fn what_nobody_knows_is_never_tried_again() {
        assert_eq!(judge(&Sent::Unknown, 0), Verdict::Settled(SendOutcome::Unknown));
    }

    #[test]
    fn final_refusals_keep_their_code() {
        assert_eq!(refused(131_047, 0), Verdict::Settled(SendOutcome::WindowClosed { code: 131_047 }));
        for code in [190, 131_026, 100, 1] {
            assert_eq!(refused(code, 0), Verdict::Settled(SendOutcome::Failed { code }));
        }
    }
}
