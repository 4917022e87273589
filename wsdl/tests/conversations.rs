//! Whole conversations, both directions, written after the captures and appendix A of `qbwc.md`.
//!
//! `fixtures/qbwc/<conversation>/NN-<operation>.request.xml` must decode to `.decoded.txt`; `.response.xml` must be,
//! byte for byte, what [`reply_to`] encodes to, or the fault that the request earns. Every file is visited, and every
//! reply must have its file: a fixture that nobody reads is an error. `UPDATE_GOLDENS=1` rewrites the `.decoded.txt`
//! files, never the responses, which are written by hand after `qbwc.md` 2.3 and appendix A.

use qbwc::client::{Call, ReplyError, encode_call, read_reply};
use qbwc::{
    AuthenticateResult, Company, Fault, GuardLimits, HResult, Operation, OperationName, PollSpelling,
    ReceiveResponseXml, Reply, ResponseText, SendRequestXml, SoapVersion,
};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const TICKET: &str = "9f6c1d0e5b7a48c2a1d3e4f5a6b7c8d9";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/qbwc")
}

/// Conversations whose requests are not as a .NET connector in Document style writes them.
const NOT_AS_A_CONNECTOR: [&str; 5] = ["document-variants/", "faults/", "quickbooks-died/", "rpc-style/", "soap-1-2/"];

/// All steps as `conversation/NN-operation`, in order. Fails on any file that is not part of one.
fn steps() -> BTreeSet<String> {
    let mut steps = BTreeSet::new();
    for folder in fs::read_dir(fixtures()).expect("fixtures/qbwc") {
        let folder = folder.expect("an entry").path();
        let conversation = folder.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if conversation == "example.qwc" {
            continue; // read by the tests of `qwc`
        }
        for file in fs::read_dir(&folder).expect("a folder per conversation") {
            let file = file.expect("an entry").file_name().into_string().expect("a name");
            let (step, kind) = file.split_once('.').expect("NN-operation.kind");
            assert!(
                matches!(kind, "request.xml" | "response.xml" | "decoded.txt"),
                "{conversation}/{file} is read by no test"
            );
            steps.insert(format!("{conversation}/{step}"));
        }
    }
    steps
}

fn read(step: &str, kind: &str) -> Vec<u8> {
    let path = fixtures().join(format!("{step}.{kind}"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a request was understood as, in full: unlike `Debug`, with tickets and passwords, which are made up here.
fn describe(operation: &Operation<ResponseText<'_>>) -> String {
    let quoted = |text: &str| format!("{text:?}");
    let (name, fields) = match operation {
        Operation::ServerVersion => ("ServerVersion", vec![]),
        Operation::GetServerVersion => ("GetServerVersion", vec![]),
        Operation::ClientVersion { version } => ("ClientVersion", vec![("version", quoted(version))]),
        Operation::Authenticate { user_name, password } => {
            ("Authenticate", vec![("user_name", quoted(user_name)), ("password", quoted(password.expose()))])
        }
        Operation::SendRequestXml(request) => ("SendRequestXml", send_request_fields(request)),
        Operation::ReceiveResponseXml(request) => ("ReceiveResponseXml", receive_response_fields(request)),
        Operation::ConnectionError { ticket, hresult, message } => (
            "ConnectionError",
            vec![("ticket", quoted(ticket)), ("hresult", failure(hresult.as_ref())), ("message", quoted(message))],
        ),
        Operation::GetLastError { ticket } => ("GetLastError", vec![("ticket", quoted(ticket))]),
        Operation::CloseConnection { ticket } => ("CloseConnection", vec![("ticket", quoted(ticket))]),
        Operation::GetInteractiveUrl { ticket, session_id } => {
            ("GetInteractiveUrl", vec![("ticket", quoted(ticket)), ("session_id", quoted(session_id))])
        }
        Operation::InteractiveDone { ticket, spelling } => {
            ("InteractiveDone", vec![("ticket", quoted(ticket)), ("spelling", format!("{spelling:?}"))])
        }
        Operation::InteractiveRejected { ticket, reason } => {
            ("InteractiveRejected", vec![("ticket", quoted(ticket)), ("reason", quoted(reason))])
        }
    };
    let fields = fields.into_iter().map(|(field, value)| format!("  {field}: {value}\n"));
    format!("{name}\n{}", fields.collect::<String>())
}

fn send_request_fields(request: &SendRequestXml) -> Vec<(&'static str, String)> {
    vec![
        ("ticket", format!("{:?}", request.ticket)),
        ("hcp_response", format!("{:?}", request.hcp_response)),
        ("company_file_name", format!("{:?}", request.company_file_name)),
        ("country", format!("{:?}", request.country)),
        ("major_version", format!("{:?}", request.major_version)),
        ("minor_version", format!("{:?}", request.minor_version)),
    ]
}

fn receive_response_fields(request: &ReceiveResponseXml<ResponseText<'_>>) -> Vec<(&'static str, String)> {
    let response = whole(&request.response);
    assert_eq!(request.response.is_empty(), response.is_empty());
    vec![
        ("ticket", format!("{:?}", request.ticket)),
        ("hresult", failure(request.hresult.as_ref())),
        ("message", format!("{:?}", request.message)),
        ("response", format!("{response:?}")),
    ]
}

fn failure(hresult: Option<&HResult>) -> String {
    format!("{:?}", hresult.map(|hresult| (hresult.to_string(), hresult.kind())))
}

fn whole(response: &ResponseText<'_>) -> String {
    let mut text = String::new();
    response.reader().read_to_string(&mut text).expect("un-escapable");
    text
}

fn vendor_query(request_id: u32) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"continueOnError\">\
         <VendorQueryRq requestID=\"{request_id}\"><MaxReturned>100</MaxReturned></VendorQueryRq></QBXMLMsgsRq></QBXML>"
    )
}

/// The answer of the application at each step; an error is a fault that only the application can give.
fn reply_to(step: &str) -> Result<Reply, Fault> {
    if step == "faults/07-server" {
        return Err(Fault::server("Counterfoil could not store the answer; nothing is lost."));
    }
    let (_, operation) = step.rsplit_once('-').expect("NN-operation");
    let done = |spelling, text: &str| Reply::InteractiveDone { spelling, text: text.to_owned() };
    Ok(match operation {
        "serverVersion" => Reply::ServerVersion("Counterfoil 0.1.0".to_owned()),
        "getServerVersion" => Reply::GetServerVersion("Counterfoil 0.1.0".to_owned()),
        "clientVersion" => Reply::ClientVersion(String::new()),
        "authenticate" => Reply::Authenticate(session_for(step)),
        "sendRequestXML" => Reply::SendRequestXml(work_for(step)),
        "receiveResponseXML" => Reply::ReceiveResponseXml(match step {
            "first-sync/05-receiveResponseXML" => 40,
            "first-sync/07-receiveResponseXML" | "rpc-style/05-receiveResponseXML" => 100,
            _ if step.starts_with("quickbooks-died/") => -2,
            _ => -1,
        }),
        "connectionError" if step.contains("/02-") => Reply::ConnectionError(String::new()),
        "connectionError" => Reply::ConnectionError("done".to_owned()),
        "getLastError" => Reply::GetLastError(sentence_for(step).to_owned()),
        "closeConnection" if step.starts_with("first-sync/") => {
            Reply::CloseConnection("54 vendors read, 3 bills written.".to_owned())
        }
        "closeConnection" => Reply::CloseConnection("OK".to_owned()),
        "getInteractiveURL" => Reply::GetInteractiveUrl("https://sync.example.com/interactive?s=1&t=2".to_owned()),
        "isInteractiveDone" => done(PollSpelling::IsInteractiveDone, ""),
        "interactiveDone" => done(PollSpelling::InteractiveDone, "DONE"),
        "interactiveRejected" => Reply::InteractiveRejected("OK".to_owned()),
        _ => panic!("{step} has no reply in this test"),
    })
}

fn session_for(step: &str) -> AuthenticateResult {
    let session = |company| AuthenticateResult::session(TICKET.to_owned(), company);
    match step {
        "idle/03-authenticate" => AuthenticateResult::without_ticket(Company::None),
        "refused/03-authenticate" => AuthenticateResult::invalid(),
        "busy-and-postponed/01-authenticate" => {
            AuthenticateResult { minimum_run_seconds: Some(900), ..AuthenticateResult::without_ticket(Company::Busy) }
        }
        "busy-and-postponed/02-authenticate" => {
            AuthenticateResult { postpone_seconds: Some(60), ..session(Company::Current) }
        }
        "connection-error/01-authenticate" => session(Company::File("C:\\Books & More\\Acme.qbw".to_owned())),
        _ => session(Company::Current),
    }
}

fn work_for(step: &str) -> String {
    match step {
        "first-sync/06-sendRequestXML" => vendor_query(2),
        "first-sync/04-sendRequestXML"
        | "request-not-parsed/02-sendRequestXML"
        | "rpc-style/04-sendRequestXML"
        | "soap-1-2/03-sendRequestXML" => vendor_query(1),
        _ => String::new(),
    }
}

fn sentence_for(step: &str) -> &'static str {
    match step {
        "connection-error/04-getLastError" => {
            "QuickBooks has another company file open. Open Acme.qbw and run the update again."
        }
        "request-not-parsed/04-getLastError" => {
            "QuickBooks could not read request 1; it is set aside and will not be sent again."
        }
        "pause/02-getLastError" => "NoOp",
        "interactive/02-getLastError" => "Interactive mode",
        "unknown-ticket/03-getLastError" => "The session has expired; the next run continues.",
        _ => panic!("{step} has no sentence in this test"),
    }
}

#[test]
fn every_request_is_understood() {
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    for step in steps() {
        let request = read(&step, "request.xml");
        let understood = match qbwc::decode(&request, &GuardLimits::default()) {
            Ok(decoded) => format!("{:?} {}", decoded.soap, describe(&decoded.operation)),
            Err(error) => format!("refused: {error}\n"),
        };
        if update {
            fs::write(fixtures().join(format!("{step}.decoded.txt")), &understood).expect("writable");
        }
        let golden = String::from_utf8(read(&step, "decoded.txt")).expect("UTF-8");
        assert_eq!(understood, golden, "{step}");
    }
}

#[test]
fn every_response_is_written_byte_for_byte() {
    for step in steps() {
        let request = read(&step, "request.xml");
        let written = match qbwc::decode(&request, &GuardLimits::default()) {
            Ok(decoded) => match reply_to(&step) {
                Ok(reply) => qbwc::encode(&reply, decoded.soap),
                Err(fault) => qbwc::encode_fault(&fault, decoded.soap),
            },
            Err(error) => qbwc::encode_fault(&error.fault(), SoapVersion::guess(&request)),
        };
        let golden = String::from_utf8(read(&step, "response.xml")).expect("UTF-8");
        assert_eq!(String::from_utf8(written).expect("UTF-8"), golden, "{step}");
        roxmltree::Document::parse(&golden).unwrap_or_else(|error| panic!("{step}: {error}"));
    }
}

/// The call that a connector must have made to be understood as `operation`.
fn call(operation: &Operation<ResponseText<'_>>) -> Call {
    match operation {
        Operation::ServerVersion => Call::ServerVersion,
        Operation::GetServerVersion => panic!("no connector sends getServerVersion"),
        Operation::ClientVersion { version } => Call::ClientVersion { version: version.clone() },
        Operation::Authenticate { user_name, password } => {
            Call::Authenticate { user_name: user_name.clone(), password: password.expose().to_owned() }
        }
        Operation::SendRequestXml(request) => Call::SendRequestXml {
            ticket: request.ticket.clone(),
            hcp_response: request.hcp_response.clone(),
            company_file_name: request.company_file_name.clone(),
            country: request.country.clone(),
            major_version: request.major_version.expect("a number"),
            minor_version: request.minor_version.expect("a number"),
        },
        Operation::ReceiveResponseXml(request) => Call::ReceiveResponseXml {
            ticket: request.ticket.clone(),
            response: whole(&request.response),
            hresult: request.hresult.as_ref().map(ToString::to_string).unwrap_or_default(),
            message: request.message.clone(),
        },
        Operation::ConnectionError { ticket, hresult, message } => Call::ConnectionError {
            ticket: ticket.clone(),
            hresult: hresult.as_ref().map(ToString::to_string).unwrap_or_default(),
            message: message.clone(),
        },
        Operation::GetLastError { ticket } => Call::GetLastError { ticket: ticket.clone() },
        Operation::CloseConnection { ticket } => Call::CloseConnection { ticket: ticket.clone() },
        Operation::GetInteractiveUrl { ticket, session_id } => {
            Call::GetInteractiveUrl { ticket: ticket.clone(), session_id: session_id.clone() }
        }
        Operation::InteractiveDone { ticket, spelling } => {
            Call::InteractiveDone { ticket: ticket.clone(), spelling: *spelling }
        }
        Operation::InteractiveRejected { ticket, reason } => {
            Call::InteractiveRejected { ticket: ticket.clone(), reason: reason.clone() }
        }
    }
}

#[test]
fn the_simulated_connector_writes_the_same_bytes() {
    for step in steps() {
        if NOT_AS_A_CONNECTOR.iter().any(|conversation| step.starts_with(conversation)) {
            continue;
        }
        let request = read(&step, "request.xml");
        let decoded = qbwc::decode(&request, &GuardLimits::default()).expect("understood");
        let written = encode_call(&call(&decoded.operation));
        let golden = String::from_utf8(request.clone()).expect("UTF-8");
        // Codes are normalised on reading, so their case is not.
        assert_eq!(String::from_utf8(written).expect("UTF-8"), golden.replace("0x8004040a", "0x8004040A"), "{step}");
    }
}

#[test]
fn the_simulated_connector_reads_every_response() {
    for step in steps() {
        let request = read(&step, "request.xml");
        let response = read(&step, "response.xml");
        let Ok(_) = qbwc::decode(&request, &GuardLimits::default()) else {
            let read = read_reply(OperationName::GetLastError, &response, response.len());
            assert!(matches!(read, Err(ReplyError::Fault(_))), "{step}");
            continue;
        };
        match reply_to(&step) {
            Ok(reply) => {
                let read = read_reply(reply.name(), &response, response.len());
                assert!(read.is_ok_and(|read| read == reply), "{step}");
            }
            Err(fault) => {
                let read = read_reply(OperationName::GetLastError, &response, response.len());
                assert_eq!(read.err(), Some(ReplyError::Fault(fault)), "{step}");
            }
        }
    }
}

#[test]
fn every_operation_occurs_in_some_conversation() {
    let steps = steps();
    for name in OperationName::ALL {
        let suffix = format!("-{name}");
        assert!(steps.iter().any(|step| step.ends_with(&suffix)), "{name} has no fixture");
    }
}

#[test]
fn debug_output_holds_no_secret() {
    for step in steps() {
        let request = read(&step, "request.xml");
        let Ok(decoded) = qbwc::decode(&request, &GuardLimits::default()) else {
            continue;
        };
        let debug = format!("{decoded:?}");
        for secret in
            [TICKET, "Qm5vLW9uZS1yZWFkcw", "wrong & <padded>", "no-such-session", "B2A7D9E0", "QBXML>", "0D9C6A14"]
        {
            assert!(!debug.contains(secret), "{step}: {debug}");
        }
    }
}

#[test]
fn the_same_text_is_read_from_every_encoding() {
    let utf8 = String::from_utf8(read("first-sync/05-receiveResponseXML", "request.xml")).expect("UTF-8");
    let expected = String::from_utf8(read("first-sync/05-receiveResponseXML", "decoded.txt")).expect("UTF-8");
    let utf16 =
        |order: fn(u16) -> [u8; 2]| "\u{FEFF}".encode_utf16().chain(utf8.encode_utf16()).flat_map(order).collect();
    let latin1 = utf8.replace("utf-8", "ISO-8859-1");
    let bodies: [Vec<u8>; 4] = [
        format!("\u{FEFF}{utf8}").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        latin1.chars().map(|character| u8::try_from(u32::from(character)).expect("Latin-1")).collect(),
    ];
    for body in bodies {
        let decoded = qbwc::decode(&body, &GuardLimits::default()).expect("understood");
        assert_eq!(format!("{:?} {}", decoded.soap, describe(&decoded.operation)), expected);
    }
}
