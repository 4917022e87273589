//! Accounts: query (without an iterator), add, change.
//!
//! Full names are unique; a sub-account has the type of its parent; the number has at most seven characters and, while
//! numbers are on, is unique. `Balance` is the account's own current balance, positive on the side that is normal for its
//! type, `TotalBalance` adds the sub-accounts (`qbxml.md` 10); neither moves the edit sequence.

use chrono::Datelike as _;

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::books::Books;
use crate::sim::quickbooks::ledger::{PRIOR, Posting};
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::schema::{Node, amount, date, date_time, flag, group, id, integer, reference, text, word};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::{
    ACCOUNT_FILTERS, ACCOUNT_TYPE, CASH_FLOW, DATA_EXT_RET, INCLUDE, OWNER, SPECIAL_ACCOUNT,
};
use crate::sim::quickbooks::time::Now;
use crate::sim::quickbooks::{CompanyFile, list_ops, money, query};
use crate::sim::xml::Element;

const QUERY: &[Node] = &[ACCOUNT_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "AccountAdd",
        &[
            text("Name", 31).required(),
            flag("IsActive"),
            reference("ParentRef", 0),
            word("AccountType", ACCOUNT_TYPE).required(),
            text("DetailAccountType", 0).foreign(),
            text("AccountNumber", 7),
            text("BankNumber", 25),
            text("Desc", 200),
            amount("OpenBalance"),
            date("OpenBalanceDate"),
            reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
            integer("TaxLineID").since(7, 0),
            reference("CurrencyRef", 64).since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "AccountMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 31),
            flag("IsActive"),
            reference("ParentRef", 0),
            word("AccountType", ACCOUNT_TYPE),
            text("AccountNumber", 7),
            text("BankNumber", 25),
            text("Desc", 200),
            amount("OpenBalance"),
            date("OpenBalanceDate"),
            reference("SalesTaxCodeRef", 3).foreign(),
            integer("TaxLineID").since(7, 0),
            reference("CurrencyRef", 64).since(8, 0),
        ],
    )
    .required()
    .since(6, 0),
    text("IncludeRetElement", 50).many().since(6, 0),
];

const RET: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 31),
    text("FullName", 159),
    flag("IsActive"),
    reference("ParentRef", 0),
    integer("Sublevel"),
    word("AccountType", ACCOUNT_TYPE),
    text("DetailAccountType", 0).foreign(),
    word("SpecialAccountType", SPECIAL_ACCOUNT).since(2, 1),
    flag("IsTaxAccount").since(6, 0).foreign(),
    text("AccountNumber", 7),
    text("BankNumber", 25).since(2, 0),
    text("LastCheckNumber", 0).foreign(),
    text("Desc", 200),
    amount("Balance"),
    amount("TotalBalance"),
    reference("SalesTaxCodeRef", 3).since(6, 0).foreign(),
    group("TaxLineInfoRet", &[integer("TaxLineID").required(), text("TaxLineName", 256)]).since(2, 1),
    word("CashFlowClassification", CASH_FLOW).since(2, 1),
    reference("CurrencyRef", 64).since(8, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];

pub(crate) static OBJECT: ListObject =
    ListObject { never_cleared: &["AccountType"], computed, check, settle, ..ListObject::plain("AccountRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("AccountQuery", QUERY, |call| query::lists(call, &[ListKind::Account])).with(Attributes::Query),
    RequestType::new("AccountAdd", ADD, |call| list_ops::add(call, ListKind::Account, ADD)),
    RequestType::new("AccountMod", MOD, |call| list_ops::modify(call, ListKind::Account, MOD)).since(6, 0),
];

/// The types in the order of the chart of accounts, with true for those whose balance is normally a credit.
const TYPES: &[(&str, bool)] = &[
    ("Bank", false),
    ("AccountsReceivable", false),
    ("OtherCurrentAsset", false),
    ("FixedAsset", false),
    ("OtherAsset", false),
    ("AccountsPayable", true),
    ("CreditCard", true),
    ("OtherCurrentLiability", true),
    ("LongTermLiability", true),
    ("Equity", true),
    ("Income", true),
    ("CostOfGoodsSold", false),
    ("Expense", false),
    ("OtherIncome", true),
    ("OtherExpense", false),
    ("NonPosting", false),
];

/// Place of a type in the chart of accounts; records of other lists come first.
pub(crate) fn type_rank(account_type: Option<&str>) -> usize {
    account_type.and_then(|kind| TYPES.iter().position(|(known, _)| *known == kind)).map_or(0, |rank| rank + 1)
}

/// Turns a debit-positive balance to the side that is normal for the type, and back.
pub(crate) fn on_normal_side(account_type: &str, cents: i128) -> i128 {
    let is_credit = TYPES.iter().any(|(known, credit)| *known == account_type && *credit);
    if is_credit { -cents } else { cents }
}

/// Own balance in cents, as the list shows it: of income and expenses the year to date, whose earlier years stand in the
/// retained earnings.
pub(crate) fn balance(books: &Books, record: &ListRecord) -> i64 {
    let account_type = record.field("AccountType").unwrap_or("");
    let year = books.today.year();
    let mut cents = books.ledger.account(&record.id);
    if is_of_year(account_type) {
        cents -= books.ledger.other_years(&record.id, year);
    } else if is_retained(record) {
        let accounts = books.lists.of_kind(ListKind::Account);
        let of_year = accounts.filter(|account| is_of_year(account.field("AccountType").unwrap_or("")));
        cents += of_year.map(|account| books.ledger.before_year(&account.id, year)).sum::<i128>();
    }
    let cents = on_normal_side(account_type, cents);
    i64::try_from(cents).expect("invariant: balances of a simulated company fit an i64")
}

/// True for the account that takes in the earnings of the years before, by its mark or by its usual name.
fn is_retained(record: &ListRecord) -> bool {
    let has_name = record.name == "Retained Earnings" && record.field("AccountType") == Some("Equity");
    record.field("SpecialAccountType").map_or(has_name, |special| special == "RetainedEarnings")
}

/// True for the types whose accounts begin every year at nothing.
pub(crate) fn is_of_year(account_type: &str) -> bool {
    matches!(account_type, "Income" | "CostOfGoodsSold" | "Expense" | "OtherIncome" | "OtherExpense")
}

fn total_balance(books: &Books, record: &ListRecord) -> i64 {
    balance(books, record) + books.lists.children(record).map(|child| total_balance(books, child)).sum::<i64>()
}

fn computed(books: &Books, record: &ListRecord) -> Vec<Element> {
    let mut fields = vec![
        Element::leaf("Balance", &money::format(balance(books, record))),
        Element::leaf("TotalBalance", &money::format(total_balance(books, record))),
    ];
    if record.field("CashFlowClassification").is_none() {
        fields.push(Element::leaf("CashFlowClassification", cash_flow(record.field("AccountType").unwrap_or(""))));
    }
    fields
}

/// The classification QuickBooks proposes by type, as the real chart of accounts has it.
fn cash_flow(account_type: &str) -> &'static str {
    match account_type {
        "Bank" | "NonPosting" => "NotApplicable",
        "AccountsReceivable" | "OtherCurrentAsset" | "AccountsPayable" | "CreditCard" | "OtherCurrentLiability" => {
            "Operating"
        }
        "FixedAsset" | "OtherAsset" => "Investing",
        "LongTermLiability" | "Equity" => "Financing",
        _ => "None",
    }
}

fn check(file: &CompanyFile, record: &ListRecord, before: Option<&ListRecord>) -> Result<(), Status> {
    let books = &file.books;
    let account_type = record.field("AccountType").unwrap_or("");
    let changes_type = before.is_none_or(|before| before.field("AccountType") != Some(account_type));
    if account_type == "NonPosting" && changes_type {
        return Err(Status::rule("AccountType", account_type, "Accounts of this type cannot be created."));
    }
    let has_fixed_type = |kind: &str| matches!(kind, "AccountsPayable" | "AccountsReceivable");
    if let Some(old) = before.and_then(|before| before.field("AccountType"))
        && changes_type
        && (has_fixed_type(old) || has_fixed_type(account_type))
    {
        return Err(Status::rule("AccountType", account_type, "The type of this account cannot be changed."));
    }
    let parent = record.parent.as_deref().and_then(|id| books.lists.get(ListKind::Account, id));
    if parent.is_some_and(|parent| parent.field("AccountType") != Some(account_type)) {
        return Err(Status::rule(
            "AccountType",
            account_type,
            "A subaccount must have the type of its parent account.",
        ));
    }
    let number = record.field("AccountNumber").filter(|_| books.preferences.account_numbers);
    if let Some(number) = number {
        let mut others = books.lists.of_kind(ListKind::Account).filter(|other| other.id != record.id);
        if others.any(|other| other.field("AccountNumber") == Some(number)) {
            return Err(Status::rule("AccountNumber", number, "This account number is already in use."));
        }
    }
    Ok(())
}

/// An opening balance is posted, not kept as a field.
fn settle(file: &mut CompanyFile, record: &mut ListRecord, _now: Now) {
    let cents = record.field("OpenBalance").and_then(money::parse).unwrap_or(0);
    let account_type = record.field("AccountType").unwrap_or("").to_owned();
    record.fields.retain(|field| !matches!(field.name.as_str(), "OpenBalance" | "OpenBalanceDate"));
    let cents = on_normal_side(&account_type, i128::from(cents));
    if let Ok(cents) = i64::try_from(cents)
        && cents != 0
    {
        let other = |account: &str, cents| Posting { account: account.to_owned(), party: None, cents };
        file.books.ledger.post(&[other(&record.id, cents), other(PRIOR, -cents)]);
    }
}
