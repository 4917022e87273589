//! Configuration: flags, the environment, one TOML file, and defaults, in this order.
//!
//! There is one rule for names. The flag `--public-url` is the variable `COUNTERFOIL_PUBLIC_URL` and the key
//! `public_url`. The few settings without a flag (the logs') follow it too. An unknown key is an error that names the
//! nearest one, with its line: a typing error never starts the server. Unknown *variables* are only warned about, because
//! orchestrators invent variables of their own (`COUNTERFOIL_SERVICE_HOST`).
//!
//! What is deliberately missing: secrets. The file may be world-readable and end up in a repository, so Bill.com's
//! secrets and the server key come from the environment alone, and a file that holds one is refused.

use crate::limits::BACKUPS_KEPT_MAX;
use reqwest::Url;
use std::ffi::OsString;
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// What every variable begins with.
const PREFIX: &str = "COUNTERFOIL_";
/// The data folder when none is given.
const DATA: &str = "./counterfoil-data";
/// The port listened on when none is given.
const PORT: u16 = 8080;
/// Bytes of a configuration file that are read; ours have a few hundred.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Characters of a wrong value that are shown.
const SHOWN_CHARS_MAX: usize = 80;

/// Every key, in the order of the documentation.
pub const KEYS: &[&str] = &[
    "data",
    "listen",
    "public_url",
    "tls_cert",
    "tls_key",
    "behind_proxy",
    "backups_kept",
    "billcom_url",
    "billcom_org",
    "billcom_user",
    "log",
    "log_format",
    "log_file",
];

/// Variables that are not keys: secrets, and the name of the file itself.
const VARIABLES_ONLY: &[&str] =
    &["config", "key", "billcom_password", "billcom_dev_key", "billcom_webhook_key", "new_key"];

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What was configured. What was not is `None`; [`Config::data_folder`] and [`Config::listen_address`] know the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The data folder.
    pub data: Option<PathBuf>,
    /// The address `serve` listens on.
    pub listen: Option<SocketAddr>,
    /// The URL under which the world reaches the server, without a slash at its end.
    pub public_url: Option<String>,
    /// File with the certificate chain, PEM.
    pub tls_cert: Option<PathBuf>,
    /// File with the private key, PEM.
    pub tls_key: Option<PathBuf>,
    /// Address or network of a reverse proxy on another machine that encrypts.
    pub behind_proxy: Option<(IpAddr, u8)>,
    /// Nightly backups that are kept; 0 for none.
    pub backups_kept: Option<usize>,
    /// Base URL of Bill.com for `company add`.
    pub billcom_url: Option<String>,
    /// Organisation for `company add`.
    pub billcom_org: Option<String>,
    /// User name, or name of a sync token, for `company add`.
    pub billcom_user: Option<String>,
    /// Which log lines are written, as `level` or `target=level,…`.
    pub log: Option<String>,
    /// How they are written.
    pub log_format: Option<LogFormat>,
    /// The file that a server's lines go to, instead of standard error.
    pub log_file: Option<PathBuf>,
}

/// Why a configuration is not accepted. Every sentence is for the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{}, line {line}: {message}", .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// No such key.
    #[error("{}, line {line}: there is no key {key:?}; did you mean {nearest:?}?", .path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What was written.
        key: String,
        /// The nearest key there is.
        nearest: &'static str,
    },
    /// A secret in the file.
    #[error("{}, line {line}: {key:?} is a secret; give it in the environment variable {variable} instead", .path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// Which key.
        key: &'static str,
        /// The variable that takes it.
        variable: String,
    },
    /// A value in the file that a key cannot have.
    #[error("{}, line {line}: {source}", .path.display())]
    FileValue {
        /// The file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What is wrong with it.
        source: BadValue,
    },
    /// A value in the environment that a variable cannot have.
    #[error("environment variable {variable}: {source}")]
    VariableValue {
        /// The variable.
        variable: String,
        /// What is wrong with it.
        source: BadValue,
    },
}

/// A value that a key cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} cannot be {value:?}: it wants {wanted}")]
pub struct BadValue {
    /// The key.
    pub key: &'static str,
    /// What was given, shortened.
    pub value: String,
    /// What it wants.
    pub wanted: &'static str,
}

impl Config {
    /// Reads the file, if there is one, and lays the environment over it.
    ///
    /// # Errors
    /// [`ConfigError`] for the first thing that is wrong.
    pub fn load(file: Option<&Path>, variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        if let Some(path) = file {
            config.read_file(path)?;
        }
        config.read_environment(variable)?;
        Ok(config)
    }

    /// The data folder, or its default.
    #[must_use]
    pub fn data_folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| DATA.into())
    }

    /// The log file of a server that has no standard error, such as a service of Windows: the one that was asked for, or one beside
    /// the data.
    #[must_use]
    pub fn log_file_of_service(&self) -> PathBuf {
        self.log_file.clone().unwrap_or_else(|| self.data_folder().join("logs").join("counterfoil.log"))
    }

    /// The address to listen on, or its default.
    #[must_use]
    pub fn listen_address(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)))
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let mut text = String::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(unreadable)?;
        self.read_text(path, &text)
    }

    fn read_text(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let path = path.to_owned();
        let table = match DeTable::parse(text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let line = line_of(text, error.span().unwrap_or_default());
                return Err(ConfigError::Syntax { path, line, message: error.message().to_owned() });
            }
        };
        for (name, value) in table {
            let line = line_of(text, name.span());
            let Some(key) = known(name.as_ref()) else { return Err(unknown(path, line, name.as_ref())) };
            let source = match value.get_ref().as_str() {
                Some(value) => self.set(key, value).err(),
                None => {
                    Some(BadValue { key, value: value.get_ref().type_str().to_owned(), wanted: "a text in quotes" })
                }
            };
            if let Some(source) = source {
                return Err(ConfigError::FileValue { path, line, source });
            }
        }
        Ok(())
    }

    /// An empty variable counts as none: that is how compose files leave one out.
    fn read_environment(&mut self, variable: impl Fn(&str) -> Option<OsString>) -> Result<(), ConfigError> {
        for key in KEYS {
            let name = variable_of(key);
            let Some(value) = variable(&name).filter(|value| !value.is_empty()) else { continue };
            self.set(key, &value.to_string_lossy())
                .map_err(|source| ConfigError::VariableValue { variable: name, source })?;
        }
        Ok(())
    }

    /// Sets one key. Flags go through the same checks ([`parse_listen`], [`parse_public_url`]).
    fn set(&mut self, key: &'static str, value: &str) -> Result<(), BadValue> {
        let bad = |wanted| BadValue { key, value: value.chars().take(SHOWN_CHARS_MAX).collect(), wanted };
        let text = || Some(value.to_owned()).filter(|text| !text.trim().is_empty()).ok_or_else(|| bad("a text"));
        match key {
            "data" => self.data = Some(text()?.into()),
            "listen" => self.listen = Some(parse_listen(value).map_err(bad)?),
            "public_url" => self.public_url = Some(parse_public_url(value).map_err(bad)?),
            "tls_cert" => self.tls_cert = Some(text()?.into()),
            "tls_key" => self.tls_key = Some(text()?.into()),
            "behind_proxy" => self.behind_proxy = Some(parse_network(value).map_err(bad)?),
            "backups_kept" => self.backups_kept = Some(parse_backups(value).map_err(bad)?),
            "billcom_url" => self.billcom_url = Some(text()?),
            "billcom_org" => self.billcom_org = Some(text()?),
            "billcom_user" => self.billcom_user = Some(text()?),
            "log" => self.log = Some(text()?),
            "log_file" => self.log_file = Some(text()?.into()),
            "log_format" => {
                self.log_format = Some(match value {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    _ => return Err(bad("text or json")),
                });
            }
            _ => {
                unreachable!("invariant: `key` stands in KEYS, and every key of KEYS has a branch, which a test holds")
            }
        }
        Ok(())
    }
}

/// Reads an address to listen on: an IP address and a port; `localhost` stands for 127.0.0.1, port 0 for any free one.
///
/// # Errors
/// What is wanted instead.
pub fn parse_listen(text: &str) -> Result<SocketAddr, &'static str> {
    const WANTED: &str = "an address and a port such as 127.0.0.1:8080";
    let text = text.trim();
    if let Some(port) = text.strip_prefix("localhost:") {
        let port = port.parse().map_err(|_| WANTED)?;
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_| WANTED)
}

/// Reads the URL under which the world reaches the server, and takes the slash from its end.
///
/// # Errors
/// What is wanted instead.
pub fn parse_public_url(text: &str) -> Result<String, &'static str> {
    const WANTED: &str = "a URL such as https://sync.example.com";
    let text = text.trim();
    let url = Url::parse(text).map_err(|_| WANTED)?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(WANTED) }
}

/// Reads an address, or a network as `10.0.0.0/8`: the address and how many of its bits count.
///
/// # Errors
/// What is wanted instead.
pub fn parse_network(text: &str) -> Result<(IpAddr, u8), &'static str> {
    const WANTED: &str = "an address such as 10.0.0.5, or a network such as 172.16.0.0/12";
    let (address, bits) = match text.trim().split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text.trim(), None),
    };
    let address: IpAddr = address.parse().map_err(|_| WANTED)?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| WANTED))?;
    if bits > most { Err(WANTED) } else { Ok((address, bits)) }
}

/// Reads how many nightly backups are kept.
///
/// # Errors
/// What is wanted instead.
pub fn parse_backups(text: &str) -> Result<usize, &'static str> {
    const WANTED: &str = "a number from 0 to 1100";
    text.trim().parse().ok().filter(|kept| *kept <= BACKUPS_KEPT_MAX).ok_or(WANTED)
}

/// The host name of a URL, without brackets and port.
#[must_use]
pub fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.host_str().map(|host| host.trim_start_matches('[').trim_end_matches(']').to_owned())
}

/// Whether the Web Connector accepts a public URL: https, or http for the very same machine (`qbwc.md` 2.4).
#[must_use]
pub fn connector_accepts(public_url: &str) -> bool {
    Url::parse(public_url).is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        let local = host == "localhost"
            || host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        url.scheme() == "https" || local
    })
}

/// Variables that look like typing errors: nearly one of ours. Each with the one that may be meant.
pub fn misspelt(names: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let ours = || KEYS.iter().chain(VARIABLES_ONLY);
    names
        .filter_map(|name| {
            let key = name.strip_prefix(PREFIX)?.to_lowercase();
            let near = ours().map(|ours| (edits(&key, ours), ours)).min()?;
            (1..=2).contains(&near.0).then(|| (name.clone(), variable_of(near.1)))
        })
        .collect()
}

fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

fn known(name: &str) -> Option<&'static str> {
    KEYS.iter().copied().find(|key| *key == name)
}

fn unknown(path: PathBuf, line: usize, name: &str) -> ConfigError {
    if let Some(&key) = VARIABLES_ONLY.iter().find(|key| **key == name && name != "config") {
        return ConfigError::Secret { path, line, key, variable: variable_of(key) };
    }
    let key: String = name.chars().take(SHOWN_CHARS_MAX).collect();
    let nearest = KEYS.iter().copied().min_by_key(|known| edits(&key, known)).unwrap_or("data");
    ConfigError::UnknownKey { path, line, key, nearest }
}

fn line_of(text: &str, span: Range<usize>) -> usize {
    let before = &text.as_bytes()[..span.start.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// Levenshtein distance; both texts are short.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.iter().enumerate() {
            let change = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        config.read_text(Path::new("counterfoil.toml"), text).map(|()| config)
    }

    fn sentence(text: &str) -> String {
        read(text).expect_err("refused").to_string()
    }

    /// A value that fits each key.
    fn fitting(key: &str) -> &'static str {
        match key {
            "listen" => "127.0.0.1:0",
            "public_url" => "https://sync.example.com",
            "log_format" => "json",
            "behind_proxy" => "172.16.0.0/12",
            "backups_kept" => "7",
            _ => "something",
        }
    }

    #[test]
    fn every_key_can_be_set_in_the_file_and_in_the_environment() {
        for key in KEYS {
            let from_file = read(&format!("{key} = \"{}\"", fitting(key))).expect(key);
            let from_variable = Config::load(None, |name| (name == variable_of(key)).then(|| fitting(key).into()));
            assert_ne!(from_file, Config::default(), "{key}");
            assert_eq!(from_file, from_variable.expect(key), "{key}");
        }
    }

    #[test]
    fn a_typing_error_names_the_line_and_the_nearest_key() {
        assert_eq!(
            sentence("# mine\ndata = \"here\"\nlistn = \"127.0.0.1:1\"\n"),
            "counterfoil.toml, line 3: there is no key \"listn\"; did you mean \"listen\"?"
        );
        assert!(sentence("public-url = \"https://a.example\"").ends_with("did you mean \"public_url\"?"));
        assert!(sentence("[server]\nlisten = \"127.0.0.1:1\"").contains("line 1: there is no key \"server\""));
        assert!(sentence(&format!("{} = 1", "x".repeat(500))).len() < 250, "what is shown is bounded");
    }

    #[test]
    fn wrong_values_and_syntax_name_the_line_and_what_is_wanted() {
        for (text, expected) in [
            ("listen = 8080", "counterfoil.toml, line 1: listen cannot be \"integer\": it wants a text in quotes"),
            (
                "\nlisten = \"8080\"",
                "line 2: listen cannot be \"8080\": it wants an address and a port such as 127.0.0.1:8080",
            ),
            ("log_format = \"xml\"", "log_format cannot be \"xml\": it wants text or json"),
            ("public_url = \"sync.example.com\"", "it wants a URL such as https://sync.example.com"),
            ("data = \" \"", "data cannot be \" \": it wants a text"),
            ("data = \"a\"\ndata = \"b\"", "counterfoil.toml, line 2: duplicate key"),
            ("data = ", "counterfoil.toml, line 1: "),
        ] {
            let sentence = sentence(text);
            assert!(sentence.contains(expected), "{text:?}: {sentence}");
        }
    }

    #[test]
    fn secrets_are_refused_in_the_file() {
        for key in ["billcom_password", "billcom_dev_key", "key"] {
            let sentence = sentence(&format!("{key} = \"hunter2\""));
            assert!(sentence.contains(&variable_of(key)), "{sentence}");
            assert!(!sentence.contains("hunter2"));
        }
    }

    #[test]
    fn the_environment_wins_over_the_file_and_empty_is_unset() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("c.toml");
        std::fs::write(&path, "data = \"from-file\"\nlisten = \"127.0.0.1:1\"\n").expect("write");
        let variable = |name: &str| match name {
            "COUNTERFOIL_DATA" => Some("from-environment".into()),
            "COUNTERFOIL_LISTEN" => Some("".into()),
            _ => None,
        };
        let config = Config::load(Some(&path), variable).expect("config");
        assert_eq!(config.data_folder(), Path::new("from-environment"));
        assert_eq!(config.listen_address().port(), 1);
        let missing = Config::load(Some(&folder.path().join("none.toml")), |_| None).expect_err("missing");
        assert!(matches!(missing, ConfigError::Unreadable { .. }));
        let bad = Config::load(None, |name| (name == "COUNTERFOIL_LISTEN").then(|| "x".into())).expect_err("bad");
        assert!(bad.to_string().starts_with("environment variable COUNTERFOIL_LISTEN: listen cannot be"), "{bad}");
    }

    #[test]
    fn nothing_configured_means_the_documented_defaults() {
        let config = Config::load(None, |_| None).expect("config");
        assert_eq!(config.data_folder(), Path::new("./counterfoil-data"));
        assert_eq!(config.listen_address().to_string(), "127.0.0.1:8080");
        assert_eq!(config.log_file_of_service(), Path::new("./counterfoil-data/logs/counterfoil.log"));
        let named = Config { log_file: Some("elsewhere.log".into()), ..config };
        assert_eq!(named.log_file_of_service(), Path::new("elsewhere.log"));
    }

    #[test]
    fn addresses_to_listen_on() {
        for (text, expected) in [
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("localhost:9", "127.0.0.1:9"),
            ("[::]:443", "[::]:443"),
            (" 0.0.0.0:1 ", "0.0.0.0:1"),
        ] {
            assert_eq!(parse_listen(text).expect(text).to_string(), expected);
        }
        for text in ["", "8080", ":8080", "example.com:80", "127.0.0.1", "localhost:", "127.0.0.1:99999"] {
            assert!(parse_listen(text).is_err(), "{text}");
        }
    }

    #[test]
    fn networks_of_a_proxy() {
        let read = |text: &str| parse_network(text).map(|(address, bits)| format!("{address}/{bits}"));
        for (text, expected) in [
            ("10.0.0.5", "10.0.0.5/32"),
            (" 172.16.0.0/12 ", "172.16.0.0/12"),
            ("::1", "::1/128"),
            ("fd00::/8", "fd00::/8"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected));
        }
        for text in ["", "proxy", "10.0.0.5/33", "10.0.0.0/", "10.0.0.0/-1", "::1/129", "10.0.0.0/8/8"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn public_urls() {
        for (text, expected) in [
            ("https://Sync.Example.com/", "https://sync.example.com"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://example.com/books/", "https://example.com/books"),
        ] {
            assert_eq!(parse_public_url(text).expect(text), expected);
        }
        for text in [
            "",
            "example.com",
            "ftp://a",
            "https://",
            "https://u:p@a.example",
            "https://a.example/?x",
            "https://a.example/#x",
        ] {
            assert!(parse_public_url(text).is_err(), "{text}");
        }
        for (url, accepted) in [
            ("https://a.example", true),
            ("http://localhost:1", true),
            ("http://127.0.0.1", true),
            ("http://[::1]:8", true),
            ("http://a.example", false),
            ("http://192.168.1.4", false),
        ] {
            assert_eq!(connector_accepts(url), accepted, "{url}");
        }
    }

    #[test]
    fn only_near_misses_among_variables_are_named() {
        let names = ["COUNTERFOIL_LISTN", "COUNTERFOIL_DATA", "COUNTERFOIL_SERVICE_HOST", "COUNTERFOIL_KEY", "PATH"];
        let found = misspelt(names.iter().map(ToString::to_string));
        assert_eq!(found, [("COUNTERFOIL_LISTN".to_owned(), "COUNTERFOIL_LISTEN".to_owned())]);
    }
}
