//! Another server key: how the one in the folder is replaced without a moment in which nothing can be opened.
//!
//! Three steps, and the middle one decides. The new key is written beside the old one ([`NEXT_FILE`]); one transaction of the
//! database seals everything anew and notes the id of the new key; the files change names. A process that finds both files
//! asks the database under which key it is sealed, and does the last step, or undoes the first ([`settle`]).
//!
//! The old key stays, under a name with its id: backups of before need it.

use super::key::{KEY_FILE, KeyError, ServerKey};
use super::{Random, SealContext, SealError, Sealer};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Name of the next key file while a rotation is under way.
pub const NEXT_FILE: &str = "server.key.next";

/// Environment variable with the new key, where the present one comes from the environment or from systemd.
pub const NEW_KEY_VARIABLE: &str = "COUNTERFOIL_NEW_KEY";

/// A rotation that has begun: both keys are there.
#[derive(Debug)]
pub struct Rotation {
    folder: PathBuf,
    /// Opens what is there.
    old: Sealer,
    new: Sealer,
    in_file: bool,
}

impl Rotation {
    /// Makes the next key of a folder, or takes it from the environment where the present one does not lie in the folder.
    ///
    /// # Errors
    /// [`KeyError`] when there is no key to replace, or none to replace it with.
    pub fn begin(folder: &Path, old: Sealer, random: &mut dyn Random) -> Result<Self, KeyError> {
        let given = ServerKey::given()?.is_some();
        let key = if given {
            ServerKey::from_variable(NEW_KEY_VARIABLE)?.ok_or(KeyError::NoNewKey)?
        } else {
            let path = folder.join(NEXT_FILE);
            let key = ServerKey::generate(random);
            key.write_new(&path).map_err(|source| KeyError::Io { path, doing: "made", source })?;
            key
        };
        let new = Sealer::new(&key).with_connectors_of(&old);
        Ok(Self { folder: folder.to_owned(), old, new, in_file: !given })
    }

    /// Seals a value anew, for the place it rests in. Empty stays empty.
    ///
    /// # Errors
    /// [`SealError`] when it does not open under the old key.
    pub fn reseal(
        &self,
        context: SealContext<'_>,
        sealed: &[u8],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, SealError> {
        if sealed.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.new.seal(context, &self.old.open(context, sealed)?, random))
    }

    /// What everything is sealed under afterwards.
    #[must_use]
    pub const fn sealer(&self) -> &Sealer {
        &self.new
    }

    /// Gives the new key its name, once everything is sealed under it. Gives the name under which the old one is kept.
    ///
    /// # Errors
    /// [`KeyError::Io`] when the files cannot be renamed; the next start does it.
    pub fn finish(self) -> Result<Option<PathBuf>, KeyError> {
        if self.in_file { exchange(&self.folder, &self.old.key_id()).map(Some) } else { Ok(None) }
    }
}

/// Ends a rotation that was cut off: `sealed_under` is the id of the key that the database says it is sealed under.
///
/// # Errors
/// [`KeyError`] when a file cannot be read or renamed.
pub fn settle(folder: &Path, sealed_under: Option<&str>) -> Result<(), KeyError> {
    let next = folder.join(NEXT_FILE);
    if !next.exists() {
        return Ok(());
    }
    let of = |path: &Path| -> Result<Option<String>, KeyError> {
        Ok(ServerKey::read(path)?.map(|key| Sealer::new(&key).key_id()))
    };
    let failed = |source| KeyError::Io { path: next.clone(), doing: "removed", source };
    // A next key that is not complete has sealed nothing.
    if of(&next).ok().flatten().is_some_and(|id| Some(id.as_str()) == sealed_under) {
        let old = of(&folder.join(KEY_FILE))?.unwrap_or_else(|| "unknown".to_owned());
        return exchange(folder, &old).map(drop);
    }
    fs::remove_file(&next).map_err(failed)
}

fn exchange(folder: &Path, old_id: &str) -> Result<PathBuf, KeyError> {
    let (path, kept) = (folder.join(KEY_FILE), folder.join(format!("{KEY_FILE}.{old_id}")));
    let failed = |source| KeyError::Io { path: path.clone(), doing: "replaced", source };
    // Copied, not moved: at every moment there is a file of that name.
    match fs::hard_link(&path, &kept) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            fs::copy(&path, &kept).map_err(failed)?;
        }
        _ => {}
    }
    fs::rename(folder.join(NEXT_FILE), &path).map_err(failed)?;
    super::key::flush_folder(&path).map_err(failed)?;
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::SystemRandom;
    use secrecy::{ExposeSecret as _, SecretString};

    const PLACE: SealContext<'_> = SealContext { table: "company", row: "acme", column: "billcom_password" };

    fn begun(folder: &Path) -> (Rotation, Vec<u8>) {
        let old = Sealer::load(folder, &mut SystemRandom).expect("key");
        let sealed = old.seal(PLACE, &SecretString::from("s3cret"), &mut SystemRandom);
        let rotation = Rotation::begin(folder, old, &mut SystemRandom).expect("begun");
        (rotation, sealed)
    }

    fn present(folder: &Path) -> Sealer {
        Sealer::existing(folder).expect("read").expect("there")
    }

    #[test]
    fn everything_opens_under_the_new_key_and_connectors_keep_their_passwords() {
        let folder = tempfile::tempdir().expect("folder");
        let (rotation, sealed) = begun(folder.path());
        let password = SecretString::from("a connector's password");
        let hash = rotation.old.connector_hash(&password);
        let (old_id, new_id) = (rotation.old.key_id(), rotation.new.key_id());
        assert_ne!(old_id, new_id);
        let anew = rotation.reseal(PLACE, &sealed, &mut SystemRandom).expect("sealed anew");
        assert!(rotation.reseal(PLACE, &[], &mut SystemRandom).expect("empty").is_empty());
        let carried = rotation.new.sealed_connectors(&mut SystemRandom);
        let kept = rotation.finish().expect("finished").expect("kept");
        let after = present(folder.path());
        assert_eq!(after.key_id(), new_id);
        assert_eq!(after.open(PLACE, &anew).expect("opens").expose_secret(), "s3cret");
        assert!(after.open(PLACE, &sealed).is_err(), "the old seal");
        let after = after.with_connectors(&carried).expect("opens");
        assert!(after.is_connector_password(Some(&hash), "a connector's password"));
        let old = ServerKey::read(&kept).expect("read").expect("the old key is kept");
        assert_eq!(Sealer::new(&old).key_id(), old_id);
    }

    #[test]
    fn a_rotation_cut_off_before_the_database_is_undone() {
        let folder = tempfile::tempdir().expect("folder");
        let (rotation, _) = begun(folder.path());
        let old = rotation.old.key_id();
        drop(rotation);
        settle(folder.path(), Some(&old)).expect("settled");
        assert_eq!(present(folder.path()).key_id(), old);
        assert!(!folder.path().join(NEXT_FILE).exists());
        fs::write(folder.path().join(NEXT_FILE), "half a k").expect("written");
        settle(folder.path(), None).expect("settled");
        assert!(!folder.path().join(NEXT_FILE).exists());
    }

    #[test]
    fn a_rotation_cut_off_after_the_database_is_finished() {
        let folder = tempfile::tempdir().expect("folder");
        let (rotation, _) = begun(folder.path());
        let new = rotation.new.key_id();
        drop(rotation);
        settle(folder.path(), Some(&new)).expect("settled");
        assert_eq!(present(folder.path()).key_id(), new);
        settle(folder.path(), Some(&new)).expect("nothing left");
    }
}
