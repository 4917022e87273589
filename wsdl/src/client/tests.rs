use super::*;
use crate::reply::{encode, encode_fault};

const LIMIT: usize = 1_000_000;

fn read(operation: OperationName, body: &str) -> Result<Reply, ReplyError> {
    read_reply(operation, body.as_bytes(), LIMIT)
}

/// `Reply` has no `Debug`; this names what went wrong instead.
fn expect_error(result: Result<Reply, ReplyError>) -> ReplyError {
    result.err().expect("an error")
}

fn soap(body: &str) -> String {
    format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <s:Header /><s:Body>{body}</s:Body></s:Envelope>"
    )
}

#[test]
fn every_reply_we_write_reads_back() {
    let text = || "a <b> & \"c\"\r\n  é ".to_owned();
    let replies = [
        Reply::ServerVersion(text()),
        Reply::GetServerVersion(text()),
        Reply::ClientVersion(String::new()),
        Reply::Authenticate(AuthenticateResult {
            ticket: text(),
            company: Company::File("C:\\a & b.qbw".to_owned()),
            postpone_seconds: Some(5),
            minimum_run_seconds: None,
        }),
        Reply::Authenticate(AuthenticateResult::invalid()),
        Reply::SendRequestXml(text()),
        Reply::ReceiveResponseXml(-7),
        Reply::ConnectionError(String::new()),
        Reply::GetLastError(text()),
        Reply::CloseConnection(text()),
        Reply::GetInteractiveUrl(text()),
        Reply::InteractiveDone { spelling: PollSpelling::IsInteractiveDone, text: text() },
        Reply::InteractiveDone { spelling: PollSpelling::InteractiveDone, text: String::new() },
        Reply::InteractiveRejected(text()),
    ];
    for version in [SoapVersion::V11, SoapVersion::V12] {
        for reply in &replies {
            let read = read_reply(reply.name(), &encode(reply, version), LIMIT);
            assert!(read.as_ref().is_ok_and(|read| read == reply), "{} {:?}", reply.name(), read.err());
        }
        let fault = Fault { code: FaultCode::Client, text: text() };
        let error = expect_error(read_reply(OperationName::GetLastError, &encode_fault(&fault, version), LIMIT));
        assert_eq!(error, ReplyError::Fault(fault));
    }
}

#[test]
fn foreign_replies_that_a_connector_accepts_are_accepted() {
    let prefixed = soap(
        "<n:authenticateResponse xmlns:n=\"http://developer.intuit.com/\"> <n:authenticateResult> <n:string>T</n:string> \
         <n:string/> </n:authenticateResult> </n:authenticateResponse>",
    );
    let reply = read(OperationName::Authenticate, &prefixed).expect("accepted");
    assert!(reply == Reply::Authenticate(AuthenticateResult::session("T".to_owned(), Company::Current)));
    // Reading a wrong version reply as null is tolerated (capture of a defective server).
    let wrong = soap(
        "<serverVersionResponse xmlns=\"urn:x\"><serverVersionResult><string>1</string></serverVersionResult></serverVersionResponse>",
    );
    assert!(read(OperationName::ServerVersion, &wrong).is_ok_and(|reply| reply == Reply::ServerVersion(String::new())));
}

#[test]
fn an_array_that_is_not_there_or_too_short_is_an_error() {
    let authenticate = |items: &str| {
        let body =
            format!("<authenticateResponse xmlns=\"http://developer.intuit.com/\">{items}</authenticateResponse>");
        expect_error(read(OperationName::Authenticate, &soap(&body)))
    };
    let null = ReplyError::Null { operation: OperationName::Authenticate };
    assert_eq!(authenticate(""), null);
    assert_eq!(authenticate("<authenticateResult i:nil=\"true\" />"), null);
    assert_eq!(
        authenticate("<authenticateResult><string>T</string></authenticateResult>"),
        ReplyError::ArrayTooShort { found: 1 }
    );
    let foreign =
        "<authenticateResult xmlns:a=\"urn:a\"><a:string>T</a:string><a:string>nvu</a:string></authenticateResult>";
    assert_eq!(authenticate(foreign), ReplyError::ArrayTooShort { found: 0 });
}

#[test]
fn a_result_that_reads_as_null_is_an_error() {
    let result = |inner: &str| {
        let body =
            format!("<sendRequestXMLResponse xmlns=\"http://developer.intuit.com/\">{inner}</sendRequestXMLResponse>");
        read(OperationName::SendRequestXml, &soap(&body))
    };
    let null = ReplyError::Null { operation: OperationName::SendRequestXml };
    assert_eq!(expect_error(result("")), null);
    assert_eq!(expect_error(result("<sendRequestXMLResult i:nil=\"true\"></sendRequestXMLResult>")), null);
    assert_eq!(expect_error(result("<sendRequestXMLResult><string>x</string></sendRequestXMLResult>")), null);
    assert_eq!(expect_error(result("<sendRequestXMLResult xmlns=\"\">x</sendRequestXMLResult>")), null);
    assert!(result("<sendRequestXMLResult/>").is_ok_and(|reply| reply == Reply::SendRequestXml(String::new())));
}

#[test]
fn a_progress_that_is_no_number_and_a_page_that_is_no_reply_are_errors() {
    let percent = encode(&Reply::GetLastError("5 %".to_owned()), SoapVersion::V11);
    let percent = String::from_utf8(percent).expect("UTF-8").replace("getLastError", "receiveResponseXML");
    assert_eq!(
        expect_error(read(OperationName::ReceiveResponseXml, &percent)),
        ReplyError::NotANumber { found: Excerpt::new("5 %") }
    );
    for junk in ["", "<html>", "<html></html>", "<!DOCTYPE html><html></html>", "Internal Server Error", "<a></b>"] {
        let error = expect_error(read(OperationName::GetLastError, junk));
        assert!(matches!(error, ReplyError::NotSoap { .. }), "{junk}: {error}");
    }
    let deep = soap(&format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)));
    assert!(matches!(expect_error(read(OperationName::GetLastError, &deep)), ReplyError::NotSoap { .. }));
    assert!(matches!(
        expect_error(read_reply(OperationName::GetLastError, &[b' '; 11], 10)),
        ReplyError::Unreadable(DecodeError::BodyTooLarge { limit: 10, found: 11 })
    ));
}
