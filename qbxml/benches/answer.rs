//! How fast a large answer is read: `cargo bench -p qbxml`.
//!
//! Four figures over the same kind of text, each the median of several passes: quick-xml's event loop with nothing done, which is
//! what any reader must pay; our reader, record by record; the same with one row a record in one SQLite transaction; and
//! the writer, on a message set of Adds.

mod support;

use qbxml::entity::{Address, VendorAdd};
use qbxml::{MessageSet, OnError, QbText, QbXmlVersion, Record, RequestId, ResponseReader, WireLimits};
use quick_xml::Reader;
use quick_xml::events::Event;
use rusqlite::{Connection, params};
use std::hint::black_box;
use std::time::Duration;
use support::{RECORDS, answer, median};

/// Passes of each measurement: enough for a median that does not move.
const PASSES: usize = 7;

/// Requests in one message set.
const SET: usize = 500;

/// With words behind `--`, only what they name is measured.
fn main() {
    let text = answer(RECORDS, "1");
    println!("{RECORDS} records, {} bytes", text.len());
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let bare = median(PASSES, || bare_events(text.as_bytes()));
    print("bare events", text.len(), bare, bare);
    let measure = |what: &str, pass: &dyn Fn() -> usize| {
        if wanted.is_empty() || wanted.iter().any(|word| word == what) {
            let bytes = pass();
            print(what, bytes, median(PASSES, || assert_eq!(pass(), bytes)), bare);
        }
    };
    measure("read", &|| {
        assert_eq!(read(text.as_bytes(), |_| ()), RECORDS);
        text.len()
    });
    measure("read + store", &|| {
        store(text.as_bytes());
        text.len()
    });
    measure("write", &write);
}

#[expect(clippy::float_arithmetic, clippy::cast_precision_loss)] // Figures for people; no money near.
fn print(what: &str, bytes: usize, time: Duration, bare: Duration) {
    let speed = bytes as f64 / 1e6 / time.as_secs_f64();
    let times = time.as_secs_f64() / bare.as_secs_f64();
    println!("{what:<14}{speed:>8.0} MB/s {:>8.1} ms {times:>6.2} x bare", time.as_secs_f64() * 1e3);
}

/// What the parser alone needs.
fn bare_events(text: &[u8]) {
    let mut reader = Reader::from_reader(text);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).expect("well-formed") {
            Event::Eof => return,
            event => {
                black_box(event);
            }
        }
    }
}

fn read(text: &[u8], mut each: impl FnMut(&Record)) -> usize {
    let mut reader = ResponseReader::new(text, WireLimits::default());
    reader.message_set().expect("an answer");
    let mut count = 0;
    while reader.next_response().expect("a response").is_some() {
        while let Some(record) = reader.next_record().expect("a record") {
            each(black_box(&record));
            count += 1;
        }
    }
    reader.finish().expect("the end");
    count
}

/// One row a record, in one transaction of a file in memory.
fn store(text: &[u8]) {
    let mut file = Connection::open_in_memory().expect("SQLite");
    let made = "CREATE TABLE vendor (id TEXT PRIMARY KEY, version TEXT, name TEXT, company TEXT, city TEXT, email TEXT) \
                STRICT, WITHOUT ROWID";
    file.execute_batch(made).expect("a table");
    let transaction = file.transaction().expect("a transaction");
    {
        let mut insert =
            transaction.prepare("INSERT INTO vendor VALUES (?1, ?2, ?3, ?4, ?5, ?6)").expect("a statement");
        read(text, |record| {
            let Record::Vendor(vendor) = record else { panic!("a vendor") };
            let city = vendor.vendor_address.as_ref().and_then(|address| address.city.as_deref());
            let id = vendor.list_id.as_ref().map(|id| id.as_str());
            let version = vendor.edit_sequence.as_ref().map(|version| version.as_str());
            let row = params![id, version, vendor.name, vendor.company_name, city, vendor.email];
            insert.execute(row).expect("a row");
        });
    }
    transaction.commit().expect("committed");
}

/// As many Adds as there are records, in sets of the size that is allowed; the bytes of all.
fn write() -> usize {
    (0..RECORDS / SET).map(|set| write_set(set * SET).len()).sum()
}

fn write_set(first: usize) -> String {
    let mut set = MessageSet::new(QbXmlVersion::V13, OnError::Continue);
    for number in first..first + SET {
        let mut add = VendorAdd::new(QbText::clean(&format!("Tools & Dies {number}")).0);
        add.company_name = Some(QbText::clean(&format!("Tools {number}")).0);
        add.first_name = Some(QbText::clean("Jo").0);
        add.last_name = Some(QbText::clean("Butter").0);
        let street = QbText::clean(&format!("{number} High St")).0;
        add.vendor_address = Some(Address { addr1: Some(street), ..Address::default() });
        add.email = Some(QbText::clean(&format!("o{number}@a.com")).0);
        let id = RequestId::new(&number.to_string()).expect("an id");
        set.push(&id, &add).expect("valid");
    }
    set.finish()
}
