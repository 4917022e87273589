"""A `SoapHttpClientProtocol` proxy, generated from the served description: the class that the Web Connector itself uses."""

import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

SOURCE = Path(__file__).with_name("Session.cs")


def run(*command, folder):
    # The runtime wants a home it may write to.
    environment = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, env=environment)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}\n{done.stderr}"
    return done.stdout


def test_a_generated_proxy_walks_through_every_operation_and_a_session(server, tmp_path):
    for tool in ("wsdl", "mcs", "mono"):
        assert shutil.which(tool), f"{tool} is missing; it belongs to Mono"
    company = server.add_company("Dotnet")
    server.wait_for_billcom(company)
    with urllib.request.urlopen(company.app_url + "?wsdl", timeout=30) as answer:
        (tmp_path / "service.wsdl").write_bytes(answer.read())
    run("wsdl", "-out:Proxy.cs", "service.wsdl", folder=tmp_path)
    proxy = (tmp_path / "Proxy.cs").read_text(encoding="utf-8-sig")
    assert "SoapHttpClientProtocol" in proxy and company.app_url in proxy
    references = ("-r:System.Web.Services.dll", "-r:System.Xml.dll")
    run("mcs", "-out:session.exe", *references, str(SOURCE), "Proxy.cs", folder=tmp_path)
    printed = run("mono", "session.exe", company.app_url, company.user_name, company.password, folder=tmp_path)
    assert int(printed.split()[0]) > 15, printed
    assert server.status(company)["last_quickbooks_read"], "the session read QuickBooks"
