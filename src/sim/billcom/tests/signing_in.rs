//! Credentials, sessions and the guard on vendor fields.

use super::kit::{KEY, TOKEN, body, field, fresh, good, now, raw_call};
use crate::sim::billcom::{MfaGuard, Organization, SignInKind};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

#[test]
fn sessions_die_of_idleness_and_every_call_keeps_them_alive() {
    for (name, kind, idle) in [
        ("ann@example.com", SignInKind::User, TimeDelta::minutes(35)),
        ("sync", SignInKind::SyncToken, TimeDelta::hours(48)),
    ] {
        let mut organization = fresh();
        let id = organization.id().to_owned();
        let login = [field("devKey", KEY), field("userName", name), field("password", TOKEN), field("orgId", &id)];
        let reply = body(&organization.handle(now(), "Login.json", &login).body);
        let session = reply["response_data"]["sessionId"].as_str().expect("session").to_owned();
        let form = [field("devKey", KEY), field("sessionId", &session)];
        let mut alive = |when: DateTime<Utc>| {
            let reply = body(&organization.handle(when, "/api/v2/GetSessionInfo.json", &form).body);
            reply["response_data"]["error_code"].as_str().is_none_or(|code| {
                assert_eq!(code, "BDC_1109");
                false
            })
        };
        let second = TimeDelta::seconds(1);
        assert!(alive(now() + idle - second), "{kind:?}");
        assert!(alive(now() + idle + idle - second - second), "{kind:?}: use restarts the clock");
        assert!(!alive(now() + idle * 3 - second), "{kind:?}");
    }
}

#[test]
fn the_201st_login_of_an_hour_is_declined() {
    let mut organization = fresh();
    for _ in 0..200 {
        good(&mut organization, "CurrentTime.json", &json!({}));
    }
    let list_orgs = [field("devKey", KEY), field("userName", "sync"), field("password", TOKEN)];
    let declined = body(&organization.handle(now(), "ListOrgs.json", &list_orgs).body);
    assert_eq!(declined["response_data"]["error_code"], "BDC_1144");
    let next_hour = now() + TimeDelta::hours(1);
    assert_eq!(body(&organization.handle(next_hour, "ListOrgs.json", &list_orgs).body)["response_status"], 0);
    assert_eq!(organization.usage().lock().expect("usage").declined(), 1);
}

#[test]
fn sign_in_is_declined_for_one_reason_at_a_time() {
    let mut organization = fresh();
    let id = organization.id().to_owned();
    let mut attempt = |key: &str, name: &str, secret: &str, organization_id: &str| {
        let form =
            [field("devKey", key), field("userName", name), field("password", secret), field("orgId", organization_id)];
        body(&organization.handle(now(), "Login.json", &form).body)["response_data"]["error_code"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(attempt(KEY, "sync", TOKEN, &id), None);
    assert_eq!(attempt("other", "sync", TOKEN, &id).as_deref(), Some("BDC_1102"));
    assert_eq!(attempt(KEY, "sync", "wrong", &id).as_deref(), Some("BDC_1101"));
    assert_eq!(attempt(KEY, "sync", TOKEN, "00801ANOTHERONEXabcd").as_deref(), Some("BDC_1123"));
    organization.rules.api_access = false;
    assert_eq!(code_of_login(&mut organization).as_deref(), Some("BDC_1105"));
}

fn code_of_login(organization: &mut Organization) -> Option<String> {
    let id = organization.id().to_owned();
    let form = [field("devKey", KEY), field("userName", "sync"), field("password", TOKEN), field("orgId", &id)];
    body(&organization.handle(now(), "Login.json", &form).body)["response_data"]["error_code"]
        .as_str()
        .map(str::to_owned)
}

#[test]
fn the_guard_on_vendor_fields_has_three_settings() {
    for (guard, unchanged, changed) in
        [(MfaGuard::Off, true, true), (MfaGuard::WhenChanged, true, false), (MfaGuard::WhenSent, false, false)]
    {
        let mut organization = fresh();
        organization.rules.mfa_guard = guard;
        let object = json!({"entity": "Vendor", "name": "Acme", "email": "a@example.com"});
        let id = good(&mut organization, "Crud/Create/Vendor.json", &json!({ "obj": object }))["id"].clone();
        let mut allowed = |email: &str, phone: &str| {
            let object = json!({"entity": "Vendor", "id": id, "name": "Acme", "email": email, "phone": phone});
            let reply = raw_call(&mut organization, now(), "Crud/Update/Vendor.json", &json!({ "obj": object }));
            let code = reply["response_data"]["error_code"].as_str().unwrap_or_default();
            assert!(code.is_empty() || code == "BDC_1361", "{code}");
            code.is_empty()
        };
        assert_eq!(allowed("a@example.com", "1"), unchanged, "{guard:?}");
        assert_eq!(allowed("b@example.com", "2"), changed, "{guard:?}");
        let plain = json!({"obj": {"entity": "Vendor", "id": id, "name": "Acme", "phone": "3"}});
        good(&mut organization, "Crud/Update/Vendor.json", &plain);
    }
}
