//! Customer and job: QuickBooks `Customer`, where one with a parent is a job; Bill.com `Customer`, where a job is one with
//! `parentCustomerId`, or a `Job` by the setting `jobs` (`billcom.md` 2.2, 2.9). Travels both ways, at any depth.
//!
//! Identity: the name below the same parent. Customers without a parent share one name space with vendors, employees and
//! other names (`qbxml.md` 8): one whose name is taken there gets the suffix of the settings. A job's name is unique below
//! its parent only.
//!
//! A Bill.com `Job` knows no customer. There it carries the full name, `Customer:Job`, and is recognised by it; one that
//! names no customer cannot be made in QuickBooks.
//!
//! Not carried: terms, tax codes, balances, card data, contacts beyond the first, job dates and status.

use super::address::AddressNames;
use super::{
    AnyRequest, Ask, BillComHome, Context, DeletedTypes, Entity, FieldSpec, Likeness, NotExpressible, OnEdit, OnGone,
    OnNew, Partners, Reading, Rules, SideRules, Write, adapt_name, quickbooks, squash, tree, troubles,
};
use crate::limits::LIST_PAGE_MAX;
use crate::model::{Fields, JobShape, Kind, Life, Raw, RawError, RecordKey, Settings, Side, Sighting, Trouble, Value};
use qbxml::entity::{CustomerAdd, CustomerMod, CustomerQuery};
use qbxml::query::{BalanceWhere, ListSelection};
use qbxml::types::ActiveStatus;
use qbxml::{Change, ExternalGuid, QbText, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct Customer;

const NAME_MAX: usize = 41;
const FULL_NAME_MAX: usize = 209;

static FIELDS: &[FieldSpec] = &[
    FieldSpec::name(NAME_MAX),
    FieldSpec::value("parent", "Parent").identity(),
    FieldSpec::text("company_name", "Company", 41),
    FieldSpec::text("first_name", "First name", 25),
    FieldSpec::text("last_name", "Last name", 25),
    FieldSpec::text("bill_1", "Billing address line 1", 41),
    FieldSpec::text("bill_2", "Billing address line 2", 41),
    FieldSpec::text("bill_3", "Billing address line 3", 41),
    FieldSpec::text("bill_4", "Billing address line 4", 41),
    FieldSpec::text("bill_city", "Billing city", 31),
    FieldSpec::text("bill_state", "Billing state", 21),
    FieldSpec::text("bill_postal_code", "Billing postal code", 13),
    FieldSpec::text("bill_country", "Billing country", 31),
    FieldSpec::text("ship_1", "Shipping address line 1", 41),
    FieldSpec::text("ship_2", "Shipping address line 2", 41),
    FieldSpec::text("ship_3", "Shipping address line 3", 41),
    FieldSpec::text("ship_4", "Shipping address line 4", 41),
    FieldSpec::text("ship_city", "Shipping city", 31),
    FieldSpec::text("ship_state", "Shipping state", 21),
    FieldSpec::text("ship_postal_code", "Shipping postal code", 13),
    FieldSpec::text("ship_country", "Shipping country", 31),
    FieldSpec::text("phone", "Phone", 21),
    FieldSpec::text("alt_phone", "Other phone", 21),
    FieldSpec::text("fax", "Fax", 21),
    FieldSpec::text("email", "E-mail", 1023),
    FieldSpec::text("account_number", "Account number", 99),
    FieldSpec::text("notes", "Notes", 4095),
    FieldSpec::value("active", "Active"),
];

/// Our name of a text field, and that of a Bill.com `Customer`.
const BILLCOM: &[(&str, &str)] = &[
    ("name", "name"),
    ("company_name", "companyName"),
    ("first_name", "contactFirstName"),
    ("last_name", "contactLastName"),
    ("bill_1", "billAddress1"),
    ("bill_2", "billAddress2"),
    ("bill_3", "billAddress3"),
    ("bill_4", "billAddress4"),
    ("bill_city", "billAddressCity"),
    ("bill_state", "billAddressState"),
    ("bill_postal_code", "billAddressZip"),
    ("bill_country", "billAddressCountry"),
    ("ship_1", "shipAddress1"),
    ("ship_2", "shipAddress2"),
    ("ship_3", "shipAddress3"),
    ("ship_4", "shipAddress4"),
    ("ship_city", "shipAddressCity"),
    ("ship_state", "shipAddressState"),
    ("ship_postal_code", "shipAddressZip"),
    ("ship_country", "shipAddressCountry"),
    ("phone", "phone"),
    ("alt_phone", "altPhone"),
    ("fax", "fax"),
    ("email", "email"),
    ("account_number", "accNumber"),
    ("notes", "description"),
];

const BILLING: AddressNames = AddressNames([
    "bill_1",
    "bill_2",
    "bill_3",
    "bill_4",
    "bill_5",
    "bill_city",
    "bill_state",
    "bill_postal_code",
    "bill_country",
    "bill_note",
]);

const SHIPPING: AddressNames = AddressNames([
    "ship_1",
    "ship_2",
    "ship_3",
    "ship_4",
    "ship_5",
    "ship_city",
    "ship_state",
    "ship_postal_code",
    "ship_country",
    "ship_note",
]);

const CUSTOMERS: &[BillComHome] = &[BillComHome::flat("Customer")];
const CUSTOMERS_AND_JOBS: &[BillComHome] = &[BillComHome::flat("Customer"), BillComHome::flat("Job")];

/// The prefix of the ids of Bill.com's jobs (`billcom.md` 2).
const JOB_PREFIX: &str = "job";

fn full_name_key(full_name: &str) -> String {
    format!("path:{}", full_name.split(':').map(|part| squash(part, NAME_MAX)).collect::<Vec<_>>().join(":"))
}

impl Entity for Customer {
    fn kind(&self) -> Kind {
        Kind::Customer
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        let both = SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Deactivate };
        Rules { quickbooks: both, billcom: both }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        fields.text("full_name").or(fields.text("name")).unwrap_or("without a name").to_owned()
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        let path = fields.text("full_name").map(full_name_key);
        tree::name_key(fields, NAME_MAX).into_iter().chain(path).collect()
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        if let Some(path) = billcom.text("full_name") {
            let same = quickbooks.text("full_name").map(full_name_key) == Some(full_name_key(path));
            return if same { Likeness::Same } else { Likeness::Different };
        }
        if tree::same_place(quickbooks, billcom, NAME_MAX, partners) { Likeness::Same } else { Likeness::Different }
    }

    fn parent(&self) -> Option<&'static str> {
        Some("parent")
    }

    fn name_suffix<'a>(&self, settings: &'a Settings) -> Option<&'a str> {
        Some(&settings.name_suffix_customer)
    }

    fn complete(&self, source: &Sighting, _context: &Context) -> Result<Fields, Box<Trouble>> {
        let homeless =
            source.key.side == Side::BillCom && source.fields.has("full_name") && !source.fields.has("parent");
        if homeless {
            let title = self.title(&source.fields);
            let happened = "A job of Bill.com names no customer, and QuickBooks has no job without one.".to_owned();
            let steps = &[
                "Make the job below its customer in QuickBooks: it is linked by its full name, Customer:Job.",
                "Or leave it as it is.",
            ];
            return Err(troubles::incomplete(format!("Job {title}: whose is it?"), happened, steps).into());
        }
        Ok(source.fields.clone())
    }

    fn homes(&self, settings: &Settings) -> &'static [BillComHome] {
        match settings.jobs {
            JobShape::SubCustomers => CUSTOMERS,
            JobShape::Jobs => CUSTOMERS_AND_JOBS,
        }
    }

    fn home(&self, fields: &Fields, settings: &Settings) -> BillComHome {
        let is_job = settings.jobs == JobShape::Jobs && (fields.has("parent") || fields.has("full_name"));
        BillComHome::flat(if is_job { "Job" } else { "Customer" })
    }

    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        let id = raw.id()?;
        let mut fields = Fields::new();
        if id.as_str().starts_with(JOB_PREFIX) {
            let full_name = raw.text("name").unwrap_or_default();
            fields.set_text("name", full_name.rsplit(':').next().map(str::trim));
            fields.set_text("full_name", Some(full_name.as_str()));
            fields.set_text("notes", raw.text("description"));
        } else {
            for (name, field) in BILLCOM {
                fields.set_text(*name, raw.text(field));
            }
            fields.set("parent", tree::pointer(Kind::Customer, raw.reference("parentCustomerId")?));
        }
        fields.set("active", Some(Value::Flag(raw.is_active())));
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::Customer, id),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: Life::Alive,
            merged_into: raw.reference("mergedIntoId")?,
            hold: None,
            mark: None,
            line_ids: Vec::new(),
        })
    }

    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        let standing = write.current.map_or(write.fields, |current| &current.fields);
        let home = self.home(standing, write.settings);
        let mut raw = super::billcom::begin(home.entity, write);
        if home.entity == "Job" {
            if write.touches("name") || write.current.is_none() {
                raw.set("name", job_name(write));
            }
            super::billcom::put_text(&mut raw, write, "notes", "description");
            return raw;
        }
        for (name, field) in BILLCOM {
            super::billcom::put_text(&mut raw, write, name, field);
        }
        super::billcom::put_reference(&mut raw, write, "parent", "parentCustomerId");
        // Update wants the name along (`billcom.md` 2.9).
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
        Ok(Box::new(CustomerQuery { paging: reading.paging, selection, ..CustomerQuery::default() }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(LIST_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::Customer(ret) = record else { return None };
        let id = quickbooks::native(ret.list_id.as_ref()?.as_str())?;
        let mut fields = Fields::new();
        fields.set_text("name", ret.name.as_deref());
        fields.set("parent", quickbooks::reference(Kind::Customer, ret.parent_ref.as_ref()));
        if ret.parent_ref.is_some() {
            fields.set_text("full_name", ret.full_name.as_deref());
        }
        fields.set_text("company_name", ret.company_name.as_deref());
        fields.set_text("first_name", ret.first_name.as_deref());
        fields.set_text("last_name", ret.last_name.as_deref());
        BILLING.read(&mut fields, ret.bill_address.as_ref());
        SHIPPING.read(&mut fields, ret.ship_address.as_ref());
        fields.set_text("phone", ret.phone.as_deref());
        fields.set_text("alt_phone", ret.alt_phone.as_deref());
        fields.set_text("fax", ret.fax.as_deref());
        fields.set_text("email", ret.email.as_deref());
        fields.set_text("account_number", ret.account_number.as_deref());
        fields.set_text("notes", ret.notes.as_deref());
        fields.set("active", Some(Value::Flag(ret.is_active.unwrap_or(true))));
        let sighting = Sighting {
            key: RecordKey::new(Side::QuickBooks, Kind::Customer, id),
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
            return Ok(Box::new(new_customer(write, name)?));
        };
        let mut change = CustomerMod::new(quickbooks::list_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
        if write.touches("name") {
            change.name = Change::Set(name);
        }
        if let Some(active) = write.fields.flag("active") {
            change.is_active = Change::Set(active);
        }
        if write.touches("parent") {
            change.parent_ref = Change::to(quickbooks::list_ref(write.fields.reference("parent"))?);
        }
        change.company_name = quickbooks::change(write, "company_name");
        change.first_name = quickbooks::change(write, "first_name");
        change.last_name = quickbooks::change(write, "last_name");
        change.bill_address = BILLING.change(write);
        change.ship_address = SHIPPING.change(write);
        change.phone = quickbooks::change(write, "phone");
        change.alt_phone = quickbooks::change(write, "alt_phone");
        change.fax = quickbooks::change(write, "fax");
        change.email = quickbooks::change(write, "email");
        change.account_number = quickbooks::change(write, "account_number");
        change.notes = quickbooks::change(write, "notes");
        Ok(Box::new(change))
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::List(&["Customer"])
    }
}

fn new_customer(write: &Write<'_>, name: QbText<41>) -> Result<CustomerAdd, NotExpressible> {
    let fields = write.fields;
    let mut add = CustomerAdd::new(name);
    add.parent_ref = quickbooks::list_ref(fields.reference("parent"))?;
    add.company_name = quickbooks::text(fields, "company_name");
    add.first_name = quickbooks::text(fields, "first_name");
    add.last_name = quickbooks::text(fields, "last_name");
    add.bill_address = BILLING.add(fields);
    add.ship_address = SHIPPING.add(fields);
    add.phone = quickbooks::text(fields, "phone");
    add.alt_phone = quickbooks::text(fields, "alt_phone");
    add.fax = quickbooks::text(fields, "fax");
    add.email = quickbooks::text(fields, "email");
    add.account_number = quickbooks::text(fields, "account_number");
    add.notes = quickbooks::text(fields, "notes");
    add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
    Ok(add)
}

/// The name of a Bill.com job: the full name, with the last part renamed where that is what changed.
fn job_name(write: &Write<'_>) -> String {
    let full_name = write.fields.text("full_name").or_else(|| write.current?.fields.text("full_name"));
    let name = write.fields.text("name").unwrap_or_default();
    let path = match full_name.and_then(|full| full.rsplit_once(':')) {
        Some((above, _)) => format!("{above}:{name}"),
        None => name.to_owned(),
    };
    path.chars().take(FULL_NAME_MAX).collect()
}
