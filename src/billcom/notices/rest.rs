//! The line that carries one call of version 3: JSON over the usual methods, credentials in headers.

use crate::billcom::wire::{failed, read_bounded};
use crate::billcom::{BoxFuture, HttpWire, WireError, WireReply};
use reqwest::{Url, header};
use serde_json::Value;
use std::fmt;

/// How a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

/// One call. Its headers and its body hold secrets, so `Debug` shows neither.
#[derive(Clone)]
pub struct RestCall {
    /// How.
    pub method: Method,
    /// Where to; holds no secret.
    pub url: Url,
    /// Names and values of headers.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Option<Value>,
}

impl fmt::Debug for RestCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.method, self.url.path())
    }
}

/// Something that carries calls: the network, or a simulated gateway in the same process.
pub trait RestWire: Send + Sync {
    /// Sends a call and waits for its answer.
    fn send<'a>(&'a self, call: &'a RestCall) -> BoxFuture<'a, Result<WireReply, WireError>>;
}

impl RestWire for HttpWire {
    fn send<'a>(&'a self, call: &'a RestCall) -> BoxFuture<'a, Result<WireReply, WireError>> {
        Box::pin(async move {
            let method = match call.method {
                Method::Get => reqwest::Method::GET,
                Method::Post => reqwest::Method::POST,
                Method::Patch => reqwest::Method::PATCH,
                Method::Delete => reqwest::Method::DELETE,
            };
            let request = self.client().request(method, call.url.clone()).header(header::ACCEPT, "application/json");
            let request = call.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
            let request = match &call.body {
                Some(body) => request.json(body),
                None => request,
            };
            let response = request.send().await.map_err(failed)?;
            let status = response.status().as_u16();
            Ok(WireReply { status, body: read_bounded(response).await? })
        })
    }
}
