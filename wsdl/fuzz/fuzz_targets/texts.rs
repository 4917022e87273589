//! Texts arrive as they were sent, in both directions: passwords, answers of QuickBooks, and our message sets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qbwc::client::{Call, encode_call, read_reply};
use qbwc::{GuardLimits, Operation, OperationName, Reply, SoapVersion, decode, encode};
use std::io::Read as _;

fuzz_target!(|text: &str| {
    // What no XML document can hold cannot be sent by a connector either.
    let text: String = text.chars().filter(|sign| allowed(*sign)).collect();
    let (first, second) = text.split_once('\u{85}').unwrap_or((&text, ""));
    password(first, second);
    answer(first, second);
    reply(&text);
});

fn allowed(sign: char) -> bool {
    !matches!(sign, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

fn password(user: &str, secret: &str) {
    let call = Call::Authenticate { user_name: user.to_owned(), password: secret.to_owned() };
    let bytes = encode_call(&call);
    let decoded = decode(&bytes, &GuardLimits::default()).expect("a call");
    let Operation::Authenticate { user_name, password } = decoded.operation else { panic!("another operation") };
    assert!(user_name == user && password.expose() == secret);
}

fn answer(response: &str, message: &str) {
    let call = Call::ReceiveResponseXml {
        ticket: "t".to_owned(),
        response: response.to_owned(),
        hresult: String::new(),
        message: message.to_owned(),
    };
    let bytes = encode_call(&call);
    let decoded = decode(&bytes, &GuardLimits::default()).expect("a call");
    let Operation::ReceiveResponseXml(received) = decoded.operation else { panic!("another operation") };
    let mut read = String::new();
    received.response.reader().read_to_string(&mut read).expect("UTF-8");
    assert_eq!(read, response);
    assert_eq!(received.message, message);
    assert_eq!(received.response.is_empty(), response.is_empty());
}

fn reply(text: &str) {
    for soap in [SoapVersion::V11, SoapVersion::V12] {
        let bytes = encode(&Reply::SendRequestXml(text.to_owned()), soap);
        let read = read_reply(OperationName::SendRequestXml, &bytes, 64 * 1024 * 1024).expect("a reply");
        assert!(read == Reply::SendRequestXml(text.to_owned()));
    }
}
