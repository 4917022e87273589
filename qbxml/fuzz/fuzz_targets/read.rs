//! Any bytes may come as an answer, or as a stored message set: the readers return, within their limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qbxml::{ReadError, RequestReader, ResponseReader, WireLimits};

/// Limits that a few hundred bytes can reach, so that the fuzzer meets them.
const TIGHT: WireLimits = WireLimits {
    depth_max: 6,
    token_bytes_max: 64,
    text_bytes_max: 48,
    name_bytes_max: 24,
    record_bytes_max: 256,
    unknown_paths_max: 3,
};

fuzz_target!(|bytes: &[u8]| {
    for limits in [WireLimits::default(), TIGHT] {
        let paths_max = limits.unknown_paths_max;
        let mut answer = ResponseReader::new(bytes, limits);
        let whole = read_answer(&mut answer);
        // What cannot be read may be shown: neither the error nor the counts may panic on hostile names.
        if let Err(error) = whole {
            assert!(!error.to_string().is_empty());
        }
        assert!(answer.unknown().iter().count() <= paths_max + 1);
        let _read = read_requests(&mut RequestReader::new(bytes, limits));
    }
});

fn read_answer(answer: &mut ResponseReader<&[u8]>) -> Result<(), ReadError> {
    answer.message_set()?;
    while let Some(head) = answer.next_response()? {
        let _reaction = head.status.reaction();
        // Every second response is read over, not read.
        while head.status.code.0 % 2 == 0 && answer.next_record()?.is_some() {}
    }
    answer.finish()
}

fn read_requests(requests: &mut RequestReader<&[u8]>) -> Result<(), ReadError> {
    requests.message_set()?;
    while requests.next_request()?.is_some() {
        requests.skip()?;
    }
    requests.finish()
}
