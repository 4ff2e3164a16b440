//! The rules of the desk, pure: who gets a conversation, which window is open, who may see and do what.
//!
//! *Invariant:* nothing here reads a clock, draws a random number, makes an id or does any I/O; all of these are
//! parameters, so the browser and the server reach the same answer from the same facts.
//!
//! Read in this order: [`ids`], [`time`], the entities ([`person`], [`team`], [`channel`], [`contact`],
//! [`conversation`], [`message`], gathered in [`organisation`]), then the rules ([`access`],
//! [`life`], [`window`], [`calendar`], [`distribution`], [`limits`]), the forms that change them ([`settings`]) and what a provider tells us ([`inbound`]).

pub mod access;
pub mod calendar;
pub mod channel;
pub mod contact;
pub mod conversation;
pub mod distribution;
pub mod ids;
pub mod inbound;
pub mod life;
pub mod limits;
pub mod message;
pub mod organisation;
pub mod person;
pub mod report;
pub mod settings;
pub mod team;
pub mod time;
pub mod window;
