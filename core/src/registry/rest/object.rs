//! S3's paths: requests for buckets and objects read into the shapes of their operations, and answered with headers, bodies and XML as that service does.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::super::{OperationInfo, Request, Response, operation};
use super::xml::{Xml, document, text_element};
use super::{Head, RestAnswer, header, parameters, unescaped};
use crate::api::{
    Blob, Error, ErrorCode, Result, S3HeadObjectOutput, S3ListBucketsOutput, S3ListObjectsV2Output,
    S3PutObjectInput, Timestamp,
};
use crate::clock::label;

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const METADATA: &str = "x-amz-meta-";
/// Parameters of a query that say nothing of what is asked for, besides those of signatures.
const IDLE: [&str; 4] = ["x-id", "list-type", "encoding-type", "fetch-owner"];

/// A request for a bucket or an object.
#[derive(Debug)]
pub struct Objects {
    operation: Option<&'static str>,
    given: Map<String, Value>,
    headers: Vec<(String, String)>,
    /// Whether keys in lists are to be escaped as in URLs.
    is_escaped: bool,
    is_head: bool,
}

/// Whether a request is for S3, by what it was signed for.
fn is_ours(head: &Head<'_>) -> bool {
    let signed = head.header("authorization").is_some_and(|text| text.contains("/s3/aws4_request"));
    signed || head.target.contains("%2Fs3%2Faws4_request")
}

/// Reads a path; none where it is of another service.
pub(super) fn route(head: &Head<'_>) -> Option<Objects> {
    if !is_ours(head) {
        return None;
    }
    let (path, query) = head.target.split_once('?').unwrap_or((head.target, ""));
    let (bucket, key) = path.strip_prefix('/')?.split_once('/').unwrap_or((&path[1..], ""));
    let (bucket, key) = (unescaped(bucket)?, unescaped(key)?);
    let mut objects = Objects {
        operation: None,
        given: Map::new(),
        headers: head.headers.to_vec(),
        is_escaped: false,
        is_head: head.method == "HEAD",
    };
    let names: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or("")).collect();
    let is_list = names.contains(&"list-type");
    objects.operation = match (head.method, bucket.is_empty(), key.is_empty()) {
        ("GET", true, true) => Some("S3ListBuckets"),
        ("PUT", false, true) => Some("S3CreateBucket"),
        ("HEAD", false, true) => Some("S3HeadBucket"),
        ("DELETE", false, true) => Some("S3DeleteBucket"),
        ("GET", false, true) if is_list => Some("S3ListObjectsV2"),
        ("PUT", false, false) if head.header("x-amz-copy-source").is_none() => Some("S3PutObject"),
        ("GET", false, false) => Some("S3GetObject"),
        ("HEAD", false, false) => Some("S3HeadObject"),
        ("DELETE", false, false) => Some("S3DeleteObject"),
        _ => None,
    };
    for (member, text) in [("Bucket", bucket), ("Key", key)] {
        if !text.is_empty() {
            objects.given.insert(member.to_owned(), Value::String(text));
        }
    }
    const LIST: [(&str, &str); 5] = [
        ("prefix", "Prefix"),
        ("delimiter", "Delimiter"),
        ("max-keys", "MaxKeys"),
        ("continuation-token", "ContinuationToken"),
        ("start-after", "StartAfter"),
    ];
    for (name, value) in parameters(query) {
        let value = unescaped(value)?;
        if let Some((_, member)) = LIST.iter().find(|(wire, _)| is_list && *wire == name) {
            let value = match value.parse::<i64>() {
                Ok(number) if name == "max-keys" => number.into(),
                _ => Value::String(value),
            };
            objects.given.insert((*member).to_owned(), value);
        } else if name == "encoding-type" {
            objects.is_escaped = value == "url";
        }
    }
    // What another parameter asks for, a version or an access list, is not here.
    let is_known = |name: &&str| {
        let lower = name.to_ascii_lowercase();
        name.is_empty()
            || IDLE.contains(name)
            || LIST.iter().any(|(wire, _)| wire == name)
            || lower.starts_with("x-amz-")
    };
    if !names.iter().all(is_known) {
        objects.operation = None;
    }
    Some(objects)
}

impl Objects {
    /// The operation; none where there is none of this kind here.
    pub fn info(&self) -> Option<&'static OperationInfo> {
        self.operation.and_then(operation)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The request of a body.
    ///
    /// # Errors
    /// `UnknownOperationException`; `SerializationException` for a body in pieces that does not keep to its form.
    pub fn request(&self, body: &[u8]) -> Result<Request> {
        let name = self.operation.ok_or_else(|| Error::bare(ErrorCode::UnknownOperation))?;
        if name != "S3PutObject" {
            return Request::from_json(name, Value::Object(self.given.clone()).to_string().as_bytes());
        }
        let text = |member: &str| self.given.get(member).and_then(Value::as_str).map(str::to_owned);
        let metadata = self.headers.iter().filter_map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            Some((name.strip_prefix(METADATA)?.to_owned(), value.clone()))
        });
        let is_in_pieces =
            self.header("content-encoding").is_some_and(|coding| coding.contains("aws-chunked"));
        let body = if is_in_pieces { joined(body)? } else { body.to_vec() };
        Ok(Request::S3PutObject(S3PutObjectInput {
            bucket: text("Bucket"),
            key: text("Key"),
            body: Some(Blob(body)),
            content_type: self.header("content-type").map(str::to_owned),
            metadata: Some(metadata.collect()),
        }))
    }

    /// What the outcome is told as.
    pub fn answer(&self, outcome: Result<Response>) -> RestAnswer {
        let mut answer = match outcome {
            Ok(response) => self.told(response),
            Err(error) => self.refusal(&error),
        };
        if self.is_head {
            answer.body.clear();
        }
        answer
    }

    fn told(&self, response: Response) -> RestAnswer {
        match response {
            Response::S3ListBuckets(output) => xml(200, |writer| buckets(writer, output)),
            Response::S3ListObjectsV2(output) => {
                let escaped = |text: &str| if self.is_escaped { escape(text) } else { text.to_owned() };
                let encoding = self.is_escaped.then_some("url");
                xml(200, |writer| objects(writer, output, encoding, &escaped))
            }
            Response::S3CreateBucket(output) => {
                RestAnswer { headers: given("location", output.location), ..RestAnswer::empty(200) }
            }
            Response::S3HeadBucket(output) => {
                let headers = given("x-amz-bucket-region", output.bucket_region);
                RestAnswer { headers, ..RestAnswer::empty(200) }
            }
            Response::S3PutObject(output) => {
                RestAnswer { headers: given("etag", output.etag), ..RestAnswer::empty(200) }
            }
            Response::S3GetObject(output) => {
                let headers = described(S3HeadObjectOutput {
                    content_length: None,
                    content_type: output.content_type,
                    etag: output.etag,
                    last_modified: output.last_modified,
                    metadata: output.metadata,
                });
                RestAnswer { status: 200, headers, body: output.body.map_or_else(Vec::new, |body| body.0) }
            }
            Response::S3HeadObject(output) => {
                RestAnswer { headers: described(output), ..RestAnswer::empty(200) }
            }
            _ => RestAnswer::empty(204),
        }
    }

    fn refusal(&self, error: &Error) -> RestAnswer {
        let (status, code, text) = match error.code() {
            ErrorCode::NoSuchBucket | ErrorCode::NoSuchKey => (404, error.code().name(), error.message()),
            ErrorCode::BucketAlreadyOwnedByYou | ErrorCode::BucketNotEmpty => {
                (409, error.code().name(), error.message())
            }
            ErrorCode::UnknownOperation => {
                let text = "A header you provided implies functionality that is not implemented.";
                (501, "NotImplemented", text)
            }
            ErrorCode::Throttling => (503, "SlowDown", "Please reduce your request rate."),
            code if code.status() >= 500 => (500, "InternalError", error.message()),
            code => (400, code.name().trim_end_matches("Exception"), error.message()),
        };
        xml(status, |writer| {
            writer.create_element("Error").write_inner_content(|writer| {
                text_element(writer, "Code", code)?;
                text_element(writer, "Message", text)?;
                for (member, name) in [("Bucket", "BucketName"), ("Key", "Key")] {
                    if let Some(value) = self.given.get(member).and_then(Value::as_str) {
                        text_element(writer, name, value)?;
                    }
                }
                Ok(())
            })?;
            Ok(())
        })
    }
}

fn given(name: &str, value: Option<String>) -> Vec<(String, String)> {
    value.map(|value| header(name, value)).into_iter().collect()
}

/// What an object is told by beside its body.
fn described(output: S3HeadObjectOutput) -> Vec<(String, String)> {
    let mut headers = given("etag", output.etag);
    headers.extend(given("content-type", output.content_type));
    headers.extend(given("content-length", output.content_length.map(|length| length.to_string())));
    headers.extend(given("last-modified", output.last_modified.map(http_date)));
    let metadata = output.metadata.into_iter().flatten();
    headers.extend(metadata.map(|(name, value)| header(&format!("{METADATA}{name}"), value)));
    headers
}

fn http_date(at: Timestamp) -> String {
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_millis(at.millis()))
}

fn xml(status: u16, write: impl FnOnce(&mut Xml) -> std::io::Result<()>) -> RestAnswer {
    document(status, "application/xml", write)
}

fn optional(writer: &mut Xml, name: &str, text: Option<&str>) -> std::io::Result<()> {
    text.map_or(Ok(()), |text| text_element(writer, name, text))
}

fn moment(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| format!("{}Z", label(at.millis())))
}

fn buckets(writer: &mut Xml, output: S3ListBucketsOutput) -> std::io::Result<()> {
    let root = writer.create_element("ListAllMyBucketsResult").with_attribute(("xmlns", NAMESPACE));
    root.write_inner_content(|writer| {
        writer.create_element("Buckets").write_inner_content(|writer| {
            for bucket in output.buckets.into_iter().flatten() {
                writer.create_element("Bucket").write_inner_content(|writer| {
                    optional(writer, "Name", bucket.name.as_deref())?;
                    optional(writer, "CreationDate", moment(bucket.creation_date).as_deref())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

fn objects(
    writer: &mut Xml,
    output: S3ListObjectsV2Output,
    encoding: Option<&str>,
    escaped: &dyn Fn(&str) -> String,
) -> std::io::Result<()> {
    let root = writer.create_element("ListBucketResult").with_attribute(("xmlns", NAMESPACE));
    root.write_inner_content(|writer| {
        optional(writer, "Name", output.name.as_deref())?;
        optional(writer, "Prefix", output.prefix.as_deref().map(escaped).as_deref())?;
        optional(writer, "Delimiter", output.delimiter.as_deref().map(escaped).as_deref())?;
        optional(writer, "StartAfter", output.start_after.as_deref().map(escaped).as_deref())?;
        optional(writer, "EncodingType", encoding)?;
        for (name, number) in [("MaxKeys", output.max_keys), ("KeyCount", output.key_count)] {
            optional(writer, name, number.map(|number| number.to_string()).as_deref())?;
        }
        optional(writer, "IsTruncated", output.is_truncated.map(|more| more.to_string()).as_deref())?;
        optional(writer, "ContinuationToken", output.continuation_token.as_deref())?;
        optional(writer, "NextContinuationToken", output.next_continuation_token.as_deref())?;
        for object in output.contents.into_iter().flatten() {
            writer.create_element("Contents").write_inner_content(|writer| {
                optional(writer, "Key", object.key.as_deref().map(escaped).as_deref())?;
                optional(writer, "LastModified", moment(object.last_modified).as_deref())?;
                optional(writer, "ETag", object.etag.as_deref())?;
                optional(writer, "Size", object.size.map(|size| size.to_string()).as_deref())?;
                optional(writer, "StorageClass", object.storage_class.as_deref())
            })?;
        }
        for common in output.common_prefixes.into_iter().flatten() {
            writer.create_element("CommonPrefixes").write_inner_content(|writer| {
                optional(writer, "Prefix", common.prefix.as_deref().map(escaped).as_deref())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A key as in URLs; the slash stays.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A body that came in pieces, each after its length, as SDKs send those whose sum they do not know before (S3 API reference: `aws-chunked`).
///
/// # Errors
/// `SerializationException`.
fn joined(body: &[u8]) -> Result<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let piece = next_piece(rest).ok_or_else(|| Error::bare(ErrorCode::Serialization))?;
        let Some((bytes, after)) = piece else { return Ok(whole) };
        whole.extend_from_slice(bytes);
        rest = after;
    }
}

/// The first piece and what is behind it; no piece at the end, where sums may follow. None for another form.
#[allow(clippy::type_complexity, reason = "said above")]
fn next_piece(rest: &[u8]) -> Option<Option<(&[u8], &[u8])>> {
    let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
    let line = std::str::from_utf8(&rest[..end]).ok()?;
    let length = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
    if length == 0 {
        return Some(None);
    }
    let bytes = rest.get(end + 2..)?.get(..length)?;
    let after = rest[end + 2 + length..].strip_prefix(b"\r\n")?;
    Some(Some((bytes, after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_in_pieces_are_joined() {
        let body = b"5;chunk-signature=0\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        assert_eq!(joined(body), Ok(b"hello!".to_vec()));
        for wrong in
            [&b""[..], b"5\r\nhell", b"x\r\nhello\r\n0\r\n", b"ffffffffffffffff\r\nx", b"1\r\nab\r\n0\r\n"]
        {
            assert_eq!(joined(wrong).map_err(|error| error.code()), Err(ErrorCode::Serialization));
        }
    }

    #[test]
    fn only_requests_signed_for_the_service_are_its() {
        let signed = [(
            "Authorization".to_owned(),
            "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host".to_owned(),
        )];
        let read = |method, target, headers: &[(String, String)]| {
            route(&Head { method, target, headers }).map(|objects| objects.operation)
        };
        assert_eq!(read("GET", "/b/k", &[]), None);
        assert_eq!(read("GET", "/b/a%20b/c?x-id=GetObject", &signed), Some(Some("S3GetObject")));
        assert_eq!(read("GET", "/b?list-type=2&prefix=a", &signed), Some(Some("S3ListObjectsV2")));
        assert_eq!(read("GET", "/b?acl", &signed), Some(None));
        assert_eq!(read("PUT", "/b/k?partNumber=1&uploadId=x", &signed), Some(None));
        assert_eq!(read("GET", "/", &signed), Some(Some("S3ListBuckets")));
    }
}
