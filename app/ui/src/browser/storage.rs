//! Small things that outlive the page: drafts and preferences.
//!
//! *Invariant:* a browser that keeps nothing (private mode, full disk) costs comfort, never an error.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The value of a key.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a value.
pub fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        _ = storage.set_item(key, value);
    }
}

/// Forgets a key.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        _ = storage.remove_item(key);
    }
}

/// Forgets every key with a prefix.
pub fn remove_all(prefix: &str) {
    for key in keys(prefix) {
        remove(&key);
    }
}

/// Every key with a prefix, in the order of the keys.
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or_default();
    let mut keys: Vec<String> =
        (0..count).filter_map(|n| storage.key(n).ok()?).filter(|key| key.starts_with(prefix)).collect();
    keys.sort_unstable();
    keys
}
