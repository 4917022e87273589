//! A certificate authority for a test: a root, an intermediate, and what they issue.

use crate::web::tls::TlsFiles;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};
use rustls::pki_types::CertificateDer;
use std::path::Path;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A root and an intermediate.
pub(in crate::web) struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    intermediate: CertifiedIssuer<'static, KeyPair>,
}

/// What a server gets: its chain and its key.
pub(in crate::web) struct Issued {
    pub(in crate::web) chain: Vec<CertificateDer<'static>>,
    pub(in crate::web) chain_pem: String,
    pub(in crate::web) key_pem: String,
}

impl Issued {
    /// Puts both files into a folder.
    pub(in crate::web) fn write(&self, folder: &Path) -> TlsFiles {
        let files = TlsFiles { cert: folder.join("chain.pem"), key: folder.join("key.pem") };
        std::fs::write(&files.cert, &self.chain_pem).expect("write");
        std::fs::write(&files.key, &self.key_pem).expect("write");
        files
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params
}

impl Authority {
    pub(in crate::web) fn new() -> Self {
        let key = || KeyPair::generate().expect("key");
        let root = CertifiedIssuer::self_signed(authority("Test Root"), key()).expect("root");
        let intermediate =
            CertifiedIssuer::signed_by(authority("Test Intermediate"), key(), &root).expect("intermediate");
        Self { root, intermediate }
    }

    pub(in crate::web) fn root_der(&self) -> CertificateDer<'static> {
        self.root.der().clone()
    }

    pub(in crate::web) fn intermediate_der(&self) -> CertificateDer<'static> {
        self.intermediate.der().clone()
    }

    /// The root's subject, as it stands inside certificates.
    pub(in crate::web) fn root_subject(&self) -> Vec<u8> {
        X509Certificate::from_der(self.root.der()).expect("root").1.subject().as_raw().to_vec()
    }

    /// A certificate with an ECDSA key that holds for one year.
    pub(in crate::web) fn issue(&self, names: &[&str], year: i32) -> Issued {
        self.issue_for(names, year, &KeyPair::generate().expect("key"))
    }

    /// A certificate for this key that holds for one year.
    pub(in crate::web) fn issue_for(&self, names: &[&str], year: i32, key: &KeyPair) -> Issued {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("parameters");
        params.not_before = rcgen::date_time_ymd(year, 1, 1);
        params.not_after = rcgen::date_time_ymd(year + 1, 1, 1);
        let leaf = params.signed_by(key, &self.intermediate).expect("leaf");
        Issued {
            chain: vec![leaf.der().clone(), self.intermediate.der().clone()],
            chain_pem: format!("{}{}", leaf.pem(), self.intermediate.pem()),
            key_pem: key.serialize_pem(),
        }
    }
}

/// A certificate that vouches for itself.
pub(in crate::web) fn self_signed(name: &str) -> Issued {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed([name.to_owned()]).expect("made");
    Issued { chain: vec![cert.der().clone()], chain_pem: cert.pem(), key_pem: signing_key.serialize_pem() }
}
