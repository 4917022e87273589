//! The words of problems: what happened, what to do, which buttons.

use crate::entities::OnGone;
use crate::model::{Action, ActionId, Kind, Money, NativeId, ProblemCode, Side, Sighting, Trouble};
use chrono::NaiveDate;

/// Several records could be this one, or one that differs in money.
#[must_use]
pub(super) fn unsure(title: &str, side: Side, candidates: &[&Sighting], titles: &[String]) -> Trouble {
    let other = side.other().title();
    let several = candidates.len() > 1;
    let code = if several { ProblemCode::Ambiguous } else { ProblemCode::MoneyDiffers };
    let what_happened = if several {
        format!("{} has {} records that could be {title}: {}.", other, candidates.len(), titles.join("; "))
    } else {
        format!("{other} has a record that could be {title}, but not everything agrees: {}.", titles.join("; "))
    };
    let mut actions: Vec<Action> = candidates
        .iter()
        .map(|candidate| Action { id: ActionId::Link, with: Some(candidate.key.id.as_str().to_owned()) })
        .collect();
    actions.extend(Action::plain_all(&[ActionId::CreateAnyway, ActionId::Skip]));
    Trouble::new(
        code,
        format!("{title}: which record in {other} is it?"),
        what_happened,
        &[
            "Compare the records below, field by field.",
            "If one of them is the same, link it: nothing is created.",
            "If none of them is, create a new one.",
        ],
        actions,
    )
}

/// After a restore, or where an answer was lost for good: nothing says which record this one was carried to, if it was.
#[must_use]
pub(super) fn renamed_since(title: &str, side: Side, suspects: &[&Sighting], titles: &[String]) -> Trouble {
    let other = side.other().title();
    let mut actions: Vec<Action> = suspects
        .iter()
        .map(|suspect| Action { id: ActionId::Link, with: Some(suspect.key.id.as_str().to_owned()) })
        .collect();
    actions.extend(Action::plain_all(&[ActionId::Create, ActionId::Skip]));
    Trouble::new(
        ProblemCode::Ambiguous,
        format!("{title}: is it in {other} already?"),
        format!(
            "Nothing in {other} is called like {title}; but it may have been carried there and been changed on one side since, for the \
             answer was lost, or the data was restored from a backup. In {other} these have no counterpart: {}.",
            titles.join("; ")
        ),
        &[
            "Compare the records below with this one.",
            "If one of them is the same, link it: nothing is created.",
            "If none of them is, create a new one.",
        ],
        actions,
    )
}

/// After a restore: this one may have been made of a record that was removed since. `makes_new`: it is carried otherwise.
#[must_use]
pub(super) fn removed_since(
    title: &str,
    side: Side,
    suspects: &[&Sighting],
    titles: &[String],
    makes_new: bool,
) -> Trouble {
    let (here, other) = (side.title(), side.other().title());
    let mut actions: Vec<Action> = suspects
        .iter()
        .map(|suspect| Action { id: ActionId::Link, with: Some(suspect.key.id.as_str().to_owned()) })
        .collect();
    if makes_new {
        actions.push(Action::plain(ActionId::Create));
    }
    actions.push(Action::plain(ActionId::Skip));
    let last = if makes_new {
        "If none of them is, create a new one, or leave it as it is."
    } else {
        "If none of them is, leave it as it is: nothing is written."
    };
    Trouble::new(
        ProblemCode::Ambiguous,
        format!("{title}: was it removed in {other}?"),
        format!(
            "The data was restored from a backup. {title} stands in {here}, and nothing that stands in {other} belongs to it; but it \
             may have been carried since the backup, and then been removed there. In {other} these have no counterpart: {}.",
            titles.join("; ")
        ),
        &[
            "Compare the records below with this one.",
            "If one of them is the same, link it: this one then goes the way of a record that was removed on the other side.",
            last,
        ],
        actions,
    )
}

/// The name belongs to a record that already has another partner.
#[must_use]
pub(super) fn name_occupied(title: &str, side: Side, partner_of: &str) -> Trouble {
    let (here, other) = (side.title(), side.other().title());
    Trouble::new(
        ProblemCode::Ambiguous,
        format!("{title}: {other} has this name already"),
        format!("{here} has two records of this name. The one in {other} belongs to the other of them ({partner_of})."),
        &[
            "If both are the same, merge them in the system where they are double.",
            "If they are different, create this one: it gets a suffix behind its name.",
        ],
        Action::plain_all(&[ActionId::CreateAnyway, ActionId::Skip]),
    )
}

/// A name is taken in QuickBooks and no record of that name was found.
#[must_use]
pub fn name_refused(title: &str, technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::QuickBooksRejected,
        format!("{title}: QuickBooks says that this name is in use"),
        "QuickBooks refused the name, but no record of that name was found in its vendors, customers, employees and other names."
            .to_owned(),
        &[
            "Look in QuickBooks for a record of a similar name, also among inactive ones.",
            "Rename one of the two, then try again; or create this one with a suffix behind its name.",
        ],
        Action::plain_all(&[ActionId::Retry, ActionId::CreateAnyway, ActionId::Skip]),
    )
    .technical(technical)
}

/// Both sides differ in something that does not travel.
#[must_use]
pub(super) fn difference(title: &str, differences: &[(&'static str, String, String)], edited: Side) -> Trouble {
    let list: Vec<_> = differences
        .iter()
        .map(|(label, quickbooks, billcom)| format!("{label}: {quickbooks} in QuickBooks, {billcom} in Bill.com"))
        .collect();
    let list = list.join(". ");
    let (why, what_to_do, button) = match edited {
        Side::QuickBooks => (
            "Payables are managed in Bill.com, so this change stays in QuickBooks.",
            &[
                "If Bill.com is right, use its version: it is written over QuickBooks'.",
                "If QuickBooks is right, make the same change in Bill.com, or leave it as it is.",
            ],
            ActionId::UseBillCom,
        ),
        Side::BillCom => (
            "Once an invoice stands in QuickBooks, it is edited there only, so this change stays in Bill.com.",
            &[
                "If QuickBooks is right, use its version: it is written over Bill.com's.",
                "If Bill.com is right, make the same change in QuickBooks, or leave it as it is.",
            ],
            ActionId::UseQuickBooks,
        ),
    };
    Trouble::new(
        ProblemCode::Difference,
        format!("{title} was changed in {}", edited.title()),
        format!("{why} {list}."),
        what_to_do,
        Action::plain_all(&[button, ActionId::Skip]),
    )
}

/// Both sides compute another total from the same document.
#[must_use]
pub(super) fn totals_differ(title: &str, quickbooks: Money, billcom: Money) -> Trouble {
    Trouble::new(
        ProblemCode::Difference,
        format!("{title}: its totals differ"),
        format!(
            "QuickBooks computes {quickbooks}, Bill.com {billcom}. Nothing was edited: the two compute lines, discounts or sales tax differently."
        ),
        &[
            "Compare the lines and the sales tax of both.",
            "Correct it in QuickBooks, or have QuickBooks' version sent again.",
            "Or leave it as it is.",
        ],
        Action::plain_all(&[ActionId::UseQuickBooks, ActionId::Skip]),
    )
}

/// A record that is made on the other side only when a person says so.
#[must_use]
pub(super) fn not_created(title: &str, side: Side) -> Trouble {
    let (here, other) = (side.title(), side.other().title());
    Trouble::new(
        ProblemCode::NotCreated,
        format!("{title} is not in {other}"),
        format!(
            "It was made in {here}. Records of this sort are made in {other}; documents that use this one wait for it."
        ),
        &[
            "If the other side has it under another name, rename one of the two alike: they are linked by themselves.",
            "If it is new, create it with one click.",
        ],
        Action::plain_all(&[ActionId::Create, ActionId::Skip]),
    )
}

/// A document from before the start date has no partner, and something that is carried belongs to it.
#[must_use]
pub(super) fn before_start(title: &str, side: Side, start: NaiveDate) -> Trouble {
    let (here, other) = (side.title(), side.other().title());
    Trouble::new(
        ProblemCode::NotCreated,
        format!("{title} lies before the start date"),
        format!(
            "{other} does not have it, and documents of before {start} are not made. A payment in {here} belongs to it, and waits for it."
        ),
        &[
            "If the other side has it with another number or date, make them alike: they are linked by themselves.",
            "If it is missing there, create it with one click: its payment follows.",
            "Or leave it as it is, and enter the payment by hand where it is missing.",
        ],
        Action::plain_all(&[ActionId::Create, ActionId::Skip]),
    )
}

/// A record is gone on one side, which does not travel by itself. `voidable`: a person can have it voided on the other side.
#[must_use]
pub(super) fn gone(title: &str, side: Side, rule: OnGone) -> Trouble {
    let (here, other) = (side.title(), side.other().title());
    let summary = format!("{title} is gone in {here}");
    let buttons: &[ActionId] = match rule {
        OnGone::Offer => &[ActionId::Void, ActionId::Skip],
        OnGone::Again => {
            return Trouble::new(
                ProblemCode::Difference,
                summary,
                format!("Its entry was deleted in {here}. What it took back counts there again, and not in {other}."),
                &["If it was deleted by mistake, take it back again.", "If not, leave it as it is."],
                Action::plain_all(&[ActionId::Reverse, ActionId::Skip]),
            );
        }
        _ => &[ActionId::Skip],
    };
    Trouble::new(
        ProblemCode::Difference,
        summary,
        format!("It was deleted or voided in {here}, and still stands in {other}."),
        &["If that is right, remove it on the other side too.", "If not, enter it again, or leave it as it is."],
        Action::plain_all(buttons),
    )
}

/// A record was merged into one that already has a partner.
#[must_use]
pub(super) fn merged(title: &str, side: Side) -> Trouble {
    let (here, other) = (side.title(), side.other().title());
    Trouble::new(
        ProblemCode::Difference,
        format!("{title} was merged in {here}"),
        format!("It was merged into another record in {here}. {other} still has both."),
        &[
            "Merge the two records on the other side as well.",
            "Or leave them as they are: nothing is written to the merged one.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
}

/// A record of this name was merged on the other side before the two were recognised as the same.
#[must_use]
pub(super) fn merged_before(title: &str, side: Side, left: &str) -> Trouble {
    let (here, other) = (side.title(), side.other().title());
    Trouble::new(
        ProblemCode::Ambiguous,
        format!("{title}: {other} has merged this name into {left}"),
        format!("In {other} a record of this name was merged into {left}, which belongs to another record of {here}."),
        &[
            &format!("If it is the same, merge the two in {here} as well."),
            "If it is a new one that only has the old name, create it.",
        ],
        Action::plain_all(&[ActionId::CreateAnyway, ActionId::Skip]),
    )
}

/// A record that the other side has no place for.
#[must_use]
pub fn not_expressible(title: &str, side: Side, why: &str) -> Trouble {
    Trouble::new(
        ProblemCode::NotExpressible,
        format!("{title} cannot be written to {}", side.title()),
        why.to_owned(),
        &["Change the record where it was made, so that the other side can hold it."],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
}

/// One change was refused by a side.
#[must_use]
pub fn rejected(title: &str, side: Side, text: &str, technical: String) -> Trouble {
    let code = match side {
        Side::QuickBooks => ProblemCode::QuickBooksRejected,
        Side::BillCom => ProblemCode::BillComRejected,
    };
    Trouble::new(
        code,
        format!("{title}: {} refused it", side.title()),
        format!("{} said: {text}", side.title()),
        &[
            "Read what it said: usually a period is closed, a record is in use, or something named in it is missing.",
            "Mend that, then try again. A change of the record is carried by itself.",
        ],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
    .technical(technical)
}

/// QuickBooks could not read a request.
#[must_use]
pub fn set_refused(title: &str, technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::RequestRefused,
        format!("{title}: QuickBooks could not read the request"),
        "QuickBooks refused the whole message without saying where. Usually a character or a value does not fit."
            .to_owned(),
        &[
            "Look for unusual characters or very long texts in the record, and change them.",
            "Then try again. Everything else goes on meanwhile.",
        ],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
    .technical(technical)
}

/// A record was changed in QuickBooks again and again while we tried.
#[must_use]
pub(super) fn too_many_rounds(title: &str) -> Trouble {
    Trouble::new(
        ProblemCode::TooManyRounds,
        format!("{title} keeps changing in QuickBooks"),
        "Every time it was to be written, somebody or something had just changed it in QuickBooks.".to_owned(),
        &["Close the record in QuickBooks on every machine.", "Then try again."],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
}

/// Some vendor fields may only be changed by a person who signed in with a second factor.
#[must_use]
pub fn guarded_fields(title: &str, labels: &[&str]) -> Trouble {
    Trouble::new(
        ProblemCode::BillComGuardedFields,
        format!("{title}: enter {} in Bill.com by hand", labels.join(", ")),
        "Bill.com lets only a person with a second factor change a vendor's payee name, address and e-mail. Everything else was written."
            .to_owned(),
        &["Open the vendor in Bill.com and enter the values shown below.", "Nothing else is needed: the change is noticed."],
        Action::plain_all(&[ActionId::Skip]),
    )
}

/// A record of QuickBooks in which a value could not be read. Nothing of it is guessed, and nothing else is held up.
#[must_use]
pub fn unreadable(element: &str, id: Option<&str>, path: &str, reason: &str) -> Trouble {
    let what = element.strip_suffix("Ret").unwrap_or(element);
    Trouble::new(
        ProblemCode::Unreadable,
        format!("A {} of QuickBooks could not be understood", what.to_lowercase()),
        format!("QuickBooks sent a value in an unexpected form at {path}: {reason}. The record is not carried."),
        &[
            "Open the record in QuickBooks and look for an unusual value.",
            "Save it again there; it is read at the next update.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
    .technical(format!("{element} {}: {path}: {reason}", id.unwrap_or("without an id")))
}

/// A record of Bill.com in which a value could not be read.
#[must_use]
pub fn unreadable_in_billcom(kind: Kind, error: String) -> Trouble {
    Trouble::new(
        ProblemCode::Unreadable,
        format!("A {} of Bill.com could not be understood", kind.title()),
        format!("Bill.com sent it in an unexpected form: {error}. It is not carried."),
        &[
            "Open the record in Bill.com and look for an unusual value.",
            "Save it again there; it is read at the next reading.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
    .technical(error)
}

/// A complete reading lacks so many records that something else must be wrong: nothing follows from it.
#[must_use]
pub fn many_gone(kind: Kind, missing: usize, known: usize) -> Trouble {
    Trouble::new(
        ProblemCode::ManyGone,
        format!("QuickBooks did not show {missing} of {known} {}", kind.plural()),
        format!(
            "A complete list of {} lacked many that were known. Nothing is deactivated or removed because of it.",
            kind.plural()
        ),
        &[
            "Look in QuickBooks whether they are there, and whether the right company file is open.",
            "If they really are gone, deactivate them in Bill.com by hand.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
}

/// QuickBooks will not give one of its lists.
#[must_use]
pub fn list_refused(kind: Kind, said: &str, technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::ListRefused,
        format!("QuickBooks will not list its {}", kind.plural()),
        format!("QuickBooks said: {said}. Until it does, nothing of this kind is carried."),
        &[
            "In QuickBooks, see Edit, Preferences, Integrated Applications, and the rights of the user it is opened as.",
            "Nothing else is needed: it is asked again at every update.",
        ],
        Action::plain_all(&[ActionId::Retry]),
    )
    .technical(technical)
}

/// A question of ours that QuickBooks cannot read.
#[must_use]
pub fn reading_refused(technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::RequestRefused,
        "QuickBooks could not read a question".to_owned(),
        "QuickBooks refused a question without saying why. What it was about stays unknown until it is answered."
            .to_owned(),
        &["Update QuickBooks to its latest release.", "Nothing else is needed: it is asked again at every update."],
        Action::plain_all(&[ActionId::Retry]),
    )
    .technical(technical)
}

/// Several writes in a row whose answers did not tell what became of them (9005, `qbxml.md` 2).
#[must_use]
pub fn outcome_untold(technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::OutcomeUntold,
        "QuickBooks does not tell what became of changes".to_owned(),
        "QuickBooks took several changes and did not tell what became of them. Each is looked for before anything is sent \
         again."
            .to_owned(),
        &[
            "Make room on the disk that the company file is on.",
            "In QuickBooks, choose File, Utilities, Verify Data.",
            "Run the update again.",
        ],
        Action::plain_all(&[ActionId::Retry]),
    )
    .technical(technical)
}

/// A setting names an account that does not exist.
#[must_use]
pub fn setting_names_nothing(setting: &str, value: &str) -> Trouble {
    Trouble::new(
        ProblemCode::BadSetting,
        format!("{setting} names no account"),
        format!(
            "The setting {setting} is {value:?}, but there is no such account, or more than one. What needs it waits."
        ),
        &[
            "Correct the setting: the account's number, or its full name with a colon between the levels.",
            "It goes on by itself then.",
        ],
        Vec::new(),
    )
}

/// An internal check failed at one record. It is set aside, so that everything else goes on.
#[must_use]
pub fn set_aside(title: &str, technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::SetAside,
        format!("{title} was set aside"),
        "An internal check failed when this record was looked at. Nothing was written for it; everything else goes on."
            .to_owned(),
        &["Try again. If it fails again, change the record on the side where it looks wrong."],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
    .technical(technical)
}

/// Whether credits were used is not known, and QuickBooks shows nothing by which it could be found out.
#[must_use]
pub fn application_unknown(title: &str) -> Trouble {
    Trouble::new(
        ProblemCode::QuickBooksRejected,
        format!("{title}: look whether its credits were used"),
        "The answer of QuickBooks was lost, and QuickBooks makes no record of a payment by credits alone that could be looked for."
            .to_owned(),
        &[
            "Open the bills in QuickBooks and look whether the credits are taken off them.",
            "If they are, leave it as it is here.",
            "If they are not, try again.",
        ],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
}

/// Bill.com does not take the book balance.
#[must_use]
pub fn balance_refused(said: &str, technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::BalanceRefused,
        "Bill.com does not take the book balance".to_owned(),
        format!("Bill.com said: {said}. Everything else is carried."),
        &[
            "Look in Bill.com whether the user or token of this company may see and edit the cash forecast.",
            "It is told again when a balance changes in QuickBooks.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
    .technical(technical)
}

/// The same document stands twice: a write was confirmed for a record that had got another partner meanwhile.
#[must_use]
pub fn made_twice(title: &str, side: Side, id: &NativeId) -> Trouble {
    Trouble::new(
        ProblemCode::Ambiguous,
        format!("{title} may stand twice in {}", side.title()),
        format!(
            "It was created in {} (id {id}) although it had been linked to another record there meanwhile.",
            side.title()
        ),
        &["Compare the two records and delete the one that is too many."],
        Action::plain_all(&[ActionId::Skip]),
    )
}

/// Another company file is open than the one this company is connected to.
#[must_use]
pub fn wrong_file(expected: &str, found: &str, acceptable: bool) -> Trouble {
    let actions: &[ActionId] = if acceptable { &[ActionId::AcceptFile] } else { &[] };
    let second = if acceptable {
        "If the open file is the right one (moved, renamed or restored), say so below."
    } else {
        "If the open file is the right one, it was connected elsewhere: make new ids, and register the new .qwc file for it."
    };
    Trouble::new(
        ProblemCode::WrongCompanyFile,
        "Another company file is open in QuickBooks".to_owned(),
        format!("This company is connected to {expected}. QuickBooks has {found} open. Nothing is read or written."),
        &["Open the right company file in QuickBooks, then run the update again.", second],
        Action::plain_all(actions),
    )
}

/// QuickBooks was restored from a backup.
#[must_use]
pub fn restored() -> Trouble {
    Trouble::new(
        ProblemCode::Restored,
        "QuickBooks was restored from a backup".to_owned(),
        "The company file is older than what was written to it. Everything is being read again and compared; what is missing is shown."
            .to_owned(),
        &["Wait for the next update to finish.", "Then look at the differences that are shown."],
        Action::plain_all(&[ActionId::Skip]),
    )
}

/// The Web Connector could not open QuickBooks.
#[must_use]
pub fn not_open(advice: &str, technical: String) -> Trouble {
    Trouble::new(
        ProblemCode::QuickBooksNotOpen,
        "The Web Connector could not open QuickBooks".to_owned(),
        advice.to_owned(),
        &[
            "Open the company file in QuickBooks and close every dialog.",
            "The next update of the Web Connector tries again.",
        ],
        Action::plain_all(&[ActionId::Retry]),
    )
    .technical(technical)
}

/// The title a candidate gets in a question, with what tells it apart.
#[must_use]
pub(super) fn candidate_title(title: &str, id: &NativeId) -> String {
    format!("{title} (id {id})")
}
