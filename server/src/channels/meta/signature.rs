//! `X-Hub-Signature-256`: is a body really from Meta?
//!
//! *Invariant:* the signature is over the very bytes that arrived; this module must not know JSON. The form of the
//! header is checked before anything is computed, and the comparison takes the same time wherever it fails.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header that carries the signature.
pub const HEADER: &str = "x-hub-signature-256";

const PREFIX: &str = "sha256=";
const DIGEST: usize = 32;

/// Whether `header` is the signature of `body` by one of the secrets. Several are allowed, because an Instagram app has
/// a secret of its own and because a secret is changed while webhooks keep coming.
#[must_use]
pub fn verify<'a>(secrets: impl IntoIterator<Item = &'a str>, header: &[u8], body: &[u8]) -> bool {
    let Some(claimed) = digest_of(header) else { return false };
    // Every secret is tried, so that the time does not tell which one fits.
    secrets.into_iter().fold(false, |known, secret| known | signed_by(secret, &claimed, body))
}

/// Whether `header` has the form of a signature, before there is a body to check it with.
#[must_use]
pub fn well_formed(header: &[u8]) -> bool {
    digest_of(header).is_some()
}

/// The header that a body signed with `secret` carries; for the simulator's counterpart and for checks.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    format!("{PREFIX}{}", hex::encode(keyed(secret, body).finalize().into_bytes()))
}

fn signed_by(secret: &str, claimed: &[u8; DIGEST], body: &[u8]) -> bool {
    // An empty secret would accept what anybody can compute.
    !secret.is_empty() && keyed(secret, body).verify_slice(claimed).is_ok()
}

fn keyed(secret: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    mac
}

/// `sha256=` and 64 lower-case hexadecimal digits, nothing else.
fn digest_of(header: &[u8]) -> Option<[u8; DIGEST]> {
    let digits = header.strip_prefix(PREFIX.as_bytes())?;
    if digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut digest = [0; DIGEST];
    hex::decode_to_slice(digits, &mut digest).ok()?;
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Secret, body and digest. Rows 1 and 2 are one JSON value in two spellings, rows 4 and 5 as well.
    const VECTORS: [(&str, &str, &str); 6] = [
        (
            "test_app_secret",
            r#"{"object":"whatsapp_business_account","entry":[]}"#,
            "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
        ),
        (
            "test_app_secret",
            r#"{"object": "whatsapp_business_account", "entry": []}"#,
            "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
        ),
        (
            "otro_secreto",
            r#"{"object":"whatsapp_business_account","entry":[]}"#,
            "769b03d8c2ae6498f2d1e1f7299c0ba55448c69d741e7b0bb243d852d8a8d8c7",
        ),
        ("test_app_secret", r#"{"t":"äöå 👍"}"#, "54c0e6114753c0d946031b69d739961c77475df888a784d138f2c84a329cd556"),
        (
            "test_app_secret",
            r#"{"t":"\u00e4\u00f6\u00e5 \ud83d\udc4d"}"#,
            "b673bfa5350d7264e0b9b787fbdf00d2be3e7e08eae80ebf073ba873d4a1ca22",
        ),
        ("test_app_secret", "", "517bc4c7d1d8d400868e0ad6f64b77098b818a2f2595004253a1922302a602c0"),
    ];

    fn verify_one(secret: &str, header: &str, body: &str) -> bool {
        verify([secret], header.as_bytes(), body.as_bytes())
    }

    #[test]
    fn each_vector_accepts_its_own_header_and_no_other() {
        for (i, (secret, body, _)) in VECTORS.iter().enumerate() {
            for (j, (_, _, digest)) in VECTORS.iter().enumerate() {
                let accepted = verify_one(secret, &format!("sha256={digest}"), body);
                assert_eq!(accepted, i == j, "row {} with the header of row {}", i + 1, j + 1);
            }
        }
    }

    #[test]
    fn signing_gives_the_vectors() {
        for (secret, body, digest) in VECTORS {
            assert_eq!(sign(secret, body.as_bytes()), format!("sha256={digest}"));
        }
    }

    #[test]
    fn any_of_several_secrets_will_do_and_none_refuses_all() {
        let (secret, body, digest) = VECTORS[2];
        let header = format!("sha256={digest}");
        let known = ["test_app_secret", secret];
        assert!(verify(known, header.as_bytes(), body.as_bytes()));
        assert!(!verify([known[0]], header.as_bytes(), body.as_bytes()));
        assert!(!verify([], header.as_bytes(), body.as_bytes()));
    }

    #[test]
    fn an_empty_secret_accepts_nothing() {
        let header = sign("", b"body");
        assert!(!verify([""], header.as_bytes(), b"body"));
    }

    #[test]
    fn a_header_of_another_form_is_refused() {
        let (secret, body, digest) = VECTORS[0];
        let upper = digest.to_uppercase();
        let forms = [
            String::new(),
            "sha256=".into(),
            digest.into(),
            format!("sha1={digest}"),
            format!("sha256={upper}"),
            format!("SHA256={digest}"),
            format!("sha256={digest} "),
            format!(" sha256={digest}"),
            format!("sha256={}", &digest[1..]),
            format!("sha256={digest}00"),
            format!("sha256={}g", &digest[1..]),
        ];
        for header in forms {
            assert!(!verify_one(secret, &header, body), "{header:?}");
        }
    }
}
