//! `counterfoil sim --seeds N | --seed S`: the deterministic simulation.
//!
//! One seed prints what happened in its world, line by line; many print what failed, and how often each fault happened. A seed
//! that fails is printed with the few events that matter.

use super::print::Printed;
use super::{CliError, print};
use crate::engine::Safeguard;
use crate::sim::world::{Campaign, Fault, Manner, Plan, Tally, World, die_everywhere, run_many, shrunk};
use std::fmt::Write as _;
use std::time::Instant;

/// Seeds within which every safeguard that is left out must be noticed.
const NOTICED_WITHIN: u64 = 2_000;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Run so many seeds
    #[arg(long, value_name = "N", conflicts_with_all = ["seed", "safeguards"])]
    seeds: Option<u64>,
    /// Run one seed and print what happens
    #[arg(long, value_name = "S", conflicts_with = "safeguards")]
    seed: Option<u64>,
    /// The first seed of many
    #[arg(long, value_name = "S", default_value_t = 1)]
    from: u64,
    /// Leave out the server's safeguards, one at a time, and see that it is noticed
    #[arg(long)]
    safeguards: bool,
    /// Leave out this safeguard: recovery, echo-suppression, adoption, identity-check or overlap
    #[arg(long, value_name = "NAME", value_parser = safeguard_flag)]
    without: Option<Safeguard>,
    /// Let the server die at every effect of one world without other faults, and the disk refuse every commit
    #[arg(long, value_name = "S", conflicts_with_all = ["seed", "seeds", "safeguards", "without"])]
    deaths: Option<u64>,
    /// Threads [default: one for each core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

pub(super) fn execute(args: &Args) -> Result<(), CliError> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = args.threads.unwrap_or(cores);
    if let Some(seed) = args.deaths {
        return deaths(seed, threads);
    }
    match (args.seed, args.seeds) {
        (Some(seed), _) => one(seed, args.without),
        (None, Some(count)) => many(args.from, count, threads, args.without),
        (None, None) if args.safeguards => without_safeguards(args.from, threads),
        (None, None) => Err(CliError::wrong_use("say what to run: --seeds N, --seed S, --safeguards or --deaths S")),
    }
}

/// A safeguard in a flag.
fn safeguard_flag(text: &str) -> Result<Safeguard, String> {
    let known = Safeguard::ALL.into_iter().find(|safeguard| safeguard.word() == text);
    known.ok_or_else(|| format!("it wants one of {}", Safeguard::ALL.map(Safeguard::word).join(", ")))
}

/// Runs one seed.
fn one(seed: u64, left_out: Option<Safeguard>) -> Result<(), CliError> {
    let manner = Manner { keeps_lines: true, left_out, ..Manner::default() };
    let plan = Plan::of(seed);
    let outcome = World::of(plan.clone(), manner).run();
    let mut text = outcome.lines.join("\n");
    let _written =
        writeln!(text, "\nseed {seed}, hash {}, {} effects, {} polls", outcome.hash, outcome.effects, outcome.polls);
    if outcome.violations.is_empty() {
        return Printed::text(text).print();
    }
    for violation in &outcome.violations {
        let _written = writeln!(text, "BROKEN {violation}");
    }
    if let Some(smaller) = shrunk(&plan, Manner { left_out, ..Manner::default() }) {
        let outcome = World::of(smaller.clone(), manner).run();
        let _written = writeln!(text, "\n{} of {} events are enough:\n", smaller.length(), plan.length());
        let _written = writeln!(text, "{}", outcome.lines.join("\n"));
    }
    Printed::text(text).print()?;
    Err(CliError::failed(format!("seed {seed} fails")))
}

/// Runs many seeds.
fn many(first: u64, count: u64, threads: usize, left_out: Option<Safeguard>) -> Result<(), CliError> {
    let begun = Instant::now();
    let manner = Manner { left_out, ..Manner::default() };
    let campaign = Campaign { first, count, manner, threads, stops_at_first: false };
    let tally = run_quietly(campaign);
    let mut text = String::new();
    for fault in Fault::ALL {
        let times = tally.coverage.get(fault).copied().unwrap_or(0);
        let _written = writeln!(text, "{:<22} {times:>9}  {}", fault.word(), fault.meaning());
    }
    for (seed, broken) in &tally.failed {
        let _written = writeln!(text, "seed {seed} {broken}");
    }
    let _written = writeln!(
        text,
        "{} seeds from {first} in {} s: {} failed; {} effects, at most {} polls",
        tally.run,
        begun.elapsed().as_secs(),
        tally.failures,
        tally.effects,
        tally.polls_max
    );
    Printed::text(text).print()?;
    if tally.failures == 0 { Ok(()) } else { Err(CliError::failed(format!("{} seeds fail", tally.failures))) }
}

/// Leaves out each safeguard and counts the seeds until the checkers notice.
fn without_safeguards(first: u64, threads: usize) -> Result<(), CliError> {
    let mut unnoticed = Vec::new();
    for safeguard in Safeguard::ALL {
        let manner = Manner { left_out: Some(safeguard), ..Manner::default() };
        let campaign = Campaign { first, count: NOTICED_WITHIN, manner, threads, stops_at_first: true };
        let tally = run_quietly(campaign);
        let text = match tally.failed.first() {
            Some((seed, broken)) => format!("without {}: seed {seed} {broken}\n", safeguard.word()),
            None => {
                unnoticed.push(safeguard.word());
                format!("without {}: not noticed within {} seeds\n", safeguard.word(), tally.run)
            }
        };
        Printed::text(text).print()?;
    }
    if unnoticed.is_empty() {
        return Ok(());
    }
    Err(CliError::failed(format!("the checkers do not notice what is missing without {}", unnoticed.join(", "))))
}

/// Lets the server die after every effect, and the disk refuse every commit, of one world.
fn deaths(seed: u64, threads: usize) -> Result<(), CliError> {
    let deaths = quietly(|| die_everywhere(seed, threads));
    let mut text = String::new();
    for (after, broken) in &deaths.failed {
        let _written = writeln!(text, "{after}: {broken}");
    }
    let _written = writeln!(text, "{} worlds of seed {seed}: {} failed", deaths.run, deaths.failed.len());
    Printed::text(text).print()?;
    if deaths.failed.is_empty() { Ok(()) } else { Err(CliError::failed("a death leaves the books unsound")) }
}

/// Runs many seeds.
fn run_quietly(campaign: Campaign) -> Tally {
    quietly(|| {
        run_many(campaign, |run| {
            if run % 1_000 == 0 {
                print::complain(&format!("{run} seeds"));
            }
        })
    })
}

/// A panic in a world is a finding, and not printed by itself.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = work();
    std::panic::set_hook(usual);
    result
}
