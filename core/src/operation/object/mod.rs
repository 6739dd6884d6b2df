//! The operations of buckets, which are those of S3, on what stands for buckets: the folders of the directory that the database was opened with, or else
//! rows ([why](../../../../docs/decisions/0023-one-notion-of-buckets.md)).

mod deliver;
mod folders;
mod kept;
mod list;

use std::ops::Bound;

pub(crate) use deliver::{Files, deliver};
pub(crate) use list::list;

use self::folders::Folders;
use self::kept::Kept;
use crate::api::message::object as text;
use crate::api::{
    Blob, Error, ErrorCode, Result, S3Bucket, S3CreateBucketInput, S3CreateBucketOutput, S3DeleteBucketInput,
    S3DeleteBucketOutput, S3DeleteObjectInput, S3DeleteObjectOutput, S3GetObjectInput, S3GetObjectOutput,
    S3HeadBucketInput, S3HeadBucketOutput, S3HeadObjectInput, S3HeadObjectOutput, S3ListBucketsInput,
    S3ListBucketsOutput, S3PutObjectInput, S3PutObjectOutput, Timestamp, Valid,
};
use crate::bucket::ObjectEntry;
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::{OBJECT_KEY_MAX_BYTES, OBJECT_MAX_BYTES, OBJECT_METADATA_MAX_BYTES};

/// The region in which a bucket may be made twice (S3 API reference: CreateBucket).
const LENIENT_REGION: &str = "us-east-1";
/// The type of an object of which nothing is said.
const USUAL_TYPE: &str = "binary/octet-stream";

/// What stands for buckets. Names of buckets and keys are as requests have them.
trait Objects {
    /// Makes a bucket; false where it is there.
    fn make(&self, bucket: &str) -> Result<bool>;

    /// The buckets by name, and when they were made.
    fn buckets(&self) -> Result<Vec<(String, Millis)>>;

    /// # Errors
    /// `NoSuchBucket`, here as below.
    fn require(&self, bucket: &str) -> Result<()>;

    /// # Errors
    /// `BucketNotEmpty`.
    fn remove_bucket(&self, bucket: &str) -> Result<()>;

    /// Writes an object; what tells it from others.
    fn put(&self, bucket: &str, entry: ObjectEntry, body: &[u8]) -> Result<String>;

    fn head(&self, bucket: &str, key: &str) -> Result<Option<ObjectEntry>>;

    fn get(&self, bucket: &str, key: &str) -> Result<Option<(ObjectEntry, Vec<u8>)>>;

    fn remove(&self, bucket: &str, key: &str) -> Result<()>;

    /// Objects whose keys begin with a text, of keys from one on, in the order of their bytes, at most so many.
    fn list(&self, bucket: &str, prefix: &str, from: Bound<Vec<u8>>, most: usize)
    -> Result<Vec<ObjectEntry>>;
}

fn objects<'c>(call: &'c Call<'_>) -> Box<dyn Objects + 'c> {
    if call.choices.buckets.is_there() { Box::new(Folders::new(call)) } else { Box::new(Kept(call)) }
}

fn failed(code: ErrorCode, text: String) -> Error {
    Error::new(code, text)
}

fn no_bucket() -> Error {
    failed(ErrorCode::NoSuchBucket, text::no_bucket())
}

fn no_key() -> Error {
    failed(ErrorCode::NoSuchKey, text::no_key())
}

/// A name that a new bucket may have (S3 user guide: bucket naming rules).
fn is_name(name: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends = name.bytes().next().is_some_and(is_word) && name.bytes().next_back().is_some_and(is_word);
    (3..=63).contains(&name.len())
        && ends
        && name.bytes().all(|b| is_word(b) || b == b'.' || b == b'-')
        && !name.contains("..")
}

/// CreateBucket.
pub(crate) fn create_bucket(
    call: &Call<'_>,
    input: &Valid<'_, S3CreateBucketInput>,
) -> Result<S3CreateBucketOutput> {
    if !is_name(input.bucket) {
        return Err(failed(ErrorCode::InvalidBucketName, text::bad_name()));
    }
    if !objects(call).make(input.bucket)? && call.catalog.place.region != LENIENT_REGION {
        return Err(failed(ErrorCode::BucketAlreadyOwnedByYou, text::already_owned()));
    }
    Ok(S3CreateBucketOutput { location: Some(format!("/{}", input.bucket)) })
}

/// ListBuckets.
pub(crate) fn list_buckets(call: &Call<'_>, _input: &S3ListBucketsInput) -> Result<S3ListBucketsOutput> {
    let told = |(name, made): (String, Millis)| S3Bucket {
        name: Some(name),
        creation_date: Some(Timestamp::from_millis(made)),
    };
    Ok(S3ListBucketsOutput { buckets: Some(objects(call).buckets()?.into_iter().map(told).collect()) })
}

/// HeadBucket.
pub(crate) fn head_bucket(
    call: &Call<'_>,
    input: &Valid<'_, S3HeadBucketInput>,
) -> Result<S3HeadBucketOutput> {
    objects(call).require(input.bucket)?;
    Ok(S3HeadBucketOutput { bucket_region: Some(call.catalog.place.region.clone()) })
}

/// DeleteBucket.
pub(crate) fn delete_bucket(
    call: &Call<'_>,
    input: &Valid<'_, S3DeleteBucketInput>,
) -> Result<S3DeleteBucketOutput> {
    objects(call).remove_bucket(input.bucket)?;
    Ok(S3DeleteBucketOutput {})
}

/// PutObject.
pub(crate) fn put(call: &Call<'_>, input: &Valid<'_, S3PutObjectInput>) -> Result<S3PutObjectOutput> {
    let key = input.key;
    if key.is_empty() || key.len() > OBJECT_KEY_MAX_BYTES {
        return Err(failed(ErrorCode::KeyTooLong, text::key_too_long()));
    }
    let body = input.body.as_ref().map_or(&[][..], |body| &body.0);
    if body.len() > OBJECT_MAX_BYTES {
        return Err(failed(ErrorCode::EntityTooLarge, text::too_large()));
    }
    let metadata = input.metadata.clone().into_iter().flatten();
    let metadata: std::collections::BTreeMap<String, String> = metadata.collect();
    if metadata.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
        > OBJECT_METADATA_MAX_BYTES
    {
        return Err(failed(ErrorCode::InvalidArgument, text::metadata_too_large()));
    }
    let mut entry = ObjectEntry::new(key, body, call.now());
    entry.content_type.clone_from(&input.content_type);
    entry.metadata = metadata;
    let etag = objects(call).put(input.bucket, entry, body)?;
    Ok(S3PutObjectOutput { etag: Some(quoted(&etag)) })
}

/// GetObject.
pub(crate) fn get(call: &Call<'_>, input: &Valid<'_, S3GetObjectInput>) -> Result<S3GetObjectOutput> {
    let (entry, body) = objects(call).get(input.bucket, input.key)?.ok_or_else(no_key)?;
    let S3HeadObjectOutput { content_length, content_type, etag, last_modified, metadata } = told(entry);
    Ok(S3GetObjectOutput {
        body: Some(Blob(body)),
        content_length,
        content_type,
        etag,
        last_modified,
        metadata,
    })
}

/// HeadObject.
pub(crate) fn head(call: &Call<'_>, input: &Valid<'_, S3HeadObjectInput>) -> Result<S3HeadObjectOutput> {
    objects(call).head(input.bucket, input.key)?.map(told).ok_or_else(no_key)
}

/// DeleteObject.
pub(crate) fn delete(
    call: &Call<'_>,
    input: &Valid<'_, S3DeleteObjectInput>,
) -> Result<S3DeleteObjectOutput> {
    objects(call).remove(input.bucket, input.key)?;
    Ok(S3DeleteObjectOutput {})
}

fn told(entry: ObjectEntry) -> S3HeadObjectOutput {
    S3HeadObjectOutput {
        content_length: Some(length(&entry)),
        etag: Some(quoted(&entry.etag)),
        content_type: Some(entry.content_type.unwrap_or_else(|| USUAL_TYPE.to_owned())),
        last_modified: Some(Timestamp::from_millis(entry.modified_at)),
        metadata: Some(entry.metadata),
    }
}

fn length(entry: &ObjectEntry) -> i64 {
    i64::try_from(entry.size).unwrap_or(i64::MAX)
}

fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}
