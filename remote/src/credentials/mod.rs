//! Credentials: what requests are signed with, and where they come from.
//!
//! A program that has credentials hands over a callback ([`Source::Callback`]): single sign-on, roles and what a company has of its own then work
//! as in the rest of the program. Built in are those ways that need no other service: the environment, the shared files, a process, a container's
//! endpoint and an instance's.

mod environment;
mod fetched;
mod files;
mod json;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use streamtable::{Error, ErrorCode, Result};

pub use environment::Environment;

/// How long before they expire credentials are got anew, milliseconds.
const RENEW_BEFORE_MS: u64 = 5 * 60 * 1000;

/// What a request is signed with.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// Identity of the access key.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Token of a session, of credentials that last for a time.
    pub token: Option<String>,
    /// When they expire, epoch milliseconds.
    pub expires_at: Option<u64>,
    /// The account that they are of, where that is told.
    pub account: Option<String>,
}

impl Credentials {
    /// Credentials that last.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Credentials {
        Credentials { id: id.into(), secret: secret.into(), token: None, expires_at: None, account: None }
    }

    /// The same with the token of a session.
    pub fn with_token(self, token: Option<String>) -> Credentials {
        Credentials { token, ..self }
    }

    fn are_good_at(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|until| now < until)
    }

    fn are_to_be_renewed_at(&self, now: u64) -> bool {
        self.expires_at.is_some_and(|until| until <= now.saturating_add(RENEW_BEFORE_MS))
    }
}

/// Secrets are not shown.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What a program gives its credentials with.
pub type Callback = dyn Fn() -> Result<Credentials> + Send + Sync;

/// Where credentials come from.
#[derive(Clone)]
#[non_exhaustive]
pub enum Source {
    /// These.
    Static(Credentials),
    /// Asked before each request; it keeps what is costly to get.
    Callback(Arc<Callback>),
    /// The first that is there: the environment, the shared files with a process that they name, a container's endpoint, an instance's. In
    /// which order and under which names is as the service's own SDKs have it.
    Chain(Environment),
    /// Words that anybody may use: for servers that believe everybody.
    Anybody,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::Static(_) => "Static",
            Source::Callback(_) => "Callback",
            Source::Chain(_) => "Chain",
            Source::Anybody => "Anybody",
        })
    }
}

/// The words of anybody.
const ANYBODY: &str = "streamtable";

impl Source {
    /// Asks for credentials.
    fn ask(&self) -> Result<Credentials> {
        match self {
            Source::Static(credentials) => Ok(credentials.clone()),
            Source::Callback(callback) => callback(),
            Source::Chain(environment) => chain(environment),
            Source::Anybody => Ok(Credentials::new(ANYBODY, ANYBODY)),
        }
    }
}

/// Asks one after the other.
fn chain(environment: &Environment) -> Result<Credentials> {
    // A profile that was asked for by name goes before the environment.
    if environment.profile_is_chosen() {
        return files::credentials(environment)?.ok_or_else(|| {
            let profile = environment.profile();
            missing(format!("There are no credentials in the profile {profile:?} of the shared files"))
        });
    }
    if let Some(found) = environment.credentials() {
        return Ok(found);
    }
    if let Some(found) = files::credentials(environment)? {
        return Ok(found);
    }
    if let Some(found) = fetched::from_container(environment)? {
        return Ok(found);
    }
    fetched::from_instance(environment)?.ok_or_else(|| {
        missing(
            "There are no credentials: none in the environment, the shared files, of a container or an instance. \
             Name a profile in the address, or hand over credentials",
        )
    })
}

/// Credentials cannot be had.
pub(crate) fn missing(why: impl Into<String>) -> Error {
    Error::new(ErrorCode::Credentials, why)
}

/// A source, and what it told last.
#[derive(Debug)]
pub(crate) struct Keeper {
    source: Source,
    kept: Mutex<Option<Credentials>>,
}

impl Keeper {
    pub(crate) fn new(source: Source) -> Keeper {
        Keeper { source, kept: Mutex::new(None) }
    }

    /// Credentials that are good at a moment, epoch milliseconds.
    ///
    /// # Errors
    /// `CredentialsException`.
    pub(crate) fn get(&self, now: u64) -> Result<Credentials> {
        if let Source::Callback(callback) = &self.source {
            return callback();
        }
        // One asks, and those who come meanwhile wait for its answer.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.as_ref().filter(|known| !known.are_to_be_renewed_at(now)) {
            return Ok(known.clone());
        }
        match self.source.ask() {
            Ok(fresh) => Ok(kept.insert(fresh).clone()),
            // The old ones last a little longer.
            Err(why) => kept.clone().filter(|known| known.are_good_at(now)).ok_or(why),
        }
    }

    /// Forgets credentials that were refused; whether others may come.
    pub(crate) fn forget(&self) -> bool {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
        !matches!(self.source, Source::Static(_) | Source::Anybody)
    }
}

#[cfg(test)]
mod tests;
