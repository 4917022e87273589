"""A company file of a hundred lines: enough of QuickBooks to be synced with, written from the message formats alone.

It shares nothing with the simulator that the program ships. Queries answer with everything there is, Adds make a record
out of what they were sent, and whatever it does not know it answers with "nothing found".
"""

import copy
import itertools
import xml.etree.ElementTree as ET
from decimal import Decimal

# What a list record is known by is its ListID; everything else is a transaction and has a TxnID.
LISTS = {"Account", "Class", "Customer", "Vendor"}
NOW = "2026-03-02T09:00:00-05:00"
HCP = (
    '<?xml version="1.0" ?>\n<QBXML><QBXMLMsgsRs>'
    '<HostQueryRs requestID="0" statusCode="0" statusSeverity="Info" statusMessage="Status OK"><HostRet>'
    "<ProductName>QuickBooks Enterprise Solutions 24.0</ProductName><MajorVersion>34</MajorVersion>"
    "<MinorVersion>0</MinorVersion><Country>US</Country><SupportedQBXMLVersion>13.0</SupportedQBXMLVersion>"
    "<SupportedQBXMLVersion>16.0</SupportedQBXMLVersion></HostRet></HostQueryRs></QBXMLMsgsRs></QBXML>"
)


class TinyQuickBooks:
    """Lists and transactions by the name of their object: `Vendor`, `Account`, `Bill`.

    What it shows of the kinds in `unread` has a date that is none, so that nobody can tell what it is.
    """

    def __init__(self, name, unread=()):
        self.name = name
        self.unread = unread
        self.records = {}
        self.requests = []
        self._numbers = itertools.count(1)

    def answer(self, request):
        """Works through a message set and returns the response document."""
        self.requests.append(request)
        asked = ET.fromstring(request.encode()).find("QBXMLMsgsRq")
        document = ET.Element("QBXML")
        responses = ET.SubElement(document, "QBXMLMsgsRs")
        if message_set := asked.get("newMessageSetID"):
            responses.set("newMessageSetID", message_set)
            responses.set("messageSetStatusCode", "0")
        for one in asked:
            self._respond(one, responses)
        return '<?xml version="1.0" ?>\n' + ET.tostring(document, encoding="unicode")

    def written(self):
        """Requests that change something."""
        return [one for one in self.requests if "AddRq" in one or "ModRq" in one or "VoidRq" in one]

    def _respond(self, asked, responses):
        kind, verb = self._split(asked.tag)
        response = ET.SubElement(responses, asked.tag[:-2] + "Rs")
        if asked.get("requestID"):
            response.set("requestID", asked.get("requestID"))
        if verb == "Add":
            found = [self._add(kind, asked[0])]
        elif (kind, verb) == ("Company", "Query"):
            found = [ET.fromstring(f"<CompanyRet><CompanyName>{self.name}</CompanyName></CompanyRet>")]
        elif (kind, verb) == ("Host", "Query"):
            found = [ET.fromstring(HCP.split("\n", 1)[1]).find(".//HostRet")]
        else:
            found = self.records.get(kind, [])
        if asked.get("iterator"):
            response.set("iteratorRemainingCount", "0")
            response.set("iteratorID", "{11111111-2222-3333-4444-555555555555}")
        code, text = ("0", "Status OK") if found else ("1", "A query request did not find a matching object in QuickBooks")
        response.set("statusCode", code)
        response.set("statusSeverity", "Info")
        response.set("statusMessage", text)
        response.extend(self._garbled(one) if kind in self.unread else one for one in found)

    @staticmethod
    def _garbled(record):
        shown = copy.deepcopy(record)
        shown.find("TxnDate").text = "soon"
        return shown

    @staticmethod
    def _split(tag):
        for verb in ("Query", "Add", "Mod", "Void", "Del"):
            if tag.endswith(verb + "Rq"):
                return tag[: -len(verb) - 2], verb
        return tag, ""

    def _add(self, kind, sent):
        record = ET.Element(kind + "Ret")
        number = next(self._numbers)
        name = "ListID" if kind in LISTS or kind.startswith("Item") else "TxnID"
        for tag, text in [(name, f"{number:X}0000-1234567890"), ("TimeCreated", NOW), ("TimeModified", NOW)]:
            ET.SubElement(record, tag).text = text
        ET.SubElement(record, "EditSequence").text = str(1234567890 + number)
        lines = []
        for child in sent:
            if child.tag == "ExpenseLineAdd":
                line = ET.Element("ExpenseLineRet")
                ET.SubElement(line, "TxnLineID").text = f"{number:X}-{len(lines) + 1}"
                line.extend(child)
                lines.append(line)
            elif child.tag == "AppliedToTxnAdd":
                line = ET.Element("AppliedToTxnRet")
                line.append(child.find("TxnID"))
                ET.SubElement(line, "TxnType").text = "Bill"
                ET.SubElement(line, "Amount").text = child.findtext("PaymentAmount")
                lines.append(line)
            elif child.tag != "ExternalGUID":
                record.append(child)
        if total := {"Bill": "AmountDue", "BillPaymentCheck": "Amount"}.get(kind):
            amounts = (Decimal(line.findtext("Amount")) for line in lines)
            ET.SubElement(record, total).text = f"{sum(amounts, Decimal('0.00')):.2f}"
        record.extend(lines)
        self.records.setdefault(kind, []).append(record)
        return record


def test_an_added_bill_is_shown_with_its_total():
    """The stand-in is tested too: what it gets wrong would be blamed on the server."""
    books = TinyQuickBooks("Acme")
    lines = "<ExpenseLineAdd><Amount>1.10</Amount></ExpenseLineAdd><ExpenseLineAdd><Amount>2.20</Amount></ExpenseLineAdd>"
    added = f'<BillAddRq requestID="7"><BillAdd><RefNumber>A</RefNumber>{lines}</BillAdd></BillAddRq>'
    answer = books.answer(f'<QBXML><QBXMLMsgsRq onError="continueOnError" newMessageSetID="m">{added}</QBXMLMsgsRq></QBXML>')
    response = ET.fromstring(answer).find(".//BillAddRs")
    assert (response.get("requestID"), response.get("statusCode")) == ("7", "0")
    assert response.findtext("BillRet/AmountDue") == "3.30"
    paid = "<AppliedToTxnAdd><TxnID>10000-1234567890</TxnID><PaymentAmount>3.30</PaymentAmount></AppliedToTxnAdd>"
    payment = f'<BillPaymentCheckAddRq requestID="9"><BillPaymentCheckAdd>{paid}</BillPaymentCheckAdd></BillPaymentCheckAddRq>'
    answer = books.answer(f'<QBXML><QBXMLMsgsRq onError="continueOnError" newMessageSetID="n">{payment}</QBXMLMsgsRq></QBXML>')
    check = ET.fromstring(answer).find(".//BillPaymentCheckRet")
    assert (check.findtext("TxnID"), check.findtext("Amount")) == ("20000-1234567890", "3.30")
    assert check.findtext("AppliedToTxnRet/TxnID") == "10000-1234567890"
    again = books.answer('<QBXML><QBXMLMsgsRq onError="continueOnError"><BillQueryRq requestID="8"/></QBXMLMsgsRq></QBXML>')
    assert ET.fromstring(again).findtext(".//BillQueryRs/BillRet/RefNumber") == "A"
