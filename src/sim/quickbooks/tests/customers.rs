//! Customers and jobs: names, levels, addresses, balances, filters.

use super::*;
use crate::sim::quickbooks::ListKind;

fn customer_add(fields: &str) -> String {
    format!("<CustomerAddRq><CustomerAdd>{fields}</CustomerAdd></CustomerAddRq>")
}

fn job_add(name: &str, parent: &str) -> String {
    customer_add(&format!("<Name>{name}</Name><ParentRef><FullName>{parent}</FullName></ParentRef>"))
}

#[test]
fn a_job_is_unique_under_its_customer_only() {
    let mut desk = Desk::new();
    assert_eq!(desk.one(&customer_add("<Name>Abercrombie, Kristy</Name>")).0, 0);
    assert_eq!(desk.refusal(&customer_add("<Name>c.u. electric</Name>")).0, 3100, "a vendor's name");
    let (code, response) = desk.one(&job_add("C.U. Electric", "abercrombie, kristy"));
    assert_eq!(code, 0, "below the top a vendor's name is free");
    let ret = &response.children[0];
    assert_eq!(ret.text_of("FullName"), Some("Abercrombie, Kristy:C.U. Electric"));
    assert_eq!((ret.text_of("Sublevel"), ret.text_of("JobStatus")), (Some("1"), Some("None")));
    assert_eq!(desk.refusal(&job_add("C.U. ELECTRIC", "Abercrombie, Kristy")).0, 3100);
    let mut parent = "Abercrombie, Kristy:C.U. Electric".to_owned();
    for _ in 0..3 {
        assert_eq!(desk.one(&job_add("Below", &parent)).0, 0);
        parent.push_str(":Below");
    }
    assert_eq!(desk.refusal(&job_add("Below", &parent)).0, 3130, "five levels are all there are");
    let (code, text) = desk.refusal(&job_add("Kitchen", "NONEXISTENT-PARENT-CUSTOMER"));
    assert_eq!(code, 3130);
    assert_eq!(
        text,
        "There is an invalid reference to a parent \"NONEXISTENT-PARENT-CUSTOMER\" in the Customers list.  QuickBooks error message: Invalid argument.  The specified record does not exist in the list."
    );
    let by_name = "<CustomerQueryRq><FullName>abercrombie, kristy:c.u. electric</FullName></CustomerQueryRq>";
    assert_eq!(desk.one(by_name).1.children.len(), 1);
}

#[test]
fn a_customer_comes_back_with_all_that_was_given() {
    let mut desk = Desk::new();
    desk.file.person(at(0)).add_terms("Net 30", 30).expect("new");
    for (kind, name) in
        [(ListKind::CustomerType, "Residential"), (ListKind::PaymentMethod, "Check"), (ListKind::JobType, "Remodel")]
    {
        desk.file.person(at(0)).add_name(kind, name).expect("new");
    }
    let given = "<Name>Abercrombie</Name><CompanyName>Abercrombie</CompanyName><FirstName>Kristy</FirstName>\
<BillAddress><Addr1>Kristy Abercrombie</Addr1><City>Bayshore</City><State>CA</State><PostalCode>94326</PostalCode></BillAddress>\
<ShipAddress><Addr1>5647 Cypress Hill Rd</Addr1></ShipAddress><Email>kristy@example.com</Email>\
<Contacts><FirstName>Steve</FirstName></Contacts><CustomerTypeRef><FullName>Residential</FullName></CustomerTypeRef>\
<TermsRef><FullName>Net 30</FullName></TermsRef><CreditLimit>2000</CreditLimit>\
<PreferredPaymentMethodRef><FullName>Check</FullName></PreferredPaymentMethodRef><JobStatus>InProgress</JobStatus>\
<JobTypeRef><FullName>Remodel</FullName></JobTypeRef><AdditionalNotes><Note>called</Note></AdditionalNotes>";
    let (code, response) = desk.one(&customer_add(given));
    assert_eq!(code, 0);
    let ret = &response.children[0];
    let names: Vec<&str> = ret.children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(
        names.join(" "),
        "ListID TimeCreated TimeModified EditSequence Name FullName IsActive Sublevel CompanyName FirstName BillAddress BillAddressBlock ShipAddress ShipAddressBlock ShipToAddress Email ContactsRet CustomerTypeRef TermsRef Balance TotalBalance CreditLimit PreferredPaymentMethodRef JobStatus JobTypeRef AdditionalNotesRet"
    );
    let inside = |group: &str, field: &str| ret.child(group).and_then(|group| group.text_of(field));
    assert_eq!(inside("BillAddressBlock", "Addr2"), Some("Bayshore, CA 94326"));
    assert_eq!(
        (inside("ShipToAddress", "Name"), inside("ShipToAddress", "DefaultShipTo")),
        (Some("Ship To 1"), Some("true"))
    );
    assert_eq!(inside("JobTypeRef", "FullName"), Some("Remodel"));
    let old = desk.send_with("onError=\"stopOnError\"", "11.0", "<CustomerQueryRq/>").expect("valid");
    assert!(old.children[0].children[0].child("ContactsRet").is_none(), "contacts came with 12.0");
}

#[test]
fn the_shipping_address_and_the_default_one_follow_each_other() {
    let mut desk = Desk::new();
    let two = "<Name>N</Name><ShipToAddress><Name>Depot</Name><Addr1>1</Addr1></ShipToAddress><ShipToAddress><Name>Yard</Name><Addr1>2</Addr1><DefaultShipTo>true</DefaultShipTo></ShipToAddress>";
    let (_, response) = desk.one(&customer_add(two));
    let ret = &response.children[0];
    assert_eq!(ret.child("ShipAddress").and_then(|address| address.text_of("Addr1")), Some("2"));
    let id = ret.text_of("ListID").expect("an ID").to_owned();
    let change = desk.list_mod(ListKind::Customer, &id, "<ShipAddress><Addr1>3</Addr1></ShipAddress>");
    let (_, response) = desk.one(&change);
    let addresses: Vec<_> =
        response.children[0].children_named("ShipToAddress").map(|a| (a.text_of("Name"), a.text_of("Addr1"))).collect();
    assert_eq!(addresses, [(Some("Depot"), Some("1")), (Some("Yard"), Some("3"))]);
    assert_eq!(desk.one(&desk.list_mod(ListKind::Customer, &id, "<Phone>1</Phone>")).0, 0);
    let twice = "<ShipToAddress><Name>Depot</Name></ShipToAddress><ShipToAddress><Name>DEPOT</Name></ShipToAddress>";
    assert_eq!(desk.refusal(&desk.list_mod(ListKind::Customer, &id, twice)).0, 3100);
}

#[test]
fn a_mod_changes_moves_and_clears() {
    let mut desk = Desk::new();
    let mut person = desk.file.person(at(0));
    let first = person.add_customer("First").expect("new");
    let second = person.add_customer("Second").expect("new");
    let job = person.add_job(&first, "Kitchen").expect("new");
    person.set_field(ListKind::Customer, &job, "Phone", "415").expect("known");
    let fields =
        format!("<ParentRef><ListID>{second}</ListID></ParentRef><Phone></Phone><JobStatus>Closed</JobStatus>");
    let (code, response) = desk.one(&desk.list_mod(ListKind::Customer, &job, &fields));
    let ret = &response.children[0];
    assert_eq!((code, ret.text_of("FullName"), ret.text_of("Phone")), (0, Some("Second:Kitchen"), None));
    assert_eq!(ret.text_of("JobStatus"), Some("Closed"));
    let circle =
        desk.list_mod(ListKind::Customer, &second, "<ParentRef><FullName>Second:Kitchen</FullName></ParentRef>");
    assert_eq!(desk.refusal(&circle).0, 3130);
    assert_eq!(desk.refusal(&desk.list_mod(ListKind::Customer, &second, "<Name>C.U. Electric</Name>")).0, 3100);
    let del = format!("<ListDelRq><ListDelType>Customer</ListDelType><ListID>{second}</ListID></ListDelRq>");
    assert_eq!(desk.refusal(&del).0, 3160, "it has a job");
    desk.file.person(at(60)).move_under(ListKind::Customer, &job, None).expect("free at the top");
    assert_eq!(desk.one(&del).0, 0);
}

#[test]
fn balances_add_up_over_the_jobs() {
    let mut desk = Desk::new();
    let mut person = desk.file.person(at(0));
    person.add_account("Accounts Receivable", "AccountsReceivable").expect("new");
    let customer = person.add_customer("Acme").expect("new");
    let job =
        format!("<Name>Roof</Name><ParentRef><ListID>{customer}</ListID></ParentRef><OpenBalance>120.50</OpenBalance>");
    assert_eq!(desk.one(&customer_add(&job)).0, 0);
    let (_, response) = desk.one("<CustomerQueryRq/>");
    assert_eq!(texts(&response, "Balance"), ["0.00", "120.50"]);
    assert_eq!(texts(&response, "TotalBalance"), ["120.50", "120.50"]);
    assert_eq!(desk.file.account("Accounts Receivable").expect("known").balance_cents, 12_050);
    let filter = |operator: &str| {
        format!(
            "<CustomerQueryRq><TotalBalanceFilter><Operator>{operator}</Operator><Amount>100.00</Amount></TotalBalanceFilter></CustomerQueryRq>"
        )
    };
    assert_eq!(desk.one(&filter("GreaterThan")).1.children.len(), 2);
    assert_eq!(desk.one(&filter("LessThan")).0, 1);
}

#[test]
fn names_are_filtered_by_class_with_those_below() {
    let mut desk = Desk::with_classes();
    let mut person = desk.file.person(at(0));
    let east = person.add_class("East").expect("new");
    let far = person.add_sub_class(&east, "Far").expect("new");
    let customer = person.add_customer("Acme").expect("new");
    person.set_reference(ListKind::Customer, &customer, "ClassRef", Some(&far)).expect("known");
    let mut count = |filter: &str| {
        let query = format!("<CustomerQueryRq><ClassFilter>{filter}</ClassFilter></CustomerQueryRq>");
        desk.one(&query).1.children.len()
    };
    assert_eq!(count("<FullName>East</FullName>"), 0);
    assert_eq!(count("<FullNameWithChildren>east</FullNameWithChildren>"), 1);
    assert_eq!(count(&format!("<ListID>{far}</ListID>")), 1);
}

#[test]
fn one_query_pages_through_all_four_lists_of_names() {
    let mut desk = Desk::new();
    let mut person = desk.file.person(at(0));
    let customer = person.add_customer("Customer").expect("new");
    person.add_job(&customer, "Job").expect("new");
    person.add_customer("Customer 2").expect("new");
    person.add_name(ListKind::Employee, "Employee").expect("new");
    person.add_name(ListKind::OtherName, "Other").expect("new");
    let start = "<EntityQueryRq iterator=\"Start\"><MaxReturned>4</MaxReturned><ActiveStatus>All</ActiveStatus></EntityQueryRq>";
    let (_, page) = desk.one(start);
    assert_eq!(
        texts(&page, "Name"),
        ["C.U. Electric", "Customer", "Job", "Customer 2"],
        "a job stands behind its customer"
    );
    let id = page.attribute("iteratorID").expect("an iterator");
    let (_, rest) =
        desk.one(&start.replace("iterator=\"Start\"", &format!("iterator=\"Continue\" iteratorID=\"{id}\"")));
    let kinds: Vec<&str> = rest.children.iter().map(|ret| ret.name.as_str()).collect();
    assert_eq!(kinds, ["EmployeeRet", "OtherNameRet"]);
    assert_eq!(rest.attribute("iteratorRemainingCount"), Some("0"));
}
