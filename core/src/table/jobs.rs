//! Exports and imports: work that a request begins, and that is told of long after it has ended.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::clock::{Millis, millis};
use crate::limits::JOB_LIFETIME;

/// A job's place: the last part of its ARN, its table's name. So they are in the order in which they began.
pub(crate) type JobKey = (String, String);

/// An export or an import.
pub(crate) trait Job {
    /// The last part of its ARN: the milliseconds of its beginning, and what tells apart those of one.
    fn id(&self) -> &str;
    /// The table's name.
    fn table(&self) -> &str;
    /// The token of the request, and when it came.
    fn token(&self) -> (Option<&str>, Millis);
    /// When it ended.
    fn ended_at(&self) -> Option<Millis>;

    /// From when on it is told of no more.
    fn forgotten_at(&self) -> Option<Millis> {
        self.ended_at().map(|at| at + millis(JOB_LIFETIME))
    }
}

/// All jobs of a kind.
#[derive(Debug)]
pub(crate) struct Jobs<T>(RwLock<BTreeMap<JobKey, Arc<T>>>);

impl<T> Default for Jobs<T> {
    fn default() -> Jobs<T> {
        Jobs(RwLock::default())
    }
}

impl<T: Job> Jobs<T> {
    pub(crate) fn add(&self, job: Arc<T>) {
        self.0.write().insert(key_of(&*job), job);
    }

    pub(crate) fn remove(&self, job: &T) {
        self.0.write().remove(&key_of(job));
    }

    /// The job of a table with the last part of an ARN.
    pub(crate) fn get(&self, table: &str, id: &str) -> Option<Arc<T>> {
        self.0.read().get(&(id.to_owned(), table.to_owned())).cloned()
    }

    /// Every job, the oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<T>> {
        self.0.read().values().cloned().collect()
    }

    /// The newest job that a request with this token began after a moment.
    pub(crate) fn of_token(&self, token: &str, after: Millis) -> Option<Arc<T>> {
        let jobs = self.0.read();
        let has_token = |job: &&Arc<T>| matches!(job.token(), (Some(own), at) if own == token && at > after);
        jobs.values().rev().find(has_token).cloned()
    }

    /// The first `most` jobs before a place for which a test holds, the newest first, and whether there are more.
    pub(crate) fn before(
        &self,
        place: Option<&JobKey>,
        most: usize,
        holds: impl Fn(&T) -> bool,
    ) -> (Vec<Arc<T>>, bool) {
        let jobs = self.0.read();
        let to = place.map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = jobs.range((Bound::Unbounded, to)).rev().map(|(_, job)| job).filter(|job| holds(job));
        let page = found.by_ref().take(most).cloned().collect();
        (page, found.next().is_some())
    }
}

pub(crate) fn key_of(job: &impl Job) -> JobKey {
    (job.id().to_owned(), job.table().to_owned())
}
