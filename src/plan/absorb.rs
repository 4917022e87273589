//! From answers to transitions: what it means for an intent that it was carried out, refused, or found done already.

use super::{Transition, adapted, problems, refusals, retry};
use crate::entities::Partners;
use crate::entities::{Likeness, VOIDED, entity, likeness};
use crate::limits::{FOREIGN_TEXT_CHARS_MAX, RETRY_PAUSE_MAX};
use crate::model::{
    Event, EventKind, FieldName, Fields, Intent, IntentState, Life, Link, NativeId, Operation, ProblemCode, RecordKey,
    Side, Sighting, Trouble, Value, capital, span,
};
use chrono::{DateTime, Utc};
use qbxml::{Reaction, Severity, Status, StatusCode};

/// An intent that the target side has carried out.
#[derive(Clone, Debug)]
pub struct Carried<'a> {
    /// The intent.
    pub intent: &'a Intent,
    /// The pair it belongs to; none for a create.
    pub link: Option<&'a Link>,
    /// The record it made or changed.
    pub target: NativeId,
    /// The record as the target side shows it now, where it does.
    pub shown: Option<Sighting>,
    /// The version the target side gave it, where it does not show the record.
    pub unseen_version: Option<String>,
    /// What was sent, in the target side's words: stands for what it shows until it does.
    pub sent: Fields,
    /// What it said when it was made, where it is shown only later, and may have been changed since.
    pub made: Option<Fields>,
    /// When.
    pub now: DateTime<Utc>,
}

impl<'a> Carried<'a> {
    /// A create whose answer was lost, and whose record was found.
    #[must_use]
    pub fn found(intent: &'a Intent, found: &Sighting, now: DateTime<Utc>) -> Self {
        Self {
            intent,
            link: None,
            target: found.key.id.clone(),
            shown: Some(found.clone()),
            unseen_version: None,
            sent: found.fields.clone(),
            made: Some(as_made(intent, &found.fields)),
            now,
        }
    }
}

/// What follows when an intent was carried out. The bases move forward in the fields it touched, and in no other, so that
/// whatever else changed meanwhile on either side is still seen as a change.
#[must_use]
pub fn applied(carried: Carried<'_>) -> Vec<Transition> {
    let intent = carried.intent;
    let mut transitions = vec![Transition::Apply { intent: intent.id, target: carried.target.clone() }];
    let target_key = RecordKey::new(intent.target(), intent.kind(), carried.target.clone());
    let target_fields = carried.shown.as_ref().map_or_else(|| carried.sent.clone(), |shown| shown.fields.clone());
    match (intent.operation, carried.link) {
        (Operation::Create, None) => {
            let made = carried.made.clone().unwrap_or(target_fields);
            transitions.push(pair(&carried, made));
        }
        (Operation::Update, Some(link)) => transitions.push(rebase(&carried, link, &target_fields)),
        (Operation::Void, _) => transitions.push(Transition::Vanish(target_key.clone())),
        // A create of a record that has got a partner meanwhile: the same one when the answer came twice; another one is a
        // duplicate that a person must see.
        (Operation::Create, Some(link)) => {
            if link.id_on(intent.target()) != &carried.target {
                let trouble = problems::made_twice(&title_of(intent), intent.target(), &carried.target);
                transitions.push(Transition::Open(Box::new(trouble.about(
                    Some(target_key.clone()),
                    Some(intent),
                    carried.now,
                ))));
            }
        }
        // An update of a pair that is no more: the sighting below says what stands, and planning starts from there.
        (Operation::Update, None) => {}
    }
    match carried.shown {
        Some(shown) if intent.operation != Operation::Void => transitions.push(Transition::See(shown)),
        _ if intent.operation != Operation::Void && intent.target() == Side::QuickBooks => {
            transitions.push(Transition::ReadAgain(target_key.clone()));
        }
        _ => {}
    }
    transitions.extend(close_refusals(intent));
    transitions.push(Transition::Replan(intent.source.clone()));
    let text =
        format!("{}: {} in {}", title_of(intent), done(intent.operation, intent.target()), intent.target().title());
    transitions.push(note(intent, EventKind::Applied, carried.now, text));
    if intent.operation != Operation::Void {
        transitions.extend(adapted::adapted(intent, carried.now));
    }
    transitions
}

fn pair(carried: &Carried<'_>, target_fields: Fields) -> Transition {
    let intent = carried.intent;
    let mut source_fields = intent.source_fields.clone();
    if source_fields.flag("active") == Some(false) && target_fields.flag("active") != Some(false) {
        // Made because something needs it, and in use so that it can be used: that it is not to be is still to be told.
        source_fields.set("active", Some(Value::Flag(true)));
    }
    let (source_id, target_id) = (intent.source.id.clone(), carried.target.clone());
    let (quickbooks_id, billcom_id, quickbooks_base, billcom_base) = match intent.target() {
        Side::QuickBooks => (target_id, source_id, target_fields, source_fields),
        Side::BillCom => (source_id, target_id, source_fields, target_fields),
    };
    Transition::Pair {
        kind: intent.kind(),
        quickbooks_id,
        billcom_id,
        quickbooks_base,
        billcom_base,
        unseen_version: carried.unseen_version.clone(),
    }
}

fn rebase(carried: &Carried<'_>, link: &Link, target_fields: &Fields) -> Transition {
    let intent = carried.intent;
    let mut source_base = link.base_on(intent.source.side).clone();
    let mut target_base = link.base_on(intent.target()).clone();
    let touched = intent.fields.iter().map(|(name, _)| name.as_str()).chain(intent.cleared.iter().map(String::as_str));
    for name in touched {
        let stored = FieldName::stored(name.to_owned());
        source_base.set(stored.clone(), intent.source_fields.get(name).cloned());
        // QuickBooks shows the record in the very answer to the change. Bill.com is read afterwards: what somebody entered
        // in between is not agreed, so what was sent is the base there.
        let told = match intent.target() {
            Side::QuickBooks => target_fields.get(name),
            Side::BillCom => as_stored(carried.sent.get(name), target_fields.get(name)),
        };
        target_base.set(stored, told.cloned());
    }
    moved(intent, link, source_base, target_base)
}

fn moved(intent: &Intent, link: &Link, source_base: Fields, target_base: Fields) -> Transition {
    let (quickbooks_base, billcom_base) = match intent.target() {
        Side::QuickBooks => (target_base, source_base),
        Side::BillCom => (source_base, target_base),
    };
    Transition::Rebase { link: link.id, quickbooks_base, billcom_base }
}

/// What follows when a change whose answer was lost is read again: a field that stands there as it was `sent` is agreed, so that
/// it is not taken for somebody else's edit, which could win over a later one. Every other field is merged as ever.
#[must_use]
pub fn found_changed(intent: &Intent, link: &Link, sent: Fields, shown: &Sighting) -> Option<Transition> {
    let sent = super::as_kept(intent.kind(), sent);
    let mut source_base = link.base_on(intent.source.side).clone();
    let mut target_base = link.base_on(intent.target()).clone();
    let names = intent.fields.iter().map(|(name, _)| name.as_str()).chain(intent.cleared.iter().map(String::as_str));
    let mut any = false;
    for name in names.filter(|name| sent.get(name) == shown.fields.get(name)) {
        let stored = FieldName::stored(name.to_owned());
        source_base.set(stored.clone(), intent.source_fields.get(name).cloned());
        target_base.set(stored, shown.fields.get(name).cloned());
        any = true;
    }
    any.then(|| moved(intent, link, source_base, target_base))
}

/// What a record said when it was made, as far as that can be told from what was sent and what is `found` long after: a text
/// that stands there otherwise, and not only trimmed or cut, was changed by somebody since, and so was one that is out of use
/// by now. A text that was not sent was typed in since: it is filled in on the other side, as it would be if the two had been
/// recognised as the same. Everything else is taken as it is shown: a side fills in much that it was not told.
fn as_made(intent: &Intent, found: &Fields) -> Fields {
    let sent = match intent.target() {
        Side::QuickBooks => super::as_kept(intent.kind(), intent.fields.clone()),
        Side::BillCom => intent.fields.clone(),
    };
    let mut made = found.clone();
    for (name, told) in sent.iter() {
        let kept = found.get(name.as_str());
        if matches!((told, kept), (Value::Text(_), Some(Value::Text(_)))) {
            made.set(name.clone(), as_stored(Some(told), kept).cloned());
        }
    }
    let texts = entity(intent.kind()).into_iter().flat_map(|entity| entity.fields());
    for spec in texts.filter(|spec| spec.quickbooks_chars_max > 0 && !spec.identity && !sent.has(spec.name)) {
        made.set(spec.name, None);
    }
    // Nothing is made voided.
    made.set(VOIDED, None);
    if sent.flag("active") != Some(false) && found.flag("active") == Some(false) {
        made.set("active", Some(Value::Flag(true)));
    }
    made
}

/// What was sent, in the form in which the other side keeps it: trimmed or cut is the same, anything else is an edit.
fn as_stored<'a>(sent: Option<&'a Value>, shown: Option<&'a Value>) -> Option<&'a Value> {
    match (sent, shown) {
        (Some(Value::Text(told)), Some(Value::Text(kept))) if told.trim().starts_with(kept.trim()) => shown,
        _ => sent,
    }
}

fn close_refusals(intent: &Intent) -> impl Iterator<Item = Transition> {
    let codes: &[ProblemCode] = match intent.target() {
        Side::QuickBooks => &[ProblemCode::QuickBooksRejected, ProblemCode::QuickBooksRemarked],
        Side::BillCom => &[ProblemCode::BillComRejected],
    };
    codes.iter().map(|code| Transition::Close { code: *code, key: Some(intent.source.clone()) })
}

fn done(operation: Operation, target: Side) -> &'static str {
    match (operation, target) {
        (Operation::Create, _) => "created",
        (Operation::Update, _) => "changed",
        (Operation::Void, Side::QuickBooks) => "voided",
        (Operation::Void, Side::BillCom) => "archived",
    }
}

/// What a person calls the record of an intent: "Bill 1042 of Acme Tools".
#[must_use]
pub fn title_of(intent: &Intent) -> String {
    let name = entity(intent.kind())
        .map_or_else(|| intent.source.id.to_string(), |entity| entity.title(&intent.source_fields));
    format!("{} {name}", capital(intent.kind().title()))
}

fn note(intent: &Intent, kind: EventKind, at: DateTime<Utc>, text: String) -> Transition {
    Transition::Note(Event::of_intent(intent, kind, text, at))
}

/// What the answer to the request of an intent says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out.
    Done,
    /// It was not; what follows is [`refused_by_quickbooks`]'s to say.
    NotDone,
    /// The answer does not say: its record is looked for.
    Unclear,
}

/// Reads an answer. `shown` says whether it holds the record or its id.
///
/// Below 1000 the work was done (`qbxml.md` 1). But a warning that shows nothing, or calls itself an error, proves nothing: a
/// create is looked for, and a change is read again before anything else is written.
#[must_use]
pub fn outcome(operation: Operation, status: &Status, shown: bool) -> Outcome {
    let warning = status.code.severity() == Severity::Warn;
    match status.reaction() {
        Reaction::Recovery => Outcome::Unclear,
        _ if !status.code.is_success() => Outcome::NotDone,
        _ if shown => Outcome::Done,
        _ if warning && (status.severity == Severity::Error || operation != Operation::Create) => Outcome::NotDone,
        _ if operation == Operation::Create => Outcome::Unclear,
        _ => Outcome::Done,
    }
}

/// What QuickBooks remarked about a change that it made: a line of history, or a problem where a part of it is missing.
#[must_use]
pub fn remarked(intent: &Intent, status: &Status, now: DateTime<Utc>) -> Vec<Transition> {
    if status.code.severity() != Severity::Warn {
        return Vec::new();
    }
    let text = format!("{}: QuickBooks saved it and remarked: {}", title_of(intent), safe_text(&status.message));
    let mut transitions = vec![note(intent, EventKind::Adapted, now, text)];
    if matches!(status.reaction(), Reaction::Person | Reaction::Fix) {
        let trouble = refusals::remark(&title_of(intent), status);
        transitions.push(Transition::Open(Box::new(trouble.about(Some(intent.source.clone()), Some(intent), now))));
    }
    transitions
}

/// What follows when QuickBooks did not carry out an intent ([`Outcome::NotDone`]). `reversible`: it may be offered to have what
/// it is about taken back on another day.
#[must_use]
pub fn refused_by_quickbooks(
    intent: &Intent,
    status: &Status,
    reversible: bool,
    now: DateTime<Utc>,
) -> Vec<Transition> {
    let said = safe_text(&status.message);
    match status.reaction() {
        // It may have been done, and says nothing of it.
        Reaction::Ok | Reaction::Partial | Reaction::Recovery if intent.target_id.is_some() => stale(intent, now),
        Reaction::Retry => match retry::next_pause(intent.attempts) {
            Some(_) if status.code == StatusCode::NOT_PROCESSED && intent.attempts <= 1 => {
                vec![Transition::ready(intent.id, "an earlier request of its message was refused", None)]
            }
            Some(pause) => {
                let why = format!("QuickBooks was busy with it: {said}");
                let mut transitions = vec![Transition::ready(intent.id, why, Some(now + span(pause)))];
                if status.code == StatusCode::INTERNAL_ERROR {
                    // Whether it is this request that QuickBooks fails over shows when it stands alone.
                    transitions.push(Transition::Shrink { intent: intent.id, batch_max: 1 });
                }
                transitions
            }
            None => rejected(intent, status, reversible, now),
        },
        Reaction::Refresh
            if matches!(status.code, StatusCode::STALE_EDIT_SEQUENCE | StatusCode(3172 | 3173))
                && intent.target_id.is_some() =>
        {
            stale(intent, now)
        }
        Reaction::Refresh if intent.attempts <= 1 => refresh_references(intent, &said),
        Reaction::Refresh => rejected(intent, status, reversible, now),
        Reaction::Adopt => match intent.fields.text("name") {
            Some(name) if intent.attempts <= 2 => vec![
                Transition::doubt(intent.id, "QuickBooks has this name already", None),
                Transition::FindName { intent: intent.id, kind: intent.kind(), name: name.to_owned() },
            ],
            _ => refused(intent, problems::name_refused(&title_of(intent), refusals::technical(status)), now),
        },
        Reaction::Person | Reaction::Fix | Reaction::Ok | Reaction::Partial | Reaction::Recovery => {
            rejected(intent, status, reversible, now)
        }
    }
}

/// A create in doubt was looked for in QuickBooks, and is not there: it had not been carried out. It goes out again, after a
/// pause if that is not the first time. One that never comes to anything is singled out of its set, which had `together`
/// changes, and then shown to a person: it may be what QuickBooks breaks off at.
#[must_use]
pub fn not_found(intent: &Intent, together: usize, now: DateTime<Utc>) -> Vec<Transition> {
    const WHY: &str = "looked for in QuickBooks and not found: it had not been carried out";
    let pause = retry::next_pause(intent.attempts);
    if pause.is_none() && together <= 1 {
        return refused(intent, refusals::outcome_unknown(&title_of(intent), intent.attempts), now);
    }
    let not_before = (intent.attempts > 1).then(|| now + span(pause.unwrap_or(RETRY_PAUSE_MAX)));
    let mut transitions = vec![Transition::ready(intent.id, WHY, not_before)];
    if pause.is_none() {
        let batch_max = u32::try_from(together.div_ceil(2)).unwrap_or(1);
        transitions.push(Transition::Shrink { intent: intent.id, batch_max });
    }
    transitions
}

/// The version was stale: whatever was to be written is decided anew from what stands there now.
fn stale(intent: &Intent, now: DateTime<Utc>) -> Vec<Transition> {
    let mut transitions = vec![Transition::skip(intent.id, "it had been changed in QuickBooks meanwhile; read again")];
    if let Some(key) = intent.target_key() {
        transitions.push(Transition::ReadAgain(key.clone()));
        transitions.push(Transition::Stale(key));
    }
    transitions.push(Transition::Replan(intent.source.clone()));
    let text = format!("{}: changed in QuickBooks meanwhile, merged anew", title_of(intent));
    transitions.push(note(intent, EventKind::Recovered, now, text));
    transitions
}

/// Something the request points at is not as it should be: the record itself and the partners it names are read again, once.
fn refresh_references(intent: &Intent, said: &str) -> Vec<Transition> {
    let why = format!("what it points at is being read again: {said}");
    let mut transitions = vec![Transition::ready(intent.id, why, None)];
    let key =
        |reference: &crate::model::Reference| RecordKey::new(intent.source.side, reference.kind, reference.id.clone());
    transitions.extend(intent.target_key().map(Transition::ReadAgain));
    // The store turns an address of the source side into its partner's.
    transitions.extend(intent.fields.references().into_iter().map(|reference| Transition::ReadAgain(key(reference))));
    transitions
}

fn rejected(intent: &Intent, status: &Status, reversible: bool, now: DateTime<Utc>) -> Vec<Transition> {
    let mut transitions = refused(intent, refusals::refusal(&title_of(intent), status, reversible), now);
    if status.code == StatusCode::OTHER_CREATION_TIME {
        // The file was rebuilt: what stands under this id now must be known before anybody tries again.
        transitions.extend(intent.target_key().map(Transition::ReadAgain));
    }
    transitions
}

/// A side refused an intent for good: a person sees it.
#[must_use]
pub fn refused(intent: &Intent, trouble: Trouble, now: DateTime<Utc>) -> Vec<Transition> {
    let text = format!("{}: {}", title_of(intent), trouble.what_happened);
    vec![
        Transition::Move {
            intent: intent.id,
            to: IntentState::Rejected,
            note: Some(trouble.what_happened.clone()),
            not_before: None,
        },
        Transition::Open(Box::new(trouble.about(Some(intent.source.clone()), Some(intent), now))),
        note(intent, EventKind::Rejected, now, text),
    ]
}

/// The record that an intent in doubt has made, among unlinked records of the target side that look like it: the one
/// that carries our mark, or else the one that is the same by the kind's identity.
#[must_use]
pub fn found_by_look_up<'a>(intent: &Intent, found: &'a [Sighting], partners: &Partners) -> Option<&'a Sighting> {
    let entity = entity(intent.kind())?;
    // A record that carries somebody else's mark is theirs, whatever it is called.
    let ours = |sighting: &&Sighting| sighting.mark.is_none() || bears_mark_of(sighting, intent);
    let alive = || found.iter().filter(|sighting| sighting.life == Life::Alive).filter(ours);
    // Also when it was voided since: it was made.
    let marked = found.iter().find(|sighting| bears_mark_of(sighting, intent));
    marked.or_else(|| {
        alive().find(|sighting| {
            likeness(entity, intent.target(), &sighting.fields, &intent.fields, partners) == Likeness::Same
        })
    })
}

/// Whether a record carries the mark by which what an intent makes is found again.
#[must_use]
pub fn bears_mark_of(sighting: &Sighting, intent: &Intent) -> bool {
    sighting.mark.as_deref().is_some_and(|seen| seen.eq_ignore_ascii_case(&intent.id.to_string()))
}

/// A foreign text as it may be shown: bounded, without control characters.
#[must_use]
pub fn safe_text(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(FOREIGN_TEXT_CHARS_MAX).collect()
}
