"""Notices that somebody sends who has not the key: as many as a line carries.

Twenty thousand by default; `COUNTERFOIL_FORGED=1000000` is the figure that is promised. What is asserted: each is turned away,
memory stays bounded, nothing is written to the disk, and a Web Connector is answered meanwhile.
"""

import hashlib
import os
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from test_idle_load import Connection, operation

FORGED = int(os.environ.get("COUNTERFOIL_FORGED", "20000"))
LINES = 4
# Requests that are sent before the first answer is read.
AHEAD = 50
MEMORY_GROWTH_KB_MAX = 40 * 1024


def forged(path, host, number):
    """A notice with a signature of the right form, a wrong one, a short one, or none."""
    body = f'{{"metadata":{{"eventId":"e-{number}","eventType":"bill.updated"}}}}'.encode()
    signature = ["A" * 43 + "=", f"sha256={number}", "=", ""][number % 4]
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + f"x-bill-sha-signature: {signature}\r\n\r\n".encode() + body


class Forger(threading.Thread):
    """Sends its share over one line, and counts what it is answered."""

    def __init__(self, url, number, share):
        super().__init__(daemon=True)
        self.parts, self.number, self.share = urlsplit(url), number, share
        self.turned_away, self.failure = 0, None

    def run(self):
        try:
            with socket.create_connection((self.parts.hostname, self.parts.port), timeout=60) as line:
                stream = line.makefile("rb")
                for begin in range(0, self.share, AHEAD):
                    count = min(AHEAD, self.share - begin)
                    numbers = range(self.number + begin, self.number + begin + count)
                    line.sendall(b"".join(forged(self.parts.path, self.parts.netloc, number) for number in numbers))
                    for _ in range(count):
                        self.turned_away += read_status(stream) == b"401"
        except Exception as error:  # Threads keep their errors to themselves otherwise.
            self.failure = error


def read_status(stream):
    status, length = stream.readline().split()[1], 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    stream.read(length)
    return status


def on_disk(server):
    """Every file of the data folder, by what is in it."""
    files = sorted(path for path in Path(server.data).rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_forged_notices_cost_nothing_but_time(server):
    company = server.add_company("Forged Notices", "--set", "poll_interval=24h")
    server.wait_for_billcom(company)
    os.environ["COUNTERFOIL_BILLCOM_WEBHOOK_KEY"] = "the-key-that-nobody-else-has"
    server.run("company", "webhooks", company.id, "set-key")
    url = f"{server.url}/webhooks/billcom/{company.id}"
    # Whatever is looked at again after a change is looked at before the count begins.
    time.sleep(3)
    before, memory, processor = on_disk(server), server.memory_kb(), server.processor_seconds()
    began = time.monotonic()
    forgers = [Forger(url, number * FORGED, FORGED // LINES) for number in range(LINES)]
    for forger in forgers:
        forger.start()
    waits = []
    while any(forger.is_alive() for forger in forgers):
        asked = time.perf_counter()
        connection = Connection(company.app_url)
        connection.call(*operation("serverVersion"))
        connection.close()
        waits.append(time.perf_counter() - asked)
        time.sleep(0.05)
    took, spent, grown = time.monotonic() - began, server.processor_seconds() - processor, server.memory_kb() - memory
    assert not [forger.failure for forger in forgers if forger.failure]
    assert sum(forger.turned_away for forger in forgers) == FORGED // LINES * LINES
    waits.sort()
    print(
        f"\n{FORGED} forged notices in {took:.1f} s, {spent / FORGED * 1e6:.0f} µs of the server's processor each, "
        f"{grown} kB more memory; a connector waited {waits[len(waits) // 2] * 1000:.1f} ms, {waits[-1] * 1000:.0f} ms at most"
    )
    assert grown < MEMORY_GROWTH_KB_MAX, "memory grows with what is sent"
    changed = {path for path, content in on_disk(server).items() if before.get(path) != content}
    changed = {path for path in changed if company.id in path}
    assert not changed, f"they were written down: {changed}"
