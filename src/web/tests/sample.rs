//! View models with everything in them, and every text hostile.

use super::HOSTILE_NAME;
use crate::engine::{
    ActionView, AmountsView, BalanceView, CalendarView, ChangeView, CheckView, CompanyView, CompareCell, CompareColumn,
    CompareRow, CompareView, DayView, DifferenceView, EffectView, EventView, ExchangeTextView, ExchangeView,
    ExpectedView, FieldView, ForecastDayView, GroupView, IntentView, KindView, LedgerLineView, LedgersView,
    LeftOutView, MemberView, MovingView, PlanGroupView, PlanPageView, PlanStepsView, ProblemLine, ProblemView,
    ProgressView, RecordFieldView, RecordLine, RecordRef, RecordView, RecordsView, SendView, SeriesView, SessionView,
    StateWord, StepView, Suggestions, SummaryView, TranscriptView, WaitingView, WhereView,
};
use std::collections::BTreeMap;

const NOON: &str = "2026-11-22T12:00:00Z";

fn hostile() -> String {
    HOSTILE_NAME.to_owned()
}

pub(in crate::web) fn summary() -> SummaryView {
    SummaryView {
        company: "acme".to_owned(),
        name: hostile(),
        state: StateWord::NeedsYou,
        state_reason: hostile(),
        who: hostile(),
        mode: "running".to_owned(),
        last_contact: Some(NOON.to_owned()),
        next_contact: Some("2026-11-22T12:15:00Z".to_owned()),
        every_minutes: 15,
        silent: true,
        quiet: true,
        sync_wanted: true,
        last_billcom_read: Some(NOON.to_owned()),
        last_quickbooks_read: None,
        problems: 2,
        to_quickbooks: 3,
        to_billcom: 4,
    }
}

pub(super) fn group(members: usize) -> GroupView {
    let member = |id| MemberView { id, summary: hostile(), record: Some(record_ref()), opened_at: NOON.to_owned() };
    GroupView {
        key: "0123456789abcdef".to_owned(),
        code: "ambiguous".to_owned(),
        kind: Some("vendor".to_owned()),
        title: hostile(),
        members: (1..).take(members).map(member).collect(),
        actions: vec![ActionView { id: "skip".to_owned(), label: hostile(), with: None }],
    }
}

pub(super) fn record_ref() -> RecordRef {
    RecordRef { side: "billcom".to_owned(), kind: "vendor".to_owned(), id: hostile() }
}

pub(super) fn line(id: i64) -> ProblemLine {
    let action = ActionView { id: "link".to_owned(), label: hostile(), with: Some(hostile()) };
    ProblemLine { id, code: "ambiguous".to_owned(), summary: hostile(), actions: vec![action] }
}

pub(super) fn company() -> CompanyView {
    let days =
        (9..=22).map(|day| DayView { day: format!("2026-11-{day:02}"), to_quickbooks: 9, to_billcom: 2, rejected: 1 });
    CompanyView {
        summary: summary(),
        intents: BTreeMap::from([("waiting".to_owned(), 1_234)]),
        progress: Some(ProgressView {
            percent: 40,
            doing: hostile(),
            started_at: NOON.to_owned(),
            rounds: 2,
            records_read: 500,
            applied: 0,
        }),
        moving: vec![MovingView {
            side: "quickbooks".to_owned(),
            kind: "vendor".to_owned(),
            operation: "create".to_owned(),
            state: "ready".to_owned(),
            count: 3,
        }],
        groups: vec![group(1), group(7)],
        kinds: vec![KindView {
            kind: "vendor".to_owned(),
            title: "vendors".to_owned(),
            linked: 400,
            quickbooks: 401,
            billcom: 402,
            to_quickbooks: 3,
            to_billcom: 4,
            applied: 398,
            problems: 2,
        }],
        days: days.collect(),
        sessions: vec![session()],
        events: vec![event()],
        company_file: Some(hostile()),
        app_url: hostile(),
        billcom_user: hostile(),
        user_name: hostile(),
        settings: vec![
            ("start_date".to_owned(), "2026-11-01".to_owned()),
            ("default_item".to_owned(), hostile()),
            ("newer".to_owned(), hostile()),
        ],
    }
}

pub(super) fn event() -> EventView {
    EventView {
        id: 1,
        at: NOON.to_owned(),
        kind: "applied".to_owned(),
        record_kind: Some("vendor".to_owned()),
        record: Some(record_ref()),
        text: hostile(),
    }
}

pub(super) fn problem() -> ProblemView {
    ProblemView {
        line: line(1),
        kind: Some("vendor".to_owned()),
        what_happened: hostile(),
        what_to_do: vec![hostile()],
        technical: Some(hostile()),
        opened_at: NOON.to_owned(),
        fields: vec![FieldView { label: hostile(), quickbooks: Some(hostile()), billcom: None, differs: true }],
        record: Some(record_ref()),
        compare: CompareView {
            columns: vec![
                CompareColumn { side: "billcom".to_owned(), id: hostile(), link: None },
                CompareColumn { side: "quickbooks".to_owned(), id: hostile(), link: Some(hostile()) },
            ],
            rows: vec![CompareRow {
                label: hostile(),
                cells: vec![
                    CompareCell { value: Some(hostile()), differs: false },
                    CompareCell { value: Some(hostile()), differs: true },
                ],
            }],
        },
    }
}

pub(super) fn session() -> SessionView {
    SessionView {
        id: 7,
        started_at: NOON.to_owned(),
        ended_at: Some("2026-11-22T12:00:42Z".to_owned()),
        rounds: 3,
        records_read: 12_000,
        applied: 1,
        outcome: hostile(),
    }
}

fn exchange() -> ExchangeView {
    ExchangeView {
        id: 9,
        purpose: hostile(),
        about: hostile(),
        at: NOON.to_owned(),
        answered_at: None,
        state: hostile(),
        request_bytes: Some(5_000),
        answer_bytes: Some(7_000),
    }
}

pub(super) fn transcript() -> TranscriptView {
    TranscriptView { session: session(), exchanges: vec![exchange()] }
}

pub(super) fn exchange_text() -> ExchangeTextView {
    ExchangeTextView {
        session: session(),
        exchange: exchange(),
        request: hostile().repeat(1_000),
        answer: Some(hostile()),
        is_cut: true,
    }
}

fn step() -> StepView {
    StepView {
        side: "quickbooks".to_owned(),
        kind: "vendor_credit".to_owned(),
        operation: "create".to_owned(),
        record: hostile(),
        reason: hostile(),
    }
}

fn waiting() -> WaitingView {
    WaitingView { side: "quickbooks".to_owned(), kind: "bill".to_owned(), record: hostile(), reason: hostile() }
}

pub(super) fn plan(count: u64) -> PlanPageView {
    let group = PlanGroupView {
        side: "quickbooks".to_owned(),
        kind: "vendor_credit".to_owned(),
        title: "vendor credits".to_owned(),
        going: vec![MovingView {
            side: "quickbooks".to_owned(),
            kind: "vendor_credit".to_owned(),
            operation: "create".to_owned(),
            state: "ready".to_owned(),
            count,
        }],
        count,
        examples: vec![step()],
        waiting_count: 1,
        waiting: vec![waiting()],
    };
    PlanPageView { groups: vec![group], going: [count, 0], linked: 12, deferred: vec![waiting()] }
}

pub(super) fn plan_steps() -> PlanStepsView {
    PlanStepsView { steps: vec![step()], waiting: vec![waiting()], has_more: true }
}

fn change() -> ChangeView {
    ChangeView { label: hostile(), before: Some(hostile()), after: Some(hostile()) }
}

pub(super) fn effect() -> EffectView {
    EffectView {
        action: "link".to_owned(),
        label: hostile(),
        with: Some(hostile()),
        day: Some(hostile()),
        problems: vec![line(1), line(2)],
        meaning: hostile(),
        partner: Some(hostile()),
        sends: vec![SendView {
            side: "quickbooks".to_owned(),
            operation: "update".to_owned(),
            kind: "vendor".to_owned(),
            record: hostile(),
            waits: Some(hostile()),
            changes: vec![change()],
        }],
        worked_out: 1,
        is_held: true,
        records: vec![record_ref()],
    }
}

pub(super) fn records() -> RecordsView {
    let line = RecordLine {
        record: record_ref(),
        title: hostile(),
        kind: "vendor".to_owned(),
        state: hostile(),
        needs_you: true,
        is_pair: false,
    };
    RecordsView { records: vec![line], next: Some(50) }
}

pub(super) fn record() -> RecordView {
    let side = |side: &str| WhereView {
        side: side.to_owned(),
        id: Some(hostile()),
        is_gone: true,
        hold: Some(hostile()),
        is_skipped: true,
        alias: Some(hostile()),
        version: Some(hostile()),
    };
    RecordView {
        record: record_ref(),
        kind: "vendor".to_owned(),
        title: hostile(),
        state: hostile(),
        sides: [side("quickbooks"), side("billcom")],
        is_pair: true,
        fields: vec![RecordFieldView {
            label: hostile(),
            quickbooks: Some(hostile()),
            quickbooks_base: Some(hostile()),
            billcom: None,
            billcom_base: Some(hostile()),
            differs: true,
            is_changed_in_quickbooks: true,
            is_changed_in_billcom: true,
        }],
        number: Some(hostile()),
        date: Some(hostile()),
        name: Some(hostile()),
        amount: Some(hostile()),
        problems: vec![line(1)],
        intents: vec![IntentView {
            side: "quickbooks".to_owned(),
            operation: "update".to_owned(),
            state: "applied".to_owned(),
            reason: hostile(),
            note: Some(hostile()),
            at: NOON.to_owned(),
            attempts: 2,
            changes: vec![change()],
        }],
        events: vec![event()],
    }
}

pub(super) fn suggestions() -> Suggestions {
    Suggestions { accounts: vec![(hostile(), hostile())], items: vec![hostile()] }
}

/// Both ledgers, with one difference.
pub(super) fn ledgers() -> LedgersView {
    let amounts = |equal| AmountsView { quickbooks: "-1234.50".to_owned(), billcom: "0.00".to_owned(), equal };
    let line = |kind: &str, equal| LedgerLineView {
        kind: kind.to_owned(),
        name: hostile(),
        documents: 3,
        amounts: amounts(equal),
    };
    let difference = DifferenceView {
        kind: "bill".to_owned(),
        record: hostile(),
        quickbooks: "-1234.50".to_owned(),
        billcom: "0.00".to_owned(),
        difference: "-1234.50".to_owned(),
        cause: Some(hostile()),
        problem: Some(7),
        found: Some(record_ref()),
    };
    LedgersView {
        check: CheckView { company: "acme".to_owned(), equal: false, differences: vec![difference] },
        kinds: vec![line("bill", true)],
        parties: vec![line("vendor", false), line("customer", true)],
        clearing: vec![line("account", false)],
        left_out: vec![LeftOutView { kind: "bills".to_owned(), documents: 2, amounts: amounts(false) }],
    }
}

/// Two weeks of a calendar, with two accounts, of which one falls below zero.
pub(super) fn calendar() -> CalendarView {
    let day = |number: u32, below_zero| ForecastDayView {
        day: format!("2026-{:02}-{:02}", 11 + (number - 1) / 30, (number - 1) % 30 + 1),
        money_in: "0.00".to_owned(),
        money_out: if number == 25 { "1500.00".to_owned() } else { "0.00".to_owned() },
        balance: if below_zero { "-300.00".to_owned() } else { "1200.00".to_owned() },
        below_zero,
    };
    let evening = |number: u32| BalanceView {
        day: format!("2026-11-{number:02}"),
        balance: "1200.00".to_owned(),
        below_zero: false,
    };
    let series = |account: Option<&str>| SeriesView {
        account: account.map(str::to_owned),
        name: hostile(),
        balance: "1200.00".to_owned(),
        lowest: BalanceView { day: "2026-11-25".to_owned(), balance: "-300.00".to_owned(), below_zero: true },
        history: (8..22).map(evening).collect(),
        days: (22..36).map(|number| day(number, number >= 25)).collect(),
    };
    let due = |day: &str, overdue: bool, approved: bool| ExpectedView {
        kind: "bill".to_owned(),
        title: Some(hostile()),
        party: Some(hostile()),
        due: day.to_owned(),
        counted_on: approved.then(|| if overdue { "2026-11-22".to_owned() } else { day.to_owned() }),
        overdue,
        amount: "-1500.00".to_owned(),
        account: Some("80000001".to_owned()),
        approved,
        record: Some(record_ref()),
    };
    CalendarView {
        company: "acme".to_owned(),
        today: "2026-11-22".to_owned(),
        counts_unapproved: true,
        unapproved_bills: 1,
        unapproved: "-1500.00".to_owned(),
        accounts: vec![series(None), series(Some("80000001")), series(Some("80000002"))],
        expected: vec![due("2026-11-19", true, true), due("2026-11-25", false, true), due("2026-11-26", false, false)],
        more_expected: 0,
    }
}
