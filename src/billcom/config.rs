//! What it takes to reach an organisation.

use reqwest::Url;
use secrecy::SecretString;
use std::net::IpAddr;

/// Which kind of credentials signs in; it decides how long an idle session lives (`billcom.md` 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// A person's e-mail address and password: 35 idle minutes.
    User,
    /// An "AP & AR sync token", its name and value: 48 idle hours, no MFA operations, cannot pay. Recommended.
    SyncToken,
}

/// Where an organisation is, and how to sign in to it.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// The base of the v2 API, with its path: `https://api.bill.com/api/v2`. Plain http is accepted for loopback addresses only.
    pub base_url: String,
    /// The organisation's id (`008…`).
    pub organization_id: String,
    /// E-mail address, or the name of the sync token.
    pub user_name: String,
    /// Password, or the value of the sync token.
    pub password: SecretString,
    /// The developer key.
    pub developer_key: SecretString,
    /// Which kind of credentials these are.
    pub kind: CredentialKind,
}

/// A configuration with which no call can be made. Each text says what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not a URL.
    #[error("the Bill.com address is not a URL; it looks like https://api.bill.com/api/v2")]
    NotAUrl,
    /// Credentials over an open line.
    #[error("the Bill.com address must begin with https:// (http:// is accepted for this computer only)")]
    PlainHttp,
    /// User, password, query or fragment in the URL.
    #[error("the Bill.com address must not contain a user, a password, a question mark or a number sign")]
    ExtraParts,
    /// No organisation, user name, password or developer key.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// This Bill.com sends no notices.
    #[error("this Bill.com sends no notices")]
    NoNotices,
    /// The process has no TLS provider yet.
    #[error("no TLS provider is installed in this process")]
    NoTlsProvider,
    /// The HTTP client could not be built, for example because the computer has no root certificates.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl HttpConfig {
    /// Checks everything that can be checked without a call, and gives the base without a slash at its end.
    ///
    /// # Errors
    /// [`ConfigError`] with what to change.
    pub fn base(&self) -> Result<Url, ConfigError> {
        use secrecy::ExposeSecret;
        let parts = [
            ("the organisation id", self.organization_id.as_str()),
            ("the user name", &self.user_name),
            ("the password", self.password.expose_secret()),
            ("the developer key", self.developer_key.expose_secret()),
        ];
        if let Some((name, _)) = parts.into_iter().find(|(_, value)| value.trim().is_empty()) {
            return Err(ConfigError::Missing(name));
        }
        let url = Url::parse(self.base_url.trim().trim_end_matches('/')).map_err(|_| ConfigError::NotAUrl)?;
        let decent = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback(&url),
            _ => return Err(ConfigError::NotAUrl),
        };
        if !decent {
            return Err(ConfigError::PlainHttp);
        }
        let extra =
            !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some();
        if extra { Err(ConfigError::ExtraParts) } else { Ok(url) }
    }
}

/// Whether the URL leads to this very computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base_url: &str) -> HttpConfig {
        HttpConfig {
            base_url: base_url.to_owned(),
            organization_id: "00801ABCDEFGHIJKLmno".to_owned(),
            user_name: "sync".to_owned(),
            password: "hunter2hunter2".into(),
            developer_key: "devkeydevkey".into(),
            kind: CredentialKind::SyncToken,
        }
    }

    #[test]
    fn bases_are_accepted_or_refused_with_a_reason() {
        for good in [
            "https://api.bill.com/api/v2",
            "https://api.bill.com/api/v2/",
            "http://127.0.0.1:9/api/v2",
            "http://[::1]:9/api/v2",
            "http://localhost:1",
        ] {
            assert!(config(good).base().is_ok(), "{good}");
        }
        assert!(matches!(config("http://api.bill.com/api/v2").base(), Err(ConfigError::PlainHttp)));
        assert!(matches!(config("http://127.0.0.1.evil.example/").base(), Err(ConfigError::PlainHttp)));
        assert!(matches!(config("api.bill.com").base(), Err(ConfigError::NotAUrl)));
        assert!(matches!(config("ftp://localhost/").base(), Err(ConfigError::NotAUrl)));
        assert!(matches!(config("https://a:b@api.bill.com/").base(), Err(ConfigError::ExtraParts)));
        assert!(matches!(config("https://api.bill.com/?devKey=1").base(), Err(ConfigError::ExtraParts)));
    }

    #[test]
    fn debug_text_hides_the_secrets() {
        let text = format!("{:?}", config("https://api.bill.com/api/v2"));
        assert!(!text.contains("hunter2") && !text.contains("devkeydevkey"), "{text}");
    }

    #[test]
    fn empty_parts_are_named() {
        let mut empty = config("https://api.bill.com/api/v2");
        empty.developer_key = "".into();
        assert_eq!(empty.base().expect_err("empty").to_string(), "the developer key is missing");
    }
}
