"""What people do: signing in, looking, deciding, pausing; with and without a pointer, with and without script."""

import re

import pytest
from conftest import NAME, PASSWORD
from playwright.sync_api import expect


def sign_in(page):
    page.goto("/sign-in")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_the_setup_link_works_once(open_page, owner, site):
    page = open_page(signed_in=False)
    answer = page.request.get(site.setup)
    assert answer.status == 404


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_signing_in_and_out(open_page, owner, script):
    page = open_page(signed_in=False, java_script_enabled=script)
    page.goto("/people")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill("a wrong password here")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")


def test_signing_in_leads_to_where_one_wanted_to_go(open_page, owner):
    page = open_page(signed_in=False)
    page.goto("/people")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/people$"))
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/sign-in$"))
    page.goto("/people")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))


def test_signing_in_with_the_keyboard_alone(open_page, owner):
    page = open_page(signed_in=False)
    page.goto("/sign-in")
    page.get_by_label("Name").focus()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.get_by_role("link", name="Acme Tools & Sons")).to_be_visible()


def test_the_company_page_tells_how_it_stands(open_page, site):
    page = open_page()
    page.goto("/")
    page.get_by_role("link", name="Acme Tools & Sons").first.click()
    expect(page).to_have_url(re.compile(rf"/companies/{site.company.id}$"))
    expect(page.get_by_role("main")).to_contain_text(
        re.compile("Up to date|Syncing|Waiting for QuickBooks|Needs you|Paused|Stopped")
    )


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_pausing_and_going_on(open_page, site, script):
    page = open_page(java_script_enabled=script)
    page.goto(f"/companies/{site.company.id}")
    press(page, re.compile("^Pause"))
    expect(page.get_by_role("main")).to_contain_text("Paused")
    assert site.server.status(site.company)["state"] == "paused"
    press(page, re.compile("^Resume"))
    assert site.server.status(site.company)["mode"] == "running"


def press(page, name):
    """Presses a button, and the one behind it where a page asks once more."""
    button = page.get_by_role("button", name=name)
    if not button.first.is_visible():
        page.locator("summary", has_text=name).first.click()
    button.locator("visible=true").first.click()
    page.wait_for_load_state()


def test_a_problem_is_resolved_and_has_help(open_page, site):
    page = open_page()
    problem = site.server.status(site.stuck)["problems"][0]
    page.goto(f"/companies/{site.stuck.id}/problems")
    page.get_by_role("link", name=problem["summary"]).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(problem["summary"])
    page.get_by_role("link", name=re.compile("More about", re.I)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bill.com does not let us in")
    page.go_back()
    label = problem["actions"][0]["label"]
    page.get_by_role("button", name=f"{label}…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{label}?")
    assert site.server.status(site.stuck)["problems"], "nothing is done before it was shown"
    site.let_in(site.stuck)
    page.get_by_role("button", name=label, exact=True).click()
    expect(page).to_have_url(re.compile(r"/problems\?done=resolved$"))
    site.server.wait(site.stuck, lambda it: not it["problems"], "the problem stays")
    page.goto(f"/companies/{site.stuck.id}/problems")
    expect(page.get_by_role("link", name=problem["summary"])).to_have_count(0)
    site.lock_out(site.stuck)


def test_a_viewer_is_added_and_sees_no_button(open_page, site):
    page = open_page()
    page.goto("/people")
    page.get_by_label("Name").fill("Vic")
    page.get_by_label("Role").select_option("viewer")
    page.get_by_label("New password").fill("nine yellow boats at sea")
    page.get_by_label("The same again").fill("nine yellow boats at sea")
    page.get_by_label("Your own password").fill(PASSWORD)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Vic")).to_be_visible()
    other = open_page(signed_in=False)
    other.goto("/sign-in")
    other.get_by_label("Name").fill("Vic")
    other.get_by_label("Password").fill("nine yellow boats at sea")
    other.get_by_role("button", name="Sign in").click()
    other.goto(f"/companies/{site.company.id}")
    expect(other.get_by_role("button", name=re.compile("^(Pause|Resume|Start)"))).to_have_count(0)
    other.goto("/people")
    expect(other.get_by_role("button", name="Add", exact=True)).to_have_count(0)


def test_a_search_in_the_help(open_page):
    page = open_page()
    page.goto("/help")
    page.get_by_role("searchbox").fill("QBWC1039")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("link", name="The application could not be added").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The application could not be added")
