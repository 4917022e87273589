//! Large answers of QuickBooks, from a socket into the company's file: whole, in pieces, cut short, and slow.

use super::serving::Running;
use qbwc::client::{Call, encode_call, read_reply};
use qbwc::{OperationName, Reply};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

/// Records of an answer that is several times as large as a small body may be.
const RECORDS: usize = 1_500;

/// A session that has asked for everything.
struct Session<'s> {
    server: &'s Running,
    user: String,
    password: String,
    ticket: String,
    request: String,
}

impl<'s> Session<'s> {
    fn begin(server: &'s Running) -> Self {
        let qwc = server.house.engine.qwc(&server.house.id, false, true).expect("a file");
        let user =
            qwc.xml.split("<UserName>").nth(1).and_then(|rest| rest.split('<').next()).expect("a user").to_owned();
        let password = qwc.password.expect("a new password");
        let mut session = Self { server, user, password, ticket: String::new(), request: String::new() };
        session.ticket = session.authenticate();
        session.send();
        let company = "<QBXML><QBXMLMsgsRs><CompanyQueryRs statusCode=\"0\"><CompanyRet><CompanyName>Acme</CompanyName>\
                       </CompanyRet></CompanyQueryRs></QBXMLMsgsRs></QBXML>";
        session.exchange(OperationName::ReceiveResponseXml, &session.receive(company));
        session.request = session.send();
        session
    }

    fn authenticate(&self) -> String {
        let call = Call::Authenticate { user_name: self.user.clone(), password: self.password.clone() };
        match self.exchange(OperationName::Authenticate, &encode_call(&call)) {
            Reply::Authenticate(result) => result.ticket,
            _ => panic!("a ticket"),
        }
    }

    fn send(&self) -> String {
        let call = Call::SendRequestXml {
            ticket: self.ticket.clone(),
            hcp_response: String::new(),
            company_file_name: "C:\\Acme.qbw".to_owned(),
            country: "US".to_owned(),
            major_version: 16,
            minor_version: 0,
        };
        match self.exchange(OperationName::SendRequestXml, &encode_call(&call)) {
            Reply::SendRequestXml(request) => request,
            _ => panic!("a request"),
        }
    }

    fn receive(&self, response: &str) -> Vec<u8> {
        let (ticket, response) = (self.ticket.clone(), response.to_owned());
        encode_call(&Call::ReceiveResponseXml { ticket, response, hresult: String::new(), message: String::new() })
    }

    /// The answer to the last request, with many vendors in it.
    fn answer(&self) -> Vec<u8> {
        let asked = self.request.split("<VendorQueryRq ").nth(1).expect("vendors are asked for");
        let id = asked.split("requestID=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
        let mut text =
            format!("<?xml version=\"1.0\" ?><QBXML><QBXMLMsgsRs><VendorQueryRs requestID=\"{id}\" statusCode=\"0\">");
        for number in 0..RECORDS {
            text.push_str(&format!(
                "<VendorRet><ListID>8-{number}</ListID><TimeModified>2026-03-02T09:00:00</TimeModified>\
                 <EditSequence>{number}</EditSequence><Name>Vendor {number} &amp; Söhne</Name>\
                 <CompanyName>{}</CompanyName></VendorRet>",
                "x".repeat(200)
            ));
        }
        self.receive(&(text + "</VendorQueryRs></QBXMLMsgsRs></QBXML>"))
    }

    fn exchange(&self, name: OperationName, body: &[u8]) -> Reply {
        let mut stream = self.open(body.len());
        stream.write_all(body).expect("sent");
        read_reply(name, body_of(&mut stream).as_bytes(), 1 << 20).expect("a reply")
    }

    /// A connection with the head of a request on it.
    fn open(&self, length: usize) -> TcpStream {
        let mut stream = self.server.connect();
        let head = format!(
            "POST /qbwc/{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n\
             Connection: close\r\nContent-Length: {length}\r\n\r\n",
            self.server.house.id
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream
    }

    /// The whole answer is taken in, and all of it is there.
    fn is_taken(&self, answer: &[u8]) {
        let reply = self.exchange(OperationName::ReceiveResponseXml, answer);
        assert!(matches!(reply, Reply::ReceiveResponseXml(percent) if percent > 0), "taken in");
        assert_eq!(self.known(), RECORDS as u64);
    }

    /// Vendors of QuickBooks that are known.
    fn known(&self) -> u64 {
        let page = self.server.house.engine.company_page(&self.server.house.id).expect("a page");
        page.kinds.iter().find(|kind| kind.kind == "vendor").expect("vendors").quickbooks
    }
}

fn body_of(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.split_once("\r\n\r\n").expect("a head").1.to_owned()
}

#[test]
fn a_large_answer_in_pieces_of_any_size_is_taken_in() {
    for piece in [1_009, 65_536, usize::MAX] {
        let server = Running::new(false);
        let session = Session::begin(&server);
        let answer = session.answer();
        assert!(answer.len() > 2 * crate::web::limits::SMALL_BODY_BYTES_MAX, "{}", answer.len());
        let mut stream = session.open(answer.len());
        for chunk in answer.chunks(piece.min(answer.len())) {
            stream.write_all(chunk).expect("sent");
        }
        let reply = read_reply(OperationName::ReceiveResponseXml, body_of(&mut stream).as_bytes(), 1 << 20);
        assert!(matches!(reply, Ok(Reply::ReceiveResponseXml(percent)) if percent > 0), "pieces of {piece}");
        assert_eq!(session.known(), RECORDS as u64);
    }
}

#[test]
fn the_ticket_may_come_behind_the_answer() {
    let server = Running::new(false);
    let session = Session::begin(&server);
    let answer = String::from_utf8(session.answer()).expect("UTF-8");
    let ticket = format!("<ticket>{}</ticket>", session.ticket);
    let behind = answer.replace(&ticket, "").replace("</response>", &format!("</response>{ticket}"));
    assert_ne!(answer, behind);
    session.is_taken(behind.as_bytes());
}

#[test]
fn an_answer_that_is_cut_short_changes_nothing() {
    let server = Running::new(false);
    let session = Session::begin(&server);
    let answer = session.answer();
    // The line breaks.
    for end in [answer.len() / 2, answer.len() - 30, answer.len() - 1] {
        let mut stream = session.open(answer.len());
        stream.write_all(&answer[..end]).expect("sent");
        stream.shutdown(Shutdown::Write).expect("closed");
        let mut rest = Vec::new();
        // Whatever comes back, nothing has happened.
        let _ = stream.read_to_end(&mut rest);
        assert_eq!(session.known(), 0, "{end}");
    }
    // The framing is whole and the document is not, or goes on behind its end.
    let text = String::from_utf8(answer.clone()).expect("UTF-8");
    let hostile = [
        text[..text.len() - 30].to_owned(),
        format!("{text}<more/>"),
        text.replace("<hresult", "<!DOCTYPE x><hresult"),
        text.replace("</response>", "<b/></response>"),
        text.replace("</response>", "</response><response></response>"),
    ];
    for document in hostile {
        assert_ne!(document, text);
        let mut stream = session.open(document.len());
        stream.write_all(document.as_bytes()).expect("sent");
        let fault = body_of(&mut stream);
        assert!(fault.contains("Fault>"), "{fault}");
        assert_eq!(session.known(), 0);
    }
    session.is_taken(&answer);
}

#[test]
fn a_slow_answer_holds_nobody_up() {
    let server = Running::new(false);
    let session = Session::begin(&server);
    let answer = session.answer();
    let mut stream = session.open(answer.len());
    let (most, rest) = answer.split_at(answer.len() - 10);
    stream.write_all(most).expect("sent");
    // While it hangs, the same company's file is written to and its pages are drawn.
    server.house.engine.start(&server.house.id, "test").expect("started");
    let page = server.exchange(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert_eq!(session.known(), 0);
    stream.write_all(rest).expect("sent");
    let reply = read_reply(OperationName::ReceiveResponseXml, body_of(&mut stream).as_bytes(), 1 << 20);
    assert!(matches!(reply, Ok(Reply::ReceiveResponseXml(percent)) if percent > 0));
    assert_eq!(session.known(), RECORDS as u64);
}

#[test]
fn an_answer_of_a_session_that_has_ended_meanwhile_changes_nothing() {
    let server = Running::new(false);
    let session = Session::begin(&server);
    let answer = session.answer();
    let mut stream = session.open(answer.len());
    let (most, rest) = answer.split_at(answer.len() - 10);
    stream.write_all(most).expect("sent");
    session.authenticate();
    stream.write_all(rest).expect("sent");
    let reply = read_reply(OperationName::ReceiveResponseXml, body_of(&mut stream).as_bytes(), 1 << 20);
    assert!(matches!(reply, Ok(Reply::ReceiveResponseXml(-1))));
    assert_eq!(session.known(), 0);
}

#[test]
fn a_stranger_is_told_nothing_and_nothing_is_kept_for_him() {
    let server = Running::new(false);
    let session = Session::begin(&server);
    let answer = String::from_utf8(session.answer()).expect("UTF-8").replace(&session.ticket, "another-ticket");
    let reply = session.exchange(OperationName::ReceiveResponseXml, answer.as_bytes());
    assert!(matches!(reply, Reply::ReceiveResponseXml(-1)));
    assert_eq!(session.known(), 0);
}
