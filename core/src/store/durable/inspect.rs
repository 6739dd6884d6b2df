//! Looking at everything a store keeps: the blocks of the index, every frame of the log, every row and its image.

use std::collections::BTreeMap;

use super::Shared;
use super::frame::{FrameHeader, SEGMENT_HEADER_BYTES, changes};
use super::place::{Base, Place, RowPlace};
use super::read::shown_key;
use super::segment::{Lying, Segment, file_name, frame_at};
use crate::api::Result;
use crate::store::{Inspector, TableId};
use crate::value::Item;

/// Rows fetched from the index at a time.
const CHUNK: usize = 1024;

/// What rows were seen to need.
#[derive(Default)]
struct Seen {
    live: BTreeMap<u32, u64>,
    totals: BTreeMap<TableId, (i64, i64)>,
}

impl Shared {
    pub(super) fn inspect(&self, inspector: &mut dyn Inspector) -> Result<()> {
        // Everything is in the index then, and nothing in memory only.
        self.checkpoint()?;
        let _running = self.checkpoints.running.lock();
        // Rows of removed tables are neither live nor counted then.
        while self.index()?.pay()? {}
        inspector.progress("blocks of the index", 0, 1);
        if let Some(damage) = &self.index_damage {
            inspector
                .finding(format!("{damage} So does opening; the rest is looked at with an index made so"));
        }
        if let Some(wrong) = self.index()?.check()? {
            inspector.finding(format!("the index: {wrong}"));
        }
        inspector.progress("blocks of the index", 1, 1);
        self.inspect_log(inspector);
        let mut seen = Seen::default();
        self.inspect_rows(inspector, &mut seen)?;
        self.compare(inspector, &seen)
    }

    fn inspect_log(&self, inspector: &mut dyn Inspector) {
        let end = self.log.lock().end();
        let segments: Vec<_> = self.segments.all().into_iter().filter(|s| s.id <= end.segment).collect();
        let len = |segment: &Segment| if segment.id == end.segment { end.offset } else { segment.end() };
        let total: u64 = segments.iter().map(|segment| u64::from(len(segment))).sum();
        let mut done = 0;
        for segment in &segments {
            if let Err(why) = inspect_segment(segment, len(segment), |bytes| {
                inspector.progress("frames of the log", done + bytes, total);
            }) {
                inspector.finding(format!("{}: {why}", file_name(segment.id)));
            }
            done += u64::from(len(segment));
        }
        inspector.progress("frames of the log", total, total);
    }

    fn inspect_rows(&self, inspector: &mut dyn Inspector, seen: &mut Seen) -> Result<()> {
        let reading = self.index()?.reader();
        let total = reading.count_rows();
        let (mut done, mut after) = (0, None);
        loop {
            let rows = reading
                .all_rows(after.as_ref().map(|(table, key): &(_, Vec<u8>)| (*table, &**key)), CHUNK)?;
            let Some((table, key, _)) = rows.last() else { break };
            after = Some((*table, key.clone()));
            done += rows.len() as u64;
            for (table, key, row) in &rows {
                self.inspect_row(inspector, seen, *table, key, row)?;
            }
            inspector.progress("items", done, total);
        }
        inspector.progress("items", total, total);
        Ok(())
    }

    fn inspect_row(
        &self,
        inspector: &mut dyn Inspector,
        seen: &mut Seen,
        table: TableId,
        key: &[u8],
        row: &RowPlace,
    ) -> Result<()> {
        *seen.live.entry(row.place.point.segment).or_default() += u64::from(row.place.len);
        let shown = || format!("item {} of table {}", shown_key(key), self.shown_table(table));
        let place = match &row.of {
            None => row.place,
            Some(base) => match self.base_of(base, row.place)? {
                Ok(place) => place,
                Err(why) => {
                    inspector.finding(format!("{}: {why}", shown()));
                    return Ok(());
                }
            },
        };
        self.inspect_item(inspector, seen, (table, key), place);
        Ok(())
    }

    /// Where the item lies that a derived row shows, or what is wrong.
    fn base_of(&self, base: &Base, reference: Place) -> Result<std::result::Result<Place, String>> {
        let written = match self.segments.bytes(reference) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Err(format!("{} is missing", file_name(reference.point.segment)))),
            Err(e) => return Ok(Err(e.to_string())),
        };
        if Base::from_bytes(&written).as_ref() != Some(base) {
            return Ok(Err("the index and the log name different rows whose item it shows".into()));
        }
        let shown = self.index()?.reader().row(base.table, base.key.as_bytes())?;
        Ok(match shown {
            Some(RowPlace { place, of: None }) => Ok(place),
            _ => Err("the row whose item it shows is not there".into()),
        })
    }

    fn inspect_item(
        &self,
        inspector: &mut dyn Inspector,
        seen: &mut Seen,
        (table, key): (TableId, &[u8]),
        place: Place,
    ) {
        let shown = || format!("item {} of table {}", shown_key(key), self.shown_table(table));
        let item = match self.segments.image(place) {
            Ok(Some(item)) => item,
            Ok(None) => {
                return inspector.finding(format!(
                    "{}: {} is missing",
                    shown(),
                    file_name(place.point.segment)
                ));
            }
            Err(e) => return inspector.finding(format!("{}: {e}", shown())),
        };
        if !Item::is_sound(item.as_bytes()) {
            return inspector.finding(format!("{}: its bytes are no item", shown()));
        }
        let totals = seen.totals.entry(table).or_default();
        totals.0 += 1;
        totals.1 += item.size() as i64;
        if let Some(why) = inspector.row(table, key, &item) {
            inspector.finding(format!("{}: {why}", shown()));
        }
    }

    /// Counters against what was counted.
    fn compare(&self, inspector: &mut dyn Inspector, seen: &Seen) -> Result<()> {
        let index = self.index()?;
        let reader = index.reader();
        for (id, used) in reader.segments() {
            let live = seen.live.get(&id).copied().unwrap_or(0);
            if used.live != live {
                inspector.finding(format!(
                    "{}: {live} bytes are live, {} are counted",
                    file_name(id),
                    used.live
                ));
            }
        }
        for (table, counted) in &seen.totals {
            let kept = reader.totals(*table)?;
            if (kept.items, kept.bytes) != *counted && inspector.knows(*table) {
                inspector.finding(format!(
                    "table {}: {} items of {} bytes, but {} of {} are counted",
                    self.shown_table(*table),
                    counted.0,
                    counted.1,
                    kept.items,
                    kept.bytes
                ));
            }
        }
        Ok(())
    }
}

/// Reads every frame; they must reach exactly to the end.
fn inspect_segment(segment: &Segment, end: u32, mut progress: impl FnMut(u64)) -> Result<(), String> {
    segment.header().map_err(|e| e.to_string())?;
    let mut offset = SEGMENT_HEADER_BYTES;
    while offset < end {
        match frame_at(segment, offset).map_err(|e| e.to_string())? {
            Lying::Frame(_, payload) if changes(&payload).is_some() => {
                offset += FrameHeader::frame_bytes(payload.len()) as u32;
            }
            Lying::Frame(..) => return Err(format!("the frame at byte {offset} holds what is no change")),
            Lying::Nothing => return Err(format!("no frame at byte {offset}, where one must be")),
        }
        progress(u64::from(offset));
    }
    if offset == end { Ok(()) } else { Err(format!("the last frame reaches beyond byte {end}")) }
}
