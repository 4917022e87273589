//! Reading changes while people work: nothing is lost, and few calls are made.

use super::kit::{TestClock, client, organization, shared};
use crate::billcom::{BillCom, ChangeScan, Entity, Now, ScanError, ScanStep, Stamp};
use crate::model::Raw;
use crate::sim::billcom::{BillDraft, FaultKind, KeyUsage, LineDraft, NumberScope, On, SharedOrganization, lock};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Reads a list to its end.
async fn scan(client: &dyn BillCom, mut scan: ChangeScan) -> Result<(Vec<Raw>, Option<Stamp>), ScanError> {
    let mut all = Vec::new();
    loop {
        let page = client.list(&scan.next_query()).await.expect("page");
        match scan.page(page)? {
            ScanStep::More(rows) | ScanStep::Restarted(rows) => all.extend(rows),
            ScanStep::Done { rows, watermark } => {
                all.extend(rows);
                return Ok((all, watermark));
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_shifts_while_it_is_read_loses_nothing() {
    let (organization, clock) = (shared(), TestClock::new());
    for number in 0..40 {
        lock(&organization).person(clock.now()).create_vendor(&format!("V{number}")).expect("vendor");
        clock.advance(TimeDelta::seconds(1));
    }
    let client = client(&organization, &clock);
    for _ in 0..3 {
        lock(&organization).hazards.once(On::List, FaultKind::EditListedRow);
    }
    let (rows, _) = scan(&client, ChangeScan::new(Entity::VENDOR, None).with_page_rows(7)).await.expect("scan");
    let mut names: Vec<String> = rows.iter().filter_map(|row| row.text("name")).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 40);
}

#[tokio::test]
async fn late_lines_are_seen_by_the_next_poll() {
    let (organization, clock) = (shared(), TestClock::new());
    lock(&organization).rules.late_lines = TimeDelta::seconds(8);
    let vendor_id = lock(&organization).person(clock.now()).create_vendor("Acme").expect("vendor");
    let date = clock.now().date_naive();
    let line = LineDraft { cents: 4_200, ..LineDraft::default() };
    let draft = BillDraft { vendor_id, number: "1".to_owned(), date, due: date, lines: vec![line] };
    lock(&organization).person(clock.now()).create_bill(&draft).expect("bill");
    let client = client(&organization, &clock);
    let (early, watermark) = scan(&client, ChangeScan::new(Entity::BILL, None)).await.expect("scan");
    assert_eq!(early[0].rows("billLineItems").expect("lines").len(), 0, "read in between, the bill is incomplete");
    clock.advance(TimeDelta::minutes(15));
    let (late, _) = scan(&client, ChangeScan::new(Entity::BILL, watermark)).await.expect("scan");
    assert_eq!(late[0].rows("billLineItems").expect("lines").len(), 1, "the overlap brings it again");
}

#[tokio::test]
async fn twenty_thousand_bills_take_twenty_one_calls() {
    let (organization, clock) = (shared(), TestClock::new());
    let vendor_id = lock(&organization).person(clock.now()).create_vendor("Acme").expect("vendor");
    lock(&organization).rules.bill_numbers = NumberScope::Unchecked;
    lock(&organization).enter_many_bills(&vendor_id, 20_000, clock.now());
    let client = client(&organization, &clock);
    let (rows, watermark) = scan(&client, ChangeScan::new(Entity::BILL, None)).await.expect("scan");
    assert_eq!(rows.len(), 20_000);
    assert!(lock(&organization).calls_to("List/Bill") <= 21);
    let before = lock(&organization).calls_to("List/Bill");
    scan(&client, ChangeScan::new(Entity::BILL, watermark)).await.expect("scan");
    assert_eq!(lock(&organization).calls_to("List/Bill"), before + 1, "an idle poll is one call");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// People edit between pages, ties come in any order, filters may be coarse: after the edits, one more poll from the
    /// watermark completes the picture, and a full scan finds nothing new.
    #[test]
    fn scans_and_edits_together_miss_nothing(
        seed in any::<u64>(),
        edits in proptest::collection::vec((0_usize..30, 0_i64..200), 1..60),
        coarse in any::<bool>(),
        page_rows in 3_usize..12,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        runtime.block_on(async {
            let clock = TestClock::new();
            let organization: SharedOrganization = Arc::new(Mutex::new(organization(seed, KeyUsage::shared())));
            lock(&organization).rules.unstable_ties = true;
            lock(&organization).rules.coarse_filters = coarse;
            let mut ids = Vec::new();
            for number in 0..30 {
                ids.push(lock(&organization).person(clock.now()).create_vendor(&format!("V{number}")).expect("vendor"));
                clock.advance(TimeDelta::seconds(if number % 3 == 0 { 150 } else { 0 }));
            }
            let client = client(&organization, &clock);
            let mut seen: BTreeMap<String, String> = BTreeMap::new();
            let mut edits = edits.into_iter();
            let mut watermark = None;
            for _ in 0..40 {
                let mut scan = ChangeScan::new(Entity::VENDOR, watermark).with_page_rows(page_rows);
                let idle = edits.len() == 0;
                let end = loop {
                    let rows = client.list(&scan.next_query()).await.expect("page");
                    for (vendor, seconds) in edits.by_ref().take(3) {
                        clock.advance(TimeDelta::seconds(seconds));
                        let phone = json!(clock.now().to_rfc3339());
                        lock(&organization).person(clock.now()).edit("Vendor", &ids[vendor], &[("phone", phone)]).expect("edit");
                    }
                    let step = scan.page(rows);
                    let (rows, end) = match step {
                        Ok(ScanStep::More(rows) | ScanStep::Restarted(rows)) => (rows, None),
                        Ok(ScanStep::Done { rows, watermark }) => (rows, Some(watermark)),
                        Err(ScanError::Restless) => (Vec::new(), Some(watermark)),
                        Err(error) => panic!("{error}"),
                    };
                    for row in rows {
                        seen.insert(row.text("id").expect("id"), row.text("phone").unwrap_or_default());
                    }
                    if let Some(end) = end {
                        break end;
                    }
                };
                watermark = end;
                if idle {
                    break;
                }
            }
            let truth: BTreeMap<String, String> = lock(&organization)
                .vendors()
                .into_iter()
                .map(|vendor| (vendor.id, vendor.fields.get("phone").cloned().unwrap_or_default()))
                .collect();
            assert_eq!(seen, truth);
            assert_eq!(lock(&organization).violations(), []);
        });
    }
}
