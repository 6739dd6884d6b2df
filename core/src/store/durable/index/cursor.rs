//! Reading runs in order: one at a time, and several as if they were one.

use std::io;
use std::ops::Bound;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::block::{Block, Value};
use super::filter::hash;
use super::run::Run;

/// What a block in memory costs beside its bytes.
const ENTRY_BYTES: u64 = 96;
/// For sizing the map; the weight is what limits it.
const TYPICAL_BLOCK_BYTES: u64 = 4096;

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<(u64, usize), Block> for Weight {
    fn weight(&self, _: &(u64, usize), block: &Block) -> u64 {
        ENTRY_BYTES + block.weight()
    }
}

/// Blocks in memory, as many as fit, by run and number.
pub(super) struct Blocks(Cache<(u64, usize), Block, Weight>);

impl std::fmt::Debug for Blocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks").field("blocks", &self.0.len()).field("bytes", &self.0.weight()).finish()
    }
}

impl Blocks {
    pub(super) fn new(bytes: u64) -> Blocks {
        let blocks = usize::try_from(bytes / (ENTRY_BYTES + TYPICAL_BLOCK_BYTES)).unwrap_or(usize::MAX);
        Blocks(Cache::with_weighter(blocks.max(16), bytes, Weight))
    }

    fn block(&self, run: &Run, block: usize) -> io::Result<Block> {
        if let Some(found) = self.0.get(&(run.id, block)) {
            return Ok(found);
        }
        let read = run.read_block(block)?;
        self.0.insert((run.id, block), read.clone());
        Ok(read)
    }

    /// What `read` makes of a key's value in a run; none where the run does not have the key.
    fn find<T>(&self, run: &Run, key: &[u8], read: impl FnOnce(Value<'_>) -> T) -> io::Result<Option<T>> {
        let block = self.block(run, run.block_of(key))?;
        let entry = block.lower_bound(key);
        let is_here = entry < block.entries && block.key(entry) == key;
        Ok(is_here.then(|| read(block.value(entry))))
    }

    /// What `read` makes of the newest value of a key; none where no run has it or it was removed. Runs are from old to new.
    pub(super) fn get<T>(
        &self,
        runs: &[Arc<Run>],
        key: &[u8],
        read: impl Fn(&[u8]) -> T,
    ) -> io::Result<Option<T>> {
        let hash = hash(key);
        for run in runs.iter().rev().filter(|run| run.may_have(hash)) {
            if let Some(found) = self.find(run, key, |value| value.map(&read))? {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

/// A place between the entries of a run.
#[derive(Debug)]
struct Cursor {
    run: Arc<Run>,
    number: usize,
    /// The block, and the entry that comes next; none at the end.
    next: Option<(Block, u32)>,
}

/// Where blocks are read from: by way of the cache, or past it for whoever reads everything once.
type Source<'a> = Option<&'a Blocks>;

impl Cursor {
    fn read(&self, source: Source<'_>, number: usize) -> io::Result<Block> {
        match source {
            Some(blocks) => blocks.block(&self.run, number),
            None => self.run.read_block(number),
        }
    }

    /// Before the first entry from a bound on, in the given direction.
    fn seek(run: Arc<Run>, source: Source<'_>, from: Bound<&[u8]>, descending: bool) -> io::Result<Cursor> {
        let number = match from {
            Bound::Included(key) | Bound::Excluded(key) => run.block_of(key),
            Bound::Unbounded if descending => run.blocks() - 1,
            Bound::Unbounded => 0,
        };
        let mut cursor = Cursor { run, number, next: None };
        let block = cursor.read(source, number)?;
        let passed = match (from, descending) {
            (Bound::Included(key), false) | (Bound::Excluded(key), true) => block.lower_bound(key),
            (Bound::Excluded(key), false) | (Bound::Included(key), true) => {
                block.partition_point(|other| other <= key)
            }
            (Bound::Unbounded, false) => 0,
            (Bound::Unbounded, true) => block.entries,
        };
        if descending {
            cursor.place_before(source, block, passed)?;
        } else {
            cursor.place_at(source, block, passed)?;
        }
        Ok(cursor)
    }

    fn place_at(&mut self, source: Source<'_>, block: Block, entry: u32) -> io::Result<()> {
        self.next = if entry < block.entries {
            Some((block, entry))
        } else if self.number + 1 < self.run.blocks() {
            self.number += 1;
            Some((self.read(source, self.number)?, 0))
        } else {
            None
        };
        Ok(())
    }

    fn place_before(&mut self, source: Source<'_>, block: Block, entry: u32) -> io::Result<()> {
        self.next = if entry > 0 {
            Some((block, entry - 1))
        } else if self.number > 0 {
            self.number -= 1;
            let block = self.read(source, self.number)?;
            let last = block.entries - 1;
            Some((block, last))
        } else {
            None
        };
        Ok(())
    }

    fn key(&self) -> Option<&[u8]> {
        self.next.as_ref().map(|(block, entry)| block.key(*entry))
    }

    fn advance(&mut self, source: Source<'_>, descending: bool) -> io::Result<()> {
        match self.next.take() {
            Some((block, entry)) if descending => self.place_before(source, block, entry),
            Some((block, entry)) => self.place_at(source, block, entry + 1),
            None => Ok(()),
        }
    }
}

/// Several runs as one: the newest value of each key, in order.
#[derive(Debug)]
pub(super) struct Merged {
    /// Newest first.
    cursors: Vec<Cursor>,
    descending: bool,
    key: Vec<u8>,
}

impl Merged {
    /// From a bound on. Runs are from old to new.
    pub(super) fn new(
        runs: &[Arc<Run>],
        source: Source<'_>,
        from: Bound<&[u8]>,
        descending: bool,
    ) -> io::Result<Merged> {
        let newest_first = runs.iter().rev();
        let cursors = newest_first.map(|run| Cursor::seek(run.clone(), source, from, descending));
        Ok(Merged { cursors: cursors.collect::<io::Result<_>>()?, descending, key: Vec::new() })
    }

    /// What `read` makes of the next key and its newest value, which may be that it was removed; none at the end.
    pub(super) fn next<T>(
        &mut self,
        source: Source<'_>,
        read: impl FnOnce(&[u8], Value<'_>) -> T,
    ) -> io::Result<Option<T>> {
        let mut best: Option<(&Cursor, &[u8])> = None;
        for cursor in &self.cursors {
            let Some(key) = cursor.key() else { continue };
            if best.is_none_or(|(_, least)| if self.descending { key > least } else { key < least }) {
                best = Some((cursor, key));
            }
        }
        let Some((cursor, key)) = best else { return Ok(None) };
        self.key.clear();
        self.key.extend_from_slice(key);
        let value = cursor.next.as_ref().and_then(|(block, entry)| block.value(*entry));
        let made = read(key, value);
        for cursor in &mut self.cursors {
            if cursor.key() == Some(&self.key) {
                cursor.advance(source, self.descending)?;
            }
        }
        Ok(Some(made))
    }
}
