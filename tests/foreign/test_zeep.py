"""Python's zeep, which reads `?wsdl` and validates what it sends and gets against it.

zeep gives `None` for an empty element; that the server never sends a nil is looked at with curl.
"""

import pytest
import zeep

from tiny_quickbooks import HCP, TinyQuickBooks

OPERATIONS = {
    "serverVersion", "clientVersion", "authenticate", "sendRequestXML", "receiveResponseXML", "connectionError",
    "getLastError", "closeConnection", "getInteractiveURL", "isInteractiveDone", "interactiveDone", "interactiveRejected",
}
ROUNDS_MAX = 60
FILE = "C:\\Books\\Tiny.qbw"


def connect(company):
    return zeep.Client(company.app_url + "?wsdl", settings=zeep.Settings(strict=True))


def run_session(service, company, books):
    """What a Web Connector does from `authenticate` to `closeConnection`; the requests it was handed."""
    ticket, word = service.authenticate(company.user_name, company.password)[:2]
    assert not word and len(ticket) >= 20
    hcp, percents = HCP, []
    for _ in range(ROUNDS_MAX):
        request = service.sendRequestXML(ticket, hcp, FILE, "US", 16, 0)
        hcp = ""
        if not request:
            break
        percents.append(service.receiveResponseXML(ticket, books.answer(request), "", ""))
        if percents[-1] == 100:
            break
    assert percents and percents[-1] == 100, f"{percents}, {service.getLastError(ticket)}"
    assert percents == sorted(percents) and percents[0] >= 0, "progress never falls"
    outcome = service.closeConnection(ticket)
    assert outcome.startswith("OK"), outcome


@pytest.fixture(scope="module")
def preview(server):
    company = server.add_company("Zeep in Preview")
    server.wait_for_billcom(company)
    return company


def test_the_wsdl_names_every_operation_and_the_address_it_was_read_from(preview):
    client = connect(preview)
    (service,) = client.wsdl.services.values()
    (port,) = service.ports.values()
    assert set(port.binding._operations) == OPERATIONS
    assert port.binding_options["address"] == preview.app_url


def test_every_operation_answers_what_the_schema_says(preview):
    service = connect(preview).service
    assert service.serverVersion().startswith("Counterfoil ")
    assert not service.clientVersion("2.3.0.215")
    unknown = "no such ticket"
    assert not service.sendRequestXML(unknown, "", "", "US", 13, 0)
    assert service.receiveResponseXML(unknown, "", "", "") < 0
    assert service.connectionError(unknown, "0x80040408", "Could not start QuickBooks.") == "done"
    assert service.getLastError(unknown)
    assert service.closeConnection(unknown)
    assert not service.getInteractiveURL(unknown, "x")
    assert service.isInteractiveDone(unknown) == "DONE"
    assert service.interactiveDone(unknown) == "DONE"
    assert service.interactiveRejected(unknown, "closed")


def test_a_wrong_password_is_refused_and_the_right_one_gets_a_ticket(preview):
    service = connect(preview).service
    refused = service.authenticate(preview.user_name, preview.password + "x")
    assert len(refused) == 4 and refused[1] == "nvu"
    strange = service.authenticate("somebody", preview.password)
    assert len(strange) == 4 and strange[1] == "nvu"
    granted = service.authenticate(preview.user_name, preview.password)
    assert len(granted) == 4 and granted[0] and not granted[1]
    assert service.closeConnection(granted[0])


def test_in_preview_a_session_reads_and_writes_nothing(server, preview):
    books = TinyQuickBooks("Preview Books")
    run_session(connect(preview).service, preview, books)
    assert books.requests and not books.written()
    status = server.status(preview)
    assert status["mode"] == "preview" and status["last_quickbooks_read"]


def test_bills_of_the_practice_organisation_arrive_once_each(server):
    company = server.add_company("Zeep at Work", "--start", "--set", "start_date=2000-01-01", "--set", "read_interval=0s")
    server.wait_for_billcom(company)
    books = TinyQuickBooks("Working Books")
    service = connect(company).service
    run_session(service, company, books)
    vendors = [record.findtext("Name") for record in books.records["Vendor"]]
    bills = [record.findtext("TxnID") for record in books.records["Bill"]]
    assert len(vendors) > 3 and len(bills) > 3
    assert len({name.strip().lower() for name in vendors}) == len(vendors), "a vendor stands twice"
    numbers = [(bill.findtext("VendorRef/ListID"), bill.findtext("RefNumber")) for bill in books.records["Bill"]]
    assert len(set(numbers)) == len(numbers), "a bill stands twice"
    links = server.status(company)["links"]
    assert (links["vendor"], links["bill"]) == (len(vendors), len(bills))
    written = len(books.written())
    run_session(service, company, books)
    assert len(books.written()) == written, "a second session wrote again"


def test_a_record_that_cannot_be_read_is_not_made_again(server):
    """A look-up that shows something unreadable may show the very record: it proves nothing."""
    company = server.add_company("Zeep Unread", "--start", "--set", "start_date=2000-01-01", "--set", "read_interval=0s")
    server.wait_for_billcom(company)
    books = TinyQuickBooks("Unread Books", unread={"BillPaymentCheck", "Transfer"})
    service = connect(company).service
    for _ in range(4):
        run_session(service, company, books)
    assert books.records["Transfer"] and books.records["BillPaymentCheck"]
    paid = [check.findtext("AppliedToTxnRet/TxnID") for check in books.records["BillPaymentCheck"]]
    assert len(paid) == len(set(paid)), "a payment stands twice"
    moved = [(one.findtext("TxnDate"), one.findtext("Amount")) for one in books.records["Transfer"]]
    assert len(moved) == len(set(moved)), "a transfer stands twice"
    status = server.status(company)
    assert status["intents"]["in_doubt"] == len(paid) + len(moved), status
    assert "unreadable" in {problem["code"] for problem in status["problems"]}, status
