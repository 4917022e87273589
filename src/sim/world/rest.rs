//! The end of all faults, and what must follow: rest within a bounded number of polls, both books as they should be, and
//! a second look that finds nothing to do.

use super::World;
use super::checks::{Explained, Rest};
use super::office::open;
use crate::engine::ProblemLine;
use chrono::TimeDelta;

/// Polls within which everything comes to rest once nothing goes wrong any more: an hour of Bill.com's that is used up, the
/// longest pause between two tries, and the eight tries themselves.
const POLLS_MAX: usize = 40;
/// Message sets that QuickBooks can keep again.
const MESSAGE_SETS_KEPT: usize = 1_000;
/// Time between two polls.
const POLL: TimeDelta = TimeDelta::minutes(16);
/// Polls after which the owner tries everything again that can be tried again: causes are gone by then.
const RETRIES_AT: [usize; 3] = [0, 2, 6];

impl World {
    /// From here on nothing goes wrong.
    pub(super) fn calm(&mut self) {
        self.office.tell("world", "all faults end");
        self.office.connector.faults.clear();
        self.office.organization().hazards.calm();
        if self.manner.dies_after.is_none() && self.manner.refuses_after.is_none() {
            self.office.effects.revive();
        }
        self.office.clocks.set_server_error(TimeDelta::zero());
        self.office.clocks.set_quickbooks_error(TimeDelta::zero());
        self.all_is_well();
        self.office.books().setup.habits.message_sets_max = MESSAGE_SETS_KEPT;
        self.standing.away_until = None;
        self.type_password_in();
        if std::mem::take(&mut self.standing.paused)
            && let Err(error) = self.office.engine().resume(&self.office.company, "the owner")
        {
            self.findings.add("sound", format!("the company cannot go on: {error}"));
        }
    }

    /// Polls until everything is at rest, then checks, and looks a second time. Gives the number of polls.
    pub(super) fn come_to_rest(&mut self) -> usize {
        let polls = (0..POLLS_MAX).find(|poll| self.poll(*poll) || !self.is_sound());
        let Some(polls) = polls else {
            self.tell_what_is_left();
            let status = self.office.engine().status(&self.office.company);
            let state = status.map(|status| format!("{:?}, {}", status.intents, status.state_reason));
            self.findings.add("live", format!("not at rest after {POLLS_MAX} polls: {state:?}"));
            return POLLS_MAX;
        };
        if self.is_sound() {
            self.check();
        }
        if self.is_sound() {
            self.look_again();
        }
        if !self.is_sound() {
            self.tell_what_is_left();
        }
        polls
    }

    /// One poll of each side; whether everything is at rest.
    fn poll(&mut self, number: usize) -> bool {
        self.office.clocks.advance(POLL);
        if RETRIES_AT.contains(&number) {
            self.try_everything_again();
        }
        self.rounds();
        self.notices();
        let mut update = self.office.connector.begin_update();
        while self.office.step(&mut update) {
            self.bury_the_dead();
        }
        self.bury_the_dead();
        self.after_update(&update.into_report());
        self.rounds();
        self.after_event();
        let status = self.office.engine().status(&self.office.company);
        status.is_ok_and(|status| {
            let can_retry = |problem: &ProblemLine| problem.actions.iter().any(|action| action.id == "retry");
            let tried = number > RETRIES_AT[1] || !status.problems.iter().any(can_retry);
            // Who has QuickBooks read every two hours waits for that.
            let was_read = POLL * i32::try_from(number).unwrap_or(i32::MAX) > self.standing.read_interval;
            status.idle && number > RETRIES_AT[0] && tried && was_read
        })
    }

    fn try_everything_again(&mut self) {
        let engine = self.office.engine();
        let Ok(problems) = engine.problems(&self.office.company) else { return };
        for problem in problems {
            if problem.actions.iter().any(|action| action.id == "retry")
                && engine.resolve(&self.office.company, problem.id, "retry", None, "the owner").is_ok()
            {
                self.office.tell("owner", &format!("tries again: {}", problem.summary));
            }
        }
    }

    fn check(&mut self) {
        let engine = self.office.engine();
        let explained = match Explained::read(&engine, &self.office.company) {
            Ok(explained) => explained,
            Err(error) => return self.findings.add("sound", format!("nothing is shown: {error}")),
        };
        let status = match engine.status(&self.office.company) {
            Ok(status) => status,
            Err(error) => return self.findings.add("sound", format!("no status: {error}")),
        };
        let file = open(&self.office.books);
        let organization = self.office.organization();
        let diary = open(&self.diary);
        let rest = Rest::new(&file, &organization, &diary, &explained, &status, self.standing.winner);
        rest.check(&mut self.findings);
    }

    /// A day later everything is read again, from beginning to end at Bill.com: nothing may follow from it.
    fn look_again(&mut self) {
        let applied = self.watch.applied();
        let before = self.picture();
        self.office.clocks.advance(TimeDelta::hours(30));
        if !self.poll(RETRIES_AT[2] + 1) && !self.poll(RETRIES_AT[2] + 2) {
            self.findings.add("live", "a second look found something to do");
        }
        if self.watch.applied() != applied {
            let count = self.watch.applied() - applied;
            self.findings.add("stable", format!("a second look carried out {count} more changes"));
        }
        if self.picture() != before {
            self.findings.add("stable", "a second look changed the books");
        }
        let engine = self.office.engine();
        let events = engine.history(&self.office.company, None, 500).unwrap_or_default();
        if let Some(missed) = events.iter().find(|event| event.text.contains("that the polls had not shown")) {
            self.findings.add("no-loss", missed.text.clone());
        }
        self.check();
    }

    /// Both books, as far as they are compared.
    fn picture(&self) -> String {
        let file = open(&self.office.books);
        let organization = self.office.organization();
        let (left, right) = (super::shelf::lists_in_quickbooks(&file), super::shelf::lists_in_billcom(&organization));
        let papers = super::shelf::papers_in_quickbooks(&file, &left);
        format!("{left:?}{right:?}{papers:?}{:?}", super::shelf::papers_in_billcom(&organization, &right))
    }

    pub(super) fn tell_what_is_left(&self) {
        let engine = self.office.engine();
        if let Ok(explained) = Explained::read(&engine, &self.office.company) {
            explained.lines().for_each(|line| self.office.tell("shown", &line));
        }
        if let Ok(plan) = engine.plan(&self.office.company) {
            plan.steps.iter().for_each(|step| self.office.tell("step", &format!("{step:?}")));
        }
        for found in &self.findings.0 {
            self.office.tell("found", &found.to_string());
        }
        if let Ok(events) = engine.history(&self.office.company, None, 60) {
            events.iter().rev().for_each(|event| {
                self.office.tell("history", &format!("{} {}: {}", event.at, event.kind, event.text));
            });
        }
    }
}
