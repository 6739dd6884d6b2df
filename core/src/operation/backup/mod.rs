//! CreateBackup, DescribeBackup, DeleteBackup, ListBackups, and tables that are made of backups and of other tables (facts B17).
//!
//! ```text
//! CreateBackup ──► a cut of the table, recorded from ──► copy of its rows, undone to the cut ──► AVAILABLE
//! Restore…     ──► a table that is CREATING           ──► copy of a backup's rows, or of a table's, undone ──► ACTIVE
//! ```

mod arn;
mod copying;
mod describe;
mod moment;
mod restore;

use std::sync::Arc;

use self::arn::{BackupArn, arn_of};
pub(crate) use self::copying::step;
pub(super) use self::copying::{Left, begin as begin_copy, fill as fill_copy};
pub(crate) use self::moment::to_moment;
pub(crate) use self::restore::from_backup;
use super::continuous_backups::find;
use super::lineage;
use crate::api::message::backup as text;
use crate::api::{
    BackupStatus, BackupType, BackupTypeFilter, CreateBackupInput, CreateBackupOutput, DeleteBackupInput,
    DeleteBackupOutput, DescribeBackupInput, DescribeBackupOutput, Error, ErrorCode, ListBackupsInput,
    ListBackupsOutput, Open, Result, Timestamp, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::BACKUPS_PAGE_MAX;
use crate::store::{Batch, Removal};
use crate::table::{Backup, ChangeKind, Label, Period, RowCopy, State, Table, Target};
use crate::transaction::record;

/// CreateBackup.
pub(crate) fn create(call: &Call<'_>, input: &Valid<'_, CreateBackupInput>) -> Result<CreateBackupOutput> {
    let now = call.now();
    let table = find(call, input.table_name, now)?;
    let mut state = table.state.write();
    // Its rows may be gone before its name is.
    if is_deleting(&state) {
        return Err(Error::new(ErrorCode::TableNotFound, text::table_not_found(&table.name)));
    }
    let mut next = state.clone();
    let (rows, new) = (call.next_table_id(), call.next_table_id());
    let newest = state.features.history.last().map_or(new, Period::rows);
    let label = Label {
        id: new_id(call, &table.name, now),
        name: input.backup_name.to_owned(),
        kind: BackupType::User,
        created_at: now,
    };
    let mut made = None;
    record(call, &table, Some(newest), |cut| {
        if next.features.history.is_empty() {
            next.features.history.push(Period::new(new, cut.time));
        }
        // Under the locks of all partitions, what a table counts is exact.
        let backup = Arc::new(Backup::of(&table, &state, rows, label));
        let begins_at = now + call.choices.control_plane_delay;
        let copy = RowCopy::new(table.id, Some(cut), Target::Backup(backup.clone()), begins_at);
        let meta = vec![table.entry(&next, None), backup.entry(), copy.entry(copy.stage())];
        made = Some((backup, Arc::new(copy)));
        Batch { meta, ..Batch::default() }
    })?;
    let (backup, copy) = made.expect("made with its entry");
    lineage::show(call, &table, &mut state, next);
    call.catalog.add_backup(backup.clone());
    copying::begin(call, &copy);
    drop(state);
    copying::fill(call, &copy)?;
    let arn = arn_of(call.catalog.place, &table.name, &backup.id);
    Ok(CreateBackupOutput { backup_details: Some(describe::details(&backup, &arn, BackupStatus::Creating)) })
}

fn is_deleting(state: &State) -> bool {
    state.change.is_some_and(|change| change.kind == ChangeKind::Delete)
}

/// The last part of the ARN of a new backup.
fn new_id(call: &Call<'_>, table: &str, now: Millis) -> String {
    loop {
        let id = format!("{now:014}-{:08x}", call.entropy.next() as u32);
        if call.catalog.backup(table, &id).is_none() {
            return id;
        }
    }
}

/// The backup that the service makes of a table that is deleted while it is restorable to a moment: the table leaves its rows to it. The
/// caller holds the locks of all partitions.
fn of_deleted_table(call: &Call<'_>, table: &Table, state: &State, now: Millis) -> Backup {
    let id = |at: Millis| format!("{at:014}-00000000");
    let at = (now..).find(|at| call.catalog.backup(&table.name, &id(*at)).is_none());
    let label = Label {
        id: id(at.expect("time has no end")),
        name: format!("{}$DeletedTableBackup", table.name),
        kind: BackupType::System,
        created_at: now,
    };
    Backup::of(table, state, table.id, label)
}

/// DescribeBackup.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeBackupInput>,
) -> Result<DescribeBackupOutput> {
    let (_, backup) = look_up(call, input.backup_arn)?;
    let status = describe::status(call, &backup);
    let description = describe::description(call, &backup, input.backup_arn, status);
    Ok(DescribeBackupOutput { backup_description: Some(description) })
}

/// The backup of an ARN, and the ARN's parts.
///
/// # Errors
/// `BackupNotFoundException`; as [`BackupArn::parse`].
fn look_up<'a>(call: &Call<'_>, arn: &'a str) -> Result<(BackupArn<'a>, Arc<Backup>)> {
    let parsed = BackupArn::parse(call.catalog.place, arn)?;
    match call.catalog.backup(parsed.table, parsed.id) {
        Some(backup) => Ok((parsed, backup)),
        None => Err(Error::new(ErrorCode::BackupNotFound, text::not_found(arn))),
    }
}

/// DeleteBackup.
pub(crate) fn delete(call: &Call<'_>, input: &Valid<'_, DeleteBackupInput>) -> Result<DeleteBackupOutput> {
    let arn = input.backup_arn;
    // Names stand still, so that nobody begins to restore it meanwhile.
    let _naming = call.catalog.naming.lock();
    let (_, backup) = look_up(call, arn)?;
    let in_use = |message: String| Err(Error::new(ErrorCode::BackupInUse, message));
    if let Some(expires_at) = backup.expires_at() {
        return Err(Error::validation(text::of_the_system(arn, expires_at)));
    }
    if call.catalog.is_being_copied(backup.rows) {
        return in_use(text::being_made(arn));
    }
    if !call.catalog.copies_from(backup.rows).is_empty() {
        return in_use(text::being_restored(arn));
    }
    forget(call, &backup)?;
    let description = describe::description(call, &backup, arn, BackupStatus::Deleted);
    Ok(DeleteBackupOutput { backup_description: Some(description) })
}

/// Forgets a backup that is too old, unless it is being restored: then it is looked at again a minute later.
///
/// # Errors
/// The store's, here as below.
pub(super) fn expire(call: &Call<'_>, backup: &Arc<Backup>, now: Millis) -> Result<()> {
    let _naming = call.catalog.naming.lock();
    if call.catalog.copies_from(backup.rows).is_empty() {
        forget(call, backup)
    } else {
        call.schedule.backup_expires(backup, now + 60_000);
        Ok(())
    }
}

/// Forgets a backup with its rows. The caller holds the naming lock.
fn forget(call: &Call<'_>, backup: &Backup) -> Result<()> {
    let removals = vec![Removal::Rows(backup.rows)];
    call.commit_catalog(Batch { meta: vec![backup.removed_entry()], removals, ..Batch::default() })?;
    call.catalog.remove_backup(backup);
    call.schedule.backup_done(backup);
    Ok(())
}

/// Forgets what the service keeps of a table that is being deleted.
pub(super) fn forget_of_deleted_table(call: &Call<'_>, table: &Table) -> Result<()> {
    let _naming = call.catalog.naming.lock();
    let kept = call.catalog.backups().into_iter().find(|backup| backup.rows == table.id);
    match kept {
        Some(backup) if call.catalog.copies_from(table.id).is_empty() => forget(call, &backup),
        _ => Ok(()),
    }
}

/// ListBackups.
pub(crate) fn list(call: &Call<'_>, input: &ListBackupsInput) -> Result<ListBackupsOutput> {
    let place = call.catalog.place;
    let bound = |moment: Option<Timestamp>| moment.map(|Timestamp(seconds)| (seconds * 1000.0).round());
    let (lower, upper) = (bound(input.time_range_lower_bound), bound(input.time_range_upper_bound));
    if lower.zip(upper).is_some_and(|(lower, upper)| lower > upper) {
        return Err(Error::validation(text::time_range_inverted()));
    }
    let after = match &input.exclusive_start_backup_arn {
        None => None,
        Some(arn) => {
            let start = BackupArn::parse(place, arn)?;
            if start.region != place.region {
                return Err(Error::validation(text::starting_backup_elsewhere()));
            }
            Some((start.id.to_owned(), start.table.to_owned()))
        }
    };
    let kind = match input.backup_type.as_ref().and_then(Open::known).unwrap_or(BackupTypeFilter::User) {
        BackupTypeFilter::User => Some(BackupType::User),
        BackupTypeFilter::System => Some(BackupType::System),
        BackupTypeFilter::AwsBackup => Some(BackupType::AwsBackup),
        BackupTypeFilter::All => None,
    };
    let table = input.table_name.as_deref().map(|given| place.table_name(given).unwrap_or(given));
    let most = input.limit.map_or(BACKUPS_PAGE_MAX, i64::from) as usize;
    let (page, more) = call.catalog.backups_after(after.as_ref(), most, |backup| {
        let made = backup.created_at as f64;
        table.is_none_or(|table| backup.table.name == table)
            && kind.is_none_or(|kind| backup.kind == kind)
            && lower.is_none_or(|lower| made >= lower)
            && upper.is_none_or(|upper| made < upper)
    });
    let last = page.last().filter(|_| more).map(|last| arn_of(place, &last.table.name, &last.id));
    Ok(ListBackupsOutput {
        backup_summaries: Some(page.iter().map(|backup| describe::summary(call, backup)).collect()),
        last_evaluated_backup_arn: last,
    })
}
