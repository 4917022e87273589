//! What people are told of when they are not looking: a company that needs them, one that has stopped, one that is silent.
//!
//! Each channel has a memory of what it was told. Something new is told at once, unless something was told within the hour: then it
//! waits, and one message tells of all that has come together. What is over is told too, in the same way. Nothing is told twice
//! because a try failed in the middle: a channel's memory changes only once a message was taken.
//!
//! A heartbeat is the opposite: it is sent while everything goes on, and somebody else's program raises the alarm when it stops.

use crate::limits::{ALERT_DIGEST_EVERY, ALERT_RETRY_MAX, ALERT_RETRY_PAUSE, HEARTBEAT_EVERY};
use crate::model::span;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// What sort of thing somebody is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// It cannot go on.
    Stopped,
    /// The Web Connector has not come by for too long.
    Silent,
    /// A person must decide something.
    NeedsYou,
}

impl Sort {
    /// All of them, the gravest first.
    pub const ALL: [Self; 3] = [Self::Stopped, Self::Silent, Self::NeedsYou];

    /// The word used in stored rows and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Silent => "silent",
            Self::NeedsYou => "needs_you",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.word() == word)
    }
}

/// How a company stands, as far as alerts go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The company's id.
    pub company: String,
    /// Its name.
    pub name: String,
    /// It cannot go on, or a person must decide something; none otherwise.
    pub state: Option<Sort>,
    /// The sentence of the status page.
    pub reason: String,
    /// The highest number of an open problem; 0 where there is none. Numbers only grow, so a higher one is news.
    pub newest_problem: i64,
    /// When the Web Connector was last here; none before its first visit, when there is nothing to miss.
    pub last_contact: Option<DateTime<Utc>>,
    /// Nobody expects anything of it: a person paused it.
    pub paused: bool,
}

/// Something that people should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The company's id.
    pub company: String,
    /// Its name.
    pub name: String,
    /// What sort.
    pub sort: Sort,
    /// It is news again when this is higher than what was told.
    pub mark: i64,
    /// A sentence.
    pub text: String,
}

/// A fault that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The company's id.
    pub company: String,
    /// What sort.
    pub sort: Sort,
    /// Its mark at that time.
    pub mark: i64,
}

/// What a channel was told, and how the last tries went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// What it was told and has not been told to be over.
    pub told: Vec<Told>,
    /// When a message was last taken.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was last tried.
    pub tried_at: Option<DateTime<Utc>>,
    /// Tries in a row that failed.
    pub failures: u32,
}

/// What is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// All that stands, with whether it is news; the gravest first.
    pub faults: Vec<(Fault, bool)>,
    /// What is over since it was told.
    pub over: Vec<Told>,
}

/// What is wrong with the companies, the gravest first. Silence is a visit that has not come for longer than `silence`.
#[must_use]
pub fn faults(standings: &[Standing], silence: Duration, now: DateTime<Utc>) -> Vec<Fault> {
    let mut found = Vec::new();
    for standing in standings.iter().filter(|standing| !standing.paused) {
        let fault = |sort, mark, text: String| Fault {
            company: standing.company.clone(),
            name: standing.name.clone(),
            sort,
            mark,
            text,
        };
        if let Some(sort) = standing.state {
            found.push(fault(sort, standing.newest_problem, standing.reason.clone()));
        }
        if let Some(last) = standing.last_contact.filter(|last| now - *last > span(silence)) {
            let text = format!(
                "The Web Connector has not come by since {}. Is the computer with QuickBooks awake, and the Web Connector running?",
                last.format("%-d %b %Y, %H:%M UTC")
            );
            found.push(fault(Sort::Silent, 0, text));
        }
    }
    found.sort_by(|left, right| (left.sort, &left.name).cmp(&(right.sort, &right.name)));
    found
}

/// What a channel is to be told now; none while there is no news, or it is too early for it.
#[must_use]
pub fn digest(faults: &[Fault], memory: &Memory, now: DateTime<Utc>) -> Option<Digest> {
    let told = |fault: &Fault| memory.told.iter().any(|told| is_of(told, fault) && told.mark >= fault.mark);
    let faults_with_news: Vec<(Fault, bool)> = faults.iter().map(|fault| (fault.clone(), !told(fault))).collect();
    let still = |told: &&Told| faults.iter().any(|fault| is_of(told, fault));
    let over: Vec<Told> = memory.told.iter().filter(|told| !still(told)).cloned().collect();
    let news = !over.is_empty() || faults_with_news.iter().any(|(_, new)| *new);
    let early = memory.sent_at.is_some_and(|sent| is_within(sent, span(ALERT_DIGEST_EVERY), now));
    (news && !early && !is_resting(memory, now)).then_some(Digest { faults: faults_with_news, over })
}

fn is_of(told: &Told, fault: &Fault) -> bool {
    told.company == fault.company && told.sort == fault.sort
}

/// A clock that was set back must not keep anybody from being told.
fn is_within(since: DateTime<Utc>, length: TimeDelta, now: DateTime<Utc>) -> bool {
    since <= now && now < since + length
}

/// Whether a channel that failed is left alone for now: longer after each failure.
fn is_resting(memory: &Memory, now: DateTime<Utc>) -> bool {
    let Some(tried) = memory.tried_at.filter(|_| memory.failures > 0) else { return false };
    let pause = ALERT_RETRY_PAUSE.saturating_mul(2_u32.saturating_pow(memory.failures - 1)).min(ALERT_RETRY_MAX);
    is_within(tried, span(pause), now)
}

/// The memory once a digest was taken.
#[must_use]
pub fn taken(digest: &Digest, now: DateTime<Utc>) -> Memory {
    let told = |(fault, _): &(Fault, bool)| Told { company: fault.company.clone(), sort: fault.sort, mark: fault.mark };
    Memory { told: digest.faults.iter().map(told).collect(), sent_at: Some(now), tried_at: Some(now), failures: 0 }
}

/// The memory once a try has failed.
#[must_use]
pub fn failed(memory: &Memory, now: DateTime<Utc>) -> Memory {
    Memory { tried_at: Some(now), failures: memory.failures.saturating_add(1), ..memory.clone() }
}

/// Whether a heartbeat is due: all companies it is about have begun and go on, and the last one is some minutes old.
#[must_use]
pub fn beats(standings: &[Standing], faults: &[Fault], memory: &Memory, now: DateTime<Utc>) -> bool {
    let alive = |standing: &Standing| standing.paused || standing.last_contact.is_some();
    let well =
        !standings.is_empty() && standings.iter().all(alive) && faults.iter().all(|fault| fault.sort == Sort::NeedsYou);
    let early = memory.sent_at.is_some_and(|sent| is_within(sent, span(HEARTBEAT_EVERY), now));
    well && !early && !is_resting(memory, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    fn start() -> DateTime<Utc> {
        Utc.timestamp_millis_opt(1_764_000_000_000).single().expect("time")
    }

    fn minutes(count: i64) -> DateTime<Utc> {
        start() + TimeDelta::minutes(count)
    }

    fn standing(company: &str, state: Option<Sort>, newest_problem: i64) -> Standing {
        Standing {
            company: company.to_owned(),
            name: company.to_uppercase(),
            state,
            reason: "Because.".to_owned(),
            newest_problem,
            last_contact: Some(start()),
            paused: false,
        }
    }

    const SILENCE: Duration = Duration::from_secs(4 * 60 * 60);

    fn wrong(standings: &[Standing], now: DateTime<Utc>) -> Vec<(String, Sort)> {
        faults(standings, SILENCE, now).into_iter().map(|fault| (fault.company, fault.sort)).collect()
    }

    #[test]
    fn what_is_wrong_is_found_and_the_gravest_comes_first() {
        let mut acme = standing("acme", Some(Sort::NeedsYou), 3);
        let bolt = standing("bolt", Some(Sort::Stopped), 9);
        assert_eq!(
            wrong(&[acme.clone(), bolt.clone()], start()),
            [("bolt".to_owned(), Sort::Stopped), ("acme".to_owned(), Sort::NeedsYou)]
        );
        assert_eq!(wrong(&[acme.clone()], minutes(240)).len(), 1, "four hours are not too long yet");
        assert_eq!(
            wrong(&[acme.clone()], minutes(241)),
            [("acme".to_owned(), Sort::Silent), ("acme".to_owned(), Sort::NeedsYou)]
        );
        acme.last_contact = None;
        assert_eq!(wrong(&[acme.clone()], minutes(9_999)).len(), 1, "who has never been here is not missed");
        acme.paused = true;
        assert_eq!(wrong(&[acme], minutes(9_999)), []);
    }

    #[test]
    fn news_is_told_once_and_more_of_it_when_the_hour_is_over() {
        let one = faults(&[standing("acme", Some(Sort::NeedsYou), 3)], SILENCE, start());
        let first = digest(&one, &Memory::default(), start()).expect("news");
        assert!(first.faults[0].1 && first.over.is_empty());
        let memory = taken(&first, start());
        assert_eq!(digest(&one, &memory, minutes(600)), None, "nothing new");
        let two = faults(
            &[standing("acme", Some(Sort::NeedsYou), 4), standing("bolt", Some(Sort::Stopped), 1)],
            SILENCE,
            start(),
        );
        assert_eq!(digest(&two, &memory, minutes(59)), None, "within the hour");
        let second = digest(&two, &memory, minutes(60)).expect("a digest");
        assert_eq!(second.faults.iter().map(|(_, new)| *new).collect::<Vec<_>>(), [true, true]);
        let fewer = faults(&[standing("acme", Some(Sort::NeedsYou), 3)], SILENCE, start());
        let memory = taken(&second, minutes(60));
        let third = digest(&fewer, &memory, minutes(120)).expect("something is over");
        assert_eq!(third.over.len(), 1);
        assert!(!third.faults[0].1, "one problem fewer is no news");
        assert_eq!(digest(&fewer, &taken(&third, minutes(120)), minutes(999)), None);
    }

    #[test]
    fn what_comes_and_goes_within_the_hour_is_never_told() {
        let memory = Memory { sent_at: Some(start()), ..Memory::default() };
        let one = faults(&[standing("acme", Some(Sort::Stopped), 3)], SILENCE, start());
        assert_eq!(digest(&one, &memory, minutes(30)), None);
        assert_eq!(digest(&[], &memory, minutes(61)), None);
    }

    #[test]
    fn a_channel_that_fails_is_tried_again_ever_more_seldom_and_forgets_nothing() {
        let one = faults(&[standing("acme", Some(Sort::Stopped), 3)], SILENCE, start());
        let mut memory = failed(&Memory::default(), start());
        assert_eq!(digest(&one, &memory, start() + TimeDelta::seconds(59)), None);
        assert!(digest(&one, &memory, start() + TimeDelta::seconds(60)).is_some());
        memory = failed(&memory, start());
        assert_eq!(digest(&one, &memory, start() + TimeDelta::seconds(119)), None);
        for _ in 0..40 {
            memory = failed(&memory, start());
        }
        assert!(digest(&one, &memory, minutes(60)).is_some(), "an hour is the longest pause");
        assert!(digest(&one, &memory, minutes(-60)).is_some(), "a clock set back silences nobody");
        assert_eq!((memory.sent_at, memory.told.len()), (None, 0));
    }

    #[test]
    fn a_heart_beats_while_everything_goes_on() {
        let well = [standing("acme", Some(Sort::NeedsYou), 3)];
        let at = |standings: &[Standing], memory: &Memory, now| {
            beats(standings, &faults(standings, SILENCE, now), memory, now)
        };
        assert!(at(&well, &Memory::default(), start()), "a person who must decide does not stop it");
        let beaten = Memory { sent_at: Some(start()), ..Memory::default() };
        assert!(!at(&well, &beaten, minutes(4)) && at(&well, &beaten, minutes(5)));
        assert!(!at(&well, &Memory::default(), minutes(241)), "silence");
        assert!(!at(&[standing("acme", Some(Sort::Stopped), 1)], &Memory::default(), start()));
        assert!(!at(&[], &Memory::default(), start()), "nothing to tell of");
        let new = Standing { last_contact: None, ..standing("acme", None, 0) };
        assert!(!at(&[new], &Memory::default(), start()), "it has not begun");
    }
}
