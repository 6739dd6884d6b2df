//! The file under the index: blocks with checksums, below redb, which checks no page when it reads one.
//!
//! ```text
//! file     0            8192         16384
//!          +------------+------------+---------+---------+---------+--
//!          | slot 0     | slot 1     | group 0 | group 1 | group 2 | ...
//!          +------------+------------+---------+---------+---------+--
//!
//! slot     0            4096         4104      4112      4120                8188   8192
//!          +------------+------------+---------+---------+-------------------+------+
//!          | block 0    | "STINDEX1" | version | length  | zeros             | crc  |
//!          +------------+------------+---------+---------+-------------------+------+
//!          crc: crc32 of the 8188 bytes before it; length: of the logical file, bytes
//!
//! group g  0            4096         8192                1024 x 4096         1025 x 4096
//!          +------------+------------+---------+---------+-------------------+
//!          | checksums  | block      | block   | ...     | block             |
//!          |            | 1024g + 1  | + 2     |         | 1024g + 1024      |
//!          +------------+------------+---------+---------+-------------------+
//!
//! checksums: 1024 x u32, one per block of the group: crc32 of (block number as u64, the block's 4096 bytes), 1 where that is 0;
//!            0: the block was never written
//! ```
//! Numbers are little endian, checksums are those of zlib (CRC-32/ISO-HDLC). Logical block 0 is in the slots; block b >= 1 lies in group
//! (b - 1) / 1024. All checksums are in memory while the file is open: a thousandth of its size.
//!
//! # What redb 4.4 overwrites in place
//!
//! Read in its source (`page_store/page_manager.rs`, `cached_file.rs`, `header.rs`), and the reason for the exact pin:
//! * its header, 320 bytes at offset 0, with both commit slots, the recovery flag and the layout: at every open, commit and close;
//! * nothing else that the last durable commit refers to. Pages are copied on write, and a page freed by a commit is allocated again only
//!   after that commit is durable. Regions have no headers in this format (`NO_HEADER`); the allocator's state lies in a table. A page may be
//!   written more than once before its commit (the write buffer overflows), but then nothing durable refers to it;
//! * it reads only pages it has written: allocating a page does not read it. So a block without a checksum is an error, not zeros;
//! * it grows the file before it writes there, and shrinks it after the commit whose layout is shorter.
//!
//! # Why a power loss does no harm
//!
//! [`Pages::sync_data`] publishes a header: (1) checksums that changed are written, and everything is synced; (2) slot A gets the header, the
//! length and the next version, and is synced; (3) slot B gets the same, and is synced. Between two calls both slots are equal.
//! * In (1), or before: both slots hold the old header. Blocks and checksums written since are those of pages it does not refer to. Checksum
//!   blocks are overwritten in place, and may be torn: an entry never crosses a sector; an entry that did not change is equal in both versions
//!   of its sector; one that did change belongs to a block that the old header does not refer to.
//! * In (2): A is the old one, torn, or the new one. Torn, its crc is wrong, and B is the old one. The new header stands only on synced blocks.
//! * In (3): A is the new one, and B torn or old. The newest valid slot counts.
//!
//! The header is never ahead of its pages, so that even a commit of redb in one phase leaves no checksum to fail after a power loss.
//!
//! # Why a flipped bit does no harm
//!
//! In a block, or in its checksum: they do not match. In one slot: the other one is equal. An old header must not be taken for the newest,
//! since blocks it refers to may have been used again: that is why both slots are made equal before the call returns, and, after a crash in
//! (2) or (3), before the first write.

mod layout;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::{Mutex, RwLock};
use redb::StorageBackend;
use smallvec::SmallVec;

use self::layout::{
    BLOCK, FRONT, GROUP, SLOT, Slot, block_at, block_checksum, checksums_at, groups, physical_len,
};
use crate::store::vfs::VfsFile;

/// Bytes that are written before they are made safe on the way.
const TRICKLE_BYTES: usize = 2 << 20;

/// What is known of the file in memory.
#[derive(Debug)]
struct State {
    /// Logical length in bytes.
    len: u64,
    /// Logical block 0 as last written.
    header: Box<[u8]>,
    groups: Vec<Group>,
    /// Whether `header` or `len` are not what the slots hold.
    header_changed: bool,
    /// Whether anything below the slots was written since the last sync.
    written: bool,
}

/// The checksums of a group of blocks.
#[derive(Debug)]
struct Group {
    checksums: Box<[u32]>,
    /// Whether they are not what the file holds.
    changed: bool,
}

impl Group {
    /// Of blocks never written. The file may hold the checksums of a longer past, so they count as changed.
    fn new() -> Group {
        Group { checksums: vec![0; GROUP].into(), changed: true }
    }
}

impl State {
    fn checksum(&self, block: u64) -> u32 {
        let (group, index) = place(block);
        self.groups[group].checksums[index]
    }

    fn slot(&self, version: u64) -> Slot {
        Slot { version, len: self.len, header: self.header.clone() }
    }

    fn set_checksum(&mut self, block: u64, checksum: u32) {
        let (group, index) = place(block);
        self.groups[group].checksums[index] = checksum;
        self.groups[group].changed = true;
        self.written = true;
    }

    /// Takes on a length of whole blocks: those beyond it are forgotten, new ones were never written.
    fn resize(&mut self, len: u64) {
        self.groups.resize_with(groups(len), Group::new);
        // The first block that is gone, if others of its group stay.
        let (group, index) = place((len / BLOCK as u64).max(1));
        if len < self.len && index > 0 {
            self.groups[group].checksums[index..].fill(0);
            self.groups[group].changed = true;
        }
        if len == 0 {
            self.header.fill(0);
        }
        self.len = len;
        self.header_changed = true;
        self.written = true;
    }
}

/// Group and index in the group of a block >= 1.
fn place(block: u64) -> (usize, usize) {
    let index = usize::try_from(block - 1).expect("blocks of a file whose checksums are in memory");
    (index / GROUP, index % GROUP)
}

/// What the slots hold.
#[derive(Debug)]
struct Published {
    version: u64,
    /// The slot that may be overwritten first, if the other one alone is good.
    spare: usize,
    /// Whether both slots are good and equal.
    twins: bool,
}

/// A file of checksummed blocks that redb takes for its own.
///
/// Errors of redb's calls: `InvalidData` for what does not match its checksum, was never written or is cut off; `InvalidInput` for places
/// outside the file; else those of the file. After a failed sync nothing can be written any more: what the disk then holds is not known.
#[derive(Debug)]
pub(crate) struct Pages {
    file: Arc<dyn VfsFile>,
    state: RwLock<State>,
    published: Mutex<Published>,
    /// Whether [`Published::twins`] is false, to be seen without its lock.
    lone: AtomicBool,
    failed: AtomicBool,
    /// Bytes written since blocks were last made safe.
    unsynced: AtomicUsize,
}

impl Pages {
    /// Makes an empty file of what was an empty file. It is a file of pages from the first sync on; what is left by a crash before is not.
    pub(crate) fn create(file: Arc<dyn VfsFile>) -> io::Result<Pages> {
        file.set_len(FRONT)?;
        let state = State {
            len: 0,
            header: vec![0; BLOCK].into(),
            groups: Vec::new(),
            header_changed: true,
            written: true,
        };
        Ok(Pages::new(file, state, Published { version: 0, spare: 0, twins: true }))
    }

    /// Opens a file of pages and reads its checksums. Writes nothing.
    ///
    /// # Errors
    /// `InvalidData`: neither slot is good, or the file is cut short.
    pub(crate) fn open(file: Arc<dyn VfsFile>) -> io::Result<Pages> {
        let physical = file.len()?;
        if physical < FRONT {
            return Err(invalid(format!("the index is cut short: {physical} bytes of at least {FRONT}")));
        }
        let (slot, published) = newest(&read_slot(&*file, 0)?, &read_slot(&*file, 1)?)?;
        // The logical length is always less than the physical one, which keeps the sums below in range.
        let needed = if slot.len < physical { physical_len(slot.len) } else { slot.len };
        if physical < needed {
            return Err(invalid(format!("the index is cut short: {physical} bytes of {needed}")));
        }
        let mut state = State {
            len: slot.len,
            header: slot.header,
            groups: Vec::with_capacity(groups(slot.len)),
            header_changed: false,
            written: false,
        };
        let mut block = vec![0; BLOCK];
        for group in 0..groups(slot.len) {
            file.read_at(&mut block, checksums_at(group))?;
            let checksums = block.as_chunks().0.iter().map(|entry| u32::from_le_bytes(*entry)).collect();
            state.groups.push(Group { checksums, changed: false });
        }
        Ok(Pages::new(file, state, published))
    }

    fn new(file: Arc<dyn VfsFile>, state: State, published: Published) -> Pages {
        Pages {
            file,
            state: RwLock::new(state),
            lone: AtomicBool::new(!published.twins),
            published: Mutex::new(published),
            failed: AtomicBool::new(false),
            unsynced: AtomicUsize::new(0),
        }
    }

    /// Refuses what would write after a failed sync, and what would write before both slots are good.
    fn ready_to_write(&self) -> io::Result<()> {
        if self.failed.load(Ordering::Acquire) {
            return Err(io::Error::other("an earlier sync of the index failed"));
        }
        if self.lone.load(Ordering::Acquire) {
            let mut published = self.published.lock();
            if !published.twins {
                // Nothing was written since the file was opened, so this is what the good slot holds.
                let slot = self.state.read().slot(published.version);
                let outcome = self.write_slot(published.spare, &slot.encode());
                self.latch(outcome)?;
                published.twins = true;
                self.lone.store(false, Ordering::Release);
            }
        }
        Ok(())
    }

    fn latch<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        if outcome.is_err() {
            self.failed.store(true, Ordering::Release);
        }
        outcome
    }

    /// The bounds of an access to the logical file, checked.
    fn check_range(&self, state: &State, offset: u64, count: usize) -> io::Result<()> {
        match offset.checked_add(count as u64) {
            Some(end) if end <= state.len => Ok(()),
            _ => Err(io::Error::new(
                ErrorKind::InvalidInput,
                format!("{count} bytes at {offset} are outside the index of {} bytes", state.len),
            )),
        }
    }

    /// Reads whole blocks of one group and checks them.
    fn read_blocks(&self, block: u64, checksums: &[u32], out: &mut [u8]) -> io::Result<()> {
        if let Some(unwritten) = checksums.iter().position(|checksum| *checksum == 0) {
            let block = block + unwritten as u64;
            return Err(invalid(format!("block {block} of the index was never written")));
        }
        self.file.read_at(out, block_at(block)).map_err(|e| match e.kind() {
            ErrorKind::UnexpectedEof => invalid(format!("block {block} of the index is cut off: {e}")),
            _ => e,
        })?;
        for ((block, checksum), content) in (block..).zip(checksums).zip(out.chunks_exact(BLOCK)) {
            if block_checksum(block, content) != *checksum {
                return Err(invalid(format!("block {block} of the index does not match its checksum")));
            }
        }
        Ok(())
    }

    /// Writes whole blocks of one group.
    fn write_blocks(&self, block: u64, content: &[u8]) -> io::Result<()> {
        let outcome = self.file.write_at(content, block_at(block));
        let mut state = self.state.write();
        for (block, content) in (block..).zip(content.chunks_exact(BLOCK)) {
            // After a failed write nobody knows what the block holds.
            let checksum = if outcome.is_ok() { block_checksum(block, content) } else { 0 };
            state.set_checksum(block, checksum);
        }
        outcome
    }

    /// A block that is written in part: what it holds, or zeros if it was never written.
    fn block_to_change(&self, block: u64) -> io::Result<Box<[u8]>> {
        let mut content = vec![0; BLOCK].into_boxed_slice();
        let checksum = self.state.read().checksum(block);
        if checksum != 0 {
            self.read_blocks(block, &[checksum], &mut content)?;
        }
        Ok(content)
    }

    /// Makes written blocks safe bit by bit: one large sync at the end would keep the disk busy while commits wait for theirs.
    fn trickle(&self, bytes: usize) -> io::Result<()> {
        let gathered = self.unsynced.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if gathered < TRICKLE_BYTES {
            return Ok(());
        }
        self.unsynced.store(0, Ordering::Relaxed);
        self.latch(self.file.sync())
    }

    /// Makes blocks and checksums safe, without the header.
    fn sync_blocks(&self) -> io::Result<()> {
        let mut changed = BTreeMap::new();
        {
            let mut state = self.state.write();
            if !state.written {
                return Ok(());
            }
            state.written = false;
            for (number, group) in state.groups.iter_mut().enumerate().filter(|(_, group)| group.changed) {
                group.changed = false;
                let bytes: Vec<u8> =
                    group.checksums.iter().flat_map(|checksum| checksum.to_le_bytes()).collect();
                changed.insert(number, bytes);
            }
        }
        for (group, bytes) in &changed {
            self.file.write_at(bytes, checksums_at(*group))?;
        }
        self.file.sync()
    }

    /// Publishes the header, if it changed, in both slots.
    fn publish(&self, published: &mut Published) -> io::Result<()> {
        let slot = {
            let mut state = self.state.write();
            if !state.header_changed {
                return Ok(());
            }
            state.header_changed = false;
            state.slot(published.version + 1)
        };
        let bytes = slot.encode();
        self.write_slot(published.spare, &bytes)?;
        self.write_slot(published.spare ^ 1, &bytes)?;
        published.version = slot.version;
        published.twins = true;
        self.lone.store(false, Ordering::Release);
        Ok(())
    }

    fn write_slot(&self, slot: usize, bytes: &[u8]) -> io::Result<()> {
        self.file.write_at(bytes, slot as u64 * SLOT as u64)?;
        self.file.sync()
    }

    /// Cuts off what no published header needs, if the file was made shorter: not earlier, so that a file that is too short is a broken one.
    fn cut(&self) -> io::Result<()> {
        // Under the lock, so that the file is not made longer meanwhile.
        let state = self.state.write();
        let needed = physical_len(state.len);
        if !state.header_changed && self.file.len()? > needed {
            self.file.set_len(needed)?;
        }
        Ok(())
    }

    fn sync_all(&self) -> io::Result<()> {
        let mut published = self.published.lock();
        self.sync_blocks()?;
        self.publish(&mut published)?;
        self.cut()
    }
}

impl StorageBackend for Pages {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state.read().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.check_range(&self.state.read(), offset, out.len())?;
        let (mut at, mut rest) = (offset, out);
        while !rest.is_empty() {
            let (block, within) = (at / BLOCK as u64, (at % BLOCK as u64) as usize);
            let count = span(block, within, rest.len());
            let (piece, tail) = rest.split_at_mut(count);
            if block == 0 {
                piece.copy_from_slice(&self.state.read().header[within..within + count]);
            } else if count.is_multiple_of(BLOCK) {
                let checksums: SmallVec<[u32; 4]> = {
                    let state = self.state.read();
                    (block..).take(count / BLOCK).map(|block| state.checksum(block)).collect()
                };
                self.read_blocks(block, &checksums, piece)?;
            } else {
                let checksum = self.state.read().checksum(block);
                let mut content = vec![0; BLOCK];
                self.read_blocks(block, &[checksum], &mut content)?;
                piece.copy_from_slice(&content[within..within + count]);
            }
            (at, rest) = (at + count as u64, tail);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.ready_to_write()?;
        self.check_range(&self.state.read(), offset, data.len())?;
        let (mut at, mut rest) = (offset, data);
        while !rest.is_empty() {
            let (block, within) = (at / BLOCK as u64, (at % BLOCK as u64) as usize);
            let count = span(block, within, rest.len());
            let (piece, tail) = rest.split_at(count);
            if block == 0 {
                let mut state = self.state.write();
                state.header[within..within + count].copy_from_slice(piece);
                state.header_changed = true;
            } else if count.is_multiple_of(BLOCK) {
                self.write_blocks(block, piece)?;
            } else {
                let mut content = self.block_to_change(block)?;
                content[within..within + count].copy_from_slice(piece);
                self.write_blocks(block, &content)?;
            }
            (at, rest) = (at + count as u64, tail);
        }
        self.trickle(data.len())
    }

    /// Lengths are whole blocks, as redb's are. New space is not reserved: files are sparse where the system can, and a full disk is met by a
    /// write.
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.ready_to_write()?;
        if !len.is_multiple_of(BLOCK as u64) {
            return Err(io::Error::new(ErrorKind::InvalidInput, format!("{len} bytes are not whole blocks")));
        }
        let mut state = self.state.write();
        let needed = physical_len(len);
        if self.file.len()? < needed {
            self.file.set_len(needed)?;
        }
        state.resize(len);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.ready_to_write()?;
        let outcome = self.sync_all();
        self.latch(outcome)
    }
}

/// How much of `count` bytes, from a place in a block on, is dealt with at once: whole blocks of one group, or a piece of one block.
fn span(block: u64, within: usize, count: usize) -> usize {
    if block == 0 || within != 0 || count < BLOCK {
        return count.min(BLOCK - within);
    }
    let in_group = GROUP - place(block).1;
    (count / BLOCK).min(in_group) * BLOCK
}

fn read_slot(file: &dyn VfsFile, slot: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; SLOT];
    file.read_at(&mut bytes, slot as u64 * SLOT as u64)?;
    Ok(bytes)
}

/// The newest good slot.
fn newest(first: &[u8], second: &[u8]) -> io::Result<(Slot, Published)> {
    let published = |version, spare, twins| Published { version, spare, twins };
    match (Slot::decode(first), Slot::decode(second)) {
        (Some(a), Some(b)) if a.version < b.version => {
            let version = b.version;
            Ok((b, published(version, 0, false)))
        }
        (Some(a), b) => {
            let version = a.version;
            let twins = b.is_some_and(|b| b.version == version);
            Ok((a, published(version, 1, twins)))
        }
        (None, Some(b)) => {
            let version = b.version;
            Ok((b, published(version, 0, false)))
        }
        (None, None) => Err(invalid(
            "neither header of the index matches its checksum: it is no index, or a broken one".into(),
        )),
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, message)
}
