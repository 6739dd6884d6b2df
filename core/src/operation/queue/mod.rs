//! The operations of queues, which are those of SQS.

mod batch;
mod deliver;
mod lifecycle;
mod receive;
mod send;

use std::sync::Arc;

pub(crate) use deliver::{Letter, deliver};
pub(crate) use lifecycle::{create, delete, get_attributes, list, purge, set_attributes, url};
pub(crate) use receive::{
    change_visibility, change_visibility_batch, delete_message, delete_message_batch, receive,
};
pub(crate) use send::{send, send_batch};

use crate::api::message::queue as text;
use crate::api::{Error, ErrorCode, Result};
use crate::engine::Call;
use crate::locks::Guarded;
use crate::queue::{Queue, QueueState};

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InvalidParameterValue, message)
}

fn not_found() -> Error {
    Error::new(ErrorCode::QueueDoesNotExist, text::does_not_exist())
}

/// How a queue is named in requests.
fn url_of(call: &Call<'_>, name: &str) -> String {
    let place = &call.catalog.place;
    format!("https://sqs.{}.amazonaws.com/{}/{name}", place.region, place.account)
}

/// The queue of a URL, whose host may be any: its path is the account and the name. A name alone does, too.
///
/// # Errors
/// `QueueDoesNotExist`.
fn queue_of(call: &Call<'_>, url: &str) -> Result<Arc<Queue>> {
    let (above, name) = url.rsplit_once('/').unwrap_or(("", url));
    let is_ours = above.is_empty() || above.rsplit('/').next() == Some(&call.catalog.place.account);
    find(call, name).filter(|_| is_ours).ok_or_else(not_found)
}

fn find(call: &Call<'_>, name: &str) -> Option<Arc<Queue>> {
    let found = call.queues.get(name);
    match &found {
        Some(queue) => call.catalog.saw(queue.changed.get()),
        None => call.catalog.saw_all(),
    }
    found
}

/// The state of a queue, locked.
///
/// # Errors
/// `QueueDoesNotExist` for one that was removed since it was found.
fn lock(queue: &Queue) -> Result<Guarded<'_, QueueState>> {
    let state = queue.state.lock();
    if state.is_gone { Err(not_found()) } else { Ok(state) }
}

/// A number of a request, where there is one.
///
/// # Errors
/// `InvalidParameterValueException` outside the range.
fn in_range(given: Option<i32>, parameter: &str, range: (i32, i32)) -> Result<Option<u64>> {
    match given {
        Some(value) if value < range.0 || value > range.1 => {
            Err(invalid(text::out_of_range(value, parameter, range)))
        }
        other => Ok(other.map(|value| u64::from(value.unsigned_abs()))),
    }
}
