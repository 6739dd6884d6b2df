//! Networks that fail in each of their ways, over real sockets: a server of the test's own does what it is told with each request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Barrier};
use std::thread;

use streamtable::api::{GetItemInput, ListTablesInput, PutItemInput};
use streamtable::door::{Door, Pending, ask};
use streamtable::value::Item;
use streamtable::{ErrorCode, Input};
use streamtable_remote::{Address, Options, Remote};

/// What becomes of a request that was read.
#[derive(Clone, Copy)]
enum Then {
    Answer(u16, &'static str),
    /// With a checksum that is another body's.
    AnswerDamaged,
    /// The answer's length is told, and half of it sent.
    AnswerHalf,
    /// The connection ends.
    HangUp,
    /// Nothing more is said, and the connection stays.
    FallSilent,
    /// The same in the middle of an answer.
    AnswerHalfAndFallSilent,
    /// It is answered, and the connection ends while nobody looks.
    AnswerAndHangUp,
}

/// A request: its headers, with the request line first, and its body.
type Heard = (Vec<String>, String);

fn read(from: &mut BufReader<TcpStream>) -> Option<Heard> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_ascii_lowercase());
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    from.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).expect("text")))
}

fn answer(to: &mut TcpStream, status: u16, headers: &str, body: &str, sent: usize) {
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    to.write_all(&[head.as_bytes(), &body.as_bytes()[..sent]].concat()).expect("somebody reads");
}

/// Serves a connection; false when all is over.
fn converse(stream: TcpStream, script: &Receiver<Then>, tell: &Sender<Heard>) -> bool {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    let mut stream = stream;
    while let Some(heard) = read(&mut reader) {
        tell.send(heard).expect("the test listens");
        let Ok(then) = script.recv() else { return false };
        match then {
            Then::Answer(status, body) => answer(&mut stream, status, "", body, body.len()),
            Then::AnswerDamaged => answer(&mut stream, 200, "x-amz-crc32: 1\r\n", "{}", 2),
            Then::AnswerHalf => {
                answer(&mut stream, 200, "", "{\"Item\": {}}", 5);
                break;
            }
            Then::HangUp => break,
            // What follows is read when the other side has had enough.
            Then::FallSilent => {}
            Then::AnswerHalfAndFallSilent => answer(&mut stream, 200, "", "{\"Item\": {}}", 5),
            Then::AnswerAndHangUp => {
                answer(&mut stream, 200, "", "{}", 2);
                break;
            }
        }
    }
    // It may be closed from the other side.
    stream.shutdown(Shutdown::Both).ok();
    true
}

/// A server that does these things with the requests that come, one after the other.
fn server(script: &[Then]) -> (String, Receiver<Heard>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (plan, planned) = mpsc::channel();
    script.iter().for_each(|then| plan.send(*then).expect("it listens"));
    drop(plan);
    let (tell, heard) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            if !converse(stream.expect("a connection"), &planned, &tell) {
                break;
            }
        }
    });
    (url, heard)
}

fn put() -> PutItemInput {
    let item = Item::from_json(r#"{"id": {"S": "1"}}"#).expect("an item");
    PutItemInput { table_name: Some("Orders".into()), item: Some(item.into()), ..PutItemInput::default() }
}

fn get() -> GetItemInput {
    let key = Item::from_json(r#"{"id": {"S": "1"}}"#).expect("a key");
    GetItemInput { table_name: Some("Orders".into()), key: Some(key.into()), ..GetItemInput::default() }
}

#[test]
fn a_request_is_what_the_protocol_has() {
    let (url, heard) = server(&[Then::Answer(200, "{}")]);
    let remote = Remote::open(&url).expect("an address");
    ask(&remote, put()).expect("done");
    let (head, body) = heard.recv().expect("a request");
    assert_eq!(head[0], "post / http/1.1");
    for line in [
        "content-type: application/x-amz-json-1.0",
        "x-amz-target: dynamodb_20120810.putitem",
        "authorization: aws4-hmac-sha256 credential=streamtable",
    ] {
        assert!(head.iter().any(|known| known == line), "{line} in {head:?}");
    }
    assert_eq!(body, r#"{"TableName":"Orders","Item":{"id":{"S":"1"}}}"#);
}

#[test]
fn a_write_whose_answer_is_lost_is_sent_once() {
    for lost in [Then::HangUp, Then::AnswerHalf, Then::AnswerDamaged, Then::Answer(502, "<html>")] {
        let (url, heard) = server(&[lost, Then::Answer(200, "{}")]);
        let remote = Remote::open(&url).expect("an address");
        assert_eq!(ask(&remote, put()).expect_err("lost").code(), ErrorCode::OutcomeUnknown);
        assert_eq!(heard.try_iter().count(), 1);
    }
}

#[test]
fn a_read_whose_answer_is_lost_is_sent_again() {
    for lost in [Then::HangUp, Then::AnswerHalf, Then::AnswerDamaged, Then::Answer(503, "<html>")] {
        let (url, heard) = server(&[lost, lost, Then::Answer(200, "{}")]);
        let remote = Remote::open(&url).expect("an address");
        ask(&remote, get()).expect("done");
        assert_eq!(heard.try_iter().count(), 3);
    }
}

#[test]
fn silence_has_an_end() {
    for silent in [Then::FallSilent, Then::AnswerHalfAndFallSilent] {
        let (url, heard) = server(&[silent, silent, Then::Answer(200, "{}")]);
        let remote = Remote::open(&format!("{url}?timeout=50")).expect("an address");
        assert_eq!(ask(&remote, put()).expect_err("lost").code(), ErrorCode::OutcomeUnknown);
        ask(&remote, get()).expect("done");
        assert_eq!(heard.try_iter().count(), 3);
    }
}

#[test]
fn a_connection_that_ended_while_it_was_kept_costs_no_write() {
    let (url, heard) = server(&[Then::AnswerAndHangUp, Then::AnswerAndHangUp, Then::Answer(200, "{}")]);
    let remote = Remote::open(&url).expect("an address");
    for _ in 0..3 {
        ask(&remote, put()).expect("done");
    }
    assert_eq!(heard.try_iter().count(), 3);
}

#[test]
fn nobody_is_there() {
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("an address");
    for address in
        [format!("http://{free}"), "http://nowhere.invalid:1".into(), "unix:///nowhere/x.sock".into()]
    {
        let remote = Remote::open(&format!("{address}?attempts=2")).expect("an address");
        let error = ask(&remote, put()).expect_err("nobody");
        assert_eq!(error.code(), ErrorCode::Unreachable, "{error}");
        assert!(error.message().starts_with(&format!("{address} cannot be reached: ")), "{error}");
    }
}

#[test]
fn operations_and_members_of_tomorrow_pass_as_they_are() {
    let (url, heard) = server(&[Then::Answer(200, r#"{ "Of": "tomorrow" }"#), Then::Answer(200, "{}")]);
    let remote = Remote::open(&url).expect("an address");
    let told = remote.call_json("PaintTable", br#"{ "Colour": "red" }"#).expect("an answer");
    assert_eq!(told, br#"{ "Of": "tomorrow" }"#);
    remote.call_json("PutItem", br#"{"Shade": 1e2}"#).expect("an answer");
    let asked: Vec<Heard> = heard.try_iter().collect();
    assert!(asked[0].0.contains(&"x-amz-target: dynamodb_20120810.painttable".to_owned()));
    assert_eq!((asked[0].1.as_str(), asked[1].1.as_str()), (r#"{ "Colour": "red" }"#, r#"{"Shade": 1e2}"#));
}

#[test]
fn one_thread_has_sixty_four_calls_on_their_way() {
    const CALLS: usize = 64;
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    // Nobody is answered before all have asked.
    let all = Arc::new(Barrier::new(CALLS));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, all) = (stream.expect("a connection"), Arc::clone(&all));
            thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
                while read(&mut reader).is_some() {
                    all.wait();
                    answer(&mut stream, 200, "", "{}", 2);
                }
            });
        }
    });
    let remote = Remote::open(&url).expect("an address");
    for _ in 0..2 {
        let started: Vec<Pending> = (0..CALLS).map(|_| remote.start(put().into_request())).collect();
        for pending in started {
            pending.wait().expect("done");
        }
    }
}

#[test]
fn certificates_of_the_environment_are_read_when_it_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bundle.pem");
    std::fs::write(&path, "no certificate").expect("written");
    let path = path.into_os_string().into_string().expect("UTF-8");
    let environment = streamtable_remote::credentials::Environment::of(move |name| {
        (name == "AWS_CA_BUNDLE").then(|| path.clone())
    });
    let address = Address::parse("https://db.example").expect("an address");
    let error =
        Remote::new(&address, Options::default().environment(environment)).expect_err("no certificates");
    assert_eq!(error.code(), ErrorCode::Open);
    assert!(error.message().contains("there is no certificate in it"), "{error}");
}

#[test]
fn the_service_needs_a_region() {
    let environment = |region: Option<&'static str>| {
        let found = streamtable_remote::credentials::Environment::of(move |name| {
            region.filter(|_| name == "AWS_REGION").map(str::to_owned)
        });
        Options::default().environment(found)
    };
    let address = Address::parse("dynamodb://").expect("an address");
    let error = Remote::new(&address, environment(None)).expect_err("no region");
    assert!(error.message().contains("AWS_REGION"), "{error}");
    let remote = Remote::new(&address, environment(Some("eu-west-1"))).expect("a region");
    assert_eq!(remote.region(), Ok("eu-west-1"));
    remote.close();
    assert_eq!(ask(&remote, ListTablesInput::default()).expect_err("closed").code(), ErrorCode::Closed);
}
