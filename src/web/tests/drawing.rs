//! What the templates draw.

use super::{HOSTILE_NAME, sample};
use crate::engine::{HistoryQuery, RecordQuery};
use crate::web::pages::add::{AddPage, BeginPage, Typed};
use crate::web::pages::connect::ConnectPage;
use crate::web::pages::credentials::CredentialsPage;
use crate::web::pages::history::HistoryPage;
use crate::web::pages::plan::{PlanPage, StepsPage};
use crate::web::pages::problems::{ConfirmPage, GroupPage, ProblemPage, ProblemsPage};
use crate::web::pages::records::{RecordPage, RecordsPage};
use crate::web::pages::removal::RemovePage;
use crate::web::pages::sessions::{ExchangePage, SessionPage, SessionsPage};
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
    let (view, summary, problem, choices) =
        (sample::company(), sample::summary(), sample::problem(), sample::suggestions());
    let (plan, steps, effect) = (sample::plan(3), sample::plan_steps(), sample::effect());
    let (groups, events, sessions) = ([sample::group(3)], [sample::event()], [sample::session()]);
    let (transcript, exchange) = (sample::transcript(), sample::exchange_text());
    let (records, record) = (sample::records(), sample::record());
    let looked_for = RecordQuery { text: HOSTILE_NAME.to_owned(), ..RecordQuery::default() };
    let asked =
        HistoryQuery { text: HOSTILE_NAME.to_owned(), from: HOSTILE_NAME.to_owned(), ..HistoryQuery::default() };
    let refusal = ("default_item".to_owned(), HOSTILE_NAME.to_owned());
    let fault = || Some(("user", HOSTILE_NAME.to_owned()));
    let render = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a page");
    vec![
        ("status", render(&StatusPage::new(frame(), &view))),
        ("problems", render(&ProblemsPage::new(frame(), &summary, &groups))),
        ("group", render(&GroupPage::new(frame(), &summary, &groups[0]))),
        ("problem", render(&ProblemPage::new(frame(), &summary, &problem))),
        ("confirm", render(&ConfirmPage::new(frame(), &summary, &effect))),
        ("plan", render(&PlanPage::new(frame(), &summary, &plan))),
        ("steps", render(&StepsPage::new(frame(), &summary, (HOSTILE_NAME, "bill"), &steps, 0))),
        ("records", render(&RecordsPage::new(frame(), &summary, &looked_for, &records))),
        ("record", render(&RecordPage::new(frame(), &summary, &record))),
        ("history", render(&HistoryPage::new(frame(), &summary, &asked, &events))),
        ("sessions", render(&SessionsPage::new(frame(), &summary, &sessions))),
        ("session", render(&SessionPage::new(frame(), &summary, &transcript))),
        ("exchange", render(&ExchangePage::new(frame(), &summary, &exchange))),
        ("settings", render(&SettingsPage::new(frame(), &view, &[], Some(&refusal), &choices))),
        ("credentials", render(&CredentialsPage::new(frame(), &view, HOSTILE_NAME, fault()))),
        ("remove", render(&RemovePage::new(frame(), &summary, Some("no")))),
        ("connect", render(&ConnectPage::new(frame(), &view, Some(HOSTILE_NAME)))),
        ("begin", render(&BeginPage::new(frame(), &summary, &view.settings, Some(HOSTILE_NAME.to_owned())))),
        ("add", render(&AddPage::new(frame(), Typed::default(), fault()))),
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
        assert!(page.len() < 60_000, "{name} has {} bytes", page.len());
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
        "in 13 minutes",
        "1,234",
        "Who must act",
        "3 to create in QuickBooks",
        "The Web Connector is silent",
        "Look at all 7",
        "value=\"40\"",
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
        view.summary.mode = mode.to_owned();
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
    let (summary, problem, choices) = (sample::summary(), sample::problem(), sample::suggestions());
    for page in [
        StatusPage::new(viewer(), &view).render(),
        ProblemPage::new(viewer(), &summary, &problem).render(),
        ProblemsPage::new(viewer(), &summary, &[sample::group(1)]).render(),
        PlanPage::new(viewer(), &summary, &sample::plan(3)).render(),
        RecordPage::new(viewer(), &summary, &sample::record()).render(),
        RemovePage::new(viewer(), &summary, None).render(),
        CredentialsPage::new(viewer(), &view, "", None).render(),
        ConnectPage::new(viewer(), &view, None).render(),
        SettingsPage::new(viewer(), &view, &[], None, &choices).render(),
    ] {
        let page = page.expect("a page");
        let forms = page.matches("<form").count() - page.matches("action=\"/sign-out\"").count();
        assert!(forms == 0 || page.contains("<fieldset class=\"paper\" disabled"), "{page}");
        assert!(!page.contains("class=\"primary\""));
    }
}

#[test]
fn a_long_plan_shows_examples_and_counts_the_rest() {
    let (summary, plan) = (sample::summary(), sample::plan(1_000));
    let page = PlanPage::new(frame(), &summary, &plan).render().expect("a page");
    assert!(page.contains("1,000 changes") && page.contains("1,000 to create"), "{page}");
    assert!(page.contains("All 1,001") && page.contains("/plan/quickbooks/vendor_credit"), "{page}");
}

#[test]
fn a_group_of_problems_is_ticked_and_includes_what_is_not_shown() {
    let (summary, group) = (sample::summary(), sample::group(300));
    let page = GroupPage::new(frame(), &summary, &group).render().expect("a page");
    assert_eq!(page.matches("type=\"checkbox\"").count(), 200);
    assert_eq!(page.matches("name=\"problem\"").count(), 300);
    assert!(page.contains("100 more of the same") && page.contains("value=\"skip\""));
}

#[test]
fn a_button_shows_what_it_sends_before_it_is_pressed() {
    let (summary, mut effect) = (sample::summary(), sample::effect());
    let page = ConfirmPage::new(frame(), &summary, &effect).render().expect("a page");
    for wanted in ["Nothing is done yet", "Worked out for the first 1", "the other 1", "only once somebody starts"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert_eq!(page.matches("name=\"problem\"").count(), 2, "both are confirmed");
    effect.sends.clear();
    let page = ConfirmPage::new(frame(), &summary, &effect).render().expect("a page");
    assert!(page.contains("Nothing is sent to either side"));
}

#[test]
fn refused_settings_are_shown_again_as_typed() {
    let view = sample::company();
    let typed = [("default_item".to_owned(), "typed".to_owned())];
    let refusal = ("default_item".to_owned(), "That cannot be.".to_owned());
    let choices = sample::suggestions();
    let page = SettingsPage::new(frame(), &view, &typed, Some(&refusal), &choices).render().expect("a page");
    assert!(page.contains("aria-invalid=\"true\"") && page.contains("id=\"why-default_item\""), "beside its field");
    assert!(page.contains("value=\"typed\"") && page.contains("role=\"alert\""));
    assert!(page.contains("name=\"set.newer\""), "a setting that this table does not know is still shown");
}
