//! What stands at the head of a backup: what is in it, and how to know that it is unharmed.

use super::{COMPANIES, SERVER};
use crate::limits::BACKUP_PARTS_MAX;
use crate::model::CompanyId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The form of the manifest itself.
const LAYOUT: u32 = 1;

/// What is in a backup.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Manifest {
    /// Form of this document.
    pub layout: u32,
    /// Version of the program that made it.
    pub made_by: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Which server key the credentials in it are sealed under; says nothing about the key.
    pub key_id: String,
    /// The files, the server's first.
    pub files: Vec<Part>,
}

/// A file of a backup.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Part {
    /// Its path, within the archive as within the data folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal digits.
    pub sha256: String,
    /// The number of its form.
    pub form: u32,
}

impl Manifest {
    pub(super) fn new(now: DateTime<Utc>, key_id: String) -> Self {
        Self { layout: LAYOUT, made_by: env!("CARGO_PKG_VERSION").to_owned(), made_at: now, key_id, files: Vec::new() }
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("invariant: a manifest is made of texts and numbers")
    }

    /// Reads a manifest, and believes no path in it that is not one of ours.
    pub(super) fn from_text(text: &str) -> Result<Self, &'static str> {
        let manifest: Self = serde_json::from_str(text).map_err(|_| "its manifest cannot be understood")?;
        if manifest.layout != LAYOUT {
            return Err("its manifest has a form that this version does not know");
        }
        if manifest.files.len() > BACKUP_PARTS_MAX {
            return Err("its manifest names more files than there can be");
        }
        let (server, companies) = manifest.files.split_first().ok_or("its manifest names no files")?;
        if server.name != SERVER {
            return Err("its manifest does not begin with the server's file");
        }
        let mut seen = std::collections::HashSet::new();
        for part in companies {
            let id = part.name.strip_prefix(COMPANIES).and_then(|name| name.strip_prefix('/')?.strip_suffix(".db"));
            if !id.is_some_and(|id| CompanyId::new(id).is_ok() && seen.insert(id)) {
                return Err("its manifest names a file that no company can have");
            }
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(names: &[&str]) -> Manifest {
        let part = |name: &&str| Part { name: (*name).to_owned(), bytes: 1, sha256: String::new(), form: 1 };
        let mut manifest = Manifest::new(DateTime::UNIX_EPOCH, "k".to_owned());
        manifest.files = names.iter().map(part).collect();
        manifest
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let written = manifest(&["server.db", "companies/acme.db"]);
        assert_eq!(Manifest::from_text(&written.to_text()), Ok(written));
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for names in [
            &["server.db", "../evil.db"][..],
            &["server.db", "companies/../server.db"],
            &["server.db", "/etc/passwd"],
            &["server.db", "companies/a/b.db"],
            &["server.db", "companies/.db"],
            &["server.db", "companies/acme.db", "companies/acme.db"],
            &["server.db", "server.key"],
            &["companies/acme.db"],
            &[],
        ] {
            assert!(Manifest::from_text(&manifest(names).to_text()).is_err(), "{names:?}");
        }
        assert!(Manifest::from_text("{}").is_err());
        let other = Manifest { layout: 2, ..manifest(&["server.db"]) };
        assert!(Manifest::from_text(&other.to_text()).is_err());
    }
}
