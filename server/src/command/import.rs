//! `streamtable import`: a table made of files in a folder.

use std::process::ExitCode;

use streamtable::Error;
use streamtable::api::{
    AttributeDefinition, BillingMode, CsvOptions, DescribeImportInput, Enumeration, ImportStatus,
    ImportTableDescription, ImportTableInput, InputCompressionType, InputFormat, InputFormatOptions,
    KeySchemaElement, KeyType, Open, S3BucketSource, ScalarAttributeType, TableCreationParameters,
};
use streamtable::door::ask;

use super::buckets::{finish, open};
use crate::arguments::{ImportCompression, ImportFormat, TableImport};

pub(crate) fn run(arguments: &TableImport) -> ExitCode {
    match imported(arguments) {
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

fn imported(arguments: &TableImport) -> Result<String, String> {
    let parameters = parameters(arguments)?;
    let (door, name) = open(&arguments.source, &arguments.bucket)?;
    let told = |error: Error| error.message().to_owned();
    let begun = ask(&*door, request(arguments, name, parameters)).map_err(told)?;
    let arn = begun.import_table_description.and_then(|import| import.import_arn);
    let done = finish(&*door, || {
        let answer = ask(&*door, DescribeImportInput { import_arn: arn.clone() }).map_err(told)?;
        let import = answer.import_table_description.unwrap_or_else(ImportTableDescription::default);
        let runs = import.import_status.as_ref().and_then(Open::known) == Some(ImportStatus::InProgress);
        Ok((!runs).then_some(import))
    })?;
    let count = |count: Option<i64>| count.unwrap_or(0);
    let counted = format!("{} items imported", count(done.imported_item_count));
    match (done.import_status.as_ref().and_then(Open::known), done.failure_message) {
        (Some(ImportStatus::Completed), _) => Ok(counted),
        (_, message) => {
            let message = message.unwrap_or_else(|| "the import has failed".to_owned());
            Err(format!("{counted}, {} wrong. {message}", count(done.error_count)))
        }
    }
}

fn request(arguments: &TableImport, bucket: String, parameters: TableCreationParameters) -> ImportTableInput {
    let TableImport { prefix, format, compression, delimiter, headers, .. } = arguments;
    let csv = CsvOptions { delimiter: delimiter.clone(), header_list: headers.clone() };
    let has_options = csv != CsvOptions::default();
    let format = match format {
        ImportFormat::Json => InputFormat::DynamodbJson,
        ImportFormat::Ion => InputFormat::Ion,
        ImportFormat::Csv => InputFormat::Csv,
    };
    let compression = match compression {
        ImportCompression::None => InputCompressionType::None,
        ImportCompression::Gzip => InputCompressionType::Gzip,
        ImportCompression::Zstd => InputCompressionType::Zstd,
    };
    ImportTableInput {
        s3_bucket_source: Some(S3BucketSource {
            s3_bucket: Some(bucket),
            s3_key_prefix: prefix.clone(),
            ..S3BucketSource::default()
        }),
        input_format: Some(format.into()),
        input_format_options: has_options.then_some(InputFormatOptions { csv: Some(csv) }),
        input_compression_type: Some(compression.into()),
        table_creation_parameters: Some(parameters),
        ..ImportTableInput::default()
    }
}

/// A table on demand with the key of the command line.
fn parameters(arguments: &TableImport) -> Result<TableCreationParameters, String> {
    let mut definitions = Vec::new();
    let mut schema = Vec::new();
    for (given, part) in arguments.key.iter().zip([KeyType::Hash, KeyType::Range]) {
        let wrong = || format!("--key {given}: it is a name and a type, S, N or B, such as id:S");
        let (name, kind) = given.rsplit_once(':').ok_or_else(wrong)?;
        let kind = ScalarAttributeType::from_name(kind).ok_or_else(wrong)?;
        definitions.push(AttributeDefinition {
            attribute_name: Some(name.to_owned()),
            attribute_type: Some(kind.into()),
        });
        schema.push(KeySchemaElement { attribute_name: Some(name.to_owned()), key_type: Some(part.into()) });
    }
    Ok(TableCreationParameters {
        table_name: Some(arguments.table.clone()),
        attribute_definitions: Some(definitions),
        key_schema: Some(schema),
        billing_mode: Some(BillingMode::PayPerRequest.into()),
        ..TableCreationParameters::default()
    })
}
