//! The records of one log: immutable segments that several logs may share, and a tail that takes the new ones.
//!
//! ```text
//! blocks ──► block ──► segment ──► record          tail: up to 256 records
//!            64 segments  256 records
//! ```
//! Three levels, so that whatever is shared, one append copies at most a block's pointers and the list of blocks.

use std::collections::VecDeque;
use std::ops::Bound;
use std::sync::Arc;

use crate::clock::Millis;
use crate::store::{HighWater, LogRecord, Sequence};

/// Records in one segment. Growing a log never moves more than this.
pub(super) const SEGMENT: usize = 256;
/// Segments in one block.
const BLOCK: usize = 64;

/// Records in order of their sequence numbers, never empty.
type Segment = Vec<LogRecord>;
/// Segments in order, never empty.
type Block = Vec<Arc<Segment>>;

/// What a trim took out of a log: dropped where no lock is held, since images may go with it.
#[derive(Debug)]
#[expect(dead_code, reason = "kept for the moment at which it is dropped")]
pub(super) enum Removed {
    Block(Arc<Block>),
    Segment(Arc<Segment>),
    Records(Vec<LogRecord>),
}

/// Records in order.
#[derive(Debug, Default)]
pub(super) struct Records {
    blocks: Arc<VecDeque<Arc<Block>>>,
    tail: Segment,
    last: Option<Sequence>,
    /// When the last record was created.
    last_at: Millis,
    /// Records up to this one are gone, or there only because others have them, too.
    trimmed: Option<Sequence>,
}

/// A place between records: in a block, in a segment, before a record.
#[derive(Clone, Copy, Debug)]
struct Address(usize, usize, usize);

impl Records {
    pub(super) fn last(&self) -> Option<Sequence> {
        self.last
    }

    pub(super) fn trimmed(&self) -> Option<Sequence> {
        self.trimmed
    }

    pub(super) fn high_water(&self) -> HighWater {
        HighWater { at: self.last_at, commit: self.last.map_or(0, Sequence::commit) }
    }

    pub(super) fn push(&mut self, record: LogRecord) {
        debug_assert!(self.last < Some(record.sequence), "sequence numbers rise");
        (self.last, self.last_at) = (Some(record.sequence), record.at);
        if self.tail.len() == SEGMENT {
            self.seal();
        }
        if self.tail.capacity() == 0 {
            self.tail.reserve_exact(SEGMENT);
        }
        self.tail.push(record);
    }

    /// Makes a segment of the tail.
    fn seal(&mut self) {
        let segment = std::mem::take(&mut self.tail);
        let blocks = Arc::make_mut(&mut self.blocks);
        match blocks.back_mut() {
            Some(block) if block.len() < BLOCK => Arc::make_mut(block).push(Arc::new(segment)),
            _ => blocks.push_back(Arc::new(vec![Arc::new(segment)])),
        }
    }

    /// Another log with the same records. Both go their own ways from here on.
    pub(super) fn share(&mut self) -> Records {
        if !self.tail.is_empty() {
            self.join_short_segments();
            self.tail.shrink_to_fit();
            self.seal();
        }
        Records { blocks: self.blocks.clone(), tail: Vec::new(), ..*self }
    }

    /// Takes the last segments into the tail for as long as they are no longer than it is: a log that is shared after each record has a
    /// few short segments, not one for each.
    fn join_short_segments(&mut self) {
        loop {
            let last = self.blocks.back().and_then(|block| block.last());
            let is_short = |last: &Arc<Segment>| {
                last.len() <= self.tail.len() && last.len() + self.tail.len() <= SEGMENT
            };
            if !last.is_some_and(is_short) {
                return;
            }
            let blocks = Arc::make_mut(&mut self.blocks);
            let block = Arc::make_mut(blocks.back_mut().expect("seen above"));
            let mut segment = Arc::unwrap_or_clone(block.pop().expect("blocks are never empty"));
            if block.is_empty() {
                blocks.pop_back();
            }
            segment.append(&mut self.tail);
            self.tail = segment;
        }
    }

    /// Removes some of the records up to one, as much as can be done at once; none when all are removed.
    pub(super) fn trim_some(&mut self, upto: Sequence) -> Option<Removed> {
        self.trimmed = self.trimmed.max(Some(upto));
        let is_old = |segment: &Segment| segment.last().is_some_and(|record| record.sequence <= upto);
        let old_records = |segment: &Segment| segment.partition_point(|record| record.sequence <= upto);
        let Some(front) = self.blocks.front() else {
            let old = old_records(&self.tail);
            return (old > 0).then(|| Removed::Records(self.tail.drain(..old).collect()));
        };
        if front.last().is_some_and(|segment| is_old(segment)) {
            return Arc::make_mut(&mut self.blocks).pop_front().map(Removed::Block);
        }
        if old_records(&front[0]) == 0 {
            return None;
        }
        let front = Arc::make_mut(Arc::make_mut(&mut self.blocks).front_mut().expect("seen above"));
        if is_old(&front[0]) {
            return Some(Removed::Segment(front.remove(0)));
        }
        // Where others have the segment, too, nothing would be freed; what is read leaves its old records out.
        let segment = Arc::get_mut(&mut front[0])?;
        let old = old_records(segment);
        Some(Removed::Records(segment.drain(..old).collect()))
    }

    /// The records from a place on.
    pub(super) fn from(&self, from: Bound<Sequence>) -> impl Iterator<Item = &LogRecord> {
        let is_before = |record: &LogRecord| {
            Some(record.sequence) <= self.trimmed
                || match from {
                    Bound::Included(at) => record.sequence < at,
                    Bound::Excluded(after) => record.sequence <= after,
                    Bound::Unbounded => false,
                }
        };
        let Address(block, segment, record) = self.end_of(is_before);
        let rest = self.blocks.iter().skip(block).flat_map(|block| block.iter());
        let rest = rest.skip(segment).map(|segment| segment.as_slice());
        rest.chain(std::iter::once(self.tail.as_slice())).flatten().skip(record)
    }

    /// The newest record for which `holds`, which must hold for a front part only.
    pub(super) fn newest(&self, holds: impl Fn(&LogRecord) -> bool) -> Option<&LogRecord> {
        let Address(block, segment, record) = self.end_of(holds);
        if let Some(before) = record.checked_sub(1) {
            return match self.blocks.get(block) {
                Some(block) => block[segment].get(before),
                None => self.tail.get(before),
            };
        }
        match segment.checked_sub(1) {
            Some(before) => self.blocks[block][before].last(),
            None => self.blocks.get(block.checked_sub(1)?)?.last()?.last(),
        }
    }

    /// The first place where `holds` no longer does; it must hold for a front part only.
    fn end_of(&self, holds: impl Fn(&LogRecord) -> bool) -> Address {
        let whole = |segment: &Segment| segment.last().is_some_and(&holds);
        let at = self.blocks.partition_point(|block| block.last().is_some_and(|segment| whole(segment)));
        match self.blocks.get(at) {
            None => Address(at, 0, self.tail.partition_point(&holds)),
            Some(block) => {
                let segment = block.partition_point(|segment| whole(segment));
                Address(at, segment, block[segment].partition_point(&holds))
            }
        }
    }
}
