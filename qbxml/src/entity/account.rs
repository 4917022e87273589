//! Account: the chart of accounts.
//!
//! AccountQuery has no iterator (schema): it comes whole. An opening balance in an Add creates a
//! transaction; leave it out. Adding `NonPosting` accounts is impossible (vendor documentation).
//! `Balance` changes without the edit sequence changing (recalled): poll it.

use crate::entity::DataExtRet;
use crate::error::{Limit, WriteError};
use crate::query::{Counting, CurrencyFilter, ListSelection, MaxReturned, NameMatch};
use crate::request::{check_name, qb_request};
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{
    AccountType, ActiveStatus, Amount, CashFlowClassification, Change, EditSequence, ListId, ListRef, OwnerId, QbDate,
    QbDateTime, QbText, SpecialAccountType,
};
use crate::wire::Writer;

qb_struct! {
    /// Asks for accounts (`AccountQueryRq`).
    #[derive(Default)]
    pub struct AccountQuery [attributes counting: Counting] {
        selection: ListSelection<AccountWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(AccountQuery, "AccountQuery" => AccountRet, since 1.0, direct);

qb_struct! {
    /// The conditions of an AccountQuery.
    #[derive(Default)]
    pub struct AccountWhere {
        max_returned: Option<MaxReturned> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<QbDateTime> = "FromModifiedDate",
        to_modified_date: Option<QbDateTime> = "ToModifiedDate",
        name: Option<NameMatch> = "(choice)",
        account_type: Vec<AccountType> = "AccountType",
        currency_filter: Option<CurrencyFilter> = "CurrencyFilter" since 8.0,
    }
}

qb_struct! {
    /// A new account (`AccountAdd`).
    pub struct AccountAdd with rules new(name: QbText<31>, account_type: AccountType) {
        name: QbText<31> = "Name",
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<ListRef> = "ParentRef",
        account_type: AccountType = "AccountType",
        account_number: Option<QbText<7>> = "AccountNumber",
        bank_number: Option<QbText<25>> = "BankNumber",
        desc: Option<QbText<200>> = "Desc",
        /// Creates a transaction; leave it out.
        open_balance: Option<Amount> = "OpenBalance",
        open_balance_date: Option<QbDate> = "OpenBalanceDate",
        tax_line_id: Option<i64> = "TaxLineID" since 7.0,
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
    }
}

qb_request!(AccountAdd, "AccountAdd" => AccountRet, since 1.0, body);

qb_struct! {
    /// A changed account (`AccountMod`). Only what is sent changes.
    pub struct AccountMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<31>> = "Name" [noclear],
        is_active: Change<bool> = "IsActive",
        parent_ref: Change<ListRef> = "ParentRef",
        account_type: Change<AccountType> = "AccountType",
        account_number: Change<QbText<7>> = "AccountNumber",
        bank_number: Change<QbText<25>> = "BankNumber",
        desc: Change<QbText<200>> = "Desc",
        open_balance: Change<Amount> = "OpenBalance",
        open_balance_date: Change<QbDate> = "OpenBalanceDate",
        tax_line_id: Change<i64> = "TaxLineID" since 7.0,
        currency_ref: Change<ListRef> = "CurrencyRef" max 64 since 8.0,
    }
}

qb_request!(AccountMod, "AccountMod" => AccountRet, since 6.0, body);

qb_struct! {
    /// An account (`AccountRet`).
    #[derive(Default)]
    pub struct AccountRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 31,
        full_name: Option<String> = "FullName" max 159,
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<ListRef> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
        account_type: Option<AccountType> = "AccountType",
        special_account_type: Option<SpecialAccountType> = "SpecialAccountType" since 2.1,
        account_number: Option<String> = "AccountNumber" max 7,
        bank_number: Option<String> = "BankNumber" max 25 since 2.0,
        desc: Option<String> = "Desc" max 200,
        /// Its own balance, every posted transaction included. Bank: money there is positive;
        /// credit card and payables: owed is positive.
        balance: Option<Amount> = "Balance",
        /// With all sub-accounts.
        total_balance: Option<Amount> = "TotalBalance",
        tax_line_info_ret: Option<TaxLineInfoRet> = "TaxLineInfoRet" since 2.1,
        cash_flow_classification: Option<CashFlowClassification> = "CashFlowClassification" since 2.1,
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_struct! {
    /// The line of the tax form an account belongs to.
    #[derive(Default)]
    pub struct TaxLineInfoRet {
        tax_line_id: Option<i64> = "TaxLineID",
        tax_line_name: Option<String> = "TaxLineName" max 256,
    }
}

impl Rules for AccountAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        check_name(self.name.as_str(), w)?;
        if self.account_type == AccountType::NonPosting {
            return Err(w.refuse("AccountType", Limit::KnownValue, "NonPosting, which only QuickBooks itself makes"));
        }
        Ok(())
    }

    fn settle(&mut self, _ex: &mut Example) {
        if self.account_type == AccountType::NonPosting {
            self.account_type = AccountType::Bank;
        }
    }
}

impl Rules for AccountMod {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        self.name.as_set().map_or(Ok(()), |name| check_name(name.as_str(), w))
    }

    fn settle(&mut self, _ex: &mut Example) {}
}
