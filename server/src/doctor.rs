//! What is wrong with an installation, and what to do about it.
//!
//! *Invariant:* looks and changes nothing. The configuration was checked before; its faults are told instead of this.

use std::fmt;

use anyhow::Result;
use ciranda_domain::ids::AccountId;

use crate::app::App;
use crate::channels;
use crate::config::Config;
use crate::postgres::{Database, MIGRATOR, Role};
use crate::run;
use crate::secrets::Place;
use crate::store::outbox::{Down, channels_down};
use crate::store::setup::Kept;
use crate::store::{self, envelope, setup};

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    Good(String),
    /// With what to do.
    Wrong(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(text) => write!(f, "ok         {text}"),
            Self::Wrong(text) => write!(f, "attention  {text}"),
        }
    }
}

/// Looks at everything that an operator can mend.
///
/// # Errors
/// When the database cannot be opened, which says what to do about that.
pub async fn examine(config: Config) -> Result<Vec<Finding>> {
    let database = Database::look(&config).await?;
    let findings = look(config, &database).await;
    database.close().await;
    findings
}

async fn look(config: Config, database: &Database) -> Result<Vec<Finding>> {
    match migrated(database).await? {
        Finding::Good(_) => {}
        wrong @ Finding::Wrong(_) => return Ok(vec![wrong]),
    }
    let app = run::assemble(config, database).await?;
    Ok(findings(&app, database.role).await)
}

async fn migrated(database: &Database) -> Result<Finding> {
    let newest = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
    // An empty database has no table of migrations yet.
    let version = store::newest_migration(&database.pool).await.unwrap_or_default();
    Ok(if version == newest {
        Finding::Good(format!("The database answers and is at version {newest}."))
    } else {
        Finding::Wrong(format!(
            "The database is at version {version} and this program needs {newest}: run `ciranda migrate`."
        ))
    })
}

/// Looks at everything inside a database of this version.
pub async fn findings(app: &App, role: Role) -> Vec<Finding> {
    let mut findings =
        vec![Finding::Good("The configuration is sound; the database answers at this version.".to_owned())];
    findings.push(tenancy(role));
    findings.push(match channels::meta::problem(app) {
        None => Finding::Good("Meta's webhooks are checked with the app secret.".to_owned()),
        Some(problem) => Finding::Wrong(format!("{problem}.")),
    });
    if app.config.mail.is_none() && !app.config.is_demo() {
        let text = "No code to log in can be sent: set CIRANDA_SMTP_URL. Until then people come in by one-time links.";
        findings.push(Finding::Wrong(text.to_owned()));
    }
    match envelopes(app).await {
        Ok(more) => findings.extend(more),
        Err(error) => findings.push(Finding::Wrong(format!("The kept webhooks could not be counted: {error}."))),
    }
    match accounts(app).await {
        Ok(more) => findings.extend(more),
        Err(error) => findings.push(Finding::Wrong(format!("The accounts could not be looked at: {error:#}."))),
    }
    match channels_down(app).await {
        Ok(down) => findings.extend(down.into_iter().map(silent)),
        Err(error) => findings.push(Finding::Wrong(format!("The channels could not be looked at: {error}."))),
    }
    findings
}

fn silent(Down { account, channel, code }: Down) -> Finding {
    Finding::Wrong(format!("Nothing leaves from the channel {channel} of {account} (code {code}): reconnect it."))
}

fn tenancy(role: Role) -> Finding {
    match role {
        Role::Plain | Role::Owner => Finding::Good("Row-level security keeps accounts apart.".to_owned()),
        Role::Unbound => Finding::Wrong(
            "The database user is above row-level security, so only the queries themselves keep accounts apart: as a \
             superuser run `create role ciranda_app nologin`, then `ciranda migrate`; or use an ordinary user."
                .to_owned(),
        ),
    }
}

/// How many notes of webhooks that were set aside are listed.
const NOTES: i64 = 20;

async fn envelopes(app: &App) -> store::Result<Vec<Finding>> {
    let standing = envelope::standing(&app.pool).await?;
    let mut findings = vec![Finding::Good(format!("{} webhooks wait to be processed.", standing.open))];
    if standing.unknown_channel > 0 {
        findings.push(Finding::Wrong(format!(
            "{} webhooks name a number that no account has: connect it, or unsubscribe it at Meta. They are kept for 30 days.",
            standing.unknown_channel
        )));
    }
    if standing.broken > 0 {
        findings.push(Finding::Wrong(format!("{} webhooks could not be read; they are kept.", standing.broken)));
    }
    let notes = envelope::notes(&app.pool, NOTES).await?.into_iter();
    findings.extend(notes.map(|noted| Finding::Wrong(format!("Set aside {} times: {}.", noted.envelopes, noted.note))));
    Ok(findings)
}

async fn accounts(app: &App) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let accounts = setup::accounts(&app.pool).await?;
    if accounts.is_empty() {
        let text = "There is no account yet: run `ciranda admin create --account NAME --name NAME --email ADDRESS`.";
        findings.push(Finding::Wrong(text.to_owned()));
    }
    for account in accounts {
        let mut scoped = store::begin(app, account).await?;
        let name = scoped.account().await?.account.name;
        let default_team = scoped.teams().await?.iter().any(|row| row.team.is_default);
        let channels = scoped.kept_credentials().await?;
        scoped.commit().await?;
        if !default_team {
            findings.push(Finding::Wrong(format!("The account {name} has no default team to receive conversations.")));
        }
        findings.extend(channels.iter().map(|kept| credential(app, account, &name, kept)));
    }
    Ok(findings)
}

fn credential(app: &App, account: AccountId, name: &str, kept: &Kept) -> Finding {
    let what = format!("The channel {} of {name}", kept.name);
    let Some(sealed) = &kept.credential else {
        return Finding::Wrong(format!("{what} has no credential, so nothing leaves from it: connect it again."));
    };
    if app.secrets.open_sealed(Place::channel_credential(account, kept.channel.0), sealed).is_err() {
        return Finding::Wrong(format!(
            "The credential of {} of {name} does not open: set the CIRANDA_MASTER_KEY it was sealed with, or put that \
             master.key into the data folder; where it is lost, connect the channel again.",
            kept.name
        ));
    }
    match kept.days_left {
        Some(days) if days < 0 => Finding::Wrong(format!("{what} has a credential that has expired: renew it.")),
        Some(days) if days < 8 => {
            Finding::Wrong(format!("{what} has a credential that expires in {days} days: renew it."))
        }
        Some(_) | None => Finding::Good(format!("{what} has a credential that holds.")),
    }
}
