//! Sealing what must not be readable in a copy of the database: tokens and app secrets.
//!
//! *Invariant:* a sealed value is bound to its table, column, account and row; moved anywhere else it does not open.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ciranda_domain::ids::AccountId;
use rand::RngCore;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// First byte of every sealed value, so that a later form can be told apart.
const FORM: u8 = 1;

/// A secret of the configuration; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a sealed value stands.
#[derive(Clone, Copy)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub account: AccountId,
    pub row: Uuid,
}

impl Place {
    /// The credential of a channel.
    #[must_use]
    pub fn channel_credential(account: AccountId, channel: Uuid) -> Self {
        Self { table: "channel", column: "credential", account, row: channel }
    }

    fn bytes(&self) -> Vec<u8> {
        format!("{}\0{}\0{}\0{}", self.table, self.column, self.account, self.row).into_bytes()
    }
}

/// Seals and opens with the installation's master key.
pub struct Secrets {
    key: LessSafeKey,
    login_key: [u8; 32],
}

impl Secrets {
    /// With a key of 32 bytes.
    ///
    /// # Errors
    /// When the key has another length.
    pub fn new(key: &[u8]) -> Result<Self> {
        let login_key = Sha256::new().chain_update(b"ciranda login codes\0").chain_update(key).finalize().into();
        let Ok(key) = UnboundKey::new(&AES_256_GCM, key) else {
            bail!("the master key must be 32 bytes long, not {}", key.len());
        };
        Ok(Self { key: LessSafeKey::new(key), login_key })
    }

    /// With the key of the configuration, or the one in the data folder, which is made at the first start.
    ///
    /// # Errors
    /// When the key cannot be read, made or understood.
    pub fn open(configured: Option<&Secret>, data_dir: &Path) -> Result<Self> {
        match configured {
            Some(secret) => Self::new(&parse_key(secret.expose())?),
            None => Self::new(&kept_key(&data_dir.join("master.key"))?),
        }
    }

    /// Keys the hashes of login codes, so that a copy of the database does not give them away.
    #[must_use]
    pub fn login_key(&self) -> &[u8] {
        &self.login_key
    }

    /// Seals `plain` for `place`.
    ///
    /// # Errors
    /// When the value is too large for the cipher.
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = plain.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.bytes()), &mut sealed)
            .ok()
            .context("the value is too large to be sealed")?;
        Ok([&[FORM][..], &nonce, &sealed].concat())
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    /// When it was sealed for another place or with another key, or was damaged.
    pub fn open_sealed(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>> {
        let advice = "a stored credential does not open: is CIRANDA_MASTER_KEY (or master.key in the data folder) the one it was stored with?";
        let Some((&FORM, rest)) = sealed.split_first() else { bail!(advice) };
        let Some((nonce, body)) = rest.split_at_checked(NONCE_LEN) else { bail!(advice) };
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok().context(advice)?;
        let mut body = body.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from(place.bytes()), &mut body);
        Ok(plain.ok().context(advice)?.to_vec())
    }
}

/// Reads a key written as 64 hexadecimal digits or in base64.
///
/// # Errors
/// When it is neither, or not 32 bytes.
pub fn parse_key(text: &str) -> Result<Vec<u8>> {
    let text = text.trim();
    let bytes = hex::decode(text).ok().or_else(|| STANDARD.decode(text).ok());
    match bytes {
        Some(bytes) if bytes.len() == 32 => Ok(bytes),
        _ => bail!(
            "the master key must be 32 bytes, written as 64 hexadecimal digits or in base64 (`openssl rand -hex 32` makes one)"
        ),
    }
}

fn kept_key(file: &Path) -> Result<Vec<u8>> {
    if !file.exists() {
        let mut key = [0_u8; 32];
        rand::rng().fill_bytes(&mut key);
        // Written beside and renamed, so that a crash never leaves half a key.
        let beside = file.with_extension("key.new");
        let mut out = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)
            .with_context(|| format!("could not write the master key to {}", beside.display()))?;
        out.write_all(hex::encode(key).as_bytes())?;
        out.sync_all()?;
        fs::rename(&beside, file)?;
    }
    let mode = fs::metadata(file)?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!("{} can be read by others; run: chmod 600 {}", file.display(), file.display());
    }
    let text =
        fs::read_to_string(file).with_context(|| format!("could not read the master key in {}", file.display()))?;
    parse_key(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place::channel_credential(AccountId(Uuid::from_u128(1)), Uuid::from_u128(2))
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_place_and_with_its_key() {
        let secrets = Secrets::new(&[7; 32]).expect("32 bytes");
        let sealed = secrets.seal(place(), b"token").expect("small");
        assert!(!sealed.windows(5).any(|part| part == b"token"));
        assert_eq!(secrets.open_sealed(place(), &sealed).expect("its place"), b"token");

        let elsewhere = Place { row: Uuid::from_u128(3), ..place() };
        assert!(secrets.open_sealed(elsewhere, &sealed).is_err());
        let other_account = Place { account: AccountId(Uuid::from_u128(9)), ..place() };
        assert!(secrets.open_sealed(other_account, &sealed).is_err());
        assert!(Secrets::new(&[8; 32]).expect("32 bytes").open_sealed(place(), &sealed).is_err());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(secrets.open_sealed(place(), &damaged).is_err(), "byte {at} was changed");
        }
        assert!(secrets.open_sealed(place(), &sealed[..5]).is_err());
        assert!(secrets.open_sealed(place(), &[]).is_err());
    }

    #[test]
    fn two_seals_of_one_value_differ() {
        let secrets = Secrets::new(&[7; 32]).expect("32 bytes");
        assert_ne!(secrets.seal(place(), b"x").expect("small"), secrets.seal(place(), b"x").expect("small"));
    }

    #[test]
    fn the_key_of_the_data_folder_is_made_once_and_kept_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Secrets::open(None, folder.path()).expect("made");
        let sealed = first.seal(place(), b"token").expect("small");
        let second = Secrets::open(None, folder.path()).expect("kept");
        assert_eq!(second.open_sealed(place(), &sealed).expect("same key"), b"token");
        let file = folder.path().join("master.key");
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("own file");
        let refusal = Secrets::open(None, folder.path()).err().expect("refused").to_string();
        assert!(refusal.contains("chmod 600"), "{refusal}");
    }

    #[test]
    fn a_key_is_32_bytes_in_hex_or_base64() {
        assert!(parse_key(&"ab".repeat(32)).is_ok());
        assert!(parse_key(&STANDARD.encode([1; 32])).is_ok());
        assert!(parse_key("short").is_err());
        assert!(parse_key(&"ab".repeat(31)).is_err());
    }
}
