//! Whatever stands in the books: a message set that can be written is ASCII, within the limits, and reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qbxml::entity::{Address, BillAdd, ExpenseLineAdd, VendorAdd, VendorMod};
use qbxml::schema::{Detail, Example};
use qbxml::{
    Amount, Change, EditSequence, ListId, ListRef, MessageSet, OnError, QbDate, QbText, QbXmlVersion, REQUESTS,
    Request, RequestId, RequestReader, WireLimits,
};

const VERSIONS: [(u8, u8); 8] = [(1, 1), (2, 1), (4, 0), (8, 0), (11, 0), (12, 0), (13, 0), (16, 0)];

fuzz_target!(|bytes: &[u8]| {
    let Some((head, text)) = bytes.split_at_checked(10) else { return };
    let seed = u64::from_le_bytes(head[..8].try_into().expect("eight bytes"));
    if text.is_empty() {
        example(seed, head[8], head[9]);
    } else {
        texts(seed, &String::from_utf8_lossy(text), head[8]);
    }
});

/// A random valid request of any kind and version.
fn example(seed: u64, version: u8, which: u8) {
    let (major, minor) = VERSIONS[usize::from(version) % VERSIONS.len()];
    let version = QbXmlVersion::us(major, minor);
    let entry = &REQUESTS[usize::from(which) % REQUESTS.len()];
    if !version.knows((entry.since)()) {
        return;
    }
    let mut set = MessageSet::new(version, OnError::Continue);
    let mut example = Example::new(version, Detail::Random, seed);
    (entry.push_example)(&mut set, &id(), &mut example).expect("examples are valid");
    let document = set.finish();
    assert!(document.is_ascii());
    let mut requests = RequestReader::new(document.as_bytes(), WireLimits::default());
    requests.message_set().expect("a message set");
    let head = requests.next_request().expect("readable").expect("a request");
    let mut copy = MessageSet::new(version, OnError::Continue);
    assert!(requests.copy_into(&head, &id(), &mut copy).expect("valid again"));
    assert_eq!(copy.finish(), document);
}

/// Any text, cleaned, in texts of different lengths, beside any amount.
fn texts(seed: u64, text: &str, which: u8) {
    let mut parts = text.split('\u{1}');
    let mut next = || parts.next().unwrap_or(text);
    match which % 3 {
        0 => {
            let mut add = VendorAdd::new(kept(next()));
            add.company_name = Some(kept(next()));
            add.vendor_address =
                Some(Address { addr1: Some(kept(next())), city: Some(kept(next())), ..Address::default() });
            add.account_number = Some(kept(next()));
            add.notes = Some(kept(next()));
            written(&add);
        }
        1 => {
            let id = ListId::new("80000001-1").expect("an id");
            let mut change = VendorMod::new(id, EditSequence::new("1").expect("a number"));
            change.phone = Change::Set(kept(next()));
            change.email = if seed % 2 == 0 { Change::Clear } else { Change::Set(kept(next())) };
            change.notes = Change::Set(kept(next()));
            written(&change);
        }
        _ => {
            let day: QbDate = "2026-03-02".parse().expect("a day");
            let mut add = BillAdd::new(ListRef::by_name(next()), day);
            add.memo = Some(kept(next()));
            let amount = Amount::from_cents(i64::from_le_bytes(seed.to_le_bytes()));
            let line = ExpenseLineAdd { amount: amount.ok(), memo: Some(kept(next())), ..ExpenseLineAdd::default() };
            add.expense_line_add.push(line);
            written(&add);
        }
    }
}

fn kept<const MAX: usize>(text: &str) -> QbText<MAX> {
    let (kept, report) = QbText::<MAX>::clean(text);
    let (again, nothing) = QbText::<MAX>::clean(kept.as_str());
    assert!(again == kept && nothing.is_empty(), "cleaning twice changes something: {kept:?}");
    assert!(kept.as_str().chars().count() <= MAX);
    assert!(report.len() <= QbText::<MAX>::REPORTED_MAX + 1);
    kept
}

/// A request that is refused names its place; one that is not reads back, and is written the same again. (An emptied field
/// and one set to an empty text are the same bytes, so bytes are what is compared.)
fn written<Q: Request>(request: &Q) {
    let mut set = MessageSet::new(QbXmlVersion::V16, OnError::Continue);
    if let Err(error) = set.push(&id(), request) {
        assert!(!error.path.is_empty() && set.is_empty());
        return;
    }
    let document = set.finish();
    assert!(document.is_ascii());
    assert_eq!(document.len(), set.size_bytes());
    let mut requests = RequestReader::new(document.as_bytes(), WireLimits::default());
    requests.message_set().expect("a message set");
    requests.next_request().expect("readable").expect("a request");
    let read = requests.read::<Q>().expect("the request");
    assert_eq!(requests.next_request().expect("readable"), None);
    requests.finish().expect("whole");
    let mut again = MessageSet::new(QbXmlVersion::V16, OnError::Continue);
    again.push(&id(), &read).expect("valid again");
    assert_eq!(again.finish(), document);
}

fn id() -> RequestId {
    RequestId::new("r-1").expect("short")
}
