//! An ordered map in layers: frozen ones that several maps may share, under one that takes the writes.
//!
//! ```text
//! write ──► top          key -> value, or none where a deletion hides what lies below
//! read  ──► top, frozen[n], …, frozen[0]      the newest layer that has the key decides
//! ```
//! Sharing freezes the top, whatever its size, in one step; a map that was never shared is one ordered map and nothing else. What sharing
//! leaves behind is tidied in bounded steps by later writes: a layer that nobody else has any more takes the entries above it, or gives its
//! own to them; shared layers of similar size are copied into one; layers nobody has any more are freed entry by entry.
//!
//! A none is kept only where something visible lies below it, so the lowest layer has none, and neither has a top that stands alone.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::collections::btree_map::{Entry, Range};
use std::ops::Bound;
use std::sync::Arc;

use smallvec::SmallVec;

/// Writes for which one entry is moved, copied or freed, for each frozen layer. One step costs up to half a put, and a put is to cost at most
/// 1.3 times as much as without a fork.
const WRITES_PER_STEP: u8 = 2;
/// Shared layers are copied into one when the newer has at least this share of the older one's entries, so that there are few layers, and
/// an entry is copied only as often as the map doubles.
const SIMILAR: usize = 2;

type Layer<K, V> = BTreeMap<K, Option<V>>;

/// An ordered map whose copies share what they have in common.
#[derive(Debug)]
pub(super) struct Layered<K, V> {
    top: Layer<K, V>,
    /// Oldest first.
    frozen: Vec<Arc<Layer<K, V>>>,
    tidying: Option<Box<Tidying<K, V>>>,
    /// Writes since it was shared, as far as they count for [`WRITES_PER_STEP`].
    writes: u8,
}

/// Work that goes on with the next writes.
#[derive(Debug)]
struct Tidying<K, V> {
    /// Those of older layers first.
    copies: Vec<Copying<K, V>>,
    /// Layers to be freed.
    unused: Vec<Layer<K, V>>,
}

/// Two neighbouring frozen layers on their way into one.
#[derive(Debug)]
struct Copying<K, V> {
    older: Arc<Layer<K, V>>,
    newer: Arc<Layer<K, V>>,
    copied: Layer<K, V>,
    /// The last key that was copied.
    after: Option<K>,
}

impl<K, V> Default for Layered<K, V> {
    fn default() -> Self {
        Layered { top: BTreeMap::new(), frozen: Vec::new(), tidying: None, writes: 0 }
    }
}

/// Writes to a layer that lies on others. A deletion that hides nothing below is no entry.
fn put<K: Ord, V>(
    layer: &mut Layer<K, V>,
    below: &[Arc<Layer<K, V>>],
    key: K,
    value: Option<V>,
) -> Option<V> {
    if value.is_some() || lookup(below, &key).is_some() {
        layer.insert(key, value).flatten()
    } else {
        layer.remove(&key).flatten()
    }
}

/// What a key is in the newest of some layers that has it.
fn lookup<'a, K: Ord + Borrow<Q>, V, Q: Ord + ?Sized>(
    layers: &'a [Arc<Layer<K, V>>],
    key: &Q,
) -> Option<&'a V> {
    layers.iter().rev().find_map(|layer| layer.get(key))?.as_ref()
}

impl<K: Ord + Clone, V: Clone> Layered<K, V> {
    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        match self.top.get(key) {
            Some(known) => known.as_ref(),
            None => lookup(&self.frozen, key),
        }
    }

    /// Sets a value. What comes back is only to be dropped, where no lock is held: the value that was freed by this, if one was.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        if self.is_alone() {
            return self.top.insert(key, Some(value)).flatten();
        }
        let replaced = self.write(key, Some(value));
        self.tidy();
        replaced
    }

    /// Removes a key. What comes back is as with [`Layered::insert`].
    pub(super) fn remove(&mut self, key: K) -> Option<V> {
        if self.is_alone() {
            return self.top.remove(&key).flatten();
        }
        let replaced = self.write(key, None);
        self.tidy();
        replaced
    }

    /// Whether nothing is left of having been shared.
    fn is_alone(&self) -> bool {
        self.frozen.is_empty() && self.tidying.is_none()
    }

    /// Writes to a map that was shared: to the top, or past it to a larger layer that is this map's alone and takes the top's entries.
    fn write(&mut self, key: K, value: Option<V>) -> Option<V> {
        if let Some((newest, below)) = self.frozen.split_last_mut()
            && let Some(newest) = Arc::get_mut(newest)
            && newest.len() > self.top.len()
        {
            let on_top = self.top.remove(&key).flatten();
            return put(newest, below, key, value).or(on_top);
        }
        put(&mut self.top, &self.frozen, key, value)
    }

    /// A map with the same contents. Both go their own ways from here on.
    pub(super) fn share(&mut self) -> Layered<K, V> {
        if !self.top.is_empty() {
            self.frozen.push(Arc::new(std::mem::take(&mut self.top)));
        }
        Layered { top: BTreeMap::new(), frozen: self.frozen.clone(), tidying: None, writes: 0 }
    }

    /// As [`Layered::share`], for one who goes on in place of this map and does the work that it has left to do.
    pub(super) fn hand_over(&mut self) -> Layered<K, V> {
        let tidying = self.tidying.take();
        Layered { tidying, ..self.share() }
    }

    /// Entries within bounds, in order or against it.
    pub(super) fn range<'a, Q: Ord + ?Sized>(
        &'a self,
        bounds: (Bound<&Q>, Bound<&Q>),
        descending: bool,
    ) -> impl Iterator<Item = (&'a K, &'a V)>
    where
        K: Borrow<Q>,
    {
        let layers = std::iter::once(&self.top).chain(self.frozen.iter().rev().map(Arc::as_ref));
        let sources = layers.map(|layer| Source::new(layer.range(bounds), descending)).collect();
        Merged { sources, descending }.filter_map(|(key, value)| Some((key, value.as_ref()?)))
    }

    /// All entries in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.range::<K>((Bound::Unbounded, Bound::Unbounded), false)
    }

    /// A bounded step of what sharing has left to do.
    fn tidy(&mut self) {
        self.writes = self.writes.wrapping_add(1);
        let mut steps = match self.frozen.len() {
            0 | 1 => usize::from(self.writes.is_multiple_of(WRITES_PER_STEP)),
            layers => layers / usize::from(WRITES_PER_STEP),
        };
        self.fold(&mut steps);
        self.copy(&mut steps);
        self.free(&mut steps);
    }

    /// Makes one of the top and the layer below it where nobody else has that: the smaller one's entries go to the larger one.
    fn fold(&mut self, steps: &mut usize) {
        while let Some((newest, below)) = self.frozen.split_last_mut() {
            let Some(newest) = Arc::get_mut(newest) else { return };
            while *steps > 0 && !self.top.is_empty() && !newest.is_empty() {
                *steps -= 1;
                if self.top.len() <= newest.len() {
                    let (key, value) = self.top.pop_first().expect("it is not empty");
                    put(newest, below, key, value);
                    continue;
                }
                let (key, value) = newest.pop_first().expect("it is not empty");
                match self.top.entry(key) {
                    Entry::Vacant(place) => drop(place.insert(value)),
                    Entry::Occupied(place) => {
                        if place.get().is_none() && lookup(below, place.key()).is_none() {
                            place.remove();
                        }
                    }
                }
            }
            if !self.top.is_empty() && !newest.is_empty() {
                return;
            }
            let newest = std::mem::take(newest);
            if self.top.is_empty() {
                self.top = newest;
            }
            self.frozen.pop();
        }
    }

    /// Copies shared layers of similar size into one. The newest, which are the smallest, come first, so that they do not pile up while large
    /// ones are being copied.
    fn copy(&mut self, steps: &mut usize) {
        while *steps > 0 {
            if let Some([older, newer]) = self.next_to_copy() {
                let copying = Copying { older, newer, copied: BTreeMap::new(), after: None };
                self.tidying().copies.push(copying);
            }
            let Some(tidying) = &mut self.tidying else { return };
            let Some(copying) = tidying.copies.last_mut() else { return };
            let at = self.frozen.iter().rposition(|layer| Arc::ptr_eq(layer, &copying.older));
            let at = at.expect("layers that are being copied stay where they are");
            if !copying.go_on(&self.frozen[..at], steps) {
                return;
            }
            let Copying { older, newer, copied, after: _ } = tidying.copies.pop().expect("seen above");
            self.frozen[at] = Arc::new(copied);
            self.frozen.remove(at + 1);
            // Where somebody else has them still, that one frees them.
            tidying.unused.extend([older, newer].into_iter().filter_map(Arc::into_inner));
        }
    }

    /// The newest two neighbours of similar size above those that are being copied.
    fn next_to_copy(&self) -> Option<[Arc<Layer<K, V>>; 2]> {
        let newest = self.tidying.as_ref().and_then(|tidying| tidying.copies.last());
        let first = newest.and_then(|copying| {
            self.frozen.iter().rposition(|layer| Arc::ptr_eq(layer, &copying.newer)).map(|at| at + 1)
        });
        let free = &self.frozen[first.unwrap_or(0)..];
        let is_similar = |pair: &[Arc<Layer<K, V>>]| pair[1].len() * SIMILAR >= pair[0].len();
        free.windows(2).rfind(|pair| is_similar(pair)).map(|pair| [pair[0].clone(), pair[1].clone()])
    }

    /// Frees what is not used any more.
    fn free(&mut self, steps: &mut usize) {
        let Some(tidying) = &mut self.tidying else { return };
        while *steps > 0
            && let Some(layer) = tidying.unused.last_mut()
        {
            if layer.pop_first().is_none() {
                tidying.unused.pop();
            }
            *steps -= 1;
        }
        if tidying.copies.is_empty() && tidying.unused.is_empty() {
            self.tidying = None;
        }
    }

    fn tidying(&mut self) -> &mut Tidying<K, V> {
        self.tidying.get_or_insert_with(|| Box::new(Tidying { copies: Vec::new(), unused: Vec::new() }))
    }

    /// The number of frozen layers.
    #[cfg(test)]
    pub(super) fn depth(&self) -> usize {
        self.frozen.len()
    }

    /// Whether nothing is left of having been shared and no entry hides what is not there.
    #[cfg(test)]
    pub(super) fn is_plain(&self) -> bool {
        self.is_alone() && self.top.values().all(Option::is_some)
    }
}

impl<K: Ord + Clone, V: Clone> Copying<K, V> {
    /// Copies some more entries; true when all are copied. `below` lies below both.
    fn go_on(&mut self, below: &[Arc<Layer<K, V>>], steps: &mut usize) -> bool {
        let from = self.after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let sources = [&self.newer, &self.older]
            .map(|layer| Source::new(layer.range::<K, _>((from, Bound::Unbounded)), false));
        let mut entries = Merged { sources: sources.into_iter().collect(), descending: false };
        let mut last = None;
        while *steps > 0 {
            let Some((key, value)) = entries.next() else { return true };
            *steps -= 1;
            if value.is_some() || lookup(below, key).is_some() {
                self.copied.insert(key.clone(), value.clone());
            }
            last = Some(key);
        }
        if let Some(last) = last.cloned() {
            self.after = Some(last);
        }
        false
    }
}

/// The entries of one layer.
struct Source<'a, K, V> {
    rest: Range<'a, K, Option<V>>,
    next: Option<(&'a K, &'a Option<V>)>,
}

impl<'a, K, V> Source<'a, K, V> {
    fn new(entries: Range<'a, K, Option<V>>, descending: bool) -> Source<'a, K, V> {
        let mut source = Source { rest: entries, next: None };
        source.advance(descending);
        source
    }

    fn advance(&mut self, descending: bool) -> Option<(&'a K, &'a Option<V>)> {
        let next = if descending { self.rest.next_back() } else { self.rest.next() };
        std::mem::replace(&mut self.next, next)
    }
}

/// The entries of several layers in one order, each key once, as the newest layer has it; the newest layer comes first.
struct Merged<'a, K, V> {
    sources: SmallVec<[Source<'a, K, V>; 2]>,
    descending: bool,
}

impl<'a, K: Ord, V> Iterator for Merged<'a, K, V> {
    type Item = (&'a K, &'a Option<V>);

    fn next(&mut self) -> Option<Self::Item> {
        if let [alone] = self.sources.as_mut_slice() {
            return alone.advance(self.descending);
        }
        let mut best: Option<&K> = None;
        for source in &self.sources {
            let Some((key, _)) = source.next else { continue };
            if best.is_none_or(|best| if self.descending { key > best } else { key < best }) {
                best = Some(key);
            }
        }
        let best = best?;
        let mut newest = None;
        for source in &mut self.sources {
            if source.next.is_some_and(|(key, _)| key == best) {
                let entry = source.advance(self.descending);
                newest = newest.or(entry);
            }
        }
        newest
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::entropy::Entropy;

    type Model = BTreeMap<u64, u64>;

    fn check(map: &Layered<u64, u64>, model: &Model, what: &str) {
        let up: Vec<(u64, u64)> = map.iter().map(|(key, value)| (*key, *value)).collect();
        assert_eq!(up, model.clone().into_iter().collect::<Vec<_>>(), "{what}");
        let mut down: Vec<(u64, u64)> = map
            .range::<u64>((Bound::Included(&20), Bound::Excluded(&70)), true)
            .map(|(k, v)| (*k, *v))
            .collect();
        down.reverse();
        assert_eq!(down, model.range(20..70).map(|(k, v)| (*k, *v)).collect::<Vec<_>>(), "{what}");
        for key in 0..100 {
            assert_eq!(map.get(&key), model.get(&key), "{what}, key {key}");
        }
    }

    fn write(map: &mut Layered<u64, u64>, model: &mut Model, entropy: &Entropy) {
        let (key, value) = (entropy.next() % 100, entropy.next());
        if entropy.next().is_multiple_of(3) {
            map.remove(key);
            model.remove(&key);
        } else {
            map.insert(key, value);
            model.insert(key, value);
        }
    }

    #[test]
    fn maps_that_share_layers_behave_as_maps_that_share_nothing() {
        for seed in 1..=60 {
            let entropy = Entropy::seeded(seed);
            let mut maps: Vec<(Layered<u64, u64>, Model)> = vec![(Layered::default(), Model::new())];
            for step in 0..400 {
                let at = (entropy.next() % maps.len() as u64) as usize;
                match entropy.next() % 40 {
                    0 if maps.len() < 6 => {
                        let (map, model) = &mut maps[at];
                        let twin = (map.share(), model.clone());
                        maps.push(twin);
                    }
                    1 if maps.len() > 1 => drop(maps.swap_remove(at)),
                    _ => {
                        let (map, model) = &mut maps[at];
                        write(map, model, &entropy);
                    }
                }
                if step % 10 == 0 {
                    maps.iter()
                        .for_each(|(map, model)| check(map, model, &format!("seed {seed}, step {step}")));
                }
            }
            // The last one left becomes a plain map again with enough writes.
            let (mut map, mut model) = maps.swap_remove(0);
            drop(maps);
            (0..2_000).for_each(|_| write(&mut map, &mut model, &entropy));
            check(&map, &model, &format!("seed {seed}, alone"));
            assert!(map.is_plain(), "seed {seed}: {map:?}");
        }
    }

    #[test]
    fn shared_again_and_again_a_map_has_few_layers() {
        let mut map = Layered::default();
        let mut kept = Vec::new();
        let mut deepest = 0;
        for n in 0..20_000_u64 {
            map.insert(n * 7919 % 20_011, n);
            if n.is_multiple_of(3) {
                kept.push(map.share());
            }
            deepest = deepest.max(map.depth());
        }
        // Each layer is at least twice as large as the one above it, once there is nothing left to copy.
        assert!(deepest <= 2 * 15, "{deepest} layers");
        assert_eq!(map.iter().count(), 20_000);
    }

    /// A key that counts how often it was compared, which every step of every search, move and copy does.
    #[derive(Clone, Debug)]
    struct Counted(u64);

    thread_local!(static COMPARED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });

    impl Ord for Counted {
        fn cmp(&self, other: &Self) -> std::cmp::Ordering {
            COMPARED.set(COMPARED.get() + 1);
            self.0.cmp(&other.0)
        }
    }

    impl PartialOrd for Counted {
        fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
            Some(self.cmp(other))
        }
    }

    impl PartialEq for Counted {
        fn eq(&self, other: &Self) -> bool {
            self.cmp(other).is_eq()
        }
    }

    impl Eq for Counted {}

    /// The most comparisons of any of these writes.
    fn most_comparisons(map: &mut Layered<Counted, u64>, keys: impl Iterator<Item = u64>) -> u64 {
        let one = |key| {
            let before = COMPARED.get();
            map.insert(Counted(key), key);
            COMPARED.get() - before
        };
        keys.map(one).max().expect("some keys")
    }

    #[test]
    fn no_write_pays_for_a_whole_layer() {
        const ITEMS: u64 = 50_000;
        let mut map = Layered::default();
        let plain = most_comparisons(&mut map, 0..ITEMS);
        let shared = map.share();
        let over_shared = most_comparisons(&mut map, (0..ITEMS).step_by(2));
        drop(shared);
        let folding = most_comparisons(&mut map, (0..ITEMS).rev());
        let twins = [map.share(), map.share()];
        most_comparisons(&mut map, 0..ITEMS / 2 + 1);
        let more = map.share();
        let copying = most_comparisons(&mut map, (0..2 * ITEMS).rev());
        drop((twins, more));
        let after = most_comparisons(&mut map, 0..2 * ITEMS);
        for (what, most) in
            [("shared", over_shared), ("folding", folding), ("copying", copying), ("after", after)]
        {
            assert!(most <= 20 * plain, "{what}: {most} comparisons in one write, {plain} in a plain map");
        }
    }
}
