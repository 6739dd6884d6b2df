//! Consumers that are dropped at any moment, and opened anew from the state that was kept last.

use super::*;

#[test]
fn what_was_not_settled_is_repeated_and_what_was_is_not() {
    let source = Source::new(1);
    source.put_all(1..=5);
    let mut settings = source.settings();
    settings.batch_size = 2;
    let mut play = Play::new(&source, settings);
    // The place is kept before anything runs.
    play.settle();
    play.reopen();
    let Step::Invoke(first) = play.poll() else { panic!("a batch") };
    assert_eq!(numbers(first.records()), [1, 2]);
    play.consumer.complete(first.id, ok(), source.now());
    let Step::Settle(_) = play.poll() else { panic!("the next batch waits for the first to be durable") };
    play.reopen();
    play.step(|_| ok());
    assert_eq!(play.seen, [vec![1, 2], vec![3, 4], vec![5]]);
    play.reopen();
    play.step(|_| ok());
    assert_eq!(play.seen.len(), 3, "all was settled");
}

#[test]
fn attempts_pieces_and_requests_outlive_a_consumer() {
    let source = Source::new(1);
    source.put_all(1..=4);
    let mut settings = source.settings();
    (settings.bisect, settings.maximum_retries) = (true, Some(2));
    let mut play = Play::new(&source, settings);
    // The trace of a consumer that lives for one invocation at a time.
    for _ in 0..40 {
        match play.poll() {
            Step::Invoke(invocation) => {
                play.note(&invocation);
                let outcome = throw_at(&invocation, 2);
                play.consumer.complete(invocation.id, outcome, source.now());
                play.settle();
                play.reopen();
            }
            Step::Settle(_) => assert!(play.settle()),
            Step::SleepUntil(until) => source.advance(Duration::from_millis(until - source.now())),
            Step::Idle => break,
        }
    }
    let expected: [&[u32]; 7] = [&[1, 2, 3, 4], &[1, 2], &[1], &[2], &[2], &[2], &[3, 4]];
    assert_eq!(play.seen, expected);
    assert_eq!(play.given_up(), [(1, 3)]);
    assert!(play.requests[3] == play.requests[4] && play.requests[4] == play.requests[5]);
}

#[test]
fn a_state_of_another_stream_or_version_is_refused() {
    let source = Source::new(1);
    let mut play = Play::new(&source, source.settings());
    play.settle();
    let text = play.kept.clone().expect("kept");
    let state: State = text.parse().expect("a state");
    assert_eq!(state.to_string(), text);
    let settings = Settings::new("m", "arn:aws:dynamodb:us-east-1:000000000000:table/X/stream/1", FUNCTION);
    let refused = Consumer::open(&source.db, settings, Some(state), 1, source.now());
    assert!(refused.is_err());
    let other = text.replace(r#""version":1"#, r#""version":9"#);
    assert!(other.parse::<State>().is_err());
    assert!("{}".parse::<State>().is_err());
}

#[test]
fn a_settlement_is_told_until_it_is_durable_and_other_shards_go_on_meanwhile() {
    let source = Source::new(2);
    source.put_all(1..=20);
    let mut settings = source.settings();
    settings.batch_size = 3;
    let mut play = Play::new(&source, settings);
    play.settle();
    let mut shards = Vec::new();
    for _ in 0..2 {
        let Step::Invoke(invocation) = play.poll() else { panic!("each shard has a batch") };
        play.consumer.complete(invocation.id, ok(), source.now());
        shards.push(invocation.shard_id);
    }
    assert_ne!(shards[0], shards[1]);
    for _ in 0..2 {
        let Step::Settle(settlement) = play.poll() else { panic!("nothing else is left") };
        assert_eq!(settlement.id, play.consumer.settlement().expect("not durable").id);
    }
    play.settle();
    let Step::Invoke(_) = play.poll() else { panic!("both go on") };
}

#[test]
fn settings_out_of_all_proportion_end_in_no_panic() {
    let source = Source::new(1);
    source.put_all(1..=1);
    let mut settings = source.settings();
    settings.batching_window = Duration::MAX;
    settings.maximum_record_age = Some(Duration::MAX);
    settings.poll_interval = Some(Duration::MAX);
    settings.back_off = super::super::BackOff { first: Duration::MAX, most: Duration::MAX, jitter: f64::NAN };
    let mut play = Play::new(&source, settings);
    assert_eq!(play.step(|_| ok()), Some(u64::MAX), "it gathers for ever");
    let mut settings = play.consumer.settings().clone();
    settings.batching_window = Duration::ZERO;
    play.consumer.update(settings).expect("sound");
    assert_eq!(play.step(|_| Outcome::Error), Some(u64::MAX), "it waits for ever");
    let mut settings = play.consumer.settings().clone();
    settings.tumbling_window = Some(Duration::MAX);
    assert!(play.consumer.update(settings).is_err());
}
