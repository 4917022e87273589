"""The whole set-up, as a stranger goes through it: from an empty page to both sides in step, told by the screen alone."""

import re
import subprocess
import time

import pytest
from playwright.sync_api import expect

from conftest import foreign

SETTINGS = {
    "set.default_expense_account": "Office Supplies",
    "set.money_out_clearing": "Money Out Clearing",
    "set.money_in_clearing": "Money In Clearing",
}


@pytest.fixture(scope="module")
def binary():
    return foreign().BINARY


def type_credentials(page, site, value):
    """What a person copies from Bill.com."""
    billcom = site.server.billcom
    page.get_by_role("radio", name="Another address").check()
    page.get_by_label("Address", exact=True).fill(billcom["Base URL"])
    page.get_by_label("Organisation id").fill(billcom["Organisation"])
    page.get_by_label("Name of the sync token").fill(billcom["User"])
    page.get_by_label("Its value").fill(value)
    page.get_by_label("Developer key").fill(billcom["Developer key"])
    page.get_by_role("button", name="Test and go on").click()


def visit(binary, file, password):
    """Update Selected, in the Web Connector."""
    command = [binary, "simulate", "connector", "--qwc", file, "--password", password, "--once"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_nothing_to_both_sides_in_step(open_page, site, binary, tmp_path, script):
    page = open_page(java_script_enabled=script, accept_downloads=True)
    name = f"Dune Dental, {'with' if script else 'without'} script"
    page.goto("/")
    page.get_by_role("link", name="Add a company").click()
    page.get_by_label("Name of the company here").fill(name)
    type_credentials(page, site, "a wrong value")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept")
    type_credentials(page, site, site.server.billcom["Password"])

    expect(page.get_by_role("heading", level=1)).to_have_text("A few settings")
    for field, value in SETTINGS.items():
        if (control := page.locator(f'[name="{field}"]')).count():
            control.fill(value)
    page.get_by_role("button", name="Go on to QuickBooks").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Connect QuickBooks")
    expect(page.get_by_text("Waiting for QuickBooks.")).to_be_visible()
    page.get_by_role("button", name="Show the password to paste").click()
    password = page.locator("code.password").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download .qwc file").click()
    file = tmp_path / "counterfoil.qwc"
    download.value.save_as(file)
    assert password not in file.read_text(), "the file holds no password"

    visit(binary, file, password)
    if not script:
        page.get_by_role("link", name="QuickBooks setup").click()
    # With script, the line turns green by itself.
    expect(page.get_by_text("Connected.")).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="Everything is read").click(timeout=40_000)

    expect(page.get_by_role("heading", level=2, name="Preview: nothing is written yet.")).to_be_visible()
    changes = page.get_by_role("heading", level=2, name=re.compile(r"^In QuickBooks [1-9]"))
    # Bill.com may still be read; without script, somebody looks again.
    until = time.monotonic() + 40
    while not changes.count() and time.monotonic() < until:
        page.wait_for_timeout(500)
        page.reload()
    expect(changes).to_be_visible()
    page.locator("summary", has_text="Start…").click()
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile("started", re.I))

    visit(binary, file, password)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(re.compile("Up to date|Syncing|Needs you"))
    company = re.search(r"/companies/([^/?]+)", page.url).group(1)
    status = site.server.status(Known(company))
    assert status["mode"] == "running" and status["links"]["vendor"] > 3 and status["intents"]["applied"] > 3, status
    forget(page, site, company)


class Known:
    """A company that was made on the page."""

    def __init__(self, id):
        self.id = id


def forget(page, site, company):
    """Removes it, as a person does, so that the other tests find the server as it was."""
    page.goto(f"/companies/{company}/remove")
    page.get_by_role("main").get_by_role("textbox").first.fill(page.locator(".company-name").inner_text())
    page.get_by_role("main").get_by_role("button", name=re.compile("Remove")).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Companies")
    expect(page.locator(f'a[href="/companies/{company}"]')).to_have_count(0)
