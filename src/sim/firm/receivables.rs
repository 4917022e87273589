//! Invoices of both sides, and what customers pay: in QuickBooks or in Bill.com, each invoice on one side only.

use super::super::billcom::{InvoiceDraft, InvoiceLineDraft, Organization, Price, ReceiptPlan};
use super::super::quickbooks::{CompanyFile, ListKind, Receipt, SaleDraft, SaleLine, TxnKind};
use super::{FITS, Firm};
use chrono::{DateTime, Days, Utc};
use std::collections::BTreeMap;

impl Firm {
    pub(super) fn enter_invoices(
        &mut self,
        books: &mut CompanyFile,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) {
        for _ in 0..self.due(self.size.invoices, self.done.invoices) {
            if self.day == 0 || self.random.chance(600) {
                self.enter_in_quickbooks(books, now);
            } else {
                self.enter_in_billcom(organization, now);
            }
        }
        if self.random.chance(300) {
            self.edit_in_quickbooks(books, now);
        }
    }

    fn enter_in_quickbooks(&mut self, books: &mut CompanyFile, now: DateTime<Utc>) {
        let customers = books.entries(ListKind::Customer).into_iter().filter(|it| it.active);
        let customers: Vec<String> = customers.filter(|it| !self.is_being_merged(&it.name)).map(|it| it.id).collect();
        let items: Vec<String> = [ListKind::ItemService, ListKind::ItemNonInventory]
            .iter()
            .flat_map(|kind| books.entries(*kind))
            .filter(|item| item.active)
            .map(|item| item.id)
            .collect();
        let mut lines = Vec::new();
        for place in 0..self.between(1, 4) {
            lines.push(SaleLine {
                item_id: self.random.pick(&items).clone(),
                description: format!("Part {}", place + 1),
                quantity_hundredths: self.between(25, 1_200),
                rate_cents: self.between(500, 20_000),
            });
        }
        let number = format!("Q{}", self.done.invoices + 1);
        let sale = SaleDraft { customer_id: self.random.pick(&customers).clone(), number: number.clone(), lines };
        let wall = books.setup.zone.at(now);
        let id = books.person(wall).enter_invoice_of(&sale).expect(FITS);
        if self.random.chance(500) {
            self.quickbooks_invoices.push(id);
        } else {
            self.billcom_invoices.push(number);
        }
        self.done.invoices += 1;
    }

    /// Whether a record of that name is being merged.
    fn is_being_merged(&self, name: &str) -> bool {
        self.merges.iter().flat_map(|merge| &merge.names).any(|it| it.trim().eq_ignore_ascii_case(name.trim()))
    }

    fn enter_in_billcom(&mut self, organization: &mut Organization, now: DateTime<Utc>) {
        let customers = organization.customers().into_iter().filter(|it| it.active && !self.is_being_merged(&it.name));
        let customers: Vec<String> = customers.map(|it| it.id).collect();
        let items: Vec<String> =
            organization.entries("Item").into_iter().filter(|item| item.active).map(|item| item.id).collect();
        let mut lines = Vec::new();
        for place in 0..self.between(1, 4) {
            lines.push(InvoiceLineDraft {
                quantity: self.between(1, 12),
                price: Price::Each(self.between(500, 20_000)),
                item_id: Some(self.random.pick(&items).clone()),
                taxable: false,
                description: format!("Part {}", place + 1),
            });
        }
        let date = now.date_naive();
        let number = format!("B{}", self.done.invoices + 1);
        let mut draft = InvoiceDraft {
            customer_id: self.random.pick(&customers).clone(),
            number: number.clone(),
            date,
            due: date.checked_add_days(Days::new(30)).unwrap_or(date),
            tax_item_id: None,
            lines,
        };
        let id = organization.person(now).create_invoice(&draft).expect(FITS);
        if self.random.chance(150) {
            // Before it was ever synced, it can still be edited there.
            draft.lines[0].quantity += 1;
            organization.person(now).edit_invoice(&id, &draft).expect(FITS);
            self.done.edits += 1;
        }
        self.billcom_invoices.push(number);
        self.done.invoices += 1;
    }

    /// An invoice that was not paid is edited or voided.
    fn edit_in_quickbooks(&mut self, books: &mut CompanyFile, now: DateTime<Utc>) {
        let Some(at) =
            (!self.quickbooks_invoices.is_empty()).then(|| self.random.below(self.quickbooks_invoices.len()))
        else {
            return;
        };
        let id = self.quickbooks_invoices[at].clone();
        let unpaid = books.txn(&id).is_some_and(|invoice| invoice.links.is_empty());
        let wall = books.setup.zone.at(now);
        if unpaid && self.random.chance(250) {
            books.person(wall).void(TxnKind::Invoice, &id).expect(FITS);
            self.quickbooks_invoices.swap_remove(at);
            self.done.voids += 1;
            return;
        }
        let (memo, order) = (format!("As agreed on day {}", self.day), format!("PO {}", self.day));
        let fields = [("PONumber", order.as_str()), ("Memo", memo.as_str())];
        books.person(wall).change_txn(TxnKind::Invoice, &id, &fields).expect(FITS);
        self.done.edits += 1;
    }

    pub(super) fn receive(&mut self, books: &mut CompanyFile, organization: &mut Organization, now: DateTime<Utc>) {
        let mut open = BTreeMap::new();
        for _ in 0..self.due(self.size.receipts, self.done.receipts) {
            // Each way in turn, as far as there is something to be paid.
            if self.done.receipts.is_multiple_of(2) {
                self.receive_in_quickbooks(books, now);
            } else {
                if open.is_empty() {
                    let invoices = organization.invoices().into_iter().filter(|it| it.state == "1" && it.due_cents > 0);
                    open = invoices.map(|invoice| (invoice.number.clone(), invoice)).collect();
                }
                self.receive_in_billcom(&mut open, organization, now);
            }
        }
        if self.random.chance(300) {
            self.deposit(books, now);
        }
        if self.random.chance(150)
            && let Some(id) = Self::draw(&mut self.random, &mut self.receipts)
        {
            organization.person(now).void_receipt(&id).expect(FITS);
            self.done.voids += 1;
        }
    }

    fn receive_in_quickbooks(&mut self, books: &mut CompanyFile, now: DateTime<Utc>) {
        let Some(id) = Self::draw(&mut self.random, &mut self.quickbooks_invoices) else {
            self.done.receipts += 1;
            return;
        };
        let Some(invoice) = books.txn(&id) else { return };
        let cents = if self.random.chance(150) { (invoice.open_cents / 2).max(1) } else { invoice.open_cents };
        let receipt = Receipt {
            customer_id: invoice.party_id.unwrap_or_default(),
            cents,
            number: format!("{}", 5_000 + self.done.receipts),
            deposit_to_id: None,
            paid: vec![(id, cents)],
        };
        let wall = books.setup.zone.at(now);
        let received = books.person(wall).receive_payment(&receipt).expect(FITS);
        self.undeposited.push(received);
        self.done.receipts += 1;
    }

    /// A customer pays online or by cheque; now and then more than the invoice says.
    fn receive_in_billcom(
        &mut self,
        open: &mut BTreeMap<String, super::super::billcom::InvoiceView>,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) {
        self.done.receipts += 1;
        let Some(at) = self.billcom_invoices.iter().position(|number| open.contains_key(number)) else { return };
        let number = self.billcom_invoices.swap_remove(at);
        let Some(invoice) = open.remove(&number) else { return };
        let over = if self.random.chance(60) { 1_000 } else { 0 };
        let plan = ReceiptPlan {
            customer_id: invoice.customer_id,
            date: now.date_naive(),
            cents: invoice.due_cents + over,
            invoices: vec![(invoice.id, invoice.due_cents)],
        };
        if self.random.chance(500) {
            organization.person(now).customer_pays(&plan, None).expect(FITS);
            return;
        }
        let funds = organization.accounts().into_iter().find(|it| it.name == "Undeposited Funds").map(|it| it.id);
        let number = format!("{}", 7_000 + self.done.receipts);
        let id = organization.person(now).record_cheque(&plan, funds.as_deref(), &number).expect(FITS);
        self.receipts.push(id);
    }

    /// What was received in QuickBooks is brought to the bank.
    fn deposit(&mut self, books: &mut CompanyFile, now: DateTime<Utc>) {
        let Some(bank) = books.account("Checking").filter(|_| !self.undeposited.is_empty()) else { return };
        let ids = std::mem::take(&mut self.undeposited);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let wall = books.setup.zone.at(now);
        books.person(wall).deposit_payments(&bank.id, &ids).expect(FITS);
    }
}
