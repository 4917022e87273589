"""The real binary in a real browser: Debian's Chromium, without a window.

Pages are found by what a person sees (roles, names, labels), never by their markup, so that they can be drawn anew without
breaking a test. The server, a practice organisation beside it, and its first owner are those of the foreign clients.
"""

import importlib.util
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlparse

import pytest
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
NAME = "Ada"
PASSWORD = "seven green bottles on a wall"
# What the practice organisation's documents need on the other side.
CLEARING = [
    *("--set", "start_date=2020-01-01", "--set", "deposit_account=Undeposited Funds"),
    *("--set", "default_expense_account=Office Supplies", "--set", "default_item=Lawn Care"),
    *("--set", "money_out_clearing=Money Out Clearing", "--set", "money_in_clearing=Money In Clearing"),
]
# It asks nobody but this machine, not even for its own sake: where the network is closed, it would wait for answers.
CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# More than the practice books take on a machine that does something else beside.
VISITS_MAX = 15
# Links that are no pages: they are fetched, not looked at.
DOWNLOADS = re.compile(r"\.qwc|^/api/|\.csv|/export$|[?&]file=")
# On to Bill.com's own page of a record, which is not ours to look at.
LEADS_OUT = re.compile(r"/records/[^/]+/[^/]+/[^/]+/open$")
# Pages that differ by a number, a word or a name only: one of each kind is enough.
ALIKE = [
    (re.compile(r"/(history|records|calendar)\?.*"), r"/\1?FILTER"),
    (re.compile(r"/plan/\w+/\w+"), "/plan/SIDE/KIND"),
    (re.compile(r"/problems/\d+"), "/problems/N"),
    (re.compile(r"/problems/group/\w+"), "/problems/group/KEY"),
    (re.compile(r"/sessions/\d+/\d+"), "/sessions/N/N"),
    (re.compile(r"/sessions/\d+"), "/sessions/N"),
    (re.compile(r"/records/[^/]+(/[^/]+)/.+"), r"/records/SIDE\1/RECORD"),
    (re.compile(r"^(/help/[a-z-]+)/.+"), r"\1/ENTRY"),
]


def foreign():
    spec = importlib.util.spec_from_file_location("foreign_clients", HERE.parent / "foreign" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pytest_runtest_logreport(report):
    """A failure is told at once: should a later test hang, nothing is told at the end."""
    if report.failed:
        print(f"\n{report.nodeid} ({report.when}):\n{report.longreprtext}\n", flush=True)


def pytest_collection_modifyitems(items):
    """What is told of the pages is compared before anybody does anything there."""
    items.sort(key=lambda item: item.path.name != "test_spoken.py")


class Site:
    """A server, its setup link, and companies to look at."""

    def __init__(self, folder):
        self.server = foreign().Server(folder)
        self.url = self.server.url
        self.setup = self.url + urlparse(re.search(r"http\S+/setup/\S+", self.server.setup_line).group(0)).path
        self.company = self.server.add_company("Acme Tools & Sons", "--start", "--set", "poll_interval=2s", *CLEARING)
        self.server.wait_for_billcom(self.company)
        self.settle(folder)
        self.stuck = self.add_locked_out()

    def settle(self, folder):
        """A Web Connector with the practice books comes by until nothing is left to do: pages tell of what is under way."""
        file = folder / f"{self.company.id}.qwc"
        self.server.run("company", "qwc", self.company.id, "--output", file)
        every = re.compile(r"<RunEveryNMinutes>\d+</RunEveryNMinutes>")
        file.write_text(every.sub("<RunEveryNSeconds>2</RunEveryNSeconds>", file.read_text()))
        connector = ("simulate", "connector", "--qwc", file, "--password", self.company.password)
        process = foreign().Process(*connector, log=folder / "connector.log")
        try:
            for _ in range(VISITS_MAX):
                process.read_until(r"^\d\d:\d\d:\d\d ")
                status = self.server.status(self.company)
                if self.is_settled(status):
                    break
            assert self.is_settled(status), f"something is still under way: {status}"
        finally:
            process.stop()
        self.server.run("company", "set", self.company.id, "poll_interval=1m")

    @staticmethod
    def is_settled(status):
        return not any(status["intents"].get(state) for state in ("waiting", "ready", "sent", "in_doubt"))

    @contextmanager
    def wrong_password(self):
        good = self.server.billcom["Password"]
        self.server.billcom["Password"] = "not the password"
        yield
        self.server.billcom["Password"] = good

    def add_locked_out(self):
        """A company that Bill.com has never let in: a problem with a button, from the beginning."""
        with self.wrong_password():
            company = self.server.add_company("Bolt <b>Works</b>", "--start", "--set", "poll_interval=2s")
        self.await_lock_out(company)
        return company

    def lock_out(self, company):
        """Bill.com turns a company away, from now on."""
        with self.wrong_password():
            self.server.run("company", "credentials", company.id)
        self.await_lock_out(company)

    def await_lock_out(self, company):
        self.server.wait(company, lambda it: it["problems"], "Bill.com did not turn it away")

    def let_in(self, company):
        self.server.run("company", "credentials", company.id)

    def stop(self):
        self.server.process.stop()
        self.server.practice.stop()
        log = self.server.log.read_text()
        assert "panicked" not in log, log


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "install it first: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Watched:
    """Notes what no page may do: ask another host, break the content policy, or fail in its script."""

    def __init__(self, page, host):
        self.complaints = []
        page.on("request", lambda request: self.look(request, host))
        page.on("response", self.weigh)
        page.on("console", self.listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def look(self, request, host):
        if urlparse(request.url).netloc != host:
            self.complaints.append(f"asked {request.url}")

    def weigh(self, response):
        """A page may refuse what somebody sent; the server may not fail, and what a page consists of has to be there."""
        worst = 500 if response.request.is_navigation_request() else 400
        if response.status >= worst:
            self.complaints.append(f"{response.status} for {response.url}")

    def listen(self, line):
        # What did not load was weighed above, by its status.
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            self.complaints.append(line.text)


@pytest.fixture(scope="session")
def owner(site, chromium):
    """The cookies of the first owner, who is set up as a person does it."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site.setup)
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url(site.url + "/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(site, chromium, owner):
    """Opens pages as the owner, in a browser as it is described; complains at the end of what no page may do."""
    contexts, watched = [], []

    def make(signed_in=True, **how):
        context = chromium.new_context(storage_state=owner if signed_in else None, base_url=site.url, **how)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        watched.append(Watched(page, urlparse(site.url).netloc))
        return page

    yield make
    for context in contexts:
        context.close()
    assert [complaint for one in watched for complaint in one.complaints] == []


@pytest.fixture(scope="session")
def pages(site, chromium, owner):
    """The path of every page that links lead to, one of each kind."""
    context = chromium.new_context(storage_state=owner, base_url=site.url, java_script_enabled=True)
    page = context.new_page()
    seen, waiting, found = set(), ["/"], []
    while waiting:
        path = waiting.pop(0)
        kind = path
        for pattern, word in ALIKE:
            kind = pattern.sub(word, kind)
        if kind in seen or LEADS_OUT.search(path):
            continue
        seen.add(kind)
        if DOWNLOADS.search(path):
            answer = context.request.get(path)
            assert answer.status == 200, f"{path} is linked to and answers {answer.status}"
            continue
        answer = page.goto(path)
        assert answer.status == 200, f"{path} is linked to and answers {answer.status}"
        found.append(path)
        for link in page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            target = urlparse(urldefrag(urljoin(site.url + path, link)).url)
            if f"{target.scheme}://{target.netloc}" == site.url:
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    context.close()
    assert len(found) > 15, found
    return found
