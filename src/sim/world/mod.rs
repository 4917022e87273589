//! The deterministic simulation: the whole machine in a world in which a seed decides everything.
//!
//! [`World::new`] draws a plan: which faults this world has, and what people, banks, the Web Connector and the server do on a
//! few days of business, on both sides. [`World::run`] lets it happen in virtual time, in one thread, without a socket or a
//! pause. Then all faults end, and everything must come to rest within a bounded number of polls, with the books of both sides
//! as design section 4 wants them. The server is the real one (`office`): SOAP bytes, guard, planner, SQL, and a Bill.com
//! client that maps every error. The two outside worlds are the strict simulators beside this room.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `schedule` | what will happen, drawn before it does |
//! | `at_quickbooks`, `at_billcom`, `words` | what people do, and the names and amounts they type |
//! | `faults`, `mishaps` | what goes wrong |
//! | `office`, `effects`, `clock` | the machines |
//! | `diary`, `shelf`, `checks` | what people did, both books in one form, and what must hold |
//! | `campaign`, `shrink` | many seeds, and the few events of one that matter |
//!
//! **Invariant:** the same plan gives the same world, to the byte. The hash of the transcript shows it.
//! **Invariant:** no checker reads the server's store.

mod at_billcom;
mod at_quickbooks;
mod campaign;
mod checks;
mod clock;
mod days;
mod diary;
mod effects;
mod faults;
mod founding;
mod mishaps;
mod office;
mod rest;
mod schedule;
mod shelf;
mod shrink;
mod transcript;
mod words;

pub use campaign::{Campaign, Deaths, Tally, die_everywhere, run_many};
pub use checks::Violation;
pub use faults::{Coverage, Fault};
pub use schedule::Plan;
pub use shrink::shrunk;

use crate::engine::Safeguard;
use checks::{Findings, Watch};
use diary::Diary;
use mishaps::Standing;
use office::{Office, Shared, open};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// How a world is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Lines of the transcript are kept.
    pub keeps_lines: bool,
    /// The server lacks this safeguard; then the checkers should find something.
    pub left_out: Option<Safeguard>,
    /// After the company was started, the server dies after so many effects.
    pub dies_after: Option<u64>,
    /// After the company was started, the disk refuses the commit after so many.
    pub refuses_after: Option<u64>,
}

/// What came of a world.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was broken, first things first.
    pub violations: Vec<Violation>,
    /// How often each fault happened.
    pub coverage: Coverage,
    /// Hash of everything that happened.
    pub hash: String,
    /// What happened, when it was kept.
    pub lines: Vec<String>,
    /// What the server did to the outside: commits, calls, answers.
    pub effects: u64,
    /// How many of these were commits.
    pub commits: u64,
    /// Polls until everything was at rest.
    pub polls: usize,
}

/// A world.
pub struct World {
    plan: Plan,
    manner: Manner,
    office: Office,
    diary: Shared<Diary>,
    coverage: Coverage,
    findings: Findings,
    watch: Watch,
    standing: Standing,
    /// The Web Connector's password.
    password: String,
    /// Commits that a disk had refused by the last look.
    refused: u64,
    /// What is marked once in a world.
    marked: BTreeSet<Fault>,
    /// Records that people have open in QuickBooks.
    windows: Shared<Vec<String>>,
    /// What people did between two calls of ours.
    meanwhile: Shared<Vec<Fault>>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("seed", &self.plan.seed).finish_non_exhaustive()
    }
}

impl World {
    /// The world of a seed.
    #[must_use]
    pub fn new(seed: u64, manner: Manner) -> Self {
        Self::of(Plan::of(seed), manner)
    }

    /// The world of a plan, such as one from which events were taken.
    #[must_use]
    pub fn of(plan: Plan, manner: Manner) -> Self {
        let (office, password) = founding::found(&plan, manner);
        Self {
            standing: Standing::new(),
            manner,
            plan,
            office,
            diary: Arc::new(Mutex::new(Diary::default())),
            coverage: Coverage::new(),
            findings: Findings::default(),
            watch: Watch::default(),
            password,
            refused: 0,
            marked: BTreeSet::new(),
            windows: Shared::default(),
            meanwhile: Shared::default(),
        }
    }

    /// Lets everything happen, and sees what comes of it. A world ends with the first promise that is broken in it.
    #[must_use]
    pub fn run(mut self) -> Outcome {
        self.live();
        let polls = if self.is_sound() {
            self.calm();
            self.come_to_rest()
        } else {
            self.tell_what_is_left();
            0
        };
        let transcript = open(&self.office.transcript);
        Outcome {
            violations: std::mem::take(&mut self.findings.0),
            coverage: std::mem::take(&mut self.coverage),
            hash: transcript.hash(),
            lines: transcript.lines().to_vec(),
            effects: self.office.effects.done(),
            commits: self.office.effects.committed(),
            polls,
        }
    }

    fn is_sound(&self) -> bool {
        self.findings.0.is_empty()
    }

    /// A fault has had its effect.
    fn mark(&mut self, fault: Fault) {
        *self.coverage.entry(fault).or_default() += 1;
    }

    fn mark_so_often(&mut self, fault: Fault, count: u64) {
        if count > 0 {
            *self.coverage.entry(fault).or_default() += count;
        }
    }
}

/// The world of a seed, run once.
#[must_use]
pub fn run(seed: u64, manner: Manner) -> Outcome {
    World::new(seed, manner).run()
}
