//! What somebody does to lists at the keyboard: classes, customers and jobs, items, taxes.
//!
//! Renaming, making inactive, deleting and merging are the same for every list, in [`super::person`].

use super::Person;
use super::list_ops;
use super::lists::ListKind;
use super::refs;
use super::status::Status;
use crate::sim::xml::Element;

impl Person<'_> {
    /// Makes a class and gives its `ListID`; class tracking must be on.
    ///
    /// # Errors
    /// The [`Status`] a request would get.
    pub fn add_class(&mut self, name: &str) -> Result<String, Status> {
        self.add(ListKind::Class, vec![Element::leaf("Name", name)])
    }

    /// Makes a class under another one and gives its `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_class`].
    pub fn add_sub_class(&mut self, parent_id: &str, name: &str) -> Result<String, Status> {
        self.add(ListKind::Class, vec![Element::leaf("Name", name), refs::to("ParentRef", parent_id)])
    }

    /// Makes a customer and gives its `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_class`].
    pub fn add_customer(&mut self, name: &str) -> Result<String, Status> {
        self.add(ListKind::Customer, vec![Element::leaf("Name", name)])
    }

    /// Makes a job of a customer, or a job below a job, and gives its `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_class`].
    pub fn add_job(&mut self, parent_id: &str, name: &str) -> Result<String, Status> {
        self.add(ListKind::Customer, vec![Element::leaf("Name", name), refs::to("ParentRef", parent_id)])
    }

    /// Makes a service that posts to one account, at a price such as `35.00`, and gives its `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_class`].
    pub fn add_service(&mut self, name: &str, account_id: &str, price: &str) -> Result<String, Status> {
        let side = vec![Element::leaf("Price", price), refs::to("AccountRef", account_id)];
        let fields = vec![Element::leaf("Name", name), Element::group("SalesOrPurchase", side)];
        self.add(ListKind::ItemService, fields)
    }

    /// Makes a service without a price and gives its `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_class`].
    pub fn add_item(&mut self, name: &str, account_id: &str) -> Result<String, Status> {
        let side = vec![refs::to("AccountRef", account_id)];
        let fields = vec![Element::leaf("Name", name), Element::group("SalesOrPurchase", side)];
        self.add(ListKind::ItemService, fields)
    }

    /// Makes goods that are bought and sold without being counted, and gives their `ListID`.
    ///
    /// # Errors
    /// As [`Self::add_class`].
    pub fn add_goods(&mut self, name: &str, income_id: &str, expense_id: &str) -> Result<String, Status> {
        let sides = vec![refs::to("IncomeAccountRef", income_id), refs::to("ExpenseAccountRef", expense_id)];
        let fields = vec![Element::leaf("Name", name), Element::group("SalesAndPurchase", sides)];
        self.add(ListKind::ItemNonInventory, fields)
    }

    /// Makes goods that are counted, with the accounts for income, cost and stock, and gives their `ListID`; inventory must
    /// be on.
    ///
    /// # Errors
    /// As [`Self::add_class`]; 3140 for accounts of other types.
    pub fn add_stock(&mut self, name: &str, income_id: &str, cost_id: &str, asset_id: &str) -> Result<String, Status> {
        let fields = vec![
            Element::leaf("Name", name),
            refs::to("IncomeAccountRef", income_id),
            refs::to("COGSAccountRef", cost_id),
            refs::to("AssetAccountRef", asset_id),
        ];
        self.add(ListKind::ItemInventory, fields)
    }

    /// Switches sales tax on, as the dialog of the program does: with the two codes every company has, and a first tax. Gives
    /// the `ListID` of that tax.
    ///
    /// # Errors
    /// 3100 if a name is taken, 3140 if the agency is no vendor.
    pub fn charge_sales_tax(&mut self, tax: &str, rate: &str, agency_id: &str) -> Result<String, Status> {
        self.set_preferences(|preferences| preferences.sales_tax = true);
        for (name, is_taxable) in [("Tax", "true"), ("Non", "false")] {
            let fields = vec![Element::leaf("Name", name), Element::leaf("IsTaxable", is_taxable)];
            self.add(ListKind::SalesTaxCode, fields)?;
        }
        let fields =
            vec![Element::leaf("Name", tax), Element::leaf("TaxRate", rate), refs::to("TaxVendorRef", agency_id)];
        self.add(ListKind::ItemSalesTax, fields)
    }

    /// Moves a record under another parent, or to the top. The full names of its children change, their modification times
    /// do not.
    ///
    /// # Errors
    /// 3100 if the name is taken there, 3120 if the record is not there, 3130 if the parent is not, stands below it, or is
    /// too deep.
    pub fn move_under(&mut self, kind: ListKind, id: &str, parent_id: Option<&str>) -> Result<(), Status> {
        list_ops::find(&self.file.books, kind, id)?;
        if let Some(parent_id) = parent_id {
            let lists = &self.file.books.lists;
            let parent = lists.get(kind, parent_id).ok_or_else(|| Status::no_such_parent(parent_id, kind))?;
            lists.check_parent(parent, Some(id))?;
        }
        self.edit(kind, id, |record| record.parent = parent_id.map(str::to_owned))
    }

    /// Sets or, with `None`, clears a reference of a record, such as `ClassRef`. Whether it leads anywhere is not checked.
    ///
    /// # Errors
    /// 3120 if the record is not there.
    pub fn set_reference(
        &mut self,
        kind: ListKind,
        id: &str,
        field: &str,
        target_id: Option<&str>,
    ) -> Result<(), Status> {
        self.edit(kind, id, |record| {
            record.fields.retain(|known| known.name != field);
            record.fields.extend(target_id.map(|target| refs::to(field, target)));
        })
    }
}
