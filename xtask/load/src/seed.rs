//! The account that is measured: teams of attendants, a WhatsApp number for each team, sessions ready to use.

use anyhow::Result;
use ciranda_domain::ids::{AccountId, PersonId};
use ciranda_server::auth::Token;
use ciranda_simulator::SimNumber;
use sqlx::PgPool;
use uuid::Uuid;

use crate::attendant::Here;

/// How conversations of the seeded teams are handed out.
#[derive(Clone, Copy)]
pub enum Handing {
    /// Everybody of the team sees them.
    Open,
    /// One at a time, passing on after so many milliseconds.
    Circle { limit_ms: i64, maximum_ms: i64 },
}

/// A person with a session.
#[derive(Clone)]
pub struct Login {
    pub person: PersonId,
    pub cookie: String,
}

/// A team with its people and its number.
pub struct Team {
    pub number: SimNumber,
    pub people: Vec<Login>,
}

/// The seeded account.
pub struct Seeded {
    pub account: AccountId,
    pub teams: Vec<Team>,
}

/// Makes an account of `teams` teams with `each` attendants.
///
/// # Errors
/// When the database refuses.
pub async fn account(database: &PgPool, teams: u32, each: u32, handing: Handing) -> Result<Seeded> {
    let account = Uuid::now_v7_here();
    let mut tx = database.begin().await?;
    sqlx::query("insert into account (account_id, name, zone, calendar, created_at, next_person_number, next_team_number) values ($1, 'Carga', 'America/Sao_Paulo', 'null', 0, 100000, 1000)")
        .bind(account)
        .execute(&mut *tx)
        .await?;
    sqlx::query("insert into account_seq (account_id) values ($1)").bind(account).execute(&mut *tx).await?;
    let mut seeded = Vec::new();
    for number in 1..=teams {
        let team = insert_team(&mut tx, account, number, handing).await?;
        let mut people = Vec::new();
        for index in 0..each {
            people.push(insert_person(&mut tx, account, team, (number - 1) * each + index + 1).await?);
        }
        let sim = insert_channel(&mut tx, account, team, number).await?;
        seeded.push(Team { number: sim, people });
    }
    tx.commit().await?;
    Ok(Seeded { account: AccountId(account), teams: seeded })
}

/// Adds somebody who supervises every team and attends none.
///
/// # Errors
/// When the database refuses.
pub async fn supervisor(database: &PgPool, seeded: &Seeded) -> Result<Login> {
    let account = seeded.account.0;
    let mut tx = database.begin().await?;
    let login = insert_login(&mut tx, account, 90_000).await?;
    sqlx::query(
        "insert into membership (account_id, team_id, person_id, attends, supervises)
         select account_id, id, $2, false, true from team where account_id = $1",
    )
    .bind(account)
    .bind(login.person.0)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(login)
}

type Tx = sqlx::Transaction<'static, sqlx::Postgres>;

async fn insert_team(tx: &mut Tx, account: Uuid, number: u32, handing: Handing) -> Result<Uuid> {
    let (distributes, limit, maximum) = match handing {
        Handing::Open => (false, 600_000, 3_600_000),
        Handing::Circle { limit_ms, maximum_ms } => (true, limit_ms, maximum_ms),
    };
    let id = Uuid::now_v7_here();
    sqlx::query(
        "insert into team (account_id, id, number, name, is_default, level, distributes, overflows, overflow_limit_ms, overflow_maximum_ms)
         values ($1, $2, $3, $4, $5, 1, $6, $6, $7, $8)",
    )
    .bind(account)
    .bind(id)
    .bind(i32::try_from(number)?)
    .bind(format!("Equipe {number}"))
    .bind(number == 1)
    .bind(distributes)
    .bind(limit)
    .bind(maximum)
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

async fn insert_person(tx: &mut Tx, account: Uuid, team: Uuid, number: u32) -> Result<Login> {
    let login = insert_login(tx, account, number).await?;
    sqlx::query(
        "insert into membership (account_id, team_id, person_id, attends, supervises) values ($1, $2, $3, true, false)",
    )
    .bind(account)
    .bind(team)
    .bind(login.person.0)
    .execute(&mut **tx)
    .await?;
    Ok(login)
}

/// A person of no team, with a session.
async fn insert_login(tx: &mut Tx, account: Uuid, number: u32) -> Result<Login> {
    let id = Uuid::now_v7_here();
    sqlx::query("insert into person (account_id, id, number, name, email, profile, created_at) values ($1, $2, $3, $4, $5, 1, $6)")
        .bind(account)
        .bind(id)
        .bind(i32::try_from(number)?)
        .bind(format!("Pessoa {number}"))
        .bind(format!("pessoa{number}@carga.example"))
        .bind(i64::from(number))
        .execute(&mut **tx)
        .await?;
    let token = Token::random();
    sqlx::query("insert into session (id_hash, account_id, person_id) values ($1, $2, $3)")
        .bind(token.id().0.to_vec())
        .bind(account)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(Login { person: PersonId(id), cookie: format!("ciranda={}", token.text()) })
}

async fn insert_channel(tx: &mut Tx, account: Uuid, team: Uuid, number: u32) -> Result<SimNumber> {
    let id = Uuid::now_v7_here();
    let sim = SimNumber {
        // A number belongs to one account, and a run seeds several.
        phone_number_id: format!("7{:014}", id.as_u128() % 100_000_000_000_000),
        display_phone: format!("55113{number:08}"),
        waba_id: "800001".to_owned(),
        name: format!("Loja {number}"),
    };
    sqlx::query("insert into channel (account_id, id, kind, name, address, provider_id, waba_id, team_id) values ($1, $2, 1, $3, $4, $5, $6, $7)")
        .bind(account)
        .bind(id)
        .bind(&sim.name)
        .bind(&sim.display_phone)
        .bind(&sim.phone_number_id)
        .bind(&sim.waba_id)
        .bind(team)
        .execute(&mut **tx)
        .await?;
    sqlx::query("insert into channel_route (kind, provider_id, account_id, channel_id) values (1, $1, $2, $3)")
        .bind(&sim.phone_number_id)
        .bind(account)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(sim)
}
