//! Where PostgreSQL's server binaries are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Oldest version whose SQL the migrations use.
const OLDEST: u32 = 15;

/// The folder that holds `initdb` and `postgres`, newest version first: what `pg_config` names, Debian's layout,
/// Homebrew's, the path.
///
/// # Errors
/// When there is none of version 15 or later.
pub fn binaries() -> Result<PathBuf> {
    candidates().into_iter().find(|folder| usable(folder)).context(
        "no PostgreSQL server of version 15 or later was found (looked at pg_config --bindir, /usr/lib/postgresql and PATH); \
         install it (Debian: apt-get install postgresql) or set DATABASE_URL",
    )
}

fn candidates() -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        found.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    for root in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(root)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let version = name.trim_start_matches("postgresql@").parse().ok()?;
                Some((version, entry.path().join("bin")))
            })
            .collect();
        versions.sort_unstable_by(|a, b| b.cmp(a));
        found.extend(versions.into_iter().map(|(_, folder)| folder));
    }
    found.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    found
}

fn usable(folder: &Path) -> bool {
    if !folder.join("initdb").is_file() {
        return false;
    }
    let Ok(output) = Command::new(folder.join("postgres")).arg("--version").output() else {
        return false;
    };
    version(&String::from_utf8_lossy(&output.stdout)).is_some_and(|version| version >= OLDEST)
}

/// The major version in a line such as `postgres (PostgreSQL) 15.18 (Debian …)`.
fn version(line: &str) -> Option<u32> {
    let rest = line.split("(PostgreSQL)").nth(1)?.trim_start();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_read_from_what_postgres_prints() {
        assert_eq!(version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(version("something else"), None);
    }
}
