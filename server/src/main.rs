//! The binary `ciranda`: reads the configuration and does what the subcommand says.

use std::io::IsTerminal;
use std::process::ExitCode;

use ciranda_domain::ids::AccountId;
use ciranda_server::config::{AdminCommand, Cli, Command, Config, Mode};
use ciranda_server::postgres::Database;
use ciranda_server::{admin, demo, doctor, reports, run};
use clap::Parser;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_ansi(std::io::stdout().is_terminal())
        .with_env_filter(EnvFilter::try_from_env("CIRANDA_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn")))
        .init();
    run::choose_tls();
    match act(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ciranda: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn act(cli: Cli) -> anyhow::Result<()> {
    let command = cli.command.unwrap_or(Command::Serve);
    let mode = if matches!(command, Command::Demo) { Mode::Demo } else { Mode::Serve };
    let config = Config::check(mode, &cli.settings, &|name| std::env::var(name).ok())?;
    match command {
        Command::Serve => run::serve(config).await,
        Command::Demo => demo::serve(config).await,
        Command::Migrate => {
            Database::open_beside(&config).await?.close().await;
            Ok(())
        }
        Command::Admin(AdminCommand::Create { account, name, email, zone }) => {
            let link =
                run::beside(config, async |app| admin::create(app, &account, &name, &email, &zone).await).await?;
            println!("Log in once, within three days, at:\n{link}");
            Ok(())
        }
        Command::Admin(AdminCommand::RebuildReports { account }) => {
            let rebuilt = run::beside(config, async |app| reports::rebuild(app, AccountId(account)).await).await?;
            println!("{rebuilt} facts");
            Ok(())
        }
        Command::Doctor => {
            for finding in doctor::examine(config).await? {
                println!("{finding}");
            }
            Ok(())
        }
    }
}
