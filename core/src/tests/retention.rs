//! How long records can be read is what the catalog says of their stream.

use std::sync::Arc;

use serde_json::{Value, json};

use super::world::{World, options};
use crate::database::Database;
use crate::store::{Batch, LogId, Logs, MemoryStore, Meta, MetaChange, Store};

const HOUR: u64 = 3_600_000;

/// A database as another one left it, with a stream that keeps its records for another time.
fn reopened(store: &Arc<MemoryStore>, retention: u64) -> Database {
    let entries = store.meta().expect("memory").into_iter().filter(|(name, _)| name.starts_with("stream/"));
    let meta = entries.map(|(name, text)| {
        let mut stored: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(stored["retention"], json!(24 * HOUR));
        stored["retention"] = json!(retention);
        MetaChange { name, text: Some(stored.to_string()) }
    });
    store.commit(Batch { meta: meta.collect(), ..Batch::default() }).expect("memory");
    Database::over(store.clone(), options()).expect("a sound catalog")
}

#[test]
fn records_live_as_long_as_the_catalog_says_of_their_stream() {
    for hours in [1, 60] {
        let store = Arc::new(MemoryStore::default());
        let db = Database::over(store.clone(), options()).expect("a new database");
        let mut world = World::over(db);
        let stream = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
        world.create("Orders", json!({"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": stream}));
        world.advance(2_000);
        let mut world = World::over(reopened(&store, hours * HOUR));
        world.put("Orders", 0..6, "first");
        let count = |world: &mut World| {
            let mut iterators = world.iterators();
            let pages = iterators
                .iter_mut()
                .map(|iterator| world.call("GetRecords", json!({"ShardIterator": iterator})));
            pages.map(|page| page["Records"].as_array().expect("a list").len()).sum::<usize>()
        };
        assert_eq!(count(&mut world), 6);
        world.advance(hours * HOUR - 1_000);
        assert_eq!(count(&mut world), 6, "{hours} hours");
        world.advance(1_000);
        assert_eq!(count(&mut world), 0, "{hours} hours");
        world.advance(HOUR);
        world.done("Maintain", json!({}));
        // The shards that the stream began with are gone with their last records once they are closed, the stream once it is off.
        world.stream("Orders", None);
        world.advance(hours * HOUR - 1_000);
        assert_eq!(world.call("ListStreams", json!({}))["Streams"].as_array().map(Vec::len), Some(1));
        world.advance(1_000);
        assert_eq!(world.call("ListStreams", json!({}))["Streams"].as_array().map(Vec::len), Some(0));
        let bounds = |log| store.bounds(LogId(log), 0).expect("memory").value;
        let logs = (0..200).filter(|log| bounds(*log).last.is_some());
        assert_eq!(logs.count(), 0, "{hours} hours");
    }
}
