//! Bill.com's notices, as Bill.com and a stranger see the address.

use super::{House, Seen, get, local, send};
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const KEY: &str = "the-security-key";
const BODY: &str = r#"{"metadata":{"eventId":"e-1","eventType":"bill.updated"},"bill":{"id":"00n01"}}"#;

fn sign(key: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("key");
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn notice(house: &House, body: &str, signature: &str) -> TestRequest {
    let request = local(TestRequest::post().uri(&format!("/webhooks/billcom/{}", house.id)));
    request.insert_header(("x-bill-sha-signature", signature.to_owned())).set_payload(body.to_owned())
}

fn give_key(house: &House, key: &str) {
    house.engine.webhooks_set_key(&house.id, &key.into(), "test").expect("key");
}

#[actix_web::test]
async fn a_genuine_notice_gets_200_whatever_it_says() {
    let house = House::new();
    give_key(&house, KEY);
    let app = house.app(false).await;
    for body in [BODY, BODY, "{}", "", "not json", "\"{\\\"metadata\\\":{}}\""] {
        let seen = send(&app, notice(&house, body, &sign(KEY, body))).await;
        assert_eq!(seen.status, StatusCode::OK, "{body}: {}", seen.body);
        assert!(seen.header("set-cookie").is_empty());
    }
    assert!(house.engine.webhooks(&house.id).expect("view").last_notice.is_some());
}

#[actix_web::test]
async fn what_is_not_signed_by_us_gets_401_and_tells_nothing_of_companies() {
    let house = House::new();
    let app = house.app(false).await;
    let without_key = send(&app, notice(&house, BODY, &sign("", BODY))).await;
    give_key(&house, KEY);
    let wrong = [sign("another", BODY), sign(KEY, "{}"), String::new(), "====".to_owned()];
    let mut answers = vec![without_key];
    for signature in wrong {
        answers.push(send(&app, notice(&house, BODY, &signature)).await);
    }
    let nobody = local(TestRequest::post().uri("/webhooks/billcom/nobody"));
    let nobody = nobody.insert_header(("x-bill-sha-signature", sign(KEY, BODY))).set_payload(BODY);
    answers.push(send(&app, nobody).await);
    answers.push(
        send(&app, local(TestRequest::post().uri(&format!("/webhooks/billcom/{}", house.id))).set_payload(BODY)).await,
    );
    let alike = |seen: &Seen| (seen.status, seen.body.clone());
    assert!(answers.iter().all(|seen| alike(seen) == alike(&answers[0])));
    assert_eq!(answers[0].status, StatusCode::UNAUTHORIZED);
    assert!(house.engine.webhooks(&house.id).expect("view").last_notice.is_none(), "none of them counts");
}

#[actix_web::test]
async fn the_key_before_is_accepted_too() {
    let house = House::new();
    give_key(&house, "first");
    give_key(&house, "second");
    let app = house.app(false).await;
    for key in ["first", "second"] {
        assert_eq!(send(&app, notice(&house, BODY, &sign(key, BODY))).await.status, StatusCode::OK, "{key}");
    }
    give_key(&house, "third");
    assert_eq!(send(&app, notice(&house, BODY, &sign("first", BODY))).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn large_bodies_and_other_methods_are_refused() {
    let house = House::new();
    give_key(&house, KEY);
    let app = house.app(false).await;
    let large = "x".repeat(300 * 1024);
    let seen = send(&app, notice(&house, &large, &sign(KEY, &large))).await;
    assert_eq!(seen.status, StatusCode::PAYLOAD_TOO_LARGE);
    let seen = send(&app, get(&format!("/webhooks/billcom/{}", house.id))).await;
    assert_eq!(seen.status, StatusCode::METHOD_NOT_ALLOWED);
}
