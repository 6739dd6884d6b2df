//! Which region of the database a request is for: the one its client has signed it for. Whether it is signed well is not asked here.

use std::fmt;
use std::sync::Arc;

use hyper::header::{AUTHORIZATION, HeaderMap};
use streamtable::Error;
use streamtable::door::Door;

/// Opens a region by its name.
type Opener = dyn Fn(&str) -> Result<Arc<dyn Door>, Error> + Send + Sync;

/// The door of each region.
pub(crate) struct Regions {
    /// The region whose name requests need not give.
    home: Arc<dyn Door>,
    name: String,
    others: Box<Opener>,
}

impl Regions {
    pub(crate) fn new(
        home: Arc<dyn Door>,
        name: &str,
        others: impl Fn(&str) -> Result<Arc<dyn Door>, Error> + Send + Sync + 'static,
    ) -> Regions {
        Regions { home, name: name.to_owned(), others: Box::new(others) }
    }

    /// The region at home.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The door that a request is for; home where it names no region, or what cannot be one.
    ///
    /// # Errors
    /// `ValidationException` where there are too many regions already; those of opening one.
    pub(crate) fn door(&self, headers: &HeaderMap) -> Result<Arc<dyn Door>, Error> {
        match region_of(headers).filter(|region| *region != self.name) {
            Some(region) => (self.others)(region),
            None => Ok(self.home.clone()),
        }
    }
}

impl fmt::Debug for Regions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Regions").field("home", &self.home).field("name", &self.name).finish_non_exhaustive()
    }
}

/// The region in `Credential=<key>/<date>/<region>/<service>/aws4_request`.
fn region_of(headers: &HeaderMap) -> Option<&str> {
    let (_, credential) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once("Credential=")?;
    // A key may have slashes, what follows has none.
    let scope = credential.split([',', ' ']).next()?;
    let region = scope.rsplit('/').nth(2)?;
    let is_word = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    Some(region).filter(|name| !name.is_empty() && name.len() <= 32 && is_word(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(text: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, text.parse().expect("a header"));
        region_of(&headers).map(str::to_owned)
    }

    #[test]
    fn a_signature_names_a_region() {
        let signed = "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00";
        assert_eq!(region(signed).as_deref(), Some("eu-west-1"));
        assert_eq!(
            region("AWS4-HMAC-SHA256 Credential=a/b/20260101/local/dynamodb/aws4_request").as_deref(),
            Some("local")
        );
        for nothing in [
            "Bearer abc",
            "x",
            "Credential=",
            "Credential=AKID/20260101//dynamodb/aws4_request",
            "Credential=a/../b/c",
        ] {
            assert_eq!(region(nothing), None, "{nothing}");
        }
        assert_eq!(region_of(&HeaderMap::new()), None);
    }
}
