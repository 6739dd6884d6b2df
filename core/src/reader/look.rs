//! Looking for shards that nothing led a reader to.

use std::collections::BTreeSet;

use super::Reader;
use super::checkpoint::Scope;
use super::listing::{Listed, Listing, Unknown};
use super::options::Trimmed;
use super::tip::{Position, Tip};
use crate::api::message::table;
use crate::api::{Error, ErrorCode, Result};
use crate::door::{Door, ask};

impl Reader {
    /// Looks in the list of shards for those that no tip leads to: listed late, or left over where what led to them is gone. Once in a round;
    /// says whether there are any.
    pub(super) fn look_for_shards(&mut self, door: &dyn Door) -> Result<bool> {
        if self.scope != Scope::Stream || self.looked {
            return Ok(false);
        }
        // Whether a shard leads nowhere for good is to be seen in the whole list; what is new, at its end.
        let whole = !self.reconciled && self.tips.iter().any(|tip| tip.ended);
        let after = if whole { None } else { self.look_from() };
        let listing = Listing::read(door, &self.stream, after.as_deref())?;
        let (unknown, mut is_whole) = self.unknown(door, &listing)?;
        if self.trimmed == Trimmed::Fail && unknown.iter().any(|(_, parent_is_gone)| *parent_is_gone) {
            return Err(Error::new(ErrorCode::TrimmedDataAccess, table::trimmed()));
        }
        if after.is_none() {
            is_whole &= self.drop_gone(door, &listing)?;
        }
        for (shard, parent_is_gone) in &unknown {
            self.add(shard, shard.beginning()).gap = *parent_is_gone;
        }
        self.look_back = self.look_back.saturating_sub(1);
        self.looked = true;
        self.note(&listing, is_whole);
        Ok(!unknown.is_empty())
    }

    /// The shards of a list that nobody reads yet and that can be read at once, each with whether the shard that it continues is gone unread;
    /// and whether the list had all that they hang on. A list that lags may leave out shards that it has shown before, so for those the
    /// endpoint is asked, and what hangs on one that is there is left for a later look.
    pub(super) fn unknown<'a>(
        &self,
        door: &dyn Door,
        listing: &'a Listing,
    ) -> Result<(Vec<(&'a Listed, bool)>, bool)> {
        let Unknown { shards, ends } = listing.unknown(&self.tips);
        let Some(oldest) = shards.iter().map(|(shard, _)| shard.id.as_str()).min() else {
            return Ok((Vec::new(), true));
        };
        let mut hidden = None;
        for end in ends.range(oldest..).rev() {
            if self.is_there(door, end)? {
                hidden = Some(*end);
                break;
            }
        }
        let mut found = Vec::new();
        let mut is_whole = hidden.is_none();
        for (shard, unread_parent) in shards {
            if hidden.is_some_and(|hidden| shard.id.as_str() < hidden) {
                continue;
            }
            match unread_parent {
                Some(parent) if self.is_there(door, parent)? => is_whole = false,
                parent => found.push((shard, parent.is_some())),
            }
        }
        Ok((found, is_whole))
    }

    /// Whether a shard is there, listed or not.
    fn is_there(&self, door: &dyn Door, shard: &str) -> Result<bool> {
        let Some(input) = Tip::new(shard, None, Position::Oldest).iterator_input(&self.stream) else {
            return Ok(false);
        };
        match ask(door, input) {
            Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(false),
            Err(error) if error.code() != ErrorCode::TrimmedDataAccess => Err(error),
            _ => Ok(true),
        }
    }

    /// Reads no more at shards that have ended and are gone, and that nothing in the whole list continues. Whether all that it does not name
    /// are gone.
    fn drop_gone(&mut self, door: &dyn Door, listing: &Listing) -> Result<bool> {
        let named = listing.named();
        let mut gone = BTreeSet::new();
        let mut are_all = true;
        for tip in self.tips.iter().filter(|tip| tip.ended && !named.contains(&*tip.shard)) {
            if self.is_there(door, &tip.shard)? {
                are_all = false;
            } else {
                gone.insert(tip.shard.clone());
            }
        }
        self.tips.retain(|tip| !gone.contains(&tip.shard));
        Ok(are_all)
    }

    /// The shard after which to look for new ones: the last that was seen in the list, or the oldest whose children are being read.
    fn look_from(&self) -> Option<String> {
        let oldest = self.tips.iter().map(|tip| tip.parent.as_deref().unwrap_or(&tip.shard)).min();
        let oldest = oldest.filter(|_| self.look_back > 0);
        let listed = self.listed.as_deref()?;
        Some(oldest.map_or(listed, |oldest| oldest.min(listed)).to_owned())
    }

    /// Notes how far a list was read. One that left out what is there is read from its beginning again.
    pub(super) fn note(&mut self, listing: &Listing, is_whole: bool) {
        self.is_disabled = listing.is_disabled;
        if !is_whole {
            (self.listed, self.reconciled) = (None, false);
            return;
        }
        self.reconciled |= listing.whole;
        let last = listing.shards.last().map(|shard| &shard.id);
        self.listed = self.listed.take().max(last.cloned());
    }
}
