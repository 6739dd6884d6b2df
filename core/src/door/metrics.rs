//! Counting the calls of a door.

use super::{Observation, Observer};
use crate::database::attended::contents;
use crate::engine::Metrics;

impl Observer for Metrics {
    fn observe(&self, call: &Observation<'_>) {
        let Observation { request, answer, duration } = *call;
        self.add(request.operation(), request.table_name(), answer.map(contents), duration);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::super::{Door, Faulty, Observed};
    use super::*;
    use crate::api::SetFaultsInput;
    use crate::database::Database;
    use crate::engine::{Counts, NAMED_MOST};
    use crate::options::OpenOptions;
    use crate::registry::Request;

    fn counts(metrics: &Metrics, operation: &str, table: Option<&str>) -> Counts {
        let snapshot = metrics.snapshot();
        let found = snapshot
            .iter()
            .find(|(calls, _)| calls.operation == operation && calls.table_name.as_deref() == table);
        found.unwrap_or_else(|| panic!("{operation} {table:?} in {snapshot:?}")).1
    }

    #[test]
    fn calls_are_counted_by_operation_table_and_outcome() {
        let metrics = Arc::new(Metrics::default());
        let database = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let faulty = Arc::new(Faulty::new(database));
        let door = Observed::new(faulty.clone(), metrics.clone());
        let call = |operation: &str, input: Value| -> Option<Value> {
            let request = Request::from_json(operation, input.to_string().as_bytes()).expect("sound input");
            let answer = door.call(request).ok()?;
            Some(serde_json::from_slice(&answer.to_json().expect("JSON")).expect("JSON"))
        };
        let create = json!({
            "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
        });
        let arn = call("CreateTable", create).expect("new")["TableDescription"]["LatestStreamArn"].clone();
        call("DescribeTable", json!({"TableName": "Orders"})).expect("there");
        for id in ["a", "b"] {
            call("PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": id}}})).expect("room");
        }
        let once = json!({"TableName": "Orders", "Item": {"id": {"S": "a"}}, "ConditionExpression": "attribute_not_exists(id)"});
        assert_eq!(call("PutItem", once), None);
        assert_eq!(call("PutItem", json!({"TableName": "Orders", "Item": {}})), None);
        for error in [
            json!({"Code": "ThrottlingException"}),
            json!({"Code": "InternalServerError"}),
            json!({"Code": "TransactionCanceledException", "CancellationReasons": ["TransactionConflict"]}),
        ] {
            let fault = json!({"Effect": "FAIL", "Operations": ["PutItem"], "Times": 1, "Error": error});
            let script: SetFaultsInput =
                serde_json::from_value(json!({ "Faults": [fault] })).expect("a script");
            faulty.set(&script).expect("sound");
            assert_eq!(call("PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": "c"}}})), None);
        }
        let puts = counts(&metrics, "PutItem", Some("Orders"));
        assert_eq!(puts.successful_request_latency.sample_count, 2);
        let errors = [
            puts.user_errors,
            puts.throttled_requests,
            puts.conditional_check_failed_requests,
            puts.transaction_conflict,
            puts.system_errors,
        ];
        assert_eq!(errors, [1; 5]);
        call("Scan", json!({"TableName": "Orders"})).expect("there");
        assert_eq!(counts(&metrics, "Scan", Some("Orders")).returned_item_count, 2);
        let shards = call("DescribeStream", json!({ "StreamArn": arn })).expect("there");
        let shard = &shards["StreamDescription"]["Shards"][0]["ShardId"];
        let from = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
        let iterator = call("GetShardIterator", from).expect("there")["ShardIterator"].clone();
        call("GetRecords", json!({ "ShardIterator": iterator })).expect("there");
        let read = counts(&metrics, "GetRecords", None);
        assert_eq!((read.returned_records_count, read.returned_bytes), (2, 2 * 3));
    }

    #[test]
    fn names_that_nobody_has_are_not_remembered_without_end() {
        let metrics = Arc::new(Metrics::default());
        let database = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let door = Observed::new(database, metrics.clone());
        let call = |operation: &str, table: String| {
            let input = json!({ "TableName": table }).to_string();
            door.call(Request::from_json(operation, input.as_bytes()).expect("sound input")).is_ok()
        };
        assert!((0..100).all(|n| !call("DescribeTable", format!("Missing{n}"))));
        assert!(!call("DescribeTable", "x".repeat(100_000)));
        assert_eq!(counts(&metrics, "DescribeTable", None).user_errors, 101);
        assert_eq!(metrics.snapshot().len(), 1);
        // Its answer to a name that no table has is an empty list.
        assert!((0..NAMED_MOST + 100).all(|n| call("ListStreams", format!("Missing{n}"))));
        assert!(metrics.snapshot().len() <= NAMED_MOST + 1);
        let together = counts(&metrics, "ListStreams", None).successful_request_latency.sample_count;
        assert!(together >= 100, "{together}");
    }
}
