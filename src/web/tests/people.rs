//! Owners and viewers, their sessions and tokens, on the pages.

use super::trust::{SESSION, set_up, sign_in, with};
use super::{Browser, House, PASSWORD, Seen, get, post, send};
use crate::engine::Role;
use actix_web::http::StatusCode;

/// Another password that is accepted.
const OTHER: &str = "nine yellow boats at sea";

/// A house whose owner Ada is signed in, and a viewer Vic; the cookies of both.
async fn two_people(house: &House, app: &Browser) -> (String, String) {
    let ada = set_up(house, app).await;
    house.engine.add_person("Vic", Role::Viewer, &OTHER.to_owned().into()).expect("added");
    let vic = sign_in(app, "vic", OTHER, "/").await.cookie(SESSION).expect("a session");
    (ada, vic)
}

async fn page(app: &Browser, path: &str, cookie: &str) -> Seen {
    send(app, with(get(path), SESSION, cookie)).await
}

/// Sends a form of a page as its browser does.
async fn submit(app: &Browser, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Seen {
    let csrf = page(app, "/", cookie).await.csrf();
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    send(app, with(post(path, &all), SESSION, cookie)).await
}

#[actix_web::test]
async fn a_viewer_sees_everything_and_changes_nothing() {
    let house = House::new();
    let app = house.app(false).await;
    let (_, vic) = two_people(&house, &app).await;
    let problem = house.report_a_problem();
    let base = format!("/companies/{}", house.id);
    let of_company = ["", "/problems", "/plan", "/history", "/settings", "/setup", "/counterfoil.qwc"];
    let mut pages: Vec<String> = of_company.iter().map(|rest| format!("{base}{rest}")).collect();
    pages.push(format!("{base}/problems/{problem}"));
    pages.extend(["/", "/account", "/people", "/people/Ada", "/tokens", "/alerts", "/help"].map(str::to_owned));
    for path in pages {
        let seen = page(&app, &path, &vic).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}");
        let forms = seen.body.matches("method=\"post\"").count();
        let own = seen.body.matches("action=\"/sign-out\"").count() + seen.body.matches("action=\"/account/").count();
        let disabled = seen.body.matches("action=\"/companies/").count();
        assert!(forms == own || (path.ends_with("/settings") && forms == own + disabled), "{path} offers a form");
    }
    let resolve = format!("{base}/problems/{problem}");
    for (path, fields) in [
        (format!("{base}/start"), vec![]),
        (format!("{base}/settings"), vec![("set.bills", "approved")]),
        (format!("{base}/setup/password"), vec![]),
        (resolve, vec![("action", "retry")]),
        ("/people".to_owned(), vec![("name", "Eve"), ("role", "owner"), ("own", OTHER)]),
        ("/people/Vic/role".to_owned(), vec![("role", "owner"), ("own", OTHER)]),
        ("/people/Ada/remove".to_owned(), vec![("own", OTHER)]),
        ("/tokens".to_owned(), vec![("name", "x"), ("role", "owner"), ("own", OTHER)]),
        ("/alerts/silence".to_owned(), vec![("after", "1h")]),
    ] {
        let seen = submit(&app, &vic, &path, &fields).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{path}: {}", seen.body);
    }
    let status = house.engine.status(&house.id).expect("a status");
    assert_eq!((status.mode.as_str(), status.problems.len()), ("preview", 1));
    assert_eq!(house.engine.people().expect("people").len(), 2);
}

#[actix_web::test]
async fn an_owner_manages_people_after_giving_their_own_password() {
    let house = House::new();
    let app = house.app(false).await;
    let ada = set_up(&house, &app).await;
    let new = |own: &'static str, again: &'static str| {
        [("name", "Vic O'Hara/2"), ("role", "viewer"), ("password", OTHER), ("again", again), ("own", own)]
    };
    let wrong = submit(&app, &ada, "/people", &new("not my password at all", OTHER)).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("not your own password"));
    let unlike = submit(&app, &ada, "/people", &new(PASSWORD, "another")).await;
    assert!(unlike.body.contains("not the same"));
    assert_eq!(house.engine.people().expect("people").len(), 1, "nobody was added");
    assert_eq!(submit(&app, &ada, "/people", &new(PASSWORD, OTHER)).await.status, StatusCode::SEE_OTHER);
    let list = page(&app, "/people", &ada).await;
    assert!(list.body.contains("href=\"/people/Vic%20O%27Hara%2F2\""), "{}", list.body);
    let vic = sign_in(&app, "vic o'hara/2", OTHER, "/").await.cookie(SESSION).expect("a session");
    let path = "/people/Vic%20O%27Hara%2F2";
    assert_eq!(page(&app, path, &ada).await.status, StatusCode::OK);
    let seen = submit(&app, &ada, &format!("{path}/role"), &[("role", "owner"), ("own", PASSWORD)]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    assert!(page(&app, "/people", &vic).await.body.contains("Add somebody"), "at once, without signing in again");
    let seen = submit(&app, &ada, &format!("{path}/sessions"), &[("own", PASSWORD)]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER);
    assert_eq!(page(&app, "/", &vic).await.status, StatusCode::SEE_OTHER, "signed out");
    let fields =
        [("password", "six red kites over the hill"), ("again", "six red kites over the hill"), ("own", PASSWORD)];
    assert_eq!(submit(&app, &ada, &format!("{path}/password"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(sign_in(&app, "vic o'hara/2", OTHER, "/").await.status, StatusCode::FORBIDDEN);
    let vic = sign_in(&app, "vic o'hara/2", "six red kites over the hill", "/").await;
    let vic = vic.cookie(SESSION).expect("a session");
    assert_eq!(submit(&app, &ada, &format!("{path}/remove"), &[("own", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(page(&app, "/", &vic).await.status, StatusCode::SEE_OTHER, "gone, and the sessions with them");
    let last = submit(&app, &ada, "/people/Ada/remove", &[("own", PASSWORD)]).await;
    assert!(last.body.contains("last owner"), "{}", last.body);
}

#[actix_web::test]
async fn everybody_changes_their_password_and_ends_their_own_sessions() {
    let house = House::new();
    let app = house.app(false).await;
    let (ada, vic) = two_people(&house, &app).await;
    let elsewhere = sign_in(&app, "Vic", OTHER, "/").await.cookie(SESSION).expect("a session");
    let listed = house.engine.web_sessions(Some("Vic")).expect("listed");
    assert_eq!(listed.len(), 2);
    let of_ada = house.engine.web_sessions(Some("Ada")).expect("listed")[0].id.clone();
    let short = crate::web::people::People::short_name(&elsewhere).expect("a token");
    let (mine, hers) = (format!("end.{short}"), format!("end.{of_ada}"));
    let refused = submit(&app, &vic, "/account/sessions", &[(&mine, "1"), ("own", "no idea at all, sorry")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page(&app, "/", &elsewhere).await.status, StatusCode::OK);
    let ended = submit(&app, &vic, "/account/sessions", &[(&mine, "1"), (&hers, "1"), ("own", OTHER)]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(page(&app, "/", &elsewhere).await.status, StatusCode::SEE_OTHER, "ended");
    assert_eq!(page(&app, "/", &ada).await.status, StatusCode::OK, "somebody else's stays");
    let elsewhere = sign_in(&app, "Vic", OTHER, "/").await.cookie(SESSION).expect("a session");
    let all = submit(&app, &vic, "/account/sessions", &[("which", "others"), ("own", OTHER)]).await;
    assert_eq!(all.status, StatusCode::SEE_OTHER);
    assert_eq!(page(&app, "/", &elsewhere).await.status, StatusCode::SEE_OTHER);
    let elsewhere = sign_in(&app, "Vic", OTHER, "/").await.cookie(SESSION).expect("a session");
    let fields = [("own", OTHER), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(submit(&app, &vic, "/account/password", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(page(&app, "/", &elsewhere).await.status, StatusCode::SEE_OTHER, "a new password ends the others");
    assert_eq!(page(&app, "/", &vic).await.status, StatusCode::OK, "and not this one");
    assert_eq!(sign_in(&app, "Vic", PASSWORD, "/").await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_token_is_shown_once_and_taken_back() {
    let house = House::new();
    let app = house.app(false).await;
    let ada = set_up(&house, &app).await;
    let fields = [("name", "nightly <b>report</b>"), ("role", "viewer"), ("own", PASSWORD)];
    let made = submit(&app, &ada, "/tokens", &fields).await;
    let token = made.body.split("<code class=\"password\">").nth(1).and_then(|rest| rest.split('<').next());
    let token = token.expect("it is shown").to_owned();
    let call = || get("/api/v1/status").insert_header(("authorization", format!("Bearer {token}")));
    assert_eq!(send(&app, call()).await.status, StatusCode::OK);
    let list = page(&app, "/tokens", &ada).await;
    assert!(!list.body.contains(&token) && list.body.contains("nightly &#60;b&#62;report"), "{}", list.body);
    let id = house.engine.api_tokens().expect("listed")[0].id.clone();
    assert_eq!(submit(&app, &ada, &format!("/tokens/{id}/revoke"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(send(&app, call()).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn where_pages_are_open_nobody_is_anybody() {
    let house = House::new();
    let app = house.app(true).await;
    let people = send(&app, get("/people")).await;
    assert!(people.status == StatusCode::OK && !people.body.contains("Add somebody"));
    assert_eq!(send(&app, get("/account")).await.status, StatusCode::NOT_FOUND);
    let csrf = send(&app, get(&format!("/companies/{}", house.id))).await.csrf();
    let fields =
        [("csrf", &*csrf), ("name", "Eve"), ("role", "owner"), ("password", OTHER), ("again", OTHER), ("own", "")];
    assert_eq!(send(&app, post("/people", &fields)).await.status, StatusCode::NOT_FOUND);
    assert!(!house.engine.server().has_people().expect("readable"));
}
