//! Many seeds, on all the cores there are: each world in one thread, no two of them sharing anything.

use super::faults::Coverage;
use super::schedule::Plan;
use super::{Manner, Outcome, World, run};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Failing seeds that are kept.
const FAILURES_KEPT_MAX: usize = 100;

/// Which seeds are run, and how.
#[derive(Clone, Copy, Debug)]
pub struct Campaign {
    /// The first seed.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// How each world is run.
    pub manner: Manner,
    /// Threads.
    pub threads: usize,
    /// Stops at the first seed that fails.
    pub stops_at_first: bool,
}

/// What came of many seeds.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Seeds that were run.
    pub run: u64,
    /// Seeds that failed, each with its first line, in order.
    pub failed: Vec<(u64, String)>,
    /// How many failed altogether.
    pub failures: u64,
    /// How often each fault happened.
    pub coverage: Coverage,
    /// What the servers did to the outside.
    pub effects: u64,
    /// Most polls until everything was at rest.
    pub polls_max: usize,
}

impl Tally {
    fn take(&mut self, seed: u64, outcome: Result<Outcome, String>) {
        self.run += 1;
        let failed = match outcome {
            Ok(outcome) => {
                outcome.coverage.iter().for_each(|(fault, count)| *self.coverage.entry(*fault).or_default() += count);
                self.effects += outcome.effects;
                self.polls_max = self.polls_max.max(outcome.polls);
                outcome.violations.first().map(ToString::to_string)
            }
            Err(panic) => Some(format!("panic: {panic}")),
        };
        if let Some(text) = failed {
            self.failures += 1;
            if self.failed.len() < FAILURES_KEPT_MAX {
                self.failed.push((seed, text));
            }
        }
    }
}

/// Runs a world and catches what breaks inside it: a broken invariant is a finding like any other.
pub(super) fn run_caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

/// Runs seeds. `told` hears of every hundredth, with the number run so far.
pub fn run_many(campaign: Campaign, told: impl Fn(u64) + Sync) -> Tally {
    let next = AtomicU64::new(0);
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..campaign.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= campaign.count {
                        return;
                    }
                    let seed = campaign.first + number;
                    let outcome = run_caught(|| run(seed, campaign.manner));
                    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                    tally.take(seed, outcome);
                    if campaign.stops_at_first && tally.failures > 0 {
                        next.store(campaign.count, Ordering::Relaxed);
                    }
                    if tally.run % 100 == 0 {
                        told(tally.run);
                    }
                }
            });
        }
    });
    let mut tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    tally.failed.sort();
    tally
}

/// What came of a server that died everywhere.
#[derive(Clone, Debug, Default)]
pub struct Deaths {
    /// Worlds that were run.
    pub run: u64,
    /// Where it died, or the disk refused, and what was broken then.
    pub failed: Vec<(String, String)>,
}

/// Things that happen in the world in which the server dies everywhere: few, because there are as many worlds as effects.
const EVENTS_OF_DEATHS: usize = 20;

/// Lets the server of one world without other faults die after every single effect (commits, calls, answers), and the disk
/// refuse every single commit, each in a world of its own.
#[must_use]
pub fn die_everywhere(seed: u64, threads: usize) -> Deaths {
    let plan = Plan::of(seed).quiet(EVENTS_OF_DEATHS);
    let calm = World::of(plan.clone(), Manner::default()).run();
    let dies = (0..calm.effects)
        .map(|after| (format!("death after effect {after}"), Manner { dies_after: Some(after), ..Manner::default() }));
    let refuses = (0..calm.commits)
        .map(|after| (format!("commit {after} refused"), Manner { refuses_after: Some(after), ..Manner::default() }));
    let manners: Vec<(String, Manner)> = dies.chain(refuses).collect();
    let (next, deaths) = (AtomicU64::new(0), Mutex::new(Deaths::default()));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some((where_, manner)) =
                    usize::try_from(next.fetch_add(1, Ordering::Relaxed)).ok().and_then(|number| manners.get(number))
                {
                    let broken = match run_caught(|| World::of(plan.clone(), *manner).run()) {
                        Ok(outcome) => outcome.violations.first().map(ToString::to_string),
                        Err(panic) => Some(format!("panic: {panic}")),
                    };
                    let mut deaths = deaths.lock().unwrap_or_else(PoisonError::into_inner);
                    deaths.run += 1;
                    deaths.failed.extend(broken.map(|broken| (where_.clone(), broken)));
                }
            });
        }
    });
    let mut deaths = deaths.into_inner().unwrap_or_else(PoisonError::into_inner);
    deaths.failed.sort();
    deaths
}
