//! Opening a database that exists: what may be asked for, and catalogs that cannot be used.

use serde_json::Value;

use super::world::{World, begin, options};
use crate::api::{Error, ErrorCode};
use crate::clock::MANUAL_START;
use crate::database::Database;
use crate::options::{ClockMode, OpenOptions};
use crate::store::faulty::Faulty;
use crate::store::{Batch, MetaChange};

fn filled() -> World {
    let mut world = World::new();
    begin(&mut world);
    world.stream("Orders", None);
    world.db.close().expect("a sound store");
    world
}

fn open(world: &World, options: OpenOptions) -> Result<Database, Error> {
    Database::over(Faulty::over(world.disk.store()), options)
}

fn now(db: &Database) -> u64 {
    let answer = db.call_json("DescribeClock", b"{}").expect("open");
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    answer["Now"].as_u64().expect("time")
}

#[test]
fn a_manual_clock_goes_on_and_never_back() {
    let world = filled();
    let stored = MANUAL_START + 2_000;
    assert_eq!(now(&open(&world, options()).expect("sound")), stored);
    let early = OpenOptions { now: Some(stored - 1), ..options() };
    let error = open(&world, early).expect_err("back in time");
    assert_eq!(error.code(), ErrorCode::Open);
    assert_eq!(
        error.message(),
        "The clock of this database is at 2026-01-01T00:00:02.000; it cannot go back to 2026-01-01T00:00:01.999; open without now to \
         continue"
    );
    assert_eq!(now(&open(&world, OpenOptions { now: Some(stored), ..options() }).expect("the same")), stored);
    let later = open(&world, OpenOptions { now: Some(stored + 5), ..options() }).expect("forward");
    assert_eq!(now(&later), stored + 5);
    // Kept at once: the database need not be closed for it.
    std::mem::forget(later);
    assert_eq!(now(&open(&world, options()).expect("sound")), stored + 5);
}

#[test]
fn a_system_clock_far_behind_is_refused() {
    let world = filled();
    let century = MANUAL_START + 100 * 365 * 86_400_000;
    open(&world, OpenOptions { now: Some(century), ..options() }).expect("forward").close().expect("sound");
    let system = OpenOptions { clock: ClockMode::System, ..options() };
    let error = open(&world, system).expect_err("the year is not 2125");
    assert_eq!(error.code(), ErrorCode::Open);
    assert!(error.message().contains("this database has seen 2125-12-"), "{error}");
    open(&world, options()).expect("it goes on with a manual clock").close().expect("sound");
}

#[test]
fn a_database_stays_where_it_is() {
    let world = filled();
    let elsewhere = OpenOptions { region: Some("eu-west-1".into()), ..options() };
    let error = open(&world, elsewhere).expect_err("another region");
    assert_eq!(error.code(), ErrorCode::Open);
    assert!(error.message().contains("us-east-1") && error.message().contains("eu-west-1"), "{error}");
}

#[test]
fn another_seed_starts_and_the_same_one_goes_on() {
    let chance = |db: &Database| db.engine().entropy.state();
    let world = filled();
    let first = open(&world, options()).expect("sound");
    let state = chance(&first);
    assert_ne!(state, 1, "something was drawn");
    std::mem::forget(first);
    assert_eq!(chance(&open(&world, options()).expect("sound")), state);
    let other = open(&world, OpenOptions { seed: Some(9), ..options() }).expect("sound");
    assert_eq!(chance(&other), 9);
    std::mem::forget(other);
    // The seed before the last is as new as any.
    assert_eq!(chance(&open(&world, options()).expect("sound")), 1);
    let unseeded = OpenOptions { seed: None, ..options() };
    let (one, two) = (open(&world, unseeded.clone()).expect("sound"), open(&world, unseeded).expect("sound"));
    assert_ne!(chance(&one), chance(&two));
}

/// Opens a sound catalog after a change to it.
fn tampered(change: impl FnOnce(&mut Vec<(String, String)>)) -> Result<Database, Error> {
    let world = filled();
    let before = world.disk.store().meta().expect("memory");
    let mut after = before.clone();
    change(&mut after);
    let removed = before.into_iter().map(|(name, _)| MetaChange { name, text: None });
    let added = after.into_iter().map(|(name, text)| MetaChange { name, text: Some(text) });
    let meta = removed.chain(added).collect();
    world.disk.store().commit(Batch { meta, ..Batch::default() }).expect("memory");
    open(&world, options())
}

/// The first entry whose name starts like this and whose text holds that.
fn entry<'a>(entries: &'a mut [(String, String)], name: &str, part: &str) -> &'a mut (String, String) {
    entries
        .iter_mut()
        .find(|(n, text)| n.starts_with(name) && text.contains(part))
        .unwrap_or_else(|| panic!("an entry {name} with {part}"))
}

/// Replaces a part of an entry's text.
fn replace(
    name: &'static str,
    from: &'static str,
    to: &'static str,
) -> impl FnOnce(&mut Vec<(String, String)>) {
    move |entries| {
        let (_, text) = entry(entries, name, from);
        *text = text.replacen(from, to, 1);
    }
}

/// Removes an entry.
fn remove(name: &'static str, part: &'static str) -> impl FnOnce(&mut Vec<(String, String)>) {
    move |entries| {
        let gone = entry(entries, name, part).0.clone();
        entries.retain(|(name, _)| *name != gone);
    }
}

fn assert_corrupt(change: impl FnOnce(&mut Vec<(String, String)>), name: &str, cause: &str) {
    let error = tampered(change).expect_err(cause);
    assert_eq!(error.code(), ErrorCode::Corruption, "{error}");
    assert!(error.message().contains(&format!("entry {name}")), "{name}: {error}");
    assert!(error.message().contains(cause), "{cause}: {error}");
}

#[test]
fn an_untouched_catalog_opens() {
    tampered(|_| {}).expect("sound");
}

#[test]
fn texts_that_cannot_be_read_are_corruption() {
    assert_corrupt(replace("state", "{", ""), "state", "expected");
    assert_corrupt(replace("state", "\"time\"", "\"tide\""), "state", "unknown field `tide`");
    assert_corrupt(replace("state", "\"region\":\"us-east-1\",", ""), "state", "missing field `region`");
    assert_corrupt(replace("table/", "PROVISIONED", "FREE"), "table/", "unknown variant `FREE`");
    assert_corrupt(replace("table/", "\"units\":[", "\"units\":[\"x\","), "table/", "invalid type");
    assert_corrupt(replace("stream/Orders", "NEW_AND_OLD", "NEW_OR_OLD"), "stream/Orders/2026", "NEW_OR_OLD");
    assert_corrupt(replace("shard/", "shardId-", "shard-"), "shard/", "the id of a shard");
    assert_corrupt(replace("shard/", "\"start\":\"", "\"start\":\"-"), "shard/", "a sequence number");
}

#[test]
fn catalogs_that_contradict_themselves_are_corruption() {
    assert_corrupt(remove("state", ""), "state", "it is missing");
    assert_corrupt(remove("stream/Doomed", ""), "shard/", "table Doomed has no stream");
    assert_corrupt(remove("shard/", "\"table\":\"Doomed\""), "table/", "have no open shard");
    assert_corrupt(
        remove("table/", "\"name\":\"Doomed\""),
        "stream/Doomed/",
        "it is on, but no table writes to it",
    );
    assert_corrupt(
        replace("stream/Doomed", "}", ",\"off\":{\"requested_at\":1,\"disabled_at\":1}}"),
        "table/",
        "that is on",
    );
    assert_corrupt(
        replace("table/", "\"partitions\":[[0,", "\"partitions\":[[1,"),
        "table/",
        "every hash once",
    );
    assert_corrupt(replace("table/", "]]}", "],[0,18446744073709551615]]}"), "table/", "every hash once");
    assert_corrupt(
        replace("table/", "\"name\":\"Plain\"", "\"name\":\"Orders\""),
        "table/",
        "two tables Orders",
    );
    let early = |entries: &mut Vec<(String, String)>| {
        let (_, text) = entry(entries, "shard/", "\"end\":");
        *text = text.replace("\"start\":\"", "\"start\":\"9");
    };
    assert_corrupt(early, "shard/", "ends before its start");
    assert_corrupt(|entries| entries.push(("view/1".into(), "{}".into())), "view/1", "no such entry");
    assert_corrupt(|entries| entries.push(("table/x".into(), "{}".into())), "table/x", "no number");
    let twin = |entries: &mut Vec<(String, String)>| {
        let text = entry(entries, "shard/", "\"table\":\"Doomed\"").1.clone();
        entries.push(("shard/99".into(), text));
    };
    assert_corrupt(twin, "shard/99", "two shards");
    let stray = |entries: &mut Vec<(String, String)>| {
        let text = entry(entries, "shard/", "\"table\":\"Doomed\"").1.clone();
        entries.push((
            "shard/99".into(),
            text.replace("\"hashes\":[", "\"hashes\":[7").replace("shardId-0", "shardId-1"),
        ));
    };
    assert_corrupt(stray, "shard/99", "no partition writes to it");
}
