//! The four name lists at once: customers, vendors, employees and other names share one name space
//! (`qbxml.md` 8).
//!
//! When an Add answers 3100, [`EntityQuery`] by full name finds who holds the name: the same kind
//! is linked, another kind means a suffix. Ask with
//! [`ActiveStatus::All`](crate::types::ActiveStatus::All): inactive names are taken too.

use crate::entity::{AddressBlockRet, AddressRet, CustomerRet, DataExtRet, VendorRet};
use crate::query::{ListSelection, ListWhere, Paging, qb_paged};
use crate::record::{FromRecord, Record};
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{EditSequence, ExternalGuid, ListId, QbDateTime, QbText};

qb_struct! {
    /// Asks for names in all four lists (`EntityQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct EntityQuery [attributes paging: Paging] with rules {
        selection: ListSelection<ListWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(EntityQuery, "EntityQuery" => EntityRet, since 1.0, direct);
qb_paged!(EntityQuery);

/// A name from one of the four lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityRet {
    /// A customer or job.
    Customer(Box<CustomerRet>),
    /// A vendor.
    Vendor(Box<VendorRet>),
    /// An employee.
    Employee(Box<EmployeeRet>),
    /// An other name.
    OtherName(Box<OtherNameRet>),
}

impl FromRecord for EntityRet {
    fn from_record(record: Record) -> Result<Self, Record> {
        match record {
            Record::Customer(name) => Ok(Self::Customer(name)),
            Record::Vendor(name) => Ok(Self::Vendor(name)),
            Record::Employee(name) => Ok(Self::Employee(name)),
            Record::OtherName(name) => Ok(Self::OtherName(name)),
            other => Err(other),
        }
    }
}

qb_struct! {
    /// An employee (`EmployeeRet`), the name only: deliberately nothing personal is read. All else
    /// is counted as known.
    #[derive(Default)]
    pub struct EmployeeRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 41,
        is_active: Option<bool> = "IsActive",
    }
    skip {
        "Salutation", "FirstName", "MiddleName", "LastName", "Suffix", "JobTitle",
        "SupervisorRef", "Department", "Description", "TargetBonus", "EmployeeAddress",
        "PrintAs", "Phone", "Mobile", "Pager", "PagerPIN", "AltPhone", "Fax", "SSN",
        "Email", "AdditionalContactRef", "EmergencyContacts", "EmployeeType",
        "PartOrFullTime", "Exempt", "KeyEmployee", "Gender", "HiredDate",
        "OriginalHireDate", "AdjustedServiceDate", "ReleasedDate", "BirthDate", "USCitizen",
        "Ethnicity", "Disabled", "DisabilityDesc", "OnFile", "WorkAuthExpireDate",
        "USVeteran", "MilitaryStatus", "AccountNumber", "Notes", "AdditionalNotesRet",
        "BillingRateRef", "EmployeePayrollInfo", "ExternalGUID", "DataExtRet",
    }
}

qb_struct! {
    /// An other name (`OtherNameRet`).
    #[derive(Default)]
    pub struct OtherNameRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 41,
        is_active: Option<bool> = "IsActive",
        company_name: Option<String> = "CompanyName" max 41,
        salutation: Option<String> = "Salutation" max 15,
        first_name: Option<String> = "FirstName" max 25,
        middle_name: Option<String> = "MiddleName" max 5,
        last_name: Option<String> = "LastName" max 25,
        other_name_address: Option<AddressRet> = "OtherNameAddress",
        other_name_address_block: Option<AddressBlockRet> = "OtherNameAddressBlock" since 6.0,
        phone: Option<String> = "Phone" max 21,
        alt_phone: Option<String> = "AltPhone" max 21,
        fax: Option<String> = "Fax" max 21,
        email: Option<String> = "Email" max 1023,
        contact: Option<String> = "Contact" max 41,
        alt_contact: Option<String> = "AltContact" max 41,
        account_number: Option<String> = "AccountNumber" max 99,
        notes: Option<String> = "Notes" max 4095 since 3.0,
        external_guid: Option<ExternalGuid> = "ExternalGUID" since 8.0,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet" since 2.0,
    }
}
