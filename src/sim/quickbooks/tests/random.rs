//! Random operations: whatever happens, the books balance and answers are well formed.

use proptest::prelude::*;

use super::*;
use crate::sim::quickbooks::{ListKind, TxnKind};

/// One thing somebody may do; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Deed {
    AddBill { vendor: usize, cents: Vec<i64> },
    ChangeLines { bill: usize, cents: i64 },
    ChangeHeader { bill: usize },
    Void { bill: usize },
    Delete { bill: usize },
    Pay { bill: usize, cents: i64 },
    AddVendor { name: u8 },
    MergeVendors { loser: usize, winner: usize },
    MergeAccounts,
    AddThroughSdk { cents: i64 },
    Restore,
}

fn deed() -> impl Strategy<Value = Deed> {
    let cents = -5_000_i64..50_000;
    prop_oneof![
        4 => (any::<usize>(), prop::collection::vec(cents.clone(), 1..4)).prop_map(|(vendor, cents)| Deed::AddBill { vendor, cents }),
        3 => cents.clone().prop_map(|cents| Deed::AddThroughSdk { cents }),
        2 => (any::<usize>(), cents.clone()).prop_map(|(bill, cents)| Deed::ChangeLines { bill, cents }),
        1 => any::<usize>().prop_map(|bill| Deed::ChangeHeader { bill }),
        1 => any::<usize>().prop_map(|bill| Deed::Void { bill }),
        1 => any::<usize>().prop_map(|bill| Deed::Delete { bill }),
        2 => (any::<usize>(), 1_i64..20_000).prop_map(|(bill, cents)| Deed::Pay { bill, cents }),
        2 => any::<u8>().prop_map(|name| Deed::AddVendor { name }),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(loser, winner)| Deed::MergeVendors { loser, winner }),
        1 => Just(Deed::MergeAccounts),
        1 => Just(Deed::Restore),
    ]
}

fn pick<T: Clone>(from: &[T], index: usize) -> Option<T> {
    (!from.is_empty()).then(|| from[index % from.len()].clone())
}

impl Desk {
    fn vendor_ids(&self) -> Vec<String> {
        self.file.vendors().into_iter().map(|vendor| vendor.id).collect()
    }

    /// Does it; refusals are part of life.
    fn perform(&mut self, deed: &Deed) {
        self.minute += 1;
        match deed {
            Deed::AddVendor { .. } | Deed::MergeVendors { .. } | Deed::MergeAccounts | Deed::Restore => {
                self.perform_on_lists(deed);
            }
            _ => self.perform_on_bills(deed),
        }
    }

    fn perform_on_bills(&mut self, deed: &Deed) {
        let now = at(self.minute);
        let vendors = self.vendor_ids();
        let bills: Vec<String> = self.file.bills().into_iter().map(|bill| bill.id).collect();
        let line = |cents| BillDraftLine { account_id: self.rent.clone(), cents, memo: String::new() };
        match deed {
            Deed::AddBill { vendor, cents } => {
                let Some(vendor_id) = pick(&vendors, *vendor) else {
                    return;
                };
                let lines = cents.iter().copied().map(line).collect();
                let draft = BillDraft { vendor_id, lines, ..self.draft("r", 0) };
                let _ = self.file.person(now).add_bill(&draft);
            }
            Deed::AddThroughSdk { cents } => {
                let amount = CompanyFile::amount_text(*cents);
                let request = format!(
                    "<BillAddRq><BillAdd><VendorRef><FullName>C.U. Electric</FullName></VendorRef><ExpenseLineAdd><AccountRef><FullName>Rent</FullName></AccountRef><Amount>{amount}</Amount></ExpenseLineAdd></BillAdd></BillAddRq>"
                );
                let _ = self.raw(&set("onError=\"stopOnError\"", "13.0", &request));
            }
            Deed::ChangeLines { bill, cents } => {
                let Some(id) = pick(&bills, *bill) else {
                    return;
                };
                let line = line(*cents);
                let _ = self.file.person(now).change_bill_lines(&id, &[line]);
            }
            Deed::ChangeHeader { bill } => {
                let Some(id) = pick(&bills, *bill) else {
                    return;
                };
                let _ = self.file.person(now).change_bill(&id, &[("Memo", "changed")]);
            }
            Deed::Void { bill } => {
                let Some(id) = pick(&bills, *bill) else {
                    return;
                };
                let _ = self.file.person(now).void(TxnKind::Bill, &id);
            }
            Deed::Delete { bill } => {
                let Some(id) = pick(&bills, *bill) else {
                    return;
                };
                let _ = self.file.person(now).delete_txn(TxnKind::Bill, &id);
            }
            Deed::Pay { bill, cents } => {
                let (Some(id), bank) = (pick(&bills, *bill), self.bank.clone()) else {
                    return;
                };
                let _ = self.file.person(now).pay_bill(&id, &bank, *cents, "1");
            }
            _ => {}
        }
    }

    fn perform_on_lists(&mut self, deed: &Deed) {
        let now = at(self.minute);
        let vendors = self.vendor_ids();
        match deed {
            Deed::AddVendor { name } => drop(self.file.person(now).add_vendor(&format!("V{name}"))),
            Deed::MergeVendors { loser, winner } => {
                let (Some(loser), Some(winner)) = (pick(&vendors, *loser), pick(&vendors, *winner)) else {
                    return;
                };
                let _ = self.file.person(now).merge(ListKind::Vendor, &loser, &winner);
            }
            Deed::MergeAccounts => {
                let other = self.file.person(now).add_account("Spare", "Expense");
                let Ok(other) = other else { return };
                let rent = self.rent.clone();
                let _ = self.file.person(now).merge(ListKind::Account, &rent, &other);
                self.rent = other;
                let _ = self.file.person(now).rename(ListKind::Account, &self.rent.clone(), "Rent");
            }
            Deed::Restore => {
                let backup = self.file.backup();
                self.file.restore(&backup, now);
                self.session = self.file.begin_session("{OWNER}", "").expect("open");
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_books_always_balance(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut desk = Desk::new();
        for deed in &deeds {
            desk.perform(deed);
            prop_assert_eq!(desk.file.trial_balance(), 0, "after {:?}", deed);
        }
        let vendors: i64 = desk.file.vendors().iter().map(|vendor| vendor.balance_cents).sum();
        let open: i64 = desk.file.bills().iter().map(|bill| bill.open_cents).sum();
        let payable = desk.file.account("Accounts Payable").expect("never deleted").balance_cents;
        prop_assert_eq!(vendors, payable, "what is owed to vendors is what the account says");
        // Payments whose bill was voided stay on the vendor's account as a credit.
        prop_assert!(open >= payable, "{open} open, {payable} payable");
        let total: i64 = desk.file.bills().iter().map(|bill| bill.total_cents).sum();
        let rent = desk.file.accounts().iter().filter(|a| a.account_type == "Expense").map(|a| a.balance_cents).sum::<i64>();
        prop_assert_eq!(total, rent, "every line is an expense");
        let answer = desk.send("<BillQueryRq><IncludeLineItems>1</IncludeLineItems><IncludeLinkedTxns>1</IncludeLinkedTxns></BillQueryRq>");
        prop_assert_eq!(answer.children[0].children.len(), desk.file.bills().len());
    }

    #[test]
    fn arbitrary_text_is_refused_and_nothing_happens(text in "\\PC{0,200}") {
        let mut desk = Desk::new();
        let before = desk.file.books.clone();
        let answer = desk.raw(&text);
        prop_assert!(answer.is_err());
        prop_assert!(before == desk.file.books);
    }
}
