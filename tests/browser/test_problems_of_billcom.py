"""What a bookkeeper has to decide, continued: what Bill.com refuses, hides and switches off, and what needs a QuickBooks that is
awkward in a way of its own. One company goes through all of it, from its preview on.
"""

import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from awkward import AwkwardQuickBooks, update_in_vain
from awkward_billcom import AwkwardBillCom
from conftest import foreign
from decisions import SETTINGS, AtTheDesk, PracticeBillCom, confirm, decide  # noqa: F401
from playwright.sync_api import expect

HERE = Path(__file__).resolve().parent
NO_FACTOR = ("BDC_1361", "The session is not trusted.")


class Desk(AtTheDesk):
    """A company in preview, an awkward Bill.com and an awkward QuickBooks."""

    def __init__(self, server, practice):
        self.server, self.awkward = server, AwkwardBillCom(practice)
        self.billcom = PracticeBillCom(practice)
        self.awkward.changed["Crud/Read/Organization"] = lambda data: {**data, "accountingSoftware": "QuickBooks Desktop"}
        self.awkward.changed["GetEntityMetadata"] = self.without_a_field
        server.billcom = self.awkward.table
        self.company = server.add_company("Orchard Office", *SETTINGS)
        self.books = AwkwardQuickBooks("Orchard Office")
        server.wait_for_billcom(self.company)

    @staticmethod
    def without_a_field(data):
        fields = data["Vendor"].get("fields", data["Vendor"])
        del fields["phone"]
        return data

    def wait_for(self, code):
        return self.server.wait(self.company, lambda it: code in {one["code"] for one in it["problems"]}, code)

    def wait_for_reading(self):
        """Until a reading of Bill.com that began later than now is over."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.server.wait(self.company, lambda it: it["last_billcom_read"] > now, "Bill.com was not read again")

    def change_file(self, statement, *values):
        """What nobody can bring about from outside: a day that is over, a row that is damaged."""
        (file,) = Path(self.server.data).glob(f"**/{self.company.id}.db")
        with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
            assert connection.execute(statement, values).rowcount > 0, statement

    def at_billcom(self, entity, **fields):
        """What somebody enters there."""
        return self.billcom.call(f"Crud/Create/{entity}", data=json.dumps({"obj": {"entity": entity, **fields}}))

    def edited_at_billcom(self, entity, record, **fields):
        record = self.billcom.call(f"Crud/Read/{entity}", data=json.dumps({"id": record["id"]}))
        return self.billcom.call(f"Crud/Update/{entity}", data=json.dumps({"obj": {**record, **fields}}))

    def vendor_in_books(self, name):
        return next(one for one in self.books.records["Vendor"] if one.findtext("Name") == name)

    def read_both(self):
        self.wait_for_reading()
        self.update()


@pytest.fixture(scope="module")
def server(site, tmp_path_factory):
    """The server; what it is connected to is set back."""
    shared = site.server.billcom
    yield site.server
    site.server.billcom = shared


@pytest.fixture(scope="module")
def desk(server, tmp_path_factory):
    practice, table = foreign().practice(tmp_path_factory.mktemp("awkward") / "billcom.log")
    desk = Desk(server, table)
    yield desk
    server.run("company", "remove", desk.company.id)
    desk.awkward.stop()
    practice.stop()


def test_another_program_that_may_keep_the_same_books(decide, desk):
    decide("other_sync", "Leave as it is")
    desk.wait_for_reading()
    assert not desk.problems("other_sync"), "it is not asked again"


def test_notices_that_were_switched_off(decide, desk):
    desk.server.run("company", "webhooks", desk.company.id, "create")
    desk.awkward.sends_notices = False
    # Whoever tries again has everything looked at anew.
    decide("billcom_fields", "Try again")
    desk.wait_for("billcom_notices")
    desk.awkward.sends_notices = True
    decide("billcom_notices", "Leave as it is", sends="Nothing is sent to either side")


def test_fields_that_bill_com_does_not_name(decide, desk):
    desk.wait_for("billcom_fields")
    desk.awkward.changed.clear()
    decide("billcom_fields", "Try again")
    desk.wait_for_reading()
    assert not desk.problems("billcom_fields")


def test_records_that_bill_com_no_longer_shows(decide, desk):
    hidden = desk.billcom.list("Vendor")[0]["id"]
    desk.awkward.changed["List/Vendor"] = lambda rows: [row for row in rows if row["id"] != hidden]
    desk.awkward.refused["Crud/Read/Vendor", hidden] = ("BDC_1117", "Object not found.")
    # Everything is read once a day.
    desk.change_file("UPDATE cursor SET full_read_at = NULL WHERE side = 'billcom'")
    desk.wait_for("billcom_vanished")
    desk.awkward.changed.clear()
    desk.awkward.refused.clear()
    decide("billcom_vanished", "Leave as it is")


def test_bill_com_that_lets_nobody_in(decide, desk):
    desk.awkward.refused["List/Vendor", ""] = ("BDC_1102", "Developer key is invalid.")
    desk.wait_for("billcom_sign_in")
    desk.awkward.refused.clear()
    decide("billcom_sign_in", "Try again")
    desk.wait_for_reading()
    assert not desk.problems("billcom_sign_in")


def test_a_setting_that_names_no_account(open_page, desk):
    desk.server.run("company", "start", desk.company.id)
    desk.server.run("company", "set", desk.company.id, "payables_account=Nowhere")
    desk.update()
    (problem,) = desk.problems("bad_setting")
    page = open_page()
    page.goto(f"/companies/{desk.company.id}/problems/{problem['id']}")
    expect(page.get_by_role("main")).to_contain_text("Nowhere")
    page.goto(f"/companies/{desk.company.id}/settings")
    payables = page.get_by_label("Accounts payable")
    payables.fill("")
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    expect(page.get_by_role("status").first).to_be_visible()
    desk.update()
    assert not desk.problems("bad_setting")


def test_a_change_that_quickbooks_remarked_on(decide, desk):
    desk.books.remarked["VendorAddRq", "Remarked Rakes"] = ("530", "The field is not supported by this edition.")
    desk.at_billcom("Vendor", name="Remarked Rakes")
    desk.read_both()
    decide("quickbooks_remarked", "Leave as it is", "Remarked Rakes")
    assert desk.vendor_in_books("Remarked Rakes") is not None


def test_a_record_that_keeps_changing(decide, desk):
    desk.books.refused["VendorModRq", "555-0100"] = ("3200", "The provided edit sequence is out-of-date.")
    vendor = next(one for one in desk.billcom.list("Vendor") if one["name"] == "Remarked Rakes")
    desk.edited_at_billcom("Vendor", vendor, phone="555-0100")
    desk.read_both()
    desk.books.refused.clear()
    decide("too_many_rounds", "Try again", "Remarked Rakes", sends="555-0100")
    desk.update()
    assert desk.vendor_in_books("Remarked Rakes").findtext("Phone") == "555-0100"


def test_fields_that_only_a_person_may_change_in_bill_com(decide, desk):
    desk.awkward.refused["Crud/Update/Vendor", ""] = NO_FACTOR
    desk.books.edit(desk.vendor_in_books("Remarked Rakes"), "Email", "rakes@example.com")
    desk.update()
    desk.wait_for("billcom_guarded_fields")
    desk.awkward.refused.clear()
    decide("billcom_guarded_fields", "Leave as it is")


def test_a_vendor_that_bill_com_refuses(decide, desk):
    for call in ("Crud/Create/Vendor", "Bulk/Crud/Create/Vendor"):
        desk.awkward.refused[call, "Nettle"] = ("BDC_1171", "The name is not allowed.")
    desk.books.enter("Vendor", "<Name>Nettle Nursery</Name>")
    desk.update()
    desk.wait_for("billcom_rejected")
    desk.awkward.refused.clear()
    decide("billcom_rejected", "Try again", "Nettle Nursery", sends="Create")
    names = lambda: [one["name"] for one in desk.billcom.list("Vendor")]
    until = time.monotonic() + 30
    while "Nettle Nursery" not in names():
        assert time.monotonic() < until, names()
        time.sleep(0.2)


def test_a_record_that_quickbooks_has_no_place_for(decide, desk):
    desk.at_billcom("ChartOfAccount", name="Promises", accountType="16")
    desk.read_both()
    decide("not_expressible", "Leave as it is", "Promises")


def test_a_balance_that_bill_com_does_not_take(decide, desk):
    desk.awkward.refused["SetBankBalance", ""] = ("BDC_1145", "You do not have the right to do that.")
    for account in desk.books.records["Account"]:
        desk.books.edit(account, "Balance", "1234.00")
    desk.update()
    desk.wait_for("balance_refused")
    desk.awkward.refused.clear()
    decide("balance_refused", "Leave as it is")


def invoice(desk):
    """An invoice that was written in QuickBooks, and what Bill.com made of it."""
    listed = lambda kind, record: desk.books.enter(kind, record).findtext("ListID")
    income = listed("Account", "<Name>Pruning Income</Name><AccountType>Income</AccountType>")
    item = listed("ItemService", f"<Name>Pruning</Name><SalesOrPurchase><Price>10.00</Price><AccountRef><ListID>{income}</ListID></AccountRef></SalesOrPurchase>")
    customer = listed("Customer", "<Name>Poppy Place</Name>")
    line = f"<InvoiceLineRet><TxnLineID>P-1</TxnLineID><ItemRef><ListID>{item}</ListID></ItemRef><Quantity>4</Quantity><Rate>10.00</Rate><Amount>40.00</Amount></InvoiceLineRet>"
    head = f"<CustomerRef><ListID>{customer}</ListID></CustomerRef><TxnDate>2026-03-02</TxnDate><RefNumber>P-100</RefNumber>"
    amounts = "<DueDate>2026-04-01</DueDate><Subtotal>40.00</Subtotal><BalanceRemaining>40.00</BalanceRemaining>"
    record = desk.books.enter("Invoice", head + amounts + line)
    desk.update()
    until = time.monotonic() + 30
    while not (made := [one for one in desk.billcom.list("Invoice") if one["invoiceNumber"] == "P-100"]):
        assert time.monotonic() < until, desk.server.status(desk.company)
        time.sleep(0.2)
    desk.update()
    return record, made[0]


def test_an_invoice_that_was_changed_and_then_removed_in_bill_com(decide, desk):
    record, made = invoice(desk)
    desk.edited_at_billcom("Invoice", made, dueDate="2026-05-31")
    desk.wait_for("difference")
    decide("difference", "Use QuickBooks' version", "P-100", sends="2026-04-01")
    due = lambda: desk.billcom.call("Crud/Read/Invoice", data=json.dumps({"id": made["id"]}))["dueDate"]
    until = time.monotonic() + 30
    while due() != "2026-04-01":
        assert time.monotonic() < until, due()
        time.sleep(0.2)
    desk.update()
    desk.billcom.call("Crud/Delete/Invoice", data=json.dumps({"id": made["id"]}))
    desk.wait_for("difference")
    decide("difference", "Void it on the other side too", "P-100", sends="Void")
    desk.update()
    assert record.findtext("Memo").startswith("VOID")


def test_quickbooks_that_does_not_tell_what_became_of_changes(decide, desk):
    # One set of changes that tells nothing, and the same once more, is an accident; what is left is more than one set holds.
    names = [f"Silent Spades {number}" for number in range(51)]
    for name in names:
        desk.at_billcom("Vendor", name=name)
    desk.wait_for_reading()
    desk.books.disk_is_full = True
    update_in_vain(desk.company, desk.books)
    desk.books.disk_is_full = False
    decide("outcome_untold", "Try again")
    desk.update()
    made = [one.findtext("Name") for one in desk.books.records["Vendor"] if one.findtext("Name") in names]
    assert made and len(set(made)) == len(made), "none twice"
    assert not desk.problems("outcome_untold")


def test_a_record_that_cannot_be_judged_is_set_aside(decide, desk):
    vendor = next(one for one in desk.billcom.list("Vendor") if one["name"] == "Remarked Rakes")
    desk.change_file("UPDATE link SET billcom_base = 'torn' WHERE billcom_id = ?", vendor["id"])
    desk.edited_at_billcom("Vendor", vendor, phone="555-0101")
    desk.wait_for("set_aside")
    decide("set_aside", "Leave as it is")


def test_every_sort_of_problem_and_every_button_has_a_test():
    told = (HERE.parents[1] / "src" / "model" / "problem.rs").read_text()
    codes, actions = (re.findall(r'^ +\w+ "(\w+)",$', block, re.M) for block in re.split(r"^words! \{", told, flags=re.M)[1:3])
    labels = re.findall(r'Self::\w+ => "([^"]+)"', told)
    assert len(codes) > 20 and len(actions) == len(labels)
    tests = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    missing = [word for word in [*codes, *labels] if f'"{word}"' not in tests]
    assert not missing, f"no test in a browser decides {missing}"
