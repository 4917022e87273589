//! Two machines with the same `.qwc` file.

use super::first_sync::bills;
use crate::harness::{Office, Setup, day};
use counterfoil::sim::quickbooks;

#[test]
fn two_connectors_at_once_make_nothing_twice() {
    for offset in 0..4 {
        let books = quickbooks::demo(3, day(2026, 3, 2));
        let fill = |organization: &mut _, now| bills(organization, now, 4, 30);
        let mut office = Office::new(Setup { books, fill, ..Setup::default() });
        let password = office.new_password();
        let mut second = office.second_connector(&password);
        office.connector.set_password(&password);
        second.assume_added();
        office.work();
        if offset > 0 {
            office.update();
            for number in 0..offset {
                let now = office.now();
                office.organization().person(now).create_vendor(&format!("Late {number}")).expect("vendor");
            }
            office.clock.advance(chrono::Duration::minutes(20));
            office.work();
        }
        for _ in 0..6 {
            office.together(&mut second);
            office.clock.advance(chrono::Duration::minutes(2));
            office.work();
        }
        let status = office.settle(6);
        assert!(status.problems.is_empty(), "{:#?}", status.problems);
        office.assert_exactly_once(30);
    }
}
