//! The tables of what is paid to vendors, from the vendor's `ap-vendor-transactions` document.
//!
//! A sent payment has no lines of its own: what it pays ([`BILL_PAY`]) and which credits it uses ([`BILL_CREDIT`]) are
//! records that can be listed by themselves, and are printed inside the payment as well.

use super::{ANY, Table, code, date, flag, id, linked, money, number, rows, summary, text, time};

/// A payment to one vendor: recorded (offline), or made by Bill.com (online).
pub(crate) static SENT_PAY: Table = Table {
    name: "SentPay",
    prefix: "stp",
    verbs: &["Read", "List"],
    stamped: true,
    states: &[],
    fields: &[
        date("processDate").filtered(),
        money("amount").filtered(),
        code("status", &["0", "1", "2", "3", "4", "5"]).filtered(),
        text("description"),
        text("txnNumber"),
        text("name"),
        id("vendorId", "Vendor").filtered(),
        flag("isOnline").filtered(),
        flag("useAltPmtType"),
        flag("fasterPayment").filtered(),
        code("paymentType", &["0", "1", "2", "3", "4", "5", "6", "7", "11", "12"]).filtered(),
        code("deliveryTypeRequested", &["0", "1", "10", "11", "12", "13"]).filtered(),
        id("chartOfAccountId", "ChartOfAccount").filtered(),
        text("syncReference"),
        flag("toPrintCheck"),
        id("createdBy", ANY),
        id("bankAccountId", "BankAccount"),
        id("pt14CardId", ANY),
        flag("needAttnReviewed"),
        text("simpleBasicAutoCancel"),
        code("source", &["0", "1", "2", "3", "4", "5", "6"]),
        flag("allowExport").filtered(),
        text("localAmount"),
        number("exchangeRate"),
        text("paymentPurpose"),
        text("remittanceEmail"),
        date("requestedDeliveryDate"),
        id("pmtCurrencyInfoId", ANY),
        id("cardAccountId", ANY),
        id("creditAccountId", ANY),
        date("fundsHeldDate"),
        code("fundingType", &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]),
        linked("billPays", &BILL_PAY, "sentPayId"),
        linked("billCredits", &BILL_CREDIT_WITHIN, "sentPayId"),
        rows("voidRequests", &VOID_REQUEST),
        summary("apConvFee"),
    ],
};

/// The part of a payment that pays one bill, in money.
pub(crate) static BILL_PAY: Table = Table {
    name: "BillPay",
    prefix: "blp",
    verbs: &["Read", "List"],
    stamped: true,
    states: &[],
    fields: &[
        id("billId", "Bill").filtered(),
        text("name"),
        code("paymentStatus", &["1", "2", "3", "4"]).filtered(),
        money("amount").filtered().text_in_read(),
        text("description"),
        date("processDate").filtered(),
        code("paymentType", &["0", "1"]).filtered(),
        text("syncReference"),
        flag("toPrintCheck").filtered(),
        id("chartOfAccountId", "ChartOfAccount").filtered(),
        id("sentPayId", "SentPay").filtered(),
        flag("allowExport").filtered().text_in_read(),
    ],
};

/// One use of a vendor credit on one bill.
pub(crate) static BILL_CREDIT: Table = Table {
    name: "BillCredit",
    prefix: "bcr",
    verbs: &["Read", "List"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        id("billId", "Bill").filtered(),
        id("sentPayId", "SentPay").filtered(),
        id("vendorCreditId", "VendorCredit").filtered(),
        money("amount").filtered(),
    ],
};

/// The same as printed inside a payment: without `isActive`, and its amount as a text.
static BILL_CREDIT_WITHIN: Table = Table {
    name: "BillCredit",
    prefix: "bcr",
    verbs: &[],
    stamped: true,
    states: &[],
    fields: &[id("billId", "Bill"), id("sentPayId", "SentPay"), id("vendorCreditId", "VendorCredit"), text("amount")],
};

/// Somebody's wish to void an online payment; until it is decided nothing else changes.
pub(crate) static VOID_REQUEST: Table = Table {
    name: "VoidRequestQueue",
    prefix: "vrq",
    verbs: &[],
    stamped: false,
    states: &[],
    fields: &[
        code("type", &["0", "1", "2", "3"]),
        code("status", &["0", "1", "2", "3", "4"]),
        text("reason"),
        id("userId", ANY),
        time("decisionDate"),
        time("createdDate"),
        time("updatedDate"),
    ],
};
