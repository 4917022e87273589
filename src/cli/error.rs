//! What a command that failed says, and how it ends.

use crate::config::ConfigError;
use crate::engine::EngineError;
use crate::store::StoreError;
use crate::telemetry::TelemetryError;
use std::error::Error;
use std::fmt;
use std::process::ExitCode;

/// How a command that failed ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It could not be done.
    Failed,
    /// It was asked for in a way that cannot be.
    WrongUse,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Failed => Self::from(1),
            Exit::WrongUse => Self::from(2),
        }
    }
}

/// Why a command failed: one plain sentence, then its causes, one a line. Never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CliError {
    exit: Exit,
    text: String,
    causes: Vec<String>,
}

impl CliError {
    /// It could not be done.
    #[must_use]
    pub fn failed(text: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, text: text.into(), causes: Vec::new() }
    }

    /// It was asked for in a way that cannot be.
    #[must_use]
    pub fn wrong_use(text: impl Into<String>) -> Self {
        Self { exit: Exit::WrongUse, text: text.into(), causes: Vec::new() }
    }

    /// The same with a cause, and the causes of that.
    #[must_use]
    pub fn because(mut self, cause: &(dyn Error + 'static)) -> Self {
        let mut next = Some(cause);
        while let Some(error) = next {
            let cause = error.to_string();
            // Wrappers often repeat what they wrap.
            if self.causes.last() != Some(&cause) {
                self.causes.push(cause);
            }
            next = error.source();
        }
        self
    }

    /// How the process ends.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.exit
    }

    /// An error in the words of its own room, with its causes.
    fn of(exit: Exit, error: &(dyn Error + 'static)) -> Self {
        let said = Self { exit, text: error.to_string(), causes: Vec::new() };
        match error.source() {
            Some(cause) => said.because(cause),
            None => said,
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        self.causes.iter().try_for_each(|cause| write!(f, "\n  because: {cause}"))
    }
}

impl Error for CliError {}

impl From<EngineError> for CliError {
    fn from(error: EngineError) -> Self {
        let exit = match error {
            EngineError::Setting(_)
            | EngineError::BadAction(_)
            | EngineError::BadPerson(_)
            | EngineError::BadAlert(_) => Exit::WrongUse,
            _ => Exit::Failed,
        };
        Self::of(exit, &error)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::of(Exit::Failed, &error)
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        // The wrong value stands in the sentence already.
        match error {
            ConfigError::Unreadable { .. } => Self::of(Exit::WrongUse, &error),
            _ => Self::wrong_use(error.to_string()),
        }
    }
}

impl From<TelemetryError> for CliError {
    fn from(error: TelemetryError) -> Self {
        Self::of(Exit::WrongUse, &error)
    }
}
