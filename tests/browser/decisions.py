"""What the tests of problems share: people at Bill.com, and a bookkeeper who reads a problem and presses its button."""

import json
import re
import urllib.parse
import urllib.request

import pytest
from awkward import update
from playwright.sync_api import expect

SETTINGS = ["--set", "read_interval=0s", "--set", "poll_interval=2s", "--set", "start_date=2000-01-01"]


class PracticeBillCom:
    """The practice organisation, as its people see it."""

    def __init__(self, table):
        self.base, self.table, self.session = table["Base URL"], table, None
        who = {"userName": table["User"], "password": table["Password"], "orgId": table["Organisation"]}
        self.session = self.call("Login", **who)["sessionId"]

    def call(self, path, **fields):
        fields["devKey"] = self.table["Developer key"]
        if self.session:
            fields["sessionId"] = self.session
        body = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(f"{self.base}/{path}.json", body, timeout=10) as answer:
            told = json.load(answer)
        assert told["response_status"] == 0, told
        return told["response_data"]

    def list(self, kind):
        return self.call(f"List/{kind}", data=json.dumps({"start": 0, "max": 999}))


class AtTheDesk:
    """A company of `server`, with the `books` of its QuickBooks."""

    def problems(self, code):
        return [one for one in self.server.status(self.company)["problems"] if one["code"] == code]

    def update(self):
        update(self.company, self.books)


@pytest.fixture
def decide(open_page, desk):
    """Finds the one problem of a sort on the page, reads it, and presses one of its buttons as a person does."""
    page = open_page()

    def press(code, label, part="", **how):
        found = [one for one in desk.problems(code) if part in one["summary"]]
        assert len(found) == 1, f"{found} of {desk.server.status(desk.company)}"
        (problem,) = found
        page.goto(f"/companies/{desk.company.id}/problems/{problem['id']}")
        expect(page.get_by_role("heading", level=1)).to_have_text(problem["summary"])
        expect(page.get_by_role("heading", level=2, name="What happened")).to_be_visible()
        assert page.get_by_role("link", name="More about this kind of problem").get_attribute("href") == f"/help/problems/{code}"
        confirm(page, label, **how)
        assert problem["id"] not in {one["id"] for one in desk.problems(code)}
        return page

    return press


def confirm(page, label, sends=None):
    """The button, the page that shows what it would do, and the button there."""
    page.get_by_role("button", name=f"{label}…").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{label}?")
    expect(page.get_by_text("Nothing is done yet")).to_be_visible()
    if sends:
        expect(page.get_by_role("main")).to_contain_text(sends)
    page.get_by_role("button", name=label, exact=True).click()
    expect(page).to_have_url(re.compile(r"/problems\?done=resolved$"))
    expect(page.get_by_role("status").first).to_be_visible()
