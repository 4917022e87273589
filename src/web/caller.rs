//! Who is calling, and over what: the address, the scheme and the host name of a request.
//!
//! Counterfoil stands behind a reverse proxy or on its own. The `X-Forwarded-*` headers are believed only from a proxy on
//! this machine, or one whose address the administrator has named, and only their last entry, which that proxy wrote itself:
//! anybody can send the others, and the address decides about throttling.

use super::site::Site;
use crate::engine::Origin;
use crate::limits::AGENT_CHARS_MAX;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use std::net::{IpAddr, Ipv4Addr};

/// The network that a reverse proxy speaks from: an address and how many of its bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyNet {
    /// An address of it.
    pub address: IpAddr,
    /// How many leading bits its addresses share.
    pub bits: u8,
}

impl ProxyNet {
    /// Whether an address belongs to it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        // All addresses in the form of IPv6, so that one comparison serves both.
        let whole = |address: IpAddr| match address.to_canonical() {
            IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
            IpAddr::V6(v6) => u128::from(v6),
        };
        let (width, offset) = if self.address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits = u32::from(self.bits.min(width)) + offset;
        let differing = whole(address) ^ whole(self.address);
        bits == 0 || differing.checked_shr(u128::BITS - bits).unwrap_or(0) == 0
    }
}

/// The caller's address. An HTTP request without one is counted under the unspecified address, which is throttled like any other.
pub(super) fn address(request: &HttpRequest) -> IpAddr {
    let peer = peer(request);
    if !is_proxy(request, peer) {
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

/// Whether somebody there may speak for others.
fn is_proxy(request: &HttpRequest, peer: IpAddr) -> bool {
    let named = || request.app_data::<web::Data<Site>>().and_then(|site| site.proxy());
    peer.is_loopback() || named().is_some_and(|proxy| proxy.contains(peer))
}

/// Whether the caller's browser speaks https: with us, or with a proxy that says so.
pub(super) fn says_https(request: &HttpRequest) -> bool {
    request.app_config().secure()
        || is_proxy(request, peer(request))
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
    fn a_proxys_network_holds_its_own_addresses_only() {
        let net = |address: &str, bits| ProxyNet { address: address.parse().expect("address"), bits };
        for (net, address, inside) in [
            (net("10.1.2.3", 32), "10.1.2.3", true),
            (net("10.1.2.3", 32), "10.1.2.4", false),
            (net("172.16.0.0", 12), "172.31.255.255", true),
            (net("172.16.0.0", 12), "172.32.0.0", false),
            (net("10.0.0.0", 8), "::ffff:10.9.9.9", true),
            (net("0.0.0.0", 0), "8.8.8.8", true),
            (net("0.0.0.0", 0), "2001:db8::1", false),
            (net("2001:db8::", 32), "2001:db8:ffff::1", true),
            (net("2001:db8::", 32), "2001:db9::1", false),
            (net("::", 0), "2001:db9::1", true),
        ] {
            assert_eq!(net.contains(address.parse().expect("address")), inside, "{net:?} {address}");
        }
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
