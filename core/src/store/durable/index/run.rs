//! Runs: files of entries in the order of their keys, written once, from front to back, and never changed.
//!
//! ```text
//! run    = block … | filter | fences | footer                 names: index/0000000012.run
//! filter = bits of the Bloom filter | crc32 u32               no byte where the run has none
//! fences = fence … | crc32 u32                                one for each block, in memory while the run is open
//! fence  = at u64 | length u32 | key length u16 | first key
//! footer = "STINDRUN" | run u64 | filter at u64 | fences at u64 | entries u64 | reserved u64 | reserved u64 | crc32 u32, 60 bytes
//! ```

use std::io;
use std::sync::Arc;

use super::block::{Block, BlockWriter, Value, head, seal, unseal};
use super::filter::{Filter, hash};
use crate::store::durable::frame::Reader;
use crate::store::vfs::{Opened, Vfs, VfsFile};

pub(in crate::store::durable) const INDEX_FOLDER: &str = "index";
/// There when a read has met a damaged block: whoever opens the index next makes it anew, and this goes with the old one.
pub(super) const DAMAGED_FILE: &str = "damaged";
/// A block is closed when it has this many bytes.
const BLOCK_BYTES: usize = 4096;
/// Bytes gathered before they are written.
const GATHERED_BYTES: usize = 256 * 1024;
/// Bytes written before they are made safe on the way, so that no sync at the end has much to do.
const TRICKLE_BYTES: u64 = 4 << 20;
const FOOTER_BYTES: usize = 60;
const FOOTER_MAGIC: &[u8; 8] = b"STINDRUN";

pub(super) fn file_name(run: u64) -> String {
    format!("{INDEX_FOLDER}/{run:010}.run")
}

/// The run of a name in the folder of the index.
pub(super) fn run_of(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".run")?.parse().ok()?;
    (file_name(number).strip_prefix(INDEX_FOLDER)?.strip_prefix('/')? == name).then_some(number)
}

fn damaged(run: u64, what: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", file_name(run)))
}

/// Where a block lies, and its first key.
#[derive(Debug)]
struct Fence {
    at: u64,
    len: u32,
    first: Box<[u8]>,
}

fn heads_of(fences: &[Fence]) -> Vec<u128> {
    fences.iter().map(|fence| head(&fence.first)).collect()
}

/// An open run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) id: u64,
    pub(super) entries: u64,
    /// Bytes of the file.
    pub(super) len: u64,
    pub(super) file: Arc<dyn VfsFile>,
    vfs: Arc<dyn Vfs>,
    filter: Option<Filter>,
    fences: Vec<Fence>,
    /// Of the first key of each block, side by side: most of a search needs no more.
    heads: Vec<u128>,
}

impl Run {
    /// Opens a run of which length and number of entries are known.
    ///
    /// # Errors
    /// `InvalidData` where the file is not what was written; those of the disk.
    pub(super) fn open(vfs: &Arc<dyn Vfs>, id: u64, len: u64, entries: u64) -> io::Result<Run> {
        let file = vfs.open(&file_name(id), Opened::Existing)?;
        if file.len()? != len {
            return Err(damaged(id, format!("it is {} bytes long, {len} were written", file.len()?)));
        }
        let footer_at = len.checked_sub(FOOTER_BYTES as u64).ok_or_else(|| damaged(id, "it is too short"))?;
        let mut footer = [0; FOOTER_BYTES];
        file.read_at(&mut footer, footer_at)?;
        let (filter_at, fences_at) = read_footer(&footer, id, footer_at, entries)
            .ok_or_else(|| damaged(id, "its last bytes do not match their checksum"))?;
        let read = |from: u64, to: u64| -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; usize::try_from(to - from).map_err(|_| damaged(id, "it is too long"))?];
            file.read_at(&mut bytes, from)?;
            Ok(bytes)
        };
        let filter = match read(filter_at, fences_at)? {
            bytes if bytes.is_empty() => None,
            bytes => {
                let filter = unseal(&bytes, id, filter_at).and_then(Filter::from_bytes);
                Some(filter.ok_or_else(|| damaged(id, "its filter does not match its checksum"))?)
            }
        };
        let fences = read(fences_at, footer_at)?;
        let fences = unseal(&fences, id, fences_at).and_then(|bytes| read_fences(bytes, filter_at));
        let fences = fences.ok_or_else(|| damaged(id, "its fences do not match their checksum"))?;
        let heads = heads_of(&fences);
        Ok(Run { id, entries, len, file, vfs: vfs.clone(), filter, fences, heads })
    }

    /// Number of blocks.
    pub(super) fn blocks(&self) -> usize {
        self.fences.len()
    }

    /// Reads a block.
    pub(super) fn read_block(&self, block: usize) -> io::Result<Block> {
        let fence = &self.fences[block];
        let mut bytes = vec![0; fence.len as usize];
        self.file.read_at(&mut bytes, fence.at)?;
        Block::read(bytes, self.id, fence.at).ok_or_else(|| {
            self.note_damage();
            damaged(self.id, format!("the block at {} does not match its checksum", fence.at))
        })
    }

    /// Has the index made anew when it is opened next.
    fn note_damage(&self) {
        let noted = self.vfs.open(&format!("{INDEX_FOLDER}/{DAMAGED_FILE}"), Opened::New);
        // It may be noted already. Where it cannot be, the next read finds the damage again, and its caller is told now.
        drop(noted.and_then(|_| self.vfs.sync_folder(INDEX_FOLDER)));
    }

    /// False when the run does not have the key.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.may_have(hash))
    }

    /// The block that has a key, if any has; the first block for keys before all others.
    pub(super) fn block_of(&self, key: &[u8]) -> usize {
        let own = head(key);
        let low = self.heads.partition_point(|head| *head < own);
        let high = low + self.heads[low..].partition_point(|head| *head == own);
        let same = self.fences[low..high].partition_point(|fence| *fence.first <= *key);
        (low + same).saturating_sub(1)
    }

    /// Whether a block begins with this key.
    pub(super) fn begins_with(&self, block: usize, key: &[u8]) -> bool {
        *self.fences[block].first == *key
    }
}

fn read_footer(bytes: &[u8; FOOTER_BYTES], id: u64, footer_at: u64, entries: u64) -> Option<(u64, u64)> {
    let mut reader = Reader(unseal(bytes, id, footer_at)?);
    let is_ours = reader.take(8)? == FOOTER_MAGIC && reader.u64()? == id;
    let (filter_at, fences_at) = (reader.u64()?, reader.u64()?);
    let is_known = reader.u64()? == entries;
    (is_ours && is_known && filter_at <= fences_at && fences_at <= footer_at)
        .then_some((filter_at, fences_at))
}

fn read_fences(bytes: &[u8], end: u64) -> Option<Vec<Fence>> {
    let (mut reader, mut fences, mut next) = (Reader(bytes), Vec::new(), 0);
    while !reader.0.is_empty() {
        let (at, len, key_len) = (reader.u64()?, reader.u32()?, reader.u16()?);
        let is_next = at == next && at + u64::from(len) <= end;
        next = is_next.then_some(at + u64::from(len))?;
        fences.push(Fence { at, len, first: reader.take(key_len.into())?.into() });
    }
    (next == end && !fences.is_empty()).then_some(fences)
}

/// A run being written.
#[derive(Debug)]
pub(super) struct RunWriter {
    id: u64,
    file: Arc<dyn VfsFile>,
    vfs: Arc<dyn Vfs>,
    gathered: Vec<u8>,
    /// Bytes that are in the file.
    written: u64,
    synced: u64,
    block: BlockWriter,
    first: Vec<u8>,
    fences: Vec<Fence>,
    filter: Option<Filter>,
    entries: u64,
    #[cfg(debug_assertions)]
    last: Vec<u8>,
}

impl RunWriter {
    /// Makes the file of a run. `filtered` is how many keys its filter has room for; none for a run without.
    pub(super) fn create(vfs: &Arc<dyn Vfs>, id: u64, filtered: Option<u64>) -> io::Result<RunWriter> {
        let file = vfs.open(&file_name(id), Opened::New)?;
        Ok(RunWriter {
            id,
            file,
            vfs: vfs.clone(),
            gathered: Vec::with_capacity(GATHERED_BYTES + BLOCK_BYTES),
            written: 0,
            synced: 0,
            block: BlockWriter::default(),
            first: Vec::new(),
            fences: Vec::new(),
            filter: filtered.map(Filter::new),
            entries: 0,
            #[cfg(debug_assertions)]
            last: Vec::new(),
        })
    }

    /// Adds an entry; keys rise.
    pub(super) fn add(&mut self, key: &[u8], value: Value<'_>) -> io::Result<()> {
        #[cfg(debug_assertions)]
        {
            assert!(self.entries == 0 || *self.last < *key, "the keys of a run rise");
            self.last = key.to_vec();
        }
        if self.block.len() == 0 {
            self.first.clear();
            self.first.extend_from_slice(key);
        }
        self.block.add(key, value);
        if let Some(filter) = &mut self.filter {
            filter.add(hash(key));
        }
        self.entries += 1;
        if self.block.len() >= BLOCK_BYTES { self.finish_block() } else { Ok(()) }
    }

    /// Entries so far.
    pub(super) fn entries(&self) -> u64 {
        self.entries
    }

    fn end(&self) -> u64 {
        self.written + self.gathered.len() as u64
    }

    fn finish_block(&mut self) -> io::Result<()> {
        let at = self.end();
        let Some(bytes) = self.block.finish(self.id, at) else { return Ok(()) };
        let len = u32::try_from(bytes.len()).expect("a block is far below 4 GiB");
        self.fences.push(Fence { at, len, first: self.first.as_slice().into() });
        self.write(&bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= GATHERED_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_at(&self.gathered, self.written)?;
        self.written += self.gathered.len() as u64;
        self.gathered.clear();
        if self.written - self.synced >= TRICKLE_BYTES {
            self.file.sync()?;
            self.synced = self.written;
        }
        Ok(())
    }

    /// Ends the run and makes its bytes safe; its name is not yet.
    pub(super) fn finish(mut self) -> io::Result<Run> {
        self.finish_block()?;
        let filter_at = self.end();
        if let Some(filter) = &self.filter {
            let mut bytes = filter.to_bytes();
            seal(&mut bytes, self.id, filter_at);
            self.write(&bytes)?;
        }
        let fences_at = self.end();
        let mut bytes = Vec::new();
        for Fence { at, len, first } in &self.fences {
            bytes.extend_from_slice(&at.to_le_bytes());
            bytes.extend_from_slice(&len.to_le_bytes());
            bytes.extend_from_slice(&(first.len() as u16).to_le_bytes());
            bytes.extend_from_slice(first);
        }
        seal(&mut bytes, self.id, fences_at);
        self.write(&bytes)?;
        let mut footer = Vec::with_capacity(FOOTER_BYTES);
        footer.extend_from_slice(FOOTER_MAGIC);
        for number in [self.id, filter_at, fences_at, self.entries, 0, 0] {
            footer.extend_from_slice(&number.to_le_bytes());
        }
        seal(&mut footer, self.id, self.end());
        self.write(&footer)?;
        self.flush()?;
        self.file.sync()?;
        let RunWriter { id, file, vfs, written: len, fences, filter, entries, .. } = self;
        let heads = heads_of(&fences);
        Ok(Run { id, entries, len, file, vfs, filter, fences, heads })
    }
}
