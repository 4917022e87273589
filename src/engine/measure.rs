//! A company with very much in it, for measurements.

use super::Engine;
use crate::model::{Action, ActionId};
use crate::model::{
    Fields, Kind, Life, Mode, Money, NativeId, Operation, ProblemCode, RecordKey, Side, Sighting, Trouble, Value,
};
use crate::plan::{NewIntent, Transition};
use crate::store::{Fact, StoreError, Tx};
use chrono::{Days, NaiveDate};

/// Records worked on in one transaction.
const CHUNK: usize = 5_000;

/// How much there is to be.
pub(crate) struct Much {
    /// Records, half of them on each side.
    pub(crate) records: usize,
    /// Intents, a tenth of them live.
    pub(crate) intents: usize,
    /// Open problems.
    pub(crate) problems: usize,
}

fn key(side: Side, number: usize) -> RecordKey {
    let id = match side {
        Side::QuickBooks => format!("{number:X}-1234567890"),
        Side::BillCom => format!("00n01{number:015}"),
    };
    RecordKey::new(side, Kind::Bill, NativeId::new(id).expect("an id"))
}

fn sighting(side: Side, number: usize) -> Sighting {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day") + Days::new(number as u64 % 900);
    let cents = i64::try_from(number).expect("small") * 37 + 100;
    let line = Fields::new()
        .with("amount", Value::Money(Money::from_cents(cents)))
        .with("description", Value::Text(format!("Delivery {number}, as agreed, to the yard behind the house")));
    let fields = Fields::new()
        .with("number", Value::Text(format!("INV-{number:06}")))
        .with("date", Value::Date(day))
        .with("amount", Value::Money(Money::from_cents(cents)))
        .with("memo", Value::Text(format!("Ordered by telephone, number {number}")))
        .with("lines", Value::Lines(vec![line.clone(), line]));
    Sighting {
        key: key(side, number),
        version: "1".to_owned(),
        fields,
        life: Life::Alive,
        merged_into: None,
        hold: None,
        mark: None,
        line_ids: Vec::new(),
    }
}

fn problem(number: usize) -> Trouble {
    Trouble::new(
        ProblemCode::QuickBooksRejected,
        format!("Bill INV-{number:06}: cause {}", number % 20),
        "QuickBooks refused it.".to_owned(),
        &["Open the period.", "Then try again."],
        Action::plain_all(&[ActionId::Retry, ActionId::Skip]),
    )
}

impl Engine {
    /// Keeps every company's file open, as the loops of a running server do, until what this gives is dropped.
    pub(crate) fn hold_all(&self) -> impl Sized + use<> {
        let rows = self.shared.server.companies().expect("companies");
        rows.iter().map(|row| self.handle(&row.id).expect("a company")).collect::<Vec<_>>()
    }

    /// Fills a company.
    pub(crate) fn fill(&self, company: &str, much: &Much) {
        let handle = self.company(company).expect("a company");
        let half = much.records / 2;
        let chunks = |count: usize| (0..count.div_ceil(CHUNK)).map(move |at| at * CHUNK..count.min((at + 1) * CHUNK));
        let work = |part: &dyn Fn(&Tx<'_>) -> Result<(), StoreError>| handle.store.transact(part).expect("filled");
        for numbers in chunks(half) {
            work(&|tx| {
                for number in numbers.clone() {
                    self.add_pair(tx, number)?;
                }
                Ok(())
            });
        }
        for numbers in chunks(much.intents) {
            work(&|tx| {
                for number in numbers.clone() {
                    self.add_intent(tx, number % half, number % 10 == 0)?;
                }
                Ok(())
            });
        }
        work(&|tx| {
            for number in 0..much.problems {
                tx.report(&problem(number).about(Some(key(Side::BillCom, number)), None, self.now()), self.now())?;
            }
            for fact in [Fact::QuickBooksReadAt, Fact::BillComReadAt, Fact::LastContact] {
                tx.set_time(fact, self.now())?;
            }
            tx.set_fact(Fact::Mode, Some(Mode::Running.word()))
        });
    }

    fn add_pair(&self, tx: &Tx<'_>, number: usize) -> Result<(), StoreError> {
        let (quickbooks, billcom) = (sighting(Side::QuickBooks, number), sighting(Side::BillCom, number));
        tx.see(&quickbooks, self.now())?;
        tx.see(&billcom, self.now())?;
        let pair = Transition::Pair {
            kind: Kind::Bill,
            quickbooks_id: quickbooks.key.id.clone(),
            billcom_id: billcom.key.id.clone(),
            quickbooks_base: quickbooks.fields,
            billcom_base: billcom.fields,
            unseen_version: None,
        };
        let planned = [pair, Transition::Planned(quickbooks.key), Transition::Planned(billcom.key)];
        self.commit(tx, &planned, self.now())
    }

    fn add_intent(&self, tx: &Tx<'_>, number: usize, is_live: bool) -> Result<(), StoreError> {
        let source = sighting(Side::BillCom, number);
        let new = NewIntent {
            operation: Operation::Update,
            source: source.key.clone(),
            target_id: Some(key(Side::QuickBooks, number).id),
            fields: source.fields.clone(),
            cleared: Vec::new(),
            source_fields: source.fields,
            needs: Vec::new(),
            reason: "changed in Bill.com".to_owned(),
        };
        self.commit(tx, &[Transition::Propose(Box::new(new))], self.now())?;
        if is_live {
            return Ok(());
        }
        let ids: Vec<_> = tx.live_from(&source.key)?.into_iter().map(|intent| intent.id).collect();
        tx.mark_sent(&ids, self.now())?;
        let target = key(Side::QuickBooks, number).id;
        let apply = |intent| Transition::Apply { intent, target: target.clone() };
        let applied: Vec<_> = ids.into_iter().map(apply).collect();
        self.commit(tx, &applied, self.now())
    }
}
