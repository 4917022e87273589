//! What leaves when a record of a kind is made, when it is changed, and when the other side refuses it: one story a kind, through
//! the whole office, against the files in `fixtures/entities`.
//!
//! A file holds the writes that QuickBooks was sent and the calls that Bill.com got, and what people read when one was refused.
//! `UPDATE_GOLDENS=1` writes the files anew; read the difference before keeping it.

use super::payables::Firm;
use super::receivables::{draft, enter_invoice, practice};
use super::{billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_with_problems};
use crate::between::{Between, between};
use crate::harness::{Office, day};
use counterfoil::engine::ProblemLine;
use counterfoil::entities::ENTITIES;
use counterfoil::sim::billcom::{BillDraft, CreditDraft, FaultKind, Hazards, On, ReceiptPlan};
use counterfoil::sim::quickbooks::{ListKind, Receipt, TxnKind};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Every file there is; of each kind at least one that is made, one that is changed and one that is refused.
const CASES: &[(&str, &[&str])] = &[
    ("account", &["create_in_quickbooks", "create_in_billcom", "change_in_quickbooks", "rejected_by_quickbooks"]),
    ("class", &["create_in_quickbooks", "create_in_billcom", "change_in_quickbooks", "rejected_by_quickbooks"]),
    (
        "vendor",
        &[
            "create_in_quickbooks",
            "create_in_billcom",
            "change_in_quickbooks",
            "change_in_billcom",
            "rejected_by_quickbooks",
            "rejected_by_billcom",
        ],
    ),
    (
        "customer",
        &[
            "create_in_quickbooks",
            "create_in_billcom",
            "change_in_quickbooks",
            "change_in_billcom",
            "rejected_by_quickbooks",
            "rejected_by_billcom",
        ],
    ),
    ("item", &["create_in_billcom", "change_in_billcom", "rejected_by_billcom"]),
    ("bill", &["create_in_quickbooks", "change_in_quickbooks", "void_in_quickbooks", "rejected_by_quickbooks"]),
    ("vendor_credit", &["create_in_quickbooks", "change_in_quickbooks", "rejected_by_quickbooks"]),
    ("bill_payment", &["create_in_quickbooks", "change_by_void_in_quickbooks", "rejected_by_quickbooks"]),
    ("reversal", &["create_in_quickbooks", "change_of_day_in_quickbooks", "rejected_by_quickbooks"]),
    ("funds_transfer", &["create_in_quickbooks", "change_by_return_in_quickbooks", "rejected_by_quickbooks"]),
    (
        "invoice",
        &[
            "create_in_quickbooks",
            "create_in_billcom",
            "change_in_billcom",
            "void_in_billcom",
            "rejected_by_quickbooks",
            "rejected_by_billcom",
        ],
    ),
    (
        "invoice_payment",
        &["create_in_quickbooks", "create_in_billcom", "change_by_void_in_quickbooks", "rejected_by_quickbooks"],
    ),
];

/// QuickBooks' answer to a user who may not do this by hand.
const REFUSAL: &str = "statusCode=\"3260\" statusSeverity=\"Error\" statusMessage=\"Insufficient permission level to perform this action.\"";

/// What is refused from now on, if anything.
type Refused = Arc<Mutex<Option<&'static str>>>;
/// The message sets as they were sent.
type Sent = Arc<Mutex<Vec<String>>>;

/// A kind's story.
struct Story {
    kind: &'static str,
    refused: Refused,
    sent: Sent,
}

impl Story {
    /// From here on everything that leaves is noted.
    fn begin(kind: &'static str, office: &mut Office) -> Self {
        let story = Self { kind, refused: Refused::default(), sent: Sent::default() };
        let (refused, sent) = (story.refused.clone(), story.sent.clone());
        let on_the_way = move |request: &str, given: String| {
            sent.lock().expect("sent").push(request.to_owned());
            let refused = *refused.lock().expect("refused");
            Some(refused.map_or(given, |name| without(request, name)))
        };
        let refused = story.refused.clone();
        let back = move |request: &str, answer: String| {
            let refused = *refused.lock().expect("refused");
            Some(refused.map_or(answer.clone(), |name| refusing(request, &answer, name)))
        };
        between(office, &Between::changing(on_the_way, back));
        story.forget(office);
        story
    }

    /// What has left so far belongs to no file.
    fn forget(&self, office: &Office) {
        self.sent.lock().expect("sent").clear();
        office.calls.lock().expect("calls").clear();
    }

    /// All of it travels, and what left is what the file says.
    fn carried(&self, office: &mut Office, case: &str) {
        let status = settle_with_problems(office);
        let mut told = String::new();
        for request in self.sent.lock().expect("sent").drain(..) {
            writes(&request).iter().for_each(|write| writeln!(told, "To QuickBooks:\n{write}\n").expect("text"));
        }
        for (path, data) in office.calls.lock().expect("calls").drain(..).filter(|(path, _)| is_write(path)) {
            let data: serde_json::Value = serde_json::from_str(&data).expect("JSON");
            writeln!(told, "To Bill.com, {path}:\n{data:#}\n").expect("text");
        }
        for line in status.problems {
            let problem = office.engine().problem(&office.company, line.id).expect("problem");
            writeln!(told, "Problem {}: {}\n{}", line.code, line.summary, problem.what_happened).expect("text");
            problem.what_to_do.iter().for_each(|step| writeln!(told, "* {step}").expect("text"));
            let buttons: Vec<_> = line.actions.iter().map(|action| format!("[{}]", action.label)).collect();
            writeln!(told, "{}\n", buttons.join(" ")).expect("text");
        }
        assert_eq!(told.contains("Problem "), case.starts_with("rejected"), "{} {case}:\n{told}", self.kind);
        assert!(told.contains("To "), "{} {case}: nothing left", self.kind);
        compare(self.kind, case, &told);
    }

    /// QuickBooks refuses every request of this name.
    fn quickbooks_refuses(&self, name: &'static str) {
        *self.refused.lock().expect("refused") = Some(name);
    }
}

fn billcom_refuses(office: &Office, path: &'static str) {
    office.organization().hazards.rate(On::Path(path), FaultKind::Code("BDC_1171"), 1000);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/entities")
}

fn compare(kind: &str, case: &str, told: &str) {
    assert!(CASES.iter().any(|(of, cases)| *of == kind && cases.contains(&case)), "{kind} {case} is not in the list");
    let file = folder().join(kind).join(format!("{case}.txt"));
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(&file, told).expect("written");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert_eq!(told, known, "{} is not what leaves any more", file.display());
}

/// Calls that change something in Bill.com.
fn is_write(path: &str) -> bool {
    ["Create", "Update", "Delete", "Undelete", "Record", "Void", "Set"].iter().any(|verb| path.contains(verb))
}

/// The elements of a message set, each from its name to its end, whose names satisfy a condition.
fn elements(request: &str, wanted: impl Fn(&str) -> bool) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for (at, _) in request.match_indices('<') {
        let name = request[at + 1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let Some(plain) = name.strip_suffix("Rq").filter(|plain| wanted(plain)) else { continue };
        let end = format!("</{name}>");
        let length = request[at..].find(&end).expect("an end") + end.len();
        found.push((plain, at..at + length));
    }
    found
}

/// The writes of a message set, a line an element.
fn writes(request: &str) -> Vec<String> {
    let is_write = |name: &str| ["Add", "Mod", "Void", "Del"].iter().any(|verb| name.ends_with(verb));
    elements(request, is_write).into_iter().map(|(_, at)| request[at].replace("><", ">\n<")).collect()
}

fn request_id(element: &str) -> &str {
    let (_, rest) = element.split_once("requestID=\"").expect("an id");
    rest.split_once('"').expect("a quotation mark").0
}

/// The message set with something harmless in the place of what is refused.
fn without(request: &str, name: &str) -> String {
    let mut out = request.to_owned();
    for (_, at) in elements(request, |found| found == name).into_iter().rev() {
        let id = request_id(&request[at.clone()]).to_owned();
        out.replace_range(at, &format!("<HostQueryRq requestID=\"{id}\"></HostQueryRq>"));
    }
    out
}

/// The answer with refusals in the place of what came of that.
fn refusing(request: &str, answer: &str, name: &str) -> String {
    let mut out = answer.to_owned();
    for (_, at) in elements(request, |found| found == name) {
        let id = request_id(&request[at]).to_owned();
        let Some(begin) = out.find(&format!("<HostQueryRs requestID=\"{id}\"")) else { continue };
        let end = begin + out[begin..].find("</HostQueryRs>").expect("an end") + "</HostQueryRs>".len();
        out.replace_range(begin..end, &format!("<{name}Rs requestID=\"{id}\" {REFUSAL} />"));
    }
    out
}

#[test]
fn every_kind_has_its_files_and_every_file_its_case() {
    for entity in ENTITIES {
        let kind = entity.kind().word();
        let (_, cases) = CASES.iter().find(|(of, _)| *of == kind).unwrap_or_else(|| panic!("{kind} has no story"));
        for sort in ["create", "change", "rejected"] {
            assert!(cases.iter().any(|case| case.starts_with(sort)), "{kind}: no {sort}");
        }
    }
    let mut files = Vec::new();
    for kind in std::fs::read_dir(folder()).expect("fixtures") {
        let kind = kind.expect("a folder").path();
        files.extend(std::fs::read_dir(kind).expect("a folder").map(|file| file.expect("a file").path()));
    }
    let mut listed: Vec<_> = CASES
        .iter()
        .flat_map(|(kind, cases)| cases.iter().map(move |case| folder().join(kind).join(format!("{case}.txt"))))
        .collect();
    files.sort();
    listed.sort();
    assert_eq!(files, listed);
}

/// A firm whose vendor and accounts are in step.
fn firm() -> Firm {
    let mut firm = Firm::new();
    in_quickbooks(&mut firm.office, |person| {
        person.set_preferences(|preferences| preferences.class_tracking = true);
    });
    settle(&mut firm.office);
    firm
}

#[test]
fn accounts() {
    let mut office = firm().office;
    let story = Story::begin("account", &mut office);
    let id = in_billcom(&office, |person| person.create_account("Travel", "7", "6100").expect("account"));
    story.carried(&mut office, "create_in_quickbooks");
    in_quickbooks(&mut office, |person| person.add_account("Rent", "Expense").expect("account"));
    story.carried(&mut office, "create_in_billcom");
    in_billcom(&office, |person| {
        person.edit("ChartOfAccount", &id, &[("description", "trains".into())]).expect("edit");
    });
    story.carried(&mut office, "change_in_quickbooks");
    story.quickbooks_refuses("AccountAdd");
    in_billcom(&office, |person| person.create_account("Postage", "7", "6200").expect("account"));
    story.carried(&mut office, "rejected_by_quickbooks");
}

#[test]
fn classes() {
    let mut office = firm().office;
    let story = Story::begin("class", &mut office);
    let id = in_billcom(&office, |person| person.create("Department", &[("name", "East".into())]).expect("department"));
    story.carried(&mut office, "create_in_quickbooks");
    in_quickbooks(&mut office, |person| person.add_class("West").expect("class"));
    story.carried(&mut office, "create_in_billcom");
    in_billcom(&office, |person| person.rename("Department", &id, "Far East").expect("renamed"));
    story.carried(&mut office, "change_in_quickbooks");
    story.quickbooks_refuses("ClassAdd");
    in_billcom(&office, |person| person.create("Department", &[("name", "North".into())]).expect("department"));
    story.carried(&mut office, "rejected_by_quickbooks");
}

#[test]
fn vendors() {
    let mut office = firm().office;
    let story = Story::begin("vendor", &mut office);
    let id = in_billcom(&office, |person| person.create_vendor("Müller & Söhne").expect("vendor"));
    story.carried(&mut office, "create_in_quickbooks");
    let rosa = in_quickbooks(&mut office, |person| person.add_vendor("Rosa's Garden").expect("vendor"));
    story.carried(&mut office, "create_in_billcom");
    in_billcom(&office, |person| person.edit("Vendor", &id, &[("phone", "555-0177".into())]).expect("edited"));
    story.carried(&mut office, "change_in_quickbooks");
    in_quickbooks(&mut office, |person| {
        person.set_field(ListKind::Vendor, &rosa, "Phone", "555-0188").expect("edited");
    });
    story.carried(&mut office, "change_in_billcom");
    refused_both_ways(&story, &mut office, "VendorAdd", "Create/Vendor");
}

fn refused_both_ways(story: &Story, office: &mut Office, request: &'static str, path: &'static str) {
    let vendor = story.kind == "vendor";
    billcom_refuses(office, path);
    in_quickbooks(office, |person| {
        let added = if vendor { person.add_vendor("Third") } else { person.add_customer("Third") };
        added.expect("added");
    });
    story.carried(office, "rejected_by_billcom");
    let problem = office.status().problems[0].id;
    office.engine().resolve(&office.company, problem, "skip", None, "a test").expect("pressed");
    office.organization().hazards = Hazards::default();
    story.quickbooks_refuses(request);
    in_billcom(office, |person| {
        let made = if vendor { person.create_vendor("Fourth") } else { person.create_customer("Fourth", None) };
        made.expect("made");
    });
    story.carried(office, "rejected_by_quickbooks");
}

#[test]
fn customers_and_their_jobs() {
    let mut office = practice(Vec::new());
    let story = Story::begin("customer", &mut office);
    let id = in_billcom(&office, |person| person.create_customer("Lake House", None).expect("customer"));
    in_billcom(&office, |person| person.create_customer("Kitchen", Some(&id)).expect("job"));
    story.carried(&mut office, "create_in_quickbooks");
    let acme = quickbooks_entry(&office, ListKind::Customer, "Acme Homes").id;
    in_quickbooks(&mut office, |person| person.add_job(&acme, "Roof").expect("job"));
    story.carried(&mut office, "create_in_billcom");
    in_billcom(&office, |person| person.edit("Customer", &id, &[("phone", "555-0177".into())]).expect("edited"));
    story.carried(&mut office, "change_in_quickbooks");
    in_quickbooks(&mut office, |person| {
        person.set_field(ListKind::Customer, &acme, "Phone", "555-0188").expect("edit");
    });
    story.carried(&mut office, "change_in_billcom");
    refused_both_ways(&story, &mut office, "CustomerAdd", "Create/Customer");
}

#[test]
fn items() {
    let mut office = practice(Vec::new());
    let story = Story::begin("item", &mut office);
    let fees = quickbooks_entry(&office, ListKind::Account, "Fees").id;
    let id = in_quickbooks(&mut office, |person| person.add_service("Trip", &fees, "5.25").expect("item"));
    story.carried(&mut office, "create_in_billcom");
    in_quickbooks(&mut office, |person| person.set_active(ListKind::ItemService, &id, false).expect("set"));
    story.carried(&mut office, "change_in_billcom");
    billcom_refuses(&office, "Create/Item");
    in_quickbooks(&mut office, |person| person.add_service("Stay", &fees, "90.00").expect("item"));
    story.carried(&mut office, "rejected_by_billcom");
}

#[test]
fn bills() {
    let mut firm = firm();
    let story = Story::begin("bill", &mut firm.office);
    let id = firm.bill("B-1", 12_345);
    story.carried(&mut firm.office, "create_in_quickbooks");
    let lines = vec![firm.line(10_000, "paper"), firm.line(-500, "discount")];
    let (vendor_id, number) = (firm.vendor.clone(), "B-1".to_owned());
    let later = BillDraft { vendor_id, number, date: day(2026, 2, 10), due: day(2026, 4, 1), lines };
    in_billcom(&firm.office, |person| person.edit_bill(&id, &later).expect("edited"));
    story.carried(&mut firm.office, "change_in_quickbooks");
    in_billcom(&firm.office, |person| person.archive("Bill", &id).expect("archived"));
    story.carried(&mut firm.office, "void_in_quickbooks");
    story.quickbooks_refuses("BillAdd");
    firm.bill("B-2", 700);
    story.carried(&mut firm.office, "rejected_by_quickbooks");
}

#[test]
fn vendor_credits() {
    let mut firm = firm();
    let story = Story::begin("vendor_credit", &mut firm.office);
    let id = firm.credit("CR-1", 2_500);
    story.carried(&mut firm.office, "create_in_quickbooks");
    let (vendor_id, number) = (firm.vendor.clone(), "CR-1".to_owned());
    let later = CreditDraft { vendor_id, number, date: day(2026, 2, 11), lines: vec![firm.line(2_400, "returned")] };
    in_billcom(&firm.office, |person| person.edit_credit(&id, &later).expect("edited"));
    story.carried(&mut firm.office, "change_in_quickbooks");
    story.quickbooks_refuses("VendorCreditAdd");
    firm.credit("CR-2", 300);
    story.carried(&mut firm.office, "rejected_by_quickbooks");
}

#[test]
fn bill_payments() {
    let mut firm = firm();
    let (first, second, credit) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000), firm.credit("CR-1", 2_500));
    settle(&mut firm.office);
    let story = Story::begin("bill_payment", &mut firm.office);
    firm.recorded(&firm.plan(&[(&first, 7_500)], &[(&first, &credit, 2_500)]));
    story.carried(&mut firm.office, "create_in_quickbooks");
    let paid = firm.recorded(&firm.plan(&[(&second, 1_000)], &[]));
    settle(&mut firm.office);
    story.forget(&firm.office);
    in_billcom(&firm.office, |person| person.void_payment(&paid, "0", "wrong cheque").expect("voided"));
    story.carried(&mut firm.office, "change_by_void_in_quickbooks");
    story.quickbooks_refuses("BillPaymentCheckAdd");
    firm.recorded(&firm.plan(&[(&second, 4_000)], &[]));
    story.carried(&mut firm.office, "rejected_by_quickbooks");
}

/// A bill that is paid online is in step; then the money leaves the bank, and the bank confirms it. Gives the movement.
fn money_moves(firm: &mut Firm, story: &Story, number: &str, cents: i64) -> String {
    let bill = firm.bill(number, cents);
    let (mut plan, bank) = (firm.plan(&[(&bill, cents)], &[]), firm.bank.clone());
    plan.date = firm.office.now().date_naive();
    in_billcom(&firm.office, |person| person.schedule(&plan, &bank).expect("scheduled"));
    settle(&mut firm.office);
    story.forget(&firm.office);
    let now = firm.office.now();
    let [movement] = firm.office.organization().back_office(now).pick_up().try_into().expect("one movement");
    firm.office.organization().back_office(now).confirm(&movement).expect("confirmed");
    movement
}

#[test]
fn funds_transfers() {
    let mut firm = firm();
    let story = Story::begin("funds_transfer", &mut firm.office);
    let movement = money_moves(&mut firm, &story, "B-1", 4_000);
    story.carried(&mut firm.office, "create_in_quickbooks");
    let now = firm.office.now();
    firm.office.organization().back_office(now).send_back(&movement).expect("sent back");
    story.carried(&mut firm.office, "change_by_return_in_quickbooks");
    story.quickbooks_refuses("TransferAdd");
    money_moves(&mut firm, &story, "B-2", 900);
    story.carried(&mut firm.office, "rejected_by_quickbooks");
}

/// What people wanted to be taken back on a day.
fn taken_back(office: &Office, on: &str) {
    let offers = |line: &&ProblemLine| line.actions.iter().any(|action| action.id == "reverse");
    let problem = office.status().problems.iter().find(offers).expect("a problem that offers it").id;
    office.engine().resolve(&office.company, problem, "reverse", Some(on), "a test").expect("pressed");
}

#[test]
fn reversals() {
    let mut firm = firm();
    let voided = [("B-1", 4_000), ("B-2", 900), ("B-3", 70)].map(|(number, cents)| firm.bill(number, cents));
    settle(&mut firm.office);
    in_quickbooks(&mut firm.office, |person| {
        person.set_preferences(|preferences| preferences.closing_date = Some(day(2026, 3, 31)));
    });
    let story = Story::begin("reversal", &mut firm.office);
    let days = [("create_in_quickbooks", "2026-04-01"), ("change_of_day_in_quickbooks", "2026-03-30")];
    for (id, (case, on)) in voided.iter().zip(days) {
        in_billcom(&firm.office, |person| person.archive("Bill", id).expect("archived"));
        settle_with_problems(&mut firm.office);
        taken_back(&firm.office, on);
        if case.starts_with("change") {
            // That day is closed as well.
            settle_with_problems(&mut firm.office);
            taken_back(&firm.office, "2026-04-02");
        }
        story.forget(&firm.office);
        story.carried(&mut firm.office, case);
    }
    in_billcom(&firm.office, |person| person.archive("Bill", &voided[2]).expect("archived"));
    settle_with_problems(&mut firm.office);
    taken_back(&firm.office, "2026-04-01");
    story.forget(&firm.office);
    story.quickbooks_refuses("JournalEntryAdd");
    story.carried(&mut firm.office, "rejected_by_quickbooks");
}

#[test]
fn invoices() {
    let mut office = practice(Vec::new());
    let story = Story::begin("invoice", &mut office);
    let first = draft(&office, "INV-7", &[(3, 8_000), (1, 1_999)]);
    in_billcom(&office, |person| person.create_invoice(&first).expect("invoice"));
    story.carried(&mut office, "create_in_quickbooks");
    let id = enter_invoice(&mut office, "INV-1", 12_345);
    story.carried(&mut office, "create_in_billcom");
    in_quickbooks(&mut office, |person| {
        person.change_txn(TxnKind::Invoice, &id, &[("Memo", "second thoughts"), ("PONumber", "77")]).expect("changed");
    });
    story.carried(&mut office, "change_in_billcom");
    in_quickbooks(&mut office, |person| person.void(TxnKind::Invoice, &id).expect("voided"));
    story.carried(&mut office, "void_in_billcom");
    billcom_refuses(&office, "Create/Invoice");
    enter_invoice(&mut office, "INV-2", 500);
    story.carried(&mut office, "rejected_by_billcom");
    let problem = office.status().problems[0].id;
    office.engine().resolve(&office.company, problem, "skip", None, "a test").expect("pressed");
    office.organization().hazards = Hazards::default();
    story.quickbooks_refuses("InvoiceAdd");
    let second = draft(&office, "INV-8", &[(1, 100)]);
    in_billcom(&office, |person| person.create_invoice(&second).expect("invoice"));
    story.carried(&mut office, "rejected_by_quickbooks");
}

#[test]
fn invoice_payments() {
    let mut office = practice(vec![("money_in_clearing", "Money In Clearing")]);
    let ids: Vec<_> = [("INV-1", 10_000), ("INV-2", 5_000), ("INV-3", 700)]
        .map(|(number, cents)| enter_invoice(&mut office, number, cents))
        .into_iter()
        .collect();
    settle(&mut office);
    let story = Story::begin("invoice_payment", &mut office);
    let customer_id = billcom_entry(&office, "Customer", "Acme Homes").id;
    let there = |office: &Office, number: &str| {
        let invoices = office.organization().invoices();
        invoices.into_iter().find(|it| it.number == number).expect("invoice").id
    };
    let cheque = |office: &Office, number: &str, cents: i64| {
        let invoices = vec![(there(office, number), cents)];
        let plan = ReceiptPlan { customer_id: customer_id.clone(), date: day(2026, 3, 3), cents, invoices };
        in_billcom(office, |person| person.record_cheque(&plan, None, "77").expect("recorded"))
    };
    let receipt = cheque(&office, "INV-2", 5_000);
    story.carried(&mut office, "create_in_quickbooks");
    in_billcom(&office, |person| person.void_receipt(&receipt).expect("voided"));
    story.carried(&mut office, "change_by_void_in_quickbooks");
    let customer = quickbooks_entry(&office, ListKind::Customer, "Acme Homes").id;
    let (number, paid) = ("5001".to_owned(), vec![(ids[0].clone(), 10_000)]);
    let receipt = Receipt { customer_id: customer, cents: 10_000, number, deposit_to_id: None, paid };
    in_quickbooks(&mut office, |person| person.receive_payment(&receipt).expect("received"));
    story.carried(&mut office, "create_in_billcom");
    story.quickbooks_refuses("ReceivePaymentAdd");
    cheque(&office, "INV-3", 700);
    story.carried(&mut office, "rejected_by_quickbooks");
}
