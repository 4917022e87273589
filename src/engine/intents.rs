//! What carrying out an intent needs, whichever side it goes to.

use super::Engine;
use crate::entities::Partners;
use crate::model::{Fields, Intent, Sighting};
use crate::plan::{self, Transition};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};

impl Engine {
    /// Makes transitions true within a transaction; new intents get their ids here.
    pub(super) fn commit(&self, tx: &Tx<'_>, transitions: &[Transition], now: DateTime<Utc>) -> Result<(), StoreError> {
        tx.apply(transitions, now, &mut || self.new_intent_id())
    }
}

/// What an intent writes, in the ids of the side it goes to; none while something it points at has no partner there.
pub(super) fn translated(tx: &Tx<'_>, intent: &Intent) -> Result<Option<Fields>, StoreError> {
    let mut partners = Partners::default();
    tx.partners(intent.source.side, intent.fields.references(), &mut partners)?;
    Ok(plan::translate(&intent.fields, intent.source.side, &partners).ok())
}

/// The record that an intent changes, as it was last seen.
pub(super) fn current(tx: &Tx<'_>, intent: &Intent) -> Result<Option<Sighting>, StoreError> {
    let Some(key) = intent.target_key() else { return Ok(None) };
    Ok(tx.sighting(&key)?.map(|seen| seen.sighting))
}

/// The record that an intent in doubt has made, among the unlinked ones of the side it went to.
pub(super) fn made_by<'a>(
    tx: &Tx<'_>,
    intent: &Intent,
    unlinked: &'a [Sighting],
) -> Result<Option<&'a Sighting>, StoreError> {
    let mut partners = Partners::default();
    tx.partners(intent.source.side, intent.fields.references(), &mut partners)?;
    for sighting in unlinked {
        tx.partners(intent.target(), sighting.fields.references(), &mut partners)?;
    }
    Ok(plan::found_by_look_up(intent, unlinked, &partners))
}

/// A create in doubt was not found under its name, but these appeared meanwhile: one of them may be what came of it, renamed by
/// somebody since. Nothing is sent again; planning asks a person which it is, if any.
pub(super) fn perhaps_renamed(
    tx: &Tx<'_>,
    intent: &Intent,
    appeared: &[Sighting],
) -> Result<Vec<Transition>, StoreError> {
    tx.doubt_whether(&intent.source, appeared)?;
    let skip = Transition::skip(intent.id, "a record that appeared meanwhile may be what came of it");
    let again = appeared.iter().map(|sighting| sighting.key.clone()).chain([intent.source.clone()]);
    Ok(std::iter::once(skip).chain(again.map(Transition::Replan)).collect())
}
