//! Vendor: who is paid.
//!
//! Vendors share one name space with customers, employees and other names: a taken name answers
//! 3100, and then [`EntityQuery`](crate::entity::EntityQuery) looks in all four lists. Names have
//! no colon (3090).

use crate::entity::{
    AdditionalContact, AdditionalContactRet, AdditionalNote, AdditionalNoteMod, AdditionalNoteRet, Address,
    AddressBlockRet, AddressRet, Contact, ContactMod, ContactRet, DataExtRet,
};
use crate::error::WriteError;
use crate::query::{BalanceWhere, ListSelection, Paging, qb_paged};
use crate::request::{check_name, qb_request};
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{Amount, Change, EditSequence, ExternalGuid, ListId, ListRef, OwnerId, QbDate, QbDateTime, QbText};
use crate::wire::Writer;

qb_struct! {
    /// Asks for vendors (`VendorQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct VendorQuery [attributes paging: Paging] with rules {
        selection: ListSelection<VendorWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(VendorQuery, "VendorQuery" => VendorRet, since 1.0, direct);
qb_paged!(VendorQuery);

/// The conditions of a VendorQuery.
pub type VendorWhere = BalanceWhere;

qb_struct! {
    /// A new vendor (`VendorAdd`). With `IsVendorEligibleFor1099`, QuickBooks also wants tax id and
    /// address (vendor documentation).
    pub struct VendorAdd with rules new(name: QbText<41>) {
        name: QbText<41> = "Name",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        company_name: Option<QbText<41>> = "CompanyName",
        salutation: Option<QbText<15>> = "Salutation",
        first_name: Option<QbText<25>> = "FirstName",
        middle_name: Option<QbText<5>> = "MiddleName",
        last_name: Option<QbText<25>> = "LastName",
        job_title: Option<QbText<41>> = "JobTitle" since 12.0,
        vendor_address: Option<Address> = "VendorAddress",
        ship_address: Option<Address> = "ShipAddress" since 11.0,
        phone: Option<QbText<21>> = "Phone",
        alt_phone: Option<QbText<21>> = "AltPhone",
        fax: Option<QbText<21>> = "Fax",
        email: Option<QbText<1023>> = "Email",
        cc: Option<QbText<1023>> = "Cc" since 12.0,
        contact: Option<QbText<41>> = "Contact",
        alt_contact: Option<QbText<41>> = "AltContact",
        additional_contact_ref: Vec<AdditionalContact> = "AdditionalContactRef" since 12.0 times 8,
        contacts: Vec<Contact> = "Contacts" since 12.0,
        name_on_check: Option<QbText<41>> = "NameOnCheck",
        account_number: Option<QbText<99>> = "AccountNumber",
        notes: Option<QbText<4095>> = "Notes" since 3.0,
        additional_notes: Vec<AdditionalNote> = "AdditionalNotes" since 12.0,
        vendor_type_ref: Option<ListRef> = "VendorTypeRef" max 159,
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        credit_limit: Option<Amount> = "CreditLimit",
        vendor_tax_ident: Option<QbText<15>> = "VendorTaxIdent",
        is_vendor_eligible_for_1099: Option<bool> = "IsVendorEligibleFor1099",
        /// Creates a transaction; leave it out.
        open_balance: Option<Amount> = "OpenBalance",
        open_balance_date: Option<QbDate> = "OpenBalanceDate",
        billing_rate_ref: Option<ListRef> = "BillingRateRef" max 31 since 6.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        prefill_account_ref: Vec<ListRef> = "PrefillAccountRef" max 159 since 8.0 times 3,
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
    }
}

qb_request!(VendorAdd, "VendorAdd" => VendorRet, since 1.0, body);

qb_struct! {
    /// A changed vendor (`VendorMod`). Only what is sent changes.
    pub struct VendorMod with rules new(list_id: ListId, edit_sequence: EditSequence) {
        list_id: ListId = "ListID" [record_id],
        edit_sequence: EditSequence = "EditSequence",
        name: Change<QbText<41>> = "Name" [noclear],
        is_active: Change<bool> = "IsActive" since 3.0,
        class_ref: Change<ListRef> = "ClassRef" max 159 since 12.0,
        company_name: Change<QbText<41>> = "CompanyName",
        salutation: Change<QbText<15>> = "Salutation",
        first_name: Change<QbText<25>> = "FirstName",
        middle_name: Change<QbText<5>> = "MiddleName",
        last_name: Change<QbText<25>> = "LastName",
        job_title: Change<QbText<41>> = "JobTitle" since 12.0,
        vendor_address: Change<Address> = "VendorAddress",
        ship_address: Change<Address> = "ShipAddress" since 11.0,
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
        name_on_check: Change<QbText<41>> = "NameOnCheck",
        account_number: Change<QbText<99>> = "AccountNumber",
        notes: Change<QbText<4095>> = "Notes" since 3.0,
        additional_notes_mod: Vec<AdditionalNoteMod> = "AdditionalNotesMod" since 12.0,
        vendor_type_ref: Change<ListRef> = "VendorTypeRef" max 159 since 3.0,
        terms_ref: Change<ListRef> = "TermsRef" max 31 since 3.0,
        credit_limit: Change<Amount> = "CreditLimit" since 3.0,
        vendor_tax_ident: Change<QbText<15>> = "VendorTaxIdent" since 3.0,
        is_vendor_eligible_for_1099: Change<bool> = "IsVendorEligibleFor1099" since 3.0,
        billing_rate_ref: Change<ListRef> = "BillingRateRef" max 31 since 6.0,
        prefill_account_ref: Vec<ListRef> = "PrefillAccountRef" max 159 since 8.0 times 3,
        currency_ref: Change<ListRef> = "CurrencyRef" max 64 since 8.0,
    }
}

qb_request!(VendorMod, "VendorMod" => VendorRet, since 1.0, body);

qb_struct! {
    /// A vendor (`VendorRet`).
    #[derive(Default)]
    pub struct VendorRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 41,
        is_active: Option<bool> = "IsActive",
        class_ref: Option<ListRef> = "ClassRef" max 159 since 12.0,
        company_name: Option<String> = "CompanyName" max 41,
        salutation: Option<String> = "Salutation" max 15,
        first_name: Option<String> = "FirstName" max 25,
        middle_name: Option<String> = "MiddleName" max 5,
        last_name: Option<String> = "LastName" max 25,
        job_title: Option<String> = "JobTitle" max 41 since 12.0,
        vendor_address: Option<AddressRet> = "VendorAddress",
        vendor_address_block: Option<AddressBlockRet> = "VendorAddressBlock" since 6.0,
        ship_address: Option<AddressRet> = "ShipAddress" since 11.0,
        phone: Option<String> = "Phone" max 21,
        alt_phone: Option<String> = "AltPhone" max 21,
        fax: Option<String> = "Fax" max 21,
        email: Option<String> = "Email" max 1023,
        cc: Option<String> = "Cc" max 1023 since 12.0,
        contact: Option<String> = "Contact" max 41,
        alt_contact: Option<String> = "AltContact" max 41,
        additional_contact_ref: Vec<AdditionalContactRet> = "AdditionalContactRef" since 12.0 times 8,
        contacts_ret: Vec<ContactRet> = "ContactsRet" since 12.0,
        name_on_check: Option<String> = "NameOnCheck" max 41,
        account_number: Option<String> = "AccountNumber" max 99,
        notes: Option<String> = "Notes" max 4095,
        additional_notes_ret: Vec<AdditionalNoteRet> = "AdditionalNotesRet" since 12.0,
        vendor_type_ref: Option<ListRef> = "VendorTypeRef" max 159,
        terms_ref: Option<ListRef> = "TermsRef" max 31,
        credit_limit: Option<Amount> = "CreditLimit",
        vendor_tax_ident: Option<String> = "VendorTaxIdent" max 15,
        is_vendor_eligible_for_1099: Option<bool> = "IsVendorEligibleFor1099",
        /// Positive: owed to the vendor.
        balance: Option<Amount> = "Balance",
        billing_rate_ref: Option<ListRef> = "BillingRateRef" max 31 since 6.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        prefill_account_ref: Vec<ListRef> = "PrefillAccountRef" max 159 since 8.0 times 3,
        currency_ref: Option<ListRef> = "CurrencyRef" max 64 since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

impl Rules for VendorAdd {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        check_name(self.name.as_str(), w)
    }

    fn settle(&mut self, _ex: &mut Example) {}
}

impl Rules for VendorMod {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        self.name.as_set().map_or(Ok(()), |name| check_name(name.as_str(), w))
    }

    fn settle(&mut self, _ex: &mut Example) {}
}
