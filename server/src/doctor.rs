//! What is wrong with an installation, and what to do about it.

use crate::app::App;
use crate::channels;
use crate::store::envelope;
use crate::store::outbox::{Down, channels_down};

/// Looks at everything that an operator can mend; one sentence each.
pub async fn examine(app: &App) -> Vec<String> {
    let mut findings =
        vec!["The configuration is sound.".to_owned(), "The database answers and is migrated.".to_owned()];
    findings.extend(channels::meta::problem(app).map(|problem| format!("Attention: {problem}.")));
    if app.config.mail.is_none() && !app.config.is_demo() {
        findings.push("Attention: no code to log in can be sent until CIRANDA_SMTP_URL is set.".to_owned());
    }
    match envelope::standing(&app.pool).await {
        Ok(standing) => findings.extend(envelopes(&standing)),
        Err(error) => findings.push(format!("Attention: the kept webhooks could not be counted: {error}")),
    }
    match channels_down(app).await {
        Ok(down) => findings.extend(down.into_iter().map(|Down { account, channel, code }| {
            format!("Attention: nothing leaves from the channel {channel} of {account} (code {code}): reconnect it.")
        })),
        Err(error) => findings.push(format!("Attention: the channels could not be looked at: {error}")),
    }
    findings
}

fn envelopes(standing: &envelope::Standing) -> Vec<String> {
    let mut findings = vec![format!("{} webhooks wait to be processed.", standing.open)];
    if standing.unknown_channel > 0 {
        findings.push(format!(
            "Attention: {} webhooks name a number that no account has; connect it, or unsubscribe it at Meta. They are kept for 30 days.",
            standing.unknown_channel
        ));
    }
    if standing.broken > 0 {
        findings.push(format!("Attention: {} webhooks could not be read; their notes say why.", standing.broken));
    }
    findings
}
