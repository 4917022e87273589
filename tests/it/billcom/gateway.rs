//! Version 3 as far as notices need it: sign-in, and subscriptions with keys that count up.

use counterfoil::billcom::notices::{Method, RestCall, RestWire};
use counterfoil::billcom::{BoxFuture, WireError, WireReply};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard};

/// What stands behind the gateway.
#[derive(Default)]
pub(super) struct State {
    pub(super) subscriptions: Vec<Value>,
    /// It shows a web page.
    pub(super) closed: bool,
    keys: u32,
}

impl State {
    /// Retries have run out.
    pub(super) fn switch_off(&mut self) {
        for one in &mut self.subscriptions {
            one["status"] = json!({"enabled": false, "reason": "retries ran out", "actor": "SYSTEM"});
        }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    fn answer(&mut self, call: &RestCall) -> (u16, Value) {
        let path = call.url.path().rsplit_once("/v3/").map_or("", |(_, path)| path);
        match (call.method, path.split('/').collect::<Vec<_>>().as_slice()) {
            (Method::Post, ["login"]) => (200, json!({"sessionId": "s"})),
            (Method::Get, ["events", "catalog"]) => (200, json!([{"type": "vendor.created", "versions": ["1"]}])),
            (Method::Get, ["subscriptions"]) => (200, json!({"results": self.subscriptions})),
            (Method::Post, ["subscriptions"]) => {
                let mut made = call.body.clone().expect("a body");
                made["id"] = json!(format!("sub-{}", self.subscriptions.len() + 1));
                self.subscriptions.push(made.clone());
                made["securityKey"] = json!(self.key());
                (200, made)
            }
            (Method::Post, ["subscriptions", _, "security_key"]) => (200, json!({"securityKey": self.key()})),
            (method, ["subscriptions", id]) => self.one(method, id, call.body.as_ref()),
            _ => (404, json!([{"code": "BDC_1205", "message": "no such thing"}])),
        }
    }

    fn one(&mut self, method: Method, id: &str, body: Option<&Value>) -> (u16, Value) {
        let Some(at) = self.subscriptions.iter().position(|one| one["id"] == id) else {
            return (404, json!([{"code": "BDC_1205", "message": "no such subscription"}]));
        };
        if method == Method::Delete {
            return (200, self.subscriptions.remove(at));
        }
        if let Some(body) = body {
            self.subscriptions[at]["status"] = body["status"].clone();
        }
        (200, self.subscriptions[at].clone())
    }
}

/// A line to it.
#[derive(Clone, Default)]
pub(super) struct Gateway(Arc<Mutex<State>>);

impl Gateway {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("gateway")
    }
}

impl RestWire for Gateway {
    fn send<'a>(&'a self, call: &'a RestCall) -> BoxFuture<'a, Result<WireReply, WireError>> {
        let mut state = self.state();
        let reply = if state.closed {
            WireReply { status: 503, body: b"<html>".to_vec() }
        } else {
            let (status, body) = state.answer(call);
            WireReply { status, body: body.to_string().into_bytes() }
        };
        Box::pin(std::future::ready(Ok(reply)))
    }
}
