//! Laws that hold for all input: nothing panics, and no text changes on its way.

use proptest::prelude::*;
use qbwc::{DecodeError, GuardLimits, HResult, Operation, Reply, SoapVersion, decode, decode_stream, encode};
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

/// A body that arrives in pieces of the sizes given, over and over.
struct Pieces<'b> {
    body: &'b [u8],
    sizes: Vec<usize>,
    turn: usize,
}

impl std::io::Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].min(self.body.len()).min(out.len());
        self.turn += 1;
        out[..size].copy_from_slice(&self.body[..size]);
        self.body = &self.body[size..];
        Ok(size)
    }
}

/// What is understood of a body, in comparable form; the answer as far as it can be read.
fn whole(body: &[u8]) -> Result<String, DecodeError> {
    decode(body, &GuardLimits::default()).map(|decoded| match decoded.operation {
        Operation::ReceiveResponseXml(call) => {
            described(&call.ticket, call.hresult.as_ref(), &call.message, Some(drained(&mut call.response.reader())))
        }
        other => format!("{:?} {other:?}", decoded.soap),
    })
}

fn streamed(body: &[u8], sizes: &[usize]) -> Result<String, DecodeError> {
    // Room for one piece at a time, so that each is seen by itself.
    let most = sizes.iter().copied().max().unwrap_or(1);
    let pieces = std::io::BufReader::with_capacity(most, Pieces { body, sizes: sizes.to_vec(), turn: 0 });
    decode_stream(pieces, &GuardLimits::default(), |answer| drained(answer)).map(|decoded| match decoded.operation {
        Operation::ReceiveResponseXml(call) => {
            described(&call.ticket, call.hresult.as_ref(), &call.message, call.response)
        }
        other => format!("{:?} {other:?}", decoded.soap),
    })
}

fn described(ticket: &str, hresult: Option<&HResult>, message: &str, answer: Option<(Vec<u8>, bool)>) -> String {
    format!("{ticket} {hresult:?} {message} {:?}", answer.unwrap_or((Vec::new(), true)))
}

fn drained(text: &mut dyn std::io::Read) -> (Vec<u8>, bool) {
    let mut read = Vec::new();
    let whole = text.read_to_end(&mut read).is_ok();
    (read, whole)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_body_in_pieces_is_understood_like_a_whole_one(
        which in 0..SEEDS.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        encoding in 0..3,
        sizes in proptest::collection::vec(1usize..40, 1..8),
    ) {
        let mut body = SEEDS[which].to_vec();
        for (index, byte) in edits {
            let at = index.index(body.len());
            body[at] = byte;
        }
        if encoding > 0 && let Ok(text) = std::str::from_utf8(&body) {
            let order = if encoding == 1 { u16::to_le_bytes } else { u16::to_be_bytes };
            body = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect();
        }
        // Of two faults in one body, the pieces may bring either to light first.
        prop_assert_eq!(streamed(&body, &sizes).ok(), whole(&body).ok());
    }

    #[test]
    fn an_answer_in_pieces_is_the_same(
        answer in text(),
        seed in any::<u8>(),
        repeat in 1usize..300,
        ticket_first in any::<bool>(),
        sizes in proptest::collection::vec(1usize..700, 1..8),
    ) {
        let answer = answer.repeat(repeat);
        let mut parameters = vec![("ticket", "T"), ("response", answer.as_str()), ("message", "m")];
        if !ticket_first {
            parameters.rotate_left(1);
        }
        let body = request("receiveResponseXML", &parameters, seed);
        let expected = described("T", None, "m", Some((answer.into_bytes(), true)));
        prop_assert_eq!(streamed(body.as_bytes(), &sizes), Ok(expected));
    }

    #[test]
    fn a_body_cut_short_is_never_understood(end in any::<prop::sample::Index>(), sizes in proptest::collection::vec(1usize..700, 1..4)) {
        let body = request("receiveResponseXML", &[("ticket", "T"), ("response", "<a>&amp;</a>")], 0);
        let end = end.index(body.len());
        prop_assert!(streamed(&body.as_bytes()[..end], &sizes).is_err());
    }
}

#[test]
fn a_line_that_breaks_is_no_end() {
    struct Broken(&'static [u8]);
    impl std::io::Read for Broken {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(out)? {
                0 => Err(std::io::ErrorKind::BrokenPipe.into()),
                count => Ok(count),
            }
        }
    }
    // The document is complete; that it is all of the body is not known.
    let body = std::io::BufReader::new(Broken(SEEDS[1]));
    let mut asked = 0;
    let result = decode_stream(body, &GuardLimits::default(), |answer| {
        asked += 1;
        assert!(answer.ticket().is_some());
    });
    assert_eq!((result.err(), asked), (Some(DecodeError::Interrupted), 1));
}
