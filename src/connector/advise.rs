//! HRESULTs in plain words.

use qbwc::{HResult, HResultKind};

/// What a person is told, and what the server may conclude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What is wrong and what to do, in one or two sentences.
    pub text: &'static str,
    /// It is certain that nothing of the message set ran.
    pub nothing_ran: bool,
    /// The session cannot go on.
    pub ends_session: bool,
}

/// Reads an HRESULT that the connector reported (`qbwc.md` 3, table of HRESULTs).
#[must_use]
pub fn advise(hresult: &HResult) -> Advice {
    use HResultKind as K;
    let kind = hresult.kind();
    let text = match kind {
        K::RequestNotParsed => "QuickBooks could not read a request. The change at fault is being singled out.",
        K::NoAccess => "QuickBooks could not be reached. The next update tries again.",
        K::CannotStart => {
            "QuickBooks could not be started. Open QuickBooks as the same Windows user as the Web Connector."
        }
        K::OtherCompanyOpen => "Another company file is open in QuickBooks. Open the right one, then update again.",
        K::SessionLost | K::ServerUnavailable => {
            "QuickBooks was closed or stopped during the update. The next update finds out what was done."
        }
        K::OpenInOtherMode => {
            "The company file is open in another mode (single or multi user). Switch the mode or close it elsewhere."
        }
        K::DialogOpen => "A dialog is open in QuickBooks. Close all its dialogs, then update again.",
        K::NotRunning => "QuickBooks is not running. Open the company file, then update again.",
        K::NoCompanyOpen => "No company file is open in QuickBooks. Open it, then update again.",
        K::NeverAuthorised => {
            "QuickBooks has not authorised this application for the file. Open the file as Admin and allow it."
        }
        K::NoPermission => {
            "The application has no permission in this file. See Edit, Preferences, Integrated Applications."
        }
        K::AutomaticLoginForbidden => {
            "QuickBooks does not let the application log in by itself. See Preferences, Integrated Applications."
        }
        K::AccessDenied => "Access was refused in QuickBooks. Update again and allow it.",
        K::FileShared => {
            "QuickBooks needs the file in single-user mode for this. Try again when nobody else has it open."
        }
        K::NotLockable => "Something in QuickBooks is locked by another user. The next update tries again.",
        K::EditionUnsupported => "This edition of QuickBooks cannot work with other applications.",
        K::VersionUnsupported => {
            "This QuickBooks does not know the form of a request. Update QuickBooks to its latest release."
        }
        K::StillStarting => "QuickBooks is still starting. The next update tries again.",
        K::Unregistered => "This QuickBooks is not registered. Register it, then update again.",
        _ => "QuickBooks reported an error. The next update tries again.",
    };
    // An unknown version would be refused for every record alike: that ends the session instead of splitting sets.
    let nothing_ran = kind == K::RequestNotParsed;
    Advice { text, nothing_ran, ends_session: !nothing_ran }
}
