//! Property tests: every value of every field survives, and nothing from outside makes the reader
//! panic.

mod support;

use proptest::prelude::*;
use qbxml::schema::{Detail, Example};
use qbxml::{
    MessageSet, OnError, QbXmlVersion, RECORDS, REQUESTS, RequestId, RequestReader, ResponseReader, WireLimits,
};
use support::{fixtures, read_all, read_text};

const VERSIONS: [(u8, u8); 12] =
    [(1, 1), (2, 0), (2, 1), (3, 0), (4, 0), (6, 0), (8, 0), (10, 0), (11, 0), (12, 0), (13, 0), (16, 0)];

/// Random values of each request and record: every case takes all of them.
const CASES: u32 = 40;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    /// A random valid request is written, read back and written again: the bytes are the same, for
    /// every request and version.
    #[test]
    fn requests_round_trip(seed in any::<u64>(), (major, minor) in prop::sample::select(&VERSIONS[..])) {
        let version = QbXmlVersion::us(major, minor);
        for entry in REQUESTS.iter().filter(|entry| version.knows((entry.since)())) {
            let id = RequestId::new("r-1").expect("short");
            let mut set = MessageSet::new(version, OnError::Continue);
            let pushed = (entry.push_example)(&mut set, &id, &mut Example::new(version, Detail::Random, seed));
            prop_assert_eq!(pushed, Ok(()), "{}: examples are valid", entry.name);
            let document = set.finish();
            prop_assert!(document.is_ascii());
            prop_assert_eq!(document.len(), set.size_bytes());
            prop_assert!(roxmltree::Document::parse(&document).is_ok());

            let mut reader = RequestReader::new(document.as_bytes(), WireLimits::default());
            reader.message_set().expect("a message set");
            let head = reader.next_request().expect("readable").expect("one request");
            prop_assert_eq!(head.request_id.as_deref(), Some("r-1"));
            let mut copy = MessageSet::new(version, OnError::Continue);
            prop_assert!(reader.copy_into(&head, &id, &mut copy).expect("valid again"));
            prop_assert_eq!(reader.next_request().expect("readable"), None);
            reader.finish().expect("whole");
            prop_assert!(reader.unknown().is_empty(), "{:?}", reader.unknown());
            prop_assert_eq!(copy.finish(), document);
        }
    }

    /// A random record is written into an answer and read back: it is the same value.
    #[test]
    fn records_round_trip(seed in any::<u64>(), detail in prop::sample::select(vec![Detail::Random, Detail::Maximal, Detail::Every])) {
        for entry in RECORDS {
            let record = (entry.example)(&mut Example::new(QbXmlVersion::V16, detail, seed));
            let xml = record.to_xml().expect("writable").expect("a known record");
            let flat = entry.element.ends_with("Rs");
            let response = if flat {
                xml.replacen(&format!("<{}>", entry.element), &format!("<{} statusCode=\"0\">", entry.element), 1)
            } else {
                format!("<AnyQueryRs statusCode=\"0\">{xml}</AnyQueryRs>")
            };
            let document = format!("<QBXML><QBXMLMsgsRs>{response}</QBXMLMsgsRs></QBXML>");
            let mut reader = ResponseReader::new(document.as_bytes(), WireLimits::default());
            let records = read_all(&mut reader).expect("readable").remove(0).1;
            prop_assert!(reader.unknown().is_empty(), "{:?}", reader.unknown());
            if flat {
                // An error recovery inside is handed out as a record of its own.
                prop_assert!(records.len() <= 2);
            } else {
                prop_assert_eq!(&records[..], &[record][..], "{}", entry.element);
            }
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_all(&mut ResponseReader::new(&bytes[..], WireLimits::default()));
    }

    #[test]
    fn arbitrary_markup_never_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "<QBXML>", "</QBXML>", "<QBXMLMsgsRs messageSetStatusCode='0'>", "</QBXMLMsgsRs>", "<VendorQueryRs statusCode='0'>",
        "</VendorQueryRs>", "<VendorRet>", "</VendorRet>", "<Name>", "</Name>", "<ListID/>", "text", "&amp;", "&#65;", "&", "<![CDATA[",
        "]]>", "<!--", "-->", "<?x", "?>", "<TxnDelRs statusCode='1'>", "</TxnDelRs>", "<ErrorRecovery>", "</ErrorRecovery>", " ", "\u{FEFF}",
    ]), 0..40)) {
        let text = parts.concat();
        let _ = read_all(&mut ResponseReader::new(text.as_bytes(), WireLimits::default()));
        let mut requests = RequestReader::new(text.as_bytes(), WireLimits::default());
        let _ = requests.message_set();
    }

    #[test]
    fn mutated_answers_never_panic(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        for name in ["bills", "lists", "writes", "first-contact"] {
            let mut bytes = read_text(&fixtures().join("answers").join(format!("{name}.xml"))).into_bytes();
            for (index, byte) in &cuts {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
            }
            let _ = read_all(&mut ResponseReader::new(&bytes[..], WireLimits::default()));
        }
    }
}
