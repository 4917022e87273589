//! Being the service: what the service manager says, and what it is told.

use super::NAME;
use crate::cli::{CliError, Context, serve};
use crate::telemetry;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use windows_service::service::{
    ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle};
use windows_service::service_dispatcher;

/// The service manager calls a function without arguments of ours: what it needs lies here.
static CONTEXT: Mutex<Option<Context>> = Mutex::new(None);
/// How it went, for the process's exit code.
static OUTCOME: OnceLock<Result<(), CliError>> = OnceLock::new();

pub(super) fn run(context: Context) -> Result<(), CliError> {
    *CONTEXT.lock().unwrap_or_else(PoisonError::into_inner) = Some(context);
    service_dispatcher::start(NAME, service_main).map_err(|error| {
        CliError::wrong_use("“service run” is for the service manager; use “serve” to run the server by hand")
            .because(&error)
    })?;
    OUTCOME.get().cloned().unwrap_or(Ok(()))
}

/// Called by the service manager on a thread of its own. The arguments say nothing that is not known.
extern "system" fn service_main(_count: u32, _arguments: *mut *mut u16) {
    let Some(context) = CONTEXT.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    let (stop, stopped) = watch::channel(false);
    let control = move |event| match event {
        ServiceControl::Stop | ServiceControl::Shutdown => {
            stop.send_replace(true);
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    };
    let Ok(handle) = service_control_handler::register(NAME, control) else { return };
    tell(&handle, ServiceState::Running, 0);
    let outcome = serve::execute_until(&serve::Args::default(), &context, stopped);
    if let Err(error) = &outcome {
        tracing::error!(%error, "the service ended");
    }
    // The process may be ended as soon as the service manager knows.
    telemetry::finish();
    tell(&handle, ServiceState::Stopped, u32::from(outcome.is_err()));
    let _first = OUTCOME.set(outcome);
}

fn tell(handle: &ServiceStatusHandle, state: ServiceState, code: u32) {
    let accepted = match state {
        ServiceState::Running => ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN,
        _ => ServiceControlAccept::empty(),
    };
    let status = ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: accepted,
        exit_code: ServiceExitCode::Win32(code),
        checkpoint: 0,
        wait_hint: Duration::default(),
        process_id: None,
    };
    if let Err(error) = handle.set_service_status(status) {
        tracing::warn!(%error, "the service manager cannot be told how the service is");
    }
}
