//! Readers over databases in memory.

use std::collections::HashMap;
use std::time::Duration;

use super::super::{Checkpoint, Cursor, ReadOptions, Reader, Trimmed};
use super::{drain, open, read};
use crate::api::{ErrorCode, Open, Record, ShardIteratorType};
use crate::database::Database;
use crate::options::OpenOptions;
use crate::value::Item;

const HOUR: Duration = Duration::from_secs(3600);

struct World {
    db: Database,
    arn: String,
    written: u32,
}

impl World {
    fn new(partitions: u32) -> World {
        let options =
            OpenOptions { partitions, shard_rollover: Duration::ZERO, ..OpenOptions::deterministic() };
        let mut world =
            World { db: Database::memory(options).expect("sound"), arn: String::new(), written: 0 };
        world.call(
            "CreateTable",
            r#"{"TableName": "Things", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}"#,
        );
        world.find_stream();
        world
    }

    fn call(&self, operation: &str, input: &str) -> serde_json::Value {
        let answer = self.db.call_json(operation, input.as_bytes()).expect(operation);
        serde_json::from_slice(&answer).expect("JSON")
    }

    fn find_stream(&mut self) {
        let table = self.call("DescribeTable", r#"{"TableName": "Things"}"#);
        self.arn = table["Table"]["LatestStreamArn"].as_str().expect("a stream").to_owned();
    }

    /// Changes each of `keys` items once.
    fn write(&mut self, keys: u32) {
        for key in 0..keys {
            self.written += 1;
            let item = format!(
                r#"{{"TableName": "Things", "Item": {{"id": {{"S": "{key}"}}, "n": {{"N": "{}"}}}}}}"#,
                self.written
            );
            self.call("PutItem", &item);
        }
    }

    fn roll(&self) {
        self.call("RollShard", r#"{"TableName": "Things"}"#);
    }

    fn advance(&self, by: Duration) {
        self.db.advance(by).expect("a manual clock");
    }

    fn shards(&self) -> Vec<serde_json::Value> {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let input = format!(r#"{{"StreamArn": "{}"{after}}}"#, self.arn);
            let page = self.call("DescribeStream", &input)["StreamDescription"].take();
            found.extend(page["Shards"].as_array().expect("a list").iter().cloned());
            let Some(last) = page["LastEvaluatedShardId"].as_str() else { return found };
            after = format!(r#", "ExclusiveStartShardId": "{last}""#);
        }
    }

    fn cursor(&self, options: ReadOptions) -> Cursor {
        Cursor::new(open(&self.db, &self.arn, options))
    }

    fn code(&self, options: ReadOptions) -> ErrorCode {
        Reader::open(&self.db, &self.arn, options).expect_err("refused").code()
    }
}

/// The number that the write of a record had.
fn number(record: &Record) -> u32 {
    let image = serde_json::to_value(record).expect("JSON");
    image["dynamodb"]["NewImage"]["n"]["N"].as_str().and_then(|n| n.parse().ok()).expect("a number")
}

fn numbers(found: &[(String, Record)]) -> Vec<u32> {
    found.iter().map(|(_, record)| number(record)).collect()
}

/// Each write once, and those of each key in order.
fn check_all(found: &[(String, Record)], written: u32) {
    let mut all = numbers(found);
    let mut newest: HashMap<Item, u32> = HashMap::new();
    for (_, record) in found {
        let before = newest.insert(record.keys.clone(), number(record));
        assert!(before.is_none_or(|before| before < number(record)), "a child was read before its parent");
    }
    all.sort_unstable();
    assert_eq!(all, (1..=written).collect::<Vec<u32>>());
}

/// 4 partitions, rolled and split into 28 generations and more than 112 shards.
fn generations() -> World {
    let mut world = World::new(4);
    for generation in 1..28 {
        world.write(9);
        if generation % 9 == 0 {
            world.call("SplitShard", r#"{"TableName": "Things"}"#);
        }
        world.roll();
    }
    world.write(9);
    assert!(world.shards().len() > 112);
    world
}

#[test]
fn a_long_lineage_is_read_parents_first_each_record_once() {
    let world = generations();
    let mut cursor = world.cursor(ReadOptions::default());
    check_all(&drain(&world.db, &mut cursor), world.written);
    // What is kept is the cut: the open shards, not the hundred that were read.
    let text = cursor.checkpoint().to_string();
    assert_eq!(text.matches("\"shard\":").count(), 7);
    assert!(cursor.reader().is_caught_up() && !cursor.reader().is_finished());
}

#[test]
fn going_on_from_the_checkpoint_after_each_record_gives_each_record_once() {
    let world = generations();
    let mut found = Vec::new();
    let mut cursor = world.cursor(ReadOptions::default());
    while cursor.fill(&world.db).expect("read") {
        found.push((cursor.shard_id().to_string(), cursor.take().expect("filled")));
        let checkpoint: Checkpoint = cursor.checkpoint().to_string().parse().expect("a checkpoint");
        cursor = world.cursor(ReadOptions::resume(checkpoint));
    }
    check_all(&found, world.written);
}

#[test]
fn a_copy_kept_with_a_page_tells_the_checkpoints_of_its_records_later() {
    let world = generations();
    let mut reader = open(&world.db, &world.arn, ReadOptions::default());
    let mut kept = Vec::new();
    while let Some(page) = reader.next_page(&world.db, 3).expect("read") {
        let copy = reader.clone();
        let apart = copy.tips.iter().zip(&reader.tips).filter(|(one, other)| !one.is_shared_with(other));
        assert_eq!(apart.count(), 0, "a copy has nothing of its own");
        kept.push((page, copy));
    }
    let mut before = Vec::new();
    for (page, copy) in kept {
        for record in page.records {
            let place = copy.checkpoint_within(Some(record.sequence_number));
            before.push((page.shard_id.to_string(), record));
            let mut found = before.clone();
            found.extend(read(&world.db, &world.arn, ReadOptions::resume(place)));
            check_all(&found, world.written);
        }
    }
}

#[test]
fn a_checkpoint_before_the_first_record_of_a_page_repeats_none_and_loses_none() {
    let world = generations();
    let mut reader = open(&world.db, &world.arn, ReadOptions::default());
    let mut before = Vec::new();
    while let Some(page) = reader.next_page(&world.db, 3).expect("read") {
        let mut found = before.clone();
        found.extend(read(&world.db, &world.arn, ReadOptions::resume(reader.checkpoint_within(None))));
        check_all(&found, world.written);
        before.extend(page.records.into_iter().map(|record| (page.shard_id.to_string(), record)));
    }
    check_all(&before, world.written);
}

#[test]
fn a_shard_without_room_is_neither_read_nor_left_for_its_children() {
    let mut world = World::new(2);
    world.write(12);
    let mut reader = open(&world.db, &world.arn, ReadOptions::default());
    let full = reader.shards().next().expect("two").shard_id.clone();
    let mut other = Vec::new();
    world.roll();
    world.write(12);
    while let Some(page) =
        reader.next_page_where(&world.db, |shard| if *shard.shard_id == full { 0 } else { 2 }).expect("read")
    {
        assert!(page.records.len() <= 2 && page.shard_id != full);
        other.extend(page.records.into_iter().map(|record| (page.shard_id.to_string(), record)));
    }
    assert!(reader.shards().any(|shard| *shard.shard_id == full && !shard.has_ended && !shard.is_dry));
    // Where it has room it is read to its end, and stays while it has none again.
    let rest = reader.next_page_where(&world.db, |_| 100).expect("read").expect("records");
    assert_eq!(rest.shard_id, full);
    let none = reader.next_page_where(&world.db, |shard| usize::from(*shard.shard_id != full)).expect("read");
    assert!(none.is_none(), "the others were read to their ends");
    assert!(reader.shards().any(|shard| *shard.shard_id == full && shard.has_ended));
    let first = rest.records[0].sequence_number();
    let place = reader.checkpoint_before([(&*full, first), ("none", "1".into())]);
    let found = read(&world.db, &world.arn, ReadOptions::resume(place));
    check_all(&[other, found].concat(), world.written);
    let children = drain(&world.db, &mut Cursor::new(reader));
    assert!(!children.is_empty() && children.iter().all(|(shard, _)| *shard != *full));
}

#[test]
fn shards_are_described_as_they_are_needed() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::door::Door;
    use crate::registry::{Request, Response};

    /// Counts the shards that are told.
    #[derive(Debug)]
    struct Counting(Database, AtomicUsize);
    impl Door for Counting {
        fn call(&self, request: Request) -> crate::Result<Response> {
            let response = self.0.execute(request);
            if let Ok(Response::DescribeStream(output)) = &response {
                let shards = output.stream_description.as_ref().and_then(|d| d.shards.as_ref());
                self.1.fetch_add(shards.map_or(0, Vec::len), Ordering::Relaxed);
            }
            response
        }

        fn elapsed(&self) -> std::time::Duration {
            self.0.elapsed()
        }
    }
    let mut world = generations();
    let shards = world.shards().len();
    let door = Counting(world.db.clone(), AtomicUsize::new(0));
    let mut cursor = Cursor::new(open(&door, &world.arn, ReadOptions::default()));
    check_all(&drain(&door, &mut cursor), world.written);
    // The list once, each shard but the first ones as a child, and the newest once more.
    let told = door.1.swap(0, Ordering::Relaxed);
    assert!(told <= 2 * shards + 4 * 7, "{told} of {shards}");
    world.write(9);
    assert_eq!(drain(&door, &mut cursor).len(), 9);
    assert!(drain(&door, &mut cursor).is_empty());
    door.1.store(0, Ordering::Relaxed);
    world.roll();
    assert!(drain(&door, &mut cursor).is_empty());
    let told = door.1.load(Ordering::Relaxed);
    assert!(told < shards / 2, "{told} of {shards}, for the children, and the list from their parents on");
    (0..20).for_each(|_| assert!(drain(&door, &mut cursor).is_empty()));
    door.1.store(0, Ordering::Relaxed);
    world.write(9);
    assert_eq!(drain(&door, &mut cursor).len(), 9);
    assert_eq!(door.1.load(Ordering::Relaxed), 0, "nothing has ended for long, and nothing is new");
}

#[test]
fn iterators_that_expire_are_renewed_at_their_place() {
    let mut world = generations();
    let mut cursor = world.cursor(ReadOptions::default());
    let mut found = Vec::new();
    while cursor.fill(&world.db).expect("renewed") {
        found.push((cursor.shard_id().to_string(), cursor.take().expect("filled")));
        if found.len() % 10 == 0 {
            world.advance(Duration::from_secs(16 * 60));
        }
    }
    world.advance(HOUR);
    world.write(3);
    found.extend(drain(&world.db, &mut cursor));
    check_all(&found, world.written);
}

#[test]
fn a_place_without_a_record_cannot_be_renewed() {
    let mut world = World::new(1);
    let mut cursor = world.cursor(ReadOptions::latest());
    let early: Checkpoint = cursor.checkpoint().to_string().parse().expect("a checkpoint");
    world.write(2);
    assert_eq!(read(&world.db, &world.arn, ReadOptions::resume(early.clone())).len(), 2);
    assert_eq!(drain(&world.db, &mut cursor).len(), 2);
    let mut late = world.cursor(ReadOptions::latest());
    world.advance(HOUR);
    assert!(drain(&world.db, &mut cursor).is_empty(), "it knows a record by now");
    assert_eq!(late.fill(&world.db).expect_err("nobody knows").code(), ErrorCode::ExpiredIterator);
    let mut early = world.cursor(ReadOptions::resume(early));
    assert_eq!(early.fill(&world.db).expect_err("nobody knows").code(), ErrorCode::ExpiredIterator);
}

#[test]
fn what_was_trimmed_unread_is_an_error_or_a_gap() {
    let mut world = World::new(2);
    world.write(8);
    let mut reader = open(&world.db, &world.arn, ReadOptions::default());
    let first = reader.next_page(&world.db, 1).expect("read").expect("a page");
    assert_eq!(first.records.len(), 1);
    let place = reader.checkpoint();
    world.advance(25 * HOUR);
    world.write(8);
    let error = reader.next_page(&world.db, 10);
    // The other shard was not begun: its oldest record is where it starts.
    let error =
        error.and_then(|_| reader.next_page(&world.db, 10)).and_then(|_| reader.next_page(&world.db, 10));
    assert_eq!(error.expect_err("records are gone").code(), ErrorCode::TrimmedDataAccess);
    assert_eq!(world.code(ReadOptions::resume(place.clone())), ErrorCode::TrimmedDataAccess);
    let skipping = ReadOptions { trimmed: Trimmed::Skip, ..ReadOptions::resume(place) };
    let mut cursor = world.cursor(skipping);
    let mut found = numbers(&drain(&world.db, &mut cursor));
    found.sort_unstable();
    assert_eq!(found, (9..=16).collect::<Vec<u32>>());
    assert_eq!(cursor.gaps(), 1);
}

#[test]
fn shards_that_are_gone_unread_are_an_error_or_a_gap() {
    let mut world = World::new(1);
    world.write(2);
    let mut reader = open(&world.db, &world.arn, ReadOptions::default());
    reader.next_page(&world.db, 1).expect("read").expect("a page");
    let place = reader.checkpoint();
    // The shard, its child and the child's child are gone; what is left has a parent that nobody knows.
    for _ in 0..3 {
        world.roll();
        world.write(1);
        world.advance(25 * HOUR);
    }
    world.roll();
    world.write(3);
    let at_read = reader.next_page(&world.db, 10).expect_err("a shard is gone");
    assert_eq!(at_read.code(), ErrorCode::TrimmedDataAccess);
    assert_eq!(world.code(ReadOptions::resume(place.clone())), ErrorCode::TrimmedDataAccess);
    let mut cursor = world.cursor(ReadOptions { trimmed: Trimmed::Skip, ..ReadOptions::resume(place) });
    let newest: Vec<u32> = (world.written - 2..=world.written).collect();
    assert_eq!(numbers(&drain(&world.db, &mut cursor)), newest);
    assert!(cursor.gaps() > 0);
    // From the horizon nothing is missed, because nothing was asked for.
    assert_eq!(numbers(&read(&world.db, &world.arn, ReadOptions::default())), newest);
}

#[test]
fn a_sequence_number_without_its_shard_is_refused_where_there_were_several() {
    let mut world = World::new(4);
    world.write(12);
    let all = read(&world.db, &world.arn, ReadOptions::default());
    let (shard, record) = all[4].clone();
    let after = ReadOptions::after(shard, record.sequence_number);
    let alone = ReadOptions { shard_id: None, ..after.clone() };
    assert_eq!(world.code(alone), ErrorCode::Validation);
    assert!(read(&world.db, &world.arn, after).len() < all.len());

    let mut single = World::new(1);
    single.write(3);
    let (shard, record) = read(&single.db, &single.arn, ReadOptions::default())[1].clone();
    let alone = ReadOptions { shard_id: None, ..ReadOptions::after(shard, record.sequence_number) };
    assert_eq!(numbers(&read(&single.db, &single.arn, alone.clone())), [3]);
    single.roll();
    assert_eq!(single.code(alone), ErrorCode::Validation);
}

#[test]
fn a_moment_counts_for_the_children_too() {
    let mut world = World::new(2);
    world.write(4);
    world.roll();
    world.advance(HOUR);
    world.roll();
    let moment = world.db.advance(HOUR).expect("manual");
    world.write(4);
    world.roll();
    world.write(4);
    let mut found = numbers(&read(&world.db, &world.arn, ReadOptions::since(moment)));
    found.sort_unstable();
    assert_eq!(found, (5..=12).collect::<Vec<u32>>());
    let mut cursor = world.cursor(ReadOptions::since(moment));
    assert!(cursor.fill(&world.db).expect("read"));
    let rest = read(&world.db, &world.arn, ReadOptions::resume(cursor.checkpoint()));
    assert_eq!(rest.len(), 8, "nothing of the page was given yet");
}

#[test]
fn one_shard_alone_with_its_descendants_or_with_an_end() {
    let mut world = World::new(1);
    for _ in 0..3 {
        world.write(2);
        world.roll();
    }
    let second = world.shards()[1]["ShardId"].as_str().expect("an id").to_owned();
    let from = ReadOptions { shard_id: Some(second), ..ReadOptions::default() };
    assert_eq!(numbers(&read(&world.db, &world.arn, from.clone())), [3, 4, 5, 6]);
    assert_eq!(
        numbers(&read(&world.db, &world.arn, ReadOptions { limit: Some(3), ..from.clone() })),
        [3, 4, 5]
    );
    let mut cursor = world.cursor(ReadOptions { descendants: false, ..from });
    assert_eq!(numbers(&drain(&world.db, &mut cursor)), [3, 4]);
    assert!(cursor.reader().is_finished());
    let none = ReadOptions { limit: Some(0), ..ReadOptions::default() };
    assert!(read(&world.db, &world.arn, none).is_empty());
}

#[test]
fn a_stream_that_is_turned_off_ends_and_another_begins() {
    let mut world = World::new(3);
    world.write(9);
    let mut cursor = world.cursor(ReadOptions::default());
    let half = world.cursor(ReadOptions::default()).checkpoint();
    world.call("UpdateTable", r#"{"TableName": "Things", "StreamSpecification": {"StreamEnabled": false}}"#);
    world.written += 1;
    world.call("PutItem", r#"{"TableName": "Things", "Item": {"id": {"S": "unseen"}, "n": {"N": "10"}}}"#);
    let first = world.arn.clone();
    assert_eq!(drain(&world.db, &mut cursor).len(), 9);
    assert!(cursor.reader().is_finished());
    let over = cursor.checkpoint();
    assert!(read(&world.db, &first, ReadOptions::resume(over.clone())).is_empty());
    assert!(read(&world.db, &first, ReadOptions::latest()).is_empty());

    world.advance(HOUR);
    let on = r#"{"TableName": "Things", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}"#;
    world.call("UpdateTable", on);
    world.find_stream();
    world.write(5);
    assert_eq!(numbers(&read(&world.db, &world.arn, ReadOptions::default())).len(), 5);
    assert_eq!(world.code(ReadOptions::resume(over)), ErrorCode::Validation);
    assert_eq!(read(&world.db, &first, ReadOptions::resume(half.clone())).len(), 9);
    world.advance(25 * HOUR);
    let gone = Reader::open(&world.db, &first, ReadOptions::resume(half)).expect_err("a day later");
    assert_eq!(gone.code(), ErrorCode::ResourceNotFound);
}

#[test]
fn mistakes_show_at_the_opening() {
    let world = World::new(1);
    let of =
        |kind: ShardIteratorType| ReadOptions { iterator_type: Some(kind.into()), ..ReadOptions::default() };
    assert_eq!(world.code(of(ShardIteratorType::AtSequenceNumber)), ErrorCode::Validation);
    assert_eq!(world.code(of(ShardIteratorType::AtTimestamp)), ErrorCode::Validation);
    let unknown = ReadOptions { iterator_type: Some(Open::Unknown("SOON".into())), ..ReadOptions::default() };
    assert_eq!(world.code(unknown), ErrorCode::Validation);
    let missing = "shardId-00000000000000000000-00000000".to_owned();
    let missing = ReadOptions { shard_id: Some(missing), ..ReadOptions::default() };
    assert_eq!(world.code(missing), ErrorCode::ResourceNotFound);
    let both = ReadOptions {
        checkpoint: Some(world.cursor(ReadOptions::default()).checkpoint()),
        ..ReadOptions::latest()
    };
    assert_eq!(world.code(both), ErrorCode::Validation);
    let nowhere = Reader::open(&world.db, "no ARN", ReadOptions::default()).expect_err("no ARN");
    assert_eq!(nowhere.code(), ErrorCode::Validation);
    for text in ["{}", "[]", "", r#"{"version": 1}"#, r#"{"version": 2, "shards": []}"#] {
        assert_eq!(text.parse::<Checkpoint>().expect_err(text).code(), ErrorCode::Validation, "{text}");
    }
    for text in [r#"{"limit": -1}"#, r#"{"colour": 1}"#, "[]", r#"{"checkpoint": "{}"}"#] {
        let error = ReadOptions::from_json(text.as_bytes()).expect_err(text);
        assert_eq!(error.code(), ErrorCode::Serialization, "{text}");
    }
}

#[test]
fn a_checkpoint_is_the_same_text_in_every_version() {
    let mut world = World::new(1);
    world.write(1);
    let [shard] = &world.shards()[..] else { panic!("one shard") };
    let (arn, shard) = (&world.arn, shard["ShardId"].as_str().expect("an id"));
    let mut cursor = world.cursor(ReadOptions::default());
    let text = |position: &str| {
        format!(
            r#"{{"version":1,"stream":"{arn}","scope":"stream","listed":"{shard}","shards":[{{"shard":"{shard}","position":{position}}}]}}"#
        )
    };
    assert_eq!(cursor.checkpoint().to_string(), text(r#""oldest""#));
    let found = drain(&world.db, &mut cursor);
    let after = text(&format!(r#"{{"after":"{}"}}"#, found[0].1.sequence_number()));
    assert_eq!(cursor.checkpoint().to_string(), after);
    // In options it may stand as it is, or as its text.
    let quoted = serde_json::to_string(&after).expect("a text");
    for checkpoint in [&after, &quoted] {
        let options = format!(r#"{{"checkpoint": {checkpoint}, "limit": 5, "trimmed": "skip"}}"#);
        let options = ReadOptions::from_json(options.as_bytes()).expect("sound");
        assert_eq!(options.checkpoint, Some(cursor.checkpoint()));
    }
}
