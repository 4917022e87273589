//! Both ledgers side by side, as they were last seen: the report behind `counterfoil check`.
//!
//! Three questions, in the order in which a bookkeeper asks them. Does every document say the same amount on both sides? Does
//! each vendor and each customer therefore owe, or is owed, the same? Does a clearing account hold what is on its way and
//! nothing else? What one side does not have counts as nothing there; a document that is gone, or only announced, counts as
//! nothing too.
//!
//! What lies before the start date and stands on one side alone is the past of the books, and what can never travel, such as
//! a transfer between two banks, is one side's own business: neither is a difference. Both are told all the same where they
//! explain what a clearing account holds.
//!
//! A payment takes from what is owed only what moved as money: the credits that were used with it have lowered it already.

use crate::entities::Standing;
use crate::model::{Kind, Money, NativeId, ProblemId, Side};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Documents named as the cause of a difference in somebody's total.
const NAMED_MAX: usize = 3;

/// Kinds whose documents hold money, in the order in which they are shown.
pub const KINDS: [Kind; 6] =
    [Kind::Bill, Kind::VendorCredit, Kind::BillPayment, Kind::Invoice, Kind::InvoicePayment, Kind::FundsTransfer];

/// Somebody to whom documents belong, under the id of their record in QuickBooks, or in Bill.com when they have no partner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// Vendor or customer.
    pub kind: Kind,
    /// The id.
    pub id: NativeId,
}

/// An account of QuickBooks on which a document puts its amount, or from which it takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// The account's ListID.
    pub account: NativeId,
    /// Whether the amount is taken from it.
    pub taken: bool,
}

/// What of a payment goes to one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Bill or invoice.
    pub kind: Kind,
    /// Its id on the payment's side.
    pub id: NativeId,
    /// In cash or by a credit.
    pub amount: Money,
}

/// A document as one side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Its id there.
    pub id: NativeId,
    /// Whether it counts there.
    pub standing: Standing,
    /// What it says it comes to.
    pub amount: Money,
    /// To whom it belongs.
    pub party: Option<Party>,
    /// Its number.
    pub number: Option<String>,
    /// Its day.
    pub date: Option<NaiveDate>,
    /// When a bill or an invoice is to be paid.
    pub due: Option<NaiveDate>,
    /// What the side itself says is left to pay; none where it does not say.
    pub open: Option<Money>,
    /// Whether it is approved; QuickBooks knows no approval, so everything there is.
    pub approved: bool,
    /// Where it is booked, in accounts of QuickBooks.
    pub booked: Vec<Booking>,
    /// What it pays.
    pub applied: Vec<Applied>,
}

impl Leg {
    /// What it counts for in its ledger.
    #[must_use]
    pub fn counted(&self) -> Money {
        if self.standing == Standing::Booked { self.amount } else { Money::ZERO }
    }

    /// What it adds to an account; none when that is out of range.
    fn moves(&self, account: &NativeId) -> Option<Money> {
        let mut moved = Money::ZERO;
        for booking in self.booked.iter().filter(|booking| booking.account == *account) {
            moved = if booking.taken { moved.checked_sub(self.counted()) } else { moved.checked_add(self.counted()) }?;
        }
        Some(moved)
    }
}

/// Whether somebody promised to compare a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Yes.
    Compared,
    /// It lies before the start date, and stands on one side alone.
    Past,
    /// It never travels, whatever it says.
    Private,
}

/// A document: a pair, or a record without a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its kind.
    pub kind: Kind,
    /// What a person calls it.
    pub title: String,
    /// Whether it is compared.
    pub scope: Scope,
    /// As QuickBooks has it.
    pub quickbooks: Option<Leg>,
    /// As Bill.com has it.
    pub billcom: Option<Leg>,
    /// Why its sides differ, where that is known.
    pub cause: Option<String>,
    /// The open problem that tells of it.
    pub problem: Option<ProblemId>,
}

impl Document {
    /// As a side has it.
    #[must_use]
    pub const fn on(&self, side: Side) -> Option<&Leg> {
        match side {
            Side::QuickBooks => self.quickbooks.as_ref(),
            Side::BillCom => self.billcom.as_ref(),
        }
    }

    /// What it counts for on a side.
    fn amount(&self, side: Side) -> Money {
        self.on(side).map_or(Money::ZERO, Leg::counted)
    }

    /// Whether its sides differ in money, although they should not.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.scope == Scope::Compared && self.amount(Side::QuickBooks) != self.amount(Side::BillCom)
    }

    /// Whether it moves the total of somebody else on one side than on the other.
    fn strays(&self) -> bool {
        match (&self.quickbooks, &self.billcom) {
            (Some(quickbooks), Some(billcom)) => quickbooks.party != billcom.party,
            _ => false,
        }
    }
}

/// A clearing account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// Its ListID.
    pub account: NativeId,
    /// Its name.
    pub name: String,
    /// Its balance in QuickBooks.
    pub balance: Money,
}

/// Both ledgers.
#[derive(Clone, Debug, Default)]
pub struct Ledgers {
    /// All documents that hold money.
    pub documents: Vec<Document>,
    /// The clearing accounts whose balance is known.
    pub clearing: Vec<Clearing>,
}

/// An amount as both sides have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// In QuickBooks.
    pub quickbooks: Money,
    /// In Bill.com.
    pub billcom: Money,
}

impl Amounts {
    /// Whether they are the same.
    #[must_use]
    pub fn are_equal(&self) -> bool {
        self.quickbooks == self.billcom
    }

    fn on(&mut self, side: Side) -> &mut Money {
        match side {
            Side::QuickBooks => &mut self.quickbooks,
            Side::BillCom => &mut self.billcom,
        }
    }

    fn add(&mut self, side: Side, amount: Money) -> Result<(), Overflow> {
        let sum = self.on(side);
        *sum = sum.checked_add(amount).ok_or(Overflow)?;
        Ok(())
    }

    fn take(&mut self, side: Side, amount: Money) -> Result<(), Overflow> {
        let sum = self.on(side);
        *sum = sum.checked_sub(amount).ok_or(Overflow)?;
        Ok(())
    }
}

/// Something that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind of document; vendor or customer for a total; account for a clearing account.
    pub kind: Kind,
    /// What a person calls it.
    pub record: String,
    /// The record by which it is found, with its side; none for totals.
    pub key: Option<(Side, NativeId)>,
    /// Both amounts.
    pub amounts: Amounts,
    /// How much more QuickBooks has.
    pub difference: Money,
    /// Why, where that is known.
    pub cause: Option<String>,
    /// The open problem that tells of it.
    pub problem: Option<ProblemId>,
}

/// A figure of the report: a sum of documents, what somebody owes or is owed, what a clearing account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of what.
    pub kind: Kind,
    /// Whose; the account's name; none for the sum of a kind.
    pub name: Option<String>,
    /// Documents that are in it.
    pub documents: usize,
    /// Both amounts.
    pub amounts: Amounts,
}

/// Documents of a kind that stand on one side alone and are not compared, for they lie before the start date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Their kind.
    pub kind: Kind,
    /// How many there are.
    pub documents: usize,
    /// What they come to.
    pub amounts: Amounts,
}

/// Everything that `check` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is not the same: documents, then totals, then clearing accounts.
    pub differences: Vec<Difference>,
    /// The documents of each kind, added up.
    pub kinds: Vec<Line>,
    /// What is owed to each vendor, and what each customer owes, without those of nothing.
    pub parties: Vec<Line>,
    /// The clearing accounts: what they hold, and what payments whose money has not moved leave on them.
    pub clearing: Vec<Line>,
    /// What is not compared.
    pub left_out: Vec<LeftOut>,
}

/// A sum that money cannot hold: the records are damaged.
#[derive(Debug, thiserror::Error)]
#[error("the amounts of the ledgers cannot be added up")]
pub struct Overflow;

/// What a kind adds to what its party owes or is owed: 1, -1, or nothing.
const fn weight(kind: Kind) -> i64 {
    match kind {
        Kind::Bill | Kind::Invoice => 1,
        Kind::VendorCredit | Kind::BillPayment | Kind::InvoicePayment => -1,
        _ => 0,
    }
}

/// Compares both ledgers. `name` tells what a party is called.
///
/// # Errors
/// [`Overflow`] when a sum is out of range.
pub fn compare(ledgers: &Ledgers, name: impl Fn(&Party) -> Option<String>) -> Result<Report, Overflow> {
    let documents = &ledgers.documents;
    let mut report = Report::default();
    for document in documents.iter().filter(|document| document.differs()) {
        let amounts =
            Amounts { quickbooks: document.amount(Side::QuickBooks), billcom: document.amount(Side::BillCom) };
        report.differences.push(Difference {
            key: Side::ALL.into_iter().find_map(|side| Some((side, document.on(side)?.id.clone()))),
            problem: document.problem,
            ..difference(document.kind, document.title.clone(), amounts, document.cause.clone())?
        });
    }
    for (party, total) in totals(documents)? {
        let record = name(&party).unwrap_or_else(|| party.id.to_string());
        if !total.amounts.are_equal() {
            report.differences.push(difference(party.kind, record.clone(), total.amounts, total.cause())?);
        }
        if total.amounts != Amounts::default() {
            let (documents, amounts) = (total.documents, total.amounts);
            report.parties.push(Line { kind: party.kind, name: Some(record), documents, amounts });
        }
    }
    for account in &ledgers.clearing {
        let (line, cause) = clearing(account, documents)?;
        if !line.amounts.are_equal() {
            report.differences.push(difference(Kind::Account, account.name.clone(), line.amounts, Some(cause))?);
        }
        report.clearing.push(line);
    }
    for kind in KINDS {
        let of_kind = || documents.iter().filter(move |document| document.kind == kind);
        let (documents, amounts) = sum(of_kind().filter(|document| document.scope == Scope::Compared))?;
        report.kinds.push(Line { kind, name: None, documents, amounts });
        let (documents, amounts) = sum(of_kind().filter(|document| document.scope == Scope::Past))?;
        if documents > 0 {
            report.left_out.push(LeftOut { kind, documents, amounts });
        }
    }
    Ok(report)
}

fn difference(kind: Kind, record: String, amounts: Amounts, cause: Option<String>) -> Result<Difference, Overflow> {
    let difference = amounts.quickbooks.checked_sub(amounts.billcom).ok_or(Overflow)?;
    Ok(Difference { kind, record, key: None, amounts, difference, cause, problem: None })
}

/// How many documents count on at least one side, and for how much.
fn sum<'d>(documents: impl Iterator<Item = &'d Document>) -> Result<(usize, Amounts), Overflow> {
    let (mut count, mut amounts) = (0, Amounts::default());
    for document in documents {
        let mut counts = false;
        for side in Side::ALL {
            amounts.add(side, document.amount(side))?;
            counts |= document.on(side).is_some_and(|leg| leg.standing == Standing::Booked);
        }
        count += usize::from(counts);
    }
    Ok((count, amounts))
}

/// What a clearing account holds and should hold, and why that differs if it does.
fn clearing(account: &Clearing, documents: &[Document]) -> Result<(Line, String), Overflow> {
    let mut line =
        Line { kind: Kind::Account, name: Some(account.name.clone()), documents: 0, amounts: Amounts::default() };
    line.amounts.quickbooks = account.balance;
    let mut because = BTreeSet::new();
    for document in documents {
        let moved =
            |side| document.on(side).map_or(Some(Money::ZERO), |leg| leg.moves(&account.account)).ok_or(Overflow);
        let (quickbooks, billcom) = (moved(Side::QuickBooks)?, moved(Side::BillCom)?);
        // What nobody compares is expected to leave nothing.
        let expected = if document.scope == Scope::Compared { billcom } else { Money::ZERO };
        line.amounts.add(Side::BillCom, expected)?;
        line.documents += usize::from(!expected.is_zero());
        if quickbooks != expected {
            because.insert(document.title.as_str());
        }
    }
    let cause = came_from(&because).unwrap_or_else(|| {
        "The account holds something other than payments whose money has not moved yet: an entry made by hand, or an \
         opening balance."
            .to_owned()
    });
    Ok((line, cause))
}

/// What a party owes or is owed, and the documents on which its sides differ.
#[derive(Default)]
struct Total<'d> {
    amounts: Amounts,
    documents: usize,
    because: BTreeSet<&'d str>,
}

impl Total<'_> {
    fn cause(&self) -> Option<String> {
        came_from(&self.because)
    }
}

/// The documents that explain a difference, in a sentence.
fn came_from(because: &BTreeSet<&str>) -> Option<String> {
    let named: Vec<&str> = because.iter().take(NAMED_MAX).copied().collect();
    let more = because.len().saturating_sub(NAMED_MAX);
    match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(format!("It comes from {}.", named.join("; "))),
        (false, more) => Some(format!("It comes from {}, and {more} more.", named.join("; "))),
    }
}

fn totals(documents: &[Document]) -> Result<BTreeMap<Party, Total<'_>>, Overflow> {
    let mut totals: BTreeMap<Party, Total<'_>> = BTreeMap::new();
    let owed = |document: &&Document| weight(document.kind) != 0 && document.scope == Scope::Compared;
    for document in documents.iter().filter(owed) {
        let parties: BTreeSet<&Party> =
            Side::ALL.into_iter().filter_map(|side| document.on(side)?.party.as_ref()).collect();
        for party in parties {
            totals.entry(party.clone()).or_default().documents += 1;
        }
        for side in Side::ALL {
            let Some((leg, party)) = document.on(side).and_then(|leg| Some((leg, leg.party.clone()?))) else {
                continue;
            };
            let total = totals.entry(party).or_default();
            if weight(document.kind) > 0 {
                total.amounts.add(side, leg.counted())?;
            } else {
                total.amounts.take(side, leg.counted())?;
            }
            if document.differs() || document.strays() {
                total.because.insert(&document.title);
            }
        }
    }
    Ok(totals)
}

#[cfg(test)]
mod tests;
