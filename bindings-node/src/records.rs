//! Change records: what a page says of all its records comes as one text, the images when they are looked at. They stay where the table keeps
//! them.

use std::sync::Arc;

use napi_derive::napi;
use serde::ser::{Serialize, SerializeSeq, SerializeTuple, Serializer};
use streamtable::api::{Enumeration, Record};
use streamtable::reader::{Page, Reader};
use streamtable::value::Item;

use crate::outcome::{Outcome, defect, guarded, outcome};

/// A page of records of one shard.
#[napi]
#[derive(Debug)]
pub struct Batch {
    records: Vec<Record>,
    shard_id: Arc<str>,
    gap: bool,
    /// The reader as it stood after the page.
    after: Reader,
}

/// The parts of a record that are converted one by one.
#[derive(Clone, Copy, Debug)]
enum Part {
    NewImage,
    OldImage,
    /// The whole record as the service answers it.
    Whole,
}

impl Part {
    /// The numbers are those of `lib/records.js`.
    fn numbered(number: u32) -> Option<Part> {
        [Part::NewImage, Part::OldImage, Part::Whole].get(number as usize).copied()
    }
}

/// What a page says of its records besides their images: what they have in common, then a row for each, in the order that `lib/records.js` reads.
struct Heads<'a>(&'a [Record]);

impl Serialize for Heads<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(1 + self.0.len()))?;
        if let Some(first) = self.0.first() {
            // Records of one shard are of one stream.
            rows.serialize_element(&(&first.origin.region, first.origin.view.name()))?;
        }
        for record in self.0 {
            rows.serialize_element(&Head(record))?;
        }
        rows.end()
    }
}

/// One row.
struct Head<'a>(&'a Record);

impl Serialize for Head<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.0;
        let has = u8::from(record.new_image.is_some())
            | u8::from(record.old_image.is_some()) << 1
            | u8::from(record.by_service) << 2;
        let mut row = serializer.serialize_tuple(7)?;
        row.serialize_element(&record.event_id())?;
        row.serialize_element(record.event_name.name())?;
        row.serialize_element(&has)?;
        row.serialize_element(&record.approximate_creation_date_time().0)?;
        row.serialize_element(&record.sequence_number())?;
        row.serialize_element(&record.size_bytes())?;
        row.serialize_element(&record.keys)?;
        row.end()
    }
}

impl Batch {
    /// No page is one without records and without a gap.
    pub(crate) fn new(page: Option<Page>, after: Reader) -> Batch {
        match page {
            Some(page) => Batch { records: page.records, shard_id: page.shard_id, gap: page.gap, after },
            None => Batch { records: Vec::new(), shard_id: Arc::from(""), gap: false, after },
        }
    }
}

#[napi]
impl Batch {
    /// How many records there are.
    #[napi(getter)]
    pub fn length(&self) -> u32 {
        u32::try_from(self.records.len()).expect("GetRecords answers 1,000 at most")
    }

    /// The shard that has the records.
    #[napi(getter)]
    pub fn shard_id(&self) -> &str {
        &self.shard_id
    }

    /// Whether records were trimmed here that nobody has read.
    #[napi(getter)]
    pub fn gap(&self) -> bool {
        self.gap
    }

    /// Everything but the images, of all records.
    #[napi]
    pub fn heads(&self) -> Outcome {
        outcome(|| Ok(Heads(&self.records)))
    }

    /// One part of one record; undefined when the record has no such part.
    #[napi]
    pub fn part(&self, index: u32, part: u32) -> Option<Outcome> {
        let written = guarded(|| {
            let record =
                self.records.get(index as usize).ok_or_else(|| defect("no record has this place"))?;
            let part = Part::numbered(part).ok_or_else(|| defect("no part has this number"))?;
            let image = |image: &Option<Item>| image.as_ref().map(Outcome::of);
            Ok(match part {
                Part::NewImage => image(&record.new_image),
                Part::OldImage => image(&record.old_image),
                Part::Whole => Some(Outcome::of(record)),
            })
        });
        written.unwrap_or_else(|error| Some(Outcome::Error(error)))
    }

    /// Where to go on after the first `done` records.
    #[napi]
    pub fn checkpoint(&self, done: u32) -> String {
        let done = done as usize;
        if done >= self.records.len() {
            return self.after.checkpoint().to_string();
        }
        let last = done.checked_sub(1).and_then(|last| self.records.get(last));
        self.after.checkpoint_within(last.map(|record| record.sequence_number)).to_string()
    }
}
