//! Two machines with the same file for the Web Connector, each on its own timer.

use super::kit::{at_billcom, books};
use crate::harness::{Office, Setup};
use counterfoil::sim::quickbooks::ListKind;

#[test]
fn two_connectors_that_interrupt_each_other_still_come_to_an_end() {
    let office = Office::new(Setup { books: books(), ..Setup::default() });
    {
        let mut books = office.books.lock().expect("books");
        let now = books.setup.zone.at(office.now());
        for number in 0..1_700 {
            books.person(now).add_name(ListKind::Vendor, &format!("Vendor {number:04}")).expect("vendor");
        }
    }
    let password = office.engine().qwc(&office.company, false, true).expect("qwc").password.expect("password");
    let (mut one, mut two) = (office.second_connector(&password), office.second_connector(&password));
    one.add(&office.books).expect("added");
    two.assume_added();
    at_billcom(&office, |person| person.create_vendor("From Bill.com").expect("vendor"));
    office.work();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    // Each begins when the other has had time for a few calls.
    for _ in 0..12 {
        for connector in [&mut one, &mut two] {
            office.clock.advance(chrono::Duration::seconds(30));
            let mut update = connector.begin_update();
            for _ in 0..8 {
                if !runtime.block_on(connector.step(&mut update, &office.books, &office.clock)) {
                    break;
                }
            }
        }
    }
    assert!(office.status().last_quickbooks_read.is_some(), "24 sessions, and QuickBooks was never read");
}
