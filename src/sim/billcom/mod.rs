//! A Bill.com organisation to practise on: the v2 API as a value.
//!
//! [`Organization`] answers calls the way `billcom.md` sections 2 to 4 and 7 describe: string enumerations and zero ids,
//! sessions that die, hourly limits, one-second stamps, offset paging, lines that are overwritten. It is deterministic:
//! time is an argument, chance comes from a seed. It knows no HTTP; [`serve`] puts a web server around it, and
//! [`InProcess`] carries calls to it without a network.
//!
//! It is strict. A call that does not fit the vendor's schema is declined and kept in [`Organization::violations`], so
//! that a test fails for a field that real Bill.com might have let pass in silence. Where the sources leave something
//! open, [`Rules`] has a switch; what goes wrong between computers is in [`Hazards`]. People act through [`Person`],
//! Bill.com and the banks through [`BackOffice`], and checkers look through the views ([`VendorView`], [`PaymentView`] and
//! the others), never through the API.
//!
//! What it deliberately leaves out: multi-factor sign-in itself, approval policies, foreign currency, documents, messages,
//! users and their profiles, and of v3 everything but signing in and webhooks.
//!
//! **Invariant:** nothing here uses the client's or the model's parsers; a mistake there must not be hidden by the same
//! mistake here. (Only the clock and the line that carries a call are the client's traits.)

mod back_office;
mod balance;
mod calls;
mod checks;
mod demo;
mod demo_money;
mod derive;
mod hazards;
mod in_process;
mod inspect;
mod inspect_money;
mod list;
mod money_calls;
mod payments;
mod people;
mod people_money;
pub(in crate::sim) mod random;
mod receipts;
mod record;
mod reply;
mod rules;
mod schema;
mod serve;
mod session;
mod usage;
mod voids;
mod webhooks;
mod write;

pub use back_office::BackOffice;
pub use demo::{demo, tick};
pub use demo_money::{full_demo, full_tick};
pub use hazards::{Fault, FaultKind, Hazards, On};
pub use in_process::{InProcess, SharedOrganization, lock};
pub use inspect::{AccountView, BillView, EntryView, LineView, VendorView};
pub use inspect_money::{
    CreditUseView, CreditView, CustomerView, InvoiceLineView, InvoiceView, MovementView, Payable, PaymentView,
    ReceiptView, Receivable,
};
pub use people::{BillDraft, LineDraft, PeopleError, Person};
pub use people_money::{
    Bank, CreditDraft, InvoiceDraft, InvoiceLineDraft, OfflinePayment, PaymentPlan, Price, ReceiptPlan,
};
pub use reply::HttpReply;
pub use rules::{CreditSum, Lock, MfaGuard, NumberScope, Rules, TokenRights};
pub use serve::{Served, serve};
pub use session::{Credential, SignInKind};
pub use usage::{HourUse, KeyUsage, SharedUsage};
pub use webhooks::{Delivery, PayloadForm, V3Request, WebhookRules, Webhooks};

use chrono::{DateTime, Utc};
pub(crate) use random::Random;
pub(crate) use record::print_decimal;
use record::{Record, View};
use reply::Refusal;
use schema::{Table, Type};
use serde_json::{Value, json};
use session::Sessions;
use std::collections::{BTreeMap, VecDeque};

/// Violations kept; a client that makes this many mistakes is known well enough.
const VIOLATIONS_MAX: usize = 1_000;

/// Paths of calls kept for tests, newest last.
const CALLS_KEPT_MAX: usize = 100_000;

/// Fields of bills that a production answer had and no document names, with likely values (`billcom.md` 2.1, 2.4).
const UNDOCUMENTED: &[(&str, Option<&str>)] = &[
    ("quickbooksId", None),
    ("apAccountId", Some(record::ZERO_ID)),
    ("lastPaymentDate", None),
    ("fullPaymentDate", None),
    ("uiPaymentStatus", Some("0")),
    ("is1099MissingBill", Some("0")),
    ("orgId", Some("00801PRACTICEPRACT01")),
    ("organizationName", Some("Practice")),
    ("discountDueDate", None),
    ("hasAmortizedLines", None),
];

/// A call that the vendor's schema does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path of the call.
    pub path: String,
    /// What was wrong with it.
    pub what: String,
}

/// What identifies an organisation.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its name.
    pub name: String,
    /// What `accountingSoftware` says.
    pub accounting_software: Option<String>,
    /// The developer key it accepts.
    pub developer_key: String,
}

/// What the organisation chose in its settings; ids of accounts.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// Where online payments to vendors are posted until the bank has paid them.
    pub money_out_clearing: Option<String>,
    /// Where online payments of customers are posted until the bank has them.
    pub money_in_clearing: Option<String>,
}

/// One organisation with its books, sessions and switches.
#[derive(Clone, Debug)]
pub struct Organization {
    id: String,
    identity: Identity,
    credentials: Vec<Credential>,
    /// Open questions, decided.
    pub rules: Rules,
    /// Things that go wrong.
    pub hazards: Hazards,
    /// The settings.
    pub preferences: Preferences,
    /// Who is told of changes.
    pub webhooks: Webhooks,
    /// What `Login` says about where to send later calls; nothing when empty.
    pub api_end_point: String,
    /// Nobody can reach it.
    pub offline: bool,
    usage: SharedUsage,
    sessions: Sessions,
    books: BTreeMap<&'static str, BTreeMap<String, Record>>,
    random: Random,
    serial: u64,
    violations: Vec<Violation>,
    calls: VecDeque<String>,
}

impl Organization {
    /// An empty organisation. The seed decides ids and sessions; `usage` is shared with the other organisations of the developer key.
    #[must_use]
    pub fn new(identity: Identity, seed: u64, now: DateTime<Utc>, usage: SharedUsage) -> Self {
        let mut random = Random::new(seed);
        let id = random.id("008");
        let mut organization = Self {
            id: id.clone(),
            identity,
            credentials: Vec::new(),
            rules: Rules::default(),
            hazards: Hazards::default(),
            preferences: Preferences::default(),
            webhooks: Webhooks::new(seed),
            api_end_point: String::new(),
            offline: false,
            usage,
            sessions: Sessions::default(),
            books: BTreeMap::new(),
            random,
            serial: 0,
            violations: Vec::new(),
            calls: VecDeque::new(),
        };
        organization.enter_itself(&id, now);
        organization
    }

    /// The organisation's own record, which `Crud/Read/Organization` shows.
    fn enter_itself(&mut self, id: &str, now: DateTime<Utc>) {
        let mut values = record::Values::new();
        values.insert("name", Value::from(self.identity.name.clone()));
        values.insert("timezoneId", Value::from("6"));
        if let Some(software) = self.identity.accounting_software.clone() {
            values.insert("accountingSoftware", Value::from(software));
        }
        let table = Table::named("Organization").expect("invariant: the organisation has a table");
        let serial = self.next_serial();
        let record = Record::new(id.to_owned(), serial, now, values);
        self.books.entry(table.name).or_default().insert(id.to_owned(), record);
    }

    /// The organisation's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The developer key.
    #[must_use]
    pub fn developer_key(&self) -> &str {
        &self.identity.developer_key
    }

    /// Lets somebody sign in. The same name again replaces the secret and ends nothing: sessions live on, as in life.
    pub fn allow(&mut self, name: &str, secret: &str, kind: SignInKind) {
        self.credentials.retain(|credential| credential.name != name);
        let user_id = self.random.id("006");
        let (name, secret) = (name.to_owned(), secret.to_owned());
        self.credentials.push(Credential { name, secret, kind, trusted: false, user_id });
    }

    /// Sessions of this name count as trusted by multi-factor sign-in from their next login on.
    pub fn trust(&mut self, name: &str) {
        self.credentials.iter_mut().filter(|credential| credential.name == name).for_each(|it| it.trusted = true);
    }

    /// Ends every session.
    pub fn kill_sessions(&mut self) {
        self.sessions.kill_all();
    }

    /// Calls that the vendor's schema does not allow.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The paths of all calls, oldest first.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        self.calls.iter().map(String::as_str)
    }

    /// How many calls had this at the beginning of their path, such as `List/Bill`.
    #[must_use]
    pub fn calls_to(&self, prefix: &str) -> usize {
        self.calls().filter(|path| path.starts_with(prefix)).count()
    }

    /// What the developer key was used for.
    #[must_use]
    pub fn usage(&self) -> SharedUsage {
        self.usage.clone()
    }

    /// Answers one POST. The path may begin with `/api/v2`.
    pub fn handle(&mut self, now: DateTime<Utc>, path: &str, form: &[(String, String)]) -> HttpReply {
        let path = path.trim_start_matches('/');
        let path = path.strip_prefix("api/v2/").unwrap_or(path).to_owned();
        let now = now + self.rules.clock_skew;
        if self.calls.len() >= CALLS_KEPT_MAX {
            self.calls.pop_front();
        }
        self.calls.push_back(path.clone());
        let fault = self.hazards.take(&path, &mut self.random);
        match fault {
            None => self.answer(now, &path, form),
            Some(fault) => self.answer_with(fault, now, &path, form),
        }
    }

    /// Answers one POST, or declines it because too many run at once.
    pub(crate) fn handle_unless_crowded(
        &mut self,
        now: DateTime<Utc>,
        path: &str,
        form: &[(String, String)],
        allowed: bool,
    ) -> HttpReply {
        if allowed {
            self.handle(now, path, form)
        } else {
            HttpReply::declined(self.rules.declined_status, &Refusal::crowded())
        }
    }

    fn answer(&mut self, now: DateTime<Utc>, path: &str, form: &[(String, String)]) -> HttpReply {
        match self.call(now, path, form) {
            Ok(data) => HttpReply::success(&data),
            Err(refusal) => {
                self.note(path, &refusal);
                HttpReply::declined(self.rules.declined_status, &refusal)
            }
        }
    }

    fn answer_with(
        &mut self,
        fault: FaultKind,
        now: DateTime<Utc>,
        path: &str,
        form: &[(String, String)],
    ) -> HttpReply {
        match fault {
            FaultKind::LostBefore => HttpReply::cut(),
            FaultKind::LostAfter => {
                self.answer(now, path, form);
                HttpReply::cut()
            }
            FaultKind::Html => {
                HttpReply::new(200, "text/html", "<!DOCTYPE html><html><body>We'll be right back.</body></html>")
            }
            FaultKind::Truncated => {
                let mut reply = self.answer(now, path, form);
                reply.body.truncate(reply.body.len() / 2);
                reply
            }
            FaultKind::Status(status) => HttpReply::new(status, "text/plain", "upstream unavailable"),
            FaultKind::Slow(delay) => HttpReply { delay, ..self.answer(now, path, form) },
            FaultKind::SessionKilled => {
                self.sessions.kill_all();
                self.answer(now, path, form)
            }
            FaultKind::Code(code) => HttpReply::declined(self.rules.declined_status, &Refusal::injected(code)),
            FaultKind::Oversize(bytes) => HttpReply::new(200, "application/json", vec![b' '; bytes]),
            FaultKind::Redirect => {
                let location = Some("https://elsewhere.example/api/v2/Login.json");
                HttpReply { location, ..HttpReply::new(302, "text/html", "") }
            }
            FaultKind::EditListedRow => {
                let reply = self.answer(now, path, form);
                self.edit_first_row_of(now, path, &reply);
                reply
            }
        }
    }

    /// Somebody edits a row that was just listed: it gets a new stamp and moves to the end.
    fn edit_first_row_of(&mut self, now: DateTime<Utc>, path: &str, reply: &HttpReply) {
        let entity = path.trim_start_matches("List/").trim_end_matches(".json");
        let envelope: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let id = envelope["response_data"][0]["id"].as_str().unwrap_or_default();
        if let Some(record) = self.books.get_mut(entity).and_then(|records| records.get_mut(id)) {
            record.values.insert("description", Value::from(format!("edited {}", now.timestamp())));
            record.stamp_at(now);
        }
    }

    fn note(&mut self, path: &str, refusal: &Refusal) {
        if refusal.violation && self.violations.len() < VIOLATIONS_MAX {
            self.violations.push(Violation { path: path.to_owned(), what: refusal.message.clone() });
        }
    }

    const fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    fn records(&self, entity: &str) -> impl Iterator<Item = &Record> {
        self.books.get(entity).into_iter().flat_map(BTreeMap::values)
    }

    fn record(&self, entity: &str, id: &str) -> Option<&Record> {
        self.books.get(entity)?.get(id)
    }

    /// The records of an entity as they were made.
    fn in_order(&self, entity: &str) -> impl Iterator<Item = &Record> {
        let mut records: Vec<&Record> = self.records(entity).collect();
        records.sort_by_key(|record| record.serial);
        records.into_iter()
    }

    /// The records of an entity that name a record in a field, as they were made.
    fn naming(&self, entity: &str, field: &str, id: &str) -> Vec<&Record> {
        let mut records: Vec<&Record> = self.records(entity).filter(|record| record.text(field) == Some(id)).collect();
        records.sort_by_key(|record| record.serial);
        records
    }

    /// A record as JSON, with the records of their own that are printed inside it. These are late together with its rows.
    fn print(&self, record: &Record, table: &Table, view: View) -> Value {
        let mut printed = record.print(table, view);
        let shown = view.written || record.late.as_ref().is_none_or(|(until, _)| view.now >= *until);
        for field in table.fields.iter().filter(|_| view.nested) {
            if let Type::Linked(inner, by) = field.kind {
                let rows = if shown { self.naming(inner.name, by, &record.id) } else { Vec::new() };
                printed[field.name] = rows.into_iter().map(|row| row.print(inner, view.inside())).collect();
            }
        }
        if self.rules.undocumented_fields && table.name == "Bill" {
            UNDOCUMENTED.iter().for_each(|(name, value)| printed[*name] = json!(value));
        }
        printed
    }

    /// How a record looks to a caller.
    const fn view(&self, now: DateTime<Utc>, nested: bool) -> View {
        View {
            now,
            nested,
            written: false,
            as_text: false,
            read: false,
            older_spelling: self.rules.older_merge_spelling,
        }
    }
}

#[cfg(test)]
mod tests;
