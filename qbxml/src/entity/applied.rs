//! How payments and credits are applied to bills and invoices, and the links that result.
//!
//! Each applied transaction needs at least one of a payment, a credit and a discount (vendor
//! documentation). A fully paid transaction, or another name's, answers 3120. A credit once applied
//! cannot be taken off again short of deleting it (vendor documentation).

use crate::error::{Limit, WriteError};
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{Amount, LinkType, ListRef, QbDate, TxnId, TxnRef, TxnType, Value};
use crate::wire::Writer;

qb_struct! {
    /// A credit to use for a bill or invoice (`SetCredit`): a vendor credit, a credit memo, or an
    /// overpayment.
    pub struct SetCredit new(credit_txn_id: TxnRef, applied_amount: Amount) {
        credit_txn_id: TxnRef = "CreditTxnID",
        applied_amount: Amount = "AppliedAmount",
        /// What it overrides, our sources do not say: leave it out.
        overrides: Option<bool> = "Override" since 10.0,
    }
}

qb_struct! {
    /// A bill or invoice that a new payment is for (`AppliedToTxnAdd`).
    pub struct AppliedToTxnAdd with rules new(txn_id: TxnRef) {
        txn_id: TxnRef = "TxnID",
        payment_amount: Option<Amount> = "PaymentAmount",
        /// With credits only, no transaction is made: no id comes back, and no query for payments
        /// shows it (vendor documentation).
        set_credit: Vec<SetCredit> = "SetCredit",
        discount_amount: Option<Amount> = "DiscountAmount",
        discount_account_ref: Option<ListRef> = "DiscountAccountRef" max 159,
        discount_class_ref: Option<ListRef> = "DiscountClassRef" max 159 since 11.0,
    }
}

qb_struct! {
    /// A bill or invoice that a changed payment is for (`AppliedToTxnMod`). If any is sent, the old
    /// distribution and its discounts are wiped and the amount is distributed anew; credits already
    /// applied stay, new ones add up (vendor documentation).
    pub struct AppliedToTxnMod with rules new(txn_id: TxnId) {
        txn_id: TxnId = "TxnID",
        payment_amount: Option<Amount> = "PaymentAmount",
        set_credit: Vec<SetCredit> = "SetCredit",
        discount_amount: Option<Amount> = "DiscountAmount",
        discount_account_ref: Option<ListRef> = "DiscountAccountRef" max 159,
        discount_class_ref: Option<ListRef> = "DiscountClassRef" max 159 since 11.0,
    }
}

qb_struct! {
    /// A bill or invoice that a payment is for (`AppliedToTxnRet`). Comes only with
    /// `IncludeLineItems`.
    #[derive(Default)]
    pub struct AppliedToTxnRet {
        txn_id: Option<TxnId> = "TxnID",
        txn_type: Option<TxnType> = "TxnType",
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<String> = "RefNumber" max 20,
        /// What is still open of it.
        balance_remaining: Option<Amount> = "BalanceRemaining",
        /// What the payment paid of it.
        amount: Option<Amount> = "Amount",
        discount_amount: Option<Amount> = "DiscountAmount",
        discount_account_ref: Option<ListRef> = "DiscountAccountRef" max 159,
        discount_class_ref: Option<ListRef> = "DiscountClassRef" max 159 since 11.0,
        linked_txn: Vec<LinkedTxnRet> = "LinkedTxn" since 10.0,
    }
}

qb_struct! {
    /// A transaction linked to this one, such as the payment of a bill (`LinkedTxn`).
    #[derive(Default)]
    pub struct LinkedTxnRet {
        txn_id: Option<TxnId> = "TxnID",
        txn_type: Option<TxnType> = "TxnType",
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<String> = "RefNumber" max 20,
        link_type: Option<LinkType> = "LinkType" since 3.0,
        /// Negative where a payment lowers what is open (observed for invoices; recalled for
        /// bills).
        amount: Option<Amount> = "Amount",
    }
}

impl AppliedToTxnAdd {
    /// Pays so much of a bill or invoice.
    #[must_use]
    pub fn paying(txn_id: TxnId, amount: Amount) -> Self {
        Self { payment_amount: Some(amount), ..Self::new(txn_id.into()) }
    }
}

impl AppliedToTxnMod {
    /// Pays so much of a bill or invoice.
    #[must_use]
    pub fn paying(txn_id: TxnId, amount: Amount) -> Self {
        Self { payment_amount: Some(amount), ..Self::new(txn_id) }
    }
}

/// An applied transaction needs a payment, a credit or a discount.
fn check_applied(something: bool, w: &Writer) -> Result<(), WriteError> {
    if something {
        return Ok(());
    }
    Err(w.refuse("", Limit::Required("PaymentAmount, SetCredit or DiscountAmount"), "none of them"))
}

impl Rules for AppliedToTxnAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let something = self.payment_amount.is_some() || !self.set_credit.is_empty() || self.discount_amount.is_some();
        check_applied(something, w)
    }

    fn settle(&mut self, ex: &mut Example) {
        if self.set_credit.is_empty() && self.discount_amount.is_none() && self.payment_amount.is_none() {
            self.payment_amount = Some(<Amount as Value>::example(None, ex));
        }
    }
}

impl Rules for AppliedToTxnMod {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let something = self.payment_amount.is_some() || !self.set_credit.is_empty() || self.discount_amount.is_some();
        check_applied(something, w)
    }

    fn settle(&mut self, ex: &mut Example) {
        if self.set_credit.is_empty() && self.discount_amount.is_none() && self.payment_amount.is_none() {
            self.payment_amount = Some(<Amount as Value>::example(None, ex));
        }
    }
}
