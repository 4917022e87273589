"""What a screen reader is told of the main pages, as text files beside this one.

After a page was changed on purpose: run with UPDATE_SNAPSHOTS=1, read the difference, and commit it.
"""

import os
import re
from pathlib import Path

import pytest

SNAPSHOTS = Path(__file__).resolve().parent / "snapshots"
# What differs from run to run.
VARYING = [
    (re.compile(r"\d{1,2} \w{3} \d{4}, \d{2}:\d{2}( UTC)?"), "TIME"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}, [\d:]+ ?[AP]?M?"), "TIME"),
    (re.compile(r"just now|\d+ (second|minute|hour)s? ago"), "LATELY"),
    (re.compile(r"\d+ browsers?"), "N browsers"),
    (re.compile(r"127\.0\.0\.1:\d+|localhost:\d+"), "HOST"),
]
PAGES = {"people": "/people", "tokens": "/tokens", "alerts": "/alerts", "help": "/help", "help-states": "/help/states"}


def compare(page, name):
    text = page.get_by_role("main").aria_snapshot()
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    path = SNAPSHOTS / f"{name}.aria.yml"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n")
    assert path.exists(), f"there is no {path.name}; run with UPDATE_SNAPSHOTS=1"
    assert text + "\n" == path.read_text()


@pytest.mark.parametrize("name", PAGES)
def test_main_pages(open_page, site, name):
    people = site.server.run("user", "list", "--json")
    if '"Vic"' in people:
        site.server.run("user", "remove", "Vic")
    page = open_page()
    page.goto(PAGES[name])
    compare(page, name)


def test_the_sign_in_page(open_page):
    page = open_page(signed_in=False)
    page.goto("/sign-in")
    compare(page, "sign-in")


def test_every_snapshot_belongs_to_a_page():
    assert {path.name for path in SNAPSHOTS.iterdir()} == {f"{name}.aria.yml" for name in [*PAGES, "sign-in"]}
