//! `Faulty`: calls fail on purpose, by script or by a seeded chance, so that a program can be tried against it.

use std::time::Duration;

use parking_lot::Mutex;

use super::{Calls, Door, Pending};
use crate::api::{Error, Result};
use crate::entropy::Entropy;
use crate::registry::{Request, Response};

/// Failures that are wanted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// Which calls.
    pub calls: Calls,
    /// How many of them.
    pub occurrence: Occurrence,
    /// Whether they take effect nevertheless.
    pub moment: Moment,
    /// What the caller is told.
    pub error: Error,
}

impl Fault {
    /// So many of these calls fail with an error, before they do anything.
    pub fn new(calls: Calls, occurrence: Occurrence, error: Error) -> Fault {
        Fault { calls, occurrence, moment: Moment::Before, error }
    }

    /// At another moment.
    #[must_use]
    pub fn moment(self, moment: Moment) -> Fault {
        Fault { moment, ..self }
    }
}

/// How many of the calls fail.
#[non_exhaustive]
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Occurrence {
    /// The next ones, so many.
    Next(u64),
    /// Each with this probability, 0 to 1.
    Chance(f64),
}

/// When a call fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Moment {
    /// Before it does anything.
    Before,
    /// When it is done: its answer, also that of a call that fails by itself, is lost.
    After,
}

/// A door some of whose calls fail. The same seed and the same calls in the same order fail in the same way.
#[derive(Debug)]
pub struct Faulty<D> {
    door: D,
    chance: Entropy,
    faults: Mutex<Vec<Fault>>,
}

impl<D: Door> Faulty<D> {
    /// Puts failures before `door`: none until [`Faulty::inject`].
    pub fn new(door: D, seed: u64) -> Faulty<D> {
        Faulty { door, chance: Entropy::seeded(seed), faults: Mutex::default() }
    }

    /// Wants failures from now on. Where several faults are about a call, the one that was wanted first happens.
    pub fn inject(&self, fault: Fault) {
        self.faults.lock().push(fault);
    }

    /// Wants no more failures.
    pub fn clear(&self) {
        self.faults.lock().clear();
    }

    /// The failure of this call, if it is to fail.
    fn fault_of(&self, request: &Request) -> Option<(Moment, Error)> {
        let mut faults = self.faults.lock();
        let (at, fault) = faults
            .iter_mut()
            .enumerate()
            .filter(|(_, fault)| fault.calls.include(request))
            .find(|(_, fault)| self.happens(fault.occurrence))?;
        let told = (fault.moment, fault.error.clone());
        match &mut fault.occurrence {
            Occurrence::Chance(_) => {}
            Occurrence::Next(left) => {
                *left -= 1;
                if *left == 0 {
                    faults.remove(at);
                }
            }
        }
        Some(told)
    }

    fn happens(&self, occurrence: Occurrence) -> bool {
        match occurrence {
            Occurrence::Next(left) => left > 0,
            Occurrence::Chance(probability) => self.chance.happens(probability),
        }
    }
}

impl<D: Door> Door for Faulty<D> {
    fn call(&self, request: Request) -> Result<Response> {
        self.start(request).wait()
    }

    fn start(&self, request: Request) -> Pending {
        match self.fault_of(&request) {
            None => self.door.start(request),
            Some((Moment::Before, error)) => Pending::ready(Err(error)),
            Some((Moment::After, error)) => self.door.start(request).map(move |_| Err(error)),
        }
    }

    fn elapsed(&self) -> Duration {
        self.door.elapsed()
    }
}
