//! One throw-away PostgreSQL for all test processes of a run.
//!
//! The first process that needs it makes and starts it; each holds a shared lock while it lives, and a small watchdog
//! stops the cluster and removes it once nobody has held that lock for a while. Durability is off: it is only tests.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use ciranda_server::clock;
use ciranda_server::postgres::{self, MIGRATOR, Place, Role};
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};
use uuid::Uuid;

/// Ends the cluster when no test process has used it for some seconds.
const WATCHDOG: &str = r#"
while sleep 10; do
  exec 9>start.lock; flock 9
  if flock -n users.lock true; then
    pid=$(head -1 "$1/postmaster.pid") && kill -QUIT "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    rm -rf "$1"; exit
  fi
  exec 9>&-
done
"#;

/// A database that lives as long as this value.
pub struct TestDb {
    pub options: PgConnectOptions,
    name: String,
}

impl TestDb {
    /// A fresh, migrated database.
    pub async fn new() -> Self {
        let place = tokio::task::spawn_blocking(cluster).await.expect("the cluster starts");
        let name = format!("test_{}", fresh_id().simple());
        let mut admin = admin(place).await;
        create(&mut admin, &name, Some(&template_name())).await;
        Self { options: place.connection(&name), name }
    }

    /// A pool as the server's own, under the plain role.
    pub fn pool(&self) -> PgPool {
        postgres::pool(self.options.clone(), Role::Plain)
    }

    /// A connection as the owner, above row-level security: for arranging and looking.
    pub async fn owner(&self) -> PgConnection {
        self.options.connect().await.expect("the test's database answers")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.name);
        // A thread of its own, because a runtime may not be entered from within another.
        let dropped = std::thread::spawn(move || {
            block_on(async { sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin(cluster()).await).await })
        });
        let _ = dropped.join();
    }
}

/// An id nobody has used.
pub fn fresh_id() -> Uuid {
    clock::id_at(clock::machine_now())
}

/// The running cluster; started by whoever comes first.
fn cluster() -> &'static Place {
    static CLUSTER: OnceLock<(Place, File)> = OnceLock::new();
    let (place, _users) = CLUSTER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgres");
        let place = postgres::place(&folder).expect("a folder for the tests' cluster");
        let start = lock_file(&folder.join("start.lock"));
        start.lock().expect("one starts, the others wait");
        let users = lock_file(&folder.join("users.lock"));
        users.lock_shared().expect("shared with the other test processes");
        std::thread::scope(|scope| scope.spawn(|| block_on(started(&folder, &place))).join())
            .expect("the tests' cluster starts");
        (place, users)
    });
    place
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

fn lock_file(path: &Path) -> File {
    OpenOptions::new().create(true).truncate(false).write(true).open(path).expect("a lock file")
}

async fn admin(place: &Place) -> PgConnection {
    place.connection("postgres").connect().await.expect("the tests' cluster answers")
}

async fn started(folder: &Path, place: &Place) {
    if place.connection("postgres").connect().await.is_err() {
        make(place);
        watch(folder, place);
    }
    let mut admin = admin(place).await;
    let role: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = 'ciranda_app')")
        .fetch_one(&mut admin)
        .await
        .expect("asked");
    if !role {
        sqlx::raw_sql("create role ciranda_app nologin").execute(&mut admin).await.expect("made");
    }
    let template = template_name();
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(&template)
        .fetch_one(&mut admin)
        .await
        .expect("asked");
    if !there {
        let beside = format!("{template}_new");
        sqlx::raw_sql(AssertSqlSafe(format!("drop database if exists {beside} with (force)")))
            .execute(&mut admin)
            .await
            .expect("dropped");
        create(&mut admin, &beside, None).await;
        postgres::migrate(&place.connection(&beside)).await.expect("the migrations run");
        sqlx::raw_sql(AssertSqlSafe(format!("alter database {beside} rename to {template}")))
            .execute(&mut admin)
            .await
            .expect("renamed");
    }
    admin.close().await.expect("closed");
}

async fn create(admin: &mut PgConnection, name: &str, template: Option<&str>) {
    let from = template.map(|template| format!(" template {template} strategy file_copy")).unwrap_or_default();
    sqlx::raw_sql(AssertSqlSafe(format!("create database {name}{from}")))
        .execute(admin)
        .await
        .expect("a database is made");
}

/// Another set of migrations is another template.
fn template_name() -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATOR.iter() {
        hash.update(&migration.checksum);
    }
    format!("template_{}", &hex::encode(hash.finalize())[..16])
}

fn make(place: &Place) {
    let bin = postgres::find::binaries().expect("PostgreSQL is installed");
    if place.data().exists() {
        fs::remove_dir_all(place.data()).expect("the old cluster goes");
    }
    run(command(&bin, "initdb", place)
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--auth=trust", "--no-sync", "-D"])
        .arg(place.data()));
    let settings = format!(
        "-k {} -c listen_addresses= -c max_connections=200 -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c timezone=UTC",
        place.run.display()
    );
    run(command(&bin, "pg_ctl", place)
        .arg("-D")
        .arg(place.data())
        .arg("-o")
        .arg(settings)
        .arg("-l")
        .arg(place.log())
        .args(["-w", "start"]));
}

fn command(bin: &Path, program: &str, place: &Place) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(bin.join(program));
    command.current_dir(&place.home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(owner) = place.owner {
        command.uid(owner.uid).gid(owner.gid);
    }
    command
}

fn run(command: &mut Command) {
    let status = command.status().expect("it can be run");
    assert!(status.success(), "{command:?} failed: {status}");
}

#[expect(clippy::zombie_processes, reason = "the watchdog outlives the test that starts it")]
fn watch(folder: &Path, place: &Place) {
    use std::os::unix::process::CommandExt;
    let data: PathBuf = place.data();
    Command::new("sh")
        .args(["-c", WATCHDOG, "watchdog"])
        .arg(data)
        .current_dir(folder)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the watchdog starts");
}
