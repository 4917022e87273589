//! What the templates draw.

use super::{HOSTILE_NAME, sample};
use crate::web::pages::connect::ConnectPage;
use crate::web::pages::history::HistoryPage;
use crate::web::pages::plan::PlanPage;
use crate::web::pages::problems::ProblemPage;
use crate::web::pages::settings::SettingsPage;
use crate::web::pages::status::StatusPage;
use crate::web::pages::{Frame, message::Message};
use askama::Template;

/// A frame for an owner at the moment of the samples, plus two minutes.
fn frame() -> Frame {
    let now = "2026-11-22T12:02:00Z".parse().expect("a time");
    Frame::for_tests(HOSTILE_NAME, now)
}

fn all_pages() -> Vec<(&'static str, String)> {
    let (view, status, plan, problem) = (sample::company(), sample::status(), sample::plan(3), sample::problem());
    let events = [sample::event()];
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a page");
    vec![
        ("status", render(&StatusPage::new(frame(), &view))),
        ("problem", render(&ProblemPage::new(frame(), &status, &problem))),
        ("plan", render(&PlanPage::new(frame(), &status, &plan))),
        ("history", render(&HistoryPage::new(frame(), &status, &events, 1))),
        ("settings", render(&SettingsPage::new(frame(), &view, &[], Some(HOSTILE_NAME.to_owned())))),
        ("connect", render(&ConnectPage::new(frame(), &view, Some(HOSTILE_NAME)))),
        ("message", Message::new(HOSTILE_NAME, HOSTILE_NAME).render().expect("a page")),
    ]
}

#[test]
fn no_imported_text_becomes_markup() {
    for (name, page) in all_pages() {
        assert!(!page.contains("<script>alert"), "{name}");
        assert!(!page.contains("\"Sons\""), "{name}: a quotation mark would end an attribute");
        assert!(page.contains("&#60;script&#62;alert(1)"), "{name} shows the name");
        assert_eq!(page.matches("<script").count(), 1, "{name}: our own script and no other");
        assert!(!page.contains(" style=") && !page.contains(" onclick="), "{name}: the policy forbids inline code");
    }
}

#[test]
fn the_status_page_says_who_must_act_and_shows_every_figure() {
    let view = sample::company();
    let page = StatusPage::new(frame(), &view).render().expect("a page");
    for wanted in [
        "Needs you",
        "2 minutes ago",
        "not yet",
        "1,234",
        "3 going to QuickBooks",
        "4 going to Bill.com",
        "42 s",
        "12,000 records read",
        "Pause now",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(page.contains("126 changes written to QuickBooks, 28 to Bill.com, 14 refused"));
    assert!(page.len() < 60_000, "{}", page.len());
}

#[test]
fn the_modes_have_their_own_switches() {
    let mut view = sample::company();
    for (mode, wanted, unwanted) in [
        ("preview", "Nothing is written yet", "Pause now"),
        ("running", "Pause now", "Nothing is written yet"),
        ("paused", "Resume now", "Pause now"),
    ] {
        view.status.mode = mode.to_owned();
        let page = StatusPage::new(frame(), &view).render().expect("a page").replace("nothing is", "Nothing is");
        assert!(page.contains(wanted) && !page.contains(unwanted), "{mode}");
    }
}

#[test]
fn whoever_may_only_look_sees_no_buttons() {
    let view = sample::company();
    let viewer = || {
        let mut frame = frame();
        frame.is_owner = false;
        frame
    };
    let (status, problem) = (sample::status(), sample::problem());
    for page in [
        StatusPage::new(viewer(), &view).render(),
        ProblemPage::new(viewer(), &status, &problem).render(),
        ConnectPage::new(viewer(), &view, None).render(),
        SettingsPage::new(viewer(), &view, &[], None).render(),
    ] {
        let page = page.expect("a page");
        let forms = page.matches("<form").count() - page.matches("action=\"/sign-out\"").count();
        assert!(forms == 0 || page.contains("<fieldset class=\"paper\" disabled"), "{page}");
        assert!(!page.contains("class=\"primary\""));
    }
}

#[test]
fn a_long_plan_is_cut_and_says_so() {
    let (status, plan) = (sample::status(), sample::plan(1_000));
    let page = PlanPage::new(frame(), &status, &plan).render().expect("a page");
    assert!(page.contains("And 600 more"), "the rest is counted");
    assert!(page.contains("<span class=\"count\">1,000</span>"));
}

#[test]
fn refused_settings_are_shown_again_as_typed() {
    let view = sample::company();
    let typed = [("default_item".to_owned(), "typed".to_owned())];
    let page = SettingsPage::new(frame(), &view, &typed, Some("That cannot be.".to_owned())).render().expect("a page");
    assert!(page.contains("value=\"typed\"") && page.contains("role=\"alert\""));
    assert!(page.contains("name=\"set.newer\""), "a setting that this table does not know is still shown");
}
