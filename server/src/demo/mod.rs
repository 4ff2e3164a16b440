//! The demo: the account "Loja Aurora" with made-up people, a movable clock and a simulated Meta.
//!
//! *Invariant:* reachable from this machine only, and nothing of it exists outside `ciranda demo`.

mod clock;
mod people;
mod seed;
mod story;

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use ciranda_domain::ids::AccountId;
use ciranda_simulator::{Simulator, people::five_brazilians};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::app::App;
use crate::clock::machine_now;
use crate::config::Config;
use crate::postgres::Database;
use crate::run::{self, Signals};
use crate::secrets::Secret;

pub use clock::routes as clock_routes;
pub use people::people;

/// The demo's only account.
pub const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0x0190_0000_0000_7000_8000_000a_0e0e_a0a0));

/// Runs the demo until it is told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn serve(mut config: Config) -> Result<()> {
    let signals = Signals::listen()?;
    let listener = run::listen(&config).await?;
    let graph = TcpListener::bind("127.0.0.1:0").await.context("the simulated Meta found no free port")?;
    config.meta.graph_url = format!("http://{}", graph.local_addr()?).parse()?;
    let secret = Secret::new(Uuid::from_u128(rand::random()).simple().to_string());
    config.meta.app_secret.get_or_insert(secret);
    let database = Database::open(&config).await?;
    let result = begin(config, &database, signals, listener, graph).await;
    database.close().await;
    result
}

async fn begin(
    config: Config,
    database: &Database,
    signals: Signals,
    listener: TcpListener,
    graph: TcpListener,
) -> Result<()> {
    let app = run::assemble(config, database).await?;
    let fresh = seed::once(&app).await?;
    let simulator = simulator(&app)?;
    let stop = app.stop.clone();
    let router = simulator.graph_router();
    app.spawn(async move {
        let served = axum::serve(graph, router).with_graceful_shutdown(async move { stop.cancelled().await });
        if let Err(error) = served.await {
            tracing::warn!("the simulated Meta ended: {error}");
        }
    });
    if fresh {
        story::begin(&app, simulator.clone());
    }
    announce(&app).await?;
    let phone = Router::new().nest("/simulador/api", simulator.phone_router().with_state(())).merge(clock::routes());
    // The page's event stream would keep its connection, and so the server, from ending.
    let stop = app.stop.clone();
    app.spawn(async move {
        stop.cancelled().await;
        simulator.stop();
    });
    let result = run::work(&app, signals, listener, phone).await;
    run::stop(&app).await;
    result
}

fn simulator(app: &Arc<App>) -> Result<Simulator> {
    let app_secret = app.config.meta.app_secret.as_ref().map(|secret| secret.expose().to_owned());
    let clock = Arc::clone(app);
    let config = ciranda_simulator::Config {
        webhook_url: format!("http://{}/webhooks/meta", app.config.listen),
        app_secret: app_secret.unwrap_or_default(),
        business: seed::numbers(),
        templates: seed::templates(),
        customers: five_brazilians(),
        clock: Arc::new(move || clock.clock.business_now().0),
        seed: machine_now().0.cast_unsigned(),
        pace: ciranda_simulator::Pace::default(),
    };
    Simulator::kept_in(config, app.config.data_dir.join("phones.json"))
}

/// Says where to look and who can log in.
async fn announce(app: &App) -> Result<()> {
    let origin = &app.config.public_url.origin;
    let names: Vec<String> = people(app).await?.into_iter().map(|person| person.name).collect();
    println!("\nThe desk:              {origin}");
    println!("The customer's phone:  {origin}/simulador");
    println!("Log in with one click as {},", names.join(", "));
    println!("or with a code, which is printed here: {}.", seed::emails().join(", "));
    println!("Stop with Ctrl+C.\n");
    Ok(())
}
