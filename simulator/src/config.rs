//! What a simulator is told when it is made.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Business time in milliseconds since the Unix epoch; the demo shifts it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Everything a simulator needs to know.
#[derive(Clone)]
pub struct Config {
    /// Where webhooks go, for example `http://127.0.0.1:3000/webhooks/meta`.
    pub webhook_url: String,
    /// Signs the webhooks.
    pub app_secret: String,
    /// The business's numbers; each send names one of them.
    pub business: Vec<SimNumber>,
    /// The approved templates. With none, every template is taken and drawn without its text.
    pub templates: Vec<SimTemplate>,
    /// Who has a phone from the start; see [`crate::people::five_brazilians`].
    pub customers: Vec<SimCustomer>,
    pub clock: Clock,
    /// Ids are drawn from it. A desk that outlives its simulator must get another seed each time, or ids return.
    pub seed: u64,
    pub pace: Pace,
}

/// A number of the business.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SimNumber {
    pub phone_number_id: String,
    /// As Meta writes it in webhooks: digits with country code.
    pub display_phone: String,
    pub waba_id: String,
    /// The verified name that customers see.
    pub name: String,
}

/// An approved template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SimTemplate {
    pub name: String,
    /// Meta's language code, `pt_BR`.
    pub language: String,
    pub category: TemplateCategory,
    /// The body, with `{{1}}`, `{{2}}`, … or `{{name}}` where parameters go.
    pub body: String,
    /// Quick replies, by title.
    pub buttons: Vec<String>,
}

/// What a template is charged as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum TemplateCategory {
    Marketing,
    Utility,
    Authentication,
}

impl TemplateCategory {
    /// As the pricing object of a status names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Utility => "utility",
            Self::Authentication => "authentication",
        }
    }
}

/// A person with a phone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SimCustomer {
    pub name: String,
    /// WhatsApp's id: digits, in Brazil with or without the ninth digit. None for one known by user id only.
    pub wa_id: Option<String>,
    pub username: Option<String>,
}

/// How long after a send its statuses come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    pub sent: Duration,
    /// Counted from `sent`.
    pub delivered: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { sent: Duration::from_millis(80), delivered: Duration::from_millis(250) }
    }
}
