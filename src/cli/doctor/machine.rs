//! What lies on this machine: rights, space, files, key, backups.

use super::super::{CliError, Context};
use super::Finding;
use crate::engine::{Engine, ExaminedFile};
use crate::limits::{DISK_FREE_LEAST, DISK_FREE_WANTED};
use std::path::Path;

pub(super) fn examine(context: &Context, engine: &Engine) -> Result<Vec<Finding>, CliError> {
    let data = context.config.data_folder();
    let version = format!("{} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    let mut findings = vec![Finding::ok("version", version)];
    findings.extend(rights(&data));
    findings.push(space(fs4::available_space(&data).ok()));
    for ExaminedFile { file, form } in engine.examine_files()? {
        let name = file.strip_prefix(&data).unwrap_or(&file).display().to_string();
        findings.push(match form {
            Ok(form) => Finding::ok("database", format!("{name} is sound, form {form}")),
            Err(error) => Finding::failure(
                "database",
                format!("{name}: {error}"),
                "stop the server and restore the newest backup: counterfoil restore FILE",
            ),
        });
    }
    findings.push(if engine.key_fits()? {
        Finding::ok("server key", "it is the one that everything is sealed under")
    } else {
        Finding::failure(
            "server key",
            "it is not the one that this data was sealed under",
            "put the right server.key (or COUNTERFOIL_KEY) back; without it, set the credentials of every company anew",
        )
    });
    findings.push(backups(engine, context.config.backups_kept));
    Ok(findings)
}

fn space(free: Option<u64>) -> Finding {
    let to_do = "make room: old backups lie in the folder “backups”, old files in “before-restore-…” and “….form-N”";
    match free {
        None => Finding::warning("disk", "the free space cannot be found out", "look at it yourself"),
        Some(free) if free < DISK_FREE_LEAST => {
            Finding::failure("disk", format!("{} MB are free", free / 1_000_000), to_do)
        }
        Some(free) if free < DISK_FREE_WANTED => {
            Finding::warning("disk", format!("{} MB are free", free / 1_000_000), to_do)
        }
        Some(free) => Finding::ok("disk", format!("{} MB are free", free / 1_000_000)),
    }
}

fn backups(engine: &Engine, kept: Option<usize>) -> Finding {
    if kept == Some(0) {
        return Finding::warning(
            "backup",
            "nightly backups are turned off",
            "see to backups by other means, or leave --backups-kept out",
        );
    }
    let to_do =
        "leave the server running over night, or make one now: counterfoil backup FILE; its log says why one failed";
    match engine.last_backup() {
        Some(at) if (engine.now() - at).num_hours() < 36 => {
            Finding::ok("backup", format!("the newest is of {}", at.format("%Y-%m-%d %H:%M UTC")))
        }
        Some(at) => Finding::warning("backup", format!("the newest is of {}", at.format("%Y-%m-%d %H:%M UTC")), to_do),
        None => Finding::warning("backup", "there is none yet", to_do),
    }
}

/// Who else may look into the data.
#[cfg(unix)]
fn rights(data: &Path) -> Vec<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let open_to_others =
        |path: &Path| std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
    let files = ["server.key", "server.db"].map(|name| data.join(name));
    let open: Vec<_> = std::iter::once(data.to_owned()).chain(files).filter(|path| open_to_others(path)).collect();
    if open.is_empty() {
        return vec![Finding::ok("rights", "only their owner may read the data and the key")];
    }
    let finding = |path: &std::path::PathBuf| {
        let mode = if path.is_dir() { "700" } else { "600" };
        let to_do = format!("chmod {mode} {}", path.display());
        Finding::failure("rights", format!("others than its owner may read {}", path.display()), to_do)
    };
    open.iter().map(finding).collect()
}

#[cfg(not(unix))]
fn rights(data: &Path) -> Vec<Finding> {
    vec![Finding::warning(
        "rights",
        format!("who may read {} cannot be found out here", data.display()),
        "look at its properties: only Administrators, SYSTEM and the service's account should be listed",
    )]
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::*;

    #[test]
    fn space_is_judged_by_what_a_night_needs() {
        assert_eq!(space(Some(DISK_FREE_WANTED)).outcome, Outcome::Ok);
        assert_eq!(space(Some(DISK_FREE_WANTED - 1)).outcome, Outcome::Warning);
        assert_eq!(space(Some(DISK_FREE_LEAST - 1)).outcome, Outcome::Failure);
        assert_eq!(space(None).outcome, Outcome::Warning);
    }

    #[cfg(unix)]
    #[test]
    fn what_others_may_read_is_named_with_the_command_that_mends_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("folder");
        let key = folder.path().join("server.key");
        std::fs::write(&key, "").expect("written");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("set");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("set");
        let found = rights(folder.path());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (found[0].outcome, found[0].to_do.clone()),
            (Outcome::Failure, format!("chmod 600 {}", key.display()))
        );
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("set");
        assert_eq!(rights(folder.path())[0].outcome, Outcome::Ok);
    }
}
