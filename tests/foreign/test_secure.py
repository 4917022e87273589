"""As an administrator sets it up: https with the certificate of an own authority, a session over it, a backup, and the backup
restored in another folder, where the same Web Connector goes on.
"""

import os
import socket
import subprocess

import pytest
from conftest import BINARY, Process, Server, practice

SUBJECT = "/CN=Counterfoil test"


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A private authority, and a certificate for `localhost` that it signed: the folder with `ca.pem`, `chain.pem`, `key.pem`."""
    folder = tmp_path_factory.mktemp("authority")
    at = lambda name: str(folder / name)
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new_key, "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "30", "-subj", SUBJECT + " authority")
    openssl("req", *new_key, "-keyout", at("key.pem"), "-out", at("request.pem"), "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
    signed = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "20", "-extfile", at("names")]
    openssl("x509", "-req", "-in", at("request.pem"), "-out", at("own.pem"), *signed)
    (folder / "chain.pem").write_text((folder / "own.pem").read_text() + (folder / "ca.pem").read_text())
    return folder


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class SecureServer(Server):
    """`counterfoil serve` with TLS, known by one public URL wherever its data lies."""

    def __init__(self, data, port, authority, billcom, log):
        self.data, self.billcom, self.authority = str(data), billcom, authority
        self.url = f"https://localhost:{port}"
        certificate = ["--tls-cert", str(authority / "chain.pem"), "--tls-key", str(authority / "key.pem")]
        where = ["--listen", f"127.0.0.1:{port}", "--public-url", self.url]
        self.process = Process("serve", "--data", self.data, *where, *certificate, log=log)
        self.process.read_until(r"Listening on https://")

    def visit(self, file, password, trusted=True):
        """One update of a Web Connector, on a machine that trusts the authority or does not."""
        command = [BINARY, "simulate", "connector", "--qwc", file, "--password", password, "--once"]
        roots = {"SSL_CERT_FILE": str(self.authority / "ca.pem")} if trusted else {}
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **roots}, timeout=120)


def curl(server, *arguments):
    command = ["curl", "-sS", "--cacert", str(server.authority / "ca.pem"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def test_a_session_over_https_a_backup_and_its_restore(authority, tmp_path):
    billcom, table = practice(tmp_path / "billcom.log")
    port = free_port()
    first = SecureServer(tmp_path / "first", port, authority, table, tmp_path / "first.log")
    try:
        company = first.add_company("Secure Seeds", "--start", "--set", "read_interval=0s", "--set", "start_date=2020-01-01")
        assert company.app_url.startswith(first.url)
        first.wait_for_billcom(company)
        file = tmp_path / "secure.qwc"
        first.run("company", "qwc", company.id, "-o", file)
        stranger = first.visit(file, company.password, trusted=False)
        assert stranger.returncode == 1 and "did not go well" in stranger.stderr, stranger
        done = first.visit(file, company.password)
        assert done.returncode == 0, done
        for version in ("1.2", "1.3"):
            assert curl(first, f"--tlsv{version}", "--tls-max", version, first.url + "/readyz").returncode == 0, version
        assert curl(first, "--tls-max", "1.1", first.url + "/readyz").returncode != 0
        before = first.status(company)
        assert before["intents"]["applied"] > 10 and before["links"]["vendor"] > 3, before
        first.run("backup", tmp_path / "whole.tar")
    finally:
        first.process.stop()

    second = tmp_path / "second"
    subprocess.run([BINARY, "--data", second, "restore", tmp_path / "whole.tar"], check=True, capture_output=True)
    # A backup holds everything but the key.
    (second / "server.key").write_bytes((tmp_path / "first" / "server.key").read_bytes())
    (second / "server.key").chmod(0o600)
    again = SecureServer(second, port, authority, table, tmp_path / "again.log")
    try:
        restored = again.status(company)
        assert restored["links"] == before["links"] and not restored["idle"], "both sides are read before anything else"
        again.wait(company, lambda it: it["last_billcom_read"], "the credentials were opened, and Bill.com read")
        done = again.visit(file, company.password)
        assert done.returncode == 0, done
        assert again.status(company)["last_quickbooks_read"]
    finally:
        again.process.stop()
        billcom.stop()
    for log in ("first.log", "again.log"):
        assert "panicked" not in (tmp_path / log).read_text()
