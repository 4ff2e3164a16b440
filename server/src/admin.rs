//! Making the first account of an installation.

use anyhow::{Context, Result, ensure};
use ciranda_domain::ids::{AccountId, PersonId, TeamId};
use ciranda_domain::person::{Availability, Profile};
use ciranda_domain::team::{Distribution, Level};

use crate::app::App;
use crate::auth;
use crate::store;
use crate::store::login::Whose;
use crate::store::setup::{NewPerson, NewTeam, Role};

/// Makes an account with its owner and the team "Geral"; answers the link that logs the owner in once (decision 37).
///
/// # Errors
/// When a value makes no sense or the database cannot be reached.
pub async fn create(app: &App, account: &str, name: &str, email: &str, zone: &str) -> Result<String> {
    let (account, name) = (account.trim(), name.trim());
    ensure!(!account.is_empty(), "--account is empty; give the company's name");
    ensure!(!name.is_empty(), "--name is empty; give the owner's name");
    let email = auth::normalise(email).filter(|email| email.contains('@'));
    let email = email.context("--email is no e-mail address; codes to log in are sent there")?;
    jiff::tz::TimeZone::get(zone)
        .with_context(|| format!("--zone {zone} is no time zone; for example America/Sao_Paulo"))?;
    let id = AccountId(app.clock.new_id());
    let (person, team) = (PersonId(app.clock.new_id()), TeamId(app.clock.new_id()));
    let mut scoped = store::begin(app, id).await?;
    scoped.insert_account(account, zone, None, None).await?;
    let (profile, availability) = (Profile::Administrator, Availability::Available);
    scoped.insert_person(&NewPerson { id: person, number: 1, name, email: &email, profile, availability }).await?;
    let (level, distribution) = (Level::Everyone, Distribution::Off);
    scoped.insert_team(&NewTeam { id: team, number: 1, name: "Geral", is_default: true, level, distribution }).await?;
    scoped.insert_membership(team, person, Role::Both).await?;
    scoped.commit().await?;
    let whose = Whose { account: id, person };
    Ok(auth::one_time_link(&app.pool, &app.config.public_url.origin, whose, &email).await?)
}
