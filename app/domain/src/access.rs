//! Sight and acts: the one predicate that decides who sees a conversation and who may do what (decision 12).
//!
//! *Invariant:* a row's audience and a person's atoms are both computed here and nowhere else; sight is their
//! intersection, in the browser, in the socket's filter and in SQL (`audience && $atoms`). A team's access level acts
//! through the atoms of people, never through the audience of rows, so that changing a level rewrites no conversation.
//!
//! Read in this order: [`Atom`] and [`audience`], then [`Actor`], then [`may`].

mod actor;
mod atom;
mod may;
mod unseen;

pub use actor::{Actor, Tab, TabOrder, hears, tab};
pub use atom::{Atom, atoms, audience, everyone, meets};
pub use may::{AccountAction, Action, Refusal, may, may_in_account};
pub use unseen::Unseen;
