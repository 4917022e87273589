//! Item: all twelve item types of QuickBooks, one `Item` entity in Bill.com (`billcom.md` 2.10). Travels from QuickBooks to
//! Bill.com; one made in Bill.com is offered to a person, who can have it created in QuickBooks with one click.
//!
//! Identity: the name below the same parent, which each side keeps as it spells it.
//!
//! Bill.com's type codes 0 and 1 are "service" and "unknown" in the vendor's document and the reverse in an older client.
//! Nothing is decided by them: both are read as a service, and a service is written as 0, as the vendor's document says.
//!
//! Not carried: stock, units of measure, preferred vendors, the parts of groups and assemblies.

use super::{
    AnyRequest, Ask, BillComHome, Context, DeletedTypes, Entity, FieldSpec, Likeness, NotExpressible, OnEdit, OnGone,
    OnNew, Partners, Reading, Rules, SideRules, Write, adapt_name, item_read, quickbooks, tree, troubles,
};
use crate::limits::LIST_PAGE_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Raw, RawError, RecordKey, Settings, Side, Sighting, Trouble, Value,
};
use qbxml::entity::{
    ItemNonInventoryAdd, ItemOtherChargeAdd, ItemPrice, ItemQuery, ItemServiceAdd, SalesOrPurchase, SalesSide,
};
use qbxml::query::{ListSelection, ListWhere};
use qbxml::types::ActiveStatus;
use qbxml::{Price, QbText, Record};
use rust_decimal::Decimal;

/// See the module.
#[derive(Debug)]
pub(super) struct Item;

const NAME_MAX: usize = 31;

static FIELDS: &[FieldSpec] = &[
    FieldSpec::name(NAME_MAX),
    FieldSpec::value("parent", "Parent").identity(),
    FieldSpec::text("type", "Type", 0),
    FieldSpec::text("description", "Description", 4095),
    FieldSpec::value("price", "Price"),
    FieldSpec::value("percent", "Percentage"),
    FieldSpec::value("account", "Account"),
    FieldSpec::text("purchase_description", "Description on purchases", 4095),
    FieldSpec::value("cost", "Cost"),
    FieldSpec::value("expense_account", "Expense account"),
    FieldSpec::value("active", "Active"),
];

/// The word of a service, which Bill.com's code 1 is read as too.
const SERVICE: &str = "Service";

/// Bill.com's codes, and our words for them (`billcom.md` 2.10).
const TYPES: &[(&str, &str)] = &[
    ("0", SERVICE),
    ("2", "Inventory"),
    ("3", "NonInventory"),
    ("4", "Payment"),
    ("5", "Discount"),
    ("6", "SalesTax"),
    ("7", SUBTOTAL),
    ("8", "OtherCharge"),
    ("9", "InventoryAssembly"),
    ("10", "Group"),
    ("11", "SalesTaxGroup"),
    ("12", "FixedAsset"),
];

/// The word of an item that only adds up the lines above it: a document's lines do not carry it.
pub(super) const SUBTOTAL: &str = "Subtotal";

fn type_from_code(code: &str) -> String {
    if code == "1" {
        return SERVICE.to_owned();
    }
    let known = TYPES.iter().find(|(known, _)| *known == code);
    known.map_or_else(|| format!("code {code}"), |(_, word)| (*word).to_owned())
}

fn code_of_type(word: &str) -> &str {
    TYPES.iter().find(|(_, known)| *known == word).map_or("0", |(code, _)| code)
}

impl Entity for Item {
    fn kind(&self) -> Kind {
        Kind::Item
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        Rules {
            quickbooks: SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Deactivate },
            billcom: SideRules { new: OnNew::Offer, edited: OnEdit::Ignore, gone: OnGone::Ignore },
        }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        fields.text("name").unwrap_or("without a name").to_owned()
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        tree::name_key(fields, NAME_MAX).into_iter().collect()
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        if tree::same_place(quickbooks, billcom, NAME_MAX, partners) { Likeness::Same } else { Likeness::Different }
    }

    fn parent(&self) -> Option<&'static str> {
        Some("parent")
    }

    fn defaults(&self) -> &'static [DefaultRecord] {
        &[DefaultRecord::IncomeAccount]
    }

    /// An item that is made in QuickBooks needs an account.
    fn complete(&self, source: &Sighting, context: &Context) -> Result<Fields, Box<Trouble>> {
        let mut fields = source.fields.clone();
        if source.key.side == Side::QuickBooks || fields.has("account") {
            return Ok(fields);
        }
        let Some(account) = context.defaults.get(&DefaultRecord::IncomeAccount) else {
            let title = self.title(&fields);
            let happened = "QuickBooks books every item on an account, and this one names none.".to_owned();
            let steps = &[
                "Give the item an account in Bill.com.",
                "Or set default_income_account for the company: it is used for every such item.",
            ];
            return Err(troubles::incomplete(format!("Item {title}: it has no account"), happened, steps).into());
        };
        fields.set("account", Some(Value::Ref(account.clone())));
        Ok(fields)
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::flat("Item")] }
    }

    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        let mut fields = Fields::new();
        fields.set_text("name", raw.text("name"));
        fields.set("parent", tree::pointer(Kind::Item, raw.reference("parentItemId")?));
        fields.set_text("type", Some(type_from_code(raw.text("type").as_deref().unwrap_or("1"))));
        fields.set_text("description", raw.text("description"));
        fields.set("price", some_number(raw.number("price")?));
        fields.set("percent", some_number(raw.number("percentage")?));
        fields.set("account", tree::pointer(Kind::Account, raw.reference("chartOfAccountId")?));
        fields.set_text("purchase_description", raw.text("purDescription"));
        fields.set("cost", some_number(raw.number("purCost")?));
        fields.set("expense_account", tree::pointer(Kind::Account, raw.reference("expenseAccount")?));
        fields.set("active", Some(Value::Flag(raw.is_active())));
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::Item, raw.id()?),
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
        let mut raw = super::billcom::begin("Item", write);
        super::billcom::put_text(&mut raw, write, "name", "name");
        super::billcom::put_reference(&mut raw, write, "parent", "parentItemId");
        if let Some(word) = write.fields.text("type") {
            raw.set("type", code_of_type(word));
        }
        super::billcom::put_text(&mut raw, write, "description", "description");
        put_number(&mut raw, write, "price", "price");
        put_number(&mut raw, write, "percent", "percentage");
        super::billcom::put_reference(&mut raw, write, "account", "chartOfAccountId");
        super::billcom::put_text(&mut raw, write, "purchase_description", "purDescription");
        put_number(&mut raw, write, "cost", "purCost");
        super::billcom::put_reference(&mut raw, write, "expense_account", "expenseAccount");
        raw
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let everything = ListWhere { active_status: Some(ActiveStatus::All), ..ListWhere::default() };
        let named = |name: Option<&str>| quickbooks::named(name, NAME_MAX);
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => ListSelection::Where(ListWhere {
                max_returned: reading.max_returned,
                from_modified_date: reading.since,
                ..everything
            }),
            Ask::ById(id) => ListSelection::ListIds(vec![quickbooks::list_id(id)?]),
            Ask::Like(fields) => ListSelection::Where(ListWhere { name: named(fields.text("name")), ..everything }),
            Ask::Named(name) => ListSelection::Where(ListWhere { name: named(Some(name)), ..everything }),
        };
        Ok(Box::new(ItemQuery { paging: reading.paging, selection, ..ItemQuery::default() }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(LIST_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        item_read::read(record)
    }

    /// Items travel one way; what a person has made here in Bill.com is created, never changed.
    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        if write.current.is_some() {
            return Err(NotExpressible::Reason("Items are changed in QuickBooks only."));
        }
        let fields = write.fields;
        let name = QbText::clean(&adapt_name(fields.text("name").unwrap_or_default(), NAME_MAX)).0;
        let price = fields.number("price").map(|price| Price::new(price.round_dp(Price::PLACES_MAX))).transpose()?;
        let sides = SalesSide::One(SalesOrPurchase {
            desc: quickbooks::text(fields, "description"),
            price: price.map(ItemPrice::Price),
            account_ref: quickbooks::list_ref(fields.reference("account"))?,
        });
        let parent_ref = quickbooks::list_ref(fields.reference("parent"))?;
        Ok(match fields.text("type") {
            Some(SERVICE) => Box::new(ItemServiceAdd { parent_ref, ..ItemServiceAdd::new(name, sides) }),
            Some("NonInventory") => {
                Box::new(ItemNonInventoryAdd { parent_ref, ..ItemNonInventoryAdd::new(name, sides) })
            }
            Some("OtherCharge") => Box::new(ItemOtherChargeAdd { parent_ref, ..ItemOtherChargeAdd::new(name, sides) }),
            _ => {
                return Err(NotExpressible::Reason(
                    "QuickBooks needs more for an item of this type than Bill.com knows. Make it in QuickBooks under the same name: it is linked by itself.",
                ));
            }
        })
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::List(&[
            "ItemService",
            "ItemNonInventory",
            "ItemOtherCharge",
            "ItemInventory",
            "ItemInventoryAssembly",
            "ItemFixedAsset",
            "ItemSubtotal",
            "ItemDiscount",
            "ItemPayment",
            "ItemSalesTax",
            "ItemSalesTaxGroup",
            "ItemGroup",
        ])
    }
}

/// A number other than zero: an absent price is zero in Bill.com.
fn some_number(number: Option<Decimal>) -> Option<Value> {
    number.filter(|number| !number.is_zero()).map(Value::Number)
}

fn put_number(raw: &mut Raw, write: &Write<'_>, name: &str, field: &str) {
    if write.touches(name) {
        raw.set_number(field, write.fields.number(name).unwrap_or(Decimal::ZERO));
    }
}
