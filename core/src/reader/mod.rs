//! Reading a change stream: record after record along the lineages of its shards, over any [`Door`].
//!
//! ```text
//!   read │ cut      unread         The cut: in each lineage the shards that are being read (tips), each with its position.
//!  A ────┼── B* ─── D              Here B and C, the children of A. A checkpoint is the cut, and nothing else.
//!    └───┼── C* ─┬─ E              When B is read to its end, its child D takes its place.
//!        │       └─ F
//! ```
//! Parents are read wholly before their children. What a reader keeps is the cut, however long the stream is: the children of a shard are
//! asked for when it ends, and new shards without a parent are looked for in what the list of shards has gained since the last look.
//!
//! Nothing here knows whose streams they are: pages may be empty, the list of shards may lag behind, and shards may go while they are read.

mod checkpoint;
mod listing;
mod look;
mod options;
mod records;
mod tip;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

pub use checkpoint::Checkpoint;
pub use options::{ReadOptions, Trimmed};
pub use records::{Cursor, Records, Stream, StreamRecord};

use crate::api::message::{reader as text, table};
use crate::api::{
    Error, ErrorCode, GetRecordsInput, GetRecordsOutput, GetShardIteratorInput, Open, Record, Result,
    ShardIteratorType,
};
use crate::door::{Door, ask};
use crate::limits::RECORDS_PAGE_MAX;
use checkpoint::Scope;
use listing::{Listed, Listing};
use tip::{Position, Shared, Tip};

/// How often one read begins anew, because its iterator has expired or its records were trimmed meanwhile, before it fails.
const ATTEMPTS: usize = 3;

/// For how many rounds after a shard has ended its children are looked for that were listed later than the first of them. Later ones are
/// found when the next shard ends.
const LOOK_BACK_ROUNDS: u8 = 8;

/// Some records of one shard, in their order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The shard that has them.
    pub shard_id: Arc<str>,
    /// The records. A page with a gap has none.
    pub records: Vec<Record>,
    /// Whether, at this place in the shard, records were trimmed that were not handed out ([`Trimmed::Skip`]).
    pub gap: bool,
}

/// `{"ShardId": …, "Records": […], "Gap"?: true}`
impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut page = serializer.serialize_struct("Page", 2 + usize::from(self.gap))?;
        page.serialize_field("ShardId", &*self.shard_id)?;
        page.serialize_field("Records", &self.records)?;
        if self.gap {
            page.serialize_field("Gap", &true)?;
        }
        page.end()
    }
}

/// A shard that is being read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ShardInReading<'a> {
    /// Its identity.
    pub shard_id: &'a Arc<str>,
    /// The shard that it continues.
    pub parent: Option<&'a str>,
    /// Whether it is closed and was read to its end.
    pub has_ended: bool,
    /// Whether it had no more when it was last asked in this round.
    pub is_dry: bool,
}

/// Reads a stream page by page. It is a state and holds no door: each step is told which one to use, and they must lead to the same streams.
///
/// Parents are read wholly before their children, each shard in order, and each record is handed out once. What is written while a reader
/// reads may be handed out by it; a parent whose shard is gone counts as read.
///
/// A copy is cheap, and shares what both know of each shard until one of them goes on there: kept with a page, it tells the checkpoints of that
/// page's records later.
#[derive(Clone, Debug)]
pub struct Reader {
    stream: String,
    scope: Scope,
    trimmed: Trimmed,
    left: Option<u64>,
    tips: Vec<Shared>,
    /// Whose turn it is.
    turn: usize,
    /// The shard up to which the list of shards was read.
    listed: Option<String>,
    /// Whether the tips were held against the whole list of shards.
    reconciled: bool,
    /// Whether this round has looked for new shards.
    looked: bool,
    /// For how many rounds to look for shards that were listed later than their siblings.
    look_back: u8,
    is_caught_up: bool,
    is_disabled: bool,
    /// The tip of the last page as it was before it.
    before: Option<(usize, Position)>,
}

impl Reader {
    /// Opens a stream for reading. Where that starts is settled here, and mistakes show here.
    ///
    /// # Errors
    /// Those of DescribeStream and GetShardIterator: `ResourceNotFoundException` for a stream or shard that is not there,
    /// `TrimmedDataAccessException` for a place whose records are gone. `ValidationException` for options that contradict each other, and
    /// a checkpoint of another stream.
    pub fn open(door: &dyn Door, stream: &str, options: ReadOptions) -> Result<Reader> {
        let mut reader = Reader {
            stream: stream.to_owned(),
            scope: Scope::Stream,
            trimmed: options.trimmed,
            left: options.limit,
            tips: Vec::new(),
            turn: 0,
            listed: None,
            reconciled: false,
            looked: false,
            look_back: LOOK_BACK_ROUNDS,
            is_caught_up: false,
            is_disabled: false,
            before: None,
        };
        match &options.checkpoint {
            Some(_) if options.has_start() => return Err(Error::validation(text::checkpoint_and_start())),
            Some(checkpoint) => reader.resume(door, checkpoint)?,
            None => reader.start(door, &options)?,
        }
        Ok(reader)
    }

    fn resume(&mut self, door: &dyn Door, checkpoint: &Checkpoint) -> Result<()> {
        let stored = checkpoint.0.clone();
        if stored.stream != self.stream {
            return Err(Error::validation(text::checkpoint_of_another(&stored.stream, &self.stream)));
        }
        (self.scope, self.listed) = (stored.scope, stored.listed);
        self.tips = stored.shards.into_iter().map(|tip| tip.restore().into()).collect();
        for at in 0..self.tips.len() {
            if !self.tips[at].ended && self.tips[at].iterator.is_none() {
                self.take_iterator(door, at)?;
            }
        }
        Ok(())
    }

    fn start(&mut self, door: &dyn Door, options: &ReadOptions) -> Result<()> {
        let kind = options.iterator_type.clone().unwrap_or_else(|| ShardIteratorType::TrimHorizon.into());
        if let Some(shard) = &options.shard_id {
            self.scope = if options.descendants { Scope::Descendants } else { Scope::Shard };
            return self.begin(door, &kind, options, [Tip::new(shard.as_str(), None, Position::Oldest)]);
        }
        let listing = Listing::read(door, &self.stream, None)?;
        if options.sequence_number.is_some()
            && !matches!(&listing.shards[..], [] | [Listed { parent: None, .. }])
        {
            return Err(Error::validation(text::sequence_needs_shard()));
        }
        let tip = |shard: &Listed| {
            let mut tip = Tip::new(shard.id.as_str(), shard.parent.clone(), Position::Oldest);
            tip.closed = shard.closed;
            tip
        };
        if kind.known() != Some(ShardIteratorType::Latest) {
            let (found, is_whole) = self.unknown(door, &listing)?;
            self.note(&listing, is_whole);
            return self.begin(door, &kind, options, found.into_iter().map(|(shard, _)| tip(shard)));
        }
        self.note(&listing, true);
        let continued = listing.continued();
        let (open, closed): (Vec<_>, Vec<_>) = listing.shards.iter().partition(|shard| !shard.closed);
        self.begin(door, &kind, options, open.into_iter().map(tip))?;
        // A closed shard that nothing continues may be continued by one that is not listed yet.
        let leaves = closed.into_iter().filter(|shard| !continued.contains(shard.id.as_str()));
        self.tips.extend(
            leaves.map(|shard| Tip { position: shard.beginning(), ended: true, ..tip(shard) }.into()),
        );
        Ok(())
    }

    /// Takes the first iterators, as they were asked for: the service finds the words for what is wrong with that.
    fn begin(
        &mut self,
        door: &dyn Door,
        kind: &Open<ShardIteratorType>,
        options: &ReadOptions,
        tips: impl IntoIterator<Item = Tip>,
    ) -> Result<()> {
        for mut tip in tips {
            let input = GetShardIteratorInput {
                stream_arn: Some(self.stream.clone()),
                shard_id: Some(tip.shard.to_string()),
                shard_iterator_type: Some(kind.clone()),
                sequence_number: options.sequence_number.clone(),
                timestamp: options.timestamp,
            };
            let taken = ask(door, input).map(|output| output.shard_iterator);
            let number = options.sequence_number.clone();
            tip.position = match (kind.known(), number, options.timestamp, &taken) {
                (Some(ShardIteratorType::AtSequenceNumber), Some(number), ..) => Position::At(number),
                (Some(ShardIteratorType::AfterSequenceNumber), Some(number), ..) => Position::After(number),
                (Some(ShardIteratorType::AtTimestamp), _, Some(moment), _) => Position::Since(moment.0),
                (Some(ShardIteratorType::Latest), .., Ok(Some(iterator))) => {
                    Position::Iterator(iterator.clone())
                }
                // At the horizon, or refused.
                _ => Position::Oldest,
            };
            self.tips.push(tip.into());
            let at = self.tips.len() - 1;
            match taken {
                Ok(iterator) => self.tips[at].iterator = iterator,
                Err(error) if error.code() == ErrorCode::ResourceNotFound && options.shard_id.is_some() => {
                    return Err(error);
                }
                // Listed a moment ago, and gone or trimmed.
                Err(error) => self.pass(door, at, error)?,
            }
        }
        Ok(())
    }

    /// The next records, at most `max` of them and at most 1,000; none when every shard was asked and has no more. A later call asks again.
    ///
    /// # Errors
    /// Those of the stream operations; the reader stands where it stood. `ExpiredIteratorException` when it starts at `LATEST` and was left
    /// alone for 15 minutes before the first record of a shard, `TrimmedDataAccessException` with [`Trimmed::Fail`] when records are gone
    /// that were not handed out.
    pub fn next_page(&mut self, door: &dyn Door, max: usize) -> Result<Option<Page>> {
        if max == 0 {
            self.before = None;
            return Ok(None);
        }
        self.next_page_where(door, |_| max)
    }

    /// As [`Reader::next_page`], for one who has not the same room for the records of every shard: it is asked how many of a shard to read. A
    /// shard without room is passed over; it is not read, and when it has ended its children do not take its place. One that has ended needs
    /// room for one record.
    ///
    /// # Errors
    /// As [`Reader::next_page`].
    pub fn next_page_where(
        &mut self,
        door: &dyn Door,
        room: impl Fn(ShardInReading<'_>) -> usize,
    ) -> Result<Option<Page>> {
        self.before = None;
        let left = self.left.unwrap_or(u64::MAX).min(RECORDS_PAGE_MAX as u64);
        if left == 0 {
            return Ok(None);
        }
        if self.is_caught_up {
            self.begin_round();
        }
        loop {
            let Some((at, most)) = self.next_tip(&room) else {
                if self.look_for_shards(door)? {
                    continue;
                }
                self.is_caught_up = true;
                return Ok(None);
            };
            if self.tips[at].gap {
                let tip = &mut self.tips[at];
                tip.gap = false;
                return Ok(Some(Page { shard_id: tip.shard.clone(), records: Vec::new(), gap: true }));
            }
            if self.tips[at].ended {
                self.follow(door, at)?;
            } else if let Some(page) = self.read(door, at, left.min(most as u64))? {
                self.left = self.left.map(|left| left - page.records.len() as u64);
                return Ok(Some(page));
            }
        }
    }

    /// Whether everything that the shards answered when they were last asked was handed out: the last call of [`Reader::next_page`] has given
    /// nothing for that reason.
    pub fn is_caught_up(&self) -> bool {
        self.is_caught_up
    }

    /// Whether nothing more can come: the stream is turned off and read to its end, or the one shard that is read is.
    pub fn is_finished(&self) -> bool {
        let over = self.is_disabled || self.scope == Scope::Shard;
        over && self.is_caught_up && self.tips.iter().all(|tip| tip.ended)
    }

    /// The stream's ARN.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// Where the reader is: after everything that it has handed out.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(&self.stream, self.scope, self.listed.as_deref(), &self.tips)
    }

    /// Where the reader is for one who has done with only a part of the last page: up to the record of this sequence number, or none of it.
    pub fn checkpoint_within(&self, done: Option<u128>) -> Checkpoint {
        let mut checkpoint = self.checkpoint();
        if let Some((at, before)) = &self.before {
            let tip = &mut checkpoint.0.shards[*at];
            let position = done.map_or_else(|| before.clone(), |number| Position::After(number.to_string()));
            if position != tip.position {
                (tip.position, tip.ended) = (position, false);
            }
        }
        checkpoint
    }

    /// Where the reader is for one who has not done with all that it was handed: in each shard that is told, at the record of this sequence
    /// number, and elsewhere after everything. Shards that are read no more are not looked at.
    pub fn checkpoint_before<'a>(&self, undone: impl IntoIterator<Item = (&'a str, String)>) -> Checkpoint {
        let mut checkpoint = self.checkpoint();
        for (shard, number) in undone {
            if let Some(tip) = checkpoint.0.shards.iter_mut().find(|tip| tip.shard == shard) {
                (tip.position, tip.ended) = (Position::At(number), false);
            }
        }
        checkpoint
    }

    /// The shards that are being read.
    pub fn shards(&self) -> impl Iterator<Item = ShardInReading<'_>> {
        self.tips.iter().map(|tip| tip.in_reading())
    }

    /// Goes on at the oldest record where the place was known by an iterator alone and that has expired: after a start with `LATEST`. Says
    /// whether there is such a place.
    pub(crate) fn restart_unnamed(&mut self) -> bool {
        let mut any = false;
        for tip in self.tips.iter_mut().filter(|tip| matches!(tip.position, Position::Iterator(_))) {
            (tip.position, tip.iterator, any) = (Position::Oldest, None, true);
        }
        any
    }

    /// Asks every shard anew at the next call, those too that had no more.
    pub fn begin_round(&mut self) {
        self.tips.iter_mut().filter(|tip| tip.dry).for_each(|tip| tip.dry = false);
        (self.looked, self.is_caught_up) = (false, false);
    }

    /// The tip whose turn it is, and the room for its records: they take turns page by page, so that no busy shard keeps the others waiting.
    fn next_tip(&mut self, room: impl Fn(ShardInReading<'_>) -> usize) -> Option<(usize, usize)> {
        let count = self.tips.len();
        let found = (0..count).map(|n| (self.turn + n) % count).find_map(|at| {
            let tip = &self.tips[at];
            let most = if tip.dry { 0 } else { room(tip.in_reading()) };
            (most > 0).then_some((at, most))
        })?;
        self.turn = found.0;
        Some(found)
    }

    /// Reads a tip. No page when it has nothing more for now, has ended, or has a gap.
    fn read(&mut self, door: &dyn Door, at: usize, most: u64) -> Result<Option<Page>> {
        let limit = i32::try_from(most).ok();
        for attempt in 1.. {
            let Some(iterator) = self.tips[at].iterator.clone() else {
                self.take_iterator(door, at)?;
                if self.tips[at].iterator.is_some() {
                    continue;
                }
                break;
            };
            match ask(door, GetRecordsInput { shard_iterator: Some(iterator), limit }) {
                Ok(output) => return self.take(at, output),
                Err(error) if attempt > ATTEMPTS => return Err(error),
                // An iterator may lead back behind the place; at the place itself the records may be there.
                Err(error) if error.code() == ErrorCode::TrimmedDataAccess && self.tips[at].has_name() => {
                    self.tips[at].iterator = None;
                }
                Err(error) => self.pass(door, at, error)?,
            }
            if self.tips[at].ended || self.tips[at].gap {
                break;
            }
        }
        Ok(None)
    }

    /// Takes over what GetRecords answered.
    fn take(&mut self, at: usize, output: GetRecordsOutput) -> Result<Option<Page>> {
        let tip = &mut self.tips[at];
        let records = output.records.ok_or_else(|| strange("GetRecords answered without records"))?;
        self.turn = at + 1;
        let before = (at, tip.position.clone());
        if let Some(last) = records.last() {
            tip.position = Position::After(last.sequence_number());
        }
        tip.ended = output.next_shard_iterator.is_none();
        match output.next_shard_iterator {
            Some(next) => tip.go_on(next),
            None => tip.iterator = None,
        }
        if records.is_empty() {
            tip.dry = !tip.ended && !tip.closed;
            return Ok(None);
        }
        let shard_id = tip.shard.clone();
        self.before = Some(before);
        Ok(Some(Page { shard_id, records, gap: false }))
    }

    /// Takes an iterator at a tip's position. Without one the tip has ended, or its position has changed.
    fn take_iterator(&mut self, door: &dyn Door, at: usize) -> Result<()> {
        let Some(input) = self.tips[at].iterator_input(&self.stream) else { return Ok(()) };
        let error = match ask(door, input).map(|output| output.shard_iterator) {
            Ok(Some(iterator)) => {
                self.tips[at].iterator = Some(iterator);
                return Ok(());
            }
            Ok(None) => strange("GetShardIterator answered without an iterator"),
            Err(error) => error,
        };
        self.pass(door, at, error.clone())?;
        // An endpoint that goes on to refuse the oldest record would be asked for ever.
        if self.tips[at].ended || self.tips[at].gap { Ok(()) } else { Err(error) }
    }

    /// Passes over what went wrong at a tip, where that can be: its iterator has expired, or records or the whole shard are trimmed.
    fn pass(&mut self, door: &dyn Door, at: usize, error: Error) -> Result<()> {
        let trimmed = self.trimmed;
        let lost = self.tips[at].position.is_explicit();
        match error.code() {
            ErrorCode::ExpiredIterator if self.tips[at].has_name() => {}
            ErrorCode::TrimmedDataAccess if !lost => {}
            ErrorCode::TrimmedDataAccess if trimmed == Trimmed::Skip => {
                (self.tips[at].position, self.tips[at].gap) = (Position::Oldest, true);
            }
            ErrorCode::ResourceNotFound => {
                // When the stream is gone as a whole, that is the error.
                Listing::children(door, &self.stream, &self.tips[at].shard)?;
                if lost && trimmed == Trimmed::Fail {
                    return Err(Error::new(ErrorCode::TrimmedDataAccess, table::trimmed()));
                }
                (self.tips[at].ended, self.tips[at].gap) = (true, lost);
                // Its children may be gone, too.
                (self.reconciled, self.looked) = (false, false);
            }
            _ => return Err(error),
        }
        self.tips[at].iterator = None;
        Ok(())
    }

    /// Puts the children of a tip that has ended in its place. Without any it stays, and is asked for them in the next round.
    fn follow(&mut self, door: &dyn Door, at: usize) -> Result<()> {
        self.tips[at].dry = true;
        if self.scope == Scope::Shard {
            return Ok(());
        }
        let children = Listing::children(door, &self.stream, &self.tips[at].shard)?;
        self.is_disabled = children.is_disabled;
        if children.shards.is_empty() {
            return Ok(());
        }
        let parent = self.tips.remove(at);
        (self.turn, self.look_back) = (at, LOOK_BACK_ROUNDS);
        for child in &children.shards {
            // Listed late, it may have been found before its parent ended.
            let is_known = |tip: &Shared| *tip.shard == *child.id || tip.parent.as_deref() == Some(&child.id);
            if !self.tips.iter().any(is_known) {
                self.add(child, parent.position.of_child(child));
            }
        }
        Ok(())
    }

    fn add(&mut self, shard: &Listed, position: Position) -> &mut Tip {
        self.tips.push(Tip::new(shard.id.as_str(), shard.parent.clone(), position).into());
        let tip = self.tips.last_mut().expect("pushed");
        tip.closed = shard.closed;
        tip
    }
}

/// An answer that no endpoint may give.
fn strange(what: &str) -> Error {
    Error::new(ErrorCode::InternalServer, what)
}
