//! Logging: one line per event, on standard error or in a file of its own, as text or as JSON.
//!
//! Which lines are written is said by `COUNTERFOIL_LOG` (`info`, `debug`, `counterfoil::engine=trace`, …). Whatever it
//! says, libraries below us never get past warnings: at finer levels some of them write the headers and bytes of every
//! request, and with them passwords, cookies and tokens. Our own rooms log fields that were chosen one by one.
//!
//! **Invariant:** no setting of the filter makes a foreign crate's `info`, `debug` or `trace` line appear.

mod file;

use crate::config::LogFormat;
use crate::limits::{LOG_FILE_BYTES_MAX, LOG_FILES_KEPT, PANIC_CHARS_MAX};
use chrono::{SecondsFormat, Utc};
use file::{Habits, LogFile};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
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
    /// The log file cannot be written.
    #[error("the log file {} cannot be written", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The file that lines go to, when they go to one.
static FILE: OnceLock<Arc<LogFile>> = OnceLock::new();

/// Sets logging up for the whole process: to standard error, or to a file. A second call changes nothing.
///
/// # Errors
/// [`TelemetryError`] when the filter cannot be understood or the file cannot be written.
pub fn start(filter: &str, format: LogFormat, file: Option<&Path>) -> Result<(), TelemetryError> {
    // A subscriber that is there already (in tests) stays.
    let Some(path) = file else {
        let colour = format == LogFormat::Text && std::io::stderr().is_terminal();
        let _kept = subscriber(filter, format, colour, std::io::stderr)?.try_init();
        return Ok(());
    };
    let log = LogFile::open(path, habits(format))
        .map_err(|source| TelemetryError::Unwritable { path: path.to_owned(), source })?;
    let log = Arc::clone(FILE.get_or_init(|| Arc::new(log)));
    if subscriber(filter, format, false, log)?.try_init().is_ok() {
        std::panic::set_hook(Box::new(tell_of_panic));
    }
    Ok(())
}

/// Waits until all lines are on the disk. Where they go elsewhere there is nothing to wait for.
pub fn finish() {
    if let Some(log) = FILE.get() {
        // There is nowhere left to say that it failed.
        let _unsaid = log.sync();
    }
}

fn habits(format: LogFormat) -> Habits {
    let missing = match format {
        LogFormat::Text => |lost| format!("{}  WARN {MISSING} lines={lost}", now()),
        LogFormat::Json => {
            |lost| format!(r#"{{"timestamp":"{}","level":"WARN","message":"{MISSING}","lines":{lost}}}"#, now())
        }
    };
    Habits { size_max: LOG_FILE_BYTES_MAX, kept: LOG_FILES_KEPT, missing }
}

/// What stands where lines are missing.
const MISSING: &str = "lines of this log could not be written";

fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A broken invariant is told where somebody will look for it: standard error is lost when there is a file.
fn tell_of_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let said: String = panic.payload_as_str().unwrap_or_default().chars().take(PANIC_CHARS_MAX).collect();
    tracing::error!(place, said, "an invariant is broken");
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
    fn a_file_gets_the_same_lines_without_colours() {
        let folder = tempfile::tempdir().expect("folder");
        for format in [LogFormat::Text, LogFormat::Json] {
            let path = folder.path().join("counterfoil.log");
            let log = Arc::new(LogFile::open(&path, habits(format)).expect("opened"));
            let subscriber = subscriber("info", format, false, Arc::clone(&log)).expect("filter");
            tracing::subscriber::with_default(subscriber, || {
                tracing::info!(target: "counterfoil::engine", company = "acme", "a session began");
                tracing::debug!(target: "counterfoil::engine", "hunter2");
                tracing::info!(target: "hyper", "hunter2");
            });
            log.sync().expect("on the disk");
            let text = std::fs::read_to_string(&path).expect("text");
            assert!(text.lines().count() == 1 && text.contains("a session began") && text.contains("acme"), "{text}");
            assert!(!text.contains('\u{1b}') && !text.contains("hunter2"), "{text}");
            std::fs::remove_file(&path).expect("removed");
        }
    }

    #[test]
    fn what_stands_for_missing_lines_is_a_line_of_the_same_format() {
        assert!((habits(LogFormat::Text).missing)(3).ends_with("WARN lines of this log could not be written lines=3"));
        let line: serde_json::Value = serde_json::from_str(&(habits(LogFormat::Json).missing)(3)).expect("JSON");
        assert_eq!((line["level"].as_str(), line["lines"].as_u64()), (Some("WARN"), Some(3)));
    }

    #[test]
    fn a_log_file_that_cannot_be_is_refused_by_its_name() {
        let folder = tempfile::tempdir().expect("folder");
        let error = start("info", LogFormat::Text, Some(folder.path())).expect_err("a folder");
        assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
    }

    #[test]
    fn a_filter_that_cannot_be_understood_is_refused() {
        let refused = |filter| subscriber(filter, LogFormat::Text, false, io::stderr).is_err();
        assert!(refused("counterfoil=loud"));
        assert!(refused("a=b=c"));
        assert!(!refused("info"));
    }
}
