//! Certificates made here, good and bad, and what is said of them.

use super::*;
use crate::web::tests::authority::{Authority, self_signed};
use chrono::{TimeZone as _, Utc};

fn now() -> chrono::DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 1, 0, 0, 0).single().expect("instant")
}

fn said(chain: &[CertificateDer<'_>], host: &str, roots: &[Vec<u8>]) -> Vec<String> {
    complaints(chain, Some(host), roots, now()).iter().map(ToString::to_string).collect()
}

#[test]
fn a_complete_chain_for_the_right_name_is_left_in_peace() {
    let authority = Authority::new();
    let leaf = authority.issue(&["sync.example.com", "127.0.0.1"], 2026);
    for host in ["sync.example.com", "127.0.0.1"] {
        assert_eq!(said(&leaf.chain, host, &[authority.root_subject()]), Vec::<String>::new(), "{host}");
    }
    // Nothing is known about roots, or the root itself is part of the file.
    assert_eq!(said(&leaf.chain, "sync.example.com", &[]), Vec::<String>::new());
    let whole: Vec<_> = leaf.chain.iter().cloned().chain([authority.root_der()]).collect();
    assert_eq!(said(&whole, "sync.example.com", &[b"another root".to_vec()]), Vec::<String>::new());
}

#[test]
fn every_fault_of_a_chain_has_its_own_sentence() {
    let authority = Authority::new();
    let roots = [authority.root_subject()];
    let leaf = authority.issue(&["sync.example.com"], 2026);
    let other_name = said(&leaf.chain, "books.example.com", &roots);
    assert!(other_name[0].contains("is not for books.example.com"), "{other_name:?}");
    assert!(other_name[0].contains("sync.example.com"), "{other_name:?}");
    let expired = said(&authority.issue(&["sync.example.com"], 2024).chain, "sync.example.com", &roots);
    assert!(expired[0].contains("expired on 2025-01-01"), "{expired:?}");
    let early = said(&authority.issue(&["sync.example.com"], 2027).chain, "sync.example.com", &roots);
    assert!(early[0].contains("begins only on 2027-01-01"), "{early:?}");
    let alone = said(&leaf.chain[..1], "sync.example.com", &roots);
    assert!(alone[0].contains("issued by “Test Intermediate”") && alone[0].contains("append"), "{alone:?}");
    let mixed = vec![leaf.chain[0].clone(), authority.root_der()];
    let mixed = said(&mixed, "sync.example.com", &roots);
    assert!(mixed[0].contains("certificate 1 of the chain was issued by “Test Intermediate”"), "{mixed:?}");
    let broken = said(&[CertificateDer::from(vec![1, 2, 3])], "sync.example.com", &roots);
    assert!(broken[0].contains("cannot be understood"), "{broken:?}");
}

#[test]
fn a_chain_of_the_right_names_with_a_wrong_signature_is_noticed() {
    let (right, forger) = (Authority::new(), Authority::new());
    let forged = vec![forger.issue(&["sync.example.com"], 2026).chain[0].clone(), right.intermediate_der()];
    let said = said(&forged, "sync.example.com", &[right.root_subject()]);
    assert!(said[0].contains("another one follows it"), "{said:?}");
}

#[test]
fn a_certificate_near_its_end_is_told_of_and_certain_faults_are_told_apart() {
    let authority = Authority::new();
    let leaf = authority.issue(&["a.example"], 2026);
    let december = Utc.with_ymd_and_hms(2026, 12, 20, 0, 0, 0).single().expect("instant");
    let found = complaints(&leaf.chain, Some("a.example"), &[], december);
    assert!(matches!(found[..], [Complaint::Soon { .. }]) && !found[0].is_certain(), "{found:?}");
    assert!(Complaint::Order { number: 1, issuer: String::new() }.is_certain());
}

#[test]
fn files_that_cannot_be_used_are_refused_in_plain_words() {
    let folder = tempfile::tempdir().expect("folder");
    let authority = Authority::new();
    let (one, other) = (authority.issue(&["a.example"], 2026), authority.issue(&["a.example"], 2026));
    let files = one.write(folder.path());
    let open = || Tls::open(files.clone(), None).expect_err("refused").to_string();
    std::fs::write(&files.key, &other.key_pem).expect("write");
    assert!(open().contains("does not belong to the first certificate"), "{}", open());
    std::fs::write(&files.key, "not a key").expect("write");
    assert!(open().contains("holds no private key"), "{}", open());
    std::fs::write(&files.key, &one.key_pem).expect("write");
    std::fs::write(&files.cert, &one.key_pem).expect("write");
    assert!(open().contains("holds no certificate"), "{}", open());
    let many = one.chain_pem.repeat(limits::TLS_CHAIN_MAX);
    std::fs::write(&files.cert, many).expect("write");
    assert!(open().contains("holds more than 10 certificates"), "{}", open());
    std::fs::remove_file(&files.cert).expect("removed");
    assert!(open().contains("cannot be read"), "{}", open());
}

#[test]
fn replaced_files_are_taken_over_and_a_bad_pair_is_not() {
    let folder = tempfile::tempdir().expect("folder");
    let first = self_signed("first.example");
    let files = first.write(folder.path());
    let tls = Tls::looking_every(files.clone(), None, Duration::ZERO).expect("opened");
    let served = || tls.resolver.current().cert[0].clone();
    assert_eq!(served(), first.chain[0]);
    let second = self_signed("second.example");
    std::fs::write(&files.cert, &second.chain_pem).expect("write");
    assert_eq!(served(), first.chain[0], "the key has not followed yet");
    std::fs::remove_file(&files.key).expect("removed");
    assert_eq!(served(), first.chain[0], "the key is missing for a moment");
    std::fs::write(&files.key, &second.key_pem).expect("write");
    assert_eq!(served(), second.chain[0]);
}

#[test]
fn between_two_looks_the_files_are_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let first = self_signed("first.example");
    let files = first.write(folder.path());
    let tls = Tls::open(files.clone(), None).expect("opened");
    self_signed("second.example").write(folder.path());
    assert_eq!(tls.resolver.current().cert[0], first.chain[0]);
}
