//! Bill payment: Bill.com `SentPay` with its `billPays` and `billCredits` (`billcom.md` 2.6), QuickBooks `BillPaymentCheck`
//! or `BillPaymentCreditCard` (`bill_payment_forms.rs`). Payables are managed in Bill.com: a payment travels from there to QuickBooks only, and what is edited in QuickBooks is
//! shown as a difference. Cancelled and voided payments are voided in QuickBooks, those made online as well.
//!
//! Accounting: the payment is booked from the account that Bill.com names, which for a payment made online is the clearing
//! account of money on its way out. One from a bank account is a cheque in QuickBooks, one from a credit card a card payment;
//! from an account of another type QuickBooks lets nobody pay (3140).
//!
//! Identity: vendor, date, amount, and the bills that are paid. With other bills, or none known, a payment is doubtful.
//!
//! Whether `billPays` holds cash alone or cash and credit together is told differently by the vendor's prose and the vendor's
//! example. The sum decides: what adds up to the payment's amount is cash.
//!
//! A payment by credits alone makes no transaction in QuickBooks (`qbxml.md` 6): see [`super::only_applies`].

use super::bill_payment_forms::{self as forms, Form, NUMBER_MAX, amount_of};
use super::{
    AnyRequest, Ask, BillComHome, Context, ControlAccount, DeletedTypes, Entity, FieldSpec, HoldBack, Likeness,
    NotExpressible, OnEdit, OnGone, OnNew, Partners, Posting, Reading, Rules, SideRules, Standing, Write, document,
    quickbooks, tree, troubles,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Money, Raw, RawError, RecordKey, Settings, Side, Sighting, Trouble, Value,
};
use qbxml::Record;
use qbxml::entity::{BillPaymentCheckQuery, BillPaymentCreditCardQuery};
use qbxml::query::{TxnSelection, TxnWhere};

/// See the module.
#[derive(Debug)]
pub(super) struct BillPayment;

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
        forms::choose(&mut fields, context);
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
            _ if self.only_applies(&source.fields) => may_be_applied(source, context),
            _ => None,
        }
    }

    /// One that is to be approved is announced, and one that is scheduled where the settings wait until it is processed.
    fn standing(&self, sighting: &Sighting, context: &Context) -> Standing {
        let awaited = match sighting.fields.text("status") {
            Some(status::APPROVING) => true,
            Some(status::SCHEDULED) => context.settings.payments_when_processed,
            _ => false,
        };
        match document::standing(sighting) {
            Standing::Booked if awaited => Standing::Announced,
            other => other,
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
        self.ask_shelf(forms::CHECKS, ask)
    }

    fn shelves(&self) -> u8 {
        2
    }

    fn shelf_of(&self, fields: &Fields) -> u8 {
        forms::shelf_of(fields)
    }

    fn ask_shelf(&self, place: u8, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
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
        let (paging, include_line_items) = (reading.paging, Some(true));
        Ok(match place {
            forms::CARDS => Box::new(BillPaymentCreditCardQuery {
                paging,
                selection,
                include_line_items,
                ..BillPaymentCreditCardQuery::default()
            }),
            _ => Box::new(BillPaymentCheckQuery {
                paging,
                selection,
                include_line_items,
                ..BillPaymentCheckQuery::default()
            }),
        })
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let (form, modified) = match record {
            Record::BillPaymentCheck(ret) => (Form::of_check(ret), ret.time_modified.as_ref()),
            Record::BillPaymentCreditCard(ret) => (Form::of_card(ret), ret.time_modified.as_ref()),
            _ => return None,
        };
        Some((form.seen()?, quickbooks::stamp(modified)))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        match write.current {
            None => forms::new_payment(write),
            Some(current) => forms::changed_payment(write, current),
        }
    }

    fn void_quickbooks(&self, standing: &Sighting) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        if super::is_application(&standing.key.id) {
            return Err(NotExpressible::Reason(
                "QuickBooks lets no program take back a credit that was used for a bill. Open the bill in QuickBooks and take the credit off it by hand.",
            ));
        }
        quickbooks::void(forms::void_type(&standing.fields), standing)
    }

    fn left_by_void(&self, agreed: &Fields, context: &Context) -> Option<Trouble> {
        let credits = agreed.lines("credits");
        let used = (!credits.is_empty()).then(|| named(credits, context))?;
        Some(troubles::credits_left(&format!("Bill payment {}", self.title(agreed)), &used))
    }

    fn only_applies(&self, fields: &Fields) -> bool {
        fields.money("amount").is_none_or(Money::is_zero) && !fields.lines("credits").is_empty()
    }

    fn booked(&self, standing: &Fields) -> Vec<Posting> {
        Posting::of_payment(standing, "vendor", false)
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::Transaction(&["BillPaymentCheck", "BillPaymentCreditCard"])
    }
}

/// A payment by credits alone leaves no trace of its own in QuickBooks. Where bill and credit stood there before, somebody, or
/// the sync that was used before, may have used the one for the other already; and QuickBooks would do it again. It cannot on a
/// bill that is paid, and there is nothing left to do then.
fn may_be_applied(source: &Sighting, context: &Context) -> Option<HoldBack> {
    let credits = source.fields.lines("credits");
    let key = |line: &Fields, field| {
        let reference = line.reference(field)?;
        Some(RecordKey::new(Side::BillCom, reference.kind, reference.id.clone()))
    };
    let found = |line: &Fields, field| key(line, field).is_some_and(|key| context.found.contains(&key));
    if !credits.iter().any(|line| found(line, "bill") && found(line, "credit")) {
        return None;
    }
    if credits.iter().all(|line| key(line, "bill").is_some_and(|key| context.paid.contains(&key))) {
        return Some(HoldBack::Never);
    }
    let title = format!("Bill payment {}", document::title(&source.fields));
    Some(HoldBack::Ask(Box::new(troubles::perhaps_applied(&title, &named(credits, context)))))
}

/// Credits that are used, each with its bill, for a person.
fn named(credits: &[Fields], context: &Context) -> String {
    let title = |line: &Fields, field| line.reference(field).map(|reference| context.title(Side::BillCom, reference));
    let one = |line: &Fields| {
        let [credit, bill] = ["credit", "bill"].map(|field| title(line, field).unwrap_or_default());
        format!("{} of {credit} for {bill}", amount_of(line))
    };
    credits.iter().map(one).collect::<Vec<_>>().join("; ")
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
