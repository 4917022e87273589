//! Customers and jobs: query with iterator and add. Enough for jobs on bill lines and for clashes of names.

use super::{Attributes, ListObject, RequestType};
use crate::sim::quickbooks::books::Books;
use crate::sim::quickbooks::lists::{ListKind, ListRecord};
use crate::sim::quickbooks::schema::{
    Node, address, address_block, amount, count, date, date_time, flag, group, guid, id, integer, reference, text, word,
};
use crate::sim::quickbooks::tables::{
    CONTACT_VALUE, DATA_EXT_RET, DELIVERY, INCLUDE, JOB_STATUS, OWNER, PARTY_FILTERS, PREFERRED_DELIVERY, TAX_COUNTRY,
};
use crate::sim::quickbooks::{list_ops, money, query};
use crate::sim::xml::Element;

const QUERY: &[Node] = &[PARTY_FILTERS, INCLUDE, OWNER];

const ADD: &[Node] = &[
    group(
        "CustomerAdd",
        &[
            text("Name", 41).required(),
            flag("IsActive"),
            reference("ClassRef", 159).since(12, 0),
            reference("ParentRef", 0),
            text("CompanyName", 41),
            text("Salutation", 15),
            text("FirstName", 25),
            text("MiddleName", 5),
            text("LastName", 25),
            text("Suffix", 0).foreign(),
            text("JobTitle", 41).since(12, 0),
            address("BillAddress"),
            address("ShipAddress"),
            group(
                "ShipToAddress",
                &[
                    text("Name", 41).required(),
                    text("Addr1", 41),
                    text("Addr2", 41),
                    text("Addr3", 41),
                    text("Addr4", 41),
                    text("Addr5", 41),
                    text("City", 31),
                    text("State", 21),
                    text("PostalCode", 13),
                    text("Country", 31),
                    text("Note", 41),
                    flag("DefaultShipTo"),
                ],
            )
            .up_to(50)
            .since(12, 0),
            text("PrintAs", 41).foreign(),
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
            reference("CustomerTypeRef", 159),
            reference("TermsRef", 31),
            reference("SalesRepRef", 5),
            amount("OpenBalance"),
            date("OpenBalanceDate"),
            reference("SalesTaxCodeRef", 3),
            reference("ItemSalesTaxRef", 31),
            word("SalesTaxCountry", TAX_COUNTRY).since(6, 0).foreign(),
            text("ResaleNumber", 15),
            text("AccountNumber", 99),
            amount("CreditLimit"),
            reference("PreferredPaymentMethodRef", 31).since(3, 0),
            group(
                "CreditCardInfo",
                &[
                    text("CreditCardNumber", 25),
                    count("ExpirationMonth"),
                    integer("ExpirationYear"),
                    text("NameOnCard", 41),
                    text("CreditCardAddress", 41),
                    text("CreditCardPostalCode", 41),
                ],
            )
            .since(3, 0),
            word("JobStatus", JOB_STATUS),
            date("JobStartDate"),
            date("JobProjectedEndDate"),
            date("JobEndDate"),
            text("JobDesc", 99),
            reference("JobTypeRef", 159),
            text("Notes", 4095).since(3, 0),
            group("AdditionalNotes", &[text("Note", 4095).required()]).many().since(12, 0),
            flag("IsStatementWithParent").foreign(),
            word("DeliveryMethod", DELIVERY).foreign(),
            word("PreferredDeliveryMethod", PREFERRED_DELIVERY).since(12, 0),
            reference("PriceLevelRef", 31).since(4, 0),
            guid("ExternalGUID").since(8, 0),
            text("TaxRegistrationNumber", 30).since(8, 0).foreign(),
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
    text("FullName", 209),
    flag("IsActive"),
    reference("ClassRef", 159).since(12, 0),
    reference("ParentRef", 0),
    integer("Sublevel"),
    text("CompanyName", 41),
    text("Salutation", 15),
    text("FirstName", 25),
    text("MiddleName", 5),
    text("LastName", 25),
    text("Suffix", 0).foreign(),
    text("JobTitle", 41).since(12, 0),
    address("BillAddress"),
    address_block("BillAddressBlock").since(6, 0),
    address("ShipAddress"),
    address_block("ShipAddressBlock").since(6, 0),
    group(
        "ShipToAddress",
        &[
            text("Name", 41).required(),
            text("Addr1", 41),
            text("Addr2", 41),
            text("Addr3", 41),
            text("Addr4", 41),
            text("Addr5", 41),
            text("City", 31),
            text("State", 21),
            text("PostalCode", 13),
            text("Country", 31),
            text("Note", 41),
            flag("DefaultShipTo"),
        ],
    )
    .up_to(50)
    .since(12, 0),
    text("PrintAs", 41).foreign(),
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
    reference("CustomerTypeRef", 159),
    reference("TermsRef", 31),
    reference("SalesRepRef", 5),
    amount("Balance"),
    amount("TotalBalance"),
    reference("SalesTaxCodeRef", 3),
    reference("ItemSalesTaxRef", 31),
    word("SalesTaxCountry", TAX_COUNTRY).since(6, 0).foreign(),
    text("ResaleNumber", 15),
    text("AccountNumber", 99),
    amount("CreditLimit"),
    reference("PreferredPaymentMethodRef", 31).since(3, 0),
    group(
        "CreditCardInfo",
        &[
            text("CreditCardNumber", 25),
            count("ExpirationMonth"),
            integer("ExpirationYear"),
            text("NameOnCard", 41),
            text("CreditCardAddress", 41),
            text("CreditCardPostalCode", 41),
        ],
    )
    .since(3, 0),
    word("JobStatus", JOB_STATUS),
    date("JobStartDate"),
    date("JobProjectedEndDate"),
    date("JobEndDate"),
    text("JobDesc", 99),
    reference("JobTypeRef", 159),
    text("Notes", 4095),
    group(
        "AdditionalNotesRet",
        &[integer("NoteID").required(), date("Date").required(), text("Note", 4095).required()],
    )
    .many()
    .since(12, 0),
    flag("IsStatementWithParent").foreign(),
    word("DeliveryMethod", DELIVERY).foreign(),
    word("PreferredDeliveryMethod", PREFERRED_DELIVERY).since(12, 0),
    reference("PriceLevelRef", 31).since(4, 0),
    guid("ExternalGUID").since(8, 0),
    text("TaxRegistrationNumber", 30).since(8, 0).foreign(),
    reference("CurrencyRef", 64).since(8, 0),
    group("DataExtRet", DATA_EXT_RET).many().since(2, 0),
];

pub(crate) static OBJECT: ListObject = ListObject {
    computed,
    settle: |_, record, _| {
        // Contacts, notes and opening balances of customers are accepted and not kept.
        let kept = |field: &Element| {
            !matches!(field.name.as_str(), "OpenBalance" | "OpenBalanceDate" | "Contacts" | "AdditionalNotes")
        };
        record.fields.retain(kept);
    },
    ..ListObject::plain("CustomerRet", RET)
};

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("CustomerQuery", QUERY, |call| query::lists(call, &[ListKind::Customer]))
        .with(Attributes::Iterated),
    RequestType::new("CustomerAdd", ADD, |call| list_ops::add(call, ListKind::Customer, ADD)),
];

fn computed(books: &Books, record: &ListRecord) -> Vec<Element> {
    let cents = i64::try_from(books.ledger.party(&record.id)).unwrap_or(0);
    let mut fields =
        vec![Element::leaf("Balance", &money::format(cents)), Element::leaf("TotalBalance", &money::format(cents))];
    if record.field("JobStatus").is_none() {
        fields.push(Element::leaf("JobStatus", "None"));
    }
    fields
}
