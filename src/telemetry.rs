//! Logging: one line per event, on standard error, as text or as JSON.
//!
//! Which lines are written is said by `COUNTERFOIL_LOG` (`info`, `debug`, `counterfoil::engine=trace`, …). Whatever it
//! says, libraries below us never get past warnings: at finer levels some of them write the headers and bytes of every
//! request, and with them passwords, cookies and tokens. Our own rooms log fields that were chosen one by one.
//!
//! **Invariant:** no setting of the filter makes a foreign crate's `info`, `debug` or `trace` line appear.

use crate::config::LogFormat;
use std::io::IsTerminal as _;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, FilterFn, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, Registry};

/// The crates that are ours.
const OURS: [&str; 3] = ["counterfoil", "qbwc", "qbxml"];

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be understood.
    #[error("the log filter {filter:?} cannot be understood; write info, debug, or counterfoil::engine=debug")]
    BadFilter {
        /// What was given.
        filter: String,
        /// Why.
        source: tracing_subscriber::filter::ParseError,
    },
}

/// Sets logging up for the whole process. A second call changes nothing.
///
/// # Errors
/// [`TelemetryError`] when the filter cannot be understood.
pub fn start(filter: &str, format: LogFormat) -> Result<(), TelemetryError> {
    let colour = format == LogFormat::Text && std::io::stderr().is_terminal();
    // A subscriber that is there already (in tests) stays.
    let _kept = subscriber(filter, format, colour, std::io::stderr)?.try_init();
    Ok(())
}

fn subscriber<W>(
    filter: &str,
    format: LogFormat,
    colour: bool,
    writer: W,
) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let chosen = EnvFilter::builder()
        .parse(filter)
        .map_err(|source| TelemetryError::BadFilter { filter: filter.chars().take(80).collect(), source })?;
    let lines = tracing_subscriber::fmt::layer().with_ansi(colour).with_writer(writer);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    Ok(Registry::default().with(lines.with_filter(chosen.and(only_warnings_from_others()))))
}

/// Lets everything of ours through, and warnings and errors of everybody else.
fn only_warnings_from_others() -> FilterFn<impl Fn(&Metadata<'_>) -> bool> {
    filter_fn(|metadata| *metadata.level() <= tracing::Level::WARN || is_ours(metadata.target()))
}

fn is_ours(target: &str) -> bool {
    OURS.iter().any(|ours| target == *ours || target.strip_prefix(ours).is_some_and(|rest| rest.starts_with("::")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("lock").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(filter: &str, format: LogFormat, events: impl FnOnce()) -> String {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let subscriber = subscriber(filter, format, false, move || writer.clone()).expect("filter");
        tracing::subscriber::with_default(subscriber, events);
        let bytes = buffer.0.lock().expect("lock").clone();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn libraries_never_get_past_warnings() {
        let text = logged("trace", LogFormat::Text, || {
            tracing::trace!(target: "hyper::proto", "authorization: Bearer hunter2");
            tracing::debug!(target: "counterfoilish", "hunter2");
            tracing::info!(target: "reqwest", "hunter2");
            tracing::warn!(target: "rustls", "a warning");
            tracing::trace!(target: "counterfoil::engine", "ours");
            tracing::trace!(target: "qbwc", "ours too");
        });
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("a warning") && text.contains("ours") && text.contains("ours too"), "{text}");
    }

    #[test]
    fn a_filter_naming_a_library_changes_nothing() {
        let text = logged("hyper=trace", LogFormat::Text, || tracing::trace!(target: "hyper", "hunter2"));
        assert_eq!(text, "");
    }

    #[test]
    fn the_filter_chooses_among_our_own_lines() {
        let text = logged("warn,counterfoil::engine=debug", LogFormat::Text, || {
            tracing::debug!(target: "counterfoil::engine", "one");
            tracing::info!(target: "counterfoil::web", "two");
            tracing::warn!(target: "counterfoil::web", "three");
        });
        assert!(text.contains("one") && !text.contains("two") && text.contains("three"), "{text}");
    }

    #[test]
    fn json_lines_carry_their_fields() {
        let text = logged("info", LogFormat::Json, || {
            tracing::info!(target: "counterfoil::engine", company = "acme", "a session began");
        });
        let line: serde_json::Value = serde_json::from_str(text.trim_end()).expect("one JSON object");
        assert_eq!((line["message"].as_str(), line["company"].as_str()), (Some("a session began"), Some("acme")));
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn a_filter_that_cannot_be_understood_is_refused() {
        let refused = |filter| subscriber(filter, LogFormat::Text, false, io::stderr).is_err();
        assert!(refused("counterfoil=loud"));
        assert!(refused("a=b=c"));
        assert!(!refused("info"));
    }
}
