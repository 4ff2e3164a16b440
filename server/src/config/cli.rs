//! Flags and subcommands of the binary.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Customer-service desk for teams on WhatsApp, Instagram and Messenger.
#[derive(Parser, Debug)]
#[command(name = "ciranda", version, about, after_help = SECRETS)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub settings: Settings,
}

const SECRETS: &str = "Secrets come from the environment, or from a file named by the same variable with _FILE added:
  DATABASE_URL                   PostgreSQL to use; without it a private one runs in the data folder
  CIRANDA_META_APP_SECRET        signs Meta's webhooks
  CIRANDA_META_VERIFY_TOKEN      answers Meta's webhook handshake
  CIRANDA_INSTAGRAM_APP_SECRET   signs webhooks of the Instagram app, where it is another one
  CIRANDA_MASTER_KEY             seals stored credentials; without it one is kept in the data folder
  CIRANDA_SMTP_URL               sends login codes, for example smtps://user:password@host
  CIRANDA_METRICS_TOKEN          lets /metrics be read from another machine";

/// What to do.
#[derive(Subcommand, Debug, Clone)]
pub enum Command {
    /// Run the server (the default).
    Serve,
    /// Run a demonstration with made-up people and a simulated phone, on this machine only.
    Demo,
    /// Bring the database to this version and stop.
    Migrate,
    /// Manage accounts.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Say what is wrong with this installation and what to do.
    Doctor,
}

/// Management of accounts.
#[derive(Subcommand, Debug, Clone)]
pub enum AdminCommand {
    /// Create an account with its owner and print the owner's one-time link.
    Create {
        /// Name of the account.
        #[arg(long)]
        account: String,
        /// Name of the owner.
        #[arg(long)]
        name: String,
        /// E-mail the owner logs in with.
        #[arg(long)]
        email: String,
        /// IANA name of the account's time zone.
        #[arg(long, default_value = "America/Sao_Paulo")]
        zone: String,
    },
    /// Make all facts of an account's reports anew from its conversations, while its changes wait.
    RebuildReports {
        /// Id of the account.
        #[arg(long)]
        account: uuid::Uuid,
    },
}

/// Settings that are not secret; every one is a flag and a variable.
#[derive(Args, Debug, Clone)]
pub struct Settings {
    /// Address to listen on.
    #[arg(long, env = "CIRANDA_LISTEN", default_value = "127.0.0.1:3000", global = true)]
    pub listen: String,
    /// Folder for the private PostgreSQL, the master key and media.
    #[arg(long, env = "CIRANDA_DATA_DIR", default_value = ".data", global = true)]
    pub data_dir: PathBuf,
    /// Where browsers find this server, for example `https://desk.example.com`.
    #[arg(long, env = "CIRANDA_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// Base address of Meta's Graph API.
    #[arg(long, env = "CIRANDA_META_GRAPH_URL", default_value = "https://graph.facebook.com", global = true)]
    pub meta_graph_url: String,
    /// Base address of Instagram's API.
    #[arg(long, env = "CIRANDA_INSTAGRAM_GRAPH_URL", default_value = "https://graph.instagram.com", global = true)]
    pub instagram_graph_url: String,
    /// Version of the Graph API.
    #[arg(long, env = "CIRANDA_META_GRAPH_VERSION", default_value = "v26.0", global = true)]
    pub meta_graph_version: String,
    /// Id of the app at Meta.
    #[arg(long, env = "CIRANDA_META_APP_ID", global = true)]
    pub meta_app_id: Option<String>,
    /// Id of the Instagram app, where it is another one.
    #[arg(long, env = "CIRANDA_INSTAGRAM_APP_ID", global = true)]
    pub instagram_app_id: Option<String>,
    /// Proxies whose X-Forwarded-For is believed: addresses or blocks, separated by commas.
    #[arg(long, env = "CIRANDA_TRUSTED_PROXIES", default_value = "", global = true)]
    pub trusted_proxies: String,
    /// Sender of login codes; by default ciranda@ the host of the public address.
    #[arg(long, env = "CIRANDA_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
}
