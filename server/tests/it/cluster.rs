//! The private PostgreSQL under kills, and the binary that runs it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use ciranda_server::config::{Cli, Config, Mode};
use ciranda_server::postgres::{Database, place};
use ciranda_server::run;
use clap::Parser;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::rig::Binary;

/// A data folder that the `postgres` user can reach, so that nothing is left elsewhere.
fn data_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).expect("own folder");
    folder
}

fn config(data: &Path) -> Config {
    let cli = Cli::try_parse_from(["ciranda", "--data-dir", data.to_str().expect("plain")]).expect("known flags");
    Config::check(Mode::Serve, &cli.settings, &|_| None).expect("a good configuration")
}

fn postmaster(data: &Path) -> Option<Pid> {
    let file = place(data).expect("placed").data().join("postmaster.pid");
    Pid::from_raw(fs::read_to_string(file).ok()?.lines().next()?.trim().parse().ok()?)
}

async fn count(database: &Database) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from login_attempt").fetch_one(&database.pool).await
}

#[tokio::test]
async fn a_killed_postgres_is_started_again_and_has_lost_nothing() {
    let data = data_folder();
    let database = Database::open(&config(data.path())).await.expect("opened");
    sqlx::query("insert into login_attempt (bucket) values ('kept')").execute(&database.pool).await.expect("written");
    let killed = postmaster(data.path()).expect("running");
    kill_process(killed, Signal::KILL).expect("ours to kill");
    let again = async {
        // One that idled may notice only now.
        while count(&database).await.ok() != Some(1) || postmaster(data.path()) == Some(killed) {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(60), again).await.expect("it comes back with what was committed");
    database.close().await;
    assert_eq!(postmaster(data.path()), None, "it was stopped in order");
}

#[tokio::test]
async fn a_second_server_on_a_data_folder_is_refused_by_name() {
    let data = data_folder();
    let first = Database::open(&config(data.path())).await.expect("opened");
    let error = Database::open(&config(data.path())).await.err().expect("refused").to_string();
    let process = std::process::id();
    assert!(error.contains(&format!("in use by another Ciranda (process {process})")), "{error}");
    assert!(error.contains("CIRANDA_DATA_DIR"), "{error}");
    let beside = Database::open_beside(&config(data.path())).await.expect("a short command may join it");
    assert_eq!(count(&beside).await.expect("asked"), 0);
    beside.close().await;
    assert_eq!(count(&first).await.expect("still there"), 0);
    first.close().await;
    Database::open(&config(data.path())).await.expect("free again").close().await;
}

#[tokio::test]
async fn a_killed_server_starts_again_on_what_it_left_and_stops_in_order() {
    run::choose_tls();
    let data = data_folder();
    Binary::start(data.path(), &[]).await.kill().await;
    let left = postmaster(data.path()).expect("its PostgreSQL is left");

    let server = Binary::start(data.path(), &[]).await;
    let own = postmaster(data.path()).expect("running");
    assert_ne!(own, left, "the one that was left was stopped");
    let status = server.stop().await;
    assert!(status.success(), "{status}");
    assert_eq!(postmaster(data.path()), None, "its PostgreSQL was stopped with it");
}

#[tokio::test]
async fn the_number_of_a_stale_pid_file_may_belong_to_another_process() {
    let data = data_folder();
    Database::open(&config(data.path())).await.expect("opened").close().await;
    let place = place(data.path()).expect("placed");
    let file = place.data().join("postmaster.pid");
    fs::write(&file, format!("{}\n", std::process::id())).expect("written");
    let database = Database::open(&config(data.path())).await.expect("a stale file is no obstacle");
    database.close().await;
}
