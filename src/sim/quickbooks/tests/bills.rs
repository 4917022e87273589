//! Bills: defaults, postings, lines, changes, closed periods, voids, deletions, filters.

use super::*;
use crate::sim::quickbooks::{ListKind, TxnKind};

impl Desk {
    fn bill_add(&self, header: &str, lines: &str) -> String {
        format!(
            "<BillAddRq><BillAdd><VendorRef><ListID>{}</ListID></VendorRef>{header}{lines}</BillAdd></BillAddRq>",
            self.vendor
        )
    }

    fn line(&self, amount: &str) -> String {
        format!(
            "<ExpenseLineAdd><AccountRef><ListID>{}</ListID></AccountRef><Amount>{amount}</Amount></ExpenseLineAdd>",
            self.rent
        )
    }

    fn bill_mod(&self, id: &str, inside: &str) -> String {
        let bill = self.file.bill(id).expect("the bill");
        format!(
            "<BillModRq><BillMod><TxnID>{id}</TxnID><EditSequence>{}</EditSequence>{inside}</BillMod></BillModRq>",
            bill.edit_sequence
        )
    }
}

/// The elements of a bill in the order of the schema.
const HEADER_ORDER: &str = "TxnID TimeCreated TimeModified EditSequence TxnNumber VendorRef APAccountRef TxnDate DueDate AmountDue RefNumber TermsRef Memo IsPaid ExternalGUID ExpenseLineRet ExpenseLineRet OpenAmount";

#[test]
fn a_bill_takes_defaults_and_is_posted() {
    let mut desk = Desk::new();
    let terms = desk.file.person(at(0)).add_terms("Net 30", 30).expect("new");
    let vendor = desk.vendor.clone();
    desk.file.person(at(0)).set_terms(ListKind::Vendor, &vendor, &terms).expect("known");
    let request = desk.bill_add("<TxnDate>2026-01-05</TxnDate><RefNumber>INV-1</RefNumber><Memo>Rewiring</Memo><ExternalGUID>{3F2504E0-4F89-41D3-9A0C-0305E82C3301}</ExternalGUID>", &(desk.line("750") + &desk.line("-50.25")));
    let (code, response) = desk.one(&request);
    assert_eq!(code, 0);
    let ret = &response.children[0];
    let names: Vec<&str> = ret.children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names.join(" "), HEADER_ORDER);
    assert_eq!(ret.text_of("DueDate"), Some("2026-02-04"));
    assert_eq!((ret.text_of("AmountDue"), ret.text_of("OpenAmount")), (Some("699.75"), Some("699.75")));
    assert_eq!(ret.child("VendorRef").and_then(|vendor| vendor.text_of("FullName")), Some("C.U. Electric"));
    assert_eq!(desk.file.account("Accounts Payable").expect("known").balance_cents, 69_975);
    assert_eq!(desk.file.account("Rent").expect("known").balance_cents, 69_975);
    assert_eq!(desk.file.vendor("C.U. Electric").expect("known").balance_cents, 69_975);
}

#[test]
fn a_duplicate_number_is_accepted() {
    let mut desk = Desk::new();
    let request = desk.bill_add("<RefNumber>1</RefNumber>", &desk.line("1.00"));
    assert_eq!(desk.one(&request).0, 0);
    assert_eq!(desk.one(&request).0, 0);
    assert_eq!(desk.one("<BillQueryRq><RefNumber>1</RefNumber></BillQueryRq>").1.children.len(), 2);
}

#[test]
fn item_lines_compute_amount_or_cost() {
    let mut desk = Desk::new();
    let repairs = desk.repairs.clone();
    desk.file.person(at(0)).add_item("Cable", &repairs).expect("new");
    let line =
        |fields: &str| format!("<ItemLineAdd><ItemRef><FullName>Cable</FullName></ItemRef>{fields}</ItemLineAdd>");
    let lines = line("<Quantity>2</Quantity><Cost>35.00</Cost>")
        + &line("<Quantity>3</Quantity><Cost>9</Cost><Amount>10.00</Amount>")
        + &line("");
    let (code, response) = desk.one(&desk.bill_add("", &lines));
    assert_eq!(code, 0);
    let seen: Vec<_> = response.children[0]
        .children_named("ItemLineRet")
        .map(|line| (line.text_of("Quantity"), line.text_of("Cost"), line.text_of("Amount")))
        .collect();
    assert_eq!(
        seen,
        [
            (Some("2"), Some("35.00"), Some("70.00")),
            (Some("3"), Some("3.33333"), Some("10.00")),
            (Some("1"), Some("0.00"), Some("0.00"))
        ]
    );
    assert_eq!(desk.file.account("Repairs").expect("known").balance_cents, 8_000);
}

#[test]
fn bad_bills_are_refused_with_the_fitting_code() {
    let mut desk = Desk::new();
    let (code, text) = desk.refusal(
        &desk.bill_add("<APAccountRef><FullName>AOS Accounts Payable</FullName></APAccountRef>", &desk.line("1.00")),
    );
    assert_eq!(
        (code, text.as_str()),
        (
            3140,
            "There is an invalid reference to QuickBooks AP Account \"AOS Accounts Payable\" in the Bill.  QuickBooks error message: Invalid argument.  The specified record does not exist in the list."
        )
    );
    let (code, text) =
        desk.refusal(&desk.bill_add("<APAccountRef><FullName>Rent</FullName></APAccountRef>", &desk.line("1.00")));
    assert_eq!(
        (code, text.as_str()),
        (
            3140,
            "There is an invalid reference to QuickBooks AP Account \"Rent\" in the Bill.  QuickBooks error message: The account for this transaction must be of type Accounts Payable."
        )
    );
    assert_eq!(desk.refusal(&desk.bill_add("", "")).0, 3180);
    assert_eq!(desk.refusal(&desk.bill_add("", &desk.line("-1.00"))).0, 3210);
    assert_eq!(desk.refusal(&desk.bill_add("", &desk.line("9999999999999.99").repeat(2))).0, 3101);
    assert_eq!(desk.refusal(&desk.bill_add("", "<ExpenseLineAdd><Amount>1.00</Amount></ExpenseLineAdd>")).0, 3270);
    let class = "<ExpenseLineAdd><AccountRef><FullName>Rent</FullName></AccountRef><ClassRef><FullName>East</FullName></ClassRef></ExpenseLineAdd>";
    assert_eq!(desk.refusal(&desk.bill_add("", class)).0, 3250);
    assert_eq!(desk.refusal(&desk.bill_add("<LinkToTxnID>1A-1</LinkToTxnID>", &desk.line("1.00"))).0, 3120);
    let rent = desk.rent.clone();
    desk.file.person(at(0)).set_active(ListKind::Account, &rent, false).expect("known");
    assert_eq!(desk.refusal(&desk.bill_add("", &desk.line("1.00"))).0, 3140);
    let customer = desk.file.person(at(0)).add_customer("Not a vendor").expect("new");
    let wrong = desk.bill_add("", &desk.line("1.00")).replace(&desk.vendor, &customer);
    assert_eq!(desk.refusal(&wrong).0, 3140, "names share their IDs, but a customer is no vendor");
}

#[test]
fn empty_references_are_3000() {
    let mut desk = Desk::new();
    for empty in ["<TermsRef><ListID></ListID></TermsRef>", "<APAccountRef><FullName></FullName></APAccountRef>"] {
        let (code, text) = desk.refusal(&desk.bill_add(empty, &desk.line("1.00")));
        assert_eq!((code, text.as_str()), (3000, "The given object ID \"\" in the field \"list id\" is invalid."));
    }
    let no_vendor = desk.bill_add("", &desk.line("1.00")).replace(&format!("<ListID>{}</ListID>", desk.vendor), "");
    assert_eq!(desk.refusal(&no_vendor).0, 3000);
}

#[test]
fn header_changes_leave_the_lines_alone() {
    let mut desk = Desk::new();
    let id = desk.bill("1", 1_000);
    let before = desk.file.bill(&id).expect("known");
    assert_eq!(desk.one(&desk.bill_mod(&id, "<DueDate>2026-03-01</DueDate><Memo>note</Memo>")).0, 0);
    assert_eq!(desk.one(&desk.bill_mod(&id, "<Memo></Memo>")).0, 0);
    let after = desk.file.bill(&id).expect("known");
    assert_eq!((after.due_date, after.memo), (Some(day("2026-03-01")), None));
    assert_eq!(after.lines, before.lines);
    let (code, text) = desk.refusal(&desk.bill_mod(&id, "<TxnDate></TxnDate>"));
    assert_eq!((code, text.as_str()), (3190, "Cannot clear the element in the field \"TxnDate\" of the Bill."));
    assert_eq!(desk.refusal(&desk.bill_mod(&id, "<VendorRef><ListID></ListID></VendorRef>")).0, 3190);
}

#[test]
fn lines_sent_are_all_lines_of_their_table() {
    let mut desk = Desk::new();
    let repairs = desk.repairs.clone();
    desk.file.person(at(0)).add_item("Cable", &repairs).expect("new");
    let item = "<ItemLineAdd><ItemRef><FullName>Cable</FullName></ItemRef><Quantity>1</Quantity><Cost>5.00</Cost></ItemLineAdd>";
    let lines = desk.line("10.00") + &desk.line("20.00") + item;
    let (_, response) = desk.one(&desk.bill_add("", &lines));
    let id = response.children[0].text_of("TxnID").expect("an ID").to_owned();
    let old = desk.file.bill(&id).expect("known").lines;
    let keep = format!("<ExpenseLineMod><TxnLineID>{}</TxnLineID></ExpenseLineMod>", old[1].id);
    let new = format!(
        "<ExpenseLineMod><TxnLineID>-1</TxnLineID><AccountRef><ListID>{}</ListID></AccountRef><Amount>7.00</Amount></ExpenseLineMod>",
        desk.repairs
    );
    assert_eq!(desk.one(&desk.bill_mod(&id, &format!("{new}{keep}"))).0, 0);
    let now = desk.file.bill(&id).expect("known");
    assert_eq!(now.lines.iter().map(|line| line.cents).collect::<Vec<_>>(), [700, 2_000, 500]);
    assert_eq!(now.lines[1], old[1], "a line with only its ID stays as it is");
    assert_eq!(now.lines[2], old[2], "the item table is not touched");
    assert_eq!(desk.file.account("Rent").expect("known").balance_cents, 2_000);
    let changed = format!(
        "<ClearExpenseLines>true</ClearExpenseLines><ItemLineMod><TxnLineID>{}</TxnLineID><Quantity>3</Quantity></ItemLineMod>",
        old[2].id
    );
    assert_eq!(desk.one(&desk.bill_mod(&id, &changed)).0, 0);
    let now = desk.file.bill(&id).expect("known");
    assert_eq!((now.lines.len(), now.total_cents), (1, 1_500));
    let unknown = "<ExpenseLineMod><TxnLineID>FFFF-1</TxnLineID></ExpenseLineMod>";
    assert_eq!(desk.refusal(&desk.bill_mod(&id, unknown)).0, 3120);
    let cleared = format!("<ItemLineMod><TxnLineID>{}</TxnLineID><Cost></Cost></ItemLineMod>", old[2].id);
    assert_eq!(desk.refusal(&desk.bill_mod(&id, &cleared)).0, 3190);
}

#[test]
fn line_ids_may_change() {
    let mut desk = Desk::new();
    desk.file.setup.habits.line_ids_change = true;
    let id = desk.bill("1", 1_000);
    let old = desk.file.bill(&id).expect("known").lines[0].id.clone();
    desk.one(&desk.bill_mod(&id, "<Memo>x</Memo>"));
    assert_eq!(desk.file.bill(&id).expect("known").lines[0].id, old, "not for the header alone");
    let line = format!("<ExpenseLineMod><TxnLineID>{old}</TxnLineID><Amount>9.00</Amount></ExpenseLineMod>");
    assert_eq!(desk.one(&desk.bill_mod(&id, &line)).0, 0);
    assert_ne!(desk.file.bill(&id).expect("known").lines[0].id, old);
}

#[test]
fn closed_periods_hold_applications_back() {
    let mut desk = Desk::new();
    let id = desk.bill("1", 1_000);
    desk.file.person(at(1)).set_preferences(|preferences| preferences.closing_date = Some(day("2026-01-10")));
    let (code, text) = desk.refusal(&desk.bill_mod(&id, "<Memo>x</Memo>"));
    assert_eq!(code, 3171);
    assert!(
        text.starts_with(
            "An attempt was made to modify a Bill with a date that is on or before the closing date of the company."
        ),
        "{text}"
    );
    assert_eq!(desk.refusal(&desk.bill_add("<TxnDate>2026-01-10</TxnDate>", &desk.line("1.00"))).0, 3171);
    assert_eq!(desk.one(&desk.bill_add("<TxnDate>2026-01-11</TxnDate>", &desk.line("1.00"))).0, 0);
    let del = format!("<TxnDelRq><TxnDelType>Bill</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>");
    assert_eq!(desk.refusal(&del).0, 3161);
    desk.file.person(at(2)).change_bill(&id, &[("Memo", "by hand")]).expect("people go on");
}

#[test]
fn an_open_bill_is_3175() {
    let mut desk = Desk::new();
    let id = desk.bill("1", 1_000);
    desk.file.person(at(1)).open_window(&id);
    let (code, text) = desk.refusal(&desk.bill_mod(&id, "<Memo>x</Memo>"));
    assert_eq!(
        (code, text.as_str()),
        (
            3175,
            "There was an error adding, modifying or deleting Transaction because it is already in use.  QuickBooks error message: The transaction could not be locked. It is in use by another user."
        )
    );
}

#[test]
fn paid_bills_keep_vendor_account_and_amount() {
    let mut desk = Desk::new();
    let id = desk.bill("1", 1_000);
    let bank = desk.bank.clone();
    let before = desk.file.bill(&id).expect("known").edit_sequence;
    desk.file.person(at(60)).pay_bill(&id, &bank, 600, "501").expect("open");
    desk.minute = 61;
    assert!(desk.file.bill(&id).expect("known").edit_sequence > before);
    assert_eq!(desk.file.account("Checking").expect("known").balance_cents, -600);
    assert_eq!(desk.file.vendor("C.U. Electric").expect("known").balance_cents, 400);
    let (_, response) =
        desk.one(&format!("<BillQueryRq><TxnID>{id}</TxnID><IncludeLinkedTxns>true</IncludeLinkedTxns></BillQueryRq>"));
    let ret = &response.children[0];
    let link = ret.child("LinkedTxn").expect("linked");
    assert_eq!((link.text_of("TxnType"), link.text_of("Amount")), (Some("BillPaymentCheck"), Some("-6.00")));
    assert_eq!((ret.text_of("IsPaid"), ret.text_of("OpenAmount")), (Some("false"), Some("4.00")));
    assert!(ret.child("ExpenseLineRet").is_none(), "lines only if asked for");
    let line = desk.file.bill(&id).expect("known").lines[0].id.clone();
    let mut smaller = |amount: &str| {
        let lines = format!("<ExpenseLineMod><TxnLineID>{line}</TxnLineID><Amount>{amount}</Amount></ExpenseLineMod>");
        let request = desk.bill_mod(&id, &lines);
        desk.one(&request).0
    };
    assert_eq!(smaller("5.99"), 3210);
    assert_eq!(smaller("6.00"), 0);
    assert_eq!(desk.file.bill(&id).expect("known").open_cents, 0);
    desk.file.person(at(1)).add_vendor("Other").expect("new");
    assert_eq!(desk.refusal(&desk.bill_mod(&id, "<VendorRef><FullName>Other</FullName></VendorRef>")).0, 3170);
    let del = format!("<TxnDelRq><TxnDelType>Bill</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>");
    assert_eq!(desk.refusal(&del).0, 3160);
    desk.file.setup.habits.paid_bill_stays = false;
    assert_eq!(desk.one(&del).0, 0);
    assert!(desk.file.bill(&id).is_none());
}

#[test]
fn a_void_keeps_the_record_and_a_deletion_leaves_a_trace() {
    let mut desk = Desk::new();
    let voided = desk.bill("V", 1_000);
    let deleted = desk.bill("D", 2_000);
    let (code, response) =
        desk.one(&format!("<TxnVoidRq><TxnVoidType>Bill</TxnVoidType><TxnID>{voided}</TxnID></TxnVoidRq>"));
    assert_eq!((code, response.text_of("RefNumber")), (0, Some("V")));
    let bill = desk.file.bill(&voided).expect("still there");
    assert_eq!((bill.total_cents, bill.lines[0].cents, bill.memo.as_deref()), (0, 0, Some("VOID:")));
    let (code, response) =
        desk.one(&format!("<TxnDelRq><TxnDelType>Bill</TxnDelType><TxnID>{deleted}</TxnID></TxnDelRq>"));
    assert_eq!((code, response.text_of("TxnDelType")), (0, Some("Bill")));
    let (_, gone) = desk.one("<TxnDeletedQueryRq><TxnDelType>Bill</TxnDelType></TxnDeletedQueryRq>");
    assert_eq!(texts(&gone, "RefNumber"), ["D"]);
    assert_eq!(desk.file.account("Rent").expect("known").balance_cents, 0);
    let (code, _) =
        desk.refusal(&format!("<TxnDelRq><TxnDelType>BillPaymentCheck</TxnDelType><TxnID>{voided}</TxnID></TxnDelRq>"));
    assert_eq!(code, 3120);
}

#[test]
fn bills_are_filtered() {
    let mut desk = Desk::new();
    let first = desk.bill("A-1", 1_000);
    desk.bill("A-2", 2_000);
    let bank = desk.bank.clone();
    desk.file.person(at(5)).pay_bill(&first, &bank, 1_000, "1").expect("open");
    let other = desk.file.person(at(5)).add_vendor("Other").expect("new");
    let draft = BillDraft { vendor_id: other, date: day("2025-12-24"), ..desk.draft("b-3", 3_000) };
    desk.file.person(at(90)).add_bill(&draft).expect("good");
    let mut found = |filter: &str| {
        let (_, response) = desk.one(&format!("<BillQueryRq>{filter}</BillQueryRq>"));
        texts(&response, "RefNumber").into_iter().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found(""), "b-3 A-1 A-2", "by date");
    assert_eq!(found("<RefNumber>B-3</RefNumber>"), "b-3");
    assert_eq!(found("<RefNumberCaseSensitive>B-3</RefNumberCaseSensitive>"), "");
    assert_eq!(found("<TxnDateRangeFilter><FromTxnDate>2026-01-01</FromTxnDate></TxnDateRangeFilter>"), "A-1 A-2");
    assert_eq!(found("<TxnDateRangeFilter><DateMacro>LastMonth</DateMacro></TxnDateRangeFilter>"), "b-3");
    assert_eq!(found("<EntityFilter><FullName>Other</FullName></EntityFilter>"), "b-3");
    assert_eq!(
        found("<AccountFilter><FullNameWithChildren>Rent</FullNameWithChildren></AccountFilter>"),
        "b-3 A-1 A-2"
    );
    assert_eq!(found("<AccountFilter><FullName>Repairs</FullName></AccountFilter>"), "");
    assert_eq!(
        found("<RefNumberFilter><MatchCriterion>StartsWith</MatchCriterion><RefNumber>a</RefNumber></RefNumberFilter>"),
        "A-1 A-2"
    );
    assert_eq!(found("<RefNumberRangeFilter><FromRefNumber>A-2</FromRefNumber></RefNumberRangeFilter>"), "b-3 A-2");
    assert_eq!(found("<PaidStatus>PaidOnly</PaidStatus>"), "A-1");
    assert_eq!(
        found(
            "<ModifiedDateRangeFilter><FromModifiedDate>2026-01-12T10:30:00</FromModifiedDate></ModifiedDateRangeFilter>"
        ),
        "b-3"
    );
    assert_eq!(
        desk.refusal(
            "<BillQueryRq><TxnDateRangeFilter><DateMacro>NextFourWeeks</DateMacro></TxnDateRangeFilter></BillQueryRq>"
        )
        .0,
        1030
    );
}

#[test]
fn macros_are_defined_once() {
    let mut desk = Desk::new();
    let define = |name: &str| {
        desk.bill_add("", &desk.line("1.00")).replace("<BillAdd>", &format!("<BillAdd defMacro=\"{name}\">"))
    };
    let both = define("TxnID:a") + &define("TxnID:a") + &define("nonsense");
    let answer = desk.send(&both);
    assert_eq!(answer.children.iter().map(code).collect::<Vec<_>>(), [0, 9100, 9100]);
    assert_eq!(desk.file.bills().len(), 1);
    let id = desk.file.bills()[0].id.clone();
    desk.file.person(at(9)).void(TxnKind::Bill, &id).expect("known");
}
