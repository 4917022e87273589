//! A web server around an organisation: for tests over real HTTP, and for `counterfoil simulate billcom`.

use super::usage::InProgress;
use super::{HttpReply, SharedOrganization, V3Request, lock};
use crate::billcom::Now;
use actix_web::body::{BodyStream, BoxBody, MessageBody};
use actix_web::dev::ServerHandle;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::stream;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Bytes of one request; a bulk write of a hundred bills is far smaller.
const REQUEST_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An organisation that is being served.
#[derive(Debug)]
pub struct Served {
    /// What a client is configured with; ends in `/api/v2`.
    pub base_url: String,
    handle: ServerHandle,
    task: JoinHandle<io::Result<()>>,
}

impl Served {
    /// Stops serving.
    pub async fn stop(self) {
        self.handle.stop(false).await;
    }

    /// Waits until serving ends.
    ///
    /// # Errors
    /// Whatever the server ends with.
    pub async fn finished(self) -> io::Result<()> {
        self.task.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}

#[derive(Clone)]
struct Shared {
    organization: SharedOrganization,
    clock: Arc<dyn Now>,
}

/// Serves an organisation on a loopback address: v2 with and without `/api/v2` before the paths, what there is of v3 below
/// `/connect/v3`, `/connect-events/v3` and `/v3`. Needs a running tokio runtime.
///
/// # Errors
/// When the listener is not on a loopback address (the practice organisation has no secrets worth the name), or cannot be used.
pub fn serve(listener: TcpListener, organization: SharedOrganization, clock: Arc<dyn Now>) -> io::Result<Served> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the simulated Bill.com listens on loopback addresses only",
        ));
    }
    let base_url = format!("http://{address}/api/v2");
    lock(&organization).api_end_point.clone_from(&base_url);
    let shared = Shared { organization, clock };
    let app = move || {
        App::new()
            .app_data(web::Data::new(shared.clone()))
            .app_data(web::PayloadConfig::new(REQUEST_BYTES_MAX))
            .app_data(web::FormConfig::default().limit(REQUEST_BYTES_MAX))
            .route("/v3/{call:.*}", web::route().to(answer_v3))
            .route("/connect/v3/{call:.*}", web::route().to(answer_v3))
            .route("/connect-events/v3/{call:.*}", web::route().to(answer_v3))
            .default_service(web::to(answer))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1).listen(listener)?.run();
    let handle = server.handle();
    Ok(Served { base_url, handle, task: tokio::spawn(server) })
}

type Fields = Result<web::Form<Vec<(String, String)>>, actix_web::Error>;

async fn answer(request: HttpRequest, shared: web::Data<Shared>, fields: Fields) -> HttpResponse {
    let fields = match fields {
        Ok(fields) if request.method() == Method::POST && request.query_string().is_empty() => fields.into_inner(),
        // The real one answers with a web page too; secrets in a query string must never be accepted.
        _ => {
            return HttpResponse::MethodNotAllowed().content_type("text/html").body("<html>POST a form.</html>");
        }
    };
    let (usage, id, latency, offline) = {
        let organization = lock(&shared.organization);
        (organization.usage(), organization.id().to_owned(), organization.rules.latency, organization.offline)
    };
    if offline {
        return cut();
    }
    let progress = InProgress::begin(&usage, &id);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let now = shared.clock.now();
    let reply = lock(&shared.organization).handle_unless_crowded(now, request.path(), &fields, progress.allowed);
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    if reply.cut { cut() } else { respond(reply) }
}

/// One call of v3, whose bodies are JSON and whose credentials are headers.
async fn answer_v3(request: HttpRequest, shared: web::Data<Shared>, body: web::Bytes) -> HttpResponse {
    if lock(&shared.organization).offline {
        return cut();
    }
    let text = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers: Vec<(String, String)> =
        request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let call = V3Request { method: request.method().as_str(), target, headers: &headers, body: &body };
    let reply = lock(&shared.organization).handle_v3(shared.clock.now(), &call);
    respond(reply)
}

fn respond(reply: HttpReply) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.content_type(reply.content_type);
    if let Some(location) = reply.location {
        response.insert_header((header::LOCATION, location));
    }
    response.body(reply.body)
}

/// A body that fails at once, which makes the server cut the connection.
fn cut() -> HttpResponse {
    let broken = stream::once(async { Err::<web::Bytes, io::Error>(io::ErrorKind::ConnectionReset.into()) });
    HttpResponse::Ok().body(BoxBody::new(BodyStream::new(Box::pin(broken)).boxed()))
}
