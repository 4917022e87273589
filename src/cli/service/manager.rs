//! Registering the service, and taking it back.

use super::NAME;
use crate::cli::CliError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use windows_service::service::{
    ServiceAccess, ServiceAction, ServiceActionType, ServiceErrorControl, ServiceFailureActions,
    ServiceFailureResetPeriod, ServiceInfo, ServiceStartType, ServiceState, ServiceType,
};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

/// The account: it may use the network and its own folder.
const ACCOUNT: &str = "NT AUTHORITY\\LocalService";

/// Time the service gets to stop: the server ends within 10 s of being told to.
const STOP_MAX: Duration = Duration::from_secs(20);

fn failed(what: &'static str) -> impl Fn(windows_service::Error) -> CliError {
    move |error| CliError::failed(format!("{what}; is this terminal run as Administrator?")).because(&error)
}

/// Where a service keeps its things.
fn home() -> PathBuf {
    let base = std::env::var_os("ProgramData").map_or_else(|| PathBuf::from("C:\\ProgramData"), PathBuf::from);
    base.join(NAME)
}

pub(super) fn install(settings: Option<&Path>) -> Result<(), CliError> {
    let home = home();
    let settings = settings.map_or_else(|| home.join("counterfoil.toml"), Path::to_owned);
    prepare(&home, &settings)?;
    let program = std::env::current_exe()
        .map_err(|error| CliError::failed("this program's path is not known").because(&error))?;
    let manager = ServiceManager::local_computer(
        None::<&str>,
        ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE,
    )
    .map_err(failed("the service manager cannot be reached"))?;
    let info = ServiceInfo {
        name: OsString::from(NAME),
        display_name: OsString::from("Counterfoil"),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: program,
        launch_arguments: vec!["--config".into(), settings.clone().into(), "service".into(), "run".into()],
        dependencies: Vec::new(),
        account_name: Some(OsString::from(ACCOUNT)),
        account_password: None,
    };
    let access = ServiceAccess::CHANGE_CONFIG | ServiceAccess::START;
    let service = manager.create_service(&info, access).map_err(failed("the service cannot be registered"))?;
    let described = service.set_description("Keeps Bill.com and QuickBooks Desktop in step.");
    described
        .and_then(|()| service.update_failure_actions(again()))
        .map_err(failed("the service cannot be described"))?;
    service.start::<&str>(&[]).map_err(failed("the service is registered but did not start"))?;
    println_plain(&told(&settings, &home))
}

/// What runs, where its things are, and how somebody gets in: the one-time link is printed where nobody sees it.
fn told(settings: &Path, home: &Path) -> String {
    let (settings, data, log) = (settings.display(), home.join("data"), home.join("data").join("logs"));
    format!(
        "The service {NAME} runs and starts with Windows.\nSettings: {settings}\nData: {}\nLog: {}\nLet the first owner in with: \
         counterfoil --config \"{settings}\" user add NAME --role owner\n",
        data.display(),
        log.join("counterfoil.log").display()
    )
}

/// After a crash the service is started again: at once, then after a minute.
fn again() -> ServiceFailureActions {
    let restart =
        |seconds| ServiceAction { action_type: ServiceActionType::Restart, delay: Duration::from_secs(seconds) };
    ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(Duration::from_secs(24 * 60 * 60)),
        reboot_msg: None,
        command: None,
        actions: Some(vec![restart(5), restart(60), restart(60)]),
    }
}

/// Makes the folder, which only Administrators and the service's account may use, and settings to begin with.
fn prepare(home: &Path, settings: &Path) -> Result<(), CliError> {
    let unusable =
        |error: &std::io::Error| CliError::failed(format!("{} cannot be made", home.display())).because(error);
    std::fs::create_dir_all(home.join("data")).map_err(|error| unusable(&error))?;
    if !settings.exists() {
        let data = home.join("data");
        let text = format!("data = '{}'\nlisten = \"127.0.0.1:8080\"\n", data.display());
        std::fs::write(settings, text).map_err(|error| unusable(&error))?;
    }
    // By numbers, because the names of these groups are translated: SYSTEM, Administrators, Local Service.
    let rights = ["*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F", "*S-1-5-19:(OI)(CI)F"];
    let mut command = std::process::Command::new("icacls");
    command.arg(home).arg("/inheritance:r");
    for right in rights {
        command.arg("/grant:r").arg(right);
    }
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(_) => Err(CliError::failed(format!(
            "the rights of {} cannot be set; is this terminal run as Administrator?",
            home.display()
        ))),
        Err(error) => Err(CliError::failed("icacls cannot be run").because(&error)),
    }
}

pub(super) fn uninstall() -> Result<(), CliError> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)
        .map_err(failed("the service manager cannot be reached"))?;
    let access = ServiceAccess::QUERY_STATUS | ServiceAccess::STOP | ServiceAccess::DELETE;
    let service = manager.open_service(NAME, access).map_err(failed("the service cannot be opened"))?;
    let state =
        || service.query_status().map(|status| status.current_state).map_err(failed("the service cannot be asked"));
    if state()? != ServiceState::Stopped {
        service.stop().map_err(failed("the service cannot be stopped"))?;
    }
    let began = Instant::now();
    while state()? != ServiceState::Stopped && began.elapsed() < STOP_MAX {
        std::thread::sleep(Duration::from_millis(250));
    }
    service.delete().map_err(failed("the service cannot be unregistered"))?;
    println_plain(&format!("The service is unregistered. The data stays in {}.\n", home().display()))
}

fn println_plain(text: &str) -> Result<(), CliError> {
    crate::cli::print::Printed::text(text).print()
}
