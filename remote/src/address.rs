//! Addresses: where a database is, and how it is talked to, in one text.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use streamtable::{Error, ErrorCode, Result};

/// Where a database is, such as `dynamodb://eu-west-1`, `http://127.0.0.1:8000` or `unix:///run/orders.sock`, and with which settings it is
/// reached: `dynamodb://eu-west-1?profile=orders&attempts=8`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// Who is there.
    pub(crate) peer: Peer,
    /// How it is reached.
    pub settings: Settings,
    /// The key in the address itself, `http://id:secret@host`: its id and its secret.
    pub(crate) key: Option<(String, String)>,
}

/// Who is at an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Peer {
    /// An HTTP server: scheme, host and port.
    Server(String),
    /// An HTTP server behind a Unix socket.
    Socket(PathBuf),
    /// Amazon DynamoDB in a region; none where the environment or a profile tells it.
    Service(Option<String>),
}

/// How a database elsewhere is reached. What is absent is as the environment and the profile have it, and else as it is written here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Region for which requests are signed, of an address that names none.
    pub region: Option<String>,
    /// Profile of the shared files that tells credentials and region.
    pub profile: Option<String>,
    /// Account whose endpoint is used, of addresses that are Amazon DynamoDB's.
    pub account: Option<String>,
    /// Whether endpoints with cryptography by FIPS 140 are used.
    pub fips: bool,
    /// Whether endpoints with IPv4 and IPv6 are used.
    pub dual_stack: bool,
    /// How often a request is sent at most, from 1 on. Default: 4.
    pub attempts: Option<u32>,
    /// How many requests that were started are on their way at a time, from 1 to 1,024. Default: 64.
    pub in_flight: Option<u32>,
    /// How long an answer may take. Default: 60 seconds, and as long as it takes for those operations that take as long as the database is large.
    pub timeout: Option<Duration>,
    /// How long connecting may take. Default: 5 seconds.
    pub connect_timeout: Option<Duration>,
}

/// The names of the settings, as addresses have them.
const SETTINGS: &str =
    "region, profile, account, fips, dual_stack, attempts, in_flight, timeout and connect_timeout";

/// Most requests on their way at a time: each holds a connection and a thread.
const IN_FLIGHT_MAX: u32 = 1_024;

/// What stands between a scheme and the rest.
const AFTER_SCHEME: &str = "://";

impl Address {
    /// Whether a text is an address, and no path of a directory.
    pub fn is_one(text: &str) -> bool {
        text.split_once(AFTER_SCHEME).is_some_and(|(scheme, _)| {
            scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
        })
    }

    /// Reads an address.
    ///
    /// # Errors
    /// `OpenException` for a text that is none, or a setting that there is not.
    pub fn parse(text: &str) -> Result<Address> {
        let wrong = |why: &str| refuse(format!("{:?} is no address: {why}", without_key(text)));
        let Some((scheme, rest)) = text.split_once(AFTER_SCHEME) else {
            return Err(wrong("it has no scheme, such as dynamodb:// or http://"));
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let settings = Settings::parse(query).map_err(|why| wrong(&why))?;
        let (peer, key) = match scheme {
            "dynamodb" => (service(place).map_err(|why| wrong(&why))?, None),
            "unix" => (socket(place).map_err(|why| wrong(&why))?, None),
            "http" | "https" => server(scheme, place).map_err(|why| wrong(&why))?,
            _ => return Err(wrong("its scheme is none of dynamodb, http, https and unix")),
        };
        let is_service = matches!(peer, Peer::Service(_));
        if !is_service && (settings.fips || settings.dual_stack || settings.account.is_some()) {
            return Err(wrong("fips, dual_stack and account choose among the service's own endpoints"));
        }
        Ok(Address { peer, settings, key })
    }

    /// The address without settings and key.
    pub fn shown(&self) -> String {
        match &self.peer {
            Peer::Server(url) => url.clone(),
            Peer::Socket(path) => format!("unix://{}", path.display()),
            Peer::Service(region) => format!("dynamodb://{}", region.as_deref().unwrap_or("")),
        }
    }
}

/// Keys are not shown.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address")
            .field("peer", &self.peer)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// An address that may be wrong, without what stands before its `@`.
fn without_key(text: &str) -> String {
    let (head, query) = text.split_once('?').unwrap_or((text, ""));
    let tail = if query.is_empty() { String::new() } else { format!("?{query}") };
    match (head.split_once(AFTER_SCHEME), head.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}{AFTER_SCHEME}{host}{tail}"),
        _ => text.to_owned(),
    }
}

fn service(place: &str) -> Result<Peer, String> {
    let region = place.strip_suffix('/').unwrap_or(place);
    if !region.is_empty() && !is_label(region) {
        return Err(format!("{region:?} is no region"));
    }
    Ok(Peer::Service((!region.is_empty()).then(|| region.to_owned())))
}

/// Whether a text can be a part of a host's name, which keeps what is signed for from leading elsewhere.
fn is_label(text: &str) -> bool {
    text.len() <= 63
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn socket(place: &str) -> Result<Peer, String> {
    let path = decoded(place)?;
    if !path.starts_with('/') {
        return Err("the path of a socket is absolute, as in unix:///run/orders.sock".to_owned());
    }
    Ok(Peer::Socket(path.into()))
}

fn server(scheme: &str, place: &str) -> Result<(Peer, Option<(String, String)>), String> {
    let (key, host) = match place.rsplit_once('@') {
        Some((key, host)) => {
            let (id, secret) = key.split_once(':').ok_or("a key is its id, a colon and its secret")?;
            (Some((decoded(id)?, decoded(secret)?)), host)
        }
        None => (None, place),
    };
    let host = host.strip_suffix('/').unwrap_or(host);
    if host.is_empty() || host.contains(['/', '#', ' ']) {
        return Err("after the scheme stand host and port, and no path".to_owned());
    }
    Ok((Peer::Server(format!("{scheme}{AFTER_SCHEME}{host}")), key))
}

fn decoded(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(|text| text.into_owned()).map_err(|_| format!("{text:?} is not UTF-8"))
}

impl Settings {
    fn parse(query: &str) -> Result<Settings, String> {
        let mut settings = Settings::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or_else(|| format!("{pair:?} has no value"))?;
            let value = decoded(value)?;
            match name {
                "region" if is_label(&value) => settings.region = Some(value),
                "region" => return Err(format!("{value:?} is no region")),
                "profile" => settings.profile = Some(value),
                "account" if is_label(&value) => settings.account = Some(value),
                "account" => return Err(format!("{value:?} is no account")),
                "fips" => settings.fips = flag(name, &value)?,
                "dual_stack" => settings.dual_stack = flag(name, &value)?,
                "attempts" => settings.attempts = Some(number(name, &value, u32::MAX)?),
                "in_flight" => settings.in_flight = Some(number(name, &value, IN_FLIGHT_MAX)?),
                "timeout" => settings.timeout = Some(milliseconds(name, &value)?),
                "connect_timeout" => settings.connect_timeout = Some(milliseconds(name, &value)?),
                _ => return Err(format!("there is no setting {name:?}; there are {SETTINGS}")),
            }
        }
        Ok(settings)
    }
}

fn flag(name: &str, value: &str) -> Result<bool, String> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("{name} is true or false")),
    }
}

fn number(name: &str, value: &str, most: u32) -> Result<u32, String> {
    let number = value.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("{name} is a number from 1 to {most}"))
}

fn milliseconds(name: &str, value: &str) -> Result<Duration, String> {
    number(name, value, u32::MAX).map(|number| Duration::from_millis(number.into()))
}

/// Opening is refused.
pub(crate) fn refuse(why: impl Into<String>) -> Error {
    Error::new(ErrorCode::Open, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_who_is_there_and_how_it_is_reached() {
        let address = Address::parse("dynamodb://eu-west-1?profile=a%20b&fips=true&attempts=8&timeout=250")
            .expect("an address");
        assert_eq!(address.peer, Peer::Service(Some("eu-west-1".into())));
        let settings = Settings {
            profile: Some("a b".into()),
            fips: true,
            attempts: Some(8),
            timeout: Some(Duration::from_millis(250)),
            ..Settings::default()
        };
        assert_eq!(address.settings, settings);
        let server =
            Address::parse("https://id:s%2Fecret@db.example:8443/?region=local").expect("an address");
        assert_eq!(server.peer, Peer::Server("https://db.example:8443".into()));
        assert_eq!(server.key, Some(("id".into(), "s/ecret".into())));
        assert!(!format!("{server:?}").contains("ecret"), "keys are not shown");
        assert_eq!(
            Address::parse("unix:///run/a%20b.sock").expect("an address").shown(),
            "unix:///run/a b.sock"
        );
        assert_eq!(Address::parse("dynamodb://").expect("an address").peer, Peer::Service(None));
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, why) in [
            ("here", "no scheme"),
            ("ftp://host", "none of dynamodb"),
            ("dynamodb://eu west", "no region"),
            ("dynamodb://evil.example#", "no region"),
            ("http://", "host and port"),
            ("http://host/path", "no path"),
            ("http://id@host", "a key is"),
            ("unix://relative.sock", "absolute"),
            ("http://host?colour=red", "no setting \"colour\""),
            ("http://host?attempts=0", "from 1"),
            ("http://host?in_flight=2000", "to 1024"),
            ("http://host?fips=true", "the service's own"),
            ("dynamodb://eu-west-1?fips=yes", "true or false"),
            ("dynamodb://eu-west-1?account=a.b", "no account"),
        ] {
            let error = Address::parse(text).expect_err(text);
            assert_eq!(error.code(), ErrorCode::Open);
            assert!(error.message().contains(why), "{text}: {}", error.message());
        }
        let error = Address::parse("http://id:secret@host/path").expect_err("a path");
        assert!(!error.message().contains("secret"), "{}", error.message());
    }

    #[test]
    fn paths_are_no_addresses() {
        for path in ["orders", "/var/orders", "./a://b", "C:\\orders", "C:/orders"] {
            assert!(!Address::is_one(path), "{path}");
        }
        assert!(Address::is_one("dynamodb://") && Address::is_one("ftp://x"));
    }
}
