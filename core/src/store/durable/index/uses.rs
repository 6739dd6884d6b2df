//! What the segments of the log are needed for, as the index counts it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::damaged;
use super::manifest::Facts;
use crate::api::Result;
use crate::clock::Millis;
use crate::store::durable::place::Place;

/// What a segment is still needed for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::store::durable) struct Use {
    /// Bytes of images that are the newest state of a row.
    pub(in crate::store::durable) live: u64,
    /// Until when records may refer to its images.
    pub(in crate::store::durable) until: Millis,
    /// Where its frames end, as far as the index goes.
    pub(in crate::store::durable) end: u32,
}

/// How the uses of segments change.
#[derive(Debug, Default)]
pub(super) struct Uses {
    live: BTreeMap<u32, i64>,
    until: BTreeMap<u32, Millis>,
}

impl Uses {
    pub(super) fn gains(&mut self, place: Place) {
        *self.live.entry(place.point.segment).or_default() += i64::from(place.len);
    }

    pub(super) fn loses(&mut self, place: Place) {
        *self.live.entry(place.point.segment).or_default() -= i64::from(place.len);
    }

    pub(super) fn needed(&mut self, segment: u32, until: Millis) {
        let known = self.until.entry(segment).or_default();
        *known = until.max(*known);
    }

    pub(super) fn store(self, facts: &mut Facts, segments: &BTreeMap<u32, u32>) -> Result<()> {
        let ids: BTreeSet<u32> =
            segments.keys().chain(self.live.keys()).chain(self.until.keys()).copied().collect();
        for id in ids {
            let used = facts.segments.entry(id).or_default();
            let gained = self.live.get(&id).copied().unwrap_or(0);
            used.live = used.live.checked_add_signed(gained).ok_or_else(|| {
                let lost = gained.unsigned_abs();
                damaged(&format!("segment {id} has {} live bytes and loses {lost}", used.live))
            })?;
            used.end = segments.get(&id).copied().unwrap_or(used.end);
            used.until = self.until.get(&id).copied().unwrap_or(0).max(used.until);
        }
        Ok(())
    }
}
