//! Somebody who stands between the server and the Web Connector: sees every message set on its way to QuickBooks and may
//! answer it in QuickBooks' place, change it, or change the answer.

use crate::harness::{Office, OfficeConnector, Service, answer};
use counterfoil::sim::connector::{Connector, HttpAnswer, LocalTransport, TransportError};
use qbwc::client::{Call, encode_call, read_reply};
use qbwc::{GuardLimits, Operation, OperationName, Reply, SoapVersion};
use std::io::Read as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A message set that changes nothing and stores nothing: what QuickBooks is given in the place of one that it must not see.
const HARMLESS: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"13.0\"?><QBXML>\
     <QBXMLMsgsRq onError=\"continueOnError\"><HostQueryRq></HostQueryRq></QBXMLMsgsRq></QBXML>";

type InPlace = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;
type Change = Box<dyn Fn(&str, String) -> Option<String> + Send + Sync>;

struct Inner {
    /// The answer in QuickBooks' place, for a message set that it is not given.
    in_place: InPlace,
    /// What QuickBooks is given, for what was sent; none: the line breaks.
    request: Change,
    /// What the server is given, for what was sent and what QuickBooks answered; none: the line breaks.
    answer: Change,
    active: AtomicBool,
    answered: AtomicUsize,
}

/// See the module.
#[derive(Clone)]
pub(crate) struct Between(Arc<Inner>);

impl Between {
    /// Answers in QuickBooks' place what `in_place` has an answer for.
    pub(crate) fn new(in_place: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self::of(Box::new(in_place), Box::new(|_, request| Some(request)), Box::new(|_, answer| Some(answer)))
    }

    /// Changes requests and answers on their way; the first argument is the message set as it was sent.
    pub(crate) fn changing(
        request: impl Fn(&str, String) -> Option<String> + Send + Sync + 'static,
        answer: impl Fn(&str, String) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self::of(Box::new(|_| None), Box::new(request), Box::new(answer))
    }

    fn of(in_place: InPlace, request: Change, answer: Change) -> Self {
        let inner = Inner { in_place, request, answer, active: AtomicBool::new(true), answered: AtomicUsize::new(0) };
        Self(Arc::new(inner))
    }

    /// How many message sets were answered in QuickBooks' place.
    pub(crate) fn answered(&self) -> usize {
        self.0.answered.load(Ordering::Relaxed)
    }

    /// From now on everything passes.
    pub(crate) fn stop(&self) {
        self.0.active.store(false, Ordering::Relaxed);
    }
}

/// Puts somebody between the office's server and its connector, who loses the requests seen so far.
pub(crate) fn between(office: &mut Office, who: &Between) {
    let engine = office.engine();
    let file = engine.qwc(&office.company, false, true).expect("qwc");
    let (company, inner) = (office.company.clone(), who.0.clone());
    let sent = Mutex::new((String::new(), None::<String>));
    let service: Service = Box::new(move |_action, body: &str| {
        if !inner.active.load(Ordering::Relaxed) {
            return Ok(answer(&engine, &company, body));
        }
        let mut sent = sent.lock().expect("sent");
        let body = changed_answer(&inner, &sent, body).ok_or_else(broken)?;
        let mut reply = answer(&engine, &company, &body);
        if body.contains("<sendRequestXML")
            && let Ok(Reply::SendRequestXml(request)) =
                read_reply(OperationName::SendRequestXml, reply.body.as_ref(), usize::MAX)
            && !request.is_empty()
        {
            let in_place = (inner.in_place)(&request);
            inner.answered.fetch_add(usize::from(in_place.is_some()), Ordering::Relaxed);
            let given = match in_place {
                Some(_) => HARMLESS.to_owned(),
                None => (inner.request)(&request, request.clone()).ok_or_else(broken)?,
            };
            *sent = (request, in_place);
            let bytes = qbwc::encode(&Reply::SendRequestXml(given), SoapVersion::V11);
            reply = HttpAnswer::xml(200, &String::from_utf8(bytes).expect("UTF-8"));
        }
        Ok(reply)
    });
    let connector: OfficeConnector =
        Connector::new(&file.xml, &file.password.expect("password"), LocalTransport::new(service)).expect("connector");
    office.connector = connector;
}

/// The call as the server gets it.
fn changed_answer(inner: &Inner, sent: &(String, Option<String>), body: &str) -> Option<String> {
    let limits = GuardLimits::default();
    let Ok(decoded) = qbwc::decode(body.as_bytes(), &limits) else { return Some(body.to_owned()) };
    let Operation::ReceiveResponseXml(received) = decoded.operation else { return Some(body.to_owned()) };
    if received.hresult.is_some() {
        return Some(body.to_owned());
    }
    let mut response = String::new();
    received.response.reader().read_to_string(&mut response).expect("UTF-8");
    let (request, in_place) = sent;
    let response = match in_place {
        Some(answer) => answer.clone(),
        None => (inner.answer)(request, response)?,
    };
    let call = Call::ReceiveResponseXml {
        ticket: received.ticket.to_string(),
        response,
        hresult: String::new(),
        message: String::new(),
    };
    Some(String::from_utf8(encode_call(&call)).expect("UTF-8"))
}

fn broken() -> TransportError {
    TransportError::Closed("the line is cut".to_owned())
}
