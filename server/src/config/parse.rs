//! Turns settings into the configuration, noting every fault on the way.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use reqwest::Url;
use sqlx::postgres::PgConnectOptions;

use super::{Config, Faults, Mail, Meta, Mode, Settings};
use crate::secrets::{self, Secret};

/// Where browsers find the server: scheme, host and port, nothing else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl {
    /// As browsers write it in `Origin`.
    pub origin: String,
    pub secure: bool,
}

/// An address or a block of addresses, such as `10.0.0.0/8`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AddressBlock {
    address: IpAddr,
    prefix: u8,
}

impl AddressBlock {
    /// Whether an address lies in the block.
    #[must_use]
    pub fn contains(&self, other: IpAddr) -> bool {
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(block), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                u32::from(block) & mask == u32::from(other) & mask
            }
            (IpAddr::V6(block), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                u128::from(block) & mask == u128::from(other) & mask
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for AddressBlock {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), str::parse).map_err(|_| ())?;
        if prefix > longest { Err(()) } else { Ok(Self { address, prefix }) }
    }
}

/// Checks everything; see [`Config::check`].
pub fn check(mode: Mode, settings: &Settings, env: &dyn Fn(&str) -> Option<String>) -> Result<Config, Faults> {
    let mut check = Check { faults: Faults::default(), env };
    let listen = check.listen(mode, &settings.listen);
    let public_url = check.public_url(settings.public_url.as_deref(), listen);
    let meta = check.meta(settings);
    let trusted_proxies = check.proxies(&settings.trusted_proxies);
    let database_url = check.database_url();
    let master_key = check.master_key();
    let mail = check.mail(settings.mail_from.as_deref(), public_url.as_ref());
    let metrics_token = check.secret("CIRANDA_METRICS_TOKEN");
    match (listen, public_url, meta) {
        (Some(listen), Some(public_url), Some(meta)) if check.faults.0.is_empty() => Ok(Config {
            mode,
            listen,
            data_dir: settings.data_dir.clone(),
            database_url,
            public_url,
            meta,
            trusted_proxies,
            master_key,
            mail,
            metrics_token,
        }),
        _ => Err(check.faults),
    }
}

struct Check<'a> {
    faults: Faults,
    env: &'a dyn Fn(&str) -> Option<String>,
}

impl Check<'_> {
    fn listen(&mut self, mode: Mode, text: &str) -> Option<SocketAddr> {
        let Ok(address) = text.parse::<SocketAddr>() else {
            self.faults.note(
                "CIRANDA_LISTEN",
                format!("“{text}” is not an address with a port"),
                "write it like 127.0.0.1:3000 or [::1]:3000",
            );
            return None;
        };
        if mode == Mode::Demo && !address.ip().is_loopback() {
            self.faults.note(
                "CIRANDA_LISTEN",
                format!("the demo lets anybody in, so it does not listen on {address}"),
                "use a loopback address such as 127.0.0.1:3000, or run `ciranda serve`",
            );
        }
        Some(address)
    }

    fn public_url(&mut self, text: Option<&str>, listen: Option<SocketAddr>) -> Option<PublicUrl> {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            let listen = listen?;
            if !listen.ip().is_loopback() {
                self.faults.note(
                    "CIRANDA_PUBLIC_URL",
                    format!("is needed when listening on {listen}: cookies and the check of where requests come from follow it"),
                    "set it to the address people type, for example https://desk.example.com",
                );
            }
            return Some(PublicUrl { origin: format!("http://{listen}"), secure: false });
        };
        let parsed = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        });
        let Some(url) = parsed else {
            self.faults.note(
                "CIRANDA_PUBLIC_URL",
                format!("“{text}” is not an http or https address without a path"),
                "write it like https://desk.example.com",
            );
            return None;
        };
        if url.scheme() == "http" && !is_loopback(&url) {
            self.faults.note(
                "CIRANDA_PUBLIC_URL",
                format!("“{text}” is not encrypted"),
                "use https (a proxy in front may end it); http is for this machine only",
            );
        }
        Some(PublicUrl { origin: url.origin().ascii_serialization(), secure: url.scheme() == "https" })
    }

    fn meta(&mut self, settings: &Settings) -> Option<Meta> {
        let version = settings.meta_graph_version.clone();
        let well_formed = version
            .strip_prefix('v')
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(major, minor)| major.parse::<u16>().is_ok() && minor.parse::<u16>().is_ok());
        if !well_formed {
            self.faults.note(
                "CIRANDA_META_GRAPH_VERSION",
                format!("“{version}” is not a version"),
                "write it like v26.0",
            );
        }
        let graph_url = self.base("CIRANDA_META_GRAPH_URL", &settings.meta_graph_url);
        let instagram_graph_url = self.base("CIRANDA_INSTAGRAM_GRAPH_URL", &settings.instagram_graph_url);
        let app_id = self.app_id("CIRANDA_META_APP_ID", settings.meta_app_id.as_deref());
        let instagram_app_id = self.app_id("CIRANDA_INSTAGRAM_APP_ID", settings.instagram_app_id.as_deref());
        let app_secret = self.secret("CIRANDA_META_APP_SECRET");
        let verify_token = self.secret("CIRANDA_META_VERIFY_TOKEN");
        let instagram_app_secret = self.secret("CIRANDA_INSTAGRAM_APP_SECRET");
        Some(Meta {
            graph_url: graph_url?,
            instagram_graph_url: instagram_graph_url?,
            graph_version: version,
            app_id,
            app_secret,
            verify_token,
            instagram_app_id,
            instagram_app_secret,
        })
    }

    fn base(&mut self, setting: &'static str, text: &str) -> Option<Url> {
        let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        else {
            self.faults.note(
                setting,
                format!("“{text}” is not an http or https address"),
                "leave it unset to use Meta's own address",
            );
            return None;
        };
        if url.scheme() == "http" && !is_loopback(&url) {
            self.faults.note(
                setting,
                format!("“{text}” is not encrypted, and tokens travel to it"),
                "use https; http is for this machine only",
            );
        }
        Some(url)
    }

    fn app_id(&mut self, setting: &'static str, text: Option<&str>) -> Option<String> {
        let text = text.filter(|text| !text.is_empty())?;
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.faults.note(
                setting,
                format!("“{text}” is not the id of an app"),
                "copy the digits from the app's dashboard at Meta",
            );
        }
        Some(text.to_owned())
    }

    fn proxies(&mut self, text: &str) -> Vec<AddressBlock> {
        let mut blocks = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(block) => blocks.push(block),
                Err(()) => self.faults.note(
                    "CIRANDA_TRUSTED_PROXIES",
                    format!("“{part}” is neither an address nor a block of addresses"),
                    "write them like 10.0.0.1, 10.1.0.0/16",
                ),
            }
        }
        blocks
    }

    fn database_url(&mut self) -> Option<Secret> {
        let url = self.secret("DATABASE_URL")?;
        let named = ["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme));
        if !named || PgConnectOptions::from_str(url.expose()).is_err() {
            self.faults.note(
                "DATABASE_URL",
                "is not the address of a PostgreSQL database",
                "write it like postgres://user:password@host/name, or leave it unset",
            );
        }
        Some(url)
    }

    fn master_key(&mut self) -> Option<Secret> {
        let key = self.secret("CIRANDA_MASTER_KEY")?;
        if let Err(error) = secrets::parse_key(key.expose()) {
            self.faults.note(
                "CIRANDA_MASTER_KEY",
                error.to_string(),
                "leave it unset to have one made in the data folder",
            );
        }
        Some(key)
    }

    fn mail(&mut self, from: Option<&str>, public: Option<&PublicUrl>) -> Option<Mail> {
        let url = self.secret("CIRANDA_SMTP_URL")?;
        if lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(url.expose()).is_err() {
            self.faults.note(
                "CIRANDA_SMTP_URL",
                "is not the address of a mail server",
                "write it like smtps://user:password@host or smtp://host:25",
            );
        }
        let host =
            public.and_then(|public| Url::parse(&public.origin).ok()).and_then(|url| url.host_str().map(str::to_owned));
        let from = from.map_or_else(|| format!("ciranda@{}", host.unwrap_or_default()), str::to_owned);
        if from.parse::<lettre::message::Mailbox>().is_err() {
            self.faults.note(
                "CIRANDA_MAIL_FROM",
                format!("“{from}” is not an e-mail address"),
                "write it like desk@example.com",
            );
        }
        Some(Mail { url, from })
    }

    /// A secret from its variable or from the file that the variable with `_FILE` names; empty means unset.
    fn secret(&mut self, setting: &'static str) -> Option<Secret> {
        let direct = (self.env)(setting).filter(|text| !text.is_empty());
        let file = (self.env)(&format!("{setting}_FILE")).filter(|text| !text.is_empty());
        match (direct, file) {
            (Some(_), Some(_)) => {
                self.faults.note(setting, format!("{setting} and {setting}_FILE are both set"), "keep one of them");
                None
            }
            (Some(text), None) => Some(Secret::new(text)),
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(text) => Some(Secret::new(text.trim())),
                Err(error) => {
                    self.faults.note(
                        setting,
                        format!("the file {file} of {setting}_FILE cannot be read: {error}"),
                        "check its path and that this user may read it",
                    );
                    None
                }
            },
            (None, None) => None,
        }
    }
}

/// Whether an address names this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.ends_with(".localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
