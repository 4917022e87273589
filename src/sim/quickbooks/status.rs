//! Status codes and their texts, as real QuickBooks writes them.
//!
//! A text that was seen in public is copied to the letter, double spaces, trailing blanks and missing blanks included
//! (`qbxml-samples/errors`). Where only the code is documented the text is a reconstruction; nobody may rely on it.

use std::fmt;

use super::lists::ListKind;

/// How bad an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Done, or nothing found.
    Info,
    /// Done, with a remark.
    Warn,
    /// Nothing was done for this request.
    Error,
}

/// The outcome of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The status code, 0 for success.
    pub code: u16,
    /// The text, in the words of QuickBooks.
    pub message: String,
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Status {}

/// What QuickBooks appends when a named record is not there.
const NO_RECORD: &str = "QuickBooks error message: Invalid argument.  The specified record does not exist in the list.";

impl Status {
    /// Success.
    #[must_use]
    pub fn ok() -> Self {
        Self::new(0, "Status OK")
    }

    /// Any code with any text; for faults that a test injects.
    #[must_use]
    pub fn new(code: u16, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The severity that goes with the code.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.code {
            0..=499 => Severity::Info,
            500..=999 => Severity::Warn,
            _ => Severity::Error,
        }
    }

    /// True if nothing was done.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    pub(super) fn nothing_found() -> Self {
        Self::new(1, "A query request did not find a matching object in QuickBooks")
    }
    pub(super) fn incomplete(missing: &str) -> Self {
        Self::new(
            500,
            format!(
                "The query request has not been fully completed. There was a required element (\"{missing}\") that could not be found in QuickBooks."
            ),
        )
    }
    pub(super) fn not_supported_field(field: &str) -> Self {
        Self::new(530, format!("The field \"{field}\" is not supported by this implementation."))
    }
    pub(super) fn request_id_too_long(id: &str) -> Self {
        Self::new(1060, format!("The request ID \"{id}\" is invalid, possibly too long, max 50 chars."))
    }
    pub(super) fn bad_id(id: &str, field: &str) -> Self {
        Self::new(3000, format!("The given object ID \"{id}\" in the field \"{field}\" is invalid."))
    }
    pub(super) fn bad_date(value: &str, field: &str) -> Self {
        Self::new(
            3020,
            format!("There was an error when converting the date value \"{value}\" in the field \"{field}\"."),
        )
    }
    pub(super) fn bad_date_range() -> Self {
        Self::new(3030, "Invalid date range: From date is greater than To date.")
    }
    pub(super) fn bad_range(filter: &str) -> Self {
        Self::new(3031, format!("The \"From\" or \"To\" values in the provided {filter} are invalid."))
    }
    pub(super) fn too_long(text: &str, field: &str) -> Self {
        Self::new(3070, format!("The string \"{text}\" in the field \"{field}\" is too long."))
    }
    pub(super) fn bad_name(name: &str, kind: ListKind, reason: &str) -> Self {
        let word = kind.word().to_lowercase();
        Self::new(
            3090,
            format!(
                "There was an error when storing \"{name}\" in the \"{word} name\" field.  QuickBooks error message: {reason}"
            ),
        )
    }
    pub(super) fn colon_in_name(name: &str, kind: ListKind) -> Self {
        // The blank missing after the first sentence is as observed.
        let reason = "Names in this list cannot contain a colon.The colon is a special character used to indicate a parent/child relationship.";
        Self::bad_name(name, kind, reason)
    }
    pub(super) fn name_in_use(name: &str) -> Self {
        Self::new(3100, format!("The name \"{name}\" of the list element is already in use."))
    }
    pub(super) fn amount_too_large() -> Self {
        Self::new(3101, "The resulting amount is too large.")
    }
    pub(super) fn no_such_object(id: &str) -> Self {
        Self::new(3120, format!("Object \"{id}\" specified in the request cannot be found.  {NO_RECORD}"))
    }
    pub(super) fn no_such_definition(owner: &str, name: &str) -> Self {
        Self::new(3121, format!("There is no data extension \"{name}\" of the owner \"{owner}\"."))
    }
    pub(super) fn bad_value(code: u16, kind: &str, value: &str, field: &str) -> Self {
        Self::new(code, format!("There was an error when converting the {kind} \"{value}\" in the field \"{field}\"."))
    }
    pub(super) fn no_such_parent(name: &str, kind: ListKind) -> Self {
        let word = if kind == ListKind::Class { "Classes".to_owned() } else { format!("{}s", kind.word()) };
        Self::new(
            3130,
            format!("There is an invalid reference to a parent \"{name}\" in the {word} list.  {NO_RECORD}"),
        )
    }
    pub(super) fn bad_reference(word: &str, name: &str, object: &str) -> Self {
        Self::bad_reference_because(
            word,
            name,
            object,
            "Invalid argument.  The specified record does not exist in the list.",
        )
    }
    pub(super) fn bad_reference_because(word: &str, name: &str, object: &str, reason: &str) -> Self {
        Self::new(
            3140,
            format!(
                "There is an invalid reference to QuickBooks {word} \"{name}\" in the {object}.  QuickBooks error message: {reason}"
            ),
        )
    }
    pub(super) fn missing(element: &str) -> Self {
        Self::new(3150, format!("There is a missing element: \"{element}\"."))
    }
    pub(super) fn list_element_in_use(id: &str) -> Self {
        Self::new(
            3160,
            format!(
                "Cannot delete the object specified by the id = \"{id}\".  QuickBooks error message: The list element is in use."
            ),
        )
    }
    pub(super) fn delete_in_closed_period() -> Self {
        Self::new(3161, "Cannot delete a transaction dated on or before the closing date of the company.")
    }
    pub(super) fn wrong_mode() -> Self {
        Self::new(3162, "This request cannot be carried out while the company file is in multi-user mode.")
    }
    pub(super) fn cannot_modify(object: &str, reason: &str) -> Self {
        Self::new(3170, format!("There was an error when modifying a {object}.  QuickBooks error message: {reason}"))
    }
    pub(super) fn closed_period(object: &str) -> Self {
        Self::new(
            3171,
            format!(
                "An attempt was made to modify a {object} with a date that is on or before the closing date of the company. If you are sure you really want to do this, please ask a user with Admin privileges to remove the password for editing transactions on or before to closing date (this setting is in the Accounting Company Preferences), then try again."
            ),
        )
    }
    pub(super) fn transaction_locked() -> Self {
        Self::new(
            3175,
            "There was an error adding, modifying or deleting Transaction because it is already in use.  QuickBooks error message: The transaction could not be locked. It is in use by another user.",
        )
    }
    pub(super) fn list_locked(kind: ListKind) -> Self {
        Self::new(
            3176,
            format!(
                "There was an error when modifying a {}.  QuickBooks error message: The list element is in use.",
                kind.word()
            ),
        )
    }
    pub(super) fn related_locked(object: &str) -> Self {
        Self::new(
            3176,
            format!(
                "There was an error when saving a {object} because a related object is in use.  QuickBooks error message: The transaction could not be locked. It is in use by another user."
            ),
        )
    }
    pub(super) fn linked_twice() -> Self {
        Self::new(3177, "The same transaction was linked more than once.")
    }
    pub(super) fn wrong_item(item: &str) -> Self {
        Self::new(3280, format!("The item \"{item}\" has the wrong type for this line."))
    }
    pub(super) fn cannot_save(object: &str, reason: &str) -> Self {
        Self::new(3180, format!("There was an error when saving a {object}.  QuickBooks error message: {reason}"))
    }
    pub(super) fn cannot_clear(field: &str, object: &str) -> Self {
        Self::new(3190, format!("Cannot clear the element in the field \"{field}\" of the {object}."))
    }
    pub(super) fn stale(edit_sequence: &str) -> Self {
        // The blank at the end is as observed.
        Self::new(3200, format!("The provided edit sequence \"{edit_sequence}\" is out-of-date. "))
    }
    pub(super) fn rule(field: &str, value: &str, reason: &str) -> Self {
        Self::new(
            3210,
            format!("The \"{field}\" field has an invalid value \"{value}\".  QuickBooks error message: {reason}"),
        )
    }
    pub(super) fn not_processed() -> Self {
        Self::new(3231, "The request has not been processed.")
    }
    pub(super) fn feature_off() -> Self {
        Self::new(3250, "This feature is not enabled or not available in this version of QuickBooks.")
    }
    pub(super) fn no_posting_account() -> Self {
        Self::new(3270, "Missing posting account.")
    }
    pub(super) fn bad_iterator_attribute() -> Self {
        Self::new(3390, "The iterator attribute is missing or has an invalid value.")
    }
    pub(super) fn bad_iterator(id: &str) -> Self {
        Self::new(3391, format!("The iteratorID \"{id}\" is not valid."))
    }
    pub(super) fn bad_macro(name: &str) -> Self {
        Self::new(9100, format!("The macro name \"{name}\" is invalid or was defined before."))
    }
    pub(super) fn unknown_macro(name: &str) -> Self {
        Self::new(9101, format!("The macro \"{name}\" was not defined in this message set."))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Info => "Info",
            Self::Warn => "Warn",
            Self::Error => "Error",
        })
    }
}
