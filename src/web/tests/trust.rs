//! Who gets in, and what a foreign page cannot do.

use super::{Browser, HOSTILE_NAME, House, PASSWORD, Seen, get, post, send};
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;

pub(super) const SESSION: &str = "__Host-counterfoil";
pub(super) const VISITOR: &str = "__Host-counterfoil-visitor";

/// Every page of a company, and what can be posted to.
fn pages(id: &str) -> Vec<String> {
    let of_company = [
        "",
        "/problems",
        "/problems/1",
        "/problems/group/x",
        "/plan",
        "/plan/quickbooks/bill",
        "/records",
        "/records/quickbooks/bill/1",
        "/records/billcom/bill/1/open",
        "/history",
        "/history.csv",
        "/sessions",
        "/sessions/1",
        "/sessions/1/1",
        "/settings",
        "/billcom",
        "/remove",
        "/export",
        "/begin",
        "/setup",
        "/counterfoil.qwc",
    ];
    let mut pages: Vec<String> = of_company.iter().map(|page| format!("/companies/{id}{page}")).collect();
    let of_server = [
        "/",
        "/add-company",
        "/events",
        "/account",
        "/people",
        "/people/Ada",
        "/tokens",
        "/alerts",
        "/help",
        "/help/problems",
    ];
    pages.extend(of_server.map(str::to_owned));
    pages.push("/help/problems/ambiguous".to_owned());
    pages
}

fn forms(id: &str) -> Vec<String> {
    let of_company = [
        "/start",
        "/pause",
        "/resume",
        "/sync",
        "/problems/1",
        "/problems/preview",
        "/problems/resolve",
        "/settings",
        "/begin",
        "/billcom",
        "/remove",
        "/setup/password",
        "/setup/ids",
    ];
    let mut forms: Vec<String> = of_company.iter().map(|form| format!("/companies/{id}{form}")).collect();
    let of_server = [
        "/sign-out",
        "/add-company",
        "/account/password",
        "/account/sessions",
        "/people",
        "/people/Ada/role",
        "/people/Ada/password",
        "/people/Ada/sessions",
        "/people/Ada/remove",
        "/tokens",
        "/tokens/0a1b2c3d4e5f/revoke",
        "/alerts/channels",
        "/alerts/channels/1/test",
        "/alerts/channels/1/remove",
        "/alerts/mail",
        "/alerts/silence",
    ];
    forms.extend(of_server.map(str::to_owned));
    forms
}

/// Whether a page is there in a company that has nothing yet, and ends by itself.
fn is_there(page: &str) -> bool {
    let of_something = ["/problems/", "/records/", "/sessions/", "/events", "/export"];
    !of_something.iter().any(|part| page.contains(part))
}

/// Goes through the setup link as a browser does; the session's cookie.
pub(super) async fn set_up(house: &House, app: &Browser) -> String {
    let link = format!("/setup/{}", house.setup_link());
    let form = send(app, get(&link)).await;
    assert_eq!(form.status, StatusCode::OK);
    let visitor = form.cookie(VISITOR).expect("a visitor's cookie");
    let fields = [("csrf", &*form.csrf()), ("name", "Ada"), ("password", PASSWORD), ("again", PASSWORD)];
    let done = send(app, with(post(&link, &fields), VISITOR, &visitor)).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", done.body);
    let again = send(app, get(&link)).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "the link works once");
    done.cookie(SESSION).expect("a session")
}

pub(super) fn with(request: TestRequest, cookie: &str, value: &str) -> TestRequest {
    request.insert_header(("cookie", format!("{cookie}={value}")))
}

/// Sends the sign-in form as a browser does.
pub(super) async fn sign_in(app: &Browser, name: &str, password: &str, next: &str) -> Seen {
    let form = send(app, get("/sign-in")).await;
    let visitor = form.cookie(VISITOR).expect("a visitor's cookie");
    let fields = [("csrf", &*form.csrf()), ("name", name), ("password", password), ("next", next)];
    send(app, with(post("/sign-in", &fields), VISITOR, &visitor)).await
}

#[actix_web::test]
async fn nothing_but_the_named_pages_answers_without_a_session() {
    let house = House::new();
    let app = house.app(false).await;
    for page in pages(&house.id) {
        let seen = send(&app, get(&page)).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{page}");
        assert!(seen.header("location").starts_with("/sign-in"), "{page}");
        assert!(seen.body.is_empty(), "{page}");
        let forged = send(&app, with(get(&page), SESSION, &"A".repeat(43))).await;
        assert_eq!(forged.status, StatusCode::SEE_OTHER, "{page} with a made-up cookie");
    }
    for form in forms(&house.id) {
        let seen = send(&app, post(&form, &[("csrf", "x")])).await;
        assert_eq!((seen.status, seen.header("location")), (StatusCode::SEE_OTHER, "/sign-in"), "{form}");
    }
    for open in
        ["/livez", "/readyz", "/sign-in", "/api/v1/openapi.json", &format!("/support/{}", house.id), "/support/nobody"]
    {
        let seen = send(&app, get(open)).await;
        assert_eq!(seen.status, StatusCode::OK, "{open}");
        assert!(!seen.body.contains("Sons"), "{open} names no company");
    }
    assert_eq!(house.engine.status(&house.id).expect("a status").mode, "preview");
}

#[actix_web::test]
async fn every_answer_to_a_browser_carries_the_headers() {
    let house = House::new();
    let app = house.app(true).await;
    let mut all = pages(&house.id);
    let more = [
        "/sign-in",
        "/nowhere",
        "/companies/nobody",
        "/livez",
        "/support/x",
        "/setup/x",
        "/assets/x",
        "/api/v1/status",
        "/api/v1/nowhere",
        "/qbwc/acme",
    ];
    all.extend(more.map(str::to_owned));
    for page in all.iter().filter(|page| *page != "/events") {
        for request in [get(page), get(page).method(actix_web::http::Method::DELETE)] {
            let seen = send(&app, request).await;
            assert!(seen.header("content-security-policy").starts_with("default-src 'none'"), "{page}");
            assert!(seen.header("content-security-policy").contains("frame-ancestors 'none'"), "{page}");
            assert_eq!(seen.header("x-content-type-options"), "nosniff", "{page}");
            assert_eq!(seen.header("referrer-policy"), "same-origin", "{page}: our forms need their origin");
            assert_eq!(seen.header("cache-control"), "no-store", "{page}");
        }
    }
}

#[actix_web::test]
async fn the_setup_link_makes_one_owner_who_sees_everything() {
    let house = House::new();
    let app = house.app(false).await;
    let session = set_up(&house, &app).await;
    for page in pages(&house.id).iter().filter(|page| is_there(page)) {
        let seen = send(&app, with(get(page), SESSION, &session)).await;
        assert_eq!(seen.status, StatusCode::OK, "{page}: {}", seen.body);
        assert!(!seen.body.contains(HOSTILE_NAME), "{page}");
    }
    let part = send(&app, with(get("/?part=live"), SESSION, &session)).await;
    assert!(part.body.contains("1 company") && !part.body.contains("<html"), "{}", part.body);
}

#[actix_web::test]
async fn a_setup_form_is_checked_before_it_counts() {
    let house = House::new();
    let app = house.app(false).await;
    let link = format!("/setup/{}", house.setup_link());
    let form = send(&app, get(&link)).await;
    let (visitor, csrf) = (form.cookie(VISITOR).expect("a cookie"), form.csrf());
    let try_with = |fields: [(&'static str, String); 4]| {
        let fields = fields.map(|(key, value)| (key, value));
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        with(post(&link, &pairs), VISITOR, &visitor)
    };
    let fields = |csrf: &str, password: &str, again: &str| {
        [
            ("csrf", csrf.to_owned()),
            ("name", "Ada".to_owned()),
            ("password", password.to_owned()),
            ("again", again.to_owned()),
        ]
    };
    let seen = send(&app, try_with(fields("forged", PASSWORD, PASSWORD))).await;
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    let seen = send(&app, try_with(fields(&csrf, PASSWORD, "another"))).await;
    assert!(seen.status == StatusCode::UNPROCESSABLE_ENTITY && seen.body.contains("not the same"));
    let seen = send(&app, try_with(fields(&csrf, "short", "short"))).await;
    assert!(seen.status == StatusCode::UNPROCESSABLE_ENTITY && seen.body.contains("at least 15"), "{}", seen.body);
    assert!(!seen.body.contains("value=\"short\""), "a password is not sent back");
    assert_eq!(send(&app, get("/setup/unknown")).await.status, StatusCode::NOT_FOUND);
    assert!(!house.engine.server().has_people().expect("readable"));
}

#[actix_web::test]
async fn signing_in_and_out() {
    let house = House::new();
    let app = house.app(false).await;
    let first = set_up(&house, &app).await;
    for (name, password) in [("Ada", "a wrong password here"), ("Nobody", PASSWORD)] {
        let seen = sign_in(&app, name, password, "/").await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN);
        assert!(seen.body.contains("do not fit together") && seen.cookie(SESSION).is_none());
    }
    let plan = format!("/companies/{}/plan", house.id);
    let seen = sign_in(&app, "ada", PASSWORD, &plan).await;
    assert_eq!((seen.status, seen.header("location")), (StatusCode::SEE_OTHER, plan.as_str()));
    let second = seen.cookie(SESSION).expect("a session");
    assert_ne!(first, second, "a session is never taken over");
    let page = send(&app, with(get("/"), SESSION, &second)).await;
    let seen = send(&app, with(post("/sign-out", &[("csrf", &page.csrf())]), SESSION, &second)).await;
    assert_eq!((seen.status, seen.cookie(SESSION).as_deref()), (StatusCode::SEE_OTHER, Some("")));
    assert_eq!(send(&app, with(get("/"), SESSION, &second)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(send(&app, with(get("/"), SESSION, &first)).await.status, StatusCode::OK, "the other browser stays");
}

#[actix_web::test]
async fn nobody_is_sent_to_another_host() {
    let house = House::new();
    let app = house.app(false).await;
    set_up(&house, &app).await;
    for next in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let seen = sign_in(&app, "Ada", PASSWORD, next).await;
        assert_eq!((seen.status, seen.header("location")), (StatusCode::SEE_OTHER, "/"), "{next}");
    }
    let seen = send(&app, get("/sign-in?next=%2F%2Fevil.example")).await;
    assert!(seen.body.contains("name=\"next\" value=\"/\""));
}

#[actix_web::test]
async fn guessing_gets_slow_and_does_not_lock_out_another_address() {
    let house = House::new();
    let app = house.app(false).await;
    set_up(&house, &app).await;
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        let seen = sign_in(&app, "Ada", "not the right password", "/").await;
        last = seen.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            assert!(!seen.header("retry-after").is_empty());
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let form = send(&app, get("/sign-in")).await;
    let visitor = form.cookie(VISITOR).expect("a cookie");
    let fields = [("csrf", &*form.csrf()), ("name", "Ada"), ("password", PASSWORD), ("next", "/")];
    let elsewhere =
        with(post("/sign-in", &fields), VISITOR, &visitor).insert_header(("x-forwarded-for", "198.51.100.7"));
    assert_eq!(send(&app, elsewhere).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_form_needs_its_token_its_origin_and_its_cookie() {
    let house = House::new();
    let app = house.app(false).await;
    let session = set_up(&house, &app).await;
    let start = format!("/companies/{}/start", house.id);
    let csrf = send(&app, with(get("/"), SESSION, &session)).await.csrf();
    let form = |csrf: &str| with(post(&start, &[("csrf", csrf)]), SESSION, &session);
    for (forged, why) in [
        (form(""), "no token"),
        (form("AAAA"), "a wrong token"),
        (form(&csrf).insert_header(("origin", "https://evil.example")), "a foreign origin"),
        (form(&csrf).insert_header(("origin", "null")), "an opaque origin"),
        (form(&csrf).insert_header(("sec-fetch-site", "cross-site")), "a foreign site"),
        (form(&csrf).insert_header(("sec-fetch-site", "same-site")), "a neighbour of this site"),
        (form("AAAA").insert_header(("sec-fetch-site", "same-origin")), "a wrong token from one of our pages"),
    ] {
        assert_eq!(send(&app, forged).await.status, StatusCode::FORBIDDEN, "{why}");
    }
    assert_eq!(house.engine.status(&house.id).expect("a status").mode, "preview", "nothing was done");
    let ours =
        form(&csrf).insert_header(("origin", "http://localhost:8080")).insert_header(("sec-fetch-site", "same-origin"));
    let seen = send(&app, ours).await;
    assert_eq!(seen.header("location"), format!("/companies/{}?done=started", house.id));
    assert_eq!(house.engine.status(&house.id).expect("a status").mode, "running");
    let hidden = form(&csrf).insert_header(("origin", "null")).insert_header(("sec-fetch-site", "same-origin"));
    assert_eq!(
        send(&app, hidden).await.status,
        StatusCode::SEE_OTHER,
        "a browser that hides the origin, but not from itself"
    );
    let fields = [("csrf", "x"), ("name", "Ada"), ("password", PASSWORD)];
    let seen = send(&app, post("/sign-in", &fields)).await;
    assert!(seen.status == StatusCode::FORBIDDEN && seen.body.contains("did not keep our cookie"));
}

#[actix_web::test]
async fn cookies_fit_the_connection() {
    let house = House::reached_as(Some("https://sync.example.com"));
    let app = house.app(false).await;
    let under = |host: &'static str| get("/sign-in").insert_header(("host", host));
    let over_https = || under("books").insert_header(("x-forwarded-proto", "https"));
    for (request, name) in [
        (under("localhost:8080"), VISITOR),
        (under("sync.example.com"), VISITOR),
        (over_https(), VISITOR),
        (under("books:8080"), "counterfoil-visitor"),
    ] {
        let seen = send(&app, request).await;
        assert!(seen.cookie(name).is_some(), "{name}: {}", seen.header("set-cookie"));
        assert_eq!(seen.header("set-cookie").contains("; Secure"), name == VISITOR);
        assert!(seen.header("set-cookie").contains("; HttpOnly; SameSite=Lax"));
    }
}

#[actix_web::test]
async fn open_pages_answer_under_names_of_this_machine_only() {
    let house = House::new();
    let app = house.app(true).await;
    let seen = send(&app, get("/").insert_header(("host", "rebound.example:8080"))).await;
    assert_eq!(seen.status, StatusCode::MISDIRECTED_REQUEST);
    let page = send(&app, get(&format!("/companies/{}", house.id))).await;
    assert_eq!(page.status, StatusCode::OK);
    let start = format!("/companies/{}/start", house.id);
    assert_eq!(send(&app, post(&start, &[("csrf", "guess")])).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&app, post(&start, &[("csrf", &page.csrf())])).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn settings_are_saved_and_refused_with_a_reason() {
    let house = House::new();
    let app = house.app(true).await;
    let path = format!("/companies/{}/settings", house.id);
    let csrf = send(&app, get(&path)).await.csrf();
    let seen =
        send(&app, post(&path, &[("csrf", &csrf), ("set.poll_interval", "5m"), ("set.bills", "approved")])).await;
    assert_eq!(seen.header("location"), format!("{path}?done=saved"));
    let page = send(&app, get(&format!("{path}?done=saved"))).await;
    assert!(page.body.contains("value=\"5m\"") && page.body.contains("The settings are saved."));
    let seen = send(&app, post(&path, &[("csrf", &csrf), ("set.poll_interval", "often")])).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen.body.contains("value=\"often\"") && seen.body.contains("Nothing was saved"), "{}", seen.body);
}

#[actix_web::test]
async fn the_qwc_file_is_a_download_and_a_password_is_shown_once() {
    let house = House::new();
    let app = house.app(true).await;
    let base = format!("/companies/{}", house.id);
    let file = send(&app, get(&format!("{base}/counterfoil.qwc"))).await;
    assert_eq!(file.header("content-type"), qbwc::qwc::MIME);
    assert!(file.header("content-disposition").starts_with("attachment; filename=\""));
    assert!(file.body.contains("<QBWCXML"));
    let csrf = send(&app, get(&format!("{base}/setup"))).await.csrf();
    let made = send(&app, post(&format!("{base}/setup/password"), &[("csrf", &csrf)])).await;
    assert!(made.status == StatusCode::OK && made.body.contains("<code class=\"password\">"));
    let later = send(&app, get(&format!("{base}/setup"))).await;
    assert!(!later.body.contains("class=\"password\""));
}

#[actix_web::test]
async fn the_notice_is_one_of_ours() {
    let house = House::new();
    let app = house.app(true).await;
    let seen = send(&app, get("/?done=%3Cb%3Eowned")).await;
    assert!(!seen.body.contains("owned") && !seen.body.contains("class=\"notice\""));
}
