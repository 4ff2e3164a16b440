//! The socket and the requests of the sync protocol.
//!
//! *Invariant:* bytes in, bytes out: nothing here reads a frame.

use ciranda_sync::frames::{PageRequest, SUBPROTOCOL};
use ciranda_sync::machine::{FetchId, Input, SocketId};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BinaryType, CloseEvent, MessageEvent, RequestInit, Response, WebSocket};

/// What a socket reports with when it could not even be made.
const NEVER_OPENED: u16 = 1006;

/// A socket with its listeners; dropping it removes them and closes it.
pub struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
}

impl Socket {
    /// Opens a socket whose events go to `report`; `None` when the browser refuses, which is reported too.
    pub fn open(id: SocketId, report: impl Fn(Input) + Clone + 'static) -> Option<Self> {
        let Ok(socket) = WebSocket::new_with_str(&address(), SUBPROTOCOL) else {
            report(Input::SocketClosed { socket: id, code: NEVER_OPENED });
            return None;
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let told = report.clone();
        let opened = Closure::new(move || told(Input::SocketOpened(id)));
        let told = report.clone();
        let closed =
            Closure::new(move |event: CloseEvent| told(Input::SocketClosed { socket: id, code: event.code() }));
        let message = Closure::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                report(Input::Frame { socket: id, bytes: Uint8Array::new(&buffer).to_vec() });
            }
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Some(Self { socket, _opened: opened, _closed: closed, _message: message })
    }

    /// Sends a frame; a socket that cannot take it reports its end by itself.
    pub fn send(&self, bytes: &[u8]) {
        _ = self.socket.send_with_u8_array(bytes);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        self.socket.set_onmessage(None);
        _ = self.socket.close();
    }
}

fn address() -> String {
    let location = web_sys::window().expect("invariant: the desk runs in a page").location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    [if secure { "wss://" } else { "ws://" }, &location.host().unwrap_or_default(), "/sync/v1"].concat()
}

/// Asks for the beginning of a snapshot.
pub fn fetch_start(fetch: FetchId, report: impl Fn(Input) + 'static) {
    request("/sync/v1/start".to_owned(), fetch, report);
}

/// Asks for a page of one.
pub fn fetch_page(fetch: FetchId, page: &PageRequest, report: impl Fn(Input) + 'static) {
    let mut address = ["/sync/v1/page?part=", page.part.name()].concat();
    if let Some(after) = &page.after {
        address.push_str("&after=");
        address.push_str(&String::from(js_sys::encode_uri_component(after)));
    }
    request(address, fetch, report);
}

fn request(address: String, fetch: FetchId, report: impl Fn(Input) + 'static) {
    spawn_local(async move {
        report(match body(&address).await {
            Ok(body) => Input::Fetched { fetch, body },
            Err(status) => Input::FetchFailed { fetch, status },
        });
    });
}

/// The body, or the status that came instead; zero when no answer came.
async fn body(address: &str) -> Result<Vec<u8>, u16> {
    let window = web_sys::window().expect("invariant: the desk runs in a page");
    let options = RequestInit::new();
    options.set_cache(web_sys::RequestCache::NoStore);
    let answer = JsFuture::from(window.fetch_with_str_and_init(address, &options)).await.map_err(|_| 0_u16)?;
    let response: Response = answer.unchecked_into();
    if !response.ok() {
        return Err(response.status());
    }
    let buffer = JsFuture::from(response.array_buffer().map_err(|_| 0_u16)?).await.map_err(|_| 0_u16)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
