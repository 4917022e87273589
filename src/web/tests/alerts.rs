//! The page of alerts.

use super::{HOSTILE_NAME, House, get, post, send};
use actix_web::http::StatusCode;

#[actix_web::test]
async fn channels_are_added_tested_and_removed_and_secrets_stay_inside() {
    let house = House::new();
    let app = house.app(true).await;
    let page = send(&app, get("/alerts")).await;
    assert!(page.status == StatusCode::OK && !page.body.contains(HOSTILE_NAME));
    let csrf = page.csrf();
    let secret = "http://127.0.0.1:9/hooks/T0SECRET";
    let added = send(&app, post("/alerts/channels", &[("csrf", &csrf), ("kind", "slack"), ("target", secret)])).await;
    assert_eq!(added.header("location"), "/alerts?done=saved", "{}", added.body);
    let tested = send(&app, post("/alerts/channels/1/test", &[("csrf", &csrf)])).await;
    assert!(tested.body.contains("The test was not taken. There was no connection."), "{}", tested.body);
    let page = send(&app, get("/alerts")).await;
    assert!(page.body.contains("127.0.0.1") && !page.body.contains("T0SECRET"), "{}", page.body);
    let email = [("csrf", &*csrf), ("kind", "email"), ("target", "ada@example.com"), ("company", &house.id)];
    assert_eq!(send(&app, post("/alerts/channels", &email)).await.status, StatusCode::SEE_OTHER);
    let tested = send(&app, post("/alerts/channels/2/test", &[("csrf", &csrf)])).await;
    assert!(tested.body.contains("No mail server is set up"), "{}", tested.body);
    let mail = [
        ("csrf", &*csrf),
        ("server", "smtps://mail.example.com"),
        ("sender", "c@example.com"),
        ("user", "c"),
        ("password", "hunter2"),
    ];
    assert_eq!(send(&app, post("/alerts/mail", &mail)).await.status, StatusCode::SEE_OTHER);
    let page = send(&app, get("/alerts")).await;
    assert!(page.body.contains("One is kept") && !page.body.contains("hunter2"));
    for (path, fields) in [
        ("/alerts/channels", vec![("kind", "webhook"), ("target", "javascript:alert(1)")]),
        ("/alerts/channels", vec![("kind", "email"), ("target", "a@b\r\nBcc: c@d")]),
        ("/alerts/mail", vec![("server", "mail"), ("sender", "c@example.com")]),
        ("/alerts/silence", vec![("after", "1s")]),
    ] {
        let mut all = vec![("csrf", &*csrf)];
        all.extend(fields);
        let seen = send(&app, post(path, &all)).await;
        assert!(seen.status == StatusCode::UNPROCESSABLE_ENTITY && seen.body.contains("role=\"alert\""), "{path}");
    }
    assert_eq!(send(&app, post("/alerts/channels/1/remove", &[("csrf", &csrf)])).await.status, StatusCode::SEE_OTHER);
    let left = house.engine.alerts().expect("alerts");
    assert_eq!((left.channels.len(), left.channels[0].company.as_deref()), (1, Some(house.id.as_str())));
}
