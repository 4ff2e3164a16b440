//! A PostgreSQL of our own for checks and development: a cluster in a short folder, reached by its Unix socket only.
//! It keeps nothing that matters, so it runs without syncing; the server's private cluster is another thing (server/src/postgres).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{command, output, root, run};

/// The programs and the folder of one cluster.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
}

/// A cluster that stops and disappears with this value.
pub struct Throwaway(Cluster);

impl Throwaway {
    /// Starts an empty one.
    pub fn start() -> Result<Self> {
        let cluster = Cluster::at(std::env::temp_dir().join(format!("ciranda-pg-{}", std::process::id())))?;
        cluster.create()?;
        let throwaway = Self(cluster);
        throwaway.0.start()?;
        Ok(throwaway)
    }

    /// Makes a database with every migration applied and returns its address.
    pub fn migrated(&self, database: &str) -> Result<String> {
        self.0.migrated(database)
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        if let Err(error) = self.0.stop().and_then(|()| self.0.remove()) {
            eprintln!("the throw-away PostgreSQL stays in {}: {error:#}", self.0.folder.display());
        }
    }
}

/// `cargo xtask db`: the development database of this checkout, running afterwards, with its tables made anew.
pub fn development() -> Result<()> {
    let cluster = Cluster::at(development_folder())?;
    if !cluster.is_running() {
        cluster.remove()?;
        cluster.create()?;
        cluster.start()?;
    }
    let url = cluster.migrated("ciranda")?;
    println!("DATABASE_URL={url}");
    Ok(())
}

/// `cargo xtask db --stop`.
pub fn stop_development() -> Result<()> {
    let cluster = Cluster::at(development_folder())?;
    if cluster.is_running() {
        cluster.stop()?;
    }
    cluster.remove()
}

/// One folder a checkout, short because the path of a socket may have 107 bytes.
fn development_folder() -> PathBuf {
    let checkout = crate::web::digest(root().to_string_lossy().as_bytes());
    std::env::temp_dir().join(format!("ciranda-db-{}", &checkout[..8]))
}

impl Cluster {
    fn at(folder: PathBuf) -> Result<Self> {
        Ok(Self { programs: programs()?, folder })
    }

    /// A command as a user that PostgreSQL agrees to run as: it refuses root.
    fn program(&self, name: &str) -> Command {
        as_server_user(&self.programs.join(name))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn create(&self) -> Result<()> {
        run(as_server_user(Path::new("mkdir")).arg(&self.folder))?;
        let mut initdb = self.program("initdb");
        initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "-D"]);
        output(initdb.arg(self.data()))?;
        Ok(())
    }

    fn start(&self) -> Result<()> {
        let folder = self.folder.display();
        let options = format!(
            "-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
        );
        let log = self.folder.join("log");
        output(
            self.program("pg_ctl").arg("-D").arg(self.data()).arg("-l").arg(&log).args(["-w", "-o", &options, "start"]),
        )
        .with_context(|| format!("PostgreSQL did not start; {} says why", log.display()))?;
        Ok(())
    }

    fn is_running(&self) -> bool {
        let status = self.program("pg_ctl").arg("-D").arg(self.data()).arg("status").output();
        status.is_ok_and(|output| output.status.success())
    }

    fn stop(&self) -> Result<()> {
        output(self.program("pg_ctl").arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]))?;
        Ok(())
    }

    fn remove(&self) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).with_context(|| format!("could not remove {}", self.folder.display()))?;
        }
        Ok(())
    }

    fn migrated(&self, database: &str) -> Result<String> {
        self.sql("postgres", |psql| psql.arg("-c").arg(format!("drop database if exists {database} with (force)")))?;
        self.sql("postgres", |psql| psql.arg("-c").arg(format!("create database {database}")))?;
        for file in migrations()? {
            let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
            // Given as text, since the server's user may not be able to read this checkout.
            self.sql(database, |psql| psql.arg("--single-transaction").arg("-c").arg(text))
                .with_context(|| format!("the migration {} failed", file.display()))?;
        }
        Ok(format!("postgres://postgres@localhost/{database}?host={}", self.folder.display()))
    }

    fn sql(&self, database: &str, with: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
        let mut psql = self.program("psql");
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"]).arg(&self.folder);
        psql.env("PGOPTIONS", "-c client_min_messages=warning");
        run(with(&mut psql))
    }
}

/// The migrations in the order of their numbers.
fn migrations() -> Result<Vec<PathBuf>> {
    let folder = root().join("server/migrations");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(number) = name.strip_suffix(".sql").and_then(|name| name.split('_').next()) {
            let number: u64 =
                number.parse().with_context(|| format!("server/migrations/{name} does not begin with a number"))?;
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// The folder of PostgreSQL's server programs.
fn programs() -> Result<PathBuf> {
    let mut candidates = Vec::new();
    if let Ok(output) = command("pg_config").arg("--bindir").output() {
        candidates.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = Path::new("/usr/lib/postgresql").read_dir() {
        let mut versions: Vec<_> = versions.flatten().map(|entry| entry.path()).collect();
        versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_string_lossy().parse::<u32>().ok()));
        candidates.extend(versions.into_iter().rev().map(|version| version.join("bin")));
    }
    candidates.extend(crate::run::on_path("initdb").and_then(|file| file.parent().map(PathBuf::from)));
    match candidates.into_iter().find(|folder| folder.join("initdb").is_file()) {
        Some(folder) => Ok(folder),
        None => bail!("PostgreSQL's server programs (initdb, postgres) are not on this machine: run script/bootstrap"),
    }
}

fn as_server_user(program: &Path) -> Command {
    let is_root = command("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let mut command = if is_root {
        let mut command = command("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        command(program)
    };
    // The server's user need not be able to stand in this checkout.
    command.current_dir("/");
    command
}
