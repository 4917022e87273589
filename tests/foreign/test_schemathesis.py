"""schemathesis: thousands of calls made up from the interface's own document. None may make the server fail, and none may be
answered in a way that the document does not describe."""

import json
import subprocess
import sys
from pathlib import Path

SECONDS_MAX = 45
# What the document promises. Left out is whether every value that could be refused is refused: names and settings are free text.
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
]
# The company of this test has to stay, and Bill.com is asked for nothing.
LEFT_OUT = ["DELETE /companies/{company}", "POST /companies/{company}/webhooks"]


def test_the_interface_is_as_its_document_says(server, tmp_path):
    company = server.add_company("Schemathesis")
    server.wait_for_billcom(company)
    token = json.loads(server.run("token", "create", "--json"))["token"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\ncompany = "{company.id}"\n')
    tool = Path(sys.executable).with_name("schemathesis")
    command = [tool, "--config-file", config, "run", f"{server.url}/api/v1/openapi.json", "--no-color"]
    command += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)]
    command += ["--max-time", str(SECONDS_MAX), "--max-examples", "25", "--seed", "1", "--no-shrink", "--continue-on-failure"]
    command += ["--generation-database", "none", "--request-timeout", "20"]
    for name in LEFT_OUT:
        command += ["--exclude-name", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * SECONDS_MAX, cwd=tmp_path)
    print(done.stdout[-3000:])
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert server.status(company)["company"] == company.id, "the server is still there"
