//! What a person is told when QuickBooks refuses a change: a headline, a sentence and steps for each status code.
//!
//! The reaction to a code is `qbxml`'s (`status_table.rs`); here are the words for those codes that end with a person, at once
//! or after the tries are used up. Where a code says little and QuickBooks' own sentence says all (3140, 3170, 3180, 3210),
//! the sentence decides which words fit ([`BY_PHRASE`]); what QuickBooks said is always shown beside them. The texts of
//! QuickBooks are English in the US edition: one that is not recognised gets the words of its code.
//!
//! **Invariant:** every problem made here has a button that can succeed once its steps were followed.

use super::safe_text;
use crate::model::{Action, ActionId, ProblemCode, Trouble, capital};
use qbxml::Status;

/// Words for one or several codes.
struct Advice {
    /// Behind the name of the record: "Bill 1042 of Acme Tools: its date lies in a closed period of QuickBooks".
    headline: &'static str,
    /// What happened, before what QuickBooks said.
    what: &'static str,
    /// What to do, as numbered steps; what "Try again" needs stands before it.
    steps: &'static [&'static str],
}

const CLOSED_PERIOD: Advice = Advice {
    headline: "its date lies in a closed period of QuickBooks",
    what: "The books are closed up to a date, and this record lies on or before it.",
    steps: &[
        "If it belongs into the closed period: as Admin, move the closing date back in QuickBooks under Edit, Preferences, Accounting, Company Preferences.",
        "If not: give it a later date in Bill.com.",
        "Then try again, and close the books again.",
    ],
};

const IN_USE: Advice = Advice {
    headline: "somebody has it open in QuickBooks",
    what: "It was tried again and again, but the record or its list was in use by somebody else every time.",
    steps: &["Close the record, and the list it stands in, in QuickBooks on every machine.", "Then try again."],
};

const BUSINESS_RULE: Advice = Advice {
    headline: "a rule of QuickBooks does not allow it",
    what: "QuickBooks refused the change for a reason of its own.",
    steps: &[
        "Read what QuickBooks said, and do the same change by hand in QuickBooks if you are not sure what it means.",
        "Mend what stands in the way, in QuickBooks or in Bill.com, then try again.",
        "If you made the change by hand, leave it as it is.",
    ],
};

const REFERENCE: Advice = Advice {
    headline: "it names something that QuickBooks does not take",
    what: "An account, vendor or other record that it names is missing in QuickBooks, is inactive, or does not fit there. All of them were read again first.",
    steps: &[
        "Look for the name that QuickBooks gives below: make it active again, or choose another one in Bill.com.",
        "Then try again.",
    ],
};

const ACCOUNT_TYPE: Advice = Advice {
    headline: "an account is of the wrong type",
    what: "QuickBooks needs an account of another type at this place.",
    steps: &[
        "See below which account QuickBooks means, and of which type it must be.",
        "Name another account in Bill.com or in the settings here, or correct the type of the account in QuickBooks.",
        "Then try again.",
    ],
};

const RIGHTS: Advice = Advice {
    headline: "QuickBooks does not give the right to do this",
    what: "The QuickBooks user, or the permission given to the Web Connector's application, is not enough for it.",
    steps: &[
        "As Admin, open Edit, Preferences, Integrated Applications, Company Preferences, and look at the properties of Counterfoil.",
        "Let it log in as a user who may do this by hand.",
        "Then try again.",
    ],
};

const WRONG_REQUEST: Advice = Advice {
    headline: "QuickBooks could not use what it was sent",
    what: "The record was put to QuickBooks in a way that it does not take. This is most likely a mistake of Counterfoil, not yours.",
    steps: &[
        "Look for an unusual value in the record, correct it where it was entered, and try again.",
        "If it stays, enter the record in QuickBooks by hand, then leave it as it is here; it is found and linked when it is read.",
        "Send the technical part below to whoever looks after Counterfoil.",
    ],
};

/// The words that fit what QuickBooks itself said, for codes that say little; the first phrase that occurs decides.
const BY_PHRASE: &[(&str, Advice)] = &[
    ("closing date", CLOSED_PERIOD),
    ("closed period", CLOSED_PERIOD),
    ("must be of type", ACCOUNT_TYPE),
    (
        "credit limit",
        Advice {
            headline: "a credit limit is exceeded",
            what: "QuickBooks has a credit limit for the name on this record.",
            steps: &[
                "Raise or remove the credit limit of the name in QuickBooks, or pay something off.",
                "Then try again.",
            ],
        },
    ),
    (
        "more than the amount due",
        Advice {
            headline: "it pays more than is due",
            what: "What it pays is less in QuickBooks than in Bill.com: perhaps it was paid there already.",
            steps: &[
                "Compare the document it pays on both sides, with its payments.",
                "If it was paid in QuickBooks already, leave it as it is here.",
                "If not, correct the amount on the side that is wrong, then try again.",
            ],
        },
    ),
    (
        "posting account",
        Advice {
            headline: "an account cannot be booked on",
            what: "QuickBooks does not let the account of one of its lines be booked on.",
            steps: &["Choose another account for the line in Bill.com.", "The change is carried by itself."],
        },
    ),
    (
        "number has already been used",
        Advice {
            headline: "its number exists in QuickBooks already",
            what: "QuickBooks warns of, or forbids, a second document with this number.",
            steps: &[
                "Look in QuickBooks for the document with this number. If it is the same, leave this one as it is.",
                "If not, change one of the numbers, or switch the warning off under Edit, Preferences; then try again.",
            ],
        },
    ),
    (
        "reconciled",
        Advice {
            headline: "it has been reconciled in QuickBooks",
            what: "QuickBooks has it as cleared in a bank reconciliation, and does not let it be changed.",
            steps: &[
                "If the reconciliation is right, undo the change in Bill.com, and leave it as it is here.",
                "If the change is right, undo the reconciliation in QuickBooks, then try again.",
            ],
        },
    ),
    (
        "inactive",
        Advice {
            headline: "it names something inactive",
            what: "An account, vendor or other record that it names is inactive in QuickBooks.",
            steps: &["Make it active again in QuickBooks, or choose another one in Bill.com.", "Then try again."],
        },
    ),
];

/// The words for the codes that have some of their own.
const BY_CODE: &[(&[i32], Advice)] = &[
    (
        &[1000, 1010, 3230, 3231],
        Advice {
            headline: "QuickBooks fails over it",
            what: "It was tried again and again, alone as well, and QuickBooks reported an internal error every time.",
            steps: &[
                "In QuickBooks, choose File, Utilities, Verify Data, and Rebuild Data if it finds something.",
                "Restart QuickBooks, then try again.",
                "If it stays, enter it in QuickBooks by hand, and leave it as it is here.",
            ],
        },
    ),
    (
        &[1030, 3250, 530, 531],
        Advice {
            headline: "this QuickBooks cannot hold it",
            what: "It needs a feature that this edition of QuickBooks does not have, or that is switched off.",
            steps: &[
                "See below which feature QuickBooks means: classes, currencies and others are switched on under Edit, Preferences.",
                "Then try again. If your edition does not have it, remove the value in Bill.com: the change is carried by itself.",
            ],
        },
    ),
    (
        &[3070],
        Advice {
            headline: "a text is too long for QuickBooks",
            what: "QuickBooks has less room for a text than expected.",
            steps: &["Shorten the text that QuickBooks names below, in Bill.com.", "The change is carried by itself."],
        },
    ),
    (
        &[3080, 3090],
        Advice {
            headline: "QuickBooks does not take a name or text in it",
            what: "The name or text is empty, or holds a character that QuickBooks does not allow there.",
            steps: &[
                "Change the name or text that QuickBooks gives below: use letters, digits and plain punctuation, no colon.",
                "The change is carried by itself.",
            ],
        },
    ),
    (
        &[3101],
        Advice {
            headline: "an amount is too large for QuickBooks",
            what: "An amount, or the total it leads to, is larger than QuickBooks can hold.",
            steps: &["Look for a mistyped amount, and correct it in Bill.com.", "The change is carried by itself."],
        },
    ),
    (
        &[3120, 3172, 3173],
        Advice {
            headline: "what it refers to is gone in QuickBooks",
            what: "It, or something it refers to, was deleted, merged or paid in QuickBooks meanwhile. It was read again first.",
            steps: &[
                "Look in QuickBooks what became of it.",
                "If it was removed by mistake, enter it again there, then try again.",
                "If it was removed on purpose, leave it as it is here.",
            ],
        },
    ),
    (
        &[3130],
        Advice {
            headline: "its parent does not fit in QuickBooks",
            what: "The record it stands below is missing in QuickBooks, or cannot have others below it.",
            steps: &[
                "Look for the parent that QuickBooks names below, and make it, or choose another one.",
                "Then try again.",
            ],
        },
    ),
    (&[3140], REFERENCE),
    (
        &[3160],
        Advice {
            headline: "QuickBooks does not let it be deleted",
            what: "It is in use, or others have the company file open.",
            steps: &[
                "Make it inactive in QuickBooks instead, then leave it as it is here.",
                "Or delete it when nobody else works in the file, and try again.",
            ],
        },
    ),
    (&[3161, 3171], CLOSED_PERIOD),
    (
        &[3162],
        Advice {
            headline: "QuickBooks is in the wrong mode for it",
            what: "It was tried again and again, but it needs single-user or multi-user mode, whichever is not on.",
            steps: &["In QuickBooks, choose File, Switch to Single-user Mode (or Multi-user Mode).", "Then try again."],
        },
    ),
    (&[3170, 3180, 3210], BUSINESS_RULE),
    (&[3175, 3176], IN_USE),
    (
        &[3185],
        Advice {
            headline: "QuickBooks does not let it be voided",
            what: "Something hangs on it: a payment, a credit or a reconciliation.",
            steps: &[
                "Void it by hand in QuickBooks, where it says what hangs on it, then leave it as it is here.",
                "Or remove what hangs on it, then try again.",
            ],
        },
    ),
    (
        &[3205],
        Advice {
            headline: "QuickBooks does not take its address",
            what: "The address has too many lines, or lines that are too long: at most five, of 41 characters.",
            steps: &["Shorten the address in Bill.com.", "The change is carried by itself."],
        },
    ),
    (&[3220, 3260, 3262, 3263], RIGHTS),
    (
        &[3261],
        Advice {
            headline: "QuickBooks keeps personal data from it",
            what: "The application may not see or change personal data such as tax numbers.",
            steps: &[
                "As Admin, open Edit, Preferences, Integrated Applications, Company Preferences, the properties of Counterfoil, and allow access to personal data.",
                "Then try again.",
            ],
        },
    ),
    (
        &[3240],
        Advice {
            headline: "QuickBooks has another record in its place",
            what: "The company file was restored or rebuilt, and what stands under this id is another record.",
            steps: &[
                "Wait until the next update has read everything again.",
                "Then try again, and compare the record on both sides.",
            ],
        },
    ),
    (
        &[3270, 3280],
        Advice {
            headline: "an item in it cannot be booked",
            what: "An item has no account, or is of a type that does not fit this line.",
            steps: &[
                "Open the item in QuickBooks, and give it an account; or choose another one in Bill.com.",
                "Then try again.",
            ],
        },
    ),
];

/// The words for a code. What has none of its own is a request that QuickBooks did not take.
fn by_code(code: i32) -> &'static Advice {
    BY_CODE.iter().find(|(codes, _)| codes.contains(&code)).map_or(&WRONG_REQUEST, |(_, advice)| advice)
}

fn advice(status: &Status) -> &'static Advice {
    let by_text = status.code.entry().is_some_and(|entry| entry.by_text);
    if by_text && status.speaks_of_a_lock() {
        return &IN_USE;
    }
    let by_text = by_text || status.code.0 == 3140;
    let reason = status.reason().to_lowercase();
    let phrase = BY_PHRASE.iter().find(|(phrase, _)| by_text && reason.contains(phrase));
    phrase.map_or_else(|| by_code(status.code.0), |(_, advice)| advice)
}

/// QuickBooks refused a change, for good or once too often. `reversible`: what it was to void, or to book, can be booked by a
/// journal entry of another day.
#[must_use]
pub(super) fn refusal(title: &str, status: &Status, reversible: bool) -> Trouble {
    let advice = advice(status);
    let reverse = reversible && advice.headline == CLOSED_PERIOD.headline;
    let mut actions = Action::plain_all(&[ActionId::Retry, ActionId::Skip]);
    let mut what_to_do: Vec<String> = advice.steps.iter().map(|step| (*step).to_owned()).collect();
    if reverse {
        actions.insert(1, Action::plain(ActionId::Reverse));
        what_to_do = vec![
            "If the closed period is to stay as it is: take it back on a later day. QuickBooks gets a journal entry of that day which books everything the other way round, and the closed period stays untouched.".to_owned(),
            "If it belongs into the closed period: as Admin, move the closing date back in QuickBooks under Edit, Preferences, Accounting, Company Preferences. Then try again, and close the books again.".to_owned(),
        ];
    }
    let said = safe_text(status.reason());
    let what_happened =
        if said.is_empty() { advice.what.to_owned() } else { format!("{} QuickBooks said: {said}", advice.what) };
    Trouble {
        code: ProblemCode::QuickBooksRejected,
        summary: capital(&format!("{title}: {}", advice.headline)),
        what_happened,
        what_to_do,
        actions,
        technical: Some(technical(status)),
    }
}

/// QuickBooks made the change, but not all of it.
#[must_use]
pub(super) fn remark(title: &str, status: &Status) -> Trouble {
    let (headline, what, step) = match status.code.0 {
        570 => (
            "saved, but not linked",
            "What it should be linked with is settled already in QuickBooks.",
            "Look at both documents in QuickBooks, and link them by hand if they belong together.",
        ),
        530 | 531 => (
            "saved, but not all of it",
            "This edition of QuickBooks has no place for one of its values, and left it out.",
            "See below which value it is, and enter it elsewhere in QuickBooks if you need it.",
        ),
        _ => (
            "saved, with a remark",
            "QuickBooks saved it and remarked something.",
            "Look at the record in QuickBooks, and correct it there if something is missing.",
        ),
    };
    let said = safe_text(status.reason());
    Trouble {
        code: ProblemCode::QuickBooksRemarked,
        summary: capital(&format!("{title}: {headline}")),
        what_happened: if said.is_empty() { what.to_owned() } else { format!("{what} QuickBooks said: {said}") },
        what_to_do: vec![step.to_owned(), "Then leave it as it is: nothing else follows from it.".to_owned()],
        actions: vec![Action::plain(ActionId::Skip)],
        technical: Some(technical(status)),
    }
}

/// A change was handed over again and again, and QuickBooks never said what became of it; nothing of it was found either.
#[must_use]
pub(super) fn outcome_unknown(title: &str, tries: u32) -> Trouble {
    Trouble {
        code: ProblemCode::QuickBooksRejected,
        summary: capital(&format!("{title}: QuickBooks does not say what becomes of it")),
        what_happened: format!(
            "It was handed over {tries} times. Each time the answer was lost, or said nothing, and the record was not found in QuickBooks."
        ),
        what_to_do: vec![
            "Look in QuickBooks whether the record is there. If it is, leave it as it is here: it is found and linked when it is read.".to_owned(),
            "If not, restart QuickBooks and the Web Connector, then try again.".to_owned(),
        ],
        actions: vec![Action::plain(ActionId::Retry), Action::plain(ActionId::Skip)],
        technical: None,
    }
}

/// Code and whole text, for the folded part of the page.
pub(super) fn technical(status: &Status) -> String {
    format!("QuickBooks status {}: {}", status.code.0, safe_text(&status.message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use qbxml::types::STATUS_TABLE;
    use qbxml::{Severity, StatusCode};

    #[test]
    fn every_code_has_words_steps_and_a_button() {
        for entry in STATUS_TABLE {
            let code = StatusCode(entry.codes.first);
            let status = Status { code, severity: Severity::Error, message: String::new() };
            for trouble in
                [refusal("Bill 1", &status, false), refusal("Bill 1", &status, true), remark("Bill 1", &status)]
            {
                assert!(!trouble.what_happened.is_empty() && !trouble.what_to_do.is_empty(), "{code}");
                assert!(!trouble.actions.is_empty() && trouble.summary.len() <= 100, "{code}: {}", trouble.summary);
            }
        }
    }

    #[test]
    fn what_quickbooks_says_outranks_a_code_that_says_little() {
        let status = |code: i32, reason: &str| Status {
            code: StatusCode(code),
            severity: Severity::Error,
            message: format!(
                "There was an error when saving a Bill \"closing date\".  QuickBooks error message: {reason}"
            ),
        };
        let headline = |code, reason: &str| refusal("B", &status(code, reason), false).summary;
        assert_eq!(headline(3180, "The credit limit for the name has been exceeded."), "B: a credit limit is exceeded");
        assert_eq!(headline(3180, "Something else."), "B: a rule of QuickBooks does not allow it");
        assert_eq!(headline(3140, "The account must be of type Bank."), "B: an account is of the wrong type");
        assert_eq!(headline(3070, "The credit limit."), "B: a text is too long for QuickBooks");
    }
}
