//! Funds transfer: Bill.com `MoneyMovement` (`billcom.md` 2.7), QuickBooks `Transfer`. Travels from Bill.com to QuickBooks, once
//! the bank has confirmed it.
//!
//! Accounting: for payables the bank pays the clearing account of money on its way out; for receivables the clearing account
//! of money on its way in pays the bank. An amount of the other sign goes the other way: a credit back. The account of the
//! bank is the one that Bill.com's bank account is tied to.
//!
//! QuickBooks can neither void nor delete a Transfer for a program, nor tells when a person deleted one (`qbxml.md` 7, 9). A
//! movement that is voided after it was booked therefore becomes a second transfer, the opposite one, which is a record of its
//! own here: it is made once, like everything else, and both name the movement in their memo.
//!
//! Identity: accounts, date, amount. A transfer of ours carries its mark behind its memo: it has no other place for one.

use super::{
    AnyRequest, Ask, BillComHome, Context, DeletedTypes, Entity, FieldSpec, HoldBack, Likeness, NotExpressible, OnEdit,
    OnGone, OnNew, Partners, Reading, Rules, SideRules, Standing, Write, document, quickbooks, troubles,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Money, NativeId, Raw, RawError, RecordKey, Reference, Settings, Side, Sighting,
    Trouble, Value,
};
use qbxml::entity::{TransferAdd, TransferQuery, TransferRet, TransferWhere};
use qbxml::query::TxnIdSelection;
use qbxml::{QbText, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct FundsTransfer;

static FIELDS: &[FieldSpec] = &[
    FieldSpec::value("from", "From"),
    FieldSpec::value("to", "To"),
    FieldSpec::value("date", "Date"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::text("memo", "Memo", 4095),
];

/// `MoneyMovement.type` and `.status` (`billcom.md` 2.7).
mod code {
    pub(super) const PAYABLE: &str = "1";
    pub(super) const RECEIVABLE: &str = "2";
    pub(super) const SENT: &str = "0";
    pub(super) const VOIDED: &str = "2";
}

/// Behind the id of a movement: the transfer that takes it back.
const REVERSAL: &str = "-void";

impl Entity for FundsTransfer {
    fn kind(&self) -> Kind {
        Kind::FundsTransfer
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        Rules {
            quickbooks: SideRules { new: OnNew::Stay, edited: OnEdit::Ignore, gone: OnGone::Difference },
            billcom: SideRules { new: OnNew::Create, edited: OnEdit::Ignore, gone: OnGone::Ignore },
        }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        let amount = fields.money("amount").map(|amount| amount.to_string()).unwrap_or_default();
        let date = fields.date("date").map(|date| format!(" of {date}")).unwrap_or_default();
        let reversal = if fields.has("reverses") { ", taken back" } else { "" };
        format!("{amount}{date}{reversal}")
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        document::payment_keys(fields)
    }

    /// Bill.com's record does not name the accounts before it is complete; its own are compared where they are known.
    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        let alike =
            quickbooks.date("date") == billcom.date("date") && quickbooks.money("amount") == billcom.money("amount");
        if !alike {
            return Likeness::Different;
        }
        if !billcom.has("from") || !billcom.has("to") {
            return Likeness::Doubtful;
        }
        let same = |field: &str| document::same_reference(quickbooks, billcom, field, partners);
        if same("from") && same("to") { Likeness::Same } else { Likeness::Different }
    }

    fn names_are_unique(&self) -> bool {
        false
    }

    fn defaults(&self) -> &'static [DefaultRecord] {
        &[DefaultRecord::MoneyOutClearing, DefaultRecord::MoneyInClearing]
    }

    /// The accounts, from the bank account it went through and the clearing accounts of the settings.
    fn prepare(&self, sighting: &mut Sighting, context: &Context) {
        if sighting.key.side != Side::BillCom {
            return;
        }
        let bank = bank_of(&sighting.fields).and_then(|id| context.bank_accounts.get(&id)).cloned();
        let clearing = clearing_of(&sighting.fields).and_then(|wanted| context.defaults.get(&wanted)).cloned();
        let (from, to) = if inward(&sighting.fields) { (clearing, bank) } else { (bank, clearing) };
        sighting.fields.set("from", from.map(Value::Ref));
        sighting.fields.set("to", to.map(Value::Ref));
    }

    fn complete(&self, source: &Sighting, _context: &Context) -> Result<Fields, Box<Trouble>> {
        let title = format!("Funds transfer {}", self.title(&source.fields));
        let fields = &source.fields;
        let Some(wanted) = clearing_of(fields) else {
            let happened = "It moves money of the balance that Bill.com keeps, which has no account here.".to_owned();
            let steps = &["Enter it in QuickBooks by hand, then leave it as it is here."];
            return Err(troubles::incomplete(format!("{title}: it is no payment"), happened, steps).into());
        };
        if fields.has("from") && fields.has("to") {
            return Ok(fields.clone());
        }
        let happened =
            "Which accounts it goes between is not known: Bill.com's bank account is tied to no account of the \
                        chart, or no clearing account is known yet."
                .to_owned();
        let set = format!("Or set {} for the company.", wanted.setting());
        let steps = &["Choose the account of the bank account in Bill.com.", set.as_str()];
        Err(troubles::incomplete(format!("{title}: an account is missing"), happened, steps).into())
    }

    fn holds_back(&self, source: &Sighting, context: &Context) -> Option<HoldBack> {
        if source.fields.date("date").is_some_and(|date| date < context.settings.start_date) {
            return Some(HoldBack::Never);
        }
        if let Some(original) = source.fields.reference("reverses")
            && context.partners.of(Side::BillCom, original).is_none()
        {
            return Some(HoldBack::Until("what it takes back is not in QuickBooks".to_owned()));
        }
        let sent = source.fields.text("status") == Some(code::SENT);
        sent.then(|| HoldBack::Until("waits until the bank has confirmed it".to_owned()))
    }

    /// No money has moved before the bank has confirmed it, nor for one that was voided before, nor for what takes that one back.
    fn standing(&self, sighting: &Sighting, context: &Context) -> Standing {
        let original = sighting.fields.reference("reverses");
        let of_nothing = original.is_some_and(|original| context.partners.of(Side::BillCom, original).is_none());
        if sighting.hold.is_some() || of_nothing {
            return Standing::Out;
        }
        match document::standing(sighting) {
            Standing::Booked if sighting.fields.text("status") == Some(code::SENT) => Standing::Announced,
            other => other,
        }
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::nested("MoneyMovement")] }
    }

    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        let (fields, voided) = read_movement(raw)?;
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::FundsTransfer, raw.id()?),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: Life::Alive,
            merged_into: None,
            // One that was booked stays, and is taken back by another; one that was not never is.
            hold: voided.then(|| "it was voided in Bill.com".to_owned()),
            mark: None,
            line_ids: Vec::new(),
        })
    }

    /// A voided movement is followed by the transfer that takes it back.
    fn followers(&self, raw: &Raw, settings: &Settings) -> Result<Vec<Sighting>, RawError> {
        let original = self.read_billcom(raw, settings)?;
        if original.hold.is_none() {
            return Ok(Vec::new());
        }
        let Ok(id) = NativeId::new(format!("{}{REVERSAL}", original.key.id)) else { return Ok(Vec::new()) };
        let mut fields = original.fields.clone();
        let memo = fields.text("memo").unwrap_or_default();
        let memo = format!("Taken back: {memo}");
        fields.set_text("memo", Some(memo));
        let inward = inward(&fields);
        fields.set("inward", Some(Value::Flag(!inward)));
        let reverses = Reference { kind: Kind::FundsTransfer, id: original.key.id.clone() };
        fields.set("reverses", Some(Value::Ref(reverses)));
        let key = RecordKey::new(Side::BillCom, Kind::FundsTransfer, id);
        Ok(vec![Sighting { key, fields, hold: None, ..original }])
    }

    /// Movements are never written to Bill.com.
    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        super::billcom::begin("MoneyMovement", write)
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => {
                TxnIdSelection::Where(TransferWhere { max_returned: reading.max_returned, dates: reading.modified() })
            }
            Ask::ById(id) => TxnIdSelection::TxnIds(vec![quickbooks::txn_id(id)?]),
            Ask::Like(fields) => {
                let day = fields.date("date").ok_or(NotExpressible::Reason("It has no date to be looked for by."))?;
                TxnIdSelection::Where(TransferWhere { dates: Some(quickbooks::day(day)?), ..TransferWhere::default() })
            }
            Ask::Named(_) => return Err(NotExpressible::Reason("transfers have no names")),
        };
        Ok(Box::new(TransferQuery { paging: reading.paging, selection, ..TransferQuery::default() }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::Transfer(ret) = record else { return None };
        Some((seen_in_quickbooks(ret)?, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        if write.current.is_some() {
            return Err(NotExpressible::Reason("A transfer is never changed once it is booked."));
        }
        let fields = write.fields;
        let from = quickbooks::required(fields, "from", "The transfer names no account it comes from.")?;
        let to = quickbooks::required(fields, "to", "The transfer names no account it goes to.")?;
        let date = fields.date("date").ok_or(NotExpressible::Reason("The transfer has no date."))?;
        let amount = fields.money("amount").ok_or(NotExpressible::Reason("The transfer has no amount."))?;
        let mut add = TransferAdd::new(quickbooks::date(date)?, from, to, quickbooks::amount(amount)?);
        let memo = document::marked(fields.text("memo").unwrap_or_default(), write.mark);
        add.memo = Some(QbText::clean(&memo).0);
        Ok(Box::new(add))
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::Unlisted(&["Transfer"])
    }
}

fn read_movement(raw: &Raw) -> Result<(Fields, bool), RawError> {
    let amount = raw.money("amount")?.unwrap_or(Money::ZERO);
    let kind = raw.text("type");
    let state = raw.text("status");
    let mut fields = Fields::new();
    fields.set("date", raw.date("processDate")?.map(Value::Date));
    fields.set("amount", Some(Value::Money(amount.abs())));
    let parts = [raw.text("name"), raw.text("description")];
    fields.set_text("memo", Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")));
    fields.set_text("type", kind);
    fields.set_text("bank", raw.reference("bankAccountId")?.map(|id| id.to_string()));
    // Negative when money leaves the bank.
    fields.set("inward", Some(Value::Flag(!amount.is_negative())));
    fields.set_text("status", state.as_deref().filter(|state| *state == code::SENT));
    Ok((fields, state.as_deref() == Some(code::VOIDED)))
}

/// Whether the money goes to the bank.
fn inward(fields: &Fields) -> bool {
    fields.flag("inward") == Some(true)
}

fn bank_of(fields: &Fields) -> Option<NativeId> {
    NativeId::new(fields.text("bank")?).ok()
}

/// The clearing account on the other side of the bank; none for moves of the balance that Bill.com keeps.
fn clearing_of(fields: &Fields) -> Option<DefaultRecord> {
    match fields.text("type")? {
        code::PAYABLE => Some(DefaultRecord::MoneyOutClearing),
        code::RECEIVABLE => Some(DefaultRecord::MoneyInClearing),
        _ => None,
    }
}

fn seen_in_quickbooks(ret: &TransferRet) -> Option<Sighting> {
    let id = quickbooks::native(ret.txn_id.as_ref()?.as_str())?;
    let (memo, mark) = document::unmarked(ret.memo.as_deref().unwrap_or_default());
    let mut fields = Fields::new();
    fields.set("from", quickbooks::reference(Kind::Account, ret.transfer_from_account_ref.as_ref()));
    fields.set("to", quickbooks::reference(Kind::Account, ret.transfer_to_account_ref.as_ref()));
    fields.set("date", ret.txn_date.as_ref().map(|date| Value::Date(date.day())));
    fields.set("amount", ret.amount.as_ref().map(|amount| Value::Money(quickbooks::money(amount))));
    fields.set_text("memo", Some(memo));
    Some(Sighting {
        key: RecordKey::new(Side::QuickBooks, Kind::FundsTransfer, id),
        version: quickbooks::version(ret.edit_sequence.as_ref()),
        fields,
        life: Life::Alive,
        merged_into: None,
        hold: None,
        mark,
        line_ids: Vec::new(),
    })
}
