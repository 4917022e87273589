"""What a screen reader is told: the accessibility tree of the main pages, against the files in `spoken`.

Numbers, times and ids are masked, lists and tables are shown by their first item. `COUNTERFOIL_BLESS=1` writes the files anew; look at what
changed before you keep it. A file that no page belongs to is an error.
"""

import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent / "spoken"
PAGES = {
    "sign-in": "/sign-in",
    "companies": "/",
    "status": "/companies/{company}",
    "problems": "/companies/{company}/problems",
    "problem": "/companies/{company}/problems/{problem}",
    "plan": "/companies/{company}/plan",
    "check": "/companies/{company}/check",
    "calendar": "/companies/{company}/calendar",
    "records": "/companies/{company}/records",
    "history": "/companies/{company}/history",
    "settings": "/companies/{company}/settings",
    "connect": "/companies/{company}/setup",
    "stopped": "/companies/{stuck}",
    "people": "/people",
    "alerts": "/alerts",
    "add": "/add-company",
}
MASKS = [
    (re.compile(r"(/records/[a-z]+/[a-z_]+/)[\w-]+"), r"\1ID"),
    (re.compile(r"\b(just now|\d+ (second|minute|hour|day)s? ago|in \d+ (second|minute|hour)s?|in a moment)\b"), "WHEN"),
    # How long something took.
    (re.compile(r"\b(\d+ h \d+ min|\d+ min \d+ s|\d+ s|under a second)\b"), "SPAN"),
    # How much a visit did: what was left to the last one.
    (re.compile(r"\bOK(, \d+ [a-z ]+)+"), "OK, WHAT"),
    (re.compile(r"\b(Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sun|Mon|Tue|Wed|Thu|Fri|Sat)\b,?"), "DAY"),
    (re.compile(r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\b"), "MONTH"),
    (re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"), "MON"),
    (re.compile(r"(?<!level=)[-−]?\b\d[\d,.:]*"), "0"),
    # When something was, in whatever form.
    (re.compile(r"- time: .*"), "- time: WHEN"),
    (re.compile(r"\b0 [AP]M\b"), "0"),
    # How many months and amounts stand along a curve.
    (re.compile(r"\b(0|MON|DAY)( (0|MON|DAY)\b)+"), "0"),
    # Whether the last reading saw the last payment already.
    (re.compile(r"\b0 differs\b"), "0"),
    # What a row consists of stands below it.
    (re.compile(r"- '?row \".*\"'?:"), "- row:"),
]
# What repeats itself is shown once; how often it does depends on the day.
REPEATED = ("row", "listitem")
# Tables that are another one every day: their head only.
DAILY = {"calendar": ("rowgroup",)}


def spoken(page, repeated):
    text = page.locator("body").aria_snapshot()
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return shortened(text.splitlines(), repeated)


def shortened(lines, repeated):
    """Of items that follow each other on one level, the first one only."""
    kept, leaving, last = [], None, {}
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if leaving is not None and depth > leaving:
            continue
        leaving = None
        role = re.match(r"\s*- '?(\w+)?", line).group(1)
        last = {level: before for level, before in last.items() if level <= depth}
        if role in repeated and last.get(depth) == role:
            leaving = depth
            continue
        last[depth] = role
        kept.append(line)
    return "\n".join(kept) + "\n"


@pytest.mark.parametrize("name", PAGES)
def test_what_is_told_of_a_page(open_page, site, name):
    page = open_page(signed_in=name != "sign-in")
    (problem, *_) = site.server.status(site.company)["problems"]
    page.goto(PAGES[name].format(company=site.company.id, stuck=site.stuck.id, problem=problem["id"]))
    told, file = spoken(page, REPEATED + DAILY.get(name, ())), FOLDER / f"{name}.yml"
    if os.environ.get("COUNTERFOIL_BLESS"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(told)
    assert told == file.read_text(), f"{file.name} is no longer what is told; COUNTERFOIL_BLESS=1 writes it anew"


def test_every_file_belongs_to_a_page():
    assert {file.stem for file in FOLDER.glob("*.yml")} == set(PAGES)
