//! A database that a server has open, as a door.

use std::time::{Duration, Instant};

use streamtable::door::Door;
use streamtable::unstable::registry;
use streamtable::{Error, ErrorCode, Request, Response, Result};

use super::endpoint::post;

/// A server by its address.
#[derive(Debug)]
pub(super) struct Remote {
    url: String,
    since: Instant,
}

impl Remote {
    pub(super) fn new(url: &str) -> Remote {
        Remote { url: url.to_owned(), since: Instant::now() }
    }
}

impl Door for Remote {
    fn call(&self, request: Request) -> Result<Response> {
        let info = registry::operation(request.operation()).expect("a request is one of an operation");
        let body = serde_json::to_vec(&request).expect("requests are plain data");
        let target = format!("{}.{}", info.target_prefix, info.name);
        match post(&self.url, &target, body) {
            Ok((true, answer)) => Response::from_json(info.name, &answer),
            Ok((false, answer)) => Err(Error::from_json(&answer)),
            Err(why) => Err(Error::new(ErrorCode::Storage, why)),
        }
    }

    fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}
