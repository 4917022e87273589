//! The server key: 256 random bits that everything else hangs on.
//!
//! It is never stored in a database. It rests in the file [`KEY_FILE`] of the data folder, readable by its owner only,
//! or is handed over in the environment variable [`KEY_VARIABLE`] or as systemd's credential [`CREDENTIAL`] (which then win, in
//! this order), so that a thief of the database, or of a backup of it, has nothing to open it with.
//!
//! **Invariant:** the key file is either absent or complete. It is written beside, flushed, and only then given its
//! name, exclusively: of two processes that start at once one makes the key and both use it.

use super::Random;
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Name of the key file in the data folder.
pub const KEY_FILE: &str = "server.key";

/// Environment variable that holds the key instead: base64 of 32 bytes.
pub const KEY_VARIABLE: &str = "COUNTERFOIL_KEY";

/// Environment variable in which systemd names the folder of a service's credentials.
const CREDENTIALS_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// Name of the credential (`LoadCredential=` or `LoadCredentialEncrypted=`) that holds the key instead.
const CREDENTIAL: &str = "counterfoil.key";

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// Bytes of a key file that are looked at: base64 of a key, a line end, and room to notice that there is more.
const KEY_TEXT_BYTES_MAX: u64 = 256;

/// Why there is no server key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The environment variable does not hold a key.
    #[error("{name} must hold 32 bytes in base64 (44 characters); make one with: openssl rand -base64 32")]
    BadVariable {
        /// The variable.
        name: &'static str,
    },
    /// The key is handed over from outside, and so must be the next one.
    #[error(
        "the server key does not lie in the data folder, so the new one must be given as well: in {}, made with openssl rand -base64 32",
        super::rotation::NEW_KEY_VARIABLE
    )]
    NoNewKey,
    /// The file does not hold a key.
    #[error("the key file {} does not hold 32 bytes in base64; put the right one back from a backup", .path.display())]
    BadFile {
        /// The key file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("the key file {} cannot be {doing}", .path.display())]
    Io {
        /// The key file.
        path: PathBuf,
        /// What was tried: "read" or "made".
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

/// The server key. Its `Debug` shows nothing of it, and its memory is wiped when it goes.
pub struct ServerKey(Zeroizing<[u8; KEY_BYTES]>);

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

impl ServerKey {
    /// Makes a new key that is stored nowhere: for tests, the simulation and the demo.
    #[must_use]
    pub fn generate(random: &mut dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        random.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// The key of a data folder: from the environment, else from the key file, which is made when there is none.
    ///
    /// # Errors
    /// [`KeyError`] when what is there is not a key, or cannot be read or made. A broken key is never replaced: what
    /// was sealed under it would be lost.
    pub fn load(folder: &Path, random: &mut dyn Random) -> Result<Self, KeyError> {
        Self::given()?.map_or_else(|| Self::from_folder(folder, random), Ok)
    }

    /// The key that was handed over beside the data folder: in the environment, or as a credential of systemd.
    pub(super) fn given() -> Result<Option<Self>, KeyError> {
        if let Some(key) = Self::from_variable(KEY_VARIABLE)? {
            return Ok(Some(key));
        }
        let Some(folder) = std::env::var_os(CREDENTIALS_VARIABLE) else { return Ok(None) };
        Self::read(&Path::new(&folder).join(CREDENTIAL))
    }

    /// The key in an environment variable, if there is one.
    pub(super) fn from_variable(name: &'static str) -> Result<Option<Self>, KeyError> {
        match std::env::var(name) {
            Ok(text) => Self::from_text(&Zeroizing::new(text)).ok_or(KeyError::BadVariable { name }).map(Some),
            Err(std::env::VarError::NotUnicode(_)) => Err(KeyError::BadVariable { name }),
            Err(std::env::VarError::NotPresent) => Ok(None),
        }
    }

    /// Writes the key to a file that must not exist yet.
    pub(super) fn write_new(&self, path: &Path) -> io::Result<()> {
        let text = Zeroizing::new(format!("{}\n", STANDARD.encode(self.0.as_slice())));
        write_exclusively(path, &text)?;
        flush_folder(path)
    }

    /// The key of a data folder, if there is one; none is made.
    ///
    /// # Errors
    /// As [`ServerKey::load`].
    pub fn existing(folder: &Path) -> Result<Option<Self>, KeyError> {
        match Self::given()? {
            Some(key) => Ok(Some(key)),
            None => Self::read(&folder.join(KEY_FILE)),
        }
    }

    /// The key in the key file of a folder, which is made when there is none.
    ///
    /// # Errors
    /// As [`ServerKey::load`].
    pub fn from_folder(folder: &Path, random: &mut dyn Random) -> Result<Self, KeyError> {
        let path = folder.join(KEY_FILE);
        if let Some(key) = Self::read(&path)? {
            return Ok(key);
        }
        make(&path, &Self::generate(random), random).map_err(|source| KeyError::Io {
            path: path.clone(),
            doing: "made",
            source,
        })?;
        // Read back even what was just made: another process may have been first.
        Self::read(&path)?.ok_or(KeyError::BadFile { path })
    }

    /// Reads base64, in the standard or the URL alphabet, with or without padding, white space around it.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        let standard = Zeroizing::new(text.trim().replace('-', "+").replace('_', "/"));
        let decoded = Zeroizing::new(LENIENT.decode(standard.as_bytes()).ok()?);
        if decoded.len() != KEY_BYTES {
            return None;
        }
        bytes.copy_from_slice(&decoded);
        Some(Self(bytes))
    }

    pub(super) fn read(path: &Path) -> Result<Option<Self>, KeyError> {
        let failed = |source| KeyError::Io { path: path.to_owned(), doing: "read", source };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        warn_when_others_may_read(&file, path);
        let mut text = Zeroizing::new(String::new());
        match file.take(KEY_TEXT_BYTES_MAX).read_to_string(&mut text) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(KeyError::BadFile { path: path.to_owned() });
            }
            Err(error) => return Err(failed(error)),
        }
        Self::from_text(&text).map(Some).ok_or_else(|| KeyError::BadFile { path: path.to_owned() })
    }

    /// A key for one purpose: HMAC-SHA-256 of the purpose's name. Knowing one says nothing about another.
    pub(super) fn subkey(&self, purpose: &str) -> Zeroizing<[u8; KEY_BYTES]> {
        Zeroizing::new(keyed_hash(&self.0, purpose.as_bytes()))
    }
}

/// Accepts base64 with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// HMAC-SHA-256.
pub(super) fn keyed_hash(key: &[u8; KEY_BYTES], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("invariant: HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Writes a key beside its place and gives it its name, unless the name is taken.
fn make(path: &Path, key: &ServerKey, random: &mut dyn Random) -> io::Result<()> {
    let mut suffix = [0_u8; 8];
    random.fill(&mut suffix);
    let beside = path.with_extension(format!("{:016x}.new", u64::from_be_bytes(suffix)));
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.0.as_slice())));
    write_exclusively(&beside, &text)?;
    let named = match fs::hard_link(&beside, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // A file system without hard links: the name is still taken exclusively, only not in one step.
        Err(_) => match write_exclusively(path, &text) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        },
    };
    fs::remove_file(&beside)?;
    named?;
    flush_folder(path)
}

/// Makes a file that only its owner may read and that must not exist yet, and flushes it.
fn write_exclusively(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Makes a new name survive a power cut, where folders can be flushed.
pub(super) fn flush_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(unix)]
fn warn_when_others_may_read(file: &File, path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if let Ok(metadata) = file.metadata()
        && metadata.permissions().mode() & 0o077 != 0
    {
        tracing::warn!(path = %path.display(), "the key file can be read by others than its owner; run chmod 600 on it");
    }
}

#[cfg(not(unix))]
const fn warn_when_others_may_read(_file: &File, _path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::{CountingRandom, SystemRandom};

    #[test]
    fn a_key_is_made_once_and_read_ever_after() {
        let folder = tempfile::tempdir().expect("folder");
        let first = ServerKey::from_folder(folder.path(), &mut SystemRandom).expect("made");
        let second = ServerKey::from_folder(folder.path(), &mut SystemRandom).expect("read");
        assert_eq!(*first.0, *second.0);
        let names: Vec<_> =
            fs::read_dir(folder.path()).expect("list").map(|entry| entry.expect("entry").file_name()).collect();
        assert_eq!(names, [KEY_FILE], "nothing is left beside the key");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_the_key_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("folder");
        ServerKey::from_folder(folder.path(), &mut SystemRandom).expect("made");
        let mode = fs::metadata(folder.path().join(KEY_FILE)).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn processes_that_start_at_once_use_the_same_key() {
        let folder = tempfile::tempdir().expect("folder");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| ServerKey::from_folder(folder.path(), &mut SystemRandom).expect("key")))
                .collect();
            threads.into_iter().map(|thread| *thread.join().expect("thread").0).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_broken_key_file_is_refused_and_left_alone() {
        for broken in ["", "not base64!", "c2hvcnQ=", "\u{1F600}", &"A".repeat(300)] {
            let folder = tempfile::tempdir().expect("folder");
            let path = folder.path().join(KEY_FILE);
            fs::write(&path, broken).expect("write");
            let error = ServerKey::from_folder(folder.path(), &mut SystemRandom).expect_err("refused");
            assert!(matches!(error, KeyError::BadFile { .. }), "{broken:?}: {error}");
            assert_eq!(fs::read_to_string(&path).expect("read"), broken);
        }
    }

    #[test]
    fn base64_is_read_in_both_alphabets_with_or_without_padding() {
        let standard = "++//++//++//++//++//++//++//++//++//++//++8=";
        let expected = ServerKey::from_text(standard).expect("standard");
        for text in [
            "--__--__--__--__--__--__--__--__--__--__--8=",
            "--__--__--__--__--__--__--__--__--__--__--8",
            " ++//++//++//++//++//++//++//++//++//++//++8=\r\n",
        ] {
            assert_eq!(*ServerKey::from_text(text).expect(text).0, *expected.0);
        }
        assert!(ServerKey::from_text(&standard[4..]).is_none(), "too short");
    }

    #[test]
    fn subkeys_differ_and_nothing_prints_the_key() {
        let key = ServerKey::generate(&mut CountingRandom::default());
        assert_ne!(*key.subkey("a"), *key.subkey("b"));
        assert_eq!(format!("{key:?}"), "ServerKey(…)");
    }
}
