//! Transfer: money moved between two of our own accounts (since 12.0).
//!
//! It has no reference number and no `ExternalGUID`, so a mark of our own goes into the memo. It
//! can be neither deleted nor voided (schema): change the amount, or post the opposite one. A
//! deleted one is listed nowhere: ask for it by id now and then (500 or 1: gone).

use crate::error::{Limit, WriteError};
use crate::query::{Definition, MaxReturned, Paging, TxnDates, TxnIdSelection, qb_paged};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{Amount, Change, EditSequence, ListId, ListRef, QbDate, QbDateTime, QbText, TxnId, Value};
use crate::wire::Writer;

qb_struct! {
    /// Asks for transfers (`TransferQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct TransferQuery [attributes paging: Paging] with rules {
        selection: TxnIdSelection<TransferWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement",
    }
}

qb_request!(TransferQuery, "TransferQuery" => TransferRet, since 12.0, direct);
qb_paged!(TransferQuery);

qb_struct! {
    /// The conditions of a TransferQuery.
    #[derive(Default)]
    pub struct TransferWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        dates: Option<TxnDates> = "(choice)",
    }
}

qb_struct! {
    /// A new transfer (`TransferAdd`). The schema demands nothing, QuickBooks both accounts (of the
    /// balance sheet, recalled) and the amount.
    pub struct TransferAdd [attributes definition: Definition] with rules
        new(txn_date: QbDate, transfer_from_account_ref: ListRef, transfer_to_account_ref: ListRef, amount: Amount)
    {
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        /// Credited.
        transfer_from_account_ref: Option<ListRef> = "TransferFromAccountRef" max 159,
        /// Debited.
        transfer_to_account_ref: Option<ListRef> = "TransferToAccountRef" max 159,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        amount: Option<Amount> = "Amount",
        memo: Option<QbText<4095>> = "Memo",
    }
}

qb_request!(TransferAdd, "TransferAdd" => TransferRet, since 12.0, body);

qb_struct! {
    /// A changed transfer (`TransferMod`). Only what is sent changes.
    pub struct TransferMod new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        transfer_from_account_ref: Change<ListRef> = "TransferFromAccountRef" max 159 [noclear],
        transfer_to_account_ref: Change<ListRef> = "TransferToAccountRef" max 159 [noclear],
        class_ref: Change<ListRef> = "ClassRef" max 159,
        amount: Change<Amount> = "Amount" [noclear],
        memo: Change<QbText<4095>> = "Memo",
    }
}

qb_request!(TransferMod, "TransferMod" => TransferRet, since 12.0, body);

qb_struct! {
    /// A transfer (`TransferRet`).
    #[derive(Default)]
    pub struct TransferRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        txn_date: Option<QbDate> = "TxnDate",
        transfer_from_account_ref: Option<ListRef> = "TransferFromAccountRef" max 159,
        /// Of the account, not of the transfer.
        from_account_balance: Option<Amount> = "FromAccountBalance",
        transfer_to_account_ref: Option<ListRef> = "TransferToAccountRef" max 159,
        /// Of the account, not of the transfer.
        to_account_balance: Option<Amount> = "ToAccountBalance",
        class_ref: Option<ListRef> = "ClassRef" max 159,
        amount: Option<Amount> = "Amount",
        memo: Option<String> = "Memo" max 4095,
    }
}

impl Rules for TransferAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let missing = |name: &str| w.refuse(name, Limit::Required("both accounts and the amount"), "nothing");
        let from = self.transfer_from_account_ref.as_ref().ok_or_else(|| missing("TransferFromAccountRef"))?;
        let to = self.transfer_to_account_ref.as_ref().ok_or_else(|| missing("TransferToAccountRef"))?;
        if self.amount.is_none() {
            return Err(missing("Amount"));
        }
        if from.list_id.is_some() && from.list_id == to.list_id {
            return Err(w.refuse(
                "TransferToAccountRef",
                Limit::Exclusive("the same account twice"),
                "the same account",
            ));
        }
        Ok(())
    }

    fn settle(&mut self, ex: &mut Example) {
        let mut account = || Some(ListRef::by_id(<ListId as Value>::example(None, ex)));
        self.transfer_from_account_ref = account();
        self.transfer_to_account_ref = account();
        self.amount = self.amount.or_else(|| Some(<Amount as Value>::example(None, ex)));
    }
}
