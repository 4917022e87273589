//! The cash-flow calendar: what the bank accounts will hold on each of the coming days, if everything that is due is paid on
//! its day.
//!
//! It begins with the book balances of QuickBooks. To them come open invoices by due date; from them go open bills by due
//! date, payments that are scheduled, and what the clearing accounts hold: payments that are booked, and whose money has not
//! left or reached the bank yet. What is overdue is gathered on today: nobody knows when it comes, and leaving it out would
//! hide it.
//!
//! What is left to pay of a document is its amount less the payments and credits that either side shows for it. QuickBooks
//! also knows of payments of sorts that are not read, such as journal entries; where it says that less is left, that
//! holds. Payables are managed in Bill.com and receivables in QuickBooks, so where the two sides differ, that side's word
//! counts.
//!
//! Money moves through the account from which payments leave unless somebody says otherwise. Where that is not known, what is
//! due counts in the total only.

use super::ledgers::{Clearing, Document, Leg, Overflow, Party, Scope};
use crate::entities::Standing;
use crate::model::{Kind, Money, NativeId, Side};
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, HashMap};

/// A bank account of QuickBooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its ListID.
    pub id: NativeId,
    /// Its name.
    pub name: String,
    /// Its book balance, as last seen.
    pub balance: Money,
    /// Its balance at the end of the days on which it changed, oldest first.
    pub changes: Vec<(NaiveDate, Money)>,
}

/// Everything that the calendar is made of.
#[derive(Clone, Debug)]
pub struct Books {
    /// The day on which it begins.
    pub today: NaiveDate,
    /// The bank accounts, without the clearing accounts.
    pub accounts: Vec<Account>,
    /// The account through which money moves.
    pub main: Option<NativeId>,
    /// The clearing accounts.
    pub clearing: Vec<Clearing>,
    /// All documents of both sides.
    pub documents: Vec<Document>,
}

/// How it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Days of the past that are shown.
    pub days_back: u64,
    /// Days ahead.
    pub days_ahead: u64,
    /// Whether bills count that nobody has approved yet.
    pub unapproved: bool,
}

/// What is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// What a clearing account holds.
    Clearing,
    /// A payment to a vendor that is scheduled.
    Payment,
    /// A bill that is open.
    Bill,
    /// A payment of a customer that is announced.
    Receipt,
    /// An invoice that is open.
    Invoice,
}

/// Money that is expected to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Why.
    pub source: Source,
    /// The number of the document, or the name of the clearing account.
    pub title: Option<String>,
    /// To or from whom.
    pub party: Option<Party>,
    /// The record, on the side whose word counts; none for what a clearing account holds.
    pub key: Option<(Side, NativeId)>,
    /// When it is due.
    pub due: NaiveDate,
    /// The day on which it counts: today when it is overdue; none when it does not count, or lies behind the last day.
    pub counted_on: Option<NaiveDate>,
    /// Negative when money leaves.
    pub amount: Money,
    /// The bank account; none when it is not known.
    pub account: Option<NativeId>,
    /// Whether somebody has approved it, or nobody has to.
    pub approved: bool,
}

/// A coming day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// What comes in.
    pub money_in: Money,
    /// What goes out, as a positive amount.
    pub money_out: Money,
    /// What is there in the evening.
    pub balance: Money,
}

/// The past and the future of one account, or of all together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The account; none for all together.
    pub account: Option<NativeId>,
    /// Its name.
    pub name: String,
    /// What it holds now.
    pub balance: Money,
    /// The coming evening with the lowest balance.
    pub lowest: (NaiveDate, Money),
    /// What it held in the evening of each day before today, from the first one that is known.
    pub history: Vec<(NaiveDate, Money)>,
    /// Today and the days ahead.
    pub days: Vec<Day>,
}

/// The calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// All accounts together, then each.
    pub series: Vec<Series>,
    /// What is expected, by day, then by source.
    pub flows: Vec<Flow>,
}

/// Makes the calendar.
///
/// # Errors
/// [`Overflow`] when a sum is out of range.
pub fn forecast(books: &Books, choice: Choice) -> Result<Forecast, Overflow> {
    let last = books.today.checked_add_days(Days::new(choice.days_ahead)).unwrap_or(NaiveDate::MAX);
    let mut flows = expected(books)?;
    for flow in &mut flows {
        let counts = (flow.approved || choice.unapproved) && flow.due <= last;
        flow.counted_on = counts.then(|| flow.due.max(books.today));
    }
    flows.sort_by(|left, right| (left.due, left.source, &left.title).cmp(&(right.due, right.source, &right.title)));
    let balance = Money::checked_sum(books.accounts.iter().map(|account| account.balance)).ok_or(Overflow)?;
    let all = days(books.today, last, balance, flows.iter())?;
    let name = "All accounts".to_owned();
    let history = total_history(books, choice.days_back)?;
    let mut series = vec![Series { account: None, name, balance, lowest: lowest(&all, books), history, days: all }];
    for account in &books.accounts {
        let own = flows.iter().filter(|flow| flow.account.as_ref() == Some(&account.id));
        let days = days(books.today, last, account.balance, own)?;
        series.push(Series {
            account: Some(account.id.clone()),
            name: account.name.clone(),
            balance: account.balance,
            lowest: lowest(&days, books),
            history: account_history(account, books.today, choice.days_back),
            days,
        });
    }
    Ok(Forecast { series, flows })
}

/// The first of the evenings with the lowest balance.
fn lowest(days: &[Day], books: &Books) -> (NaiveDate, Money) {
    let evenings = days.iter().map(|day| (day.balance, day.day));
    evenings.min().map_or((books.today, Money::ZERO), |(balance, day)| (day, balance))
}

/// The days from today to the last, with what is counted on each.
fn days<'f>(
    today: NaiveDate,
    last: NaiveDate,
    balance: Money,
    flows: impl Iterator<Item = &'f Flow>,
) -> Result<Vec<Day>, Overflow> {
    let mut moved: BTreeMap<NaiveDate, (Money, Money)> = BTreeMap::new();
    for (flow, day) in flows.filter_map(|flow| Some((flow, flow.counted_on?))) {
        let (money_in, money_out) = moved.entry(day).or_default();
        if flow.amount.is_negative() {
            *money_out = money_out.checked_sub(flow.amount).ok_or(Overflow)?;
        } else {
            *money_in = money_in.checked_add(flow.amount).ok_or(Overflow)?;
        }
    }
    let (mut found, mut balance) = (Vec::new(), balance);
    for day in today.iter_days().take_while(|day| *day <= last) {
        let (money_in, money_out) = moved.get(&day).copied().unwrap_or_default();
        let after = balance.checked_add(money_in).and_then(|sum| sum.checked_sub(money_out));
        balance = after.ok_or(Overflow)?;
        found.push(Day { day, money_in, money_out, balance });
    }
    Ok(found)
}

/// What an account held in the evenings before today. Between two changes a balance stays as it was.
fn account_history(account: &Account, today: NaiveDate, days_back: u64) -> Vec<(NaiveDate, Money)> {
    let first = today.checked_sub_days(Days::new(days_back)).unwrap_or(today);
    let (mut found, mut known, mut changes) = (Vec::new(), None, account.changes.iter().peekable());
    for day in first.iter_days().take_while(|day| *day < today) {
        while let Some((_, balance)) = changes.next_if(|(changed, _)| *changed <= day) {
            known = Some(*balance);
        }
        found.extend(known.map(|balance| (day, balance)));
    }
    found
}

/// All accounts together: each counts from the first day on which it is known.
fn total_history(books: &Books, days_back: u64) -> Result<Vec<(NaiveDate, Money)>, Overflow> {
    let mut sums: BTreeMap<NaiveDate, Money> = BTreeMap::new();
    for account in &books.accounts {
        for (day, balance) in account_history(account, books.today, days_back) {
            let sum = sums.entry(day).or_default();
            *sum = sum.checked_add(balance).ok_or(Overflow)?;
        }
    }
    Ok(sums.into_iter().collect())
}

/// What is paid of each bill and invoice, as each side shows it.
type Paid = HashMap<(Side, Kind, NativeId), Money>;

/// Everything that is expected to move money.
fn expected(books: &Books) -> Result<Vec<Flow>, Overflow> {
    let account = match &books.main {
        Some(main) if books.accounts.iter().any(|account| account.id == *main) => Some(main.clone()),
        _ if books.accounts.len() == 1 => books.accounts.first().map(|account| account.id.clone()),
        _ => None,
    };
    let paid = paid(&books.documents)?;
    let mut flows = Vec::new();
    for document in books.documents.iter().filter(|document| document.scope != Scope::Private) {
        let flow = match document.kind {
            Kind::Bill => open(document, Side::BillCom, &paid, books.today)?,
            Kind::Invoice => open(document, Side::QuickBooks, &paid, books.today)?,
            Kind::BillPayment => coming_payment(document, books),
            Kind::InvoicePayment => coming_receipt(document),
            _ => None,
        };
        flows.extend(flow.map(|flow| Flow { account: account.clone(), ..flow }));
    }
    for clearing in &books.clearing {
        let amount = unmoved(clearing, books)?;
        if !amount.is_zero() {
            flows.push(Flow {
                source: Source::Clearing,
                title: Some(clearing.name.clone()),
                party: None,
                key: None,
                due: books.today,
                counted_on: None,
                amount,
                account: account.clone(),
                approved: true,
            });
        }
    }
    Ok(flows)
}

fn paid(documents: &[Document]) -> Result<Paid, Overflow> {
    let mut paid = Paid::new();
    for document in documents {
        for side in Side::ALL {
            let Some(leg) = document.on(side).filter(|leg| leg.standing != Standing::Out) else { continue };
            for part in &leg.applied {
                let sum = paid.entry((side, part.kind, part.id.clone())).or_default();
                *sum = sum.checked_add(part.amount).ok_or(Overflow)?;
            }
        }
    }
    Ok(paid)
}

/// The side whose word counts, or the only one that has the document.
fn leading(document: &Document, side: Side) -> Option<(Side, &Leg)> {
    let sides = [side, side.other()];
    let (side, leg) = sides.into_iter().find_map(|side| Some((side, document.on(side)?)))?;
    (leg.standing != Standing::Out).then_some((side, leg))
}

/// What is left to pay of a bill or an invoice.
fn open(document: &Document, side: Side, paid: &Paid, today: NaiveDate) -> Result<Option<Flow>, Overflow> {
    let Some((side, leg)) = leading(document, side) else { return Ok(None) };
    let on = |side: Side| {
        let key = document.on(side).map(|leg| (side, document.kind, leg.id.clone()));
        key.and_then(|key| paid.get(&key).copied()).unwrap_or(Money::ZERO)
    };
    let settled = on(Side::QuickBooks).max(on(Side::BillCom));
    let mut left = leg.amount.checked_sub(settled).ok_or(Overflow)?;
    // A bill of Bill.com that QuickBooks calls paid was paid there by hand: Bill.com still asks for it.
    let said = match document.kind {
        Kind::Bill if document.billcom.is_some() => None,
        _ => document.quickbooks.as_ref().and_then(|leg| leg.open),
    };
    left = said.map_or(left, |said| left.min(said));
    if left <= Money::ZERO {
        return Ok(None);
    }
    let leaves = document.kind == Kind::Bill;
    Ok(Some(Flow {
        source: if leaves { Source::Bill } else { Source::Invoice },
        title: leg.number.clone(),
        party: leg.party.clone(),
        key: Some((side, leg.id.clone())),
        due: leg.due.or(leg.date).unwrap_or(today),
        counted_on: None,
        amount: if leaves { Money::ZERO.checked_sub(left).ok_or(Overflow)? } else { left },
        account: None,
        approved: !leaves || leg.approved,
    }))
}

/// A payment to a vendor whose day is still to come, and that is not taken from a bank account already.
fn coming_payment(document: &Document, books: &Books) -> Option<Flow> {
    let leg = document.billcom.as_ref().filter(|leg| leg.standing != Standing::Out)?;
    let due = leg.date?;
    let booked_on_bank = document.quickbooks.is_some() && !books.clearing.iter().any(|it| is_taken_from(leg, it));
    let comes = due > books.today || leg.standing == Standing::Announced;
    if !comes || booked_on_bank || leg.amount <= Money::ZERO {
        return None;
    }
    let amount = Money::ZERO.checked_sub(leg.amount)?;
    Some(Flow { source: Source::Payment, amount, ..announced(leg, due) })
}

/// A payment of a customer that is announced.
fn coming_receipt(document: &Document) -> Option<Flow> {
    let leg = document.billcom.as_ref().filter(|leg| leg.standing == Standing::Announced)?;
    let flow = Flow { source: Source::Receipt, amount: leg.amount, ..announced(leg, leg.date?) };
    (leg.amount > Money::ZERO).then_some(flow)
}

fn announced(leg: &Leg, due: NaiveDate) -> Flow {
    Flow {
        source: Source::Payment,
        title: leg.number.clone(),
        party: leg.party.clone(),
        key: Some((Side::BillCom, leg.id.clone())),
        due,
        counted_on: None,
        amount: leg.amount,
        account: None,
        approved: true,
    }
}

fn is_taken_from(leg: &Leg, clearing: &Clearing) -> bool {
    leg.booked.iter().any(|booking| booking.taken && booking.account == clearing.account)
}

/// What a clearing account holds, without the payments that are expected on a day of their own.
fn unmoved(clearing: &Clearing, books: &Books) -> Result<Money, Overflow> {
    let mut amount = clearing.balance;
    for document in books.documents.iter().filter(|document| document.quickbooks.is_some()) {
        if document.kind != Kind::BillPayment || coming_payment(document, books).is_none() {
            continue;
        }
        if let Some(leg) = document.billcom.as_ref().filter(|leg| is_taken_from(leg, clearing)) {
            amount = amount.checked_add(leg.amount).ok_or(Overflow)?;
        }
    }
    Ok(amount)
}

#[cfg(test)]
mod tests;
