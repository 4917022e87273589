//! Hostile input: each file of `fixtures/attacks` must be refused with the error in the file beside it, and the
//! attacks that live by their size are made here.
//!
//! `UPDATE_GOLDENS=1` rewrites the `.txt` files; read the difference before keeping it.

use qbwc::{DecodeError, GuardLimits, Operation, decode, encode_fault};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const HEAD: &str = "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>";
const TAIL: &str = "</e:Body></e:Envelope>";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/attacks")
}

fn refuse(body: &[u8]) -> DecodeError {
    decode(body, &GuardLimits::default()).expect_err("refused")
}

fn envelope(body: &str) -> String {
    format!("{HEAD}{body}{TAIL}")
}

fn operation(name: &str, parameters: &str) -> String {
    envelope(&format!("<{name} xmlns=\"http://developer.intuit.com/\">{parameters}</{name}>"))
}

#[test]
fn every_attack_is_refused_for_its_reason() {
    let names = |extension: &str| {
        let files = fs::read_dir(folder()).expect("fixtures/attacks").map(|file| file.expect("an entry").path());
        let of_kind = files.filter(|path| path.extension().is_some_and(|found| found == extension));
        of_kind.map(|path| path.with_extension("")).collect::<BTreeSet<_>>()
    };
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    for attack in names("xml") {
        let body = fs::read(attack.with_extension("xml")).expect("readable");
        let error = match decode(&body, &GuardLimits::default()) {
            Err(error) => error,
            Ok(decoded) => panic!("{} was understood as {decoded:?}", attack.display()),
        };
        let shown = format!("{}\n", error.fault().text);
        if update {
            fs::write(attack.with_extension("txt"), &shown).expect("writable");
        }
        let golden = fs::read_to_string(attack.with_extension("txt")).expect("an expectation");
        assert_eq!(shown, golden, "{}", attack.display());
        assert!(shown.len() < 1_000 && shown.trim_end().chars().all(|c| !c.is_control()), "{shown:?}");
        let fault = encode_fault(&error.fault(), qbwc::SoapVersion::guess(&body));
        roxmltree::Document::parse(std::str::from_utf8(&fault).expect("UTF-8")).expect("well-formed fault");
    }
    assert_eq!(names("xml"), names("txt"), "an expectation without its attack");
    let files = fs::read_dir(folder()).expect("fixtures/attacks").count();
    assert_eq!(files, 2 * names("xml").len(), "a file that no test reads");
}

#[test]
fn a_hundred_thousand_nested_elements() {
    for open in ["<a>", "<a xmlns=\"urn:a\">", "<x:a xmlns:x=\"urn:a\">"] {
        let close = if open.starts_with("<x") { "</x:a>" } else { "</a>" };
        let nested = format!("{}{}", open.repeat(100_000), close.repeat(100_000));
        for body in [nested.clone(), envelope(&nested), operation("authenticate", &nested)] {
            let error = refuse(body.as_bytes());
            assert!(
                matches!(
                    error,
                    DecodeError::TooDeep { limit: 16, found: 17 }
                        | DecodeError::NotAnEnvelope { .. }
                        | DecodeError::UnknownOperation { .. }
                ),
                "{error}"
            );
        }
    }
}

#[test]
fn forty_thousand_attributes() {
    let attributes: String = (0..40_000).map(|number| format!(" a{number}=\"1\"")).collect();
    let body = operation("authenticate", &format!("<x{attributes}/>"));
    assert_eq!(refuse(body.as_bytes()), DecodeError::TooManyAttributes { limit: 32, found: 33 });
    let same = " a=\"1\"".repeat(40_000);
    assert!(matches!(
        refuse(operation("authenticate", &format!("<x{same}/>")).as_bytes()),
        DecodeError::Malformed { .. }
    ));
    let bindings: String = (0..40_000).map(|number| format!(" xmlns:n{number}=\"urn:n\"")).collect();
    let body = operation("authenticate", &format!("<x{bindings}/>"));
    assert_eq!(refuse(body.as_bytes()), DecodeError::TooManyNamespaces { limit: 32 });
}

#[test]
fn two_million_elements() {
    let body = operation("authenticate", &"<x/>".repeat(2_000_000));
    assert_eq!(refuse(body.as_bytes()), DecodeError::TooManyElements { limit: 2_000_000, found: 2_000_001 });
}

#[test]
fn megabytes_where_bytes_belong() {
    let long = "x".repeat(10_000_000);
    let limit = |parameter, limit| DecodeError::TextTooLong { parameter, limit };
    let body = operation("closeConnection", &format!("<ticket>{long}</ticket>"));
    assert_eq!(refuse(body.as_bytes()), limit("ticket", 256));
    let body = operation("authenticate", &format!("<strPassword>{long}</strPassword>"));
    assert_eq!(refuse(body.as_bytes()), limit("strPassword", 64 * 1024));
    let body = operation("authenticate", &format!("<strUserName>{long}</strUserName>"));
    assert_eq!(refuse(body.as_bytes()), limit("strUserName", 64 * 1024));
    let body = operation("getInteractiveURL", &format!("<sessionID>{long}</sessionID>"));
    assert_eq!(refuse(body.as_bytes()), limit("sessionID", 256));
    let body = operation("sendRequestXML", &format!("<strHCPResponse>{long}</strHCPResponse>"));
    assert_eq!(refuse(body.as_bytes()), limit("strHCPResponse", 4 * 1024 * 1024));
    let body = envelope(&format!("<{long} xmlns=\"http://developer.intuit.com/\"/>"));
    assert_eq!(refuse(body.as_bytes()), DecodeError::NameTooLong { limit: 128, found: 10_000_000 });
    let body = envelope(&format!("<authenticate xmlns=\"{long}\"/>"));
    assert_eq!(refuse(body.as_bytes()), DecodeError::AttributeTooLong { limit: 4096, found: 10_000_000 });
    let body = format!("<!DOCTYPE x [{long}]><x/>");
    assert_eq!(refuse(body.as_bytes()), DecodeError::DocumentType);
    let body = envelope(&long);
    assert_eq!(refuse(body.as_bytes()), DecodeError::StrayText { within: "Body" });
}

#[test]
fn a_body_beyond_the_limit_is_not_looked_at() {
    let body = vec![b'<'; 64 * 1024 * 1024 + 1];
    let limit = 64 * 1024 * 1024;
    assert_eq!(refuse(&body), DecodeError::BodyTooLarge { limit, found: limit + 1 });
}

#[test]
fn a_large_answer_is_legitimate_and_read_as_a_stream() {
    let record = "&lt;VendorRet&gt;&#xD;\n&lt;Name&gt;A &amp;amp; B&lt;/Name&gt;&lt;/VendorRet&gt;";
    let count = 300_000;
    let body =
        operation("receiveResponseXML", &format!("<response>{}</response><ticket>T</ticket>", record.repeat(count)));
    let decoded = decode(body.as_bytes(), &GuardLimits::default()).expect("understood");
    let Operation::ReceiveResponseXml(request) = decoded.operation else { panic!("receiveResponseXML") };
    assert_eq!(request.ticket, "T");
    assert!(!request.response.is_empty());
    let mut reader = request.response.reader();
    let expected = "<VendorRet>\r\n<Name>A &amp; B</Name></VendorRet>";
    let mut found = vec![0; expected.len()];
    for number in 0..count {
        reader.read_exact(&mut found).expect("the next record");
        assert_eq!(found, expected.as_bytes(), "record {number}");
    }
    assert_eq!(reader.read(&mut found).expect("the end"), 0);
}

#[test]
fn a_garbled_answer_fails_while_it_is_read() {
    let body = operation("receiveResponseXML", "<response>&lt;QBXML&gt;&nbsp;</response>");
    let decoded = decode(body.as_bytes(), &GuardLimits::default()).expect("the envelope is fine");
    let Operation::ReceiveResponseXml(request) = decoded.operation else { panic!("receiveResponseXML") };
    let mut text = Vec::new();
    let error = request.response.reader().read_to_end(&mut text).expect_err("garbled");
    assert_eq!(text, b"<QBXML>");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert!(!request.response.is_empty());
}

#[test]
fn limits_are_the_callers_to_lower() {
    let limits = GuardLimits { body_bytes_max: 100, ..GuardLimits::default() };
    let body = operation("authenticate", "");
    assert_eq!(
        decode(body.as_bytes(), &limits).expect_err("refused"),
        DecodeError::BodyTooLarge { limit: 100, found: body.len() }
    );
}
