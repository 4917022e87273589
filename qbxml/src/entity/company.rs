//! Company: the identity of the open company file.
//!
//! `OwnerID` in the query brings the data extensions of that owner: the Web Connector stamps each
//! file with a `FileID` there, which tells one company file from another.

use crate::entity::{AddressBlockRet, AddressRet, DataExtRet};
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{Month, OwnerId, QbDate, QbText, ServiceStatus, TaxForm};

qb_struct! {
    /// Asks for the company's data (`CompanyQueryRq`).
    #[derive(Default)]
    pub struct CompanyQuery {
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        /// Whose data extensions come with it.
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(CompanyQuery, "CompanyQuery" => CompanyRet, since 1.0, direct);

qb_struct! {
    /// The company (`CompanyRet`).
    #[derive(Default)]
    pub struct CompanyRet {
        is_sample_company: Option<bool> = "IsSampleCompany" since 3.0,
        company_name: Option<String> = "CompanyName" max 59,
        legal_company_name: Option<String> = "LegalCompanyName" max 59,
        address: Option<AddressRet> = "Address",
        address_block: Option<AddressBlockRet> = "AddressBlock" since 6.0,
        legal_address: Option<AddressRet> = "LegalAddress",
        company_address_for_customer: Option<AddressRet> = "CompanyAddressForCustomer",
        company_address_block_for_customer: Option<AddressBlockRet> = "CompanyAddressBlockForCustomer" since 6.0,
        phone: Option<String> = "Phone" max 51,
        fax: Option<String> = "Fax" max 51,
        email: Option<String> = "Email" max 1023,
        company_web_site: Option<String> = "CompanyWebSite" max 128,
        first_month_fiscal_year: Option<Month> = "FirstMonthFiscalYear",
        first_month_income_tax_year: Option<Month> = "FirstMonthIncomeTaxYear",
        company_type: Option<String> = "CompanyType" max 255,
        ein: Option<String> = "EIN" max 20 since 2.0,
        ssn: Option<String> = "SSN" max 11 since 2.1,
        tax_form: Option<TaxForm> = "TaxForm" since 2.1,
        subscribed_services: Option<SubscribedServicesRet> = "SubscribedServices" since 7.0,
        accountant_copy: Option<AccountantCopyRet> = "AccountantCopy" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}

qb_struct! {
    /// The services the company has subscribed to (`SubscribedServices`).
    #[derive(Default)]
    pub struct SubscribedServicesRet {
        service: Vec<ServiceRet> = "Service",
    }
}

qb_struct! {
    /// One service.
    #[derive(Default)]
    pub struct ServiceRet {
        name: Option<String> = "Name" max 50,
        domain: Option<String> = "Domain" max 50,
        service_status: Option<ServiceStatus> = "ServiceStatus",
    }
}

qb_struct! {
    /// Whether an accountant is working on a copy (`AccountantCopy`): changes before the dividing
    /// date are then refused.
    #[derive(Default)]
    pub struct AccountantCopyRet {
        accountant_copy_exists: Option<bool> = "AccountantCopyExists",
        dividing_date: Option<QbDate> = "DividingDate",
    }
}

impl CompanyRet {
    /// The value of a data extension, by owner (GUIDs compare without case) and name.
    #[must_use]
    pub fn data_ext(&self, owner: &OwnerId, name: &str) -> Option<&str> {
        let of_owner = |ext: &&DataExtRet| {
            ext.owner_id.as_ref().is_some_and(|id| id.as_str().eq_ignore_ascii_case(owner.as_str()))
        };
        let found = self.data_ext_ret.iter().filter(of_owner).find(|ext| ext.data_ext_name.as_deref() == Some(name))?;
        found.data_ext_value.as_deref()
    }
}
