//! Things that go wrong between two computers, each with its own switch.
//!
//! A scripted fault happens once, at the call it names; rates make faults happen at random, by the organisation's seed.
//! What was injected is kept, so that a test can tell that its fault really happened.

use super::random::Random;
use std::time::Duration;

/// Which calls a fault applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Every call.
    Any,
    /// `Login`.
    Login,
    /// `Crud/Read`.
    Read,
    /// `List`.
    List,
    /// Create, Update, Delete and Undelete, single and bulk, recording payments, and setting balances.
    Write,
    /// Calls whose path contains this.
    Path(&'static str),
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The connection is cut before anything is done.
    LostBefore,
    /// Everything is done, then the connection is cut.
    LostAfter,
    /// A maintenance page; nothing is done.
    Html,
    /// Everything is done, and half of the answer comes.
    Truncated,
    /// An HTTP status with a few words; nothing is done.
    Status(u16),
    /// The answer takes this long; everything is done at once.
    Slow(Duration),
    /// All sessions are gone.
    SessionKilled,
    /// This error code; nothing is done.
    Code(&'static str),
    /// An answer of this many bytes.
    Oversize(usize),
    /// A redirect to somewhere else.
    Redirect,
    /// After the answer, somebody edits the first row of it, so that later pages move.
    EditListedRow,
}

/// A fault that will happen once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which calls it applies to.
    pub on: On,
    /// How many of these calls go well first.
    pub skip: u32,
    /// What happens then.
    pub kind: FaultKind,
}

/// The faults of one organisation.
#[derive(Clone, Debug, Default)]
pub struct Hazards {
    script: Vec<Fault>,
    rates: Vec<(On, FaultKind, u32)>,
    injected: Vec<(String, FaultKind)>,
}

impl Hazards {
    /// Adds a fault that happens at the next such call.
    pub fn once(&mut self, on: On, kind: FaultKind) {
        self.script.push(Fault { on, skip: 0, kind });
    }

    /// Adds a fault.
    pub fn add(&mut self, fault: Fault) {
        self.script.push(fault);
    }

    /// Lets a fault happen in so many of a thousand such calls.
    pub fn rate(&mut self, on: On, kind: FaultKind, per_mille: u32) {
        self.rates.push((on, kind, per_mille));
    }

    /// No more faults from now on.
    pub fn calm(&mut self) {
        self.script.clear();
        self.rates.clear();
    }

    /// Path and kind of every fault that happened.
    #[must_use]
    pub fn injected(&self) -> &[(String, FaultKind)] {
        &self.injected
    }

    /// The same, and forgets them.
    pub fn take_injected(&mut self) -> Vec<(String, FaultKind)> {
        std::mem::take(&mut self.injected)
    }

    /// The fault for this call, if there is one.
    pub(crate) fn take(&mut self, path: &str, random: &mut Random) -> Option<FaultKind> {
        let kind = self.scripted(path).or_else(|| self.by_chance(path, random))?;
        self.injected.push((path.to_owned(), kind));
        Some(kind)
    }

    fn scripted(&mut self, path: &str) -> Option<FaultKind> {
        let mut due = None;
        for (index, fault) in self.script.iter_mut().enumerate().filter(|(_, fault)| fault.on.matches(path)) {
            if fault.skip == 0 {
                due = due.or(Some(index));
            } else {
                fault.skip -= 1;
            }
        }
        due.map(|index| self.script.remove(index).kind)
    }

    fn by_chance(&self, path: &str, random: &mut Random) -> Option<FaultKind> {
        let candidates = self.rates.iter().filter(|(on, _, _)| on.matches(path));
        candidates.fold(None, |found, (_, kind, per_mille)| {
            // Always drawn, so that one fault more does not shift the others.
            let happens = random.chance(*per_mille);
            found.or(happens.then_some(*kind))
        })
    }
}

impl On {
    fn matches(self, path: &str) -> bool {
        let crud =
            ["Create", "Update", "Delete", "Undelete"].iter().any(|verb| path.contains(&format!("Crud/{verb}/")));
        let write = crud || path.starts_with("RecordA") || path.starts_with("SetBankBalance");
        match self {
            Self::Any => true,
            Self::Login => path.starts_with("Login"),
            Self::Read => path.starts_with("Crud/Read/"),
            Self::List => path.starts_with("List/"),
            Self::Write => write,
            Self::Path(part) => path.contains(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripted_faults_happen_once_and_where_they_belong() {
        let mut hazards = Hazards::default();
        let mut random = Random::new(1);
        hazards.add(Fault { on: On::List, skip: 1, kind: FaultKind::Html });
        hazards.once(On::Write, FaultKind::LostAfter);
        assert_eq!(hazards.take("List/Vendor.json", &mut random), None);
        assert_eq!(hazards.take("Bulk/Crud/Undelete/Vendor.json", &mut random), Some(FaultKind::LostAfter));
        assert_eq!(hazards.take("Crud/Create/Vendor.json", &mut random), None);
        assert_eq!(hazards.take("List/Vendor.json", &mut random), Some(FaultKind::Html));
        assert_eq!(hazards.take("List/Vendor.json", &mut random), None);
        assert_eq!(hazards.injected().len(), 2);
    }
}
