//! `counterfoil backup` and `counterfoil restore`

use super::print::{self, Printed};
use super::{CliError, Context, make_private_folder, serve};
use crate::engine::backup::{self, Restored};
use crate::engine::{Engine, World};
use crate::secrets::Sealer;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// File to write; it must not exist yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// Backup to restore
    #[arg(value_name = "FILE", required_unless_present = "in_place", conflicts_with = "in_place")]
    file: Option<PathBuf>,
    /// The files were put back by other means, such as a replica: verify them, and read both sides before anything is written
    #[arg(long)]
    in_place: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn back_up(args: &BackupArgs, engine: &Engine) -> Result<Printed, CliError> {
    let made = engine.backup(&args.file)?;
    if args.json {
        return Printed::json(&made);
    }
    let companies = if made.companies == 1 { "company" } else { "companies" };
    let out = format!("{}: {} {companies}, {} bytes, verified\n", made.file.display(), made.companies, made.bytes);
    let aside = "The server key is not in it. Keep a copy of server.key (or of COUNTERFOIL_KEY) in another place.\n";
    Ok(Printed { out, aside: aside.to_owned() })
}

pub(super) fn restore(args: &RestoreArgs, context: &Context) -> Result<Printed, CliError> {
    let data = context.config.data_folder();
    make_private_folder(&data)?;
    let _no_server = serve::lock(&data)?;
    let now = World::real().clock.now();
    let restored = match &args.file {
        Some(file) => backup::restore(file, &data, now),
        None => backup::restore_in_place(&data, now),
    };
    let restored = restored.map_err(|error| CliError::failed("the restore was not done").because(&error))?;
    let aside = key_warning(&data, &restored)?;
    if args.json {
        return Ok(Printed { aside, ..Printed::json(&restored)? });
    }
    Ok(Printed { out: told(&restored), aside })
}

/// What was done, and what follows from it.
fn told(restored: &Restored) -> String {
    let mut text = String::new();
    match restored.made_at {
        Some(at) => text.push_str(&format!("Restored the backup of {}.\n", print::time(Some(&at.to_rfc3339())))),
        None => text.push_str("The files are sound.\n"),
    }
    if let Some(kept) = &restored.kept {
        text.push_str(&format!("What was there before is kept in {}; remove it when all is well.\n", kept.display()));
    }
    text.push_str(&format!("Companies: {}\n", restored.companies.join(", ")));
    text.push_str(
        "Before anything is written, both sides of each company are read completely; what was done since the backup is found \
         there.\nNot known any more is what people decided since: companies paused or removed, records skipped, tokens taken back. \
         Everybody signs in anew.\n",
    );
    text
}

/// Without the key that belongs to the backup, its credentials cannot be opened.
fn key_warning(data: &Path, restored: &Restored) -> Result<String, CliError> {
    let Some(wanted) = &restored.key_id else { return Ok(String::new()) };
    let present =
        Sealer::existing(data).map_err(|error| CliError::failed("the server key cannot be used").because(&error))?;
    Ok(match present {
        Some(sealer) if sealer.key_id() == *wanted => String::new(),
        Some(_) => "Warning: the server key here is not the one the backup was made with. Put the right server.key into the \
                    data folder, or set every company's credentials and connector password again.\n"
            .to_owned(),
        None => "Warning: there is no server key here. Put the server.key that belongs to the backup into the data folder before \
                 the server starts.\n"
            .to_owned(),
    })
}
