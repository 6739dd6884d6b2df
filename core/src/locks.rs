//! The one order in which the locks of the engine are taken, checked in debug builds.
//!
//! ```text
//! upkeep < naming < mappings < topics < bucket (by id) < queue (by id) < turn of a token < state of a table (by id) < partition (by table id, then by first hash) < data stream (by id) < journal
//! ```
//! A thread takes a lock only when all that it holds come before it in this order, so no two threads can wait for each other. Locks inside
//! the store and the catalog are taken below all of these, and nothing here is taken while one of those is held.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use parking_lot::{ArcMutexGuard, Mutex, MutexGuard, RawMutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A lock's place in the order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Rank {
    /// Background work, one run at a time.
    Upkeep,
    /// Giving names to tables and taking them away.
    Naming,
    /// Event source mappings and functions, all of them.
    Mappings,
    /// Topics and their subscriptions, all of them.
    Topics,
    /// A bucket: its id.
    Bucket(u64),
    /// A queue: its id.
    Queue(u64),
    /// A request with a token, until it is done: which of the turns.
    Token(u64),
    /// The state of a table: its id.
    Table(u64),
    /// A partition: the table's id, the first hash.
    Partition(u64, u64),
    /// The state of a data stream: its id.
    DataStream(u64),
    /// From a look at the engine's state to its commit.
    Journal,
}

/// What this thread holds, in debug builds; nothing in others.
#[derive(Debug)]
struct Held {
    #[cfg(debug_assertions)]
    rank: Rank,
}

#[cfg(debug_assertions)]
thread_local! {
    static HELD: std::cell::RefCell<Vec<Rank>> = const { std::cell::RefCell::new(Vec::new()) };
}

impl Held {
    #[cfg(debug_assertions)]
    fn note(rank: Rank) -> Held {
        HELD.with_borrow_mut(|held| {
            if let Some(last) = held.iter().max() {
                assert!(
                    *last < rank,
                    "{rank:?} is taken while {last:?} is held: the order of locks is broken"
                );
            }
            held.push(rank);
        });
        Held { rank }
    }

    #[cfg(not(debug_assertions))]
    #[inline(always)]
    fn note(_rank: Rank) -> Held {
        Held {}
    }
}

#[cfg(debug_assertions)]
impl Drop for Held {
    fn drop(&mut self) {
        HELD.with_borrow_mut(|held| {
            let at = held.iter().rposition(|rank| *rank == self.rank).expect("noted when it was taken");
            held.swap_remove(at);
        });
    }
}

/// In debug builds, sees that this thread holds no lock: what comes next waits for a disk.
pub(crate) fn assert_none_held() {
    #[cfg(debug_assertions)]
    HELD.with_borrow(|held| assert!(held.is_empty(), "{held:?} is held while a disk is waited for"));
}

/// A lock that is held, and the note of it.
pub(crate) struct Guard<G> {
    guard: G,
    _held: Held,
}

impl<G: Deref<Target: fmt::Debug>> fmt::Debug for Guard<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.guard.deref().fmt(f)
    }
}

impl<G: Deref> Deref for Guard<G> {
    type Target = G::Target;

    fn deref(&self) -> &G::Target {
        &self.guard
    }
}

impl<G: DerefMut> DerefMut for Guard<G> {
    fn deref_mut(&mut self) -> &mut G::Target {
        &mut self.guard
    }
}

/// A held [`Ordered`] lock.
pub(crate) type Guarded<'a, T> = Guard<MutexGuard<'a, T>>;

/// A held [`Ordered`] lock that borrows nothing.
pub(crate) type Owned<T> = Guard<ArcMutexGuard<RawMutex, T>>;

/// A mutex with a place in the order.
pub(crate) struct Ordered<T> {
    rank: Rank,
    mutex: Arc<Mutex<T>>,
}

impl<T> Ordered<T> {
    pub(crate) fn new(rank: Rank, value: T) -> Ordered<T> {
        Ordered { rank, mutex: Arc::new(Mutex::new(value)) }
    }

    /// Waits for the lock.
    pub(crate) fn lock(&self) -> Guarded<'_, T> {
        let _held = Held::note(self.rank);
        Guard { guard: self.mutex.lock(), _held }
    }

    /// Waits for the lock; the guard borrows nothing.
    pub(crate) fn lock_owned(&self) -> Owned<T> {
        let _held = Held::note(self.rank);
        Guard { guard: self.mutex.lock_arc(), _held }
    }

    /// Takes the lock if nobody has it.
    pub(crate) fn try_lock_owned(&self) -> Option<Owned<T>> {
        let guard = self.mutex.try_lock_arc()?;
        Some(Guard { guard, _held: Held::note(self.rank) })
    }
}

impl<T: fmt::Debug> fmt::Debug for Ordered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ordered").field("rank", &self.rank).field("mutex", &self.mutex).finish()
    }
}

/// A reader-writer lock with a place in the order. Readers take part in it, too: a reader waits behind a writer who waits.
#[derive(Debug)]
pub(crate) struct OrderedRw<T> {
    rank: Rank,
    lock: RwLock<T>,
}

impl<T> OrderedRw<T> {
    pub(crate) fn new(rank: Rank, value: T) -> OrderedRw<T> {
        OrderedRw { rank, lock: RwLock::new(value) }
    }

    pub(crate) fn read(&self) -> Guard<RwLockReadGuard<'_, T>> {
        let _held = Held::note(self.rank);
        Guard { guard: self.lock.read(), _held }
    }

    pub(crate) fn write(&self) -> Guard<RwLockWriteGuard<'_, T>> {
        let _held = Held::note(self.rank);
        Guard { guard: self.lock.write(), _held }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_taken_in_their_order_and_given_back_in_any() {
        let (naming, table) = (Ordered::new(Rank::Naming, 1), OrderedRw::new(Rank::Table(7), 2));
        let low = Ordered::new(Rank::Partition(7, 0), 3);
        let high = Ordered::new(Rank::Partition(7, 9), 4);
        let (a, b, c) = (naming.lock(), table.read(), low.lock_owned());
        drop(a);
        let d = high.try_lock_owned().expect("nobody has it");
        assert!(high.try_lock_owned().is_none());
        assert_eq!((*b, *c, *d), (2, 3, 4));
        drop((c, b, d));
        assert_eq!(*naming.lock(), 1);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "the order of locks is broken")]
    fn a_lock_out_of_order_is_an_assertion() {
        let (early, late) = (Ordered::new(Rank::Table(1), ()), Ordered::new(Rank::Partition(1, 0), ()));
        let _late = late.lock();
        let _early = early.lock();
    }
}
