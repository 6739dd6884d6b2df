//! UpdateTable's GlobalSecondaryIndexUpdates: indexes created, changed and deleted on a table that is there.
//!
//! ```text
//! Create   table UPDATING, index CREATING, Backfilling false ──► table ACTIVE, Backfilling true ──► index ACTIVE
//! Update   index UPDATING ──► ACTIVE
//! Delete   table UPDATING, index DELETING ──► gone
//! ```
//! How long each state lasts is the option `control_plane_delay`, and filling takes as long as it takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::index::{self, Capacity, Wanted, capacity_of};
use super::keys::Definitions;
use crate::api::message::index as text;
use crate::api::shape::Shape;
use crate::api::{
    BillingMode, Error, ErrorCode, GlobalSecondaryIndexUpdate, IndexStatus, Result, UpdateTableInput,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::GLOBAL_INDEXES_MAX;
use crate::table::{IndexChange, IndexKind, IndexState, Space, SpaceState, State, Table};
use crate::transaction::{attach_space, build_step, detach_space};

/// Steps of a build that the call which asks for it does itself: a small table's index is ready when it answers.
const STEPS_AT_ONCE: usize = 64;

/// What is done to the spaces of a table.
#[derive(Debug)]
pub(super) enum Structural {
    Attach(Arc<Space>),
    Detach(Arc<Space>),
}

/// One update of a request and the index it names.
struct Named<'a> {
    update: &'a GlobalSecondaryIndexUpdate,
    index: &'a str,
}

fn named(update: &GlobalSecondaryIndexUpdate) -> Result<Named<'_>> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let index = match (&update.create, &update.update, &update.delete) {
        (Some(create), None, None) => create.valid()?.index_name,
        (None, Some(change), None) => change.valid()?.index_name,
        (None, None, Some(delete)) => delete.valid()?.index_name,
        (None, None, None) => return refuse(text::no_action()),
        _ => return refuse(text::several_actions()),
    };
    Ok(Named { update, index })
}

/// Whether an update creates or deletes an index.
pub(super) fn is_structural(update: &GlobalSecondaryIndexUpdate) -> bool {
    update.create.is_some() || update.delete.is_some()
}

/// What can be said against updates without looking at the table.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check(updates: &[GlobalSecondaryIndexUpdate]) -> Result<()> {
    let mut names = BTreeSet::new();
    for update in updates {
        let Named { index, .. } = named(update)?;
        if !names.insert(index) {
            return Err(Error::validation(text::index_twice(index)));
        }
    }
    Ok(())
}

/// Puts updates into a table's state, which is not shown yet.
///
/// # Errors
/// `LimitExceededException` for a second index to create or delete at a time or one too many; `ResourceNotFoundException` for an index that is
/// not there; `ResourceInUseException` for one that is being changed; `ValidationException`.
pub(super) fn apply(
    call: &Call<'_>,
    table: &Table,
    state: &mut State,
    input: &UpdateTableInput,
    now: Millis,
) -> Result<Option<Structural>> {
    let updates = input.global_secondary_index_updates.as_deref().unwrap_or(&[]);
    let limit = |problem: String| Error::new(ErrorCode::LimitExceeded, problem);
    if updates.iter().filter(|update| is_structural(update)).count() > 1 {
        return Err(limit(text::one_at_a_time()));
    }
    let definitions = input.attribute_definitions.as_deref().map(Definitions::read).transpose()?;
    let mut structural = None;
    for update in updates {
        let Named { update, index } = named(update)?;
        let at = state.indexes.iter().position(|state| state.index.name == index);
        if let Some(create) = &update.create {
            refuse_existing(table, at.map(|at| &state.indexes[at]), now)?;
            require_alone(state, None, now)?;
            let globals = state.indexes.iter().filter(|index| index.index.kind == IndexKind::Global).count();
            if globals >= GLOBAL_INDEXES_MAX {
                return Err(limit(text::too_many_added(GLOBAL_INDEXES_MAX)));
            }
            let mode = state.settings.billing_mode;
            let wanted = index::of_action(create, definitions.as_ref(), &table.schema, state, mode)?;
            structural = Some(Structural::Attach(create_index(call, table, state, wanted, now)));
        } else {
            let verb = if update.delete.is_some() { "delete" } else { "update" };
            let at = at.ok_or_else(|| {
                let problem = text::index_not_found(index, &table.name);
                Error::new(ErrorCode::ResourceNotFound, problem)
            })?;
            if state.indexes[at].index.kind == IndexKind::Local {
                return Err(Error::validation(text::not_global(verb, index)));
            }
            refuse_busy(table, &state.indexes[at], update, now)?;
            if update.delete.is_some() {
                require_alone(state, Some(at), now)?;
                let until = now + call.choices.control_plane_delay;
                state.indexes[at].change = Some(IndexChange::Delete { until });
                state.features.insights.remove(index);
                structural = Some(Structural::Detach(state.indexes[at].space.clone()));
            } else {
                let mode = state.settings.billing_mode;
                change_index(call, &mut state.indexes[at], update, mode, now)?;
            }
        }
    }
    Ok(structural)
}

fn create_index(
    call: &Call<'_>,
    table: &Table,
    state: &mut State,
    wanted: Wanted,
    now: Millis,
) -> Arc<Space> {
    let delay = call.choices.control_plane_delay;
    let mut index = wanted.state(call, table.id, &table.schema);
    index.change =
        Some(IndexChange::Create { allocated_at: now + delay, ready_at: now + delay.saturating_mul(2) });
    let space = index.space.clone();
    state.indexes.push(index);
    space
}

fn refuse_existing(table: &Table, existing: Option<&IndexState>, now: Millis) -> Result<()> {
    match existing {
        None => Ok(()),
        Some(index) if index.status(now).0 == IndexStatus::Deleting => {
            let problem = text::being_deleted(&table.name, &index.index.name);
            Err(Error::new(ErrorCode::ResourceInUse, problem))
        }
        Some(_) => Err(Error::validation(text::exists())),
    }
}

/// One index of a table is created or deleted at a time; the one at `own` may be in the middle of it.
fn require_alone(state: &State, own: Option<usize>, now: Millis) -> Result<()> {
    let is_busy = |(at, index): (usize, &IndexState)| {
        own != Some(at) && matches!(index.status(now).0, IndexStatus::Creating | IndexStatus::Deleting)
    };
    if state.indexes.iter().enumerate().any(is_busy) {
        return Err(Error::new(ErrorCode::LimitExceeded, text::one_at_a_time()));
    }
    Ok(())
}

fn refuse_busy(
    table: &Table,
    index: &IndexState,
    update: &GlobalSecondaryIndexUpdate,
    now: Millis,
) -> Result<()> {
    let (table, name) = (&table.name, &index.index.name);
    let problem = match (index.status(now), &update.delete) {
        ((IndexStatus::Deleting, _), _) => text::being_deleted(table, name),
        ((IndexStatus::Creating, Some(false)), Some(_)) => text::delete_too_early(table, name),
        ((IndexStatus::Creating, Some(false)), None) => text::not_filled_yet(table, name),
        ((IndexStatus::Updating, _), _) => text::being_updated(table, name),
        _ => return Ok(()),
    };
    Err(Error::new(ErrorCode::ResourceInUse, problem))
}

/// Changes the throughput of an index.
fn change_index(
    call: &Call<'_>,
    state: &mut IndexState,
    update: &GlobalSecondaryIndexUpdate,
    mode: BillingMode,
    now: Millis,
) -> Result<()> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let Some(action) = &update.update else { return Ok(()) };
    let given = capacity_of!(action);
    let name = state.index.name.clone();
    if let Some(units) = given.units() {
        if mode == BillingMode::PayPerRequest {
            return refuse(text::update_units_on_demand(&name));
        }
        if units == state.units {
            return refuse(text::same_units(&name, units.0, units.1));
        }
        set_units(state, units, now);
    }
    index::check_ceilings(&name, given.on_demand().as_ref(), mode)?;
    if let Some(ceilings) = given.on_demand() {
        state.on_demand_throughput = Some(ceilings);
    }
    let warm = state.warm_units.unwrap_or(super::throughput::units_ready(mode, state.units));
    let (read, write) = given.warm();
    for (member, given, current) in
        [("ReadUnitsPerSecond", read, warm.0), ("WriteUnitsPerSecond", write, warm.1)]
    {
        if given.is_some_and(|given| given < current) {
            return refuse(text::warm_lowered(member, &name));
        }
    }
    if read.is_some() || write.is_some() {
        state.warm_units = Some((read.unwrap_or(warm.0), write.unwrap_or(warm.1)));
    }
    state.change = Some(IndexChange::Update { until: now + call.choices.control_plane_delay });
    Ok(())
}

fn set_units(state: &mut IndexState, units: (i64, i64), now: Millis) {
    if units.0 > state.units.0 || units.1 > state.units.1 {
        state.increased_at = Some(now);
    }
    if units.0 < state.units.0 || units.1 < state.units.1 {
        state.decreased_at = Some(now);
        state.decreases_today += 1;
    }
    state.units = units;
}

/// What a switch of the table's billing mode means for its indexes: on a provisioned table each needs units of its own, which the request
/// gives (facts B10).
///
/// # Errors
/// `ValidationException` for an index without.
pub(super) fn settle_mode(state: &mut State, before: BillingMode) -> Result<()> {
    let mode = state.settings.billing_mode;
    if mode == before {
        return Ok(());
    }
    for index in state.indexes.iter_mut().filter(|index| index.index.kind == IndexKind::Global) {
        match mode {
            BillingMode::PayPerRequest => index.units = (0, 0),
            BillingMode::Provisioned if index.units == (0, 0) => {
                return Err(Error::validation(text::units_missing_for_mode(&index.index.name)));
            }
            BillingMode::Provisioned => index.on_demand_throughput = None,
        }
    }
    Ok(())
}

/// Forgets what is over: indexes that are deleted, and changes of others.
pub(super) fn settle(state: &mut State, now: Millis) {
    state.indexes.retain(|index| !index.is_gone(now));
    for index in &mut state.indexes {
        if index.status(now).0 == IndexStatus::Active {
            index.change = None;
        }
    }
}

/// Names of the indexes that are being made room for or deleted, and which of it: other changes of the table wait for them.
pub(super) fn busy(state: &State, now: Millis) -> Option<(&'static str, Vec<&str>)> {
    for (verb, wanted) in
        [("created", (IndexStatus::Creating, Some(false))), ("deleted", (IndexStatus::Deleting, None))]
    {
        let busy = state.indexes_at(now).filter(|index| index.status(now) == wanted);
        let names: Vec<&str> = busy.map(|index| index.index.name.as_str()).collect();
        if !names.is_empty() {
            return Some((verb, names));
        }
    }
    None
}

/// Whether an index is in the middle of a change, so that its table cannot be deleted.
pub(super) fn any_busy(state: &State, now: Millis) -> bool {
    state.indexes_at(now).any(|index| index.status(now).0 != IndexStatus::Active)
}

/// Commits a state with what is done to the spaces, and shows it. The caller holds the state for writing.
///
/// # Errors
/// The store's; then nothing has changed.
pub(super) fn commit(
    call: &Call<'_>,
    table: &Arc<Table>,
    state: &mut State,
    next: State,
    structural: &Structural,
) -> Result<()> {
    let meta = vec![table.entry(&next, None)];
    match structural {
        Structural::Attach(space) => {
            let created = next.indexes.iter().find(|index| index.space.id == space.id);
            let from = created.map_or(0, IndexState::filled_from);
            attach_space(call, table, space, meta, from)?;
        }
        Structural::Detach(space) => detach_space(call, table, space, meta)?,
    }
    table.changed.raise(call.store.seen());
    *state = next;
    Ok(())
}

/// Does the first steps of the build of a new space, if it may begin. The rest is background work.
///
/// # Errors
/// The store's; background work goes on from there.
pub(super) fn fill(call: &Call<'_>, table: &Table, space: &Space) -> Result<()> {
    if call.choices.control_plane_delay > 0 {
        return Ok(());
    }
    // One after another with background work, which may have taken the build up already.
    let _turn = call.upkeep.lock();
    for _ in 0..STEPS_AT_ONCE {
        if build_step(call, table, space)? == SpaceState::Complete {
            call.schedule.build_done(space);
            return Ok(());
        }
    }
    Ok(())
}
