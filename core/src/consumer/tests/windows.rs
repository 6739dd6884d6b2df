//! Tumbling windows (fact sheet of event source mappings, 2.3 and 3.8).

use std::collections::BTreeMap;

use super::*;
use crate::entropy::Entropy;

const TEN: Duration = Duration::from_secs(10);

fn settings(source: &Source) -> Settings {
    let mut settings = source.settings();
    settings.tumbling_window = Some(TEN);
    settings.maximum_retries = Some(1);
    settings
}

/// What an invocation is told besides its records: state, final, early.
fn told(invocation: &Invocation) -> (Value, bool, bool) {
    let window = invocation.window.as_ref().expect("there is a window");
    (Value::Object((*window.state).clone()), window.is_final, window.is_terminated_early)
}

/// Adds the records to the state's sum.
fn add(invocation: &Invocation) -> Outcome {
    let (state, ..) = told(invocation);
    let before = state["sum"].as_u64().unwrap_or(0);
    let records = invocation.records();
    let sum: u32 = if records.is_empty() { 0 } else { numbers(records).iter().sum() };
    answer(json!({"state": {"sum": before + u64::from(sum)}}))
}

#[test]
fn the_state_goes_from_call_to_call_and_ends_with_the_window() {
    let source = Source::new(1);
    let mut play = Play::new(&source, settings(&source));
    let mut heard = Vec::new();
    let mut hear = |invocation: &Invocation| {
        heard.push(told(invocation));
        add(invocation)
    };
    source.advance(Duration::from_secs(4));
    source.put_all(1..=2);
    play.step(&mut hear);
    source.advance(Duration::from_millis(5_999));
    source.put_all(3..=3);
    source.advance(Duration::from_millis(1));
    source.put_all(4..=4);
    play.step(&mut hear);
    assert_eq!(play.seen, [vec![1, 2], vec![3], vec![], vec![4]]);
    let expected = [
        (json!({}), false, false),
        (json!({"sum": 3}), false, false),
        (json!({"sum": 6}), true, false),
        (json!({}), false, false),
    ];
    assert_eq!(heard, expected);
}

#[test]
fn the_event_of_a_window_has_the_members_and_the_order_of_the_service() {
    let source = Source::new(1);
    source.advance(Duration::from_secs(4));
    source.put_all(1..=1);
    let mut play = Play::new(&source, settings(&source));
    play.settle();
    let Step::Invoke(invocation) = play.poll() else { panic!("a batch") };
    let event = String::from_utf8(invocation.event_json()).expect("text");
    let expected = format!(
        concat!(
            r#"}}],"shardId":"{}","eventSourceARN":"{}","window":{{"start":"2026-01-01T00:00:00Z","end":"2026-01-01T00:00:10Z"}},"#,
            r#""state":{{}},"isFinalInvokeForWindow":false,"isWindowTerminatedEarly":false}}"#,
        ),
        invocation.shard_id, source.arn
    );
    assert!(event.starts_with(r#"{"Records":[{"eventID":""#) && event.ends_with(&expected), "{event}");
}

#[test]
fn a_window_ends_without_a_later_record_after_a_while() {
    let source = Source::new(1);
    source.put_all(1..=1);
    let mut play = Play::new(&source, settings(&source));
    assert_eq!(play.step(add), Some(source.now() + 130_000), "the window's end and two minutes");
    play.run(add);
    assert_eq!(play.seen, [vec![1], vec![]]);
    assert_eq!(play.times, [0, 130_000]);
}

#[test]
fn the_end_of_a_shard_ends_its_window_and_its_child_begins_with_none() {
    let source = Source::new(1);
    source.put_all(1..=1);
    source.roll();
    source.put_all(2..=2);
    let mut play = Play::new(&source, settings(&source));
    let mut heard = Vec::new();
    play.step(|invocation| {
        heard.push((invocation.shard_id.to_string(), told(invocation)));
        add(invocation)
    });
    assert_eq!(play.seen, [vec![1], vec![], vec![2]]);
    assert_eq!(heard[0].0, heard[1].0);
    assert_ne!(heard[1].0, heard[2].0);
    assert_eq!(heard[2].1, (json!({}), false, false));
}

#[test]
fn an_answer_without_a_state_is_a_failure() {
    for wrong in [json!({}), json!(null), json!({"state": 1}), json!([])] {
        let source = Source::new(1);
        source.put_all(1..=1);
        let mut play = Play::new(&source, settings(&source));
        play.step(|_| answer(wrong.clone()));
        source.advance(Duration::from_secs(1));
        play.step(|_| answer(wrong.clone()));
        assert_eq!(play.given_up(), [(1, 2)], "{wrong}");
        let context = &play.documents()[0]["responseContext"]["functionError"];
        assert_eq!(*context, Value::Null);
        let info = &play.documents()[0]["timeWindowInfo"];
        let bounds = json!({"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T00:00:10Z"});
        let expected =
            json!({"window": bounds, "isFinalInvokeForWindow": false, "isWindowTerminatedEarly": false});
        assert_eq!(*info, expected);
    }
}

#[test]
fn a_state_that_is_too_large_ends_its_window_early() {
    let source = Source::new(1);
    source.put_all(1..=1);
    let mut play = Play::new(&source, settings(&source));
    // With its name and quotes one byte more than allowed.
    let text = "x".repeat(1024 * 1024 + 1 - r#"{"a":""}"#.len());
    let mut heard = Vec::new();
    play.step(|invocation| {
        let (state, is_final, is_early) = told(invocation);
        heard.push((state.to_string().len(), is_final, is_early));
        answer(json!({"state": {"a": text}}))
    });
    assert_eq!(heard, [(2, false, false), (1024 * 1024 + 1, true, true)]);
    // The same window is open again, with nothing.
    source.put_all(2..=2);
    play.step(add);
    assert_eq!(play.seen, [vec![1], vec![], vec![2]]);
}

#[test]
fn an_end_that_fails_holds_the_shard_and_is_given_up() {
    let source = Source::new(1);
    source.put_all(1..=1);
    let mut play = Play::new(&source, settings(&source));
    play.step(add);
    source.advance(TEN);
    source.put_all(2..=2);
    play.run(|invocation| if invocation.records().is_empty() { Outcome::Error } else { add(invocation) });
    // The second window ends, too, when nothing comes.
    assert_eq!(play.seen, [vec![1], vec![], vec![], vec![2], vec![], vec![]]);
    let info = play.documents()[0]["DDBStreamBatchInfo"].clone();
    let shard = &play.failures[0].shard_id;
    assert_eq!(info, json!({"shardId": &**shard, "streamArn": source.arn}));
    assert_eq!(play.documents()[0]["timeWindowInfo"]["isFinalInvokeForWindow"], true);
}

#[test]
fn a_window_outlives_a_consumer() {
    let source = Source::new(1);
    source.put_all(1..=2);
    let mut play = Play::new(&source, settings(&source));
    play.step(add);
    play.reopen();
    source.put_all(3..=3);
    let mut sums = Vec::new();
    play.run(|invocation| {
        sums.push(told(invocation).0["sum"].clone());
        add(invocation)
    });
    assert_eq!(play.seen, [vec![1, 2], vec![3], vec![]]);
    assert_eq!(sums, [json!(3), json!(6)]);
}

#[test]
fn a_partial_answer_in_a_window_keeps_the_state_it_comes_with() {
    let source = Source::new(1);
    source.put_all(1..=3);
    let mut settings = settings(&source);
    settings.reports_item_failures = true;
    let mut play = Play::new(&source, settings);
    let mut states = Vec::new();
    play.step(|invocation| {
        states.push(told(invocation).0);
        let records = invocation.records();
        if records.len() == 3 {
            let id = records[1].sequence_number().to_string();
            return answer(json!({"state": {"done": 1}, "batchItemFailures": [{"itemIdentifier": id}]}));
        }
        answer(json!({"state": {"done": 3}}))
    });
    assert_eq!(play.seen, [vec![1, 2, 3], vec![2, 3]]);
    assert_eq!(states, [json!({}), json!({"done": 1})]);
}

#[test]
fn windows_that_are_turned_off_are_ended() {
    let source = Source::new(1);
    source.put_all(1..=1);
    let mut play = Play::new(&source, settings(&source));
    play.step(add);
    play.consumer.update(source.settings()).expect("sound");
    source.put_all(2..=2);
    play.run(|invocation| {
        assert_eq!(invocation.window.is_some(), invocation.records().is_empty());
        ok()
    });
    assert_eq!(play.seen, [vec![1], vec![], vec![2]]);
}

#[test]
fn each_record_is_in_the_sum_of_its_window_once_whenever_the_consumer_dies() {
    for seed in 0..20 {
        let random = Entropy::seeded(seed);
        let source = Source::new(2);
        let mut settings = settings(&source);
        (settings.batch_size, settings.maximum_retries) = (3, None);
        let mut play = Play::new(&source, settings);
        play.settle();
        let mut sums: BTreeMap<(String, u64), u64> = BTreeMap::new();
        for n in 1..=40 {
            source.put_all(n..=n);
            source.advance(Duration::from_millis(random.next() % 3_000));
            if random.happens(0.1) {
                source.roll();
            }
            for _ in 0..random.next() % 8 {
                match play.poll() {
                    Step::Invoke(invocation) => {
                        note_end(&invocation, &mut sums);
                        let outcome = if random.happens(0.2) { Outcome::Error } else { add(&invocation) };
                        play.consumer.complete(invocation.id, outcome, source.now());
                    }
                    Step::Settle(_) => assert!(play.settle()),
                    Step::SleepUntil(_) | Step::Idle => {}
                }
                if random.happens(0.2) {
                    play.reopen();
                }
            }
        }
        play.run(|invocation| {
            note_end(invocation, &mut sums);
            add(invocation)
        });
        assert!(sums.len() > 5, "there were windows");
        assert_eq!(sums.values().sum::<u64>(), (1..=40).sum::<u64>(), "world {seed}: {sums:?}");
    }
}

/// Notes the sum of a window that ends. Its end may come again.
fn note_end(invocation: &Invocation, sums: &mut BTreeMap<(String, u64), u64>) {
    let window = invocation.window.as_ref().expect("there is a window");
    if window.is_final {
        let sum = window.state["sum"].as_u64().expect("a sum");
        let known = sums.insert((invocation.shard_id.to_string(), window.start), sum);
        assert!(known.is_none_or(|known| known == sum), "an end that comes again has the same sum");
    }
}
