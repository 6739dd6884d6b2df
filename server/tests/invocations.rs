//! Invoke over HTTP: what the server hands on to functions whose process answers as a runtime interface emulator does.

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};
use support::{Answer, Request, Server};

/// An emulator: answers each event as it is told to, and tells of it.
fn emulator(answers: Vec<Option<Vec<u8>>>) -> (SocketAddr, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (seen, told) = channel();
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("the same socket"));
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a line");
                if line == "\r\n" {
                    break;
                }
                lines.push(line.to_ascii_lowercase());
            }
            let length = lines.iter().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.expect("a length").trim().parse().expect("a number")];
            reader.read_exact(&mut body).expect("a body");
            seen.send((lines[0].trim().to_owned(), serde_json::from_slice(&body).expect("JSON")))
                .expect("the test listens");
            match answer {
                Some(body) => {
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                    stream.write_all(&[head.as_bytes(), &body].concat()).expect("it is read");
                }
                // Open, without an answer.
                None => silent.push(stream),
            }
        }
    });
    (address, told)
}

fn register(server: &Server, endpoint: Option<SocketAddr>) {
    let mut input =
        json!({"FunctionName": "f", "TimeoutInSeconds": 1, "Versions": ["7"], "Aliases": {"live": "7"}});
    if let Some(address) = endpoint {
        input["Endpoint"] = format!("http://{address}").into();
    }
    let answer = server.ask(&Request::call("Streamtable_20261120.RegisterFunction", &input.to_string()));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn handing_on_to(allowed: &str) -> Server {
    Server::with(&["--clock", "manual", "--seed", "1", "--invoke-endpoint", allowed])
}

fn signed(line: &str) -> Request {
    Request::of(line).header("Authorization", "AWS4-HMAC-SHA256 Credential=anybody")
}

fn invoke(server: &Server, path: &str, kind: &str, payload: &[u8]) -> Answer {
    let line = format!("POST /2015-03-31/functions/{path}");
    let request = signed(&line).header("X-Amz-Invocation-Type", kind).header("X-Amz-Log-Type", "Tail");
    // A request without a body says so, too.
    let request = if payload.is_empty() { request.header("Content-Length", "0") } else { request };
    server.ask(&request.body(payload))
}

#[test]
fn functions_with_an_endpoint_are_invoked() {
    let failure = br#"{"errorType": "Boom", "errorMessage": "no"}"#.to_vec();
    let (address, seen) =
        emulator(vec![Some(br#"{"n":1}"#.to_vec()), Some(failure.clone()), Some(Vec::new())]);
    let server = handing_on_to(&format!("http://{address}"));
    register(&server, Some(address));
    let answer = invoke(&server, "f/invocations?Qualifier=live", "RequestResponse", br#"{"a":[1]}"#);
    assert_eq!((answer.status, answer.text()), (200, r#"{"n":1}"#));
    assert_eq!(answer.header("x-amz-executed-version"), Some("7"));
    assert_eq!(answer.header("x-amz-function-error"), None);
    assert_eq!(answer.header("x-amz-log-result"), Some(""));
    let path = "post /2015-03-31/functions/function/invocations http/1.1".to_owned();
    assert_eq!(seen.recv().expect("an event"), (path, json!({"a": [1]})));
    let answer = invoke(&server, "f/invocations", "RequestResponse", b"");
    assert_eq!((answer.status, answer.body.clone()), (200, failure));
    assert_eq!(answer.header("x-amz-function-error"), Some("Unhandled"));
    assert_eq!(answer.header("x-amz-executed-version"), Some("$LATEST"));
    assert_eq!(seen.recv().expect("an event").1, json!({}), "no payload is an empty object");
    let answer = invoke(&server, "f/invocations", "Event", b"{}");
    assert_eq!((answer.status, answer.body.len()), (202, 0));
    seen.recv().expect("it was handed on");
}

#[test]
fn what_an_emulator_does_costs_no_more_than_the_function_may() {
    let server = handing_on_to("any");
    let (address, seen) = emulator(vec![None, Some(vec![b' '; 7 << 20])]);
    register(&server, Some(address));
    let answer = invoke(&server, "f/invocations", "RequestResponse", b"{}");
    assert_eq!((answer.status, answer.header("x-amz-function-error")), (200, Some("Unhandled")));
    assert_eq!(answer.json()["errorType"], "Sandbox.Timedout");
    let told =
        answer.json()["errorMessage"].as_str().map(|text| text.contains("timed out after 1.00 seconds"));
    assert_eq!(told, Some(true));
    let answer = invoke(&server, "f/invocations", "RequestResponse", b"{}");
    assert_eq!(answer.json()["errorType"], "Function.ResponseSizeTooLarge");
    assert_eq!(seen.iter().take(2).count(), 2);
}

#[test]
fn what_cannot_be_invoked_says_why() {
    let server = Server::start();
    register(&server, None);
    let refused = |path: &str, kind: &str, payload: &[u8]| {
        let answer = invoke(&server, path, kind, payload);
        let name = answer.header("x-amzn-errortype").unwrap_or("").to_owned();
        let told = answer.json();
        let text = told["message"].as_str().or(told["Message"].as_str()).unwrap_or("").to_owned();
        (answer.status, name, text)
    };
    let arn = "arn:aws:lambda:us-east-1:000000000000:function";
    let not_found = |name: &str| {
        (404, "ResourceNotFoundException".to_owned(), format!("Function not found: {arn}:{name}"))
    };
    assert_eq!(refused("g/invocations", "RequestResponse", b""), not_found("g"));
    assert_eq!(refused("f%3Anone/invocations", "DryRun", b""), not_found("f:none"));
    let (status, name, text) = refused("f/invocations", "Event", b"");
    assert_eq!((status, name.as_str()), (409, "ResourceConflictException"), "{text}");
    let (status, name, text) = refused("f/invocations", "RequestResponse", b"{no json");
    assert_eq!((status, name.as_str()), (400, "InvalidRequestContentException"));
    assert!(text.starts_with("Could not parse request body into json: Could not parse payload into json: "));
    let (status, name, text) = refused("f/invocations", "Event", &vec![b' '; (1 << 20) + 1]);
    assert_eq!((status, name.as_str()), (413, "RequestTooLargeException"));
    assert_eq!(text, "Request must be smaller than 1048576 bytes for the InvokeFunction operation");
    let (status, name, text) = refused("f:7/invocations?Qualifier=live", "DryRun", b"");
    assert_eq!((status, name.as_str()), (400, "InvalidParameterValueException"), "{text}");
    let (status, name, text) = refused("f/invocations", "Sometimes", b"");
    assert_eq!((status, name.as_str()), (400, "ValidationException"), "{text}");
    let answer = invoke(&server, "f%3Alive/invocations", "DryRun", b"");
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    let answer = server.ask(&signed("GET /2015-03-31/functions/f/configuration?Qualifier=live"));
    assert_eq!(answer.json()["FunctionArn"], format!("{arn}:f:live"));
    assert_eq!(answer.json()["Version"], "7");
}

#[test]
fn nothing_is_handed_on_to_where_nobody_has_allowed_it() {
    let (address, seen) = emulator(vec![Some(b"{}".to_vec())]);
    for server in [Server::start(), handing_on_to("http://127.0.0.1:1")] {
        register(&server, Some(address));
        for kind in ["RequestResponse", "Event"] {
            let answer = invoke(&server, "f/invocations", kind, b"{}");
            assert_eq!(
                (answer.status, answer.header("x-amzn-errortype")),
                (409, Some("ResourceConflictException"))
            );
            assert!(answer.text().contains("--invoke-endpoint"), "{}", answer.text());
        }
    }
    assert!(seen.try_recv().is_err(), "the emulator saw nothing");
}
