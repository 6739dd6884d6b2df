//! Tables into folders and out of them, from the command line.

#![cfg(unix)]

mod support;

use std::fs;
use std::process::Output;

use support::{Folder, Request, Server, program};

const CREATE: &str = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}"#;

fn call(server: &Server, operation: &str, body: &str) -> String {
    let answer = server.ask(&Request::call(&format!("DynamoDB_20120810.{operation}"), body));
    let text = answer.text().to_owned();
    assert_eq!(answer.status, 200, "{operation}: {text}");
    text
}

/// Status, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = program().args(arguments).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

fn succeeded(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run(arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {stderr}");
    stdout
}

/// The folder of an export's data, as a prefix, out of what the command says.
fn data_of(told: &str, bucket: &str) -> String {
    let (_, path) = told.trim().rsplit_once(": ").expect("a path");
    let inside = path.strip_prefix(bucket).expect("in the bucket").trim_start_matches('/');
    inside.replace("manifest-summary.json", "data/")
}

#[test]
fn a_table_goes_out_of_a_directory_and_into_another_one() {
    let folder = Folder::of("exports");
    let (from, to, bucket) = (folder.path("from"), folder.path("to"), folder.path("bucket"));
    {
        let server = Server::at(&[&from]);
        call(&server, "CreateTable", CREATE);
        for id in ["1", "2", "3"] {
            let item = format!(
                r#"{{"TableName": "Orders", "Item": {{"id": {{"S": "{id}"}}, "n": {{"N": "{id}"}}}}}}"#
            );
            call(&server, "PutItem", &item);
        }
    }
    drop(Server::at(&[&to]));
    for format in ["json", "ion"] {
        let told = succeeded(&["export", &from, "Orders", &bucket, "--format", format]);
        assert!(told.starts_with("3 items, "), "{told}");
        let data = data_of(&told, &bucket);
        let target = format!("Orders-{format}");
        let arguments = [
            "import",
            &to,
            &target,
            &bucket,
            "--key",
            "id:S",
            "--prefix",
            &data,
            "--compression",
            "gzip",
            "--format",
            format,
        ];
        assert_eq!(succeeded(&arguments), "3 items imported\n");
    }
    let server = Server::at(&[&to]);
    for table in ["Orders-json", "Orders-ion"] {
        let scanned = call(&server, "Scan", &format!(r#"{{"TableName": "{table}", "Select": "COUNT"}}"#));
        assert!(scanned.contains("\"Count\":3"), "{scanned}");
    }
    drop(server);
    let server = Server::at(&[&from]);
    let recovery = call(&server, "DescribeContinuousBackups", r#"{"TableName": "Orders"}"#);
    assert!(recovery.contains("\"PointInTimeRecoveryStatus\":\"DISABLED\""), "{recovery}");
}

#[test]
fn a_server_reads_and_writes_in_its_buckets() {
    let folder = Folder::of("exports-served");
    let buckets = folder.path("buckets");
    fs::create_dir_all(folder.path("buckets/orders")).expect("a folder");
    fs::write(folder.path("buckets/orders/rows.csv"), "a;1\nb;2\nc\n").expect("a file");
    let server = Server::at(&["--memory", "--buckets", &buckets]);
    let url = format!("http://{}", server.address);
    let import = [
        "import",
        &url,
        "Orders",
        "orders",
        "--key",
        "id:S",
        "n:N",
        "--format",
        "csv",
        "--delimiter",
        ";",
        "--headers",
        "id,n",
    ];
    let (code, _, stderr) = run(&import);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(
        stderr.contains("2 items imported, 1 wrong. ") && stderr.contains("rows.csv, record 3: "),
        "{stderr}"
    );
    let told = succeeded(&["export", &url, "Orders", "orders", "--prefix", "nightly"]);
    assert!(told.starts_with("2 items, ") && told.contains("orders/nightly/AWSDynamoDB/"), "{told}");
    let (code, _, stderr) = run(&["export", &url, "Orders", "elsewhere"]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("The specified bucket does not exist"), "{stderr}");
    let (code, _, stderr) = run(&["import", &url, "Other", "orders", "--key", "id"]);
    assert_eq!((code, stderr.contains("such as id:S")), (Some(1), true), "{stderr}");
}
