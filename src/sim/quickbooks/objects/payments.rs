//! What payments have in common: reading what is to be paid with money, credits and discounts, and checking it against what
//! is open.
//!
//! A payment names transactions, each with at least one of an amount, a discount, and credits to set (`qbxml.md` 6). What is
//! paid already, belongs to somebody else or stands on another account cannot be found (3120); more than is open is 3210. In
//! a Mod, any transaction named wipes the old distribution and its discounts; credits stay (`qbxml.md` 7).

use std::collections::BTreeSet;

use crate::sim::quickbooks::applied::{Discount, Use, standing};
use crate::sim::quickbooks::books::{Books, Transaction};
use crate::sim::quickbooks::ledger::Posting;
use crate::sim::quickbooks::lists::ListKind;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::txn_kind::TxnKind;
use crate::sim::quickbooks::txn_ops::{Draft, txn_id};
use crate::sim::quickbooks::{Call, money, refs};
use crate::sim::xml::Element;

/// A credit to set.
pub(super) struct Credit {
    source: String,
    cents: i64,
    /// Replaces what was applied of it before, instead of adding to it.
    replaces: bool,
}

impl Credit {
    pub(super) fn cents(&self) -> i64 {
        self.cents
    }
}

/// One transaction to be paid, as a request names it.
pub(super) struct Asked {
    target: String,
    cents: i64,
    discount: Option<Discount>,
    credits: Vec<Credit>,
}

impl Asked {
    /// Cents of the payment itself.
    pub(super) fn cents(&self) -> i64 {
        self.cents
    }

    /// True if nothing but credits is used.
    pub(super) fn is_credits_only(&self) -> bool {
        self.cents == 0 && self.discount.is_none()
    }
}

/// Reads the `AppliedToTxnAdd` or `AppliedToTxnMod` elements of a request.
///
/// # Errors
/// 3000 and 9101 for the IDs, 3140 and 3150 for the discount's account, 3150 for one that says nothing, 3177 for a transaction
/// named twice, 3210 for negative amounts.
pub(super) fn read(call: &Call<'_>, word: &str, given: &Element) -> Result<Vec<Asked>, Status> {
    let mut asked: Vec<Asked> = Vec::new();
    let named =
        given.children.iter().filter(|child| matches!(child.name.as_str(), "AppliedToTxnAdd" | "AppliedToTxnMod"));
    for element in named {
        let target = txn_id(call, element.child("TxnID").unwrap_or(element))?;
        if asked.iter().any(|known| known.target == target) {
            return Err(Status::linked_twice());
        }
        let cents = amount(element, "PaymentAmount")?;
        let discount = read_discount(call, word, element)?;
        let credits = element.children_named("SetCredit").map(|credit| read_credit(call, credit));
        let credits = credits.collect::<Result<Vec<Credit>, Status>>()?;
        if cents.is_none() && discount.is_none() && credits.is_empty() {
            return Err(Status::missing("PaymentAmount"));
        }
        asked.push(Asked { target, cents: cents.unwrap_or(0), discount, credits });
    }
    Ok(asked)
}

/// An amount that may be missing but not negative.
fn amount(element: &Element, name: &str) -> Result<Option<i64>, Status> {
    let cents = element.text_of(name).and_then(money::parse);
    match cents {
        Some(cents) if cents < 0 => {
            Err(Status::rule(name, &money::format(cents), "Transaction amount must be positive."))
        }
        cents => Ok(cents),
    }
}

fn read_discount(call: &Call<'_>, word: &str, element: &Element) -> Result<Option<Discount>, Status> {
    let Some(cents) = amount(element, "DiscountAmount")?.filter(|cents| *cents > 0) else {
        return Ok(None);
    };
    let (books, habits) = (&call.file.books, &call.file.setup.habits);
    let said = element.child("DiscountAccountRef").ok_or_else(|| Status::missing("DiscountAccountRef"))?;
    let account = refs::resolve(books, habits, word, said)?.id.clone();
    if matches!(books.account_type(&account), "NonPosting" | "AccountsPayable" | "AccountsReceivable") {
        return Err(refs::refused(said, word, "The posting account is invalid."));
    }
    let class = element.child("DiscountClassRef").map(|said| refs::resolve(books, habits, word, said)).transpose()?;
    Ok(Some(Discount { cents, account, class: class.map(|class| class.id.clone()) }))
}

pub(super) fn read_credit(call: &Call<'_>, element: &Element) -> Result<Credit, Status> {
    let source = txn_id(call, element.child("CreditTxnID").unwrap_or(element))?;
    let cents = amount(element, "AppliedAmount")?.unwrap_or(0);
    Ok(Credit { source, cents, replaces: element.text_of("Override") == Some("true") })
}

/// Whose transactions a payment may touch, and on which account.
pub(super) struct Side<'a> {
    /// `ListID` of the A/P or A/R account.
    pub(super) account: &'a str,
    /// The vendor, or the customer with all its jobs.
    pub(super) parties: BTreeSet<String>,
}

impl<'a> Side<'a> {
    /// The party of a draft and, for a customer, all that belongs to it.
    pub(super) fn of(books: &Books, account: &'a str, party: &str) -> Self {
        let mut parties = BTreeSet::from([party.to_owned()]);
        let mut below: Vec<_> = books.lists.get(ListKind::Customer, party).into_iter().collect();
        while let Some(record) = below.pop() {
            parties.insert(record.id.clone());
            below.extend(books.lists.children(record));
        }
        Self { account, parties }
    }

    /// A transaction that can be paid, or whose money can be used; 3120 if there is none.
    pub(super) fn find<'b>(&self, books: &'b Books, id: &str, is_debt: bool) -> Result<&'b Transaction, Status> {
        let fits = |txn: &&Transaction| {
            standing(books, txn).is_some_and(|standing| {
                standing.is_debt == is_debt
                    && standing.account == self.account
                    && self.parties.contains(&standing.party)
            })
        };
        books.txns.get(id).filter(fits).ok_or_else(|| Status::no_such_object(id))
    }
}

/// Turns what is asked into uses of a draft's own money and of credits.
///
/// # Errors
/// 3120 for what cannot be paid or used, 3210 for more than is open.
pub(super) fn plan(call: &Call<'_>, draft: &mut Draft, asked: Vec<Asked>, side: &Side<'_>) -> Result<(), Status> {
    let books = &call.file.books;
    for one in asked {
        let target = side.find(books, &one.target, true)?;
        let replaced = one.credits.iter().filter(|credit| credit.replaces);
        let replaced: Vec<_> = replaced.map(|credit| (credit.source.clone(), one.target.clone())).collect();
        draft.taken_back.extend(replaced);
        let open = draft.open_cents(books, target);
        if open == 0 {
            return Err(Status::no_such_object(&one.target));
        }
        let discount = one.discount.as_ref().map_or(0, |discount| discount.cents);
        if one.cents + discount > open {
            let reason = "You cannot pay more than the amount due.";
            return Err(Status::rule("AppliedToTxnAdd payment amount", &money::format(one.cents), reason));
        }
        if one.cents != 0 || one.discount.is_some() {
            let source = String::new();
            draft.uses.push(Use { source, target: one.target.clone(), cents: one.cents, discount: one.discount });
        }
        for credit in one.credits {
            set_credit(books, draft, side, target, credit)?;
        }
    }
    Ok(())
}

/// Uses a credit for a stored transaction.
///
/// # Errors
/// 3120 for a credit that is none, 3210 for more than is left of it or open.
fn set_credit(
    books: &Books,
    draft: &mut Draft,
    side: &Side<'_>,
    target: &Transaction,
    credit: Credit,
) -> Result<(), Status> {
    let open = draft.open_cents(books, target);
    take_credit(books, draft, side, &target.id, open, credit)
}

/// Uses a credit for a target, empty for the draft itself, of which so much is open.
///
/// # Errors
/// As [`plan`].
pub(super) fn take_credit(
    books: &Books,
    draft: &mut Draft,
    side: &Side<'_>,
    target: &str,
    open: i64,
    credit: Credit,
) -> Result<(), Status> {
    let source = side.find(books, &credit.source, false)?;
    let refuse = |reason| Err(Status::rule("SetCredit applied amount", &money::format(credit.cents), reason));
    if credit.cents > open {
        return refuse("You cannot apply more than the amount due.");
    }
    if credit.cents > draft.open_cents(books, source) {
        return refuse("You cannot apply more than what is left of the credit.");
    }
    if credit.cents > 0 {
        draft.uses.push(Use { source: credit.source, target: target.to_owned(), cents: credit.cents, discount: None });
    }
    Ok(())
}

/// Wipes the distribution a payment had.
pub(super) fn start_over(call: &Call<'_>, draft: &mut Draft) {
    if let Some(before) = &draft.before {
        let old = call.file.books.applied.of(&before.id).into_iter();
        draft.taken_back.extend(old.map(|used| (used.source.clone(), used.target.clone())));
    }
}

/// The uses a payment has once the draft is stored: those kept and the new ones of its own money.
pub(super) fn own_uses(call: &Call<'_>, draft: &Draft) -> Vec<Use> {
    let old = draft.before.iter().flat_map(|before| call.file.books.applied.of(&before.id));
    let is_kept = |used: &&Use| !draft.taken_back.iter().any(|(s, t)| *s == used.source && *t == used.target);
    let new = draft.uses.iter().filter(|used| used.source.is_empty());
    old.filter(is_kept).chain(new).cloned().collect()
}

/// The postings of a payment by what it is used for. Money from customers is credited to the job it pays for, the rest to
/// the one who paid; discounts are posted to their accounts.
pub(crate) fn postings(books: &Books, txn: &Transaction, uses: &[Use]) -> Vec<Posting> {
    let posting = |account: &str, party: Option<&str>, cents| Posting {
        account: account.to_owned(),
        party: party.map(str::to_owned),
        cents,
    };
    let is_received = txn.kind == TxnKind::ReceivePayment;
    let names = match txn.kind {
        TxnKind::ReceivePayment => ("ARAccountRef", "DepositToAccountRef"),
        TxnKind::BillPaymentCheck => ("APAccountRef", "BankAccountRef"),
        _ => ("APAccountRef", "CreditCardAccountRef"),
    };
    let open_account = txn.reference(names.0).unwrap_or("");
    let sign = if is_received { -1 } else { 1 };
    let mut postings = vec![posting(txn.reference(names.1).unwrap_or(""), None, -sign * txn.total_cents)];
    let mut rest = txn.total_cents;
    for used in uses {
        if let Some(discount) = &used.discount {
            postings.push(posting(&discount.account, None, -sign * discount.cents));
        }
        let party = books.txns.get(&used.target).map_or(txn.party.as_str(), |target| target.party.as_str());
        postings.push(posting(open_account, Some(party), sign * used.relief_cents()));
        rest -= used.cents;
    }
    if rest != 0 {
        postings.push(posting(open_account, Some(&txn.party), sign * rest));
    }
    postings.retain(|posting| posting.cents != 0);
    postings
}

/// Books a payment again after its uses changed.
pub(crate) fn repost(books: &mut Books, id: &str) {
    let Some(mut txn) = books.txns.get(id).filter(|txn| txn.kind.is_payment()).cloned() else {
        return;
    };
    let uses: Vec<Use> = books.applied.of(id).into_iter().cloned().collect();
    let fresh = postings(books, &txn, &uses);
    books.ledger.unpost(txn.date, &txn.postings);
    books.ledger.post_on(txn.date, &fresh);
    txn.postings = fresh;
    books.txns.insert(id.to_owned(), txn);
}
