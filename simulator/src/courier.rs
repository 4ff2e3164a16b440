//! Carries webhooks to the desk: signed, again and again until a 200, in order within a lane.
//!
//! *Invariant:* a lane (one customer's chat) hands over its next webhook only after the one before was taken or given
//! up, unless it was told to shuffle. Queue and time are bounded; machine time, never business time, counts here.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use ciranda_simulator_wire::CustomerId;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use reqwest::StatusCode;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::signature;

/// Webhooks that the desk has not taken.
const QUEUE: usize = 10_000;
/// Posts at one time over all lanes.
const POSTS: usize = 32;
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
const GIVE_UP_AFTER: Duration = Duration::from_secs(15 * 60);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The chat a webhook belongs to.
pub type Lane = (CustomerId, String);

/// Told once when the webhook was taken, or given up.
pub type Settled = Box<dyn FnOnce(bool) + Send>;

/// A webhook to carry.
pub struct Parcel {
    pub body: Bytes,
    /// Carried twice.
    pub duplicate: bool,
    /// Held this long together with those that follow, and handed over in any order.
    pub shuffle: Duration,
    pub settled: Option<Settled>,
}

/// Carries webhooks to one address.
#[derive(Clone)]
pub struct Courier {
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    app_secret: String,
    http: reqwest::Client,
    lanes: Mutex<Lanes>,
    posts: Semaphore,
    /// A lane became empty.
    emptied: Notify,
    stopped: CancellationToken,
}

struct Lanes {
    waiting: HashMap<Lane, VecDeque<Parcel>>,
    queued: usize,
    rng: StdRng,
}

impl Courier {
    #[must_use]
    pub fn new(url: String, app_secret: String, http: reqwest::Client, seed: u64, stopped: CancellationToken) -> Self {
        let lanes = Lanes { waiting: HashMap::new(), queued: 0, rng: StdRng::seed_from_u64(seed) };
        Self {
            inner: Arc::new(Inner {
                url,
                app_secret,
                http,
                lanes: Mutex::new(lanes),
                posts: Semaphore::new(POSTS),
                emptied: Notify::new(),
                stopped,
            }),
        }
    }

    /// Whether one more finds room.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.inner.lanes().queued < QUEUE
    }

    /// Waits until nothing of this lane is left to carry.
    pub async fn emptied(&self, lane: &Lane) {
        loop {
            let emptied = self.inner.emptied.notified();
            if !self.inner.lanes().waiting.contains_key(lane) {
                return;
            }
            emptied.await;
        }
    }

    /// Puts a webhook at the end of its lane. Without room it is given up at once.
    pub fn push(&self, lane: Lane, parcel: Parcel) {
        let mut lanes = self.inner.lanes();
        if lanes.queued >= QUEUE {
            drop(lanes);
            tracing::warn!(queue = QUEUE, "the simulator gave up a webhook: its queue is full");
            parcel.settle(false);
            return;
        }
        lanes.queued += 1;
        // A lane that is in the map has its carrier.
        let idle = !lanes.waiting.contains_key(&lane);
        lanes.waiting.entry(lane.clone()).or_default().push_back(parcel);
        drop(lanes);
        if idle {
            let inner = self.inner.clone();
            tokio::spawn(async move {
                let stopped = inner.stopped.clone();
                stopped.run_until_cancelled(inner.carry(lane)).await;
            });
        }
    }
}

impl Inner {
    fn lanes(&self) -> std::sync::MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn carry(&self, lane: Lane) {
        while let Some(first) = self.next(&lane) {
            if first.shuffle.is_zero() {
                self.deliver(first).await;
                continue;
            }
            sleep(first.shuffle).await;
            for parcel in self.shuffled(&lane, first) {
                self.deliver(parcel).await;
            }
        }
    }

    /// The lane's next parcel; an empty lane is taken out of the map, so that the next push finds no carrier.
    fn next(&self, lane: &Lane) -> Option<Parcel> {
        let mut lanes = self.lanes();
        let parcel = lanes.waiting.get_mut(lane).and_then(VecDeque::pop_front);
        match parcel {
            Some(parcel) => {
                lanes.queued -= 1;
                Some(parcel)
            }
            None => {
                lanes.waiting.remove(lane);
                self.emptied.notify_waiters();
                None
            }
        }
    }

    fn shuffled(&self, lane: &Lane, first: Parcel) -> Vec<Parcel> {
        let mut lanes = self.lanes();
        let mut parcels = vec![first];
        if let Some(waiting) = lanes.waiting.get_mut(lane) {
            parcels.extend(waiting.drain(..));
        }
        lanes.queued -= parcels.len() - 1;
        parcels.shuffle(&mut lanes.rng);
        parcels
    }

    async fn deliver(&self, parcel: Parcel) {
        let mut taken = self.post_until_taken(&parcel.body).await;
        if parcel.duplicate {
            taken &= self.post_until_taken(&parcel.body).await;
        }
        parcel.settle(taken);
    }

    async fn post_until_taken(&self, body: &Bytes) -> bool {
        let until = Instant::now() + GIVE_UP_AFTER;
        let mut pause = FIRST_PAUSE;
        loop {
            if self.post(body).await {
                return true;
            }
            if Instant::now() >= until {
                tracing::warn!(url = self.url, "the simulator gave up a webhook that nobody took");
                return false;
            }
            let jitter = self.lanes().rng.random_range(0.75..1.25);
            sleep(pause.mul_f64(jitter)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn post(&self, body: &Bytes) -> bool {
        let Ok(_permit) = self.posts.acquire().await else {
            return false;
        };
        let request = self
            .http
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("User-Agent", "facebookexternalua")
            .header(signature::HEADER, signature::sign(&self.app_secret, body))
            .body(body.clone());
        match timeout(ANSWER_WITHIN, request.send()).await {
            Ok(Ok(response)) if response.status() == StatusCode::OK => true,
            Ok(Ok(response)) => {
                tracing::debug!(status = response.status().as_u16(), "a webhook was not taken");
                false
            }
            Ok(Err(error)) => {
                tracing::debug!(%error, "a webhook did not arrive");
                false
            }
            Err(_) => false,
        }
    }
}

impl Parcel {
    fn settle(self, taken: bool) {
        if let Some(settled) = self.settled {
            settled(taken);
        }
    }
}
