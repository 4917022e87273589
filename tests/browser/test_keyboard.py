"""Hands that never leave the keyboard: what matters most is done with Tab, Enter and Space alone."""

import re

from conftest import PASSWORD
from playwright.sync_api import expect

STOPS_MAX = 120


def go_to(page, role, name):
    """Tabs on until the focus is on what is called so, as somebody does who sees or hears only the focus."""
    wanted = page.get_by_role(role, name=name).first
    for _ in range(STOPS_MAX):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement || node.parentElement === document.activeElement"):
            return
    raise AssertionError(f"{role} {name} is not reached")


def test_a_company_is_paused_and_resumed(open_page, site):
    page = open_page()
    page.goto("/")
    go_to(page, "link", "Acme Tools & Sons")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Status of Acme Tools & Sons")
    for opener, button, state in [("Pause…", "Pause now", "Paused"), ("Resume…", "Resume now", "")]:
        page.locator("summary", has_text=opener).wait_for()
        for _ in range(STOPS_MAX):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == opener:
                break
        page.keyboard.press("Enter")
        go_to(page, "button", button)
        page.keyboard.press("Space")
        page.wait_for_url(re.compile(r"\?done="))
        expect(page.get_by_role("main")).to_contain_text(state)
    assert site.server.status(site.company)["mode"] == "running"


def test_a_problem_is_decided_and_thought_better_of(open_page, site):
    page = open_page()
    page.goto(f"/companies/{site.company.id}/problems")
    before = site.server.status(site.company)["problems"]
    go_to(page, "button", re.compile("^Leave as it is"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leave as it is?")
    go_to(page, "link", "Not now")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Problems")
    assert site.server.status(site.company)["problems"] == before


def test_a_form_is_filled_in_and_says_what_is_wrong(open_page):
    page = open_page()
    page.goto("/account")
    go_to(page, "textbox", "Your own password")
    for text in ["not the password", PASSWORD, PASSWORD]:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Change password"
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_skip_link_leads_past_the_head(open_page, site):
    page = open_page()
    page.goto(f"/companies/{site.company.id}/records")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
