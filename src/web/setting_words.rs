//! What each setting means, in the words of a bookkeeper.

/// One value of a setting that has only a few.
pub(super) struct Choice {
    /// As it is stored.
    pub(super) value: &'static str,
    /// As it is read.
    pub(super) label: &'static str,
}

/// The words for one setting.
pub(super) struct Words {
    pub(super) key: &'static str,
    pub(super) group: &'static str,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
    /// Empty for a setting that takes any text of its form.
    pub(super) choices: &'static [Choice],
}

/// The words for a setting; none for one that is newer than this table.
pub(super) fn of(key: &str) -> Option<&'static Words> {
    WORDS.iter().find(|words| words.key == key)
}

const fn choice(value: &'static str, label: &'static str) -> Choice {
    Choice { value, label }
}

const fn words(
    key: &'static str,
    group: &'static str,
    label: &'static str,
    help: &'static str,
    choices: &'static [Choice],
) -> Words {
    Words { key, group, label, help, choices }
}

const WHAT: &str = "What travels";
const CONFLICTS: &str = "When both sides change";
const ACCOUNTS: &str = "Accounts and items in QuickBooks";
const TIMES: &str = "When it happens";

static WORDS: [Words; 21] = [
    words(
        "start_date",
        WHAT,
        "Start date",
        "Bills, invoices and payments dated before this day are matched with what is there, never created.",
        &[],
    ),
    words(
        "bills",
        WHAT,
        "Bills",
        "Which bills go to QuickBooks. Approval is Bill.com's.",
        &[choice("all", "All bills"), choice("approved", "Approved bills only")],
    ),
    words(
        "payments",
        WHAT,
        "Payments",
        "Scheduled: a bill shows as paid in QuickBooks as soon as its payment is arranged. Processed: when the money moves.",
        &[choice("scheduled", "When scheduled"), choice("processed", "When processed")],
    ),
    words(
        "receipts_to_billcom",
        WHAT,
        "Receipts entered in QuickBooks",
        "Customer payments entered in QuickBooks are recorded in Bill.com as paid outside of it, so that nobody asks for the money twice.",
        &[choice("on", "Record them in Bill.com"), choice("off", "Leave them out")],
    ),
    words(
        "document_date",
        WHAT,
        "Date of a document",
        "Which of Bill.com's dates becomes the date in QuickBooks.",
        &[choice("invoice", "Invoice date"), choice("posting", "Posting date, where there is one")],
    ),
    words(
        "class_dimension",
        WHAT,
        "Classes",
        "What QuickBooks classes are in Bill.com. Bill.com's own sync uses departments; keep that if you come from it.",
        &[choice("department", "Departments"), choice("accounting_class", "Accounting classes")],
    ),
    words(
        "jobs",
        WHAT,
        "Jobs",
        "What QuickBooks jobs are in Bill.com.",
        &[choice("sub_customers", "Customers below a customer"), choice("jobs", "Jobs")],
    ),
    words(
        "conflict_winner",
        CONFLICTS,
        "Who wins",
        "Changes to different fields are merged. Only when the same field was changed on both sides does this decide; the history keeps both values.",
        &[choice("quickbooks", "QuickBooks"), choice("billcom", "Bill.com")],
    ),
    words(
        "name_suffix_vendor",
        CONFLICTS,
        "Added to a vendor's name",
        "QuickBooks allows a name once across vendors, customers and employees. When the name is taken, the vendor gets this behind it.",
        &[],
    ),
    words("name_suffix_customer", CONFLICTS, "Added to a customer's name", "The same for customers.", &[]),
    words("payables_account", ACCOUNTS, "Accounts payable", "Account of bills. Empty: QuickBooks' own.", &[]),
    words("receivables_account", ACCOUNTS, "Accounts receivable", "Account of invoices. Empty: QuickBooks' own.", &[]),
    words(
        "money_out_clearing",
        ACCOUNTS,
        "Money Out Clearing",
        "Bank-type account that payments pass through until the money leaves the bank. Empty: found by name, or made.",
        &[],
    ),
    words("money_in_clearing", ACCOUNTS, "Money In Clearing", "The same for money that comes in.", &[]),
    words(
        "deposit_account",
        ACCOUNTS,
        "Deposit account",
        "Where payments recorded by hand go. Empty: Undeposited Funds.",
        &[],
    ),
    words(
        "default_expense_account",
        ACCOUNTS,
        "Expense account",
        "For bill lines that name none. Empty: you are asked.",
        &[],
    ),
    words(
        "default_income_account",
        ACCOUNTS,
        "Income account",
        "For invoice lines that name none. Empty: you are asked.",
        &[],
    ),
    words("default_item", ACCOUNTS, "Item", "For invoice lines that name none. Empty: you are asked.", &[]),
    words(
        "read_interval",
        TIMES,
        "Read QuickBooks at most every",
        "Such as 15m or 2h. 0s reads it whenever the Web Connector comes by.",
        &[],
    ),
    words("poll_interval", TIMES, "Read Bill.com every", "Such as 60s or 5m.", &[]),
    words(
        "quiet_hours",
        TIMES,
        "Quiet hours",
        "QuickBooks is left alone in these hours, such as 08:30-17:00, in the time of the server. none: any time.",
        &[],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Settings;

    #[test]
    fn every_setting_has_its_words_and_every_choice_is_accepted() {
        let mut settings = Settings::defaults("2026-11-22".parse().expect("a date"));
        for key in Settings::KEYS {
            let words = of(key).unwrap_or_else(|| panic!("no words for {key}"));
            assert!(words.help.ends_with('.') && !words.label.is_empty(), "{key}");
            for choice in words.choices {
                settings.set(key, choice.value).unwrap_or_else(|error| panic!("{error}"));
            }
            let default = settings.get(key).expect("a value");
            assert!(words.choices.is_empty() || words.choices.iter().any(|choice| choice.value == default), "{key}");
        }
        assert_eq!(WORDS.len(), Settings::KEYS.len());
    }
}
