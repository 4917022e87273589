//! Settings of one company, with their words and defaults (design section 4).

use super::{Kind, Side};
use chrono::{NaiveDate, NaiveTime};
use std::time::Duration;

/// Whether a company may be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Both sides are read, the plan is shown, nothing is written: until the owner starts it.
    Preview,
    /// In step.
    Running,
    /// A person paused it: nothing is written.
    Paused,
}

impl Mode {
    /// The word used in stored rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Running => "running",
            Self::Paused => "paused",
        }
    }

    /// The mode with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Preview, Self::Running, Self::Paused].into_iter().find(|mode| mode.word() == word)
    }
}

/// What QuickBooks classes are in Bill.com.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassDimension {
    /// Departments, as the incumbent does it.
    Department,
    /// Accounting classes.
    AccountingClass,
}

/// What QuickBooks jobs are in Bill.com.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobShape {
    /// Customers below a customer.
    SubCustomers,
    /// Jobs.
    Jobs,
}

/// Which bills travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillFilter {
    /// All.
    All,
    /// Approved ones.
    Approved,
}

/// Which of Bill.com's dates is a document's date in QuickBooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentDate {
    /// The invoice date.
    Invoice,
    /// The posting date, where there is one.
    Posting,
}

/// Hours of the day in which QuickBooks is left alone, in the server's local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// From this time of day.
    pub from: NaiveTime,
    /// To this time of day; may lie past midnight.
    pub to: NaiveTime,
}

/// A record that the settings name, to stand where a document names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefaultRecord {
    /// The account of lines of bills and vendor credits.
    ExpenseAccount,
    /// The account of new items.
    IncomeAccount,
    /// The item of lines of invoices.
    Item,
    /// The account through which payments made by Bill.com pass.
    MoneyOutClearing,
    /// The account through which payments received by Bill.com pass.
    MoneyInClearing,
    /// The account that payments recorded by hand go to.
    DepositAccount,
}

impl DefaultRecord {
    /// The setting that names it.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Self::ExpenseAccount => "default_expense_account",
            Self::IncomeAccount => "default_income_account",
            Self::Item => "default_item",
            Self::MoneyOutClearing => "money_out_clearing",
            Self::MoneyInClearing => "money_in_clearing",
            Self::DepositAccount => "deposit_account",
        }
    }

    /// What it is.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Item => Kind::Item,
            Self::ExpenseAccount
            | Self::IncomeAccount
            | Self::MoneyOutClearing
            | Self::MoneyInClearing
            | Self::DepositAccount => Kind::Account,
        }
    }
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    /// No setting of this name.
    #[error("there is no setting {key:?}; did you mean {nearest:?}?")]
    UnknownKey {
        /// What was given.
        key: String,
        /// The nearest name there is.
        nearest: &'static str,
    },
    /// Not a value this setting can have.
    #[error("{key} cannot be {value:?}: it wants {wanted}")]
    BadValue {
        /// Which setting.
        key: &'static str,
        /// What was given.
        value: String,
        /// What it wants.
        wanted: &'static str,
    },
}

/// Everything a person can set for a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Transactions dated before are linked when they match, never created. Default: the day the company was added.
    pub start_date: NaiveDate,
    /// What classes are in Bill.com.
    pub class_dimension: ClassDimension,
    /// What jobs are in Bill.com.
    pub jobs: JobShape,
    /// Who wins a field changed on both sides.
    pub conflict_winner: Side,
    /// Which bills travel.
    pub bills: BillFilter,
    /// Payments travel when scheduled, or only when processed.
    pub payments_when_processed: bool,
    /// Receipts entered in QuickBooks are recorded in Bill.com.
    pub receipts_to_billcom: bool,
    /// Name or number of the A/P account of bills; none: QuickBooks' own default.
    pub payables_account: Option<String>,
    /// Name or number of the A/R account.
    pub receivables_account: Option<String>,
    /// Name of the clearing account of payments made.
    pub money_out_clearing: Option<String>,
    /// Name of the clearing account of payments received.
    pub money_in_clearing: Option<String>,
    /// Name of the account that payments recorded by hand go to.
    pub deposit_account: Option<String>,
    /// Account of bill lines that name none.
    pub default_expense_account: Option<String>,
    /// Account of invoice lines that name none.
    pub default_income_account: Option<String>,
    /// Item of invoice lines that name none.
    pub default_item: Option<String>,
    /// Which date is a document's date.
    pub document_date: DocumentDate,
    /// QuickBooks is read when the last reading is at least this old.
    pub read_interval: Duration,
    /// Bill.com is read this often.
    pub poll_interval: Duration,
    /// When QuickBooks is left alone.
    pub quiet_hours: Option<QuietHours>,
    /// Put behind a vendor's name that another QuickBooks name list has taken.
    pub name_suffix_vendor: String,
    /// Put behind a customer's name that another QuickBooks name list has taken.
    pub name_suffix_customer: String,
}

impl Settings {
    /// The names of all settings, in the order of the design.
    pub const KEYS: &'static [&'static str] = &[
        "start_date",
        "class_dimension",
        "jobs",
        "conflict_winner",
        "bills",
        "payments",
        "receipts_to_billcom",
        "payables_account",
        "receivables_account",
        "money_out_clearing",
        "money_in_clearing",
        "deposit_account",
        "default_expense_account",
        "default_income_account",
        "default_item",
        "document_date",
        "read_interval",
        "poll_interval",
        "quiet_hours",
        "name_suffix_vendor",
        "name_suffix_customer",
    ];

    /// The defaults of a company added today.
    #[must_use]
    pub fn defaults(today: NaiveDate) -> Self {
        Self {
            start_date: today,
            class_dimension: ClassDimension::Department,
            jobs: JobShape::SubCustomers,
            conflict_winner: Side::QuickBooks,
            bills: BillFilter::All,
            payments_when_processed: false,
            receipts_to_billcom: true,
            payables_account: None,
            receivables_account: None,
            money_out_clearing: None,
            money_in_clearing: None,
            deposit_account: None,
            default_expense_account: None,
            default_income_account: None,
            default_item: None,
            document_date: DocumentDate::Invoice,
            read_interval: Duration::from_secs(15 * 60),
            poll_interval: Duration::from_secs(60),
            quiet_hours: None,
            name_suffix_vendor: " (V)".to_owned(),
            name_suffix_customer: " (C)".to_owned(),
        }
    }

    /// Changes one setting.
    ///
    /// # Errors
    /// [`BadSetting`] with the nearest name for an unknown key, or what the setting wants for a value it cannot have.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), BadSetting> {
        let known = Self::KEYS.iter().find(|known| **known == key);
        let Some(&key) = known else {
            return Err(BadSetting::UnknownKey { key: key.chars().take(60).collect(), nearest: nearest(key) });
        };
        let bad = |wanted| BadSetting::BadValue { key, value: value.chars().take(60).collect(), wanted };
        let text = || Some(value.trim().to_owned()).filter(|text| !text.is_empty());
        match key {
            "start_date" => self.start_date = value.parse().map_err(|_| bad("a date such as 2026-01-31"))?,
            "class_dimension" => {
                self.class_dimension = match value {
                    "department" => ClassDimension::Department,
                    "accounting_class" => ClassDimension::AccountingClass,
                    _ => return Err(bad("department or accounting_class")),
                };
            }
            "jobs" => {
                self.jobs = match value {
                    "sub_customers" => JobShape::SubCustomers,
                    "jobs" => JobShape::Jobs,
                    _ => return Err(bad("sub_customers or jobs")),
                };
            }
            "conflict_winner" => {
                self.conflict_winner = Side::from_word(value).ok_or_else(|| bad("quickbooks or billcom"))?;
            }
            "bills" => {
                self.bills = match value {
                    "all" => BillFilter::All,
                    "approved" => BillFilter::Approved,
                    _ => return Err(bad("all or approved")),
                };
            }
            "payments" => {
                self.payments_when_processed = match value {
                    "scheduled" => false,
                    "processed" => true,
                    _ => return Err(bad("scheduled or processed")),
                };
            }
            "receipts_to_billcom" => self.receipts_to_billcom = switch(value).ok_or_else(|| bad("on or off"))?,
            "payables_account" => self.payables_account = text(),
            "receivables_account" => self.receivables_account = text(),
            "money_out_clearing" => self.money_out_clearing = text(),
            "money_in_clearing" => self.money_in_clearing = text(),
            "deposit_account" => self.deposit_account = text(),
            "default_expense_account" => self.default_expense_account = text(),
            "default_income_account" => self.default_income_account = text(),
            "default_item" => self.default_item = text(),
            "document_date" => {
                self.document_date = match value {
                    "invoice" => DocumentDate::Invoice,
                    "posting" => DocumentDate::Posting,
                    _ => return Err(bad("invoice or posting")),
                };
            }
            "read_interval" => self.read_interval = duration(value).ok_or_else(|| bad(DURATION))?,
            "poll_interval" => {
                self.poll_interval =
                    duration(value).filter(|d| !d.is_zero()).ok_or_else(|| bad("a duration of at least 1s"))?;
            }
            "quiet_hours" => {
                self.quiet_hours = quiet_hours(value).ok_or_else(|| bad("none or hours such as 22:00-06:00"))?;
            }
            "name_suffix_vendor" => self.name_suffix_vendor = suffix(value).ok_or_else(|| bad(SUFFIX))?,
            "name_suffix_customer" => self.name_suffix_customer = suffix(value).ok_or_else(|| bad(SUFFIX))?,
            _ => unreachable!("invariant: KEYS and this match hold the same names; a test walks them"),
        }
        Ok(())
    }

    /// The name or number that a setting gives for a default.
    #[must_use]
    pub fn default_record(&self, wanted: DefaultRecord) -> Option<&str> {
        match wanted {
            DefaultRecord::ExpenseAccount => self.default_expense_account.as_deref(),
            DefaultRecord::IncomeAccount => self.default_income_account.as_deref(),
            DefaultRecord::Item => self.default_item.as_deref(),
            DefaultRecord::MoneyOutClearing => self.money_out_clearing.as_deref(),
            DefaultRecord::MoneyInClearing => self.money_in_clearing.as_deref(),
            DefaultRecord::DepositAccount => self.deposit_account.as_deref(),
        }
    }

    /// The value of a setting as it would be given to [`Settings::set`]. Unknown names give `None`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        let text = |setting: &Option<String>| setting.clone().unwrap_or_default();
        Some(match key {
            "start_date" => self.start_date.to_string(),
            "class_dimension" => match self.class_dimension {
                ClassDimension::Department => "department".into(),
                ClassDimension::AccountingClass => "accounting_class".into(),
            },
            "jobs" => match self.jobs {
                JobShape::SubCustomers => "sub_customers".into(),
                JobShape::Jobs => "jobs".into(),
            },
            "conflict_winner" => self.conflict_winner.word().into(),
            "bills" => match self.bills {
                BillFilter::All => "all".into(),
                BillFilter::Approved => "approved".into(),
            },
            "payments" => if self.payments_when_processed { "processed" } else { "scheduled" }.into(),
            "receipts_to_billcom" => if self.receipts_to_billcom { "on" } else { "off" }.into(),
            "payables_account" => text(&self.payables_account),
            "receivables_account" => text(&self.receivables_account),
            "money_out_clearing" => text(&self.money_out_clearing),
            "money_in_clearing" => text(&self.money_in_clearing),
            "deposit_account" => text(&self.deposit_account),
            "default_expense_account" => text(&self.default_expense_account),
            "default_income_account" => text(&self.default_income_account),
            "default_item" => text(&self.default_item),
            "document_date" => match self.document_date {
                DocumentDate::Invoice => "invoice".into(),
                DocumentDate::Posting => "posting".into(),
            },
            "read_interval" => show_duration(self.read_interval),
            "poll_interval" => show_duration(self.poll_interval),
            "quiet_hours" => self.quiet_hours.map_or_else(
                || "none".into(),
                |hours| format!("{}-{}", hours.from.format("%H:%M"), hours.to.format("%H:%M")),
            ),
            "name_suffix_vendor" => self.name_suffix_vendor.clone(),
            "name_suffix_customer" => self.name_suffix_customer.clone(),
            _ => return None,
        })
    }
}

const DURATION: &str = "a duration such as 1s, 15m or 2h";
const SUFFIX: &str = "a text of 2 to 10 characters without a colon";

fn suffix(value: &str) -> Option<String> {
    let fits =
        (2..=10).contains(&value.chars().count()) && !value.contains(':') && !value.chars().any(char::is_control);
    (fits && !value.trim().is_empty()).then(|| value.to_owned())
}

fn switch(value: &str) -> Option<bool> {
    match value {
        "on" | "true" | "yes" => Some(true),
        "off" | "false" | "no" => Some(false),
        _ => None,
    }
}

/// `90s`, `15m`, `2h`; at most a week.
#[must_use]
pub fn duration(value: &str) -> Option<Duration> {
    let (digits, seconds_each) = match value.as_bytes().last()? {
        b's' => (&value[..value.len() - 1], 1),
        b'm' => (&value[..value.len() - 1], 60),
        b'h' => (&value[..value.len() - 1], 3600),
        _ => return None,
    };
    let plain = !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = if plain { digits.parse::<u64>().ok()?.checked_mul(seconds_each)? } else { return None };
    (seconds <= 7 * 24 * 3600).then(|| Duration::from_secs(seconds))
}

/// The same the other way: in the largest unit that fits.
#[must_use]
pub fn show_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => "0s".into(),
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// `Some(None)` for "none".
#[expect(clippy::option_option, reason = "the outer one says whether it could be read, the inner one is the setting")]
fn quiet_hours(value: &str) -> Option<Option<QuietHours>> {
    if matches!(value, "none" | "") {
        return Some(None);
    }
    let (from, to) = value.split_once('-')?;
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let hours = QuietHours { from: time(from)?, to: time(to)? };
    (hours.from != hours.to).then_some(Some(hours))
}

impl QuietHours {
    /// Whether a time of day lies within.
    #[must_use]
    pub fn contains(&self, time: NaiveTime) -> bool {
        if self.from <= self.to { (self.from..self.to).contains(&time) } else { time >= self.from || time < self.to }
    }
}

/// The known key that needs the fewest edits.
fn nearest(key: &str) -> &'static str {
    let key: String = key.chars().take(60).collect();
    Settings::KEYS.iter().copied().min_by_key(|known| edits(&key, known)).unwrap_or("start_date")
}

/// Levenshtein distance; both texts are short.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.iter().enumerate() {
            let change = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::defaults(NaiveDate::from_ymd_opt(2026, 11, 22).expect("date"))
    }

    #[test]
    fn every_setting_can_be_read_and_given_back() {
        let before = settings();
        let mut after = before.clone();
        for key in Settings::KEYS {
            let value = before.get(key).expect("every key has a value");
            after.set(key, &value).expect("what is shown can be set");
        }
        assert_eq!(before, after);
    }

    #[test]
    fn a_typing_error_names_the_nearest_key() {
        let error = settings().set("start_dat", "2026-01-01").expect_err("unknown");
        assert!(error.to_string().contains("\"start_date\""), "{error}");
    }

    #[test]
    fn durations_are_short_texts() {
        for (text, seconds) in [
            ("0s", Some(0)),
            ("1s", Some(1)),
            ("15m", Some(900)),
            ("2h", Some(7200)),
            ("2", None),
            ("-1s", None),
            ("1d", None),
        ] {
            assert_eq!(duration(text).map(|d| d.as_secs()), seconds, "{text}");
        }
        assert!(settings().set("poll_interval", "0s").is_err(), "a poll without pause is refused");
    }

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let mut with = settings();
        with.set("quiet_hours", "22:00-06:00").expect("hours");
        let hours = with.quiet_hours.expect("set");
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("time");
        assert!(hours.contains(at(23)) && hours.contains(at(3)) && !hours.contains(at(6)) && !hours.contains(at(12)));
    }
}
