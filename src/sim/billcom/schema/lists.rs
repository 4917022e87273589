//! The tables of the lists that documents are coded with.
//!
//! Fields, which of them may be written, which may be filtered by, and which are required, are those of the vendor's
//! `organization-accounts-tracking` and `ar-customer-management` documents (`v2-entities.json`, source V).

use super::{Table, code, flag, id, money, number, text};

/// An account of the chart of accounts.
pub(crate) static CHART_OF_ACCOUNT: Table = Table {
    name: "ChartOfAccount",
    prefix: "0ca",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("name").written().needed_to_create().at_most(250),
        text("accountNumber").written().at_most(40),
        code(
            "accountType",
            &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"],
        )
        .written()
        .filtered()
        .needed_to_create(),
        text("description").written(),
        id("parentChartOfAccountId", "ChartOfAccount").written().filtered(),
        code("ca1099FormType", &["0", "1", "2"]).written().filtered(),
        code("ca1099Type", &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"])
            .written()
            .filtered(),
        id("mergedIntoId", "ChartOfAccount").filtered(),
    ],
};

/// A department.
pub(crate) static DEPARTMENT: Table = Table {
    name: "Department",
    prefix: "0de",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("name").written().needed_to_create(),
        text("shortName").written(),
        id("parentDepartmentId", "Department").written().filtered(),
        text("description").written(),
        id("mergedIntoId", "Department").filtered(),
    ],
};

/// An accounting class.
pub(crate) static ACTG_CLASS: Table = Table {
    name: "ActgClass",
    prefix: "cls",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("shortName").written(),
        text("name").written().needed_to_create(),
        id("parentActgClassId", "ActgClass").written().filtered(),
        text("description").written(),
        id("mergedIntoId", "ActgClass").filtered(),
    ],
};

/// A location. Requests carry `parentLocationId`, replies print `parentActgClassId` in its place.
pub(crate) static LOCATION: Table = Table {
    name: "Location",
    prefix: "loc",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("name").written().needed_to_create(),
        text("shortName").written(),
        id("parentLocationId", "Location").written().unprinted(),
        text("description").written(),
        id("parentActgClassId", "Location").filtered(),
        id("mergedIntoId", "Location").filtered(),
    ],
};

/// A job.
pub(crate) static JOB: Table = Table {
    name: "Job",
    prefix: "job",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("name").written().needed_to_create(),
        text("shortName").written(),
        id("parentJobId", "Job").written().filtered(),
        text("description").written(),
        id("mergedIntoId", "Job").filtered(),
    ],
};

/// An employee.
pub(crate) static EMPLOYEE: Table = Table {
    name: "Employee",
    prefix: "emp",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("shortName").written(),
        text("firstName").written().needed_to_create(),
        text("lastName").written().needed_to_create(),
        id("parentEmployeeId", "Employee").written().filtered(),
        id("mergedIntoId", "Employee").filtered(),
    ],
};

/// An item.
pub(crate) static ITEM: Table = Table {
    name: "Item",
    prefix: "0ii",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("name").written().needed_to_create(),
        code("type", &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"])
            .written()
            .filtered()
            .needed_to_create(),
        text("description").written(),
        money("price").written(),
        number("percentage").written(),
        id("parentItemId", "Item").written().filtered(),
        flag("hasPurInfo").written().filtered(),
        id("expenseAccount", "ChartOfAccount").written().filtered(),
        text("purDescription").written(),
        money("purCost").written().filtered(),
        id("chartOfAccountId", "ChartOfAccount").written().filtered(),
        flag("taxable").written().filtered(),
        text("shortName").written(),
        id("mergedIntoId", "Item").written().filtered(),
    ],
};

/// A payment term: no stamps, no states.
pub(crate) static PAYMENT_TERM: Table = Table {
    name: "PaymentTerm",
    prefix: "00p",
    verbs: &["Create", "Read", "List", "Update"],
    stamped: false,
    states: &[],
    fields: &[text("name").written().filtered().needed_to_create(), number("netDue").written().needed_to_create()],
};

/// A customer.
pub(crate) static CUSTOMER: Table = Table {
    name: "Customer",
    prefix: "0cu",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        text("name").written().needed().at_most(100),
        text("shortName").written().at_most(40),
        id("parentCustomerId", "Customer").written().filtered(),
        text("companyName").written(),
        text("contactFirstName").written(),
        text("contactLastName").written(),
        text("accNumber").written(),
        text("billAddress1").written(),
        text("billAddress2").written(),
        text("billAddress3").written(),
        text("billAddress4").written(),
        text("billAddressCity").written(),
        text("billAddressState").written(),
        text("billAddressCountry").written(),
        text("billAddressZip").written(),
        text("shipAddress1").written(),
        text("shipAddress2").written(),
        text("shipAddress3").written(),
        text("shipAddress4").written(),
        text("shipAddressCity").written(),
        text("shipAddressState").written(),
        text("shipAddressCountry").written(),
        text("shipAddressZip").written(),
        text("email").written(),
        text("phone").written(),
        text("altPhone").written(),
        text("fax").written(),
        text("description").written(),
        text("invoiceCurrency").written().filtered(),
        text("printAs").written(),
        code("accountType", &["0", "1", "2"]).written().filtered(),
        id("paymentTermId", "PaymentTerm").written().filtered(),
        code("defaultDeliveryMethod", &["0", "1"]).written().filtered(),
        flag("isAutoChargeDismissed").written().filtered(),
        flag("isTaxLiable").written().filtered(),
        code("creationSource", &["0", "1", "2"]).written().filtered(),
        flag("enabledInvoiceFinancing").written(),
        id("mergedIntoId", "Customer").filtered(),
        flag("hasAuthorizedToCharge").filtered(),
        money("balance").filtered(),
        money("availCredit"),
        text("taxId"),
        flag("hasBankAccount"),
        flag("hasNetBankAccount"),
        flag("hasBankAccountAutoPay"),
        flag("hasCustomerCard"),
    ],
};

/// A further contact of a customer.
pub(crate) static CUSTOMER_CONTACT: Table = Table {
    name: "CustomerContact",
    prefix: "cpu",
    verbs: &["Create", "Read", "List", "Update", "Delete", "Undelete"],
    stamped: true,
    states: &["1", "2"],
    fields: &[
        id("customerId", "Customer").written().filtered().needed(),
        text("firstName").written().needed(),
        text("lastName").written(),
        text("email").written().needed(),
        text("phone").written(),
        text("altPhone").written(),
        text("fax").written(),
        code("timezoneId", &[]).written().filtered(),
    ],
};
