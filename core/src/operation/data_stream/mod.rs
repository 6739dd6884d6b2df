//! The operations of Kinesis Data Streams.

mod describe;
mod lifecycle;
mod put;
mod read;
mod shards;
mod tags;
mod upkeep;

use std::sync::Arc;

pub(crate) use describe::{describe, limits, list, summary};
pub(crate) use lifecycle::{create, decrease_retention, delete, increase_retention, update_mode};
pub(crate) use put::{put_record, put_records};
pub(crate) use read::{records, shard_iterator};
pub(crate) use shards::{list_shards, merge, split, update_shard_count};
pub(crate) use tags::{add_tags, list_tags, remove_tags, tag, tags_of_resource, untag};
pub(super) use upkeep::{forget, trim};

use crate::api::message::kinesis as text;
use crate::api::message::kinesis::Named;
use crate::api::{Enumeration, Error, ErrorCode, KinesisStreamStatus, Result};
use crate::clock::Millis;
use crate::engine::Call;
use crate::kinesis::{DataStream, StreamState};
use crate::locks::Guarded;
use crate::store::Batch;

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InvalidArgument, message)
}

/// A stream as texts name it.
fn named<'a>(call: &Call<'a>, stream: &'a str) -> Named<'a> {
    Named { stream, account: &call.catalog.place.account }
}

fn not_found(call: &Call<'_>, stream: &str) -> Error {
    Error::new(ErrorCode::ResourceNotFound, named(call, stream).not_found())
}

/// The name that a request gives, by itself or in an ARN.
///
/// # Errors
/// `InvalidArgumentException` for neither, or for two that differ; `ResourceNotFoundException` for the ARN of another place.
fn name_of<'a>(call: &Call<'_>, name: Option<&'a str>, arn: Option<&'a str>) -> Result<&'a str> {
    let of_arn = |arn: &'a str| {
        call.catalog.place.data_stream_name(arn).ok_or_else(|| not_found(call, last_part(arn)))
    };
    match (name, arn) {
        (None, None) => Err(invalid(text::no_name())),
        (Some(name), None) => Ok(name),
        (None, Some(arn)) => of_arn(arn),
        (Some(name), Some(arn)) if of_arn(arn)? == name => Ok(name),
        (Some(_), Some(_)) => Err(invalid(text::names_differ())),
    }
}

fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The stream of a name; none where there is none, or only its name is left.
fn find(call: &Call<'_>, name: &str, now: Millis) -> Option<Arc<DataStream>> {
    let found = call.data_streams.holder(name).filter(|stream| !stream.state.lock().is_gone(now));
    match &found {
        Some(stream) => call.catalog.saw(stream.changed.get()),
        None => call.catalog.saw_all(),
    }
    found
}

/// The stream of a request.
///
/// # Errors
/// As [`name_of`]; `ResourceNotFoundException`.
fn stream_of(call: &Call<'_>, name: Option<&str>, arn: Option<&str>) -> Result<Arc<DataStream>> {
    let name = name_of(call, name, arn)?;
    find(call, name, call.now()).ok_or_else(|| not_found(call, name))
}

/// A stream that is to be changed, locked.
///
/// # Errors
/// `ResourceInUseException` for one that is not active.
fn lock_active<'s>(call: &Call<'_>, stream: &'s DataStream) -> Result<Guarded<'s, StreamState>> {
    let state = stream.state.lock();
    match state.status(call.now()) {
        KinesisStreamStatus::Active => Ok(state),
        status => {
            let message = named(call, &stream.name).not_active(status.name());
            Err(Error::new(ErrorCode::ResourceInUse, message))
        }
    }
}

/// Commits a change of a locked stream, with entries of its shards, and shows it.
///
/// # Errors
/// The store's; then nothing has changed.
fn change(
    call: &Call<'_>,
    stream: &DataStream,
    state: &mut StreamState,
    next: StreamState,
    mut batch: Batch,
) -> Result<()> {
    batch.meta.push(stream.entry(&next));
    call.commit_catalog(batch)?;
    stream.changed.raise(call.store.seen());
    *state = next;
    Ok(())
}
