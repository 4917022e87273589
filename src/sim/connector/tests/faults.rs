//! Faults, each shown to have fired.

use super::*;

#[tokio::test]
async fn a_lost_answer_leaves_the_work_done_and_the_server_in_the_dark() {
    let mut office = office(Service::with_work(&[&vendor_add("One"), &vendor_add("Two")]));
    office.connector.faults.plan(When::Request(1), Fault::LoseAnswer);
    let report = office.run().await;
    assert_eq!((report.ending, report.calls.last().map(|call| call.operation)), (Ending::Cut, Some("sendRequestXML")));
    assert_eq!(office.vendors(), ["One"]);
    assert!(office.seen("receiveResponseXML").is_empty());
    let owner = office.connector.qwc.owner_id.clone();
    assert!(office.company.lock().expect("free").company_data(&owner, "AppLock").is_some(), "a crash leaves the lock");
    office.run().await;
    assert_eq!(office.vendors(), ["One", "Two"], "the next update works");
}

#[tokio::test]
async fn a_cut_before_execution_leaves_nothing() {
    let mut office = office(Service::with_work(&[&vendor_add("One")]));
    office.connector.faults.plan(When::Next, Fault::CutBeforeExecution);
    assert_eq!(office.run().await.ending, Ending::Cut);
    assert!(office.vendors().is_empty());
    assert_eq!(office.connector.requests.len(), 1, "the request was given all the same");
}

#[tokio::test]
async fn calls_can_be_delivered_twice() {
    let mut office = office(Service::with_work(&[&vendor_add("One"), &vendor_add("Two"), &vendor_add("Three")]));
    office.connector.faults.plan(When::Next, Fault::ReceiveTwice);
    office.connector.faults.plan(When::Request(1), Fault::SendTwice);
    office.connector.faults.plan(When::Next, Fault::ReceiveAfterClose);
    let report = office.run().await;
    let received = office.seen("receiveResponseXML");
    assert_eq!(received[0], received[1], "the same answer again");
    assert_eq!(report.count("sendRequestXML"), 3, "the second one twice");
    assert_eq!(report.operations().last(), Some(&"receiveResponseXML"), "late");
    assert_eq!(office.vendors(), ["One", "Three"], "the answer to the first delivery was lost");
    assert_eq!(office.connector.faults.fired.len(), 3);
}

#[tokio::test]
async fn answers_can_be_damaged_or_replaced() {
    let add = |name: &str| vendor_add(name);
    let mut office = office(Service::with_work(&[&add("1"), &add("2"), &add("3"), &add("4")]));
    let crash = HResult::new(0x8004_0402, "Unexpected error.");
    office.connector.faults.plan(When::Request(1), Fault::Truncate(50));
    office.connector.faults.plan(When::Request(2), Fault::Garble);
    office.connector.faults.plan(When::Request(3), Fault::HResultInstead(crash.clone()));
    office.connector.faults.plan(When::Request(4), Fault::HResultAfter(crash));
    office.run().await;
    let received = office.seen("receiveResponseXML");
    for damaged in &received[..2] {
        assert!(parse(damaged.text_of("response").expect("there")).is_err(), "damaged");
    }
    for failed in &received[2..] {
        assert_eq!((failed.text_of("hresult"), failed.text_of("response")), (Some("0x80040402"), Some("")));
    }
    assert_eq!(office.vendors(), ["1", "2", "4"], "the third was not executed");
}

#[tokio::test]
async fn a_session_can_be_cut_after_or_during_every_call() {
    for (fault, number) in (1..=8).flat_map(|n| [(Fault::CutAfterCall, n), (Fault::CutDuringCall, n)]) {
        let mut office = office(Service::with_work(&[&vendor_add("One"), &vendor_add("Two")]));
        office.connector.faults.plan(When::Call(number), fault.clone());
        let report = office.run().await;
        assert_eq!((report.ending, report.calls.len()), (Ending::Cut, usize::try_from(number).expect("small")));
        assert_eq!(office.connector.faults.fired, [fault]);
    }
}

#[tokio::test]
async fn opening_can_fail_by_plan() {
    let mut office = office(Service::with_work(&[&vendor_add("One")]));
    office.connector.faults.plan(When::Next, Fault::CannotOpen(HResult::cannot_start()));
    let report = office.run().await;
    assert_eq!(report.ending, Ending::NotOpened(HResult::cannot_start()));
    assert_eq!(office.run().await.ending, Ending::Done);
}

#[tokio::test]
async fn two_connectors_run_in_turns() {
    let requests = ["One", "Two", "Three", "Four"].map(vendor_add);
    let service = Service::with_work(&requests.each_ref().map(String::as_str));
    let mut first = office(Arc::clone(&service));
    let mut second = office(service);
    second.connector.settings.machine = "OTHER-PC".to_owned();
    let company = Arc::clone(&first.company);
    let (one, two) = run_together(&mut first.connector, &mut second.connector, &company, &first.clock).await;
    assert_eq!((one.requests, two.requests), (2, 2));
    assert_eq!(first.vendors().len(), 4);
    assert!(second.vendors().is_empty(), "both worked on one file");
}

#[tokio::test]
async fn an_endless_server_is_stopped() {
    let mut office = office(Service::with_work(&[]));
    office.connector.settings.calls_max = 50;
    for _ in 0..100 {
        office.script("sendRequestXML", "");
        office.script("getLastError", "NoOp");
    }
    assert_eq!(office.run().await.ending, Ending::Endless);
}
