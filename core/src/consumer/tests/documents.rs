//! What functions and destinations are given, byte for byte (fact sheet of event source mappings, 2.1, 4.1 and 4.2).

use super::*;

fn given_up(condition: impl FnOnce(&mut Settings)) -> (Source, Vec<Failure>, String) {
    let source = Source::new(1);
    source.advance(Duration::from_millis(1_234));
    source.put_all(1..=2);
    let mut settings = source.settings();
    settings.on_failure = Some("arn:aws:sqs:us-east-1:000000000000:failures".into());
    condition(&mut settings);
    let mut play = Play::new(&source, settings);
    source.advance(Duration::from_secs(2));
    play.run(|_| Outcome::Error);
    let (failures, request) =
        (std::mem::take(&mut play.failures), play.requests.first().cloned().unwrap_or_else(String::new));
    (source, failures, request)
}

#[test]
fn a_failure_is_told_in_the_members_and_the_order_of_the_service() {
    let (source, failures, request) = given_up(|s| s.maximum_retries = Some(0));
    let [failure] = &failures[..] else { panic!("one failure") };
    let [first, last] = failure.records() else { panic!("two records") };
    let (shard, arn) = (&failure.shard_id, &source.arn);
    let (first, last) = (first.sequence_number(), last.sequence_number());
    let head = format!(
        concat!(
            r#"{{"requestContext":{{"requestId":"{request}","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:orders","#,
            r#""condition":"RetryAttemptsExhausted","approximateInvokeCount":1}},"#,
            r#""responseContext":{{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"}},"version":"1.0","#,
        ),
        request = request
    );
    let tail = format!(
        concat!(
            r#""timestamp":"2026-01-01T00:00:03.234Z","DDBStreamBatchInfo":{{"shardId":"{shard}","startSequenceNumber":"{first}","#,
            r#""endSequenceNumber":"{last}","approximateArrivalOfFirstRecord":"2026-01-01T00:00:01Z","#,
            r#""approximateArrivalOfLastRecord":"2026-01-01T00:00:01Z","batchSize":2,"streamArn":"{arn}"}}}}"#,
        ),
        shard = shard,
        first = first,
        last = last,
        arn = arn
    );
    assert_eq!(failure.document(), format!("{head}{tail}"));
    assert_eq!(failure.destination(), Some("arn:aws:sqs:us-east-1:000000000000:failures"));
    // An object for a bucket has the event as a text before the time.
    let object = failure.object();
    let payload = object.strip_prefix(&head).and_then(|rest| rest.strip_suffix(&format!(",{tail}")));
    let payload = payload.and_then(|rest| rest.strip_prefix(r#""payload":"#)).expect("between both");
    let event: String = serde_json::from_str(payload).expect("a text");
    let event: Value = serde_json::from_str(&event).expect("JSON");
    assert_eq!(event["Records"].as_array().map(Vec::len), Some(2));
    let key = failure.object_key();
    let unique = key
        .strip_prefix(&format!("aws/lambda/0123-mapping/{shard}/2026/01/01/2026-01-01T00.00.03-"))
        .unwrap_or_else(|| panic!("{key}"));
    assert_eq!(unique.len(), 36);
}

#[test]
fn records_that_are_too_old_have_no_response() {
    let (_, failures, _) = given_up(|s| s.maximum_record_age = Some(Duration::from_secs(1)));
    let [failure] = &failures[..] else { panic!("one failure") };
    let document: Value = serde_json::from_str(&failure.document()).expect("JSON");
    assert_eq!(document["requestContext"]["condition"], "RecordAgeExceeded");
    assert_eq!(document["requestContext"]["approximateInvokeCount"], 1, "though nothing ran");
    assert_eq!(document.get("responseContext"), None);
}

#[test]
fn an_event_has_the_members_and_the_order_of_the_service() {
    let source = Source::new(1);
    source.advance(Duration::from_millis(1_500));
    source.put("a", 7);
    let mut play = Play::new(&source, source.settings());
    play.settle();
    let Step::Invoke(invocation) = play.poll() else { panic!("a batch") };
    let record = &invocation.records()[0];
    let (id, number, arn) = (record.event_id(), record.sequence_number(), &source.arn);
    let expected = format!(
        concat!(
            r#"{{"Records":[{{"eventID":"{id}","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","#,
            r#""dynamodb":{{"ApproximateCreationDateTime":1767225601.0,"Keys":{{"id":{{"S":"a"}}}},"NewImage":{{"id":{{"S":"a"}},"n":{{"N":"7"}}}},"#,
            r#""SequenceNumber":"{number}","SizeBytes":9,"StreamViewType":"NEW_AND_OLD_IMAGES"}},"eventSourceARN":"{arn}"}}]}}"#,
        ),
        id = id,
        number = number,
        arn = arn
    );
    assert_eq!(String::from_utf8(invocation.event_json()).expect("text"), expected);
}

#[test]
fn the_bound_of_a_record_is_no_less_than_its_size() {
    let source = Source::new(1);
    let items = [
        json!({"id": {"S": "\u{1}\u{2}\u{3}\u{1f}\"\\"}}),
        json!({"id": {"S": "x"}, "l": {"L": (0..300).map(|_| json!({"NULL": true})).collect::<Vec<_>>()}}),
        json!({"id": {"S": "x"}, "l": {"L": (0..300).map(|_| json!({"BOOL": false})).collect::<Vec<_>>()}}),
        json!({"id": {"S": "x"}, "l": {"L": (0..300).map(|_| json!({"M": {}})).collect::<Vec<_>>()}}),
        json!({"id": {"S": "x"}, "l": {"L": (0..300).map(|_| json!({"S": ""})).collect::<Vec<_>>()}}),
        json!({"id": {"S": "x"}, "s": {"SS": (0..300).map(|n| n.to_string()).collect::<Vec<_>>()}}),
        json!({"id": {"S": "x"}, "m": {"M": (0..300).map(|n| (format!("\u{1}{n}"), json!({"N": "1"}))).collect::<serde_json::Map<_, _>>()}}),
        json!({"id": {"S": "x"}, "b": {"B": "AQ=="}, "bs": {"BS": ["AQ==", "Ag=="]}}),
    ];
    for item in &items {
        source.call("PutItem", &json!({"TableName": "Things", "Item": item}));
    }
    let mut play = Play::new(&source, source.settings());
    play.settle();
    let Step::Invoke(invocation) = play.poll() else { panic!("a batch") };
    assert_eq!(invocation.records().len(), items.len());
    for record in invocation.records() {
        let (size, bound) = (record.size(&source.arn), record.size_bound(&source.arn));
        assert!(size <= bound, "{size} of {bound}: {record:?}");
    }
}
