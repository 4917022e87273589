//! The server key of a data folder: which one it is, and how it is replaced.

use super::{EngineError, World};
use crate::secrets::rotation::{self, Rotation};
use crate::secrets::{SealContext, Sealer};
use crate::store::server::ServerStore;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A rotation that was done.
#[derive(Clone, Debug, Serialize)]
pub struct RotatedView {
    /// How many values were sealed anew.
    pub sealed: usize,
    /// The id of the new key; says nothing about the key.
    pub key_id: String,
    /// Where the old key is kept; none when the keys come from outside the data folder.
    pub old_key: Option<PathBuf>,
}

/// Who asks for the key, when it is lost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// A server begins with another one: what needs no secret goes on.
    Server,
    /// A command gives up. Where the server is handed its key from outside, the command may only have been started without it; with
    /// another key of its own making, what it seals would never open.
    Command,
}

/// What seals in a data folder. A rotation that was cut off is brought to its end.
pub(super) fn sealer_of(data: &Path, server: &ServerStore, world: &World, asker: Asker) -> Result<Sealer, EngineError> {
    let sealed_under = server.sealed_under()?;
    rotation::settle(data, sealed_under.as_deref())?;
    if asker == Asker::Command && sealed_under.is_some() && Sealer::existing(data)?.is_none() {
        return Err(EngineError::NoKey);
    }
    let sealer = Sealer::load(data, &mut *world.random())?;
    server.note_key(&sealer.key_id())?;
    if sealed_under.is_some_and(|id| id != sealer.key_id()) {
        // What needs no secret goes on; what does says so where it fails, and a person can set it again.
        tracing::error!("the server key is not the one this data was sealed under; put the right key back");
        return Ok(sealer);
    }
    match server.connector_key()? {
        Some(sealed) => Ok(sealer.with_connectors(&sealed)?),
        None => Ok(sealer),
    }
}

/// Replaces the server key of a data folder on which no server runs, and seals everything anew. A crash at any moment leaves the
/// old key in force, or the new one.
///
/// # Errors
/// [`EngineError`]; the old key is in force then, unless only the renaming of the files failed, which the next start does.
pub fn rotate_key(data: &Path, world: &World) -> Result<RotatedView, EngineError> {
    super::backup::check_interrupted(data)?;
    let server = ServerStore::open(&data.join("server.db"))?;
    let old = sealer_of(data, &server, world, Asker::Command)?;
    let random = &mut *world.random();
    let rotation = Rotation::begin(data, old, random)?;
    let key_id = rotation.sealer().key_id();
    let connectors = rotation.sealer().sealed_connectors(random);
    let sealed = server.reseal(&key_id, &connectors, |table, row, column, sealed| -> Result<_, EngineError> {
        Ok(rotation.reseal(SealContext { table, row, column }, sealed, random)?)
    });
    let sealed = match sealed {
        Ok(sealed) => sealed,
        Err(error) => {
            // Nothing is sealed under it: the next start would undo this too.
            rotation::settle(data, server.sealed_under()?.as_deref())?;
            return Err(error);
        }
    };
    Ok(RotatedView { sealed, key_id, old_key: rotation.finish()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, EngineOptions, NewCompany};
    use crate::store::server::Role;
    use std::fs;

    const SECRETS: [&str; 2] = ["a-token-value-nobody-may-see", "a-developer-key-nobody-may-see"];

    fn open(data: &Path) -> Engine {
        Engine::open(EngineOptions { data: data.to_owned(), ..EngineOptions::default() }, World::real()).expect("opens")
    }

    /// A company; its id and its connector's password.
    fn add(engine: &Engine) -> (String, String) {
        let company = NewCompany {
            name: "Acme".to_owned(),
            billcom_url: "https://billcom.invalid/api/v2".to_owned(),
            billcom_org: "00801".to_owned(),
            billcom_user: "token-name".to_owned(),
            billcom_password: SECRETS[0].to_owned().into(),
            billcom_dev_key: SECRETS[1].to_owned().into(),
            settings: Vec::new(),
            start: true,
        };
        let added = engine.add_company(&company).expect("added");
        (added.id, added.password)
    }

    /// Every byte of a folder, the keys left out.
    fn bytes_of(folder: &Path) -> Vec<u8> {
        let mut all = Vec::new();
        for entry in fs::read_dir(folder).expect("list") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                all.extend(bytes_of(&path));
            } else if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("server.key")) {
                all.extend(fs::read(&path).expect("read"));
            }
        }
        all
    }

    fn signs_in(engine: &Engine, id: &str, password: &str) -> bool {
        let row = engine.row(id).expect("row");
        engine.sealer().is_connector_password(Some(&row.connector_hash), password)
    }

    #[test]
    fn a_stolen_folder_without_its_key_reveals_no_secret() {
        let folder = tempfile::tempdir().expect("folder");
        let engine = open(folder.path());
        let (id, password) = add(&engine);
        engine.set_credentials(&id, None, Some(&"another-token-value".to_owned().into()), None, "test").expect("set");
        let token = crate::secrets::Token::generate(&mut crate::secrets::SystemRandom);
        engine.server().add_api_token(&token.hash(), "test", Role::Owner, engine.now()).expect("kept");
        // The log beside the databases has not been folded in.
        assert!(folder.path().join("server.db-wal").metadata().expect("log").len() > 0);
        let bytes = bytes_of(folder.path());
        let key = fs::read_to_string(folder.path().join("server.key")).expect("key");
        let secrets = [SECRETS[0], SECRETS[1], "another-token-value", &password, token.expose(), key.trim()];
        for secret in secrets {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "a secret lies in clear");
        }
        assert!(bytes.windows(5).any(|window| window == b"00801"), "the folder was not read");
    }

    #[test]
    fn a_command_without_the_key_gives_up_and_a_server_begins_with_another() {
        let folder = tempfile::tempdir().expect("folder");
        drop(open(folder.path()));
        fs::remove_file(folder.path().join("server.key")).expect("taken away");
        let options = EngineOptions { data: folder.path().to_owned(), ..EngineOptions::default() };
        let refused = Engine::open(options.clone(), World::real()).map(drop).expect_err("no key");
        assert!(matches!(refused, EngineError::NoKey) && !folder.path().join("server.key").exists(), "{refused}");
        assert!(matches!(rotate_key(folder.path(), &World::real()), Err(EngineError::NoKey)));
        let listen = Some("127.0.0.1:8080".parse().expect("address"));
        drop(Engine::open(EngineOptions { listen, ..options.clone() }, World::real()).expect("a server"));
        drop(Engine::open(options, World::real()).expect("beside its key"));
    }

    #[test]
    fn after_a_rotation_everything_works_and_the_old_key_opens_nothing() {
        let folder = tempfile::tempdir().expect("folder");
        let (id, password) = add(&open(folder.path()));
        let old = fs::read_to_string(folder.path().join("server.key")).expect("key");
        let rotated = rotate_key(folder.path(), &World::real()).expect("rotated");
        assert_eq!(rotated.sealed, 2);
        let engine = open(folder.path());
        let config = engine.billcom_config(&engine.row(&id).expect("row")).expect("opens");
        assert_eq!(secrecy::ExposeSecret::expose_secret(&config.developer_key), SECRETS[1]);
        assert!(signs_in(&engine, &id, &password));
        drop(engine);
        let again = rotate_key(folder.path(), &World::real()).expect("once more");
        assert_ne!(again.key_id, rotated.key_id);
        assert!(signs_in(&open(folder.path()), &id, &password));
        fs::write(folder.path().join("server.key"), old).expect("put back");
        let engine = open(folder.path());
        assert!(engine.billcom_config(&engine.row(&id).expect("row")).is_err(), "the old key still opens");
    }

    #[test]
    fn a_rotation_cut_off_at_any_step_leaves_a_folder_that_works() {
        for cut in ["before the database", "after the database"] {
            let folder = tempfile::tempdir().expect("folder");
            let (id, password) = add(&open(folder.path()));
            let old = fs::read(folder.path().join("server.key")).expect("key");
            rotate_key(folder.path(), &World::real()).expect("rotated");
            let new = fs::read(folder.path().join("server.key")).expect("key");
            // The files as they stood at that moment.
            if cut == "after the database" {
                fs::write(folder.path().join("server.key"), &old).expect("put back");
                fs::write(folder.path().join("server.key.next"), &new).expect("put back");
            } else {
                let third = crate::secrets::ServerKey::generate(&mut crate::secrets::SystemRandom);
                fs::write(folder.path().join("server.key.next"), format!("{third:?}")).expect("written");
            }
            let engine = open(folder.path());
            assert!(engine.billcom_config(&engine.row(&id).expect("row")).is_ok(), "{cut}");
            assert!(signs_in(&engine, &id, &password), "{cut}");
            assert!(!folder.path().join("server.key.next").exists(), "{cut}");
        }
    }

    #[test]
    fn what_cannot_be_opened_stops_a_rotation_before_it_changes_anything() {
        let folder = tempfile::tempdir().expect("folder");
        let engine = open(folder.path());
        let (id, _) = add(&engine);
        let row = engine.row(&id).expect("row");
        let before = fs::read(folder.path().join("server.key")).expect("key");
        engine.server().set_billcom(&row.id, "u", b"not sealed at all", &row.billcom_dev_key).expect("damaged");
        drop(engine);
        assert!(rotate_key(folder.path(), &World::real()).is_err());
        assert_eq!(fs::read(folder.path().join("server.key")).expect("key"), before);
        assert!(!folder.path().join("server.key.next").exists());
        assert!(open(folder.path()).billcom_config(&row).is_ok());
    }
}
