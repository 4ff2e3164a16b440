//! Where the private cluster lives, as whom it runs and where its socket is.
//!
//! *Invariant:* the socket's folder is entered by its owner only, which is what lets the cluster trust connections.
//! PostgreSQL refuses to run as root, so root's cluster belongs to the `postgres` user, in a folder that user can reach.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;

/// A Unix socket's path may be 107 bytes long; `/.s.PGSQL.5432.lock` is the longest name in the folder.
const LONGEST_RUN_DIR: usize = 107 - 19;

/// Folders and owner of a private cluster.
#[derive(Clone, Debug)]
pub struct Place {
    /// Holds the cluster and its log.
    pub home: PathBuf,
    /// Holds the socket.
    pub run: PathBuf,
    /// The `postgres` user, when this process is root's.
    pub owner: Option<Owner>,
}

/// Whom the cluster runs as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
}

impl Place {
    /// The cluster proper, PostgreSQL's `PGDATA`.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.home.join("cluster")
    }

    /// What PostgreSQL says.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.home.join("postgres.log")
    }

    /// How to connect, as the cluster's superuser.
    #[must_use]
    pub fn connection(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new().socket(&self.run).port(5432).username("postgres").database(database)
    }
}

/// Decides and makes the folders for the cluster of a data folder, which is made too.
///
/// # Errors
/// When a folder cannot be made or belongs to somebody else.
pub fn place(data_dir: &Path) -> Result<Place> {
    let uid = rustix::process::geteuid().as_raw();
    let owner = if uid == 0 { Some(postgres_user()?) } else { None };
    make(data_dir, if owner.is_some() { 0o711 } else { 0o700 }, None)?;
    let data_dir = fs::canonicalize(data_dir).with_context(|| format!("could not find {}", data_dir.display()))?;
    let name = hex::encode(&Sha256::digest(data_dir.as_os_str().as_encoded_bytes())[..8]);
    let home = match owner {
        Some(owner) if !reachable(&data_dir, owner) => {
            let state = Path::new("/var/lib/ciranda");
            make(state, 0o711, None)?;
            state.join(&name)
        }
        Some(_) | None => data_dir.join("postgres"),
    };
    make(&home, 0o700, owner)?;
    let run = run_folder(uid, &name, owner)?;
    Ok(Place { home, run, owner })
}

/// The user that Debian's packages make for PostgreSQL.
fn postgres_user() -> Result<Owner> {
    let number = |flag| {
        let output = Command::new("id").args([flag, "postgres"]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    match (number("-u"), number("-g")) {
        (Some(uid), Some(gid)) => Ok(Owner { uid, gid }),
        _ => bail!(
            "PostgreSQL does not run as root, and there is no user “postgres” to run it as; make one (useradd --system postgres), run as an ordinary user, or set DATABASE_URL"
        ),
    }
}

/// Whether the owner can walk down to the folder.
fn reachable(folder: &Path, owner: Owner) -> bool {
    folder.ancestors().all(|step| {
        fs::metadata(step).is_ok_and(|meta| {
            let mode = meta.mode();
            mode & 0o001 != 0
                || (meta.uid() == owner.uid && mode & 0o100 != 0)
                || (meta.gid() == owner.gid && mode & 0o010 != 0)
        })
    })
}

/// A short folder for the socket, where the system keeps such things if it lets us.
fn run_folder(uid: u32, name: &str, owner: Option<Owner>) -> Result<PathBuf> {
    let system =
        if uid == 0 { Some(PathBuf::from("/run")) } else { std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from) };
    let roomy = |run: &PathBuf| run.as_os_str().len() <= LONGEST_RUN_DIR;
    let mode = if owner.is_some() { 0o711 } else { 0o700 };
    if let Some(parent) = system.map(|root| root.join("ciranda")) {
        let run = parent.join(name);
        if roomy(&run) && make(&parent, mode, None).is_ok() && make(&run, 0o700, owner).is_ok() {
            return Ok(run);
        }
    }
    let parent = std::env::temp_dir().join(format!("ciranda-{uid}"));
    let parent = if roomy(&parent.join(name)) { parent } else { PathBuf::from(format!("/tmp/ciranda-{uid}")) };
    make(&parent, mode, None)?;
    let run = parent.join(name);
    make(&run, 0o700, owner)?;
    Ok(run)
}

/// Makes a folder with its parents, or checks that the one there is its owner's alone to change.
fn make(folder: &Path, mode: u32, owner: Option<Owner>) -> Result<()> {
    let told = || format!("could not make the folder {}", folder.display());
    if !folder.exists() {
        DirBuilder::new().recursive(true).mode(mode).create(folder).with_context(told)?;
        if let Some(owner) = owner {
            chown(folder, Some(owner.uid), Some(owner.gid)).with_context(told)?;
        }
        // The process's own mask may have narrowed it.
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).with_context(told)?;
    }
    let meta = fs::symlink_metadata(folder).with_context(told)?;
    let expected = owner.map_or_else(|| rustix::process::geteuid().as_raw(), |owner| owner.uid);
    let linked = meta.is_symlink() && fs::metadata(folder).is_ok_and(|target| target.uid() == expected);
    if meta.uid() != expected && !linked {
        bail!(
            "the folder {} belongs to another user (number {}); remove it or choose another",
            folder.display(),
            meta.uid()
        );
    }
    if meta.is_dir() && meta.mode() & 0o022 != 0 && mode == 0o700 {
        bail!("others may write to the folder {}; run: chmod go-w {}", folder.display(), folder.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_below_a_closed_one_is_out_of_reach_of_others() {
        let open = tempfile::tempdir_in("/tmp").expect("a folder");
        fs::set_permissions(open.path(), fs::Permissions::from_mode(0o755)).expect("own folder");
        let closed = open.path().join("closed");
        make(&closed, 0o700, None).expect("made");
        let below = closed.join("data");
        make(&below, 0o711, None).expect("made");
        let stranger = Owner { uid: 64_001, gid: 64_001 };
        assert!(reachable(open.path(), stranger));
        assert!(!reachable(&below, stranger));
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o711)).expect("own folder");
        assert!(reachable(&below, stranger));
    }

    #[test]
    fn the_socket_fits_in_however_deep_a_data_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("d".repeat(60)).join("e".repeat(60)).join("f".repeat(60));
        let place = place(&deep).expect("placed");
        assert!(place.run.join(".s.PGSQL.5432.lock").as_os_str().len() <= 107);
        let again = super::place(&deep).expect("placed again");
        assert_eq!((&place.home, &place.run), (&again.home, &again.run));
        fs::remove_dir(&place.run).expect("nothing is in it");
    }
}
