//! What containers are started with: the lines that people copy.

mod support;

use support::{Folder, Request, Server};

const DOCKERFILE: &str = include_str!("../../Dockerfile");
const README: &str = include_str!("../README.md");

/// The arguments in a list of JSON.
fn arguments(line: &str) -> Vec<String> {
    serde_json::from_str(line).expect("a list of texts")
}

/// Starts a server with such arguments, on a free port and with its data in a folder of the test.
fn started(arguments: &[String], data: &str) -> Server {
    let (command, rest) = arguments.split_first().expect("a command");
    assert_eq!(command, "serve");
    let rest: Vec<&str> =
        rest.iter().map(|argument| if argument == "/data" { data } else { argument }).collect();
    Server::at(&rest)
}

#[test]
fn the_image_starts_a_server_that_other_containers_can_ask() {
    let line = DOCKERFILE.lines().find_map(|line| line.strip_prefix("CMD ")).expect("a command");
    let server = started(&arguments(line), "unused");
    assert_eq!(server.ask(&Request::of("GET /").header("Host", "dynamodb:8000")).status, 200);
}

#[test]
fn so_does_the_line_for_compose() {
    let folder = Folder::of("container");
    let line = README.lines().find_map(|line| line.trim().strip_prefix("command: ")).expect("a command");
    let data = folder.path("data");
    let server = started(&arguments(line), &data);
    assert_eq!(server.ask(&Request::of("GET /").header("Host", "dynamodb-local:8000")).status, 200);
    assert!(std::fs::exists(&data).expect("a look"));
}
