//! Changes since a copy began: from the table's stream, one after the other.

use std::time::{Duration, SystemTime};

use serde_json::json;
use streamtable::api::{Enumeration, StreamViewType};
use streamtable::door::Door;
use streamtable::reader::Trimmed;
use streamtable::{ReadOptions, Reader};

use super::kept::{Kept, Place};
use super::{about, call};

/// Records read at once.
const PAGE: usize = 1_000;
/// How long a copy may take before its changes are read: streams hold them for 24 hours.
const LATEST_START: Duration = Duration::from_secs(23 * 3_600);

/// The stream of a table that tells its changes; none where it has none with whole items.
///
/// # Errors
/// What to tell a person.
pub(super) fn place(from: &dyn Door, table: &str) -> Result<Option<Place>, String> {
    let described = call(from, "DescribeTable", &json!({"TableName": table})).map_err(about(table))?;
    let described = &described["Table"];
    let view = described["StreamSpecification"]["StreamViewType"].as_str();
    let has_images = [StreamViewType::NewImage, StreamViewType::NewAndOldImages]
        .iter()
        .any(|known| view == Some(known.name()));
    let Some(stream) = described["LatestStreamArn"].as_str().filter(|_| has_images) else {
        eprintln!("{table}: no stream tells its changes; it may not be written to meanwhile");
        return Ok(None);
    };
    Ok(Some(Place { stream: stream.to_owned(), began: SystemTime::now(), checkpoint: None }))
}

/// A reader of the changes that were not done yet. The first one begins with the oldest that there are: replaying those that the items have already
/// changes nothing in the end, and what is too old to be there was before the copy.
fn reader(from: &dyn Door, table: &str, place: &Place) -> Result<Reader, String> {
    let options = match &place.checkpoint {
        Some(checkpoint) => ReadOptions::resume(checkpoint.clone()),
        None if place.began.elapsed().is_ok_and(|took| took > LATEST_START) => {
            return Err(format!(
                "{table}: the copy has taken so long that its changes may be gone: begin anew"
            ));
        }
        None => {
            let mut oldest = ReadOptions::default();
            oldest.trimmed = Trimmed::Skip;
            oldest
        }
    };
    Reader::open(from, &place.stream, options).map_err(about(table))
}

/// Does in the copy what was done in the table and not in the copy yet. Gives how many changes there were.
///
/// # Errors
/// What to tell a person; what was done is kept.
pub(super) fn catch_up(from: &dyn Door, to: &dyn Door, table: &str, kept: &mut Kept) -> Result<u64, String> {
    let Some(mut state) = kept.of(table).cloned() else { return Ok(0) };
    let Some(place) = &mut state.place else { return Ok(0) };
    let mut reader = reader(from, table, place)?;
    let mut changes = 0;
    while let Some(page) = reader.next_page(from, PAGE).map_err(about(table))? {
        for record in &page.records {
            let (operation, input) = match &record.new_image {
                Some(item) => ("PutItem", json!({"TableName": table, "Item": item})),
                None => ("DeleteItem", json!({"TableName": table, "Key": record.keys})),
            };
            call(to, operation, &input).map_err(about(table))?;
            changes += 1;
        }
    }
    // Changes may be done again, in their order, but none may be left out: a place is kept when all before it are done.
    place.checkpoint = Some(reader.checkpoint());
    kept.set(table, state)?;
    Ok(changes)
}
