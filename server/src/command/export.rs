//! `streamtable export`: a table into a folder, in the layout of the service's exports.

use std::fs;
use std::process::ExitCode;

use streamtable::api::{
    DescribeContinuousBackupsInput, DescribeExportInput, DescribeTableInput, ExportDescription, ExportFormat,
    ExportStatus, ExportTableToPointInTimeInput, ExportType, IncrementalExportSpecification, Open,
    PointInTimeRecoverySpecification, PointInTimeRecoveryStatus, Timestamp, UpdateContinuousBackupsInput,
};
use streamtable::door::{Door, ask};
use streamtable::{Error, Result};

use super::buckets::{finish, open};
use super::size::Size;
use crate::arguments::{ExportFormat as Format, Source, TableExport};

pub(crate) fn run(arguments: &TableExport) -> ExitCode {
    match exported(arguments) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("streamtable: {why}");
            ExitCode::FAILURE
        }
    }
}

fn exported(arguments: &TableExport) -> std::result::Result<String, String> {
    let TableExport { source, table, bucket, .. } = arguments;
    if matches!(source, Source::Directory(_)) {
        fs::create_dir_all(bucket).map_err(|e| format!("{}: {e}", bucket.display()))?;
    }
    let (door, name) = open(source, bucket)?;
    let told = |error: Error| error.message().to_owned();
    let is_recorded = is_restorable(&*door, table).map_err(told)?;
    if !is_recorded {
        set_restorable(&*door, table, true).map_err(told)?;
    }
    let done = written(&*door, arguments, name);
    if !is_recorded {
        set_restorable(&*door, table, false).map_err(told)?;
    }
    let done = done?;
    match done.export_status.as_ref().and_then(Open::known) {
        Some(ExportStatus::Completed) => Ok(format!(
            "{} items, {}: {}",
            done.item_count.unwrap_or(0),
            Size(done.billed_size_bytes.and_then(|bytes| bytes.try_into().ok()).unwrap_or(0)),
            bucket.join(done.export_manifest.as_deref().unwrap_or("")).display()
        )),
        _ => Err(done.failure_message.unwrap_or_else(|| "the export has failed".to_owned())),
    }
}

/// Begins the export and waits for its end.
fn written(
    door: &dyn Door,
    arguments: &TableExport,
    bucket: String,
) -> std::result::Result<ExportDescription, String> {
    let told = |error: Error| error.message().to_owned();
    let begun = ask(door, request(door, arguments, bucket).map_err(told)?).map_err(told)?;
    let arn = begun.export_description.and_then(|export| export.export_arn);
    finish(door, || {
        let answer = ask(door, DescribeExportInput { export_arn: arn.clone() }).map_err(told)?;
        let export = answer.export_description.unwrap_or_else(ExportDescription::default);
        let runs = export.export_status.as_ref().and_then(Open::known) == Some(ExportStatus::InProgress);
        Ok((!runs).then_some(export))
    })
}

fn request(
    door: &dyn Door,
    arguments: &TableExport,
    bucket: String,
) -> Result<ExportTableToPointInTimeInput> {
    let TableExport { table, prefix, format, at, since, .. } = arguments;
    let described = ask(door, DescribeTableInput { table_name: Some(table.clone()) })?;
    let changes = since.map(|since| IncrementalExportSpecification {
        export_from_time: Some(Timestamp::from_millis(since)),
        ..IncrementalExportSpecification::default()
    });
    let format = match format {
        Format::Json => ExportFormat::DynamodbJson,
        Format::Ion => ExportFormat::Ion,
    };
    Ok(ExportTableToPointInTimeInput {
        table_arn: described.table.and_then(|table| table.table_arn),
        s3_bucket: Some(bucket),
        s3_prefix: prefix.clone(),
        export_format: Some(format.into()),
        export_time: at.map(Timestamp::from_millis),
        export_type: since.map(|_| ExportType::IncrementalExport.into()),
        incremental_export_specification: changes,
        ..ExportTableToPointInTimeInput::default()
    })
}

fn is_restorable(door: &dyn Door, table: &str) -> Result<bool> {
    let answer = ask(door, DescribeContinuousBackupsInput { table_name: Some(table.to_owned()) })?;
    let recovery =
        answer.continuous_backups_description.and_then(|told| told.point_in_time_recovery_description);
    let status = recovery.and_then(|recovery| recovery.point_in_time_recovery_status);
    Ok(status.as_ref().and_then(Open::known) == Some(PointInTimeRecoveryStatus::Enabled))
}

fn set_restorable(door: &dyn Door, table: &str, is_on: bool) -> Result<()> {
    let specification = PointInTimeRecoverySpecification {
        point_in_time_recovery_enabled: Some(is_on),
        ..PointInTimeRecoverySpecification::default()
    };
    let input = UpdateContinuousBackupsInput {
        table_name: Some(table.to_owned()),
        point_in_time_recovery_specification: Some(specification),
    };
    ask(door, input).map(drop)
}
