"""What a bookkeeper has to decide, each kind of it: it is looked at, its button shows what it would do, it is pressed, and what
follows stands in the books of both sides.
"""

import json
import re
import time
from decimal import Decimal

import pytest
from awkward import AwkwardQuickBooks, session_that_is_not_understood, session_without_quickbooks, update
from conftest import foreign
from decisions import SETTINGS, AtTheDesk, PracticeBillCom, confirm, decide  # noqa: F401
from playwright.sync_api import expect

class Desk(AtTheDesk):
    """A company with an awkward QuickBooks, and the page before its bookkeeper."""

    def __init__(self, server):
        self.server = server
        self.billcom = PracticeBillCom(server.billcom)
        self.company = server.add_company("Ferris Freight", "--start", *SETTINGS)
        self.books = AwkwardQuickBooks("Ferris Freight")
        self.enter_look_alikes()
        self.books.refused["VendorAddRq", "Alder Creek"] = ("3180", "There was an error when saving a Vendor.")
        server.wait_for_billcom(self.company)
        update(self.company, self.books)

    def enter_look_alikes(self):
        """Two bills of a vendor were typed into QuickBooks before: one of them twice, one with another amount."""
        vendors = {vendor["id"]: vendor["name"] for vendor in self.billcom.list("Vendor")}
        by_vendor = {}
        for bill in self.billcom.list("Bill"):
            if vendors[bill["vendorId"]] != "Alder Creek Compost" and bill["paymentStatus"] == "1":
                by_vendor.setdefault(bill["vendorId"], []).append(bill)
        (vendor, (twice, other, *_)) = next((key, bills) for key, bills in by_vendor.items() if len(bills) > 1)
        entered = self.books.enter("Vendor", f"<Name>{vendors[vendor].replace('&', '&amp;')}</Name>").findtext("ListID")
        line = "<ExpenseLineAdd><Amount>{}</Amount></ExpenseLineAdd>"
        head = f"<VendorRef><ListID>{entered}</ListID></VendorRef><TxnDate>{{}}</TxnDate><RefNumber>{{}}</RefNumber>"
        say = lambda bill, amount: head.format(bill["invoiceDate"], bill["invoiceNumber"]) + line.format(amount)
        money = lambda bill: Decimal(str(bill["amount"])).quantize(Decimal("0.01"))
        self.twice = [self.books.enter("Bill", say(twice, money(twice))) for _ in range(2)]
        self.other = self.books.enter("Bill", say(other, money(other) + 10))
        self.number_twice, self.number_other = twice["invoiceNumber"], other["invoiceNumber"]


@pytest.fixture(scope="module")
def server(site, tmp_path_factory):
    """The server, with an organisation of Bill.com for these companies: the others' would notice what is decided here."""
    shared = site.server.billcom
    practice, site.server.billcom = foreign().practice(tmp_path_factory.mktemp("problems") / "billcom.log")
    yield site.server
    site.server.billcom = shared
    practice.stop()


@pytest.fixture(scope="module")
def desk(server):
    yield (desk := Desk(server))
    server.run("company", "remove", desk.company.id)


def test_several_candidates_one_is_linked(decide, desk):
    decide("ambiguous", "Same record: link them", desk.number_twice)
    desk.update()
    assert not desk.problems("ambiguous")
    bills = [bill for bill in desk.books.records["Bill"] if bill.findtext("RefNumber") == desk.number_twice]
    assert len(bills) == 2, "nothing was made"


def test_another_amount_a_new_one_is_created(decide, desk):
    decide("money_differs", "Different: create a new one", desk.number_other, sends="Create")
    desk.update()
    bills = [bill for bill in desk.books.records["Bill"] if bill.findtext("RefNumber") == desk.number_other]
    assert len(bills) == 2, "the one that was there, and the new one"


def test_a_refused_vendor_is_tried_again_when_it_was_mended(decide, desk):
    desk.books.refused.clear()
    decide("quickbooks_rejected", "Try again", "Alder Creek Compost", sends="Create")
    desk.update()
    names = [vendor.findtext("Name") for vendor in desk.books.records["Vendor"]]
    assert names.count("Alder Creek Compost") == 1
    assert not desk.problems("quickbooks_rejected")


def test_an_item_is_created_on_the_other_side(decide, desk):
    decide("not_created", "Create it on the other side", "Compost, bag", sends="Compost, bag")
    desk.update()
    (item,) = [one for kind, there in desk.books.records.items() if kind.startswith("Item") for one in there]
    assert item.findtext("Name") == "Compost, bag"


def test_a_bill_that_was_changed_in_quickbooks_gets_what_bill_com_says(decide, desk):
    bill = next(one for one in desk.books.records["Bill"] if one.findtext("RefNumber").startswith("F"))
    due = bill.findtext("DueDate")
    desk.books.edit(bill, "DueDate", "2027-01-31")
    desk.update()
    decide("difference", "Use Bill.com's version", bill.findtext("RefNumber"), sends="2027-01-31")
    desk.update()
    assert bill.findtext("DueDate") == due
    assert not desk.problems("difference")


def test_a_bill_that_was_voided_after_the_books_were_closed_is_taken_back_on_a_later_day(decide, desk):
    numbers = {one["invoiceNumber"]: one["id"] for one in desk.billcom.list("Bill") if one["paymentStatus"] == "1"}
    taken = {desk.number_twice, desk.number_other}
    number = next(n for one in desk.books.records["Bill"] if (n := one.findtext("RefNumber")) in numbers and n not in taken)
    desk.books.refused["TxnVoidRq", ""] = ("3171", "The date is on or before the closing date of the company.")
    desk.billcom.call("Crud/Delete/Bill", data=json.dumps({"id": numbers[number]}))
    until = time.monotonic() + 30
    while not [one for one in desk.problems("quickbooks_rejected") if number in one["summary"]]:
        assert time.monotonic() < until, desk.server.status(desk.company)
        desk.update()
    decide("quickbooks_rejected", "Take it back on a later day", number, sends="REV-")
    desk.books.refused.clear()
    assert not [one for one in desk.problems("quickbooks_rejected") if number in one["summary"]]


def test_equal_problems_are_left_as_they_are_together(open_page, desk):
    invoices = [one for one in desk.problems("incomplete") if one["summary"].startswith("Invoice")]
    assert len(invoices) > 1, "a bulk needs more than one"
    page = open_page()
    page.goto(f"/companies/{desk.company.id}/problems")
    page.get_by_role("link", name=f"Look at all {len(invoices)}").first.click()
    confirm(page, "Leave as it is")
    assert not [one for one in desk.problems("incomplete") if one["summary"].startswith("Invoice")]


def test_what_is_incomplete_is_worked_out_again(decide, desk):
    decide("incomplete", "Try again", "Vendor credit")
    desk.server.wait(desk.company, lambda it: "incomplete" in {one["code"] for one in it["problems"]}, "it still lacks an account")


def test_quickbooks_that_was_not_open_is_tried_again(decide, desk):
    session_without_quickbooks(desk.company)
    decide("quickbooks_not_open", "Try again")
    desk.update()
    assert not desk.problems("quickbooks_not_open")


def take_for_the_right_file(decide, desk, name):
    """Another company file is open, and a person says that it is the one from now on."""
    written = len(desk.books.written())
    desk.books.name = name
    with pytest.raises(AssertionError, match="Nothing is read or written"):
        desk.update()
    assert len(desk.books.written()) == written
    decide("wrong_company_file", "This is the right company file")


def test_another_company_file_is_refused_and_can_be_taken_for_the_right_one(decide, desk):
    take_for_the_right_file(decide, desk, "Ferris Freight 2027")
    desk.update()
    assert not desk.problems("wrong_company_file")


def test_a_request_that_quickbooks_cannot_parse(decide, desk):
    session_that_is_not_understood(desk.company, desk.books)
    decide("request_refused", "Try again")
    desk.update()
    assert not desk.problems("request_refused")


def test_a_record_that_cannot_be_read_is_left(decide, desk):
    account = desk.books.records["Account"][0]
    good = account.findtext("Balance")
    desk.books.edit(account, "Balance", "much")
    desk.update()
    decide("unreadable", "Leave as it is")
    desk.books.edit(account, "Balance", good or "0.00")
    desk.update()
    assert not desk.problems("unreadable")


def test_a_list_that_quickbooks_will_not_give_is_asked_for_again(decide, desk):
    desk.books.refused["ClassQueryRq", ""] = ("3250", "This feature is not enabled or not available in this version.")
    desk.update()
    desk.books.refused.clear()
    decide("list_refused", "Try again")
    desk.update()
    assert not desk.problems("list_refused")


def test_a_restored_file_is_told_of(decide, desk):
    desk.books.restored_at = "2026-03-04T08:00:00-05:00"
    desk.update()
    decide("restored", "Leave as it is")
    desk.update()
    assert not desk.problems("restored")


def test_many_records_that_are_gone_are_asked_about_before_anything_follows(open_page, server, tmp_path):
    company = server.add_company("Hill Hardware", "--start", *SETTINGS)
    server.wait_for_billcom(company)
    # The practice books are as new at every start: at the second visit, all that was made at the first is missing.
    file = tmp_path / f"{company.id}.qwc"
    server.run("company", "qwc", company.id, "--output", file)
    for _ in range(2):
        server.run("simulate", "connector", "--qwc", file, "--password", company.password, "--once")
    page = open_page()
    page.goto(f"/companies/{company.id}/problems")
    page.get_by_role("link", name=re.compile(r"^QuickBooks did not show \d+ of \d+")).first.click()
    confirm(page, "Leave as it is", sends="Nothing is sent to either side")
    assert "many_gone" not in {one["code"] for one in server.status(company)["problems"]}
    server.run("company", "remove", company.id)


def test_bill_com_that_cannot_be_reached(open_page, server):
    good = server.billcom["Base URL"]
    server.billcom["Base URL"] = "http://127.0.0.1:9/api/v2"
    company = server.add_company("Grove Grill", "--start", *SETTINGS)
    server.billcom["Base URL"] = good
    status = server.wait(company, lambda it: it["problems"], "nobody answers there")
    (problem,) = status["problems"]
    assert problem["code"] == "billcom_unreachable"
    page = open_page()
    page.goto(f"/companies/{company.id}")
    expect(page.get_by_role("main")).to_contain_text(problem["summary"])
    confirm(page, "Try again")
    server.wait(company, lambda it: it["problems"], "it is tried, and told again")
    server.run("company", "remove", company.id)
