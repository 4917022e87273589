//! Invoice: what a customer owes.
//!
//! Totals are computed by QuickBooks: after an Add compare subtotal and sales tax with ours. The
//! balance is subtotal and sales tax less what is applied, and what is applied is a negative number
//! (observed).

use crate::entity::{
    Address, AddressBlockRet, AddressRet, DataExtRet, InvoiceLineOrGroupAdd, InvoiceLineOrGroupMod,
    InvoiceLineOrGroupRet, LinkedTxnRet, SetCredit,
};
use crate::query::{Definition, Paging, PayableWhere, TxnSelection, qb_paged};
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{
    Amount, Change, EditSequence, ExchangeRate, ExternalGuid, ListRef, OwnerId, Percent, QbDate, QbDateTime, QbText,
    TxnId,
};

qb_struct! {
    /// Asks for invoices (`InvoiceQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct InvoiceQuery [attributes paging: Paging] with rules {
        selection: TxnSelection<InvoiceWhere> = "(choice)",
        /// Off unless asked for.
        include_line_items: Option<bool> = "IncludeLineItems",
        /// Off unless asked for.
        include_linked_txns: Option<bool> = "IncludeLinkedTxns" since 1.1,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(InvoiceQuery, "InvoiceQuery" => InvoiceRet, since 1.0, direct);
qb_paged!(InvoiceQuery);

/// The conditions of an InvoiceQuery.
pub type InvoiceWhere = PayableWhere;

qb_struct! {
    /// A new invoice (`InvoiceAdd`).
    pub struct InvoiceAdd [attributes definition: Definition] new(customer_ref: ListRef, txn_date: QbDate) {
        /// The job, if there is one.
        customer_ref: ListRef = "CustomerRef" max 209,
        /// Copied into the lines (vendor documentation).
        class_ref: Option<ListRef> = "ClassRef" max 159,
        ar_account_ref: Option<ListRef> = "ARAccountRef" max 159,
        template_ref: Option<ListRef> = "TemplateRef" max 31 since 3.0,
        /// Always send it: left out, QuickBooks may take the date of the last one saved (vendor
        /// documentation).
        txn_date: Option<QbDate> = "TxnDate",
        ref_number: Option<QbText<11>> = "RefNumber",
        bill_address: Option<Address> = "BillAddress",
        ship_address: Option<Address> = "ShipAddress",
        is_pending: Option<bool> = "IsPending",
        is_finance_charge: Option<bool> = "IsFinanceCharge" since 8.0,
        po_number: Option<QbText<25>> = "PONumber",
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        /// Left out: from the terms.
        due_date: Option<QbDate> = "DueDate",
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5,
        fob: Option<QbText<13>> = "FOB",
        ship_date: Option<QbDate> = "ShipDate",
        ship_method_ref: Option<ListRef> = "ShipMethodRef" max 15,
        /// Left out: the customer's.
        item_sales_tax_ref: Option<ListRef> = "ItemSalesTaxRef" max 31,
        memo: Option<QbText<4095>> = "Memo",
        customer_msg_ref: Option<ListRef> = "CustomerMsgRef" max 101,
        is_to_be_printed: Option<bool> = "IsToBePrinted",
        is_to_be_emailed: Option<bool> = "IsToBeEmailed" since 6.0,
        customer_sales_tax_code_ref: Option<ListRef> = "CustomerSalesTaxCodeRef" max 3,
        other: Option<QbText<29>> = "Other" since 6.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        /// Sales orders and estimates to take the lines from.
        link_to_txn_id: Vec<TxnId> = "LinkToTxnID" since 6.0,
        set_credit: Vec<SetCredit> = "SetCredit" since 10.0,
        line: Vec<InvoiceLineOrGroupAdd> = "(choice)",
    }
}

qb_request!(InvoiceAdd, "InvoiceAdd" => InvoiceRet, since 1.0, body);

qb_struct! {
    /// A changed invoice (`InvoiceMod`). Only what is sent changes; for lines see
    /// [`crate::entity::lines`].
    pub struct InvoiceMod new(txn_id: TxnId, edit_sequence: EditSequence) {
        txn_id: TxnId = "TxnID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        customer_ref: Change<ListRef> = "CustomerRef" max 209 [noclear],
        class_ref: Change<ListRef> = "ClassRef" max 159,
        ar_account_ref: Change<ListRef> = "ARAccountRef" max 159 [noclear],
        template_ref: Change<ListRef> = "TemplateRef" max 31 since 3.0,
        txn_date: Change<QbDate> = "TxnDate" [noclear],
        ref_number: Change<QbText<11>> = "RefNumber",
        bill_address: Change<Address> = "BillAddress",
        ship_address: Change<Address> = "ShipAddress",
        is_pending: Change<bool> = "IsPending",
        po_number: Change<QbText<25>> = "PONumber",
        terms_ref: Change<ListRef> = "TermsRef" max 31,
        due_date: Change<QbDate> = "DueDate" [noclear],
        sales_rep_ref: Change<ListRef> = "SalesRepRef" max 5,
        fob: Change<QbText<13>> = "FOB",
        ship_date: Change<QbDate> = "ShipDate",
        ship_method_ref: Change<ListRef> = "ShipMethodRef" max 15,
        item_sales_tax_ref: Change<ListRef> = "ItemSalesTaxRef" max 31 [noclear],
        memo: Change<QbText<4095>> = "Memo",
        customer_msg_ref: Change<ListRef> = "CustomerMsgRef" max 101,
        is_to_be_printed: Change<bool> = "IsToBePrinted",
        is_to_be_emailed: Change<bool> = "IsToBeEmailed" since 6.0,
        customer_sales_tax_code_ref: Change<ListRef> = "CustomerSalesTaxCodeRef" max 3,
        other: Change<QbText<29>> = "Other" since 6.0,
        exchange_rate: Change<ExchangeRate> = "ExchangeRate" since 8.0,
        set_credit: Vec<SetCredit> = "SetCredit" since 10.0,
        line: Vec<InvoiceLineOrGroupMod> = "(choice)",
    }
}

qb_request!(InvoiceMod, "InvoiceMod" => InvoiceRet, since 2.1, body);

qb_struct! {
    /// An invoice (`InvoiceRet`). Lines come only with `IncludeLineItems`, links only with
    /// `IncludeLinkedTxns`.
    #[derive(Default)]
    pub struct InvoiceRet {
        txn_id: Option<TxnId> = "TxnID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        customer_ref: Option<ListRef> = "CustomerRef" max 209,
        class_ref: Option<ListRef> = "ClassRef" max 159,
        ar_account_ref: Option<ListRef> = "ARAccountRef" max 159,
        template_ref: Option<ListRef> = "TemplateRef" max 31 since 3.0,
        txn_date: Option<QbDate> = "TxnDate",
        /// Not unique.
        ref_number: Option<String> = "RefNumber" max 11,
        bill_address: Option<AddressRet> = "BillAddress",
        bill_address_block: Option<AddressBlockRet> = "BillAddressBlock" since 6.0,
        ship_address: Option<AddressRet> = "ShipAddress",
        ship_address_block: Option<AddressBlockRet> = "ShipAddressBlock" since 6.0,
        is_pending: Option<bool> = "IsPending",
        is_finance_charge: Option<bool> = "IsFinanceCharge",
        po_number: Option<String> = "PONumber" max 25,
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        due_date: Option<QbDate> = "DueDate",
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5,
        fob: Option<String> = "FOB" max 13,
        ship_date: Option<QbDate> = "ShipDate",
        ship_method_ref: Option<ListRef> = "ShipMethodRef" max 15,
        subtotal: Option<Amount> = "Subtotal",
        item_sales_tax_ref: Option<ListRef> = "ItemSalesTaxRef" max 31,
        sales_tax_percentage: Option<Percent> = "SalesTaxPercentage",
        sales_tax_total: Option<Amount> = "SalesTaxTotal",
        /// Negative (observed).
        applied_amount: Option<Amount> = "AppliedAmount",
        balance_remaining: Option<Amount> = "BalanceRemaining",
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        exchange_rate: Option<ExchangeRate> = "ExchangeRate" since 8.0,
        balance_remaining_in_home_currency: Option<Amount> = "BalanceRemainingInHomeCurrency" since 8.0,
        memo: Option<String> = "Memo" max 4095,
        is_paid: Option<bool> = "IsPaid" since 2.0,
        customer_msg_ref: Option<ListRef> = "CustomerMsgRef" max 101,
        is_to_be_printed: Option<bool> = "IsToBePrinted",
        is_to_be_emailed: Option<bool> = "IsToBeEmailed" since 6.0,
        customer_sales_tax_code_ref: Option<ListRef> = "CustomerSalesTaxCodeRef" max 3,
        suggested_discount_amount: Option<Amount> = "SuggestedDiscountAmount",
        suggested_discount_date: Option<QbDate> = "SuggestedDiscountDate",
        other: Option<String> = "Other" max 29 since 6.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 9.0,
        /// Their amounts are negative (observed).
        linked_txn: Vec<LinkedTxnRet> = "LinkedTxn" since 1.1,
        line: Vec<InvoiceLineOrGroupRet> = "(choice)",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}
