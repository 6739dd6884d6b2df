//! Clients that sign for several regions.

mod support;

use support::{Folder, Request, Server};

const CREATE: &str = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}"#;

fn ask(server: &Server, region: &str, operation: &str, body: &str) -> String {
    let scope = format!(
        "AWS4-HMAC-SHA256 Credential=AKID/20260101/{region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
    );
    let request = Request::call(&format!("DynamoDB_20120810.{operation}"), body)
        .without("Authorization")
        .header("Authorization", &scope);
    server.ask(&request).text().to_owned()
}

#[test]
fn each_region_has_its_own_tables() {
    let server = Server::start();
    let made = ask(&server, "eu-west-1", "CreateTable", CREATE);
    assert!(made.contains("arn:aws:dynamodb:eu-west-1:000000000000:table/Orders"), "{made}");
    assert_eq!(ask(&server, "us-east-1", "ListTables", "{}"), r#"{"TableNames":[]}"#);
    assert_eq!(ask(&server, "eu-west-1", "ListTables", "{}"), r#"{"TableNames":["Orders"]}"#);
    // What names no region is at home.
    assert_eq!(ask(&server, "", "ListTables", "{}"), r#"{"TableNames":[]}"#);
    assert_eq!(ask(&server, "eu.west", "ListTables", "{}"), r#"{"TableNames":[]}"#);
}

#[test]
fn regions_may_be_shared() {
    let server = Server::with(&["--share-regions"]);
    let made = ask(&server, "eu-west-1", "CreateTable", CREATE);
    assert!(made.contains("arn:aws:dynamodb:us-east-1:000000000000:table/Orders"), "{made}");
    assert_eq!(ask(&server, "ap-south-1", "ListTables", "{}"), r#"{"TableNames":["Orders"]}"#);
}

#[test]
fn no_client_fills_the_server_with_regions() {
    let folder = Folder::of("many-regions");
    let server = Server::at(&["--data", &folder.path("data"), "--clock", "manual"]);
    assert!(ask(&server, "eu-west-1", "CreateTable", CREATE).contains("CREATING"));
    for i in 0..63 {
        assert_eq!(ask(&server, &format!("region-{i}"), "ListTables", "{}"), r#"{"TableNames":[]}"#);
    }
    let refused = ask(&server, "one-more", "ListTables", "{}");
    assert!(refused.contains("ValidationException") && refused.contains("at most 64 regions"), "{refused}");
    assert_eq!(ask(&server, "eu-west-1", "ListTables", "{}"), r#"{"TableNames":["Orders"]}"#);
}
