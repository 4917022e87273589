"""A Bill.com that does what the real one does to people: refuses, hides, tells less than it did, says that it works with others.

It stands before the practice organisation and hands on what it is asked; what it changes on the way is told by a test.
"""

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANDED_ON = ("Content-Type", "sessionId", "devKey", "X-Idempotent-Key")


class AwkwardBillCom:
    """`table` is what it takes to connect to it, as the practice organisation prints it."""

    def __init__(self, table):
        self.behind = table["Base URL"].removesuffix("/api/v2")
        # By a call and a text in what is sent: an error code and its words.
        self.refused = {}
        # By a call: what becomes of its data.
        self.changed = {}
        self.sends_notices = True
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.table = {**table, "Base URL": f"http://127.0.0.1:{self.http.server_address[1]}/api/v2"}
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def answer(self, method, path, headers, body):
        """Status and body of the answer to a call."""
        call = path.removeprefix("/api/v2/").removesuffix(".json")
        sent = urllib.parse.unquote_plus(body.decode())
        for (refused, part), (code, words) in self.refused.items():
            if call == refused and part in sent:
                told = {"error_code": code, "error_message": words}
                return 200, json.dumps({"response_status": 1, "response_message": "Error", "response_data": told}).encode()
        # Notices go to https only; nobody waits for one here.
        body = body.replace(b'"notificationUrl":"http:', b'"notificationUrl":"https:')
        request = urllib.request.Request(self.behind + path, body or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answered:
                status, whole = answered.status, answered.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        if change := self.changed.get(call):
            told = json.loads(whole)
            told["response_data"] = change(told["response_data"])
            whole = json.dumps(told).encode()
        if method == "GET" and "/subscriptions/" in path and not self.sends_notices:
            told = json.loads(whole)
            told["status"] = {"enabled": False, "reason": "too many failures"}
            whole = json.dumps(told).encode()
        return status, whole

    def _handler(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name: self.headers[name] for name in HANDED_ON if self.headers[name]}
                status, answer = outer.answer(self.command, self.path, headers, body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_):
                """Nobody reads it."""

        return Handler
