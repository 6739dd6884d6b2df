//! The shards of one stream: by id, by place in the order of ids, and by parent. No look at a few of them costs more because there are many.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use smallvec::SmallVec;

use super::{Shard, ShardId};
use crate::clock::Millis;

/// Shards in the order of their ids, which is the order of creation.
#[derive(Debug, Default)]
pub(super) struct Shards {
    by_id: BTreeMap<ShardId, Arc<Shard>>,
    /// The children of a shard, also of one that is gone already. Splitting makes two, rolling one.
    children: BTreeMap<ShardId, SmallVec<[ShardId; 2]>>,
}

impl Shards {
    pub(super) fn add(&mut self, shard: Arc<Shard>) {
        if let Some(parent) = shard.parent {
            self.children.entry(parent).or_default().push(shard.id);
        }
        self.by_id.insert(shard.id, shard);
    }

    pub(super) fn remove(&mut self, id: ShardId) {
        let Some(parent) = self.by_id.remove(&id).and_then(|shard| shard.parent) else { return };
        if let Some(children) = self.children.get_mut(&parent) {
            children.retain(|child| *child != id);
            if children.is_empty() {
                self.children.remove(&parent);
            }
        }
    }

    pub(super) fn get(&self, id: ShardId) -> Option<&Arc<Shard>> {
        self.by_id.get(&id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Shard>> {
        self.by_id.values()
    }

    /// At most `most` shards behind a place in the order of ids that still exist, and whether there are more.
    pub(super) fn page(&self, after: Option<&str>, most: usize, now: Millis) -> (Vec<Arc<Shard>>, bool) {
        let from = after.map_or(Bound::Unbounded, first_after);
        let existing = self.by_id.range((from, Bound::Unbounded)).map(|(_, shard)| shard);
        cut(existing.filter(|shard| !shard.is_forgotten(now)), most)
    }

    /// As [`Shards::page`], of the children of one shard.
    pub(super) fn page_of_children(
        &self,
        parent: ShardId,
        after: Option<&str>,
        most: usize,
        now: Millis,
    ) -> (Vec<Arc<Shard>>, bool) {
        let mut children: SmallVec<[&Arc<Shard>; 2]> =
            self.children.get(&parent).into_iter().flatten().filter_map(|id| self.by_id.get(id)).collect();
        children.retain(|shard| after.is_none_or(|after| *shard.id.to_string() > *after));
        children.sort_unstable_by_key(|shard| shard.id);
        cut(children.into_iter().filter(|shard| !shard.is_forgotten(now)), most)
    }
}

fn cut<'a>(mut shards: impl Iterator<Item = &'a Arc<Shard>>, most: usize) -> (Vec<Arc<Shard>>, bool) {
    let page = shards.by_ref().take(most).cloned().collect();
    (page, shards.next().is_some())
}

/// Where the ids behind a text begin. Any text of legal length is a place in their order (facts A4), and ids are in the order of their texts.
fn first_after(text: &str) -> Bound<ShardId> {
    if let Ok(id) = text.parse() {
        return Bound::Excluded(id);
    }
    let (mut low, mut high) = (0, ShardId::COUNT);
    while low < high {
        let middle = low + (high - low) / 2;
        if *ShardId::nth(middle).to_string() <= *text {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if low < ShardId::COUNT {
        Bound::Included(ShardId::nth(low))
    } else {
        Bound::Excluded(ShardId::nth(ShardId::COUNT - 1))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::limits::RETENTION;
    use crate::store::{LogId, NewestCommit, Sequence};
    use crate::stream::{End, Readers, looks};

    fn shard(created_at: Millis, parent: Option<ShardId>) -> Arc<Shard> {
        Arc::new(Shard {
            retention: crate::clock::millis(RETENTION),
            id: ShardId { created_at, suffix: 0x00c0_ffee },
            log: LogId(created_at),
            parent,
            start: Sequence::new(1, 1),
            opened_at: created_at,
            hashes: (0, u64::MAX),
            end: OnceLock::new(),
            changed: NewestCommit::default(),
            readers: Readers::default(),
        })
    }

    fn line(count: u64) -> Shards {
        let mut shards = Shards::default();
        let mut parent = None;
        for at in 1..=count {
            let next = shard(at, parent);
            parent = Some(next.id);
            shards.add(next);
        }
        shards
    }

    #[test]
    fn any_text_is_a_place_in_the_order_of_ids() {
        let shards = line(40);
        let all: Vec<String> = shards.all().map(|shard| shard.id.to_string()).collect();
        let ends =
            ["", "shardId-", "shardId-0", "shardId-00000000000000000021", "shardId-00000000000000000021-"];
        let long = format!("{}0", all[6]);
        let upper = all[7].to_uppercase();
        let beyond = ["shardId-9", "shardId-99999999999999999999-00000000", "shardIe", "zebra", "\u{10ffff}"];
        let texts = ends.into_iter().chain(beyond).chain([long.as_str(), upper.as_str(), all[39].as_str()]);
        for text in texts.chain(all.iter().map(String::as_str)) {
            let expected: Vec<&str> =
                all.iter().map(String::as_str).filter(|id| *id > text).take(7).collect();
            let (page, more) = shards.page(Some(text), 7, 0);
            let page: Vec<String> = page.iter().map(|shard| shard.id.to_string()).collect();
            assert_eq!(page, expected, "after {text:?}");
            assert_eq!(more, all.iter().filter(|id| id.as_str() > text).count() > 7, "after {text:?}");
        }
    }

    #[test]
    fn a_page_looks_at_what_it_shows() {
        for count in [300, 30_000] {
            let shards = line(count);
            let middle = ShardId::nth(u128::from(count / 2) << 32).to_string();
            let before = looks();
            for after in [None, Some(middle.as_str())] {
                let (page, more) = shards.page(after, 100, 0);
                assert_eq!((page.len(), more), (100, true));
            }
            assert_eq!(looks() - before, 202, "two pages, and one more each, of {count} shards");
        }
    }

    #[test]
    fn children_are_found_by_their_parent_also_when_it_is_gone() {
        let mut shards = line(30_000);
        let parent = shards.all().nth(20_000).expect("there").id;
        let twin = Arc::new(Shard {
            id: ShardId { suffix: 1, created_at: 40_000 },
            parent: Some(parent),
            ..Arc::into_inner(shard(1, None)).expect("new")
        });
        shards.add(twin.clone());
        let children = |shards: &Shards, after: Option<&str>, most: usize, now: Millis| {
            let (page, more) = shards.page_of_children(parent, after, most, now);
            (page.iter().map(|shard| shard.id.created_at).collect::<Vec<_>>(), more)
        };
        let before = looks();
        assert_eq!(children(&shards, None, 100, 0), (vec![20_002, 40_000], false));
        assert_eq!(looks() - before, 2);
        assert_eq!(children(&shards, None, 1, 0), (vec![20_002], true));
        assert_eq!(children(&shards, Some("shardId-0000000000000003"), 9, 0), (vec![40_000], false));
        shards.remove(parent);
        twin.close(End { sequence: twin.start, at: 50_000 });
        let gone = 50_000 + crate::clock::millis(RETENTION);
        assert_eq!(children(&shards, None, 9, gone - 1), (vec![20_002, 40_000], false));
        assert_eq!(children(&shards, None, 9, gone), (vec![20_002], false));
        shards.remove(twin.id);
        assert_eq!(children(&shards, None, 9, 0), (vec![20_002], false));
    }
}
