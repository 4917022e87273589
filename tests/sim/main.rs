//! The deterministic simulation, a little of it in every test run: some dozens of seeds, the seeds that once failed, and that a
//! seed is one world. `counterfoil sim` runs as many as there is time for (`docs/simulation.md`).

use counterfoil::engine::Safeguard;
use counterfoil::sim::world::{Campaign, Manner, Plan, World, run, run_many};
use std::path::Path;

/// Seeds of every run. Every thousandth of a second of them is worth it, but people wait for this.
const SMOKE: u64 = 24;

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Runs seeds one after the other, so that the message names all that fail.
fn assert_sound(seeds: impl Iterator<Item = u64>) {
    let failed: Vec<String> = seeds
        .filter_map(|seed| {
            let outcome = run(seed, Manner::default());
            outcome.violations.first().map(|violation| format!("seed {seed}: {violation}"))
        })
        .collect();
    assert!(failed.is_empty(), "look closer with: counterfoil sim --seed S\n{}", failed.join("\n"));
}

#[test]
fn some_dozens_of_worlds_come_to_rest_with_sound_books() {
    let campaign =
        Campaign { first: 1, count: SMOKE, manner: Manner::default(), threads: threads(), stops_at_first: false };
    let tally = run_many(campaign, |_| {});
    assert_eq!(tally.run, SMOKE);
    assert!(tally.failed.is_empty(), "look closer with: counterfoil sim --seed S\n{:#?}", tally.failed);
    assert!(tally.coverage.len() >= 25, "few faults have happened: {:?}", tally.coverage);
}

/// The lines of a list of seeds.
fn listed(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    let text = std::fs::read_to_string(path).expect("a list of seeds");
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).map(str::to_owned).collect()
}

#[test]
fn seeds_that_once_failed_do_not_fail_again() {
    let seeds: Vec<u64> = listed("seeds.txt")
        .iter()
        .map(|line| {
            let (seed, why) = line.split_once(' ').expect("a seed and a line of why");
            assert!(!why.trim().is_empty(), "{line}: why?");
            seed.parse().expect("a seed")
        })
        .collect();
    assert!(!seeds.is_empty(), "no seed is listed");
    assert_sound(seeds.into_iter());
}

#[test]
fn the_checkers_notice_safeguards_that_are_left_out() {
    let seeds: Vec<(String, u64)> = listed("safeguards.txt")
        .iter()
        .map(|line| {
            let (word, seed) = line.split_once(' ').expect("a safeguard and a seed");
            (word.to_owned(), seed.trim().parse().expect("a seed"))
        })
        .collect();
    assert_sound(seeds.iter().map(|(_, seed)| *seed));
    // No world is known in which linking before creating matters that nothing else makes good.
    for safeguard in Safeguard::ALL.into_iter().filter(|safeguard| *safeguard != Safeguard::Adoption) {
        let listed = seeds.iter().find(|(word, _)| word == safeguard.word());
        let (_, seed) = listed.unwrap_or_else(|| panic!("no seed is listed for {}", safeguard.word()));
        let outcome = run(*seed, Manner { left_out: Some(safeguard), ..Manner::default() });
        assert!(
            !outcome.violations.is_empty(),
            "{} is missing in seed {seed}, and nothing is noticed",
            safeguard.word()
        );
    }
}

#[test]
fn a_seed_is_one_world_to_the_byte() {
    for seed in [2, 5] {
        let (first, second) = (run(seed, Manner::default()), run(seed, Manner::default()));
        assert_eq!(first.hash, second.hash, "seed {seed}");
        let kept = World::of(Plan::of(seed), Manner { keeps_lines: true, ..Manner::default() }).run();
        assert_eq!(first.hash, kept.hash, "keeping the lines changes nothing");
        assert!(!kept.lines.is_empty() && first.lines.is_empty());
    }
    assert_ne!(run(2, Manner::default()).hash, run(3, Manner::default()).hash);
}
