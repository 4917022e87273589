"""The cash-flow calendar: what a bookkeeper asks it on a Monday morning."""

import re

import pytest
from playwright.sync_api import expect

DAY = 'details[name="cal-day"]'


@pytest.fixture
def calendar(open_page, site):
    def at(**how):
        page = open_page(**how)
        page.goto(f"/companies/{site.company.id}/calendar")
        return page

    return at


def turn_to(page, what):
    """On the last days of a month there may be nothing ahead in it: then the next one is looked at."""
    if page.locator(what).count() < 3:
        page.get_by_role("navigation", name="Months").locator('[rel="next"]').click()
        page.wait_for_load_state()
    return page.locator(what)


def cents(text):
    """The amount in a text such as -1,234.56."""
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_day_opens_and_leads_to_what_is_due(calendar, script):
    page = calendar(java_script_enabled=script)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cash flow")
    day = turn_to(page, DAY).last
    expect(day.locator(".cal-due")).to_be_hidden()
    day.locator("summary").click()
    expect(day.locator(".cal-due")).to_be_visible()
    counted = int(re.search(r"(\d+) items?", day.locator("summary").inner_text()).group(1))
    assert day.locator("li").count() == counted
    due = day.locator("li").first
    amount = due.locator(".cal-amount").inner_text()
    due.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/records/(quickbooks|billcom)/"))
    expect(page.get_by_role("main")).to_contain_text(amount.lstrip("-−").replace(",", ""))


def test_the_days_add_up_to_the_balance_of_the_evening(calendar):
    page = calendar()
    evenings, moves = [], []
    for cell in turn_to(page, "td.cal-ahead").all():
        evening = cell.locator(".cal-evening")
        if not evening.count():
            continue
        amount = lambda what: sum(cents(one.inner_text()) for one in cell.locator(what).all())
        evenings.append(cents(evening.inner_text()))
        moves.append(abs(amount(".cal-in")) - abs(amount(".cal-out")))
    assert len(evenings) >= 3, "a month has days ahead"
    assert [after - before for before, after in zip(evenings, evenings[1:])] == moves[1:]


def test_what_is_not_approved_can_be_left_out_and_counted_again(calendar):
    page = calendar()
    lowest = page.locator(".cal-figures dd").last
    counted = lowest.inner_text()
    page.get_by_role("link", name="Leave them out").click()
    expect(page.get_by_text("They are not counted here.")).to_be_visible()
    left_out = lowest.inner_text()
    assert cents(left_out) >= cents(counted), "bills only take money away"
    page.get_by_role("link", name="What if they are approved?").click()
    expect(page.get_by_text("They are counted here.")).to_be_visible()
    assert lowest.inner_text() == counted


def test_months_are_turned_and_turned_back(calendar):
    page = calendar()
    month = page.get_by_role("heading", level=2, name=re.compile(r"^[A-Z][a-z]+ \d{4}$"))
    first = month.inner_text()
    months = page.get_by_role("navigation", name="Months")
    months.locator('[rel="next"]').click()
    expect(month).not_to_have_text(first)
    months.locator('[rel="prev"]').click()
    expect(month).to_have_text(first)


def test_the_curve_is_told_in_words(calendar):
    page = calendar()
    told = page.get_by_role("img", name=re.compile("if everything is paid when it is due"))
    expect(told).to_be_visible()
    name = told.evaluate("node => document.getElementById(node.getAttribute('aria-labelledby')).textContent")
    lowest = page.locator(".cal-figures dd").last.inner_text().split("\n")[0]
    assert lowest in name, "the lowest point stands in the words too"


def test_a_day_opens_with_the_keyboard_on_a_telephone_in_the_dark(calendar):
    page = calendar(viewport={"width": 360, "height": 740}, color_scheme="dark")
    day = turn_to(page, DAY).last
    day.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(day.locator(".cal-due")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cal-due') !== null"), "the next stop is what is due"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
