//! Journal entry: debits and credits by hand.
//!
//! Debits equal credits, amounts are positive (vendor documentation). A line on receivables needs a
//! customer in `EntityRef`, one on payables a vendor, else the entry is not recorded (vendor
//! documentation); at most one such line an entry (recalled).

use crate::entity::DataExtRet;
use crate::error::{Limit, WriteError};
use crate::query::{Definition, Paging, TxnSelection, TxnWhere, qb_paged};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_branches, qb_choice, qb_struct};
use crate::types::{
    Amount, BillableStatus, Change, EditSequence, ExchangeRate, ExternalGuid, JournalLineType, ListRef, OwnerId,
    QbDate, QbDateTime, QbText, TxnId, TxnLineId,
};
use crate::wire::Writer;

qb_struct! {
    /// Asks for journal entries (`JournalEntryQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct JournalEntryQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<TxnWhere> = "(choice)",
        /// Off unless asked for.
        include_line_items: Option<bool> = "IncludeLineItems",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(JournalEntryQuery, "JournalEntryQuery" => JournalEntryRet, since 1.0, direct);
qb_paged!(JournalEntryQuery);

qb_struct! {
    /// A new journal entry (`JournalEntryAdd`).
    pub struct JournalEntryAdd [attributes definition: Definition] with rules
        new(txn_date: QbDate, line: Vec<DebitOrCreditAdd>)
    {
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<QbText<11>> = "RefNumber",
        is_adjustment: Option<bool> = "IsAdjustment" since 3.0,
        currency: Option<JournalCurrency> = "(choice)" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        /// Debits and credits in any order.
        line: Vec<DebitOrCreditAdd> = "(choice)" [required],
    }
}

qb_request!(JournalEntryAdd, "JournalEntryAdd" => JournalEntryRet, since 1.0, body);

qb_struct! {
    /// A changed journal entry (`JournalEntryMod`). Only what is sent changes; of lines, send all
    /// that are to stay.
    pub struct JournalEntryMod new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        ref_number: Change<QbText<11>> = "RefNumber",
        is_adjustment: Change<bool> = "IsAdjustment",
        is_amounts_entered_in_home_currency: Change<bool> = "IsAmountsEnteredInHomeCurrency" since 8.0,
        currency_ref: Change<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Change<ExchangeRate> = "ExchangeRate" since 8.0,
        journal_line_mod: Vec<JournalLineMod> = "JournalLineMod",
    }
}

qb_request!(JournalEntryMod, "JournalEntryMod" => JournalEntryRet, since 6.0, body);

qb_struct! {
    /// A journal entry (`JournalEntryRet`). Lines come only with `IncludeLineItems`.
    #[derive(Default)]
    pub struct JournalEntryRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        txn_date: Option<QbDate> = "TxnDate",
        /// Not unique.
        ref_number: Option<String> = "RefNumber" max 11,
        is_adjustment: Option<bool> = "IsAdjustment" since 3.0,
        is_home_currency_adjustment: Option<bool> = "IsHomeCurrencyAdjustment" since 8.0,
        is_amounts_entered_in_home_currency: Option<bool> = "IsAmountsEnteredInHomeCurrency" since 8.0,
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        line: Vec<DebitOrCreditRet> = "(choice)",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_branches! {
    /// The currency of an entry: an adjustment of home values, or an entry of its own.
    pub enum JournalCurrency {
        HomeCurrencyAdjustment(bool) = "IsHomeCurrencyAdjustment",
        /// The currency of the amounts.
        Foreign(JournalForeign),
    }
}

qb_struct! {
    /// In which currency an entry is.
    #[derive(Default)]
    pub struct JournalForeign {
        is_amounts_entered_in_home_currency: Option<bool> = "IsAmountsEnteredInHomeCurrency",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate",
    }
}

qb_choice! {
    /// A new line: on which side it stands.
    pub enum DebitOrCreditAdd {
        Debit(JournalLineAdd) = "JournalDebitLine",
        Credit(JournalLineAdd) = "JournalCreditLine",
    }
}

qb_choice! {
    /// A line, as QuickBooks returns it: on which side it stands.
    pub enum DebitOrCreditRet {
        Debit(JournalLineRet) = "JournalDebitLine",
        Credit(JournalLineRet) = "JournalCreditLine",
    }
}

qb_struct! {
    /// A new debit or credit (`JournalDebitLine`, `JournalCreditLine`).
    #[derive(Default)]
    pub struct JournalLineAdd [attributes definition: Definition] {
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        account_ref: Option<ListRef> = "AccountRef" max 159,
        amount: Option<Amount> = "Amount",
        memo: Option<QbText<4095>> = "Memo",
        entity_ref: Option<ListRef> = "EntityRef" max 209,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        billable_status: Option<BillableStatus> = "BillableStatus" since 3.0,
    }
}

qb_struct! {
    /// A changed, kept or added line (`JournalLineMod`); a new one has the id
    /// [`TxnLineId::new_line`].
    pub struct JournalLineMod new(txn_line_id: TxnLineId) {
        txn_line_id: TxnLineId = "TxnLineID",
        journal_line_type: Change<JournalLineType> = "JournalLineType" [noclear],
        account_ref: Change<ListRef> = "AccountRef" max 159 [noclear],
        amount: Change<Amount> = "Amount" [noclear],
        memo: Change<QbText<4095>> = "Memo",
        entity_ref: Change<ListRef> = "EntityRef" max 209,
        class_ref: Change<ListRef> = "ClassRef" max 159,
        billable_status: Change<BillableStatus> = "BillableStatus",
    }
}

qb_struct! {
    /// A debit or credit (`JournalDebitLine`, `JournalCreditLine`).
    #[derive(Default)]
    pub struct JournalLineRet {
        txn_line_id: Option<TxnLineId> = "TxnLineID",
        account_ref: Option<ListRef> = "AccountRef" max 159,
        amount: Option<Amount> = "Amount",
        memo: Option<String> = "Memo" max 4095,
        entity_ref: Option<ListRef> = "EntityRef" max 209,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        billable_status: Option<BillableStatus> = "BillableStatus" since 3.0,
    }
}

impl JournalLineAdd {
    /// A line with what QuickBooks needs.
    #[must_use]
    pub fn new(account: ListRef, amount: Amount) -> Self {
        Self { account_ref: Some(account), amount: Some(amount), ..Self::default() }
    }
}

impl DebitOrCreditAdd {
    /// What stands on the line.
    #[must_use]
    pub const fn content(&self) -> &JournalLineAdd {
        match self {
            Self::Debit(line) | Self::Credit(line) => line,
        }
    }

    const fn content_mut(&mut self) -> &mut JournalLineAdd {
        match self {
            Self::Debit(line) | Self::Credit(line) => line,
        }
    }

    const fn debit(&self) -> Option<&JournalLineAdd> {
        if let Self::Debit(line) = self { Some(line) } else { None }
    }

    const fn credit(&self) -> Option<&JournalLineAdd> {
        if let Self::Credit(line) = self { Some(line) } else { None }
    }
}

impl Rules for JournalEntryAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let sum = |side: fn(&DebitOrCreditAdd) -> Option<&JournalLineAdd>| {
            Amount::checked_sum(self.line.iter().filter_map(side).filter_map(|line| line.amount))
        };
        if self.line.iter().any(|line| line.content().amount.is_some_and(|amount| amount.cents() < 0)) {
            return Err(w.refuse("Amount", Limit::Range("0 and more: the other side takes what is negative"), "less"));
        }
        let (debits, credits) = (sum(DebitOrCreditAdd::debit), sum(DebitOrCreditAdd::credit));
        if debits.is_none() || debits != credits {
            return Err(w.refuse("", Limit::Required("debits equal to credits"), "another sum"));
        }
        Ok(())
    }

    fn settle(&mut self, _ex: &mut Example) {
        let (debits, credits) = self.line.iter().fold((0, 0), |(debits, credits), line| match line {
            DebitOrCreditAdd::Debit(_) => (debits + 1, credits),
            DebitOrCreditAdd::Credit(_) => (debits, credits + 1),
        });
        for line in &mut self.line {
            // As many debits of the one size as credits of the other.
            let dollars = if matches!(line, DebitOrCreditAdd::Debit(_)) { credits } else { debits };
            line.content_mut().amount = Amount::from_cents(dollars * 100).ok();
        }
    }
}
