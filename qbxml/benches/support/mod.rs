//! What the benches measure with: a large answer made by code, and medians.

use std::time::{Duration, Instant};

/// Records of the large answer: the list of a big company file.
pub(crate) const RECORDS: usize = 50_000;

/// One record as QuickBooks writes it, 680 bytes: the fields a bookkeeper fills in, an address twice (as fields and as a block),
/// a character that is escaped.
pub(crate) fn record(number: usize) -> String {
    format!(
        "<VendorRet>\n<ListID>{id:08X}-1577988672</ListID>\n<TimeCreated>2020-01-02T10:11:12-08:00</TimeCreated>\n\
         <TimeModified>2026-03-02T09:{minute:02}:12-08:00</TimeModified>\n<EditSequence>{sequence}</EditSequence>\n\
         <Name>Tools &amp; Dies {number:05}</Name>\n<IsActive>true</IsActive>\n\
         <CompanyName>Tools {number:05}</CompanyName>\n<FirstName>Jo</FirstName>\n\
         <LastName>Butter</LastName>\n<VendorAddress>\n<Addr1>{number:05} High St</Addr1>\n\
         <City>Elk</City>\n<State>CA</State>\n<PostalCode>94482</PostalCode>\n</VendorAddress>\n\
         <VendorAddressBlock>\n<Addr1>{number:05} High St</Addr1>\n<Addr2>Elk, CA 94482</Addr2>\n\
         </VendorAddressBlock>\n<Phone>415 555-0{tail:03}</Phone>\n<Email>o{number:05}@a.com</Email>\n\
         <NameOnCheck>Tools</NameOnCheck>\n<Balance>{number}.50</Balance>\n</VendorRet>\n",
        id = 0x8000_0000_usize + number,
        minute = number % 60,
        sequence = 1_577_988_672 + number,
        tail = number % 1_000,
    )
}

/// An answer to one query: `records` of them in one response, with the `requestID` given.
pub(crate) fn answer(records: usize, request_id: &str) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" ?>\n<QBXML>\n<QBXMLMsgsRs>\n<VendorQueryRs requestID=\"{request_id}\" statusCode=\"0\" \
         statusSeverity=\"Info\" statusMessage=\"Status OK\">\n"
    );
    for number in 0..records {
        text.push_str(&record(number));
    }
    text.push_str("</VendorQueryRs>\n</QBXMLMsgsRs>\n</QBXML>\n");
    text
}

/// The median time of several passes.
pub(crate) fn median(passes: usize, mut pass: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..passes)
        .map(|_| {
            let began = Instant::now();
            pass();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[passes / 2]
}
