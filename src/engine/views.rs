//! What people and scripts are shown: the same models for the page, the JSON interface and the command line.
//!
//! The names of the serialised fields are the interface of design section 5 and stay as they are.

use super::problem_groups::GroupView;
use crate::model::RecordKey;
use serde::Serialize;
use std::collections::BTreeMap;

/// Where a company stands, in one word (design section 7 of the page: few states, each with the next step).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
    /// Nothing is outstanding.
    UpToDate,
    /// Something is moving.
    Syncing,
    /// The Web Connector must come by.
    WaitingForQuickbooks,
    /// A person must act.
    NeedsYou,
    /// A person paused it.
    Paused,
    /// It cannot go on: Bill.com refuses us, or another company file is open.
    Stopped,
}

impl StateWord {
    /// The word on the page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::UpToDate => "Up to date",
            Self::Syncing => "Syncing",
            Self::WaitingForQuickbooks => "Waiting for QuickBooks",
            Self::NeedsYou => "Needs you",
            Self::Paused => "Paused",
            Self::Stopped => "Stopped",
        }
    }

    /// The word in JSON, in addresses and of its page of help.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::UpToDate => "up_to_date",
            Self::Syncing => "syncing",
            Self::WaitingForQuickbooks => "waiting_for_quickbooks",
            Self::NeedsYou => "needs_you",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
}

/// `status --json`.
#[derive(Clone, Debug, Serialize)]
pub struct StatusView {
    /// The company's id.
    pub company: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: StateWord,
    /// Why it stands there, in a sentence.
    pub state_reason: String,
    /// Who must act next.
    pub who: String,
    /// `preview`, `running` or `paused`.
    pub mode: String,
    /// When the Web Connector was last here, RFC 3339 in UTC.
    pub last_contact: Option<String>,
    /// When it should come next; in the past when it is late.
    pub next_contact: Option<String>,
    /// It is so late that somebody must look.
    pub silent: bool,
    /// When Bill.com was last read completely.
    pub last_billcom_read: Option<String>,
    /// When QuickBooks was last read completely.
    pub last_quickbooks_read: Option<String>,
    /// Nothing is waiting, ready, sent or in doubt, no balance is to be sent, and both sides were read since the last write.
    pub idle: bool,
    /// Intents by state; every state is named, with 0 where there is none.
    pub intents: BTreeMap<String, u64>,
    /// Linked pairs by kind.
    pub links: BTreeMap<String, u64>,
    /// What a person must decide.
    pub problems: Vec<ProblemLine>,
}

/// A company in short: what stands in a list, and at the head of each of its pages.
#[derive(Clone, Debug, Serialize)]
pub struct SummaryView {
    /// The company's id.
    pub company: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: StateWord,
    /// Why it stands there, in a sentence.
    pub state_reason: String,
    /// Who must act next.
    pub who: String,
    /// `preview`, `running` or `paused`.
    pub mode: String,
    /// When the Web Connector was last here, RFC 3339 in UTC.
    pub last_contact: Option<String>,
    /// When it should come next; in the past when it is late.
    pub next_contact: Option<String>,
    /// Minutes between two visits.
    pub every_minutes: u32,
    /// It is so late that somebody must look.
    pub silent: bool,
    /// These are quiet hours: QuickBooks is left alone.
    pub quiet: bool,
    /// Somebody asked for a sync that the Web Connector has not come for yet.
    pub sync_wanted: bool,
    /// When Bill.com was last read completely.
    pub last_billcom_read: Option<String>,
    /// When QuickBooks was last read completely.
    pub last_quickbooks_read: Option<String>,
    /// How many problems are open.
    pub problems: u64,
    /// Live intents towards QuickBooks.
    pub to_quickbooks: u64,
    /// Live intents towards Bill.com.
    pub to_billcom: u64,
}

/// How far the session is that is under way.
#[derive(Clone, Debug, Serialize)]
pub struct ProgressView {
    /// 0 to 99.
    pub percent: u32,
    /// What it is doing, in words.
    pub doing: String,
    /// When it began.
    pub started_at: String,
    /// Message sets handed over.
    pub rounds: u32,
    /// Records read.
    pub records_read: u64,
    /// Changes confirmed.
    pub applied: u64,
}

/// Live intents of one sort.
#[derive(Clone, Debug, Serialize)]
pub struct MovingView {
    /// The side they are written to.
    pub side: String,
    /// What they are about.
    pub kind: String,
    /// What is to be done.
    pub operation: String,
    /// Where they stand.
    pub state: String,
    /// How many.
    pub count: u64,
}

/// Which record, for a link to its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordRef {
    /// Its side.
    pub side: String,
    /// Its kind.
    pub kind: String,
    /// Its id there.
    pub id: String,
}

impl RecordRef {
    /// The reference to a record.
    #[must_use]
    pub fn of(key: &RecordKey) -> Self {
        Self { side: key.side.word().to_owned(), kind: key.kind.word().to_owned(), id: key.id.as_str().to_owned() }
    }
}

/// A button.
#[derive(Clone, Debug, Serialize)]
pub struct ActionView {
    /// The word for `problem resolve`.
    pub id: String,
    /// The label.
    pub label: String,
    /// The value it wants (`--with`), where it wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
}

/// A problem in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemLine {
    /// Number for `problem show` and `problem resolve`.
    pub id: i64,
    /// What sort.
    pub code: String,
    /// One line.
    pub summary: String,
    /// What can be done.
    pub actions: Vec<ActionView>,
}

/// A problem in full.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemView {
    /// The line of it.
    #[serde(flatten)]
    pub line: ProblemLine,
    /// Kind of the record, where it is about one.
    pub kind: Option<String>,
    /// What happened.
    pub what_happened: String,
    /// Numbered steps.
    pub what_to_do: Vec<String>,
    /// Codes and texts of the other side.
    pub technical: Option<String>,
    /// Since when, RFC 3339.
    pub opened_at: String,
    /// Both sides of the record, field by field.
    pub fields: Vec<FieldView>,
    /// The record, where it is about one.
    pub record: Option<RecordRef>,
    /// The record beside its partner, or beside all that could be it.
    #[serde(skip)]
    pub compare: CompareView,
}

/// A record beside others, field by field.
#[derive(Clone, Debug, Default)]
pub struct CompareView {
    /// The record, then the others.
    pub columns: Vec<CompareColumn>,
    /// Its fields.
    pub rows: Vec<CompareRow>,
}

/// One record of a comparison.
#[derive(Clone, Debug)]
pub struct CompareColumn {
    /// Where it lives.
    pub side: String,
    /// Its id there.
    pub id: String,
    /// What the button that links to it wants to know; none where it is no candidate.
    pub link: Option<String>,
}

/// One field of a comparison.
#[derive(Clone, Debug)]
pub struct CompareRow {
    /// Its label.
    pub label: String,
    /// Its values, one for each column.
    pub cells: Vec<CompareCell>,
}

/// One value of a comparison.
#[derive(Clone, Debug)]
pub struct CompareCell {
    /// The value.
    pub value: Option<String>,
    /// Whether it is another than that of the first column.
    pub differs: bool,
}

/// One field on both sides.
#[derive(Clone, Debug, Serialize)]
pub struct FieldView {
    /// Its label.
    pub label: String,
    /// In QuickBooks.
    pub quickbooks: Option<String>,
    /// In Bill.com.
    pub billcom: Option<String>,
    /// Whether they differ.
    pub differs: bool,
}

/// One thing that would be done.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    /// The side it is done on.
    pub side: String,
    /// What it is about.
    pub kind: String,
    /// `create`, `update` or `void`.
    pub operation: String,
    /// Which record, as a person knows it.
    pub record: String,
    /// Why.
    pub reason: String,
}

/// One thing that cannot be done yet.
#[derive(Clone, Debug, Serialize)]
pub struct WaitingView {
    /// The side it is done on.
    pub side: String,
    /// What it is about.
    pub kind: String,
    /// Which record.
    pub record: String,
    /// What it waits for.
    pub reason: String,
}

/// `plan --json`.
#[derive(Clone, Debug, Serialize)]
pub struct PlanView {
    /// The company's id.
    pub company: String,
    /// What would be done next.
    pub steps: Vec<StepView>,
    /// What waits, and for what.
    pub waiting: Vec<WaitingView>,
    /// What a person must decide first.
    pub problems: Vec<ProblemLine>,
}

/// One line of history.
#[derive(Clone, Debug, Serialize)]
pub struct EventView {
    /// Its number; `before` in a query for older ones.
    pub id: i64,
    /// When, RFC 3339.
    pub at: String,
    /// What sort.
    pub kind: String,
    /// Which kind of record.
    pub record_kind: Option<String>,
    /// Which record, where it is about one.
    pub record: Option<RecordRef>,
    /// What happened.
    pub text: String,
}

/// One Web Connector session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionView {
    /// Number.
    pub id: i64,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Message sets handed over.
    pub rounds: u32,
    /// Records read.
    pub records_read: u64,
    /// Changes confirmed.
    pub applied: u64,
    /// How it ended, in words.
    pub outcome: String,
}

/// What is moving in a kind.
#[derive(Clone, Debug, Serialize)]
pub struct KindView {
    /// The word of the kind.
    pub kind: String,
    /// Its plural, for people.
    pub title: String,
    /// Linked pairs.
    pub linked: u64,
    /// Known records in QuickBooks.
    pub quickbooks: u64,
    /// Known records in Bill.com.
    pub billcom: u64,
    /// Live intents towards QuickBooks.
    pub to_quickbooks: u64,
    /// Live intents towards Bill.com.
    pub to_billcom: u64,
    /// Intents applied so far.
    pub applied: u64,
    /// Open problems about one.
    pub problems: u64,
}

/// A day's activity, for the bars.
#[derive(Clone, Debug, Serialize)]
pub struct DayView {
    /// The day, `yyyy-MM-dd`.
    pub day: String,
    /// Intents applied in QuickBooks.
    pub to_quickbooks: u64,
    /// Intents applied in Bill.com.
    pub to_billcom: u64,
    /// Refusals.
    pub rejected: u64,
}

/// A company's page.
#[derive(Clone, Debug, Serialize)]
pub struct CompanyView {
    /// Where it stands.
    pub summary: SummaryView,
    /// Intents by state.
    pub intents: BTreeMap<String, u64>,
    /// How far the session is that is under way.
    pub progress: Option<ProgressView>,
    /// What is on its way, by side, kind, operation and state.
    pub moving: Vec<MovingView>,
    /// What needs a decision, equal problems together.
    pub groups: Vec<GroupView>,
    /// Per kind.
    pub kinds: Vec<KindView>,
    /// The last 14 days, oldest first.
    pub days: Vec<DayView>,
    /// The newest sessions, newest first.
    pub sessions: Vec<SessionView>,
    /// The newest events, newest first.
    pub events: Vec<EventView>,
    /// The QuickBooks company file it is connected to, as far as known.
    pub company_file: Option<String>,
    /// The URL the Web Connector calls.
    pub app_url: String,
    /// The user name, or the name of the sync token, at Bill.com.
    pub billcom_user: String,
    /// The user name of the Web Connector.
    pub user_name: String,
    /// All settings with their values, in the order of the design.
    pub settings: Vec<(String, String)>,
}

/// What `company add --json` prints. The password is shown this once.
#[derive(Clone, Serialize)]
pub struct AddedView {
    /// The company's id.
    pub id: String,
    /// The URL the Web Connector calls.
    pub app_url: String,
    /// The user name of the Web Connector.
    pub user_name: String,
    /// Its password.
    pub password: String,
}

/// `check --json`.
#[derive(Clone, Debug, Serialize)]
pub struct CheckView {
    /// The company's id.
    pub company: String,
    /// Whether both ledgers say the same.
    pub equal: bool,
    /// What differs: documents, then totals of vendors and customers, then clearing accounts.
    pub differences: Vec<DifferenceView>,
}

/// One difference between the ledgers. Amounts are decimal texts with two places.
#[derive(Clone, Debug, Serialize)]
pub struct DifferenceView {
    /// The kind of document; `vendor` or `customer` for a total; `account` for a clearing account.
    pub kind: String,
    /// What a person calls it.
    pub record: String,
    /// The amount in QuickBooks.
    pub quickbooks: String,
    /// The amount in Bill.com.
    pub billcom: String,
    /// How much more QuickBooks has.
    pub difference: String,
    /// Why, where that is known.
    pub cause: Option<String>,
    /// The open problem that tells of it: the page leads there.
    #[serde(skip)]
    pub problem: Option<i64>,
    /// The record, for a link to its page; none for totals.
    #[serde(skip)]
    pub found: Option<RecordRef>,
}

/// An amount as both sides have it, as decimal texts with two places.
#[derive(Clone, Debug, Serialize)]
pub struct AmountsView {
    /// In QuickBooks.
    pub quickbooks: String,
    /// In Bill.com.
    pub billcom: String,
    /// Whether they are the same.
    pub equal: bool,
}

/// A figure of the comparison.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerLineView {
    /// The kind of document, `vendor`, `customer` or `account`.
    pub kind: String,
    /// Of what, or whose.
    pub name: String,
    /// Documents in it.
    pub documents: usize,
    /// Both amounts.
    pub amounts: AmountsView,
}

/// Documents from before the start date that stand on one side alone.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOutView {
    /// Their kind, in the plural.
    pub kind: String,
    /// How many.
    pub documents: usize,
    /// What they come to.
    pub amounts: AmountsView,
}

/// Both ledgers side by side.
#[derive(Clone, Debug, Serialize)]
pub struct LedgersView {
    /// What differs.
    pub check: CheckView,
    /// The documents of each kind, added up.
    pub kinds: Vec<LedgerLineView>,
    /// What is owed to each vendor, and what each customer owes.
    pub parties: Vec<LedgerLineView>,
    /// The clearing accounts.
    pub clearing: Vec<LedgerLineView>,
    /// What is not compared.
    pub left_out: Vec<LeftOutView>,
}

/// What an account holds in the evening of a day.
#[derive(Clone, Debug, Serialize)]
pub struct BalanceView {
    /// `2026-11-22`.
    pub day: String,
    /// A decimal text with two places.
    pub balance: String,
    /// Whether it is below zero.
    pub below_zero: bool,
}

/// A coming day.
#[derive(Clone, Debug, Serialize)]
pub struct ForecastDayView {
    /// `2026-11-22`.
    pub day: String,
    /// What comes in.
    #[serde(rename = "in")]
    pub money_in: String,
    /// What goes out, as a positive amount.
    #[serde(rename = "out")]
    pub money_out: String,
    /// What is there in the evening.
    pub balance: String,
    /// Whether that is below zero.
    pub below_zero: bool,
}

/// The past and the future of a bank account, or of all together.
#[derive(Clone, Debug, Serialize)]
pub struct SeriesView {
    /// The account's ListID; none for all together.
    pub account: Option<String>,
    /// Its name.
    pub name: String,
    /// What it holds now, by the books.
    pub balance: String,
    /// The coming evening with the lowest balance.
    pub lowest: BalanceView,
    /// The evenings before today.
    pub history: Vec<BalanceView>,
    /// Today and the days ahead.
    pub days: Vec<ForecastDayView>,
}

/// Money that is expected to move.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectedView {
    /// `bill`, `invoice`, `bill_payment` (scheduled), `invoice_payment` (announced), or `clearing`: booked, and on its way.
    pub kind: String,
    /// The number of the document, or the name of the clearing account.
    pub title: Option<String>,
    /// To or from whom.
    pub party: Option<String>,
    /// When it is due.
    pub due: String,
    /// The day on which it counts; none when it does not, or lies behind the last day.
    pub counted_on: Option<String>,
    /// Whether it was due before today.
    pub overdue: bool,
    /// Negative when money leaves.
    pub amount: String,
    /// The bank account; none when it is not known.
    pub account: Option<String>,
    /// Whether somebody has approved it, or nobody has to.
    pub approved: bool,
    /// The record; none for what a clearing account holds.
    pub record: Option<RecordRef>,
}

/// The cash-flow calendar. Amounts are decimal texts with two places.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarView {
    /// The company's id.
    pub company: String,
    /// The day on which it begins.
    pub today: String,
    /// Whether bills count that nobody has approved yet.
    pub counts_unapproved: bool,
    /// How many such bills are open.
    pub unapproved_bills: usize,
    /// What they would take, as a negative amount.
    pub unapproved: String,
    /// All accounts together, then each.
    pub accounts: Vec<SeriesView>,
    /// What is expected, by day.
    pub expected: Vec<ExpectedView>,
    /// How much more is expected, counted and not listed.
    pub more_expected: usize,
}
