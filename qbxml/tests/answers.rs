//! What is understood of answers: the fixtures, and documents that must not be accepted.

mod support;

use std::io::{BufReader, Read};

use qbxml::entity::*;
use qbxml::types::{AccountType, AssignClassesTo, QbFileMode, TxnType};
use qbxml::{
    FromRecord, MessageSetInfo, OwnerId, QbXmlVersion, Reaction, ReadErrorKind, Record, Request, ResponseReader,
    Severity, StatusCode, ValueError, WireLimits,
};
use support::{fixtures, no_strays, read_all, read_answer, read_text};

fn fixture(name: &str) -> String {
    read_text(&fixtures().join("answers").join(format!("{name}.xml")))
}

fn read_error(xml: &[u8]) -> ReadErrorKind {
    let mut reader = ResponseReader::new(xml, WireLimits::default());
    read_all(&mut reader).expect_err("must be refused").kind
}

fn answer(body: &str) -> String {
    format!(
        "<QBXML><QBXMLMsgsRs><VendorQueryRs statusCode=\"0\" statusSeverity=\"Info\">{body}</VendorQueryRs></QBXMLMsgsRs></QBXML>"
    )
}

#[test]
fn no_stray_fixtures() {
    let names = ["first-contact", "lists", "items", "bills", "payments", "writes"].map(|name| format!("{name}.xml"));
    no_strays(&fixtures().join("answers"), ".xml", &names);
}

#[test]
fn first_contact() {
    let xml = fixture("first-contact");
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    let answer = read_all(&mut reader).expect("readable");
    assert!(reader.unknown().is_empty(), "{:?}", reader.unknown());
    assert_eq!(reader.unknown().known().count(), 0);

    let mut records = answer.into_iter().flat_map(|(_, records)| records);
    let mut next = || records.next().expect("a record");
    let host = HostQuery::response(next()).expect("a host");
    assert_eq!(host.qb_file_mode, Some(QbFileMode::SingleUser));
    assert_eq!(QbXmlVersion::choose(&host.versions(), QbXmlVersion::V16), QbXmlVersion::V16);
    assert_eq!(QbXmlVersion::choose(&host.versions(), QbXmlVersion::us(14, 0)), QbXmlVersion::V13);

    let company = CompanyQuery::response(next()).expect("a company");
    assert_eq!(company.legal_company_name.as_deref(), Some("Harbor Lane Bakery & Café LLC"));
    let owner = OwnerId::new("{512349b1-1111-2222-3333-000de1813d20}").expect("a GUID");
    assert_eq!(company.data_ext(&owner, "FileID"), Some("{6F0A1E52-0000-4000-8000-5FF123456047}"));
    assert_eq!(company.data_ext(&owner, "AppLock"), None);

    let preferences = PreferencesQuery::response(next()).expect("preferences");
    let accounting = preferences.accounting_preferences.expect("accounting");
    assert_eq!(accounting.is_using_account_numbers, Some(true));
    assert_eq!(accounting.assign_classes_to, None::<AssignClassesTo>);
    assert_eq!(accounting.closing_date.map(|day| day.to_string()).as_deref(), Some("2025-12-31"));
    assert_eq!(preferences.multi_currency_preferences.and_then(|p| p.is_multi_currency_on), Some(false));

    let activity = CompanyActivityQuery::response(next()).expect("activity");
    assert_eq!(activity.last_restore_time.expect("a time").local_text(), "2026-03-01T08:15:00");
}

#[test]
fn lists() {
    let xml = fixture("lists");
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    let answer = read_all(&mut reader).expect("readable");
    assert_eq!(reader.unknown().iter().collect::<Vec<_>>(), [("AccountRet/Hologram", 1)]);
    let known: Vec<_> = reader.unknown().known().map(|(path, _)| path).collect();
    assert_eq!(known, ["EmployeeRet/SSN"]);

    let (head, accounts) = &answer[0];
    assert_eq!(
        (head.name.as_str(), head.request_id.as_deref(), head.ret_count),
        ("AccountQueryRs", Some("1"), Some(2))
    );
    let account = AccountRet::from_record(accounts[0].clone()).expect("an account");
    assert_eq!(account.balance.expect("a balance").cents(), -123_450);
    assert_eq!(account.parent_ref.expect("a parent").full_name.as_deref(), Some("Bank"));
    let strange = AccountRet::from_record(accounts[1].clone()).expect("an account");
    assert_eq!(strange.account_type, Some(AccountType::Unrecognised("CryptoWallet".into())));

    let (head, vendors) = &answer[1];
    assert_eq!(head.iterator_remaining, Some(53));
    assert_eq!(head.iterator_id.as_ref().expect("an id").as_str(), "{84ff5521-205d-46b6-9d44-7b6b9acb7165}");
    let vendor = VendorRet::from_record(vendors[0].clone()).expect("a vendor");
    assert_eq!(vendor.name.as_deref(), Some("Müller & Söhne \"Nord\""));
    assert_eq!(vendor.notes.as_deref(), Some("first line\nsecond <line>"));
    assert_eq!(vendor.contacts_ret[0].first_name.as_deref(), Some("Angela"));
    assert_eq!(vendor.is_active, Some(false));
}

#[test]
fn mixed_lists_and_deletions() {
    let answer = read_answer(&fixture("lists"));
    assert!(
        matches!(TermsQuery::response(answer[2].1[0].clone()), Ok(TermsRet::Standard(terms)) if terms.std_due_days == Some(30))
    );
    assert!(
        matches!(TermsQuery::response(answer[2].1[1].clone()), Ok(TermsRet::DateDriven(terms)) if terms.day_of_month_due == Some(15))
    );
    let (head, names) = &answer[3];
    assert_eq!((head.status.code, head.status.reaction()), (StatusCode::SOME_MISSING, Reaction::Partial));
    let names: Vec<_> = names.iter().map(|name| EntityQuery::response(name.clone()).expect("a name")).collect();
    assert!(matches!(names[..], [EntityRet::Customer(_), EntityRet::Employee(_), EntityRet::OtherName(_)]));
    assert!(matches!(&answer[4].1[..], [Record::ListDeleted(gone)] if gone.full_name.as_deref() == Some("Twice Ltd")));
    assert!(matches!(&answer[5].1[..], [Record::TxnDeleted(gone)] if gone.ref_number.as_deref() == Some("INV-1001")));
}

#[test]
fn bills_and_one_that_cannot_be_read() {
    let records = read_answer(&fixture("bills")).remove(0).1;
    assert_eq!(records.len(), 4);
    let bill = BillQuery::response(records[0].clone()).expect("a bill");
    assert_eq!(bill.amount_due.expect("an amount").to_string(), "885.00");
    assert_eq!(bill.linked_txn[0].txn_type, Some(TxnType::BillPaymentCheck));
    assert_eq!(bill.expense_line_ret.len(), 1);
    let ItemOrGroupRet::Item(item) = &bill.item_line_ret[0] else { panic!("an item first") };
    assert_eq!(item.cost.expect("a cost").to_string(), "35.00");
    let ItemOrGroupRet::Group(group) = &bill.item_line_ret[1] else { panic!("a group second") };
    assert_eq!(group.item_line_ret[0].amount, group.total_amount);

    let Record::Unreadable { name, problem } = &records[1] else { panic!("{:?}", records[1]) };
    assert_eq!(
        (name.as_str(), problem.path.as_str(), problem.id.as_deref()),
        ("BillRet", "BillRet/AmountDue", Some("1A40-1785958998"))
    );
    assert!(matches!(&problem.reason, ValueError::Grammar { found, .. } if found == "1,234.5"));
    assert_eq!(records[2], Record::Unknown { name: "MysteryRet".into() });
    assert!(matches!(&records[3], Record::Bill(bill) if bill.amount_due.is_some()));
}

#[test]
fn items_come_in_one_stream() {
    let records = read_answer(&fixture("items")).remove(0).1;
    assert_eq!(records[4], Record::Unknown { name: "ItemHologramRet".into() });
    let items: Vec<ItemRet> = records.into_iter().filter_map(|record| ItemQuery::response(record).ok()).collect();
    let names: Vec<_> = items.iter().map(|item| item.full_name().expect("a name")).collect();
    assert_eq!(names, ["Labor:Frame", "Sand", "Friends", "Kit"]);
    let active: Vec<_> = items.iter().map(ItemRet::is_active).collect();
    assert_eq!(active, [Some(true), None, None, Some(false)]);
    assert_eq!(items[0].edit_sequence().expect("a state").as_str(), "933272655");
    assert_eq!(items[3].list_id().expect("an id").as_str(), "50000-933272655");

    let ItemRet::Service(service) = &items[0] else { panic!("a service") };
    let Some(SalesSideRet::One(side)) = &service.sides else { panic!("one side") };
    assert!(matches!(&side.price, Some(ItemPrice::Price(price)) if price.to_string() == "55.00"));
    let ItemRet::NonInventory(part) = &items[1] else { panic!("a part") };
    let Some(SalesSideRet::Both(sides)) = &part.sides else { panic!("two sides") };
    assert_eq!(sides.sales_price.expect("a price").to_string(), "1.23456");
    let ItemRet::Discount(discount) = &items[2] else { panic!("a discount") };
    assert!(matches!(&discount.rate, Some(DiscountRate::Percent(percent)) if percent.to_string() == "10.0"));
    let ItemRet::Group(group) = &items[3] else { panic!("a group") };
    assert_eq!(group.item_group_line[0].quantity.expect("a quantity").to_string(), "3");
}

#[test]
fn payments_and_what_they_pay() {
    let mut answer = read_answer(&fixture("payments")).into_iter();
    let mut next = || answer.next().expect("a response");

    let payment = BillPaymentCheckQuery::response(next().1.remove(0)).expect("a payment");
    let applied = &payment.applied_to_txn_ret[0];
    assert_eq!((applied.amount, applied.txn_type.clone()), (payment.amount, Some(TxnType::Bill)));
    assert_eq!(applied.linked_txn[0].amount.expect("an amount").cents(), -10_000);

    // A payment by credits only makes no transaction.
    let (head, records) = next();
    assert_eq!((head.status.code, records), (StatusCode::OK, vec![]));

    let open = next().1.into_iter().map(|record| BillToPayQuery::response(record).expect("something open").open);
    let [Some(BillOrCredit::Bill(bill)), Some(BillOrCredit::Credit(credit))] = &open.collect::<Vec<_>>()[..] else {
        panic!("a bill and a credit")
    };
    assert_eq!(bill.amount_due.expect("an amount").to_string(), "135.00");
    assert_eq!(credit.credit_remaining.expect("an amount").to_string(), "20.00");

    // 500: some of what was asked for is missing, the rest is here.
    let (head, mut records) = next();
    assert_eq!((head.status.code, head.status.reaction()), (StatusCode::SOME_MISSING, Reaction::Partial));
    let invoice = InvoiceQuery::response(records.remove(0)).expect("an invoice");
    assert_eq!(invoice.applied_amount, invoice.linked_txn[0].amount);
    let [InvoiceLineOrGroupRet::Item(line), InvoiceLineOrGroupRet::Group(group)] = &invoice.line[..] else {
        panic!("a line and a group")
    };
    assert!(matches!(&line.rate, Some(RateRet::Price(price)) if price.to_string() == "100.00"));
    assert!(matches!(&group.invoice_line_ret[0].rate, Some(RateRet::Percent(off)) if off.to_string() == "-10.0"));
}

#[test]
fn entries_transfers_and_what_was_taken_away() {
    let mut answer = read_answer(&fixture("payments")).split_off(4).into_iter();
    let mut next = || answer.next().expect("a response");

    let entry = JournalEntryAdd::response(next().1.remove(0)).expect("an entry");
    assert!(matches!(&entry.line[..], [DebitOrCreditRet::Credit(_), DebitOrCreditRet::Debit(_)]));

    // 1: nothing was found, which is no failure.
    let (head, records) = next();
    assert_eq!((head.status.code, records), (StatusCode::NOTHING_FOUND, vec![]));
    assert_eq!(head.status.reaction(), Reaction::Ok);

    let gone = ListDel::response(next().1.remove(0)).expect("a deletion");
    assert_eq!(gone.full_name.as_deref(), Some("Twice Ltd"));
    assert_eq!(next().1, vec![]);
    assert!(answer.next().is_none());
}

#[test]
fn outcomes_of_writes() {
    let xml = fixture("writes");
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    let info = reader.message_set().expect("an answer");
    assert_eq!(info, MessageSetInfo { new_id: Some("b7f0c3a2-0001".into()), status: Some(StatusCode::OK) });

    let head = reader.next_response().expect("readable").expect("a response");
    assert_eq!((head.name.as_str(), head.status.reaction()), ("BillAddRs", Reaction::Ok));
    let Some(Record::ErrorRecovery(recovered)) = reader.next_record().expect("readable") else { panic!("a recovery") };
    assert_eq!(recovered.txn_id.expect("an id").as_str(), "1A2B-1785958998");
    assert!(recovered.external_guid.is_some());

    for reaction in [Reaction::Adopt, Reaction::Refresh] {
        let head = reader.next_response().expect("readable").expect("a response");
        assert_eq!((head.status.reaction(), head.status.severity), (reaction, Severity::Error));
        assert_eq!(reader.next_record().expect("readable"), None);
    }
}

#[test]
fn voids_and_deletions_hold_their_fields_directly() {
    let mut answer = read_answer(&fixture("writes")).split_off(3).into_iter();
    let mut next = || answer.next().expect("a response");

    let (_, records) = next();
    let [Record::TxnVoid(done)] = &records[..] else { panic!("{records:?}") };
    assert_eq!(done.ref_number.as_deref(), Some("INV-1001"));

    let (head, records) = next();
    assert_eq!(head.status.message, "");
    assert!(matches!(&records[..], [Record::ErrorRecovery(_), Record::TxnDel(_)]));

    let (head, records) = next();
    let severities = (head.status.code.severity(), head.status.severity);
    assert_eq!(severities, (Severity::Error, Severity::Info));
    assert_eq!(records, []);

    let (head, records) = next();
    assert_eq!((head.request_id, records), (None, vec![]));
    assert_eq!(head.status.code, StatusCode::NOTHING_FOUND);
    assert_eq!(head.status.reaction(), Reaction::Ok);
    assert!(answer.next().is_none());
}

#[test]
fn records_that_are_not_fetched_are_read_over() {
    let xml = fixture("lists");
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    reader.message_set().expect("an answer");
    let mut names = Vec::new();
    while let Some(head) = reader.next_response().expect("readable") {
        names.push(head.name);
        if names.len() == 1 {
            reader.next_record().expect("readable").expect("the first account");
        }
    }
    assert_eq!(names.len(), 6);
    reader.finish().expect("whole");
    reader.finish().expect("still whole");
}

#[test]
fn a_truncated_answer_is_always_noticed() {
    for name in ["writes", "bills"] {
        let xml = fixture(name);
        let whole = xml.trim_end();
        for cut in 0..whole.len() {
            let mut reader = ResponseReader::new(&whole.as_bytes()[..cut], WireLimits::default());
            assert!(read_all(&mut reader).is_err(), "{name} cut at {cut}");
        }
    }
    assert_eq!(read_error(b"<QBXML><QBXMLMsgsRs><VendorQueryRs statusCode=\"0\">"), ReadErrorKind::CutShort);
    assert_eq!(read_error(b""), ReadErrorKind::CutShort);
}

/// Hands out one byte at a time.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(into.len()).min(1);
        into[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

#[test]
fn the_size_of_the_buffer_does_not_matter() {
    for name in ["first-contact", "lists", "items", "bills", "payments", "writes"] {
        let xml = format!("\u{FEFF}{}", fixture(name));
        let mut reader =
            ResponseReader::new(BufReader::with_capacity(1, Trickle(xml.as_bytes())), WireLimits::default());
        assert_eq!(read_all(&mut reader).expect("readable"), read_answer(&xml), "{name}");
    }
}

#[test]
fn documents_that_are_not_answers_are_refused() {
    type Expected = fn(&ReadErrorKind) -> bool;
    let cases: &[(&str, Expected)] = &[
        ("junk", |kind| matches!(kind, ReadErrorKind::Malformed(_))),
        ("<html></html>", |kind| matches!(kind, ReadErrorKind::NotExpected { .. })),
        ("<QBXML><QBXMLMsgsRq></QBXMLMsgsRq></QBXML>", |kind| matches!(kind, ReadErrorKind::NotExpected { .. })),
        ("<QBXML></QBXML>", |kind| matches!(kind, ReadErrorKind::NotExpected { .. })),
        ("<!DOCTYPE q [<!ENTITY a \"b\">]><QBXML/>", |kind| *kind == ReadErrorKind::DocType),
        ("<QBXML><QBXMLMsgsRs><?x y?></QBXMLMsgsRs></QBXML>", |kind| *kind == ReadErrorKind::ProcessingInstruction),
        ("<?php x?><QBXML/>", |kind| *kind == ReadErrorKind::ProcessingInstruction),
        ("<QBXML><QBXMLMsgsRs></QBXMLMsgsRs></QBXML><QBXML/>", |kind| *kind == ReadErrorKind::TrailingContent),
        ("<QBXML><QBXMLMsgsRs></QBXMLMsgsRs></QBXML>x", |kind| *kind == ReadErrorKind::TrailingContent),
        ("<QBXML><QBXMLMsgsRs><ARs/></QBXMLMsgsRs></QBXML>", |kind| matches!(kind, ReadErrorKind::BadAttribute { .. })),
        ("<QBXML><QBXMLMsgsRs><ARs statusCode='x'/></QBXMLMsgsRs></QBXML>", |kind| {
            matches!(kind, ReadErrorKind::BadAttribute { .. })
        }),
        ("<QBXML><QBXMLMsgsRs><A statusCode='0'/></QBXMLMsgsRs></QBXML>", |kind| {
            matches!(kind, ReadErrorKind::NotExpected { .. })
        }),
        ("<QBXML><QBXMLMsgsRs><ARs statusCode='0'></BRs></QBXMLMsgsRs></QBXML>", |kind| {
            matches!(kind, ReadErrorKind::Malformed(_))
        }),
    ];
    for (xml, expected) in cases {
        let kind = read_error(xml.as_bytes());
        assert!(expected(&kind), "{xml}: {kind:?}");
    }
    let entity = read_error(answer("<VendorRet><Name>&xxe;</Name></VendorRet>").as_bytes());
    assert_eq!(entity, ReadErrorKind::UnknownEntity("xxe".into()));
    assert!(matches!(
        read_error(answer("<VendorRet><Name>&#0;</Name></VendorRet>").as_bytes()),
        ReadErrorKind::Malformed(_)
    ));
    assert!(matches!(
        read_error(answer("<VendorRet><Name>a & b</Name></VendorRet>").as_bytes()),
        ReadErrorKind::Malformed(_)
    ));
    let mut latin = answer("<VendorRet><Name>M?ller</Name></VendorRet>").into_bytes();
    let at = latin.iter().position(|byte| *byte == b'?').expect("the mark");
    latin[at] = 0xFC;
    assert!(matches!(read_error(&latin), ReadErrorKind::Malformed(_)));
}

#[test]
fn the_leading_qbxml_line_is_tolerated() {
    let xml = format!("<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><!-- x -->{}", answer(""));
    assert_eq!(read_answer(&xml).len(), 1);
}

#[test]
fn errors_say_where_and_repeat_little() {
    let xml = answer(&format!("<VendorRet><Name>&{};</Name></VendorRet>", "x".repeat(5000)));
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    let error = read_all(&mut reader).expect_err("refused");
    assert_eq!(error.path, "QBXML/QBXMLMsgsRs/VendorQueryRs/VendorRet/Name");
    assert!(error.position > 100 && error.to_string().len() < 300, "{error}");
    let again = reader.next_record().expect_err("stays broken");
    assert!(matches!(again.kind, ReadErrorKind::OutOfTurn(_)));
}

#[test]
fn depth_sizes_and_places_are_bounded() {
    let deep = answer(&format!("<VendorRet>{}", "<a>".repeat(100_000)));
    assert_eq!(read_error(deep.as_bytes()), ReadErrorKind::TooDeep(32));
    let name = answer(&format!("<{}/>", "n".repeat(200)));
    assert!(matches!(read_error(name.as_bytes()), ReadErrorKind::TooLong { what: "an element name", .. }));
    let attribute = answer(&format!("<VendorRet a='{}'/>", "v".repeat(300_000)));
    assert!(matches!(read_error(attribute.as_bytes()), ReadErrorKind::TooLong { .. }));

    let many: String = (0..1000).map(|index| format!("<Odd{index}/>")).collect();
    let xml = answer(&format!("<VendorRet>{many}</VendorRet>"));
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    read_all(&mut reader).expect("readable");
    assert_eq!(
        (reader.unknown().iter().count(), reader.unknown().beyond_limit(), reader.unknown().total()),
        (256, 744, 1000)
    );
}

#[test]
fn oddities_inside_records_are_survived() {
    let odd = "<VendorRet>text<ListID> 1-1 </ListID><Name>A<![CDATA[ & B]]><!-- c --> &lt;<x>y</x>C</Name><Name>second</Name>\
               <IsActive>1</IsActive><Balance/><Notes>a\r\nb&#13;c</Notes><Email/></VendorRet>";
    let xml = answer(odd);
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    let record = read_all(&mut reader).expect("readable").remove(0).1.remove(0);
    let vendor = VendorRet::from_record(record).expect("a vendor");
    assert_eq!(vendor.list_id.expect("an id").as_str(), "1-1");
    assert_eq!(vendor.name.as_deref(), Some("A & B <C"));
    assert_eq!((vendor.is_active, vendor.balance, vendor.email.as_deref()), (Some(true), None, Some("")));
    assert_eq!(vendor.notes.as_deref(), Some("a\nb\rc"));
    let unknown: Vec<_> = reader.unknown().iter().map(|(path, _)| path).collect();
    assert_eq!(unknown, ["VendorRet/#text", "VendorRet/Name", "VendorRet/Name/x"]);
}

#[test]
fn calls_out_of_turn_are_errors_not_panics() {
    let xml = answer("");
    let mut reader = ResponseReader::new(xml.as_bytes(), WireLimits::default());
    assert!(matches!(reader.next_response().expect_err("too early").kind, ReadErrorKind::OutOfTurn(_)));
    assert_eq!(reader.next_record().expect("nothing yet"), None);
    reader.message_set().expect("an answer");
    assert!(matches!(reader.message_set().expect_err("twice").kind, ReadErrorKind::OutOfTurn(_)));
}
