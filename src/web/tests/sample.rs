//! View models with everything in them, and every text hostile.

use super::HOSTILE_NAME;
use crate::engine::{
    ActionView, CompanyView, DayView, EventView, FieldView, KindView, PlanView, ProblemLine, ProblemView, SessionView,
    StateWord, StatusView, StepView, WaitingView,
};
use std::collections::BTreeMap;

const NOON: &str = "2026-11-22T12:00:00Z";

fn hostile() -> String {
    HOSTILE_NAME.to_owned()
}

pub(in crate::web) fn status() -> StatusView {
    StatusView {
        company: "acme".to_owned(),
        name: hostile(),
        state: StateWord::NeedsYou,
        state_reason: hostile(),
        mode: "running".to_owned(),
        last_contact: Some(NOON.to_owned()),
        last_billcom_read: Some(NOON.to_owned()),
        last_quickbooks_read: None,
        idle: false,
        intents: BTreeMap::from([("waiting".to_owned(), 1_234)]),
        links: BTreeMap::from([("vendor".to_owned(), 2)]),
        problems: vec![line(1), line(2)],
    }
}

pub(super) fn line(id: i64) -> ProblemLine {
    let action = ActionView { id: "link".to_owned(), label: hostile(), with: Some(hostile()) };
    ProblemLine { id, code: "ambiguous".to_owned(), summary: hostile(), actions: vec![action] }
}

pub(super) fn company() -> CompanyView {
    let days =
        (9..=22).map(|day| DayView { day: format!("2026-11-{day:02}"), to_quickbooks: 9, to_billcom: 2, rejected: 1 });
    CompanyView {
        status: status(),
        kinds: vec![KindView {
            kind: "vendor".to_owned(),
            title: "vendors".to_owned(),
            linked: 400,
            quickbooks: 401,
            billcom: 402,
            to_quickbooks: 3,
            to_billcom: 4,
            applied: 398,
        }],
        days: days.collect(),
        sessions: vec![SessionView {
            id: 7,
            started_at: NOON.to_owned(),
            ended_at: Some("2026-11-22T12:00:42Z".to_owned()),
            rounds: 3,
            records_read: 12_000,
            applied: 1,
            outcome: hostile(),
        }],
        events: vec![event()],
        company_file: Some(hostile()),
        app_url: hostile(),
        user_name: hostile(),
        settings: vec![
            ("start_date".to_owned(), "2026-11-01".to_owned()),
            ("default_item".to_owned(), hostile()),
            ("newer".to_owned(), hostile()),
        ],
    }
}

pub(super) fn event() -> EventView {
    EventView {
        id: 1,
        at: NOON.to_owned(),
        kind: "applied".to_owned(),
        record_kind: Some("vendor".to_owned()),
        text: hostile(),
    }
}

pub(super) fn problem() -> ProblemView {
    ProblemView {
        line: line(1),
        kind: Some("vendor".to_owned()),
        what_happened: hostile(),
        what_to_do: vec![hostile()],
        technical: Some(hostile()),
        opened_at: NOON.to_owned(),
        fields: vec![FieldView { label: hostile(), quickbooks: Some(hostile()), billcom: None, differs: true }],
    }
}

pub(super) fn plan(steps: usize) -> PlanView {
    let step = StepView {
        side: "quickbooks".to_owned(),
        kind: "vendor_credit".to_owned(),
        operation: "create".to_owned(),
        record: hostile(),
        reason: hostile(),
    };
    let waiting =
        WaitingView { side: "billcom".to_owned(), kind: "bill".to_owned(), record: hostile(), reason: hostile() };
    PlanView { company: "acme".to_owned(), steps: vec![step; steps], waiting: vec![waiting], problems: vec![line(1)] }
}
