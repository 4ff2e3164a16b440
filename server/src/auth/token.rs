//! What a browser holds, and what the database holds of it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use sha2::{Digest, Sha256};

/// 32 random bytes; only the browser has them.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// The hash of a token; a fast one is right where the token is random.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub [u8; 32]);

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionId({}…)", hex::encode(&self.0[..4]))
    }
}

impl Token {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Reads what [`Token::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// As it stands in a cookie or a link.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database holds.
    #[must_use]
    pub fn id(&self) -> SessionId {
        SessionId(Sha256::digest(self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is_taken_for_one() {
        let token = Token::random();
        assert!(Token::parse(&token.text()) == Some(token.clone()));
        assert!(token != Token::random());
        assert_ne!(token.id().0.as_slice(), URL_SAFE_NO_PAD.decode(token.text()).expect("its own text"));
        for other in ["", "short", &token.text()[1..], &format!("{}A", token.text()), "=".repeat(43).as_str()] {
            assert!(Token::parse(other).is_none(), "{other}");
        }
    }
}
