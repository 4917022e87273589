"""The idle poll of thousands of Web Connectors, from a second process over connections that stay open.

What is printed is the server's own processor time for one call, and the time one waits for an answer. Nothing is asserted
about time here: the machine may be busy, and the benches hold the figures. That no call fails is asserted.
"""

import socket
import threading
import time
from urllib.parse import urlsplit

from test_zeep import connect, run_session
from tiny_quickbooks import TinyQuickBooks

SESSIONS = 2_000
CONNECTORS = 8
UPDATES_MAX = 20


def envelope(inside):
    return (
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<soap:Body>{inside}</soap:Body></soap:Envelope>"
    )


def operation(name, **parameters):
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in parameters.items())
    return name, envelope(f'<{name} xmlns="http://developer.intuit.com/">{inside}</{name}>').encode()


class Connection:
    """One connection that stays open; bytes in, bytes out, nothing in between that costs time."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.host, self.path = parts.netloc, parts.path
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def call(self, name, body):
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: text/xml; charset=utf-8\r\n"
            f'SOAPAction: "http://developer.intuit.com/{name}"\r\nContent-Length: {len(body)}\r\n\r\n'
        )
        self.socket.sendall(head.encode() + body)
        assert self.stream.readline().split()[1] == b"200", name
        length = 0
        while (line := self.stream.readline()) not in (b"\r\n", b""):
            key, _, value = line.partition(b":")
            if key.lower() == b"content-length":
                length = int(value)
        return self.stream.read(length)

    def close(self):
        self.stream.close()
        self.socket.close()


def until_idle(server, company):
    """Lets a Web Connector come by until there is nothing to do; the calls of an idle poll."""
    books = TinyQuickBooks(company.id)
    service = connect(company).service
    for _ in range(UPDATES_MAX):
        ticket, word = service.authenticate(company.user_name, company.password)[:2]
        if word == "none":
            break
        service.closeConnection(ticket)
        run_session(service, company, books)
        time.sleep(0.5)
    else:
        raise AssertionError(f"never idle: {server.status(company)}")
    sign_in = operation("authenticate", strUserName=company.user_name, strPassword=company.password)
    polls = [operation("serverVersion"), operation("clientVersion", strVersion="2.3.0.215"), sign_in]
    return [*polls, operation("closeConnection", ticket="none")]


def poll(company, calls, sessions, failures):
    try:
        connection = Connection(company.app_url)
        for _ in range(sessions):
            for name, body in calls:
                answer = connection.call(name, body)
                if name == "authenticate":
                    assert b"<string>none</string>" in answer, answer
        connection.close()
    except Exception as error:  # Threads keep their errors to themselves otherwise.
        failures.append(error)


def test_idle_polls(server, capsys):
    flags = ("--start", "--set", "read_interval=24h", "--set", "poll_interval=1h")
    companies = [server.add_company(f"Idle {number}", *flags) for number in range(1, CONNECTORS + 1)]
    for company in companies:
        server.wait_for_billcom(company)
    calls = [until_idle(server, company) for company in companies]
    failures = []
    poll(companies[0], calls[0], 100, failures)
    used, began = server.processor_seconds(), time.perf_counter()
    poll(companies[0], calls[0], SESSIONS, failures)
    one_by_one = (time.perf_counter() - began) / (SESSIONS * 4)
    busy = (server.processor_seconds() - used) / (SESSIONS * 4)
    share = SESSIONS // CONNECTORS
    threads = [threading.Thread(target=poll, args=(it, those, share, failures)) for it, those in zip(companies, calls)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = (time.perf_counter() - began) / (share * CONNECTORS * 4)
    assert not failures, failures[0]
    with capsys.disabled():
        print(f"\nidle poll: {busy * 1e6:.0f} microseconds of server time a call; one connector waits {one_by_one * 1e6:.0f}, "
              f"{CONNECTORS} at once {together * 1e6:.0f} microseconds a call")
