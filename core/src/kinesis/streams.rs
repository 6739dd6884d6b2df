//! All data streams, by name.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::RwLock;

use super::DataStream;

/// What exists, with the names of streams that are gone and not forgotten yet.
#[derive(Debug, Default)]
pub(crate) struct DataStreams(RwLock<BTreeMap<String, Arc<DataStream>>>);

impl DataStreams {
    /// The stream that has a name, also when it is gone and only its name is left.
    pub(crate) fn holder(&self, name: &str) -> Option<Arc<DataStream>> {
        self.0.read().get(name).cloned()
    }

    /// Adds a stream, in place of one of the same name that is gone.
    pub(crate) fn add(&self, stream: Arc<DataStream>) {
        self.0.write().insert(stream.name.clone(), stream);
    }

    /// Takes the name from a stream that is gone, if it still has it.
    pub(crate) fn remove(&self, stream: &DataStream) {
        let mut streams = self.0.write();
        if streams.get(&stream.name).is_some_and(|holder| holder.id == stream.id) {
            streams.remove(&stream.name);
        }
    }

    /// All of them, in the order of their names.
    pub(crate) fn all(&self) -> Vec<Arc<DataStream>> {
        self.0.read().values().cloned().collect()
    }

    /// Those after a name, in the order of their names.
    pub(crate) fn after(&self, name: Option<&str>) -> Vec<Arc<DataStream>> {
        let from = name.map_or(Bound::Unbounded, Bound::Excluded);
        self.0.read().range::<str, _>((from, Bound::Unbounded)).map(|(_, stream)| stream.clone()).collect()
    }
}
