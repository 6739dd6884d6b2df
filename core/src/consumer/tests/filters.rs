//! Records that are passed over before batches are made (fact sheet of event source mappings, 3.2).

use super::super::Became;
use super::*;
use crate::pattern::{Filters, Operators};

fn filters(patterns: &[Value]) -> Filters {
    let texts = patterns.iter().map(Value::to_string);
    Filters::compile(texts, Operators::All).expect("patterns")
}

/// Records of items whose number is one of these.
fn of_numbers(numbers: &[u32]) -> Value {
    let texts: Vec<String> = numbers.iter().map(u32::to_string).collect();
    json!({"dynamodb": {"NewImage": {"n": {"N": texts}}}})
}

#[test]
fn what_no_filter_matches_does_not_count_to_a_batch_and_is_not_read_again() {
    let source = Source::new(1);
    source.put_all(1..=20);
    let mut settings = source.settings();
    settings.batch_size = 2;
    settings.filters = filters(&[of_numbers(&[2, 9]), of_numbers(&[9, 17])]);
    let mut play = Play::new(&source, settings);
    play.step(|_| ok());
    assert_eq!(play.seen, [vec![2, 9], vec![17]]);
    assert_eq!(play.consumer.counts().filtered_out_event_count, 17);
    play.reopen();
    play.step(|_| panic!("all is settled"));
    assert_eq!(play.consumer.counts().polled_event_count, 0);
}

#[test]
fn the_place_moves_past_what_is_filtered_out_though_nothing_was_invoked() {
    let source = Source::new(1);
    source.put_all(1..=5);
    let mut settings = source.settings();
    settings.filters = filters(&[json!({"eventName": ["REMOVE"]})]);
    let mut play = Play::new(&source, settings);
    play.step(|_| panic!("nothing passes"));
    assert_eq!(play.consumer.counts().filtered_out_event_count, 5);
    play.reopen();
    play.step(|_| panic!("nothing passes"));
    assert_eq!(play.consumer.counts().polled_event_count, 0);
    let lag = play.consumer.lag(source.now());
    assert_eq!((lag[0].unsettled, lag[0].is_caught_up), (0, true));
}

#[test]
fn a_record_that_was_filtered_out_says_so() {
    let source = Source::new(1);
    source.put_all(1..=1);
    let mut all = Play::new(&source, source.settings());
    let mut id = String::new();
    all.step(|invocation| {
        id = invocation.records()[0].event_id();
        ok()
    });
    let mut settings = source.settings();
    settings.filters = filters(&[of_numbers(&[2])]);
    let mut play = Play::new(&source, settings);
    play.step(|_| panic!("nothing passes"));
    let became: Vec<Became> = play.consumer.explain(&id).into_iter().map(|told| told.became).collect();
    assert_eq!(became, [Became::Filtered]);
}

#[test]
fn filters_and_windows_exclude_each_other() {
    let source = Source::new(1);
    let mut settings = source.settings();
    settings.filters = filters(&[of_numbers(&[2])]);
    settings.tumbling_window = Some(Duration::from_secs(10));
    assert!(Consumer::open(&source.db, settings, None, 1, source.now()).is_err());
}
