//! Writing to Bill.com: many new list records in one call.
//!
//! A first sync makes hundreds of accounts and vendors; a hundred of them fit into one call, each with an answer of its own
//! (`billcom.md` 3, 4). Documents and payments are never written like this: a lost answer would put a hundred of them in doubt
//! at once. Only first tries go together. A row that failed once goes alone the next time, and when the call as a whole is
//! declined all its rows do, so that one bad record cannot hold up the others.

use super::companies::Company;
use super::pull::api_entity;
use super::push::{Outgoing, Pushed, blocks_everything};
use super::{Engine, EngineError};
use crate::billcom::{BillCom, BillComError, Outcome, limits};
use crate::entities::{self, BillComHome};
use crate::model::{Intent, Kind, Operation, Settings};
use crate::plan::Transition;
use crate::store::StoreError;

/// What of the ready intents goes together: runs of new records of one list, everything else by itself.
pub(super) fn groups<'a>(ready: &'a [Intent], settings: &Settings) -> impl Iterator<Item = &'a [Intent]> {
    let together = |left: &Intent, right: &Intent| {
        let list = list_of(left, settings);
        list.is_some() && list == list_of(right, settings)
    };
    ready.chunk_by(together).flat_map(|run| run.chunks(limits::BULK_ROWS_MAX))
}

/// The list to which a new record is added together with others; none for what goes by itself.
fn list_of(intent: &Intent, settings: &Settings) -> Option<BillComHome> {
    let list = matches!(intent.kind(), Kind::Account | Kind::Class | Kind::Vendor | Kind::Customer | Kind::Item);
    let first_try = intent.operation == Operation::Create && intent.attempts == 0;
    let home = entities::entity(intent.kind())?.home(&intent.fields, settings);
    (list && first_try && api_entity(home).offers_bulk()).then_some(home)
}

impl Engine {
    /// Makes several records of one list.
    pub(super) async fn push_many(
        &self,
        company: &Company,
        client: &dyn BillCom,
        intents: &[Intent],
    ) -> Result<Pushed, EngineError> {
        let outgoing = company.store.transact(|tx| -> Result<Vec<Outgoing>, StoreError> {
            let handed_over = intents.iter().map(|intent| self.hand_over(tx, intent, None));
            handed_over.filter_map(Result::transpose).collect()
        })?;
        let Some(first) = outgoing.first() else { return Ok(Pushed::Something) };
        let entity = first.home;
        let objects = outgoing.iter().map(|each| each.object.clone()).collect();
        match client.create_many(entity, objects).await {
            Ok(answers) => {
                let blocked = answers.iter().any(|answer| answer.as_ref().is_err_and(blocks_everything));
                company.store.transact(|tx| {
                    let mut rows = outgoing.iter().zip(answers);
                    rows.try_for_each(|(each, answer)| self.take_answer(tx, each, answer.as_ref()))
                })?;
                Ok(if blocked { Pushed::Blocked } else { Pushed::Something })
            }
            Err(error) if error.outcome() == Outcome::Refused => self.one_by_one(company, &outgoing, &error),
            Err(error) => {
                company
                    .store
                    .transact(|tx| outgoing.iter().try_for_each(|each| self.take_answer(tx, each, Err(&error))))?;
                Ok(if blocks_everything(&error) { Pushed::Blocked } else { Pushed::Something })
            }
        }
    }

    /// None of them was made, and that is nobody's fault: each is tried by itself.
    fn one_by_one(
        &self,
        company: &Company,
        outgoing: &[Outgoing],
        error: &BillComError,
    ) -> Result<Pushed, EngineError> {
        tracing::info!(company = %company.id, count = outgoing.len(), %error, "Bill.com declined to make many at once");
        let now = self.now();
        let why = "Bill.com declined to make many at once; made one by one";
        let ready: Vec<_> = outgoing.iter().map(|each| Transition::ready(each.intent.id, why, Some(now))).collect();
        company.store.transact(|tx| self.commit(tx, &ready, now))?;
        Ok(Pushed::Something)
    }
}
