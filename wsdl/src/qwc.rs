//! The `.qwc` file: what a user opens to add our application to the Web Connector (`qbwc.md` 5).
//!
//! [`QwcFile::to_xml`] writes it, in the order of the reference's example; [`QwcFile::from_xml`] reads any such file,
//! in any order, for the simulated connector; [`QwcFile::validate`] names the rules of the connector that a file
//! breaks, before a user meets them as QBWC1000, 1001, 1010 or 1039.
//!
//! What this does not do: make GUIDs. `OwnerID` is one per product and `FileID` one per connection, stored, and the
//! same at every download; fresh ones are the classic cause of "Unique OwnerID/FileID pair value required".
//!
//! **Invariant:** the password is never in the file.

use crate::envelope::parser_config;
use crate::error::{DecodeError, Excerpt};
use crate::guid::Guid;
use crate::source;
use std::io::Read;
use xml::reader::{EventReader, XmlEvent};
use xml::writer::{EmitterConfig, EventWriter};
use yaserde::de::Deserializer;
use yaserde::ser::Serializer;
use yaserde::{YaDeserialize, YaSerialize};

mod rules;

pub use rules::RuleBreak;

/// Media type of the download; send it with `Content-Disposition: attachment; filename="….qwc"`.
pub const MIME: &str = "application/x-qwc";

/// Bytes of the largest file [`QwcFile::from_xml`] reads; real ones have about one thousand.
pub const FILE_BYTES_MAX: usize = 64 * 1024;

/// A `.qwc` file. Rules and meanings: `qbwc.md` 5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QwcFile {
    /// Name in the connector and in QuickBooks' list of integrated applications.
    pub app_name: String,
    /// Passed to QuickBooks; required, may be empty.
    pub app_id: String,
    /// The SOAP endpoint.
    pub app_url: String,
    /// Shown to the user; at most 80 characters are advised.
    pub app_description: String,
    /// The help page; must be on the host of `app_url` and answer 200.
    pub app_support: String,
    /// Sent as `strUserName`; the user cannot change it.
    pub user_name: String,
    /// One per application.
    pub owner_id: Guid,
    /// One per company file connection.
    pub file_id: Guid,
    /// QuickBooks or Point of Sale.
    pub qb_type: QbType,
    /// Encoding of the SOAP calls; `Document` unless the server needs another.
    pub style: Style,
    /// Editions that may be used, as a set of bits; `None` or 0 allows all.
    pub auth_flags: Option<u32>,
    /// Stable key: the connector replaces an entry with the same key instead of asking.
    pub app_unique_name: Option<String>,
    /// Name shown in the connector only.
    pub app_display_name: Option<String>,
    /// Where to check the certificate, if not at `app_url`; must not need a login.
    pub cert_url: Option<String>,
    /// Tray pop-ups for this application.
    pub notify: bool,
    /// Must be false, or the application cannot be added (QBWC1039, QBWC1080).
    pub is_read_only: bool,
    /// Access to social security numbers, card data and the like.
    pub personal_data_pref: Option<PersonalDataPref>,
    /// Login while QuickBooks is closed.
    pub unattended_mode_pref: Option<UnattendedModePref>,
    /// Default interval; the user can change it.
    pub schedule: Option<Schedule>,
}

/// The product to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QbType {
    /// `QBFS`: QuickBooks Desktop.
    QuickBooks,
    /// `QBPOS`: Point of Sale.
    PointOfSale,
    /// Anything else; the connector refuses it with QBWC1065.
    Other(String),
}

impl QbType {
    fn as_str(&self) -> &str {
        match self {
            Self::QuickBooks => "QBFS",
            Self::PointOfSale => "QBPOS",
            Self::Other(text) => text,
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "QBFS" => Self::QuickBooks,
            "QBPOS" => Self::PointOfSale,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The encoding of the SOAP calls. All three are understood by [`decode`](crate::decode).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Style {
    /// `Document`, the default.
    #[default]
    Document,
    /// `DocWrapped`
    DocWrapped,
    /// `RPC`
    Rpc,
    /// Anything else.
    Other(String),
}

impl Style {
    fn as_str(&self) -> &str {
        match self {
            Self::Document => "Document",
            Self::DocWrapped => "DocWrapped",
            Self::Rpc => "RPC",
            Self::Other(text) => text,
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "" | "Document" => Self::Document,
            "DocWrapped" => Self::DocWrapped,
            "RPC" => Self::Rpc,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// `PersonalDataPref`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalDataPref {
    /// `pdpNotNeeded`
    NotNeeded,
    /// `pdpOptional`
    Optional,
    /// `pdpRequired`
    Required,
}

impl PersonalDataPref {
    const fn as_str(self) -> &'static str {
        match self {
            Self::NotNeeded => "pdpNotNeeded",
            Self::Optional => "pdpOptional",
            Self::Required => "pdpRequired",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::NotNeeded, Self::Optional, Self::Required].into_iter().find(|pref| pref.as_str() == text)
    }
}

/// `UnattendedModePref`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnattendedModePref {
    /// `umpRequired`
    Required,
    /// `umpOptional`
    Optional,
}

impl UnattendedModePref {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "umpRequired",
            Self::Optional => "umpOptional",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Required, Self::Optional].into_iter().find(|pref| pref.as_str() == text)
    }
}

/// `Scheduler`: a minimum spacing between runs, no guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// `RunEveryNMinutes`
    Minutes(u32),
    /// `RunEveryNSeconds`; shown as "Real Time".
    Seconds(u32),
}

/// Why a `.qwc` file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QwcError {
    /// Too long, or in an encoding that is not supported.
    #[error("the .qwc file is not readable text")]
    Unreadable(#[source] DecodeError),
    /// Not XML, or not a `QBWCXML` document.
    #[error("the .qwc file is not a QBWCXML document: {reason}")]
    Malformed {
        /// The parser's words.
        reason: Excerpt,
    },
    /// An element without which nothing can be done is absent or empty.
    #[error("the .qwc file has no {element}")]
    Missing {
        /// The element.
        element: &'static str,
    },
    /// `OwnerID` or `FileID` is not a GUID.
    #[error("{element} \"{found}\" is not a GUID in braces")]
    NotAGuid {
        /// The element.
        element: &'static str,
        /// Its text.
        found: Excerpt,
    },
}

impl QwcFile {
    /// A file for QuickBooks Desktop with the required elements and every option at its default.
    #[must_use]
    pub fn new(
        app_name: &str,
        app_url: &str,
        app_support: &str,
        user_name: &str,
        owner_id: Guid,
        file_id: Guid,
    ) -> Self {
        Self {
            app_name: app_name.to_owned(),
            app_id: String::new(),
            app_url: app_url.to_owned(),
            app_description: String::new(),
            app_support: app_support.to_owned(),
            user_name: user_name.to_owned(),
            owner_id,
            file_id,
            qb_type: QbType::QuickBooks,
            style: Style::Document,
            auth_flags: None,
            app_unique_name: None,
            app_display_name: None,
            cert_url: None,
            notify: false,
            is_read_only: false,
            personal_data_pref: None,
            unattended_mode_pref: None,
            schedule: None,
        }
    }

    /// The file's text; the same for the same values, always.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let config = EmitterConfig::new()
            .write_document_declaration(false)
            .perform_indent(true)
            .indent_string("  ")
            .line_separator("\n")
            .normalize_empty_elements(false);
        let mut serializer = Serializer::new(EventWriter::new_with_config(Vec::new(), config));
        Document::from(self)
            .serialize(&mut serializer)
            .expect("invariant: writing constant names into memory cannot fail");
        let xml = String::from_utf8(serializer.into_inner()).expect("invariant: the writer writes UTF-8");
        format!("<?xml version=\"1.0\"?>\n{xml}\n")
    }

    /// Reads a file: elements in any order, unknown ones ignored, white space around values dropped.
    ///
    /// # Errors
    ///
    /// [`QwcError`] if it is longer than [`FILE_BYTES_MAX`], not a `QBWCXML` document, or lacks `AppURL`, `UserName`,
    /// `OwnerID` or `FileID`. What breaks a rule of the connector but can be read is not an error; see
    /// [`validate`](Self::validate).
    pub fn from_xml(bytes: &[u8]) -> Result<Self, QwcError> {
        let text = source::read(bytes, FILE_BYTES_MAX).map_err(QwcError::Unreadable)?;
        // The declaration may name the encoding the bytes had before they were read.
        let document = text.trim_start();
        let document = match document.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
            Some((_, rest)) => rest,
            None => document,
        };
        let reader = EventReader::new_with_config(document.as_bytes(), parser_config().trim_whitespace(true));
        let document = Document::deserialize(&mut Deserializer::new(reader))
            .map_err(|error| QwcError::Malformed { reason: Excerpt::new(&error.to_string()) })?;
        Self::try_from(document)
    }
}

/// The file on the wire. Every element is text and optional here; meaning is given in the conversions.
#[derive(Debug, Default, YaSerialize, YaDeserialize)]
#[yaserde(rename = "QBWCXML")]
struct Document {
    #[yaserde(rename = "AppName")]
    app_name: Option<String>,
    #[yaserde(rename = "AppID")]
    app_id: Option<String>,
    #[yaserde(rename = "AppURL")]
    app_url: Option<String>,
    #[yaserde(rename = "AppDescription")]
    app_description: Option<String>,
    #[yaserde(rename = "AppSupport")]
    app_support: Option<String>,
    #[yaserde(rename = "UserName")]
    user_name: Option<String>,
    #[yaserde(rename = "OwnerID")]
    owner_id: Option<String>,
    #[yaserde(rename = "FileID")]
    file_id: Option<String>,
    #[yaserde(rename = "QBType")]
    qb_type: Option<String>,
    #[yaserde(rename = "Style")]
    style: Option<String>,
    #[yaserde(rename = "AuthFlags")]
    auth_flags: Option<String>,
    #[yaserde(rename = "AppUniqueName")]
    app_unique_name: Option<String>,
    #[yaserde(rename = "AppDisplayName")]
    app_display_name: Option<String>,
    #[yaserde(rename = "CertURL")]
    cert_url: Option<String>,
    #[yaserde(rename = "Notify")]
    notify: Option<String>,
    #[yaserde(rename = "IsReadOnly")]
    is_read_only: Option<String>,
    #[yaserde(rename = "PersonalDataPref")]
    personal_data_pref: Option<String>,
    #[yaserde(rename = "UnattendedModePref")]
    unattended_mode_pref: Option<String>,
    #[yaserde(rename = "Scheduler")]
    scheduler: Option<Scheduler>,
}

/// `Scheduler` on the wire. Only the first of its elements counts, which is why reading is written by hand.
#[derive(Debug, Default, YaSerialize)]
struct Scheduler {
    #[yaserde(rename = "RunEveryNMinutes")]
    minutes: Option<String>,
    #[yaserde(rename = "RunEveryNSeconds")]
    seconds: Option<String>,
}

impl YaDeserialize for Scheduler {
    fn deserialize<R: Read>(reader: &mut Deserializer<R>) -> yaserde::Result<Self> {
        reader.next_event()?; // <Scheduler>
        let mut scheduler = Self::default();
        loop {
            let local_name = match reader.peek()? {
                XmlEvent::StartElement { name, .. } => name.local_name.clone(),
                XmlEvent::EndElement { .. } | XmlEvent::EndDocument => return Ok(scheduler),
                _ => {
                    reader.next_event()?;
                    continue;
                }
            };
            reader.next_event()?;
            let mut text = String::new();
            reader.skip_element(|event| {
                if let XmlEvent::Characters(characters) = event {
                    text.push_str(characters);
                }
            })?;
            let first = scheduler.minutes.is_none() && scheduler.seconds.is_none();
            match local_name.as_str() {
                "RunEveryNMinutes" if first => scheduler.minutes = Some(text),
                "RunEveryNSeconds" if first => scheduler.seconds = Some(text),
                _ => {}
            }
        }
    }
}

impl From<Schedule> for Scheduler {
    fn from(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Minutes(minutes) => Self { minutes: Some(minutes.to_string()), seconds: None },
            Schedule::Seconds(seconds) => Self { minutes: None, seconds: Some(seconds.to_string()) },
        }
    }
}

impl Scheduler {
    fn schedule(&self) -> Option<Schedule> {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.trim().parse().ok());
        number(&self.minutes).map(Schedule::Minutes).or_else(|| number(&self.seconds).map(Schedule::Seconds))
    }
}

impl From<&QwcFile> for Document {
    fn from(file: &QwcFile) -> Self {
        let text = |text: &str| Some(printable(text));
        Self {
            app_name: text(&file.app_name),
            app_id: text(&file.app_id),
            app_url: text(&file.app_url),
            app_description: text(&file.app_description),
            app_support: text(&file.app_support),
            user_name: text(&file.user_name),
            owner_id: Some(file.owner_id.to_string()),
            file_id: Some(file.file_id.to_string()),
            qb_type: text(file.qb_type.as_str()),
            style: text(file.style.as_str()),
            auth_flags: file.auth_flags.map(|flags| format!("0x{flags:X}")),
            app_unique_name: file.app_unique_name.as_deref().map(printable),
            app_display_name: file.app_display_name.as_deref().map(printable),
            cert_url: file.cert_url.as_deref().map(printable),
            notify: Some(file.notify.to_string()),
            is_read_only: Some(file.is_read_only.to_string()),
            personal_data_pref: file.personal_data_pref.map(|pref| pref.as_str().to_owned()),
            unattended_mode_pref: file.unattended_mode_pref.map(|pref| pref.as_str().to_owned()),
            scheduler: file.schedule.map(Scheduler::from),
        }
    }
}

/// Values are one-liners; control characters would make the file unreadable to the connector.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() && !matches!(character, '\u{FFFE}' | '\u{FFFF}')).collect()
}

impl TryFrom<Document> for QwcFile {
    type Error = QwcError;

    fn try_from(document: Document) -> Result<Self, QwcError> {
        let is_true = |text: Option<String>| text.is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "1");
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Self {
            app_name: document.app_name.unwrap_or_default(),
            app_id: document.app_id.unwrap_or_default(),
            app_url: required(document.app_url, "AppURL")?,
            app_description: document.app_description.unwrap_or_default(),
            app_support: document.app_support.unwrap_or_default(),
            user_name: required(document.user_name, "UserName")?,
            owner_id: guid(document.owner_id, "OwnerID")?,
            file_id: guid(document.file_id, "FileID")?,
            qb_type: QbType::parse(&document.qb_type.unwrap_or_default()),
            style: Style::parse(&document.style.unwrap_or_default()),
            auth_flags: document.auth_flags.as_deref().and_then(flags),
            app_unique_name: some(document.app_unique_name),
            app_display_name: some(document.app_display_name),
            cert_url: some(document.cert_url),
            notify: is_true(document.notify),
            is_read_only: is_true(document.is_read_only),
            personal_data_pref: document.personal_data_pref.as_deref().and_then(PersonalDataPref::parse),
            unattended_mode_pref: document.unattended_mode_pref.as_deref().and_then(UnattendedModePref::parse),
            schedule: document.scheduler.as_ref().and_then(Scheduler::schedule),
        })
    }
}

fn required(text: Option<String>, element: &'static str) -> Result<String, QwcError> {
    text.filter(|text| !text.is_empty()).ok_or(QwcError::Missing { element })
}

fn guid(text: Option<String>, element: &'static str) -> Result<Guid, QwcError> {
    let text = required(text, element)?;
    text.parse().map_err(|_| QwcError::NotAGuid { element, found: Excerpt::new(&text) })
}

/// Hexadecimal with `0x`, else decimal.
fn flags(text: &str) -> Option<u32> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests;
