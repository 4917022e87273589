//! The short parameters, as typed structs, by yaserde.
//!
//! yaserde matches elements by local name and namespace, ignores what it does not know, and takes the last of several
//! (`ecosystem.md`, "yaserde, looked at closely"). The guard has already settled all of that, so what is handed over
//! here is a *canonical* envelope: SOAP 1.1, Document style, one operation, and only the parameters that are neither
//! large nor secret. SOAP 1.2, RPC style, foreign prefixes, headers and unknown elements never get this far.
//!
//! The parser under yaserde trims text by default and would change passwords and paths; [`parser_config`] turns that
//! off.
//!
//! **Invariant:** no ticket, password, company data or answer is in the canonical envelope: yaserde logs every event.

use crate::error::{DecodeError, Excerpt};
use crate::name::{NAMESPACE, OperationName};
use crate::reply::SoapVersion;
use crate::text::escape_into;
use xml::reader::{EventReader, ParserConfig};
use yaserde::YaDeserialize;
use yaserde::de::Deserializer;

#[derive(Debug, Default, YaDeserialize)]
#[yaserde(
    rename = "Envelope",
    prefix = "soap",
    namespaces = {
        "soap" = "http://schemas.xmlsoap.org/soap/envelope/",
        "qb" = "http://developer.intuit.com/"
    }
)]
struct Envelope {
    #[yaserde(rename = "Body", prefix = "soap")]
    body: Body,
}

/// The operations that have short parameters. At most one is present.
#[derive(Debug, Default, YaDeserialize)]
#[yaserde(
    prefix = "soap",
    namespaces = {
        "soap" = "http://schemas.xmlsoap.org/soap/envelope/",
        "qb" = "http://developer.intuit.com/"
    }
)]
pub(crate) struct Body {
    #[yaserde(rename = "clientVersion", prefix = "qb")]
    pub(crate) client_version: Option<ClientVersion>,
    #[yaserde(rename = "authenticate", prefix = "qb")]
    pub(crate) authenticate: Option<Authenticate>,
    #[yaserde(rename = "sendRequestXML", prefix = "qb")]
    pub(crate) send_request_xml: Option<SendRequestXml>,
    #[yaserde(rename = "receiveResponseXML", prefix = "qb")]
    pub(crate) receive_response_xml: Option<Failure>,
    #[yaserde(rename = "connectionError", prefix = "qb")]
    pub(crate) connection_error: Option<Failure>,
    #[yaserde(rename = "interactiveRejected", prefix = "qb")]
    pub(crate) interactive_rejected: Option<InteractiveRejected>,
}

/// `clientVersion`
#[derive(Debug, Default, YaDeserialize)]
#[yaserde(prefix = "qb", namespaces = { "qb" = "http://developer.intuit.com/" })]
pub(crate) struct ClientVersion {
    #[yaserde(rename = "strVersion", prefix = "qb")]
    pub(crate) version: Option<String>,
}

/// `authenticate` without its password
#[derive(Debug, Default, YaDeserialize)]
#[yaserde(prefix = "qb", namespaces = { "qb" = "http://developer.intuit.com/" })]
pub(crate) struct Authenticate {
    #[yaserde(rename = "strUserName", prefix = "qb")]
    pub(crate) user_name: Option<String>,
}

/// `sendRequestXML` without ticket and company data
#[derive(Debug, Default, YaDeserialize)]
#[yaserde(prefix = "qb", namespaces = { "qb" = "http://developer.intuit.com/" })]
pub(crate) struct SendRequestXml {
    #[yaserde(rename = "strCompanyFileName", prefix = "qb")]
    pub(crate) company_file_name: Option<String>,
    #[yaserde(rename = "qbXMLCountry", prefix = "qb")]
    pub(crate) country: Option<String>,
    // Text, not numbers: what is no number must not refuse the request.
    #[yaserde(rename = "qbXMLMajorVers", prefix = "qb")]
    pub(crate) major_version: Option<String>,
    #[yaserde(rename = "qbXMLMinorVers", prefix = "qb")]
    pub(crate) minor_version: Option<String>,
}

/// What `receiveResponseXML` and `connectionError` say about a failure
#[derive(Debug, Default, YaDeserialize)]
#[yaserde(prefix = "qb", namespaces = { "qb" = "http://developer.intuit.com/" })]
pub(crate) struct Failure {
    #[yaserde(rename = "hresult", prefix = "qb")]
    pub(crate) hresult: Option<String>,
    #[yaserde(rename = "message", prefix = "qb")]
    pub(crate) message: Option<String>,
}

/// `interactiveRejected` without its ticket
#[derive(Debug, Default, YaDeserialize)]
#[yaserde(prefix = "qb", namespaces = { "qb" = "http://developer.intuit.com/" })]
pub(crate) struct InteractiveRejected {
    #[yaserde(rename = "reason", prefix = "qb")]
    pub(crate) reason: Option<String>,
}

/// The parser under yaserde, told to leave every blank where it is.
pub(crate) fn parser_config() -> ParserConfig {
    ParserConfig::new()
        .trim_whitespace(false)
        .whitespace_to_characters(true)
        .cdata_to_characters(true)
        .ignore_comments(true)
        .coalesce_characters(true)
}

/// Reads the short parameters of `operation`; `texts` are those present, un-escaped.
pub(crate) fn read(operation: OperationName, texts: &[(&'static str, &str)]) -> Result<Body, DecodeError> {
    if texts.is_empty() {
        return Ok(Body::default());
    }
    let document = canonical(operation, texts);
    let reader = EventReader::new_with_config(document.as_bytes(), parser_config());
    Envelope::deserialize(&mut Deserializer::new(reader))
        .map(|envelope| envelope.body)
        .map_err(|error| DecodeError::Malformed { at: 0, reason: Excerpt::new(&error.to_string()) })
}

fn canonical(operation: OperationName, texts: &[(&'static str, &str)]) -> String {
    let mut out =
        format!("<Envelope xmlns=\"{}\"><Body><{operation} xmlns=\"{NAMESPACE}\">", SoapVersion::V11.namespace());
    for (name, text) in texts {
        out.push_str(&format!("<{name}>"));
        escape_into(&mut out, text);
        out.push_str(&format!("</{name}>"));
    }
    out.push_str(&format!("</{operation}></Body></Envelope>"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_line_ends_and_markup_survive() {
        for text in ["", " ", "  p p  ", "\t\n\r\n \r", "<![CDATA[x]]>", "&amp;", "a]]>b", "é\u{1F600}"] {
            let body = read(OperationName::Authenticate, &[("strUserName", text)]).expect("readable");
            let user_name = body.authenticate.expect("authenticate").user_name;
            assert_eq!(user_name.unwrap_or_default(), text, "{text:?}");
        }
    }

    #[test]
    fn characters_that_xml_cannot_carry_are_dropped() {
        let texts = [("hresult", "0x80040400"), ("message", "bell\u{7}")];
        let body = read(OperationName::ConnectionError, &texts).expect("readable");
        let failure = body.connection_error.expect("connectionError");
        assert_eq!(failure.hresult.as_deref(), Some("0x80040400"));
        assert_eq!(failure.message.as_deref(), Some("bell"));
    }
}
