//! Companies: what is needed to reach Bill.com for them, and to recognise their Web Connector.

use super::{ServerStore, from_ms, to_ms};
use crate::model::CompanyId;
use crate::secrets::ConnectorHash;
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

/// A company that is kept in step.
///
/// Its two secrets are sealed for the very columns they rest in: table `company`, the company's id, columns
/// `billcom_password` and `billcom_dev_key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyRow {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Base of Bill.com's v2 interface, `/api/v2` included.
    pub billcom_url: String,
    /// Id of the organisation.
    pub billcom_org: String,
    /// User name, or the name of a sync token.
    pub billcom_user: String,
    /// Password, or value of the sync token; sealed.
    pub billcom_password: Vec<u8>,
    /// Developer key; sealed.
    pub billcom_dev_key: Vec<u8>,
    /// User name of its Web Connector.
    pub connector_user: String,
    /// Keyed hash of that Web Connector's password.
    pub connector_hash: ConnectorHash,
    /// OwnerID in its `.qwc` file, a GUID as it stands there.
    pub owner_id: String,
    /// FileID in its `.qwc` file, a GUID as it stands there.
    pub file_id: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// One macro instead of a constant, so that whole statements can be put together at compile time.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, billcom_url, billcom_org, billcom_user, billcom_password, billcom_dev_key, connector_user, ",
            "connector_hash, owner_id, file_id, created_at FROM company WHERE removed_at IS NULL ",
            $rest
        )
    };
}

impl ServerStore {
    /// All companies, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn companies(&self) -> Result<Vec<CompanyRow>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(select!("ORDER BY name COLLATE NOCASE, id"))?;
        let rows = statement.query_map((), |row| Ok(read(row)))?;
        rows.map(|row| row?).collect()
    }

    /// The ids of all companies, in the order of their names: cheaper than the companies.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn company_ids(&self) -> Result<Vec<CompanyId>, StoreError> {
        let sql = self.sql();
        let mut statement =
            sql.prepare_cached("SELECT id FROM company WHERE removed_at IS NULL ORDER BY name COLLATE NOCASE, id")?;
        let ids = statement.query_map((), |row| row.get::<_, String>(0))?;
        ids.map(|id| CompanyId::new(id?).map_err(|_| StoreError::Broken { what: "company id" })).collect()
    }

    /// A company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn company(&self, id: &CompanyId) -> Result<Option<CompanyRow>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(select!("AND id = ?1"))?;
        statement.query_row([id.as_str()], |row| Ok(read(row))).optional()?.transpose()
    }

    /// The company whose Web Connector has this user name; compared exactly.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn company_by_connector_user(&self, user: &str) -> Result<Option<CompanyRow>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(select!("AND connector_user = ?1"))?;
        statement.query_row([user], |row| Ok(read(row))).optional()?.transpose()
    }

    /// Whether an id cannot be given to a new company. The ids of removed companies stay taken, so that nothing that
    /// still knows one can reach another company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn is_taken(&self, id: &CompanyId) -> Result<bool, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached("SELECT EXISTS (SELECT 1 FROM company WHERE id = ?1)")?;
        Ok(statement.query_row([id.as_str()], |row| row.get(0))?)
    }

    /// Adds a company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written, or when its id or its connector's user name is taken.
    pub fn insert_company(&self, company: &CompanyRow) -> Result<(), StoreError> {
        self.sql().execute(
            "INSERT INTO company (id, name, billcom_url, billcom_org, billcom_user, billcom_password, billcom_dev_key,
               connector_user, connector_hash, owner_id, file_id, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                company.id.as_str(),
                company.name,
                company.billcom_url,
                company.billcom_org,
                company.billcom_user,
                company.billcom_password,
                company.billcom_dev_key,
                company.connector_user,
                company.connector_hash.as_bytes(),
                company.owner_id,
                company.file_id,
                to_ms(company.created_at),
            ],
        )?;
        Ok(())
    }

    /// Gives a company's Web Connector a new password; false when there is no such company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_connector_hash(&self, id: &CompanyId, hash: &ConnectorHash) -> Result<bool, StoreError> {
        let changed = self.sql().execute(
            "UPDATE company SET connector_hash = ?2 WHERE id = ?1 AND removed_at IS NULL",
            params![id.as_str(), hash.as_bytes()],
        )?;
        Ok(changed == 1)
    }

    /// Gives a company new credentials for Bill.com, sealed as in [`CompanyRow`]. False when there is no such company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_billcom(&self, id: &CompanyId, user: &str, password: &[u8], dev_key: &[u8]) -> Result<bool, StoreError> {
        let changed = self.sql().execute(
            "UPDATE company SET billcom_user = ?2, billcom_password = ?3, billcom_dev_key = ?4
             WHERE id = ?1 AND removed_at IS NULL",
            params![id.as_str(), user, password, dev_key],
        )?;
        Ok(changed == 1)
    }

    /// Gives a company's `.qwc` file a fresh pair of ids: the way out of QBWC1039. False when there is no such company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_ids(&self, id: &CompanyId, owner_id: &str, file_id: &str) -> Result<bool, StoreError> {
        let changed = self.sql().execute(
            "UPDATE company SET owner_id = ?2, file_id = ?3 WHERE id = ?1 AND removed_at IS NULL",
            params![id.as_str(), owner_id, file_id],
        )?;
        Ok(changed == 1)
    }

    /// Removes a company and wipes its credentials; its id stays taken. False when there is no such company.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn remove_company(&self, id: &CompanyId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.remove_webhook(id)?;
        let changed = self.sql().execute(
            "UPDATE company SET removed_at = ?2, billcom_password = x'', billcom_dev_key = x'', connector_hash = x''
             WHERE id = ?1 AND removed_at IS NULL",
            params![id.as_str(), to_ms(now)],
        )?;
        Ok(changed == 1)
    }
}

fn read(row: &Row<'_>) -> Result<CompanyRow, StoreError> {
    let broken = |what| StoreError::Broken { what };
    Ok(CompanyRow {
        id: CompanyId::new(row.get::<_, String>(0)?).map_err(|_| broken("company id"))?,
        name: row.get(1)?,
        billcom_url: row.get(2)?,
        billcom_org: row.get(3)?,
        billcom_user: row.get(4)?,
        billcom_password: row.get(5)?,
        billcom_dev_key: row.get(6)?,
        connector_user: row.get(7)?,
        connector_hash: ConnectorHash::from_bytes(row.get_ref(8)?.as_blob().map_err(|_| broken("connector hash"))?)
            .ok_or_else(|| broken("connector hash"))?,
        owner_id: row.get(9)?,
        file_id: row.get(10)?,
        created_at: from_ms(row.get(11)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    fn now() -> DateTime<Utc> {
        Utc.timestamp_millis_opt(1_764_000_000_123).single().expect("time")
    }

    fn company(id: &str, name: &str) -> CompanyRow {
        CompanyRow {
            id: CompanyId::new(id).expect("id"),
            name: name.to_owned(),
            billcom_url: "https://api.example/api/v2".to_owned(),
            billcom_org: "008AAA".to_owned(),
            billcom_user: "sync token".to_owned(),
            billcom_password: b"sealed-password".to_vec(),
            billcom_dev_key: b"sealed-dev-key".to_vec(),
            connector_user: format!("counterfoil-{id}"),
            connector_hash: ConnectorHash::from_bytes(&[7; 32]).expect("32 bytes"),
            owner_id: "{1}".to_owned(),
            file_id: "{2}".to_owned(),
            created_at: now(),
        }
    }

    fn id(text: &str) -> CompanyId {
        CompanyId::new(text).expect("id")
    }

    #[test]
    fn what_is_added_is_found_again_unchanged() {
        let store = ServerStore::in_memory().expect("store");
        let (acme, bolt) = (company("acme", "acme"), company("bolt", "Bolt"));
        store.insert_company(&bolt).expect("added");
        store.insert_company(&acme).expect("added");
        assert_eq!(store.companies().expect("all"), [acme.clone(), bolt.clone()], "in the order of names, not of case");
        assert_eq!(store.company_ids().expect("ids"), [acme.id.clone(), bolt.id.clone()]);
        assert_eq!(store.company(&id("acme")).expect("found"), Some(acme));
        assert_eq!(store.company_by_connector_user("counterfoil-bolt").expect("found"), Some(bolt));
        assert_eq!(store.company(&id("acm")).expect("no company"), None);
        for stranger in ["", "COUNTERFOIL-BOLT", "counterfoil-bolt ", "' OR 1=1 --", "\0"] {
            assert_eq!(store.company_by_connector_user(stranger).expect("no company"), None, "{stranger:?}");
        }
    }

    #[test]
    fn a_taken_id_or_user_is_refused() {
        let store = ServerStore::in_memory().expect("store");
        assert!(!store.is_taken(&id("acme")).expect("free"));
        store.insert_company(&company("acme", "A")).expect("added");
        assert!(store.is_taken(&id("acme")).expect("taken"));
        assert!(store.insert_company(&company("acme", "Another")).is_err());
        let same_user = CompanyRow { connector_user: "counterfoil-acme".to_owned(), ..company("acme-2", "A") };
        assert!(store.insert_company(&same_user).is_err());
        assert_eq!(store.companies().expect("all"), [company("acme", "A")]);
    }

    #[test]
    fn secrets_and_ids_are_replaced() {
        let store = ServerStore::in_memory().expect("store");
        let acme = company("acme", "A");
        store.insert_company(&acme).expect("added");
        let hash = ConnectorHash::from_bytes(&[9; 32]).expect("32 bytes");
        assert!(store.set_connector_hash(&acme.id, &hash).expect("set"));
        assert!(store.set_ids(&acme.id, "{3}", "{4}").expect("set"));
        let (owner_id, file_id) = ("{3}".to_owned(), "{4}".to_owned());
        let expected = CompanyRow { connector_hash: hash.clone(), owner_id, file_id, ..acme };
        assert_eq!(store.company(&id("acme")).expect("found"), Some(expected));
        assert!(!store.set_connector_hash(&id("nobody"), &hash).expect("nobody"));
        assert!(!store.set_ids(&id("nobody"), "", "").expect("nobody"));
    }

    #[test]
    fn a_removed_company_is_gone_with_its_secrets_but_its_id_stays_taken() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("server.db");
        let store = ServerStore::open(&path).expect("store");
        let acme = company("acme", "A");
        store.insert_company(&acme).expect("added");
        assert!(store.remove_company(&acme.id, now()).expect("removed"));
        assert!(!store.remove_company(&acme.id, now()).expect("already gone"));
        assert_eq!(store.company(&acme.id).expect("none"), None);
        assert_eq!(store.company_by_connector_user("counterfoil-acme").expect("none"), None);
        assert!(store.companies().expect("none").is_empty());
        assert!(store.is_taken(&acme.id).expect("never used again"));
        let heir = CompanyRow { connector_user: acme.connector_user.clone(), ..company("acme-2", "A") };
        store.insert_company(&heir).expect("the user name is free again");
        store.remove_company(&heir.id, now()).expect("removed");
        store.sql().query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).expect("checkpoint");
        let bytes = std::fs::read(&path).expect("read");
        assert!(!bytes.windows(15).any(|window| window == b"sealed-password"), "wiped from the file's pages too");
    }

    #[test]
    fn a_damaged_row_is_an_error_and_not_a_crash() {
        let store = ServerStore::in_memory().expect("store");
        store.insert_company(&company("acme", "A")).expect("added");
        store.sql().execute("UPDATE company SET created_at = 9223372036854775807", ()).expect("damage");
        assert!(matches!(store.company(&id("acme")), Err(StoreError::Broken { what: "time" })));
    }

    #[test]
    fn debug_output_shows_no_hash() {
        assert!(format!("{:?}", company("acme", "A")).contains("ConnectorHash(…)"));
    }
}
