//! The catalogue of status codes: meaning and reaction, one row each.
//!
//! Restates `qbxml-status-codes.tsv`; a test compares the two when the reference is at hand. Codes
//! of requests we never send (displays, payroll, the online edition) are `Fix`: if one comes, our
//! program sent what it should not.

use crate::types::status::Reaction;

/// One code, or a run of codes with one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusRange {
    /// The first code.
    pub first: i32,
    /// The last code.
    pub last: i32,
}

impl StatusRange {
    /// Whether the code is one of them.
    #[must_use]
    pub const fn contains(self, code: i32) -> bool {
        self.first <= code && code <= self.last
    }
}

/// A row of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusEntry {
    /// The code or codes.
    pub codes: StatusRange,
    /// What it means, in a few words.
    pub meaning: &'static str,
    /// The reaction, unless `by_text`.
    pub reaction: Reaction,
    /// Whether the message decides: a lock is `Retry`, anything else `Person`.
    pub by_text: bool,
}

const fn row(first: i32, last: i32, meaning: &'static str, reaction: Reaction) -> StatusEntry {
    StatusEntry { codes: StatusRange { first, last }, meaning, reaction, by_text: false }
}

const fn text(code: i32, meaning: &'static str) -> StatusEntry {
    StatusEntry { codes: StatusRange { first: code, last: code }, meaning, reaction: Reaction::Person, by_text: true }
}

/// All known codes, ascending.
pub const STATUS_TABLE: &[StatusEntry] = &[
    row(0, 0, "done; data follows if the request returns any", Reaction::Ok),
    row(1, 1, "a query matched nothing", Reaction::Ok),
    row(
        500,
        500,
        "a query by ID or name found some or none of the named objects; those found are returned",
        Reaction::Partial,
    ),
    row(501, 501, "an object cannot be expressed in the announced qbXML version", Reaction::Partial),
    row(510, 510, "an object cannot be returned", Reaction::Partial),
    row(530, 530, "the field is not supported by this product or edition", Reaction::Fix),
    row(531, 531, "the enum value is not supported here", Reaction::Fix),
    row(540, 540, "online edition only: too many results", Reaction::Fix),
    row(550, 550, "the object was saved, its note was not", Reaction::Ok),
    row(560, 560, "a deprecated field was used", Reaction::Ok),
    row(570, 570, "cannot link: the other transaction is closed already", Reaction::Person),
    row(600, 600, "message set status: nothing stored for the given old ID", Reaction::Recovery),
    row(1000, 1000, "internal error inside QuickBooks", Reaction::Retry),
    row(1010, 1010, "system not available", Reaction::Retry),
    row(1030, 1030, "the request is not supported by this product", Reaction::Fix),
    row(1060, 1060, "request ID invalid or longer than 50", Reaction::Fix),
    row(3000, 3000, "an ID is malformed or empty, or of the wrong list", Reaction::Fix),
    row(3010, 3010, "not a boolean", Reaction::Fix),
    row(3020, 3020, "not a date", Reaction::Fix),
    row(3030, 3030, "from-date later than to-date", Reaction::Fix),
    row(3031, 3031, "bad from/to of a text range", Reaction::Fix),
    row(3035, 3035, "not a time interval", Reaction::Fix),
    row(3040, 3040, "not an amount", Reaction::Fix),
    row(3045, 3045, "not a price", Reaction::Fix),
    row(3050, 3050, "not a percent", Reaction::Fix),
    row(3060, 3060, "not a quantity", Reaction::Fix),
    row(3065, 3065, "not a GUID", Reaction::Fix),
    row(3070, 3070, "text too long", Reaction::Fix),
    row(3080, 3080, "text not allowed in this field", Reaction::Fix),
    row(3085, 3085, "not a number", Reaction::Fix),
    row(3090, 3090, "the name is not allowed (colon, empty, only spaces, control characters)", Reaction::Fix),
    row(3100, 3100, "the name is in use already in this list or in another names list", Reaction::Adopt),
    row(3101, 3101, "the resulting amount is too large", Reaction::Person),
    row(3110, 3110, "unknown enum value", Reaction::Fix),
    row(3120, 3120, "an object named by ID in the request is not there", Reaction::Refresh),
    row(3121, 3121, "owner ID unknown", Reaction::Fix),
    row(3130, 3130, "the parent does not exist or may not be a parent", Reaction::Refresh),
    row(
        3140,
        3140,
        "a reference to a list object is wrong: missing, deleted, inactive in some fields, or of the wrong type",
        Reaction::Refresh,
    ),
    row(3150, 3150, "a required element is missing", Reaction::Fix),
    row(3151, 3151, "the element does not belong in this request", Reaction::Fix),
    row(
        3160,
        3160,
        "the object cannot be deleted (in use, has transactions, or the file is in multi-user mode)",
        Reaction::Person,
    ),
    row(3161, 3161, "cannot delete: dated on or before the closing date", Reaction::Person),
    row(3162, 3162, "not allowed in the present mode (single/multi-user)", Reaction::Retry),
    text(3170, "the object cannot be modified (often a lock or a concurrent change; sometimes a business rule)"),
    row(3171, 3171, "cannot add or modify: dated on or before the closing date", Reaction::Person),
    row(3172, 3172, "cannot modify: it has been deleted or changed meanwhile", Reaction::Refresh),
    row(3173, 3173, "a related object was deleted or changed in single-user mode", Reaction::Refresh),
    row(3175, 3175, "the transaction or list is in use by another user", Reaction::Retry),
    row(3176, 3176, "a related object is in use", Reaction::Retry),
    row(3177, 3177, "the same transaction is linked twice", Reaction::Fix),
    text(3180, "the object could not be saved; the reason is in the text"),
    row(3185, 3185, "the transaction could not be voided", Reaction::Person),
    row(3190, 3190, "the element may not be cleared", Reaction::Fix),
    row(3200, 3200, "the edit sequence is out of date", Reaction::Refresh),
    row(3205, 3205, "the address is not valid", Reaction::Fix),
    text(3210, "another rule of QuickBooks was broken; the text says which (for example paying more than is due)"),
    row(3220, 3220, "no permission for this request in this state", Reaction::Person),
    row(3230, 3230, "the work was rolled back", Reaction::Retry),
    row(3231, 3231, "not processed because an earlier request of the set failed (stopOnError)", Reaction::Retry),
    row(3240, 3240, "the object's creation time does not match (file restored or rebuilt)", Reaction::Person),
    row(3250, 3250, "the feature is off or not in this edition", Reaction::Fix),
    row(3260, 3260, "the QuickBooks user has too few rights", Reaction::Person),
    row(3261, 3261, "the application may not see or change sensitive data", Reaction::Person),
    row(3262, 3262, "payroll permission or subscription missing", Reaction::Person),
    row(3263, 3263, "the application has no right to modify", Reaction::Person),
    row(3270, 3270, "no posting account for the item or line", Reaction::Person),
    row(3280, 3280, "wrong item type for this line", Reaction::Fix),
    row(3290, 3290, "a window could not be opened (display requests)", Reaction::Fix),
    row(3300, 3300, "a window could not be opened (display requests)", Reaction::Fix),
    row(3310, 3310, "display requests: the UI is not there", Reaction::Fix),
    row(3340, 3340, "report or display restriction", Reaction::Fix),
    row(3390, 3390, "iterator attribute missing or wrong", Reaction::Fix),
    row(3391, 3391, "the iterator ID is not valid any more", Reaction::Retry),
    row(9001, 9001, "the stored message set has the same ID but another content", Reaction::Recovery),
    row(9002, 9002, "no stored answer found for the message set", Reaction::Recovery),
    row(9003, 9003, "not used", Reaction::Recovery),
    row(9004, 9004, "message set ID too long", Reaction::Fix),
    row(9005, 9005, "the answer could not be stored", Reaction::Recovery),
    row(9100, 9199, "macro errors (defMacro/useMacro)", Reaction::Fix),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_never_overlap() {
        for pair in STATUS_TABLE.windows(2) {
            assert!(pair[0].codes.first <= pair[0].codes.last);
            assert!(pair[0].codes.last < pair[1].codes.first, "{:?}", pair[1]);
        }
    }
}
