//! The inspector over sockets, as a program uses it: who is let in, what is refused, what the feed tells.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use streamtable::{Database, OpenOptions};
use streamtable_inspect::{Inspector, Options};

/// A bound for a failure alone.
const PATIENCE: Duration = Duration::from_secs(60);

struct Viewer {
    address: SocketAddr,
    cookie: String,
}

fn database() -> Database {
    let db = Database::memory(OpenOptions::deterministic().call_trace(1_000_u64)).expect("sound options");
    let table = json!({"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}});
    call(&db, "CreateTable", table);
    db
}

fn call(db: &Database, operation: &str, input: Value) -> Value {
    let told = db.call_json(operation, input.to_string().as_bytes()).expect("sound");
    serde_json::from_slice(&told).expect("JSON")
}

fn put(db: &Database, id: &str, rest: Value) {
    let mut item = rest;
    item["id"] = json!({"S": id});
    call(db, "PutItem", json!({"TableName": "Orders", "Item": item}));
}

fn arn(db: &Database) -> String {
    call(db, "ListStreams", json!({}))["Streams"][0]["StreamArn"].as_str().expect("a stream").to_owned()
}

/// Sends a request as it stands: the status, the head and the body.
fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String, String) {
    let mut socket = TcpStream::connect(address).expect("it listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time");
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    write!(
        socket,
        "{method} {path} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .expect("it reads");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).expect("it answers");
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head[9..12].parse().expect("a status"), head.to_ascii_lowercase(), body.to_owned())
}

impl Viewer {
    fn of(inspector: &Inspector) -> Viewer {
        let (address, token) =
            (inspector.address(), inspector.url().split_once("token=").expect("a token").1);
        let (host, origin) = (address.to_string(), format!("http://{address}"));
        let headers = [("Host", host.as_str()), ("Origin", &origin), ("X-Streamtable", "inspect")];
        let (status, head, _) =
            ask(address, "POST", "/session", &headers, &json!({"token": token}).to_string());
        assert_eq!(status, 204);
        let cookie = head.split_once("set-cookie: ").expect("a cookie").1.split(';').next().expect("a pair");
        Viewer { address, cookie: cookie.to_owned() }
    }

    fn call(&self, operation: &str, input: &Value) -> (u16, Value) {
        let (host, origin) = (self.address.to_string(), format!("http://{}", self.address));
        let headers = [
            ("Host", host.as_str()),
            ("Origin", &origin),
            ("X-Streamtable", "inspect"),
            ("Cookie", &self.cookie),
        ];
        let (status, _, body) =
            ask(self.address, "POST", &format!("/call/{operation}"), &headers, &input.to_string());
        (status, serde_json::from_str(&body).expect("JSON"))
    }

    /// The feed of a stream.
    fn feed(&self, stream: &str) -> impl FnMut() -> (String, Value) + use<> {
        let mut socket = TcpStream::connect(self.address).expect("it listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a time");
        let (address, cookie) = (self.address, &self.cookie);
        write!(socket, "GET /feed?stream={stream} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n")
            .expect("it reads");
        let mut lines = BufReader::new(socket).lines();
        move || {
            let mut kind = String::new();
            loop {
                let line = lines.next().expect("it goes on").expect("text");
                if let Some(name) = line.strip_prefix("event: ") {
                    kind = name.to_owned();
                } else if let Some(data) = line.strip_prefix("data: ") {
                    return (kind, serde_json::from_str(data).expect("JSON"));
                }
            }
        }
    }
}

fn until(feed: &mut impl FnMut() -> (String, Value), wanted: &str) -> Value {
    loop {
        let (kind, data) = feed();
        if kind == wanted {
            return data;
        }
    }
}

#[test]
fn the_feed_tells_records_calls_and_that_something_changed() {
    let db = database();
    put(&db, "before", json!({}));
    let inspector = Inspector::of(&db, Options::default()).expect("it starts");
    let viewer = Viewer::of(&inspector);
    let mut feed = viewer.feed(&arn(&db));
    let (kind, hello) = feed();
    assert_eq!((kind.as_str(), &hello["v"], &hello["mode"]), ("hello", &json!(1), &json!("manual")));
    put(
        &db,
        "1",
        json!({"n": {"N": "12345678901234567890123456789012345678"}, "text": {"S": "x".repeat(10_000)}}),
    );
    let records = until(&mut feed, "records");
    assert_eq!((&records["total"], records["shown"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    let image = &records["shown"][0]["dynamodb"]["NewImage"];
    assert_eq!(image["n"]["N"], "12345678901234567890123456789012345678");
    assert_eq!(image["text"]["cut"], 10_000);
    for n in 0..1_000 {
        put(&db, &n.to_string(), json!({}));
    }
    let (mut total, mut shown) = (0, 0);
    while total < 1_000 {
        let records = until(&mut feed, "records");
        total += records["total"].as_u64().expect("a count");
        shown += records["shown"].as_array().expect("a list").len();
    }
    assert_eq!(total, 1_000, "none twice");
    assert!(shown <= 1_000);
    call(&db, "AdvanceClock", json!({"Milliseconds": 5}));
    // Calls are told with their numbers, and those of the inspector are not among them.
    let mut last = 0;
    loop {
        let calls = until(&mut feed, "call");
        let calls = calls["calls"].as_array().expect("a list");
        assert!(
            calls.iter().all(|call| call["Operation"] == "PutItem" || call["Operation"] == "AdvanceClock")
        );
        let number = calls.last().expect("some")["Number"].as_u64().expect("a number");
        assert!(number > last);
        last = number;
        if calls.iter().any(|call| call["Operation"] == "AdvanceClock") {
            break;
        }
    }
}

#[test]
fn records_that_were_trimmed_unseen_are_a_gap() {
    let db = database();
    let inspector = Inspector::of(&db, Options::default()).expect("it starts");
    let mut feed = Viewer::of(&inspector).feed(&arn(&db));
    until(&mut feed, "hello");
    for id in ["1", "2", "3"] {
        put(&db, id, json!({}));
    }
    call(&db, "AdvanceClock", json!({"Milliseconds": 86_400_001}));
    put(&db, "4", json!({}));
    let (mut seen, mut lost) = (0, 0);
    while seen + lost < 4 {
        match feed() {
            (kind, data) if kind == "records" => seen += data["total"].as_i64().expect("a count"),
            (kind, data) if kind == "gap" => lost += data["lost"].as_i64().expect("a count"),
            _ => {}
        }
    }
    assert_eq!(seen + lost, 4);
}

#[test]
fn a_reader_of_the_page_changes_nothing() {
    let db = database();
    put(&db, "1", json!({"email": {"S": "ada@secret.test"}, "total": {"N": "17"}}));
    let mut options = Options::default();
    options.is_read_only = true;
    options.mask.names.insert("email".to_owned());
    options.mask.is_keys_only = true;
    let inspector = Inspector::of(&db, options).expect("it starts");
    let viewer = Viewer::of(&inspector);
    let (status, told) = viewer.call("DeleteTable", &json!({"TableName": "Orders"}));
    assert_eq!((status, &told["code"]), (403, &json!("ReadOnly")));
    let (status, told) = viewer.call("Scan", &json!({"TableName": "Orders"}));
    assert_eq!(status, 200);
    assert_eq!(
        told["Items"][0],
        json!({"id": {"S": "1"}, "email": {"masked": true}, "total": {"masked": true}})
    );
    let (status, told) = viewer.call("DescribeTable", &json!({"TableName": "None"}));
    assert_eq!((status, &told["code"]), (400, &json!("ResourceNotFoundException")));
    let (status, told) = viewer.call("NoSuch", &json!({}));
    assert_eq!(status, 400, "{told}");
}

#[test]
fn no_directory_is_written() {
    let db = database();
    let inspector = Inspector::of(&db, Options::default()).expect("it starts");
    let viewer = Viewer::of(&inspector);
    let (status, _) = viewer.call("Backup", &json!({"Directory": "copy"}));
    assert_eq!(status, 403);
}

#[test]
fn strangers_are_turned_away() {
    let db = database();
    let inspector = Inspector::of(&db, Options::default()).expect("it starts");
    let (address, cookie) = (inspector.address(), Viewer::of(&inspector).cookie);
    let (host, own) = (address.to_string(), format!("http://{address}"));
    let status =
        |method: &str, path: &str, headers: &[(&str, &str)]| ask(address, method, path, headers, "{}").0;
    let (mark, here, cookie) =
        (("X-Streamtable", "inspect"), ("Host", host.as_str()), ("Cookie", cookie.as_str()));
    assert_eq!(status("GET", "/", &[here]), 200, "the page holds no secret");
    assert_eq!(status("GET", "/", &[("Host", "evil.test")]), 403);
    assert_eq!(status("GET", "/feed", &[here]), 401);
    assert_eq!(status("GET", "/feed", &[cookie, ("Host", "evil.test")]), 403);
    assert_eq!(status("POST", "/session", &[here, mark, ("Origin", &own)]), 401, "no token");
    let call = "/call/ListTables";
    assert_eq!(status("POST", call, &[here, cookie, mark, ("Origin", &own)]), 200);
    assert_eq!(status("POST", call, &[here, mark, ("Origin", &own)]), 401);
    assert_eq!(
        status("POST", call, &[here, cookie, ("Origin", &own)]),
        403,
        "a form sends no header of its own"
    );
    assert_eq!(status("POST", call, &[here, cookie, mark]), 403);
    assert_eq!(status("POST", call, &[here, cookie, mark, ("Origin", "http://evil.test")]), 403);
    assert_eq!(status("DELETE", "/", &[here, cookie, mark, ("Origin", &own)]), 404);
    let (_, head, _) = ask(address, "GET", "/", &[here], "");
    assert!(
        head.contains("default-src 'none'; script-src 'self' 'sha256-") && !head.contains("access-control")
    );
}

#[test]
fn an_inspector_ends_when_it_is_dropped() {
    let db = database();
    let inspector = Inspector::of(&db, Options::default()).expect("it starts");
    let address = inspector.address();
    let mut feed = Viewer::of(&inspector).feed(&arn(&db));
    until(&mut feed, "hello");
    drop(inspector);
    TcpStream::connect(address).expect_err("nobody listens any more");
    put(&db, "1", json!({}));
}
