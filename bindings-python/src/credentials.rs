//! Credentials that the program's own session gives, for databases elsewhere.

use std::sync::Arc;

use pyo3::prelude::*;
use streamtable::{Error, ErrorCode, Result};
use streamtable_remote::Options;
use streamtable_remote::credentials::{Credentials, Source};

/// What opens a database elsewhere: with a callable that gives id, secret and token of a key, or with what follows from the address.
pub(crate) fn options(callable: Option<Py<PyAny>>) -> Options {
    match callable {
        Some(callable) => Options::default().credentials(Source::Callback(Arc::new(move || ask(&callable)))),
        None => Options::default(),
    }
}

/// Asks the callable, from whatever thread sends a request.
fn ask(callable: &Py<PyAny>) -> Result<Credentials> {
    let failed = |why: String| Error::new(ErrorCode::Credentials, why);
    let asked = Python::try_attach(|py| {
        let told =
            callable.bind(py).call0().and_then(|told| told.extract::<(String, String, Option<String>)>());
        told.map_err(|raised| raised.to_string())
    });
    match asked {
        Some(Ok((id, secret, token))) => Ok(Credentials::new(id, secret).with_token(token)),
        Some(Err(raised)) => Err(failed(format!("The session gave no credentials: {raised}"))),
        None => Err(failed("The interpreter has ended".to_owned())),
    }
}
