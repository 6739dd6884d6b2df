//! What the service was seen to do (fact sheet of event source mappings, 3.2, 3.5 and 3.6): the records of each invocation, in their order.

use std::time::Duration;

use super::*;

const DESTINATION: &str = "arn:aws:sqs:us-east-1:000000000000:failures";

/// Four records of one shard, handed out together.
fn four() -> Source {
    let source = Source::new(1);
    source.put_all(1..=4);
    source
}

fn settings(source: &Source, change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = source.settings();
    settings.on_failure = Some(DESTINATION.into());
    change(&mut settings);
    settings
}

/// Plays the four records, the second of which fails.
fn traced(
    change: impl FnOnce(&mut Settings),
    handler: impl FnMut(&Invocation) -> Outcome,
) -> (Vec<Vec<u32>>, Vec<(u64, u64)>) {
    let source = four();
    let mut play = Play::new(&source, settings(&source, change));
    play.run(handler);
    (play.seen.clone(), play.given_up())
}

#[test]
fn a_batch_that_throws_is_split_until_the_poison_is_alone() {
    let (seen, given_up) =
        traced(|s| (s.bisect, s.maximum_retries) = (true, Some(1)), |invocation| throw_at(invocation, 2));
    let expected: [&[u32]; 6] = [&[1, 2, 3, 4], &[1, 2], &[1], &[2], &[2], &[3, 4]];
    assert_eq!(seen, expected);
    assert_eq!(given_up, [(1, 2)]);
}

#[test]
fn a_batch_that_throws_is_tried_again_as_it_is() {
    let (seen, given_up) = traced(|s| s.maximum_retries = Some(2), |invocation| throw_at(invocation, 2));
    assert_eq!(seen, [[1, 2, 3, 4]; 3]);
    assert_eq!(given_up, [(4, 3)]);
}

#[test]
fn a_partial_answer_moves_to_the_record_that_failed() {
    let (seen, given_up) = traced(
        |s| (s.reports_item_failures, s.maximum_retries) = (true, Some(1)),
        |invocation| report(invocation, 2),
    );
    let expected: [&[u32]; 3] = [&[1, 2, 3, 4], &[2, 3, 4], &[2, 3, 4]];
    assert_eq!(seen, expected);
    assert_eq!(given_up, [(3, 2)]);
}

#[test]
fn a_partial_answer_and_bisecting_work_together() {
    let (seen, given_up) = traced(
        |s| (s.reports_item_failures, s.bisect, s.maximum_retries) = (true, true, Some(1)),
        |invocation| report(invocation, 2),
    );
    let expected: [&[u32]; 5] = [&[1, 2, 3, 4], &[2, 3, 4], &[2], &[2], &[3, 4]];
    assert_eq!(seen, expected);
    assert_eq!(given_up, [(1, 2)]);
}

#[test]
fn a_partial_answer_is_ignored_unless_it_is_asked_for() {
    let (seen, given_up) = traced(|_| {}, |invocation| report(invocation, 2));
    assert_eq!(seen, [[1, 2, 3, 4]]);
    assert!(given_up.is_empty());
}

#[test]
fn a_record_in_a_suffix_has_a_budget_of_its_own() {
    let (seen, given_up) = traced(
        |s| (s.reports_item_failures, s.maximum_retries) = (true, Some(3)),
        |invocation| report(invocation, 4),
    );
    assert_eq!(seen.iter().filter(|records| records.contains(&4)).count(), 5);
    assert_eq!(given_up, [(1, 4)]);
}

#[test]
fn retries_wait_twice_as_long_each_time_and_keep_the_request() {
    let source = four();
    let mut play = Play::new(&source, settings(&source, |s| s.maximum_retries = Some(3)));
    play.run(|_| Outcome::TimedOut);
    let waits: Vec<u64> = play.times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (wait, expected) in waits.iter().zip([200, 400, 800]) {
        assert!((expected * 9 / 10..=expected * 11 / 10).contains(wait), "{waits:?}");
    }
    assert_eq!(waits.len(), 3);
    assert!(play.requests.iter().all(|request| *request == play.requests[0]));
    assert_eq!(play.consumer.last_result(), "PROBLEM: Function call failed");
}

#[test]
fn pieces_and_suffixes_run_at_once_as_requests_of_their_own() {
    let source = four();
    let mut play = Play::new(&source, settings(&source, |s| s.bisect = true));
    let mut failed = false;
    play.run(|_| if std::mem::replace(&mut failed, true) { ok() } else { Outcome::Error });
    assert_eq!(play.seen, [vec![1, 2, 3, 4], vec![1, 2], vec![3, 4]]);
    assert!(play.times.iter().all(|at| *at == play.times[0]));
    assert!(play.requests[0] != play.requests[1] && play.requests[1] != play.requests[2]);
    assert_eq!(play.consumer.last_result(), "OK");
}

#[test]
fn a_function_that_is_not_reached_costs_no_attempt() {
    let source = four();
    let mut play = Play::new(&source, settings(&source, |s| s.maximum_retries = Some(0)));
    let mut throttled = 0;
    play.run(|_| {
        throttled += 1;
        if throttled < 6 { Outcome::NotInvoked { reason: "throttled".into() } } else { ok() }
    });
    assert_eq!(play.seen, [[1, 2, 3, 4]; 6]);
    assert!(play.failures.is_empty());
    assert!(play.requests.iter().all(|request| *request == play.requests[0]));
}

#[test]
fn a_window_gathers_until_it_is_over() {
    let source = Source::new(1);
    source.put_all(1..=5);
    let window = Duration::from_secs(5);
    let mut play = Play::new(&source, settings(&source, |s| (s.batch_size, s.batching_window) = (2, window)));
    play.run(|_| ok());
    assert_eq!(play.seen, [vec![1, 2], vec![3, 4], vec![5]]);
    assert_eq!(play.times, [0, 0, 5_000]);
    // It begins when something is there, and a full batch does not wait.
    source.advance(Duration::from_secs(60));
    source.put_all(6..=6);
    assert_eq!(play.step(|_| ok()), Some(source.now() + 5_000));
    source.put_all(7..=7);
    play.step(|_| ok());
    assert_eq!(play.seen[3..], [vec![6, 7]]);
}

#[test]
fn the_end_of_a_shard_ends_the_gathering() {
    let source = Source::new(1);
    let window = Duration::from_secs(300);
    let mut play = Play::new(&source, settings(&source, |s| s.batching_window = window));
    source.put_all(1..=3);
    source.roll();
    source.put_all(4..=4);
    play.step(|_| ok());
    assert_eq!(play.seen, [vec![1, 2, 3]]);
    play.run(|_| ok());
    assert_eq!(play.seen, [vec![1, 2, 3], vec![4]]);
}

#[test]
fn a_poison_record_is_alone_after_as_many_splits_as_its_number_has_bits() {
    for (count, poison) in [(64, 1), (64, 33), (64, 64), (100, 77), (1, 1)] {
        let source = Source::new(1);
        source.put_all(1..=count);
        let mut play =
            Play::new(&source, settings(&source, |s| (s.bisect, s.maximum_retries) = (true, Some(0))));
        play.run(|invocation| throw_at(invocation, poison));
        let failed = play.seen.iter().filter(|records| records.contains(&poison)).count();
        let most = (count as f64).log2().ceil() as usize + 1;
        assert!(failed <= most, "{failed} invocations with {poison} of {count}");
        assert_eq!(play.given_up(), [(1, 1)]);
        let mut done: Vec<u32> =
            play.seen.iter().filter(|records| !records.contains(&poison)).flatten().copied().collect();
        assert!(done.is_sorted(), "in order");
        done.push(poison);
        done.sort_unstable();
        assert_eq!(done, (1..=count).collect::<Vec<u32>>());
    }
}
