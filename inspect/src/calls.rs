//! Operations that the page asks for.

use hyper::StatusCode;
use serde_json::Value;
use streamtable::api::DescribeTableInput;
use streamtable::door::{Door, ask};
use streamtable::{Error, Request};

use crate::answer::{self, Answer};
use crate::mask::Mask;
use crate::serve::Shared;

/// Runs an operation, through the door for looks if it is one.
pub(crate) fn call(shared: &Shared, operation: &str, body: &[u8]) -> Answer {
    match run(shared, operation, body) {
        Ok(answer) => answer,
        Err(error) => answer::failed(&error),
    }
}

fn run(shared: &Shared, operation: &str, body: &[u8]) -> Result<Answer, Error> {
    let mut request = Request::from_json(operation, body)?;
    if request.directory_mut().is_some() {
        return Ok(answer::refused(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "The inspector writes no directories of the machine that the database is on",
        ));
    }
    let door: &dyn Door = match (request.info().is_look(), &shared.commands) {
        (true, _) => &*shared.looks,
        (false, Some(commands)) => &**commands,
        (false, None) => {
            return Ok(answer::refused(
                StatusCode::FORBIDDEN,
                "ReadOnly",
                "This inspector only shows: it was started without commands",
            ));
        }
    };
    let keys = keys(shared, &request);
    let told = door.call(request)?.to_json()?;
    Ok(answer::told(masked(&shared.mask, told, &keys)))
}

/// The key attributes of the items in the answer, where only those are shown.
fn keys(shared: &Shared, request: &Request) -> Vec<String> {
    let Some(table) = request.table_name().filter(|_| shared.mask.is_keys_only) else { return Vec::new() };
    let asked = DescribeTableInput { table_name: Some(table.to_owned()) };
    // Of a table that is not there nothing is shown either.
    let described = ask(&*shared.looks, asked).ok().and_then(|answer| answer.table);
    let schema = described.and_then(|table| table.key_schema).into_iter().flatten();
    schema.filter_map(|element| element.attribute_name).collect()
}

fn masked(mask: &Mask, told: Vec<u8>, keys: &[String]) -> Vec<u8> {
    if mask.is_empty() {
        return told;
    }
    let mut told: Value = serde_json::from_slice(&told).expect("what was written as JSON");
    mask.apply(&mut told, keys);
    told.to_string().into_bytes()
}
