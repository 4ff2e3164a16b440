//! Sight and acts: the one predicate that decides who sees a conversation and who may do what (decision 12).
//!
//! *Invariant:* a row's audience and a person's atoms are both computed here and nowhere else; sight is their
//! intersection, in the browser, in the socket's filter and in SQL (`audience && $atoms`).

use serde::{Deserialize, Serialize};

/// One atom of sight: a relation and phase with one or two small numbers, packed in 64 bits so that PostgreSQL can
/// intersect arrays of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Atom(pub i64);
