//! Vendors: query with iterator, add, change.
//!
//! The name is shared with customers, employees and other names. `Balance` is what the company owes the vendor and is
//! computed from the ledger. Contacts and further notes get IDs of their own when they are stored.

use super::{Attributes, ListObject, RequestType, address_block, contacts};
use crate::sim::quickbooks::books::Books;
use crate::sim::quickbooks::ledger::{PRIOR, Posting};
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::schema::{
    Node, address, address_block as block, amount, date, date_time, flag, group, guid, id, integer, reference, text,
    word,
};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::{
    CONTACT_VALUE, DATA_EXT_RET, INCLUDE, OWNER, PARTY_FILTERS, REPORTING_PERIOD, TAX_COUNTRY,
};
use crate::sim::quickbooks::time::Now;
use crate::sim::quickbooks::{CompanyFile, list_ops, money, query};
use crate::sim::xml::Element;

const QUERY: &[Node] = &[PARTY_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "VendorAdd",
        &[
            text("Name", 41).required(),
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            text("CompanyName", 41),
            text("Salutation", 15),
            text("FirstName", 25),
            text("MiddleName", 5),
            text("LastName", 25),
            text("Suffix", 0).foreign(),
            text("JobTitle", 41).since(12, 0),
            address("VendorAddress"),
            address("ShipAddress").since(11, 0),
            text("Phone", 21),
            text("Mobile", 21).foreign(),
            text("Pager", 21).foreign(),
            text("AltPhone", 21),
            text("Fax", 21),
            text("Email", 1023),
            text("Cc", 1023).since(12, 0),
            text("Contact", 41),
            text("AltContact", 41),
            group("AdditionalContactRef", CONTACT_VALUE).up_to(8).since(12, 0),
            group(
                "Contacts",
                &[
                    text("Salutation", 15),
                    text("FirstName", 25).required(),
                    text("MiddleName", 5),
                    text("LastName", 25),
                    text("JobTitle", 41),
                    group("AdditionalContactRef", CONTACT_VALUE).up_to(5),
                ],
            )
            .many()
            .since(12, 0),
            text("NameOnCheck", 41),
            text("AccountNumber", 99),
            text("Notes", 4095).since(3, 0),
            group("AdditionalNotes", &[text("Note", 4095).required()]).many().since(12, 0),
            reference("VendorTypeRef", 159),
            reference("TermsRef", 31),
            amount("CreditLimit"),
            text("VendorTaxIdent", 15),
            flag("IsVendorEligibleFor1099"),
            amount("OpenBalance"),
            date("OpenBalanceDate"),
            reference("BillingRateRef", 31).since(6, 0),
            guid("ExternalGUID").since(8, 0),
            reference("SalesTaxCodeRef", 3).since(8, 0).foreign(),
            word("SalesTaxCountry", TAX_COUNTRY).since(8, 0).foreign(),
            flag("IsSalesTaxAgency").since(8, 0).foreign(),
            reference("SalesTaxReturnRef", 0).since(8, 0).foreign(),
            text("TaxRegistrationNumber", 30).since(8, 0).foreign(),
            word("ReportingPeriod", REPORTING_PERIOD).since(8, 0).foreign(),
            flag("IsTaxTrackedOnPurchases").since(8, 0).foreign(),
            reference("TaxOnPurchasesAccountRef", 159).since(8, 0).foreign(),
            flag("IsTaxTrackedOnSales").since(8, 0).foreign(),
            reference("TaxOnSalesAccountRef", 159).since(8, 0).foreign(),
            flag("IsTaxOnTax").since(8, 0).foreign(),
            reference("PrefillAccountRef", 159).up_to(3).since(8, 0),
            reference("CurrencyRef", 64).since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const MOD: &[Node] = &[
    group(
        "VendorMod",
        &[
            id("ListID").required(),
            text("EditSequence", 16).required(),
            text("Name", 41),
            flag("IsActive").since(3, 0),
            reference("ClassRef", 159).since(12, 0),
            text("CompanyName", 41),
            text("Salutation", 15),
            text("FirstName", 25),
            text("MiddleName", 5),
            text("LastName", 25),
            text("Suffix", 0).foreign(),
            text("JobTitle", 41).since(12, 0),
            address("VendorAddress"),
            address("ShipAddress").since(11, 0),
            text("Phone", 21),
            text("Mobile", 21).foreign(),
            text("Pager", 21).foreign(),
            text("AltPhone", 21),
            text("Fax", 21),
            text("Email", 1023),
            text("Cc", 1023).since(12, 0),
            text("Contact", 41),
            text("AltContact", 41),
            group("AdditionalContactRef", CONTACT_VALUE).up_to(8).since(12, 0),
            group(
                "ContactsMod",
                &[
                    id("ListID"),
                    text("EditSequence", 16),
                    text("Salutation", 15),
                    text("FirstName", 25).required(),
                    text("MiddleName", 5),
                    text("LastName", 25),
                    text("JobTitle", 41),
                    group("AdditionalContactRef", CONTACT_VALUE).up_to(5),
                ],
            )
            .many()
            .since(12, 0),
            text("NameOnCheck", 41),
            text("AccountNumber", 99),
            text("Notes", 4095).since(3, 0),
            group("AdditionalNotesMod", &[integer("NoteID").required(), text("Note", 4095).required()])
                .many()
                .since(12, 0),
            reference("VendorTypeRef", 159).since(3, 0),
            reference("TermsRef", 31).since(3, 0),
            amount("CreditLimit").since(3, 0),
            text("VendorTaxIdent", 15).since(3, 0),
            flag("IsVendorEligibleFor1099").since(3, 0),
            reference("BillingRateRef", 31).since(6, 0),
            reference("SalesTaxCodeRef", 3).since(8, 0).foreign(),
            word("SalesTaxCountry", TAX_COUNTRY).since(8, 0).foreign(),
            flag("IsSalesTaxAgency").since(8, 0).foreign(),
            reference("SalesTaxReturnRef", 0).since(8, 0).foreign(),
            text("TaxRegistrationNumber", 30).since(8, 0).foreign(),
            word("ReportingPeriod", REPORTING_PERIOD).since(8, 0).foreign(),
            flag("IsTaxTrackedOnPurchases").since(8, 0).foreign(),
            reference("TaxOnPurchasesAccountRef", 159).since(8, 0).foreign(),
            flag("IsTaxTrackedOnSales").since(8, 0).foreign(),
            reference("TaxOnSalesAccountRef", 159).since(8, 0).foreign(),
            flag("IsTaxOnTax").since(8, 0).foreign(),
            reference("PrefillAccountRef", 159).up_to(3).since(8, 0),
            reference("CurrencyRef", 64).since(8, 0),
        ],
    )
    .required(),
    INCLUDE,
];

const RET: &[Node] = &[
    id("ListID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    text("Name", 41),
    flag("IsActive"),
    reference("ClassRef", 159).since(12, 0),
    flag("IsTaxAgency").since(6, 0).foreign(),
    text("CompanyName", 41),
    text("Salutation", 15),
    text("FirstName", 25),
    text("MiddleName", 5),
    text("LastName", 25),
    text("Suffix", 0).foreign(),
    text("JobTitle", 41).since(12, 0),
    address("VendorAddress"),
    block("VendorAddressBlock").since(6, 0),
    address("ShipAddress").since(11, 0),
    text("Phone", 21),
    text("Mobile", 21).foreign(),
    text("Pager", 21).foreign(),
    text("AltPhone", 21),
    text("Fax", 21),
    text("Email", 1023),
    text("Cc", 1023).since(12, 0),
    text("Contact", 41),
    text("AltContact", 41),
    group("AdditionalContactRef", CONTACT_VALUE).up_to(8).since(12, 0),
    group(
        "ContactsRet",
        &[
            id("ListID"),
            date_time("TimeCreated").required(),
            date_time("TimeModified").required(),
            text("EditSequence", 16),
            text("Contact", 41),
            text("Salutation", 15),
            text("FirstName", 25).required(),
            text("MiddleName", 5),
            text("LastName", 25),
            text("JobTitle", 41),
            group("AdditionalContactRef", CONTACT_VALUE).up_to(5),
        ],
    )
    .many()
    .since(12, 0),
    text("NameOnCheck", 41),
    text("AccountNumber", 99),
    text("Notes", 4095),
    group(
        "AdditionalNotesRet",
        &[integer("NoteID").required(), date("Date").required(), text("Note", 4095).required()],
    )
    .many()
    .since(12, 0),
    reference("VendorTypeRef", 159),
    reference("TermsRef", 31),
    amount("CreditLimit"),
    text("VendorTaxIdent", 15),
    flag("IsVendorEligibleFor1099"),
    amount("Balance"),
    reference("BillingRateRef", 31).since(6, 0),
    guid("ExternalGUID").since(8, 0),
    reference("SalesTaxCodeRef", 3).since(8, 0).foreign(),
    word("SalesTaxCountry", TAX_COUNTRY).since(8, 0).foreign(),
    flag("IsSalesTaxAgency").since(8, 0).foreign(),
    reference("SalesTaxReturnRef", 0).since(8, 0).foreign(),
    text("TaxRegistrationNumber", 30).since(8, 0).foreign(),
    word("ReportingPeriod", REPORTING_PERIOD).since(8, 0).foreign(),
    flag("IsTaxTrackedOnPurchases").since(8, 0).foreign(),
    reference("TaxOnPurchasesAccountRef", 159).since(8, 0).foreign(),
    flag("IsTaxTrackedOnSales").since(8, 0).foreign(),
    reference("TaxOnSalesAccountRef", 159).since(8, 0).foreign(),
    flag("IsTaxOnTax").since(8, 0).foreign(),
    reference("PrefillAccountRef", 159).up_to(3).since(8, 0),
    reference("CurrencyRef", 64).since(8, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];

pub(crate) static OBJECT: ListObject = ListObject { computed, check, settle, ..ListObject::plain("VendorRet", RET) };

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("VendorQuery", QUERY, |call| query::lists(call, &[ListKind::Vendor])).with(Attributes::Iterated),
    RequestType::new("VendorAdd", ADD, |call| list_ops::add(call, ListKind::Vendor, ADD)),
    RequestType::new("VendorMod", MOD, |call| list_ops::modify(call, ListKind::Vendor, MOD)),
];

/// What the company owes the vendor, in cents.
pub(crate) fn balance(books: &Books, record: &ListRecord) -> i64 {
    i64::try_from(-books.ledger.party(&record.id)).expect("invariant: balances of a simulated company fit an i64")
}

fn computed(books: &Books, record: &ListRecord) -> Vec<Element> {
    let mut fields = vec![Element::leaf("Balance", &money::format(balance(books, record)))];
    let field = |name: &str| record.fields.iter().find(|field| field.name == name);
    if let Some(address) = field("VendorAddress").filter(|_| field("VendorAddressBlock").is_none()) {
        fields.push(address_block("VendorAddressBlock", address));
    }
    if record.field("IsVendorEligibleFor1099").is_none() {
        fields.push(Element::leaf("IsVendorEligibleFor1099", "false"));
    }
    fields
}

fn check(file: &CompanyFile, record: &ListRecord, before: Option<&ListRecord>) -> Result<(), Status> {
    let eligible = record.field("IsVendorEligibleFor1099") == Some("true");
    let was_eligible = before.is_some_and(|before| before.field("IsVendorEligibleFor1099") == Some("true"));
    if eligible && !was_eligible && file.setup.habits.complete_1099 {
        for needed in ["VendorTaxIdent", "VendorAddress"] {
            if !record.fields.iter().any(|field| field.name == needed) {
                return Err(Status::missing(needed));
            }
        }
    }
    Ok(())
}

/// Posts an opening balance, and gives contacts and notes their IDs.
fn settle(file: &mut CompanyFile, record: &mut ListRecord, now: Now) {
    post_opening_balance(file, record);
    record.fields.retain(|field| !matches!(field.name.as_str(), "OpenBalance" | "OpenBalanceDate"));
    contacts::settle(file, record, now);
}

fn post_opening_balance(file: &mut CompanyFile, record: &ListRecord) {
    let cents = record.field("OpenBalance").and_then(money::parse).unwrap_or(0);
    let payable = file.books.default_payable_account().map(|account| account.id.clone());
    if let Some(payable) = payable.filter(|_| cents != 0) {
        file.books.ledger.post(&[
            Posting { account: payable, party: Some(record.id.clone()), cents: -cents },
            Posting { account: PRIOR.to_owned(), party: None, cents },
        ]);
    }
}
