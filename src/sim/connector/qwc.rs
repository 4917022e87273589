//! The `.qwc` file as the Web Connector reads it when an application is added (`qbwc.md` 5).
//!
//! Elements may stand in any order. What the connector refuses at this point is refused here with the code it shows, so
//! that a bad file is found by a test and not by a user.

use crate::sim::xml::{Element, XmlError, parse};

/// What a `.qwc` file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qwc {
    /// Name of the application, in QuickBooks' list of integrated applications.
    pub app_name: String,
    /// Address of the service.
    pub app_url: String,
    /// Address of the help page; same host as the service.
    pub app_support: String,
    /// Sent as `strUserName`.
    pub user_name: String,
    /// GUID of the application, in braces.
    pub owner_id: String,
    /// GUID of this connection, in braces; stored in the company file.
    pub file_id: String,
    /// True for `<Style>RPC</Style>`.
    pub rpc: bool,
    /// Wanted seconds between updates, if a schedule is given.
    pub run_every_seconds: Option<u64>,
}

/// Why the connector does not add an application.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QwcError {
    /// Not an XML document.
    #[error("the .qwc file cannot be read: {0}")]
    Xml(#[from] XmlError),
    /// A required element is missing or empty.
    #[error("QBWC1039: <{0}> is missing")]
    Missing(&'static str),
    /// An element has a value that the connector refuses.
    #[error("{code}: <{element}> {reason}")]
    Refused {
        /// Code shown by the connector, such as `QBWC1010`.
        code: &'static str,
        /// Which element.
        element: &'static str,
        /// Why.
        reason: &'static str,
    },
}

impl Qwc {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`QwcError`] with the code the connector shows.
    pub fn parse(text: &str) -> Result<Self, QwcError> {
        let root = parse(text)?.root;
        if root.name != "QBWCXML" {
            return Err(QwcError::Missing("QBWCXML"));
        }
        let needed = |name: &'static str| {
            let text = root.text_of(name).map(str::trim).filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or(QwcError::Missing(name))
        };
        for present in ["AppID", "AppDescription"] {
            root.child(present).ok_or(QwcError::Missing(present))?;
        }
        let qwc = Self {
            app_name: needed("AppName")?,
            app_url: needed("AppURL")?,
            app_support: needed("AppSupport")?,
            user_name: needed("UserName")?,
            owner_id: needed("OwnerID")?,
            file_id: needed("FileID")?,
            rpc: root.text_of("Style").map(str::trim) == Some("RPC"),
            run_every_seconds: root.child("Scheduler").and_then(schedule),
        };
        if !matches!(needed("QBType")?.as_str(), "QBFS" | "QBPOS") {
            return Err(QwcError::Refused { code: "QBWC1065", element: "QBType", reason: "is neither QBFS nor QBPOS" });
        }
        if root.text_of("IsReadOnly").map(str::trim) == Some("true") {
            let reason = "is true, so QuickBooks refuses to store the FileID";
            return Err(QwcError::Refused { code: "QBWC1039", element: "IsReadOnly", reason });
        }
        qwc.check()?;
        Ok(qwc)
    }

    fn check(&self) -> Result<(), QwcError> {
        for (element, value) in [("OwnerID", &self.owner_id), ("FileID", &self.file_id)] {
            if !is_guid(value) {
                return Err(QwcError::Refused { code: "QBWC1039", element, reason: "is no GUID in braces" });
            }
        }
        let host = host_of(&self.app_url);
        let support_host = host_of(&self.app_support);
        if is_ip_address(host) {
            return Err(QwcError::Refused { code: "QBWC1001", element: "AppURL", reason: "names an IP address" });
        }
        if is_ip_address(support_host) {
            return Err(QwcError::Refused { code: "QBWC1002", element: "AppSupport", reason: "names an IP address" });
        }
        if !host.eq_ignore_ascii_case(support_host) {
            return Err(QwcError::Refused {
                code: "QBWC1000",
                element: "AppSupport",
                reason: "is on another host than AppURL",
            });
        }
        // A machine of the local network has a name without dots.
        let is_local = !host.contains('.');
        if !self.app_url.starts_with("https://") && !is_local {
            return Err(QwcError::Refused { code: "QBWC1010", element: "AppURL", reason: "is not https" });
        }
        Ok(())
    }
}

/// Only the first of the two elements counts.
fn schedule(scheduler: &Element) -> Option<u64> {
    let first = scheduler.children.first()?;
    let number: u64 = first.text.trim().parse().ok()?;
    match first.name.as_str() {
        "RunEveryNMinutes" => number.checked_mul(60),
        "RunEveryNSeconds" => Some(number),
        _ => None,
    }
}

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    match authority.strip_prefix('[') {
        Some(ipv6) => ipv6.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    }
}

fn is_ip_address(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
}

fn is_guid(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return false;
    };
    let lengths: Vec<usize> = inner.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && inner.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A good file for tests of this room.
    pub(in crate::sim::connector) const GOOD: &str = "<?xml version=\"1.0\"?><QBWCXML><AppName>Ledger - Acme</AppName><AppID></AppID><AppURL>https://sync.example.com/qbwc/soap?a=1&amp;b=2</AppURL><AppDescription>Sync</AppDescription><AppSupport>https://sync.example.com/help</AppSupport><UserName>conn-7f3k2m</UserName><OwnerID>{6E1B0C54-3D0A-4B53-9C1E-5C1B7A2F90D1}</OwnerID><FileID>{B2A7D9E0-51C4-4F6B-8E37-0D9C6A14E582}</FileID><QBType>QBFS</QBType><IsReadOnly>false</IsReadOnly><Scheduler><RunEveryNMinutes>15</RunEveryNMinutes></Scheduler></QBWCXML>";

    #[test]
    fn a_good_file_is_read() {
        let qwc = Qwc::parse(GOOD).expect("good");
        assert_eq!(qwc.app_url, "https://sync.example.com/qbwc/soap?a=1&b=2");
        assert_eq!((qwc.user_name.as_str(), qwc.run_every_seconds, qwc.rpc), ("conn-7f3k2m", Some(900), false));
    }

    #[test]
    fn what_the_connector_refuses_is_refused_with_its_code() {
        for (from, to, code) in [
            ("<UserName>conn-7f3k2m</UserName>", "", "QBWC1039"),
            ("{6E1B0C54", "{6E1B0C5X", "QBWC1039"),
            ("sync.example.com/qbwc", "192.168.1.5/qbwc", "QBWC1001"),
            ("sync.example.com/help", "10.0.0.1/help", "QBWC1002"),
            ("sync.example.com/help", "help.example.com/", "QBWC1000"),
            ("https://sync.example.com/qbwc", "http://sync.example.com/qbwc", "QBWC1010"),
            ("QBFS", "QBXX", "QBWC1065"),
            ("<IsReadOnly>false", "<IsReadOnly>true", "QBWC1039"),
        ] {
            let error = Qwc::parse(&GOOD.replace(from, to)).expect_err(to).to_string();
            assert!(error.starts_with(code), "{to}: {error}");
        }
        assert!(Qwc::parse(&GOOD.replace("https://sync.example.com", "http://localhost:8080")).is_ok());
        assert!(matches!(Qwc::parse("<QBWCXML>"), Err(QwcError::Xml(_))));
    }
}
