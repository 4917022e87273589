//! SOAP as the Web Connector's client class writes and reads it.
//!
//! Requests have the exact form of the captures: no white space between tags, the default namespace on the operation
//! element, empty arguments as `<hresult />`, embedded qbXML escaped once, a carriage return as `&#xD;`. Answers are read as
//! strictly as the .NET client does (`qbwc.md` 2.3): status, content type, and the namespace URI of every element
//! count; a result in another namespace, a nil, or an element inside a string is null.

use crate::sim::xml::{Element, parse};

use super::transport::HttpAnswer;

/// The namespace of every operation.
pub const NAMESPACE: &str = "http://developer.intuit.com/";
const SOAP_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const SOAP_12: &str = "http://www.w3.org/2003/05/soap-envelope";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// How the operation is laid out in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Document/literal, wrapped: the default.
    #[default]
    Document,
    /// `<Style>RPC</Style>`: prefixed operation, typed arguments without a namespace.
    Rpc,
}

/// The form of the envelopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// Layout of the body.
    pub style: Style,
    /// SOAP 1.2 instead of 1.1. No connector does this; servers should bear it.
    pub soap_12: bool,
}

/// An argument of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    Text(String),
    Integer(i32),
}

/// The `SOAPAction` of an operation, with its quotes.
pub(super) fn action(operation: &str) -> String {
    format!("\"{NAMESPACE}{operation}\"")
}

/// Writes the request of an operation.
pub(super) fn write(form: Form, operation: &str, arguments: &[(&str, Argument)]) -> String {
    let mut inside = String::new();
    for (name, argument) in arguments {
        let (text, kind) = match argument {
            Argument::Text(text) => (escaped(text), "string"),
            Argument::Integer(number) => (number.to_string(), "int"),
        };
        let typed = if form.style == Style::Rpc { format!(" xsi:type=\"xsd:{kind}\"") } else { String::new() };
        if text.is_empty() {
            inside.push_str(&format!("<{name}{typed} />"));
        } else {
            inside.push_str(&format!("<{name}{typed}>{text}</{name}>"));
        }
    }
    let soap = if form.soap_12 { SOAP_12 } else { SOAP_11 };
    let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    match form.style {
        Style::Document => {
            let body = if inside.is_empty() {
                format!("<{operation} xmlns=\"{NAMESPACE}\" />")
            } else {
                format!("<{operation} xmlns=\"{NAMESPACE}\">{inside}</{operation}>")
            };
            format!(
                "{head}<soap:Envelope xmlns:soap=\"{soap}\" xmlns:xsi=\"{XSI}\" xmlns:xsd=\"{XSD}\"><soap:Body>{body}</soap:Body></soap:Envelope>"
            )
        }
        Style::Rpc => {
            let body = if inside.is_empty() {
                format!("<q1:{operation} xmlns:q1=\"{NAMESPACE}\" />")
            } else {
                format!("<q1:{operation} xmlns:q1=\"{NAMESPACE}\">{inside}</q1:{operation}>")
            };
            let encoding = "http://schemas.xmlsoap.org/soap/encoding/";
            format!(
                "{head}<soap:Envelope xmlns:soap=\"{soap}\" xmlns:soapenc=\"{encoding}\" xmlns:tns=\"http://developer.intuit.com\" xmlns:types=\"http://developer.intuit.com/encodedTypes\" xmlns:xsi=\"{XSI}\" xmlns:xsd=\"{XSD}\"><soap:Body soap:encodingStyle=\"{encoding}\">{body}</soap:Body></soap:Envelope>"
            )
        }
    }
}

/// Escapes as .NET's XML writer does in text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 3);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(other),
        }
    }
    out
}

/// Why an answer is an exception to the client, in the words of .NET as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoapError {
    /// The server answered a fault.
    #[error("{0}")]
    Fault(String),
    /// A status other than 200, without a fault.
    #[error("The request failed with HTTP status {0}.")]
    Status(u16),
    /// Not the content type the client asked for.
    #[error("Client found response content type of '{0}', but expected 'text/xml'.")]
    ContentType(String),
    /// Not an envelope.
    #[error("Response is not well-formed XML: {0}")]
    NotXml(String),
    /// A number was expected.
    #[error("Input string was not in a correct format: {0:?}")]
    NotANumber(String),
    /// A null where the connector cannot go on.
    #[error("Object reference not set to an instance of an object.")]
    Null,
    /// An array without items.
    #[error("Index was outside the bounds of the array.")]
    EmptyArray,
}

/// The result element of an answer, or `None` where the client sees null.
pub(super) fn read(form: Form, operation: &str, answer: &HttpAnswer) -> Result<Option<Element>, SoapError> {
    let content_type = answer.header("content-type").unwrap_or("").to_ascii_lowercase();
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    let expected = if form.soap_12 { "application/soap+xml" } else { "text/xml" };
    let is_xml = media_type == expected;
    if !is_xml && answer.status != 200 {
        return Err(SoapError::Status(answer.status));
    }
    if !is_xml {
        return Err(SoapError::ContentType(media_type.to_owned()));
    }
    if !matches!(answer.status, 200 | 500) {
        return Err(SoapError::Status(answer.status));
    }
    let text = std::str::from_utf8(&answer.body).map_err(|error| SoapError::NotXml(error.to_string()))?;
    let root = parse(text).map_err(|error| SoapError::NotXml(error.to_string()))?.root;
    let soap = if form.soap_12 { SOAP_12 } else { SOAP_11 };
    let named = |element: &&Element, name: &str| element.name == name && element.namespace == soap;
    let envelope = Some(&root).filter(|root| named(root, "Envelope"));
    let body = envelope.and_then(|envelope| envelope.children.iter().find(|child| named(child, "Body")));
    let body = body.ok_or_else(|| SoapError::NotXml("not a SOAP envelope".to_owned()))?;
    let Some(response) = body.children.first() else {
        return Ok(None);
    };
    if named(&response, "Fault") {
        return Err(SoapError::Fault(fault_text(response)));
    }
    if answer.status != 200 {
        return Err(SoapError::Status(answer.status));
    }
    Ok(result_of(form, operation, response).filter(|result| !is_nil(result)).cloned())
}

/// The result inside a response element. In RPC style it may have any name and namespace.
fn result_of<'a>(form: Form, operation: &str, response: &'a Element) -> Option<&'a Element> {
    if form.style == Style::Rpc {
        return response.children.first();
    }
    if response.name != format!("{operation}Response") || response.namespace != NAMESPACE {
        return None;
    }
    let wanted = format!("{operation}Result");
    response.children.iter().find(|child| child.name == wanted && child.namespace == NAMESPACE)
}

fn fault_text(fault: &Element) -> String {
    let soap_12 = fault.child("Reason").and_then(|reason| reason.text_of("Text"));
    soap_12.or_else(|| fault.text_of("faultstring")).unwrap_or("").to_owned()
}

fn is_nil(element: &Element) -> bool {
    element.attributes.iter().any(|(name, value)| name.ends_with(":nil") && matches!(value.as_str(), "true" | "1"))
}

/// A string result; elements inside it make it null.
pub(super) fn string(result: Option<&Element>) -> Option<&str> {
    result.filter(|result| result.children.is_empty()).map(|result| result.text.as_str())
}

/// An array of strings: only `<string>` items in the right namespace count.
pub(super) fn strings(form: Form, result: &Element) -> Vec<String> {
    let counts = |item: &&Element| form.style == Style::Rpc || (item.name == "string" && item.namespace == NAMESPACE);
    result.children.iter().filter(counts).map(|item| item.text.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, content_type: &str, body: &str) -> HttpAnswer {
        HttpAnswer {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    fn body(inside: &str) -> String {
        format!(
            "<soap:Envelope xmlns:soap=\"{SOAP_11}\" xmlns:xsi=\"{XSI}\"><soap:Body>{inside}</soap:Body></soap:Envelope>"
        )
    }

    const DOCUMENT: Form = Form { style: Style::Document, soap_12: false };

    fn read_version(inside: &str) -> Option<String> {
        let answer = answer(200, "text/xml; charset=utf-8", &body(inside));
        let result = read(DOCUMENT, "serverVersion", &answer).expect("no exception");
        string(result.as_ref()).map(str::to_owned)
    }

    #[test]
    fn document_requests_have_the_form_of_the_capture() {
        assert_eq!(
            write(DOCUMENT, "serverVersion", &[]),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body><serverVersion xmlns=\"http://developer.intuit.com/\" /></soap:Body></soap:Envelope>"
        );
        let arguments = [
            ("ticket", Argument::Text("T".to_owned())),
            ("response", Argument::Text("<?xml?>\r\n<a b=\"c\">&amp;</a>".to_owned())),
            ("hresult", Argument::Text(String::new())),
            ("number", Argument::Integer(16)),
        ];
        let text = write(DOCUMENT, "receiveResponseXML", &arguments);
        assert!(text.contains("<receiveResponseXML xmlns=\"http://developer.intuit.com/\"><ticket>T</ticket><response>&lt;?xml?&gt;&#xD;\n&lt;a b=\"c\"&gt;&amp;amp;&lt;/a&gt;</response><hresult /><number>16</number></receiveResponseXML>"), "{text}");
    }

    #[test]
    fn rpc_requests_are_prefixed_and_typed() {
        let form = Form { style: Style::Rpc, soap_12: false };
        let text = write(form, "clientVersion", &[("strVersion", Argument::Text("2.3.0.215".to_owned()))]);
        assert!(text.contains("<q1:clientVersion xmlns:q1=\"http://developer.intuit.com/\"><strVersion xsi:type=\"xsd:string\">2.3.0.215</strVersion></q1:clientVersion>"), "{text}");
        assert!(parse(&text).is_ok());
    }

    #[test]
    fn results_are_read_by_namespace() {
        let good = "<serverVersionResponse xmlns=\"http://developer.intuit.com/\"><serverVersionResult>1.0</serverVersionResult></serverVersionResponse>";
        assert_eq!(read_version(good).as_deref(), Some("1.0"));
        let prefixed = "<n:serverVersionResponse xmlns:n=\"http://developer.intuit.com/\"><n:serverVersionResult>1.0</n:serverVersionResult></n:serverVersionResponse>";
        assert_eq!(read_version(prefixed).as_deref(), Some("1.0"));
        assert_eq!(read_version(&good.replace("intuit.com/", "intuit.com")), None, "another namespace is null");
        assert_eq!(read_version(&good.replace("1.0", "<string>1.0</string>")), None, "nested is null");
        assert_eq!(
            read_version(&good.replace("<serverVersionResult>", "<serverVersionResult xsi:nil=\"true\">")),
            None
        );
        assert_eq!(read_version(&good.replace("serverVersionResult", "return")), None);
        assert_eq!(read_version(""), None);
        assert_eq!(read_version(&good.replace("1.0", "")).as_deref(), Some(""));
    }

    #[test]
    fn bad_transport_is_an_exception() {
        let good = body("<serverVersionResponse xmlns=\"http://developer.intuit.com/\"/>");
        let error = |status, content_type, text: &str| {
            read(DOCUMENT, "serverVersion", &answer(status, content_type, text)).expect_err("an exception").to_string()
        };
        assert_eq!(
            error(200, "text/html", &good),
            "Client found response content type of 'text/html', but expected 'text/xml'."
        );
        assert_eq!(error(404, "text/html", ""), "The request failed with HTTP status 404.");
        assert_eq!(error(302, "text/xml", &good), "The request failed with HTTP status 302.");
        assert!(error(200, "text/xml", "<a").starts_with("Response is not well-formed XML"));
        assert!(error(200, "text/xml", "<html/>").contains("not a SOAP envelope"));
        let fault = body("<soap:Fault><faultcode>soap:Server</faultcode><faultstring>no</faultstring></soap:Fault>");
        assert_eq!(error(500, "text/xml", &fault), "no");
    }

    #[test]
    fn array_items_count_in_the_right_namespace_only() {
        let text = format!(
            "<authenticateResponse xmlns=\"{NAMESPACE}\"><authenticateResult><string>t</string><string/><x:string xmlns:x=\"urn:x\">y</x:string></authenticateResult></authenticateResponse>"
        );
        let result = read(DOCUMENT, "authenticate", &answer(200, "text/xml", &body(&text))).expect("readable");
        assert_eq!(strings(DOCUMENT, &result.expect("there")), ["t", ""]);
    }
}
