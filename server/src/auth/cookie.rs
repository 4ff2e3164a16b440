//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use super::Token;
use crate::app::App;
use crate::config::PublicUrl;

/// Thirty days, renewed with use.
const MAX_AGE: u32 = 30 * 24 * 60 * 60;

/// The cookie's name; the prefix makes browsers refuse one that another host or an unencrypted page has set.
#[must_use]
pub fn name(public: &PublicUrl) -> &'static str {
    if public.secure { "__Host-ciranda" } else { "ciranda" }
}

/// The token that a request carries.
#[must_use]
pub fn of(app: &App, headers: &HeaderMap) -> Option<Token> {
    let name = name(&app.config.public_url);
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| Token::parse(value))
}

/// Gives the browser a token.
#[must_use]
pub fn set(public: &PublicUrl, token: &Token) -> HeaderValue {
    written(public, &token.text(), MAX_AGE)
}

/// Takes it away.
#[must_use]
pub fn cleared(public: &PublicUrl) -> HeaderValue {
    written(public, "", 0)
}

fn written(public: &PublicUrl, value: &str, max_age: u32) -> HeaderValue {
    let secure = if public.secure { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}", name(public));
    HeaderValue::try_from(text).expect("invariant: a token's text and our own words are plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_and_secure_follow_the_public_address() {
        let token = Token::random();
        let secure = PublicUrl { origin: "https://desk.example.com".to_owned(), secure: true };
        let text = set(&secure, &token).to_str().expect("plain").to_owned();
        assert_eq!(
            text,
            format!("__Host-ciranda={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure", token.text())
        );
        let plain = PublicUrl { origin: "http://127.0.0.1:3000".to_owned(), secure: false };
        assert_eq!(cleared(&plain), "ciranda=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
