//! `X-Hub-Signature-256`: how Meta signs a webhook.
//!
//! *Invariant:* the signature is over the very bytes that are sent; nothing here serialises.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header that carries the signature.
pub const HEADER: &str = "X-Hub-Signature-256";

/// The value of the header for these bytes.
#[must_use]
pub fn sign(app_secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::sign;

    /// The published vectors: two pairs are one JSON value in two spellings, and must differ.
    #[test]
    fn signs_the_bytes_and_not_the_value() {
        let vectors = [
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
            (
                "test_app_secret",
                r#"{"t":"äöå 👍"}"#,
                "54c0e6114753c0d946031b69d739961c77475df888a784d138f2c84a329cd556",
            ),
            (
                "test_app_secret",
                r#"{"t":"\u00e4\u00f6\u00e5 \ud83d\udc4d"}"#,
                "b673bfa5350d7264e0b9b787fbdf00d2be3e7e08eae80ebf073ba873d4a1ca22",
            ),
            ("test_app_secret", "", "517bc4c7d1d8d400868e0ad6f64b77098b818a2f2595004253a1922302a602c0"),
        ];
        for (secret, body, expected) in vectors {
            assert_eq!(sign(secret, body.as_bytes()), format!("sha256={expected}"), "{body}");
        }
    }
}
