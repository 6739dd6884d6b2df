//! Where records come from: starts, lineages, lanes, sources that trim, end or cannot be read.

use std::collections::BTreeSet;

use super::super::{Became, InvocationId, Start};
use super::*;
use crate::api::{Fault, FaultEffect, FaultError, SetFaultsInput};
use crate::door::Faulty;

fn settings(source: &Source, change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = source.settings();
    change(&mut settings);
    settings
}

#[test]
fn the_newest_is_what_is_written_after_the_opening() {
    let source = Source::new(2);
    source.put_all(1..=8);
    let mut play = Play::new(&source, settings(&source, |s| s.start = Start::Latest));
    // The place outlives the consumer, though it knows no record.
    assert!(play.settle());
    play.reopen();
    source.put_all(9..=12);
    play.step(|_| ok());
    let mut seen = play.seen.concat();
    seen.sort_unstable();
    assert_eq!(seen, [9, 10, 11, 12]);
}

#[test]
fn the_newest_is_known_by_its_time_when_nothing_else_knows_it_any_more() {
    let source = Source::new(1);
    source.put_all(1..=3);
    source.advance(Duration::from_secs(1));
    let mut play = Play::new(&source, settings(&source, |s| s.start = Start::Latest));
    play.settle();
    source.advance(Duration::from_secs(3600));
    source.put_all(4..=5);
    play.step(|_| ok());
    play.reopen();
    source.put_all(6..=6);
    play.step(|_| ok());
    assert_eq!(play.seen, [vec![4, 5], vec![6]]);
}

#[test]
fn a_moment_is_a_start() {
    let source = Source::new(1);
    source.put_all(1..=2);
    source.advance(Duration::from_secs(5));
    source.put_all(3..=4);
    let moment = source.now();
    let mut play = Play::new(&source, settings(&source, |s| s.start = Start::AtTimestamp(moment)));
    play.step(|_| ok());
    assert_eq!(play.seen, [[3, 4]]);
}

#[test]
fn children_wait_until_all_of_their_parent_is_settled() {
    let source = Source::new(1);
    source.put_all(1..=2);
    source.call("SplitShard", &json!({"TableName": "Things"}));
    source.put_all(3..=8);
    let mut play = Play::new(&source, settings(&source, |s| s.maximum_retries = Some(1)));
    play.settle();
    let Step::Invoke(parent) = play.poll() else { panic!("a batch") };
    assert!(matches!(play.poll(), Step::Idle), "the parent runs");
    play.consumer.complete(parent.id, Outcome::Error, source.now());
    play.settle();
    assert!(matches!(play.poll(), Step::SleepUntil(_)), "the parent is tried again");
    play.run(|invocation| if invocation.shard_id == parent.shard_id { Outcome::Error } else { ok() });
    assert_eq!(play.seen[0], [1, 2]);
    let mut rest = play.seen[1..].concat();
    rest.sort_unstable();
    assert_eq!(rest, (3..=8).collect::<Vec<u32>>());
    assert_eq!(play.given_up(), [(2, 2)]);
}

#[test]
fn records_that_were_trimmed_unread_are_told_as_a_gap() {
    let source = Source::new(1);
    source.put_all(1..=4);
    let mut play = Play::new(&source, settings(&source, |s| s.batch_size = 2));
    play.settle();
    let Step::Invoke(first) = play.poll() else { panic!("a batch") };
    play.consumer.complete(first.id, ok(), source.now());
    play.settle();
    source.advance(Duration::from_secs(25 * 60 * 60));
    source.put_all(5..=5);
    play.reopen();
    play.step(|_| ok());
    assert_eq!(play.seen, [[5]]);
    assert_eq!(play.consumer.counts().gaps, 1);
}

#[test]
fn a_stream_that_is_turned_off_is_consumed_to_its_end() {
    let source = Source::new(1);
    source.put_all(1..=3);
    let off = json!({"TableName": "Things", "StreamSpecification": {"StreamEnabled": false}});
    source.call("UpdateTable", &off);
    let mut play = Play::new(&source, source.settings());
    assert!(!play.consumer.is_finished());
    play.step(|_| ok());
    assert_eq!(play.seen, [[1, 2, 3]]);
    assert!(play.consumer.is_finished());
}

#[test]
fn a_source_that_is_not_there_is_a_problem_and_is_tried_again() {
    let source = Source::new(1);
    let mut settings = source.settings();
    settings.source_arn = source.arn.replace("Things", "Others");
    let mut consumer = Consumer::open(&source.db, settings, None, 1, source.now()).expect("opened");
    let Step::SleepUntil(until) = consumer.poll(&source.db, source.now()) else { panic!("it waits") };
    assert!(until > source.now());
    let problem = consumer.problem().expect("there is one").message().to_owned();
    assert_eq!(consumer.last_result(), format!("PROBLEM: {problem}"));
    assert!(consumer.settlement().is_none(), "there is no place to keep");
}

#[test]
fn a_source_that_fails_for_a_while_loses_nothing() {
    let source = Source::new(1);
    source.put_all(1..=3);
    let mut play = Play::new(&source, source.settings());
    play.settle();
    let door = Faulty::new(source.db.clone());
    let refused = FaultError {
        code: Some("LimitExceededException".into()),
        message: Some("Too fast".into()),
        ..FaultError::default()
    };
    let twice = Fault {
        effect: Some(FaultEffect::Fail.into()),
        operations: Some(vec!["GetRecords".into()]),
        error: Some(refused),
        times: Some(2),
        ..Fault::default()
    };
    door.set(&SetFaultsInput { faults: Some(vec![twice]), seed: None }).expect("sound");
    let Step::Settle(_) = play.consumer.poll(&door, source.now()) else { panic!("the result is kept") };
    assert_eq!(play.consumer.last_result(), "PROBLEM: Too fast");
    play.settle();
    let mut waits = Vec::new();
    for _ in 0..2 {
        let Step::SleepUntil(until) = play.consumer.poll(&door, source.now()) else { panic!("it waits") };
        waits.push(until - source.now());
        source.advance(Duration::from_millis(until - source.now()));
    }
    assert!(waits[1] > waits[0], "{waits:?}");
    let Step::Invoke(invocation) = play.consumer.poll(&door, source.now()) else { panic!("a batch") };
    assert_eq!(numbers(invocation.records()), [1, 2, 3]);
    assert!(play.consumer.problem().is_none());
}

#[test]
fn a_source_is_asked_again_after_its_interval_or_when_it_is_woken() {
    let source = Source::new(1);
    let interval = Duration::from_millis(250);
    let mut play = Play::new(&source, settings(&source, |s| s.poll_interval = Some(interval)));
    play.settle();
    let poll = |play: &mut Play<'_>| play.consumer.poll(&source.db, source.now());
    let Step::SleepUntil(until) = poll(&mut play) else { panic!("nothing is there") };
    assert_eq!(until, source.now() + 250);
    source.put_all(1..=1);
    assert!(matches!(poll(&mut play), Step::SleepUntil(at) if at == until), "it is not asked yet");
    source.advance(interval);
    assert!(matches!(poll(&mut play), Step::Invoke(_)));
    source.put_all(2..=2);
    play.consumer.wake();
    poll(&mut play);
    assert_eq!(play.consumer.counts().polled_event_count, 2);
}

#[test]
fn lanes_run_beside_each_other_and_each_item_stays_in_its_lane() {
    let source = Source::new(1);
    for n in 0..60 {
        source.put(&format!("item-{}", n % 12), n);
    }
    let mut play =
        Play::new(&source, settings(&source, |s| (s.batch_size, s.parallelization_factor) = (5, 4)));
    play.settle();
    let mut running: Vec<Invocation> = Vec::new();
    let mut most = 0;
    let mut per_item = vec![Vec::new(); 12];
    loop {
        match play.poll() {
            Step::Invoke(invocation) => {
                let items: BTreeSet<u32> = numbers(invocation.records()).iter().map(|n| n % 12).collect();
                for other in &running {
                    assert!(numbers(other.records()).iter().all(|n| !items.contains(&(n % 12))));
                }
                running.push(invocation);
                most = most.max(running.len());
            }
            Step::Settle(_) => assert!(play.settle()),
            _ => match running.pop() {
                Some(done) => {
                    for n in numbers(done.records()) {
                        per_item[n as usize % 12].push(n);
                    }
                    assert!(play.consumer.complete(done.id, ok(), source.now()));
                }
                None => break,
            },
        }
    }
    assert_eq!(most, 4);
    assert!(per_item.iter().all(|numbers| numbers.len() == 5 && numbers.is_sorted()));
    assert!(!play.consumer.complete(InvocationId(1), ok(), source.now()), "it was told");
}

#[test]
fn a_lane_that_fails_holds_itself_and_the_place_but_not_the_others() {
    let source = Source::new(1);
    source.put_all(1..=30);
    let mut play =
        Play::new(&source, settings(&source, |s| (s.batch_size, s.parallelization_factor) = (5, 3)));
    play.step(|invocation| throw_at(invocation, 1));
    let with_first: Vec<_> = play.seen.iter().filter(|numbers| numbers.contains(&1)).collect();
    assert_eq!(with_first.len(), 1, "it waits");
    let done: usize = play.seen.iter().filter(|numbers| !numbers.contains(&1)).map(Vec::len).sum();
    assert!(done > 10, "the others went on");
    play.seen.clear();
    play.reopen();
    play.run(|_| ok());
    let again: BTreeSet<u32> = play.seen.concat().into_iter().collect();
    assert!(again.contains(&1));
    assert_eq!(again.len(), 30 - done, "what is settled after the place is not repeated");
}

#[test]
fn records_are_spread_anew_when_the_factor_changes() {
    let source = Source::new(1);
    for n in 0..40 {
        source.put(&format!("item-{}", n % 8), n);
    }
    let mut play =
        Play::new(&source, settings(&source, |s| (s.batch_size, s.parallelization_factor) = (4, 2)));
    play.settle();
    let Step::Invoke(first) = play.poll() else { panic!("a batch") };
    let Step::Invoke(second) = play.poll() else { panic!("another") };
    let more = settings(&source, |s| (s.batch_size, s.parallelization_factor) = (4, 5));
    play.consumer.update(more).expect("sound");
    play.settle();
    play.consumer.complete(first.id, ok(), source.now());
    play.settle();
    assert!(matches!(play.poll(), Step::Idle), "the other still runs");
    play.consumer.complete(second.id, Outcome::Error, source.now());
    let mut done = vec![Vec::new(); 8];
    let mut add = |records: &[SourceRecord]| {
        numbers(records).into_iter().for_each(|n| done[n as usize % 8].push(n));
    };
    add(first.records());
    play.run(|invocation| {
        add(invocation.records());
        ok()
    });
    assert!(done.iter().all(|numbers| numbers.len() == 5 && numbers.is_sorted()), "{done:?}");
}

#[test]
fn what_is_read_ahead_is_one_batch() {
    let source = Source::new(1);
    source.put_all(1..=50);
    let mut play = Play::new(&source, settings(&source, |s| s.batch_size = 7));
    play.settle();
    let Step::Invoke(first) = play.poll() else { panic!("a batch") };
    for _ in 0..5 {
        assert!(matches!(play.poll(), Step::Idle));
    }
    assert_eq!(play.consumer.counts().polled_event_count, 14);
    let lag = &play.consumer.lag(source.now())[0];
    assert_eq!((lag.unsettled, lag.in_flight, lag.has_ended), (14, 1, false));
    assert_eq!(lag.first_unsettled, Some(first.records()[0].sequence_number()));
}

#[test]
fn what_became_of_a_record_can_be_asked() {
    let source = Source::new(1);
    source.put_all(1..=4);
    let mut play = Play::new(&source, settings(&source, |s| (s.bisect, s.maximum_retries) = (true, Some(1))));
    let mut ids = Vec::new();
    play.run(|invocation| {
        if ids.is_empty() {
            ids = invocation.records().iter().map(|r| (r.sequence_number(), r.event_id())).collect();
        }
        throw_at(invocation, 2)
    });
    let words = |name: &str| {
        let told = play.consumer.explain(name);
        let words = told.iter().map(|explanation| {
            serde_json::to_value(explanation).expect("JSON")["what"].as_str().expect("a word").to_owned()
        });
        words.collect::<Vec<String>>().join(" ")
    };
    let poison = "invoked failed bisected invoked failed bisected invoked failed invoked failed discarded";
    assert_eq!(words(&ids[1].0.to_string()), poison);
    assert_eq!(words(&ids[1].1), poison);
    assert_eq!(words(&ids[2].0.to_string()), "invoked failed bisected invoked succeeded");
    assert_eq!(words("1"), "");
    let told = play.consumer.explain(&ids[0].1);
    assert!(matches!(&told[0].became, Became::Invoked { attempt: 1, .. }));
    assert!(told.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

#[test]
fn the_trace_remembers_a_bounded_number_of_records() {
    let source = Source::new(1);
    source.put_all(1..=20);
    let mut play = Play::new(&source, settings(&source, |s| (s.batch_size, s.traced_records) = (1, 6)));
    let mut numbers = Vec::new();
    play.run(|invocation| {
        numbers.push(invocation.records()[0].sequence_number().to_string());
        ok()
    });
    let remembered = numbers.iter().filter(|number| !play.consumer.explain(number).is_empty()).count();
    assert_eq!(remembered, 3, "each is invoked and succeeds");
}

#[test]
fn counts_have_the_service_s_names() {
    let source = Source::new(1);
    source.put_all(1..=3);
    let mut settings = source.settings();
    (settings.maximum_retries, settings.on_failure) = (Some(0), Some("arn:aws:sqs:x:1:q".into()));
    let mut play = Play::new(&source, settings);
    play.run(|_| Outcome::Error);
    let counts = serde_json::to_value(play.consumer.counts()).expect("JSON");
    let expected = json!({
        "PolledEventCount": 3, "FilteredOutEventCount": 0, "InvokedEventCount": 3, "FailedInvokeEventCount": 3,
        "DroppedEventCount": 0, "OnFailureDestinationDeliveredEventCount": 3, "DestinationDeliveryFailures": 0,
        "Gaps": 0, "IteratorAge": 0,
    });
    assert_eq!(counts, expected);
    // A destination that does not take it: the record is settled all the same.
    source.put_all(4..=4);
    while let Step::Invoke(invocation) = play.poll() {
        play.consumer.complete(invocation.id, Outcome::Error, source.now());
    }
    let settlement = play.consumer.settlement().expect("a failure");
    play.consumer.settled(settlement.id, &[0]);
    assert_eq!(play.consumer.counts().dropped_event_count, 1);
    assert_eq!(play.consumer.counts().destination_delivery_failures, 1);
    assert!(matches!(play.poll(), Step::Idle));
}
