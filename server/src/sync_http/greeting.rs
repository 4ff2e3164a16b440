//! How a socket begins: its first frame, and everything its client missed.
//!
//! *Invariant:* the session listens to its account before it reads where it stands, so nothing falls between.

use anyhow::Result;
use ciranda_domain::ids::ClientId;
use ciranda_sync::filter::Change;
use ciranda_sync::frames::{Down, Refused, Reset};
use ciranda_sync::horizon::Horizon;
use ciranda_sync::rows::Seq;
use ciranda_sync::serve::{Hello, Session, Standing};

use crate::app::App;
use crate::auth::Principal;
use crate::hub::{self, Snapshot};
use crate::store;

/// What came of a greeting.
pub enum Greeted {
    /// The session and the frames that begin it.
    Welcome(Box<Session>, Vec<Vec<u8>>),
    /// The replica must start again.
    Reset(Reset),
    /// The client's id is somebody else's.
    NotYours,
}

/// Answers a `Hello`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn greet(app: &App, who: &Principal, hello: Hello) -> Result<Greeted> {
    let mut scoped = store::begin(app, who.account).await?;
    if scoped.client_of_another(hello.client, who.person).await? {
        return Ok(Greeted::NotYours);
    }
    scoped.greet_client(hello.client, who.person, hello.settled).await?;
    scoped.commit().await?;
    let read = catch_up(app, who, hello.client, hello.cursor, hello.settled).await?;
    match Session::greet(hello, who.person, Horizon::default(), &read.standing, &read.refusals) {
        Err(reset) => Ok(Greeted::Reset(reset)),
        Ok((mut session, begin)) => {
            let mut frames: Vec<_> = begin.iter().map(ciranda_sync::wire::encode::<Down>).collect();
            frames.extend(session.catch_up(&read.standing, &read.changes));
            Ok(Greeted::Welcome(Box::new(session), frames))
        }
    }
}

/// Everything that a catch-up needs, of one snapshot.
pub struct CatchUp {
    pub standing: Standing,
    pub changes: Vec<Change>,
    pub refusals: Vec<(u64, Refused)>,
}

/// Reads it, from `seen` on.
///
/// # Errors
/// When the database cannot be reached.
pub async fn catch_up(app: &App, who: &Principal, client: ClientId, seen: Seq, settled: u64) -> Result<CatchUp> {
    let mut scoped = store::snapshot(app, who.account).await?;
    let Snapshot { head, floor, changes, reference, .. } = hub::read(app, &mut scoped, seen).await?;
    let last_mutation = scoped.last_mutation(client, who.person).await?;
    let refusals = scoped.refusals(client, settled).await?;
    let now = scoped.now;
    scoped.commit().await?;
    let rights = reference.rights(who.person);
    let standing = Standing { now, head, floor, epoch: rights.epoch, atoms: rights.atoms, last_mutation };
    Ok(CatchUp { standing, changes, refusals: decode(refusals) })
}

/// A refusal of a version that is gone is left out: the acknowledgement settles it.
pub fn decode(stored: Vec<(u64, Vec<u8>)>) -> Vec<(u64, Refused)> {
    stored.into_iter().filter_map(|(n, bytes)| Some((n, ciranda_sync::wire::decode_refused(&bytes).ok()?))).collect()
}
