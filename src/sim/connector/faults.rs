//! What can go wrong between QuickBooks and the service, each fault fired when asked.
//!
//! A fault is planned for a moment: the n-th SOAP call or the n-th qbXML request of this connector's life (counted from 1), or
//! whenever a function says so. A planned fault fires once, a function decides every time. [`ConnectorFaults::fired`] tells
//! which did, so that a test can prove that its fault really happened.

use std::fmt;

use crate::sim::quickbooks::HResult;

/// One kind of fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// QuickBooks has done the work, but the session dies before `receiveResponseXML`.
    LoseAnswer,
    /// The session dies after `sendRequestXML`, before QuickBooks sees the request.
    CutBeforeExecution,
    /// `receiveResponseXML` is delivered twice.
    ReceiveTwice,
    /// The last `receiveResponseXML` is delivered again after `closeConnection`.
    ReceiveAfterClose,
    /// `sendRequestXML` is delivered twice, and the second answer is used.
    SendTwice,
    /// Only the first part of QuickBooks' answer arrives, in percent.
    Truncate(u8),
    /// QuickBooks' answer arrives with its tags damaged.
    Garble,
    /// QuickBooks fails with an HRESULT after it did the work.
    HResultAfter(HResult),
    /// QuickBooks fails with an HRESULT and has done nothing.
    HResultInstead(HResult),
    /// Opening the company file fails.
    CannotOpen(HResult),
    /// The connector dies right after this call was answered.
    CutAfterCall,
    /// The connector dies after the request of this call left; its answer is lost.
    CutDuringCall,
}

/// A moment at which a fault might fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment<'a> {
    /// Number of the present SOAP call, from 1.
    pub call: u64,
    /// Number of the present qbXML request, from 1; 0 before the first.
    pub request: u64,
    /// Name of the operation.
    pub operation: &'a str,
}

/// When a planned fault fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At the first chance from this SOAP call on.
    Call(u64),
    /// At the first chance from this qbXML request on.
    Request(u64),
    /// At the first chance from now on.
    Next,
}

type Decide = Box<dyn FnMut(&Fault, Moment<'_>) -> bool + Send>;

/// The faults a connector is to have.
#[derive(Default)]
pub struct ConnectorFaults {
    planned: Vec<(When, Fault)>,
    drawn: Vec<(Fault, Decide)>,
    /// Every fault that fired, in order.
    pub fired: Vec<Fault>,
}

impl fmt::Debug for ConnectorFaults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ConnectorFaults")
            .field("planned", &self.planned)
            .field("drawn", &self.drawn.len())
            .field("fired", &self.fired)
            .finish()
    }
}

impl ConnectorFaults {
    /// Plans a fault for once.
    pub fn plan(&mut self, when: When, fault: Fault) {
        self.planned.push((when, fault));
    }

    /// Lets a function decide at every chance whether the fault fires.
    pub fn draw(&mut self, fault: Fault, decide: impl FnMut(&Fault, Moment<'_>) -> bool + Send + 'static) {
        self.drawn.push((fault, Box::new(decide)));
    }

    /// Takes all faults away.
    pub fn clear(&mut self) {
        self.planned.clear();
        self.drawn.clear();
    }

    /// Asks whether one of some kinds of fault fires at this moment.
    pub(super) fn strike(&mut self, moment: Moment<'_>, kind: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let due = |when: &When| match *when {
            When::Call(call) => moment.call >= call,
            When::Request(request) => moment.request >= request,
            When::Next => true,
        };
        let planned = self.planned.iter().position(|(when, fault)| kind(fault) && due(when));
        let fault = match planned {
            Some(index) => Some(self.planned.remove(index).1),
            None => self
                .drawn
                .iter_mut()
                .find_map(|(fault, decide)| (kind(fault) && decide(fault, moment)).then(|| fault.clone())),
        };
        self.fired.extend(fault.clone());
        fault
    }
}

/// QuickBooks' answer as it arrives when only a part does.
pub(super) fn truncated(answer: &str, percent: u8) -> String {
    let wanted = answer.len() * usize::from(percent.min(99)) / 100;
    let end = (0..=wanted).rev().find(|end| answer.is_char_boundary(*end)).unwrap_or(0);
    answer[..end].to_owned()
}

/// QuickBooks' answer with every seventh tag damaged.
pub(super) fn garbled(answer: &str) -> String {
    let mut count = 0;
    answer
        .chars()
        .map(|character| {
            count += usize::from(character == '<');
            if character == '<' && count % 7 == 3 { '\u{a4}' } else { character }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Moment<'static> = Moment { call: 5, request: 2, operation: "sendRequestXML" };

    #[test]
    fn planned_faults_fire_once_when_they_are_due() {
        let mut faults = ConnectorFaults::default();
        faults.plan(When::Call(6), Fault::SendTwice);
        faults.plan(When::Request(2), Fault::LoseAnswer);
        assert_eq!(faults.strike(MOMENT, |fault| *fault == Fault::SendTwice), None, "not due");
        assert_eq!(faults.strike(MOMENT, |_| true), Some(Fault::LoseAnswer));
        assert_eq!(faults.strike(MOMENT, |_| true), None, "once");
        assert_eq!(faults.strike(Moment { call: 9, ..MOMENT }, |_| true), Some(Fault::SendTwice));
        assert_eq!(faults.fired, [Fault::LoseAnswer, Fault::SendTwice]);
    }

    #[test]
    fn drawn_faults_are_decided_every_time() {
        let mut faults = ConnectorFaults::default();
        let mut chances = 0;
        faults.draw(Fault::Garble, move |_, _| {
            chances += 1;
            chances % 2 == 0
        });
        let fired: Vec<bool> = (0..4).map(|_| faults.strike(MOMENT, |_| true).is_some()).collect();
        assert_eq!(fired, [false, true, false, true]);
    }

    #[test]
    fn damage_never_splits_a_character() {
        let answer = "<a>é</a>";
        for percent in 0..=100 {
            assert!(answer.starts_with(&truncated(answer, percent)));
        }
        assert_ne!(garbled("<a><b><c><d><e><f><g>"), "<a><b><c><d><e><f><g>");
    }
}
