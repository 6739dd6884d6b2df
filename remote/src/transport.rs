//! One exchange: a request's bytes there, an answer's back, over HTTP/1.1. Connections are kept; proxies are those of the environment.

use std::fmt::Debug;
use std::fs;
use std::time::Duration;

use streamtable::Result;
use ureq::config::{AutoHeaderValue, Config};
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, NextTimeout};
use ureq::{Agent, Error as Cause};

use crate::address::{Address, Peer, refuse};
use crate::credentials::Environment;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest answer: the service's longest has 16 MiB of items.
const ANSWER_MAX_BYTES: u64 = 256 * 1024 * 1024;
/// How long a connection may lie idle: shorter than endpoints leave theirs open.
const IDLE: Duration = Duration::from_secs(15);
/// Bytes that are read and written at once. A kept connection holds so much memory each way.
const BUFFER_BYTES: usize = 16 * 1024;

/// Who this is.
const USER_AGENT: &str = concat!("streamtable/", env!("CARGO_PKG_VERSION"));

/// A request as it is sent: `POST` to `/`.
#[derive(Debug)]
pub(crate) struct Sent<'a> {
    /// Scheme, host and port.
    pub(crate) base: &'a str,
    /// Headers besides `host`, which follows from the address.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a [u8],
    /// How long sending and the answer may take, each; none is as long as it takes.
    pub(crate) patience: Option<Duration>,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    #[cfg(test)]
    pub(crate) fn for_test(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Received {
        let headers = headers.iter().map(|(name, value)| {
            (ureq::http::HeaderName::from_static(name), value.parse().expect("a value of a header"))
        });
        Received { status, headers: headers.collect(), body: body.to_vec() }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Broken {
    /// Nobody got the request.
    Unsent(String),
    /// Somebody may have got it.
    Lost(String),
}

/// Exchanges requests for answers.
pub(crate) trait Transport: Send + Sync + Debug {
    fn exchange(&self, sent: &Sent<'_>) -> Result<Received, Broken>;
}

/// HTTP/1.1 over TLS, TCP or a Unix socket.
#[derive(Debug)]
pub(crate) struct Http(Agent);

impl Http {
    /// For an address, with the certificates of `AWS_CA_BUNDLE` in place of the built-in ones where the environment names a file of them.
    ///
    /// # Errors
    /// `OpenException` for such a file that cannot be read, and a Unix socket where the system has none.
    pub(crate) fn new(address: &Address, environment: &Environment) -> Result<Http> {
        let settings = &address.settings;
        let connections =
            usize::try_from(settings.in_flight.unwrap_or(crate::pool::IN_FLIGHT)).unwrap_or(usize::MAX);
        let is_far = match &address.peer {
            Peer::Service(_) => true,
            Peer::Server(url) => url.starts_with("https:"),
            Peer::Socket(_) => false,
        };
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .timeout_connect(Some(settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT)))
            .timeout_resolve(Some(settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT)))
            .max_idle_connections(connections)
            .max_idle_connections_per_host(connections)
            .max_idle_age(IDLE)
            .input_buffer_size(BUFFER_BYTES)
            .output_buffer_size(BUFFER_BYTES);
        if !is_far {
            // On one machine packing takes longer than sending.
            config = config.accept_encoding(AutoHeaderValue::None);
        }
        if let Some(path) = environment.get("AWS_CA_BUNDLE") {
            config = config.tls_config(TlsConfig::builder().root_certs(bundle(&path)?).build());
        }
        match &address.peer {
            #[cfg(unix)]
            Peer::Socket(path) => Ok(Http(crate::unix::agent(config.proxy(None).build(), path))),
            #[cfg(not(unix))]
            Peer::Socket(_) => Err(refuse("This system has no Unix sockets")),
            Peer::Server(_) | Peer::Service(_) => {
                let (connector, resolver) = (DefaultConnector::default(), DefaultResolver::default());
                Ok(Http(Agent::with_parts(config.build(), Telling(connector), Telling(resolver))))
            }
        }
    }
}

/// The certificates in a file.
fn bundle(path: &str) -> Result<RootCerts> {
    let wrong = |why: String| refuse(format!("AWS_CA_BUNDLE: {path}: {why}"));
    let text = fs::read(path).map_err(|e| wrong(e.to_string()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&text) {
        if let PemItem::Certificate(certificate) = item.map_err(|e| wrong(e.to_string()))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(wrong("there is no certificate in it".to_owned()));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

impl Transport for Http {
    fn exchange(&self, sent: &Sent<'_>) -> Result<Received, Broken> {
        // Each part of an exchange may take so long: whoever stops in the middle is noticed, and a long body has time.
        let config = self.0.post(sent.base).config();
        let config = config.timeout_send_request(sent.patience).timeout_send_body(sent.patience);
        let config = config.timeout_recv_response(sent.patience).timeout_recv_body(sent.patience);
        let mut request = config.build();
        for (name, value) in sent.headers {
            request = request.header(*name, *value);
        }
        let mut answer = request.send(sent.body).map_err(broken)?;
        let body = answer.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_vec().map_err(broken)?;
        let received = Received { status: answer.status().as_u16(), headers: answer.headers().clone(), body };
        received
            .is_whole()
            .then_some(received)
            .ok_or_else(|| Broken::Lost("its checksum is wrong".to_owned()))
    }
}

impl Received {
    /// Whether the body is that of its checksum; the one of a packed answer is of what was packed.
    fn is_whole(&self) -> bool {
        let told = self.header("x-amz-crc32").and_then(|told| told.parse::<u32>().ok());
        let is_packed = self.headers.contains_key("content-encoding");
        told.is_none_or(|told| is_packed || told == crc32fast::hash(&self.body))
    }
}

/// Whether nobody got a request that failed so: where there was no connection yet, or nothing to be sent.
fn broken(cause: Cause) -> Broken {
    match cause {
        Cause::Other(why) => Broken::Unsent(why.to_string()),
        Cause::BadUri(_) | Cause::Http(_) => Broken::Unsent(cause.to_string()),
        _ => Broken::Lost(cause.to_string()),
    }
}

/// What failed before there was a connection.
fn unconnected(cause: Cause) -> Cause {
    Cause::Other(cause.to_string().into())
}

/// A resolver or a connector whose failures are told from those of an exchange.
#[derive(Debug)]
pub(crate) struct Telling<T>(pub(crate) T);

impl<R: Resolver> Resolver for Telling<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Cause> {
        self.0.resolve(uri, config, timeout).map_err(unconnected)
    }
}

impl<C: Connector> Connector for Telling<C> {
    type Out = C::Out;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<()>) -> Result<Option<C::Out>, Cause> {
        self.0.connect(details, chained).map_err(unconnected)
    }
}
