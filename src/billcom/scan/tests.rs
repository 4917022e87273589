//! A model of a list under edits: whatever people do between two pages, nothing may be lost.

use super::*;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

const BASE: i64 = 1_700_000_000;

fn stamp(second: i64) -> Stamp {
    Stamp::new(chrono::DateTime::from_timestamp(BASE + second, 0).expect("test instant"))
}

/// A list as the other side keeps it: id → second of the last change.
#[derive(Clone, Debug, Default)]
struct Books {
    rows: BTreeMap<u32, i64>,
    /// Changes the order of equal stamps from call to call.
    mood: u32,
}

impl Books {
    fn list(&mut self, query: &ListQuery) -> Vec<Raw> {
        self.mood = self.mood.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let from = query.filters.iter().find(|filter| filter.field == "updatedTime");
        let from = from.map(|filter| Stamp::parse(&filter.value).expect("stamp"));
        let mut rows: Vec<(u32, i64)> = self.rows.iter().map(|(&id, &second)| (id, second)).collect();
        rows.retain(|&(_, second)| from.is_none_or(|from| stamp(second) >= from));
        let by_id = query.sort.iter().any(|(field, _)| *field == "id");
        let mood = self.mood;
        rows.sort_by_key(|&(id, second)| (second, if by_id { id } else { (id ^ mood).wrapping_mul(2_654_435_761) }));
        rows.into_iter().skip(query.start).take(query.max).map(|(id, second)| row(id, second)).collect()
    }
}

fn row(id: u32, second: i64) -> Raw {
    let value = json!({"entity": "Vendor", "id": format!("009{id}"), "updatedTime": stamp(second).to_string()});
    Raw::new(value.as_object().expect("object").clone())
}

/// Id and stamp of each row given out, how the scan ended, and how many calls it took.
type Run = (Vec<(String, Stamp)>, Result<Option<Stamp>, ScanError>, u32);

/// Runs a scan to its end; `between` acts on the books before each page.
fn run(books: &mut Books, mut scan: ChangeScan, mut between: impl FnMut(&mut Books, u32)) -> Run {
    let mut seen = Vec::new();
    let mut calls = 0;
    loop {
        between(books, calls);
        calls += 1;
        let step = match scan.page(books.list(&scan.next_query())) {
            Ok(step) => step,
            Err(error) => return (seen, Err(error), calls),
        };
        let (rows, end) = match step {
            ScanStep::More(rows) | ScanStep::Restarted(rows) => (rows, None),
            ScanStep::Done { rows, watermark } => (rows, Some(watermark)),
        };
        seen.extend(rows.iter().map(|row| (row.text("id").expect("id"), reply::stamp(row).expect("stamp"))));
        if let Some(watermark) = end {
            return (seen, Ok(watermark), calls);
        }
    }
}

#[test]
fn twenty_thousand_rows_take_twenty_one_calls() {
    let mut books = Books { rows: (0..20_000).map(|id| (id, i64::from(id))).collect(), mood: 1 };
    let (seen, watermark, calls) = run(&mut books, ChangeScan::new(Entity::BILL, None), |_, _| {});
    assert_eq!(seen.len(), 20_000);
    assert_eq!(watermark, Ok(Some(stamp(19_999))));
    assert!(calls <= 21, "{calls} calls");
}

#[test]
fn inactive_records_are_asked_for_wherever_there_are_any() {
    for &entity in Entity::ALL {
        let asked = ChangeScan::new(entity, Some(stamp(0))).next_query().data()["filters"].to_string();
        assert_eq!(asked.contains(r#"{"field":"isActive","op":"in","value":"1,2"}"#), entity.has_states(), "{entity}");
        assert_eq!(asked.contains("updatedTime"), entity.has_stamps(), "{entity}");
    }
}

#[test]
fn an_idle_poll_is_one_call_that_re_reads_the_overlap() {
    let mut books = Books { rows: (0..1_000).map(|id| (id, i64::from(id))).collect(), mood: 1 };
    let scan = ChangeScan::new(Entity::VENDOR, Some(stamp(999)));
    let (seen, watermark, calls) = run(&mut books, scan, |_, _| {});
    assert_eq!((seen.len(), watermark, calls), (121, Ok(Some(stamp(999))), 1));
}

#[test]
fn an_empty_list_leaves_the_watermark_where_it_was() {
    let mut books = Books::default();
    let (seen, watermark, _) = run(&mut books, ChangeScan::new(Entity::VENDOR, Some(stamp(5))), |_, _| {});
    assert_eq!((seen.len(), watermark), (0, Ok(Some(stamp(5)))));
    let (_, watermark, _) = run(&mut books, ChangeScan::new(Entity::VENDOR, None), |_, _| {});
    assert_eq!(watermark, Ok(None));
}

#[test]
fn a_row_that_leaves_the_part_already_read_pulls_nothing_out_of_sight() {
    let mut books = Books { rows: (0..20).map(|id| (id, i64::from(id))).collect(), mood: 1 };
    let scan = ChangeScan::new(Entity::VENDOR, None).with_page_rows(5);
    let (seen, watermark, _) = run(&mut books, scan, |books, call| {
        if call == 1 {
            books.rows.insert(0, 50);
        }
    });
    for id in 0..20 {
        assert!(seen.iter().any(|(seen, _)| *seen == format!("009{id}")), "row {id} was lost");
    }
    assert!(seen.contains(&("0090".to_owned(), stamp(0))) && seen.contains(&("0090".to_owned(), stamp(50))));
    assert_eq!(watermark, Ok(Some(stamp(50))));
}

#[test]
fn several_rows_that_leave_at_once_are_noticed() {
    let mut books = Books { rows: (0..20).map(|id| (id, i64::from(id) * 200)).collect(), mood: 1 };
    let scan = ChangeScan::new(Entity::VENDOR, None).with_page_rows(6);
    let (seen, watermark, _) = run(&mut books, scan, |books, call| {
        if call == 1 {
            (0..4).for_each(|id| {
                books.rows.insert(id, 5_000);
            });
        }
    });
    let mut ids: Vec<&String> = seen.iter().map(|(id, _)| id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), watermark), (20, Ok(Some(stamp(5_000)))));
}

#[test]
fn a_bulk_import_within_one_second_is_read_whole() {
    let mut books = Books { rows: (0..50).map(|id| (id, 7)).collect(), mood: 1 };
    books.rows.insert(50, 8);
    let (seen, watermark, _) = run(&mut books, ChangeScan::new(Entity::VENDOR, None).with_page_rows(8), |_, _| {});
    assert_eq!((seen.len(), watermark), (51, Ok(Some(stamp(8)))));
}

#[test]
fn entities_without_stamps_are_read_whole() {
    let terms = |from: usize, to: usize| -> Vec<Raw> {
        let term = |id: usize| json!({"entity": "PaymentTerm", "id": format!("00p{id}")});
        (from..to).map(|id| Raw::new(term(id).as_object().expect("object").clone())).collect()
    };
    let mut scan = ChangeScan::new(Entity::PAYMENT_TERM, Some(stamp(1))).with_page_rows(4);
    assert_eq!(scan.next_query().data(), json!({"start": 0, "max": 4, "nested": true}));
    assert!(matches!(scan.page(terms(0, 4)), Ok(ScanStep::More(rows)) if rows.len() == 4));
    assert_eq!(scan.next_query().start, 3, "one row of overlap");
    let last = scan.page(terms(3, 6)).expect("page");
    assert!(matches!(last, ScanStep::Done { rows, watermark: None } if rows.len() == 2));
}

#[test]
fn a_list_that_never_holds_still_is_given_up() {
    let mut books = Books { rows: (0..40).map(|id| (id, i64::from(id))).collect(), mood: 1 };
    let scan = ChangeScan::new(Entity::VENDOR, None).with_page_rows(3);
    let (_, end, calls) = run(&mut books, scan, |books, call| {
        // Every row is touched between any two calls, so that no overlap is ever found again.
        for (&id, second) in &mut books.rows {
            *second = i64::from(call) * 100 + i64::from(id);
        }
    });
    assert_eq!(end, Err(ScanError::Restless));
    assert!(calls <= 2 * (limits::SCAN_RESTARTS_MAX + 1), "{calls} calls");
}

#[test]
fn rows_without_an_id_or_a_stamp_are_given_out_and_do_no_harm() {
    let mut scan = ChangeScan::new(Entity::VENDOR, None);
    let bad = Raw::new(json!({"entity": "Vendor"}).as_object().expect("object").clone());
    let step = scan.page(vec![bad.clone(), bad, row(1, 3)]).expect("page");
    assert!(matches!(step, ScanStep::Done { rows, watermark } if rows.len() == 3 && watermark == Some(stamp(3))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    /// Random edits before every page, several at once, equal stamps in an order that changes from call to call, small
    /// pages. Stamps are minutes apart, so that the overlap of the next poll cannot make good what a scan has lost: after
    /// the edits stop and one more poll has run, every row has been seen as it now is.
    #[test]
    fn the_union_of_scans_is_the_truth(
        minutes in proptest::collection::vec(0_i64..15, 1..60),
        edits in proptest::collection::vec((0_u32..12, 0_u32..60, 0_i64..2), 0..60),
        page_rows in 3_usize..12,
        mood in any::<u32>(),
    ) {
        let rows = minutes.iter().enumerate().map(|(id, &minute)| (u32::try_from(id).expect("small"), minute * 200)).collect();
        let mut books = Books { rows, mood };
        let mut clock = 15 * 200;
        let mut latest: BTreeMap<String, Stamp> = BTreeMap::new();
        let mut watermark = None;
        for round in 0..3 {
            let scan = ChangeScan::new(Entity::VENDOR, watermark).with_page_rows(page_rows);
            let (seen, end, _) = run(&mut books, scan, |books, call| {
                for &(when, id, later) in edits.iter().filter(|_| round == 0) {
                    if when == call {
                        clock += later * 200;
                        books.rows.insert(id, clock);
                    }
                }
            });
            for (id, stamp) in seen {
                let known = latest.entry(id).or_insert(stamp);
                *known = (*known).max(stamp);
            }
            watermark = end.unwrap_or(watermark);
        }
        let truth: BTreeMap<String, Stamp> =
            books.rows.iter().map(|(id, &second)| (format!("009{id}"), stamp(second))).collect();
        prop_assert_eq!(latest, truth);
    }
}
