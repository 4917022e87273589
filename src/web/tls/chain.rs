//! What clients will not like about a certificate chain, in sentences that say what to do.
//!
//! The Web Connector says "could not verify the web application server certificate" (QBWC1048) for all of it, and only while
//! an application is added; so it is found out here first. Pure: the chain, the name, the roots and the time are arguments.

use super::limits;
use chrono::{DateTime, Utc};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use std::fmt;
use x509_parser::error::X509Error;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Something about a chain that clients refuse, or will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// A certificate of it is no certificate.
    Unreadable {
        /// Which, from 1.
        number: usize,
    },
    /// A certificate of it is over.
    Expired {
        /// Whose.
        subject: String,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// A certificate of it has not begun.
    NotYet {
        /// Whose.
        subject: String,
        /// When it begins.
        at: DateTime<Utc>,
    },
    /// The server's own certificate is over soon.
    Soon {
        /// When.
        at: DateTime<Utc>,
    },
    /// It is for other names.
    Host {
        /// The name under which clients come.
        wanted: String,
        /// The names it is for.
        names: Vec<String>,
    },
    /// A certificate was not issued by the one that follows it.
    Order {
        /// Which, from 1.
        number: usize,
        /// Who issued it, as it says.
        issuer: String,
    },
    /// The last certificate was issued by somebody this machine does not know.
    Open {
        /// Who.
        issuer: String,
    },
}

impl Complaint {
    /// Whether clients are sure to refuse the chain now. Otherwise it depends on what they know, or on time.
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        !matches!(self, Self::Open { .. } | Self::Soon { .. })
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |at: &DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
        match self {
            Self::Unreadable { number } => {
                write!(f, "certificate {number} of the chain cannot be understood; get the chain anew")
            }
            Self::Expired { subject, at } => {
                write!(
                    f,
                    "the certificate of {subject} expired on {}; renew it (the server takes over new files by itself)",
                    day(at)
                )
            }
            Self::NotYet { subject, at } => write!(
                f,
                "the certificate of {subject} begins only on {}; look at this machine's clock, or wait",
                day(at)
            ),
            Self::Soon { at } => write!(f, "the certificate expires on {}; renew it before that day", day(at)),
            Self::Host { wanted, names } => write!(
                f,
                "the certificate is not for {wanted}, which stands in the public URL, but for {}; get one for {wanted}, or change \
                 the public URL and hand out new .qwc files",
                if names.is_empty() { "no name at all".to_owned() } else { names.join(", ") }
            ),
            Self::Order { number, issuer } => write!(
                f,
                "certificate {number} of the chain was issued by {issuer}, but another one follows it; the file must hold the \
                 server's own certificate first, then who issued it, and so on"
            ),
            Self::Open { issuer } => write!(
                f,
                "the chain ends with a certificate issued by {issuer}, which this machine does not know; when {issuer} is an \
                 intermediate, append its certificate to the file; when it is a private authority, its root must be installed in \
                 Windows where the Web Connector runs, and here"
            ),
        }
    }
}

/// The subjects of the root certificates that this machine trusts, in the form they have inside certificates. Empty when
/// there is no store: then nothing is said about where a chain ends.
#[must_use]
pub fn trusted_roots() -> Vec<Vec<u8>> {
    let found = rustls_native_certs::load_native_certs();
    let subject = |root: &CertificateDer<'_>| {
        X509Certificate::from_der(root).ok().map(|(_, root)| root.subject().as_raw().to_vec())
    };
    found.certs.iter().filter_map(subject).collect()
}

/// What clients will not like about a chain. `host` is the name under which they come, `roots` are subjects of roots
/// ([`trusted_roots`]).
#[must_use]
pub fn complaints(
    chain: &[CertificateDer<'_>],
    host: Option<&str>,
    roots: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Vec<Complaint> {
    let mut parsed = Vec::with_capacity(chain.len());
    for (number, der) in (1..).zip(chain) {
        match X509Certificate::from_der(der) {
            Ok((_, certificate)) => parsed.push(certificate),
            Err(_) => return vec![Complaint::Unreadable { number }],
        }
    }
    let mut found: Vec<_> = parsed.iter().filter_map(|certificate| out_of_time(certificate, now)).collect();
    if let (Some(own), true) = (parsed.first(), found.is_empty()) {
        found.extend(soon_over(own, now));
    }
    found.extend(chain.first().zip(parsed.first()).and_then(|(der, own)| other_host(der, own, host?)));
    found.extend(broken_link(&parsed).or_else(|| open_end(parsed.last()?, roots)));
    found
}

fn out_of_time(certificate: &X509Certificate<'_>, now: DateTime<Utc>) -> Option<Complaint> {
    let time = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    let validity = certificate.validity();
    let (begins, ends) = (time(validity.not_before.timestamp())?, time(validity.not_after.timestamp())?);
    let subject = || name_of(certificate.subject());
    if now > ends {
        return Some(Complaint::Expired { subject: subject(), at: ends });
    }
    (now < begins).then(|| Complaint::NotYet { subject: subject(), at: begins })
}

/// Renewals happen when a third of the time is left; a tenth means that they do not happen.
fn soon_over(own: &X509Certificate<'_>, now: DateTime<Utc>) -> Option<Complaint> {
    let validity = own.validity();
    let ends = DateTime::from_timestamp(validity.not_after.timestamp(), 0)?;
    let whole = validity.not_after.timestamp().checked_sub(validity.not_before.timestamp())?;
    let left = (ends - now).num_seconds();
    (left < whole / limits::TLS_LEFT_PART).then_some(Complaint::Soon { at: ends })
}

fn other_host(der: &CertificateDer<'_>, own: &X509Certificate<'_>, host: &str) -> Option<Complaint> {
    let names = || {
        let alternatives = own.subject_alternative_name().ok().flatten();
        alternatives
            .map(|names| names.value.general_names.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    };
    let fits = ServerName::try_from(host.to_owned())
        .ok()
        .zip(ParsedCertificate::try_from(der).ok())
        .is_some_and(|(name, own)| verify_server_name(&own, &name).is_ok());
    (!fits).then(|| Complaint::Host { wanted: host.to_owned(), names: names() })
}

/// The first certificate that the next one did not issue.
fn broken_link(chain: &[X509Certificate<'_>]) -> Option<Complaint> {
    (1..).zip(chain.windows(2)).find_map(|(number, pair)| {
        let [issued, issuer] = pair else { return None };
        let named = issued.issuer().as_raw() == issuer.subject().as_raw();
        // A signature of a sort that cannot be checked here is left to the clients.
        let forged =
            matches!(issued.verify_signature(Some(issuer.public_key())), Err(X509Error::SignatureVerificationError));
        (!named || forged).then(|| Complaint::Order { number, issuer: name_of(issued.issuer()) })
    })
}

/// A chain ends well with a root, or with what a trusted root has issued.
fn open_end(last: &X509Certificate<'_>, roots: &[Vec<u8>]) -> Option<Complaint> {
    let issuer = last.issuer().as_raw();
    let known = issuer == last.subject().as_raw() || roots.is_empty() || roots.iter().any(|root| root == issuer);
    (!known).then(|| Complaint::Open { issuer: name_of(last.issuer()) })
}

/// The common name, or everything that is said.
fn name_of(name: &x509_parser::x509::X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|part| part.as_str().ok());
    let text = common.map_or_else(|| name.to_string(), |common| format!("“{common}”"));
    text.chars().take(limits::TLS_NAME_CHARS_MAX).collect()
}
