//! Customer: here only what tells names apart. A customer may hold the name a vendor needs (3100).

use crate::schema::qb_struct;
use crate::types::{EditSequence, ListId, ListRef, QbDateTime};

qb_struct! {
    /// A customer or job (`CustomerRet`), its names only; everything else is left unread and
    /// counted as known.
    #[derive(Default)]
    pub struct CustomerRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 41,
        full_name: Option<String> = "FullName" max 209,
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<ListRef> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
        company_name: Option<String> = "CompanyName" max 41,
    }
    skip {
        "ClassRef", "Salutation", "FirstName", "MiddleName", "LastName", "Suffix",
        "JobTitle", "BillAddress", "BillAddressBlock", "ShipAddress", "ShipAddressBlock",
        "ShipToAddress", "PrintAs", "Phone", "Mobile", "Pager", "AltPhone", "Fax", "Email",
        "Cc", "Contact", "AltContact", "AdditionalContactRef", "ContactsRet",
        "CustomerTypeRef", "TermsRef", "SalesRepRef", "Balance", "TotalBalance",
        "SalesTaxCodeRef", "ItemSalesTaxRef", "SalesTaxCountry", "ResaleNumber",
        "AccountNumber", "CreditLimit", "PreferredPaymentMethodRef", "CreditCardInfo",
        "JobStatus", "JobStartDate", "JobProjectedEndDate", "JobEndDate", "JobDesc",
        "JobTypeRef", "Notes", "AdditionalNotesRet", "IsStatementWithParent",
        "DeliveryMethod", "PreferredDeliveryMethod", "PriceLevelRef", "ExternalGUID",
        "TaxRegistrationNumber", "CurrencyRef", "DataExtRet",
    }
}
