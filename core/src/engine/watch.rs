//! Which streams were written to, for those who wait for that. Nobody waits: a commit looks at one number.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::RwLock;

use crate::monitor::Monitor;

/// Those who wait.
#[derive(Debug, Default)]
pub(crate) struct Watches {
    count: AtomicUsize,
    all: RwLock<Vec<Weak<Watch>>>,
}

/// What was written to since it was asked last, told to one who waits.
#[derive(Debug)]
pub struct Watch {
    owner: Arc<Watches>,
    noted: Monitor<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    /// Tables whose streams have new records, by name; data streams as `stream/<name>`.
    tables: BTreeSet<String>,
    /// Whether mappings or functions have changed.
    mappings: bool,
    /// How often there was something new, or somebody called.
    count: u64,
}

impl Watches {
    /// One more who waits.
    pub(crate) fn watch(self: &Arc<Watches>) -> Arc<Watch> {
        let watch = Arc::new(Watch { owner: self.clone(), noted: Monitor::default() });
        let mut all = self.all.write();
        all.retain(|watch| watch.strong_count() > 0);
        all.push(Arc::downgrade(&watch));
        self.count.fetch_add(1, Ordering::SeqCst);
        watch
    }

    /// Records of these tables show now.
    pub(crate) fn note<'a>(&self, tables: impl Iterator<Item = &'a str>) {
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        let tables: Vec<&str> = tables.collect();
        if tables.is_empty() {
            return;
        }
        for watch in self.all.read().iter().filter_map(Weak::upgrade) {
            let mut noted = watch.noted.lock();
            for table in &tables {
                if !noted.tables.contains(*table) {
                    noted.tables.insert((*table).to_owned());
                }
            }
            noted.count += 1;
            drop(noted);
            watch.noted.notify_all();
        }
    }

    /// Records of a data stream show now.
    pub(crate) fn note_data_stream(&self, name: &str) {
        if self.count.load(Ordering::SeqCst) > 0 {
            self.note(std::iter::once(format!("stream/{name}").as_str()));
        }
    }

    /// Mappings or functions have changed.
    pub(crate) fn note_mappings(&self) {
        self.call(true);
    }

    /// Everybody is to look up: the clock was set, or the database is closed.
    pub(crate) fn call_all(&self) {
        self.call(false);
    }

    fn call(&self, have_mappings_changed: bool) {
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        for watch in self.all.read().iter().filter_map(Weak::upgrade) {
            watch.noted.lock().mappings |= have_mappings_changed;
            watch.call();
        }
    }
}

impl Watch {
    /// The tables whose streams have got records since this was asked last, by name; data streams as `stream/<name>`.
    pub fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.noted.lock().tables)
    }

    /// As [`Watch::take`], and whether mappings or functions have changed since.
    pub(crate) fn take_all(&self) -> (BTreeSet<String>, bool) {
        let mut noted = self.noted.lock();
        (std::mem::take(&mut noted.tables), std::mem::take(&mut noted.mappings))
    }

    /// How often something was written, or somebody called.
    pub fn count(&self) -> u64 {
        self.noted.lock().count
    }

    /// Waits until the count is no more the one that is known, for some time at most.
    pub fn wait(&self, known: u64, most: Duration) {
        let mut noted = self.noted.lock();
        let mut is_over = false;
        while noted.count == known && !is_over {
            (noted, is_over) = self.noted.wait_for(noted, most);
        }
    }

    /// Ends the waiting.
    pub fn call(&self) {
        self.noted.lock().count += 1;
        self.noted.notify_all();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.owner.count.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_is_told_of_what_is_written() {
        let watches = Arc::new(Watches::default());
        watches.note(["Before"].into_iter());
        let watch = watches.watch();
        assert!(watch.take().is_empty(), "nobody waited then");
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                // The bound is for a failure alone.
                watch.wait(0, Duration::from_secs(60));
                watch.take()
            });
            watches.note(["One", "Two", "One"].into_iter());
            assert_eq!(waiter.join().expect("no panic").into_iter().collect::<Vec<_>>(), ["One", "Two"]);
        });
        watches.call_all();
        watch.wait(1, Duration::from_secs(60));
        assert_eq!((watch.count(), watch.take_all()), (2, (BTreeSet::new(), false)));
        watches.note_mappings();
        assert_eq!((watch.count(), watch.take_all().1, watch.take_all().1), (3, true, false));
        drop(watch);
        assert_eq!(watches.count.load(Ordering::SeqCst), 0);
        watches.note(["Nobody"].into_iter());
    }
}
