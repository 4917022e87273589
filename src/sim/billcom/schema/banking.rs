//! The tables of bank accounts, cards and the money moved between banks and Bill.com, from the vendor's
//! `organization-basic-operations` document.

use super::{ANY, Table, code, date, flag, id, money, rows, text};

/// A bank account. Its balance is written with `SetBankBalance` only.
pub(crate) static BANK_ACCOUNT: Table = Table {
    name: "BankAccount",
    prefix: "bac",
    verbs: &["Read", "List"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("bankName"),
        text("nameOnAcct"),
        text("accountNumber"),
        text("routingNumber"),
        id("usersId", ANY).filtered(),
        id("chartOfAccountId", "ChartOfAccount").filtered(),
        code("status", &["0", "1", "2", "3", "4", "5"]).filtered(),
        flag("primaryAP").filtered().text_in_read(),
        flag("primaryAR").filtered().text_in_read(),
        flag("isSavings").filtered().text_in_read(),
        flag("isPersonalAcct").filtered().text_in_read(),
        flag("autoAdminAuth").filtered().text_in_read(),
        date("dateEstablished").filtered(),
        code("verificationLevel", &["0", "1", "2", "3"]).filtered(),
        money("bankBalance").filtered().text_in_read(),
        code("verifyStatus", &["0", "1", "2", "3"]).filtered(),
    ],
};

/// A card. The vendor marks none of its fields as filterable.
pub(crate) static CARD_ACCOUNT: Table = Table {
    name: "CardAccount",
    prefix: "cat",
    verbs: &["List"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        id("usersId", ANY),
        id("chartOfAccountId", "ChartOfAccount"),
        text("issuingBankName"),
        text("nameOnAcct"),
        text("fingerprint"),
        text("cardBrand"),
        code("cardType", &["1", "2", "3", "4"]),
        code("status", &["0", "1", "2", "3", "4", "5"]),
        text("last4"),
        flag("canFund"),
        flag("canDisburse"),
        text("expYear"),
        text("expMonth"),
        flag("primaryAP"),
        flag("primaryAR"),
        text("vgsCardToken"),
    ],
};

/// A withdrawal from or a deposit to a bank account. Nothing in it names the payments behind it.
pub(crate) static MONEY_MOVEMENT: Table = Table {
    name: "MoneyMovement",
    prefix: "mmt",
    verbs: &["Read", "List"],
    stamped: true,
    states: &[],
    fields: &[
        text("name"),
        code("type", &["1", "2", "3", "4"]).filtered(),
        money("amount").filtered().text_in_read(),
        date("processDate").filtered(),
        code("status", &["0", "1", "2"]).filtered(),
        id("bankAccountId", "BankAccount").filtered(),
        text("description"),
        rows("moneyMovementItems", &MONEY_MOVEMENT_ITEM),
    ],
};

/// What a movement carries for one vendor or customer. Its amount is a text also where those of the movement are numbers.
pub(crate) static MONEY_MOVEMENT_ITEM: Table = Table {
    name: "MoneyMovementItem",
    prefix: "mmi",
    verbs: &[],
    stamped: true,
    states: &[],
    fields: &[id("moneyMovementId", "MoneyMovement"), text("amount"), text("name")],
};
