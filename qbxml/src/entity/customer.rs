//! Customer and job: who pays us. A job is a customer with a parent.
//!
//! Customers share one name space with vendors, employees and other names at the top level (3100);
//! a job's name must be unique only under its parent, its full name everywhere. Names have no colon
//! (3090). Customers are the slow list: leave their shipping addresses out with `IncludeRetElement`
//! where they are not needed (vendor documentation).

use crate::entity::{
    AdditionalContact, AdditionalContactRet, AdditionalNote, AdditionalNoteMod, AdditionalNoteRet, Address,
    AddressBlockRet, AddressRet, Contact, ContactMod, ContactRet, DataExtRet, ShipToAddress, ShipToAddressRet,
};
use crate::query::{BalanceWhere, ListSelection, Paging, qb_paged};
use crate::request::{qb_named, qb_request};
use crate::schema::qb_struct;
use crate::types::{
    Amount, Change, DeliveryMethod, EditSequence, ExternalGuid, JobStatus, ListId, ListRef, MonthNumber, OwnerId,
    QbDate, QbDateTime, QbText,
};

qb_struct! {
    /// Asks for customers and jobs (`CustomerQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct CustomerQuery [attributes paging: Paging] with rules {
        selection: ListSelection<CustomerWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(CustomerQuery, "CustomerQuery" => CustomerRet, since 1.0, direct);
qb_paged!(CustomerQuery);

/// The conditions of a CustomerQuery.
pub type CustomerWhere = BalanceWhere;

qb_struct! {
    /// A new customer (`CustomerAdd`), or a job: with `ParentRef`, which must exist (3130).
    pub struct CustomerAdd with rules new(name: QbText<41>) {
        name: QbText<41> = "Name",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        /// Makes it a job.
        parent_ref: Option<ListRef> = "ParentRef",
        company_name: Option<QbText<41>> = "CompanyName",
        salutation: Option<QbText<15>> = "Salutation",
        first_name: Option<QbText<25>> = "FirstName",
        middle_name: Option<QbText<5>> = "MiddleName",
        last_name: Option<QbText<25>> = "LastName",
        job_title: Option<QbText<41>> = "JobTitle" since 12.0,
        bill_address: Option<Address> = "BillAddress",
        ship_address: Option<Address> = "ShipAddress",
        ship_to_address: Vec<ShipToAddress> = "ShipToAddress" since 12.0 times 50,
        phone: Option<QbText<21>> = "Phone",
        alt_phone: Option<QbText<21>> = "AltPhone",
        fax: Option<QbText<21>> = "Fax",
        email: Option<QbText<1023>> = "Email",
        cc: Option<QbText<1023>> = "Cc" since 12.0,
        contact: Option<QbText<41>> = "Contact",
        alt_contact: Option<QbText<41>> = "AltContact",
        additional_contact_ref: Vec<AdditionalContact> = "AdditionalContactRef" since 12.0 times 8,
        contacts: Vec<Contact> = "Contacts" since 12.0,
        customer_type_ref: Option<ListRef> = "CustomerTypeRef" max 159,
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5,
        /// Creates an invoice; leave it out.
        open_balance: Option<Amount> = "OpenBalance",
        open_balance_date: Option<QbDate> = "OpenBalanceDate",
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        item_sales_tax_ref: Option<ListRef> = "ItemSalesTaxRef" max 31,
        resale_number: Option<QbText<15>> = "ResaleNumber",
        account_number: Option<QbText<99>> = "AccountNumber",
        credit_limit: Option<Amount> = "CreditLimit",
        preferred_payment_method_ref: Option<ListRef> = "PreferredPaymentMethodRef" max 31 since 3.0,
        credit_card_info: Option<CreditCardInfo> = "CreditCardInfo" since 3.0,
        job_status: Option<JobStatus> = "JobStatus",
        job_start_date: Option<QbDate> = "JobStartDate",
        job_projected_end_date: Option<QbDate> = "JobProjectedEndDate",
        job_end_date: Option<QbDate> = "JobEndDate",
        job_desc: Option<QbText<99>> = "JobDesc",
        job_type_ref: Option<ListRef> = "JobTypeRef" max 159,
        notes: Option<QbText<4095>> = "Notes" since 3.0,
        additional_notes: Vec<AdditionalNote> = "AdditionalNotes" since 12.0,
        preferred_delivery_method: Option<DeliveryMethod> = "PreferredDeliveryMethod" since 12.0,
        price_level_ref: Option<ListRef> = "PriceLevelRef" max 31 since 4.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
    }
}

qb_request!(CustomerAdd, "CustomerAdd" => CustomerRet, since 1.0, body);

qb_struct! {
    /// A changed customer (`CustomerMod`). Only what is sent changes.
    pub struct CustomerMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<41>> = "Name" [noclear],
        is_active: Change<bool> = "IsActive" since 3.0,
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Change<ListRef> = "ParentRef" since 3.0,
        company_name: Change<QbText<41>> = "CompanyName",
        salutation: Change<QbText<15>> = "Salutation",
        first_name: Change<QbText<25>> = "FirstName",
        middle_name: Change<QbText<5>> = "MiddleName",
        last_name: Change<QbText<25>> = "LastName",
        job_title: Change<QbText<41>> = "JobTitle" since 12.0,
        bill_address: Change<Address> = "BillAddress",
        ship_address: Change<Address> = "ShipAddress",
        /// If any is sent, they replace the ones there (recalled).
        ship_to_address: Vec<ShipToAddress> = "ShipToAddress" since 12.0 times 50,
        phone: Change<QbText<21>> = "Phone",
        alt_phone: Change<QbText<21>> = "AltPhone",
        fax: Change<QbText<21>> = "Fax",
        email: Change<QbText<1023>> = "Email",
        cc: Change<QbText<1023>> = "Cc" since 12.0,
        contact: Change<QbText<41>> = "Contact",
        alt_contact: Change<QbText<41>> = "AltContact",
        /// If any is sent, they replace the ones there (recalled).
        additional_contact_ref: Vec<AdditionalContact> = "AdditionalContactRef" since 12.0 times 8,
        contacts_mod: Vec<ContactMod> = "ContactsMod" since 12.0,
        customer_type_ref: Change<ListRef> = "CustomerTypeRef" max 159 since 3.0,
        terms_ref: Change<ListRef> = "TermsRef" max 31 since 3.0,
        sales_rep_ref: Change<ListRef> = "SalesRepRef" max 5 since 3.0,
        sales_tax_code_ref: Change<ListRef> = "SalesTaxCodeRef" max 3 since 3.0,
        item_sales_tax_ref: Change<ListRef> = "ItemSalesTaxRef" max 31 since 3.0,
        resale_number: Change<QbText<15>> = "ResaleNumber" since 3.0,
        account_number: Change<QbText<99>> = "AccountNumber",
        credit_limit: Change<Amount> = "CreditLimit" since 3.0,
        preferred_payment_method_ref: Change<ListRef> = "PreferredPaymentMethodRef" max 31 since 3.0,
        credit_card_info: Change<CreditCardInfo> = "CreditCardInfo" since 3.0,
        job_status: Change<JobStatus> = "JobStatus" since 3.0,
        job_start_date: Change<QbDate> = "JobStartDate" since 3.0,
        job_projected_end_date: Change<QbDate> = "JobProjectedEndDate" since 3.0,
        job_end_date: Change<QbDate> = "JobEndDate" since 3.0,
        job_desc: Change<QbText<99>> = "JobDesc" since 3.0,
        job_type_ref: Change<ListRef> = "JobTypeRef" max 159 since 3.0,
        notes: Change<QbText<4095>> = "Notes" since 3.0,
        additional_notes_mod: Vec<AdditionalNoteMod> = "AdditionalNotesMod" since 12.0,
        preferred_delivery_method: Change<DeliveryMethod> = "PreferredDeliveryMethod" since 12.0,
        price_level_ref: Change<ListRef> = "PriceLevelRef" max 31 since 4.0,
        currency_ref: Change<ListRef> = "CurrencyRef" max 64 since 8.0,
    }
}

qb_request!(CustomerMod, "CustomerMod" => CustomerRet, since 1.0, body);

qb_struct! {
    /// A customer or job (`CustomerRet`).
    #[derive(Default)]
    pub struct CustomerRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 41,
        /// With its ancestors: `Customer:Job`.
        full_name: Option<String> = "FullName" max 209,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        parent_ref: Option<ListRef> = "ParentRef",
        /// 0 for a customer, 1 or more for a job.
        sublevel: Option<i64> = "Sublevel",
        company_name: Option<String> = "CompanyName" max 41,
        salutation: Option<String> = "Salutation" max 15,
        first_name: Option<String> = "FirstName" max 25,
        middle_name: Option<String> = "MiddleName" max 5,
        last_name: Option<String> = "LastName" max 25,
        job_title: Option<String> = "JobTitle" max 41 since 12.0,
        bill_address: Option<AddressRet> = "BillAddress",
        bill_address_block: Option<AddressBlockRet> = "BillAddressBlock" since 6.0,
        ship_address: Option<AddressRet> = "ShipAddress",
        ship_address_block: Option<AddressBlockRet> = "ShipAddressBlock" since 6.0,
        ship_to_address: Vec<ShipToAddressRet> = "ShipToAddress" since 12.0 times 50,
        phone: Option<String> = "Phone" max 21,
        alt_phone: Option<String> = "AltPhone" max 21,
        fax: Option<String> = "Fax" max 21,
        email: Option<String> = "Email" max 1023,
        cc: Option<String> = "Cc" max 1023 since 12.0,
        contact: Option<String> = "Contact" max 41,
        alt_contact: Option<String> = "AltContact" max 41,
        additional_contact_ref: Vec<AdditionalContactRet> = "AdditionalContactRef" since 12.0 times 8,
        contacts_ret: Vec<ContactRet> = "ContactsRet" since 12.0,
        customer_type_ref: Option<ListRef> = "CustomerTypeRef" max 159,
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        sales_rep_ref: Option<ListRef> = "SalesRepRef" max 5,
        /// Positive: owed by the customer; without its jobs.
        balance: Option<Amount> = "Balance",
        /// With all jobs.
        total_balance: Option<Amount> = "TotalBalance",
        sales_tax_code_ref: Option<ListRef> = "SalesTaxCodeRef" max 3,
        item_sales_tax_ref: Option<ListRef> = "ItemSalesTaxRef" max 31,
        resale_number: Option<String> = "ResaleNumber" max 15,
        account_number: Option<String> = "AccountNumber" max 99,
        credit_limit: Option<Amount> = "CreditLimit",
        preferred_payment_method_ref: Option<ListRef> = "PreferredPaymentMethodRef" max 31 since 3.0,
        credit_card_info: Option<CreditCardInfoRet> = "CreditCardInfo" since 3.0,
        job_status: Option<JobStatus> = "JobStatus",
        job_start_date: Option<QbDate> = "JobStartDate",
        job_projected_end_date: Option<QbDate> = "JobProjectedEndDate",
        job_end_date: Option<QbDate> = "JobEndDate",
        job_desc: Option<String> = "JobDesc" max 99,
        job_type_ref: Option<ListRef> = "JobTypeRef" max 159,
        notes: Option<String> = "Notes" max 4095,
        additional_notes_ret: Vec<AdditionalNoteRet> = "AdditionalNotesRet" since 12.0,
        preferred_delivery_method: Option<DeliveryMethod> = "PreferredDeliveryMethod" since 12.0,
        price_level_ref: Option<ListRef> = "PriceLevelRef" max 31 since 4.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_struct! {
    /// The card a customer pays with (`CreditCardInfo`).
    #[derive(Default)]
    pub struct CreditCardInfo {
        credit_card_number: Option<QbText<25>> = "CreditCardNumber",
        expiration_month: Option<MonthNumber> = "ExpirationMonth",
        expiration_year: Option<i64> = "ExpirationYear",
        name_on_card: Option<QbText<41>> = "NameOnCard",
        credit_card_address: Option<QbText<41>> = "CreditCardAddress",
        credit_card_postal_code: Option<QbText<41>> = "CreditCardPostalCode",
    }
}

qb_struct! {
    /// The card a customer pays with, as QuickBooks returns it (`CreditCardInfo`). The number comes
    /// masked, or not at all without access to personal data.
    #[derive(Default)]
    pub struct CreditCardInfoRet {
        credit_card_number: Option<String> = "CreditCardNumber" max 25,
        expiration_month: Option<i64> = "ExpirationMonth",
        expiration_year: Option<i64> = "ExpirationYear",
        name_on_card: Option<String> = "NameOnCard" max 41,
        credit_card_address: Option<String> = "CreditCardAddress" max 41,
        credit_card_postal_code: Option<String> = "CreditCardPostalCode" max 41,
    }
}

qb_named!(add CustomerAdd; change CustomerMod);
