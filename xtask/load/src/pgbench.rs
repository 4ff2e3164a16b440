//! The database's own limit: the same writes as an inbound message, played by pgbench without any of our code.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::rig::Rig;

const SCRIPT: &str = include_str!("inbound.sql");
const ACCOUNT: &str = "00000000-0000-7000-8000-000000000001";
const CLIENTS: &str = "8";

/// Messages a second that the database takes.
///
/// # Errors
/// When pgbench is missing or fails.
pub async fn rate(rig: &Rig, seconds: u32) -> Result<f64> {
    prepare(rig).await?;
    let place = ciranda_server::postgres::place(&rig.folder.path().join("data"))?;
    let script = std::env::temp_dir().join(format!("ciranda-inbound-{}.sql", std::process::id()));
    std::fs::write(&script, SCRIPT)?;
    let options = place.connection("ciranda");
    let output = Command::new(binary()?)
        .args(["--no-vacuum", "--protocol=prepared", "--client", CLIENTS, "--jobs", "1"])
        .args(["--time", &seconds.to_string(), "--file"])
        .arg(&script)
        .args([
            "--host",
            &place.run.display().to_string(),
            "--port",
            &options.get_port().to_string(),
            "--username",
            options.get_username(),
            "ciranda",
        ])
        .output()
        .context("pgbench did not start")?;
    std::fs::remove_file(&script).ok();
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    text.lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
        .with_context(|| format!("pgbench printed no rate: {text}"))
}

async fn prepare(rig: &Rig) -> Result<()> {
    let statements = format!(
        "insert into account (account_id, name, zone, calendar, created_at) values ('{ACCOUNT}', 'pgbench', 'UTC', 'null', 0);
         insert into account_seq (account_id) values ('{ACCOUNT}');
         insert into team (account_id, id, number, name, is_default, level) values ('{ACCOUNT}', md5('team')::uuid, 1, 'Equipe', true, 0);
         insert into channel (account_id, id, kind, name, address, provider_id) values ('{ACCOUNT}', md5('channel')::uuid, 0, 'Canal', '', 'pgbench');
         insert into contact (account_id, id, name, created_at) select '{ACCOUNT}', md5(n::text)::uuid, 'Cliente', 0 from generate_series(1, 5000) n;
         insert into contact_identity (account_id, id, contact_id, kind) select '{ACCOUNT}', md5(n::text)::uuid, md5(n::text)::uuid, 0 from generate_series(1, 5000) n;
         insert into conversation (account_id, id, channel_id, contact_id, identity_id, team_id, phase, since, created_at, last_at, audience, rev)
         select '{ACCOUNT}', md5(n::text)::uuid, md5('channel')::uuid, md5(n::text)::uuid, md5(n::text)::uuid, md5('team')::uuid, 3, 0, 0, 0, '{{1,2}}', 0 from generate_series(1, 5000) n"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&rig.database).await?;
    Ok(())
}

/// pgbench is installed beside the server's binaries.
fn binary() -> Result<std::path::PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().context("pg_config is missing")?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(std::path::Path::new(&folder).join("pgbench"))
}
