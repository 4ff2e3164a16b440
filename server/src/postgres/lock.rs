//! One server to a data folder.
//!
//! *Invariant:* the lock belongs to the process, so a kill frees it; no file has to be cleaned up by hand.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Held for as long as the private cluster is ours.
pub struct DataLock {
    _file: File,
}

/// Another server has the data folder.
#[derive(Debug)]
pub struct InUse {
    folder: PathBuf,
    holder: String,
}

impl std::fmt::Display for InUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the data folder {} is in use by another Ciranda (process {}); stop that one, or choose another folder with CIRANDA_DATA_DIR",
            self.folder.display(),
            self.holder
        )
    }
}

impl std::error::Error for InUse {}

impl DataLock {
    /// Locks the folder, which must exist.
    ///
    /// # Errors
    /// With [`InUse`] when another process holds it.
    pub fn take(folder: &Path) -> Result<Self> {
        let path = folder.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("could not open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder)?;
                return Err(InUse { folder: folder.to_owned(), holder: holder.trim().to_owned() }.into());
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("could not lock {}", path.display()));
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(Self { _file: file })
    }
}
