//! The file in which a simulator's chats outlive the process.
//!
//! *Invariant:* the file is whole at every instant: it is written beside its place and moved there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use crate::Simulator;

/// Changes within this are written together.
const GATHER: Duration = Duration::from_millis(200);

/// Where the chats are kept.
#[derive(Clone, Debug)]
pub struct BookFile {
    path: Arc<Mutex<PathBuf>>,
}

impl BookFile {
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path: Arc::new(Mutex::new(path)) }
    }

    fn path(&self) -> MutexGuard<'_, PathBuf> {
        self.path.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was kept, if anything was.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(&self) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(&*self.path()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps the simulator's chats of now; one writes at a time, so an older state never follows a newer one.
    pub fn write(&self, simulator: &Simulator) {
        let path = self.path();
        if let Err(error) = replace(&path, &simulator.book()) {
            tracing::warn!(%error, path = %path.display(), "the simulator's chats could not be kept");
        }
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes)?;
    std::fs::rename(beside, path)
}

/// Writes after each change, for as long as the simulator runs.
pub async fn keep(simulator: Simulator, file: BookFile) {
    loop {
        simulator.inner.touched.notified().await;
        sleep(GATHER).await;
        let (simulator, file) = (simulator.clone(), file.clone());
        // A panic in there has been told by its own thread.
        let _ = tokio::task::spawn_blocking(move || file.write(&simulator)).await;
    }
}
