//! Small components that several screens share.

pub mod avatar;
pub mod connection;
pub mod dialog;
pub mod icon;
pub mod ring;
pub mod toasts;
