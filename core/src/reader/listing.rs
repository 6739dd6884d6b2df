//! The stream's list of shards: a part of it, and what in it a reader does not know yet.

use std::collections::{BTreeMap, BTreeSet};

use super::strange;
use super::tip::{Position, Shared};
use crate::api::{
    DescribeStreamInput, Open, Result, Shard, ShardFilter, ShardFilterType, StreamDescription, StreamStatus,
};
use crate::door::{Door, ask};

/// A shard in the list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) starting: Option<String>,
    pub(super) closed: bool,
}

impl Listed {
    /// Its first place, by the number it starts with rather than as its oldest record: so it shows when some are trimmed.
    pub(super) fn beginning(&self) -> Position {
        self.starting.clone().map_or(Position::Oldest, Position::At)
    }

    fn of(shard: Shard) -> Option<Listed> {
        let range = shard.sequence_number_range;
        Some(Listed {
            id: shard.shard_id?,
            parent: shard.parent_shard_id,
            closed: range.as_ref().is_some_and(|range| range.ending_sequence_number.is_some()),
            starting: range.and_then(|range| range.starting_sequence_number),
        })
    }
}

/// A part of the list. It lives for one look; a reader keeps what it needs of it.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) shards: Vec<Listed>,
    /// Whether it begins with the oldest shard.
    pub(super) whole: bool,
    /// Whether the stream is turned off, so that no shard will follow.
    pub(super) is_disabled: bool,
}

impl Listing {
    /// Reads the list from its beginning, or what follows a shard in it.
    ///
    /// # Errors
    /// Those of DescribeStream.
    pub(super) fn read(door: &dyn Door, stream: &str, after: Option<&str>) -> Result<Listing> {
        Listing::pages(door, stream, after, None)
    }

    /// Reads the shards that continue one.
    ///
    /// # Errors
    /// Those of DescribeStream.
    pub(super) fn children(door: &dyn Door, stream: &str, parent: &str) -> Result<Listing> {
        let mut listing = Listing::pages(door, stream, None, Some(parent))?;
        // An endpoint that does not know the filter passes over it.
        listing.shards.retain(|shard| shard.parent.as_deref() == Some(parent));
        Ok(listing)
    }

    fn pages(door: &dyn Door, stream: &str, after: Option<&str>, parent: Option<&str>) -> Result<Listing> {
        let mut shards = Vec::new();
        let mut next = after.map(str::to_owned);
        loop {
            let input = DescribeStreamInput {
                stream_arn: Some(stream.to_owned()),
                exclusive_start_shard_id: next,
                shard_filter: parent.map(|parent| ShardFilter {
                    filter_type: Some(ShardFilterType::ChildShards.into()),
                    shard_id: Some(parent.to_owned()),
                }),
                ..DescribeStreamInput::default()
            };
            let description = ask(door, input)?.stream_description;
            let StreamDescription { shards: page, last_evaluated_shard_id, stream_status, .. } =
                description.ok_or_else(|| strange("DescribeStream answered without a description"))?;
            shards.extend(page.into_iter().flatten().filter_map(Listed::of));
            if last_evaluated_shard_id.is_none() {
                let is_disabled =
                    stream_status.as_ref().and_then(Open::known) == Some(StreamStatus::Disabled);
                return Ok(Listing { shards, whole: after.is_none(), is_disabled });
            }
            next = last_evaluated_shard_id;
        }
    }

    /// The shards that others in the list continue.
    pub(super) fn continued(&self) -> BTreeSet<&str> {
        self.shards.iter().filter_map(|shard| shard.parent.as_deref()).collect()
    }

    /// Every shard that the list names, as a parent too.
    pub(super) fn named(&self) -> BTreeSet<&str> {
        self.shards
            .iter()
            .flat_map(|shard| [Some(shard.id.as_str()), shard.parent.as_deref()])
            .flatten()
            .collect()
    }

    /// What one who has read up to `tips` does not know of the list.
    pub(super) fn unknown<'l: 't, 't>(&'l self, tips: &'t [Shared]) -> Unknown<'l, 't> {
        let known: BTreeSet<&str> = tips.iter().map(|tip| &*tip.shard).collect();
        let parents: BTreeMap<&str, Option<&str>> =
            self.shards.iter().map(|shard| (shard.id.as_str(), shard.parent.as_deref())).collect();
        let mut read: BTreeSet<&'t str> = BTreeSet::new();
        for tip in tips {
            let mut step = tip.parent.as_deref();
            while let Some(shard) = step.filter(|shard| read.insert(*shard)) {
                step = parents.get(shard).copied().flatten();
            }
        }
        let is_unlisted = |shard: &str| !known.contains(shard) && !parents.contains_key(shard);
        // Where the parent is not listed, only the whole list tells that it is gone.
        let is_ready = |parent: &str| read.contains(parent) || self.whole && is_unlisted(parent);
        let shards = self
            .shards
            .iter()
            .filter(|shard| !known.contains(shard.id.as_str()) && !read.contains(shard.id.as_str()))
            .filter(|shard| shard.parent.as_deref().is_none_or(is_ready))
            .map(|shard| (shard, shard.parent.as_deref().filter(|parent| !read.contains(parent))))
            .collect();
        read.retain(|shard| is_unlisted(shard));
        Unknown { shards, ends: read }
    }
}

/// The shards of a list that nobody reads or has read, if the list leaves nothing out.
pub(super) struct Unknown<'l, 't> {
    /// Those that can be read at once: they continue nothing, or what was read, or a shard that is not listed and was not read, which is told.
    pub(super) shards: Vec<(&'l Listed, Option<&'l str>)>,
    /// Shards that were read and are not listed, so that it does not show what they continue. A child's id is above its parent's: what they
    /// continue, and so was read, is below the greatest of them.
    pub(super) ends: BTreeSet<&'t str>,
}
