//! Items in files, as exports write them and imports read them: DynamoDB JSON, Ion's text form, CSV; packed or not.

mod ion;
mod ion_text;
mod records;

pub(crate) use ion::{write_ion_change, write_ion_item};
pub(crate) use records::{Compression, ItemFormat, Records, Wrong};

use serde::Serialize;

use crate::value::Item;

/// A change of an item, as an incremental export tells it.
#[derive(Debug)]
pub(crate) struct ItemChange {
    pub(crate) keys: Item,
    /// When it changed last, epoch microseconds.
    pub(crate) micros: u64,
    pub(crate) old_image: Option<Item>,
    pub(crate) new_image: Option<Item>,
}

/// The line of an item in DynamoDB JSON.
pub(crate) fn write_json_item(item: &Item, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Line<'a> {
        #[serde(rename = "Item")]
        item: &'a Item,
    }
    write_json(&Line { item }, out);
}

/// The line of a change in DynamoDB JSON.
pub(crate) fn write_json_change(change: &ItemChange, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Line<'a> {
        metadata: Metadata,
        keys: &'a Item,
        #[serde(skip_serializing_if = "Option::is_none")]
        old_image: Option<&'a Item>,
        #[serde(skip_serializing_if = "Option::is_none")]
        new_image: Option<&'a Item>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Metadata {
        write_timestamp_micros: Typed,
    }
    #[derive(Serialize)]
    struct Typed {
        #[serde(rename = "N")]
        number: String,
    }
    let ItemChange { keys, micros, old_image, new_image } = change;
    let metadata = Metadata { write_timestamp_micros: Typed { number: micros.to_string() } };
    let line = Line { metadata, keys, old_image: old_image.as_ref(), new_image: new_image.as_ref() };
    write_json(&line, out);
}

fn write_json(line: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, line).expect("items are plain data");
    out.push(b'\n');
}
