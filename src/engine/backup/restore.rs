//! Restoring a backup.
//!
//! Everything is verified before anything is touched: the archive against its manifest, each database against itself, its form
//! against what this version knows. Then the files are brought to the newest form and told to distrust themselves
//! ([`crate::store`]), still beside the old ones; only then the old ones are moved aside, and the new ones into their place.
//!
//! Between those two moves the folder has no data for a moment. A note in it ([`PENDING`]) is written before and taken away
//! after, so that a server which is started in that moment refuses instead of beginning with nothing.
//!
//! No server may run on the folder meanwhile; the caller holds its lock.

use super::{
    BackupError, COMPANIES, Manifest, SERVER, flush_folder, io_failed, new_private_file, part_of, read_archive,
};
use crate::model::CompanyId;
use crate::store::CompanyStore;
use crate::store::files::inspect_database;
use crate::store::server::ServerStore;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The note of a restore that is not at its end.
const PENDING: &str = "restore.pending";

/// A restore that was done.
#[derive(Clone, Debug, Serialize)]
pub struct Restored {
    /// When the backup was made; none when the files were in their place already.
    pub made_at: Option<DateTime<Utc>>,
    /// The companies.
    pub companies: Vec<String>,
    /// Where the old files are; none when there were none.
    pub kept: Option<PathBuf>,
    /// Which server key the credentials are sealed under.
    pub key_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Pending {
    archive: PathBuf,
    kept: PathBuf,
}

/// Refuses a data folder whose restore was cut off.
///
/// # Errors
/// [`BackupError::Interrupted`] when it was.
pub fn check_interrupted(data: &Path) -> Result<(), BackupError> {
    let path = data.join(PENDING);
    let text = match std::fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(io_failed(&path, "read"))?,
    };
    let pending: Pending = serde_json::from_slice(&text)
        .unwrap_or_else(|_| Pending { archive: "the backup".into(), kept: data.to_owned() });
    Err(BackupError::Interrupted { archive: pending.archive, kept: pending.kept })
}

/// Puts a backup in the place of what is in a data folder, which nobody uses.
///
/// # Errors
/// [`BackupError`]; unless it says that the restore was cut off, nothing was changed.
pub fn restore(archive: &Path, data: &Path, now: DateTime<Utc>) -> Result<Restored, BackupError> {
    let staging = tempfile::Builder::new()
        .prefix(".counterfoil-restore-")
        .tempdir_in(data)
        .map_err(io_failed(data, "written to"))?;
    let new = staging.path();
    std::fs::create_dir(new.join(COMPANIES)).map_err(io_failed(new, "written to"))?;
    let manifest = read_archive(archive, |manifest, part, bytes| {
        refuse_newer(manifest, &part.name, part.form)?;
        let path = new.join(&part.name);
        let mut file = new_private_file(&path).map_err(io_failed(&path, "made"))?;
        io::copy(bytes, &mut file).and_then(|_| file.sync_all()).map_err(io_failed(&path, "written"))
    })?;
    for part in &manifest.files {
        let found = inspect_database(&new.join(&part.name))?;
        if found != part.form {
            let what = format!("{} has not the form that its manifest says", part.name);
            return Err(BackupError::Broken { path: archive.to_owned(), what });
        }
    }
    let companies = distrust_all(new, now)?;
    let kept = exchange(archive, data, new, now)?;
    Ok(Restored { made_at: Some(manifest.made_at), companies, kept, key_id: Some(manifest.key_id) })
}

/// For files that were put back by other means, such as a replica: verifies them, and has them distrust themselves.
///
/// # Errors
/// [`BackupError`] when one is damaged.
pub fn restore_in_place(data: &Path, now: DateTime<Utc>) -> Result<Restored, BackupError> {
    inspect_database(&data.join(SERVER))?;
    for id in ServerStore::open(&data.join(SERVER))?.company_ids()? {
        let path = data.join(part_of(&id));
        if path.is_file() {
            inspect_database(&path)?;
        }
    }
    let companies = distrust_all(data, now)?;
    Ok(Restored { made_at: None, companies, kept: None, key_id: None })
}

fn refuse_newer(manifest: &Manifest, part: &str, found: u32) -> Result<(), BackupError> {
    let known = if part == SERVER { ServerStore::newest_form() } else { CompanyStore::newest_form() };
    if found <= known {
        return Ok(());
    }
    Err(BackupError::Newer { made_by: manifest.made_by.clone(), part: part.to_owned(), found, known })
}

/// Brings every database of a folder to the newest form and has it distrust itself.
fn distrust_all(folder: &Path, now: DateTime<Utc>) -> Result<Vec<String>, BackupError> {
    let server = ServerStore::open(&folder.join(SERVER))?;
    server.distrust()?;
    let mut companies = Vec::new();
    for id in server.company_ids()? {
        distrust_one(folder, &id, now)?;
        companies.push(id.as_str().to_owned());
    }
    Ok(companies)
}

/// A company whose file is not there gets a new one, which is to read both sides before it decides anything as well.
fn distrust_one(folder: &Path, id: &CompanyId, now: DateTime<Utc>) -> Result<(), BackupError> {
    Ok(CompanyStore::open(&folder.join(part_of(id)))?.distrust(now)?)
}

/// Moves the old files aside and the new ones into their place. Gives where the old ones are.
fn exchange(archive: &Path, data: &Path, new: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>, BackupError> {
    let kept = free_name(data, now);
    let note = data.join(PENDING);
    let text = serde_json::to_vec(&Pending { archive: archive.to_owned(), kept: kept.clone() })
        .expect("invariant: two paths that were given as texts");
    match std::fs::remove_file(&note) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_failed(&note, "replaced")(error)),
        _ => {}
    }
    let mut file = new_private_file(&note).map_err(io_failed(&note, "made"))?;
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(io_failed(&note, "written"))?;
    flush_folder(data).map_err(io_failed(data, "written to"))?;
    let moved = move_aside(data, &kept)?;
    for name in [COMPANIES, SERVER] {
        let to = data.join(name);
        std::fs::rename(new.join(name), &to).map_err(io_failed(&to, "put into its place"))?;
    }
    flush_folder(data).map_err(io_failed(data, "written to"))?;
    std::fs::remove_file(&note).map_err(io_failed(&note, "removed"))?;
    flush_folder(data).map_err(io_failed(data, "written to"))?;
    Ok(moved.then_some(kept))
}

/// Moves the databases of a folder, with their companions, to another one. Whether there were any.
fn move_aside(data: &Path, kept: &Path) -> Result<bool, BackupError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(data).map_err(io_failed(data, "read"))? {
        let name = entry.map_err(io_failed(data, "read"))?.file_name();
        // The companions of a database (`-wal`, `-shm`) and its copies before upgrades belong to it.
        if name == COMPANIES || name.to_str().is_some_and(|name| name.starts_with(SERVER)) {
            found.push(name);
        }
    }
    if found.is_empty() {
        return Ok(false);
    }
    std::fs::create_dir(kept).map_err(io_failed(kept, "made"))?;
    for name in found {
        let from = data.join(&name);
        std::fs::rename(&from, kept.join(&name)).map_err(io_failed(&from, "moved aside"))?;
    }
    flush_folder(kept).map_err(io_failed(kept, "written to"))?;
    Ok(true)
}

/// A folder name that is not taken: `before-restore-20260302T020000Z`, with a number behind it if need be.
fn free_name(data: &Path, now: DateTime<Utc>) -> PathBuf {
    let name = format!("before-restore-{}", now.format("%Y%m%dT%H%M%SZ"));
    let first = data.join(&name);
    let numbered = (2_u32..).map(|number| data.join(format!("{name}-{number}")));
    std::iter::once(first)
        .chain(numbered)
        .find(|path| !path.exists())
        .expect("invariant: there are more numbers than folders")
}
