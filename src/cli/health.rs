//! `counterfoil health`: whether the server on this machine is ready, for a container that holds no shell.

use super::{CliError, Context, block_on, listen_flag};
use crate::limits::DOCTOR_CALL_MAX;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address the server listens on [env: COUNTERFOIL_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", value_parser = listen_flag)]
    listen: Option<SocketAddr>,
}

/// Succeeds when the server is ready, says nothing, and fails otherwise.
pub(super) fn execute(args: &Args, context: &Context) -> Result<(), CliError> {
    let address = reachable(args.listen.unwrap_or_else(|| context.config.listen_address()));
    let scheme = if context.config.tls_cert.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{address}/readyz");
    // Whose certificate it is does not matter here: the question goes to this very machine, and carries no secret.
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_danger_accept_invalid_certs(true)
        .timeout(DOCTOR_CALL_MAX)
        .build()
        .map_err(|error| CliError::failed("the server cannot be asked").because(&error))?;
    block_on(async {
        let answer = client.get(&url).send().await;
        let answer = answer.map_err(|error| CliError::failed(format!("{address} does not answer")).because(&error))?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(CliError::failed(format!("the server at {address} is not ready; its log says why")))
    })
}

/// An address that stands for all of this machine's is reached at loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_reached_at_loopback() {
        for (listen, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:1", "[::1]:1"),
            ("127.0.0.1:2", "127.0.0.1:2"),
            ("192.0.2.1:3", "192.0.2.1:3"),
        ] {
            assert_eq!(reachable(listen.parse().expect("address")).to_string(), asked);
        }
    }

    #[test]
    fn a_server_that_is_not_there_is_not_ready() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
        let address = listener.local_addr().expect("address");
        drop(listener);
        let context = Context { config: crate::config::Config::default() };
        let _provider = rustls::crypto::ring::default_provider().install_default();
        let error = execute(&Args { listen: Some(address) }, &context).expect_err("nobody");
        assert!(error.to_string().contains("does not answer"), "{error}");
    }
}
