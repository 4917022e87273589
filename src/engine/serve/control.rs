//! The accounts on which QuickBooks books whole documents: accounts payable and receivable.
//!
//! A setting names one, or the books have only one of its type; otherwise QuickBooks takes its own default. A setting that
//! names an account which does not exist holds the documents back: they are not booked on a guess.

use crate::engine::Engine;
use crate::entities::{self, ControlAccount};
use crate::limits::RETRY_PAUSE_MAX;
use crate::model::{Intent, Kind, NativeId, ProblemCode, Side, span};
use crate::plan::{self, Transition};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What is known about a control account.
enum Known {
    /// This one.
    Account(NativeId),
    /// No setting names one, and the books have none or several: QuickBooks takes its default.
    QuickBooksDecides,
    /// The setting names one that does not exist.
    Missing(String),
}

/// The control accounts of a company's books.
pub(in crate::engine) struct ControlAccounts(BTreeMap<ControlAccount, Known>);

impl ControlAccounts {
    pub(in crate::engine) fn load(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let settings = tx.settings()?;
        let mut known = BTreeMap::new();
        for control in ControlAccount::ALL {
            let named = settings.get(control.setting()).filter(|name| !name.is_empty());
            let account = match named {
                Some(name) => match tx.record_named(Side::QuickBooks, Kind::Account, &name)? {
                    Some(reference) => Known::Account(reference.id),
                    None => Known::Missing(name),
                },
                None => {
                    let mut found = tx.accounts_of_type(control.account_type())?;
                    match found.pop() {
                        Some(only) if found.is_empty() => Known::Account(only),
                        _ => Known::QuickBooksDecides,
                    }
                }
            };
            known.insert(control, account);
        }
        Ok(Self(known))
    }

    /// The account to be named in a document of this kind.
    pub(in crate::engine) fn of(&self, kind: Kind) -> Option<&NativeId> {
        let control = entities::entity(kind)?.control_account()?;
        match self.0.get(&control)? {
            Known::Account(id) => Some(id),
            Known::QuickBooksDecides | Known::Missing(_) => None,
        }
    }

    /// The control account that is missing for a kind, with the name that the setting gives.
    fn missing(&self, kind: Kind) -> Option<(ControlAccount, &str)> {
        let control = entities::entity(kind)?.control_account()?;
        match self.0.get(&control)? {
            Known::Missing(name) => Some((control, name)),
            Known::Account(_) | Known::QuickBooksDecides => None,
        }
    }

    fn is_whole(&self) -> bool {
        !self.0.values().any(|known| matches!(known, Known::Missing(_)))
    }
}

impl Engine {
    /// The intents that can be booked; the others wait until their setting names an account that exists.
    pub(super) fn bookable(
        &self,
        tx: &Tx<'_>,
        ready: Vec<Intent>,
        accounts: &ControlAccounts,
        now: DateTime<Utc>,
    ) -> Result<Vec<Intent>, StoreError> {
        if accounts.is_whole() {
            tx.close_problem(ProblemCode::BadSetting, None, now)?;
            return Ok(ready);
        }
        let mut bookable = Vec::new();
        for intent in ready {
            let Some((control, name)) = accounts.missing(intent.kind()) else {
                bookable.push(intent);
                continue;
            };
            let trouble = plan::setting_names_nothing(control.setting(), name);
            tx.report(&trouble.about(None, None, now), now)?;
            let why = format!("waits for the setting {}", control.setting());
            self.commit(tx, &[Transition::ready(intent.id, why, Some(now + span(RETRY_PAUSE_MAX)))], now)?;
        }
        Ok(bookable)
    }
}
