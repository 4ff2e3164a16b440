//! The browser's files, embedded by `build.rs` from what `cargo xtask web` made.
//!
//! *Invariant:* a file whose name carries its hash may be kept for ever; everything else is asked for again each time.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::app::App;

/// One file, with smaller copies where they are smaller.
struct Asset {
    path: &'static str,
    kind: &'static str,
    immutable: bool,
    etag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// First parts of addresses that are never a page of the desk.
const NOT_PAGES: &[&str] = &["api", "conectar", "l", "meta", "midia", "pkg", "sync", "t", "webhooks"];

const UNBUILT: &str = "This server was built without the browser's files. Run script/build, or `cargo xtask web` and build the server again.\n";

/// Answers what no route takes: a file, or the shell for the pages of the desk.
pub async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::NOT_FOUND, "there is nothing here\n").into_response();
    }
    let path = request.uri().path();
    let file = FILES.iter().find(|file| file.path == path && path != "/");
    if let Some(file) = file {
        return answer(file, request.headers());
    }
    if !is_page(path, app.config.is_demo()) {
        return (StatusCode::NOT_FOUND, "there is nothing here\n").into_response();
    }
    match FILES.iter().find(|file| file.path == "/") {
        Some(shell) => answer(shell, request.headers()),
        None => (StatusCode::OK, UNBUILT).into_response(),
    }
}

/// Whether an address is one of the desk's pages, all of which are the same shell.
fn is_page(path: &str, demo: bool) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    let first = parts.next().unwrap_or_default();
    let last = parts.next_back().unwrap_or(first);
    match first {
        "simulador" => demo && last == first,
        _ => !NOT_PAGES.contains(&first) && !last.contains('.'),
    }
}

fn answer(file: &'static Asset, headers: &HeaderMap) -> Response {
    let (body, encoding) = chosen(file, headers);
    let etag = format!("\"{}{}\"", file.etag, encoding.map(|name| format!("-{name}")).unwrap_or_default());
    let lasting = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag));
    let mut response = Response::builder()
        .status(if unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK })
        .header(header::CONTENT_TYPE, file.kind)
        .header(header::CACHE_CONTROL, lasting)
        .header(header::ETAG, etag)
        .header(header::VARY, "accept-encoding");
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    let body = if unchanged { Body::empty() } else { Body::from(Bytes::from_static(body)) };
    response.body(body).expect("invariant: all header values here are plain ASCII")
}

/// The smallest copy that the browser takes.
fn chosen(file: &'static Asset, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
    let accepted: Vec<&str> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(wanted)
        .collect();
    let takes = |name: &str| accepted.contains(&name);
    match (file.brotli, file.gzip) {
        (Some(brotli), _) if takes("br") => (brotli, Some("br")),
        (_, Some(gzip)) if takes("gzip") => (gzip, Some("gzip")),
        _ => (file.plain, None),
    }
}

/// The name of an encoding in `Accept-Encoding`, unless it is refused by `q=0`.
fn wanted(item: &str) -> Option<&str> {
    let (name, weight) = item.split_once(';').map_or((item, None), |(name, rest)| (name, Some(rest)));
    let refused = weight.and_then(|rest| rest.trim().strip_prefix("q=")).is_some_and(|q| q.parse() == Ok(0.0_f32));
    (!refused).then_some(name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    static FILE: Asset = Asset {
        path: "/x.js",
        kind: "text/javascript",
        immutable: true,
        etag: "abc",
        plain: b"plain",
        brotli: Some(b"br"),
        gzip: Some(b"gz"),
    };

    fn asked(name: header::HeaderName, value: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a header"));
        answer(&FILE, &headers)
    }

    fn encoding(value: &str) -> Option<String> {
        let response = asked(header::ACCEPT_ENCODING, value);
        response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().expect("plain").to_owned())
    }

    #[test]
    fn the_smallest_copy_the_browser_takes_is_sent() {
        assert_eq!(encoding("gzip, deflate, br, zstd").as_deref(), Some("br"));
        assert_eq!(encoding("gzip").as_deref(), Some("gzip"));
        assert_eq!(encoding("br;q=0, gzip;q=0.5").as_deref(), Some("gzip"));
        assert_eq!(encoding("identity"), None);
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        let response = asked(header::IF_NONE_MATCH, "W/\"abc\", \"x\"");
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(response.headers()[header::ETAG], "\"abc\"");
        assert_eq!(asked(header::IF_NONE_MATCH, "\"other\"").status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    }

    #[test]
    fn pages_are_what_is_neither_a_file_nor_an_interface() {
        for page in ["/", "/entrar", "/atendimentos", "/atendimentos/0198a-b", "/ajustes/equipes/"] {
            assert!(is_page(page, false), "{page}");
        }
        for other in
            ["/pkg/gone.wasm", "/api/fn/nothing", "/sync/v1/nothing", "/favicon.ico", "/webhooks/x", "/.env", "/a/.git"]
        {
            assert!(!is_page(other, true), "{other}");
        }
        assert!(is_page("/simulador", true) && !is_page("/simulador", false) && !is_page("/simulador/api/x", true));
    }
}
