//! The room from outside: real routes over a real engine with a data folder of its own.
//!
//! `serving` goes through a socket; the others call the routes directly. `sample` has view models for what a new company
//! does not show by itself.

mod alerts;
mod answers;
mod api;
mod asvs;
pub(super) mod authority;
mod drawing;
mod encrypted;
mod floods;
mod forged;
mod load;
mod people;
pub(super) mod sample;
mod schema;
mod serving;
mod soap;
mod trust;
mod webhook;
mod working;

use super::WebOptions;
use super::site::Site;
use crate::engine::{Engine, EngineOptions, NewCompany, Role, World};
use crate::secrets::{SystemRandom, Token};
use actix_web::body::MessageBody;
use actix_web::dev::Service;
use actix_web::http::{StatusCode, header};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use std::net::SocketAddr;
use std::rc::Rc;
use tempfile::TempDir;
use tokio::sync::watch;

/// A name that would run, close a tag or break an attribute if it were not escaped.
const HOSTILE_NAME: &str = "<script>alert(1)</script> & \"Sons\" 'n' Co";

/// A password that is accepted.
const PASSWORD: &str = "seven green bottles on a wall";

/// An engine with one company, `id`.
struct House {
    engine: Engine,
    id: String,
    folder: TempDir,
}

impl House {
    fn new() -> Self {
        Self::reached_as(None)
    }

    fn reached_as(public_url: Option<&str>) -> Self {
        // What speaks TLS takes the process's provider; another test may have been first.
        let _kept = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let options = EngineOptions {
            data: folder.path().to_owned(),
            public_url: public_url.map(str::to_owned),
            listen: None,
            ..EngineOptions::default()
        };
        let engine = Engine::open(options, World::real()).expect("an engine");
        let company = NewCompany {
            name: HOSTILE_NAME.to_owned(),
            billcom_url: "https://billcom.invalid/api/v2".to_owned(),
            billcom_org: "00801".to_owned(),
            billcom_user: "token-name".to_owned(),
            billcom_password: "token-value".to_owned().into(),
            billcom_dev_key: "dev-key".to_owned().into(),
            settings: Vec::new(),
            start: false,
        };
        let id = engine.add_company(&company).expect("a company").id;
        Self { engine, id, folder }
    }

    /// The routes, behind sign-in or open.
    async fn app(&self, open_pages: bool) -> Browser {
        let stop = watch::Sender::new(false).subscribe();
        let options = WebOptions { open_pages, ..WebOptions::new(stop) };
        let site = web::Data::new(Site::new(self.engine.clone(), &options).expect("a site"));
        let app = Rc::new(init_service(App::new().app_data(site).configure(super::routes)).await);
        Browser(Box::new(move |request| {
            let app = Rc::clone(&app);
            Box::pin(async move {
                match app.call(request.to_request()).await {
                    Ok(response) => seen(response.into_parts().1).await,
                    Err(error) => seen(error.error_response()).await,
                }
            })
        }))
    }

    /// A setup link.
    fn setup_link(&self) -> String {
        let token = Token::generate(&mut SystemRandom);
        assert!(self.engine.server().offer_setup(&token.hash(), self.engine.now()).expect("stored"));
        token.expose().to_owned()
    }

    /// Opens a problem of the company as a whole; its number.
    fn report_a_problem(&self) -> i64 {
        let path = self.folder.path().join("companies").join(format!("{}.db", self.id));
        let store = crate::store::CompanyStore::open(&path).expect("the company's file");
        let now = self.engine.now();
        let problem = crate::plan::not_open("QuickBooks is closed.", "0x80040408 <b>bold</b>".to_owned());
        store.transact(|tx| tx.report(&problem.about(None, None, now), now)).expect("reported");
        self.engine.problems(&self.id).expect("listed")[0].id
    }

    /// A token for the JSON interface.
    fn api_token(&self, role: Role) -> String {
        self.engine.create_token("test", role).expect("stored").expose().to_owned()
    }
}

/// What came back.
struct Seen {
    status: StatusCode,
    headers: header::HeaderMap,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The value of a cookie that was set.
    fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all("set-cookie").filter_map(|value| value.to_str().ok());
        set.filter_map(|cookie| cookie.split(';').next()?.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }

    /// The first form token on the page.
    fn csrf(&self) -> String {
        let rest = self.body.split("name=\"csrf\" value=\"").nth(1).expect("a form");
        rest.split('"').next().expect("a value").to_owned()
    }
}

/// The routes, ready to be called.
struct Browser(Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Seen>>);

async fn send(app: &Browser, request: TestRequest) -> Seen {
    (app.0)(request).await
}

async fn seen<B: MessageBody>(response: HttpResponse<B>) -> Seen {
    let (head, body) = response.into_parts();
    let body = actix_web::body::to_bytes(body).await.unwrap_or_else(|_| panic!("a body"));
    Seen {
        status: head.status(),
        headers: head.headers().clone(),
        // A copy of a company is no text; nobody looks into it here.
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// A request from this machine under the name `localhost`.
fn get(path: &str) -> TestRequest {
    local(TestRequest::get().uri(path))
}

fn post(path: &str, fields: &[(&str, &str)]) -> TestRequest {
    let pairs: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    let form =
        local(TestRequest::post().uri(path)).insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"));
    form.set_payload(pairs.join("&"))
}

fn local(request: TestRequest) -> TestRequest {
    request.peer_addr(SocketAddr::from(([127, 0, 0, 1], 4711))).insert_header((header::HOST, "localhost:8080"))
}

fn encode(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
