//! `counterfoil key rotate`

use super::print::Printed;
use super::{CliError, Context, serve};
use crate::engine::World;
use crate::engine::keys::rotate_key;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Replace the server key and seal everything anew; no server may be running
    ///
    /// Where the key comes from the environment or from systemd, the new one is given in COUNTERFOIL_NEW_KEY.
    Rotate {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn execute(command: &Command, context: &Context) -> Result<Printed, CliError> {
    let Command::Rotate { json } = command;
    let data = context.existing_folder()?;
    let _no_server = serve::lock(&data)?;
    let rotated = rotate_key(&data, &World::real())?;
    if *json {
        return Printed::json(&rotated);
    }
    let mut text = format!("{} secrets are sealed under the new key {}.\n", rotated.sealed, rotated.key_id);
    text.push_str(&match &rotated.old_key {
        Some(old) => format!(
            "The old key is kept in {}, because backups of before need it; remove it when there are none.\n",
            old.display()
        ),
        None => "Put the new key where the old one comes from before the server starts.\n".to_owned(),
    });
    Ok(Printed::text(text))
}
