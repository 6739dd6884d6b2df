//! Exports as answers show them (facts B18).

use super::super::jobs::EXPORT;
use super::write;
use crate::api::{
    ExportDescription, ExportFormat, ExportStatus, IncrementalExportSpecification, S3SseAlgorithm, Timestamp,
};
use crate::engine::Call;
use crate::table::{Export, ExportState};

/// An export as it stands. What it was asked for is told as it was asked.
pub(super) fn description(call: &Call<'_>, export: &Export) -> ExportDescription {
    let (place, about, input) = (call.catalog.place, &export.about, export.request.clone());
    let times = about.since.map(|since| IncrementalExportSpecification {
        export_from_time: Some(Timestamp::from_millis(since)),
        export_to_time: Some(Timestamp::from_millis(about.moment)),
        export_view_type: Some(write::view(&input).into()),
    });
    let begun = ExportDescription {
        export_arn: Some(EXPORT.arn(place, export)),
        export_status: Some(ExportStatus::InProgress.into()),
        start_time: Some(Timestamp::from_millis(about.begun_at)),
        table_arn: Some(place.table_arn(&about.table)),
        table_id: Some(about.table_id.clone()),
        export_time: about.since.is_none().then(|| Timestamp::from_millis(about.moment)),
        client_token: input.client_token,
        s3_bucket: input.s3_bucket,
        s3_bucket_owner: input.s3_bucket_owner,
        s3_prefix: input.s3_prefix,
        s3_sse_algorithm: input.s3_sse_algorithm.or(Some(S3SseAlgorithm::Aes256.into())),
        s3_sse_kms_key_id: input.s3_sse_kms_key_id,
        export_format: input.export_format.or(Some(ExportFormat::DynamodbJson.into())),
        export_type: input.export_type,
        incremental_export_specification: times,
        ..ExportDescription::default()
    };
    let count = |number: u64| Some(i64::try_from(number).unwrap_or(i64::MAX));
    match export.state() {
        ExportState::Writing { .. } => begun,
        ExportState::Completed { ended_at, items, bytes } => ExportDescription {
            export_status: Some(ExportStatus::Completed.into()),
            end_time: Some(Timestamp::from_millis(ended_at)),
            export_manifest: Some(write::summary_key(export)),
            item_count: count(items),
            billed_size_bytes: count(bytes),
            ..begun
        },
        ExportState::Failed { ended_at, code, message } => ExportDescription {
            export_status: Some(ExportStatus::Failed.into()),
            end_time: Some(Timestamp::from_millis(ended_at)),
            failure_code: Some(code),
            failure_message: Some(message),
            ..begun
        },
    }
}
