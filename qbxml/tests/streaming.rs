//! Big answers come through a small window: memory is bounded by one record, whatever the length of
//! the document.

use std::io::{BufReader, Read};

use qbxml::{ReadErrorKind, Record, ResponseReader, WireLimits};

/// Makes an answer while it is read: head, so many times the same body, tail. Nothing is ever held
/// whole.
struct Generated {
    head: &'static [u8],
    body: Vec<u8>,
    tail: &'static [u8],
    bodies_left: u64,
    at: usize,
    part: u8,
}

impl Generated {
    fn new(body: &str, count: u64) -> Self {
        Self {
            head: b"<QBXML><QBXMLMsgsRs><VendorQueryRs statusCode=\"0\" statusSeverity=\"Info\">",
            body: body.as_bytes().to_vec(),
            tail: b"</VendorQueryRs></QBXMLMsgsRs></QBXML>",
            bodies_left: count,
            at: 0,
            part: 0,
        }
    }
}

impl Read for Generated {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let source = match self.part {
                0 => self.head,
                1 if self.bodies_left > 0 => &self.body[..],
                1 | 2 => self.tail,
                _ => return Ok(0),
            };
            if self.part == 1 && self.bodies_left == 0 {
                self.part = 2;
                continue;
            }
            let count = into.len().min(source.len() - self.at);
            into[..count].copy_from_slice(&source[self.at..self.at + count]);
            self.at += count;
            if self.at == source.len() {
                self.at = 0;
                match self.part {
                    1 => self.bodies_left -= 1,
                    _ => self.part += 1,
                }
            }
            return Ok(count);
        }
    }
}

fn reader(body: &str, count: u64, window: usize) -> ResponseReader<BufReader<Generated>> {
    ResponseReader::new(BufReader::with_capacity(window, Generated::new(body, count)), WireLimits::default())
}

const VENDOR: &str = "<VendorRet>\n<ListID>A60000-1197760912</ListID>\n<EditSequence>1702703204</EditSequence>\n<Name>A Cheung &amp; Co</Name>\n\
                      <VendorAddress>\n<Addr1>3818 Bear Rd. West</Addr1>\n<City>Berkeley</City>\n</VendorAddress>\n<Oddity><X>1</X></Oddity>\n\
                      <Balance>12.50</Balance>\n</VendorRet>\n";

#[test]
fn many_records_through_a_small_window() {
    for (count, window) in [(20_000, 7), (40_000, 4096)] {
        let mut reader = reader(VENDOR, count, window);
        reader.message_set().expect("an answer");
        reader.next_response().expect("readable").expect("a response");
        let (mut seen, mut cents) = (0, 0);
        while let Some(record) = reader.next_record().expect("readable") {
            let Record::Vendor(vendor) = record else { panic!("a vendor") };
            seen += 1;
            cents += vendor.balance.expect("a balance").cents();
        }
        reader.finish().expect("whole");
        assert_eq!((seen, cents), (count, 1250 * i64::try_from(count).expect("small")));
        assert_eq!(reader.unknown().iter().collect::<Vec<_>>(), [("VendorRet/Oddity", count)]);
    }
}

/// Reads until the first error, which an endless part must bring.
fn first_error(reader: &mut ResponseReader<BufReader<Generated>>) -> ReadErrorKind {
    reader.message_set().expect("an answer");
    reader.next_response().expect("readable").expect("a response");
    loop {
        match reader.next_record() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("an endless part was accepted"),
            Err(error) => return error.kind,
        }
    }
}

#[test]
fn an_endless_text_is_stopped() {
    let mut endless = reader("xxxxxxxxxxxxxxxx", u64::MAX, 4096);
    assert!(matches!(first_error(&mut endless), ReadErrorKind::TooLong { limit: 262_144, .. }));
    let mut references = ResponseReader::new(
        BufReader::new(
            "<QBXML><QBXMLMsgsRs><ARs statusCode=\"0\"><VendorRet><Name>"
                .as_bytes()
                .chain(Generated::new("&amp;", u64::MAX).skip_head()),
        ),
        WireLimits::default(),
    );
    references.message_set().expect("an answer");
    references.next_response().expect("readable");
    let error = references.next_record().expect_err("endless");
    assert!(matches!(error.kind, ReadErrorKind::TooLong { what: "a text", .. }), "{error}");
}

#[test]
fn an_endless_record_is_stopped() {
    let mut endless = ResponseReader::new(
        BufReader::new(
            "<QBXML><QBXMLMsgsRs><ARs statusCode=\"0\"><VendorRet>"
                .as_bytes()
                .chain(Generated::new("<Odd>x</Odd>", u64::MAX).skip_head()),
        ),
        WireLimits { record_bytes_max: 1_000_000, ..WireLimits::default() },
    );
    endless.message_set().expect("an answer");
    endless.next_response().expect("readable");
    let error = endless.next_record().expect_err("endless");
    assert_eq!(error.kind, ReadErrorKind::TooLong { what: "a record", limit: 1_000_000 });
    assert!(error.position < 1_300_000);
}

impl Generated {
    /// Bodies only.
    fn skip_head(mut self) -> Self {
        self.part = 1;
        self
    }
}

#[test]
fn an_endless_tag_is_stopped() {
    let source = "<QBXML><QBXMLMsgsRs><ARs statusCode=\"0\"><VendorRet x='"
        .as_bytes()
        .chain(Generated::new("yyyyyyyyyyyyyyyy", u64::MAX).skip_head());
    let mut endless = ResponseReader::new(BufReader::new(source), WireLimits::default());
    endless.message_set().expect("an answer");
    endless.next_response().expect("readable");
    let error = endless.next_record().expect_err("endless");
    assert!(matches!(error.kind, ReadErrorKind::TooLong { what: "a piece of markup or text", .. }), "{error}");
}
