//! The browser policy that every answer carries (engineering.md 5.3, decision 40).
//!
//! *Invariant:* no inline script or style, nothing from another host, no framing. What a handler has set itself stays.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::config::PublicUrl;

const FIXED: [(HeaderName, &str); 7] = [
    (HeaderName::from_static("content-security-policy-report-only"), "require-trusted-types-for 'script'"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "microphone=(self), camera=(), geolocation=()"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Files say otherwise themselves.
    (header::CACHE_CONTROL, "no-store"),
];

/// Adds the policy to an answer.
pub async fn add(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let public = &app.config.public_url;
    if let Ok(policy) = HeaderValue::try_from(content_policy(public)) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    if public.secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
    response
}

/// What pages may load and connect to. The socket's address is named as well, for browsers whose `'self'` lacks it.
fn content_policy(public: &PublicUrl) -> String {
    let socket = public.origin.replacen("http", "ws", 1);
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
         media-src 'self' blob:; font-src 'self'; connect-src 'self' {socket}; manifest-src 'self'; worker-src 'self'; \
         frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
}
