//! What a file holds, and what of it a power loss may take.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Random;

/// Bytes of a page, the unit of space on the disk.
pub(super) const PAGE: u64 = 4096;

/// Bytes that a disk writes whole or not at all.
const SECTOR: u64 = 512;

/// Bytes of a file; those never written are zero and take no space unless it is reserved.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) len: u64,
    pages: BTreeMap<u64, Arc<[u8; PAGE as usize]>>,
    /// Pages from the beginning whose space is reserved.
    reserved: u64,
}

impl Content {
    /// Fills a buffer, if the file is long enough.
    pub(super) fn read(&self, buffer: &mut [u8], at: u64) -> bool {
        if at.checked_add(buffer.len() as u64).is_none_or(|end| end > self.len) {
            return false;
        }
        for (page, within, piece) in pieces(at, buffer.len()) {
            let target = &mut buffer[piece];
            match self.pages.get(&page) {
                Some(bytes) => target.copy_from_slice(&bytes[within..within + target.len()]),
                None => target.fill(0),
            }
        }
        true
    }

    fn write(&mut self, bytes: &[u8], at: u64) {
        for (page, within, piece) in pieces(at, bytes.len()) {
            let source = &bytes[piece];
            let page = self.pages.entry(page).or_insert_with(|| Arc::new([0; PAGE as usize]));
            Arc::make_mut(page)[within..within + source.len()].copy_from_slice(source);
        }
        self.len = self.len.max(at + bytes.len() as u64);
    }

    fn set_len(&mut self, len: u64) {
        if len < self.len {
            self.pages.split_off(&len.div_ceil(PAGE));
            if let Some(last) = self.pages.get_mut(&(len / PAGE)) {
                Arc::make_mut(last)[(len % PAGE) as usize..].fill(0);
            }
            self.reserved = self.reserved.min(len.div_ceil(PAGE));
        }
        self.len = len;
    }

    pub(super) fn apply(&mut self, change: &Change) {
        match change {
            Change::Write { at, bytes } => self.write(bytes, *at),
            Change::Length(len) => self.set_len(*len),
            Change::Space(len) => {
                self.len = self.len.max(*len);
                self.reserved = self.reserved.max(len.div_ceil(PAGE));
            }
        }
    }

    /// Bytes of the disk that the file takes.
    pub(super) fn used(&self) -> u64 {
        (self.reserved + self.pages.range(self.reserved..).count() as u64) * PAGE
    }

    /// Bytes of the disk that a change would take beyond [`Content::used`].
    pub(super) fn growth(&self, change: &Change) -> u64 {
        let new = |pages: std::ops::Range<u64>| {
            let pages = pages.start.max(self.reserved)..pages.end.max(self.reserved);
            let there = self.pages.range(pages.clone()).count() as u64;
            (pages.end - pages.start - there) * PAGE
        };
        match change {
            Change::Write { at, bytes } => new(at / PAGE..(at + bytes.len() as u64).div_ceil(PAGE)),
            Change::Length(_) => 0,
            Change::Space(len) => new(0..len.div_ceil(PAGE)),
        }
    }
}

/// Page, place in the page, and range of the `count` bytes, for each page they touch.
fn pieces(at: u64, count: usize) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        (done < count).then(|| {
            let place = at + done as u64;
            let within = (place % PAGE) as usize;
            let piece = done..count.min(done + PAGE as usize - within);
            done = piece.end;
            (place / PAGE, within, piece)
        })
    })
}

/// What was done to a file.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Write { at: u64, bytes: Arc<[u8]> },
    Length(u64),
    Space(u64),
}

impl Change {
    /// As much of a write as reached the disk before it failed: any number of sectors from its beginning.
    pub(super) fn begun(self, random: Random<'_>) -> Option<Change> {
        let Change::Write { at, bytes } = self else { return None };
        let sectors = bytes.len() as u64 / SECTOR;
        let kept = usize::try_from(random() % (sectors + 1) * SECTOR).expect("less than the bytes there are");
        (kept > 0).then(|| Change::Write { at, bytes: bytes[..kept].into() })
    }
}

/// How safe a change is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// Lost or kept by a power loss, until the next sync.
    Unsynced,
    /// A sync of it failed: lost or kept by a power loss, whatever is synced later.
    Doubtful,
    /// Synced, after doubtful changes.
    Safe,
}

/// A file.
#[derive(Clone, Debug, Default)]
pub(super) struct Inode {
    /// As programs see it.
    pub(super) now: Content,
    /// As it is for certain after a power loss, but for `changes`.
    safe: Content,
    changes: Vec<(Change, Fate)>,
    /// How many have it open.
    pub(super) handles: usize,
}

impl Inode {
    /// A file whose content is safe.
    fn settled(content: Content) -> Inode {
        Inode { safe: content.clone(), now: content, ..Inode::default() }
    }

    /// Makes everything safe, as no sync could.
    pub(super) fn settle(&mut self) {
        *self = Inode { handles: self.handles, ..Inode::settled(self.now.clone()) };
    }

    pub(super) fn change(&mut self, change: Change) {
        self.now.apply(&change);
        self.changes.push((change, Fate::Unsynced));
    }

    pub(super) fn sync(&mut self) {
        if self.changes.iter().any(|(_, fate)| *fate == Fate::Doubtful) {
            self.mark(Fate::Safe);
        } else {
            for (change, _) in self.changes.drain(..) {
                self.safe.apply(&change);
            }
        }
    }

    pub(super) fn sync_failed(&mut self) {
        self.mark(Fate::Doubtful);
    }

    fn mark(&mut self, new: Fate) {
        self.changes.iter_mut().filter(|(_, fate)| *fate == Fate::Unsynced).for_each(|(_, fate)| *fate = new);
    }

    /// The file after a power loss.
    pub(super) fn crash(&self, random: Random<'_>) -> Inode {
        let mut content = self.safe.clone();
        // All or nothing happens too seldom when each change has its own luck.
        let mood = random() % 4;
        for (change, fate) in &self.changes {
            let luck = match (fate, mood) {
                (Fate::Safe, _) => 0,
                (_, mood @ 0..=1) => mood,
                _ => random() % 3,
            };
            match (luck, change) {
                (0, _) => content.apply(change),
                (1, _) => {}
                (_, Change::Write { at, bytes }) => tear(&mut content, *at, bytes, random),
                // A length is one number: it is there or not.
                (_, _) => content.apply(change),
            }
        }
        Inode::settled(content)
    }
}

/// Writes any of the sectors.
fn tear(content: &mut Content, at: u64, bytes: &[u8], random: Random<'_>) {
    let mut start = 0;
    while start < bytes.len() {
        let in_sector = (SECTOR - (at + start as u64) % SECTOR) as usize;
        let end = bytes.len().min(start + in_sector);
        if random().is_multiple_of(2) {
            content.write(&bytes[start..end], at + start as u64);
        }
        start = end;
    }
}
