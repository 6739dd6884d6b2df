//! CreateTable, DescribeTable, UpdateTable, DeleteTable, ListTables.

use super::describe::{View, describe};
use super::index_update::Structural;
use super::new_table::NewTable;
use super::{describe_index, encryption, global_tables, index_update, lineage, throughput};
use crate::api::message::{
    backup as backup_text, index as index_text, settings as settings_text, table as text,
};
use crate::api::{
    BillingMode, CreateTableInput, CreateTableOutput, DeleteTableInput, DeleteTableOutput,
    DescribeTableInput, DescribeTableOutput, Error, ErrorCode, ListTablesInput, ListTablesOutput, Open,
    ProvisionedThroughput, Result, SseStatus, StreamViewType, TableDescription, TableStatus,
    UpdateTableInput, UpdateTableOutput, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::LIST_TABLES_MAX;
use crate::table::{Change, ChangeKind, Settings, State, Table};

/// CreateTable.
pub(crate) fn create(call: &Call<'_>, input: &Valid<'_, CreateTableInput>) -> Result<CreateTableOutput> {
    let now = call.now();
    let wanted = NewTable::read(call, input, now)?;
    // Held until the table has its name: of two that want it, one finds it taken.
    let _naming = call.catalog.naming.lock();
    wanted.require_name(call, now, |existing| exists(existing, now))?;
    let change = Change { kind: ChangeKind::Create, until: now + call.choices.control_plane_delay };
    let table = wanted.make(call, change, now, |_| Vec::new())?;
    let state = table.state.read();
    let mut description = describe(call, &table, &state, change.kind.status(), View::New)?;
    if input.warm_throughput.is_some() {
        description.warm_throughput = Some(throughput::described(&state.settings, TableStatus::Updating));
    }
    Ok(CreateTableOutput { table_description: Some(description) })
}

fn exists(table: &Table, now: Millis) -> Error {
    let message = match table.status(now) {
        TableStatus::Creating if table.is_restoring() => backup_text::name_being_restored(&table.name),
        TableStatus::Creating => text::being_created(&table.name),
        TableStatus::Deleting => text::being_deleted(&table.name),
        _ => text::table_exists(&table.name),
    };
    Error::new(ErrorCode::ResourceInUse, message)
}

/// The units a request names, which its billing mode must admit. `needed` when the mode itself is being chosen.
pub(super) fn capacity_units(
    mode: BillingMode,
    given: Option<&ProvisionedThroughput>,
    needed: bool,
) -> Result<Option<(i64, i64)>> {
    let units = given.and_then(|given| given.read_capacity_units.zip(given.write_capacity_units));
    match mode {
        BillingMode::PayPerRequest if units.is_some() => Err(Error::validation(text::on_demand_with_units())),
        BillingMode::Provisioned if units.is_none() && needed => {
            Err(Error::validation(text::provisioned_without_units()))
        }
        _ => Ok(units),
    }
}

/// Notes a change and when it is over; returns the status that the answer shows.
fn start(call: &Call<'_>, state: &mut State, kind: ChangeKind, now: Millis) -> TableStatus {
    state.change = Some(Change { kind, until: now + call.choices.control_plane_delay });
    kind.status()
}

/// DescribeTable.
pub(crate) fn describe_table(
    call: &Call<'_>,
    input: &Valid<'_, DescribeTableInput>,
) -> Result<DescribeTableOutput> {
    let now = call.now();
    let table = call.catalog.for_table_control(input.table_name, now)?;
    let status = table.status(now);
    let state = table.state.read();
    Ok(DescribeTableOutput { table: Some(describe(call, &table, &state, status, View::Whole)?) })
}

/// ListTables.
pub(crate) fn list(call: &Call<'_>, input: &ListTablesInput) -> Result<ListTablesOutput> {
    let limit = input.limit.map_or(LIST_TABLES_MAX, i64::from) as usize;
    let after = input.exclusive_start_table_name.as_deref();
    let (names, more) = call.catalog.names_after(after, limit, call.now());
    let last = names.last().filter(|_| more).cloned();
    Ok(ListTablesOutput { table_names: Some(names), last_evaluated_table_name: last })
}

/// DeleteTable.
pub(crate) fn delete(call: &Call<'_>, input: &Valid<'_, DeleteTableInput>) -> Result<DeleteTableOutput> {
    let now = call.now();
    let table = call.catalog.for_table_control(input.table_name, now)?;
    let mut state = table.state.write();
    if let Some(change) =
        state.change.filter(|change| change.kind == ChangeKind::Delete || now < change.until)
    {
        return Err(Error::new(ErrorCode::ResourceInUse, busy_for_delete(&table.name, change.kind)));
    }
    if index_update::any_busy(&state, now) {
        return Err(Error::new(ErrorCode::ResourceInUse, index_text::delete_table_while()));
    }
    if state.settings.deletion_protection {
        return Err(Error::validation(text::deletion_protected()));
    }
    let mut next = state.clone();
    let status = start(call, &mut next, ChangeKind::Delete, now);
    lineage::delete(call, &table, &mut state, next, now)?;
    let description = describe(call, &table, &state, status, View::Deleted)?;
    drop(state);
    if table.is_gone(now) {
        call.catalog.remove(&table);
    }
    Ok(DeleteTableOutput { table_description: Some(description) })
}

fn busy_for_delete(table: &str, running: ChangeKind) -> String {
    match running {
        ChangeKind::Create => text::being_created(table),
        ChangeKind::Delete => text::being_deleted(table),
        ChangeKind::EnableStream | ChangeKind::DisableStream => text::delete_during_stream_change(),
        ChangeKind::Index => index_text::delete_table_while(),
        ChangeKind::Throughput | ChangeKind::Class | ChangeKind::Other => text::being_updated(table),
    }
}

/// What an UpdateTable asks for.
enum Asked {
    Stream {
        view: Option<StreamViewType>,
        on_demand: bool,
    },
    Capacity,
    Class,
    Protection,
    Encryption,
    Warmth,
    /// Changes of indexes, and of the capacity beside them.
    Indexes {
        structural: bool,
        capacity: bool,
    },
}

/// UpdateTable.
pub(crate) fn update(call: &Call<'_>, input: &Valid<'_, UpdateTableInput>) -> Result<UpdateTableOutput> {
    let asked = asked(input)?;
    if let Some(updates) = &input.replica_updates {
        global_tables::refuse_replicas(call.catalog.place, updates)?;
    }
    let now = call.now();
    let table = call.catalog.for_control(input.table_name, now)?;
    let mut state = table.state.write();
    if let Some(running) =
        state.change.filter(|change| change.kind == ChangeKind::Delete || now < change.until)
    {
        refuse_while(&table.name, &state, running.kind, &asked)?;
    }
    refuse_beside_indexes(&table.name, &state, &asked, now)?;
    let mut next = state.clone();
    index_update::settle(&mut next, now);
    let before = next.clone();
    let kind = apply(call, &table, &mut next, input, &asked, now)?;
    let structural = match asked {
        Asked::Indexes { .. } => index_update::apply(call, &table, &mut next, input, now)?,
        _ => None,
    };
    index_update::settle_mode(&mut next, before.settings.billing_mode)?;
    let status = match (next.running(now), kind) {
        // A change that may run beside another one does not end it.
        (Some(running), _) => running.kind.status(),
        (None, Some(kind)) => start(call, &mut next, kind, now),
        (None, None) => TableStatus::Active,
    };
    match (&asked, &structural) {
        (Asked::Stream { view: Some(view), .. }, _) => {
            lineage::enable(call, &table, &mut state, next, *view, now)?;
        }
        (Asked::Stream { view: None, .. }, _) => lineage::disable(call, &table, &mut state, next, now)?,
        (_, Some(structural)) => index_update::commit(call, &table, &mut state, next, structural)?,
        _ => lineage::change(call, &table, &mut state, next)?,
    }
    let mut description = describe(call, &table, &state, status, View::Change)?;
    match asked {
        Asked::Warmth => {
            description.warm_throughput = Some(throughput::described(&state.settings, TableStatus::Updating));
        }
        Asked::Encryption => {
            let changing = |encryption| encryption::described(encryption, SseStatus::Updating);
            description.sse_description = state.features.encryption.as_ref().map(changing);
        }
        _ => {}
    }
    if before.settings.billing_mode == state.settings.billing_mode {
        show_units_before(&mut description, &before);
    }
    drop(state);
    if let Some(Structural::Attach(space)) = structural {
        index_update::fill(call, &table, &space)?;
    }
    Ok(UpdateTableOutput { table_description: Some(description) })
}

/// The answer of an update shows the units that its indexes had (facts B10).
fn show_units_before(description: &mut TableDescription, before: &State) {
    for index in description.global_secondary_indexes.iter_mut().flatten() {
        let had = before.indexes.iter().find(|had| Some(&had.index.name) == index.index_name.as_ref());
        if let Some(had) = had {
            index.provisioned_throughput = Some(describe_index::throughput(had));
        }
    }
}

/// Which changes wait for indexes that are being made room for or deleted (facts B10).
fn refuse_beside_indexes(table: &str, state: &State, asked: &Asked, now: Millis) -> Result<()> {
    let Some((verb, indexes)) = index_update::busy(state, now) else { return Ok(()) };
    let problem = match asked {
        Asked::Capacity | Asked::Indexes { capacity: true, .. } => {
            index_text::table_units_while(verb, table, &indexes)
        }
        Asked::Stream { .. } => index_text::stream_while(verb, table, &indexes),
        _ => return Ok(()),
    };
    Err(Error::new(ErrorCode::ResourceInUse, problem))
}

/// Which parameters may stand together, and in which order the service complains (facts A2.1).
fn asked(input: &UpdateTableInput) -> Result<Asked> {
    let (sse, class) = (input.sse_specification.is_some(), input.table_class.is_some());
    let protection = input.deletion_protection_enabled.is_some();
    let (warm, throughput) = (input.warm_throughput.is_some(), input.provisioned_throughput.is_some());
    let updates = input.global_secondary_index_updates.as_deref();
    let changes = updates.unwrap_or(&[]);
    let (indexes, on_demand) = (!changes.is_empty(), input.on_demand_throughput.is_some());
    let structural = changes.iter().any(index_update::is_structural);
    let (billing, stream) = (input.billing_mode.is_some(), input.stream_specification.is_some());
    let replicas = input.replica_updates.is_some();
    let given = [sse, class, protection, warm, throughput, indexes, on_demand, billing, stream, replicas];
    let count = given.into_iter().filter(|given| *given).count();
    let refuse = |message: String| Err(Error::validation(message));
    match count {
        0 => return refuse(text::nothing_to_update()),
        _ if updates.is_some_and(<[_]>::is_empty) => {
            return refuse(index_text::empty_list("GlobalSecondaryIndexUpdates"));
        }
        1 => {}
        _ if sse => return refuse(text::only_operation("Server-Side Encryption")),
        _ if class => return refuse(text::only_operation("TableClass")),
        _ if protection => return refuse(text::only_operation("DeletionProtection")),
        _ if warm && changes.iter().any(|change| change.create.is_some()) => {
            return refuse(index_text::create_with_warm_throughput());
        }
        _ if warm => return refuse(text::warm_throughput_alone()),
        _ if replicas => return refuse(settings_text::replicas_alone()),
        _ if on_demand && stream => return refuse(text::on_demand_throughput_alone()),
        _ => {}
    }
    if let Some(specification) = &input.stream_specification {
        let mode = input.billing_mode.as_ref().and_then(Open::known);
        if throughput || mode == Some(BillingMode::Provisioned) {
            return refuse(text::stream_with_throughput());
        }
        if indexes {
            return refuse(text::stream_with_index());
        }
        let view = specification.stream_view_type.as_ref().and_then(Open::known);
        return match (specification.stream_enabled == Some(true), view) {
            (true, None) => refuse(text::enable_without_view()),
            (false, Some(_)) => refuse(text::disable_with_view()),
            (_, view) => Ok(Asked::Stream { view, on_demand: mode.is_some() }),
        };
    }
    if indexes {
        if throughput && structural {
            return refuse(index_text::with_table_units());
        }
        index_update::check(changes)?;
        return Ok(Asked::Indexes { structural, capacity: billing || throughput || on_demand });
    }
    Ok(match () {
        () if billing || throughput || on_demand => Asked::Capacity,
        () if class => Asked::Class,
        () if protection => Asked::Protection,
        () if sse => Asked::Encryption,
        () => Asked::Warmth,
    })
}

/// Which changes a running one admits (facts A2.2).
fn refuse_while(table: &str, state: &State, running: ChangeKind, asked: &Asked) -> Result<()> {
    let label = || state.latest_label.as_deref().unwrap_or("");
    let message = match (running, running.stream_operation(), asked) {
        (ChangeKind::Create, _, _) => text::being_created(table),
        (ChangeKind::Delete, _, _) => text::being_deleted(table),
        (ChangeKind::Index, _, Asked::Class) => text::being_updated(table),
        // Told by the indexes that are changed.
        (ChangeKind::Index, ..) => return Ok(()),
        (ChangeKind::Throughput, _, Asked::Indexes { structural: true, .. }) => {
            index_text::index_while_units(table)
        }
        (ChangeKind::Class, _, Asked::Indexes { structural: true, .. }) => index_text::index_while_class(),
        (_, Some(_), Asked::Indexes { structural: true, .. }) => index_text::index_while_stream(),
        (_, _, Asked::Indexes { capacity: false, .. }) => return Ok(()),
        (_, Some(_), Asked::Protection | Asked::Encryption | Asked::Warmth) => return Ok(()),
        (_, Some(operation), Asked::Stream { .. }) => text::stream_change_running(table, label(), operation),
        (_, Some(operation), Asked::Capacity | Asked::Indexes { .. }) => {
            text::throughput_during_stream_change(table, label(), operation)
        }
        (_, Some(operation), Asked::Class) => text::class_during_stream_change(table, label(), operation),
        (ChangeKind::Throughput, None, Asked::Stream { .. }) => text::stream_during_throughput_change(table),
        _ => text::being_updated(table),
    };
    Err(Error::new(ErrorCode::ResourceInUse, message))
}

/// Checks what is asked against the table, and puts it into its state, except for the stream. Returns what the table is in the middle of
/// then; nothing where it stays active.
fn apply(
    call: &Call<'_>,
    table: &Table,
    state: &mut State,
    input: &UpdateTableInput,
    asked: &Asked,
    now: Millis,
) -> Result<Option<ChangeKind>> {
    Ok(Some(match asked {
        Asked::Stream { view: Some(_), on_demand } => {
            if state.stream.is_some() {
                return Err(Error::validation(text::already_enabled(&table.name)));
            }
            if *on_demand {
                set_capacity(&mut state.settings, input, now)?;
            }
            ChangeKind::EnableStream
        }
        Asked::Stream { view: None, on_demand } => {
            if state.stream.is_none() {
                return Err(Error::validation(text::nothing_to_disable(&table.name)));
            }
            if *on_demand {
                set_capacity(&mut state.settings, input, now)?;
            }
            ChangeKind::DisableStream
        }
        Asked::Capacity => {
            set_capacity(&mut state.settings, input, now)?;
            ChangeKind::Throughput
        }
        Asked::Class => {
            state.settings.table_class = input.table_class.as_ref().and_then(Open::known);
            state.settings.class_changed_at = Some(now);
            ChangeKind::Class
        }
        Asked::Protection => {
            state.settings.deletion_protection = input.deletion_protection_enabled == Some(true);
            ChangeKind::Other
        }
        Asked::Encryption => {
            let current = state.features.encryption.as_ref();
            let given = input.sse_specification.as_ref().expect("that is what is asked for");
            state.features.encryption = encryption::changed(call.catalog.place, current, given)?;
            return Ok(None);
        }
        Asked::Indexes { structural, capacity } => {
            if *capacity {
                set_capacity(&mut state.settings, input, now)?;
            }
            match (structural, capacity) {
                (true, _) => ChangeKind::Index,
                (false, true) => ChangeKind::Throughput,
                // Changes of indexes alone show in the indexes.
                (false, false) => return Ok(None),
            }
        }
        Asked::Warmth => {
            let given = input.warm_throughput.as_ref().expect("that is what is asked for");
            state.settings.warm_units = Some(throughput::raised_units(&state.settings, given)?);
            return Ok(None);
        }
    }))
}

fn set_capacity(settings: &mut Settings, input: &UpdateTableInput, now: Millis) -> Result<()> {
    let asked_mode = input.billing_mode.as_ref().and_then(Open::known);
    let mode = asked_mode.unwrap_or(settings.billing_mode);
    let becomes_provisioned =
        mode == BillingMode::Provisioned && settings.billing_mode == BillingMode::PayPerRequest;
    let units = capacity_units(mode, input.provisioned_throughput.as_ref(), becomes_provisioned)?;
    if mode == settings.billing_mode && units == Some(settings.units) && input.on_demand_throughput.is_none()
    {
        return Err(Error::validation(text::same_throughput(settings.units.0, settings.units.1)));
    }
    // What a table was ready for once, it stays ready for.
    settings.warm_units = Some(throughput::ready_units(settings));
    if mode == BillingMode::PayPerRequest {
        settings.units = (0, 0);
        if settings.billing_mode == BillingMode::Provisioned {
            settings.on_demand_since = Some(now);
        }
    } else if let Some(units) = units {
        if units.0 > settings.units.0 || units.1 > settings.units.1 {
            settings.increased_at = Some(now);
        }
        if units.0 < settings.units.0 || units.1 < settings.units.1 {
            settings.decreased_at = Some(now);
            settings.decreases_today += 1;
        }
        settings.units = units;
    }
    settings.billing_mode = mode;
    if let Some(given) = &input.on_demand_throughput {
        let current = settings.on_demand_throughput.as_ref();
        settings.on_demand_throughput = throughput::ceilings(current, given, mode)?;
    }
    Ok(())
}
