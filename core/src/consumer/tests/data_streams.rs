//! Kinesis data streams as sources.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::Start;
use super::*;
use crate::api::{KinesisListShardsInput, KinesisShard};
use crate::pattern::{Filters, Operators};

/// A data stream with so many shards.
struct Data {
    source: Source,
}

impl Data {
    fn new(shards: u32) -> Data {
        let source = Source::new(1);
        source.call("KinesisCreateStream", &json!({"StreamName": "Data", "ShardCount": shards}));
        source.advance(Duration::from_secs(60));
        let arn = "arn:aws:kinesis:us-east-1:000000000000:stream/Data".to_owned();
        Data { source: Source { arn, ..source } }
    }

    /// Puts records that say their numbers, to shards by turns.
    fn put(&self, numbers: impl IntoIterator<Item = u32>) {
        for n in numbers {
            let hash = (u128::MAX / 8) * u128::from(n % 8) + 1;
            let record = json!({
                "StreamName": "Data", "PartitionKey": format!("key-{}", n % 8), "ExplicitHashKey": hash.to_string(),
                "Data": STANDARD.encode(n.to_string()),
            });
            self.source.call("KinesisPutRecord", &record);
        }
    }

    fn shards(&self) -> Vec<KinesisShard> {
        let input = KinesisListShardsInput { stream_name: Some("Data".into()), ..Default::default() };
        self.source.db.call(input).expect("listed").shards.expect("a list")
    }

    fn open_shards(&self) -> Vec<String> {
        let is_open = |shard: &KinesisShard| {
            shard.sequence_number_range.as_ref().is_some_and(|range| range.ending_sequence_number.is_none())
        };
        self.shards().into_iter().filter(is_open).filter_map(|shard| shard.shard_id).collect()
    }

    fn split(&self) {
        let shards = self.shards();
        let open = self.open_shards();
        let widest = shards.iter().find(|shard| shard.shard_id.as_ref() == open.first()).expect("open");
        let range = widest.hash_key_range.as_ref().expect("a range");
        let bound =
            |text: &Option<String>| text.as_ref().expect("a bound").parse::<u128>().expect("a number");
        let (from, to) = (bound(&range.starting_hash_key), bound(&range.ending_hash_key));
        let middle = (from + (to - from) / 2).to_string();
        self.source.call(
            "KinesisSplitShard",
            &json!({"StreamName": "Data", "ShardToSplit": open[0], "NewStartingHashKey": middle}),
        );
        self.source.advance(Duration::from_secs(60));
    }

    fn merge(&self) {
        let open = self.open_shards();
        let [first, .., last] = &open[..] else { panic!("two") };
        self.source.call(
            "KinesisMergeShards",
            &json!({"StreamName": "Data", "ShardToMerge": first, "AdjacentShardToMerge": last}),
        );
        self.source.advance(Duration::from_secs(60));
    }

    fn settings(&self, change: impl FnOnce(&mut Settings)) -> Settings {
        let mut settings = self.source.settings();
        change(&mut settings);
        settings
    }
}

/// Each number once, and those of each partition key in order.
fn check_all(seen: &[Vec<u32>], count: u32) {
    let mut all = seen.concat();
    for key in 0..8 {
        let of_key: Vec<u32> = all.iter().copied().filter(|n| n % 8 == key).collect();
        assert!(of_key.is_sorted(), "{of_key:?}");
    }
    all.sort_unstable();
    assert_eq!(all, (0..count).collect::<Vec<u32>>());
}

#[test]
fn lineages_that_split_and_merge_are_followed() {
    let data = Data::new(1);
    data.put(0..10);
    data.split();
    data.put(10..30);
    data.merge();
    data.put(30..50);
    let mut play = Play::new(&data.source, data.settings(|s| s.batch_size = 3));
    play.step(|_| ok());
    data.put(50..60);
    play.step(|_| ok());
    check_all(&play.seen, 60);
}

#[test]
fn a_consumer_that_lives_for_one_batch_at_a_time_loses_and_repeats_nothing() {
    let data = Data::new(1);
    data.put(0..10);
    data.split();
    data.put(10..30);
    data.merge();
    data.put(30..50);
    let mut play = Play::new(&data.source, data.settings(|s| s.batch_size = 3));
    play.settle();
    for _ in 0..200 {
        match play.poll() {
            Step::Invoke(invocation) => {
                play.note(&invocation);
                play.consumer.complete(invocation.id, ok(), data.source.now());
                play.settle();
                play.reopen();
            }
            Step::Settle(_) => assert!(play.settle()),
            Step::SleepUntil(_) | Step::Idle => break,
        }
        data.source.advance(Duration::from_secs(400));
    }
    check_all(&play.seen, 50);
}

#[test]
fn the_newest_records_are_a_start() {
    let data = Data::new(2);
    data.put(0..8);
    let mut play = Play::new(&data.source, data.settings(|s| s.start = Start::Latest));
    play.settle();
    play.reopen();
    data.put(8..16);
    play.step(|_| ok());
    let mut seen = play.seen.concat();
    seen.sort_unstable();
    assert_eq!(seen, (8..16).collect::<Vec<u32>>());
    // Also after the iterator that knew the place is none any more.
    data.source.advance(Duration::from_secs(1));
    let mut late = Play::new(&data.source, data.settings(|s| s.start = Start::Latest));
    data.source.advance(Duration::from_secs(3600));
    data.put(16..24);
    late.step(|_| ok());
    let mut seen = late.seen.concat();
    seen.sort_unstable();
    assert_eq!(seen, (16..24).collect::<Vec<u32>>());
}

#[test]
fn events_and_failures_have_the_form_of_this_source() {
    let data = Data::new(1);
    data.source.advance(Duration::from_millis(250));
    data.put(7..8);
    let mut settings = data.settings(|s| s.maximum_retries = Some(0));
    settings.on_failure = Some("arn:aws:sqs:us-east-1:000000000000:failures".into());
    let mut play = Play::new(&data.source, settings);
    let mut event = String::new();
    play.run(|invocation| {
        event = String::from_utf8(invocation.event_json()).expect("text");
        Outcome::Error
    });
    let [failure] = &play.failures[..] else { panic!("one failure") };
    let (shard, arn) = (&failure.shard_id, &data.source.arn);
    let number = failure.records()[0].sequence_number();
    let expected = format!(
        concat!(
            r#"{{"Records":[{{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":"key-7","sequenceNumber":"{number}","data":"Nw==","#,
            r#""approximateArrivalTimestamp":1767225660.25}},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"{shard}:{number}","#,
            r#""eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::000000000000:role/lambda-role","awsRegion":"us-east-1","#,
            r#""eventSourceARN":"{arn}"}}]}}"#,
        ),
        number = number,
        shard = shard,
        arn = arn
    );
    assert_eq!(event, expected);
    let document: Value = serde_json::from_str(&failure.document()).expect("JSON");
    let info = json!({
        "shardId": &**shard, "startSequenceNumber": number, "endSequenceNumber": number, "batchSize": 1, "streamArn": arn,
        "approximateArrivalOfFirstRecord": "2026-01-01T00:01:00.250Z", "approximateArrivalOfLastRecord": "2026-01-01T00:01:00.250Z",
    });
    assert_eq!(document["KinesisBatchInfo"], info);
    assert_eq!(document.get("DDBStreamBatchInfo"), None);
    let became = play.consumer.explain(&format!("{shard}:{number}"));
    assert_eq!(became.len(), 3);
}

#[test]
fn filters_are_about_the_data_as_json() {
    let data = Data::new(1);
    data.put(0..5);
    let bytes = STANDARD.encode("no JSON");
    let record = json!({"StreamName": "Data", "PartitionKey": "key-0", "Data": bytes});
    data.source.call("KinesisPutRecord", &record);
    let pattern = json!({"data": [{"numeric": [">", 1, "<=", 3]}]}).to_string();
    let filters = Filters::compile([pattern], Operators::All).expect("a pattern");
    let mut play = Play::new(&data.source, data.settings(|s| s.filters = filters));
    play.step(|_| ok());
    assert_eq!(play.seen, [[2, 3]]);
    assert_eq!(play.consumer.counts().filtered_out_event_count, 4);
}

#[test]
fn shards_that_are_gone_count_as_read() {
    let data = Data::new(1);
    data.put(0..4);
    let mut play = Play::new(&data.source, data.settings(|s| s.batch_size = 2));
    play.settle();
    let Step::Invoke(first) = play.poll() else { panic!("a batch") };
    play.consumer.complete(first.id, ok(), data.source.now());
    play.settle();
    data.split();
    data.source.advance(Duration::from_secs(3 * 24 * 60 * 60));
    data.put(4..8);
    assert!(data.shards().len() < 3, "the parent is gone");
    play.reopen();
    play.step(|_| ok());
    let mut seen = play.seen.concat();
    seen.sort_unstable();
    assert_eq!(seen, [4, 5, 6, 7]);
    assert!(play.consumer.problem().is_none());
}
