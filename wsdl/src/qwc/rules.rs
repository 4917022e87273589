//! The Web Connector's rules for a `.qwc` file, and which of them a file breaks.

use super::{QbType, QwcFile, Schedule, Style};
use std::net::Ipv4Addr;

/// Characters of `AppDescription` that the guide advises at most.
const DESCRIPTION_CHARACTERS_ADVISED: usize = 80;

/// A rule that a file breaks, with the code a user would see (`qbwc.md` 2.4, 5 and 6.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleBreak {
    /// A required element is empty.
    #[error("{element} is empty")]
    Empty {
        /// The element.
        element: &'static str,
    },
    /// Not an absolute `http` or `https` URL.
    #[error("{element} is not an absolute http or https URL")]
    NotAUrl {
        /// The element.
        element: &'static str,
    },
    /// An IP address instead of a name.
    #[error("{element} names its host by IP address (QBWC1001, QBWC1002)")]
    IpAddress {
        /// The element.
        element: &'static str,
    },
    /// Plain `http` to another machine than this one or one of the local network.
    #[error("AppURL must be https, except for localhost or a machine of the local network (QBWC1010)")]
    NotHttps,
    /// `AppSupport` is on another host than `AppURL`.
    #[error("AppURL and AppSupport are on different hosts (QBWC1000)")]
    HostsDiffer,
    /// `AppSupport` is a site of Intuit.
    #[error("AppSupport must not be an Intuit site")]
    IntuitSite,
    /// The connector must write into the company file when the application is added.
    #[error("IsReadOnly must be false, or the application cannot be added (QBWC1039, QBWC1080)")]
    ReadOnly,
    /// Neither `QBFS` nor `QBPOS`.
    #[error("QBType must be QBFS or QBPOS (QBWC1065)")]
    UnknownQbType,
    /// None of the three styles.
    #[error("Style must be Document, DocWrapped or RPC")]
    UnknownStyle,
    /// `AuthFlags` with Point of Sale.
    #[error("AuthFlags apply to QBFS only")]
    AuthFlagsWithoutQuickBooks,
    /// An interval of zero.
    #[error("the Scheduler's interval is zero")]
    NoInterval,
    /// Longer than the guide advises; the connector accepts it.
    #[error("AppDescription has {found} characters, 80 are advised")]
    LongDescription {
        /// Characters found.
        found: usize,
    },
}

impl QwcFile {
    /// The rules this file breaks; empty if the connector should accept it.
    ///
    /// What only the network can tell is not checked: that the URLs answer 200 without a login, and that the
    /// certificate is trusted.
    #[must_use]
    pub fn validate(&self) -> Vec<RuleBreak> {
        let mut breaks = Vec::new();
        for (element, text) in [("AppName", &self.app_name), ("UserName", &self.user_name)] {
            if text.trim().is_empty() {
                breaks.push(RuleBreak::Empty { element });
            }
        }
        self.check_urls(&mut breaks);
        self.check_options(&mut breaks);
        breaks
    }

    fn check_urls(&self, breaks: &mut Vec<RuleBreak>) {
        let app = url(&self.app_url, "AppURL", breaks);
        let support = url(&self.app_support, "AppSupport", breaks);
        if let Some(cert_url) = &self.cert_url {
            url(cert_url, "CertURL", breaks);
        }
        if app.as_ref().is_some_and(|app| !app.https && !app.is_local()) {
            breaks.push(RuleBreak::NotHttps);
        }
        if let (Some(app), Some(support)) = (&app, &support)
            && app.host != support.host
        {
            breaks.push(RuleBreak::HostsDiffer);
        }
        if support.is_some_and(|support| support.host == "intuit.com" || support.host.ends_with(".intuit.com")) {
            breaks.push(RuleBreak::IntuitSite);
        }
    }

    fn check_options(&self, breaks: &mut Vec<RuleBreak>) {
        if self.is_read_only {
            breaks.push(RuleBreak::ReadOnly);
        }
        if matches!(self.qb_type, QbType::Other(_)) {
            breaks.push(RuleBreak::UnknownQbType);
        }
        if matches!(self.style, Style::Other(_)) {
            breaks.push(RuleBreak::UnknownStyle);
        }
        if self.qb_type == QbType::PointOfSale && self.auth_flags.is_some() {
            breaks.push(RuleBreak::AuthFlagsWithoutQuickBooks);
        }
        if matches!(self.schedule, Some(Schedule::Minutes(0) | Schedule::Seconds(0))) {
            breaks.push(RuleBreak::NoInterval);
        }
        let found = self.app_description.chars().count();
        if found > DESCRIPTION_CHARACTERS_ADVISED {
            breaks.push(RuleBreak::LongDescription { found });
        }
    }
}

/// As much of a URL as the rules ask for.
struct Url {
    https: bool,
    /// Lower case, without port.
    host: String,
}

impl Url {
    /// True for this machine and for machine names of a local network, which have no dot (`qbwc.md` 2.4).
    fn is_local(&self) -> bool {
        !self.host.contains('.')
    }
}

/// Reads a URL; if it breaks a rule of its own, that is noted.
fn url(text: &str, element: &'static str, breaks: &mut Vec<RuleBreak>) -> Option<Url> {
    if text.trim().is_empty() {
        breaks.push(RuleBreak::Empty { element });
        return None;
    }
    let Some(url) = parse_url(text) else {
        breaks.push(RuleBreak::NotAUrl { element });
        return None;
    };
    if url.host.starts_with('[') || url.host.parse::<Ipv4Addr>().is_ok() {
        breaks.push(RuleBreak::IpAddress { element });
        return None;
    }
    Some(url)
}

fn parse_url(text: &str) -> Option<Url> {
    if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let https = match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.rfind(':') {
        // A colon inside brackets belongs to an IPv6 address.
        Some(colon) if !authority[colon..].contains(']') => (&authority[..colon], Some(&authority[colon + 1..])),
        _ => (authority, None),
    };
    let port_valid = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let host_valid = host.starts_with('[') && host.ends_with(']') || !host.is_empty() && host.chars().all(name);
    (port_valid && host_valid).then(|| Url { https, host: host.to_ascii_lowercase() })
}
