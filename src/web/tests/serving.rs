//! The server behind a real socket: framing, limits, streams, the end.

use super::House;
use crate::web::{WebOptions, serve};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::watch;

const CALL: &str = r#"<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><serverVersion xmlns="http://developer.intuit.com/" /></soap:Body></soap:Envelope>"#;

/// A running server; it is told to end when this is dropped.
pub(super) struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<io::Result<()>>>,
    pub(super) house: House,
}

impl Running {
    pub(super) fn new(open_pages: bool) -> Self {
        Self::with(|options| options.open_pages = open_pages)
    }

    pub(super) fn with(set: impl FnOnce(&mut WebOptions)) -> Self {
        let house = House::new();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = watch::channel(false);
        let mut options = WebOptions::new(stopped);
        set(&mut options);
        let engine = house.engine.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            runtime.block_on(serve(engine, listener, options))
        });
        Self { address, stop, thread: Some(thread), house }
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
        stream
    }

    /// Sends these bytes on a connection of their own and reads to its end.
    pub(super) fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn end(mut self) -> io::Result<()> {
        self.stop.send_replace(true);
        self.thread.take().expect("a thread").join().expect("no panic")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

fn head(more: &str) -> String {
    format!("POST /qbwc/acme HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n{more}\r\n")
}

#[test]
fn http_1_0_and_a_closed_connection_get_a_length() {
    let server = Running::new(false);
    let old = format!("POST /qbwc/acme HTTP/1.0\r\nContent-Length: {}\r\n\r\n{CALL}", CALL.len());
    let new = format!("{}{CALL}", head(&format!("Connection: close\r\nContent-Length: {}\r\n", CALL.len())));
    for request in [old, new] {
        let answer = server.exchange(request.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.contains(" 200 OK") && !head.contains("transfer-encoding"), "{head}");
        assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    }
}

#[test]
fn a_head_request_has_the_length_and_no_body() {
    let server = Running::new(false);
    let answer = server.exchange(b"HEAD /qbwc/acme HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
}

#[test]
fn expect_100_continue_is_answered_before_the_body() {
    let server = Running::new(false);
    let mut stream = server.connect();
    let more = format!("Expect: 100-continue\r\nConnection: close\r\nContent-Length: {}\r\n", CALL.len());
    stream.write_all(head(&more).as_bytes()).expect("sent");
    let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    stream.write_all(CALL.as_bytes()).expect("sent");
    let mut answer = String::new();
    reader.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("HTTP/1.1 200 OK") && answer.contains("<serverVersionResult>"), "{answer}");
}

#[test]
fn a_body_in_chunks_is_read() {
    let server = Running::new(false);
    let (first, second) = CALL.split_at(100);
    let request = format!(
        "{}{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        head("Transfer-Encoding: chunked\r\nConnection: close\r\n"),
        first.len(),
        second.len()
    );
    assert!(server.exchange(request.as_bytes()).contains("<serverVersionResult>"));
}

#[test]
fn a_body_beyond_the_limit_is_thrown_away_and_answered_with_a_fault() {
    let server = Running::new(false);
    let chunk = vec![b'x'; 1 << 20];
    for chunked in [false, true] {
        let mut stream = server.connect();
        let framing = if chunked {
            "Transfer-Encoding: chunked\r\n".to_owned()
        } else {
            format!("Content-Length: {}\r\n", 80 << 20)
        };
        stream.write_all(head(&framing).as_bytes()).expect("sent");
        for _ in 0..80 {
            if chunked {
                stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).expect("sent");
            }
            stream.write_all(&chunk).expect("the server goes on reading");
            if chunked {
                stream.write_all(b"\r\n").expect("sent");
            }
        }
        if chunked {
            stream.write_all(b"0\r\n\r\n").expect("sent");
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer, then the end");
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(
            answer.contains("content-type: text/xml") && answer.contains("larger than the 67108864 bytes"),
            "{answer}"
        );
    }
}

#[test]
fn a_connection_carries_many_calls() {
    let server = Running::new(false);
    let mut stream = server.connect();
    let request = format!("{}{CALL}", head(&format!("Content-Length: {}\r\n", CALL.len())));
    for _ in 0..20 {
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        while !answer.ends_with(b"Envelope>") {
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).expect("an answer");
            assert_ne!(count, 0, "the connection stays");
            answer.extend_from_slice(&piece[..count]);
        }
    }
}

#[test]
fn a_change_reaches_an_open_page() {
    let server = Running::new(true);
    let mut stream = server.connect();
    stream.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("a line"));
    assert!(lines.any(|line| line == "content-type: text/event-stream"));
    assert!(lines.any(|line| line == "retry: 3000"));
    server.house.engine.start(&server.house.id, "test").expect("started");
    assert!(lines.any(|line| line == "event: changed"));
}

#[test]
fn a_stop_ends_the_server_although_a_page_is_open() {
    let server = Running::new(true);
    let mut page = server.connect();
    page.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    assert!(page.read(&mut [0; 16]).expect("the beginning") > 0);
    let (began, address) = (Instant::now(), server.address);
    server.end().expect("a clean end");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(TcpStream::connect(address).is_err(), "the port is free");
}

#[test]
fn open_pages_are_refused_on_a_listener_that_others_reach() {
    let house = House::new();
    let listener = TcpListener::bind("0.0.0.0:0").expect("a free port");
    let (_stop, stopped) = watch::channel(false);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = WebOptions { open_pages: true, ..WebOptions::new(stopped) };
    let error = runtime.block_on(serve(house.engine.clone(), listener, options)).expect_err("refused");
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
}
