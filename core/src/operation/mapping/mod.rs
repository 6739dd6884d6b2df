//! The operations of event source mappings and functions.

mod create;
mod describe;
mod functions;
mod rules;
mod settle;
mod tags;
mod update;

pub(crate) use create::create;
pub(crate) use describe::{describe_all, get, list};
pub(crate) use functions::{configuration, deregister, list_functions, register};
pub(crate) use settle::settle;
pub(crate) use tags::{list_tags, tag, untag};
pub(crate) use update::{delete, update};

use crate::api::message::mapping as text;
use crate::api::{Error, ErrorCode, EventSourceMappingConfiguration, Result, Timestamp};
use crate::clock::Millis;
use crate::engine::Call;
use crate::locks::Guarded;
use crate::mapping::{Mapping, Mappings, removed_entries};
use crate::store::{Batch, MetaChange};

/// How long a minute is, to which moments are told later.
const MINUTE: Millis = 60_000;

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InvalidParameterValue, message)
}

fn not_found() -> Error {
    Error::new(ErrorCode::ResourceNotFound, text::not_found())
}

/// All of them, locked; what is seen of them is waited for.
fn lock<'c>(call: &'c Call<'_>) -> Guarded<'c, Mappings> {
    let mappings = call.mappings.lock();
    call.catalog.saw(mappings.changed.get());
    mappings
}

/// Commits a change of the catalog's entries and forgets what is gone.
///
/// # Errors
/// The store's; then nothing has changed.
fn commit(
    call: &Call<'_>,
    mappings: &mut Mappings,
    changed: impl IntoIterator<Item = MetaChange>,
) -> Result<()> {
    let gone = mappings.gone(call.now());
    let mut meta: Vec<MetaChange> = gone.iter().copied().flat_map(removed_entries).collect();
    meta.extend(changed);
    call.commit_catalog(Batch { meta, ..Batch::default() })?;
    mappings.changed.raise(call.store.seen());
    mappings.version += 1;
    call.watches.note_mappings();
    for id in gone {
        mappings.all.remove(&id);
    }
    Ok(())
}

/// Commits a mapping in a new form, and shows it.
///
/// # Errors
/// As [`commit`].
fn keep(call: &Call<'_>, mappings: &mut Mappings, mapping: Mapping) -> Result<()> {
    // One that was never settled may have a place to begin at.
    let progress = &mapping.progress;
    let begins = progress.settlements == 0 && progress.checkpoint.is_some();
    let place = begins.then(|| progress.entry(mapping.id));
    commit(call, mappings, [mapping.entry()].into_iter().chain(place))?;
    mappings.all.insert(mapping.id, mapping);
    Ok(())
}

/// A mapping as it is told: at once with the moment of its change, later with its minute.
fn told(mapping: &Mapping, now: Millis, modified: Millis) -> EventSourceMappingConfiguration {
    EventSourceMappingConfiguration {
        last_modified: Some(Timestamp::from_millis(modified)),
        last_processing_result: Some(
            mapping.progress.result.clone().unwrap_or_else(|| "No records processed".to_owned()),
        ),
        state: Some(mapping.state(now).to_owned()),
        state_transition_reason: Some("User action".to_owned()),
        ..mapping.configuration.clone()
    }
}

/// As [`told`], in the answer of what has changed it: the change shows, however short it is.
fn told_of_change(mapping: &Mapping) -> EventSourceMappingConfiguration {
    let state = Some(mapping.change.shown().to_owned());
    EventSourceMappingConfiguration { state, ..told(mapping, mapping.modified_at, mapping.modified_at) }
}

/// As [`told`], later.
fn told_later(mapping: &Mapping, now: Millis) -> EventSourceMappingConfiguration {
    told(mapping, now, mapping.modified_at / MINUTE * MINUTE)
}
