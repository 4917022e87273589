//! Things that go wrong at a moment of their own, and how long they last.

use super::at_billcom::AtBillCom;
use super::at_quickbooks::{AtQuickBooks, TwinBill};
use super::diary::Who;
use super::faults::Fault;
use super::office::open;
use super::shelf::{self, Entry, Paper};
use super::{World, words};
use crate::model::{Kind, Side};
use crate::sim::billcom::random::Random;
use crate::sim::quickbooks::{Backup, CompanyFile, Condition, HResult};
use chrono::{DateTime, Days, TimeDelta, Utc};

/// What is wrong at the moment, besides what the machines know themselves.
#[derive(Debug)]
pub(super) struct Standing {
    /// The Web Connector does not come by before this.
    pub(super) away_until: Option<DateTime<Utc>>,
    /// How much later everything happens than it was planned.
    pub(super) later: TimeDelta,
    /// Updates until QuickBooks can be opened again, the window is closed, the books are open.
    pub(super) updates_until_better: u32,
    /// Our company file, while another one lies in its place.
    pub(super) ours: Option<Box<CompanyFile>>,
    /// The books of an earlier moment, as a backup.
    pub(super) backup: Option<Backup>,
    /// The server has seen our company file.
    pub(super) met: bool,
    pub(super) paused: bool,
    pub(super) wrong_password: bool,
    pub(super) winner: Side,
    /// How often QuickBooks is read.
    pub(super) read_interval: TimeDelta,
    /// Whether summer time was in force when the last session began.
    pub(super) summer: Option<bool>,
}

impl Standing {
    pub(super) const fn new() -> Self {
        Self {
            away_until: None,
            later: TimeDelta::zero(),
            updates_until_better: 0,
            ours: None,
            backup: None,
            met: false,
            paused: false,
            wrong_password: false,
            winner: Side::QuickBooks,
            read_interval: TimeDelta::minutes(15),
            summer: None,
        }
    }
}

impl World {
    /// Something goes wrong.
    pub(super) fn mishap(&mut self, fault: Fault, random: &mut Random) {
        let told = match fault {
            Fault::ConnectorAway => self.connector_goes(random),
            Fault::SilentQuarter => self.quarter_passes(),
            Fault::WrongPassword => self.password_changes(),
            Fault::CannotOpen => self.cannot_open(Condition::CannotStart, random),
            Fault::DialogOpen => self.cannot_open(Condition::DialogOpen, random),
            Fault::OtherFileOpen => self.cannot_open(Condition::OtherFileOpen, random),
            Fault::FileReplaced => self.file_is_replaced(random),
            Fault::BackupRestored => self.backup_is_restored(),
            Fault::PeriodClosed => self.period_closes(random),
            Fault::NameTaken => self.name_is_taken(random),
            Fault::QuickBooksClock => self.quickbooks_clock_errs(random),
            Fault::ServerRestarted => self.server_restarts(),
            Fault::ServerClockBack => self.server_clock_errs(random, -1),
            Fault::ServerClockAhead => self.server_clock_errs(random, 1),
            Fault::SettingChanged => self.setting_changes(random),
            Fault::Paused => self.owner_pauses(),
            Fault::SameOnBothSides => self.same_on_both_sides(random),
            _ => None,
        };
        if let Some(told) = told {
            self.office.tell("mishap", &format!("{fault}: {told}"));
        }
    }

    fn connector_goes(&mut self, random: &mut Random) -> Option<String> {
        let days = 1 + i64::try_from(random.below(3)).unwrap_or(0);
        self.standing.away_until = Some(self.office.clocks.now() + TimeDelta::days(days));
        Some(format!("the Web Connector is closed for {days} days"))
    }

    fn quarter_passes(&mut self) -> Option<String> {
        let days = TimeDelta::days(95);
        self.office.clocks.advance(days);
        self.standing.later += days;
        self.mark(Fault::SilentQuarter);
        Some("95 days pass in silence".to_owned())
    }

    fn password_changes(&mut self) -> Option<String> {
        let made = self.office.engine().qwc(&self.office.company, false, true).ok()?;
        self.password = made.password?;
        self.standing.wrong_password = true;
        Some("the owner makes a new password and forgets to type it in".to_owned())
    }

    fn cannot_open(&mut self, condition: Condition, random: &mut Random) -> Option<String> {
        let told = format!("{condition:?}");
        self.office.books().condition = condition;
        self.lasts(random);
        Some(told)
    }

    /// What is wrong lasts for one to three updates.
    fn lasts(&mut self, random: &mut Random) {
        self.standing.updates_until_better = 1 + u32::try_from(random.below(3)).unwrap_or(0);
    }

    fn file_is_replaced(&mut self, random: &mut Random) -> Option<String> {
        // A file that nobody was ever connected to is taken for ours (design section 5), so ours comes first.
        if self.standing.ours.is_some() || !self.standing.met {
            return None;
        }
        let mut other = CompanyFile::new("Somebody Else", random.next());
        let now = other.setup.zone.at(self.office.clocks.now());
        let mut person = other.person(now);
        for (name, kind) in [("Accounts Payable", "AccountsPayable"), ("Checking", "Bank"), ("Other Costs", "Expense")]
        {
            person.add_account(name, kind).ok()?;
        }
        person.add_vendor("Their Vendor").ok()?;
        let ours = std::mem::replace(&mut *self.office.books(), other);
        self.standing.ours = Some(Box::new(ours));
        self.lasts(random);
        Some("another company file lies in the place of ours".to_owned())
    }

    /// Our file is back in its place. Nothing may have been written to the other one.
    pub(super) fn file_is_back(&mut self) {
        let Some(ours) = self.standing.ours.take() else { return };
        let other = std::mem::replace(&mut *self.office.books(), *ours);
        let records = shelf::lists_in_quickbooks(&other);
        let papers = shelf::papers_in_quickbooks(&other, &records);
        if records.len() != 4 || !papers.is_empty() {
            let strange: Vec<&str> = records.iter().map(|entry| entry.token.as_str()).collect();
            self.findings.add("identity", format!("another company's file was written to: {strange:?}"));
        }
        self.office.tell("mishap", "our company file is back in its place");
    }

    /// What a restored backup changes cannot be foretold field by field: QuickBooks says again what it said then.
    fn backup_is_restored(&mut self) -> Option<String> {
        if self.standing.ours.is_some() {
            return None;
        }
        let Some(backup) = self.standing.backup.take() else {
            self.standing.backup = Some(self.office.books().backup());
            return Some("somebody makes a backup".to_owned());
        };
        let now = self.office.wall_clock();
        let (before, papers_before) = self.shelved();
        self.office.books().restore(&backup, now);
        let (after, papers_after) = self.shelved();
        let mut diary = open(&self.diary);
        let changed = before.iter().filter(|entry| !after.contains(entry));
        let names: Vec<Who> = changed.map(|entry| (entry.kind, entry.token.clone())).collect();
        names.into_iter().for_each(|who| diary.confuse(who, "a backup was restored"));
        // What had been deleted meanwhile is there again, and says what the backup says, whatever anybody typed in since.
        let back =
            after.iter().filter(|entry| !before.iter().any(|known| known.kind == entry.kind && known.id == entry.id));
        for entry in back {
            Side::ALL.into_iter().for_each(|side| diary.forget(&(entry.kind, entry.token.clone()), side));
        }
        let papers = papers_before.iter().filter(|paper| !papers_after.contains(paper));
        papers.for_each(|paper| diary.confuse((paper.kind, paper.token.clone()), "a backup was restored"));
        drop(diary);
        self.mark(Fault::BackupRestored);
        Some("the company file is restored from a backup".to_owned())
    }

    fn shelved(&self) -> (Vec<Entry>, Vec<Paper>) {
        let file = self.office.books();
        let lists = shelf::lists_in_quickbooks(&file);
        let papers = shelf::papers_in_quickbooks(&file, &lists);
        (lists, papers)
    }

    pub(super) fn at_quickbooks<T>(&self, random: &mut Random, act: impl FnOnce(&mut AtQuickBooks<'_>) -> T) -> T {
        let now = self.office.wall_clock();
        let mut file = self.office.books();
        let mut diary = open(&self.diary);
        act(&mut AtQuickBooks { file: &mut file, now, diary: &mut diary, random })
    }

    pub(super) fn at_billcom<T>(&self, random: &mut Random, act: impl FnOnce(&mut AtBillCom<'_>) -> T) -> T {
        let now = self.office.clocks.now();
        let mut organization = self.office.organization();
        let mut diary = open(&self.diary);
        act(&mut AtBillCom { organization: &mut organization, now, diary: &mut diary, random })
    }

    fn period_closes(&mut self, random: &mut Random) -> Option<String> {
        let day = self.office.wall_clock().local.date();
        let day = if random.chance(500) { day } else { day.checked_sub_days(Days::new(1))? };
        let now = self.office.wall_clock();
        self.office.books().person(now).set_preferences(|preferences| preferences.closing_date = Some(day));
        self.lasts(random);
        Some(format!("the books are closed up to {day}"))
    }

    fn name_is_taken(&mut self, random: &mut Random) -> Option<String> {
        if self.standing.ours.is_some() {
            return None;
        }
        let name = {
            let mut diary = open(&self.diary);
            words::new_name(&mut diary, random, 'V', Side::QuickBooks)
        };
        self.at_quickbooks(random, |person| person.take_name(&name))?;
        self.at_billcom(random, |person| person.add_named(true, &name))?;
        Some(format!("{name:?} is another name in QuickBooks, and a vendor in Bill.com"))
    }

    fn quickbooks_clock_errs(&mut self, random: &mut Random) -> Option<String> {
        let minutes = i64::try_from(random.below(240)).unwrap_or(0) - 120;
        self.office.clocks.set_quickbooks_error(TimeDelta::minutes(minutes));
        self.mark(Fault::QuickBooksClock);
        Some(format!("the clock of QuickBooks is {minutes} minutes off"))
    }

    fn server_restarts(&mut self) -> Option<String> {
        self.office.restart();
        self.mark(Fault::ServerRestarted);
        Some("the server is restarted".to_owned())
    }

    fn server_clock_errs(&mut self, random: &mut Random, sign: i64) -> Option<String> {
        let minutes = sign * (1 + i64::try_from(random.below(600)).unwrap_or(0));
        self.office.clocks.set_server_error(TimeDelta::minutes(minutes));
        self.mark(if sign < 0 { Fault::ServerClockBack } else { Fault::ServerClockAhead });
        Some(format!("the server's clock is {minutes} minutes off"))
    }

    fn setting_changes(&mut self, random: &mut Random) -> Option<String> {
        let (key, value) = if random.chance(500) {
            let winner = self.standing.winner.other();
            self.standing.winner = winner;
            open(&self.diary).winner_changed = true;
            ("conflict_winner", winner.word().to_owned())
        } else {
            let (value, minutes) = *random.pick(&[("0s", 0), ("15m", 15), ("2h", 120)]);
            self.standing.read_interval = TimeDelta::minutes(minutes);
            ("read_interval", value.to_owned())
        };
        let changes = [(key.to_owned(), value.clone())];
        self.office.engine().set(&self.office.company, &changes, "the owner").ok()?;
        self.mark(Fault::SettingChanged);
        Some(format!("{key} is now {value}"))
    }

    fn owner_pauses(&mut self) -> Option<String> {
        let engine = self.office.engine();
        if self.standing.paused {
            engine.resume(&self.office.company, "the owner").ok()?;
        } else {
            engine.pause(&self.office.company, "the owner").ok()?;
            self.mark(Fault::Paused);
        }
        self.standing.paused = !self.standing.paused;
        Some(if self.standing.paused { "the owner pauses" } else { "the owner goes on" }.to_owned())
    }

    fn same_on_both_sides(&mut self, random: &mut Random) -> Option<String> {
        if self.standing.ours.is_some() {
            return None;
        }
        if random.chance(400) {
            return self.same_bill_on_both_sides(random);
        }
        let vendor = random.chance(600);
        let letter = if vendor { 'V' } else { 'K' };
        let name = {
            let mut diary = open(&self.diary);
            let name = words::new_name(&mut diary, random, letter, Side::QuickBooks);
            diary.twin(&name);
            name
        };
        self.at_quickbooks(random, |person| person.add_named(vendor, &name))?;
        self.at_billcom(random, |person| person.add_named(vendor, &name))?;
        self.mark(Fault::SameOnBothSides);
        Some(format!("{name:?} is entered on both sides"))
    }

    /// Somebody enters a bill into QuickBooks, somebody else into Bill.com.
    fn same_bill_on_both_sides(&mut self, random: &mut Random) -> Option<String> {
        let date = self.office.wall_clock().local.date();
        let vendors = {
            let file = self.office.books();
            shelf::lists_in_quickbooks(&file)
        };
        let there = shelf::lists_in_billcom(&self.office.organization());
        let known = |entry: &&Entry| {
            let twin = |other: &Entry| other.kind == Kind::Vendor && other.token == entry.token && other.active;
            entry.kind == Kind::Vendor && entry.active && shelf::is_token(&entry.token) && there.iter().any(twin)
        };
        let vendors: Vec<&Entry> = vendors.iter().filter(known).collect();
        if vendors.is_empty() {
            return None;
        }
        let vendor = random.pick(&vendors).token.clone();
        let (number, cents) = {
            let mut diary = open(&self.diary);
            let number = words::number(&mut diary, random, 'B');
            diary.twin(&number);
            (number, words::amount(&mut diary, random))
        };
        let bill = TwinBill { vendor: &vendor, number: &number, date, cents };
        self.at_quickbooks(random, |person| person.enter_twin(&bill))?;
        self.at_billcom(random, |person| person.enter_twin(&bill))?;
        self.mark(Fault::SameOnBothSides);
        Some(format!("bill {number} of {vendor} for {cents} is entered on both sides"))
    }

    /// After an update: what was wrong may be over.
    pub(super) fn gets_better(&mut self) {
        if self.standing.updates_until_better == 0 {
            // Nobody has a record open for ever.
            self.close_windows();
            return;
        }
        self.standing.updates_until_better -= 1;
        if self.standing.updates_until_better == 0 {
            self.all_is_well();
        }
    }

    /// QuickBooks can be opened, no window is open, the books are open, our file lies in its place.
    pub(super) fn all_is_well(&mut self) {
        self.file_is_back();
        let now = self.office.wall_clock();
        self.close_windows();
        let mut file = self.office.books();
        file.condition = Condition::Ready;
        file.person(now).set_preferences(|preferences| preferences.closing_date = None);
    }

    fn close_windows(&self) {
        let now = self.office.wall_clock();
        let windows = std::mem::take(&mut *open(&self.windows));
        let mut file = self.office.books();
        let mut person = file.person(now);
        windows.iter().for_each(|id| person.close_window(id));
    }
}

/// The HRESULT of a condition, for marks.
pub(super) fn fault_of(hresult: &HResult) -> Option<Fault> {
    [
        (HResult::cannot_start(), Fault::CannotOpen),
        (HResult::dialog_open(), Fault::DialogOpen),
        (HResult::other_file(), Fault::OtherFileOpen),
    ]
    .into_iter()
    .find(|(known, _)| known.code == hresult.code)
    .map(|(_, fault)| fault)
}
