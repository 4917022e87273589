//! What was read can be written, and reads the same again: records of answers, and requests of message sets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qbxml::{
    MessageSet, OnError, QbXmlVersion, ReadError, Record, RequestId, RequestReader, ResponseReader, WireLimits,
};

fuzz_target!(|bytes: &[u8]| {
    let _answer = records(bytes);
    if let Some(document) = copied(bytes) {
        assert!(document.is_ascii());
        assert_eq!(copied(document.as_bytes()).as_deref(), Some(document.as_str()));
    }
});

/// Every record of an answer, written and read once more.
fn records(bytes: &[u8]) -> Result<(), ReadError> {
    let mut answer = ResponseReader::new(bytes, WireLimits::default());
    answer.message_set()?;
    while let Some(head) = answer.next_response()? {
        while let Some(record) = answer.next_record()? {
            // A text may hold what XML cannot carry; then writing says so.
            if let Ok(Some(xml)) = record.to_xml() {
                assert!(xml.is_ascii());
                again(&head.name, &record, &xml);
            }
        }
    }
    Ok(())
}

fn again(response: &str, record: &Record, xml: &str) {
    // The records of TxnDel and TxnVoid stand in their response without an element of their own.
    if matches!(record, Record::TxnDel(_) | Record::TxnVoid(_)) {
        return;
    }
    let document = format!("<QBXML><QBXMLMsgsRs><{response} statusCode=\"0\">{xml}</{response}></QBXMLMsgsRs></QBXML>");
    let mut answer = ResponseReader::new(document.as_bytes(), WireLimits::default());
    answer.message_set().expect("a message set");
    answer.next_response().expect("readable").expect("a response");
    let read = answer.next_record().expect("readable").expect("a record");
    assert_eq!(&read, record, "{xml}");
    assert!(answer.unknown().is_empty(), "{xml}");
}

/// The requests of a message set, through their types, into another one; none when something in it is not valid.
fn copied(bytes: &[u8]) -> Option<String> {
    let mut requests = RequestReader::new(bytes, WireLimits::default());
    requests.message_set().ok()?;
    let id = RequestId::new("1").expect("short");
    let mut set = MessageSet::new(QbXmlVersion::V16, OnError::Continue);
    while let Some(head) = requests.next_request().ok()? {
        requests.copy_into(&head, &id, &mut set).ok()?;
    }
    requests.finish().ok()?;
    Some(set.finish())
}
