//! Questions that QuickBooks will not answer, and answers with a bad record in them.

use super::kit::{at_billcom, at_quickbooks, picture, rounds, vendor_in_quickbooks};
use crate::harness::{Office, OfficeConnector, Service, Setup, answer};
use counterfoil::sim::connector::{Connector, LocalTransport};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

type Mangle = fn(&str, &str) -> Option<String>;

/// The office's connector again, with something between it and the server: `mangle` sees the last request and the body
/// on its way to the server.
fn meddle(office: &mut Office, mangle: Mangle) {
    let engine = office.engine();
    let file = engine.qwc(&office.company, false, true).expect("qwc");
    let (company, last) = (office.company.clone(), Mutex::new(String::new()));
    let service: Service = Box::new(move |_action, body: &str| {
        let changed =
            if body.contains("<receiveResponseXML") { mangle(&last.lock().expect("last"), body) } else { None };
        let reply = answer(&engine, &company, changed.as_deref().unwrap_or(body));
        if body.contains("<sendRequestXML") {
            *last.lock().expect("last") = String::from_utf8_lossy(reply.body.as_ref()).into_owned();
        }
        Ok(reply)
    });
    let connector: OfficeConnector =
        Connector::new(&file.xml, &file.password.expect("password"), LocalTransport::new(service)).expect("connector");
    office.connector = connector;
}

/// The body with the answer of QuickBooks taken out, and a parse error in its place.
fn parse_error(body: &str) -> String {
    let begin = body.find("<response").expect("response");
    let ticket = &body[..begin];
    format!(
        "{ticket}<response /><hresult>0x80040400</hresult><message>QuickBooks found an error when parsing the provided XML text stream.</message></receiveResponseXML></soap:Body></soap:Envelope>"
    )
}

#[test]
fn a_look_up_that_quickbooks_cannot_read_does_not_stop_everything() {
    let mut office = Office::new(Setup::default());
    at_quickbooks(&office, |person| person.add_customer("Acme").expect("customer"));
    meddle(&mut office, |request, body| request.contains("EntityQueryRq").then(|| parse_error(body)));
    at_billcom(&office, |person| person.create_vendor("Acme").expect("vendor"));
    rounds(&mut office, 3);
    at_billcom(&office, |person| person.create_vendor("Beta").expect("vendor"));
    rounds(&mut office, 3);
    assert!(vendor_in_quickbooks(&office, "Beta").is_some(), "one look-up stops the company: {}", picture(&office));
}

#[test]
fn a_list_that_quickbooks_will_not_give_is_shown() {
    let mut office = Office::new(Setup::default());
    meddle(&mut office, |_, body| {
        let at = body.find("VendorQueryRs ")?;
        let code = body[at..].find("statusCode=")? + at;
        let end = body[code..].find("statusSeverity").map(|end| code + end)?;
        let quote = if body[code..].starts_with("statusCode=&quot;") { "&quot;" } else { "\"" };
        Some(format!("{}statusCode={quote}3260{quote} {}", &body[..code], &body[end..]))
    });
    at_quickbooks(&office, |person| person.add_vendor("Somebody").expect("vendor"));
    rounds(&mut office, 3);
    assert!(!office.status().problems.is_empty(), "nobody is told that vendors cannot be read: {}", picture(&office));
}

#[test]
fn one_record_with_a_bad_value_does_not_hide_the_others() {
    for (good, bad) in [
        ("IsActive&gt;true", "IsActive&gt;perhaps"),
        ("EditSequence&gt;1", "EditSequence&gt;not-a-number-but-a-long-text-1"),
        ("TimeModified&gt;20", "TimeModified&gt;yesterday 20"),
    ] {
        let mut office = Office::new(Setup::default());
        at_quickbooks(&office, |person| {
            person.add_vendor("Bad").expect("vendor");
            person.add_vendor("Good").expect("vendor");
        });
        BAD.lock().expect("bad").clone_from(&(good, bad));
        meddle(&mut office, |_, body| {
            let at = body.find("VendorRet")?;
            let (good, bad) = *BAD.lock().expect("bad");
            DAMAGED.fetch_add(usize::from(body[at..].contains(good)), Ordering::Relaxed);
            Some(format!("{}{}", &body[..at], body[at..].replacen(good, bad, 1)))
        });
        rounds(&mut office, 3);
        assert!(DAMAGED.swap(0, Ordering::Relaxed) > 0, "{good} does not occur");
        let vendors = office.organization().vendors();
        assert!(vendors.iter().any(|vendor| vendor.name == "Good"), "{bad}: {}", picture(&office));
    }
}

static DAMAGED: AtomicUsize = AtomicUsize::new(0);
static BAD: Mutex<(&str, &str)> = Mutex::new(("", ""));
