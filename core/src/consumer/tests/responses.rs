//! Which answers of a function count as success, and how the others are told (fact sheet of event source mappings, 3.4).

use super::*;

/// Makes an answer of sequence numbers.
type Answer = dyn Fn(&[String]) -> Outcome;

/// Plays two records once with an answer that is made of their sequence numbers. The records that were given up, and what the failure says.
fn played(made: impl Fn(&[String]) -> Outcome) -> (Option<Value>, String) {
    let source = Source::new(1);
    source.put_all(1..=2);
    let mut settings = source.settings();
    (settings.reports_item_failures, settings.maximum_retries) = (true, Some(0));
    let mut play = Play::new(&source, settings);
    play.run(|invocation| {
        let ids: Vec<String> = invocation.records().iter().map(|r| r.sequence_number().to_string()).collect();
        if ids.len() == 2 { made(&ids) } else { ok() }
    });
    (play.documents().pop(), play.consumer.last_result().to_owned())
}

#[test]
fn answers_that_report_nothing_are_success() {
    let answers = [
        Response::Nothing,
        Response::from_json(b""),
        Response::Value(Value::Null),
        Response::Value(json!("")),
        Response::Value(json!([])),
        Response::Value(json!({})),
        Response::Value(json!({"batchItemfailures": [{"itemIdentifier": "x"}]})),
        Response::Value(json!({"batchItemFailures": null})),
        Response::Value(json!({"batchItemFailures": []})),
    ];
    for response in answers {
        let (failure, result) = played(|_| Outcome::Success(response.clone()));
        assert_eq!((failure, &*result), (None, "OK"), "{response:?}");
    }
}

#[test]
fn answers_that_name_no_record_fail_the_whole_batch() {
    fn names(items: Value) -> Outcome {
        answer(json!({"batchItemFailures": items}))
    }
    let answers: [&Answer; 15] = [
        &|_| names(json!([{"itemIdentifier": ""}])),
        &|_| names(json!([{"itemIdentifier": null}])),
        &|_| names(json!([{"itemIdentifier": 123}])),
        &|_| names(json!([{"itemIdentifier": "123"}])),
        &|ids| names(json!([{"foo": ids[1]}])),
        &|_| names(json!([{"foo": null}])),
        &|ids| names(json!([ids[1]])),
        &|ids| names(json!([{"itemIdentifier": format!("0{}", ids[1])}])),
        &|ids| names(json!([{"itemIdentifier": ids[1]}, {"itemIdentifier": "x"}])),
        &|ids| names(json!({"itemIdentifier": ids[1]})),
        &|_| names(json!("")),
        &|_| answer(json!("text")),
        &|_| answer(json!(1)),
        &|_| answer(json!([{}])),
        &|_| Outcome::Success(Response::from_json(b"{not JSON")),
    ];
    for (at, made) in answers.iter().enumerate() {
        let (failure, result) = played(made);
        let failure = failure.unwrap_or_else(|| panic!("answer {at} is a failure"));
        assert_eq!(failure["DDBStreamBatchInfo"]["batchSize"], 2, "answer {at}");
        let context = json!({"statusCode": 200, "executedVersion": "$LATEST", "functionError": null});
        assert_eq!(failure["responseContext"], context, "answer {at}");
        let said =
            "PROBLEM: Sequence number in function response is invalid. Please check function implementation.";
        assert_eq!(result, said, "answer {at}");
    }
}

#[test]
fn the_lowest_number_that_is_reported_counts() {
    let source = Source::new(1);
    source.put_all(1..=5);
    let mut settings = source.settings();
    settings.reports_item_failures = true;
    let mut play = Play::new(&source, settings);
    play.run(|invocation| {
        let ids: Vec<Value> = invocation
            .records()
            .iter()
            .skip(2)
            .rev()
            .map(|r| json!({"itemIdentifier": r.sequence_number().to_string()}))
            .collect();
        if invocation.attempt == 1 && invocation.records().len() > 3 {
            answer(json!({"batchItemFailures": ids}))
        } else {
            ok()
        }
    });
    assert_eq!(play.seen, [vec![1, 2, 3, 4, 5], vec![3, 4, 5]]);
    assert_eq!(play.consumer.last_result(), "OK");
}

#[test]
fn the_first_record_is_no_progress() {
    let source = Source::new(1);
    source.put_all(1..=3);
    let mut settings = source.settings();
    (settings.reports_item_failures, settings.maximum_retries) = (true, Some(1));
    let mut play = Play::new(&source, settings);
    play.run(|invocation| report(invocation, 1));
    assert_eq!(play.seen, [[1, 2, 3]; 2]);
    assert_eq!(play.given_up(), [(3, 2)]);
}
