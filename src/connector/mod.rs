//! A Web Connector session as a state machine. Pure: it decides what comes next, the engine does it.
//!
//! The connector calls; we answer with one message set at a time (`qbwc.md` 3). What the next one is for follows from
//! the [`Conversation`] and from what lies on the [`Board`]: first which company file is open, then whatever is in doubt,
//! then one reading of everything that changed, then writing, until nothing is left.
//!
//! **Invariant:** nothing is written before the company file is known to be the right one, before every earlier write is
//! settled, and before QuickBooks has been read in this session.

mod advise;
mod conversation;
mod identity;
mod next;
mod pace;
mod percent;

pub use advise::{Advice, advise};
pub use conversation::{Conversation, Identity, Part, Reading};
pub use identity::{FileFacts, Pinned, Verdict, judge};
pub use next::{Board, Move, next_move};
pub use percent::percent;
