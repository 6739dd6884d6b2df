//! Who may call: under which names the server is asked, from which web pages, and with whose signature.
//!
//! A browser sends requests to any address for any page. That a server listens on a loopback address alone does not help: a page can have its
//! own name resolve to that address (DNS rebinding). Its requests then still carry its name as `Host`, and those from other pages an `Origin`.

use std::net::{IpAddr, SocketAddr};
use std::time::SystemTime;

use clap::Args;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{Method, StatusCode};
use streamtable::{Error, ErrorCode};

use crate::answer::{Answer, Then};
use crate::protocol::{JSON_1_0, METRICS_PATH};
use crate::signature::{self, AccessKey};

/// What scripts may read of an answer, as the service has it (facts A1).
const EXPOSED: &str = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
/// Seconds for which a browser may remember what it was told (facts A1).
const MAX_AGE: &str = "172800";

/// Who may call.
#[derive(Args, Debug)]
#[command(next_help_heading = "Who may call")]
pub(crate) struct AccessOptions {
    /// Name, without a port, under which requests may ask for this server (`Host`); may be given several times. Loopback names and addresses may
    /// always. A server on a loopback address answers no others; one that listens elsewhere answers all, unless names are given.
    #[arg(long, value_name = "NAME")]
    allowed_host: Vec<String>,

    /// Origin of web pages that may call, such as http://localhost:5173, or `*` for all; may be given several times. Pages of other origins are
    /// refused.
    #[arg(long, value_name = "ORIGIN")]
    cors_origin: Vec<String>,

    /// Key whose owner may call, as its id, a colon and its secret; may be given several times. Then requests have to be signed with one of them
    /// (Signature Version 4); without it, any credentials will do.
    #[arg(long, value_name = "ID:SECRET", env = "STREAMTABLE_ACCESS_KEY", hide_env_values = true)]
    access_key: Vec<AccessKey>,
}

/// Who may call a server.
#[derive(Debug)]
pub(crate) struct Access {
    /// Whether only loopback names and those given may ask.
    is_named: bool,
    names: Vec<String>,
    origins: Vec<String>,
    /// None where anybody is believed.
    keys: Vec<AccessKey>,
}

/// What a page's browser is told with the answer.
#[derive(Debug)]
pub(crate) struct Cors {
    origin: HeaderValue,
    /// Whether the answer would be another for another origin.
    varies: bool,
}

impl Access {
    /// Of a server that listens on this address.
    pub(crate) fn new(options: &AccessOptions, address: SocketAddr) -> Access {
        let names: Vec<String> =
            options.allowed_host.iter().map(|name| bare(name).to_ascii_lowercase()).collect();
        let is_named = is_loopback(address.ip()) || !names.is_empty();
        Access { is_named, names, origins: options.cors_origin.clone(), keys: options.access_key.clone() }
    }

    /// Checks who has signed a request, if that matters. Anybody may ask whether the server is well, and for the metrics that it was told to show.
    ///
    /// # Errors
    /// The answer, as the service has it.
    pub(crate) fn verify(&self, head: &Parts, body: &[u8], now: SystemTime) -> Result<(), Answer> {
        let is_open = head.method == Method::GET && ["/", METRICS_PATH].contains(&head.uri.path());
        if self.keys.is_empty() || is_open {
            return Ok(());
        }
        signature::check(&self.keys, head, body, now).map_err(signature::Disbelief::answer)
    }

    /// Lets a request in, or refuses it.
    ///
    /// # Errors
    /// The answer: 400 for a request with several hosts or origins, 403 for one under another name or from another page.
    pub(crate) fn admit(&self, head: &Parts) -> Result<Option<Cors>, Answer> {
        let host = only(&head.headers, &HOST)?;
        // What a request line names itself goes before the header (RFC 9112, 3.2.2).
        let name = match head.uri.authority() {
            Some(authority) => Some(authority.clone()),
            None => host.and_then(|host| host.to_str().ok()?.parse::<Authority>().ok()),
        };
        if self.is_named && !name.as_ref().is_some_and(|name| self.is_known(name)) {
            return Err(refused(
                "This server answers requests for loopback names, such as localhost, and those that it was started with: --allowed-host NAME",
            ));
        }
        let Some(origin) = only(&head.headers, &ORIGIN)? else { return Ok(None) };
        if self.origins.iter().any(|known| known == "*") {
            return Ok(Some(Cors { origin: HeaderValue::from_static("*"), varies: false }));
        }
        if self.origins.iter().any(|known| known.as_bytes() == origin.as_bytes()) {
            return Ok(Some(Cors { origin: origin.clone(), varies: true }));
        }
        if host.is_some_and(|host| origin.as_bytes().strip_prefix(b"http://") == Some(host.as_bytes())) {
            return Ok(None);
        }
        Err(refused(
            "This server answers no other web pages than those it was started with: --cors-origin ORIGIN",
        ))
    }

    fn is_known(&self, name: &Authority) -> bool {
        let host = bare(name.host()).to_ascii_lowercase();
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse().is_ok_and(is_loopback)
            || self.names.contains(&host)
    }
}

/// The one value of a header; none where it is not there.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Answer> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Answer::empty(StatusCode::BAD_REQUEST, Then::Close)),
    }
}

/// A host without the brackets of an address and without the dot of the root.
fn bare(host: &str) -> &str {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn refused(message: &str) -> Answer {
    let error = Error::new(ErrorCode::AccessDenied, message);
    Answer { status: StatusCode::FORBIDDEN, then: Then::Close, ..Answer::of_error(&error, JSON_1_0) }
}

impl Cors {
    /// The answer to a browser that asks whether a page may send a request: this one, and any (facts A1).
    pub(crate) fn asked(head: &Parts) -> bool {
        head.method == Method::OPTIONS
    }

    /// Adds what a browser looks for to the headers of an answer.
    pub(crate) fn add_to(&self, request: &Parts, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.origin.clone());
        if self.varies {
            headers.insert(VARY, HeaderValue::from_static("Origin"));
        }
        if !Cors::asked(request) {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
            return;
        }
        for (asked, told) in [
            (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
            (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        ] {
            if let Some(asked) = request.headers.get(asked) {
                headers.insert(told, asked.clone());
            }
        }
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    }
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    const HERE: &str = "127.0.0.1:8000";

    fn access(address: &str, hosts: &[&str], origins: &[&str]) -> Access {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let options =
            AccessOptions { allowed_host: owned(hosts), cors_origin: owned(origins), access_key: Vec::new() };
        Access::new(&options, address.parse().expect("an address"))
    }

    fn status(access: &Access, uri: &str, headers: &[(&str, &str)]) -> Option<u16> {
        let request =
            headers.iter().fold(Request::post(uri), |request, (name, value)| request.header(*name, *value));
        let (head, ()) = request.body(()).expect("a request").into_parts();
        access.admit(&head).err().map(|answer| answer.status.as_u16())
    }

    fn by_host(access: &Access, host: &str) -> Option<u16> {
        status(access, "/", &[("host", host)])
    }

    #[test]
    fn a_loopback_address_is_asked_under_loopback_names() {
        let access = access(HERE, &["Dynamo.test."], &[]);
        for host in [
            "localhost",
            "LOCALHOST:8000",
            "localhost.:8000",
            "a.localhost",
            "127.0.0.1:8000",
            "127.1.2.3",
            "[::1]:8000",
            "[::ffff:127.0.0.1]",
            "dynamo.test:1",
        ] {
            assert_eq!(by_host(&access, host), None, "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "10.0.0.1",
            "[::2]",
            "",
            "localhost@evil.example",
            "::1",
        ] {
            assert_eq!(by_host(&access, host), Some(403), "{host}");
        }
        assert_eq!(status(&access, "/", &[]), Some(403), "no name at all");
        assert_eq!(status(&access, "/", &[("host", "localhost"), ("host", "localhost")]), Some(400));
        assert_eq!(status(&access, "http://evil.example/", &[("host", "localhost")]), Some(403));
        assert_eq!(status(&access, "http://localhost/", &[("host", "evil.example")]), None);
    }

    #[test]
    fn elsewhere_any_name_will_do_unless_some_are_given() {
        let open = access("0.0.0.0:8000", &[], &[]);
        assert_eq!([by_host(&open, "dynamodb:8000"), status(&open, "/", &[])], [None, None]);
        let named = access("0.0.0.0:8000", &["dynamodb"], &[]);
        assert_eq!(
            ["dynamodb:8000", "localhost", "other"].map(|host| by_host(&named, host)),
            [None, None, Some(403)]
        );
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        let page = |access: &Access, origin: &str| {
            status(access, "/", &[("host", "localhost:8000"), ("origin", origin)])
        };
        let none = access(HERE, &[], &[]);
        assert_eq!(page(&none, "http://localhost:8000"), None, "its own");
        for origin in ["http://localhost:8001", "https://localhost:8000", "http://evil.example", "null", ""] {
            assert_eq!(page(&none, origin), Some(403), "{origin}");
        }
        let one = access(HERE, &[], &["http://localhost:5173"]);
        assert_eq!(
            ["http://localhost:5173", "http://localhost:51730"].map(|origin| page(&one, origin)),
            [None, Some(403)]
        );
        assert_eq!(page(&access(HERE, &[], &["*"]), "null"), None);
        // A page may be welcome, but not under any name.
        let foreign = [("host", "evil.example"), ("origin", "http://a")];
        assert_eq!(status(&access(HERE, &[], &["*"]), "/", &foreign), Some(403));
    }
}
