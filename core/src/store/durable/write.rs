//! Commits: a batch becomes a frame and part of the newest layer.

use super::Shared;
use super::cache::Cached;
use super::frame::{Before, Part, Parts, Payload};
use super::layer::{Contents, RecordEntry, RecordPlaces, RowEntry, Shows, Stored};
use super::place::{Base, Place, Point};
use crate::api::Result;
use crate::store::{Append, Batch, LogId, Lsn, Removal, RowChange, TableId};
use crate::value::Item;
use crate::value::key::RowKey;

/// A batch in the bytes of a frame.
struct Encoded {
    payload: Payload,
    /// Where each row's new image or reference stands, none for deletions.
    images: Vec<Option<Part>>,
    parts: Vec<Parts>,
}

impl Shared {
    pub(super) fn commit(&self, batch: Batch) -> Result<Lsn> {
        self.admit()?;
        // Places of old images stay good until the frame that refers to them is in the log.
        let references = self.references.read();
        let encoded = self.encode(&batch)?;
        let crc = crc32fast::hash(&encoded.payload.bytes);
        let mut tail = self.log.lock();
        let payload = self.log.append(&mut tail, &encoded.payload.bytes, crc)?;
        drop(references);
        let end = tail.end();
        let layer = self.layers.read().active.clone();
        let mut contents = layer.write();
        let outcome = apply(&mut contents, batch, &encoded, payload, end.lsn());
        contents.log_bytes += encoded.payload.bytes.len() as u64;
        contents.end = end;
        let log_bytes = contents.log_bytes;
        drop(contents);
        self.note_active(log_bytes);
        self.note_logs(&outcome, end.lsn());
        drop(tail);
        for (table, key, cached) in outcome.rows {
            self.cache.set(table, &key, cached);
        }
        self.log.write_unsynced()?;
        self.request_checkpoint(log_bytes)?;
        Ok(end.lsn())
    }

    fn encode(&self, batch: &Batch) -> Result<Encoded> {
        let images = batch.rows.iter().filter_map(|row| row.after.as_ref()).map(|item| item.as_bytes().len());
        let expected = images.sum::<usize>() + 192 * (batch.rows.len() + batch.records.len());
        let mut payload = Payload { bytes: Vec::with_capacity(expected) };
        let mut images = Vec::with_capacity(batch.rows.len());
        for row in &batch.rows {
            images.push(self.encode_row(&mut payload, row)?);
        }
        let parts = batch
            .records
            .iter()
            .map(|Append { log, record, retention }| {
                let new = record.new_image.as_ref().and_then(|image| {
                    let is_its = |row: &RowChange| row.of.is_none() && shares(row.after.as_ref(), image);
                    images[batch.rows.iter().position(is_its)?]
                });
                let old = record.old_image.as_ref().and_then(|image| {
                    let mut its = batch.rows.iter().filter(|row| shares(row.before.as_ref(), image));
                    its.find_map(|row| self.place_of(row.table, &row.key, image)).map(Part::There)
                });
                payload.record(*log, record, *retention, new, old)
            })
            .collect();
        for change in &batch.meta {
            payload.meta(change);
        }
        for removal in &batch.removals {
            payload.removal(*removal);
        }
        Ok(Encoded { payload, images, parts })
    }

    /// Returns where the new image or reference stands.
    fn encode_row(&self, payload: &mut Payload, row: &RowChange) -> Result<Option<Part>> {
        let RowChange { table, key, before, after, of } = row;
        let size =
            before.as_ref().map(|item| u32::try_from(item.size()).expect("an item is far below 4 GiB"));
        let segment = if before.is_some() { self.segment_of(*table, key)? } else { None };
        let before = Before { size, segment };
        Ok(match (after, of) {
            (Some(image), None) => Some(payload.put(*table, before, key.as_bytes(), image)),
            (Some(image), Some(base)) => {
                let base = Base::of(*base, key);
                Some(payload.derived(*table, before, Some(image.size()), key.as_bytes(), &base))
            }
            (None, _) => {
                payload.delete(*table, before, key.as_bytes());
                None
            }
        })
    }

    /// The segment in which a row lies whose partition is locked. Rows are not moved while `references` is held.
    fn segment_of(&self, table: TableId, key: &RowKey) -> Result<Option<u32>> {
        if let Some(cached) = self.cache.get(table, key.as_bytes()) {
            return Ok(Some(cached.place.point.segment));
        }
        let layers = self.layers.read().clone();
        let known = layers.all().find_map(|layer| layer.row(table, key.as_bytes()));
        let place = match known {
            Some(entry) => entry.stored.map(|stored| stored.place),
            None => self.index()?.reader().row(table, key.as_bytes())?.map(|row| row.place),
        };
        Ok(place.map(|place| place.point.segment))
    }

    /// Where the image of a row lies, if that is known without looking at the disk and a record may refer to it.
    fn place_of(&self, table: TableId, key: &RowKey, image: &Item) -> Option<Place> {
        let place = match self.cache.get(table, key.as_bytes()) {
            Some(cached) => Some(cached.place).filter(|_| shares(Some(&cached.item), image)),
            None => {
                let layers = self.layers.read().clone();
                let entry = layers.all().find_map(|layer| layer.row(table, key.as_bytes()))?;
                let own = entry.stored.and_then(Stored::own);
                own.filter(|(item, _)| shares(Some(item), image)).map(|(_, place)| place)
            }
        }?;
        let segment = self.segments.get(place.point.segment)?;
        (!segment.is_condemned()).then_some(place)
    }

    fn note_logs(&self, outcome: &Outcome, lsn: Lsn) {
        if outcome.appended.is_empty() && outcome.removals.is_empty() {
            return;
        }
        let mut logs = self.logs.write();
        for (log, last) in &outcome.appended {
            let state = logs.entry(*log).or_default();
            state.head.last = Some(*last);
            state.lsn = lsn;
        }
        for removal in &outcome.removals {
            super::note_removal(&mut logs, *removal);
        }
    }
}

fn shares(kept: Option<&Item>, image: &Item) -> bool {
    kept.is_some_and(|kept| kept.shares_bytes_with(image))
}

/// What is left to do after the layer has the batch.
#[derive(Default)]
struct Outcome {
    rows: Vec<(TableId, RowKey, Option<Cached>)>,
    appended: Vec<(LogId, crate::store::Sequence)>,
    removals: Vec<Removal>,
}

fn apply(contents: &mut Contents, batch: Batch, encoded: &Encoded, payload: Point, lsn: Lsn) -> Outcome {
    let mut outcome = Outcome::default();
    for (row, part) in batch.rows.into_iter().zip(&encoded.images) {
        let RowChange { table, key, before, after, of } = row;
        let measure = |item: &Option<Item>| item.as_ref().map_or((0, 0), |item| (1, item.size() as i64));
        let ((items_before, bytes_before), (items, bytes)) = (measure(&before), measure(&after));
        contents.count(table, items - items_before, bytes - bytes_before);
        let place = part.map(|part| part.place(payload));
        if let Some(base) = of {
            // The item is in the cache under its own row.
            let shows = Shows::That(Base::of(base, &key));
            let stored = after.and(place).map(|place| Stored { shows, place });
            contents.set_row(table, key, RowEntry { lsn, stored });
            continue;
        }
        let own = after.zip(place);
        let cached = own.clone().map(|(item, place)| Cached { item, place });
        let stored = own.map(|(item, place)| Stored { shows: Shows::Own(item), place });
        contents.set_row(table, key.clone(), RowEntry { lsn, stored });
        outcome.rows.push((table, key, cached));
    }
    for (Append { log, record, retention }, parts) in batch.records.into_iter().zip(&encoded.parts) {
        outcome.appended.push((log, record.sequence));
        let places = RecordPlaces::of(*parts, payload);
        contents.add_record(log, retention, RecordEntry { lsn, record, places });
    }
    for change in batch.meta {
        contents.meta.insert(change.name, change.text);
    }
    for removal in &batch.removals {
        contents.remove(*removal);
    }
    outcome.removals = batch.removals;
    outcome
}
