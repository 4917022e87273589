//! Backups: everything a data folder knows, in one file.
//!
//! A backup is a tar archive: `manifest.json` first, then `server.db` and each company's file, copied by SQLite while the server
//! works (`store::files`), checked, and named in the manifest with size, SHA-256 and form. The server key is not in it: whoever
//! has only the backup can open no credential ([`crate::secrets`]).
//!
//! What is deliberately missing: a backup of single companies. People, companies and credentials belong together, and a company
//! file of another day than the server's is a thing nobody can reason about.
//!
//! **Invariant:** a file that bears the name of a backup is complete: it is written beside, flushed, read back, and only
//! then gets its name.

mod manifest;
mod restore;
#[cfg(test)]
mod tests;
mod upkeep;

pub use manifest::{Manifest, Part};
pub use restore::{Restored, check_interrupted, restore, restore_in_place};

use super::{Engine, EngineError};
use crate::limits::MANIFEST_BYTES_MAX;
use crate::model::CompanyId;
use crate::store::files::{copy_database, inspect_database};
use crate::store::server::ServerStore;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The manifest's name within an archive.
const MANIFEST: &str = "manifest.json";
/// The server's file within an archive and a data folder.
const SERVER: &str = "server.db";
/// The folder of the companies' files within an archive and a data folder.
const COMPANIES: &str = "companies";

/// Why a backup could not be made or restored. Every sentence is for the administrator.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be used.
    #[error("{} cannot be {doing}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// There is something of that name.
    #[error("{} is there already; a backup never replaces a file", .path.display())]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// It is not a backup, or was damaged since. Nothing was changed.
    #[error("{} is no complete backup of Counterfoil: {what}; nothing was changed", .path.display())]
    Broken {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A newer version made it. Nothing was changed.
    #[error(
        "the backup was made by a newer version of Counterfoil ({made_by}: {part} has form {found}, this version knows {known}); install that \
         version and restore with it; nothing was changed"
    )]
    Newer {
        /// The version that made it.
        made_by: String,
        /// Which file.
        part: String,
        /// Its form.
        found: u32,
        /// The newest form we know.
        known: u32,
    },
    /// A restore was cut off between the old files and the new ones.
    #[error(
        "a restore of {} was cut off before its end; run the same restore again (the old files are kept in {})",
        .archive.display(), .kept.display()
    )]
    Interrupted {
        /// What was being restored.
        archive: PathBuf,
        /// Where the old files are.
        kept: PathBuf,
    },
    /// A data file.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// A backup that was made.
#[derive(Clone, Debug, Serialize)]
pub struct BackupView {
    /// The file.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// How many companies are in it.
    pub companies: usize,
}

fn io_failed(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { path, doing, source }
}

impl Engine {
    /// Writes a backup to a file that does not exist yet, while everything goes on. Blocking.
    ///
    /// # Errors
    /// [`BackupError`] when there is no complete backup; there is no file of that name then.
    pub fn backup(&self, to: &Path) -> Result<BackupView, EngineError> {
        if to.exists() {
            return Err(BackupError::Exists { path: to.to_owned() }.into());
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let making = tempfile::Builder::new()
            .prefix(".counterfoil-backup-")
            .tempdir_in(folder)
            .map_err(io_failed(folder, "written to"))?;
        let manifest = self.copy_all(making.path())?;
        let unfinished = making.path().join("archive");
        let bytes = write_archive(&unfinished, making.path(), &manifest)?;
        read_archive(&unfinished, |_, _, _| Ok(()))?;
        // A hard link gives the name only if nobody has taken it meanwhile; where there are none, a name just taken is lost.
        std::fs::hard_link(&unfinished, to)
            .or_else(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Err(error),
                _ => std::fs::rename(&unfinished, to),
            })
            .map_err(io_failed(to, "made"))?;
        flush_folder(folder).map_err(io_failed(folder, "written to"))?;
        Ok(BackupView { file: to.to_owned(), bytes, companies: manifest.files.len().saturating_sub(1) })
    }

    /// Copies and checks every database into a folder.
    fn copy_all(&self, folder: &Path) -> Result<Manifest, BackupError> {
        let data = &self.shared.options.data;
        std::fs::create_dir(folder.join(COMPANIES)).map_err(io_failed(folder, "written to"))?;
        let mut manifest = Manifest::new(self.now(), self.shared.sealer.key_id());
        manifest.files.push(copy_part(data, folder, SERVER.to_owned())?);
        // The companies of the copy, so that the parts belong together; read from a copy of it, because opening changes a file.
        let listing = folder.join("listing.db");
        copy_database(&folder.join(SERVER), &listing)?;
        for id in ServerStore::open(&listing)?.company_ids()? {
            if self.file_of(&id).is_file() {
                manifest.files.push(copy_part(data, folder, part_of(&id))?);
            }
        }
        Ok(manifest)
    }
}

/// A company's file within an archive and a data folder.
fn part_of(id: &CompanyId) -> String {
    format!("{COMPANIES}/{id}.db")
}

fn copy_part(data: &Path, folder: &Path, name: String) -> Result<Part, BackupError> {
    let copy = folder.join(&name);
    copy_database(&data.join(&name), &copy)?;
    let form = inspect_database(&copy)?;
    let (bytes, sha256) =
        digest(File::open(&copy).map_err(io_failed(&copy, "read"))?).map_err(io_failed(&copy, "read"))?;
    Ok(Part { name, bytes, sha256, form })
}

/// Length and SHA-256 of what is read to its end.
fn digest(mut from: impl Read) -> io::Result<(u64, String)> {
    let mut hasher = Hashing { hasher: Sha256::new(), to: io::sink() };
    let bytes = io::copy(&mut from, &mut hasher)?;
    Ok((bytes, hasher.finish()))
}

/// Hashes what is written through it.
struct Hashing<W> {
    hasher: Sha256,
    to: W,
}

impl<W> Hashing<W> {
    fn finish(self) -> String {
        self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Writes an archive of a folder's files and flushes it; gives its length.
fn write_archive(to: &Path, folder: &Path, manifest: &Manifest) -> Result<u64, BackupError> {
    let failed = || io_failed(to, "written");
    let mut archive = tar::Builder::new(new_private_file(to).map_err(failed())?);
    let text = manifest.to_text();
    let header = |bytes: u64| {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(manifest.made_at.timestamp()).unwrap_or(0));
        header.set_size(bytes);
        header
    };
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    archive.append_data(&mut header(length), MANIFEST, text.as_bytes()).map_err(failed())?;
    for part in &manifest.files {
        let file = File::open(folder.join(&part.name)).map_err(failed())?;
        archive.append_data(&mut header(part.bytes), &part.name, file).map_err(failed())?;
    }
    let file = archive.into_inner().map_err(failed())?;
    file.sync_all().map_err(failed())?;
    Ok(file.metadata().map_err(failed())?.len())
}

/// Reads an archive from end to end and holds it against its manifest. Each file's bytes are handed to `take` with the file's
/// part; what it leaves unread is read here.
fn read_archive(
    path: &Path,
    mut take: impl FnMut(&Manifest, &Part, &mut dyn Read) -> Result<(), BackupError>,
) -> Result<Manifest, BackupError> {
    let broken = |what: String| BackupError::Broken { path: path.to_owned(), what };
    let unreadable = |error: io::Error| broken(format!("it cannot be read to its end ({error})"));
    let file = File::open(path).map_err(io_failed(path, "read"))?;
    let mut archive = tar::Archive::new(io::BufReader::new(file));
    let mut entries = archive.entries().map_err(unreadable)?;
    let first = entries.next().ok_or_else(|| broken("it is empty".to_owned()))?.map_err(unreadable)?;
    let mut text = String::new();
    if first.path_bytes().as_ref() != MANIFEST.as_bytes() {
        return Err(broken("it does not begin with a manifest".to_owned()));
    }
    first.take(MANIFEST_BYTES_MAX).read_to_string(&mut text).map_err(unreadable)?;
    let manifest = Manifest::from_text(&text).map_err(|what| broken(what.to_owned()))?;
    let mut parts = manifest.files.iter();
    for entry in entries {
        let mut entry = entry.map_err(unreadable)?;
        let part = parts.next().filter(|part| entry.path_bytes().as_ref() == part.name.as_bytes());
        let part = part.ok_or_else(|| broken("it holds a file that its manifest does not name".to_owned()))?;
        let mut hashed = HashingReader { hasher: Sha256::new(), from: &mut entry, bytes: 0 };
        take(&manifest, part, &mut hashed)?;
        io::copy(&mut hashed, &mut io::sink()).map_err(unreadable)?;
        let (bytes, hasher) = (hashed.bytes, hashed.hasher);
        if bytes != part.bytes || (Hashing { hasher, to: io::sink() }).finish() != part.sha256 {
            return Err(broken(format!("{} is not as it was when the backup was made", part.name)));
        }
    }
    match parts.next() {
        Some(part) => Err(broken(format!("{} is missing", part.name))),
        None => Ok(manifest),
    }
}

/// Hashes what is read through it.
struct HashingReader<R> {
    hasher: Sha256,
    from: R,
    bytes: u64,
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes += u64::try_from(read).unwrap_or(u64::MAX);
        Ok(read)
    }
}

/// Makes a file that only its owner may read and that must not exist yet.
fn new_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Makes new names survive a power cut, where folders can be flushed.
fn flush_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
