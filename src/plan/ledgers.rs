//! Both ledgers side by side, as they were last seen: the report behind `counterfoil check`.
//!
//! Three questions, in the order in which a bookkeeper asks them. Does every document say the same amount on both sides? Does
//! each vendor and each customer therefore owe, or is owed, the same? Does a clearing account hold what is on its way and
//! nothing else? What one side does not have counts as nothing there; a document that is gone counts as nothing too.
//!
//! What lies before the start date and exists on one side alone is the past of the books, which nobody promised to compare. The
//! caller leaves it out, and with it everything that can never travel, such as transfers between two banks.
//!
//! A payment takes from what is owed only what moved as money: the credits that were used with it have lowered it already.

use crate::model::{Kind, Money, NativeId, Side};
use std::collections::{BTreeMap, BTreeSet};

/// Documents named as the cause of a difference in somebody's total.
const NAMED_MAX: usize = 3;

/// Somebody to whom documents belong, under the id of their record in QuickBooks, or in Bill.com when they have no partner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// Vendor or customer.
    pub kind: Kind,
    /// The id.
    pub id: NativeId,
}

/// A document as one side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Its id there.
    pub id: NativeId,
    /// What it comes to; nothing when it was voided or deleted.
    pub amount: Money,
    /// To whom it belongs.
    pub party: Option<Party>,
}

/// A document: a pair, or a record without a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its kind.
    pub kind: Kind,
    /// What a person calls it.
    pub title: String,
    /// As QuickBooks has it.
    pub quickbooks: Option<Leg>,
    /// As Bill.com has it.
    pub billcom: Option<Leg>,
    /// Why its sides differ, where that is known.
    pub cause: Option<String>,
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

    /// What it comes to on a side.
    fn amount(&self, side: Side) -> Money {
        self.on(side).map_or(Money::ZERO, |leg| leg.amount)
    }

    /// Whether its sides differ in money.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.amount(Side::QuickBooks) != self.amount(Side::BillCom)
    }

    /// Whether it moves the total of somebody else on one side than on the other.
    fn strays(&self) -> bool {
        match (&self.quickbooks, &self.billcom) {
            (Some(quickbooks), Some(billcom)) => quickbooks.party != billcom.party,
            _ => false,
        }
    }
}

/// A clearing account: what it holds, and what is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// Its name.
    pub name: String,
    /// Its balance in QuickBooks.
    pub balance: Money,
    /// What Bill.com's payments and movements leave on it: negative for money on its way out.
    pub on_its_way: Money,
}

/// Something that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind of document; vendor or customer for a total; account for a clearing account.
    pub kind: Kind,
    /// What a person calls it.
    pub record: String,
    /// The record by which it is found, with its side.
    pub key: Option<(Side, NativeId)>,
    /// In QuickBooks.
    pub quickbooks: Money,
    /// In Bill.com.
    pub billcom: Money,
    /// How much more QuickBooks has.
    pub difference: Money,
    /// Why, where that is known.
    pub cause: Option<String>,
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

/// Everything that differs: documents, then totals, then clearing accounts. `name` tells what a party is called.
///
/// # Errors
/// [`Overflow`] when a sum is out of range.
pub fn differences(
    documents: &[Document],
    clearing: &[Clearing],
    name: impl Fn(&Party) -> Option<String>,
) -> Result<Vec<Difference>, Overflow> {
    let mut found = Vec::new();
    for document in documents.iter().filter(|document| document.differs()) {
        let key = Side::ALL.into_iter().find_map(|side| Some((side, document.on(side)?.id.clone())));
        let (quickbooks, billcom) = (document.amount(Side::QuickBooks), document.amount(Side::BillCom));
        found.push(Difference {
            key,
            cause: document.cause.clone(),
            ..difference(document.kind, document.title.clone(), quickbooks, billcom)?
        });
    }
    for (party, total) in totals(documents)? {
        if total.quickbooks != total.billcom {
            let record = name(&party).unwrap_or_else(|| party.id.to_string());
            found.push(Difference {
                cause: total.cause(),
                ..difference(party.kind, record, total.quickbooks, total.billcom)?
            });
        }
    }
    for account in clearing.iter().filter(|account| account.balance != account.on_its_way) {
        let cause = "The account holds something other than payments whose money has not moved yet: an entry made by hand, \
                     an opening balance, or a document listed above.";
        found.push(Difference {
            cause: Some(cause.to_owned()),
            ..difference(Kind::Account, account.name.clone(), account.balance, account.on_its_way)?
        });
    }
    Ok(found)
}

fn difference(kind: Kind, record: String, quickbooks: Money, billcom: Money) -> Result<Difference, Overflow> {
    let difference = quickbooks.checked_sub(billcom).ok_or(Overflow)?;
    Ok(Difference { kind, record, key: None, quickbooks, billcom, difference, cause: None })
}

/// What a party owes or is owed, and the documents on which its sides differ.
#[derive(Default)]
struct Total<'d> {
    quickbooks: Money,
    billcom: Money,
    because: BTreeSet<&'d str>,
}

impl Total<'_> {
    fn cause(&self) -> Option<String> {
        let named: Vec<&str> = self.because.iter().take(NAMED_MAX).copied().collect();
        let more = self.because.len().saturating_sub(NAMED_MAX);
        match (named.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(format!("It comes from {}.", named.join("; "))),
            (false, more) => Some(format!("It comes from {}, and {more} more.", named.join("; "))),
        }
    }
}

fn totals(documents: &[Document]) -> Result<BTreeMap<Party, Total<'_>>, Overflow> {
    let mut totals: BTreeMap<Party, Total<'_>> = BTreeMap::new();
    for document in documents.iter().filter(|document| weight(document.kind) != 0) {
        for side in Side::ALL {
            let Some((leg, party)) = document.on(side).and_then(|leg| Some((leg, leg.party.clone()?))) else {
                continue;
            };
            let total = totals.entry(party).or_default();
            let sum = match side {
                Side::QuickBooks => &mut total.quickbooks,
                Side::BillCom => &mut total.billcom,
            };
            let added =
                if weight(document.kind) > 0 { sum.checked_add(leg.amount) } else { sum.checked_sub(leg.amount) };
            *sum = added.ok_or(Overflow)?;
            if document.differs() || document.strays() {
                total.because.insert(&document.title);
            }
        }
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leg(id: &str, cents: i64, party: &str) -> Leg {
        let party = Party { kind: Kind::Vendor, id: NativeId::new(party).expect("an id") };
        Leg { id: NativeId::new(id).expect("an id"), amount: Money::from_cents(cents), party: Some(party) }
    }

    fn document(kind: Kind, quickbooks: Option<Leg>, billcom: Option<Leg>) -> Document {
        let cause = Some("it waits".to_owned());
        Document { kind, title: format!("{} 7", kind.word()), quickbooks, billcom, cause }
    }

    fn of(documents: &[Document], clearing: &[Clearing]) -> Vec<Difference> {
        differences(documents, clearing, |party| Some(format!("Vendor {}", party.id))).expect("small sums")
    }

    #[test]
    fn pairs_that_agree_are_silent() {
        let documents = [
            document(Kind::Bill, Some(leg("1", 500, "V")), Some(leg("a", 500, "V"))),
            document(Kind::BillPayment, Some(leg("2", 500, "V")), Some(leg("b", 500, "V"))),
        ];
        let account = Clearing {
            name: "Money Out Clearing".to_owned(),
            balance: Money::from_cents(-500),
            on_its_way: Money::from_cents(-500),
        };
        assert_eq!(of(&documents, &[account]), []);
    }

    #[test]
    fn a_difference_is_named_once_as_document_and_once_in_its_total() {
        let found = of(&[document(Kind::VendorCredit, Some(leg("1", 300, "V")), None)], &[]);
        let said: Vec<_> = found.iter().map(|it| (it.kind, it.record.as_str(), it.difference.cents())).collect();
        assert_eq!(said, [(Kind::VendorCredit, "vendor_credit 7", 300), (Kind::Vendor, "Vendor V", -300)]);
        assert_eq!(found[0].cause.as_deref(), Some("it waits"));
        assert_eq!(found[1].cause.as_deref(), Some("It comes from vendor_credit 7."));
        assert_eq!(found[0].key, Some((Side::QuickBooks, NativeId::new("1").expect("an id"))));
    }

    #[test]
    fn a_bill_under_another_vendor_moves_two_totals() {
        let found = of(&[document(Kind::Bill, Some(leg("1", 500, "V")), Some(leg("a", 500, "W")))], &[]);
        let said: Vec<_> = found.iter().map(|it| (it.record.as_str(), it.difference.cents())).collect();
        assert_eq!(said, [("Vendor V", 500), ("Vendor W", -500)]);
        assert!(found.iter().all(|it| it.cause.as_deref() == Some("It comes from bill 7.")));
    }

    #[test]
    fn a_clearing_account_holds_what_is_on_its_way() {
        let account = Clearing {
            name: "Clearing".to_owned(),
            balance: Money::from_cents(-700),
            on_its_way: Money::from_cents(-500),
        };
        let found = of(&[], &[account]);
        assert_eq!((found.len(), found[0].kind, found[0].difference.cents()), (1, Kind::Account, -200));
    }

    #[test]
    fn sums_out_of_range_are_an_error() {
        let huge = || document(Kind::Bill, Some(leg("1", i64::MAX, "V")), Some(leg("a", i64::MAX, "V")));
        assert!(differences(&[huge(), huge()], &[], |_| None).is_err());
    }

    proptest! {
        /// The totals differ by exactly what the documents differ, whatever they are.
        #[test]
        fn totals_differ_by_what_documents_differ(rows in proptest::collection::vec((0..5_usize, 0..9_000_i64, 0..9_000_i64), 0..40)) {
            let kinds = [Kind::Bill, Kind::VendorCredit, Kind::BillPayment, Kind::Invoice, Kind::InvoicePayment];
            let rows = rows.into_iter().map(|(kind, left, right)| {
                document(kinds[kind], Some(leg("1", left, "V")), Some(leg("a", right, "V")))
            });
            let documents: Vec<Document> = rows.collect();
            let found = of(&documents, &[]);
            let sum = |wanted: &dyn Fn(&Difference) -> i64| found.iter().map(wanted).sum::<i64>();
            let by_document = sum(&|it| weight(it.kind) * it.difference.cents());
            let by_total = sum(&|it| if it.kind == Kind::Vendor { it.difference.cents() } else { 0 });
            prop_assert_eq!(by_document, by_total);
        }
    }
}
