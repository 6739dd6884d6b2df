//! EnableKinesisStreamingDestination, DisableKinesisStreamingDestination, UpdateKinesisStreamingDestination,
//! DescribeKinesisStreamingDestination (facts A12). What is delivered:
//! `kinesis/delivery.rs`.

use std::sync::Arc;

use super::lineage;
use crate::api::message::settings as text;
use crate::api::message::table as table_text;
use crate::api::shape::{Enumeration, Named};
use crate::api::{
    DescribeKinesisStreamingDestinationInput, DescribeKinesisStreamingDestinationOutput, DestinationStatus,
    DisableKinesisStreamingDestinationInput, DisableKinesisStreamingDestinationOutput,
    EnableKinesisStreamingConfiguration, EnableKinesisStreamingDestinationInput,
    EnableKinesisStreamingDestinationOutput, Error, ErrorCode, KinesisDataStreamDestination,
    KinesisStreamStatus, Open, Result, TableStatus, UpdateKinesisStreamingDestinationInput,
    UpdateKinesisStreamingDestinationOutput, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::table::{Destination, DestinationChange, State, Table};
use crate::transaction::lock_all;

/// EnableKinesisStreamingDestination.
pub(crate) fn enable(
    call: &Call<'_>,
    input: &Valid<'_, EnableKinesisStreamingDestinationInput>,
) -> Result<EnableKinesisStreamingDestinationOutput> {
    let now = call.now();
    let table = call.catalog.for_control(input.table_name, now)?;
    refuse_unless_usable(&table, now)?;
    let mut state = table.state.write();
    let is_live = |destination: &Destination| {
        let status = status_of(call, destination, now);
        !matches!(status, DestinationStatus::Disabled | DestinationStatus::EnableFailed)
    };
    if state.features.destinations.iter().any(is_live) {
        return Err(Error::validation(text::destination_is_live()));
    }
    let configuration = input.enable_kinesis_streaming_configuration.clone();
    let asked =
        configuration.as_ref().and_then(|given| given.approximate_creation_date_time_precision.as_ref());
    let mut next = state.clone();
    let destinations = &mut next.features.destinations;
    destinations.retain(|destination| destination.arn != input.stream_arn);
    let change = if has_stream(call, input.stream_arn, now) {
        DestinationChange::Enable
    } else {
        DestinationChange::Fail
    };
    destinations.push(Destination {
        arn: input.stream_arn.to_owned(),
        change,
        changed_at: now,
        precision: asked.and_then(Open::known).map(Named),
    });
    connect(call, &table, &mut state, next)?;
    Ok(EnableKinesisStreamingDestinationOutput {
        table_name: Some(table.name.clone()),
        stream_arn: Some(input.stream_arn.to_owned()),
        destination_status: Some(DestinationStatus::Enabling.into()),
        enable_kinesis_streaming_configuration: configuration.or_else(unset),
    })
}

/// DisableKinesisStreamingDestination.
pub(crate) fn disable(
    call: &Call<'_>,
    input: &Valid<'_, DisableKinesisStreamingDestinationInput>,
) -> Result<DisableKinesisStreamingDestinationOutput> {
    let now = call.now();
    if input.enable_kinesis_streaming_configuration.is_some() {
        return Err(Error::validation(text::destination_disabled_with_configuration()));
    }
    let table = call.catalog.for_control(input.table_name, now)?;
    refuse_unless_usable(&table, now)?;
    let mut state = table.state.write();
    let mut next = state.clone();
    let found = next.features.destinations.iter_mut().find(|destination| destination.arn == input.stream_arn);
    let active = found.filter(|destination| status_of(call, destination, now) == DestinationStatus::Active);
    let Some(active) = active else { return Err(Error::validation(text::destination_not_active())) };
    (active.change, active.changed_at) = (DestinationChange::Disable, now);
    connect(call, &table, &mut state, next)?;
    Ok(DisableKinesisStreamingDestinationOutput {
        table_name: Some(table.name.clone()),
        stream_arn: Some(input.stream_arn.to_owned()),
        destination_status: Some(DestinationStatus::Disabling.into()),
        enable_kinesis_streaming_configuration: unset(),
    })
}

/// Answers have a configuration also where the request has none.
fn unset() -> Option<EnableKinesisStreamingConfiguration> {
    Some(EnableKinesisStreamingConfiguration { approximate_creation_date_time_precision: None })
}

/// UpdateKinesisStreamingDestination.
pub(crate) fn update(
    call: &Call<'_>,
    input: &Valid<'_, UpdateKinesisStreamingDestinationInput>,
) -> Result<UpdateKinesisStreamingDestinationOutput> {
    let now = call.now();
    let configuration = input.update_kinesis_streaming_configuration.as_ref();
    let asked =
        configuration.and_then(|given| given.approximate_creation_date_time_precision.as_ref()?.known());
    let Some(asked) = asked else { return Err(Error::validation(text::destination_update_empty())) };
    let table = call.catalog.for_control(input.table_name, now)?;
    let mut state = table.state.write();
    let mut next = state.clone();
    let arn = input.stream_arn;
    let found = next.features.destinations.iter_mut().find(|destination| destination.arn == arn);
    let Some(destination) = found else {
        return Err(Error::validation(text::destination_unknown(&table.name, arn)));
    };
    if status_of(call, destination, now) != DestinationStatus::Active {
        return Err(Error::validation(text::destination_not_updatable(&table.name, arn)));
    }
    if destination.precision == Some(Named(asked)) {
        let message = text::destination_precision_is_set(asked.name(), &table.uuid, arn);
        return Err(Error::validation(message));
    }
    (destination.change, destination.changed_at) = (DestinationChange::Update, now);
    destination.precision = Some(Named(asked));
    connect(call, &table, &mut state, next)?;
    Ok(UpdateKinesisStreamingDestinationOutput {
        table_name: Some(table.name.clone()),
        stream_arn: Some(arn.to_owned()),
        destination_status: Some(DestinationStatus::Updating.into()),
        update_kinesis_streaming_configuration: configuration.cloned(),
    })
}

/// DescribeKinesisStreamingDestination.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeKinesisStreamingDestinationInput>,
) -> Result<DescribeKinesisStreamingDestinationOutput> {
    let now = call.now();
    let table = call.catalog.for_control(input.table_name, now)?;
    let state = table.state.read();
    let shown = |destination: &Destination| KinesisDataStreamDestination {
        stream_arn: Some(destination.arn.clone()),
        destination_status: Some(status_of(call, destination, now).into()),
        destination_status_description: (status_of(call, destination, now)
            == DestinationStatus::EnableFailed)
            .then(text::destination_without_stream),
        approximate_creation_date_time_precision: destination.precision.map(|precision| precision.0.into()),
    };
    Ok(DescribeKinesisStreamingDestinationOutput {
        table_name: Some(table.name.clone()),
        kinesis_data_stream_destinations: Some(state.features.destinations.iter().rev().map(shown).collect()),
    })
}

fn status_of(call: &Call<'_>, destination: &Destination, now: Millis) -> DestinationStatus {
    let changes = now < destination.changed_at + call.choices.control_plane_delay;
    match destination.change {
        DestinationChange::Enable | DestinationChange::Fail if changes => DestinationStatus::Enabling,
        DestinationChange::Fail => DestinationStatus::EnableFailed,
        DestinationChange::Update if changes => DestinationStatus::Updating,
        DestinationChange::Disable if changes => DestinationStatus::Disabling,
        DestinationChange::Disable => DestinationStatus::Disabled,
        DestinationChange::Enable | DestinationChange::Update => DestinationStatus::Active,
    }
}

/// Whether the data stream of an ARN takes records, or soon will.
fn has_stream(call: &Call<'_>, arn: &str, now: Millis) -> bool {
    call.catalog.saw_all();
    let holder = call.catalog.place.data_stream_name(arn).and_then(|name| call.data_streams.holder(name));
    holder.is_some_and(|stream| stream.state.lock().status(now) != KinesisStreamStatus::Deleting)
}

/// Changes the destinations of a table, and where its partitions deliver from then on. The newest destination is the live one, if any is.
fn connect(call: &Call<'_>, table: &Table, state: &mut State, next: State) -> Result<()> {
    let delay = call.choices.control_plane_delay;
    let delivery = next.features.destinations.iter().rev().find_map(|destination| {
        let stream = call.catalog.place.data_stream_name(&destination.arn)?;
        destination.delivery(stream, table, delay).map(Arc::new)
    });
    let partitions = table.partitions();
    let mut locked = lock_all(&partitions);
    lineage::change(call, table, state, next)?;
    for partition in &mut locked {
        partition.delivery = delivery.clone();
    }
    Ok(())
}

/// A table that is being made is not found, one that is being deleted has no destination to change.
fn refuse_unless_usable(table: &Table, now: Millis) -> Result<()> {
    match table.status(now) {
        TableStatus::Creating | TableStatus::Deleting => {
            Err(Error::new(ErrorCode::ResourceNotFound, table_text::table_not_found(&table.name)))
        }
        _ => Ok(()),
    }
}
