//! Which money was used for what: payments and credits on one side, bills and invoices on the other.
//!
//! A use belongs to neither transaction but to both, so all uses stand here, once, under their target and with an index by
//! source. What a transaction still has open is what it is worth ([`Standing`]) less its uses.
//!
//! A credit that was applied through a payment is a use of the credit, not of the payment: it survives the payment
//! (`qbxml.md` 6, "SetCredit").

use std::collections::BTreeMap;

use super::books::{Books, Transaction};
use super::txn_kind::TxnKind;

/// A discount taken when a payment was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Discount {
    pub(crate) cents: i64,
    /// `ListID` of the account it is posted to.
    pub(crate) account: String,
    /// `ListID` of the class.
    pub(crate) class: Option<String>,
}

/// Money of one transaction used for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    /// `TxnID` of the payment or credit.
    pub(crate) source: String,
    /// `TxnID` of the bill or invoice.
    pub(crate) target: String,
    pub(crate) cents: i64,
    pub(crate) discount: Option<Discount>,
}

impl Use {
    /// What the target is relieved of, in cents: the money and the discount.
    pub(crate) fn relief_cents(&self) -> i64 {
        self.cents + self.discount.as_ref().map_or(0, |discount| discount.cents)
    }
}

/// All uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    by_target: BTreeMap<String, Vec<Use>>,
    /// Targets of each source, in the order in which they came.
    by_source: BTreeMap<String, Vec<String>>,
}

impl Applied {
    /// Adds a use; a further one of the same source and target is added to the first.
    pub(crate) fn add(&mut self, new: Use) {
        let uses = self.by_target.entry(new.target.clone()).or_default();
        if let Some(known) = uses.iter_mut().find(|known| known.source == new.source) {
            known.cents += new.cents;
            if let Some(discount) = new.discount {
                match &mut known.discount {
                    Some(before) => before.cents += discount.cents,
                    none => *none = Some(discount),
                }
            }
            return;
        }
        self.by_source.entry(new.source.clone()).or_default().push(new.target.clone());
        uses.push(new);
    }

    /// What was used for a target, in the order in which it came.
    pub(crate) fn on(&self, target: &str) -> &[Use] {
        self.by_target.get(target).map_or(&[], Vec::as_slice)
    }

    /// What a source was used for, in the order in which it came.
    pub(crate) fn of(&self, source: &str) -> Vec<&Use> {
        let targets = self.by_source.get(source).map_or(&[][..], Vec::as_slice);
        targets.iter().filter_map(|target| self.on(target).iter().find(|used| used.source == source)).collect()
    }

    /// Cents a target was relieved of.
    pub(crate) fn relief_cents(&self, target: &str) -> i64 {
        self.on(target).iter().map(Use::relief_cents).sum()
    }

    /// Cents of a source that were used, discounts included.
    pub(crate) fn used_cents(&self, source: &str) -> i64 {
        self.of(source).into_iter().map(Use::relief_cents).sum()
    }

    /// Takes one use away.
    pub(crate) fn remove(&mut self, source: &str, target: &str) {
        if let Some(uses) = self.by_target.get_mut(target) {
            uses.retain(|used| used.source != source);
            if uses.is_empty() {
                self.by_target.remove(target);
            }
        }
        if let Some(targets) = self.by_source.get_mut(source) {
            targets.retain(|known| known != target);
            if targets.is_empty() {
                self.by_source.remove(source);
            }
        }
    }

    /// Takes all uses of a transaction away, whichever side it is on, and gives them back.
    pub(crate) fn unlink(&mut self, id: &str) -> Vec<Use> {
        let mut gone: Vec<Use> = self.on(id).to_vec();
        gone.extend(self.of(id).into_iter().cloned());
        for used in &gone {
            self.remove(&used.source, &used.target);
        }
        gone
    }

    /// All uses.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Use> {
        self.by_target.values().flatten()
    }

    /// Turns the discount accounts and classes of all uses from one record to another.
    pub(crate) fn redirect(&mut self, from: &str, to: &str, is_account: bool) {
        for discount in self.by_target.values_mut().flatten().filter_map(|used| used.discount.as_mut()) {
            if is_account && discount.account == from {
                to.clone_into(&mut discount.account);
            }
            if !is_account && discount.class.as_deref() == Some(from) {
                discount.class = Some(to.to_owned());
            }
        }
    }
}

/// What a transaction is worth on an A/P or A/R account: a debt that can be paid, or money that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// `ListID` of the A/P or A/R account.
    pub(crate) account: String,
    /// `ListID` of the vendor or customer.
    pub(crate) party: String,
    /// Never negative.
    pub(crate) cents: i64,
    /// True for bills and invoices, false for payments and credits.
    pub(crate) is_debt: bool,
}

/// The standing of a transaction; `None` if it has nothing to do with A/P and A/R.
pub(crate) fn standing(books: &Books, txn: &Transaction) -> Option<Standing> {
    let of_header = |account: &str, cents, is_debt| {
        let account = txn.reference(account)?.to_owned();
        Some(Standing { account, party: txn.party.clone(), cents, is_debt })
    };
    match txn.kind {
        TxnKind::Bill => of_header("APAccountRef", txn.total_cents, true),
        TxnKind::VendorCredit => of_header("APAccountRef", txn.total_cents, false),
        TxnKind::Invoice | TxnKind::CreditMemo if txn.postings.is_empty() => {
            of_header("ARAccountRef", 0, txn.kind == TxnKind::Invoice)
        }
        TxnKind::Invoice => of_header("ARAccountRef", txn.total_cents, true),
        TxnKind::CreditMemo => of_header("ARAccountRef", txn.total_cents, false),
        TxnKind::BillPaymentCheck | TxnKind::BillPaymentCreditCard => {
            let account = txn.reference("APAccountRef")?;
            of_header("APAccountRef", booked_on(txn, account), false)
        }
        TxnKind::ReceivePayment => {
            let account = txn.reference("ARAccountRef")?;
            of_header("ARAccountRef", -booked_on(txn, account), false)
        }
        TxnKind::Check | TxnKind::JournalEntry | TxnKind::Deposit => of_line(books, txn),
        TxnKind::Transfer => None,
    }
}

/// Debits less credits of a transaction on one account.
fn booked_on(txn: &Transaction, account: &str) -> i64 {
    txn.postings.iter().filter(|posting| posting.account == account).map(|posting| posting.cents).sum()
}

/// The standing that a line on an A/P or A/R account gives.
fn of_line(books: &Books, txn: &Transaction) -> Option<Standing> {
    let is_open = |account: &str| matches!(books.account_type(account), "AccountsPayable" | "AccountsReceivable");
    let posting = txn.postings.iter().find(|posting| posting.party.is_some() && is_open(&posting.account))?;
    let party = posting.party.clone()?;
    let same = |other: &&super::ledger::Posting| other.account == posting.account && other.party == posting.party;
    let cents: i64 = txn.postings.iter().filter(same).map(|posting| posting.cents).sum();
    let owed_when_positive = books.account_type(&posting.account) == "AccountsReceivable";
    let is_debt = (cents > 0) == owed_when_positive;
    Some(Standing { account: posting.account.clone(), party, cents: cents.abs(), is_debt })
}

/// What of a transaction is still open, in cents: to be paid, or to be used.
pub(crate) fn open_cents(books: &Books, txn: &Transaction) -> i64 {
    standing(books, txn).map_or(0, |standing| {
        let used =
            if standing.is_debt { books.applied.relief_cents(&txn.id) } else { books.applied.used_cents(&txn.id) };
        standing.cents - used
    })
}

/// Both ends of every use are there, and nothing is used for more than it is worth.
///
/// # Panics
/// If that does not hold: a mistake in the simulator itself.
pub(crate) fn check(books: &Books) {
    for used in books.applied.all() {
        for (id, is_debt) in [(&used.source, false), (&used.target, true)] {
            let txn = books.txns.get(id);
            let standing = txn.and_then(|txn| standing(books, txn));
            assert!(
                standing.is_some_and(|standing| standing.is_debt == is_debt),
                "invariant: a use has a source that is money and a target that is a debt, but {id} is not"
            );
            let open = txn.map_or(0, |txn| open_cents(books, txn));
            assert!(open >= 0, "invariant: nothing is used for more than it is worth, but {id} has {open} left");
        }
    }
}
