//! The checkers: what must hold in both books, whatever happened.
//!
//! They read the simulators' books and what everybody can see of the server (status, plan, problems, history), and never its
//! store. What a checker demands is design section 4 and nothing else: where the table lets both sides differ, the difference
//! must be **shown**, as an open problem or as something that waits with a reason.

mod always;
mod lists;
mod money;
mod papers;
mod public;

pub(super) use always::{CALLS_MAX, Watch};
pub(super) use public::{Explained, lint};

use super::diary::{Diary, Who};
use super::shelf::{self, Entry, Paper};
use crate::engine::StatusView;
use crate::model::{Kind, Side};
use crate::sim::billcom::Organization;
use crate::sim::quickbooks::CompanyFile;
use std::fmt;

/// What a checker has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which promise is broken, in one word.
    pub promise: &'static str,
    /// What was found.
    pub text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.promise, self.text)
    }
}

/// Collects what the checkers find.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Violation>);

/// Violations of one world that are kept; the first ones say enough.
const KEPT_MAX: usize = 40;

impl Findings {
    pub(super) fn add(&mut self, promise: &'static str, text: impl Into<String>) {
        let found = Violation { promise, text: text.into() };
        if self.0.len() < KEPT_MAX && !self.0.contains(&found) {
            self.0.push(found);
        }
    }
}

/// Everything that is quiet is looked at through this.
pub(super) struct Rest<'a> {
    pub(super) file: &'a CompanyFile,
    pub(super) organization: &'a Organization,
    pub(super) diary: &'a Diary,
    pub(super) explained: &'a Explained,
    pub(super) status: &'a StatusView,
    /// Who wins a field that was changed on both sides.
    pub(super) winner: Side,
    lists: [Vec<Entry>; 2],
    papers: [Vec<Paper>; 2],
}

/// The place of a side in a pair.
const fn place(side: Side) -> usize {
    match side {
        Side::QuickBooks => 0,
        Side::BillCom => 1,
    }
}

impl<'a> Rest<'a> {
    pub(super) fn new(
        file: &'a CompanyFile,
        organization: &'a Organization,
        diary: &'a Diary,
        explained: &'a Explained,
        status: &'a StatusView,
        winner: Side,
    ) -> Self {
        let lists = [shelf::lists_in_quickbooks(file), shelf::lists_in_billcom(organization)];
        let papers = [shelf::papers_in_quickbooks(file, &lists[0]), shelf::papers_in_billcom(organization, &lists[1])];
        Self { file, organization, diary, explained, status, winner, lists, papers }
    }

    fn lists(&self, side: Side) -> &[Entry] {
        &self.lists[place(side)]
    }

    fn papers(&self, side: Side) -> &[Paper] {
        &self.papers[place(side)]
    }

    /// Whether a difference about this record is shown to people, or was decided by one.
    fn is_shown(&self, who: &Who) -> bool {
        self.explained.names(&who.1) || self.diary.is_decided(who)
    }

    /// Checks everything.
    pub(super) fn check(&self, findings: &mut Findings) {
        public::quiet(self, findings);
        lists::check(self, findings);
        papers::check(self, findings);
        money::check(self, findings);
    }
}

/// How a record is named in a finding.
fn name(kind: Kind, token: &str) -> String {
    format!("{} {token}", kind.title())
}
