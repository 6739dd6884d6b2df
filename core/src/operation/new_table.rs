//! A table that a request asks for, checked, and made.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::Wanted;
use super::keys::{Definitions, table_schema};
use super::table::capacity_units;
use super::{encryption, index, lineage, maintenance, resource_policy, tags, throughput};
use crate::api::message::table as text;
use crate::api::shape::{Place, Violations, check_constraints, rule};
use crate::api::{
    BillingMode, CreateTableInput, Error, Open, Result, StreamSpecification, StreamViewType, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::{NAME_MAX_CHARS, NAME_MIN_CHARS};
use crate::store::MetaChange;
use crate::table::{Change, Features, HashRange, Schema, Settings, State, Table};

/// A table that is asked for.
#[derive(Debug)]
pub(super) struct NewTable {
    pub(super) name: String,
    schema: Schema,
    settings: Settings,
    features: Features,
    indexes: Vec<Wanted>,
    view: Option<StreamViewType>,
}

impl NewTable {
    /// Reads what a request asks for, in the order in which the service checks it.
    ///
    /// # Errors
    /// `ValidationException`, and what else of the parameters cannot be.
    pub(super) fn read(
        call: &Call<'_>,
        input: &Valid<'_, CreateTableInput>,
        now: Millis,
    ) -> Result<NewTable> {
        let given = input
            .table_name
            .as_deref()
            .ok_or_else(|| Error::validation(text::parameter_required("TableName")))?;
        let name = call.catalog.place.table_name(given).unwrap_or(given);
        check_name(name)?;
        let definitions = Definitions::read(input.attribute_definitions)?;
        let schema = table_schema(input.key_schema, &definitions)?;
        let mode = input.billing_mode.as_ref().and_then(Open::known).unwrap_or(BillingMode::Provisioned);
        let indexes = index::of_new_table(input, &definitions, &schema, mode)?;
        let settings = settings(input, now)?;
        let features = features(call, input, now)?;
        let view = new_stream(input.stream_specification.as_ref())?;
        Ok(NewTable { name: name.to_owned(), schema, settings, features, indexes, view })
    }

    /// Sees to it that nobody has the name. The caller holds the naming lock until the table is made: of two that want it, one finds it taken.
    ///
    /// # Errors
    /// What is to be said of the table that has it; the store's.
    pub(super) fn require_name(
        &self,
        call: &Call<'_>,
        now: Millis,
        taken: impl FnOnce(&Table) -> Error,
    ) -> Result<()> {
        match call.catalog.holder(&self.name) {
            Some(existing) if existing.is_gone(now) => maintenance::forget_table(call, &existing),
            Some(existing) => Err(taken(&existing)),
            None => Ok(()),
        }
    }

    /// Makes it, with what else is told of it in the catalog.
    ///
    /// # Errors
    /// The store's; then there is no table.
    pub(super) fn make(
        self,
        call: &Call<'_>,
        change: Change,
        now: Millis,
        more: impl FnOnce(&Table) -> Vec<MetaChange>,
    ) -> Result<Arc<Table>> {
        let NewTable { name, schema, settings, features, indexes, view } = self;
        let (id, uuid, ranges) =
            (call.next_table_id(), call.entropy.uuid(), HashRange::ALL.divide(call.choices.partitions));
        let table = Arc::new(Table::new(id, name, uuid, now, schema, settings, ranges));
        let mut state = table.state.write();
        let indexes = indexes.into_iter().map(|wanted| wanted.state(call, id, &table.schema)).collect();
        let next = State { features, change: Some(change), indexes, ..state.clone() };
        lineage::create(call, &table, &mut state, next, view, (now, more(&table)))?;
        call.catalog.add(table.clone());
        drop(state);
        Ok(table)
    }
}

/// Table names are 3 to 255 of a small alphabet (facts B3).
fn check_name(name: &str) -> Result<()> {
    let constraints = [rule::length(NAME_MIN_CHARS, NAME_MAX_CHARS), rule::NAME_PATTERN];
    let mut violations = Violations::default();
    check_constraints(&name.to_owned(), &constraints, &Place::WHOLE.member("TableName"), &mut violations);
    if violations.is_empty() { Ok(()) } else { Err(violations.into_error()) }
}

fn settings(input: &CreateTableInput, now: Millis) -> Result<Settings> {
    let billing_mode = input.billing_mode.as_ref().and_then(Open::known).unwrap_or(BillingMode::Provisioned);
    let units = capacity_units(billing_mode, input.provisioned_throughput.as_ref(), true)?;
    let table_class = input.table_class.as_ref().and_then(Open::known);
    let given = input.on_demand_throughput.as_ref();
    let ceilings = given.map(|given| throughput::ceilings(None, given, billing_mode)).transpose()?.flatten();
    let warm = input.warm_throughput.as_ref();
    let warm_units = throughput::of_new_table(warm, billing_mode, units.unwrap_or((0, 0)))?;
    Ok(Settings {
        billing_mode,
        on_demand_since: (billing_mode == BillingMode::PayPerRequest).then_some(now),
        units: units.unwrap_or((0, 0)),
        increased_at: None,
        decreased_at: None,
        decreases_today: 0,
        on_demand_throughput: ceilings,
        warm_units,
        table_class,
        class_changed_at: None,
        deletion_protection: input.deletion_protection_enabled.unwrap_or(false),
    })
}

/// What a new table is set to that has operations of its own later.
fn features(call: &Call<'_>, input: &CreateTableInput, now: Millis) -> Result<Features> {
    let encryption = input.sse_specification.as_ref();
    let encryption =
        encryption.map(|given| encryption::asked(call.catalog.place, given)).transpose()?.flatten();
    let tags = input.tags.as_deref().map(tags::checked).transpose()?;
    let policy = resource_policy::of_new_table(input.resource_policy.as_ref(), now)?;
    Ok(Features { encryption, tags: tags.unwrap_or_else(BTreeMap::new), policy, ..Features::default() })
}

/// The view of a new table's stream; none without a stream (facts A2.1).
fn new_stream(given: Option<&StreamSpecification>) -> Result<Option<StreamViewType>> {
    let Some(given) = given else { return Ok(None) };
    let view = given.stream_view_type.as_ref().and_then(Open::known);
    match (given.stream_enabled == Some(true), view) {
        (true, None) => Err(Error::validation(text::create_enabled_without_view())),
        (true, view) => Ok(view),
        (false, Some(_)) => Err(Error::validation(text::create_disabled_with_view())),
        (false, None) => Ok(None),
    }
}
