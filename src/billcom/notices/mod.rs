//! Bill.com's notices ("webhooks"): the only part of its version 3 that is used.
//!
//! A notice wakes a company up and says nothing else that is believed: what changed is read from version 2, which a poll does
//! anyway, only later (`billcom.md` 0, 5). Notices get lost, come twice and out of order, and for most kinds of records there
//! are none; so nothing depends on them.
//!
//! [`NoticeClient`] makes and looks after the subscription; [`is_signed`] tells whether a notice is Bill.com's; [`read_notice`]
//! reads as much of it as is needed. The bytes travel over a [`RestWire`], as those of version 2 do over a
//! [`super::Wire`]. The two versions are different gateways with sessions of their own.
//!
//! **Invariant:** the security key of a subscription is in no error, `Debug` text or log; redirects are never followed.

mod client;
mod message;
mod rest;
mod signature;

pub use client::{NoticeClient, Subscription, gateways};
pub use message::{Notice, read_notice};
pub use rest::{Method, RestCall, RestWire};
pub use signature::is_signed;
