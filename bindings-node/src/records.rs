//! Change records that are converted when they are looked at. The images stay where the table keeps them.

use std::sync::Arc;

use napi_derive::napi;
use streamtable::api::Record;
use streamtable::reader::Page;
use streamtable::unstable::shape::{Shape, StructInfo, TypeInfo};
use streamtable::value::Item;

use crate::outcome::{Outcome, defect, guarded};

/// A page of records of one shard.
#[napi]
#[derive(Debug)]
pub struct Batch {
    records: Vec<Record>,
    shard_id: Arc<str>,
    gap: bool,
}

/// The parts of a record that are converted one by one.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// Everything but keys and images.
    Head,
    Keys,
    NewImage,
    OldImage,
    /// The whole record as the service answers it.
    Whole,
}

impl Part {
    /// The numbers are those of `lib/records.js`.
    fn numbered(number: u32) -> Option<Part> {
        [Part::Head, Part::Keys, Part::NewImage, Part::OldImage, Part::Whole].get(number as usize).copied()
    }
}

impl Batch {
    /// No page is one without records and without a gap.
    pub(crate) fn new(page: Option<Page>) -> Batch {
        match page {
            Some(page) => Batch { records: page.records, shard_id: page.shard_id, gap: page.gap },
            None => Batch { records: Vec::new(), shard_id: Arc::from(""), gap: false },
        }
    }

    /// The sequence number of the record before this place; none before the first.
    pub(crate) fn number_before(&self, index: u32) -> Option<u128> {
        let before = (index as usize).checked_sub(1)?;
        Some(self.records.get(before)?.sequence_number)
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

    /// One part of one record; undefined when the record has no such part.
    #[napi]
    pub fn part(&self, index: u32, part: u32) -> Option<Outcome> {
        let written = guarded(|| {
            let record =
                self.records.get(index as usize).ok_or_else(|| defect("no record has this place"))?;
            let part = Part::numbered(part).ok_or_else(|| defect("no part has this number"))?;
            let image = |image: &Option<Item>| image.as_ref().map(Outcome::of);
            Ok(match part {
                Part::Head => Some(Outcome::of(&record.head())),
                Part::Keys => Some(Outcome::of(&record.keys)),
                Part::NewImage => image(&record.new_image),
                Part::OldImage => image(&record.old_image),
                Part::Whole => Some(Outcome::of(record)),
            })
        });
        written.unwrap_or_else(|error| Some(Outcome::Error(error)))
    }
}

/// The names of the members of a record, and those of its `dynamodb`.
#[napi]
pub fn record_members() -> Vec<Vec<&'static str>> {
    let names = |info: &StructInfo| info.members.iter().map(|member| member.wire).collect();
    let inside = Record::INFO.members.iter().find_map(|member| match member.ty {
        TypeInfo::Struct(info) if member.wire == "dynamodb" => Some(info),
        _ => None,
    });
    vec![names(Record::INFO), names(inside.expect("a record has its change"))]
}
