//! Laws that hold for all input: nothing panics, and no text changes on its way.

use proptest::prelude::*;
use qbwc::{GuardLimits, Operation, Reply, SoapVersion, decode, encode};
use std::io::Read as _;

/// A request with one parameter per text, escaped in the way the seed says: entities, references, or CDATA.
fn request(operation: &str, parameters: &[(&str, &str)], seed: u8) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope \
         xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>",
    );
    out.push_str(&format!("<{operation} xmlns=\"http://developer.intuit.com/\">"));
    for (name, text) in parameters {
        out.push_str(&format!("<{name}>{}</{name}>", escape(text, seed)));
    }
    out.push_str(&format!("</{operation}></soap:Body></soap:Envelope>"));
    out
}

fn escape(text: &str, seed: u8) -> String {
    match seed % 3 {
        0 => text.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#xD;"),
        1 => text.chars().map(|character| format!("&#{};", u32::from(character))).collect(),
        _ => format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>").replace('\r', "]]>&#13;<![CDATA[")),
    }
}

/// Texts without the characters that no XML document may contain unescaped.
fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.chars().filter(|&character| allowed(character)).collect())
}

fn allowed(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Reads everything there is to read; the point is that it returns.
fn exercise(body: &[u8]) {
    if let Ok(decoded) = decode(body, &GuardLimits::default()) {
        let _ = format!("{decoded:?}");
        if let Operation::ReceiveResponseXml(request) = decoded.operation {
            let mut sink = Vec::new();
            let _ = request.response.reader().read_to_end(&mut sink);
            assert!(sink.is_empty() || !request.response.is_empty());
        }
    }
}

const SEEDS: [&[u8]; 5] = [
    include_bytes!("../../fixtures/qbwc/first-sync/04-sendRequestXML.request.xml"),
    include_bytes!("../../fixtures/qbwc/first-sync/05-receiveResponseXML.request.xml"),
    include_bytes!("../../fixtures/qbwc/document-variants/01-authenticate.request.xml"),
    include_bytes!("../../fixtures/qbwc/rpc-style/03-authenticate.request.xml"),
    include_bytes!("../../fixtures/qbwc/quickbooks-died/02-receiveResponseXML.request.xml"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_password_and_user_name_survive(user in text(), secret in text(), seed in any::<u8>()) {
        let body = request("authenticate", &[("strUserName", &user), ("strPassword", &secret)], seed);
        let decoded = decode(body.as_bytes(), &GuardLimits::default());
        let Ok(Operation::Authenticate { user_name, password }) = decoded.map(|decoded| decoded.operation) else {
            return Err(TestCaseError::fail(body));
        };
        prop_assert_eq!(password.expose(), secret);
        prop_assert_eq!(user_name, user);
    }

    #[test]
    fn any_answer_survives(answer in text(), message in text(), seed in any::<u8>(), repeat in 1usize..5_000) {
        let answer = answer.repeat(repeat.min(100_000 / answer.len().max(1)).max(1));
        let body = request("receiveResponseXML", &[("response", &answer), ("message", &message)], seed);
        let decoded = decode(body.as_bytes(), &GuardLimits::default());
        let Ok(Operation::ReceiveResponseXml(received)) = decoded.map(|decoded| decoded.operation) else {
            return Err(TestCaseError::fail(body));
        };
        let mut read = String::new();
        received.response.reader().read_to_string(&mut read).expect("un-escapable");
        prop_assert_eq!(received.response.is_empty(), answer.is_empty());
        prop_assert_eq!(read, answer);
        prop_assert_eq!(received.message, message);
    }

    #[test]
    fn any_reply_is_well_formed_and_keeps_its_text(reply in any::<String>(), soap_1_2 in any::<bool>()) {
        let soap = if soap_1_2 { SoapVersion::V12 } else { SoapVersion::V11 };
        let bytes = encode(&Reply::SendRequestXml(reply.clone()), soap);
        let written = String::from_utf8(bytes).expect("UTF-8");
        let document = roxmltree::Document::parse(&written).expect("well-formed");
        let result = document
            .descendants()
            .find(|node| node.has_tag_name(("http://developer.intuit.com/", "sendRequestXMLResult")))
            .expect("a result");
        let expected: String = reply.chars().filter(|&character| allowed(character)).collect();
        prop_assert_eq!(result.text().unwrap_or_default(), expected);
    }

    #[test]
    fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        exercise(&body);
    }

    #[test]
    fn arbitrary_markup_never_panics(body in "(<|</|/>|>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|&|;|#x|a|:|=|\"|\u{feff}| |é|xmlns|<\\?|\\?>){0,60}") {
        exercise(body.as_bytes());
        exercise(request("authenticate", &[], 0).replace("</authenticate>", &format!("{body}</authenticate>")).as_bytes());
    }

    #[test]
    fn mutated_envelopes_never_panic(
        which in 0..SEEDS.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..12),
    ) {
        let mut body = SEEDS[which].to_vec();
        for (index, byte, edit) in edits {
            if body.is_empty() {
                break;
            }
            let at = index.index(body.len());
            match edit {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                2 => { body.remove(at); }
                _ => body.truncate(at),
            }
        }
        exercise(&body);
    }
}
