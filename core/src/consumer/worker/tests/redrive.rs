//! What was given up is given to its function again, on a schedule.

use std::time::Duration;

use super::*;
use crate::api::{ErrorCode, TransactWriteItem};
use crate::consumer::worker::Told;

const HOUR: i64 = 3_600_000;
const EVERY: Option<Duration> = Some(Duration::from_secs(3_600));
const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:dead";

/// Fails while it is ill.
#[derive(Default)]
struct Patient {
    is_well: Cell<bool>,
    seen: Recorder,
    writes: RefCell<Vec<TransactWriteItem>>,
}

impl Handler for Patient {
    fn handle(&self, task: &Task) -> Outcome {
        self.seen.handle(task);
        if self.is_well.get() { Outcome::Success(Response::Nothing) } else { Outcome::Error }
    }

    fn handle_once(&self, task: &Task, writes: &mut Vec<TransactWriteItem>) -> Outcome {
        let outcome = self.handle(task);
        writes.extend(self.writes.borrow().iter().cloned());
        outcome
    }
}

impl World {
    fn redriving(&self, settings: &Value) -> String {
        let arn = self.table("Orders");
        let uuid = self.mapping(&arn, settings);
        self.local.redrive_every(&self.db, &uuid, EVERY).expect("no error");
        uuid
    }

    fn heal(&self, patient: &Patient) -> Vec<Vec<String>> {
        self.local.run_until_idle(&self.db, patient, 100).expect("no error");
        patient.seen.take()
    }

    fn left(&self) -> (String, String) {
        let asked = json!({"QueueUrl": "dead", "AttributeNames": ["All"]});
        let told = self.call("SqsGetQueueAttributes", &asked)["Attributes"].clone();
        let count = |name: &str| told[name].as_str().expect("a number").to_owned();
        (count("ApproximateNumberOfMessages"), count("ApproximateNumberOfMessagesNotVisible"))
    }
}

/// Those of one moment are in the order of names that say nothing.
fn sorted(mut seen: Vec<Vec<String>>) -> Vec<Vec<String>> {
    seen.sort();
    seen
}

fn settings(destination: &str) -> Value {
    json!({
        "BatchSize": 2, "MaximumRetryAttempts": 0, "DestinationConfig": {"OnFailure": {"Destination": destination}},
        "FilterCriteria": {"Filters": [{"Pattern": r#"{"dynamodb": {"Keys": {"id": {"S": [{"anything-but": "no"}]}}}}"#}]},
    })
}

#[test]
fn messages_of_a_queue_are_tried_every_hour_until_they_succeed() {
    let world = World::new();
    world.call("SqsCreateQueue", &json!({"QueueName": "dead"}));
    let uuid = world.redriving(&settings(QUEUE));
    let patient = Patient::default();
    for id in ["a", "no", "b", "c"] {
        world.put("Orders", id);
    }
    assert_eq!(world.heal(&patient), [vec!["a", "b"], vec!["c"]]);
    assert!(matches!(world.local.next(&world.db), Ok(Next::RedriveAt(_))));
    for _ in 0..2 {
        world.advance(HOUR - 1);
        assert!(world.heal(&patient).is_empty());
        world.advance(1);
        assert_eq!(
            world.heal(&patient),
            [vec!["a", "b"], vec!["c"]],
            "both, without what the filters pass over"
        );
        assert_eq!(world.left(), ("0".to_owned(), "2".to_owned()));
    }
    patient.is_well.set(true);
    world.advance(HOUR);
    assert_eq!(world.heal(&patient), [vec!["a", "b"], vec!["c"]]);
    assert_eq!(world.left(), ("0".to_owned(), "0".to_owned()));
    world.advance(HOUR);
    assert!(world.heal(&patient).is_empty());
    world.local.redrive_every(&world.db, &uuid, None).expect("no error");
    assert!(matches!(world.local.next(&world.db), Ok(Next::Idle)));
    let refused = world.local.redrive_every(&world.db, &uuid, Some(Duration::from_millis(999)));
    assert_eq!(refused.map_err(|error| error.code()), Err(ErrorCode::Validation));
}

#[test]
fn hours_that_were_slept_through_are_one() {
    let world = World::new();
    world.call("SqsCreateQueue", &json!({"QueueName": "dead"}));
    world.redriving(&settings(QUEUE));
    let patient = Patient::default();
    world.put("Orders", "a");
    world.heal(&patient);
    world.advance(5 * HOUR + 1);
    assert_eq!(world.heal(&patient).len(), 1);
    world.advance(HOUR - 1);
    assert_eq!(world.heal(&patient).len(), 1, "at the full hour");
}

#[test]
fn records_that_the_stream_no_longer_keeps_are_left_where_they_are() {
    let world = World::new();
    world.call("SqsCreateQueue", &json!({"QueueName": "dead"}));
    world.redriving(&settings(QUEUE));
    let patient = Patient::default();
    world.put("Orders", "a");
    world.heal(&patient);
    world.advance(30 * HOUR);
    assert!(world.heal(&patient).is_empty());
    assert_eq!(world.left(), ("1".to_owned(), "0".to_owned()));
}

#[test]
fn mappings_that_share_a_queue_take_their_own() {
    let world = World::new();
    world.call("SqsCreateQueue", &json!({"QueueName": "dead"}));
    world.redriving(&settings(QUEUE));
    let patients = world.table("Patients");
    let uuid = world.mapping(&patients, &settings(QUEUE));
    world.local.redrive_every(&world.db, &uuid, EVERY).expect("no error");
    world.call("SqsSendMessage", &json!({"QueueUrl": "dead", "MessageBody": "of somebody else"}));
    let patient = Patient::default();
    for id in ["a", "b", "c"] {
        world.put("Orders", id);
        world.put("Patients", &format!("p{id}"));
    }
    world.heal(&patient);
    patient.is_well.set(true);
    world.advance(HOUR);
    assert_eq!(sorted(world.heal(&patient)), [vec!["a", "b"], vec!["c"], vec!["pa", "pb"], vec!["pc"]]);
    assert_eq!(world.left(), ("1".to_owned(), "0".to_owned()), "what is nobody's is there for others");
}

#[test]
fn objects_of_a_bucket_have_their_events() {
    let world = World::new();
    world.call("S3CreateBucket", &json!({"Bucket": "dead"}));
    world.redriving(&settings("arn:aws:s3:::dead"));
    let patient = Patient::default();
    for id in ["a", "b", "c"] {
        world.put("Orders", id);
    }
    world.heal(&patient);
    // Longer than the stream keeps its records.
    world.advance(30 * HOUR);
    assert_eq!(sorted(world.heal(&patient)), [vec!["a", "b"], vec!["c"]]);
    patient.is_well.set(true);
    world.advance(HOUR);
    assert_eq!(sorted(world.heal(&patient)), [vec!["a", "b"], vec!["c"]]);
    assert_eq!(world.call("S3ListObjectsV2", &json!({"Bucket": "dead"}))["KeyCount"], 0);
}

#[test]
fn a_disabled_mapping_waits() {
    let world = World::new();
    world.call("SqsCreateQueue", &json!({"QueueName": "dead"}));
    let uuid = world.redriving(&settings(QUEUE));
    let patient = Patient::default();
    world.put("Orders", "a");
    world.heal(&patient);
    world.call("UpdateEventSourceMapping", &json!({"UUID": uuid, "Enabled": false}));
    world.advance(2 * HOUR);
    assert!(world.heal(&patient).is_empty());
    assert!(matches!(world.local.next(&world.db), Ok(Next::Idle)));
    world.call("UpdateEventSourceMapping", &json!({"UUID": uuid, "Enabled": true}));
    assert_eq!(world.heal(&patient), [vec!["a"]]);
}

#[test]
fn writes_are_done_with_what_succeeds() {
    let world = World::new();
    world.call("SqsCreateQueue", &json!({"QueueName": "dead"}));
    world.table("Totals");
    world.redriving(&settings(QUEUE));
    let patient = Patient::default();
    world.put("Orders", "a");
    world.heal(&patient);
    let put = |condition: &str| {
        let put = json!({"Put": {"TableName": "Totals", "Item": {"id": {"S": "t"}}, "ConditionExpression": condition}});
        vec![serde_json::from_value(put).expect("a write")]
    };
    patient.is_well.set(true);
    patient.writes.replace(put("attribute_exists(id)"));
    world.advance(HOUR);
    assert_eq!(world.heal(&patient).len(), 1);
    assert_eq!(world.left(), ("0".to_owned(), "1".to_owned()), "its writes were refused");
    patient.writes.replace(put("attribute_not_exists(id)"));
    world.advance(HOUR);
    assert_eq!(world.heal(&patient).len(), 1);
    assert_eq!(world.left(), ("0".to_owned(), "0".to_owned()));
    assert_eq!(world.call("Scan", &json!({"TableName": "Totals"}))["Count"], 1);
    let told = world.local.complete_with(&world.db, 99, Response::Nothing, put("attribute_exists(id)"));
    assert_eq!(told, Ok(Told::Unknown));
}
