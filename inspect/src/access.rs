//! Who may look: under which names, from which page, with which secret.
//!
//! A loopback address keeps out neither the other users of a machine nor the web pages in its browsers. So every request must name a host that
//! is known, which the page of a rebound name does not; what changes anything or tells anything needs a cookie, which is given for the token of the
//! printed address alone; and what is posted must come from this page, with a header that forms cannot send.

use std::io;
use std::net::{IpAddr, SocketAddr};

use hyper::Method;
use hyper::header::{COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use streamtable::unstable::entropy::secret;
use subtle::ConstantTimeEq;

/// What a posted request must carry.
const HEADER: HeaderName = HeaderName::from_static("x-streamtable");
const HEADER_VALUE: &str = "inspect";

/// Who may look.
#[derive(Debug)]
pub(crate) struct Access {
    hosts: Vec<String>,
    token: String,
    cookie_name: String,
    session: String,
}

/// Why a request is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    /// It asks under a name that is not ours, or comes from another page.
    Foreign,
    /// It has no session.
    Locked,
}

impl Access {
    /// Of an inspector that listens on this address.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub(crate) fn new(hosts: &[String], address: SocketAddr) -> io::Result<Access> {
        let draw = || secret().map(|number| format!("{number:032x}")).map_err(io::Error::other);
        let hosts = hosts.iter().map(|host| bare(host).to_ascii_lowercase()).collect();
        // Cookies know no ports: the name tells inspectors of one machine apart.
        let cookie_name = format!("streamtable-{}", address.port());
        Ok(Access { hosts, token: draw()?, cookie_name, session: draw()? })
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Lets a request in by where it comes from.
    ///
    /// # Errors
    /// [`Refusal::Foreign`].
    pub(crate) fn admit(&self, head: &Parts) -> Result<(), Refusal> {
        let host = only(&head.headers, &HOST).ok_or(Refusal::Foreign)?;
        let name: Authority = host.parse().map_err(|_| Refusal::Foreign)?;
        let named = head.uri.authority().is_none_or(|authority| self.knows(authority));
        if !named || !self.knows(&name) {
            return Err(Refusal::Foreign);
        }
        let is_own = match only(&head.headers, &ORIGIN) {
            Some(origin) => origin.strip_prefix("http://") == Some(host),
            None => !head.headers.contains_key(ORIGIN) && head.method != Method::POST,
        };
        let is_marked = only(&head.headers, &HEADER) == Some(HEADER_VALUE);
        if is_own && (is_marked || head.method != Method::POST) { Ok(()) } else { Err(Refusal::Foreign) }
    }

    /// Whether a request has the session.
    ///
    /// # Errors
    /// [`Refusal::Locked`].
    pub(crate) fn unlocked(&self, head: &Parts) -> Result<(), Refusal> {
        let cookies = head.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let has = pairs.any(|(name, value)| name == self.cookie_name && is_same(value, &self.session));
        if has { Ok(()) } else { Err(Refusal::Locked) }
    }

    /// The cookie for whoever has the token.
    ///
    /// # Errors
    /// [`Refusal::Locked`].
    pub(crate) fn open(&self, token: &str) -> Result<HeaderValue, Refusal> {
        if !is_same(token, &self.token) {
            return Err(Refusal::Locked);
        }
        let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie_name, self.session);
        Ok(HeaderValue::try_from(cookie).expect("digits and letters"))
    }

    fn knows(&self, name: &Authority) -> bool {
        let host = bare(name.host()).to_ascii_lowercase();
        let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
        host == "localhost" || host.parse().is_ok_and(is_loopback) || self.hosts.contains(&host)
    }
}

/// The one value of a header; none where there are several, or it is no text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// A host without the brackets of an address and without the dot of the root.
fn bare(host: &str) -> &str {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host)
}

/// Compares secrets in a time that does not tell where they differ.
fn is_same(given: &str, secret: &str) -> bool {
    given.as_bytes().ct_eq(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    fn access() -> Access {
        let address = "127.0.0.1:8001".parse().expect("an address");
        Access::new(&["inspect.test".to_owned()], address).expect("random numbers")
    }

    fn head(method: Method, headers: &[(&str, &str)]) -> Parts {
        let request = Request::builder().method(method).uri("/feed");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn only_known_hosts_are_answered() {
        let access = access();
        for host in ["127.0.0.1:8001", "localhost:8001", "[::1]:8001", "127.1.2.3", "Inspect.test:8001"] {
            assert_eq!(access.admit(&head(Method::GET, &[("host", host)])), Ok(()), "{host}");
        }
        for host in ["evil.test:8001", "localhost.evil.test", "127.0.0.1.evil.test", "10.0.0.1", "a b"] {
            assert_eq!(access.admit(&head(Method::GET, &[("host", host)])), Err(Refusal::Foreign), "{host}");
        }
        assert_eq!(access.admit(&head(Method::GET, &[])), Err(Refusal::Foreign));
        let twice = head(Method::GET, &[("host", "localhost"), ("host", "evil.test")]);
        assert_eq!(access.admit(&twice), Err(Refusal::Foreign));
    }

    #[test]
    fn what_is_posted_comes_from_the_page() {
        let access = access();
        let post = |headers: &[(&str, &str)]| {
            let host = [("host", "localhost:8001")];
            access.admit(&head(Method::POST, &[&host, headers].concat())).is_ok()
        };
        let (mark, own) = (("x-streamtable", "inspect"), ("origin", "http://localhost:8001"));
        assert!(post(&[mark, own]));
        assert!(!post(&[mark]));
        assert!(!post(&[own]));
        for origin in ["null", "http://localhost:8002", "https://localhost:8001", "http://evil.test"] {
            assert!(!post(&[mark, ("origin", origin)]), "{origin}");
            let get = head(Method::GET, &[("host", "localhost:8001"), ("origin", origin)]);
            assert_eq!(access.admit(&get), Err(Refusal::Foreign), "{origin}");
        }
        assert!(!post(&[mark, own, ("origin", "http://evil.test")]));
    }

    #[test]
    fn the_cookie_is_given_for_the_token() {
        let access = access();
        for token in ["", "0", &"0".repeat(32), &access.session] {
            assert_eq!(access.open(token), Err(Refusal::Locked));
        }
        let cookie = access.open(access.token()).expect("the token");
        let cookie = cookie.to_str().expect("a text");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        let pair = cookie.split(';').next().expect("a pair");
        assert_eq!(access.unlocked(&head(Method::GET, &[("cookie", &format!("a=b; {pair}"))])), Ok(()));
        for other in ["", "streamtable-8001=", &format!("{pair}0"), &pair.replace("8001", "8002")] {
            let asked = head(Method::GET, &[("cookie", other)]);
            assert_eq!(access.unlocked(&asked), Err(Refusal::Locked), "{other}");
        }
        assert_ne!(
            access.token(),
            Access::new(&[], "127.0.0.1:1".parse().expect("an address")).expect("random").token()
        );
    }
}
