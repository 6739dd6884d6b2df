//! ListObjectsV2.

use std::ops::Bound;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::kept::behind;
use super::{Objects, failed, length, objects, quoted};
use crate::api::message::object as text;
use crate::api::{
    ErrorCode, Result, S3CommonPrefix, S3ListObjectsV2Input, S3ListObjectsV2Output, S3Object, Timestamp,
    Valid,
};
use crate::bucket::ObjectEntry;
use crate::engine::Call;
use crate::limits::OBJECTS_PAGE_MAX;

/// Objects that are looked at together where many may be told as one.
const LOOKED_AT: usize = 16;

/// ListObjectsV2.
pub(crate) fn list(
    call: &Call<'_>,
    input: &Valid<'_, S3ListObjectsV2Input>,
) -> Result<S3ListObjectsV2Output> {
    let asked = input.max_keys.unwrap_or(OBJECTS_PAGE_MAX);
    let most = usize::try_from(asked.min(OBJECTS_PAGE_MAX))
        .map_err(|_| failed(ErrorCode::InvalidArgument, text::bad_max_keys()))?;
    let prefix = input.prefix.as_deref().unwrap_or("");
    let mut page = Page {
        objects: &*objects(call),
        bucket: input.bucket,
        prefix,
        delimiter: input.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty()),
        from: begin(input, prefix)?,
        contents: Vec::new(),
        prefixes: Vec::new(),
    };
    page.objects.require(input.bucket)?;
    let has_more = page.fill(most)?;
    let next = has_more.then(|| match &page.from {
        Bound::Included(key) => URL_SAFE_NO_PAD.encode([&[1], &key[..]].concat()),
        Bound::Excluded(key) => URL_SAFE_NO_PAD.encode([&[0], &key[..]].concat()),
        Bound::Unbounded => String::new(),
    });
    let Page { contents, prefixes, .. } = page;
    let count = contents.len() + prefixes.len();
    Ok(S3ListObjectsV2Output {
        name: Some(input.bucket.to_owned()),
        prefix: Some(prefix.to_owned()),
        delimiter: input.delimiter.clone(),
        max_keys: Some(asked.min(OBJECTS_PAGE_MAX)),
        key_count: Some(i32::try_from(count).expect("a page is bounded")),
        is_truncated: Some(has_more),
        continuation_token: input.continuation_token.clone(),
        next_continuation_token: next,
        start_after: input.start_after.clone(),
        contents: (!contents.is_empty()).then(|| contents.into_iter().map(told).collect()),
        common_prefixes: (!prefixes.is_empty()).then_some(prefixes),
    })
}

/// The first key to be looked at.
fn begin(input: &Valid<'_, S3ListObjectsV2Input>, prefix: &str) -> Result<Bound<Vec<u8>>> {
    if let Some(token) = input.continuation_token.as_deref() {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok();
        return match bytes.as_deref().and_then(<[u8]>::split_first) {
            Some((0, key)) => Ok(Bound::Excluded(key.to_vec())),
            Some((1, key)) => Ok(Bound::Included(key.to_vec())),
            _ => Err(failed(ErrorCode::InvalidArgument, text::bad_token())),
        };
    }
    let after = input.start_after.as_deref().filter(|after| *after >= prefix);
    Ok(match after {
        Some(after) => Bound::Excluded(after.as_bytes().to_vec()),
        None => Bound::Included(prefix.as_bytes().to_vec()),
    })
}

struct Page<'a> {
    objects: &'a dyn Objects,
    bucket: &'a str,
    prefix: &'a str,
    delimiter: Option<&'a str>,
    /// What comes next.
    from: Bound<Vec<u8>>,
    contents: Vec<ObjectEntry>,
    prefixes: Vec<S3CommonPrefix>,
}

impl Page<'_> {
    /// Gathers so many objects and prefixes; whether there are more.
    fn fill(&mut self, most: usize) -> Result<bool> {
        if most == 0 {
            return Ok(false);
        }
        loop {
            let left = most - self.contents.len() - self.prefixes.len();
            let looked_at = if self.delimiter.is_some() { LOOKED_AT } else { left + 1 };
            let found = self.objects.list(self.bucket, self.prefix, self.from.clone(), looked_at)?;
            let is_all = found.len() < looked_at;
            let mut is_behind = false;
            for entry in found {
                if self.contents.len() + self.prefixes.len() == most {
                    return Ok(true);
                }
                if let Some(common) = self.common(&entry.key) {
                    // All others with it are passed over at once.
                    self.from = behind(&common).map_or(Bound::Unbounded, Bound::Included);
                    self.prefixes.push(S3CommonPrefix { prefix: Some(common) });
                    is_behind = true;
                    break;
                }
                self.from = Bound::Excluded(entry.key.clone().into_bytes());
                self.contents.push(entry);
            }
            if is_all && !is_behind {
                return Ok(false);
            }
        }
    }

    fn common(&self, key: &str) -> Option<String> {
        let (delimiter, rest) = (self.delimiter?, &key[self.prefix.len()..]);
        let at = rest.find(delimiter)?;
        Some(key[..self.prefix.len() + at + delimiter.len()].to_owned())
    }
}

fn told(entry: ObjectEntry) -> S3Object {
    S3Object {
        last_modified: Some(Timestamp::from_millis(entry.modified_at)),
        etag: Some(quoted(&entry.etag)),
        size: Some(length(&entry)),
        storage_class: Some("STANDARD".to_owned()),
        key: Some(entry.key),
    }
}
