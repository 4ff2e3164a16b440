//! Bytes of frames and bodies.
//!
//! *Invariant:* decoding never panics and never allocates more than the input justifies; what is too large or has bytes
//! left over is refused. A delta can be put together from rows that were encoded once for all sessions.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::frames::{Down, MAX_DOWN, MAX_PAGE, MAX_UP, Op, Page, Refused, Started, Up};
use crate::rows::{Atom, Epoch, Seq};

/// Why bytes were refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Malformed {
    #[error("{length} bytes, more than the {limit} accepted")]
    Oversized { length: usize, limit: usize },
    #[error("not a frame of this version of the protocol")]
    Unreadable,
}

/// A frame from the browser.
///
/// # Errors
/// When the bytes are no such frame.
pub fn decode_up(bytes: &[u8]) -> Result<Up, Malformed> {
    decode(bytes, MAX_UP)
}

/// A frame from the server.
///
/// # Errors
/// When the bytes are no such frame.
pub fn decode_down(bytes: &[u8]) -> Result<Down, Malformed> {
    decode(bytes, MAX_DOWN)
}

/// The body of `/sync/v1/start`.
///
/// # Errors
/// When the bytes are no such body.
pub fn decode_started(bytes: &[u8]) -> Result<Started, Malformed> {
    decode(bytes, MAX_PAGE)
}

/// The body of `/sync/v1/page`.
///
/// # Errors
/// When the bytes are no such body.
pub fn decode_page(bytes: &[u8]) -> Result<Page, Malformed> {
    decode(bytes, MAX_PAGE)
}

/// A refusal as it is kept for a client that was away.
///
/// # Errors
/// When the bytes are no refusal of this version.
pub fn decode_refused(bytes: &[u8]) -> Result<Refused, Malformed> {
    decode(bytes, MAX_UP)
}

fn decode<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, Malformed> {
    if bytes.len() > limit {
        return Err(Malformed::Oversized { length: bytes.len(), limit });
    }
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok(_) | Err(_) => Err(Malformed::Unreadable),
    }
}

/// The bytes of a frame, an op or a body.
#[must_use]
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("invariant: wire types have only lengths known in advance and write to memory")
}

/// The bytes of `Down::Delta { from, to, acked, ops }` where `ops` are given as bytes of [`Op`] each, so that a row is
/// encoded once and shared by all sessions that see it.
#[must_use]
pub fn encode_delta(from: Seq, to: Seq, acked: u64, ops: &[&[u8]]) -> Vec<u8> {
    with_ops(&Down::Delta { from, to, acked, ops: Vec::new() }, ops)
}

/// As [`encode_delta`], for `Down::Scope`.
#[must_use]
pub fn encode_scope(from: Seq, to: Seq, acked: u64, epoch: Epoch, atoms: &[Atom], ops: &[&[u8]]) -> Vec<u8> {
    with_ops(&Down::Scope { from, to, acked, epoch, atoms: atoms.to_vec(), ops: Vec::new() }, ops)
}

/// Puts encoded ops in the place of the empty list with which `frame` ends: a list is its length, then its elements.
fn with_ops(frame: &Down, ops: &[&[u8]]) -> Vec<u8> {
    let mut bytes = encode(frame);
    let empty = bytes.pop();
    debug_assert_eq!(empty, Some(0), "invariant: the list of ops is the frame's last field");
    bytes.extend(encode(&ops.len()));
    for op in ops {
        bytes.extend_from_slice(op);
    }
    bytes
}

/// The bytes of an op, to be given to [`encode_delta`].
#[must_use]
pub fn encode_op(op: &Op) -> Vec<u8> {
    encode(op)
}
