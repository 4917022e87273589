//! `counterfoil company webhooks ID …`: Bill.com's notices.

use super::print::{self, Printed};
use super::{CliError, WHO};
use crate::engine::{Engine, WebhookView};
use secrecy::SecretString;

/// Variable with the security key of a subscription that was made by hand.
const KEY: &str = "COUNTERFOIL_BILLCOM_WEBHOOK_KEY";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the company
    id: String,
    /// What to do
    #[arg(value_enum, default_value_t = What::Show)]
    what: What,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Show where it stands
    Show,
    /// Have Bill.com send notices; the key they are signed with is kept sealed
    Create,
    /// Replace the key; the one before is accepted for three days
    RotateKey,
    /// Keep the key in COUNTERFOIL_BILLCOM_WEBHOOK_KEY, of a subscription made by hand
    SetKey,
    /// Have them sent again after Bill.com gave up
    Enable,
    /// End them, at Bill.com and here
    Remove,
}

pub(super) fn execute(
    args: &Args,
    engine: &Engine,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Printed, CliError> {
    let id = args.id.as_str();
    let view = match args.what {
        What::Show => engine.webhooks(id)?,
        What::Create => super::block_on(async { Ok(engine.webhooks_create(id, WHO).await?) })?,
        What::RotateKey => super::block_on(async { Ok(engine.webhooks_rotate(id, WHO).await?) })?,
        What::SetKey => {
            let missing = || CliError::wrong_use(format!("the environment variable {KEY} must hold the security key"));
            let key = variable(KEY).filter(|key| !key.trim().is_empty()).ok_or_else(missing)?;
            engine.webhooks_set_key(id, &SecretString::from(key.trim()), WHO)?
        }
        What::Enable => super::block_on(async { Ok(engine.webhooks_enable(id, WHO).await?) })?,
        What::Remove => super::block_on(async { Ok(engine.webhooks_remove(id, WHO).await?) })?,
    };
    if args.json { Printed::json(&view) } else { Ok(Printed::text(show(&view))) }
}

fn show(view: &WebhookView) -> String {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let table = print::pairs(&[
        ("Address", view.url.clone()),
        ("Subscription", view.subscription.clone().unwrap_or_else(|| "none that was made from here".to_owned())),
        ("Key", if view.has_key { "kept".to_owned() } else { "none yet".to_owned() }),
        ("Sent", yes(view.enabled)),
        ("Last notice", view.last_notice.clone().unwrap_or_else(|| "none yet".to_owned())),
    ]);
    let next = match (view.has_key, view.enabled, view.reachable) {
        (_, _, false) => {
            "Bill.com sends notices over https only: start the server with --public-url https://…\n".to_owned()
        }
        (false, _, _) => format!("Next: counterfoil company webhooks {} create\n", view.company),
        (true, false, _) => {
            format!("Bill.com has stopped sending. Next: counterfoil company webhooks {} enable\n", view.company)
        }
        (true, true, _) => {
            "Notices make changes arrive sooner. Without them they arrive with the next poll.\n".to_owned()
        }
    };
    format!("{table}\n{next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> WebhookView {
        WebhookView {
            company: "acme".to_owned(),
            url: "https://sync.example.com/webhooks/billcom/acme".to_owned(),
            reachable: true,
            subscription: None,
            has_key: false,
            enabled: false,
            last_notice: None,
        }
    }

    #[test]
    fn it_always_says_what_comes_next() {
        insta::assert_snapshot!(show(&view()), @r"
        Address       https://sync.example.com/webhooks/billcom/acme
        Subscription  none that was made from here
        Key           none yet
        Sent          no
        Last notice   none yet

        Next: counterfoil company webhooks acme create
        ");
        let off = WebhookView { has_key: true, ..view() };
        assert!(show(&off).contains("company webhooks acme enable"), "{}", show(&off));
        let on = WebhookView { enabled: true, ..off };
        assert!(show(&on).contains("arrive sooner"), "{}", show(&on));
        let open = WebhookView { reachable: false, ..on };
        assert!(show(&open).contains("--public-url"), "{}", show(&open));
    }
}
