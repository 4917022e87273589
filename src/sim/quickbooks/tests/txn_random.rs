//! Random operations over all kinds of transactions: the books balance, links fit, and what is open is what the accounts say.

use proptest::prelude::*;

use super::trade::{Trade, applied, paid, set_credit};
use super::*;
use crate::sim::quickbooks::{ListKind, TxnKind};

/// One thing somebody or some application does; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Deed {
    Bill(i64),
    Credit(i64),
    Invoice { of_job: bool, cents: i64 },
    CreditMemo { of_job: bool, cents: i64 },
    PayBills { bills: (usize, usize), cents: i64, discount: i64, credit: usize },
    PayByCard { bill: usize, cents: i64 },
    ApplyCredit { bill: usize, credit: usize, cents: i64 },
    Receive { invoices: (usize, usize), cents: i64, direct: bool },
    ReceiveByItself(i64),
    ApplyMemo { invoice: usize, memo: usize, cents: i64 },
    Deposit(usize),
    Transfer(i64),
    Check(i64),
    Journal(i64),
    Redistribute { payment: usize, target: usize, cents: i64 },
    Resize { kind: usize, txn: usize, cents: i64 },
    Void { kind: usize, txn: usize },
    Delete { kind: usize, txn: usize },
    MergeVendors,
    NextYear,
}

fn deed() -> impl Strategy<Value = Deed> {
    let cents = 1_i64..30_000;
    let small = 1_i64..4_000;
    let pick = any::<usize>;
    prop_oneof![
        4 => cents.clone().prop_map(Deed::Bill),
        2 => small.clone().prop_map(Deed::Credit),
        4 => (any::<bool>(), cents.clone()).prop_map(|(of_job, cents)| Deed::Invoice { of_job, cents }),
        2 => (any::<bool>(), small.clone()).prop_map(|(of_job, cents)| Deed::CreditMemo { of_job, cents }),
        4 => ((pick(), pick()), small.clone(), 0_i64..300, pick()).prop_map(|(bills, cents, discount, credit)| Deed::PayBills { bills, cents, discount, credit }),
        2 => (pick(), small.clone()).prop_map(|(bill, cents)| Deed::PayByCard { bill, cents }),
        2 => (pick(), pick(), small.clone()).prop_map(|(bill, credit, cents)| Deed::ApplyCredit { bill, credit, cents }),
        4 => ((pick(), pick()), small.clone(), any::<bool>()).prop_map(|(invoices, cents, direct)| Deed::Receive { invoices, cents, direct }),
        1 => cents.clone().prop_map(Deed::ReceiveByItself),
        2 => (pick(), pick(), small.clone()).prop_map(|(invoice, memo, cents)| Deed::ApplyMemo { invoice, memo, cents }),
        2 => pick().prop_map(Deed::Deposit),
        1 => cents.clone().prop_map(Deed::Transfer),
        1 => small.clone().prop_map(Deed::Check),
        1 => small.clone().prop_map(Deed::Journal),
        3 => (pick(), pick(), small).prop_map(|(payment, target, cents)| Deed::Redistribute { payment, target, cents }),
        3 => (pick(), pick(), cents).prop_map(|(kind, txn, cents)| Deed::Resize { kind, txn, cents }),
        2 => (pick(), pick()).prop_map(|(kind, txn)| Deed::Void { kind, txn }),
        2 => (pick(), pick()).prop_map(|(kind, txn)| Deed::Delete { kind, txn }),
        1 => Just(Deed::MergeVendors),
        1 => Just(Deed::NextYear),
    ]
}

fn money(cents: i64) -> String {
    CompanyFile::amount_text(cents)
}

impl Trade {
    /// One of the transactions of a kind; an ID that is nowhere if there is none.
    fn pick(&self, kind: TxnKind, index: usize) -> String {
        let all = self.desk.file.txns(kind);
        if all.is_empty() { "FFFF-1".to_owned() } else { all[index % all.len()].id.clone() }
    }

    /// Does it; refusals are part of life, but leave nothing behind.
    fn perform(&mut self, deed: &Deed) {
        self.desk.minute += 1;
        match deed {
            Deed::Bill(_)
            | Deed::Credit(_)
            | Deed::PayBills { .. }
            | Deed::PayByCard { .. }
            | Deed::ApplyCredit { .. } => {
                self.perform_for_vendors(deed);
            }
            Deed::Invoice { .. }
            | Deed::CreditMemo { .. }
            | Deed::Receive { .. }
            | Deed::ReceiveByItself(_)
            | Deed::ApplyMemo { .. }
            | Deed::Deposit(_) => {
                self.perform_for_customers(deed);
            }
            _ => self.perform_otherwise(deed),
        }
    }

    fn send(&mut self, request: &str) {
        // The day is known before the books are compared.
        self.person();
        let before = self.desk.file.books.clone();
        let (code, _) = self.desk.one(request);
        assert!(code < 1_000 || before == self.desk.file.books, "a refused request changes nothing");
    }

    fn perform_for_vendors(&mut self, deed: &Deed) {
        match deed {
            Deed::Bill(cents) => drop(self.bill("B", *cents)),
            Deed::Credit(cents) => drop(self.credit(*cents)),
            Deed::PayBills { bills, cents, discount, credit } => {
                let (first, second) = (self.pick(TxnKind::Bill, bills.0), self.pick(TxnKind::Bill, bills.1));
                let credit = self.pick(TxnKind::VendorCredit, *credit);
                let mut inside =
                    format!("<PaymentAmount>{}</PaymentAmount>{}", money(*cents), set_credit(&credit, "1.00"));
                if *discount > 0 {
                    let account = "<DiscountAccountRef><FullName>Discounts</FullName></DiscountAccountRef>";
                    inside += &format!("<DiscountAmount>{}</DiscountAmount>{account}", money(*discount));
                }
                let parts = applied(&first, &inside) + &paid(&second, &money(*cents));
                self.send(&self.payment(&parts));
                self.send(&self.payment(&paid(&second, &money(*cents))));
            }
            Deed::PayByCard { bill, cents } => {
                let (bill, card) = (self.pick(TxnKind::Bill, *bill), self.card.clone());
                let _ = self.person().pay_bill_by_card(&bill, &card, *cents);
            }
            Deed::ApplyCredit { bill, credit, cents } => {
                let (bill, credit) = (self.pick(TxnKind::Bill, *bill), self.pick(TxnKind::VendorCredit, *credit));
                self.send(&self.payment(&applied(&bill, &set_credit(&credit, &money(*cents)))));
            }
            _ => {}
        }
    }

    fn perform_for_customers(&mut self, deed: &Deed) {
        let whose = |of_job: bool, trade: &Self| if of_job { trade.job.clone() } else { trade.customer.clone() };
        match deed {
            Deed::Invoice { of_job, cents } => drop(self.invoice(&whose(*of_job, self), *cents)),
            Deed::CreditMemo { of_job, cents } => {
                let sale = self.sale(&whose(*of_job, self), *cents);
                self.person().enter_credit_memo(&sale).expect("good");
            }
            Deed::Receive { invoices, cents, direct } => {
                let (first, second) =
                    (self.pick(TxnKind::Invoice, invoices.0), self.pick(TxnKind::Invoice, invoices.1));
                let to = if *direct {
                    "<DepositToAccountRef><FullName>Checking</FullName></DepositToAccountRef>"
                } else {
                    ""
                };
                let parts = format!("{to}{}{}", paid(&first, &money(*cents)), paid(&second, "1.00"));
                self.send(&self.received(&money(cents + 500), &parts));
            }
            Deed::ReceiveByItself(cents) => {
                self.send(&self.received(&money(*cents), "<IsAutoApply>true</IsAutoApply>"));
            }
            Deed::ApplyMemo { invoice, memo, cents } => {
                let (invoice, memo) = (self.pick(TxnKind::Invoice, *invoice), self.pick(TxnKind::CreditMemo, *memo));
                self.send(&self.received("0.00", &applied(&invoice, &set_credit(&memo, &money(*cents)))));
            }
            Deed::Deposit(payment) => {
                let (payment, bank) = (self.pick(TxnKind::ReceivePayment, *payment), self.desk.bank.clone());
                let _ = self.person().deposit_payments(&bank, &[&payment]);
            }
            _ => {}
        }
    }

    fn perform_otherwise(&mut self, deed: &Deed) {
        let (bank, clearing) = (self.desk.bank.clone(), self.clearing.clone());
        let (rent, vendor) = (self.desk.rent.clone(), self.desk.vendor.clone());
        let any_of = |kind: &usize| TxnKind::ALL[kind % TxnKind::ALL.len()];
        match deed {
            Deed::Transfer(cents) => drop(self.person().transfer(&bank, &clearing, *cents, "t")),
            Deed::Check(cents) => drop(self.person().write_check(&bank, &vendor, &rent, *cents)),
            Deed::Journal(cents) => drop(self.person().enter_journal(&rent, &bank, *cents)),
            Deed::Redistribute { payment, target, cents } => {
                let of_bills = payment % 2 == 0;
                let (kind, targets) = if of_bills {
                    (TxnKind::BillPaymentCheck, TxnKind::Bill)
                } else {
                    (TxnKind::ReceivePayment, TxnKind::Invoice)
                };
                let (payment, target) = (self.pick(kind, payment / 2), self.pick(targets, *target));
                let part = format!(
                    "<AppliedToTxnMod><TxnID>{target}</TxnID><PaymentAmount>{}</PaymentAmount></AppliedToTxnMod>",
                    money(*cents)
                );
                if self.desk.file.txn(&payment).is_some() {
                    self.send(&self.change(&payment, &part));
                }
            }
            Deed::Resize { kind, txn, cents } => self.resize(any_of(kind), *txn, *cents),
            Deed::Void { kind, txn } => {
                let id = self.pick(any_of(kind), *txn);
                let _ = self.person().void(any_of(kind), &id);
            }
            Deed::Delete { kind, txn } => {
                let id = self.pick(any_of(kind), *txn);
                let _ = self.person().delete_txn(any_of(kind), &id);
            }
            Deed::MergeVendors => {
                let Ok(other) = self.person().add_vendor("Spare") else { return };
                self.person().merge(ListKind::Vendor, &vendor, &other).expect("two vendors");
                self.desk.vendor = other.clone();
                self.person().rename(ListKind::Vendor, &other, "C.U. Electric").expect("free");
            }
            Deed::NextYear => self.desk.minute += 60 * 24 * 200,
            _ => {}
        }
    }

    /// Changes the amount of something.
    fn resize(&mut self, kind: TxnKind, txn: usize, cents: i64) {
        let Some(txn) = self.desk.file.txn(&self.pick(kind, txn)) else { return };
        let line = txn.lines.first().map_or_else(String::new, |line| line.id.clone());
        let amount = format!("<Amount>{}</Amount>", money(cents));
        let inside = match kind {
            TxnKind::Bill | TxnKind::VendorCredit | TxnKind::Check => {
                format!("<ExpenseLineMod><TxnLineID>{line}</TxnLineID>{amount}</ExpenseLineMod>")
            }
            TxnKind::Invoice | TxnKind::CreditMemo => {
                let word = kind.word();
                format!("<{word}LineMod><TxnLineID>{line}</TxnLineID>{amount}</{word}LineMod>")
            }
            TxnKind::Transfer => amount,
            TxnKind::ReceivePayment => format!("<TotalAmount>{}</TotalAmount>", money(cents)),
            _ => "<TxnDate>2026-06-01</TxnDate>".to_owned(),
        };
        if kind != TxnKind::BillPaymentCreditCard {
            self.send(&self.change(&txn.id, &inside));
        }
    }

    /// What must hold after every deed.
    fn check(&self) {
        let file = &self.desk.file;
        assert_eq!(file.trial_balance(), 0);
        let account = |name: &str| file.account(name).expect("never deleted").balance_cents;
        let vendors: i64 = file.vendors().iter().map(|vendor| vendor.balance_cents).sum();
        let customers: i64 = file.parties(ListKind::Customer).iter().map(|customer| customer.balance_cents).sum();
        assert_eq!(vendors, account("Accounts Payable"), "what vendors are owed is what the account says");
        assert_eq!(customers, account("Accounts Receivable"), "what customers owe is what the account says");
        assert_eq!(file.payable_by_vendor().values().sum::<i64>(), vendors, "and what their transactions have open");
        assert_eq!(file.receivable_by_customer().values().sum::<i64>(), customers);
        for kind in TxnKind::ALL {
            for txn in file.txns(*kind) {
                let linked: i64 = txn.links.iter().map(|link| link.cents + link.discount_cents).sum();
                assert!(txn.open_cents >= 0 && linked >= 0, "{txn:?}");
                assert_eq!(txn.postings.iter().map(|(_, cents)| cents).sum::<i64>(), 0, "{txn:?}");
                for link in &txn.links {
                    let back = file.txn(&link.other_id).expect("both ends are there");
                    assert!(back.links.iter().any(|other| other.other_id == txn.id && other.cents == link.cents));
                }
                if let Some(deposit) = txn.deposit_id.and_then(|id| file.txn(&id)) {
                    assert!(
                        deposit
                            .lines
                            .iter()
                            .any(|line| line.payment_id.as_deref() == Some(&txn.id) && line.cents == txn.total_cents)
                    );
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_happens_the_books_balance_and_the_links_fit(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut trade = Trade::new();
        for deed in &deeds {
            trade.perform(deed);
            trade.check();
        }
        let queries: String = TxnKind::ALL
            .iter()
            .map(|kind| {
                let lines = if *kind == TxnKind::Transfer { "" } else { "<IncludeLineItems>1</IncludeLineItems>" };
                format!("<{0}QueryRq>{lines}</{0}QueryRq>", kind.word())
            })
            .collect();
        let answer = trade.desk.send(&queries);
        for (kind, response) in TxnKind::ALL.iter().zip(&answer.children) {
            prop_assert_eq!(response.children.len(), trade.desk.file.txns(*kind).len());
        }
    }
}
