//! The two forms of a payment of bills in QuickBooks: `BillPaymentCheck` for whatever leaves a bank account, and
//! `BillPaymentCreditCard` for what is charged to a card (`qbxml.md` 6). They stand on shelves of their own: each is asked
//! about by its own query, with the same filters.
//!
//! The type of the account decides the form: QuickBooks refuses a cheque on a card account, and a card payment on a bank
//! account (3140). Once made, a payment keeps its form, and one by card cannot be changed at all: there is no Mod for it in
//! any version (schema). What was changed in Bill.com then goes to a person, who changes it in QuickBooks by hand. Deleting it
//! and making it anew would be shorter for us, but would take the payment out of a reconciled card statement.

use super::{AnyRequest, Context, NotExpressible, Write, document, quickbooks, tree};
use crate::model::{Fields, Kind, Life, Money, RecordKey, Reference, Side, Sighting, Value};
use qbxml::entity::{
    AppliedToTxnAdd, AppliedToTxnMod, AppliedToTxnRet, BillPaymentCheckAdd, BillPaymentCheckMod, BillPaymentCheckRet,
    BillPaymentCreditCardAdd, BillPaymentCreditCardRet, CheckNumber, SetCredit,
};
use qbxml::types::{AccountType, TxnVoidType};
use qbxml::{Amount, Change, EditSequence, ExternalGuid, ListRef, QbDate, QbText, TxnId};

/// How much QuickBooks keeps of a payment's number.
pub(super) const NUMBER_MAX: usize = 11;

/// The field that says that a payment is made by credit card; a payment without it is a cheque.
pub(super) const BY_CARD: &str = "by_card";

/// The place of the shelf of cheques.
pub(super) const CHECKS: u8 = 0;
/// The place of the shelf of card payments.
pub(super) const CARDS: u8 = 1;

/// The shelf that a payment stands on.
pub(super) fn shelf_of(fields: &Fields) -> u8 {
    if is_by_card(fields) { CARDS } else { CHECKS }
}

/// What QuickBooks calls a payment where it is voided.
pub(super) fn void_type(fields: &Fields) -> TxnVoidType {
    if is_by_card(fields) { TxnVoidType::BillPaymentCreditCard } else { TxnVoidType::BillPaymentCheck }
}

fn is_by_card(fields: &Fields) -> bool {
    fields.flag(BY_CARD) == Some(true)
}

/// Notes the form that a payment of Bill.com will have, by the account it is made from.
pub(super) fn choose(fields: &mut Fields, context: &Context) {
    let account = fields.reference("account");
    let key = account.map(|account| RecordKey::new(Side::BillCom, account.kind, account.id.clone()));
    let known = key.and_then(|key| context.accounts.get(&key));
    let by_card = known.is_some_and(|account| account.text("type") == Some(AccountType::CreditCard.as_str()));
    fields.set(BY_CARD, by_card.then_some(Value::Flag(true)));
}

/// What a payment says in either form.
pub(super) struct Form<'a> {
    id: Option<&'a TxnId>,
    edit_sequence: Option<&'a EditSequence>,
    vendor: Option<&'a ListRef>,
    date: Option<&'a QbDate>,
    account: Option<&'a ListRef>,
    amount: Option<&'a Amount>,
    number: Option<&'a str>,
    memo: Option<&'a str>,
    to_print: bool,
    guid: Option<&'a ExternalGuid>,
    applied: &'a [AppliedToTxnRet],
    control: Option<&'a ListRef>,
    by_card: bool,
}

impl<'a> Form<'a> {
    pub(super) fn of_check(ret: &'a BillPaymentCheckRet) -> Self {
        Self {
            id: ret.txn_id.as_ref(),
            edit_sequence: ret.edit_sequence.as_ref(),
            vendor: ret.payee_entity_ref.as_ref(),
            date: ret.txn_date.as_ref(),
            account: ret.bank_account_ref.as_ref(),
            amount: ret.amount.as_ref(),
            number: ret.ref_number.as_deref(),
            memo: ret.memo.as_deref(),
            to_print: ret.is_to_be_printed == Some(true),
            guid: ret.external_guid.as_ref(),
            applied: &ret.applied_to_txn_ret,
            control: ret.ap_account_ref.as_ref(),
            by_card: false,
        }
    }

    pub(super) fn of_card(ret: &'a BillPaymentCreditCardRet) -> Self {
        Self {
            id: ret.txn_id.as_ref(),
            edit_sequence: ret.edit_sequence.as_ref(),
            vendor: ret.payee_entity_ref.as_ref(),
            date: ret.txn_date.as_ref(),
            account: ret.credit_card_account_ref.as_ref(),
            amount: ret.amount.as_ref(),
            number: ret.ref_number.as_deref(),
            memo: ret.memo.as_deref(),
            to_print: false,
            guid: ret.external_guid.as_ref(),
            applied: &ret.applied_to_txn_ret,
            control: ret.ap_account_ref.as_ref(),
            by_card: true,
        }
    }

    /// The payment as it was seen; none without an id.
    pub(super) fn seen(&self) -> Option<Sighting> {
        let id = quickbooks::native(self.id?.as_str())?;
        let amount = self.amount.map(quickbooks::money);
        let mut fields = Fields::new();
        fields.set("vendor", quickbooks::reference(Kind::Vendor, self.vendor));
        fields.set("date", self.date.map(|date| Value::Date(date.day())));
        fields.set("amount", amount.map(Value::Money));
        fields.set("account", quickbooks::reference(Kind::Account, self.account));
        fields.set_text("number", self.number);
        fields.set("to_print", self.to_print.then_some(Value::Flag(true)));
        fields.set_text("memo", self.memo);
        fields.set_text(document::CONTROL, quickbooks::list_id_of(self.control));
        fields.set("lines", Some(Value::Lines(self.lines())));
        fields.set(BY_CARD, self.by_card.then_some(Value::Flag(true)));
        let voided = document::is_voided(amount, self.memo, fields.lines("lines"));
        fields.set(document::VOIDED, voided.then_some(Value::Flag(true)));
        Some(Sighting {
            key: RecordKey::new(Side::QuickBooks, Kind::BillPayment, id),
            version: quickbooks::version(self.edit_sequence),
            fields,
            life: if voided { Life::Gone } else { Life::Alive },
            merged_into: None,
            hold: None,
            mark: quickbooks::seen_mark(self.guid),
            line_ids: Vec::new(),
        })
    }

    /// What is paid of each bill, without credits and discounts.
    fn lines(&self) -> Vec<Fields> {
        let mut lines = Vec::new();
        for applied in self.applied {
            let paid = applied.amount.as_ref().map(quickbooks::money).filter(|paid| !paid.is_zero());
            let bill = applied.txn_id.as_ref().and_then(|id| quickbooks::native(id.as_str()));
            let Some(paid) = paid else { continue };
            let mut line = Fields::new();
            line.set("bill", tree::pointer(Kind::Bill, bill));
            line.set("amount", Some(Value::Money(paid)));
            lines.push(line);
        }
        lines
    }
}

/// The amount of a part of a payment.
pub(super) fn amount_of(line: &Fields) -> Money {
    line.money("amount").unwrap_or(Money::ZERO)
}

/// A new payment, in the form that its account asks for.
pub(super) fn new_payment(write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
    let fields = write.fields;
    let vendor = quickbooks::required(fields, "vendor", "The payment names no vendor.")?;
    let account = quickbooks::required(fields, "account", "The payment names no account.")?;
    let date = fields.date("date").ok_or(NotExpressible::Reason("The payment has no date."))?;
    let (date, applied) = (quickbooks::date(date)?, applied(fields)?);
    let guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
    if is_by_card(fields) {
        let mut add = BillPaymentCreditCardAdd::new(vendor, date, account, applied);
        add.ap_account_ref = quickbooks::control(write)?;
        add.ref_number = quickbooks::text(fields, "number");
        add.memo = quickbooks::text(fields, "memo");
        add.external_guid = guid;
        return Ok(Box::new(add));
    }
    let mut add = BillPaymentCheckAdd::new(vendor, date, account, number(fields), applied);
    add.ap_account_ref = quickbooks::control(write)?;
    add.memo = quickbooks::text(fields, "memo");
    add.external_guid = guid;
    Ok(Box::new(add))
}

fn number(fields: &Fields) -> CheckNumber {
    if fields.flag("to_print") == Some(true) {
        return CheckNumber::ToBePrinted(true);
    }
    // Without a number it is neither printed nor numbered (`qbxml.md` 6).
    quickbooks::text::<NUMBER_MAX>(fields, "number").map_or(CheckNumber::ToBePrinted(false), CheckNumber::Number)
}

/// What is paid of each bill, and with which credits: one entry for each bill.
fn applied(fields: &Fields) -> Result<Vec<AppliedToTxnAdd>, NotExpressible> {
    let mut bills: Vec<&Reference> = Vec::new();
    let all = || fields.lines("lines").iter().chain(fields.lines("credits"));
    for line in all() {
        let bill = line.reference("bill").ok_or(NotExpressible::Reason("A part of the payment names no bill."))?;
        if !bills.contains(&bill) {
            bills.push(bill);
        }
    }
    let mut applied = Vec::new();
    for bill in bills {
        let of_bill = |line: &&Fields| line.reference("bill") == Some(bill);
        let cash = Money::checked_sum(fields.lines("lines").iter().filter(of_bill).map(amount_of));
        let cash = cash.filter(|cash| !cash.is_zero());
        let mut entry = AppliedToTxnAdd::new(quickbooks::txn_id(&bill.id)?.into());
        entry.payment_amount = cash.map(quickbooks::amount).transpose()?;
        for credit in fields.lines("credits").iter().filter(of_bill) {
            let used =
                credit.reference("credit").ok_or(NotExpressible::Reason("A credit that was used is not named."))?;
            let used = quickbooks::txn_id(&used.id)?.into();
            entry.set_credit.push(SetCredit::new(used, quickbooks::amount(amount_of(credit))?));
        }
        applied.push(entry);
    }
    Ok(applied)
}

/// With the bills sent along, QuickBooks wipes the old distribution and distributes the amount anew; credits that were used
/// stay, so they are not sent again (`qbxml.md` 7).
pub(super) fn changed_payment(write: &Write<'_>, current: &Sighting) -> Result<Box<dyn AnyRequest>, NotExpressible> {
    let fields = write.fields;
    refuse_what_cannot_change(write, current)?;
    let mut change =
        BillPaymentCheckMod::new(quickbooks::txn_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
    if let Some(date) = fields.date("date") {
        change.txn_date = Change::Set(quickbooks::date(date)?);
    }
    if write.touches("account") {
        change.bank_account_ref =
            Change::Set(quickbooks::required(fields, "account", "The payment names no account.")?);
    }
    if write.touches("number") || write.touches("to_print") {
        change.number = Some(match number(&write.result()) {
            // An emptied number stays empty.
            CheckNumber::ToBePrinted(false) => CheckNumber::Number(QbText::default()),
            told => told,
        });
    }
    change.memo = quickbooks::change(write, "memo");
    if write.touches("lines") || write.touches("amount") {
        for line in write.result().lines("lines") {
            let bill = line.reference("bill").ok_or(NotExpressible::Reason("A part of the payment names no bill."))?;
            let paid = quickbooks::amount(amount_of(line))?;
            change.applied_to_txn_mod.push(AppliedToTxnMod::paying(quickbooks::txn_id(&bill.id)?, paid));
        }
    }
    Ok(Box::new(change))
}

fn refuse_what_cannot_change(write: &Write<'_>, current: &Sighting) -> Result<(), NotExpressible> {
    let reason = if super::is_application(&current.key.id) {
        "It only uses credits, and QuickBooks lets no program change that."
    } else if is_by_card(&current.fields) {
        "QuickBooks lets no program change a payment that was made by credit card. Change it in QuickBooks by hand, as \
         Bill.com shows it."
    } else if write.touches("vendor") {
        "QuickBooks lets nobody change to whom a payment was made."
    } else if write.touches("credits") {
        "The credits of a payment were changed, and QuickBooks lets no program take one back."
    } else {
        return Ok(());
    };
    Err(NotExpressible::Reason(reason))
}
