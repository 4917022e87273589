//! The server behind real TLS: versions, sorts of keys, a private authority, and a certificate replaced while it runs.

use super::authority::{Authority, Issued};
use super::serving::Running;
use crate::web::tls::{Tls, TlsFiles};
use rcgen::KeyPair;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

const NAME: &str = "sync.example.com";

/// A server with these files, which it looks at for every connection.
fn serving(files: TlsFiles) -> Running {
    let tls = Tls::looking_every(files, Some(NAME.to_owned()), Duration::ZERO).expect("a certificate");
    Running::with(|options| options.tls = Some(tls))
}

/// Asks for a page as a client that trusts this root, in this version of TLS. Gives the answer and the server's certificate.
fn ask(
    running: &Running,
    root: CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
) -> Result<(String, CertificateDer<'static>), std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(root).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[version])
        .expect("a version")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(NAME).expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(connection, running.connect());
    stream.write_all(format!("GET /livez HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    // A server that closes without saying so first is what the Web Connector knows from everywhere.
    let _closed = stream.read_to_string(&mut answer);
    let shown = stream.conn.peer_certificates().and_then(|chain| chain.first()).expect("a certificate").clone();
    Ok((answer, shown.into_owned()))
}

fn this_year() -> i32 {
    use chrono::Datelike as _;
    chrono::Utc::now().year()
}

fn rsa(authority: &Authority) -> Issued {
    let key = KeyPair::from_pem(include_str!("../../../fixtures/tls/rsa-2048.key.pem")).expect("an RSA key");
    authority.issue_for(&[NAME], this_year(), &key)
}

#[test]
fn both_versions_and_both_sorts_of_keys_are_served_to_who_trusts_a_private_root() {
    let authority = Authority::new();
    for (sort, issued) in [("ecdsa", authority.issue(&[NAME], this_year())), ("rsa", rsa(&authority))] {
        let folder = tempfile::tempdir().expect("folder");
        let running = serving(issued.write(folder.path()));
        for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
            let (answer, _) = ask(&running, authority.root_der(), version).expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("alive\n"), "{sort}: {answer}");
        }
        let stranger = Authority::new();
        assert!(ask(&running, stranger.root_der(), &rustls::version::TLS13).is_err(), "{sort}: another root");
    }
}

#[test]
fn a_certificate_is_replaced_while_the_server_runs() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("folder");
    let first = authority.issue(&[NAME], this_year());
    let running = serving(first.write(folder.path()));
    let shown = || ask(&running, authority.root_der(), &rustls::version::TLS13).expect("an answer").1;
    assert_eq!(shown(), first.chain[0]);
    let second = rsa(&authority);
    second.write(folder.path());
    assert_eq!(shown(), second.chain[0]);
}

#[test]
fn plain_http_and_silence_on_the_tls_port_end_without_harm() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("folder");
    let running = serving(authority.issue(&[NAME], this_year()).write(folder.path()));
    let mut plain = running.connect();
    plain.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    let _closed = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    let _silent = running.connect();
    assert!(ask(&running, authority.root_der(), &rustls::version::TLS12).is_ok());
}
