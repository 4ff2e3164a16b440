//! How often the login may be tried.
//!
//! *Invariant:* a limit depends on what was typed and from where, never on whether the person exists. Nobody is locked
//! out for longer than the time that the limit looks back.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::store::{self, login::Tried};

/// Codes asked for with one login: each allows five guesses at a million numbers.
const PER_LOGIN: Tried = Tried { lately: 5, today: 20 };
/// Codes asked for from one address; an office shares one.
const CODES_PER_ADDRESS: Tried = Tried { lately: 40, today: 400 };
/// Codes and links tried from one address.
const TRIES_PER_ADDRESS: Tried = Tried { lately: 60, today: 600 };

/// Whether one more code may be sent.
///
/// # Errors
/// When the database cannot be reached.
pub async fn may_send(pool: &PgPool, login: &str, from: IpAddr) -> store::Result<bool> {
    // The login itself is not kept: it may be the phone number of somebody who has no account here.
    let login = hex::encode(Sha256::digest(login));
    let by_login = store::login::mark(pool, &format!("login:{login}")).await?;
    let by_address = store::login::mark(pool, &format!("codes:{}", network(from))).await?;
    Ok(below(by_login, PER_LOGIN) && below(by_address, CODES_PER_ADDRESS))
}

/// Whether one more code or link may be tried.
///
/// # Errors
/// When the database cannot be reached.
pub async fn may_try(pool: &PgPool, from: IpAddr) -> store::Result<bool> {
    let tried = store::login::mark(pool, &format!("tries:{}", network(from))).await?;
    Ok(below(tried, TRIES_PER_ADDRESS))
}

fn below(tried: Tried, most: Tried) -> bool {
    tried.lately < most.lately && tried.today < most.today
}

/// One household has a whole block of IPv6 addresses.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let block: Vec<String> = address.segments()[..4].iter().map(|part| format!("{part:x}")).collect();
            block.join(":")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_of_one_ipv6_block_count_together() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.5"), of("203.0.113.5"));
    }
}
