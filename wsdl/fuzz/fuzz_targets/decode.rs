//! Any bytes may be posted to the endpoint: guard and decoder return, within their limits, and what they say can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qbwc::{GuardLimits, Operation, SoapVersion, decode, encode_fault};
use std::io::Read as _;

fuzz_target!(|bytes: &[u8]| {
    let tight = GuardLimits {
        body_bytes_max: 2_000,
        depth_max: 5,
        attributes_max: 3,
        name_bytes_max: 24,
        token_bytes_max: 400,
        attribute_value_bytes_max: 64,
        elements_max: 12,
        namespaces_max: 4,
        ticket_bytes_max: 40,
        parameter_bytes_max: 80,
        company_data_bytes_max: 200,
    };
    for limits in [GuardLimits::default(), tight] {
        match decode(bytes, &limits) {
            Ok(decoded) => {
                assert!(!format!("{:?}", decoded.operation).is_empty());
                if let Operation::ReceiveResponseXml(call) = decoded.operation {
                    let mut answer = Vec::new();
                    let _read = call.response.reader().read_to_end(&mut answer);
                    assert!(answer.len() <= 3 * bytes.len(), "an answer grew while it was read");
                }
            }
            Err(error) => {
                let fault = encode_fault(&error.fault(), SoapVersion::V11);
                assert!(decode(&fault, &limits).is_err(), "a fault is no call");
                assert!(!error.to_string().is_empty());
            }
        }
    }
});
