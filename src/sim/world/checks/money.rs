//! Money: payments, what is owed, clearing accounts and book balances, to the cent.

use super::{Findings, Rest};
use crate::model::{Kind, Side};
use crate::sim::quickbooks::{Txn, TxnKind};
use crate::sim::world::shelf::{Paper, token_of, tokens};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(rest: &Rest<'_>, findings: &mut Findings) {
    payments(rest, findings);
    receipts(rest, findings);
    payables(rest, findings);
    clearing(rest, findings);
    balances(rest, findings);
}

/// What a payment is recognised by: the documents it pays, with the cents of each.
type Parts = BTreeSet<(String, i64)>;

/// No payment twice: QuickBooks has at most as many payments of the same documents and amounts as Bill.com ever had.
fn payments(rest: &Rest<'_>, findings: &mut Findings) {
    let numbers: BTreeMap<String, String> =
        rest.organization.bills().into_iter().map(|bill| (bill.id, token_of(&bill.number))).collect();
    let mut known: BTreeMap<Parts, i64> = BTreeMap::new();
    for payment in rest.organization.payments() {
        let part = |(id, cents): &(String, i64)| Some((numbers.get(id)?.clone(), *cents));
        *known.entry(payment.bills.iter().filter_map(part).filter(|(_, cents)| *cents != 0).collect()).or_default() +=
            1;
    }
    let token = |id: &str| rest.file.txn(id).and_then(|txn| txn.ref_number).map(|number| token_of(&number));
    for cheque in rest.file.txns(TxnKind::BillPaymentCheck) {
        if cheque.total_cents == 0 || is_by_hand(&cheque) {
            continue;
        }
        let parts: Parts = cheque
            .links
            .iter()
            .filter_map(|link| Some((token(&link.other_id)?, link.cents)))
            .filter(|(number, _)| number.starts_with('B'))
            .collect();
        // A payment whose bill was deleted in QuickBooks hangs in the air there, and is recognised by nothing.
        if parts.is_empty() {
            continue;
        }
        let left = known.entry(parts.clone()).or_default();
        *left -= 1;
        let shown = parts.iter().any(|(number, _)| rest.explained.names(number));
        if *left < 0 && !shown {
            findings.add("no-duplicate", format!("a payment of {parts:?} stands more often in QuickBooks"));
        }
    }
}

/// Whether somebody entered a payment in QuickBooks: those stay there.
fn is_by_hand(payment: &Txn) -> bool {
    payment.ref_number.as_deref() == Some("by hand")
}

/// No receipt twice, in either direction: by customer and cents, which no two have in common.
fn receipts(rest: &Rest<'_>, findings: &mut Findings) {
    let invoices: BTreeMap<String, String> =
        rest.organization.invoices().into_iter().map(|invoice| (invoice.id, token_of(&invoice.number))).collect();
    let mut count: BTreeMap<Parts, [i64; 2]> = BTreeMap::new();
    // Void (1) and cancelled (3) receipts do not count, nor scheduled ones (2), which travel once they are paid (`billcom.md` 2).
    let counts = |status: &str| !matches!(status, "1" | "2" | "3");
    for receipt in rest.organization.receipts().iter().filter(|receipt| counts(&receipt.status)) {
        let part = |(id, cents): &(String, i64)| Some((invoices.get(id)?.clone(), *cents));
        let parts: Parts = receipt.invoices.iter().filter_map(part).collect();
        count.entry(parts).or_default()[1] += 1;
    }
    let token = |id: &str| rest.file.txn(id).and_then(|txn| txn.ref_number).map(|number| token_of(&number));
    for receipt in rest.file.txns(TxnKind::ReceivePayment) {
        let parts: Parts = receipt.links.iter().filter_map(|link| Some((token(&link.other_id)?, link.cents))).collect();
        count.entry(parts).or_default()[0] += 1;
    }
    for (parts, [quickbooks, billcom]) in count.iter().filter(|(parts, _)| !parts.is_empty()) {
        let shown = parts.iter().any(|(number, _)| rest.explained.names(number));
        if quickbooks != billcom && !shown && (*quickbooks > 1 || *billcom > 1) {
            let text =
                format!("a receipt of {parts:?} stands {quickbooks} times in QuickBooks and {billcom} in Bill.com");
            findings.add("no-duplicate", text);
        }
    }
}

/// Tokens of vendors whose documents are shown to differ, in which case their sums may.
fn unsettled(rest: &Rest<'_>) -> BTreeSet<String> {
    let papers = rest.papers(Side::QuickBooks).iter().chain(rest.papers(Side::BillCom));
    let shown = |token: &str| rest.explained.names(token);
    let mut parties: BTreeSet<String> =
        papers.filter(|paper| shown(&paper.token) || shown(&paper.party)).map(|paper| paper.party.clone()).collect();
    // A bill that people entered on both sides, and archived on one before it was recognised.
    let alone = |paper: &&Paper| {
        let stands = |other: &Paper| other.token == paper.token && other.stands;
        rest.diary.is_twin(&paper.token) && !Side::ALL.iter().all(|side| rest.papers(*side).iter().any(stands))
    };
    parties.extend(rest.papers(Side::QuickBooks).iter().filter(alone).map(|paper| paper.party.clone()));
    for side in Side::ALL {
        let entries = rest.lists(side).iter();
        let touched = |who: &(Kind, String)| rest.diary.is_confused(who) || rest.diary.is_decided(who);
        parties.extend(
            entries.filter(|entry| touched(&(entry.kind, entry.token.clone()))).map(|entry| entry.token.clone()),
        );
        let papers = rest.papers(side).iter();
        let decided = papers.filter(|paper| rest.diary.is_decided(&(paper.kind, paper.token.clone())));
        parties.extend(decided.map(|paper| paper.party.clone()));
    }
    parties
}

/// Balanced: what is owed to each vendor is the same on both sides.
fn payables(rest: &Rest<'_>, findings: &mut Findings) {
    let unsettled = unsettled(rest);
    let (left, right) =
        (tokens(rest.lists(Side::QuickBooks), Kind::Vendor), tokens(rest.lists(Side::BillCom), Kind::Vendor));
    let mut owed: BTreeMap<&str, [i64; 2]> = BTreeMap::new();
    for (id, cents) in rest.file.payable_by_vendor() {
        owed.entry(left.get(id.as_str()).copied().unwrap_or_default()).or_default()[0] += cents;
    }
    // Bills entered in QuickBooks stay there.
    for bill in rest.file.bills().iter().filter(|bill| bill.ref_number.as_deref().is_some_and(|it| it.starts_with('Q')))
    {
        owed.entry(left.get(bill.vendor_id.as_str()).copied().unwrap_or_default()).or_default()[0] -= bill.open_cents;
    }
    // So do payments that were entered there, where nothing of a bill is left to be paid by them.
    for payment in rest.file.txns(TxnKind::BillPaymentCheck).iter().filter(|payment| is_by_hand(payment)) {
        let used: i64 = payment.links.iter().map(|link| link.cents).sum();
        let token = payment.party_id.as_deref().and_then(|id| left.get(id)).copied().unwrap_or_default();
        owed.entry(token).or_default()[0] += payment.total_cents - used;
    }
    for (id, payable) in rest.organization.payables() {
        owed.entry(right.get(id.as_str()).copied().unwrap_or_default()).or_default()[1] += payable.owed_cents();
    }
    let withheld = withheld(rest);
    for (token, [quickbooks, billcom]) in owed {
        let billcom = billcom + withheld.get(token).copied().unwrap_or(0);
        if quickbooks != billcom && !unsettled.contains(token) && !rest.explained.names(token) {
            findings.add("balanced", format!("{token} is owed {quickbooks} in QuickBooks and {billcom} in Bill.com"));
        }
    }
}

/// Payments that are not to be exported, by vendor.
fn withheld(rest: &Rest<'_>) -> BTreeMap<String, i64> {
    let tokens = tokens(rest.lists(Side::BillCom), Kind::Vendor);
    let mut withheld = BTreeMap::new();
    for payment in rest.organization.payments() {
        if !payment.allow_export && matches!(payment.status.as_str(), "0" | "1" | "2") {
            let token = tokens.get(payment.vendor_id.as_str()).copied().unwrap_or_default().to_owned();
            *withheld.entry(token).or_default() += payment.cents;
        }
    }
    withheld
}

/// Clearing right: what Bill.com has paid and not yet withdrawn stands on the clearing account.
fn clearing(rest: &Rest<'_>, findings: &mut Findings) {
    let standing = |name: &str| {
        let account = rest.file.account(name);
        account.map(|account| rest.file.trial_balances().get(&account.id).copied().unwrap_or(0))
    };
    let any_shown = rest.explained.lines().any(|line| {
        ["payment", "transfer", "bill", "receipt", "invoice", "Account", "account"]
            .iter()
            .any(|word| line.contains(word))
    });
    let unclear = any_shown || !unsettled(rest).is_empty();
    let expected = [
        ("Money Out Clearing", -i128::from(rest.organization.unfunded_cents())),
        ("Money In Clearing", i128::from(rest.organization.undeposited_cents())),
    ];
    for (name, cents) in expected {
        if let Some(stands) = standing(name).filter(|stands| *stands != cents && !unclear) {
            findings.add("clearing", format!("{name} stands at {stands}, and {cents} are on their way"));
        }
    }
}

/// Every book balance that Bill.com was told is the one in QuickBooks.
fn balances(rest: &Rest<'_>, findings: &mut Findings) {
    let Some(checking) = rest.file.account("Checking") else { return };
    for bank in rest.organization.entries("BankAccount") {
        if let Some(told) =
            rest.organization.book_balance_cents(&bank.id).filter(|told| *told != checking.balance_cents)
        {
            findings.add(
                "balanced",
                format!("Bill.com was told {told} for Checking, which has {}", checking.balance_cents),
            );
        }
    }
}
