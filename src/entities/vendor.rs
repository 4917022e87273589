//! Vendor: QuickBooks `Vendor`, Bill.com `Vendor` (`billcom.md` 2.3). Travels both ways, merged field by field.
//!
//! Identity: the name, without case and spaces. QuickBooks shares one name space between vendors, customers, employees
//! and other names (`qbxml.md` 8): a vendor whose name is taken there gets the suffix of the settings.
//!
//! Not carried: tax ids (QuickBooks hides them from applications without the right to personal data), terms, balances.

use super::address::AddressNames;
use super::{
    AnyRequest, Ask, BillComHome, DeletedTypes, Entity, FieldSpec, Likeness, NotExpressible, OnEdit, OnGone, OnNew,
    Partners, Reading, Rules, SideRules, Write, adapt_name, payable, quickbooks, squash,
};
use crate::limits::LIST_PAGE_MAX;
use crate::model::{Fields, Kind, Life, Raw, RawError, RecordKey, Settings, Side, Sighting, Value};
use qbxml::entity::{VendorAdd, VendorMod, VendorQuery};
use qbxml::query::{BalanceWhere, ListSelection};
use qbxml::types::ActiveStatus;
use qbxml::{Change, ExternalGuid, QbText, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct Vendor;

const NAME_MAX: usize = 41;

static FIELDS: &[FieldSpec] = &[
    FieldSpec::name(NAME_MAX),
    FieldSpec::text("company_name", "Company", 41),
    FieldSpec::text("first_name", "First name", 25),
    FieldSpec::text("last_name", "Last name", 25),
    FieldSpec::text("address_1", "Address line 1", 41),
    FieldSpec::text("address_2", "Address line 2", 41),
    FieldSpec::text("address_3", "Address line 3", 41),
    FieldSpec::text("address_4", "Address line 4", 41),
    FieldSpec::text("city", "City", 31),
    FieldSpec::text("state", "State", 21),
    FieldSpec::text("postal_code", "Postal code", 13),
    FieldSpec::text("country", "Country", 31),
    FieldSpec::text("phone", "Phone", 21),
    FieldSpec::text("fax", "Fax", 21),
    FieldSpec::text("email", "E-mail", 1023),
    FieldSpec::text("name_on_check", "Name on check", 41),
    FieldSpec::text("account_number", "Account number", 99),
    FieldSpec::text("notes", "Notes", 4095),
    FieldSpec::value("active", "Active"),
];

/// Our name of a text field, and Bill.com's.
const BILLCOM: &[(&str, &str)] = &[
    ("name", "name"),
    ("company_name", "companyName"),
    ("first_name", "contactFirstName"),
    ("last_name", "contactLastName"),
    ("address_1", "address1"),
    ("address_2", "address2"),
    ("address_3", "address3"),
    ("address_4", "address4"),
    ("city", "addressCity"),
    ("state", "addressState"),
    ("postal_code", "addressZip"),
    ("country", "addressCountry"),
    ("phone", "phone"),
    ("fax", "fax"),
    ("email", "email"),
    ("name_on_check", "nameOnCheck"),
    ("account_number", "accNumber"),
    ("notes", "description"),
];

const ADDRESS: AddressNames = AddressNames([
    "address_1",
    "address_2",
    "address_3",
    "address_4",
    "address_5",
    "city",
    "state",
    "postal_code",
    "country",
    "address_note",
]);

/// The `billSyncPref` of a vendor whose bills are kept out of the ledger (`billcom.md` 2.3).
const BILLS_NOT_SYNCED: &str = "1";

impl Entity for Vendor {
    fn kind(&self) -> Kind {
        Kind::Vendor
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        let both = SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Deactivate };
        Rules { quickbooks: both, billcom: both }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        fields.text("name").unwrap_or("without a name").to_owned()
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        fields.text("name").map(|name| format!("name:{}", squash(name, NAME_MAX))).into_iter().collect()
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, _partners: &Partners) -> Likeness {
        let name = |fields: &Fields| fields.text("name").map(|name| squash(name, NAME_MAX));
        if name(quickbooks).is_none() || name(quickbooks) != name(billcom) {
            return Likeness::Different;
        }
        // A name of which QuickBooks could keep only question marks could be anybody's.
        let marks = |text: &str| text.matches('?').count();
        let lossy = billcom.text("name").is_some_and(|text| marks(&adapt_name(text, NAME_MAX)) > marks(text));
        if lossy { Likeness::Doubtful } else { Likeness::Same }
    }

    fn name_suffix<'a>(&self, settings: &'a Settings) -> Option<&'a str> {
        Some(&settings.name_suffix_vendor)
    }

    fn guarded_fields(&self) -> &'static [&'static str] {
        const {
            &[
                "name_on_check",
                "address_1",
                "address_2",
                "address_3",
                "address_4",
                "city",
                "state",
                "postal_code",
                "country",
                "email",
            ]
        }
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::flat("Vendor")] }
    }

    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        let mut fields = Fields::new();
        for (name, field) in BILLCOM {
            fields.set_text(*name, raw.text(field));
        }
        fields.set("active", Some(Value::Flag(raw.is_active())));
        let not_synced = raw.text("billSyncPref").as_deref() == Some(BILLS_NOT_SYNCED);
        fields.set(payable::NOT_SYNCED, not_synced.then_some(Value::Flag(true)));
        // The vendor's documents say mergeIntoId, a capture says mergedIntoId (`billcom.md` 2.3).
        let merged_into = raw.reference("mergedIntoId")?.or(raw.reference("mergeIntoId")?);
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::Vendor, raw.id()?),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: Life::Alive,
            merged_into,
            hold: None,
            mark: None,
            line_ids: Vec::new(),
        })
    }

    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        let mut raw = super::billcom::begin("Vendor", write);
        for (name, field) in BILLCOM {
            super::billcom::put_text(&mut raw, write, name, field);
        }
        // Update wants the name along (`billcom.md` 2).
        if let (false, Some(current)) = (write.touches("name"), write.current) {
            raw.set("name", current.fields.text("name").unwrap_or_default());
        }
        raw
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let everything = BalanceWhere { active_status: Some(ActiveStatus::All), ..BalanceWhere::default() };
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => ListSelection::Where(BalanceWhere {
                max_returned: reading.max_returned,
                from_modified_date: reading.since,
                ..everything
            }),
            Ask::ById(id) => ListSelection::ListIds(vec![quickbooks::list_id(id)?]),
            Ask::Like(fields) => ListSelection::Where(BalanceWhere {
                name: quickbooks::named(fields.text("name"), NAME_MAX),
                ..everything
            }),
            Ask::Named(name) => return Ok(Box::new(quickbooks::named_anywhere(name, NAME_MAX))),
        };
        Ok(Box::new(VendorQuery { paging: reading.paging, selection, ..VendorQuery::default() }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(LIST_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::Vendor(ret) = record else { return None };
        let id = quickbooks::native(ret.list_id.as_ref()?.as_str())?;
        let mut fields = Fields::new();
        fields.set_text("name", ret.name.as_deref());
        fields.set_text("company_name", ret.company_name.as_deref());
        fields.set_text("first_name", ret.first_name.as_deref());
        fields.set_text("last_name", ret.last_name.as_deref());
        ADDRESS.read(&mut fields, ret.vendor_address.as_ref());
        fields.set_text("phone", ret.phone.as_deref());
        fields.set_text("fax", ret.fax.as_deref());
        fields.set_text("email", ret.email.as_deref());
        fields.set_text("name_on_check", ret.name_on_check.as_deref());
        fields.set_text("account_number", ret.account_number.as_deref());
        fields.set_text("notes", ret.notes.as_deref());
        fields.set("active", Some(Value::Flag(ret.is_active.unwrap_or(true))));
        let sighting = Sighting {
            key: RecordKey::new(Side::QuickBooks, Kind::Vendor, id),
            version: quickbooks::version(ret.edit_sequence.as_ref()),
            fields,
            life: Life::Alive,
            merged_into: None,
            hold: None,
            mark: quickbooks::seen_mark(ret.external_guid.as_ref()),
            line_ids: Vec::new(),
        };
        Some((sighting, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let name = QbText::clean(&adapt_name(write.fields.text("name").unwrap_or_default(), NAME_MAX)).0;
        let Some(current) = write.current else {
            return Ok(Box::new(new_vendor(write.fields, name, write.mark)?));
        };
        let mut change = VendorMod::new(quickbooks::list_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
        if write.touches("name") {
            change.name = Change::Set(name);
        }
        if let Some(active) = write.fields.flag("active") {
            change.is_active = Change::Set(active);
        }
        change.company_name = quickbooks::change(write, "company_name");
        change.first_name = quickbooks::change(write, "first_name");
        change.last_name = quickbooks::change(write, "last_name");
        change.vendor_address = ADDRESS.change(write);
        change.phone = quickbooks::change(write, "phone");
        change.fax = quickbooks::change(write, "fax");
        change.email = quickbooks::change(write, "email");
        change.name_on_check = quickbooks::change(write, "name_on_check");
        change.account_number = quickbooks::change(write, "account_number");
        change.notes = quickbooks::change(write, "notes");
        Ok(Box::new(change))
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::List(&["Vendor"])
    }
}

fn new_vendor(fields: &Fields, name: QbText<41>, mark: uuid::Uuid) -> Result<VendorAdd, NotExpressible> {
    let mut add = VendorAdd::new(name);
    add.company_name = quickbooks::text(fields, "company_name");
    add.first_name = quickbooks::text(fields, "first_name");
    add.last_name = quickbooks::text(fields, "last_name");
    add.vendor_address = ADDRESS.add(fields);
    add.phone = quickbooks::text(fields, "phone");
    add.fax = quickbooks::text(fields, "fax");
    add.email = quickbooks::text(fields, "email");
    add.name_on_check = quickbooks::text(fields, "name_on_check");
    add.account_number = quickbooks::text(fields, "account_number");
    add.notes = quickbooks::text(fields, "notes");
    add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(mark))?);
    Ok(add)
}
