//! Looking into credits, payments, customers and invoices, and the balances that a ledger kept in step must show.

use super::Organization;
use super::derive::EXPECTED;
use super::inspect::{cents, text};
use super::record::Record;
use std::collections::BTreeMap;

/// A credit of a vendor, or a credit memo to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditView {
    /// Its id.
    pub id: String,
    /// The vendor or the customer.
    pub partner_id: String,
    /// The number on it.
    pub number: String,
    /// The total in cents.
    pub cents: i64,
    /// What was used of it.
    pub used_cents: i64,
    /// The vendor's code: "0" fully, "1" not, "2" partly used.
    pub status: String,
    /// Whether it is in use.
    pub active: bool,
}

/// One use of a credit on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditUseView {
    /// Its id.
    pub id: String,
    /// The bill or the invoice.
    pub document_id: String,
    /// The credit or the memo.
    pub credit_id: String,
    /// How much, in cents.
    pub cents: i64,
    /// Whether it still holds.
    pub active: bool,
}

/// A payment to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentView {
    /// Its id.
    pub id: String,
    /// The payee.
    pub vendor_id: String,
    /// Money in cents, without credits.
    pub cents: i64,
    /// The vendor's code: "1" scheduled, "2" paid, "3" cancelled, "4" void.
    pub status: String,
    /// Made by Bill.com.
    pub online: bool,
    /// When, `yyyy-MM-dd`.
    pub process_date: String,
    /// The account it is posted to.
    pub account_id: Option<String>,
    /// The number that whoever recorded it gave.
    pub reference: Option<String>,
    /// Whether it may reach the books elsewhere.
    pub allow_export: bool,
    /// Bills, and what each gets in money.
    pub bills: Vec<(String, i64)>,
    /// The credits used with it.
    pub credits: Vec<CreditUseView>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerView {
    /// Its id.
    pub id: String,
    /// Its own name, without its parent's.
    pub name: String,
    /// The customer above it.
    pub parent_id: Option<String>,
    /// Whether it is in use.
    pub active: bool,
    /// The survivor, when it was merged.
    pub merged_into: Option<String>,
    /// What its active invoices still owe.
    pub balance_cents: i64,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceView {
    /// Its id.
    pub id: String,
    /// Whose.
    pub customer_id: String,
    /// The number on it.
    pub number: String,
    /// The total in cents, tax included.
    pub cents: i64,
    /// The sales tax in it.
    pub tax_cents: i64,
    /// What is still due.
    pub due_cents: i64,
    /// What of that is scheduled.
    pub scheduled_cents: i64,
    /// The vendor's code: "0" paid, "1" open, "2" partly, "4" scheduled.
    pub status: String,
    /// The vendor's code: "1" active, "2" inactive.
    pub state: String,
    /// Its lines in order.
    pub lines: Vec<InvoiceLineView>,
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLineView {
    /// Its id.
    pub id: String,
    /// The amount in cents.
    pub cents: i64,
    /// The item.
    pub item_id: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// What a customer paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptView {
    /// Its id.
    pub id: String,
    /// When, `yyyy-MM-dd`.
    pub date: String,
    /// The payer.
    pub customer_id: String,
    /// The whole payment in cents.
    pub cents: i64,
    /// What no invoice got.
    pub unapplied_cents: i64,
    /// The vendor's code: "0" paid, "1" void, "2" scheduled, "3" cancelled.
    pub status: String,
    /// Received by Bill.com.
    pub online: bool,
    /// Where it is posted.
    pub account_id: Option<String>,
    /// Invoices, and what each gets.
    pub invoices: Vec<(String, i64)>,
}

/// Money between a bank and Bill.com.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementView {
    /// Its id.
    pub id: String,
    /// The vendor's code: "1" payables, "2" receivables.
    pub kind: String,
    /// In cents; negative when it leaves the bank.
    pub cents: i64,
    /// The vendor's code: "0" sent, "1" confirmed, "2" void.
    pub status: String,
    /// The bank account.
    pub bank_account_id: String,
    /// Names and amounts of its items.
    pub items: Vec<(String, i64)>,
}

/// What a vendor's account in the ledger adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payable {
    /// Active bills.
    pub billed_cents: i64,
    /// Active credits, used or not.
    pub credited_cents: i64,
    /// Payments that are scheduled or made.
    pub paid_cents: i64,
}

impl Payable {
    /// What is owed: bills less credits and payments. A payment counts as soon as it is scheduled, as ledgers post it.
    #[must_use]
    pub const fn owed_cents(&self) -> i64 {
        self.billed_cents - self.credited_cents - self.paid_cents
    }
}

/// What a customer's account in the ledger adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receivable {
    /// Active invoices.
    pub invoiced_cents: i64,
    /// Active memos, used or not.
    pub credited_cents: i64,
    /// What was received, applied or not; nothing that is only scheduled.
    pub received_cents: i64,
}

impl Receivable {
    /// What is due: invoices less memos and payments.
    #[must_use]
    pub const fn due_cents(&self) -> i64 {
        self.invoiced_cents - self.credited_cents - self.received_cents
    }
}

impl Organization {
    /// All credits of vendors, inactive ones too, as they were made.
    #[must_use]
    pub fn credits(&self) -> Vec<CreditView> {
        let view = |it| credit(it, "vendorId", "creditStatus");
        self.in_order("VendorCredit").map(view).collect()
    }

    /// All credit memos, inactive ones too, as they were made.
    #[must_use]
    pub fn memos(&self) -> Vec<CreditView> {
        self.in_order("CreditMemo").map(|it| credit(it, "customerId", "status")).collect()
    }

    /// All uses of credit memos, as they were made.
    #[must_use]
    pub fn memo_uses(&self) -> Vec<CreditUseView> {
        self.in_order("InvoiceCredit").map(|it| credit_use(it, "invoiceId", "creditMemoId")).collect()
    }

    /// All payments to vendors, as they were made.
    #[must_use]
    pub fn payments(&self) -> Vec<PaymentView> {
        self.in_order("SentPay").map(|record| self.payment_view(record)).collect()
    }

    fn payment_view(&self, record: &Record) -> PaymentView {
        let bills = self.naming("BillPay", "sentPayId", &record.id).into_iter();
        let credits = self.naming("BillCredit", "sentPayId", &record.id).into_iter();
        PaymentView {
            id: record.id.clone(),
            vendor_id: text(record, "vendorId"),
            cents: cents(record, "amount"),
            status: text(record, "status"),
            online: record.flag("isOnline"),
            process_date: text(record, "processDate"),
            account_id: some(record, "chartOfAccountId"),
            reference: some(record, "syncReference"),
            allow_export: record.flag("allowExport"),
            bills: bills.map(|part| (text(part, "billId"), cents(part, "amount"))).collect(),
            credits: credits.map(|part| credit_use(part, "billId", "vendorCreditId")).collect(),
        }
    }

    /// All customers, inactive ones too, as they were made.
    #[must_use]
    pub fn customers(&self) -> Vec<CustomerView> {
        self.in_order("Customer").map(customer).collect()
    }

    /// All invoices, inactive ones too, as they were made.
    #[must_use]
    pub fn invoices(&self) -> Vec<InvoiceView> {
        self.in_order("Invoice").map(invoice).collect()
    }

    /// Everything customers paid, as it came.
    #[must_use]
    pub fn receipts(&self) -> Vec<ReceiptView> {
        self.in_order("ReceivedPay").map(receipt).collect()
    }

    /// All movements of money, as they were made.
    #[must_use]
    pub fn movements(&self) -> Vec<MovementView> {
        self.in_order("MoneyMovement").map(movement).collect()
    }

    /// The balance kept for a bank account, in cents, if one was ever set.
    #[must_use]
    pub fn book_balance_cents(&self, bank_account_id: &str) -> Option<i64> {
        let bank = self.record("BankAccount", bank_account_id)?;
        bank.values.contains_key("bankBalance").then(|| cents(bank, "bankBalance"))
    }

    /// Accounts payable by vendor.
    #[must_use]
    pub fn payables(&self) -> BTreeMap<String, Payable> {
        let mut payables: BTreeMap<String, Payable> = BTreeMap::new();
        for bill in self.records("Bill").filter(|bill| bill.state == "1") {
            payables.entry(text(bill, "vendorId")).or_default().billed_cents += cents(bill, "amount");
        }
        for credit in self.records("VendorCredit").filter(|credit| credit.state == "1") {
            payables.entry(text(credit, "vendorId")).or_default().credited_cents += cents(credit, "amount");
        }
        for payment in self.records("SentPay").filter(|payment| is_live(payment)) {
            payables.entry(text(payment, "vendorId")).or_default().paid_cents += cents(payment, "amount");
        }
        payables
    }

    /// Accounts receivable by customer.
    #[must_use]
    pub fn receivables(&self) -> BTreeMap<String, Receivable> {
        let mut receivables: BTreeMap<String, Receivable> = BTreeMap::new();
        for invoice in self.records("Invoice").filter(|invoice| invoice.state == "1") {
            receivables.entry(text(invoice, "customerId")).or_default().invoiced_cents += cents(invoice, "amount");
        }
        for memo in self.records("CreditMemo").filter(|memo| memo.state == "1") {
            receivables.entry(text(memo, "customerId")).or_default().credited_cents += cents(memo, "amount");
        }
        for receipt in self.records("ReceivedPay").filter(|receipt| receipt.text("status") == Some("0")) {
            receivables.entry(text(receipt, "customerId")).or_default().received_cents += cents(receipt, "amount");
        }
        receivables
    }

    /// What Money Out Clearing must show: online payments, scheduled or made, less what the bank has confirmed. Zero once
    /// everything is confirmed; what a void without refund leaves behind stays.
    #[must_use]
    pub fn unfunded_cents(&self) -> i64 {
        let online = self.records("SentPay").filter(|payment| is_live(payment) && payment.flag("isOnline"));
        online.map(|payment| cents(payment, "amount")).sum::<i64>() + self.confirmed_cents("1")
    }

    /// What Money In Clearing must show: online receipts by bank less what the bank has confirmed. Cards never get a movement.
    #[must_use]
    pub fn undeposited_cents(&self) -> i64 {
        let online = self.records("ReceivedPay").filter(|it| it.text("status") == Some("0") && it.flag("isOnline"));
        let by_bank = online.filter(|it| it.text("paymentType") != Some("2"));
        by_bank.map(|it| cents(it, "amount")).sum::<i64>() - self.confirmed_cents("2")
    }

    fn confirmed_cents(&self, kind: &str) -> i64 {
        let confirmed = self.records("MoneyMovement").filter(|it| it.text("status") == Some("1"));
        confirmed.filter(|it| it.text("type") == Some(kind)).map(|it| cents(it, "amount")).sum()
    }
}

/// Whether a payment stands in a ledger: neither cancelled nor void.
fn is_live(payment: &Record) -> bool {
    matches!(payment.text("status"), Some("0" | "1" | "2" | "5"))
}

fn some(record: &Record, field: &str) -> Option<String> {
    record.text(field).map(str::to_owned)
}

fn credit(record: &Record, partner: &str, status: &str) -> CreditView {
    CreditView {
        id: record.id.clone(),
        partner_id: text(record, partner),
        number: text(record, "refNumber"),
        cents: cents(record, "amount"),
        used_cents: cents(record, "appliedAmount"),
        status: text(record, status),
        active: record.state == "1",
    }
}

fn credit_use(record: &Record, document: &str, credit: &str) -> CreditUseView {
    CreditUseView {
        id: record.id.clone(),
        document_id: text(record, document),
        credit_id: text(record, credit),
        cents: cents(record, "amount"),
        active: record.state == "1",
    }
}

fn customer(record: &Record) -> CustomerView {
    CustomerView {
        id: record.id.clone(),
        name: text(record, "name"),
        parent_id: some(record, "parentCustomerId"),
        active: record.state == "1",
        merged_into: some(record, "mergedIntoId"),
        balance_cents: cents(record, "balance"),
    }
}

fn invoice(record: &Record) -> InvoiceView {
    let line = |row: &Record| InvoiceLineView {
        id: row.id.clone(),
        cents: cents(row, "amount"),
        item_id: some(row, "itemId"),
        description: some(row, "description"),
    };
    InvoiceView {
        id: record.id.clone(),
        customer_id: text(record, "customerId"),
        number: text(record, "invoiceNumber"),
        cents: cents(record, "amount"),
        tax_cents: cents(record, "salesTaxTotal"),
        due_cents: cents(record, "amountDue"),
        scheduled_cents: cents(record, EXPECTED),
        status: text(record, "paymentStatus"),
        state: record.state.to_owned(),
        lines: record.rows.iter().map(line).collect(),
    }
}

fn receipt(record: &Record) -> ReceiptView {
    ReceiptView {
        id: record.id.clone(),
        date: text(record, "paymentDate"),
        customer_id: text(record, "customerId"),
        cents: cents(record, "amount"),
        unapplied_cents: cents(record, "unappliedAmount"),
        status: text(record, "status"),
        online: record.flag("isOnline"),
        account_id: some(record, "depositToAccountId"),
        invoices: record.rows.iter().map(|row| (text(row, "invoiceId"), cents(row, "amount"))).collect(),
    }
}

fn movement(record: &Record) -> MovementView {
    MovementView {
        id: record.id.clone(),
        kind: text(record, "type"),
        cents: cents(record, "amount"),
        status: text(record, "status"),
        bank_account_id: text(record, "bankAccountId"),
        items: record.rows.iter().map(|row| (text(row, "name"), cents(row, "amount"))).collect(),
    }
}
