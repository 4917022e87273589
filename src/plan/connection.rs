//! The words of problems that are about Bill.com as a whole: it does not let us in, cannot be reached, is written to by somebody
//! else as well, or has changed.
//!
//! Each obstacle has one problem, and a problem of these is closed by the first reading that comes to its end: a person mends
//! the cause and need not tell us.

use crate::model::{Action, ActionId, Kind, ProblemCode, Trouble};
use chrono::{DateTime, Utc};

/// Why Bill.com cannot be worked with at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Wrong user or password, or a sync token that was revoked or has run out.
    Credentials,
    /// Wrong developer key, or one for the other environment.
    DeveloperKey,
    /// The organisation does not exist there, or is not open to programs.
    NoAccess,
    /// The sign-in leads into another organisation.
    OtherOrganization,
    /// The call needs a person with a second factor.
    SecondFactor,
    /// No connection.
    NoNetwork,
    /// Connected, but no answer in time, or the connection broke.
    NoAnswer,
    /// A page that says that it is being worked on.
    Maintenance,
    /// An answer that cannot be understood, or an error of its own.
    Unclear,
    /// It wants us to go to another address.
    Redirected,
    /// This hour's calls are used up.
    HourUsedUp(DateTime<Utc>),
    /// Too many calls at once.
    Crowded,
    /// The list would not hold still while it was read.
    Restless,
}

impl Obstacle {
    /// Whether a person must do something; otherwise it passes by itself.
    #[must_use]
    pub const fn needs_a_person(self) -> bool {
        matches!(
            self,
            Self::Credentials | Self::DeveloperKey | Self::NoAccess | Self::OtherOrganization | Self::SecondFactor
        )
    }
}

/// The problem of the company that an obstacle is.
#[must_use]
pub fn obstacle(obstacle: Obstacle, technical: Option<String>) -> Trouble {
    let code = if obstacle.needs_a_person() { ProblemCode::BillComSignIn } else { ProblemCode::BillComUnreachable };
    let (summary, what_happened, steps) = match obstacle {
        Obstacle::Credentials
        | Obstacle::DeveloperKey
        | Obstacle::NoAccess
        | Obstacle::OtherOrganization
        | Obstacle::SecondFactor => refused(obstacle),
        other => unreachable_words(other),
    };
    let trouble = Trouble::new(code, summary.to_owned(), what_happened, steps, Action::plain_all(&[ActionId::Retry]));
    Trouble { technical, ..trouble }
}

const GOES_ON: &str = "Nothing else is needed: it goes on by itself once Bill.com lets us in.";

type Words = (&'static str, String, &'static [&'static str]);

fn refused(obstacle: Obstacle) -> Words {
    match obstacle {
        Obstacle::Credentials => (
            "Bill.com does not accept the user name and password",
            "The user name or its password is wrong, the user is locked, or the sync token was revoked or has run out.".to_owned(),
            &[
                "Sign in to Bill.com by hand. For a sync token, see Settings, Sync & Integrations, Tokens, and make a new one if it is gone.",
                "Give the new user name and password with: counterfoil company credentials.",
                GOES_ON,
            ],
        ),
        Obstacle::DeveloperKey => (
            "Bill.com does not accept the developer key",
            "The developer key is wrong or switched off. A key of the sandbox does not work in production, nor the other way round.".to_owned(),
            &[
                "Look up the key in Bill.com under Settings, Sync & Integrations, Manage developer keys.",
                "Give the right one with: counterfoil company credentials.",
                GOES_ON,
            ],
        ),
        Obstacle::NoAccess => (
            "The Bill.com organisation is not open to programs",
            "Bill.com knows no organisation of this id, has locked it, or does not let these credentials into it.".to_owned(),
            &[
                "Compare the organisation id with the one that Bill.com shows under Settings, Sync & Integrations.",
                "See that the user or token belongs to this organisation, and ask Bill.com to open it to the API if it is not.",
                GOES_ON,
            ],
        ),
        Obstacle::OtherOrganization => (
            "The sign-in leads into another Bill.com organisation",
            "These credentials belong to another organisation than the one that was given. Nothing is read or written there.".to_owned(),
            &["Give the credentials of the right organisation with: counterfoil company credentials.", GOES_ON],
        ),
        _ => (
            "Bill.com wants a second factor",
            "Bill.com asks for a person with a second factor before it shows its records, which a server does not have.".to_owned(),
            &[
                "Use a sync token instead of a person's password: see Settings, Sync & Integrations, Tokens in Bill.com.",
                GOES_ON,
            ],
        ),
    }
}

const BY_ITSELF: &str = "Nothing for now: it is tried again by itself, after longer and longer pauses.";

fn unreachable_words(obstacle: Obstacle) -> Words {
    let look: &[&str] = &[BY_ITSELF, "If it stays, look whether Bill.com can be reached from this machine."];
    let page: &[&str] = &[BY_ITSELF, "If it stays, see Bill.com's status page."];
    match obstacle {
        Obstacle::NoNetwork => (
            "Bill.com cannot be reached",
            "There is no connection from this machine to Bill.com.".to_owned(),
            &[
                "See that this machine is connected to the internet, and that no firewall or proxy is in the way.",
                "Nothing else is needed: it is tried again by itself.",
            ],
        ),
        Obstacle::NoAnswer => {
            ("Bill.com does not answer", "Bill.com was reached, but its answer did not arrive.".to_owned(), look)
        }
        Obstacle::Maintenance => (
            "Bill.com is being worked on",
            "Bill.com shows a web page instead of an answer, as it does during maintenance.".to_owned(),
            page,
        ),
        Obstacle::Redirected => (
            "Bill.com's address has changed",
            "Bill.com answers with another address. It is not followed: the credentials would go there too.".to_owned(),
            &["Compare the address of the company with the one in Bill.com's documentation for developers.", BY_ITSELF],
        ),
        Obstacle::HourUsedUp(until) => (
            "Bill.com's calls of this hour are used up",
            format!(
                "Bill.com allows a number of calls an hour for each developer key. Everything goes on at {} UTC.",
                until.format("%H:%M")
            ),
            &[
                "Nothing for now: it goes on by itself.",
                "If it comes again and again, set poll_interval to a longer time, or use another developer key for some companies.",
            ],
        ),
        Obstacle::Crowded => (
            "Bill.com is asked too much at once",
            "Another program uses the same developer key for this organisation, so that Bill.com turns calls away."
                .to_owned(),
            &[BY_ITSELF, "If it stays, give each program a developer key of its own."],
        ),
        Obstacle::Restless => (
            "Bill.com's records change faster than they can be read",
            "A list would not hold still while it was read. What was read is kept; the reading begins again."
                .to_owned(),
            &[BY_ITSELF],
        ),
        _ => (
            "Bill.com's answer cannot be understood",
            "Bill.com reports an error of its own, or sends an answer that breaks off or has an unknown form."
                .to_owned(),
            page,
        ),
    }
}

/// Somebody else may be writing the same books: the vendor's own sync. `software` is what the organisation says it works with,
/// `trace` a record that was made by such a sync.
#[must_use]
pub fn other_sync(software: Option<&str>, trace: Option<&str>) -> Trouble {
    let says = software.map(|name| format!("The organisation says that it works with {name:?}."));
    let shows = trace.map(|trace| format!("{trace}."));
    let signs: Vec<_> = says.into_iter().chain(shows).collect();
    Trouble::new(
        ProblemCode::OtherSync,
        "Bill.com's own sync may still be connected to these books".to_owned(),
        format!("{} Two programs that keep the same books in step make everything twice.", signs.join(" ")),
        &[
            "In Bill.com, see Settings, Sync & Integrations: if a sync with QuickBooks is connected, disconnect it, and do not open its Sync Dashboard any more.",
            "If none is connected, or it never writes to this company file, leave it as it is: this is then not asked again.",
            "Nothing holds you from starting.",
        ],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
}

/// Bill.com says of itself that its records lack fields that are relied on.
#[must_use]
pub fn fields_missing(missing: &[String]) -> Trouble {
    let count = missing.len();
    let trouble = Trouble::new(
        ProblemCode::BillComFields,
        format!("Bill.com's records lack {count} {}", if count == 1 { "field" } else { "fields" }),
        "Bill.com's description of its records does not name everything that is carried. What it lacks stays as it is on both sides."
            .to_owned(),
        &[
            "See whether these credentials may see everything: a role without rights hides fields.",
            "Update Counterfoil: Bill.com may have changed.",
        ],
        Action::plain_all(&[ActionId::Retry]),
    );
    Trouble { technical: Some(missing.join(", ")), ..trouble }
}

/// Bill.com has given up telling us of changes.
#[must_use]
pub fn notices_off(reason: Option<&str>) -> Trouble {
    let said = reason.map_or_else(String::new, |reason| format!(" It says: {reason}."));
    Trouble::new(
        ProblemCode::BillComNotices,
        "Bill.com has stopped sending notices".to_owned(),
        format!(
            "Too many notices did not arrive here, so Bill.com switched them off.{said} Changes are still read at every poll, only later."
        ),
        &[
            "See that this server can be reached from the internet under its public URL, over https.",
            "Then switch them on again with: counterfoil company webhooks ID enable.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
}

/// A complete reading of Bill.com lacks records that were known, and they cannot be read either.
#[must_use]
pub fn vanished(missing: &[(Kind, usize)]) -> Trouble {
    let each = missing
        .iter()
        .map(|(kind, count)| format!("{count} {}", if *count == 1 { kind.title() } else { kind.plural() }));
    Trouble::new(
        ProblemCode::BillComVanished,
        format!("Bill.com no longer shows {}", each.collect::<Vec<_>>().join(", ")),
        "Bill.com archives records and does not remove them, so they should still be there. Nothing is deactivated or voided because of it."
            .to_owned(),
        &[
            "See whether the user or token still has the rights to see all records.",
            "If they really are gone, deactivate or void them in QuickBooks by hand.",
        ],
        Action::plain_all(&[ActionId::Skip]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_obstacle_has_its_own_words_and_says_what_to_do() {
        let until = "2026-03-02T11:00:00Z".parse().expect("instant");
        let all = [
            Obstacle::Credentials,
            Obstacle::DeveloperKey,
            Obstacle::NoAccess,
            Obstacle::OtherOrganization,
            Obstacle::SecondFactor,
            Obstacle::NoNetwork,
            Obstacle::NoAnswer,
            Obstacle::Maintenance,
            Obstacle::Unclear,
            Obstacle::Redirected,
            Obstacle::HourUsedUp(until),
            Obstacle::Crowded,
            Obstacle::Restless,
        ];
        let troubles = all.map(|each| obstacle(each, None));
        let summaries: std::collections::BTreeSet<_> = troubles.iter().map(|trouble| &trouble.summary).collect();
        assert_eq!(summaries.len(), all.len());
        for (each, trouble) in all.iter().zip(&troubles) {
            assert_eq!(trouble.code == ProblemCode::BillComSignIn, each.needs_a_person(), "{}", trouble.summary);
            assert!(!trouble.what_to_do.is_empty() && trouble.what_happened.ends_with('.'), "{}", trouble.summary);
        }
        assert!(troubles[10].what_happened.contains("11:00 UTC"), "{}", troubles[10].what_happened);
    }
}
