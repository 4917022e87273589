//! The objects of a company file, one file each, and the registry of requests.
//!
//! A file of an object holds its tables cut down from the vendor's schema, its rules, and the requests it answers as a
//! `REQUESTS` slice. To add an object: write the file, add its slice to [`REQUESTS`], and, for a list, its
//! [`ListObject`] to [`list_object`], for a transaction its [`TxnObject`] to [`txn_object`].

pub(crate) mod account;
mod across;
mod bill;
mod bill_payment;
mod check;
mod class;
mod company;
mod contacts;
mod credit_memo;
pub(crate) mod customer;
mod customer_tables;
pub(crate) mod data_ext;
mod data_ext_tables;
mod deleted;
pub(crate) mod deposit;
mod employee;
mod entity;
mod host;
mod invoice;
pub(crate) mod item;
mod item_facts;
mod journal_entry;
mod other_name;
mod payment_method;
mod payments;
mod plain;
mod preferences;
mod purchase_lines;
mod purchases;
mod receive_payment;
mod sales;
mod sales_lines;
mod sales_rep;
mod sales_tax_code;
mod terms;
mod transfer;
mod txn;
mod txn_tables;
pub(crate) mod vendor;
mod vendor_credit;

pub(crate) use payments::repost;

use super::answer::Outcome;
use super::books::{Books, Preferences};
use super::lists::{ListKind, ListRecord};
use super::refs;
use super::schema::{Node, Version};
use super::shape::arrange;
use super::status::Status;
use super::time::{Now, Zone};
use super::txn_kind::TxnKind;
use super::txn_ops::TxnObject;
use super::{Call, CompanyFile};
use crate::sim::xml::Element;

/// Which XML attributes a request may carry besides `requestID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attributes {
    None,
    /// `metaData`.
    Query,
    /// `metaData`, `iterator` and `iteratorID`.
    Iterated,
}

/// What runs a request.
pub(crate) type Handler = fn(&mut Call<'_>) -> Result<Outcome, Status>;

/// One request: its name, its schema, and what runs it.
pub(crate) struct RequestType {
    /// Without `Rq`: `VendorAdd`.
    pub(crate) name: &'static str,
    pub(crate) since: Version,
    pub(crate) attributes: Attributes,
    pub(crate) content: &'static [Node],
    pub(crate) run: Handler,
}

impl RequestType {
    pub(crate) const fn new(name: &'static str, content: &'static [Node], run: Handler) -> Self {
        Self { name, since: Version(0, 0), attributes: Attributes::None, content, run }
    }
    pub(crate) const fn since(mut self, major: u16, minor: u16) -> Self {
        self.since = Version(major, minor);
        self
    }
    pub(crate) const fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }
}

/// All requests, by object.
const REQUESTS: &[&[RequestType]] = &[
    host::REQUESTS,
    company::REQUESTS,
    preferences::REQUESTS,
    account::REQUESTS,
    vendor::REQUESTS,
    customer::REQUESTS,
    other_name::REQUESTS,
    entity::REQUESTS,
    class::REQUESTS,
    terms::REQUESTS,
    sales_tax_code::REQUESTS,
    payment_method::REQUESTS,
    sales_rep::REQUESTS,
    plain::REQUESTS,
    data_ext::REQUESTS,
    bill::REQUESTS,
    vendor_credit::REQUESTS,
    bill_payment::REQUESTS,
    check::REQUESTS,
    transfer::REQUESTS,
    deposit::REQUESTS,
    invoice::REQUESTS,
    credit_memo::REQUESTS,
    receive_payment::REQUESTS,
    journal_entry::REQUESTS,
    across::REQUESTS,
    txn::REQUESTS,
    deleted::REQUESTS,
];

/// Finds a request by its name without `Rq`.
pub(crate) fn request_type(name: &str) -> Option<&'static RequestType> {
    REQUESTS.iter().chain(item::REQUESTS).copied().flatten().find(|request| request.name == name)
}

/// What is special to one list.
pub(crate) struct ListObject {
    /// Name of the answer's element: `VendorRet`.
    pub(crate) ret: &'static str,
    /// Content of that element.
    pub(crate) table: &'static [Node],
    /// Element that holds the name: `Name`, or `Initial` of a sales representative.
    pub(crate) name_element: &'static str,
    /// Fields that a Mod may not clear: 3190.
    pub(crate) never_cleared: &'static [&'static str],
    /// Whether the preferences have this list switched on; without it records can be neither added nor changed: 3250.
    pub(crate) needs: fn(&Preferences) -> bool,
    /// Brings elements that exist in requests only into the form in which they are kept, before the rules are checked.
    pub(crate) fold: fn(&mut ListRecord) -> Result<(), Status>,
    /// Fields that are computed when an answer is written.
    pub(crate) computed: fn(&Books, &ListRecord) -> Vec<Element>,
    /// Rules for a new or changed record; the old state is given for a change.
    pub(crate) check: fn(&CompanyFile, &ListRecord, Option<&ListRecord>) -> Result<(), Status>,
    /// Gives fields their final form just before the record is stored; may post an opening balance.
    pub(crate) settle: fn(&mut CompanyFile, &mut ListRecord, Now),
}

/// What is special to a list of that kind.
pub(crate) fn list_object(kind: ListKind) -> &'static ListObject {
    match kind {
        ListKind::Account => &account::OBJECT,
        ListKind::Vendor => &vendor::OBJECT,
        ListKind::Customer => &customer::OBJECT,
        ListKind::Employee => &employee::OBJECT,
        ListKind::OtherName => &other_name::OBJECT,
        ListKind::StandardTerms => &terms::STANDARD,
        ListKind::DateDrivenTerms => &terms::DATE_DRIVEN,
        ListKind::Class => &class::OBJECT,
        ListKind::SalesTaxCode => &sales_tax_code::OBJECT,
        ListKind::PaymentMethod => &payment_method::OBJECT,
        ListKind::SalesRep => &sales_rep::OBJECT,
        ListKind::VendorType => &plain::VENDOR_TYPE,
        ListKind::CustomerType => &plain::CUSTOMER_TYPE,
        ListKind::ShipMethod => &plain::SHIP_METHOD,
        ListKind::CustomerMsg => &plain::CUSTOMER_MSG,
        ListKind::JobType => &plain::JOB_TYPE,
        ListKind::Currency => &plain::CURRENCY,
        ListKind::ItemService => &item::service::OBJECT,
        ListKind::ItemNonInventory => &item::non_inventory::OBJECT,
        ListKind::ItemOtherCharge => &item::other_charge::OBJECT,
        ListKind::ItemInventory => &item::inventory::OBJECT,
        ListKind::ItemInventoryAssembly => &item::assembly::OBJECT,
        ListKind::ItemFixedAsset => &item::fixed_asset::OBJECT,
        ListKind::ItemSubtotal => &item::subtotal::OBJECT,
        ListKind::ItemDiscount => &item::discount::OBJECT,
        ListKind::ItemPayment => &item::payment::OBJECT,
        ListKind::ItemSalesTax => &item::sales_tax::OBJECT,
        ListKind::ItemSalesTaxGroup => &item::sales_tax_group::OBJECT,
        ListKind::ItemGroup => &item::group::OBJECT,
    }
}

/// What is special to a kind of transaction.
pub(crate) fn txn_object(kind: TxnKind) -> &'static TxnObject {
    match kind {
        TxnKind::Bill => &bill::OBJECT,
        TxnKind::VendorCredit => &vendor_credit::OBJECT,
        TxnKind::BillPaymentCheck => &bill_payment::CHECK,
        TxnKind::BillPaymentCreditCard => &bill_payment::CREDIT_CARD,
        TxnKind::Transfer => &transfer::OBJECT,
        TxnKind::Deposit => &deposit::OBJECT,
        TxnKind::Check => &check::OBJECT,
        TxnKind::Invoice => &invoice::OBJECT,
        TxnKind::CreditMemo => &credit_memo::OBJECT,
        TxnKind::ReceivePayment => &receive_payment::OBJECT,
        TxnKind::JournalEntry => &journal_entry::OBJECT,
    }
}

/// A list record as its `…Ret` element, in the order and with the elements of a version.
pub(crate) fn render_list(books: &Books, zone: &Zone, record: &ListRecord, version: Version) -> Element {
    let object = list_object(record.kind);
    let mut fields = vec![
        Element::leaf("ListID", &record.id),
        Element::leaf("TimeCreated", &zone.stamp(record.created)),
        Element::leaf("TimeModified", &zone.stamp(record.modified)),
        Element::leaf("EditSequence", &record.edit_sequence.to_string()),
        Element::leaf(object.name_element, &record.name),
        Element::leaf("FullName", &books.lists.full_name(record)),
        Element::leaf("IsActive", if record.active { "true" } else { "false" }),
        Element::leaf("Sublevel", &books.lists.level(record).to_string()),
    ];
    let parent = record.parent.as_deref().and_then(|id| books.lists.get(record.kind, id));
    if let Some(parent) = parent {
        let mut reference = refs::to("ParentRef", &parent.id);
        reference.children.push(Element::leaf("FullName", &books.lists.full_name(parent)));
        fields.push(reference);
    }
    fields.extend(refs::with_names(books, &record.fields));
    fields.extend((object.computed)(books, record));
    Element::group(object.ret, arrange(object.table, &fields, version))
}

/// An address as it is printed: the lines, then city, state and postal code in one, then the country.
pub(crate) fn address_block(name: &str, address: &Element) -> Element {
    let line = |part: &str| address.text_of(part).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut lines: Vec<String> = ["Addr1", "Addr2", "Addr3", "Addr4", "Addr5"].into_iter().filter_map(line).collect();
    let region: Vec<String> = ["State", "PostalCode"].into_iter().filter_map(line).collect();
    let place: Vec<String> =
        [line("City"), Some(region.join(" ")).filter(|text| !text.is_empty())].into_iter().flatten().collect();
    if !place.is_empty() {
        lines.push(place.join(", "));
    }
    lines.extend(line("Country"));
    let numbered = lines.iter().take(5).enumerate();
    Element::group(name, numbered.map(|(index, text)| Element::leaf(&format!("Addr{}", index + 1), text)).collect())
}
