//! CreateEventSourceMapping.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{invalid, keep, lock, rules, told_of_change};
use crate::api::message::mapping as text;
use crate::api::{
    CreateEventSourceMappingInput, Error, ErrorCode, EventSourceMappingConfiguration, LambdaStartingPosition,
    Open, Result, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::kinesis::DataStream;
use crate::limits::{LAMBDA_MAPPINGS_MAX, TAGS_MAX};
use crate::mapping::{Mapping, MappingChange, Mappings, Progress};

/// What a mapping reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Source {
    Table,
    Kinesis,
}

/// CreateEventSourceMapping. The service looks at parameters before it looks for the function, and at the stream last.
pub(crate) fn create(
    call: &Call<'_>,
    input: &Valid<'_, CreateEventSourceMappingInput>,
) -> Result<EventSourceMappingConfiguration> {
    rules::response_types(input.function_response_types.as_ref())?;
    let (arn, source) = source(input.event_source_arn.as_deref())?;
    rules::foreign(input.scaling_config.as_ref(), input.destination_config.as_ref())?;
    let position = starting_position(input, arn, source)?;
    let mut configuration = with_defaults(input, arn, position)?;
    rules::whole(&configuration)?;
    let tags: BTreeMap<String, String> = input.tags.clone().into_iter().flatten().collect();
    if tags.len() > TAGS_MAX {
        return Err(invalid(text::too_many_tags(TAGS_MAX)));
    }
    let now = call.now();
    let mut mappings = lock(call);
    let function = rules::function(call, &mappings, input.function_name)?;
    require_stream(call, arn, source, now)?;
    refuse_second(&mappings, arn, &function, None, now)?;
    if mappings.all.len() + mappings.functions.len() >= LAMBDA_MAPPINGS_MAX {
        return Err(invalid(text::too_many(LAMBDA_MAPPINGS_MAX)));
    }
    let uuid = call.entropy.uuid();
    configuration.function_arn = Some(function);
    configuration.event_source_mapping_arn = Some(call.catalog.place.mapping_arn(&uuid));
    configuration.uuid = Some(uuid);
    let lanes = configuration.parallelization_factor.unwrap_or(1);
    let begins = position == LambdaStartingPosition::Latest;
    let checkpoint = if begins { Some(latest(call, arn, source, lanes, now)?) } else { None };
    let progress = Progress { checkpoint, ..Progress::default() };
    let mapping = Mapping {
        id: call.next_table_id().0,
        configuration,
        is_enabled: input.enabled.unwrap_or(true),
        change: MappingChange::Create,
        until: now.saturating_add(call.choices.control_plane_delay),
        modified_at: now,
        tags,
        revision: 1,
        progress,
    };
    let answer = told_of_change(&mapping);
    keep(call, &mut mappings, mapping)?;
    Ok(answer)
}

/// The state with which a mapping begins that begins with `LATEST`: after the newest record that each shard has now, however late somebody carries it
/// out. It has the form that `consumer::State` reads.
fn latest(call: &Call<'_>, arn: &str, source: Source, lanes: i32, now: Millis) -> Result<String> {
    let checkpoint = match source {
        Source::Table => latest_of_table(call, arn, now)?,
        Source::Kinesis => latest_of_data_stream(call, arn, now)?,
    };
    let state = json!({
        "version": 1, "checkpoint": checkpoint, "lanes": lanes, "last_result": "No records processed",
    });
    Ok(state.to_string())
}

fn latest_of_data_stream(call: &Call<'_>, arn: &str, now: Millis) -> Result<Value> {
    let stream = data_stream(call, arn).ok_or_else(|| invalid(text::stream_not_found(arn)))?;
    let state = stream.state.lock();
    let (mut places, mut finished) = (Vec::new(), Vec::new());
    for shard in state.visible(now) {
        if shard.is_open(now) {
            let last = shard.number(shard.last, now).to_string();
            places.push(json!({"shard": shard.id().to_string(), "place": {"after": last}}));
        } else {
            finished.push(shard.id().to_string());
        }
    }
    Ok(json!({"data_stream": arn, "beginning": "oldest", "shards": places, "finished": finished}))
}

fn data_stream(call: &Call<'_>, arn: &str) -> Option<Arc<DataStream>> {
    call.catalog.saw_all();
    call.catalog.place.data_stream_name(arn).and_then(|name| call.data_streams.holder(name))
}

fn latest_of_table(call: &Call<'_>, arn: &str, now: Millis) -> Result<Value> {
    let stream = call.catalog.stream(arn, now)?;
    let shards = stream.all_shards();
    let open = shards.iter().filter(|shard| shard.end().is_none());
    let places = open.map(|shard| {
        let last = call.store.bounds(shard.log, 0)?.last.unwrap_or(shard.start);
        let mut place = json!({"shard": shard.id.to_string(), "position": {"after": last.to_string()}});
        if let Some(parent) = shard.parent {
            place["parent"] = parent.to_string().into();
        }
        Ok(place)
    });
    let places = places.collect::<Result<Vec<_>>>()?;
    let mut checkpoint = json!({"version": 1, "stream": arn, "scope": "stream", "shards": places});
    if let Some(listed) = shards.iter().map(|shard| shard.id).max() {
        checkpoint["listed"] = listed.to_string().into();
    }
    Ok(checkpoint)
}

/// The ARN of the stream, and whose it is.
fn source(given: Option<&str>) -> Result<(&str, Source)> {
    let arn = given.ok_or_else(|| invalid(text::unrecognized_source()))?;
    let (service, resource) = (arn.split(':').nth(2), arn.splitn(6, ':').nth(5).unwrap_or(""));
    match service {
        Some("dynamodb") if resource.contains("/stream/") => Ok((arn, Source::Table)),
        Some("kinesis") if resource.starts_with("stream/") => Ok((arn, Source::Kinesis)),
        _ => Err(invalid(text::unrecognized_source())),
    }
}

fn starting_position(
    input: &CreateEventSourceMappingInput,
    arn: &str,
    source: Source,
) -> Result<LambdaStartingPosition> {
    let given = input.starting_position.as_ref().and_then(Open::known);
    let position = given.ok_or_else(|| invalid(text::starting_position_missing()))?;
    let is_at_timestamp = position == LambdaStartingPosition::AtTimestamp;
    if is_at_timestamp && source == Source::Table {
        return Err(invalid(text::starting_position_unsupported(arn)));
    }
    match input.starting_position_timestamp {
        Some(_) if !is_at_timestamp => Err(invalid(text::timestamp_without_its_position())),
        None if is_at_timestamp => Err(invalid(text::timestamp_missing())),
        _ => Ok(position),
    }
}

/// The mapping as it is told, without what the database gives it.
fn with_defaults(
    input: &CreateEventSourceMappingInput,
    arn: &str,
    position: LambdaStartingPosition,
) -> Result<EventSourceMappingConfiguration> {
    Ok(EventSourceMappingConfiguration {
        event_source_arn: Some(arn.to_owned()),
        starting_position: Some(position.into()),
        starting_position_timestamp: input.starting_position_timestamp,
        batch_size: input.batch_size.or(Some(100)),
        maximum_batching_window_in_seconds: input.maximum_batching_window_in_seconds.or(Some(0)),
        parallelization_factor: input.parallelization_factor.or(Some(1)),
        filter_criteria: rules::filters(input.filter_criteria.as_ref())?,
        destination_config: Some(rules::destinations(input.destination_config.as_ref())?),
        maximum_record_age_in_seconds: input.maximum_record_age_in_seconds.or(Some(-1)),
        bisect_batch_on_function_error: input.bisect_batch_on_function_error.or(Some(false)),
        maximum_retry_attempts: input.maximum_retry_attempts.or(Some(-1)),
        tumbling_window_in_seconds: input.tumbling_window_in_seconds.or(Some(0)),
        function_response_types: Some(input.function_response_types.iter().flatten().cloned().collect()),
        kms_key_arn: input.kms_key_arn.clone(),
        metrics_config: input.metrics_config.clone(),
        ..EventSourceMappingConfiguration::default()
    })
}

fn require_stream(call: &Call<'_>, arn: &str, source: Source, now: Millis) -> Result<()> {
    let is_there = match source {
        Source::Table => call.catalog.stream(arn, now).is_ok(),
        Source::Kinesis => data_stream(call, arn).is_some_and(|stream| stream.state.lock().is_usable(now)),
    };
    if is_there { Ok(()) } else { Err(invalid(text::stream_not_found(arn))) }
}

/// Refuses a second mapping of a stream and a function, as it is qualified.
///
/// # Errors
/// `ResourceConflictException`.
pub(super) fn refuse_second(
    mappings: &Mappings,
    source: &str,
    function: &str,
    except: Option<u64>,
    now: Millis,
) -> Result<()> {
    let is_same = |mapping: &&Mapping| {
        mapping.source() == source && mapping.function() == function && Some(mapping.id) != except
    };
    match mappings.present(now).find(is_same) {
        None => Ok(()),
        Some(other) => {
            let named = function.split(':').nth(6).unwrap_or(function);
            Err(Error::new(ErrorCode::ResourceConflict, text::exists(source, named, other.uuid())))
        }
    }
}
