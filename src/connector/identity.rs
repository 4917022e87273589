//! Is the open company file the one this company is connected to?
//!
//! The Web Connector stamps a FileID into the company file (`qbwc.md` 5). A matching stamp settles it, wherever the file
//! lies and whatever it is called. Another stamp is another company, or a copy connected elsewhere. Without a stamp the
//! company's name and the file's path are remembered at the first contact and must stay.

/// What QuickBooks says about the open company file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// The FileID stamped under our OwnerID.
    pub file_id: Option<String>,
    /// The company's name.
    pub name: Option<String>,
    /// The path of the file.
    pub path: Option<String>,
}

/// What is remembered from earlier contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pinned {
    /// The FileID of the `.qwc` we made for this company.
    pub expected_file_id: String,
    /// Whether that FileID was once found stamped.
    pub was_stamped: bool,
    /// The company's name at the first contact.
    pub name: Option<String>,
    /// The path at the first contact.
    pub path: Option<String>,
}

/// The verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the right one; `stamped` says whether by its FileID.
    Right {
        /// By its FileID.
        stamped: bool,
    },
    /// It is another one: what was expected, and what was found, in words.
    Wrong {
        /// What this company is connected to.
        expected: String,
        /// What is open.
        found: String,
        /// Whether a person can say that it is the right one: not when it carries another connection's stamp.
        acceptable: bool,
    },
}

/// Judges the open company file.
#[must_use]
pub fn judge(facts: &FileFacts, pinned: &Pinned) -> Verdict {
    if let Some(stamp) = facts.file_id.as_deref().filter(|stamp| !stamp.trim().is_empty()) {
        if same_guid(stamp, &pinned.expected_file_id) {
            return Verdict::Right { stamped: true };
        }
        return wrong(facts, pinned);
    }
    let name_fits = fits(pinned.name.as_deref(), facts.name.as_deref());
    let path_fits = fits(pinned.path.as_deref(), facts.path.as_deref());
    if name_fits && path_fits && !pinned.was_stamped { Verdict::Right { stamped: false } } else { wrong(facts, pinned) }
}

/// Windows compares paths without case; names are compared the same way.
fn fits(pinned: Option<&str>, found: Option<&str>) -> bool {
    match (pinned, found) {
        (Some(pinned), Some(found)) => pinned.trim().to_lowercase() == found.trim().to_lowercase(),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

fn same_guid(left: &str, right: &str) -> bool {
    let plain = |guid: &str| guid.trim().trim_start_matches('{').trim_end_matches('}').to_lowercase();
    plain(left) == plain(right)
}

fn wrong(facts: &FileFacts, pinned: &Pinned) -> Verdict {
    Verdict::Wrong {
        expected: describe(pinned.name.as_deref(), pinned.path.as_deref(), "another company file"),
        found: describe(facts.name.as_deref(), facts.path.as_deref(), "a company file without a name"),
        acceptable: facts.file_id.as_deref().is_none_or(|stamp| stamp.trim().is_empty()),
    }
}

fn describe(name: Option<&str>, path: Option<&str>, unknown: &str) -> String {
    match (name, path) {
        (Some(name), Some(path)) => format!("“{name}” ({path})"),
        (Some(name), None) => format!("“{name}”"),
        (None, Some(path)) => path.to_owned(),
        (None, None) => unknown.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "{B2A7D9E0-51C4-4F6B-8E37-0D9C6A14E582}";

    fn facts(file_id: Option<&str>, name: &str, path: &str) -> FileFacts {
        FileFacts { file_id: file_id.map(Into::into), name: Some(name.into()), path: Some(path.into()) }
    }

    fn pinned(stamped: bool, name: Option<&str>, path: Option<&str>) -> Pinned {
        Pinned {
            expected_file_id: OURS.into(),
            was_stamped: stamped,
            name: name.map(Into::into),
            path: path.map(Into::into),
        }
    }

    #[test]
    fn our_stamp_settles_it_wherever_the_file_lies() {
        let moved = facts(Some("b2a7d9e0-51c4-4f6b-8e37-0d9c6a14e582"), "New Name", "D:\\moved.qbw");
        assert_eq!(judge(&moved, &pinned(true, Some("Acme"), Some("C:\\a.qbw"))), Verdict::Right { stamped: true });
    }

    #[test]
    fn another_stamp_is_another_company() {
        let other = facts(Some("{00000000-0000-0000-0000-000000000001}"), "Acme", "C:\\a.qbw");
        assert!(matches!(judge(&other, &pinned(false, None, None)), Verdict::Wrong { .. }));
    }

    #[test]
    fn without_a_stamp_name_and_path_are_remembered() {
        let first = facts(None, "Acme", "C:\\a.qbw");
        assert_eq!(judge(&first, &pinned(false, None, None)), Verdict::Right { stamped: false });
        assert_eq!(judge(&first, &pinned(false, Some("ACME"), Some("c:\\A.QBW"))), Verdict::Right { stamped: false });
        assert!(matches!(judge(&first, &pinned(false, Some("Beta"), Some("C:\\a.qbw"))), Verdict::Wrong { .. }));
        assert!(matches!(judge(&first, &pinned(false, Some("Acme"), Some("C:\\b.qbw"))), Verdict::Wrong { .. }));
    }

    #[test]
    fn a_stamp_that_vanished_is_asked_about() {
        let bare = facts(None, "Acme", "C:\\a.qbw");
        assert!(matches!(judge(&bare, &pinned(true, Some("Acme"), Some("C:\\a.qbw"))), Verdict::Wrong { .. }));
    }
}
