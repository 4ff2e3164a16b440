//! The private PostgreSQL under kills, and the binary that runs it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
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

/// An ordinary user, where this is root's process: by number, with what starts a program as them.
fn ordinary_user() -> Option<(u32, u32, Vec<String>)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let number = |flag: &str| {
        let output = std::process::Command::new("id").args([flag, "nobody"]).output().expect("it can be run");
        String::from_utf8(output.stdout).expect("plain").trim().parse::<u32>().expect("every system has nobody")
    };
    let (user, group) = (number("-u"), number("-g"));
    let become_them = [format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".into()];
    let wrapper = ["setpriv".into()].into_iter().chain(become_them);
    // What belongs to root's session is not theirs.
    let wrapper = wrapper.chain(["env", "-u", "XDG_RUNTIME_DIR"].map(Into::into));
    Some((user, group, wrapper.collect()))
}

#[tokio::test]
async fn an_ordinary_user_starts_it_finds_it_ready_and_stops_it() {
    run::choose_tls();
    // Where everybody may enter, whatever the folder for temporary files of whoever runs this is.
    let folder = tempfile::tempdir_in("/tmp").expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).expect("own folder");
    let (data, binary) = (folder.path().join("data"), folder.path().join("ciranda"));
    let temporary = folder.path().join("tmp");
    fs::copy(env!("CARGO_BIN_EXE_ciranda"), &binary).expect("where everybody can reach it");
    let user = ordinary_user();
    let (uid, wrapper) = match &user {
        Some((user, _, wrapper)) => (*user, wrapper.iter().map(String::as_str).collect()),
        None => (rustix::process::geteuid().as_raw(), Vec::new()),
    };
    for own in [&data, &temporary] {
        fs::create_dir(own).expect("made");
        fs::set_permissions(own, fs::Permissions::from_mode(0o700)).expect("own folder");
        if let Some((user, group, _)) = &user {
            std::os::unix::fs::chown(own, Some(*user), Some(*group)).expect("root may");
        }
    }
    let temporary = temporary.to_str().expect("plain");
    let env = [("CIRANDA_META_APP_SECRET", "s"), ("TMPDIR", temporary), ("LC_ALL", "C.UTF-8")];
    let server = Binary::through(&wrapper, &binary, &data, &env).await;
    let ready = async {
        while reqwest::get(server.url("/readyz")).await.expect("answered").status() != reqwest::StatusCode::OK {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(60), ready).await.expect("it becomes ready");
    let file = data.join("postgres/cluster/postmaster.pid");
    let postmaster = fs::read_to_string(&file).expect("its own PostgreSQL runs");
    let process = Path::new("/proc").join(postmaster.lines().next().expect("a number"));
    assert_eq!(fs::metadata(&process).expect("running").uid(), uid, "PostgreSQL runs as the same user");
    let status = server.stop().await;
    assert!(status.success(), "{status}");
    assert!(!file.exists() && !process.exists(), "its PostgreSQL was stopped with it");
}
