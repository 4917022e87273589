//! The days of business: events one after the other, faults among them.

use super::faults::{self, Fault};
use super::mishaps::fault_of;
use super::office::{Between, OfficeConnector, open};
use super::schedule::{Act, Event};
use super::{World, checks};
use crate::engine::{ActionView, Heard, ProblemLine};
use crate::model::{IntentState, Kind};
use crate::sim::billcom::random::Random;
use crate::sim::billcom::{Fault as BillComFault, Organization};
use crate::sim::connector::{Ending, When, run_together};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// Rounds towards Bill.com in a row: a bound, many times what a world needs.
const ROUNDS_MAX: usize = 60;

impl World {
    /// All that was planned happens.
    pub(super) fn live(&mut self) {
        let mut started = false;
        for event in self.plan.events.clone() {
            if !started && event.after > TimeDelta::zero() {
                self.start();
                started = true;
            }
            self.office.clocks.advance_to(self.plan.begins + event.after + self.standing.later);
            self.happen(event);
            if !self.is_sound() {
                return;
            }
        }
        if !started {
            self.start();
        }
    }

    /// The first readings show the owner a plan; nothing is written before he starts it.
    fn start(&mut self) {
        let mut random = Random::new(self.plan.seed ^ 0x0BE6);
        if random.chance(300) {
            self.rounds();
            let mut update = self.office.connector.begin_update();
            while self.office.step(&mut update) {}
            self.after_update(&update.into_report());
            let changes = ["Crud/Create", "Crud/Update", "Crud/Delete", "Bulk/", "Record", "SetBankBalance"];
            let calls: usize = changes.iter().map(|call| self.office.organization().calls_to(call)).sum();
            if calls > 0 {
                self.findings.add("preview", format!("{calls} calls changed Bill.com before the owner started"));
            }
        }
        self.office.tell("owner", "starts the company");
        let started = self.office.engine().start(&self.office.company, "the owner");
        if let Err(error) = started {
            self.findings.add("sound", format!("the company cannot be started: {error}"));
        }
        if let Some(effects) = self.manner.dies_after {
            self.office.effects.die_after(effects);
        }
        if let Some(commits) = self.manner.refuses_after {
            self.office.effects.refuse_after(commits, 1);
        }
    }

    fn happen(&mut self, event: Event) {
        let mut random = Random::new(event.seed);
        match event.act {
            Act::QuickBooks => self.somebody_at_quickbooks(&mut random),
            Act::BillCom => self.somebody_at_billcom(&mut random),
            Act::Update => self.update(&mut random),
            Act::Round => self.work(&mut random),
            Act::Notices => self.notices(),
            Act::Owner => self.owner(&mut random),
            Act::Mishap(fault) => self.mishap(fault, &mut random),
        }
    }

    fn somebody_at_quickbooks(&mut self, random: &mut Random) {
        // Nobody of ours works in another company's file.
        if self.standing.ours.is_some() {
            return;
        }
        if let Some(told) = self.at_quickbooks(random, |person| person.act()) {
            self.office.tell("quickbooks", &told);
        }
    }

    fn somebody_at_billcom(&mut self, random: &mut Random) {
        if let Some(told) = self.at_billcom(random, |person| person.act()) {
            self.office.tell("billcom", &told);
        }
    }

    /// The Web Connector comes by.
    fn update(&mut self, random: &mut Random) {
        if self.standing.away_until.is_some_and(|until| self.office.clocks.now() < until) {
            self.mark(Fault::ConnectorAway);
            return;
        }
        self.plan_faults_of_session(random);
        if self.plan.has(Fault::TwoConnectors) && faults::strikes(random) {
            self.two_at_once();
        } else {
            self.one_update(random);
        }
        *open(&self.office.onlooker) = None;
        self.after_event();
        self.gets_better();
    }

    fn plan_faults_of_session(&mut self, random: &mut Random) {
        let calls = self.office.connector.calls();
        for fault in self.plan.faults.clone() {
            let Some(way) = fault.on_the_way(random) else { continue };
            if faults::strikes(random) {
                let at = calls + 1 + random.next() % 16;
                self.office.connector.faults.plan(When::Call(at), way);
            }
        }
        self.plan_faults_of_server(random);
        self.plan_onlooker(random);
    }

    /// Somebody changes, or has open, the very record that the next message set changes.
    fn plan_onlooker(&mut self, random: &mut Random) {
        let drawn = [Fault::StaleSequence, Fault::RecordLocked]
            .into_iter()
            .find(|fault| self.plan.has(*fault) && random.chance(700));
        let Some(fault) = drawn.filter(|_| self.standing.ours.is_none()) else { return };
        let (mut own, diary, books) = (Random::new(random.next()), self.diary.clone(), self.office.books.clone());
        let (clocks, transcript) = (self.office.clocks.clone(), self.office.transcript.clone());
        let windows = self.windows.clone();
        let locks = fault == Fault::RecordLocked;
        let mut left = 1_u32;
        *open(&self.office.onlooker) = Some(Box::new(move |request: &str| {
            if left == 0 || !request.contains("ModRq") {
                return;
            }
            let (mut file, mut diary) = (open(&books), open(&diary));
            let now = file.setup.zone.at(clocks.on_quickbooks());
            let mut person =
                super::at_quickbooks::AtQuickBooks { file: &mut file, now, diary: &mut diary, random: &mut own };
            if let Some((window, told)) = person.get_ahead_of(request, locks) {
                left -= 1;
                open(&windows).extend((!window.is_empty()).then_some(window));
                open(&transcript).tell(clocks.now(), "quickbooks", &told);
            }
        }));
    }

    fn plan_faults_of_server(&mut self, random: &mut Random) {
        if self.plan.has(Fault::ServerDies) && faults::strikes(random) {
            self.office.effects.die_after(random.next() % 40);
        }
        if self.plan.has(Fault::CommitFails) && faults::strikes(random) {
            self.office.effects.refuse_after(random.next() % 12, 1);
        }
        if self.plan.has(Fault::DiskFull) && faults::strikes(random) {
            self.office.effects.refuse_after(random.next() % 12, 3 + random.next() % 40);
        }
    }

    fn one_update(&mut self, random: &mut Random) {
        let people = self.plan.has(Fault::PeopleDuringSession);
        let mut update = self.office.connector.begin_update();
        loop {
            let goes_on = self.office.step(&mut update);
            self.bury_the_dead();
            if !goes_on {
                break;
            }
            if people && self.standing.ours.is_none() && random.chance(120) {
                self.somebody_at_quickbooks(random);
                self.mark(Fault::PeopleDuringSession);
            }
        }
        self.after_update(&update.into_report());
    }

    /// Another machine with the same file and password comes by at the same time.
    fn two_at_once(&mut self) {
        let mut second = self.office.second_connector(&self.password);
        second.assume_added();
        second.settings.machine = "OTHER-PC".to_owned();
        second.settings.calls_max = checks::CALLS_MAX;
        let clock = super::clock::OfficeClock(self.office.clocks.clone());
        let (one, two) = {
            let office = &mut self.office;
            let (first, books) = (&mut office.connector, &office.books);
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(run_together(first, &mut second, books, &clock))
        };
        self.bury_the_dead();
        if one.count("sendRequestXML") > 0 && two.count("sendRequestXML") > 0 {
            self.mark(Fault::TwoConnectors);
        }
        self.office.tell("connector", &format!("a second machine: {}", two.ending));
        self.note_requests(&mut second, &two);
        self.after_update(&one);
    }

    /// A server that died is started again.
    pub(super) fn bury_the_dead(&mut self) {
        if self.office.effects.is_dead() {
            self.mark(Fault::ServerDies);
            self.office.tell("server", "dies and is started again");
            self.office.restart();
        }
    }

    fn note_requests(&mut self, connector: &mut OfficeConnector, report: &crate::sim::connector::UpdateReport) {
        let requests = std::mem::take(&mut connector.requests);
        self.watch.update(report, &requests, &mut connector.violations, &mut self.findings);
    }

    pub(super) fn after_update(&mut self, report: &crate::sim::connector::UpdateReport) {
        let text = format!("{} calls, {} requests, {}", report.calls.len(), report.requests, report.ending);
        self.office.tell("connector", &text);
        self.standing.met |= report.ending == Ending::Done && self.standing.ours.is_none();
        let fired = std::mem::take(&mut self.office.connector.faults.fired);
        self.office.connector.faults.clear();
        fired.iter().filter_map(Fault::of_the_way).for_each(|fault| self.mark(fault));
        let requests = std::mem::take(&mut self.office.connector.requests);
        if self.plan.has(Fault::IdsOnly) && requests.iter().any(|request| request.contains("oldMessageSetID")) {
            self.mark(Fault::IdsOnly);
        }
        let violations = &mut self.office.connector.violations;
        self.watch.update(report, &requests, violations, &mut self.findings);
        match &report.ending {
            Ending::NotOpened(hresult) => {
                let fault = fault_of(hresult);
                fault.into_iter().for_each(|fault| self.mark(fault));
            }
            Ending::InvalidUser if self.standing.wrong_password => {
                self.mark(Fault::WrongPassword);
                self.type_password_in();
            }
            _ if self.standing.ours.is_some() => self.mark(Fault::FileReplaced),
            _ => {}
        }
        let statuses = std::mem::take(&mut *open(&self.office.statuses));
        for (code, count) in statuses {
            Fault::of_status(code).into_iter().for_each(|fault| self.mark_so_often(fault, count));
        }
        let summer = self.office.wall_clock().daylight;
        if self.standing.summer.replace(summer).is_some_and(|before| before != summer) {
            self.mark(Fault::SummerTime);
        }
    }

    pub(super) fn type_password_in(&mut self) {
        let password = self.password.clone();
        self.office.connector.set_password(&password);
        self.standing.wrong_password = false;
    }

    /// The server works towards Bill.com, with what goes wrong there.
    fn work(&mut self, random: &mut Random) {
        for fault in self.plan.faults.clone() {
            let Some((on, kind)) = fault.in_billcom(random) else { continue };
            let skip = u32::try_from(random.below(12)).unwrap_or(0);
            if faults::strikes(random) {
                self.office.organization().hazards.add(BillComFault { on, skip, kind });
            }
        }
        self.plan_people_during_reading(random);
        self.plan_faults_of_server(random);
        self.rounds();
        let injected: Vec<_> = {
            let mut organization = self.office.organization();
            organization.hazards.calm();
            organization.hazards.take_injected()
        };
        injected.into_iter().filter_map(|(_, kind)| Fault::of_billcom(kind)).for_each(|fault| self.mark(fault));
        self.after_event();
    }

    fn plan_people_during_reading(&mut self, random: &mut Random) {
        for fault in [Fault::PeopleDuringReading, Fault::MergeDuringReading] {
            if !self.plan.has(fault) || !random.chance(700) {
                continue;
            }
            let (mut own, diary) = (Random::new(random.next()), self.diary.clone());
            let transcript = self.office.transcript.clone();
            let meanwhile = self.meanwhile.clone();
            let act: Between = Box::new(move |organization: &mut Organization, now: DateTime<Utc>| {
                let mut diary = open(&diary);
                let mut person =
                    super::at_billcom::AtBillCom { organization, now, diary: &mut diary, random: &mut own };
                let told = if fault == Fault::MergeDuringReading { person.merge() } else { person.act() };
                if let Some(told) = told {
                    open(&transcript).tell(now, "billcom", &format!("meanwhile {told}"));
                    open(&meanwhile).push(fault);
                }
            });
            open(&self.office.betweens).push((1 + random.below(14), act));
        }
    }

    /// Rounds until there is nothing to do for now.
    pub(super) fn rounds(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let rest = self.office.round();
            self.bury_the_dead();
            match rest {
                Ok(None) => {}
                Ok(Some(_)) => break,
                Err(error) => {
                    self.office.tell("server", &format!("cannot work: {error}"));
                    break;
                }
            }
            self.office.clocks.advance(TimeDelta::seconds(2));
        }
        open(&self.office.betweens).clear();
        let marks = std::mem::take(&mut *open(&self.meanwhile));
        marks.into_iter().for_each(|fault| self.mark(fault));
    }

    /// Notices that are due arrive, or are lost on the way.
    pub(super) fn notices(&mut self) {
        let now = self.office.clocks.now();
        let deliveries = self.office.organization().deliveries(now);
        let engine = self.office.engine();
        let mut events = BTreeSet::new();
        for delivery in deliveries {
            let heard = engine.hear(&self.office.company, Some(&delivery.signature), &delivery.body);
            let status = match heard {
                Ok(Heard::Genuine) => 200,
                Ok(Heard::NotOurs) => {
                    self.mark(Fault::NoticeForged);
                    200
                }
                Err(_) => 500,
            };
            if !events.insert(delivery.event_id.clone()) {
                self.mark(Fault::NoticeTwice);
            }
            for fault in [Fault::NoticeLate, Fault::NoticesReordered] {
                if self.plan.has(fault) {
                    self.mark(fault);
                }
            }
            self.office.organization().delivered(now, &delivery, Some(status));
        }
        if events.is_empty() && self.plan.has(Fault::NoticeNever) {
            self.mark(Fault::NoticeNever);
        }
    }

    /// The owner presses a button, now and then another one than the best.
    fn owner(&mut self, random: &mut Random) {
        let engine = self.office.engine();
        let Ok(status) = engine.status(&self.office.company) else { return };
        let usable: Vec<_> = status
            .problems
            .iter()
            .flat_map(|problem| problem.actions.iter().map(move |action| (problem, action)))
            .filter(|(_, action)| action.id != "accept_file")
            .collect();
        if usable.is_empty() {
            return;
        }
        let (problem, action) = *random.pick(&usable);
        let Ok(view) = engine.problem(&self.office.company, problem.id) else { return };
        if problem.code == "ambiguous" && tokens_in(&problem.summary).next().is_none() {
            // What every firm has is left for later.
            return;
        }
        if action.id == "link" && !self.looks_the_same(problem, action) {
            return;
        }
        let done = engine.resolve(&self.office.company, problem.id, &action.id, action.with.as_deref(), "the owner");
        if done.is_ok() {
            self.office.tell("owner", &format!("presses {} for: {}", action.id, problem.summary));
            if action.id != "retry" {
                // A payment has no name of its own: the bills that it pays stand among its fields.
                let values = view.fields.iter().flat_map(|field| [&field.quickbooks, &field.billcom]);
                let values: Vec<_> = values.flatten().cloned().collect();
                self.decided(&format!("{} {} {}", problem.summary, view.what_happened, values.join(" ")));
            }
        }
    }

    /// Nobody links two records of which one says something else than the other.
    fn looks_the_same(&self, problem: &ProblemLine, action: &ActionView) -> bool {
        let engine = self.office.engine();
        let effect = engine.preview(&self.office.company, &[problem.id], &action.id, action.with.as_deref());
        let partner = effect.ok().and_then(|effect| effect.partner).unwrap_or_default();
        let named: BTreeSet<_> = tokens_in(&problem.summary).collect();
        tokens_in(&partner).any(|token| named.contains(&token))
    }

    /// The records that a text names are as a person wanted them.
    fn decided(&self, text: &str) {
        let mut diary = open(&self.diary);
        for token in tokens_in(text) {
            for kind in Kind::ALL {
                diary.decide((*kind, token.clone()));
            }
        }
    }

    /// What must hold after every event.
    pub(super) fn after_event(&mut self) {
        let refused = self.office.effects.refused() - self.refused;
        self.refused += refused;
        if refused == 1 {
            self.mark(Fault::CommitFails);
        }
        if refused > 1 {
            self.mark(Fault::DiskFull);
        }
        self.office.effects.revive();
        for fault in
            [Fault::EqualStamps, Fault::BillComClock, Fault::LateLines, Fault::CoarseFilters, Fault::TypesWander]
        {
            if self.plan.has(fault) && !self.marked.contains(&fault) && self.office.organization().calls_to("List") > 0
            {
                self.marked.insert(fault);
                self.mark(fault);
            }
        }
        let engine = self.office.engine();
        let newest =
            engine.history(&self.office.company, None, 1).ok().and_then(|events| events.first().map(|it| it.id));
        let any_live = match engine.status(&self.office.company) {
            Ok(status) => {
                self.watch.status(&status, newest.unwrap_or(0), &mut self.findings);
                let live = |(word, count): (&String, &u64)| {
                    *count > 0 && IntentState::from_word(word).is_some_and(IntentState::is_live)
                };
                status.intents.iter().any(live)
            }
            Err(error) => {
                self.findings.add("sound", format!("no status: {error}"));
                true
            }
        };
        // A plan has a step for each of them, and no other.
        if any_live && let Ok(plan) = engine.plan(&self.office.company) {
            checks::lint(&plan, &mut self.findings);
        }
    }
}

/// The tokens of the records that a text names.
fn tokens_in(text: &str) -> impl Iterator<Item = String> {
    text.split(|sign: char| !sign.is_ascii_alphanumeric())
        .map(super::shelf::token_of)
        .filter(|token| super::shelf::is_token(token))
}
