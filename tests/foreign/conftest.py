"""The real binary, a practice organisation of Bill.com beside it, and companies on demand.

Nothing here knows the inside of the server: it is started as a person would start it, told of companies by its command
line, and spoken to over HTTP.
"""

import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("COUNTERFOIL_BINARY", ROOT / "target" / "release" / "counterfoil"))
# Generous: the machine may be busy with something else.
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 10


class Process:
    """A running command of the program."""

    def __init__(self, *arguments, log):
        self.log = open(log, "wb")
        self.popen = subprocess.Popen([BINARY, *arguments], stdout=subprocess.PIPE, stderr=self.log, text=True)

    def read_until(self, pattern):
        """What it printed, up to a line that matches, and the match."""
        text = ""
        for line in self.popen.stdout:
            text += line
            if found := re.search(pattern, line):
                return text, found
        told = Path(self.log.name).read_text()
        raise AssertionError(f"it ended before printing {pattern!r}: {text}\n{told}")

    def stop(self):
        self.popen.send_signal(signal.SIGTERM)
        began = time.monotonic()
        code = self.popen.wait(timeout=STOP_SECONDS_MAX + 5)
        self.popen.stdout.close()
        self.log.close()
        return code, time.monotonic() - began


@dataclass
class Company:
    """What `company add --json` printed, and where it is."""

    id: str
    app_url: str
    user_name: str
    password: str


def practice(log):
    """A practice organisation of Bill.com: its process, and what it takes to connect to it."""
    process = Process("simulate", "billcom", "--listen", "127.0.0.1:0", log=log)
    text, _ = process.read_until(r"--billcom-user")
    table = dict(re.findall(r"^(Base URL|Organisation|User|Password|Developer key)\s+(\S+)$", text, re.M))
    assert len(table) == 5, text
    return process, table


class Server:
    """`counterfoil serve`, connected to a practice organisation."""

    def __init__(self, folder):
        self.data = str(folder / "data")
        self.log = folder / "serve.log"
        self.practice, self.billcom = practice(folder / "billcom.log")
        self.process = Process("serve", "--data", self.data, "--listen", "127.0.0.1:0", log=folder / "serve.log")
        _, found = self.process.read_until(r"Listening on (http://127\.0\.0\.1:\d+)")
        self.url = found.group(1)
        self.setup_line, _ = self.process.read_until(r"/setup/")

    def run(self, *arguments, check=True):
        """One command on the same data folder, beside the running server."""
        secrets = {
            "COUNTERFOIL_BILLCOM_PASSWORD": self.billcom["Password"],
            "COUNTERFOIL_BILLCOM_DEV_KEY": self.billcom["Developer key"],
        }
        command = [BINARY, "--data", self.data, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **secrets}, timeout=120)
        if check:
            assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def add_company(self, name, *flags):
        where = ["--billcom-url", self.billcom["Base URL"], "--billcom-org", self.billcom["Organisation"]]
        who = ["--billcom-user", self.billcom["User"]]
        added = json.loads(self.run("company", "add", name, *where, *who, "--json", *flags))
        assert set(added) == {"id", "app_url", "user_name", "password"}, "the four names of the interface"
        return Company(**added)

    def status(self, company):
        return json.loads(self.run("status", company.id, "--json"))

    def wait(self, company, holds, what):
        """Waits until the status of a company fulfils a condition."""
        until = time.monotonic() + START_SECONDS_MAX
        while not holds(status := self.status(company)):
            assert time.monotonic() < until, f"{what}: {json.dumps(status, indent=1)}"
            time.sleep(0.2)
        return status

    def wait_for_billcom(self, company):
        return self.wait(company, lambda it: it["last_billcom_read"], "Bill.com was not read")

    def memory_kb(self):
        text = Path(f"/proc/{self.process.popen.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", text).group(1))

    def processor_seconds(self):
        fields = Path(f"/proc/{self.process.popen.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# A file of tests has a server and an organisation of its own: the load of one uses up the calls that Bill.com allows in an hour.
@pytest.fixture(scope="module")
def server(tmp_path_factory):
    assert BINARY.exists(), f"build it first: cargo build --release ({BINARY} is missing)"
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    code, seconds = server.process.stop()
    server.practice.stop()
    log = server.log.read_text()
    assert "panicked" not in log and server.billcom["Password"] not in log, "the log tells of a panic or of a secret"
    assert code == 0 and seconds < STOP_SECONDS_MAX, f"told to stop, it ended with {code} after {seconds:.1f} s"
