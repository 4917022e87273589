//! Lists: names, references, edit sequences, clearing, lengths, lossy text.

use super::*;
use crate::sim::quickbooks::ListKind;

fn vendor_add(fields: &str) -> String {
    format!("<VendorAddRq><VendorAdd>{fields}</VendorAdd></VendorAddRq>")
}

fn vendor_mod(desk: &Desk, fields: &str) -> String {
    let vendor = desk.file.vendors().into_iter().find(|vendor| vendor.id == desk.vendor).expect("the vendor");
    format!(
        "<VendorModRq><VendorMod><ListID>{}</ListID><EditSequence>{}</EditSequence>{fields}</VendorMod></VendorModRq>",
        vendor.id, vendor.edit_sequence
    )
}

#[test]
fn names_are_shared_by_four_lists_without_regard_to_case() {
    let mut desk = Desk::new();
    let mut person = desk.file.person(at(0));
    person.add_customer("Customer Corp").expect("new");
    person.add_name(ListKind::Employee, "Edward").expect("new");
    person.add_name(ListKind::OtherName, "Oscar").expect("new");
    let inactive = person.add_vendor("Asleep").expect("new");
    person.set_active(ListKind::Vendor, &inactive, false).expect("known");
    for name in ["c.u. ELECTRIC", "Customer Corp", " edward ", "OSCAR", "asleep"] {
        let (code, text) = desk.refusal(&vendor_add(&format!("<Name>{name}</Name>")));
        assert_eq!(code, 3100, "{name}");
        assert_eq!(text, format!("The name \"{}\" of the list element is already in use.", name.trim()));
    }
    assert_eq!(desk.one(&vendor_add("<Name>Rent</Name>")).0, 0, "accounts have names of their own");
}

#[test]
fn bad_names_are_3090() {
    let mut desk = Desk::new();
    let (code, text) = desk.refusal(&vendor_add("<Name>Incorrect : Name</Name>"));
    assert_eq!(code, 3090);
    assert_eq!(
        text,
        "There was an error when storing \"Incorrect : Name\" in the \"vendor name\" field.  QuickBooks error message: Names in this list cannot contain a colon.The colon is a special character used to indicate a parent/child relationship."
    );
    assert_eq!(desk.refusal(&vendor_add("<Name>  </Name>")).0, 3090);
}

#[test]
fn long_texts_are_3070_and_counted_in_characters() {
    let mut desk = Desk::new();
    let request = "<AccountAddRq><AccountAdd><Name>N</Name><AccountType>Expense</AccountType><AccountNumber>a5ad6d73</AccountNumber></AccountAdd></AccountAddRq>";
    let expected = "The string \"a5ad6d73\" in the field \"AccountNumber\" is too long.";
    assert_eq!(desk.refusal(request), (3070, expected.to_owned()));
    let fits = "é".repeat(41);
    assert_eq!(desk.one(&vendor_add(&format!("<Name>{fits}</Name>"))).0, 0);
    assert_eq!(desk.refusal(&vendor_add(&format!("<Name>{fits}x</Name>"))).0, 3070);
}

#[test]
fn stale_edit_sequences_are_3200_with_the_real_text() {
    let mut desk = Desk::new();
    let request = vendor_mod(&desk, "<Phone>1</Phone>");
    assert_eq!(desk.one(&request).0, 0);
    let (code, text) = desk.refusal(&request);
    assert_eq!(code, 3200);
    assert!(text.starts_with("The provided edit sequence \"") && text.ends_with("\" is out-of-date. "), "{text:?}");
}

#[test]
fn edit_sequences_differ_even_within_one_second() {
    let mut desk = Desk::new();
    let request = vendor_mod(&desk, "<Phone>1</Phone>");
    desk.one(&request);
    let before = desk.file.vendor("C.U. Electric").expect("known").edit_sequence;
    let id = desk.vendor.clone();
    desk.file.person(at(desk.minute)).set_field(ListKind::Vendor, &id, "Phone", "2").expect("known");
    assert_eq!(desk.file.vendor("C.U. Electric").expect("known").edit_sequence, before + 1);
}

#[test]
fn a_mod_changes_what_is_sent_and_clears_what_is_empty() {
    let mut desk = Desk::new();
    desk.file.person(at(0)).add_terms("Net 30", 30).expect("new");
    let full = "<CompanyName>CU</CompanyName><VendorAddress><Addr1>1 Main</Addr1><City>Bayshore</City></VendorAddress><Phone>415</Phone><TermsRef><FullName>net 30</FullName></TermsRef>";
    assert_eq!(desk.one(&vendor_mod(&desk, full)).0, 0);
    assert_eq!(
        desk.one(&vendor_mod(
            &desk,
            "<IsActive>0</IsActive><VendorAddress><Addr1>2 Main</Addr1><Addr2></Addr2></VendorAddress><Phone></Phone>"
        ))
        .0,
        0
    );
    let vendor = desk.file.vendor("C.U. Electric").expect("known");
    assert!(!vendor.active);
    assert_eq!(vendor.field("CompanyName"), Some("CU"));
    assert_eq!(vendor.field("VendorAddress/Addr1"), Some("2 Main"));
    assert_eq!(vendor.field("VendorAddress/City"), None, "an address is replaced as a whole");
    assert_eq!(vendor.field("Phone"), None);
    assert!(vendor.field("TermsRef/ListID").is_some());
    desk.one(&vendor_mod(&desk, "<TermsRef><ListID></ListID></TermsRef>"));
    assert_eq!(desk.file.vendor("C.U. Electric").expect("known").field("TermsRef/ListID"), None);
}

#[test]
fn an_account_type_cannot_be_cleared() {
    let mut desk = Desk::new();
    let account = desk.file.account("Rent").expect("known");
    let request = format!(
        "<AccountModRq><AccountMod><ListID>{}</ListID><EditSequence>{}</EditSequence><Desc></Desc></AccountMod></AccountModRq>",
        account.id, account.edit_sequence
    );
    assert_eq!(desk.one(&request).0, 0, "a description can");
    let refused = request.replace("<Desc></Desc>", "<AccountType></AccountType>");
    assert_eq!(
        desk.send_with("onError=\"stopOnError\"", "13.0", &refused).expect_err("no word of the list").code,
        0x8004_0400
    );
}

#[test]
fn references_lead_somewhere_or_are_refused() {
    let mut desk = Desk::new();
    let (code, text) = desk.refusal(&vendor_add("<Name>N</Name><TermsRef><FullName>Net 99</FullName></TermsRef>"));
    assert_eq!(code, 3140);
    assert_eq!(
        text,
        "There is an invalid reference to QuickBooks Terms \"Net 99\" in the Vendor.  QuickBooks error message: Invalid argument.  The specified record does not exist in the list."
    );
    let (code, text) = desk.refusal(&vendor_add("<Name>N</Name><TermsRef><ListID>nonsense</ListID></TermsRef>"));
    assert_eq!((code, text.as_str()), (3000, "The given object ID \"nonsense\" in the field \"list id\" is invalid."));
    assert_eq!(desk.refusal(&vendor_add("<Name>N</Name><ClassRef><FullName>X</FullName></ClassRef>")).0, 3250);
    assert_eq!(desk.refusal(&vendor_add("<Name>N</Name><CurrencyRef><FullName>Euro</FullName></CurrencyRef>")).0, 3250);
    let gone = vendor_mod(&desk, "").replace(&desk.vendor, "80000099-1700000000");
    let (code, text) = desk.refusal(&gone);
    assert_eq!(code, 3120);
    assert_eq!(
        text,
        "Object \"80000099-1700000000\" specified in the request cannot be found.  QuickBooks error message: Invalid argument.  The specified record does not exist in the list."
    );
}

#[test]
fn accounts_nest_with_unique_full_names() {
    let mut desk = Desk::new();
    let add = |name: &str, parent: &str, kind: &str| {
        let parent = if parent.is_empty() {
            String::new()
        } else {
            format!("<ParentRef><FullName>{parent}</FullName></ParentRef>")
        };
        format!(
            "<AccountAddRq><AccountAdd><Name>{name}</Name>{parent}<AccountType>{kind}</AccountType></AccountAdd></AccountAddRq>"
        )
    };
    let (code, response) = desk.one(&add("Water", "rent", "Expense"));
    assert_eq!(code, 0);
    let ret = &response.children[0];
    assert_eq!((ret.text_of("FullName"), ret.text_of("Sublevel")), (Some("Rent:Water"), Some("1")));
    assert_eq!(ret.child("ParentRef").and_then(|parent| parent.text_of("FullName")), Some("Rent"));
    assert_eq!(desk.refusal(&add("WATER", "Rent", "Expense")).0, 3100);
    assert_eq!(desk.one(&add("Water", "Repairs", "Expense")).0, 0, "unique under its parent only");
    assert_eq!(desk.refusal(&add("X", "Rent", "Bank")).0, 3210);
    assert_eq!(desk.refusal(&add("X", "", "NonPosting")).0, 3210);
    let (code, text) = desk.refusal(&add("X", "Nowhere", "Expense"));
    assert_eq!(code, 3130);
    assert_eq!(
        text,
        "There is an invalid reference to a parent \"Nowhere\" in the Accounts list.  QuickBooks error message: Invalid argument.  The specified record does not exist in the list."
    );
}

#[test]
fn account_numbers_stand_for_names_while_they_are_on() {
    let mut desk = Desk::new();
    let add = "<AccountAddRq><AccountAdd><Name>Numbered</Name><AccountType>Bank</AccountType><AccountNumber>10500</AccountNumber><OpenBalance>12.50</OpenBalance></AccountAdd></AccountAddRq>";
    assert_eq!(desk.one(add).0, 0);
    assert_eq!(desk.file.account("Numbered").expect("known").balance_cents, 1_250);
    let query = "<AccountQueryRq><FullName>10500</FullName></AccountQueryRq>";
    assert_eq!(desk.one(query).0, 500);
    desk.file.person(at(0)).set_preferences(|preferences| preferences.account_numbers = true);
    assert_eq!(desk.one(query).0, 0);
    assert_eq!(desk.refusal(&add.replace("Numbered", "Other")).0, 3210);
}

#[test]
fn text_is_stored_with_losses() {
    let mut desk = Desk::new();
    desk.one(
        &vendor_add("<Name>  Łódź &#8364; &#19996; </Name><Notes>a&#13;&#10;b</Notes>")
            .replace('Ł', "&#321;")
            .replace('ź', "&#378;"),
    );
    let vendor = desk.file.vendor("?ód? € ?").expect("stored with question marks");
    assert_eq!(vendor.field("Notes"), Some("a\nb"));
}

#[test]
fn fields_of_other_countries_are_530() {
    let mut desk = Desk::new();
    let (code, response) = desk.one(&vendor_add("<Name>N</Name><Mobile>1</Mobile>"));
    assert_eq!(code, 530);
    assert_eq!(response.attribute("statusSeverity"), Some("Warn"));
    assert_eq!(desk.file.vendor("N").expect("stored").field("Mobile"), None);
}

#[test]
fn a_vendor_for_a_1099_needs_number_and_address() {
    let mut desk = Desk::new();
    let flag = "<IsVendorEligibleFor1099>true</IsVendorEligibleFor1099>";
    let (code, text) = desk.refusal(&vendor_add(&format!("<Name>N</Name>{flag}")));
    assert_eq!((code, text.as_str()), (3150, "There is a missing element: \"VendorTaxIdent\"."));
    let complete = format!(
        "<Name>N</Name><VendorAddress><Addr1>1</Addr1></VendorAddress><VendorTaxIdent>12-3456789</VendorTaxIdent>{flag}"
    );
    assert_eq!(desk.one(&vendor_add(&complete)).0, 0);
}

#[test]
fn contacts_and_notes_get_ids() {
    let mut desk = Desk::new();
    let (_, response) = desk.one(&vendor_add("<Name>N</Name><Contacts><FirstName>Ana</FirstName></Contacts><AdditionalNotes><Note>x</Note></AdditionalNotes>"));
    let ret = &response.children[0];
    let contact = ret.child("ContactsRet").expect("a contact");
    assert_eq!((contact.text_of("FirstName"), contact.text_of("ListID").map(str::len)), (Some("Ana"), Some(16)));
    assert_eq!(ret.child("AdditionalNotesRet").and_then(|note| note.text_of("NoteID")), Some("1"));
}

#[test]
fn open_windows_lock_records_for_applications() {
    let mut desk = Desk::new();
    let request = vendor_mod(&desk, "<Phone>1</Phone>");
    let id = desk.vendor.clone();
    desk.file.person(at(0)).open_window(&id);
    let (code, text) = desk.refusal(&request);
    assert_eq!(
        (code, text.as_str()),
        (3176, "There was an error when modifying a Vendor.  QuickBooks error message: The list element is in use.")
    );
    desk.file.person(at(0)).close_window(&id);
    assert_eq!(desk.one(&request).0, 0);
}

#[test]
fn only_unused_records_are_deleted_and_leave_a_trace() {
    let mut desk = Desk::new();
    desk.bill("1", 100);
    let del =
        |kind: &str, id: &str| format!("<ListDelRq><ListDelType>{kind}</ListDelType><ListID>{id}</ListID></ListDelRq>");
    let (code, text) = desk.refusal(&del("Vendor", &desk.vendor.clone()));
    assert_eq!(code, 3160);
    assert_eq!(
        text,
        format!(
            "Cannot delete the object specified by the id = \"{}\".  QuickBooks error message: The list element is in use.",
            desk.vendor
        )
    );
    assert_eq!(desk.refusal(&del("Account", &desk.rent.clone())).0, 3160);
    assert_eq!(desk.refusal(&del("Vendor", &desk.rent.replace("80000003", "80000077"))).0, 3120);
    let (code, response) = desk.one(&del("Account", &desk.repairs.clone()));
    assert_eq!((code, response.text_of("FullName")), (0, Some("Repairs")));
    let (_, gone) = desk.one(
        "<ListDeletedQueryRq><ListDelType>Vendor</ListDelType><ListDelType>Account</ListDelType></ListDeletedQueryRq>",
    );
    assert_eq!(texts(&gone, "ListID"), [desk.repairs.as_str()]);
    desk.file.setup.multi_user = true;
    let spare = desk.file.person(at(0)).add_vendor("Spare").expect("new");
    assert_eq!(desk.refusal(&del("Vendor", &spare)).0, 3160);
}

#[test]
fn deletions_are_remembered_for_ninety_days() {
    let mut desk = Desk::new();
    let spare = desk.file.person(at(0)).add_vendor("Spare").expect("new");
    desk.file.person(at(5)).delete(ListKind::Vendor, &spare).expect("unused");
    let query = "<ListDeletedQueryRq><ListDelType>Vendor</ListDelType></ListDeletedQueryRq>";
    desk.minute = 90 * 24 * 60;
    assert_eq!(desk.one(query).0, 0);
    desk.minute += 10;
    assert_eq!(desk.one(query).0, 1);
}
