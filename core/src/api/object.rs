//! Shapes of buckets and their objects, which are those of Amazon S3, under names of their own: as much as it takes to keep and read small objects.

use std::collections::BTreeMap;

use super::Timestamp;
use super::shape::{Blob, shape};

shape! {
    /// Makes a bucket.
    ///
    /// Errors: `InvalidBucketName`, `BucketAlreadyOwnedByYou`.
    pub struct S3CreateBucketInput {
        /// Its name: 3 to 63 small letters, digits, dots and hyphens.
        bucket: String = "Bucket" [REQUIRED],
    }

    /// Answer of CreateBucket.
    pub struct S3CreateBucketOutput {
        /// Its path.
        location: String = "Location",
    }

    /// Lists the buckets, in order of their names.
    pub struct S3ListBucketsInput {
    }

    /// A bucket.
    pub struct S3Bucket {
        /// Its name.
        name: String = "Name",
        /// When it was made.
        creation_date: Timestamp = "CreationDate",
    }

    /// Answer of ListBuckets.
    pub struct S3ListBucketsOutput {
        /// The buckets.
        buckets: Vec<S3Bucket> = "Buckets",
    }

    /// Tells whether there is a bucket. Errors: `NoSuchBucket`.
    pub struct S3HeadBucketInput {
        /// Its name.
        bucket: String = "Bucket" [REQUIRED],
    }

    /// Answer of HeadBucket.
    pub struct S3HeadBucketOutput {
        /// Where it is.
        bucket_region: String = "BucketRegion",
    }

    /// Removes a bucket, which must be empty. Errors: `NoSuchBucket`, `BucketNotEmpty`.
    pub struct S3DeleteBucketInput {
        /// Its name.
        bucket: String = "Bucket" [REQUIRED],
    }

    /// Answer of DeleteBucket.
    pub struct S3DeleteBucketOutput {
    }

    /// Writes an object, in place of one of the same key.
    ///
    /// Errors: `NoSuchBucket`, `EntityTooLarge`, `KeyTooLongError`, `InvalidArgumentException`.
    pub struct S3PutObjectInput {
        /// Its bucket.
        bucket: String = "Bucket" [REQUIRED],
        /// Its key, up to 1,024 bytes.
        key: String = "Key" [REQUIRED],
        /// What it holds, up to 16 MiB; nothing when absent.
        body: Blob = "Body",
        /// Its media type; `binary/octet-stream` when absent. A directory of buckets keeps none.
        content_type: String = "ContentType",
        /// What else is kept of it, up to 2 KB. A directory of buckets keeps none.
        metadata: BTreeMap<String, String> = "Metadata",
    }

    /// Answer of PutObject.
    pub struct S3PutObjectOutput {
        /// What tells this object from others of its key.
        etag: String = "ETag",
    }

    /// Reads an object. Errors: `NoSuchBucket`, `NoSuchKey`.
    pub struct S3GetObjectInput {
        /// Its bucket.
        bucket: String = "Bucket" [REQUIRED],
        /// Its key.
        key: String = "Key" [REQUIRED],
    }

    /// Answer of GetObject.
    pub struct S3GetObjectOutput {
        /// What it holds.
        body: Blob = "Body",
        /// Bytes of that.
        content_length: i64 = "ContentLength",
        /// Its media type.
        content_type: String = "ContentType",
        /// What tells it from others of its key: MD5 of the body, hexadecimal, in quotes; of a file, another text.
        etag: String = "ETag",
        /// When it was written.
        last_modified: Timestamp = "LastModified",
        /// What else is kept of it.
        metadata: BTreeMap<String, String> = "Metadata",
    }

    /// As GetObject, without what it holds. Errors: `NoSuchBucket`, `NoSuchKey`.
    pub struct S3HeadObjectInput {
        /// Its bucket.
        bucket: String = "Bucket" [REQUIRED],
        /// Its key.
        key: String = "Key" [REQUIRED],
    }

    /// Answer of HeadObject.
    pub struct S3HeadObjectOutput {
        /// Bytes of what it holds.
        content_length: i64 = "ContentLength",
        /// Its media type.
        content_type: String = "ContentType",
        /// As in GetObject.
        etag: String = "ETag",
        /// When it was written.
        last_modified: Timestamp = "LastModified",
        /// What else is kept of it.
        metadata: BTreeMap<String, String> = "Metadata",
    }

    /// Removes an object; nothing where there is none. Errors: `NoSuchBucket`.
    pub struct S3DeleteObjectInput {
        /// Its bucket.
        bucket: String = "Bucket" [REQUIRED],
        /// Its key.
        key: String = "Key" [REQUIRED],
    }

    /// Answer of DeleteObject.
    pub struct S3DeleteObjectOutput {
    }

    /// Lists objects, in the order of the bytes of their keys.
    ///
    /// Errors: `NoSuchBucket`, `InvalidArgumentException`.
    pub struct S3ListObjectsV2Input {
        /// Their bucket.
        bucket: String = "Bucket" [REQUIRED],
        /// What their keys begin with.
        prefix: String = "Prefix",
        /// Keys with this text behind the prefix are told as one, up to it.
        delimiter: String = "Delimiter",
        /// At most this many keys and common prefixes; 1,000 when absent, and at most.
        max_keys: i32 = "MaxKeys",
        /// Where to go on.
        continuation_token: String = "ContinuationToken",
        /// Behind which key to begin.
        start_after: String = "StartAfter",
    }

    /// An object.
    pub struct S3Object {
        /// Its key.
        key: String = "Key",
        /// When it was written.
        last_modified: Timestamp = "LastModified",
        /// As in GetObject.
        etag: String = "ETag",
        /// Bytes of what it holds.
        size: i64 = "Size",
        /// `STANDARD`.
        storage_class: String = "StorageClass",
    }

    /// What several keys begin with.
    pub struct S3CommonPrefix {
        /// The text, up to the delimiter and with it.
        prefix: String = "Prefix",
    }

    /// Answer of ListObjectsV2.
    pub struct S3ListObjectsV2Output {
        /// The bucket.
        name: String = "Name",
        /// As asked for.
        prefix: String = "Prefix",
        /// As asked for.
        delimiter: String = "Delimiter",
        /// How many were asked for.
        max_keys: i32 = "MaxKeys",
        /// How many there are here.
        key_count: i32 = "KeyCount",
        /// Whether there are more.
        is_truncated: bool = "IsTruncated",
        /// Where this began.
        continuation_token: String = "ContinuationToken",
        /// Where to go on, if there are more.
        next_continuation_token: String = "NextContinuationToken",
        /// As asked for.
        start_after: String = "StartAfter",
        /// The objects; absent where there are none.
        contents: Vec<S3Object> = "Contents",
        /// What keys with the delimiter begin with; absent where there are none.
        common_prefixes: Vec<S3CommonPrefix> = "CommonPrefixes",
    }
}
