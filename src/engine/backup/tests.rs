//! Archives, good and bad, and the moments in which a restore can be cut off.

use super::*;
use crate::engine::{EngineOptions, NewCompany, World};
use std::fs;

fn engine(folder: &Path) -> Engine {
    Engine::open(EngineOptions { data: folder.to_owned(), ..EngineOptions::default() }, World::real()).expect("opens")
}

fn add(engine: &Engine, name: &str) -> String {
    let company = NewCompany {
        name: name.to_owned(),
        billcom_url: "https://billcom.invalid/api/v2".to_owned(),
        billcom_org: "00801".to_owned(),
        billcom_user: "token-name".to_owned(),
        billcom_password: "token-value".to_owned().into(),
        billcom_dev_key: "dev-key".to_owned().into(),
        settings: Vec::new(),
        start: true,
    };
    engine.add_company(&company).expect("added").id
}

/// A folder with two companies, and a backup of it.
fn backed_up() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("made");
    let engine = engine(&data);
    let id = add(&engine, "Acme");
    add(&engine, "Beta");
    let file = folder.path().join("backup.tar");
    let made = engine.backup(&file).expect("made");
    assert_eq!((made.companies, made.bytes), (2, fs::metadata(&file).expect("metadata").len()));
    (folder, file, id)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("list")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_one_private_file_and_never_replaces_another() {
    let (folder, file, _) = backed_up();
    assert_eq!(names(folder.path()), ["backup.tar", "data"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).expect("metadata").permissions().mode() & 0o777, 0o600);
    }
    let again = engine(&folder.path().join("data")).backup(&file).expect_err("refused");
    assert!(again.to_string().contains("never replaces"), "{again}");
    let manifest = read_archive(&file, |_, _, _| Ok(())).expect("whole");
    let parts: Vec<_> = manifest.files.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(parts, ["server.db", "companies/acme.db", "companies/beta.db"]);
}

#[test]
fn a_backup_holds_no_key_and_no_secret() {
    let (folder, file, _) = backed_up();
    let bytes = fs::read(&file).expect("read");
    let key = fs::read_to_string(folder.path().join("data").join("server.key")).expect("key");
    for secret in [key.trim(), "token-value", "dev-key"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "a secret is in the backup");
    }
}

#[test]
fn a_restore_keeps_the_old_files_and_distrusts_the_new_ones() {
    let (folder, file, id) = backed_up();
    let data = folder.path().join("data");
    let later = engine(&data);
    let added = add(&later, "Added later");
    drop(later);
    let restored = restore(&file, &data, chrono::Utc::now()).expect("restored");
    assert_eq!(restored.companies, ["acme", "beta"]);
    let kept = restored.kept.expect("kept");
    assert!(kept.join("server.db").is_file() && kept.join("companies").join(format!("{added}.db")).is_file());
    let engine = engine(&data);
    assert!(engine.status(&added).is_err() && !engine.status(&id).expect("status").idle);
    let company = engine.company(&id).expect("company");
    assert!(company.store.read(|tx| tx.awaits_readings()).expect("read"));
    let mut left = names(&data);
    left.retain(|name| !name.starts_with("server.db-"));
    assert_eq!(left, [&kept.file_name().expect("name").to_string_lossy(), "companies", "server.db", "server.key"]);
}

#[test]
fn a_restore_into_an_empty_folder_needs_nothing_but_the_key() {
    let (folder, file, id) = backed_up();
    let other = folder.path().join("other");
    fs::create_dir(&other).expect("made");
    let restored = restore(&file, &other, chrono::Utc::now()).expect("restored");
    assert_eq!(restored.kept, None);
    let key = folder.path().join("data").join("server.key");
    assert_eq!(crate::secrets::Sealer::existing(&other).expect("looked").map(|sealer| sealer.key_id()), None);
    fs::copy(key, other.join("server.key")).expect("copied");
    assert_eq!(crate::secrets::Sealer::existing(&other).expect("key").map(|sealer| sealer.key_id()), restored.key_id);
    assert!(engine(&other).status(&id).is_ok());
}

/// Every byte of an archive counts: what is flipped or cut off is noticed before anything is touched.
#[test]
fn a_damaged_archive_changes_nothing() {
    let (folder, file, _) = backed_up();
    let data = folder.path().join("data");
    let whole = fs::read(&file).expect("read");
    let before = names(&data);
    let damaged = folder.path().join("damaged.tar");
    let mut tries: Vec<Vec<u8>> = (0..40).map(|cut| whole[..whole.len() * cut / 41].to_vec()).collect();
    for place in (0..whole.len()).step_by(whole.len() / 60) {
        // Behind a header's first hundred bytes lies what tar itself checks; behind the end of a file, filling.
        let mut bent = whole.clone();
        bent[place] ^= 0x10;
        tries.push(bent);
    }
    let mut refused = 0;
    for bytes in &tries {
        fs::write(&damaged, bytes).expect("write");
        if restore(&damaged, &folder.path().join("data"), chrono::Utc::now()).is_err() {
            refused += 1;
            assert_eq!(names(&data), before, "something was left behind");
        } else {
            // Only filling was hit: what was restored is what was backed up.
            let again = names(&data);
            let kept = again.iter().find(|name| name.starts_with("before-restore")).expect("kept").clone();
            fs::remove_dir_all(data.join(kept)).expect("removed");
        }
    }
    assert!(refused > 90, "{refused} of {} were refused", tries.len());
}

#[test]
fn a_newer_backup_is_refused_in_words() {
    let (folder, file, _) = backed_up();
    let data = folder.path().join("data");
    let making = tempfile::tempdir().expect("folder");
    fs::create_dir(making.path().join(COMPANIES)).expect("made");
    let mut manifest = read_archive(&file, |_, part, bytes| {
        let mut copy = File::create(making.path().join(&part.name)).expect("made");
        io::copy(bytes, &mut copy).expect("copied");
        Ok(())
    })
    .expect("whole");
    manifest.files[1].form += 1;
    manifest.made_by = "9.9.9".to_owned();
    let newer = folder.path().join("newer.tar");
    write_archive(&newer, making.path(), &manifest).expect("written");
    let error = restore(&newer, &data, chrono::Utc::now()).expect_err("refused").to_string();
    assert!(error.contains("newer version of Counterfoil (9.9.9: companies/acme.db has form"), "{error}");
}

#[test]
fn a_restore_that_was_cut_off_is_not_taken_for_an_empty_folder() {
    let (folder, file, id) = backed_up();
    let data = folder.path().join("data");
    // The old files are aside, the new ones not yet in their place.
    fs::create_dir(data.join("before-restore-1")).expect("made");
    fs::rename(data.join("server.db"), data.join("before-restore-1").join("server.db")).expect("moved");
    fs::write(data.join("restore.pending"), r#"{"archive":"b.tar","kept":"before-restore-1"}"#).expect("written");
    let options = EngineOptions { data: data.clone(), ..EngineOptions::default() };
    let error = Engine::open(options, World::real()).expect_err("refused").to_string();
    assert!(error.contains("b.tar was cut off") && error.contains("before-restore-1"), "{error}");
    restore(&file, &data, chrono::Utc::now()).expect("the same once more");
    assert!(engine(&data).status(&id).is_ok());
}

#[test]
fn nightly_backups_are_kept_up_to_their_number() {
    let folder = tempfile::tempdir().expect("folder");
    let options = EngineOptions { data: folder.path().to_owned(), backups_kept: Some(2), ..EngineOptions::default() };
    let engine = Engine::open(options, World::real()).expect("opens");
    let backups = engine.backup_folder();
    fs::create_dir(&backups).expect("made");
    for day in ["20200101", "20200102", "20200103"] {
        fs::write(backups.join(format!("counterfoil-{day}T020000Z.tar")), "").expect("written");
    }
    engine.keep_backups();
    let kept = names(&backups);
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept[0].contains("20200103"), "{kept:?}");
    assert!(read_archive(&backups.join(&kept[1]), |_, _, _| Ok(())).is_ok());
    engine.keep_backups();
    assert_eq!(names(&backups), kept, "one a night");
}
