//! The decisions. Everything here is a pure function of its arguments: no `async`, no clock, no random source, no SQL.
//!
//! [`decide()`] looks at one subject (a pair of linked records, or one record without a partner) and says what follows:
//! link it, write it to the other side, wait for something, ask a person. Its answers are [`Transition`]s, which the
//! store commits in one transaction; "not now, because …" is a transition too, so that the page can show it.
//!
//! **Invariant:** one live intent for a record and side. An intent that may have reached the other side is never
//! replaced; the subject waits until its outcome is known.

mod absorb;
mod adapted;
pub mod alerts;
mod connection;
mod decide;
pub mod forecast;
pub mod ledgers;
mod matching;
mod merge;
mod problems;
mod refusals;
mod retry;
mod subject;
mod transition;

pub use absorb::{
    Carried, Outcome, applied, bears_mark_of, found_by_look_up, found_changed, not_found, outcome, refused,
    refused_by_quickbooks, remarked, safe_text, title_of,
};
pub use connection::{Obstacle, fields_missing, notices_off, obstacle, other_sync, vanished};
pub use decide::{decide, prepared, waits_for_new};
pub use merge::{Merged, Pair, as_kept, equivalent, merge, new_bases, translate};
pub use problems::{
    application_unknown, balance_refused, guarded_fields, list_refused, made_twice, many_gone, name_refused,
    not_expressible, not_open, outcome_untold, reading_refused, rejected, restored, set_aside, set_refused,
    setting_names_nothing, unreadable, unreadable_in_billcom, wrong_file,
};
pub use retry::next_pause;
pub use subject::{Inherited, Seen, Subject};
pub use transition::{NewIntent, Transition};
