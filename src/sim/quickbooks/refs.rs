//! References: from what a request says to the record that is meant, and back to the name when an answer is written.
//!
//! `ListID` wins over `FullName` if both are given; a full name ignores case; with account numbers on, a full name made of
//! digits is an account number (`qbxml.md` 6). A reference that leads nowhere is 3140 with the vendor's own words for
//! the field; an empty or malformed ID is 3000; class, currency and sales tax references are 3250 while
//! the feature is off. References inside groups (the accounts of an item, the parts of an assembly) follow the same rules.

use super::books::Books;
use super::lists::{ListKind, ListRecord};
use super::status::Status;
use super::{Habits, InactiveReference};
use crate::sim::xml::Element;

/// A reference element, what it may point to, and what QuickBooks calls it in 3140.
struct Field {
    name: &'static str,
    kinds: &'static [ListKind],
    word: &'static str,
}

const FIELDS: &[Field] = &[
    Field { name: "VendorRef", kinds: &[ListKind::Vendor], word: "Vendor" },
    Field { name: "APAccountRef", kinds: &[ListKind::Account], word: "AP Account" },
    Field { name: "AccountRef", kinds: &[ListKind::Account], word: "Account" },
    Field { name: "OverrideItemAccountRef", kinds: &[ListKind::Account], word: "Override Item Account" },
    Field { name: "PrefillAccountRef", kinds: &[ListKind::Account], word: "Prefill Account" },
    Field { name: "TermsRef", kinds: &[ListKind::StandardTerms, ListKind::DateDrivenTerms], word: "Terms" },
    Field { name: "ClassRef", kinds: &[ListKind::Class], word: "Class" },
    Field { name: "CustomerRef", kinds: &[ListKind::Customer, ListKind::Vendor], word: "Customer" },
    Field { name: "ItemRef", kinds: ListKind::ITEMS, word: "Item" },
    Field { name: "ItemGroupRef", kinds: &[ListKind::ItemGroup], word: "Item Group" },
    Field { name: "VendorTypeRef", kinds: &[ListKind::VendorType], word: "Vendor Type" },
    Field { name: "CustomerTypeRef", kinds: &[ListKind::CustomerType], word: "Customer Type" },
    Field { name: "SalesRepRef", kinds: &[ListKind::SalesRep], word: "Sales Rep" },
    Field { name: "CurrencyRef", kinds: &[ListKind::Currency], word: "Currency" },
    Field { name: "BankAccountRef", kinds: &[ListKind::Account], word: "Check Account" },
    Field { name: "PayeeEntityRef", kinds: NAMES, word: "Payee" },
    Field { name: "EntityRef", kinds: NAMES, word: "Entity" },
    Field { name: "ARAccountRef", kinds: &[ListKind::Account], word: "AR Account" },
    Field { name: "CreditCardAccountRef", kinds: &[ListKind::Account], word: "Credit Card Account" },
    Field { name: "TransferFromAccountRef", kinds: &[ListKind::Account], word: "Transfer From Account" },
    Field { name: "TransferToAccountRef", kinds: &[ListKind::Account], word: "Transfer To Account" },
    Field { name: "DiscountAccountRef", kinds: &[ListKind::Account], word: "Discount Account" },
    Field { name: "DiscountClassRef", kinds: &[ListKind::Class], word: "Discount Class" },
    Field { name: "CustomerSalesTaxCodeRef", kinds: &[ListKind::SalesTaxCode], word: "Customer Sales Tax Code" },
    Field { name: "ShipMethodRef", kinds: &[ListKind::ShipMethod], word: "Ship Method" },
    Field { name: "CustomerMsgRef", kinds: &[ListKind::CustomerMsg], word: "Customer Msg" },
    Field { name: "JobTypeRef", kinds: &[ListKind::JobType], word: "Job Type" },
    Field { name: "PreferredPaymentMethodRef", kinds: &[ListKind::PaymentMethod], word: "Payment Method" },
    Field { name: "PaymentMethodRef", kinds: &[ListKind::PaymentMethod], word: "Payment Method" },
    Field { name: "SalesTaxCodeRef", kinds: &[ListKind::SalesTaxCode], word: "Sales Tax Code" },
    Field { name: "ItemSalesTaxRef", kinds: TAXES, word: "Item Sales Tax" },
    Field { name: "TaxVendorRef", kinds: &[ListKind::Vendor], word: "Tax Vendor" },
    Field { name: "PrefVendorRef", kinds: &[ListKind::Vendor], word: "Preferred Vendor" },
    Field { name: "SalesRepEntityRef", kinds: REPRESENTATIVES, word: "Sales Rep Entity" },
    Field { name: "IncomeAccountRef", kinds: &[ListKind::Account], word: "Income Account" },
    Field { name: "ExpenseAccountRef", kinds: &[ListKind::Account], word: "Expense Account" },
    Field { name: "COGSAccountRef", kinds: &[ListKind::Account], word: "COGS Account" },
    Field { name: "AssetAccountRef", kinds: &[ListKind::Account], word: "Asset Account" },
    Field { name: "DepositToAccountRef", kinds: &[ListKind::Account], word: "Deposit To Account" },
    Field { name: "ItemInventoryRef", kinds: PARTS, word: "Item" },
];

/// Whom money may go to or come from.
const NAMES: &[ListKind] = &[ListKind::Vendor, ListKind::Customer, ListKind::Employee, ListKind::OtherName];
/// What may stand where a sales tax is charged.
const TAXES: &[ListKind] = &[ListKind::ItemSalesTax, ListKind::ItemSalesTaxGroup];
/// Who may be a sales representative.
const REPRESENTATIVES: &[ListKind] = &[ListKind::Employee, ListKind::Vendor, ListKind::OtherName];
/// What an assembly may be made of.
const PARTS: &[ListKind] = &[
    ListKind::ItemInventory,
    ListKind::ItemInventoryAssembly,
    ListKind::ItemNonInventory,
    ListKind::ItemService,
    ListKind::ItemOtherCharge,
];

/// The kinds a reference field may point to; empty for an element that is no reference.
pub(crate) fn kinds_of(field: &str) -> &'static [ListKind] {
    FIELDS.iter().find(|known| known.name == field).map_or(&[], |known| known.kinds)
}

/// True if the element has the shape of a reference.
fn is_reference(element: &Element) -> bool {
    element.name.ends_with("Ref") && element.name != "AdditionalContactRef"
}

/// True if a reference is sent empty, which clears the field in a Mod.
pub(crate) fn is_cleared(reference: &Element) -> bool {
    is_reference(reference) && reference.children.iter().all(|child| child.text.is_empty())
}

/// Refuses a reference that is sent empty where there is nothing to clear.
///
/// # Errors
/// 3000, in the words of QuickBooks.
pub(crate) fn refuse_empty(fields: &[Element]) -> Result<(), Status> {
    let says_nothing = |field: &&Element| !field.children.is_empty() && is_cleared(field);
    match fields.iter().find(says_nothing) {
        Some(_) => Err(Status::bad_id("", "list id")),
        None => Ok(()),
    }
}

/// Replaces every reference among the fields of a request by one that holds the `ListID` of the record.
///
/// # Errors
/// 3000, 3140 or 3250 for the first reference that does not lead to a usable record.
pub(crate) fn resolve_all(
    books: &Books,
    habits: &Habits,
    object: &str,
    fields: Vec<Element>,
) -> Result<Vec<Element>, Status> {
    let resolved = fields.into_iter().map(|mut field| {
        if field.name == "ParentRef" || is_cleared(&field) {
            return Ok(field);
        }
        if is_reference(&field) {
            let record = resolve(books, habits, object, &field)?;
            return Ok(to(&field.name, &record.id));
        }
        field.children = resolve_all(books, habits, object, field.children)?;
        Ok(field)
    });
    resolved.collect()
}

/// True if any reference among the fields, inside groups too, leads to the record.
pub(crate) fn lead_to(fields: &[Element], kind: ListKind, id: &str) -> bool {
    fields.iter().any(|field| {
        field.text_of("ListID") == Some(id) && kinds_of(&field.name).contains(&kind)
            || lead_to(&field.children, kind, id)
    })
}

/// Turns every reference among the fields, inside groups too, from one record to another.
pub(crate) fn redirect(fields: &mut [Element], kind: ListKind, from: &str, to: &str) {
    for field in fields {
        if kinds_of(&field.name).contains(&kind) {
            for id in field.children.iter_mut().filter(|child| child.name == "ListID" && child.text == from) {
                to.clone_into(&mut id.text);
            }
        }
        redirect(&mut field.children, kind, from, to);
    }
}

/// True if the preferences have the feature off that a reference belongs to.
fn is_switched_off(books: &Books, field: &str) -> bool {
    let preferences = &books.preferences;
    match field {
        "ClassRef" | "DiscountClassRef" => !preferences.class_tracking,
        "CurrencyRef" => !preferences.multicurrency,
        "SalesTaxCodeRef" | "CustomerSalesTaxCodeRef" | "ItemSalesTaxRef" => !preferences.sales_tax,
        _ => false,
    }
}

/// A reference to a record, as it is stored.
pub(crate) fn to(name: &str, id: &str) -> Element {
    Element::group(name, vec![Element::leaf("ListID", id)])
}

/// Finds the record one reference means.
///
/// # Errors
/// As [`resolve_all`].
pub(crate) fn resolve<'a>(
    books: &'a Books,
    habits: &Habits,
    object: &str,
    reference: &Element,
) -> Result<&'a ListRecord, Status> {
    let known = FIELDS.iter().find(|field| field.name == reference.name);
    let Some(field) = known else {
        return Err(Status::feature_off());
    };
    if is_switched_off(books, field.name) {
        return Err(Status::feature_off());
    }
    let said = said(reference);
    if let Some(id) = reference.text_of("ListID")
        && !has_id_form(id)
    {
        return Err(Status::bad_id(id, "list id"));
    }
    let record =
        look_up(books, field.kinds, reference).ok_or_else(|| Status::bad_reference(field.word, said, object))?;
    if !record.active && habits.inactive_reference == InactiveReference::Refused {
        let reason = "The specified list element is inactive.";
        return Err(Status::bad_reference_because(field.word, said, object, reason));
    }
    Ok(record)
}

/// The record a reference names among some kinds, by ID first.
pub(crate) fn look_up<'a>(books: &'a Books, kinds: &[ListKind], reference: &Element) -> Option<&'a ListRecord> {
    if let Some(id) = reference.text_of("ListID").filter(|id| !id.is_empty()) {
        return kinds.iter().find_map(|kind| books.lists.get(*kind, id));
    }
    let full_name = reference.text_of("FullName")?;
    kinds.iter().find_map(|kind| by_name(books, *kind, full_name))
}

/// The record with that full name or, for accounts with numbers on, with that number.
pub(crate) fn by_name<'a>(books: &'a Books, kind: ListKind, full_name: &str) -> Option<&'a ListRecord> {
    let is_number = !full_name.is_empty() && full_name.bytes().all(|byte| byte.is_ascii_digit());
    if kind == ListKind::Account && books.preferences.account_numbers && is_number {
        let mut accounts = books.lists.of_kind(kind);
        return accounts.find(|account| account.field("AccountNumber") == Some(full_name));
    }
    books.lists.by_full_name(kind, full_name)
}

/// What the request said, for the message.
pub(crate) fn said(reference: &Element) -> &str {
    let id = reference.text_of("ListID").filter(|id| !id.is_empty());
    id.or_else(|| reference.text_of("FullName")).unwrap_or("")
}

/// The error text of 3140 for a field, with a reason of the caller's own.
pub(crate) fn refused(reference: &Element, object: &str, reason: &str) -> Status {
    let word = FIELDS.iter().find(|field| field.name == reference.name).map_or("object", |field| field.word);
    Status::bad_reference_because(word, said(reference), object, reason)
}

/// `20000-933270541` or `8000007E-1197732180`: hex, dash, decimal.
pub(crate) fn has_id_form(id: &str) -> bool {
    id.split_once('-').is_some_and(|(hex, decimal)| {
        !hex.is_empty()
            && !decimal.is_empty()
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
            && decimal.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Writes the full name beside the ID into every reference among the fields.
pub(crate) fn with_names(books: &Books, fields: &[Element]) -> Vec<Element> {
    fields.iter().map(|field| with_name(books, field)).collect()
}

fn with_name(books: &Books, field: &Element) -> Element {
    let mut named = field.clone();
    let Some(id) = field.text_of("ListID").filter(|_| is_reference(field)) else {
        named.children = with_names(books, &field.children);
        return named;
    };
    let record = kinds_of(&field.name).iter().find_map(|kind| books.lists.get(*kind, id));
    if let Some(record) = record {
        named.children.push(Element::leaf("FullName", &books.lists.full_name(record)));
    }
    named
}
