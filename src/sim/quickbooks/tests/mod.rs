//! Tests of the company file through its request processor.

mod bills;
mod classes;
mod customers;
mod data_ext;
mod envelope;
mod items;
mod lists;
mod load;
mod merges;
mod money_moves;
mod payables;
mod people;
mod queries;
mod random;
mod random_lists;
mod receivables;
mod recovery;
mod small_lists;
mod trade;
mod txn_random;
mod txn_rules;
mod txn_schema;
mod vendor_schema;

use chrono::{NaiveDate, NaiveDateTime};

use super::{AppSession, BillDraft, BillDraftLine, CompanyFile, HResult};
use crate::sim::xml::{Element, parse};

/// A fixed winter morning, plus minutes.
fn at(minutes: i64) -> NaiveDateTime {
    let morning = NaiveDate::from_ymd_opt(2026, 1, 12).and_then(|date| date.and_hms_opt(9, 0, 0)).expect("a real date");
    morning + chrono::Duration::minutes(minutes)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A company with a bank, an A/P account, two expense accounts and a vendor, and a session of one application.
struct Desk {
    file: CompanyFile,
    session: AppSession,
    minute: i64,
    bank: String,
    rent: String,
    repairs: String,
    vendor: String,
}

impl Desk {
    fn new() -> Self {
        let mut file = CompanyFile::new("Test & Sons", 7);
        let mut person = file.person(at(0));
        let bank = person.add_account("Checking", "Bank").expect("new");
        person.add_account("Accounts Payable", "AccountsPayable").expect("new");
        let rent = person.add_account("Rent", "Expense").expect("new");
        let repairs = person.add_account("Repairs", "Expense").expect("new");
        let vendor = person.add_vendor("C.U. Electric").expect("new");
        let session = file.begin_session("{OWNER}", "").expect("the file is open");
        Self { file, session, minute: 1, bank, rent, repairs, vendor }
    }

    /// Sends the inside of a message set, one minute after the last one.
    fn send(&mut self, requests: &str) -> Element {
        self.send_with("onError=\"continueOnError\"", "13.0", requests).expect("the set is valid")
    }

    fn send_with(&mut self, attributes: &str, version: &str, requests: &str) -> Result<Element, HResult> {
        let xml = set(attributes, version, requests);
        self.raw(&xml).map(|answer| parse(&answer).expect("answers are well formed").root.children.remove(0))
    }

    fn raw(&mut self, xml: &str) -> Result<String, HResult> {
        self.minute += 1;
        self.file.process(&self.session, at(self.minute), xml)
    }

    /// Sends one request and gives its answer's code and the answer.
    fn one(&mut self, request: &str) -> (u16, Element) {
        let response = self.send(request).children.remove(0);
        (code(&response), response)
    }

    /// Sends one request and gives the text of its refusal.
    fn refusal(&mut self, request: &str) -> (u16, String) {
        let before = self.file.books.clone();
        let (code, response) = self.one(request);
        assert!(response.children.is_empty(), "a refused request has no content");
        assert!(before == self.file.books, "a refused request changes nothing");
        (code, response.attribute("statusMessage").unwrap_or("").to_owned())
    }

    fn draft(&self, number: &str, cents: i64) -> BillDraft {
        BillDraft {
            vendor_id: self.vendor.clone(),
            date: day("2026-01-10"),
            ref_number: number.to_owned(),
            memo: String::new(),
            lines: vec![BillDraftLine { account_id: self.rent.clone(), cents, memo: "line".to_owned() }],
        }
    }

    fn bill(&mut self, number: &str, cents: i64) -> String {
        let draft = self.draft(number, cents);
        self.minute += 1;
        self.file.person(at(self.minute)).add_bill(&draft).expect("a good bill")
    }
}

fn set(attributes: &str, version: &str, requests: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"{version}\"?><QBXML><QBXMLMsgsRq {attributes}>{requests}</QBXMLMsgsRq></QBXML>"
    )
}

fn code(response: &Element) -> u16 {
    response.attribute("statusCode").and_then(|code| code.parse().ok()).expect("every answer has a status code")
}

/// The texts of one child in all records of an answer.
fn texts<'a>(response: &'a Element, child: &str) -> Vec<&'a str> {
    response.children.iter().filter_map(|ret| ret.text_of(child)).collect()
}
