//! How long reports take over half a million conversations of ten lines each.
//!
//! The lines are made up straight in the tables; the facts are made of them by the server's own command. What is
//! measured is the answer to a browser: session, question, database, JSON.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use ciranda_domain::access::audience;
use ciranda_domain::conversation::{Archive, Finished, State};
use ciranda_domain::ids::{PersonId, PersonNumber, TeamNumber};
use ciranda_domain::time::Moment;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use tokio::time::Instant;
use uuid::Uuid;

use super::wall_ms;
use crate::Effort;
use crate::figures::{Figures, Latencies, milliseconds};
use crate::graph;
use crate::rig::Rig;
use crate::seed::{self, Handing, Seeded};

const CONVERSATIONS: u32 = 500_000;
const OPEN: u32 = 2_000;
const TEAMS: u32 = 5;
const EACH: u32 = 8;
const DAYS: i64 = 365;
const DAY_MS: i64 = 86_400_000;

/// Measures every kind of question.
///
/// # Errors
/// When the server refuses one.
pub async fn measure(server: &std::path::Path, effort: Effort, explain: bool, figures: &mut Figures) -> Result<()> {
    let rig = Rig::start(server, &graph::start().await?).await?;
    let seeded = seed::account(&rig.database, TEAMS, EACH, Handing::Open).await?;
    let begun = Instant::now();
    fill(&rig.database, &seeded, effort.of(CONVERSATIONS)).await?;
    let lines: i64 = sqlx::query_scalar("select count(*) from message").fetch_one(&rig.database).await?;
    println!("{lines} lines made up in {:.0} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    rebuild(&rig, server, &seeded)?;
    let facts: i64 = sqlx::query_scalar("select count(*) from report_fact").fetch_one(&rig.database).await?;
    let took = format!("{facts} facts of {lines} lines in {:.0} s", begun.elapsed().as_secs_f64());
    figures.add("making all facts anew", "–", took);
    sqlx::query("vacuum analyze report_fact, report_day, conversation").execute(&rig.database).await?;
    if explain {
        show_plans(&rig.database, &seeded).await?;
    }
    ask(&rig, &seeded, lines, figures).await?;
    rig.stop().await;
    Ok(())
}

async fn fill(database: &PgPool, seeded: &Seeded, conversations: u32) -> Result<()> {
    let account = seeded.account.0;
    sqlx::query("update person set profile = 0 where account_id = $1 and number = 1")
        .bind(account)
        .execute(database)
        .await?;
    sqlx::query("update membership set supervises = true where account_id = $1 and person_id = (select id from person where account_id = $1 and number = 2)")
        .bind(account)
        .execute(database)
        .await?;
    sqlx::query("create unlogged table gen_setting (account uuid, conversations bigint, open bigint, step bigint, until bigint, people bigint)")
        .execute(database)
        .await?;
    let step = DAYS * DAY_MS / i64::from(conversations);
    sqlx::query("insert into gen_setting values ($1, $2, $3, $4, $5, $6)")
        .bind(account)
        .bind(i64::from(conversations))
        .bind(i64::from(OPEN.min(conversations / 10)))
        .bind(step)
        .bind(wall_ms() - 5 * 3_600_000)
        .bind(i64::from(TEAMS * EACH))
        .execute(database)
        .await?;
    people(database, seeded).await?;
    sqlx::raw_sql(include_str!("reports.sql")).execute(database).await?;
    Ok(())
}

/// Who answers, with the audiences of their finished and open conversations.
async fn people(database: &PgPool, seeded: &Seeded) -> Result<()> {
    sqlx::query("create unlogged table gen_people (n bigint, team uuid, person uuid, channel uuid, finished bigint[], held bigint[])")
        .execute(database)
        .await?;
    let rows: Vec<(Uuid, i32, Uuid, i32, Uuid)> = sqlx::query_as(
        "select p.id, p.number, t.id, t.number, c.id from person p
         join membership m on m.account_id = p.account_id and m.person_id = p.id
         join team t on t.account_id = p.account_id and t.id = m.team_id
         join channel c on c.account_id = p.account_id and c.team_id = t.id
         where p.account_id = $1 order by p.number",
    )
    .bind(seeded.account.0)
    .fetch_all(database)
    .await?;
    for (n, (person, number, team, team_number, channel)) in (0_i64..).zip(rows) {
        let (id, number) = (PersonId(person), PersonNumber(number.cast_unsigned()));
        let atoms = |state| -> Vec<i64> {
            let seen = audience(&state, TeamNumber(team_number.cast_unsigned()), |_| Some(number));
            seen.into_iter().map(|atom| atom.0).collect()
        };
        let at = Moment(0);
        let finished =
            State::Finished(Finished { at, by: Some(id), responsible: Some(id), archive: Archive::Immediately });
        sqlx::query("insert into gen_people values ($1, $2, $3, $4, $5, $6)")
            .bind(n)
            .bind(team)
            .bind(person)
            .bind(channel)
            .bind(atoms(finished))
            .bind(atoms(State::InProgress { responsible: id, since: at }))
            .execute(database)
            .await?;
    }
    Ok(())
}

/// The server's command, beside the running server.
fn rebuild(rig: &Rig, server: &std::path::Path, seeded: &Seeded) -> Result<()> {
    let status = Command::new(server)
        .args(["admin", "rebuild-reports", "--account", &seeded.account.0.to_string()])
        .env("CIRANDA_LISTEN", &rig.address)
        .env("CIRANDA_DATA_DIR", rig.folder.path().join("data"))
        .env_remove("DATABASE_URL")
        .status()
        .context("the command did not start")?;
    ensure!(status.success(), "the facts could not be made: {status}");
    Ok(())
}

async fn ask(rig: &Rig, seeded: &Seeded, lines: i64, figures: &mut Figures) -> Result<()> {
    let people = &seeded.teams[0].people;
    let (administrator, supervisor, attendant) = (&people[0].cookie, &people[1].cookie, &people[2].cookie);
    let today = i32::try_from(wall_ms() / DAY_MS)?;
    let query = |days: i32, by: &str| json!({"query": {"from": today - days, "to": today, "by": by}});
    let rows = json!({"rows": {"query": query(30, "None")["query"], "cell": "All", "metric": "FirstResponse", "part": "Counted"}});
    let mut one = query(30, "Team");
    one["query"]["metrics"] = json!(["FirstResponse"]);
    let questions = [
        ("one metric by team, 30 days", administrator, "report", one),
        ("every metric, 30 days", administrator, "report", query(30, "None")),
        ("every metric by day, 30 days", administrator, "report", query(30, "Day")),
        ("every metric by person, 30 days", administrator, "report", query(30, "Person")),
        ("every metric, a supervisor's team, 30 days", supervisor, "report", query(30, "Person")),
        ("every metric, an attendant's own, 30 days", attendant, "report", query(30, "None")),
        ("today, for the board", administrator, "today", json!({})),
        ("first page of the rows behind a number, 30 days", administrator, "report_rows", rows),
        ("every metric, the whole year", administrator, "report", query(364, "None")),
        ("every metric by person, the whole year", administrator, "report", query(364, "Person")),
    ];
    for (what, cookie, function, body) in questions {
        let mut latencies = Latencies::default();
        for repetition in 0..13 {
            let took = once(rig, cookie, function, &body).await.with_context(|| what.to_owned())?;
            // The first one reads what the others find in memory.
            if repetition > 0 {
                latencies.push(took);
            }
        }
        let said = format!("p50 {}, max {}", milliseconds(latencies.at(0.5)), milliseconds(latencies.at(1.0)));
        let budget = if what.contains("year") { "–" } else { "200 ms" };
        figures.add(&format!("{what}, over {lines} lines"), budget, said);
    }
    Ok(())
}

async fn once(rig: &Rig, cookie: &str, function: &str, body: &Value) -> Result<Duration> {
    let begun = Instant::now();
    let request = rig.http.post(format!("{}/api/fn/{function}", rig.url()));
    let request =
        request.header("cookie", cookie).header("origin", rig.url()).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    ensure!(status.is_success(), "{function} answered {status}: {text}");
    Ok(begun.elapsed())
}

/// The plan of what costs most: a supervisor's facts, each with its conversation's audience.
async fn show_plans(database: &PgPool, seeded: &Seeded) -> Result<()> {
    let today = wall_ms() / DAY_MS;
    let mut connection = database.acquire().await?;
    sqlx::query("set max_parallel_workers_per_gather = 0").execute(&mut *connection).await?;
    for days in [30, 364] {
        let sql = format!(
            "explain (analyze, buffers) with mine as materialized (select team, finished from gen_people where n = 0),
             found as materialized (
               select f.conversation_id, f.kind, f.person_id, f.ms from report_fact f
               where f.account_id = '{account}' and f.kind = any('{{2,3,4,5,6}}') and f.at >= {from}
                 and f.team_id = (select team from mine)),
             seen as materialized (
               select c.id from (select distinct conversation_id as id from found order by 1) counted
               join conversation c on c.account_id = '{account}' and c.id = counted.id
               where c.audience && (select finished from mine))
             select f.kind, f.person_id, count(*), array_agg(f.ms) filter (where f.ms is not null)
             from found f join seen on seen.id = f.conversation_id group by 1, 2",
            account = seeded.account.0,
            from = (today - days) * DAY_MS
        );
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?;
        println!("{days} days:\n{}", plan.join("\n"));
    }
    Ok(())
}
