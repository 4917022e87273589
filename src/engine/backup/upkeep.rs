//! Nightly backups: one after two o'clock each night, the newest ones kept.

use super::super::run::chain;
use super::{BackupView, io_failed};
use crate::engine::{Engine, EngineError};
use crate::limits::{BACKUP_HOUR, BACKUP_RETRY};
use crate::model::span;
use chrono::{DateTime, Local, NaiveDateTime, TimeZone as _, Utc};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

/// Folder of the nightly backups within the data folder.
const FOLDER: &str = "backups";
/// What their names begin and end with; between them stands the time.
const BEGINS: &str = "counterfoil-";
const ENDS: &str = ".tar";
/// How the time is written.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

impl Engine {
    /// Where the nightly backups are.
    #[must_use]
    pub fn backup_folder(&self) -> PathBuf {
        self.shared.options.data.join(FOLDER)
    }

    /// When the newest nightly backup was made.
    #[must_use]
    pub fn last_backup(&self) -> Option<DateTime<Utc>> {
        kept(&self.backup_folder()).last().map(|(at, _)| *at)
    }

    /// Makes the nightly backup when it is due, and lets go of the oldest. What goes wrong is logged, and tried again later.
    pub(in crate::engine) fn keep_backups(&self) {
        let Some(count) = self.shared.options.backups_kept else { return };
        let now = self.now();
        {
            let mut tried = self.shared.backup_tried.lock().unwrap_or_else(PoisonError::into_inner);
            // A clock that was set back must not put the backups off.
            if tried.is_some_and(|at| at <= now && now - at < span(BACKUP_RETRY)) || !self.backup_is_due(now) {
                return;
            }
            *tried = Some(now);
        }
        match self.nightly(now, count) {
            Ok(made) => {
                tracing::info!(file = %made.file.display(), bytes = made.bytes, companies = made.companies, "backup made");
            }
            Err(error) => {
                tracing::error!(error = %chain(&error), "the nightly backup failed; it is tried again in an hour");
            }
        }
    }

    fn backup_is_due(&self, now: DateTime<Utc>) -> bool {
        let newest = self.last_backup().filter(|at| *at <= now);
        newest.is_none_or(|at| at < night_before(now))
    }

    fn nightly(&self, now: DateTime<Utc>, count: usize) -> Result<BackupView, EngineError> {
        let folder = self.backup_folder();
        make_private_folder(&folder).map_err(io_failed(&folder, "made"))?;
        let made = self.backup(&folder.join(format!("{BEGINS}{}{ENDS}", now.format(STAMP))))?;
        let all = kept(&folder);
        for (_, path) in all.iter().take(all.len().saturating_sub(count.max(1))) {
            std::fs::remove_file(path).map_err(io_failed(path, "removed"))?;
        }
        Ok(made)
    }
}

/// The last time that clocks on the wall showed the hour of the backup.
fn night_before(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = now.with_timezone(&Local);
    let at = |day: chrono::NaiveDate| {
        let night = day.and_hms_opt(BACKUP_HOUR, 0, 0)?;
        // On the day the clocks change, the hour may come twice, or not at all.
        Local.from_local_datetime(&night).earliest().map(|night| night.with_timezone(&Utc))
    };
    let today = local.date_naive();
    let before = today.pred_opt().unwrap_or(today);
    at(today).filter(|night| *night <= now).or_else(|| at(before)).unwrap_or(now - chrono::Duration::days(1))
}

/// The nightly backups, oldest first. Other files of the folder are none of them.
fn kept(folder: &Path) -> Vec<(DateTime<Utc>, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let stamp = path.file_name()?.to_str()?.strip_prefix(BEGINS)?.strip_suffix(ENDS)?;
            let at = NaiveDateTime::parse_from_str(stamp, STAMP).ok()?.and_utc();
            Some((at, path))
        })
        .collect();
    found.sort();
    found
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_night_between_two_days() {
        let noon = Utc.with_ymd_and_hms(2026, 6, 2, 12, 0, 0).single().expect("instant");
        let night = night_before(noon);
        assert!(night <= noon && noon - night < chrono::Duration::hours(25), "{night}");
        assert_eq!(night_before(night), night);
        let before = night_before(night - chrono::Duration::seconds(1));
        assert!(night - before >= chrono::Duration::hours(23), "{before}");
    }

    #[test]
    fn only_our_own_files_are_counted_and_removed() {
        let folder = tempfile::tempdir().expect("folder");
        for name in
            ["counterfoil-20260302T020000Z.tar", "counterfoil-20260301T020000Z.tar", "mine.tar", "counterfoil-x.tar"]
        {
            std::fs::write(folder.path().join(name), "").expect("write");
        }
        let found: Vec<_> = kept(folder.path()).into_iter().map(|(at, _)| at.format("%d").to_string()).collect();
        assert_eq!(found, ["01", "02"]);
    }
}
