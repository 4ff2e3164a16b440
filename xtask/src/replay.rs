//! `cargo xtask replay`: posts every webhook body below a folder, signed as Meta signs, and fails on any answer but 200.
//! Parts of bodies, as documentation prints them, are put into the envelope of their product first.

mod envelope;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use envelope::Body;

/// What to post where.
#[derive(Debug, Args)]
pub struct Replay {
    /// The folder; every .json below it is posted.
    dir: PathBuf,
    /// Where the server takes webhooks.
    #[arg(long, default_value = "http://127.0.0.1:3000/webhooks/meta")]
    url: String,
    /// The app secret that the server checks signatures with.
    #[arg(long, env = "CIRANDA_META_APP_SECRET", hide_env_values = true)]
    secret: String,
}

/// Posts them all in the order of their paths and prints what became of each.
pub fn replay(task: &Replay) -> Result<()> {
    let files = crate::web::files_below(&task.dir)?;
    let files: Vec<_> =
        files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")).collect();
    if files.is_empty() {
        bail!("there is no .json below {}", task.dir.display());
    }
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let (mut posted, mut failed) = (0, 0);
    for file in &files {
        let name = file.strip_prefix(&task.dir).unwrap_or(file).display();
        let Some(body) = body_of(file)? else {
            println!("    –         –  {name}  (an answer of the Graph API, not a webhook)");
            continue;
        };
        posted += 1;
        let start = Instant::now();
        let answer = post(&agent, task, &body);
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        match answer {
            Ok(200) => println!("  200 {milliseconds:>6.1} ms  {name}"),
            Ok(status) => println!("  {status} {milliseconds:>6.1} ms  {name}  FAILED"),
            Err(ref error) => println!("    – {milliseconds:>6.1} ms  {name}  FAILED: {error:#}"),
        }
        failed += usize::from(!matches!(answer, Ok(200)));
    }
    println!("{posted} posted, {failed} not answered with 200");
    if failed > 0 {
        bail!("{failed} of {posted} bodies were not taken");
    }
    Ok(())
}

/// What is posted for a file; nothing when it is no webhook body and no part of one.
fn body_of(file: &Path) -> Result<Option<Vec<u8>>> {
    let bytes = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    // What is not JSON is posted as it is: the server has to take that, too.
    let Ok(json) = serde_json::from_slice(&bytes) else { return Ok(Some(bytes)) };
    Ok(match envelope::complete(json, file) {
        Body::Whole => Some(bytes),
        Body::Wrapped(body) => Some(serde_json::to_vec(&body)?),
        Body::NoWebhook => None,
    })
}

/// Signs the bytes that are sent, and sends them.
fn post(agent: &ureq::Agent, task: &Replay, body: &[u8]) -> Result<u16> {
    let request = agent.post(&task.url).content_type("application/json");
    let answer = request.header("X-Hub-Signature-256", signature(&task.secret, body)).send(body)?;
    Ok(answer.status().as_u16())
}

fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("invariant: HMAC takes a key of any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn a_body_is_signed_as_rfc_4231_has_it() {
        let signed = signature("Jefe", b"what do ya want for nothing?");
        assert_eq!(signed, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
