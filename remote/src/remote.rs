//! `Remote`: a database elsewhere as a door.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use streamtable::api::DescribeEndpointsRequest;
use streamtable::door::{Door, Pending, ask};
use streamtable::unstable::entropy::Entropy;
use streamtable::{Database, Error, ErrorCode, OpenOptions, Request, Response, Result};

use crate::address::{Address, Peer, refuse};
use crate::capabilities::Capabilities;
use crate::client::{Asked, Bases, Client};
use crate::clock::System;
use crate::credentials::{Credentials, Environment, Keeper, Source};
use crate::endpoint::Choice;
use crate::pool::{IN_FLIGHT, Pool};
use crate::retry::Retry;
use crate::transport::Http;

/// The region that requests to a server are signed for where none is named.
const SIGNED_REGION: &str = "us-east-1";

/// What a program gives besides an address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Where credentials come from; what follows from the address where none is given: the chain for Amazon DynamoDB; for other servers the key
    /// in the address, or those of the profile that it names, and otherwise words that anybody may use.
    pub credentials: Option<Source>,
    /// The environment.
    pub environment: Environment,
    /// Seeds what is left to chance, which is how long to wait; the operating system without one.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Options {
        Options { credentials: None, environment: Environment::of_process(), seed: None }
    }
}

impl Options {
    /// Credentials of the program's own.
    #[must_use]
    pub fn credentials(self, source: Source) -> Options {
        Options { credentials: Some(source), ..self }
    }

    /// Another environment than that of the process.
    #[must_use]
    pub fn environment(self, environment: Environment) -> Options {
        Options { environment, ..self }
    }
}

/// A database elsewhere. Threads may share it. Nothing is sent before it is asked for something.
///
/// Each caller's requests are sent by the thread that asks, or by a thread of the door where they are started; those that are on their way at the
/// same time take effect in any order. A request whose answer is lost is sent again only where a second one changes nothing more; otherwise
/// it ends in `OutcomeUnknownException`. A token (`ClientRequestToken`) lets a transaction be sent again.
///
/// A forked process may not use the door of its parent: its threads are there.
#[derive(Debug)]
pub struct Remote {
    client: Arc<Client>,
    pool: Pool,
    capabilities: OnceLock<Capabilities>,
    region: OnceLock<String>,
}

impl Remote {
    /// Opens an address, with the credentials that follow from it.
    ///
    /// # Errors
    /// `OpenException` for a text that is no address, or Amazon DynamoDB without a region.
    pub fn open(address: &str) -> Result<Remote> {
        Remote::new(&Address::parse(address)?, Options::default())
    }

    /// Opens an address.
    ///
    /// # Errors
    /// As [`Remote::open`].
    pub fn new(address: &Address, options: Options) -> Result<Remote> {
        let Options { credentials, environment, seed } = options;
        let environment = environment.with_profile(address.settings.profile.clone());
        let source = credentials.unwrap_or_else(|| source(address, &environment));
        let bases = bases(address, &environment, &source)?;
        let client = Client {
            transport: Box::new(Http::new(address, &environment)?),
            bases,
            shown: address.shown(),
            credentials: Keeper::new(source),
            retry: Retry::new(address.settings.attempts),
            patience: address.settings.timeout,
            clock: Box::new(System::new()),
            entropy: seed.map_or_else(Entropy::from_system, |seed| Ok(Entropy::seeded(seed)))?,
            skew: AtomicI64::new(0),
            is_closed: AtomicBool::new(false),
        };
        Ok(Remote::over(client, address.settings.in_flight.unwrap_or(IN_FLIGHT)))
    }

    pub(crate) fn over(client: Client, in_flight: u32) -> Remote {
        let (capabilities, region) = (OnceLock::new(), OnceLock::new());
        Remote { client: Arc::new(client), pool: Pool::new(in_flight), capabilities, region }
    }

    /// The address, without its settings.
    pub fn address(&self) -> &str {
        &self.client.shown
    }

    /// Runs an operation with JSON text in and out, as the protocol has it. Nothing of it is read here: operations that this version does not know
    /// are sent to the target of tables, and members pass as they are.
    ///
    /// # Errors
    /// The operation's; `EndpointUnreachableException`, `OutcomeUnknownException`, `CredentialsException`.
    pub fn call_json(&self, operation: &str, body: &[u8]) -> Result<Vec<u8>> {
        self.client.ask(&Asked::of(operation, false), body)
    }

    /// What the other side can do: asked the first time.
    ///
    /// # Errors
    /// As [`Remote::call_json`].
    pub fn capabilities(&self) -> Result<Capabilities> {
        if let Some(known) = self.capabilities.get() {
            return Ok(*known);
        }
        let found = Capabilities::probe(self)?;
        Ok(*self.capabilities.get_or_init(|| found))
    }

    /// The region: of the address, the environment, or what the other side tells, which is asked once.
    ///
    /// # Errors
    /// As [`Remote::call_json`], where it has to be asked.
    pub fn region(&self) -> Result<&str> {
        if let Some(region) = &self.client.bases.region {
            return Ok(region);
        }
        if let Some(known) = self.region.get() {
            return Ok(known);
        }
        let told = ask(self, DescribeEndpointsRequest::default())?.endpoints;
        let address = told.into_iter().flatten().next().and_then(|endpoint| endpoint.address);
        let region = address.as_deref().and_then(|host| host.split('.').nth(1));
        let region = region.ok_or_else(|| {
            Error::new(ErrorCode::InternalServer, format!("{} does not tell its region", self.address()))
        })?;
        Ok(self.region.get_or_init(|| region.to_owned()))
    }

    /// Closes the door: later calls answer `DatabaseClosedException`; those that are on their way end. The database elsewhere goes on.
    pub fn close(&self) {
        self.client.is_closed.store(true, Ordering::Relaxed);
    }
}

/// Where an address leads.
fn bases(address: &Address, environment: &Environment, source: &Source) -> Result<Bases> {
    let settings = &address.settings;
    let one = |url: &str| {
        // Who anybody may be need not be proved, so that nothing is signed for a region that nobody named.
        let of_signer = || match source {
            Source::Anybody => None,
            Source::Chain(_) => environment.region().or_else(|| Some(SIGNED_REGION.to_owned())),
            _ => Some(SIGNED_REGION.to_owned()),
        };
        let region = settings.region.clone().or_else(of_signer);
        Bases { tables: url.to_owned(), streams: url.to_owned(), is_service: false, region }
    };
    let named = match &address.peer {
        Peer::Server(url) => return Ok(one(url)),
        Peer::Socket(_) => return Ok(one("http://localhost")),
        Peer::Service(named) => named.clone().or_else(|| settings.region.clone()),
    };
    let region = named.or_else(|| environment.region()).ok_or_else(|| {
        refuse(
            "No region: name it in the address, as in dynamodb://eu-west-1, in AWS_REGION or in the profile",
        )
    })?;
    let is_true = |name| environment.is_true(name);
    let choice = Choice {
        region: &region,
        fips: settings.fips || is_true("AWS_USE_FIPS_ENDPOINT"),
        dual_stack: settings.dual_stack || is_true("AWS_USE_DUALSTACK_ENDPOINT"),
        account: settings.account.as_deref(),
    };
    Ok(Bases {
        tables: choice.tables(),
        streams: choice.streams(),
        is_service: true,
        region: Some(choice.signed_region().to_owned()),
    })
}

/// Where credentials come from when nobody says. Those of the environment are for the service alone: nobody else is shown them unasked.
fn source(address: &Address, environment: &Environment) -> Source {
    match (&address.peer, &address.key) {
        (_, Some((id, secret))) => Source::Static(Credentials::new(id, secret)),
        (Peer::Service(_), None) => Source::Chain(environment.clone()),
        // Who names a profile means its credentials.
        _ if address.settings.profile.is_some() => Source::Chain(environment.clone()),
        _ => Source::Anybody,
    }
}

/// What is wrong with a request that has no form in JSON, because it holds a value that no item can have. Nearly all operations look at their
/// values before they look for a table, so that a database without one finds the words.
fn refusal(request: &Request, why: &serde_json::Error) -> Error {
    let answer =
        Database::memory(OpenOptions::deterministic()).and_then(|empty| empty.execute(request.clone()));
    let is_about_values =
        |error: &Error| [ErrorCode::Validation, ErrorCode::Serialization].contains(&error.code());
    answer.err().filter(is_about_values).unwrap_or_else(|| {
        Error::new(ErrorCode::Validation, format!("One or more parameter values were invalid: {why}"))
    })
}

impl Client {
    fn call(&self, request: &Request) -> Result<Response> {
        let operation = request.operation();
        let body = serde_json::to_vec(request).map_err(|why| refusal(request, &why))?;
        let has_token = request.text_member("ClientRequestToken").is_some();
        let answer = self.ask(&Asked::of(operation, has_token), &body)?;
        Response::from_json(operation, &answer)
    }
}

impl Door for Remote {
    fn call(&self, request: Request) -> Result<Response> {
        self.client.call(&request)
    }

    fn start(&self, request: Request) -> Pending {
        let client = Arc::clone(&self.client);
        self.pool.start(move || client.call(&request))
    }

    fn elapsed(&self) -> Duration {
        self.client.clock.elapsed()
    }
}
