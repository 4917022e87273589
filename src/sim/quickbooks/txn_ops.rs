//! Adding and changing transactions: what all kinds have in common.
//!
//! What is special to a kind (its lines, its amount, its postings, its rules) is in its file, called through
//! [`TxnObject`]. A request first becomes a [`Draft`]; only when every rule is kept is the draft stored, so a refused request
//! changes nothing. The order of the checks is fixed: macro, object, lock, edit sequence, cleared fields, closed period,
//! references, rules of the kind, links.
//!
//! Some accounts QuickBooks makes by itself when they are needed first. A draft names them by a word ([`UNDEPOSITED`],
//! [`SALES_TAX`]); storing it puts the account in.

use chrono::NaiveDate;

use super::answer::{Outcome, txn_recovery};
use super::applied::{Use, open_cents, standing};
use super::books::{Books, Transaction};
use super::list_ops::overlay;
use super::lists::{ListKind, ListRecord};
use super::objects;
use super::query;
use super::schema::Node;
use super::shape;
use super::status::Status;
use super::time::{Now, Zone};
use super::txn_kind::TxnKind;
use super::txn_render::{Shown, render};
use super::{Call, money, refs};
use crate::sim::xml::Element;

/// Stands for the account of money received and not yet brought to the bank.
pub(crate) const UNDEPOSITED: &str = "(undeposited funds)";
/// Stands for the account of sales tax that is owed.
pub(crate) const SALES_TAX: &str = "(sales tax payable)";

/// The accounts that are made when they are needed: word, special type, name, type.
const MADE_WHEN_NEEDED: &[(&str, &str, &str, &str)] = &[
    (UNDEPOSITED, "UndepositedFunds", "Undeposited Funds", "OtherCurrentAsset"),
    (SALES_TAX, "SalesTaxPayable", "Sales Tax Payable", "OtherCurrentLiability"),
];

/// What is special to one kind of transaction.
pub(crate) struct TxnObject {
    /// Name of the answer's element: `BillRet`.
    pub(crate) ret: &'static str,
    /// Content of that element.
    pub(crate) table: &'static [Node],
    /// Header fields that a Mod may not clear: 3190.
    pub(crate) never_cleared: &'static [&'static str],
    /// Fills in defaults, lines, amount, postings and uses, and checks the rules of the kind.
    pub(crate) settle: fn(&Call<'_>, &mut Draft, &Element) -> Result<(), Status>,
    /// Fields that are computed when an answer is written.
    pub(crate) computed: fn(&Books, &Transaction) -> Vec<Element>,
}

/// A transaction that is not yet stored.
pub(crate) struct Draft {
    pub(crate) txn: Transaction,
    /// The state before a change.
    pub(crate) before: Option<Transaction>,
    /// New uses. An empty source or target stands for the draft itself, which has no ID yet.
    pub(crate) uses: Vec<Use>,
    /// Uses of source and target that are taken back first.
    pub(crate) taken_back: Vec<(String, String)>,
    /// True if nothing is kept but the uses: a payment by credits alone.
    pub(crate) is_credits_only: bool,
}

impl Draft {
    /// True if a use is among those taken back.
    fn takes_back(&self, used: &Use) -> bool {
        self.taken_back.iter().any(|(source, target)| *source == used.source && *target == used.target)
    }

    /// What is open of a stored transaction once the uses taken back are gone and the new ones are there, in cents.
    pub(crate) fn open_cents(&self, books: &Books, txn: &Transaction) -> i64 {
        let is_debt = standing(books, txn).is_some_and(|standing| standing.is_debt);
        let of_txn = |used: &&Use| if is_debt { used.target == txn.id } else { used.source == txn.id };
        let back = books.applied.on(&txn.id).iter().chain(books.applied.of(&txn.id));
        let back: i64 = back.filter(of_txn).filter(|used| self.takes_back(used)).map(Use::relief_cents).sum();
        let new: i64 = self.uses.iter().filter(of_txn).map(Use::relief_cents).sum();
        open_cents(books, txn) + back - new
    }
}

/// Header elements that are not kept as fields: lines, links, instructions, and what has a place of its own.
fn is_field(element: &Element) -> bool {
    let name = element.name.as_str();
    let is_part = ["LineAdd", "LineMod", "GroupAdd", "GroupMod", "TxnAdd", "TxnMod", "InfoAdd", "InfoMod"];
    !is_part.iter().any(|end| name.ends_with(end))
        && !matches!(
            name,
            "TxnID"
                | "EditSequence"
                | "TxnDate"
                | "Amount"
                | "TotalAmount"
                | "LinkToTxnID"
                | "SetCredit"
                | "IsAutoApply"
                | "ClearExpenseLines"
                | "ClearItemLines"
                | "JournalDebitLine"
                | "JournalCreditLine"
        )
}

/// `…Add` of a transaction.
///
/// # Errors
/// The status of the first rule that is broken.
pub(crate) fn add(call: &mut Call<'_>, kind: TxnKind, content: &'static [Node]) -> Result<Outcome, Status> {
    let object = objects::txn_object(kind);
    let name = format!("{}Add", kind.word());
    let macro_name = check_macro(call, &name)?;
    let given = shape::given(content, call.request, &name);
    if let Some(link) = given.child("LinkToTxnID") {
        // Purchase and sales orders are not simulated, so none is found.
        return Err(Status::no_such_object(&txn_id(call, link)?));
    }
    let said = given.text_of("TxnDate").and_then(|text| text.parse().ok());
    let date = said.or(call.file.books.last_dates.get(&kind).copied()).unwrap_or_else(|| call.now.local.date());
    if call.is_closed(date) {
        return Err(Status::closed_period(kind.word()));
    }
    let header: Vec<Element> =
        given.children.iter().filter(|field| is_field(field) && !field.is_empty()).cloned().collect();
    refs::refuse_empty(&header)?;
    let fields = refs::resolve_all(&call.file.books, &call.file.setup.habits, kind.word(), header)?;
    let txn = Transaction {
        kind,
        id: String::new(),
        number: 0,
        created: call.now,
        modified: call.now,
        edit_sequence: 0,
        date,
        party: String::new(),
        total_cents: 0,
        fields,
        lines: Vec::new(),
        postings: Vec::new(),
    };
    let mut draft = Draft { txn, before: None, uses: Vec::new(), taken_back: Vec::new(), is_credits_only: false };
    (object.settle)(call, &mut draft, &given)?;
    check_links(call, &draft)?;
    let zone = call.file.setup.zone;
    if draft.is_credits_only {
        keep_uses(call, "", draft.taken_back, draft.uses);
        return Ok(Outcome::of(Vec::new()));
    }
    let books = &mut call.file.books;
    draft.txn.id = books.new_txn_id(&zone, call.now);
    draft.txn.number = books.new_txn_number();
    draft.txn.edit_sequence = Books::next_edit_sequence(&zone, call.now, 0);
    if let Some(name) = macro_name {
        call.macros.insert(name, draft.txn.id.clone());
    }
    Ok(store(call, draft, true))
}

/// `…Mod` of a transaction.
///
/// # Errors
/// The status of the first rule that is broken.
pub(crate) fn modify(call: &mut Call<'_>, kind: TxnKind, content: &'static [Node]) -> Result<Outcome, Status> {
    let object = objects::txn_object(kind);
    let given = shape::given(content, call.request, &format!("{}Mod", kind.word()));
    let before = find(call, kind, given.text_of("TxnID").unwrap_or(""))?.clone();
    if call.is_open_elsewhere(&before.id) {
        return Err(Status::transaction_locked());
    }
    let edit_sequence = given.text_of("EditSequence").unwrap_or("");
    if edit_sequence != before.edit_sequence.to_string() {
        return Err(Status::stale(edit_sequence));
    }
    let is_cleared = |field: &&Element| field.is_empty() || refs::is_cleared(field);
    let cleared = given.children.iter().filter(is_cleared);
    if let Some(field) = cleared.into_iter().find(|field| object.never_cleared.contains(&field.name.as_str())) {
        return Err(Status::cannot_clear(&field.name, kind.word()));
    }
    let mut txn = before.clone();
    txn.date = given.text_of("TxnDate").and_then(|text| text.parse::<NaiveDate>().ok()).unwrap_or(before.date);
    if call.is_closed(before.date) || call.is_closed(txn.date) {
        return Err(Status::closed_period(kind.word()));
    }
    let header = given.children.iter().filter(|field| is_field(field)).cloned().collect();
    let changes = refs::resolve_all(&call.file.books, &call.file.setup.habits, kind.word(), header)?;
    overlay(&mut txn.fields, changes);
    let lines_before = txn.lines.clone();
    let mut draft =
        Draft { txn, before: Some(before), uses: Vec::new(), taken_back: Vec::new(), is_credits_only: false };
    (object.settle)(call, &mut draft, &given)?;
    check_links(call, &draft)?;
    check_standing(call, &draft)?;
    let zone = call.file.setup.zone;
    draft.txn.modified = call.now;
    draft.txn.edit_sequence = Books::next_edit_sequence(&zone, call.now, draft.txn.edit_sequence);
    let all_new = call.file.setup.habits.line_ids_change && draft.txn.lines != lines_before;
    Ok(store(call, draft, all_new))
}

/// The transaction of a kind that an ID names.
///
/// # Errors
/// 3000 for an ID without the form of one, 3120 if it is not there.
pub(crate) fn find<'a>(call: &'a Call<'_>, kind: TxnKind, id: &str) -> Result<&'a Transaction, Status> {
    if !refs::has_id_form(id) {
        return Err(Status::bad_id(id, "txn id"));
    }
    let found = call.file.books.txns.get(id).filter(|txn| txn.kind == kind);
    found.ok_or_else(|| Status::no_such_object(id))
}

/// The ID an element holds, or that its macro stands for.
///
/// # Errors
/// 3000 for an ID without the form of one, 9101 for a macro nobody defined.
pub(crate) fn txn_id(call: &Call<'_>, element: &Element) -> Result<String, Status> {
    if let Some(name) = element.attribute("useMacro") {
        return call.macros.get(name).cloned().ok_or_else(|| Status::unknown_macro(name));
    }
    if !refs::has_id_form(&element.text) {
        return Err(Status::bad_id(&element.text, "txn id"));
    }
    Ok(element.text.clone())
}

/// The macro an Add defines, if its name is good and new.
fn check_macro(call: &Call<'_>, element: &str) -> Result<Option<String>, Status> {
    let Some(name) = call.request.child(element).and_then(|given| given.attribute("defMacro")) else {
        return Ok(None);
    };
    let is_good = name.strip_prefix("TxnID:").is_some_and(|rest| !rest.is_empty());
    if is_good && !call.macros.contains_key(name) { Ok(Some(name.to_owned())) } else { Err(Status::bad_macro(name)) }
}

/// Refuses uses whose other end somebody has open.
fn check_links(call: &Call<'_>, draft: &Draft) -> Result<(), Status> {
    let ends = draft.uses.iter().flat_map(|used| [&used.source, &used.target]);
    let back = draft.taken_back.iter().flat_map(|(source, target)| [source, target]);
    let mut others = ends.chain(back).filter(|id| **id != draft.txn.id);
    match others.any(|id| call.is_open_elsewhere(id)) {
        true => Err(Status::related_locked(draft.txn.kind.word())),
        false => Ok(()),
    }
}

/// A linked transaction keeps its account, its name and its side, and does not fall below what is linked.
fn check_standing(call: &Call<'_>, draft: &Draft) -> Result<(), Status> {
    let books = &call.file.books;
    let Some(before) = &draft.before else { return Ok(()) };
    let kept = books.applied.on(&before.id).iter().chain(books.applied.of(&before.id));
    let kept: i64 = kept.filter(|used| !draft.takes_back(used)).map(Use::relief_cents).sum();
    if kept == 0 {
        return Ok(());
    }
    let word = before.kind.word();
    let (old, new) = (standing(books, before), standing(books, &draft.txn));
    let place = |standing: Option<super::applied::Standing>| standing.map(|s| (s.account, s.party, s.is_debt, s.cents));
    let (Some((account, party, is_debt, _)), Some((new_account, new_party, new_side, cents))) =
        (place(old), place(new))
    else {
        return Err(Status::cannot_modify(word, "The transaction is linked to others."));
    };
    if (account, party, is_debt) != (new_account, new_party, new_side) {
        return Err(Status::cannot_modify(word, "The name or account of a linked transaction cannot be changed."));
    }
    let new: i64 = draft.uses.iter().filter(|used| used.source.is_empty()).map(Use::relief_cents).sum();
    if cents < kept + new {
        let amount = money::format(cents);
        return Err(Status::rule("Amount", &amount, "The amount cannot be less than what has been paid."));
    }
    Ok(())
}

/// Books a draft and answers with it; new lines get their IDs.
fn store(call: &mut Call<'_>, draft: Draft, all_new: bool) -> Outcome {
    let (zone, now) = (call.file.setup.zone, call.now);
    let Draft { mut txn, before, mut uses, taken_back, .. } = draft;
    let books = &mut call.file.books;
    for line in &mut txn.lines {
        for line in std::iter::once(&mut line.id).chain(line.members.iter_mut().map(|member| &mut member.id)) {
            if all_new || line.is_empty() {
                *line = books.new_txn_id(&zone, now);
            }
        }
    }
    make_accounts(books, &zone, now, &mut txn);
    if let Some(before) = before {
        books.ledger.unpost(before.date, &before.postings);
    }
    books.ledger.post_on(txn.date, &txn.postings);
    books.last_dates.insert(txn.kind, txn.date);
    for used in &mut uses {
        for end in [&mut used.source, &mut used.target] {
            if end.is_empty() {
                end.clone_from(&txn.id);
            }
        }
    }
    let id = txn.id.clone();
    books.txns.insert(id.clone(), txn);
    keep_uses(call, &id, taken_back, uses);
    let books = &call.file.books;
    let txn = &books.txns[&id];
    let ret = render(books, &zone, txn, call.version, Shown { lines: true, links: false });
    let recovery = txn_recovery(&txn.id, txn.number, txn.edit_sequence, txn.field("ExternalGUID"));
    Outcome::changed(query::only_included(call.request, ret), recovery)
}

/// Takes old uses back, keeps new ones, and stamps the transactions at their other ends.
fn keep_uses(call: &mut Call<'_>, own: &str, taken_back: Vec<(String, String)>, uses: Vec<Use>) {
    let mut touched = Vec::new();
    for (source, target) in taken_back {
        call.file.books.applied.remove(&source, &target);
        touched.extend([source, target]);
    }
    for used in uses {
        touched.extend([used.source.clone(), used.target.clone()]);
        call.file.books.applied.add(used);
    }
    touched.sort();
    touched.dedup();
    for id in &touched {
        objects::repost(&mut call.file.books, id);
    }
    touched.retain(|id| id != own);
    if call.file.setup.habits.payment_touches_bill {
        touch(call, &touched);
    }
}

/// Moves the stamps of transactions.
pub(crate) fn touch(call: &mut Call<'_>, ids: &[String]) {
    let (zone, now) = (call.file.setup.zone, call.now);
    for id in ids {
        if let Some(txn) = call.file.books.txns.get_mut(id) {
            txn.modified = now;
            txn.edit_sequence = Books::next_edit_sequence(&zone, now, txn.edit_sequence);
        }
    }
}

/// Puts the accounts in that a draft only names by a word.
fn make_accounts(books: &mut Books, zone: &Zone, now: Now, txn: &mut Transaction) {
    for (word, special, name, account_type) in MADE_WHEN_NEEDED {
        let posts = txn.postings.iter().any(|posting| posting.account == *word);
        if !posts && !refs::lead_to(&txn.fields, ListKind::Account, word) {
            continue;
        }
        let known = special_account(books, special, name, account_type).map(|account| account.id.clone());
        let id = known.unwrap_or_else(|| {
            let id = books.new_list_id(ListKind::Account, zone, now);
            books.lists.insert(ListRecord {
                kind: ListKind::Account,
                id: id.clone(),
                created: now,
                modified: now,
                edit_sequence: Books::next_edit_sequence(zone, now, 0),
                name: (*name).to_owned(),
                active: true,
                parent: None,
                fields: vec![Element::leaf("AccountType", account_type), Element::leaf("SpecialAccountType", special)],
            });
            id
        });
        refs::redirect(&mut txn.fields, ListKind::Account, word, &id);
        for posting in txn.postings.iter_mut().filter(|posting| posting.account == *word) {
            posting.account.clone_from(&id);
        }
    }
}

/// The account QuickBooks uses for a purpose of its own, by its mark or by its usual name and type.
fn special_account<'a>(books: &'a Books, special: &str, name: &str, account_type: &str) -> Option<&'a ListRecord> {
    let marked = books.lists.of_kind(ListKind::Account);
    let mut marked = marked.filter(|account| account.field("SpecialAccountType") == Some(special));
    let named = || books.lists.by_full_name(ListKind::Account, name);
    marked.next().or_else(|| named().filter(|account| account.field("AccountType") == Some(account_type)))
}

/// The account of money received and not yet brought to the bank, once there is one.
pub(crate) fn undeposited_account(books: &Books) -> Option<&ListRecord> {
    special_account(books, "UndepositedFunds", "Undeposited Funds", "OtherCurrentAsset")
}
