//! What somebody does to transactions at the keyboard: bills are in [`super::person`], all others here.
//!
//! Every method runs the request an application would send, so the rules of the ledger hold for people too.

use super::Person;
use super::money;
use super::refs;
use super::status::Status;
use super::txn_kind::TxnKind;
use crate::sim::xml::Element;

/// An invoice or credit memo as typed in, of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// `ListID` of the customer or job.
    pub customer_id: String,
    /// `ListID` of the item.
    pub item_id: String,
    /// Amount of the line in cents.
    pub cents: i64,
    /// Number of the transaction.
    pub number: String,
}

/// An invoice as typed in, of several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleDraft {
    /// `ListID` of the customer or job.
    pub customer_id: String,
    /// Number of the invoice.
    pub number: String,
    /// Its lines.
    pub lines: Vec<SaleLine>,
}

/// A line of an invoice as typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleLine {
    /// `ListID` of the item.
    pub item_id: String,
    /// `Desc`.
    pub description: String,
    /// How many, in hundredths.
    pub quantity_hundredths: i64,
    /// What one costs, in cents.
    pub rate_cents: i64,
}

/// Money received from a customer, as typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// `ListID` of the customer.
    pub customer_id: String,
    /// Amount in cents.
    pub cents: i64,
    /// Number of the cheque or the like.
    pub number: String,
    /// `ListID` of the account it goes to; Undeposited Funds without one.
    pub deposit_to_id: Option<String>,
    /// Invoices it pays, by `TxnID`, with the cents for each.
    pub paid: Vec<(String, i64)>,
}

/// A part of a payment: what it pays, and how much.
fn applied(id: &str, inside: Vec<Element>) -> Element {
    let mut fields = vec![Element::leaf("TxnID", id)];
    fields.extend(inside);
    Element::group("AppliedToTxnAdd", fields)
}

fn amount(name: &str, cents: i64) -> Element {
    Element::leaf(name, &money::format(cents))
}

impl Person<'_> {
    /// Runs an Add and gives the `TxnID`, empty if nothing but credits was used.
    fn enter(&mut self, kind: TxnKind, fields: Vec<Element>) -> Result<String, Status> {
        let name = format!("{}Add", kind.word());
        let outcome = self.submit(&name, vec![Element::group(&name, fields)])?;
        Ok(outcome.body.first().and_then(|ret| ret.text_of("TxnID")).unwrap_or("").to_owned())
    }

    /// Changes a transaction of any kind that can be changed, by the elements a Mod request holds.
    fn change(&mut self, kind: TxnKind, id: &str, mut fields: Vec<Element>) -> Result<(), Status> {
        let edit_sequence = self.file.books.txns.get(id).map_or(0, |txn| txn.edit_sequence).to_string();
        fields.insert(0, Element::leaf("TxnID", id));
        fields.insert(1, Element::leaf("EditSequence", &edit_sequence));
        let name = format!("{}Mod", kind.word());
        self.submit(&name, vec![Element::group(&name, fields)]).map(drop)
    }

    /// Changes simple header fields of a transaction, such as `Memo` or `TxnDate`. Card payments of bills cannot be changed.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    ///
    /// # Panics
    /// For a kind that has no Mod request.
    pub fn change_txn(&mut self, kind: TxnKind, id: &str, fields: &[(&str, &str)]) -> Result<(), Status> {
        self.change(kind, id, fields.iter().map(|(name, value)| Element::leaf(name, value)).collect())
    }

    /// Pays a bill, wholly or in part, with a cheque on a bank account, and gives the cheque's `TxnID`.
    ///
    /// # Errors
    /// 3120 if the bill is not there or paid, 3140 if the account is no bank, 3210 for more than is open.
    pub fn pay_bill(&mut self, id: &str, bank_id: &str, cents: i64, number: &str) -> Result<String, Status> {
        self.pay_bills(&[(id, cents)], bank_id, number)
    }

    /// Pays several bills of one vendor with one cheque and gives its `TxnID`.
    ///
    /// # Errors
    /// As [`Self::pay_bill`].
    pub fn pay_bills(&mut self, bills: &[(&str, i64)], bank_id: &str, number: &str) -> Result<String, Status> {
        let mut fields = self.payment_header(bills.first().map_or("", |(id, _)| id), "BankAccountRef", bank_id);
        fields.push(Element::leaf("RefNumber", number));
        fields.extend(bills.iter().map(|(id, cents)| applied(id, vec![amount("PaymentAmount", *cents)])));
        self.enter(TxnKind::BillPaymentCheck, fields)
    }

    /// Pays a bill with a credit card and gives the `TxnID` of the payment.
    ///
    /// # Errors
    /// As [`Self::pay_bill`].
    pub fn pay_bill_by_card(&mut self, id: &str, card_id: &str, cents: i64) -> Result<String, Status> {
        let mut fields = self.payment_header(id, "CreditCardAccountRef", card_id);
        fields.push(applied(id, vec![amount("PaymentAmount", cents)]));
        self.enter(TxnKind::BillPaymentCreditCard, fields)
    }

    /// Uses a credit of the vendor for a bill; no transaction is made.
    ///
    /// # Errors
    /// 3120 if one of them is not there, 3210 for more than is left of the credit or open.
    pub fn apply_credit(&mut self, bill_id: &str, credit_id: &str, bank_id: &str, cents: i64) -> Result<(), Status> {
        let mut fields = self.payment_header(bill_id, "BankAccountRef", bank_id);
        fields.push(Element::leaf("IsToBePrinted", "false"));
        let credit = vec![Element::leaf("CreditTxnID", credit_id), amount("AppliedAmount", cents)];
        fields.push(applied(bill_id, vec![Element::group("SetCredit", credit)]));
        self.enter(TxnKind::BillPaymentCheck, fields).map(drop)
    }

    /// Payee and accounts of a payment, read off the first bill as the window does.
    fn payment_header(&self, bill_id: &str, account_name: &str, account_id: &str) -> Vec<Element> {
        let bill = self.file.books.txns.get(bill_id);
        let vendor = bill.map_or("", |bill| bill.party.as_str());
        let payable = bill.and_then(|bill| bill.reference("APAccountRef"));
        let mut fields = vec![refs::to("PayeeEntityRef", vendor)];
        if vendor.is_empty() {
            // Without a bill there is no payee; any vendor does, for the bill will not be found.
            let any = self.file.books.lists.of_kind(super::ListKind::Vendor).next();
            fields = any.map(|any| refs::to("PayeeEntityRef", &any.id)).into_iter().collect();
        }
        fields.extend(payable.map(|payable| refs::to("APAccountRef", payable)));
        fields.push(Element::leaf("TxnDate", &self.now.local.date().to_string()));
        fields.push(refs::to(account_name, account_id));
        fields
    }

    /// Enters a credit of a vendor with one expense line and gives its `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn enter_vendor_credit(
        &mut self,
        vendor_id: &str,
        account_id: &str,
        cents: i64,
        number: &str,
    ) -> Result<String, Status> {
        let line = vec![refs::to("AccountRef", account_id), amount("Amount", cents)];
        let fields = vec![
            refs::to("VendorRef", vendor_id),
            Element::leaf("RefNumber", number),
            Element::group("ExpenseLineAdd", line),
        ];
        self.enter(TxnKind::VendorCredit, fields)
    }

    /// Writes a cheque with one expense line and gives its `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn write_check(
        &mut self,
        bank_id: &str,
        payee_id: &str,
        account_id: &str,
        cents: i64,
    ) -> Result<String, Status> {
        let line = vec![refs::to("AccountRef", account_id), amount("Amount", cents)];
        let fields = vec![
            refs::to("AccountRef", bank_id),
            refs::to("PayeeEntityRef", payee_id),
            Element::group("ExpenseLineAdd", line),
        ];
        self.enter(TxnKind::Check, fields)
    }

    /// Moves money from one account to another and gives the transfer's `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn transfer(&mut self, from_id: &str, to_id: &str, cents: i64, memo: &str) -> Result<String, Status> {
        let fields = vec![
            Element::leaf("TxnDate", &self.now.local.date().to_string()),
            refs::to("TransferFromAccountRef", from_id),
            refs::to("TransferToAccountRef", to_id),
            amount("Amount", cents),
            Element::leaf("Memo", memo),
        ];
        self.enter(TxnKind::Transfer, fields)
    }

    /// Enters an invoice and gives its `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn enter_invoice(&mut self, sale: &Sale) -> Result<String, Status> {
        self.enter_sale(TxnKind::Invoice, sale)
    }

    /// Enters an invoice of several lines and gives its `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn enter_invoice_of(&mut self, sale: &SaleDraft) -> Result<String, Status> {
        let line = |line: &SaleLine| {
            let fields = vec![
                refs::to("ItemRef", &line.item_id),
                Element::leaf("Desc", &line.description),
                Element::leaf("Quantity", &money::format(line.quantity_hundredths)),
                Element::leaf("Rate", &money::format(line.rate_cents)),
            ];
            Element::group("InvoiceLineAdd", fields)
        };
        let mut fields = vec![refs::to("CustomerRef", &sale.customer_id), Element::leaf("RefNumber", &sale.number)];
        fields.extend(sale.lines.iter().map(line));
        self.enter(TxnKind::Invoice, fields)
    }

    /// Enters a credit memo and gives its `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn enter_credit_memo(&mut self, sale: &Sale) -> Result<String, Status> {
        self.enter_sale(TxnKind::CreditMemo, sale)
    }

    fn enter_sale(&mut self, kind: TxnKind, sale: &Sale) -> Result<String, Status> {
        let line = vec![refs::to("ItemRef", &sale.item_id), amount("Amount", sale.cents)];
        let fields = vec![
            refs::to("CustomerRef", &sale.customer_id),
            Element::leaf("RefNumber", &sale.number),
            Element::group(&format!("{}LineAdd", kind.word()), line),
        ];
        self.enter(kind, fields)
    }

    /// Enters money received from a customer and gives its `TxnID`.
    ///
    /// # Errors
    /// 3120 if an invoice is not there or paid, 3210 for more than is open.
    pub fn receive_payment(&mut self, receipt: &Receipt) -> Result<String, Status> {
        let mut fields = vec![
            refs::to("CustomerRef", &receipt.customer_id),
            Element::leaf("RefNumber", &receipt.number),
            amount("TotalAmount", receipt.cents),
        ];
        fields.extend(receipt.deposit_to_id.as_deref().map(|id| refs::to("DepositToAccountRef", id)));
        fields.extend(receipt.paid.iter().map(|(id, cents)| applied(id, vec![amount("PaymentAmount", *cents)])));
        self.enter(TxnKind::ReceivePayment, fields)
    }

    /// Brings received payments to the bank and gives the deposit's `TxnID`.
    ///
    /// # Errors
    /// 3120 if a payment does not wait in Undeposited Funds.
    pub fn deposit_payments(&mut self, bank_id: &str, payment_ids: &[&str]) -> Result<String, Status> {
        let mut fields = vec![refs::to("DepositToAccountRef", bank_id)];
        let line = |id: &&str| Element::group("DepositLineAdd", vec![Element::leaf("PaymentTxnID", id)]);
        fields.extend(payment_ids.iter().map(line));
        self.enter(TxnKind::Deposit, fields)
    }

    /// Books an amount from one account to another by hand and gives the entry's `TxnID`.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn enter_journal(&mut self, debit_id: &str, credit_id: &str, cents: i64) -> Result<String, Status> {
        let line = |name: &str, account: &str| {
            Element::group(name, vec![refs::to("AccountRef", account), amount("Amount", cents)])
        };
        let fields = vec![line("JournalDebitLine", debit_id), line("JournalCreditLine", credit_id)];
        self.enter(TxnKind::JournalEntry, fields)
    }
}
