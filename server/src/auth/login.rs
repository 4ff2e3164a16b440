//! Codes by e-mail, one-time links, and the session they begin.
//!
//! *Invariant:* a login that nobody has takes the same steps as one that somebody has, up to and including a stored
//! code that no digits match; only the sending, which nobody waits for, differs.

use std::net::IpAddr;
use std::sync::Arc;

use ciranda_domain::ids::{AccountId, PersonId};
use ciranda_domain::person::PersonStatus;
use ciranda_text::Words;
use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng, RngCore};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{Token, limit};
use crate::app::App;
use crate::clock;
use crate::store::login::{Known, Secret, Whose};
use crate::store::{self, login, session};

/// How long a code holds.
pub const CODE_MINUTES: u32 = 10;
/// How often a code may be tried.
const ATTEMPTS: i16 = 5;
/// How long a one-time link holds.
const LINK_MINUTES: i32 = 3 * 24 * 60;

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("that is neither an e-mail address nor a phone number")]
    Malformed,
    #[error("too many attempts; wait some minutes")]
    TooMany,
    #[error("the code or link is wrong, used or too old")]
    Wrong,
    #[error("the database does not answer")]
    Database(#[from] sqlx::Error),
}

/// An e-mail in lower case, or a phone's digits with country code; a Brazilian number may be typed without its own.
#[must_use]
pub fn normalise(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.len() > 254 {
        return None;
    }
    if let Some((name, host)) = typed.split_once('@') {
        let sound =
            !name.is_empty() && host.contains('.') && !typed.contains(char::is_whitespace) && !host.contains('@');
        return sound.then(|| typed.to_lowercase());
    }
    if !typed.chars().all(|c| c.is_ascii_digit() || "+-.() ".contains(c)) {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    match (typed.starts_with('+'), digits.len()) {
        (false, 10 | 11) => Some(format!("55{digits}")),
        (_, 8..=15) => Some(digits),
        _ => None,
    }
}

/// Sends a code, in these words, to whoever logs in with this, if anybody does; answers what goes back with the code.
///
/// # Errors
/// The same for everybody.
pub async fn request_code(app: &Arc<App>, typed: &str, from: IpAddr, words: Words) -> Result<Uuid, Refusal> {
    let typed = normalise(typed).ok_or(Refusal::Malformed)?;
    if !limit::may_send(&app.pool, &typed, from).await? {
        return Err(Refusal::TooMany);
    }
    let found = login::whose(&app.pool, &typed).await?;
    let challenge = clock::id_at(clock::machine_now());
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
    let mut hash = code_hash(app, challenge, &code);
    if found.is_none() {
        rand::rng().fill_bytes(&mut hash);
    }
    let whose = found.unwrap_or(Whose { account: AccountId(Uuid::nil()), person: PersonId(Uuid::nil()) });
    let minutes = i32::try_from(CODE_MINUTES).unwrap_or(10);
    login::keep_code(&app.pool, &Secret { id: challenge, whose, login: &typed, hash: &hash, minutes }).await?;
    if let Some(whose) = found {
        let sender = Arc::clone(app);
        app.spawn(async move { send(&sender, whose, &code, words).await });
    }
    Ok(challenge)
}

/// Keyed with a secret that the database does not hold: a million codes are soon tried.
fn code_hash(app: &App, challenge: Uuid, code: &str) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(app.secrets.login_key()).expect("invariant: HMAC takes a key of any length");
    mac.update(challenge.as_bytes());
    mac.update(code.as_bytes());
    mac.finalize().into_bytes().into()
}

async fn send(app: &App, whose: Whose, code: &str, words: Words) {
    match known(app, whose).await {
        Ok(Some(known)) if known.status == PersonStatus::Active => match &known.email {
            Some(email) => app.mail.code(words, email, code, CODE_MINUTES).await,
            None => {
                tracing::warn!(person.id = %whose.person, "person {} asked for a code and has no e-mail", whose.person)
            }
        },
        Ok(_) => {}
        Err(error) => tracing::error!("a code could not be sent: {error}"),
    }
}

/// The person, within their account.
///
/// # Errors
/// When the database cannot be reached.
pub async fn known(app: &App, whose: Whose) -> store::Result<Option<Known>> {
    let mut scoped = store::begin(app, whose.account).await?;
    let known = scoped.known(whose.person).await?;
    scoped.commit().await?;
    Ok(known)
}

/// Who a code belongs to. Each attempt counts; a code works once.
///
/// # Errors
/// The same for a wrong, used or old code and one that never was.
pub async fn verify(app: &App, challenge: Uuid, code: &str, from: IpAddr) -> Result<Whose, Refusal> {
    if !limit::may_try(&app.pool, from).await? {
        return Err(Refusal::TooMany);
    }
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let expected = login::try_code(&app.pool, challenge, ATTEMPTS).await?.ok_or(Refusal::Wrong)?;
    if !bool::from(code_hash(app, challenge, &digits).ct_eq(expected.as_slice())) {
        return Err(Refusal::Wrong);
    }
    let whose = login::use_code(&app.pool, challenge).await?.ok_or(Refusal::Wrong)?;
    active(app, whose).await
}

/// Who a one-time link belongs to; it works once.
///
/// # Errors
/// The same for a wrong, used or old link.
pub async fn redeem(app: &App, secret: &str, from: IpAddr) -> Result<Whose, Refusal> {
    if !limit::may_try(&app.pool, from).await? {
        return Err(Refusal::TooMany);
    }
    let token = Token::parse(secret.trim()).ok_or(Refusal::Wrong)?;
    let whose = login::use_link(&app.pool, &token.id().0).await?.ok_or(Refusal::Wrong)?;
    active(app, whose).await
}

async fn active(app: &App, whose: Whose) -> Result<Whose, Refusal> {
    let known = known(app, whose).await?;
    if known.is_some_and(|known| known.status == PersonStatus::Active) { Ok(whose) } else { Err(Refusal::Wrong) }
}

/// Makes a one-time link for somebody: the address to open.
///
/// # Errors
/// When the database cannot be reached.
pub async fn one_time_link(
    pool: &sqlx::PgPool,
    public_origin: &str,
    whose: Whose,
    typed: &str,
) -> store::Result<String> {
    let token = Token::random();
    let id = clock::id_at(clock::machine_now());
    login::keep_link(pool, &Secret { id, whose, login: typed, hash: &token.id().0, minutes: LINK_MINUTES }).await?;
    // Behind the hash sign it reaches no server's log and no other page.
    Ok(format!("{public_origin}/entrar#link={}", token.text()))
}

/// Begins a session, and ends the one that this browser had.
///
/// # Errors
/// When the database cannot be reached.
pub async fn begin_session(app: &App, whose: Whose, before: Option<Token>, agent: &str) -> store::Result<Token> {
    if let Some(before) = before {
        super::end(app, &before).await?;
    }
    let token = Token::random();
    let agent: String = agent.chars().take(200).collect();
    session::begin(&app.pool, &token.id().0, whose.account, whose.person, &agent).await?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn an_email_or_a_phone_is_known_however_it_is_typed() {
        let same = |typed: &str, stored: &str| assert_eq!(normalise(typed).as_deref(), Some(stored), "{typed}");
        same("  Ana@Aurora.Example ", "ana@aurora.example");
        same("(11) 98765-4321", "5511987654321");
        same("11 3456-7890", "551134567890");
        same("+55 11 98765-4321", "5511987654321");
        same("5511987654321", "5511987654321");
        same("+1 202 555 0100", "12025550100");
        for typed in [
            "",
            "ana",
            "@aurora.example",
            "ana@",
            "ana@aurora",
            "a b@c.de",
            "a@b@c.de",
            "123",
            "12345678901234567",
            "11 98765 x",
        ] {
            assert_eq!(normalise(typed), None, "{typed}");
        }
    }
}
