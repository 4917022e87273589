//! The sign-in throttle, for people and Web Connectors alike.
//!
//! After 5 failures in a row for one account from one address, that pair is refused for a second, after the next failure
//! for two, and so on up to 15 minutes. While it is refused it is answered at once, the password is not looked at and
//! nothing is counted, so a connector that polls with an old password does not make things worse. The right password
//! from another address always works: no stranger can lock anybody out. A day without a failure forgets everything.
//!
//! Accounts are stored as SHA-256: what was typed as a name may have been a password. An IPv6 address counts by its /64
//! network, because whoever has one address there has all of them.
//!
//! **Invariant:** a check, and a success that has nothing to clear, only read. The table has at most [`ROWS_MAX`] rows.

use super::{ServerStore, from_ms, to_ms};
use crate::store::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// Failures in a row before anything is refused.
const FAILURES_FREE: u32 = 5;
/// The first pause; each further failure doubles it.
const PAUSE: TimeDelta = TimeDelta::seconds(1);
/// The longest pause.
const PAUSE_MAX: TimeDelta = TimeDelta::minutes(15);
/// Failures are forgotten this long after the last one.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);
/// Most pairs of account and address that are remembered; then those go first that failed least and longest ago.
const ROWS_MAX: i64 = 10_000;
/// Longest address text kept: an IPv6 network, or whatever a proxy says instead.
const ADDRESS_CHARS_MAX: usize = 64;

impl ServerStore {
    /// Until when this account is refused from this address; none when it may try now.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn throttle_check(
        &self,
        account: &str,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row = find(&self.sql(), &key(account), &network(address))?;
        row.filter(|row| row.refuses(to_ms(now))).map(|row| from_ms(row.refused_until)).transpose()
    }

    /// Counts a failure. Gives until when the pair is refused now, if it is.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn throttle_failed(
        &self,
        account: &str,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let (account, address) = (key(account), network(address));
        let failures = self.transact(|sql| {
            sql.prepare_cached("DELETE FROM throttle WHERE last_failed_at < ?1")?
                .execute([to_ms(now - FORGOTTEN_AFTER)])?;
            let failures = find(sql, &account, &address)?.map_or(0, |row| row.failures).saturating_add(1);
            let refused_until = now + pause_after(failures).unwrap_or_default();
            sql.prepare_cached(
                "INSERT INTO throttle (account, address, failures, last_failed_at, refused_until)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (account, address) DO UPDATE SET failures = excluded.failures,
                   last_failed_at = excluded.last_failed_at, refused_until = excluded.refused_until",
            )?
            .execute(params![account, address, failures, to_ms(now), to_ms(refused_until)])?;
            make_room(sql, &account, &address)?;
            Ok(failures)
        })?;
        Ok(pause_after(failures).map(|pause| now + pause))
    }

    /// Forgets the failures of this account from this address. Writes only when there are any.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or written.
    pub fn throttle_succeeded(&self, account: &str, address: &str) -> Result<(), StoreError> {
        let (account, address) = (key(account), network(address));
        let sql = self.sql();
        if find(&sql, &account, &address)?.is_some() {
            sql.execute("DELETE FROM throttle WHERE account = ?1 AND address = ?2", params![account, address])?;
        }
        Ok(())
    }
}

/// How long a pair is refused after so many failures in a row.
fn pause_after(failures: u32) -> Option<TimeDelta> {
    let doublings = failures.checked_sub(FAILURES_FREE)?;
    // Beyond ten doublings the longest pause is reached; the bound keeps the shift small.
    Some((PAUSE * (1 << doublings.min(10))).min(PAUSE_MAX))
}

struct Row {
    failures: u32,
    last_failed_at: i64,
    refused_until: i64,
}

impl Row {
    /// A clock that was set back must not refuse anybody for longer than the pause was meant to be.
    const fn refuses(&self, now: i64) -> bool {
        self.last_failed_at <= now && now < self.refused_until
    }
}

fn find(sql: &Connection, account: &[u8; 32], address: &str) -> Result<Option<Row>, StoreError> {
    let mut statement = sql.prepare_cached(
        "SELECT failures, last_failed_at, refused_until FROM throttle WHERE account = ?1 AND address = ?2",
    )?;
    let row = statement.query_row(params![account, address], |row| {
        Ok(Row { failures: row.get(0)?, last_failed_at: row.get(1)?, refused_until: row.get(2)? })
    });
    Ok(row.optional()?)
}

/// Keeps the table bounded; the pair that just failed stays.
fn make_room(sql: &Connection, account: &[u8; 32], address: &str) -> Result<(), StoreError> {
    let rows: i64 = sql.prepare_cached("SELECT count(*) FROM throttle")?.query_row((), |row| row.get(0))?;
    if rows > ROWS_MAX {
        sql.prepare_cached(
            "DELETE FROM throttle WHERE (account, address) IN
               (SELECT account, address FROM throttle WHERE NOT (account = ?1 AND address = ?2)
                ORDER BY failures, last_failed_at LIMIT ?3)",
        )?
        .execute(params![account, address, rows - ROWS_MAX])?;
    }
    Ok(())
}

fn key(account: &str) -> [u8; 32] {
    Sha256::digest(account.as_bytes()).into()
}

/// What counts as one address.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => address.chars().take(ADDRESS_CHARS_MAX).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    fn start() -> DateTime<Utc> {
        Utc.timestamp_millis_opt(1_764_000_000_000).single().expect("time")
    }

    fn store() -> ServerStore {
        ServerStore::in_memory().expect("store")
    }

    #[test]
    fn pauses_double_from_a_second_to_a_quarter_of_an_hour() {
        let seconds: Vec<_> = (0..18).map(|failures| pause_after(failures).map(|pause| pause.num_seconds())).collect();
        let expected = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900].map(Some);
        assert_eq!(seconds[..5], [None; 5]);
        assert_eq!(seconds[5..], expected);
        assert_eq!(pause_after(u32::MAX), Some(PAUSE_MAX));
    }

    #[test]
    fn a_pair_is_refused_after_its_fifth_failure_and_for_longer_each_time() {
        let store = store();
        let mut now = start();
        for _ in 0..4 {
            assert_eq!(store.throttle_failed("ann", "10.0.0.1", now).expect("counted"), None);
            assert_eq!(store.throttle_check("ann", "10.0.0.1", now).expect("checked"), None);
        }
        for pause in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let until = now + TimeDelta::seconds(pause);
            assert_eq!(store.throttle_failed("ann", "10.0.0.1", now).expect("counted"), Some(until));
            assert_eq!(store.throttle_check("ann", "10.0.0.1", now).expect("checked"), Some(until));
            let last = until - TimeDelta::milliseconds(1);
            assert_eq!(store.throttle_check("ann", "10.0.0.1", last).expect("checked"), Some(until));
            assert_eq!(store.throttle_check("ann", "10.0.0.1", until).expect("checked"), None, "after {pause} s");
            now = until;
        }
    }

    #[test]
    fn other_addresses_and_accounts_are_not_refused() {
        let store = store();
        for _ in 0..9 {
            store.throttle_failed("ann", "10.0.0.1", start()).expect("counted");
        }
        assert!(store.throttle_check("ann", "10.0.0.1", start()).expect("checked").is_some());
        for (account, address) in [("ann", "10.0.0.2"), ("bob", "10.0.0.1"), ("Ann", "10.0.0.1"), ("", "")] {
            assert_eq!(store.throttle_check(account, address, start()).expect("checked"), None, "{account} {address}");
        }
    }

    #[test]
    fn success_clears_its_own_pair_only() {
        let store = store();
        for address in ["10.0.0.1", "10.0.0.2"] {
            for _ in 0..6 {
                store.throttle_failed("ann", address, start()).expect("counted");
            }
        }
        store.throttle_succeeded("ann", "10.0.0.2").expect("cleared");
        assert_eq!(store.throttle_check("ann", "10.0.0.2", start()).expect("checked"), None);
        assert!(store.throttle_check("ann", "10.0.0.1", start()).expect("checked").is_some());
        assert_eq!(store.throttle_failed("ann", "10.0.0.2", start()).expect("counted"), None, "counting begins anew");
    }

    #[test]
    fn checks_and_ordinary_successes_write_nothing() {
        let store = store();
        store.throttle_failed("bob", "10.0.0.9", start()).expect("counted");
        store.sql().pragma_update(None, "query_only", "ON").expect("pragma");
        assert_eq!(store.throttle_check("ann", "10.0.0.1", start()).expect("checked"), None);
        store.throttle_succeeded("ann", "10.0.0.1").expect("nothing to clear");
        assert!(store.throttle_succeeded("bob", "10.0.0.9").is_err(), "here there is something to clear");
    }

    #[test]
    fn failures_survive_a_restart_and_are_forgotten_after_a_day() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("server.db");
        for _ in 0..5 {
            ServerStore::open(&path).expect("open").throttle_failed("ann", "10.0.0.1", start()).expect("counted");
        }
        let store = ServerStore::open(&path).expect("open");
        assert!(store.throttle_check("ann", "10.0.0.1", start()).expect("checked").is_some());
        let next_day = start() + FORGOTTEN_AFTER + TimeDelta::seconds(1);
        assert_eq!(store.throttle_failed("ann", "10.0.0.1", next_day).expect("counted"), None);
    }

    #[test]
    fn a_clock_set_back_refuses_nobody() {
        let store = store();
        for _ in 0..20 {
            store.throttle_failed("ann", "10.0.0.1", start()).expect("counted");
        }
        let year_before = start() - TimeDelta::days(365);
        assert_eq!(store.throttle_check("ann", "10.0.0.1", year_before).expect("checked"), None);
    }

    #[test]
    fn the_table_is_bounded_and_keeps_the_persistent_ones() {
        let store = store();
        for _ in 0..6 {
            store.throttle_failed("ann", "10.0.0.1", start()).expect("counted");
        }
        store
            .sql()
            .execute(
                "INSERT INTO throttle (account, address, failures, last_failed_at, refused_until)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                 SELECT CAST(printf('%032d', i) AS BLOB), 'x', 1, ?2, ?2 FROM n",
                params![ROWS_MAX + 50, to_ms(start())],
            )
            .expect("strangers");
        store.throttle_failed("bob", "10.0.0.1", start()).expect("counted");
        let rows: i64 = store.sql().query_row("SELECT count(*) FROM throttle", (), |row| row.get(0)).expect("count");
        assert_eq!(rows, ROWS_MAX);
        assert!(
            store.throttle_check("ann", "10.0.0.1", start()).expect("checked").is_some(),
            "strangers did not push it out"
        );
        assert!(find(&store.sql(), &key("bob"), "10.0.0.1").expect("read").is_some(), "the newest is kept");
    }

    #[test]
    fn addresses_count_by_network_and_are_bounded() {
        for (address, expected) in [
            ("10.0.0.1", "10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
            ("somewhere", "somewhere"),
        ] {
            assert_eq!(network(address), expected);
        }
        assert_eq!(network(&"x".repeat(1000)).len(), ADDRESS_CHARS_MAX);
    }

    #[test]
    fn a_mistyped_password_is_not_stored() {
        let store = store();
        store.throttle_failed("my secret sentence", "10.0.0.1", start()).expect("counted");
        let account: Vec<u8> =
            store.sql().query_row("SELECT account FROM throttle", (), |row| row.get(0)).expect("row");
        assert_eq!(account, Sha256::digest(b"my secret sentence").to_vec());
    }
}
