//! What people do in the web app with credits, payments, customers and invoices. Amounts are in cents.

use super::CreditSum;
use super::payments::{CreditUse, Means, PaymentDraft};
use super::people::{LineDraft, PeopleError, Person, object};
use super::receipts::{Receipt, ReceiptDraft};
use super::record::{Record, Values, print_decimal};
use super::reply::Refusal;
use super::schema::{BANK_ACCOUNT, CARD_ACCOUNT};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// A credit of a vendor to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditDraft {
    /// Whose credit.
    pub vendor_id: String,
    /// The number on it.
    pub number: String,
    /// The date on it.
    pub date: NaiveDate,
    /// Its lines.
    pub lines: Vec<LineDraft>,
}

/// What a payment to a vendor is to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPlan {
    /// The payee.
    pub vendor_id: String,
    /// When.
    pub date: NaiveDate,
    /// Bills, and what each gets in money.
    pub bills: Vec<(String, i64)>,
    /// Bill, credit, and how much of it the bill gets besides.
    pub credits: Vec<(String, String, i64)>,
}

/// How a payment was made that is only recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfflinePayment {
    /// The account it came from.
    pub account_id: Option<String>,
    /// The number of the cheque, or any other.
    pub reference: Option<String>,
    /// A cheque is still to be printed.
    pub to_print: bool,
    /// Whether it may reach the books elsewhere; the organisation's default when not said.
    pub allow_export: Option<bool>,
}

/// What a line of an invoice costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// So many cents for each.
    Each(i64),
    /// So many hundredths of a percent of the priced lines; negative for a discount.
    Percent(i64),
}

/// A line of an invoice to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLineDraft {
    /// How many.
    pub quantity: i64,
    /// What it costs.
    pub price: Price,
    /// The item, if there is one.
    pub item_id: Option<String>,
    /// Whether sales tax is due on it.
    pub taxable: bool,
    /// What it is for.
    pub description: String,
}

/// An invoice or a credit memo to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceDraft {
    /// Whose.
    pub customer_id: String,
    /// The number on it.
    pub number: String,
    /// The date on it.
    pub date: NaiveDate,
    /// When it is due; a credit memo has no such date.
    pub due: NaiveDate,
    /// The sales-tax item, if there is one.
    pub tax_item_id: Option<String>,
    /// Its lines.
    pub lines: Vec<InvoiceLineDraft>,
}

/// What a customer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptPlan {
    /// The payer.
    pub customer_id: String,
    /// When.
    pub date: NaiveDate,
    /// The whole payment, which may be more than the invoices get.
    pub cents: i64,
    /// Invoices, and what each gets.
    pub invoices: Vec<(String, i64)>,
}

/// A bank account to be connected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bank {
    /// The bank.
    pub name: String,
    /// The account of the chart it is tied to.
    pub account_id: Option<String>,
    /// Pays vendors unless another is chosen.
    pub pays: bool,
    /// Gets what customers pay.
    pub receives: bool,
}

impl Person<'_> {
    /// Connects a bank account.
    pub fn connect_bank(&mut self, bank: &Bank) -> String {
        let digits = self.organization.random.text(b"0123456789", 4);
        let mut values = Values::from([
            ("bankName", json!(bank.name)),
            ("nameOnAcct", json!(self.organization.identity.name)),
            ("accountNumber", json!(format!("******{digits}"))),
            ("routingNumber", json!("*****0010")),
            ("status", json!("1")),
            ("primaryAP", json!(bank.pays)),
            ("primaryAR", json!(bank.receives)),
            ("autoAdminAuth", json!(true)),
            ("verificationLevel", json!("3")),
            ("verifyStatus", json!("0")),
        ]);
        values.extend(bank.account_id.clone().map(|id| ("chartOfAccountId", Value::from(id))));
        let record = self.organization.make(self.now, &BANK_ACCOUNT, values);
        let id = record.id.clone();
        self.organization.enter(&BANK_ACCOUNT, record);
        id
    }

    /// Connects a card that is tied to an account of the chart.
    pub fn connect_card(&mut self, bank_name: &str, account_id: &str) -> String {
        let values = Values::from([
            ("issuingBankName", json!(bank_name)),
            ("chartOfAccountId", json!(account_id)),
            ("cardBrand", json!("Visa")),
            ("cardType", json!("1")),
            ("status", json!("1")),
            ("last4", json!(self.organization.random.text(b"0123456789", 4))),
            ("canFund", json!(true)),
        ]);
        let record = self.organization.make(self.now, &CARD_ACCOUNT, values);
        let id = record.id.clone();
        self.organization.enter(&CARD_ACCOUNT, record);
        id
    }

    /// Enters a credit of a vendor.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such vendor.
    pub fn create_credit(&mut self, draft: &CreditDraft) -> Result<String, PeopleError> {
        self.create("VendorCredit", &credit_fields(draft))
    }

    /// Replaces a credit's contents, lines included.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such credit or vendor.
    pub fn edit_credit(&mut self, id: &str, draft: &CreditDraft) -> Result<(), PeopleError> {
        self.edit("VendorCredit", id, &credit_fields(draft))
    }

    /// Schedules an online payment from a bank account.
    ///
    /// # Errors
    /// [`PeopleError`] when a bill is not that vendor's or less is open on it, or a credit has less left.
    pub fn schedule(&mut self, plan: &PaymentPlan, bank_account_id: &str) -> Result<String, PeopleError> {
        self.organization.active("BankAccount", bank_account_id)?;
        let means = Means::Online { bank_account_id: bank_account_id.to_owned() };
        self.pay(plan, means, None)
    }

    /// Records a payment made elsewhere.
    ///
    /// # Errors
    /// [`PeopleError`] as for [`Person::schedule`].
    pub fn record_payment(&mut self, plan: &PaymentPlan, how: &OfflinePayment) -> Result<String, PeopleError> {
        let OfflinePayment { account_id, reference, to_print, allow_export } = how.clone();
        self.pay(plan, Means::Recorded { account_id, reference, to_print }, allow_export)
    }

    fn pay(&mut self, plan: &PaymentPlan, means: Means, allow_export: Option<bool>) -> Result<String, PeopleError> {
        let within = self.organization.rules.credit_sum == CreditSum::Within;
        let credit_on = |bill: &str| -> i64 {
            let credits = plan.credits.iter().filter(|(id, _, _)| id == bill);
            credits.map(|(_, _, cents)| if within { *cents } else { 0 }).sum()
        };
        let pays = plan.bills.iter().map(|(bill, cents)| (bill.clone(), amount(cents + credit_on(bill))));
        let credits = plan.credits.iter().map(|(bill, credit, cents)| CreditUse {
            bill_id: bill.clone(),
            credit_id: credit.clone(),
            amount: amount(*cents),
        });
        let draft = PaymentDraft {
            vendor_id: Some(plan.vendor_id.clone()),
            process_date: plan.date,
            pays: pays.collect(),
            credits: credits.collect(),
            means,
            description: None,
            allow_export,
            user_id: self.user(),
        };
        Ok(self.organization.pay(self.now, &draft)?)
    }

    /// Books a recorded payment on another account and writes a text on it. One made online keeps its account (`billcom.md` 2.6).
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such payment, or Bill.com made it.
    pub fn correct_payment(&mut self, id: &str, account_id: &str, description: &str) -> Result<(), PeopleError> {
        let payment = self.organization.record("SentPay", id).ok_or_else(|| Refusal::not_found(id))?;
        if payment.flag("isOnline") {
            return Err(Refusal::unfit("chartOfAccountId", "a payment made online keeps its account").into());
        }
        self.organization.correct_payment(self.now, id, account_id, description);
        Ok(())
    }

    /// Somebody must approve a scheduled payment before it is picked up, or has done so.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such payment, or it is not waiting.
    pub fn hold_payment(&mut self, id: &str, held: bool) -> Result<(), PeopleError> {
        let (from, to) = if held { ("1", "0") } else { ("0", "1") };
        let payment = self.organization.record("SentPay", id).ok_or_else(|| Refusal::not_found(id))?;
        if payment.text("status") != Some(from) {
            return Err(Refusal::unfit("id", "the payment is not waiting").into());
        }
        self.organization.set_payment_status(self.now, id, to);
        Ok(())
    }

    /// Cancels a scheduled payment.
    ///
    /// # Errors
    /// [`PeopleError`] when it was picked up already, or was only recorded.
    pub fn cancel_payment(&mut self, id: &str) -> Result<(), PeopleError> {
        Ok(self.organization.cancel_payment(self.now, id)?)
    }

    /// Asks to void a payment; a recorded one is void at once. Kinds: "0" with the money back, "1" paying anew, "2" nothing else.
    ///
    /// # Errors
    /// [`PeopleError`] when it was not made, or a request is pending.
    pub fn void_payment(&mut self, id: &str, kind: &str, reason: &str) -> Result<(), PeopleError> {
        let user = self.user();
        Ok(self.organization.request_void(self.now, id, kind, reason, &user)?)
    }

    /// Enters a customer, perhaps below another.
    ///
    /// # Errors
    /// [`PeopleError`] when the name is taken there.
    pub fn create_customer(&mut self, name: &str, parent_id: Option<&str>) -> Result<String, PeopleError> {
        self.create("Customer", &[("name", json!(name)), ("parentCustomerId", json!(parent_id))])
    }

    /// Enters an invoice.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such customer or the number is used.
    pub fn create_invoice(&mut self, draft: &InvoiceDraft) -> Result<String, PeopleError> {
        self.create("Invoice", &invoice_fields(draft))
    }

    /// Replaces an invoice's contents, lines included.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such invoice or customer.
    pub fn edit_invoice(&mut self, id: &str, draft: &InvoiceDraft) -> Result<(), PeopleError> {
        self.edit("Invoice", id, &invoice_fields(draft))
    }

    /// Enters a credit memo; its lines need prices.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such customer.
    pub fn create_memo(&mut self, draft: &InvoiceDraft) -> Result<String, PeopleError> {
        self.create("CreditMemo", &memo_fields(draft))
    }

    /// Uses a credit memo on an invoice.
    ///
    /// # Errors
    /// [`PeopleError`] when they are of different customers, or too little is left of one.
    pub fn apply_memo(&mut self, invoice_id: &str, memo_id: &str, cents: i64) -> Result<String, PeopleError> {
        Ok(self.organization.use_memo(self.now, invoice_id, memo_id, amount(cents))?)
    }

    /// Takes the use of a memo back.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such use.
    pub fn unapply_memo(&mut self, use_id: &str) -> Result<(), PeopleError> {
        Ok(self.organization.drop_memo_use(self.now, use_id)?)
    }

    /// A customer pays through Bill.com, into the bank account that receives: from a bank, or by card with a fee.
    ///
    /// # Errors
    /// [`PeopleError`] when no bank account receives, or an invoice has less open.
    pub fn customer_pays(&mut self, plan: &ReceiptPlan, card_fee: Option<i64>) -> Result<String, PeopleError> {
        let receives = |bank: &&Record| bank.state == "1" && bank.flag("primaryAR");
        let bank = self.organization.in_order("BankAccount").find(receives).map(|bank| bank.id.clone());
        let bank_account_id = bank.ok_or_else(|| Refusal::unfit("payToBankAccountId", "no bank account receives"))?;
        let means = Receipt::Online { bank_account_id, fee: amount(card_fee.unwrap_or(0)) };
        let payment_type = if card_fee.is_some() { "2" } else { "3" };
        Ok(self.organization.receive(self.now, &receipt(plan, payment_type, means))?)
    }

    /// Records a cheque of a customer.
    ///
    /// # Errors
    /// [`PeopleError`] when an invoice has less open.
    pub fn record_cheque(
        &mut self,
        plan: &ReceiptPlan,
        account_id: Option<&str>,
        number: &str,
    ) -> Result<String, PeopleError> {
        let means = Receipt::Recorded { account_id: account_id.map(str::to_owned), reference: Some(number.to_owned()) };
        Ok(self.organization.receive(self.now, &receipt(plan, "1", means))?)
    }

    /// Voids what a customer paid, or cancels it while it is scheduled.
    ///
    /// # Errors
    /// [`PeopleError`] when there is no such payment, or it is void already.
    pub fn void_receipt(&mut self, id: &str) -> Result<(), PeopleError> {
        let receipt = self.organization.record("ReceivedPay", id).ok_or_else(|| Refusal::not_found(id))?;
        let status = match receipt.text("status") {
            Some("0") => "1",
            Some("2") => "3",
            _ => return Err(Refusal::unfit("id", "the payment is void already").into()),
        };
        self.organization.set_receipt_status(self.now, id, status);
        Ok(())
    }

    /// Who acts: the first one who may sign in, if anybody.
    fn user(&self) -> String {
        self.organization.credentials.first().map(|it| it.user_id.clone()).unwrap_or_default()
    }
}

fn amount(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

fn receipt(plan: &ReceiptPlan, payment_type: &str, means: Receipt) -> ReceiptDraft {
    ReceiptDraft {
        customer_id: plan.customer_id.clone(),
        date: plan.date,
        payment_type: payment_type.to_owned(),
        amount: Some(amount(plan.cents)),
        pays: plan.invoices.iter().map(|(id, cents)| (id.clone(), amount(*cents))).collect(),
        description: None,
        means,
    }
}

fn credit_fields(draft: &CreditDraft) -> Vec<(&'static str, Value)> {
    let lines = draft.lines.iter().map(|line| super::people::line_object("VendorCreditLineItem", line));
    vec![
        ("vendorId", json!(draft.vendor_id)),
        ("refNumber", json!(draft.number)),
        ("creditDate", json!(draft.date.to_string())),
        ("vendorCreditLineItems", lines.collect()),
    ]
}

fn invoice_fields(draft: &InvoiceDraft) -> Vec<(&'static str, Value)> {
    let lines = draft.lines.iter().map(|line| invoice_line("InvoiceLineItem", line));
    vec![
        ("customerId", json!(draft.customer_id)),
        ("invoiceNumber", json!(draft.number)),
        ("invoiceDate", json!(draft.date.to_string())),
        ("dueDate", json!(draft.due.to_string())),
        ("itemSalesTax", json!(draft.tax_item_id)),
        ("invoiceLineItems", lines.collect()),
    ]
}

/// A memo's lines carry their amounts.
fn memo_fields(draft: &InvoiceDraft) -> Vec<(&'static str, Value)> {
    let lines = draft.lines.iter().map(|line| {
        let mut row = invoice_line("CreditMemoLineItem", line);
        let each = if let Price::Each(cents) = line.price { cents } else { 0 };
        row["amount"] = print_decimal(amount(line.quantity * each));
        row
    });
    vec![
        ("customerId", json!(draft.customer_id)),
        ("refNumber", json!(draft.number)),
        ("creditDate", json!(draft.date.to_string())),
        ("itemSalesTax", json!(draft.tax_item_id)),
        ("creditMemoLineItems", lines.collect()),
    ]
}

fn invoice_line(entity: &str, line: &InvoiceLineDraft) -> Value {
    let price = match line.price {
        Price::Each(cents) => ("price", print_decimal(amount(cents))),
        Price::Percent(hundredths) => ("ratePercent", print_decimal(amount(hundredths))),
    };
    let fields = [
        ("quantity", json!(line.quantity)),
        price,
        ("itemId", json!(line.item_id)),
        ("taxable", json!(line.taxable)),
        ("description", json!(line.description)),
    ];
    Value::Object(object(entity, &fields))
}
