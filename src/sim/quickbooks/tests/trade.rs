//! A company that buys and sells, for the tests of transactions.

use super::*;
use crate::sim::quickbooks::{Receipt, Sale, TxnKind};

/// A desk with all accounts that transactions need, customers, a job and items.
pub(super) struct Trade {
    pub(super) desk: Desk,
    pub(super) clearing: String,
    pub(super) card: String,
    pub(super) customer: String,
    pub(super) job: String,
    pub(super) work: String,
}

impl Trade {
    pub(super) fn new() -> Self {
        let mut desk = Desk::new();
        let mut person = desk.file.person(at(0));
        let clearing = person.add_account("Money Out Clearing", "Bank").expect("new");
        let card = person.add_account("Visa", "CreditCard").expect("new");
        let sales = person.add_account("Sales", "Income").expect("new");
        person.add_account("Accounts Receivable", "AccountsReceivable").expect("new");
        person.add_account("Discounts", "Income").expect("new");
        person.add_account("Equity", "Equity").expect("new");
        let customer = person.add_customer("Abercrombie, Kristy").expect("new");
        let job = person.add_job(&customer, "Kitchen").expect("new");
        let work = person.add_service("Installation", &sales, "35.00").expect("new");
        Self { desk, clearing, card, customer, job, work }
    }

    pub(super) fn bill(&mut self, number: &str, cents: i64) -> String {
        self.desk.bill(number, cents)
    }

    pub(super) fn credit(&mut self, cents: i64) -> String {
        let (vendor, account) = (self.desk.vendor.clone(), self.desk.rent.clone());
        self.person().enter_vendor_credit(&vendor, &account, cents, "CR").expect("good")
    }

    pub(super) fn invoice(&mut self, customer: &str, cents: i64) -> String {
        let sale = self.sale(customer, cents);
        self.person().enter_invoice(&sale).expect("good")
    }

    pub(super) fn sale(&self, customer: &str, cents: i64) -> Sale {
        Sale { customer_id: customer.to_owned(), item_id: self.work.clone(), cents, number: "I".to_owned() }
    }

    pub(super) fn receipt(&self, cents: i64, paid: &[(&str, i64)]) -> Receipt {
        Receipt {
            customer_id: self.customer.clone(),
            cents,
            number: "R".to_owned(),
            deposit_to_id: None,
            paid: paid.iter().map(|(id, cents)| ((*id).to_owned(), *cents)).collect(),
        }
    }

    pub(super) fn person(&mut self) -> crate::sim::quickbooks::Person<'_> {
        self.desk.minute += 1;
        self.desk.file.person(at(self.desk.minute))
    }

    /// Sends one request, which must succeed, and gives the record it answers.
    pub(super) fn good(&mut self, request: &str) -> Element {
        let (code, mut response) = self.desk.one(request);
        assert_eq!(code, 0, "{:?}", response.attribute("statusMessage"));
        response.children.remove(0)
    }

    /// Sends one request, which must be refused without a trace, and gives the code.
    pub(super) fn bad(&mut self, request: &str) -> u16 {
        self.desk.refusal(request).0
    }

    pub(super) fn open(&self, id: &str) -> i64 {
        self.desk.file.txn(id).expect("known").open_cents
    }

    pub(super) fn balance(&self, account: &str) -> i64 {
        self.desk.file.account(account).expect("known").balance_cents
    }

    /// A Mod request for the present state of a transaction.
    pub(super) fn change(&self, id: &str, inside: &str) -> String {
        let txn = self.desk.file.txn(id).expect("known");
        let word = txn.kind.word();
        format!(
            "<{word}ModRq><{word}Mod><TxnID>{id}</TxnID><EditSequence>{}</EditSequence>{inside}</{word}Mod></{word}ModRq>",
            txn.edit_sequence
        )
    }

    pub(super) fn query(&mut self, kind: TxnKind, inside: &str) -> Element {
        self.desk.one(&format!("<{0}QueryRq>{inside}</{0}QueryRq>", kind.word())).1
    }

    /// A `BillPaymentCheckAdd` on the clearing account; the parts stand behind the header.
    pub(super) fn payment(&self, parts: &str) -> String {
        format!(
            "<BillPaymentCheckAddRq><BillPaymentCheckAdd><PayeeEntityRef><ListID>{}</ListID></PayeeEntityRef><TxnDate>2026-01-11</TxnDate><BankAccountRef><ListID>{}</ListID></BankAccountRef><RefNumber>BP-1</RefNumber>{parts}</BillPaymentCheckAdd></BillPaymentCheckAddRq>",
            self.desk.vendor, self.clearing
        )
    }

    /// A `ReceivePaymentAdd` of the customer; the parts stand behind the header.
    pub(super) fn received(&self, total: &str, parts: &str) -> String {
        format!(
            "<ReceivePaymentAddRq><ReceivePaymentAdd><CustomerRef><ListID>{}</ListID></CustomerRef><TxnDate>2026-01-11</TxnDate><RefNumber>ACH</RefNumber><TotalAmount>{total}</TotalAmount>{parts}</ReceivePaymentAdd></ReceivePaymentAddRq>",
            self.customer
        )
    }

    /// An `InvoiceAdd` of the customer; the parts stand behind the header.
    pub(super) fn invoiced(&self, parts: &str) -> String {
        format!(
            "<InvoiceAddRq><InvoiceAdd><CustomerRef><ListID>{}</ListID></CustomerRef><TxnDate>2026-01-11</TxnDate>{parts}</InvoiceAdd></InvoiceAddRq>",
            self.customer
        )
    }

    pub(super) fn delete(&mut self, kind: TxnKind, id: &str) -> u16 {
        let word = kind.word();
        self.desk.one(&format!("<TxnDelRq><TxnDelType>{word}</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>")).0
    }

    pub(super) fn void(&mut self, kind: TxnKind, id: &str) -> u16 {
        let word = kind.word();
        self.desk.one(&format!("<TxnVoidRq><TxnVoidType>{word}</TxnVoidType><TxnID>{id}</TxnID></TxnVoidRq>")).0
    }
}

/// `AppliedToTxnAdd` with something inside.
pub(super) fn applied(id: &str, inside: &str) -> String {
    format!("<AppliedToTxnAdd><TxnID>{id}</TxnID>{inside}</AppliedToTxnAdd>")
}

/// `AppliedToTxnAdd` of an amount.
pub(super) fn paid(id: &str, amount: &str) -> String {
    applied(id, &format!("<PaymentAmount>{amount}</PaymentAmount>"))
}

/// `SetCredit`.
pub(super) fn set_credit(id: &str, amount: &str) -> String {
    format!("<SetCredit><CreditTxnID>{id}</CreditTxnID><AppliedAmount>{amount}</AppliedAmount></SetCredit>")
}
