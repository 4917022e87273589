//! The connector against a scripted service within the process, one test for each road through the state machine.

mod faults;
mod paths;
mod wire;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeZone as _, Utc};

use super::qwc::tests::GOOD;
use super::*;
use crate::sim::quickbooks::{Condition, HResult, OffsetHabit};
use crate::sim::xml::{Element, escape, parse};

/// A service that answers by script, and by good manners where the script is silent.
#[derive(Default)]
struct Service {
    /// Results for single calls, in order: operation and inner XML of the result element.
    script: VecDeque<(&'static str, String)>,
    /// qbXML still to be handed out.
    work: VecDeque<String>,
    /// Number of requests handed out at the start, for the progress.
    total: usize,
    /// Decoded calls as received: operation and arguments.
    seen: Vec<Element>,
    /// Raw answer instead of an envelope, once.
    raw: Option<(&'static str, Result<HttpAnswer, TransportError>)>,
}

impl Service {
    fn with_work(requests: &[&str]) -> Arc<Mutex<Self>> {
        let work: VecDeque<String> = requests.iter().map(|request| (*request).to_owned()).collect();
        Arc::new(Mutex::new(Self { total: work.len(), work, ..Self::default() }))
    }

    fn answer(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError> {
        let envelope = parse(body).expect("the connector writes well-formed envelopes").root;
        let call = envelope.child("Body").expect("a body").children[0].clone();
        assert_eq!(soap_action, format!("\"{NAMESPACE}{}\"", call.name), "the action fits the operation");
        assert_eq!(call.namespace, NAMESPACE);
        let operation = call.name.clone();
        self.seen.push(call);
        if let Some((_, raw)) = self.raw.take_if(|(of, _)| *of == operation) {
            return raw;
        }
        let scripted = self.script.iter().position(|(of, _)| *of == operation).and_then(|at| self.script.remove(at));
        let result = match scripted {
            Some((_, result)) => result,
            None => self.manners(&operation),
        };
        let response = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result></{operation}Response></soap:Body></soap:Envelope>"
        );
        Ok(HttpAnswer::xml(200, &response))
    }

    fn manners(&mut self, operation: &str) -> String {
        match operation {
            "serverVersion" => "1.0".to_owned(),
            "authenticate" => strings(&["T1", "", "", ""]),
            "sendRequestXML" => self.work.pop_front().map(|request| escape(&request)).unwrap_or_default(),
            "receiveResponseXML" => {
                let left = self.work.len();
                ((self.total - left) * 100 / self.total.max(1)).to_string()
            }
            "connectionError" => "done".to_owned(),
            "getLastError" => "Nothing left to do.".to_owned(),
            "closeConnection" => "OK".to_owned(),
            _ => String::new(),
        }
    }
}

fn strings(items: &[&str]) -> String {
    items.iter().map(|item| format!("<string>{}</string>", escape(item))).collect()
}

fn message_set(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"stopOnError\">{inside}</QBXMLMsgsRq></QBXML>"
    )
}

fn vendor_add(name: &str) -> String {
    message_set(&format!("<VendorAddRq requestID=\"1\"><VendorAdd><Name>{name}</Name></VendorAdd></VendorAddRq>"))
}

fn summer() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 1, 16, 0, 0).single().expect("a real date")
}

/// A connector wired to a scripted service, a company file, and a clock that stands still.
struct Office<F> {
    connector: Connector<LocalTransport<F>>,
    service: Arc<Mutex<Service>>,
    company: Arc<Mutex<CompanyFile>>,
    clock: VirtualClock,
}

type Answer = Result<HttpAnswer, TransportError>;

fn office(service: Arc<Mutex<Service>>) -> Office<impl Fn(&str, &str) -> Answer + Send + Sync> {
    let behind = Arc::clone(&service);
    let transport = LocalTransport::new(move |action: &str, body: &str| {
        behind.lock().expect("no test panics while it holds the service").answer(action, body)
    });
    Office {
        connector: Connector::new(GOOD, "secret & <safe>", transport).expect("a good file"),
        service,
        company: Arc::new(Mutex::new(CompanyFile::new("Acme", 1))),
        clock: VirtualClock::new(summer()),
    }
}

impl<F: Fn(&str, &str) -> Answer + Send + Sync> Office<F> {
    async fn run(&mut self) -> UpdateReport {
        self.connector.run_update(&self.company, &self.clock).await
    }

    fn seen(&self, operation: &str) -> Vec<Element> {
        let service = self.service.lock().expect("free");
        service.seen.iter().filter(|call| call.name == operation).cloned().collect()
    }

    fn script(&self, operation: &'static str, result: &str) {
        self.service.lock().expect("free").script.push_back((operation, result.to_owned()));
    }

    fn vendors(&self) -> Vec<String> {
        self.company.lock().expect("free").vendors().into_iter().map(|vendor| vendor.name).collect()
    }
}
