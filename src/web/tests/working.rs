//! Pages at work in a company that has something in it: previews before anything is done, ids that are none, files.

use super::{HOSTILE_NAME, House, encode, get, post, send};
use crate::engine::measure::Much;
use actix_web::http::StatusCode;

fn house() -> House {
    let house = House::new();
    house.engine.fill(&house.id, &Much { records: 60, intents: 20, problems: 25 });
    house
}

#[actix_web::test]
async fn a_group_of_problems_is_shown_tried_out_and_settled() {
    let house = house();
    let app = house.app(true).await;
    let base = format!("/companies/{}", house.id);
    let list = send(&app, get(&format!("{base}/problems"))).await;
    let group = house.engine.problem_groups(&house.id).expect("groups").remove(0);
    assert_eq!(group.members.len(), 2, "25 problems have 20 causes");
    assert!(list.body.contains(&format!("/problems/group/{}", group.key)));
    let page = send(&app, get(&format!("{base}/problems/group/{}", group.key))).await;
    assert!(page.body.contains("type=\"checkbox\""));

    let csrf = page.csrf();
    let numbers: Vec<String> = group.members.iter().map(|member| member.id.to_string()).collect();
    let wish = |csrf: &'static str| [("csrf", csrf), ("action", "skip")];
    let fields = |csrf: &str| -> Vec<(String, String)> {
        let named = numbers.iter().map(|number| ("problem".to_owned(), number.clone()));
        let rest = [("csrf", csrf), ("action", "skip")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        rest.into_iter().chain(named).collect()
    };
    let form = |path: &str, csrf: &str| {
        let fields = fields(csrf);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        post(&format!("{base}/problems/{path}"), &fields)
    };
    for path in ["preview", "resolve"] {
        let forged = send(&app, post(&format!("{base}/problems/{path}"), &wish("x"))).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "{path}");
    }
    let preview = send(&app, form("preview", &csrf)).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.body.contains("Nothing is done yet") && preview.body.contains("Nothing is sent to either side"));
    assert_eq!(house.engine.problems(&house.id).expect("problems").len(), 25, "it was a preview");
    let done = send(&app, form("resolve", &csrf)).await;
    assert_eq!(done.header("location"), format!("{base}/problems?done=resolved"));
    assert_eq!(house.engine.problems(&house.id).expect("problems").len(), 23);
    let again = send(&app, form("resolve", &csrf)).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "they are settled");
}

#[actix_web::test]
async fn what_is_not_there_is_not_found() {
    let house = house();
    let app = house.app(true).await;
    for page in [
        "problems/999",
        "problems/x",
        "problems/group/0000000000000000",
        "plan/planet/bill",
        "plan/quickbooks/planet",
        "records/billcom/bill/nowhere",
        "records/planet/bill/1",
        "records/quickbooks/bill/1/open",
        "records/billcom/bill/nowhere/open",
        "sessions/999",
        "sessions/x",
        "sessions/1/1",
    ] {
        let seen = send(&app, get(&format!("/companies/{}/{page}", house.id))).await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND, "{page}");
        let other = send(&app, get(&format!("/companies/nobody/{page}"))).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{page} of no company");
    }
}

#[actix_web::test]
async fn records_and_history_are_found_and_taken_away_as_a_file() {
    let house = house();
    let app = house.app(true).await;
    let base = format!("/companies/{}", house.id);
    let found = send(&app, get(&format!("{base}/records?q=inv-000007"))).await;
    assert_eq!(found.body.matches("<th scope=\"row\">").count(), 1, "{}", found.body);
    let hostile = send(&app, get(&format!("{base}/records?q={}", encode(HOSTILE_NAME)))).await;
    assert!(hostile.body.contains("No record fits") && !hostile.body.contains("<script>alert"));
    let record = send(&app, get(&format!("{base}/records/billcom/bill/00n01000000000000007"))).await;
    assert!(record.body.contains("Transaction Type Bill") && record.body.contains("INV-000007"));
    let csv = send(&app, get(&format!("{base}/history.csv?sort=linked"))).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").contains("attachment"));
    assert!(csv.body.starts_with("\"Number\",") && csv.body.lines().all(|line| line.starts_with('"')));
}

#[actix_web::test]
async fn a_company_is_removed_by_its_name_only() {
    let house = house();
    let app = house.app(true).await;
    let page = format!("/companies/{}/remove", house.id);
    let csrf = send(&app, get(&page)).await.csrf();
    let refused = send(&app, post(&page, &[("csrf", &csrf), ("name", "another")])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(house.engine.status(&house.id).is_ok());
    let done = send(&app, post(&page, &[("csrf", &csrf), ("name", HOSTILE_NAME)])).await;
    assert_eq!(done.header("location"), "/?done=removed");
    assert!(house.engine.status(&house.id).is_err());
    let first = send(&app, get("/")).await;
    assert_eq!(first.header("location"), "/add-company", "there is none left");
}
