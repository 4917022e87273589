"""A QuickBooks that does what the real one does to people: refuses, forgets, opens another file, is not there.

Its books are those of the foreign clients' stand-in, so that nothing here is shared with the server.
"""

import copy
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "foreign"))

from test_zeep import FILE, connect, run_session  # noqa: E402
from tiny_quickbooks import HCP, TinyQuickBooks  # noqa: E402

LATER = "2026-03-03T09:00:00-05:00"


class AwkwardQuickBooks(TinyQuickBooks):
    """Refuses what it is told to: requests of an element that hold a text, with a status code and its words; `remarked` are those
    it carries out and remarks on. While its disk is full it does not tell what becomes of anything.
    """

    def __init__(self, name):
        super().__init__(name)
        self.refused, self.remarked = {}, {}
        self.disk_is_full = False
        self.restored_at = "2026-02-01T08:00:00-05:00"

    def answer(self, request):
        if self.disk_is_full and ("AddRq" in request or "ModRq" in request):
            self.requests.append(request)
            message_set = ET.fromstring(request.encode()).find("QBXMLMsgsRq").get("newMessageSetID")
            told = f'newMessageSetID="{message_set}" messageSetStatusCode="9005"'
            return f'<?xml version="1.0" ?>\n<QBXML><QBXMLMsgsRs {told}/></QBXML>'
        return super().answer(request)

    def _respond(self, asked, responses):
        text = ET.tostring(asked, encoding="unicode")
        for (element, part), (code, words) in self.refused.items():
            if asked.tag == element and part in text:
                response = ET.SubElement(responses, asked.tag[:-2] + "Rs", requestID=asked.get("requestID", ""))
                response.attrib.update(statusCode=code, statusSeverity="Error", statusMessage=words)
                return
        kind, verb = self._split(asked.tag)
        if verb == "Mod":
            response = ET.SubElement(responses, asked.tag[:-2] + "Rs", requestID=asked.get("requestID", ""))
            response.attrib.update(statusCode="0", statusSeverity="Info", statusMessage="Status OK")
            response.append(self._change(kind, asked[0]))
            return
        if asked.tag == "TxnVoidRq":
            response = ET.SubElement(responses, "TxnVoidRs", requestID=asked.get("requestID", ""))
            response.attrib.update(statusCode="0", statusSeverity="Info", statusMessage="Status OK")
            response.extend(asked)
            self._void(self.find(asked.findtext("TxnVoidType"), asked.findtext("TxnID")))
            return
        if asked.tag == "ItemQueryRq":
            self.records["Item"] = [one for kind, there in self.records.items() if kind.startswith("Item") and kind != "Item" for one in there]
        super()._respond(asked, responses)
        for (element, part), (code, words) in self.remarked.items():
            if asked.tag == element and part in text:
                responses[-1].attrib.update(statusCode=code, statusSeverity="Warn", statusMessage=words)
        if kind == "CompanyActivity":
            activity = ET.SubElement(responses[-1], "CompanyActivityRet")
            ET.SubElement(activity, "LastRestoreTime").text = self.restored_at
            responses[-1].set("statusCode", "0")

    def _change(self, kind, sent):
        """What a Mod says takes the place of what stands there."""
        record = self.find(kind, sent.findtext("TxnID") or sent.findtext("ListID"))
        for child in sent:
            if child.tag in ("TxnID", "ListID", "EditSequence") or len(child) and not child.tag.endswith("Ref"):
                continue
            if (there := record.find(child.tag)) is not None:
                record.remove(there)
            record.append(copy.deepcopy(child))
        self._touch(record)
        return record

    def _void(self, record):
        """What QuickBooks leaves of a document that is voided."""
        for amount in [*record.iter("Subtotal"), *record.iter("Amount"), *record.iter("BalanceRemaining")]:
            amount.text = "0.00"
        self.edit(record, "Memo", "VOID: ")

    def find(self, kind, id):
        (record,) = [one for one in self.records[kind] if id in (one.findtext("TxnID"), one.findtext("ListID"))]
        return record

    def enter(self, kind, record):
        """What a person types into QuickBooks."""
        return self._add(kind, ET.fromstring(f"<{kind}Add>{record}</{kind}Add>"))

    def edit(self, record, tag, text):
        """What a person changes there."""
        field = record.find(tag)
        if field is None:
            field = ET.Element(tag)
            record.insert(4, field)
        field.text = text
        self._touch(record)

    @staticmethod
    def _touch(record):
        record.find("EditSequence").text = str(int(record.findtext("EditSequence")) + 1)
        record.find("TimeModified").text = LATER


def session_that_is_not_understood(company, books):
    """QuickBooks says which file is open, and cannot parse what it is asked next."""
    service = connect(company).service
    ticket = service.authenticate(company.user_name, company.password)[0]
    who = service.sendRequestXML(ticket, HCP, FILE, "US", 16, 0)
    assert 0 <= service.receiveResponseXML(ticket, books.answer(who), "", "") < 100
    assert service.sendRequestXML(ticket, "", FILE, "US", 16, 0)
    service.receiveResponseXML(ticket, "", "0x80040400", "QuickBooks found an error when parsing the provided XML text stream.")
    service.closeConnection(ticket)


def session_without_quickbooks(company):
    """The Web Connector could not open QuickBooks."""
    service = connect(company).service
    ticket = service.authenticate(company.user_name, company.password)[0]
    assert service.connectionError(ticket, "0x80040408", "Could not start QuickBooks.") == "done"


def update_in_vain(company, books):
    """A visit that does not come to its end: the server gives it up, and says why."""
    with pytest.raises(AssertionError, match="what became of"):
        update(company, books)


def update(company, books):
    """A whole visit of the Web Connector. What is left may turn out to be nothing: then it is over before it is at 100."""
    try:
        run_session(connect(company).service, company, books)
    except AssertionError as short:
        if ", OK, " not in str(short):
            raise
