//! The tables of invoices, credit memos and what customers pay, from the vendor's `ar-customer-transactions` document.

use super::{ANY, Table, code, date, flag, id, money, number, rows, text, time};

/// An invoice.
pub(crate) static INVOICE: Table = Table {
    name: "Invoice",
    prefix: "00e",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2", "5", "6"],
    fields: &[
        id("customerId", "Customer").written().filtered().needed(),
        text("invoiceNumber").written().filtered().needed().at_most(100),
        date("invoiceDate").written().filtered().needed(),
        date("dueDate").written().filtered().needed(),
        date("glPostingDate").written().filtered(),
        number("exchangeRate").written(),
        text("description").written(),
        text("poNumber").written(),
        flag("isToBePrinted").written().filtered(),
        flag("isToBeEmailed").written().filtered(),
        time("lastSentTime").written().filtered(),
        id("itemSalesTax", "Item").written(),
        text("terms").written(),
        text("salesRep").written(),
        text("FOB").written(),
        date("shipDate").written().filtered(),
        text("shipMethod").written(),
        id("departmentId", "Department").written().filtered(),
        id("locationId", "Location").written().filtered(),
        id("actgClassId", "ActgClass").written().filtered(),
        id("jobId", "Job").written().filtered(),
        id("payToBankAccountId", "BankAccount").written(),
        id("payToChartOfAccountId", "ChartOfAccount").written(),
        id("invoiceTemplateId", ANY).written().filtered(),
        flag("hasAutoPay").written().filtered(),
        code("emailDeliveryOption", &["0", "1", "2"]).written().filtered(),
        code("mailDeliveryOption", &["0", "1", "2"]).written().filtered(),
        id("recInvoiceTemplateId", ANY).written().filtered(),
        rows("invoiceLineItems", &INVOICE_LINE_ITEM).written().needed(),
        id("createdBy", ANY),
        money("amount").filtered(),
        money("localAmount").filtered(),
        money("amountDue").filtered(),
        code("paymentStatus", &["0", "1", "2", "4"]).filtered(),
        number("salesTaxPercentage"),
        money("salesTaxTotal"),
        money("creditAmount").filtered(),
        text("quickbooksId").filtered(),
    ],
};

/// A line of an invoice: a price, or a percentage of the other lines.
pub(crate) static INVOICE_LINE_ITEM: Table = Table {
    name: "InvoiceLineItem",
    prefix: "00f",
    verbs: &[],
    stamped: true,
    states: &[],
    fields: &[
        id("itemId", "Item").written(),
        number("quantity").written().needed(),
        money("amount").written(),
        number("price").written(),
        date("serviceDate").written(),
        number("ratePercent").written(),
        id("chartOfAccountId", "ChartOfAccount").written(),
        id("departmentId", "Department").written(),
        id("locationId", "Location").written(),
        id("actgClassId", "ActgClass").written(),
        id("jobId", "Job").written(),
        text("description").written(),
        flag("taxable").written(),
        text("taxCode").written(),
        number("lineOrder").written(),
        id("invoiceId", "Invoice"),
    ],
};

/// A credit to a customer: no stamps. The vendor's request names the amounts used and left and the status, which are the
/// server's; here they are ignored.
pub(crate) static CREDIT_MEMO: Table = Table {
    name: "CreditMemo",
    prefix: "ccr",
    verbs: &["Create", "Read", "List", "Update", "Delete"],
    stamped: false,
    states: &["1", "2"],
    fields: &[
        id("customerId", "Customer").written().filtered().needed(),
        text("refNumber").written().filtered().needed().at_most(100),
        date("creditDate").written().filtered().needed(),
        date("glPostingDate").written().filtered(),
        number("exchangeRate").written(),
        money("availableAmount").filtered(),
        money("appliedAmount").filtered(),
        code("status", &["0", "1", "2"]).filtered(),
        text("description").written(),
        text("poNumber").written(),
        flag("isToBePrinted").written().filtered(),
        flag("isToBeEmailed").written().filtered(),
        id("itemSalesTax", "Item").written().filtered(),
        text("salesRep").written(),
        text("FOB").written(),
        date("shipDate").written(),
        text("shipMethod").written(),
        id("departmentId", "Department").written().filtered(),
        id("locationId", "Location").written().filtered(),
        id("actgClassId", "ActgClass").written().filtered(),
        id("jobId", "Job").written().filtered(),
        id("payToBankAccountId", "BankAccount").written(),
        id("payToChartOfAccountId", "ChartOfAccount").written(),
        rows("creditMemoLineItems", &CREDIT_MEMO_LINE_ITEM).written().needed(),
        money("amount").filtered(),
        money("localAmount").filtered(),
        number("salesTaxPercentage"),
        money("salesTaxTotal").filtered(),
    ],
};

/// A line of a credit memo: neither id nor stamps.
pub(crate) static CREDIT_MEMO_LINE_ITEM: Table = Table {
    name: "CreditMemoLineItem",
    prefix: "",
    verbs: &[],
    stamped: false,
    states: &[],
    fields: &[
        id("itemId", "Item").written(),
        number("quantity").written().needed(),
        money("amount").written().needed(),
        number("price").written(),
        date("serviceDate").written(),
        number("ratePercent").written(),
        id("chartOfAccountId", "ChartOfAccount").written(),
        id("departmentId", "Department").written(),
        id("locationId", "Location").written(),
        id("actgClassId", "ActgClass").written(),
        id("jobId", "Job").written(),
        text("description").written(),
        text("taxCode").written(),
        flag("taxable").written(),
        number("lineOrder").written(),
    ],
};

/// One use of a credit memo on an invoice.
pub(crate) static INVOICE_CREDIT: Table = Table {
    name: "InvoiceCredit",
    prefix: "icr",
    verbs: &["Read", "List"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        id("invoiceId", "Invoice").filtered(),
        id("receivedPayId", "ReceivedPay").filtered(),
        id("creditMemoId", "CreditMemo").filtered(),
        money("amount").filtered(),
        money("syncedAmount").filtered(),
    ],
};

/// What a customer paid.
pub(crate) static RECEIVED_PAY: Table = Table {
    name: "ReceivedPay",
    prefix: "0rp",
    verbs: &["Read", "List"],
    stamped: true,
    states: &[],
    fields: &[
        id("customerId", "Customer").filtered(),
        code("status", &["0", "1", "2", "3", "4"]).filtered(),
        date("paymentDate").filtered(),
        id("depositToAccountId", "ChartOfAccount").filtered(),
        flag("isOnline").filtered(),
        code("paymentType", &["0", "1", "2", "3", "4", "5", "6", "7"]).filtered(),
        money("amount").filtered(),
        money("unappliedAmount").filtered(),
        text("description"),
        text("refNumber"),
        money("convFeeAmount").filtered(),
        id("payToBankAccountId", "BankAccount").filtered(),
        code("source", &["0", "1", "2", "3", "4", "5", "6"]).filtered(),
        id("moneyOutId", ANY),
        flag("isMarkedAsCompleted"),
        flag("holdDisbursement"),
        id("customerBankAccountId", ANY).filtered(),
        money("rPConvFee"),
        rows("invoicePays", &INVOICE_PAY),
    ],
};

/// The part of a received payment that pays one invoice; it has no calls of its own.
pub(crate) static INVOICE_PAY: Table = Table {
    name: "InvoicePay",
    prefix: "0ip",
    verbs: &[],
    stamped: true,
    states: &[],
    fields: &[
        id("invoiceId", "Invoice"),
        money("amount"),
        code("status", &["0", "1", "2", "3", "4"]),
        date("paymentDate"),
        id("receivedPayId", "ReceivedPay"),
        flag("creditApplied"),
        text("vCardReceivableInfo"),
    ],
};

/// The fee for a payment by card: neither stamps nor states.
pub(crate) static RP_CONV_FEE: Table = Table {
    name: "RPConvFee",
    prefix: "rpf",
    verbs: &["Read", "List"],
    stamped: false,
    states: &[],
    fields: &[
        text("refNumber"),
        money("amount").filtered(),
        date("paymentDate").filtered(),
        id("chartOfAccountId", "ChartOfAccount").filtered(),
    ],
};
