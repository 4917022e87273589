//! Bill payment: Bill.com `SentPay` with its `billPays` and `billCredits` (`billcom.md` 2.6), QuickBooks `BillPaymentCheck`.
//! Payables are managed in Bill.com: a payment travels from there to QuickBooks only, and what is edited in QuickBooks is
//! shown as a difference. Cancelled and voided payments are voided in QuickBooks, those made online as well.
//!
//! Accounting: the payment is booked from the account that Bill.com names, which for a payment made online is the clearing
//! account of money on its way out. QuickBooks wants an account of type Bank (3140 otherwise).
//!
//! Identity: vendor, date, amount, and the bills that are paid. With other bills, or none known, a payment is doubtful.
//!
//! Whether `billPays` holds cash alone or cash and credit together is told differently by the vendor's prose and the vendor's
//! example. The sum decides: what adds up to the payment's amount is cash.
//!
//! A payment by credits alone makes no transaction in QuickBooks (`qbxml.md` 6): see [`super::only_applies`].

use super::{
    AnyRequest, Ask, BillComHome, Context, ControlAccount, DeletedTypes, Entity, FieldSpec, HoldBack, Likeness,
    NotExpressible, OnEdit, OnGone, OnNew, Partners, Reading, Rules, SideRules, Write, document, quickbooks, tree,
    troubles,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Money, NativeId, Raw, RawError, RecordKey, Reference, Settings, Side, Sighting,
    Trouble, Value,
};
use qbxml::entity::{
    AppliedToTxnAdd, AppliedToTxnMod, BillPaymentCheckAdd, BillPaymentCheckMod, BillPaymentCheckQuery,
    BillPaymentCheckRet, CheckNumber, SetCredit, TxnVoid,
};
use qbxml::query::{TxnSelection, TxnWhere};
use qbxml::types::TxnVoidType;
use qbxml::{Change, ExternalGuid, QbText, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct BillPayment;

const NUMBER_MAX: usize = 11;

/// What is paid of one bill.
static LINE: &[FieldSpec] = &[FieldSpec::value("bill", "Bill"), FieldSpec::value("amount", "Amount")];

/// A vendor credit used for one bill.
static CREDIT: &[FieldSpec] = &[
    FieldSpec::value("bill", "Bill"),
    FieldSpec::value("credit", "Vendor credit"),
    FieldSpec::value("amount", "Amount"),
];

static FIELDS: &[FieldSpec] = &[
    FieldSpec::value("vendor", "Vendor").identity(),
    FieldSpec::value("date", "Date"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::value("account", "Account"),
    FieldSpec::text("number", "Number", NUMBER_MAX),
    FieldSpec::value("to_print", "To be printed"),
    FieldSpec::text("memo", "Memo", 4095),
    FieldSpec::lines("lines", "Bills paid", LINE),
    FieldSpec::lines("credits", "Credits used", CREDIT),
];

/// `SentPay.status` (`billcom.md` 2.6).
mod status {
    pub(super) const APPROVING: &str = "0";
    pub(super) const SCHEDULED: &str = "1";
    pub(super) const CANCELLED: &str = "3";
    pub(super) const VOID: &str = "4";
}

impl Entity for BillPayment {
    fn kind(&self) -> Kind {
        Kind::BillPayment
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        Rules {
            quickbooks: SideRules { new: OnNew::Stay, edited: OnEdit::Difference, gone: OnGone::Difference },
            billcom: SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Void },
        }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        document::title(fields)
    }

    fn owner(&self) -> Option<&'static str> {
        Some("vendor")
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        document::payment_keys(fields)
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        document::compare_payments(quickbooks, billcom, "vendor", "bill", partners)
    }

    fn names_are_unique(&self) -> bool {
        false
    }

    fn control_account(&self) -> Option<ControlAccount> {
        Some(ControlAccount::Payables)
    }

    fn defaults(&self) -> &'static [DefaultRecord] {
        &[DefaultRecord::MoneyOutClearing]
    }

    fn complete(&self, source: &Sighting, context: &Context) -> Result<Fields, Box<Trouble>> {
        let title = format!("Bill payment {}", self.title(&source.fields));
        let mut fields = source.fields.clone();
        let (lines, credits) = (fields.lines("lines"), fields.lines("credits"));
        if lines.is_empty() && credits.is_empty() {
            let happened = "Bill.com names no bill that it pays, and QuickBooks needs one.".to_owned();
            let steps =
                &["Look at the payment in Bill.com.", "Enter it in QuickBooks by hand, then leave it as it is here."];
            return Err(troubles::incomplete(format!("{title}: it pays no bill"), happened, steps).into());
        }
        let paid = Money::checked_sum(lines.iter().map(amount_of)).unwrap_or(Money::ZERO);
        let amount = fields.money("amount").unwrap_or(paid);
        if paid != amount {
            return Err(troubles::unbalanced(&title, amount, paid).into());
        }
        if !fields.has("account") && !amount.is_zero() {
            let Some(account) = context.defaults.get(&DefaultRecord::MoneyOutClearing) else {
                let happened = "Bill.com does not say from which account it was paid.".to_owned();
                let steps = &[
                    "Choose the account of the payment in Bill.com.",
                    "Or set money_out_clearing for the company: payments without an account are booked on it.",
                ];
                return Err(troubles::incomplete(format!("{title}: it names no account"), happened, steps).into());
            };
            fields.set("account", Some(Value::Ref(account.clone())));
        }
        Ok(fields)
    }

    fn holds_back(&self, source: &Sighting, context: &Context) -> Option<HoldBack> {
        let settings = &context.settings;
        if source.fields.date("date").is_some_and(|date| date < settings.start_date) {
            return Some(HoldBack::Never);
        }
        match source.fields.text("status") {
            Some(status::APPROVING) => Some(HoldBack::Until("waits for its approval in Bill.com".to_owned())),
            Some(status::SCHEDULED) if settings.payments_when_processed => {
                Some(HoldBack::Until("waits until Bill.com has processed it".to_owned()))
            }
            _ => None,
        }
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::nested("SentPay")] }
    }

    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        let online = raw.flag("isOnline")? == Some(true);
        let state = raw.text("status");
        let amount = raw.money("amount")?;
        let (lines, credits) = read_applied(raw, amount)?;
        let mut fields = Fields::new();
        fields.set("vendor", tree::pointer(Kind::Vendor, raw.reference("vendorId")?));
        fields.set("date", raw.date("processDate")?.map(Value::Date));
        fields.set("amount", amount.map(Value::Money));
        fields.set("account", tree::pointer(Kind::Account, raw.reference("chartOfAccountId")?));
        fields.set_text("number", if online { raw.text("txnNumber") } else { raw.text("syncReference") });
        let to_print = !online && raw.flag("toPrintCheck")? == Some(true);
        fields.set("to_print", to_print.then_some(Value::Flag(true)));
        fields.set_text("memo", raw.text("description"));
        fields.set("lines", Some(Value::Lines(lines)));
        fields.set("credits", Some(Value::Lines(credits)).filter(|credits| *credits != Value::Lines(Vec::new())));
        fields.set_text(document::CHANNEL, online.then_some(document::ONLINE));
        // Only what decides when it travels: that it was processed meanwhile is no edit.
        let waiting = state.as_deref().filter(|state| matches!(*state, status::APPROVING | status::SCHEDULED));
        fields.set_text("status", waiting);
        let gone = matches!(state.as_deref(), Some(status::CANCELLED | status::VOID));
        let kept_out = raw.flag("allowExport")? == Some(false);
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::BillPayment, raw.id()?),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: if gone { Life::Gone } else { Life::Alive },
            merged_into: None,
            hold: kept_out.then(|| "somebody chose in Bill.com that it is not exported".to_owned()),
            mark: None,
            line_ids: Vec::new(),
        })
    }

    /// Payments are never written to Bill.com.
    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        super::billcom::begin("SentPay", write)
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => TxnSelection::Where(TxnWhere {
                max_returned: reading.max_returned,
                dates: reading.modified(),
                ..TxnWhere::default()
            }),
            Ask::ById(id) => document::by_id(id)?,
            Ask::Like(fields) => document::on_its_day(fields)?,
            Ask::Named(_) => return Err(NotExpressible::Reason("payments have no names")),
        };
        Ok(Box::new(BillPaymentCheckQuery {
            paging: reading.paging,
            selection,
            include_line_items: Some(true),
            ..BillPaymentCheckQuery::default()
        }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::BillPaymentCheck(ret) = record else { return None };
        Some((seen_in_quickbooks(ret)?, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        match write.current {
            None => Ok(Box::new(new_payment(write)?)),
            Some(current) => Ok(Box::new(changed_payment(write, current)?)),
        }
    }

    fn void_quickbooks(&self, id: &NativeId) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        if super::is_application(id) {
            return Err(NotExpressible::Reason(
                "QuickBooks lets no program take back a credit that was used for a bill. Open the bill in QuickBooks and take the credit off it by hand.",
            ));
        }
        Ok(Box::new(TxnVoid { txn_void_type: TxnVoidType::BillPaymentCheck, txn_id: quickbooks::txn_id(id)? }))
    }

    fn only_applies(&self, fields: &Fields) -> bool {
        fields.money("amount").is_none_or(Money::is_zero) && !fields.lines("credits").is_empty()
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::Transaction(&["BillPaymentCheck"])
    }
}

fn amount_of(line: &Fields) -> Money {
    line.money("amount").unwrap_or(Money::ZERO)
}

/// The cash and the credits of a payment, per bill.
fn read_applied(raw: &Raw, amount: Option<Money>) -> Result<(Vec<Fields>, Vec<Fields>), RawError> {
    let mut credits = Vec::new();
    for row in raw.rows("billCredits")? {
        if !row.is_active() {
            continue;
        }
        let mut credit = Fields::new();
        credit.set("bill", tree::pointer(Kind::Bill, row.reference("billId")?));
        credit.set("credit", tree::pointer(Kind::VendorCredit, row.reference("vendorCreditId")?));
        credit.set("amount", row.money("amount")?.map(Value::Money));
        credits.push(credit);
    }
    let mut lines = Vec::new();
    for row in raw.rows("billPays")? {
        let mut line = Fields::new();
        line.set("bill", tree::pointer(Kind::Bill, row.reference("billId")?));
        line.set("amount", row.money("amount")?.map(Value::Money));
        lines.push(line);
    }
    let whole = Money::checked_sum(lines.iter().map(amount_of));
    if whole != amount {
        // Not the cash alone: it is what is left when the credits are taken off.
        for line in &mut lines {
            let used = credits.iter().filter(|credit| credit.reference("bill") == line.reference("bill"));
            let used = Money::checked_sum(used.map(amount_of)).unwrap_or(Money::ZERO);
            line.set("amount", amount_of(line).checked_sub(used).map(Value::Money));
        }
    }
    lines.retain(|line| !amount_of(line).is_zero());
    Ok((lines, credits))
}

fn seen_in_quickbooks(ret: &BillPaymentCheckRet) -> Option<Sighting> {
    let id = quickbooks::native(ret.txn_id.as_ref()?.as_str())?;
    let amount = ret.amount.as_ref().map(quickbooks::money);
    let mut lines = Vec::new();
    for applied in &ret.applied_to_txn_ret {
        let paid = applied.amount.as_ref().map(quickbooks::money).filter(|paid| !paid.is_zero());
        let bill = applied.txn_id.as_ref().and_then(|id| quickbooks::native(id.as_str()));
        let Some(paid) = paid else { continue };
        let mut line = Fields::new();
        line.set("bill", tree::pointer(Kind::Bill, bill));
        line.set("amount", Some(Value::Money(paid)));
        lines.push(line);
    }
    let mut fields = Fields::new();
    fields.set("vendor", quickbooks::reference(Kind::Vendor, ret.payee_entity_ref.as_ref()));
    fields.set("date", ret.txn_date.as_ref().map(|date| Value::Date(date.day())));
    fields.set("amount", amount.map(Value::Money));
    fields.set("account", quickbooks::reference(Kind::Account, ret.bank_account_ref.as_ref()));
    fields.set_text("number", ret.ref_number.as_deref());
    fields.set("to_print", (ret.is_to_be_printed == Some(true)).then_some(Value::Flag(true)));
    fields.set_text("memo", ret.memo.as_deref());
    fields.set("lines", Some(Value::Lines(lines)));
    let voided = document::is_voided(amount, ret.memo.as_deref(), fields.lines("lines"));
    fields.set(document::VOIDED, voided.then_some(Value::Flag(true)));
    Some(Sighting {
        key: RecordKey::new(Side::QuickBooks, Kind::BillPayment, id),
        version: quickbooks::version(ret.edit_sequence.as_ref()),
        fields,
        life: if voided { Life::Gone } else { Life::Alive },
        merged_into: None,
        hold: None,
        mark: quickbooks::seen_mark(ret.external_guid.as_ref()),
        line_ids: Vec::new(),
    })
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

fn new_payment(write: &Write<'_>) -> Result<BillPaymentCheckAdd, NotExpressible> {
    let fields = write.fields;
    let vendor = quickbooks::required(fields, "vendor", "The payment names no vendor.")?;
    let account = quickbooks::required(fields, "account", "The payment names no account.")?;
    let date = fields.date("date").ok_or(NotExpressible::Reason("The payment has no date."))?;
    let mut add = BillPaymentCheckAdd::new(vendor, quickbooks::date(date)?, account, number(fields), applied(fields)?);
    add.ap_account_ref = quickbooks::control(write)?;
    add.memo = quickbooks::text(fields, "memo");
    add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
    Ok(add)
}

/// With the bills sent along, QuickBooks wipes the old distribution and distributes the amount anew; credits that were used
/// stay, so they are not sent again (`qbxml.md` 7).
fn changed_payment(write: &Write<'_>, current: &Sighting) -> Result<BillPaymentCheckMod, NotExpressible> {
    let fields = write.fields;
    if super::is_application(&current.key.id) {
        return Err(NotExpressible::Reason("It only uses credits, and QuickBooks lets no program change that."));
    }
    if write.touches("vendor") {
        return Err(NotExpressible::Reason("QuickBooks lets nobody change to whom a payment was made."));
    }
    if write.touches("credits") {
        return Err(NotExpressible::Reason(
            "The credits of a payment were changed, and QuickBooks lets no program take one back.",
        ));
    }
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
    Ok(change)
}
