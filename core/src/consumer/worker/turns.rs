//! Which mapping's turn it is: the next that is due after the last one, in the order of their identities. Those that wait cost nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::member::Wait;
use crate::clock::Millis;

#[derive(Debug, Default)]
pub(super) struct Turns {
    waits: BTreeMap<Arc<str>, Wait>,
    due: BTreeSet<Arc<str>>,
    timed: BTreeSet<(Millis, Arc<str>)>,
    /// By what their streams are told by.
    readers: BTreeMap<Box<str>, BTreeSet<Arc<str>>>,
    last: Option<Arc<str>>,
}

impl Turns {
    /// Begins anew, after the same last one.
    pub(super) fn clear(&mut self) {
        *self = Turns { last: self.last.take(), ..Turns::default() };
    }

    /// A mapping reads what is told by this name.
    pub(super) fn reads(&mut self, uuid: &str, source: &str) {
        self.readers.entry(source.into()).or_default().insert(uuid.into());
    }

    /// The mappings that read what is told by this name.
    pub(super) fn readers(&self, source: &str) -> impl Iterator<Item = &Arc<str>> {
        self.readers.get(source).into_iter().flatten()
    }

    /// What a mapping waits for; none when it is gone.
    pub(super) fn set(&mut self, uuid: &str, wait: Option<Wait>) {
        let uuid: Arc<str> = match self.waits.remove_entry(uuid) {
            Some((uuid, was)) => {
                match was {
                    Wait::Due => self.due.remove(&uuid),
                    Wait::Until(at) => self.timed.remove(&(at, uuid.clone())),
                    Wait::Told => false,
                };
                uuid
            }
            None => uuid.into(),
        };
        let Some(wait) = wait else { return };
        match wait {
            Wait::Due => self.due.insert(uuid.clone()),
            Wait::Until(at) => self.timed.insert((at, uuid.clone())),
            Wait::Told => false,
        };
        self.waits.insert(uuid, wait);
    }

    /// The next whose turn it is; that was its turn.
    pub(super) fn next(&mut self, now: Millis) -> Option<Arc<str>> {
        while let Some((at, uuid)) = self.timed.first().filter(|(at, _)| *at <= now).cloned() {
            self.timed.remove(&(at, uuid.clone()));
            self.waits.insert(uuid.clone(), Wait::Due);
            self.due.insert(uuid);
        }
        let after = self
            .last
            .as_ref()
            .and_then(|last| self.due.range::<str, _>((Bound::Excluded(&**last), Bound::Unbounded)).next());
        let next = after.or_else(|| self.due.first())?.clone();
        self.last = Some(next.clone());
        Some(next)
    }

    /// The first moment at which one of them is due; none while all wait to be told.
    pub(super) fn earliest(&self) -> Option<Millis> {
        self.timed.first().map(|(at, _)| *at)
    }
}
