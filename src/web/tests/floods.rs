//! More than there should be: silent clients, crowds of connections, a database that takes no writes. The server stays up, says what
//! is wrong, and goes on by itself.

use super::serving::Running;
use crate::web::limits;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const LIVE: &[u8] = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

fn answers(running: &Running) -> bool {
    running.exchange(LIVE).starts_with("HTTP/1.1 200")
}

/// Whether the other end has closed, or sent something, within a time.
fn ends(stream: &mut TcpStream, within: Duration) -> bool {
    stream.set_read_timeout(Some(within)).expect("a time limit");
    let mut bytes = [0; 1024];
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => {
                return !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
            }
        }
    }
}

#[test]
fn a_head_that_trickles_in_is_given_up_after_its_time() {
    let running = Running::new(false);
    let mut slow: Vec<TcpStream> = (0..20).map(|_| running.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /qbwc/acme HTTP/1.1\r\nHost: x\r\nX-Slow: ").expect("sent");
    }
    assert!(answers(&running), "others wait for them");
    let began = Instant::now();
    for stream in &mut slow {
        // A byte now and then must not keep a connection alive.
        let _closed = stream.write_all(b"a");
        assert!(ends(stream, limits::HEAD_TIME_MAX + Duration::from_secs(5)), "a connection is still held");
    }
    assert!(began.elapsed() < limits::HEAD_TIME_MAX + Duration::from_secs(10));
    assert!(answers(&running));
}

#[test]
fn a_crowd_of_idle_connections_neither_stops_the_server_nor_stays() {
    let running = Running::new(false);
    let most = limits::CONNECTIONS_MAX * limits::WORKERS;
    let crowd: Vec<TcpStream> = (0..most / 2).map(|_| running.connect()).collect();
    assert!(answers(&running), "half of what is allowed is in the way");
    drop(crowd);
    // Beyond the limit newcomers wait until somebody leaves; they are not lost.
    let mut crowd: Vec<TcpStream> = (0..most + 20).map(|_| running.connect()).collect();
    let mut late = running.connect();
    late.write_all(LIVE).expect("sent");
    for stream in crowd.drain(..most / 2) {
        drop(stream);
    }
    let mut answer = [0; 12];
    late.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[test]
fn while_nothing_can_be_written_the_server_says_so_and_recovers() {
    let running = Running::new(false);
    let ready = || running.exchange(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(ready().starts_with("HTTP/1.1 200"));
    running.house.engine.server().refuse_writes(true);
    assert!(ready().starts_with("HTTP/1.1 503"));
    assert!(answers(&running), "it stays up");
    running.house.engine.server().refuse_writes(false);
    assert!(ready().starts_with("HTTP/1.1 200"));
}

#[test]
fn figures_are_read_once_however_often_they_are_asked_for() {
    let running = Running::new(false);
    let ask = || running.exchange(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let first = ask();
    assert!(first.contains("counterfoil_companies 1"), "{first}");
    assert!(first.contains("counterfoil_company_running{company="), "this machine may know: {first}");
    let began = Instant::now();
    for _ in 0..50 {
        assert!(ask().contains("# EOF"));
    }
    assert!(began.elapsed() < Duration::from_secs(10));
}
