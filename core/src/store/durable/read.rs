//! Reading rows and records: the newest layer that knows a row has the last word, the index is asked last.

use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::{MappedRwLockReadGuard, RwLockReadGuard};

use super::cache::Cached;
use super::derived::Resolved;
use super::index::{Index, Reading};
use super::layer::{Layer, RecordEntry, RowEntry, Shows, Totals};
use super::place::{Base, Place, RowPlace};
use super::segment::Window;
use super::{Layers, LogState, Shared};
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::store::{
    Budget, LogBounds, LogId, LogRecord, Lsn, RowPage, RowRange, Seen, Sequence, TableId, is_empty_range,
};
use crate::value::Item;
use crate::value::key::RowKey;

/// Records fetched at a time: few at first, since many readers want few.
const CHUNK: usize = 32;
const CHUNK_MAX: usize = 1024;
/// How often a reader looks again when what it was shown is gone: each time a segment was given back in between.
pub(super) const LOOKS: usize = 16;

impl Layers {
    /// Newest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Layer>> {
        std::iter::once(&self.active).chain(&self.frozen)
    }

    /// Oldest first.
    fn in_order(&self) -> impl Iterator<Item = &Arc<Layer>> {
        self.frozen.iter().chain(std::iter::once(&self.active))
    }
}

impl Shared {
    pub(super) fn index(&self) -> Result<MappedRwLockReadGuard<'_, Index>> {
        RwLockReadGuard::try_map(self.index.read_recursive(), Option::as_ref)
            .map_err(|_| Error::new(ErrorCode::Storage, "The database is closed"))
    }

    pub(super) fn get(&self, table: TableId, key: &RowKey) -> Result<Seen<Option<Item>>> {
        if let Some(Cached { item, place }) = self.cache.get(table, key.as_bytes()) {
            return Ok(Seen { value: Some(item), lsn: place.lsn() });
        }
        let mut looks = 0;
        while looks < LOOKS {
            let fill = self.cache.start_fill(key.as_bytes());
            let (entry, upto) = self.look(table, key.as_bytes())?;
            let Some(Looked { lsn, row }) = entry else { return Ok(Seen::settled(None)) };
            match row {
                None => return Ok(Seen { value: None, lsn }),
                Some(Row::Own(item, place)) => {
                    self.cache.fill(fill, table, key, Cached { item: item.clone(), place });
                    return Ok(Seen { value: Some(item), lsn });
                }
                Some(Row::At(place)) => match self.segments.image(place) {
                    Ok(Some(item)) => {
                        self.cache.fill(fill, table, key, Cached { item: item.clone(), place });
                        return Ok(Seen::settled(Some(item)));
                    }
                    Ok(None) => looks += 1,
                    Err(e) => return Err(self.unreadable_row(table, key.as_bytes(), &e)),
                },
                Some(Row::That(base)) => match self.resolve(table, key.as_bytes(), &base, upto)? {
                    Resolved::Item(item, newest) => {
                        return Ok(Seen { value: Some(item), lsn: lsn.max(newest) });
                    }
                    Resolved::Newer => {}
                    Resolved::Gone => looks += 1,
                },
            }
        }
        Err(self.unreadable_row(table, key.as_bytes(), &missing_segment()))
    }

    /// A row as the layers and the index know it, and the newest commit that this shows.
    fn look(&self, table: TableId, key: &[u8]) -> Result<(Option<Looked>, Lsn)> {
        let layers = self.layers.read().clone();
        let (known, upto) = layers.active.row_and_end(table, key);
        let known = known.or_else(|| layers.frozen.as_ref()?.row(table, key));
        if let Some(entry) = known {
            return Ok((Some(Looked::of(entry)), upto));
        }
        let reading = self.index()?.reader();
        let row = reading.row(table, key)?;
        let looked = row.map(|row| Looked { lsn: Lsn::default(), row: Some(Row::of(row)) });
        Ok((looked, upto.max(reading.applied().lsn())))
    }

    pub(super) fn rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<Seen<RowPage>> {
        let mut looks = 0;
        loop {
            looks += 1;
            match self.try_rows(table, range, budget)? {
                Some(page) => return Ok(page),
                None if looks < LOOKS => {}
                None => return Err(self.unreadable_row(table, &[], &missing_segment())),
            }
        }
    }

    /// None when a segment was given back while we looked.
    fn try_rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<Option<Seen<RowPage>>> {
        let mut page = RowPage::default();
        let mut bytes = 0;
        let mut lsn = Lsn::default();
        let mut range = range.clone();
        loop {
            let bounds = (range.from.as_ref().map(Vec::as_slice), range.to.as_ref().map(Vec::as_slice));
            if is_empty_range(&bounds) {
                return Ok(Some(Seen { value: page, lsn }));
            }
            let wanted = budget.rows - page.items.len();
            let (mut merge, upto) = self.merge(table, bounds, range.descending, wanted)?;
            let mut reached = None;
            while let Some((key, looked)) = merge.next() {
                lsn = lsn.max(looked.lsn);
                let item = match looked.row {
                    None => None,
                    Some(Row::Own(item, _)) => Some(item),
                    Some(Row::At(place)) => match self.image_of_row(table, &key, place)? {
                        Some(item) => Some(item),
                        None => return Ok(None),
                    },
                    Some(Row::That(base)) => match self.resolve(table, &key, &base, upto)? {
                        Resolved::Item(item, newest) => {
                            lsn = lsn.max(newest);
                            Some(item)
                        }
                        // Its row has changed meanwhile, and this one may have with it.
                        Resolved::Newer | Resolved::Gone => {
                            let now = self.get(table, &RowKey::from_bytes(&key))?;
                            lsn = lsn.max(now.lsn);
                            now.value
                        }
                    },
                };
                reached = Some(key);
                let Some(item) = item else { continue };
                bytes += item.size();
                page.items.push(item);
                if budget.is_spent(page.items.len(), bytes) {
                    page.last = reached;
                    return Ok(Some(Seen { value: page, lsn }));
                }
            }
            if !merge.stopped_early {
                return Ok(Some(Seen { value: page, lsn }));
            }
            let reached = reached.expect("a source that was cut off had rows");
            let edge = if range.descending { &mut range.to } else { &mut range.from };
            *edge = Bound::Excluded(reached);
        }
    }

    fn merge(
        &self,
        table: TableId,
        bounds: (Bound<&[u8]>, Bound<&[u8]>),
        descending: bool,
        most: usize,
    ) -> Result<(Merge, Lsn)> {
        // Layers before the index: what a checkpoint moves meanwhile is then seen twice, not missed.
        let layers = self.layers.read().clone();
        let mut upto = Lsn::default();
        let mut sources: Vec<Source> = layers
            .all()
            .map(|layer| {
                let (rows, end) = layer.rows(table, bounds, descending, most);
                upto = upto.max(end);
                let looked =
                    rows.into_iter().map(|(key, entry)| (key.as_bytes().to_vec(), Looked::of(entry)));
                Source::new(looked.collect(), most)
            })
            .collect();
        let reading = self.index()?.reader();
        let rows = reading.rows(table, bounds, descending, most)?.into_iter();
        let looked = |row: RowPlace| Looked { lsn: Lsn::default(), row: Some(Row::of(row)) };
        sources.push(Source::new(rows.map(|(key, row)| (key, looked(row))).collect(), most));
        Ok((Merge { sources, descending, stopped_early: false }, upto.max(reading.applied().lsn())))
    }

    pub(super) fn image_of_row(&self, table: TableId, key: &[u8], place: Place) -> Result<Option<Item>> {
        if let Some(cached) = self.cache.get(table, key).filter(|cached| cached.place == place) {
            return Ok(Some(cached.item));
        }
        self.segments.image(place).map_err(|e| self.unreadable_row(table, key, &e))
    }

    pub(super) fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        retention: Millis,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Seen<Vec<LogRecord>>> {
        let Some(state) = self.logs.read().get(&log).copied() else { return Ok(Seen::default()) };
        let mut found = Found { take, records: Vec::new(), lsn: Lsn::default(), from, full: false };
        found.skip(state.head.trimmed);
        let layers = self.layers.read().clone();
        let begins_in_layers = layers
            .in_order()
            .find_map(|layer| layer.first_record(log, Sequence(0)))
            .is_some_and(|(first, ..)| !found.wants_before(first));
        if !begins_in_layers {
            let index = self.index()?;
            let reader = index.reader();
            let mut window = Window::default();
            let mut chunk = CHUNK;
            loop {
                let entries = reader.records(log, found.from, chunk)?;
                let count = entries.len();
                for entry in entries {
                    if !found.full {
                        found.add(self.with_images(&mut window, log, retention, entry)?);
                    }
                }
                if found.full || count < chunk {
                    break;
                }
                chunk = CHUNK_MAX.min(4 * chunk);
            }
        }
        for layer in layers.in_order() {
            let mut chunk = CHUNK;
            while !found.full {
                let entries = layer.records(log, found.from, chunk);
                if entries.is_empty() {
                    break;
                }
                chunk = CHUNK_MAX.min(4 * chunk);
                entries.into_iter().for_each(|entry| {
                    if !found.full {
                        found.add(entry);
                    }
                });
            }
        }
        Ok(Seen { value: found.records, lsn: found.lsn })
    }

    /// Records keep their segments until they are too old to read, so a missing one is damage before that.
    pub(super) fn with_images(
        &self,
        window: &mut Window,
        log: LogId,
        retention: Millis,
        mut entry: RecordEntry,
    ) -> Result<RecordEntry> {
        let (sequence, at) = (entry.record.sequence, entry.record.at);
        let mut image = |place: Option<Place>| match place {
            None => Ok(None),
            Some(place) => match window.image(&self.segments, place) {
                Ok(Some(item)) => Ok(Some(item)),
                Ok(None) if self.is_given_back(log, sequence, at + retention) => {
                    Err(Error::new(ErrorCode::TrimmedDataAccess, text::trimmed()))
                }
                Ok(None) => Err(unreadable_record(log, sequence, &missing_segment())),
                Err(e) => Err(unreadable_record(log, sequence, &e)),
            },
        };
        entry.record.keys = image(entry.places.keys)?;
        entry.record.new_image = image(entry.places.new)?;
        entry.record.old_image = image(entry.places.old)?;
        Ok(entry)
    }

    /// Whether a record that someone has begun to read is gone by now, because it was kept no longer than `until`.
    fn is_given_back(&self, log: LogId, sequence: Sequence, until: Millis) -> bool {
        let is_removed = self.logs.read().get(&log).is_none_or(|state| state.head.trimmed >= Some(sequence));
        is_removed || until <= self.now.load(Ordering::Relaxed)
    }

    pub(super) fn bounds(&self, log: LogId, horizon: Millis) -> Result<Seen<LogBounds>> {
        let Some(state) = self.logs.read().get(&log).copied() else { return Ok(Seen::default()) };
        let LogState { head, lsn, .. } = state;
        let Some(last) = head.last else { return Ok(Seen::default()) };
        let mut bounds = LogBounds { last: Some(last), trimmed: head.trimmed, oldest_at: None };
        let Some((oldest, at)) = self.oldest(log, state)? else { return Ok(Seen { value: bounds, lsn }) };
        bounds.oldest_at = Some(at);
        if at <= horizon {
            let newest = self.search(log, oldest, last, |at| at <= horizon)?;
            bounds.trimmed = bounds.trimmed.max(newest);
        }
        Ok(Seen { value: bounds, lsn })
    }

    pub(super) fn newest_before(&self, log: LogId, moment: Millis) -> Result<Seen<Option<Sequence>>> {
        let Some(state) = self.logs.read().get(&log).copied() else { return Ok(Seen::default()) };
        let LogState { head, lsn, .. } = state;
        let (Some(last), Some((oldest, _))) = (head.last, self.oldest(log, state)?) else {
            return Ok(Seen { value: None, lsn });
        };
        Ok(Seen { value: self.search(log, oldest, last, |at| at < moment)?, lsn })
    }

    /// The oldest record that is not removed, and its time.
    fn oldest(&self, log: LogId, state: LogState) -> Result<Option<(Sequence, Millis)>> {
        if state.oldest.is_some() {
            return Ok(state.oldest);
        }
        let from = state.head.trimmed.map_or(Sequence(0), |trimmed| Sequence(trimmed.0 + 1));
        let oldest = self.probe(log)?.first(from)?;
        if let Some(state) = self.logs.write().get_mut(&log)
            && state.head.trimmed.is_none_or(|trimmed| oldest.is_some_and(|(found, _)| found > trimmed))
        {
            state.oldest = oldest;
        }
        Ok(oldest)
    }

    /// The newest record for which `holds`, which must hold for a front part only.
    fn search(
        &self,
        log: LogId,
        oldest: Sequence,
        last: Sequence,
        holds: impl Fn(Millis) -> bool,
    ) -> Result<Option<Sequence>> {
        let probe = self.probe(log)?;
        let (mut low, mut high) = (oldest.counter(), last.counter() + 1);
        let mut newest = None;
        // Counters from `high` on do not hold; those below `low` do.
        while low < high {
            let middle = low + (high - low) / 2;
            match probe.first(Sequence::new(middle, 0))? {
                Some((sequence, at)) if holds(at) => {
                    newest = newest.max(Some(sequence));
                    low = sequence.counter() + 1;
                }
                _ => high = middle,
            }
        }
        Ok(newest)
    }

    fn probe(&self, log: LogId) -> Result<Probe> {
        let layers = self.layers.read().clone();
        Ok(Probe { log, layers, reading: self.index()?.reader() })
    }

    pub(super) fn meta(&self) -> Result<Vec<(String, String)>> {
        let layers = self.layers.read().clone();
        let mut meta = self.index()?.reader().meta()?;
        for layer in layers.in_order() {
            for (name, text) in &layer.read().meta {
                match text {
                    Some(text) => drop(meta.insert(name.clone(), text.clone())),
                    None => drop(meta.remove(name)),
                }
            }
        }
        Ok(meta.into_iter().collect())
    }

    pub(super) fn totals(&self, table: TableId) -> Result<(i64, i64)> {
        let layers = self.layers.read().clone();
        let index = self.index()?;
        let reader = index.reader();
        let (applied, mut sum) = (reader.applied(), reader.totals(table)?);
        for layer in layers.in_order() {
            let contents = layer.read();
            // A checkpoint may have brought this layer to the index since we looked for layers.
            if contents.end <= applied {
                continue;
            }
            let Totals { items, bytes } = contents.totals.get(&table).copied().unwrap_or(Totals::ZERO);
            sum.items += items;
            sum.bytes += bytes;
        }
        Ok((sum.items, sum.bytes))
    }

    /// The error for a row whose image cannot be had.
    pub(super) fn unreadable_row(&self, table: TableId, key: &[u8], error: &io::Error) -> Error {
        let what = format!("item {} of table {}", shown_key(key), self.shown_table(table));
        unreadable(&what, error)
    }

    /// A table's name as its meta text says, for messages.
    pub(super) fn shown_table(&self, table: TableId) -> String {
        let name = format!("table/{}", table.0);
        let text = self.meta().ok().and_then(|meta| meta.into_iter().find(|(known, _)| *known == name));
        text.and_then(|(_, text)| serde_json::from_str::<serde_json::Value>(&text).ok())
            .and_then(|value| value["name"].as_str().map(str::to_owned))
            .unwrap_or_else(|| format!("#{}", table.0))
    }
}

/// A row key for people: partition key and sort key, as text where they are.
pub(super) fn shown_key(key: &[u8]) -> String {
    let shown = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => format!("\"{text}\""),
        _ => bytes.iter().fold("0x".to_owned(), |text, byte| text + &format!("{byte:02x}")),
    };
    let parts = key.get(8..10).map(|len| usize::from(u16::from_be_bytes([len[0], len[1]])));
    match parts.and_then(|len| key[10..].split_at_checked(len)) {
        Some((partition, [])) => shown(partition),
        Some((partition, sort)) => format!("{} / {}", shown(partition), shown(sort)),
        None => shown(key),
    }
}

fn unreadable_record(log: LogId, sequence: Sequence, error: &io::Error) -> Error {
    unreadable(&format!("change record {sequence} of shard log {}", log.0), error)
}

fn unreadable(what: &str, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound => Error::new(
            ErrorCode::Corruption,
            format!("The {what} is damaged: {error}. Run `streamtable verify`, or restore a backup."),
        ),
        _ => Error::new(ErrorCode::Storage, format!("The {what} cannot be read: {error}")),
    }
}

pub(super) fn missing_segment() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "its segment of the log is missing")
}

/// What a source says of a row.
#[derive(Debug)]
struct Looked {
    /// The commit that made it so, where a layer says it.
    lsn: Lsn,
    /// None where it is deleted.
    row: Option<Row>,
}

/// A row that exists.
#[derive(Debug)]
enum Row {
    Own(Item, Place),
    At(Place),
    That(Base),
}

impl Row {
    fn of(RowPlace { place, of }: RowPlace) -> Row {
        of.map_or(Row::At(place), Row::That)
    }
}

impl Looked {
    fn of(RowEntry { lsn, stored }: RowEntry) -> Looked {
        let row = stored.map(|stored| match stored.shows {
            Shows::Own(item) => Row::Own(item, stored.place),
            Shows::That(base) => Row::That(base),
        });
        Looked { lsn, row }
    }
}

/// Some rows in order.
#[derive(Debug)]
struct Source {
    rows: std::iter::Peekable<std::vec::IntoIter<(Vec<u8>, Looked)>>,
    /// Whether there may be more rows than these.
    cut_off: bool,
}

impl Source {
    fn new(rows: Vec<(Vec<u8>, Looked)>, most: usize) -> Source {
        let cut_off = rows.len() >= most;
        Source { rows: rows.into_iter().peekable(), cut_off }
    }
}

/// Rows of several sources in one order, the newest source first.
#[derive(Debug)]
struct Merge {
    sources: Vec<Source>,
    descending: bool,
    /// Whether the end was reached because a source was cut off.
    stopped_early: bool,
}

impl Merge {
    fn next(&mut self) -> Option<(Vec<u8>, Looked)> {
        // Beyond the last row of a source that was cut off, nothing is known.
        if self.sources.iter_mut().any(|source| source.cut_off && source.rows.peek().is_none()) {
            self.stopped_early = true;
            return None;
        }
        let mut best: Option<(usize, &[u8])> = None;
        for (at, source) in self.sources.iter_mut().enumerate() {
            let Some((key, _)) = source.rows.peek() else { continue };
            let is_better = best.is_none_or(|(_, least)| {
                if self.descending { key.as_slice() > least } else { key.as_slice() < least }
            });
            if is_better {
                best = Some((at, key));
            }
        }
        let best = best.map(|(at, _)| at)?;
        let found = self.sources[best].rows.next()?;
        // Older sources may know the row, too; the newest came first.
        for source in &mut self.sources {
            source.rows.next_if(|(key, _)| *key == found.0);
        }
        Some(found)
    }
}

/// Records being gathered.
struct Found<'a> {
    take: &'a mut dyn FnMut(&LogRecord) -> bool,
    records: Vec<LogRecord>,
    lsn: Lsn,
    from: Bound<Sequence>,
    full: bool,
}

impl Found<'_> {
    /// Removed records may still lie there.
    fn skip(&mut self, trimmed: Option<Sequence>) {
        let Some(trimmed) = trimmed else { return };
        if self.wants_before(Sequence(trimmed.0 + 1)) {
            self.from = Bound::Excluded(trimmed);
        }
    }

    fn wants_before(&self, sequence: Sequence) -> bool {
        match self.from {
            Bound::Unbounded => true,
            Bound::Included(from) => from < sequence,
            Bound::Excluded(after) => after.0.saturating_add(1) < sequence.0,
        }
    }

    fn add(&mut self, entry: RecordEntry) {
        if !(self.take)(&entry.record) {
            self.full = true;
            return;
        }
        self.lsn = self.lsn.max(entry.lsn);
        self.from = Bound::Excluded(entry.record.sequence);
        self.records.push(entry.record);
    }
}

/// Looks for single records of a log.
struct Probe {
    log: LogId,
    layers: Layers,
    reading: Reading,
}

impl Probe {
    /// The first record at a place or after it.
    fn first(&self, from: Sequence) -> Result<Option<(Sequence, Millis)>> {
        if let Some(found) = self.reading.first_record(self.log, from)? {
            return Ok(Some(found));
        }
        let found = self.layers.in_order().find_map(|layer| layer.first_record(self.log, from));
        Ok(found.map(|(sequence, at, _)| (sequence, at)))
    }
}
