//! The four name lists at once: customers, vendors, employees and other names share one name space
//! (`qbxml.md` 8).
//!
//! When an Add answers 3100, [`EntityQuery`] by full name finds who holds the name: the same kind
//! is linked, another kind means a suffix. Ask with
//! [`ActiveStatus::All`](crate::types::ActiveStatus::All): inactive names are taken too.

use crate::entity::{CustomerRet, VendorRet};
use crate::error::WriteError;
use crate::query::{ListSelection, ListWhere, Paging, settle_page};
use crate::record::{FromRecord, Record};
use crate::request::qb_request;
use crate::schema::{Example, Rules, qb_struct};
use crate::types::{EditSequence, ListId, QbDateTime, QbText};
use crate::wire::Writer;

qb_struct! {
    /// Asks for names in all four lists (`EntityQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct EntityQuery [attributes paging: Paging] with rules {
        selection: ListSelection<ListWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(EntityQuery, "EntityQuery" => EntityRet, since 1.0, direct);

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
    /// An employee (`EmployeeRet`), the name only: nothing personal is read.
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
    /// An other name (`OtherNameRet`), its names only.
    #[derive(Default)]
    pub struct OtherNameRet {
        list_id: Option<ListId> = "ListID" [record_id],
        time_created: Option<QbDateTime> = "TimeCreated",
        time_modified: Option<QbDateTime> = "TimeModified",
        edit_sequence: Option<EditSequence> = "EditSequence",
        name: Option<String> = "Name" max 41,
        is_active: Option<bool> = "IsActive",
        company_name: Option<String> = "CompanyName" max 41,
    }
    skip {
        "Salutation", "FirstName", "MiddleName", "LastName", "OtherNameAddress",
        "OtherNameAddressBlock", "Phone", "AltPhone", "Fax", "Email", "Contact",
        "AltContact", "AccountNumber", "Notes", "ExternalGUID", "DataExtRet",
    }
}

impl Rules for EntityQuery {
    fn check(&self, w: &Writer) -> Result<(), WriteError> {
        let size = match &self.selection {
            ListSelection::Where(filters) => filters.max_returned,
            ListSelection::ListIds(_) | ListSelection::FullNames(_) => None,
        };
        self.paging.check(size, w)
    }

    fn settle(&mut self, ex: &mut Example) {
        let size = match &mut self.selection {
            ListSelection::Where(filters) => Some(&mut filters.max_returned),
            ListSelection::ListIds(_) | ListSelection::FullNames(_) => None,
        };
        settle_page(&mut self.paging, size, ex);
    }
}
