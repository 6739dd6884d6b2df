//! Databases in directories: served, and looked after from the command line.

#![cfg(unix)]

mod support;

use std::fs;
use std::process::Output;
use std::thread;

use serde_json::{Value, json};
use support::{Folder, Request, Server, program};

const CREATE: &str = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}"#;

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

/// The answer of a call that must succeed.
fn call(server: &Server, operation: &str, body: &str) -> Value {
    let answer = ask(server, operation, body);
    assert_eq!(answer.0, 200, "{operation}: {}", answer.1);
    answer.1
}

fn ask(server: &Server, operation: &str, body: &str) -> (u16, Value) {
    let prefix = streamtable::unstable::registry::operation(operation).expect("an operation").target_prefix;
    let answer = server.ask(&Request::call(&format!("{prefix}.{operation}"), body));
    (answer.status, answer.json())
}

fn put(server: &Server, id: &str) {
    let item = json!({"TableName": "Orders", "Item": {"id": {"S": id}, "v": {"S": "x".repeat(500)}}});
    call(server, "PutItem", &item.to_string());
}

fn count(server: &Server) -> i64 {
    let counted = call(server, "Scan", r#"{"TableName": "Orders", "Select": "COUNT"}"#);
    counted["Count"].as_i64().expect("a count")
}

/// A closed database with items in it, some of them deleted.
fn filled(directory: &str) {
    let server = Server::at(&[directory]);
    call(&server, "CreateTable", CREATE);
    for i in 0..50 {
        put(&server, &i.to_string());
    }
    for i in 0..30 {
        let key = json!({"TableName": "Orders", "Key": {"id": {"S": i.to_string()}}});
        call(&server, "DeleteItem", &key.to_string());
    }
    end(server);
}

fn end(server: Server) {
    server.signal("TERM");
    assert!(server.end().success());
}

#[test]
fn what_was_acknowledged_survives_an_end_and_a_kill() {
    let folder = Folder::of("survives");
    let data = folder.path("data");
    for (at, arguments) in
        [&[data.as_str()][..], &["--data", &data, "--durability", "sync"]].iter().enumerate()
    {
        let server = Server::at(arguments);
        if at == 0 {
            call(&server, "CreateTable", CREATE);
            put(&server, "a");
            end(server);
        } else {
            assert_eq!(count(&server), 1);
            put(&server, "b");
            // Dropping a server kills it.
        }
    }
    let server = Server::at(&[&data, "--durability", "buffered", "--sync-every", "1", "--cache-bytes", "0"]);
    assert_eq!(count(&server), 2);
    let stream = call(&server, "ListStreams", "{}")["Streams"][0]["StreamArn"].clone();
    let shard = call(&server, "DescribeStream", &json!({"StreamArn": stream}).to_string())["StreamDescription"]
        ["Shards"][0]["ShardId"]
        .clone();
    let iterator = json!({"StreamArn": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = call(&server, "GetShardIterator", &iterator.to_string());
    let records = call(&server, "GetRecords", &iterator.to_string())["Records"].clone();
    assert_eq!(records.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_clock_that_was_wrong_is_set_right() {
    let folder = Folder::of("clock");
    let data = folder.path("data");
    filled(&data);
    let time = |text: &str| text.split_whitespace().next().and_then(|ms| ms.parse().ok()).expect("a time");
    let right: u64 = time(&succeeded(&["clock", &data]));
    let wrong = right + 10 * 366 * 86_400_000;
    succeeded(&["clock", &data, "--set", &wrong.to_string()]);
    let (code, _, stderr) = run(&["serve", &data, "--port", "0"]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("streamtable clock DIR --set now"), "{stderr}");
    assert_eq!(time(&succeeded(&["clock", &data, "--set", "now"])), wrong);
    assert_eq!(count(&Server::at(&[&data])), 20);
    let (code, _, stderr) = run(&["clock", &data, "--set", "yesterday"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("epoch milliseconds, or `now`"), "{stderr}");
}

#[test]
fn requests_at_once_are_all_answered_and_kept() {
    let folder = Folder::of("at-once");
    let data = folder.path("data");
    let server = Server::at(&[&data]);
    call(&server, "CreateTable", CREATE);
    thread::scope(|scope| {
        for client in 0..64 {
            let server = &server;
            scope.spawn(move || {
                let mut connection = server.connect();
                for i in 0..5 {
                    let item = json!({"TableName": "Orders", "Item": {"id": {"S": format!("{client}/{i}")}}});
                    let request = Request::call("DynamoDB_20120810.PutItem", &item.to_string());
                    assert_eq!(connection.ask(&request).status, 200);
                }
            });
        }
    });
    drop(server);
    assert_eq!(count(&Server::at(&[&data])), 64 * 5);
}

#[test]
fn a_second_server_is_told_who_has_the_database() {
    let folder = Folder::of("second");
    let data = folder.path("data");
    let server = Server::at(&[&data]);
    for arguments in [&["serve", &data, "--port", "0"][..], &["compact", &data], &["backup", &data, "copy"]] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(stderr.contains("pid ") && stderr.contains("streamtable"), "{stderr}");
        assert_eq!(stderr.contains("--endpoint http://HOST:PORT copy"), arguments[0] == "backup", "{stderr}");
    }
    let (code, stdout, stderr) = run(&["verify", &data]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("pid "), "{stderr}");
    call(&server, "ListTables", "{}");
}

#[test]
fn a_command_makes_no_database() {
    let folder = Folder::of("makes-none");
    let (missing, copy) = (folder.path("missing"), folder.path("copy"));
    for (arguments, status) in [
        (&["compact", &missing][..], 1),
        (&["backup", &missing, &copy], 1),
        (&["restore", &missing, &copy], 1),
        (&["verify", &missing], 2),
    ] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (Some(status), ""), "{arguments:?}");
        assert!(stderr.starts_with("streamtable: ") && stderr.contains(&missing), "{stderr}");
    }
    assert!(!fs::exists(&missing).expect("a look") && !fs::exists(&copy).expect("a look"));
}

#[test]
fn a_directory_of_something_else_is_left_alone() {
    let folder = Folder::of("something-else");
    let notes = folder.path("notes.txt");
    fs::write(&notes, "mine").expect("a file");
    let directory = notes.strip_suffix("/notes.txt").expect("inside").to_owned();
    for (place, part) in [(directory.as_str(), "notes.txt"), (notes.as_str(), "notes.txt")] {
        let (code, stdout, stderr) = run(&["serve", "--port", "0", "--data", place]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{place:?}");
        assert!(
            stderr.starts_with("streamtable: cannot open the database: ") && stderr.contains(part),
            "{stderr}"
        );
    }
    let left: Vec<_> =
        fs::read_dir(&directory).expect("the folder").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(left, ["notes.txt"]);
}

#[test]
fn a_backup_is_restored() {
    let folder = Folder::of("restored");
    let (data, copy, again) = (folder.path("data"), folder.path("copy"), folder.path("again"));
    filled(&data);
    let told = succeeded(&["backup", &data, &copy]);
    assert!(told.ends_with(&format!(" in {copy}\n")), "{told}");
    succeeded(&["restore", &copy, &again]);
    assert_eq!(count(&Server::at(&[&again])), 20);
    assert_eq!(count(&Server::at(&[&copy])), 20);
    // Neither overwrites what is there.
    for arguments in [&["backup", &data, &copy][..], &["restore", &copy, &again], &["restore", &copy, &data]]
    {
        let (code, _, stderr) = run(arguments);
        assert_eq!(code, Some(1), "{arguments:?}");
        assert!(stderr.contains("empty"), "{stderr}");
    }
    assert_eq!(count(&Server::at(&[&data])), 20);
}

#[test]
fn a_server_backs_itself_up_where_it_was_allowed_to() {
    let folder = Folder::of("online");
    let (data, backups) = (folder.path("data"), folder.path("backups"));
    fs::create_dir(&backups).expect("a folder");
    let server = Server::at(&[&data, "--backups", &backups]);
    call(&server, "CreateTable", CREATE);
    put(&server, "a");
    let endpoint = format!("http://{}", server.address);
    succeeded(&["backup", "--endpoint", &endpoint, "monday"]);
    put(&server, "b");
    let outside = folder.path("outside");
    let (code, _, stderr) = run(&["backup", "--endpoint", &endpoint, &outside]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("Backups go into"), "{stderr}");
    assert_eq!(count(&Server::at(&[&format!("{backups}/monday")])), 1);
    drop(server);

    let server = Server::at(&[&data]);
    let (status, error) = ask(&server, "Backup", &json!({"Directory": outside}).to_string());
    assert_eq!(
        (status, error["__type"].as_str()),
        (400, Some("com.amazon.coral.validate#ValidationException"))
    );
    assert!(error["message"].as_str().expect("a text").contains("--backups"), "{error}");
    assert!(!fs::exists(&outside).expect("a look"));
    let sizes = call(&server, "Compact", "{}");
    assert!(sizes["BytesBefore"].is_u64() && sizes["BytesAfter"].is_u64(), "{sizes}");
}

#[test]
fn nobody_answers_there() {
    let memory = Server::start();
    for (endpoint, part) in [
        ("http://127.0.0.1:1", "http://127.0.0.1:1 cannot be reached: "),
        ("127.0.0.1:8000", "is no address"),
        ("ftp://127.0.0.1:1", "its scheme is none of"),
        (&format!("http://{}", memory.address), "A database in memory has no files"),
    ] {
        let (code, stdout, stderr) = run(&["backup", "--endpoint", endpoint, "copy"]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{endpoint}");
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[test]
fn compacting_leaves_what_is_left() {
    let folder = Folder::of("compacting");
    let data = folder.path("data");
    filled(&data);
    let told = succeeded(&["compact", &data]);
    assert!(told.contains(" before, ") && told.ends_with(" now\n"), "{told}");
    assert_eq!(count(&Server::at(&[&data])), 20);
}

#[test]
fn a_sound_database_passes_and_a_damaged_one_does_not() {
    let folder = Folder::of("verified");
    let data = folder.path("data");
    filled(&data);
    let told = succeeded(&["verify", &data]);
    assert!(told.starts_with("all is well: 1 tables, 20 items, 1 streams, 80 records, "), "{told}");
    let log =
        fs::read_dir(format!("{data}/log")).expect("the log").next().expect("a segment").expect("an entry");
    let mut bytes = fs::read(log.path()).expect("the segment");
    let at = bytes.windows(20).position(|w| w == [b'x'; 20]).expect("an item");
    bytes[at] ^= 1;
    fs::write(log.path(), bytes).expect("it can be written");
    let (code, stdout, stderr) = run(&["verify", &data]);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stdout.lines().count() >= 2 && stdout.contains("finding"), "{stdout}");
}
