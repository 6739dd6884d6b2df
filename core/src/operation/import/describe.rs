//! Imports as answers show them (facts B18).

use super::super::jobs::IMPORT;
use crate::api::{
    ImportStatus, ImportSummary, ImportTableDescription, InputCompressionType, S3BucketSource, Timestamp,
};
use crate::engine::Call;
use crate::table::{Counts, Import, ImportEnd, ImportState, Job};

/// An import as it stands.
pub(super) fn description(call: &Call<'_>, import: &Import) -> ImportTableDescription {
    at(call, import, import.state())
}

/// An import as it is when it is asked for, whatever has become of it.
pub(super) fn begun(call: &Call<'_>, import: &Import) -> ImportTableDescription {
    at(call, import, ImportState::default())
}

/// What an import was asked for is told as it was asked.
fn at(call: &Call<'_>, import: &Import, state: ImportState) -> ImportTableDescription {
    let (place, input) = (call.catalog.place, import.request.clone());
    let ImportState { counts, end, .. } = state;
    let Counts { processed, imported, errors, bytes, .. } = counts;
    let count = |number: u64| Some(i64::try_from(number).unwrap_or(i64::MAX));
    let source = input.s3_bucket_source.map(|source| S3BucketSource {
        s3_bucket_owner: source.s3_bucket_owner.or_else(|| Some(place.account.clone())),
        ..source
    });
    let failure = end.as_ref().and_then(|end| end.failure.clone());
    ImportTableDescription {
        import_arn: Some(IMPORT.arn(place, import)),
        import_status: Some(status(end.as_ref()).into()),
        table_arn: Some(place.table_arn(import.table())),
        table_id: Some(import.about.table_id.clone()),
        client_token: input.client_token,
        s3_bucket_source: source,
        error_count: count(errors),
        input_format: input.input_format,
        input_format_options: input.input_format_options,
        input_compression_type: input.input_compression_type.or(Some(InputCompressionType::None.into())),
        table_creation_parameters: input.table_creation_parameters,
        start_time: Some(Timestamp::from_millis(import.about.begun_at)),
        end_time: end.map(|end| Timestamp::from_millis(end.at)),
        processed_size_bytes: count(bytes),
        processed_item_count: count(processed),
        imported_item_count: count(imported),
        failure_code: failure.as_ref().map(|(code, _)| code.clone()),
        failure_message: failure.map(|(_, message)| message),
    }
}

fn status(end: Option<&ImportEnd>) -> ImportStatus {
    match end {
        None => ImportStatus::InProgress,
        Some(ImportEnd { failure: None, .. }) => ImportStatus::Completed,
        Some(ImportEnd { failure: Some(_), .. }) => ImportStatus::Failed,
    }
}

/// An import in a list.
pub(super) fn summary(call: &Call<'_>, import: &Import) -> ImportSummary {
    let whole = description(call, import);
    ImportSummary {
        import_arn: whole.import_arn,
        import_status: whole.import_status,
        table_arn: whole.table_arn,
        s3_bucket_source: whole.s3_bucket_source,
        input_format: whole.input_format,
        start_time: whole.start_time,
        end_time: whole.end_time,
    }
}
