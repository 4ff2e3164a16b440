//! Sending mail.
//!
//! *Invariant:* a code is written to the log in the demo only; elsewhere neither a code nor an address is logged.

use ciranda_text::{Words, email};
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{Config, Mail};

/// How mail leaves.
pub enum Mailer {
    Smtp {
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        from: Mailbox,
    },
    /// The demo has nobody to write to.
    Log,
    /// Nothing is configured: people come in by one-time links.
    None,
}

impl Mailer {
    /// As configured; the configuration was checked before.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        match &config.mail {
            Some(mail) => Self::smtp(mail).unwrap_or(Self::None),
            None if config.is_demo() => Self::Log,
            None => Self::None,
        }
    }

    fn smtp(mail: &Mail) -> Option<Self> {
        let transport = Box::new(AsyncSmtpTransport::<Tokio1Executor>::from_url(mail.url.expose()).ok()?.build());
        Some(Self::Smtp { transport, from: mail.from.parse().ok()? })
    }

    /// Whether mail leaves at all.
    #[must_use]
    pub const fn sends(&self) -> bool {
        matches!(self, Self::Smtp { .. })
    }

    /// Sends somebody the link that lets them in for the first time.
    pub async fn invite(&self, to: &str, account: &str, link: &str) {
        let Self::Smtp { transport, from } = self else { return };
        let (subject, body) = email::invite(Words::PORTUGUESE, account, link);
        let Ok(to) = to.parse() else { return tracing::warn!("a person's e-mail address is malformed") };
        let message = Message::builder().from(from.clone()).to(to).subject(subject).body(body);
        let Ok(message) = message else { return tracing::error!("an invitation's e-mail could not be written") };
        if let Err(error) = transport.send(message).await {
            let status = error.status().map(|status| status.to_string());
            tracing::error!(status, "an invitation could not be sent; check CIRANDA_SMTP_URL and CIRANDA_MAIL_FROM");
        }
    }

    /// Sends a login code.
    pub async fn code(&self, words: Words, to: &str, code: &str, minutes: u32) {
        match self {
            Self::Smtp { transport, from } => {
                let (subject, body) = email::code(words, code, minutes);
                let Ok(to) = to.parse() else { return tracing::warn!("a person's e-mail address is malformed") };
                let message = Message::builder().from(from.clone()).to(to).subject(subject).body(body);
                let Ok(message) = message else { return tracing::error!("a login code's e-mail could not be written") };
                if let Err(error) = transport.send(message).await {
                    // A mail server's own words may hold the address.
                    let status = error.status().map(|status| status.to_string());
                    tracing::error!(
                        status,
                        "a login code could not be sent; check CIRANDA_SMTP_URL and CIRANDA_MAIL_FROM"
                    );
                }
            }
            Self::Log => tracing::info!("the code for {to} is {code}"),
            Self::None => {
                tracing::warn!(
                    "a login code cannot be sent: set CIRANDA_SMTP_URL, or make a one-time link with `ciranda admin`"
                );
            }
        }
    }
}
