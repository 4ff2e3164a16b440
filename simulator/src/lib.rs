//! A stand-in for Meta's Graph API and for the customers' phones, over real HTTP.
//!
//! [`Simulator::graph_router`] is what a desk's Graph client talks to; [`Simulator::phone_router`] is what the page
//! `/simulador` talks to; webhooks go to the desk by HTTP, signed. It knows nothing of the desk but that address.
//!
//! *Invariant:* business time comes from the given clock, machine time only paces deliveries. Everything is bounded
//! and in memory, beside at most one file that keeps the chats. Nothing here is part of a real installation.
//!
//! Read in this order: [`config`], [`world`] (the chats, without I/O), [`courier`] (webhooks), [`graph`], [`phone`].

mod book;
pub mod config;
pub mod courier;
mod envelope;
pub mod graph;
mod ids;
pub mod load;
pub mod people;
pub mod phone;
mod pricing;
pub mod signature;
pub mod world;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use ciranda_simulator_wire::{Change, Chat, Compose, CustomerId, Faults, NewCustomer, Refusal};
use tokio::sync::{Notify, broadcast};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

pub use ciranda_simulator_wire as wire;
pub use config::{Clock, Config, Pace, SimCustomer, SimNumber, SimTemplate, TemplateCategory};

use book::BookFile;
use courier::{Courier, Parcel, Settled};
use world::{Accepted, Webhook, World};

/// Changes a page may lag behind before it has to fetch everything again.
const CHANGES: usize = 512;
/// How long the business is shown as typing.
const TYPING: Duration = Duration::from_secs(25);

/// A running simulator; clones are one and the same.
#[derive(Clone)]
pub struct Simulator {
    inner: Arc<Inner>,
}

struct Inner {
    world: Mutex<World>,
    clock: Clock,
    pace: Pace,
    courier: Courier,
    changes: broadcast::Sender<Change>,
    /// Something changed that is to be kept.
    touched: Notify,
    /// Where the chats outlive the process, if anywhere.
    file: Option<BookFile>,
    stopped: CancellationToken,
}

impl Simulator {
    /// Makes a simulator; its routers start no listener of their own.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up on this machine.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        Self::assemble(config, None)
    }

    /// Makes a simulator whose chats are kept in this file, and takes up those that are there already. Call it within
    /// the runtime: what the last process left undone goes out at once.
    ///
    /// # Errors
    /// When the file cannot be read, or the HTTP client cannot be set up on this machine.
    pub fn kept_in(config: Config, file: PathBuf) -> anyhow::Result<Self> {
        let file = BookFile::new(file);
        let book = file.read().context("the simulator's kept chats cannot be read")?;
        let simulator = Self::assemble(config, Some(file.clone()))?;
        simulator.with_world(|world, now| {
            if let Some(book) = &book {
                world.take_up(book);
            }
            let (untaken, statuses) = world.resume(now);
            for (wamid, webhook) in untaken {
                let settled = simulator.settles(wamid);
                simulator.post(world, webhook, Some(settled));
            }
            statuses.into_iter().for_each(|webhook| simulator.post(world, webhook, None));
        });
        simulator.spawn(book::keep(simulator.clone(), file));
        Ok(simulator)
    }

    fn assemble(config: Config, file: Option<BookFile>) -> anyhow::Result<Self> {
        let stopped = CancellationToken::new();
        let courier = Courier::new(
            config.webhook_url.clone(),
            config.app_secret.clone(),
            http_client()?,
            config.seed,
            stopped.clone(),
        );
        let inner = Inner {
            world: Mutex::new(World::new(&config)),
            clock: config.clock,
            pace: config.pace,
            courier,
            changes: broadcast::channel(CHANGES).0,
            touched: Notify::new(),
            file,
            stopped,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The Graph API: mount it at the root of an address of its own.
    pub fn graph_router(&self) -> axum::Router {
        graph::router(self.clone())
    }

    /// The JSON API of the page: mount it under `/simulador/api`.
    pub fn phone_router(&self) -> axum::Router {
        phone::router(self.clone())
    }

    /// Ends event streams and deliveries, so that a server can shut down; call it before waiting for connections.
    pub fn stop(&self) {
        self.inner.stopped.cancel();
        if let Some(file) = &self.inner.file {
            file.write(self);
        }
    }

    fn book(&self) -> Vec<u8> {
        self.with_world(|world, _| world.book())
    }

    /// Adds a customer.
    ///
    /// # Errors
    /// When the name or the number is not usable, or taken.
    pub fn add_customer(&self, new: &NewCustomer) -> Result<CustomerId, Refusal> {
        self.with_world(|world, _| world.add_customer(new))
    }

    /// A customer writes; the message's id. The webhook goes out on its own.
    ///
    /// # Errors
    /// When there is no such customer, number or message, or too much waits for the desk.
    pub fn customer_sends(&self, customer: CustomerId, number: &str, compose: Compose) -> Result<String, Refusal> {
        if !self.inner.courier.has_room() {
            return Err(Refusal::DeskNotTaking);
        }
        self.with_world(|world, now| {
            let bubble = !matches!(compose, Compose::Reaction { .. });
            let (wamid, webhook) = world.customer_sends(customer, number, compose, now)?;
            let settled = bubble.then(|| self.settles(wamid.clone()));
            self.post(world, webhook, settled);
            Ok(wamid)
        })
    }

    /// The customer looks at a chat.
    ///
    /// # Errors
    /// When there is no such customer or number.
    pub fn customer_opens(&self, customer: CustomerId, number: &str) -> Result<(), Refusal> {
        self.with_world(|world, now| {
            let webhooks = world.open(customer, number, now)?;
            webhooks.into_iter().for_each(|webhook| self.post(world, webhook, None));
            Ok(())
        })
    }

    /// A system of the business beside the desk writes to a customer: a template without parameters, whose buttons can
    /// be tapped. The desk hears of it by what the customer answers. The message's id.
    ///
    /// # Errors
    /// When there is no such customer, number or template.
    pub fn notify(&self, customer: CustomerId, number: &str, template: &str) -> Result<String, Refusal> {
        let accepted = self.with_world(|world, now| world.notify(customer, number, template, now))?;
        let (simulator, pace, wamid) = (self.clone(), self.inner.pace, accepted.outgoing.wamid.clone());
        self.spawn(async move { simulator.follow(accepted, pace).await });
        Ok(wamid)
    }

    /// Switches a customer's phone on or off.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn switch_phone(&self, customer: CustomerId, on: bool) -> Result<(), Refusal> {
        self.with_world(|world, now| {
            let webhooks = world.switch_phone(customer, on, now)?;
            webhooks.into_iter().for_each(|webhook| self.post(world, webhook, None));
            Ok(())
        })
    }

    /// A chat as the phone shows it.
    ///
    /// # Errors
    /// When there is no such customer or number.
    pub fn chat(&self, customer: CustomerId, number: &str) -> Result<Chat, Refusal> {
        self.with_world(|world, _| world.chat(customer, number))
    }

    /// Sets the faults of one phone, or those of all.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn set_faults(&self, of: Option<CustomerId>, faults: Faults) -> Result<(), Refusal> {
        self.with_world(|world, _| world.set_faults(of, faults))
    }

    /// One step of the world at the present business instant; open pages hear what it changed.
    fn with_world<R>(&self, step: impl FnOnce(&mut World, i64) -> R) -> R {
        let now = (self.inner.clock)();
        let mut world = self.inner.world.lock().unwrap_or_else(PoisonError::into_inner);
        let result = step(&mut world, now);
        let changes = world.take_changes();
        if !changes.is_empty() {
            self.inner.touched.notify_one();
        }
        for change in changes {
            // Nobody listening is no fault.
            let _ = self.inner.changes.send(change);
        }
        result
    }

    /// Hands a webhook to the courier, within the step that made it: the lanes keep the order of the steps.
    fn post(&self, world: &World, webhook: Webhook, settled: Option<Settled>) {
        let faults = world.faults_of(webhook.customer);
        let parcel = Parcel {
            body: webhook.body.into(),
            duplicate: faults.duplicate,
            shuffle: Duration::from_millis(faults.shuffle_ms.into()),
            settled,
        };
        self.inner.courier.push((webhook.customer, webhook.number), parcel);
    }

    fn settles(&self, wamid: String) -> Settled {
        let simulator = self.clone();
        Box::new(move |taken| simulator.with_world(|world, _| world.customer_message_settled(&wamid, taken)))
    }

    /// Sends the statuses of an accepted message, at the pace of the configuration.
    async fn follow(&self, accepted: Accepted, pace: Pace) {
        let Accepted { outgoing, failing, .. } = accepted;
        sleep(pace.sent).await;
        self.with_world(|world, now| {
            let webhook = match failing {
                Some(code) => world.failed(&outgoing, code, now),
                None => world.sent(&outgoing, now),
            };
            webhook.into_iter().for_each(|webhook| self.post(world, webhook, None));
        });
        sleep(pace.delivered).await;
        self.with_world(|world, now| {
            let webhook = world.delivered(&outgoing.wamid, now);
            webhook.into_iter().for_each(|webhook| self.post(world, webhook, None));
        });
    }

    /// Shows the business as typing for a while.
    fn typing(&self, number: String, wamid: &str) {
        let Some((customer, token)) = self.with_world(|world, _| world.start_typing(wamid)) else {
            return;
        };
        let simulator = self.clone();
        self.spawn(async move {
            sleep(TYPING).await;
            simulator.with_world(|world, _| world.stop_typing(customer, &number, token));
        });
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stopped = self.inner.stopped.clone();
        tokio::spawn(async move { stopped.run_until_cancelled(task).await });
    }
}

/// A client that posts webhooks. The process's TLS provider is set where nobody has set one.
fn http_client() -> anyhow::Result<reqwest::Client> {
    // An error says that there is one already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .context("the simulator's HTTP client could not be set up")
}
