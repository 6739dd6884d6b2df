//! Records that are too old, and events that are too large (fact sheet of event source mappings, 2.2 and 3.7).

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn what_is_too_old_before_it_is_tried_is_given_up_and_the_rest_is_delivered() {
    let source = Source::new(1);
    source.put_all(1..=1);
    source.advance(MINUTE);
    source.put_all(2..=6);
    let mut settings = source.settings();
    settings.maximum_record_age = Some(MINUTE);
    let mut play = Play::new(&source, settings);
    play.run(|_| ok());
    assert_eq!(play.seen, [[2, 3, 4, 5, 6]]);
    assert_eq!(play.given_up(), [(1, 1)]);
    assert_eq!(play.consumer.counts().dropped_event_count, 1, "there is no destination");
}

#[test]
fn giving_up_what_is_too_old_says_nothing_of_the_last_result() {
    let source = Source::new(1);
    source.put_all(1..=3);
    source.advance(MINUTE);
    let mut settings = source.settings();
    settings.maximum_record_age = Some(MINUTE);
    let mut play = Play::new(&source, settings);
    play.run(|_| panic!("nothing is young enough"));
    assert_eq!(play.given_up(), [(3, 1)]);
    assert_eq!(play.consumer.last_result(), "No records processed");
}

#[test]
fn what_grows_too_old_between_attempts_is_given_up_after_those() {
    let source = Source::new(1);
    source.put_all(1..=2);
    let mut settings = source.settings();
    settings.maximum_record_age = Some(MINUTE);
    let mut play = Play::new(&source, settings);
    play.run(|_| Outcome::Error);
    // 0.2 s, doubled each time: the ninth attempt is about 51 s after the first.
    assert_eq!(play.seen, [[1, 2]; 9]);
    assert!(play.times.iter().all(|at| *at < 60_000), "{:?}", play.times);
    assert_eq!(play.given_up(), [(2, 9)]);
    assert_eq!(play.documents()[0]["requestContext"]["condition"], "RecordAgeExceeded");
}

#[test]
fn what_the_source_keeps_no_more_is_passed_over() {
    let source = Source::new(1);
    source.put_all(1..=2);
    let mut play = Play::new(&source, source.settings());
    play.step(|_| Outcome::Error);
    let first = play.consumer.lag(source.now())[0].first_unsettled.expect("it waits").to_string();
    source.advance(Duration::from_secs(24 * 60 * 60));
    source.put_all(3..=3);
    play.run(|_| ok());
    assert_eq!(play.seen, [vec![1, 2], vec![3]]);
    assert!(play.failures.is_empty(), "that is the source's loss");
    assert_eq!(play.consumer.counts().dropped_event_count, 0);
    let last = play.consumer.explain(&first).pop().expect("remembered");
    assert_eq!(last.became, super::super::Became::Trimmed);
}

#[test]
fn events_are_filled_up_to_their_limit() {
    let source = Source::new(1);
    for n in 1..=40 {
        source.put(&format!("{}{n}", "x".repeat(n as usize % 7 * 40)), n);
    }
    let mut settings = source.settings();
    settings.payload_max = 4_000;
    let mut play = Play::new(&source, settings);
    let mut sizes = Vec::new();
    let mut firsts = Vec::new();
    play.run(|invocation| {
        sizes.push(invocation.event_json().len());
        firsts.push(invocation.records()[0].size(&source.arn));
        ok()
    });
    assert!(sizes.len() > 5 && sizes.iter().all(|size| *size <= 4_000), "{sizes:?}");
    for (size, next) in sizes.iter().zip(&firsts[1..]) {
        assert!(size + 1 + next > 4_000, "the next record would have fitted: {size}, {next}");
    }
    assert_eq!(play.seen.concat(), (1..=40).collect::<Vec<u32>>());
}

#[test]
fn a_record_that_no_event_can_hold_uses_its_attempts_and_is_given_up() {
    let source = Source::new(1);
    source.put_all(1..=1);
    source.put(&"x".repeat(2_000), 2);
    source.put_all(3..=3);
    let mut settings = source.settings();
    (settings.payload_max, settings.maximum_retries) = (4_000, Some(2));
    let mut play = Play::new(&source, settings);
    play.run(|_| ok());
    assert_eq!(play.seen, [[1], [3]]);
    assert_eq!(play.given_up(), [(1, 3)]);
    assert_eq!(play.documents()[0].get("responseContext"), None);
    assert!(source.since_start() >= 500, "it waits between attempts");
}
