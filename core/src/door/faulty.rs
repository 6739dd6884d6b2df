//! `Faulty`: calls of any door fail on purpose, by the scripts that databases take.

use std::time::Duration;

use super::{Door, Pending};
use crate::api::message::fault as text;
use crate::api::{
    DescribeFaultsInput, DescribeFaultsOutput, Enumeration, Error, FaultEffect, Result, SetFaultsInput, Shape,
};
use crate::clock::millis;
use crate::database::disturbed;
use crate::engine::Faults;
use crate::operation::faults;
use crate::registry::{self, Request, Response};

/// A door some of whose calls fail, by a script as a database takes it ([`SetFaultsInput`]), of faults whose effect is `FAIL`: what else there
/// is happens inside a database. The same script does the same to the same calls in the same order. Nobody but its database knows what an
/// iterator is about, so a fault with a table or a shard is not about GetRecords.
///
/// ```
/// use streamtable::api::{Fault, FaultEffect, FaultError, ListTablesInput, SetFaultsInput};
/// use streamtable::door::{Faulty, ask};
/// use streamtable::{Database, OpenOptions};
///
/// let door = Faulty::new(Database::memory(OpenOptions::deterministic())?);
/// let error = FaultError { code: Some("ThrottlingException".into()), ..FaultError::default() };
/// let once = Fault {
///     effect: Some(FaultEffect::Fail.into()),
///     error: Some(error),
///     times: Some(1),
///     ..Fault::default()
/// };
/// door.set(&SetFaultsInput { faults: Some(vec![once]), seed: None })?;
/// assert!(ask(&door, ListTablesInput::default()).is_err());
/// assert!(ask(&door, ListTablesInput::default()).is_ok());
/// # Ok::<(), streamtable::api::Error>(())
/// ```
#[derive(Debug)]
pub struct Faulty<D> {
    door: D,
    faults: Faults,
}

impl<D: Door> Faulty<D> {
    /// Puts failures before `door`: none until [`Faulty::set`].
    pub fn new(door: D) -> Faulty<D> {
        Faulty { door, faults: Faults::default() }
    }

    /// Has calls fail from now on, in the place of those that did before; none with an empty list.
    ///
    /// # Errors
    /// `ValidationException` as of SetFaults, and for an effect other than `FAIL`.
    pub fn set(&self, script: &SetFaultsInput) -> Result<()> {
        let input = script.valid()?;
        let planned = faults::planned(&input, |name| registry::operation(name).map(|known| known.name))?;
        if let Some(at) = planned.iter().position(|fault| fault.effect != FaultEffect::Fail) {
            return Err(Error::validation(text::not_outside(at, planned[at].effect.name())));
        }
        self.faults.set(input.seed.unwrap_or(0), planned);
        Ok(())
    }

    /// Tells the faults and what they did; `At` is milliseconds of [`Door::elapsed`].
    ///
    /// # Errors
    /// `ValidationException` as of DescribeFaults.
    pub fn describe(&self, input: &DescribeFaultsInput) -> Result<DescribeFaultsOutput> {
        Ok(faults::told_of(&self.faults, &input.valid()?))
    }

    /// The failure of this call, if it is to fail, and whether it is done before.
    fn fault_of(&self, request: &Request) -> Option<(Error, bool)> {
        if !self.faults.may_be_about(request.operation()) {
            return None;
        }
        let subject = disturbed::subject(request);
        let chosen = self.faults.choose(&subject)?;
        let error = chosen.fault.error.clone()?;
        let is_after = chosen.fault.is_after;
        let code = error.code().name();
        let done = if is_after { format!("{code} in place of its answer") } else { code.to_owned() };
        self.faults.note(&chosen, &subject, millis(self.elapsed()), Some(done));
        Some((error, is_after))
    }
}

impl<D: Door> Door for Faulty<D> {
    fn call(&self, request: Request) -> Result<Response> {
        self.start(request).wait()
    }

    fn start(&self, request: Request) -> Pending {
        match self.fault_of(&request) {
            None => self.door.start(request),
            Some((error, false)) => Pending::ready(Err(error)),
            Some((error, true)) => self.door.start(request).map(move |_| Err(error)),
        }
    }

    fn elapsed(&self) -> Duration {
        self.door.elapsed()
    }
}
