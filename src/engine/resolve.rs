//! What people decide about problems: each button, pressed once or for many that are alike.

use super::act::event;
use super::{Engine, EngineError};
use crate::entities;
use crate::entities::Partners;
use crate::limits::RESOLVED_TOGETHER_MAX;
use crate::model::{
    Action, ActionId, Event, EventKind, Life, NativeId, Problem, ProblemCode, ProblemId, ProblemState, RecordKey, Side,
    Sighting, Value,
};
use crate::plan::{self, Transition};
use crate::store::{Fact, StoreError, Tx};

impl Engine {
    /// Presses a button of a problem.
    ///
    /// # Errors
    /// [`EngineError::NoSuchProblem`], or [`EngineError::BadAction`] when the problem has no such button or it needs more.
    pub fn resolve(
        &self,
        company: &str,
        problem: i64,
        action: &str,
        with: Option<&str>,
        who: &str,
    ) -> Result<(), EngineError> {
        self.resolve_all(company, &[problem], action, with, who)
    }

    /// Presses the same button of several problems: of all of them, or of none.
    ///
    /// # Errors
    /// As [`Engine::resolve`], for the first problem it cannot be pressed for.
    pub fn resolve_all(
        &self,
        company: &str,
        problems: &[i64],
        action: &str,
        with: Option<&str>,
        who: &str,
    ) -> Result<(), EngineError> {
        let company = self.company(company)?;
        if problems.is_empty() || problems.len() > RESOLVED_TOGETHER_MAX {
            return Err(EngineError::BadAction(format!("choose 1 to {RESOLVED_TOGETHER_MAX} problems")));
        }
        company.store.transact(|tx| {
            for &problem in problems {
                let (open, action) = chosen(tx, problem, action, with)?;
                let text = format!("{} pressed “{}” for: {}", who, action.id.label(), open.summary);
                tx.note(&Event { key: open.key.clone(), ..event(self, EventKind::Person, text) })?;
                self.press(tx, &open, &action)?;
                tx.close_by_id(open.id, self.now())?;
                if action.id == ActionId::Retry && open.key.is_none() {
                    company.begin_afresh();
                    tx.set_fact(Fact::OtherSyncTrace, None)?;
                    company.hint();
                }
            }
            Ok::<(), EngineError>(())
        })?;
        self.plan_due(&company)?;
        self.woken(&company);
        Ok(())
    }

    pub(super) fn press(&self, tx: &Tx<'_>, problem: &Problem, action: &Action) -> Result<(), EngineError> {
        match (action.id, &problem.key) {
            (ActionId::AcceptFile, _) => {
                for fact in [Fact::PinnedFileId, Fact::PinnedName, Fact::PinnedPath] {
                    tx.set_fact(fact, None)?;
                }
                tx.set_fact(Fact::AcceptNextFile, Some("1"))?;
                tx.forget_marks(Side::QuickBooks)?;
                Ok(())
            }
            (ActionId::Skip, None) if problem.code == ProblemCode::OtherSync => {
                tx.set_fact(Fact::OtherSyncAccepted, Some("1"))?;
                Ok(())
            }
            (ActionId::Retry | ActionId::Skip, None) => Ok(()),
            // It stays aside until it changes. What is known of it is damaged perhaps, and is not looked at.
            (ActionId::Skip, Some(_)) if problem.code == ProblemCode::SetAside => Ok(()),
            (ActionId::Retry, Some(key)) => self.retry(tx, key, problem.code),
            (ActionId::Skip, Some(key)) => self.leave(tx, key, problem.code),
            (ActionId::Link, Some(key)) => self.link_to(tx, key, action.with.as_deref()),
            (ActionId::CreateAnyway, Some(key)) => self.create_anyway(tx, key, true),
            (ActionId::Create, Some(key)) => self.create_anyway(tx, key, false),
            (ActionId::Void, Some(key)) => self.void_too(tx, key),
            (ActionId::Reverse, Some(key)) => self.reverse(tx, key, problem.code, action.with.as_deref()),
            (ActionId::UseBillCom, Some(key)) => self.use_side(tx, key, Side::BillCom),
            (ActionId::UseQuickBooks, Some(key)) => self.use_side(tx, key, Side::QuickBooks),
            (_, None) => Err(EngineError::BadAction("this problem is not about a record".to_owned())),
        }
    }

    /// Refused intents are taken back; planning decides anew.
    fn retry(&self, tx: &Tx<'_>, key: &RecordKey, code: ProblemCode) -> Result<(), EngineError> {
        self.withdraw_rejected(tx, key, "tried again")?;
        if code == ProblemCode::TooManyRounds {
            tx.forgive_stale(key)?;
        }
        tx.replan(key)?;
        Ok(())
    }

    pub(super) fn withdraw_rejected(&self, tx: &Tx<'_>, key: &RecordKey, why: &str) -> Result<(), StoreError> {
        for intent in tx.rejected_from(key)? {
            self.commit(tx, &[Transition::skip(intent.id, why)], self.now())?;
        }
        Ok(())
    }

    /// It stays as it is: an unlinked record is not carried, a pair's differences count as agreed.
    pub(super) fn leave(&self, tx: &Tx<'_>, key: &RecordKey, code: ProblemCode) -> Result<(), EngineError> {
        self.withdraw_rejected(tx, key, "a person left it as it is")?;
        let Some(link) = tx.link(key)? else {
            tx.set_wish(key, true, false)?;
            return Ok(());
        };
        let mut for_good = code == ProblemCode::Difference;
        if let (Some(quickbooks), Some(billcom)) = self.as_planned(tx, key)? {
            // What is gone here would be voided on the other side for ever anew.
            let own = if key.side == Side::QuickBooks { &quickbooks } else { &billcom };
            for_good |= own.life == Life::Gone;
            let (quickbooks_base, billcom_base) = (quickbooks.fields, billcom.fields);
            let agreed = Transition::Rebase { link: link.id, quickbooks_base, billcom_base };
            self.commit(tx, &[agreed], self.now())?;
        }
        if for_good {
            tx.set_wish(key, true, false)?;
        }
        tx.replan(key)?;
        Ok(())
    }

    /// A record, or both of a pair, as planning reads them: in QuickBooks, in Bill.com.
    fn as_planned(&self, tx: &Tx<'_>, key: &RecordKey) -> Result<(Option<Sighting>, Option<Sighting>), StoreError> {
        let Some(entity) = entities::entity(key.kind) else { return Ok((None, None)) };
        let (subject, context) = tx.subject(key, &tx.settings()?, self.now())?;
        let subject = plan::prepared(entity, &subject, &context);
        Ok((subject.quickbooks.map(|seen| seen.sighting), subject.billcom.map(|seen| seen.sighting)))
    }

    fn link_to(&self, tx: &Tx<'_>, key: &RecordKey, with: Option<&str>) -> Result<(), EngineError> {
        let bad = |text: &str| EngineError::BadAction(text.to_owned());
        let id = with.and_then(|id| NativeId::new(id).ok()).ok_or_else(|| bad("say which record to link to"))?;
        let other = RecordKey::new(key.side.other(), key.kind, id);
        if tx.link(key)?.is_some() || tx.link(&other)?.is_some() {
            return Err(bad("one of the two records has a partner already"));
        }
        let on = |side: Side| if key.side == side { key } else { &other };
        let both = self.as_planned(tx, on(Side::QuickBooks))?.0.zip(self.as_planned(tx, on(Side::BillCom))?.1);
        let (quickbooks, billcom) = both.ok_or_else(|| bad("that record is not known"))?;
        let entity = entities::entity(key.kind).ok_or_else(|| bad("this kind of record does not travel yet"))?;
        let mut partners = Partners::default();
        tx.partners(Side::QuickBooks, quickbooks.fields.references(), &mut partners)?;
        tx.partners(Side::BillCom, billcom.fields.references(), &mut partners)?;
        for lineage in tx.lineages(entity, Side::BillCom, &billcom.fields, None)? {
            partners.unite(lineage);
        }
        let settings = tx.settings()?;
        let (quickbooks_base, billcom_base) =
            plan::new_bases(entity, &quickbooks.fields, &billcom.fields, &settings, &partners);
        let pair = Transition::Pair {
            kind: key.kind,
            quickbooks_id: quickbooks.key.id.clone(),
            billcom_id: billcom.key.id.clone(),
            quickbooks_base,
            billcom_base,
            unseen_version: None,
        };
        for linked in [key, &other] {
            self.withdraw_live(tx, linked, "a person linked it")?;
            // The same question may stand open about the other one of the two.
            for code in [ProblemCode::Ambiguous, ProblemCode::MoneyDiffers, ProblemCode::NotCreated] {
                tx.close_problem(code, Some(linked), self.now())?;
            }
        }
        let replan = [Transition::Replan(quickbooks.key), Transition::Replan(billcom.key)];
        self.commit(tx, &[pair], self.now())?;
        self.commit(tx, &replan, self.now())?;
        Ok(())
    }

    fn withdraw_live(&self, tx: &Tx<'_>, key: &RecordKey, why: &str) -> Result<(), EngineError> {
        for intent in tx.live_from(key)? {
            if intent.state.is_out() {
                return Err(EngineError::BadAction(
                    "a change of this record is under way; try again in a minute".to_owned(),
                ));
            }
            self.commit(tx, &[Transition::skip(intent.id, why)], self.now())?;
        }
        Ok(())
    }

    /// It is made, whatever it is like; with the suffix of the settings where its name may be taken.
    fn create_anyway(&self, tx: &Tx<'_>, key: &RecordKey, name_taken: bool) -> Result<(), EngineError> {
        let missing = || EngineError::BadAction("that record is not known".to_owned());
        let seen = tx.sighting(key)?.ok_or_else(missing)?;
        let entity = entities::entity(key.kind).ok_or_else(missing)?;
        self.withdraw_rejected(tx, key, "a person wants it made")?;
        if name_taken
            && let Some(suffix) = entity.name_suffix(&tx.settings()?)
            && let Some(name) = seen.sighting.fields.text("name")
        {
            tx.set_alias(key, &entities::with_suffix(entity, name, suffix))?;
        }
        tx.set_wish(key, false, true)?;
        Ok(())
    }

    /// Its partner is gone, and a person wants it gone too: the wish is noted at the one that is gone.
    fn void_too(&self, tx: &Tx<'_>, key: &RecordKey) -> Result<(), EngineError> {
        let missing = || EngineError::BadAction("that record has no partner any more".to_owned());
        let link = tx.link(key)?.ok_or_else(missing)?;
        tx.set_wish(&link.key_on(key.side.other()), false, true)?;
        tx.replan(key)?;
        Ok(())
    }

    /// The version of one side is written over the other's, in every field in which they differ.
    fn use_side(&self, tx: &Tx<'_>, key: &RecordKey, side: Side) -> Result<(), EngineError> {
        let missing = || EngineError::BadAction("both sides must be known for that".to_owned());
        let link = tx.link(key)?.ok_or_else(missing)?;
        let (quickbooks, billcom) = self.as_planned(tx, key)?;
        let (quickbooks, billcom) = (quickbooks.ok_or_else(missing)?.fields, billcom.ok_or_else(missing)?.fields);
        let entity = entities::entity(key.kind).ok_or_else(missing)?;
        let mut partners = Partners::default();
        tx.partners(Side::QuickBooks, quickbooks.references(), &mut partners)?;
        let (mut quickbooks_base, mut billcom_base) = (quickbooks.clone(), billcom.clone());
        for spec in entity.fields() {
            if plan::equivalent(spec, quickbooks.get(spec.name), billcom.get(spec.name), &partners) {
                continue;
            }
            // A base that differs from what the winner says now makes it the side that changed.
            let unlike = Some(Value::Text("\u{1}".to_owned()));
            match side {
                Side::BillCom => billcom_base.set(spec.name, unlike),
                Side::QuickBooks => quickbooks_base.set(spec.name, unlike),
            }
        }
        let rebase = Transition::Rebase { link: link.id, quickbooks_base, billcom_base };
        self.commit(tx, &[rebase, Transition::Replan(key.clone())], self.now())?;
        Ok(())
    }
}

/// An open problem, and the button of it that is meant.
pub(super) fn chosen(
    tx: &Tx<'_>,
    problem: i64,
    action: &str,
    with: Option<&str>,
) -> Result<(Problem, Action), EngineError> {
    let open = tx.problem(ProblemId::new(problem))?.filter(|open| open.state == ProblemState::Open);
    let open = open.ok_or(EngineError::NoSuchProblem(problem))?;
    let action = choose(&open, action, with)?;
    Ok((open, action))
}

/// The button of a problem that is meant.
fn choose(problem: &Problem, word: &str, with: Option<&str>) -> Result<Action, EngineError> {
    let words: Vec<_> = problem.actions.iter().map(|action| action.id.word()).collect();
    let id = ActionId::from_word(word).filter(|id| problem.actions.iter().any(|action| action.id == *id));
    let Some(id) = id else {
        let text = if words.is_empty() {
            "nothing can be pressed for this problem".to_owned()
        } else {
            format!("this problem offers: {}", words.join(", "))
        };
        return Err(EngineError::BadAction(text));
    };
    let offers: Vec<_> = problem.actions.iter().filter(|action| action.id == id).collect();
    match (offers.as_slice(), with) {
        ([one], None) => Ok((*one).clone()),
        ([one], Some(day)) if id.takes_a_day() => Ok(Action { with: Some(day.to_owned()), ..(*one).clone() }),
        ([one], Some(_)) if one.with.is_none() => Ok((*one).clone()),
        (_, Some(with)) if offers.iter().any(|offer| offer.with.as_deref() == Some(with)) => {
            Ok(Action { id, with: Some(with.to_owned()) })
        }
        _ => {
            let values: Vec<_> = offers.iter().filter_map(|offer| offer.with.as_deref()).collect();
            Err(EngineError::BadAction(format!("say with which: {}", values.join(", "))))
        }
    }
}
