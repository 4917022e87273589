//! Who is calling, and over what: the address, the scheme and the host name of a request.
//!
//! Counterfoil stands behind a reverse proxy or on its own. The `X-Forwarded-*` headers are believed only from a proxy on
//! this machine, and only their last entry, which that proxy wrote itself: anybody can send the others, and the address
//! decides about throttling.

use crate::engine::Origin;
use crate::limits::AGENT_CHARS_MAX;
use actix_web::HttpRequest;
use actix_web::http::header;
use std::net::{IpAddr, Ipv4Addr};

/// The caller's address. An HTTP request without one is counted under the unspecified address, which is throttled like any other.
pub(super) fn address(request: &HttpRequest) -> IpAddr {
    let peer = peer(request);
    if !peer.is_loopback() {
        return peer;
    }
    last_entry(request, "x-forwarded-for").and_then(parse_address).unwrap_or(peer)
}

fn peer(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
    peer.to_canonical()
}

/// Where a session is begun, for the list in which its owner looks for browsers they do not know.
pub(super) fn origin(request: &HttpRequest) -> Origin {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    Origin { address: address(request).to_string(), agent: agent.chars().take(AGENT_CHARS_MAX).collect() }
}

/// Whether the caller's browser speaks https, as far as a proxy on this machine says so.
pub(super) fn says_https(request: &HttpRequest) -> bool {
    peer(request).is_loopback()
        && last_entry(request, "x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
}

/// The `Host` header; empty for an HTTP/1.0 request without one.
pub(super) fn host(request: &HttpRequest) -> &str {
    request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// Whether a host name, with or without a port, means this very machine.
pub(super) fn is_loopback_host(host: &str) -> bool {
    let name = without_port(host);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// The last entry of the last header of this name.
fn last_entry<'r>(request: &'r HttpRequest, name: &'static str) -> Option<&'r str> {
    let value = request.headers().get_all(name).last()?.to_str().ok()?;
    value.rsplit(',').next().map(str::trim)
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    bare.or_else(with_port).or_else(in_brackets).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn request(peer: &str, forwarded: &[&'static str]) -> HttpRequest {
        let mut request = TestRequest::default().peer_addr(peer.parse().expect("a socket address"));
        for value in forwarded {
            request = request.append_header(("x-forwarded-for", *value));
        }
        request.to_http_request()
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed_and_only_its_own_entry() {
        let of = |peer, forwarded: &[&'static str]| address(&request(peer, forwarded)).to_string();
        assert_eq!(of("203.0.113.9:4000", &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(of("127.0.0.1:4000", &[]), "127.0.0.1");
        assert_eq!(of("127.0.0.1:4000", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(of("[::1]:4000", &["6.6.6.6, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(of("[::ffff:127.0.0.1]:4000", &["6.6.6.6", "[2001:db8::1]:99"]), "2001:db8::1");
        assert_eq!(of("127.0.0.1:4000", &["not an address"]), "127.0.0.1");
        assert_eq!(address(&TestRequest::default().to_http_request()).to_string(), "0.0.0.0");
    }

    #[test]
    fn a_host_is_loopback_with_and_without_a_port() {
        assert!(
            ["localhost", "LOCALHOST:8080", "127.0.0.1:80", "127.9.9.9", "[::1]", "[::1]:8080"]
                .into_iter()
                .all(is_loopback_host)
        );
        for host in
            ["", "example.com", "localhost.example.com", "10.0.0.1:80", "127.0.0.1.example.com", "[2001:db8::1]:80"]
        {
            assert!(!is_loopback_host(host), "{host}");
        }
    }
}
