//! RestoreTableFromBackup, and what it has in common with every other way to restore a table.

use std::sync::Arc;

use super::{copying, look_up};
use crate::api::message::backup as text;
use crate::api::{
    BillingMode, Error, ErrorCode, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex,
    OnDemandThroughput, Open, Projection, ProvisionedThroughput, RestoreTableFromBackupInput,
    RestoreTableFromBackupOutput, Result, Shape, SseSpecification, TableDescription, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::operation::describe::{View, describe};
use crate::operation::describe_index::{key_schema, projection};
use crate::operation::index::Wanted;
use crate::operation::{encryption, lineage, maintenance};
use crate::store::TableId;
use crate::table::{
    Change, ChangeKind, Cut, Features, HashRange, IndexKind, IndexState, Restoring, RowCopy, Schema,
    Settings, State, Table, Target,
};

/// What a restored table is to have in place of what its source had.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overrides<'a> {
    pub(super) mode: Option<BillingMode>,
    pub(super) units: Option<&'a ProvisionedThroughput>,
    pub(super) ceilings: Option<&'a OnDemandThroughput>,
    pub(super) globals: Option<&'a [GlobalSecondaryIndex]>,
    pub(super) locals: Option<&'a [LocalSecondaryIndex]>,
    pub(super) encryption: Option<&'a SseSpecification>,
}

macro_rules! overrides_of {
    ($input:expr) => {
        Overrides {
            mode: $input.billing_mode_override.as_ref().and_then(Open::known),
            units: $input.provisioned_throughput_override.as_ref(),
            ceilings: $input.on_demand_throughput_override.as_ref(),
            globals: $input.global_secondary_index_override.as_deref(),
            locals: $input.local_secondary_index_override.as_deref(),
            encryption: $input.sse_specification_override.as_ref(),
        }
    };
}

pub(super) use overrides_of;

/// RestoreTableFromBackup.
pub(crate) fn from_backup(
    call: &Call<'_>,
    input: &Valid<'_, RestoreTableFromBackupInput>,
) -> Result<RestoreTableFromBackupOutput> {
    let (arn, overrides) = (input.backup_arn, overrides_of!(input));
    let naming = call.catalog.naming.lock();
    let (parsed, backup) = look_up(call, arn)?;
    if parsed.region != call.catalog.place.region {
        return Err(match overrides.encryption {
            None => Error::validation(text::of_another_region()),
            Some(_) => Error::new(ErrorCode::BackupNotFound, text::not_found(arn)),
        });
    }
    let in_use = |message: String| Err(Error::new(ErrorCode::BackupInUse, message));
    if call.catalog.is_being_copied(backup.rows) {
        return in_use(text::being_made(arn));
    }
    let now = call.now();
    let plan = overrides.plan(call, &backup.table.state, backup.created_at, now)?;
    let name = input.target_table_name;
    free_name(call, name, now)?;
    if !call.catalog.copies_from(backup.rows).is_empty() {
        return in_use(text::being_restored_elsewhere(arn));
    }
    let restoring = Restoring {
        backup: Some(arn.to_owned()),
        table: call.catalog.place.table_arn(&backup.table.name),
        moment: backup.created_at,
    };
    let from = Source { rows: backup.rows, schema: &backup.table.schema, cut: None };
    let (description, copy) = make(call, name, plan, restoring, &from)?;
    drop(naming);
    copying::fill(call, &copy)?;
    Ok(RestoreTableFromBackupOutput { table_description: Some(description) })
}

/// Sees to it that nobody has the name of a table that is to be restored. The caller holds the naming lock.
///
/// # Errors
/// `TableAlreadyExistsException`, `TableInUseException` where it is being restored.
pub(super) fn free_name(call: &Call<'_>, name: &str, now: Millis) -> Result<()> {
    let Some(existing) = call.catalog.holder(name) else { return Ok(()) };
    if existing.is_gone(now) {
        return maintenance::forget_table(call, &existing);
    }
    Err(match &existing.state.read().restoring {
        Some(Restoring { backup, .. }) => {
            Error::new(ErrorCode::TableInUse, text::target_being_restored(name, backup.as_deref()))
        }
        None => Error::new(ErrorCode::TableAlreadyExists, text::target_exists(name)),
    })
}

/// Whose rows a restored table gets.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) rows: TableId,
    pub(super) schema: &'a Schema,
    pub(super) cut: Option<Cut>,
}

/// Makes a table that is to be restored, and the copy into it. The caller holds the naming lock, and the name is free.
///
/// # Errors
/// The store's; then there is no table.
pub(super) fn make(
    call: &Call<'_>,
    name: &str,
    plan: Plan,
    restoring: Restoring,
    source: &Source<'_>,
) -> Result<(TableDescription, Arc<RowCopy>)> {
    let now = call.now();
    let (id, uuid, ranges) =
        (call.next_table_id(), call.entropy.uuid(), HashRange::ALL.divide(call.choices.partitions));
    let table = Table::new(id, name.to_owned(), uuid, now, source.schema.clone(), plan.settings, ranges);
    let table = Arc::new(table);
    let mut state = table.state.write();
    // Until its rows are there.
    let change = Change { kind: ChangeKind::Create, until: Millis::MAX };
    let indexes = plan.indexes.into_iter().map(|wanted| wanted.state(call, id, &table.schema)).collect();
    let (change, restoring) = (Some(change), Some(restoring));
    let next = State { features: plan.features, change, restoring, indexes, ..state.clone() };
    let begins_at = now + call.choices.control_plane_delay;
    let copy = RowCopy::new(source.rows, source.cut, Target::Table(table.clone()), begins_at);
    lineage::create(call, &table, &mut state, next, None, (now, vec![copy.entry(copy.stage())]))?;
    call.catalog.add(table.clone());
    let copy = Arc::new(copy);
    copying::begin(call, &copy);
    let description = describe(call, &table, &state, ChangeKind::Create.status(), View::New)?;
    Ok((description, copy))
}

/// What a restored table will be, beside its key.
#[derive(Debug)]
pub(super) struct Plan {
    settings: Settings,
    features: Features,
    indexes: Vec<Wanted>,
}

impl Overrides<'_> {
    /// What becomes of a table as it was at a moment: streams, time to live, tags, policies, class and protection do not come back.
    ///
    /// # Errors
    /// `ValidationException`.
    pub(super) fn plan(self, call: &Call<'_>, source: &State, at: Millis, now: Millis) -> Result<Plan> {
        let has = &source.settings;
        let mode = self.mode.unwrap_or(has.billing_mode);
        let refuse = |problem: String| Err(Error::validation(problem));
        let units = match (mode, self.units) {
            (BillingMode::PayPerRequest, Some(_)) => {
                return refuse(text::units_while_on_demand(self.mode.is_some(), None));
            }
            (BillingMode::PayPerRequest, None) => (0, 0),
            (BillingMode::Provisioned, None) if self.mode.is_some() => {
                return refuse(text::units_needed(None));
            }
            (BillingMode::Provisioned, given) => given.and_then(units_of).unwrap_or(has.units),
        };
        let ceilings = match (mode, self.ceilings) {
            (BillingMode::PayPerRequest, None) => has.on_demand_throughput.clone(),
            (_, None) => None,
            (_, Some(given)) => checked_ceilings(given, mode)?,
        };
        let indexes = self.indexes(source, at, mode)?;
        let encryption = match self.encryption {
            None => source.features.encryption.clone(),
            Some(given) => encryption::asked(call.catalog.place, given)?,
        };
        let settings = Settings {
            billing_mode: mode,
            on_demand_since: (mode == BillingMode::PayPerRequest).then_some(now),
            units,
            increased_at: None,
            decreased_at: None,
            decreases_today: 0,
            on_demand_throughput: ceilings,
            warm_units: None,
            table_class: None,
            class_changed_at: None,
            deletion_protection: false,
        };
        Ok(Plan { settings, features: Features { encryption, ..Features::default() }, indexes })
    }

    fn indexes(self, source: &State, at: Millis, mode: BillingMode) -> Result<Vec<Wanted>> {
        let had = |kind| source.indexes_at(at).filter(move |had: &&IndexState| had.index.kind == kind);
        let mut indexes = Vec::new();
        match self.locals {
            None => indexes.extend(had(IndexKind::Local).map(|had| Wanted::again(had, &had.index.name))),
            Some(locals) => {
                for local in locals {
                    let given = local.valid()?;
                    let name = given.index_name;
                    let had = find(had(IndexKind::Local), name, given.key_schema, &given.projection)?;
                    indexes.push(Wanted::again(had, name));
                }
            }
        }
        match self.globals {
            None => {
                for had in had(IndexKind::Global) {
                    if mode == BillingMode::Provisioned && self.mode.is_some() {
                        return Err(Error::validation(text::units_needed(Some(&had.index.name))));
                    }
                    let units = if mode == BillingMode::Provisioned { had.units } else { (0, 0) };
                    let kept = ceilings_kept(mode, had.on_demand_throughput.as_ref());
                    indexes.push(Wanted::again(had, &had.index.name).with_capacity(units, kept));
                }
            }
            Some(globals) => {
                for global in globals {
                    let given = global.valid()?;
                    let name = given.index_name;
                    let had = find(had(IndexKind::Global), name, given.key_schema, &given.projection)?;
                    let units = self.index_units(mode, name, global.provisioned_throughput.as_ref())?;
                    let kept = ceilings_kept(mode, global.on_demand_throughput.as_ref());
                    indexes.push(Wanted::again(had, name).with_capacity(units, kept));
                }
            }
        }
        Ok(indexes)
    }

    /// The units of an index that is named.
    fn index_units(
        self,
        mode: BillingMode,
        index: &str,
        given: Option<&ProvisionedThroughput>,
    ) -> Result<(i64, i64)> {
        match (mode, given.and_then(units_of)) {
            (BillingMode::PayPerRequest, Some(_)) => {
                Err(Error::validation(text::units_while_on_demand(self.mode.is_some(), Some(index))))
            }
            (BillingMode::Provisioned, None) => Err(Error::validation(text::index_units_needed(index))),
            (_, units) => Ok(units.unwrap_or((0, 0))),
        }
    }
}

/// The index of the source that has a key and shows the same, whatever its name.
fn find<'a>(
    mut had: impl Iterator<Item = &'a IndexState>,
    name: &str,
    keys: &[KeySchemaElement],
    shown: &Projection,
) -> Result<&'a IndexState> {
    had.find(|had| key_schema(&had.index) == keys && shows_alike(&projection(&had.index), shown))
        .ok_or_else(|| Error::validation(text::no_such_index(name)))
}

fn shows_alike(had: &Projection, given: &Projection) -> bool {
    let names = |of: &Projection| {
        let mut names = of.non_key_attributes.clone();
        if let Some(names) = &mut names {
            names.sort_unstable();
        }
        names
    };
    had.projection_type == given.projection_type && names(had) == names(given)
}

fn units_of(given: &ProvisionedThroughput) -> Option<(i64, i64)> {
    given.read_capacity_units.zip(given.write_capacity_units)
}

fn ceilings_kept(mode: BillingMode, kept: Option<&OnDemandThroughput>) -> Option<OnDemandThroughput> {
    kept.filter(|_| mode == BillingMode::PayPerRequest).cloned()
}

/// The ceilings that a request names.
fn checked_ceilings(given: &OnDemandThroughput, mode: BillingMode) -> Result<Option<OnDemandThroughput>> {
    let members = [
        ("MaxReadRequestUnits", given.max_read_request_units),
        ("MaxWriteRequestUnits", given.max_write_request_units),
    ];
    for (member, units) in members {
        match units {
            Some(_) if mode == BillingMode::Provisioned => {
                return Err(Error::validation(text::ceiling_while_provisioned(member)));
            }
            Some(units) if units < 1 => return Err(Error::validation(text::ceiling_out_of_range(member))),
            _ => {}
        }
    }
    Ok(members.iter().any(|(_, units)| units.is_some()).then(|| given.clone()))
}
