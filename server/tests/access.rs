//! Who may call, and where requests may have files written.

mod support;

use std::fs;

use support::{Folder, Request, Server, program};

const LIST: &str = "DynamoDB_20120810.ListTables";
const BACKUP: &str = "Streamtable_20261120.Backup";

fn under(host: &str) -> Request {
    Request::call(LIST, "{}").header("Host", host)
}

#[test]
fn a_server_on_a_loopback_address_answers_under_loopback_names() {
    let server = Server::with(&["--allowed-host", "dynamodb"]);
    for host in ["localhost", "127.0.0.1:8000", "[::1]", "dynamodb:8000"] {
        assert_eq!(server.ask(&under(host)).status, 200, "{host}");
    }
    let answer = server.ask(&under("evil.example"));
    answer.check_frame();
    assert_eq!(answer.status, 403);
    assert_eq!(answer.json()["__type"], "com.amazon.coral.service#AccessDeniedException");
    assert!(answer.text().contains("--allowed-host"), "{}", answer.text());
    assert_eq!(server.ask(&Request::of("GET /").header("Host", "evil.example")).status, 403);
}

#[test]
fn one_that_listens_everywhere_answers_under_any_name() {
    let open = Server::with(&["--host", "0.0.0.0"]);
    assert_eq!(open.ask(&under("dynamodb:8000")).status, 200);
    let named = Server::with(&["--host", "0.0.0.0", "--allowed-host", "dynamodb"]);
    assert_eq!(
        ["dynamodb:8000", "localhost", "other"].map(|host| named.ask(&under(host)).status),
        [200, 200, 403]
    );
}

#[test]
fn a_page_of_another_origin_is_refused_and_what_it_sends_is_not_done() {
    let server = Server::start();
    for origin in ["http://evil.example", "null"] {
        let request = Request::call(LIST, "{}").header("Origin", origin);
        let answer = server.ask(&request);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None));
        let asked = Request::of("OPTIONS /").header("Origin", origin);
        assert_eq!(server.ask(&asked).status, 403);
    }
    // What a form can send without being asked for an origin.
    const FORM: &str = "application/x-www-form-urlencoded";
    for content_type in ["text/plain", FORM, "multipart/form-data; boundary=x"] {
        let plain = Request::call(LIST, "{}").without("Content-Type").header("Content-Type", content_type);
        // A form names the operation of a service that takes forms, and needs a header that pages cannot send.
        let status = if content_type == FORM { 400 } else { 404 };
        assert_eq!(server.ask(&plain).status, status, "{content_type}");
        let routed = Request::of("POST /2015-03-31/event-source-mappings").body("{}");
        let routed = routed.header("Authorization", "anybody").header("Content-Type", content_type);
        assert_eq!(server.ask(&routed).status, 404, "{content_type}");
    }
    let form = Request::of("POST /").header("Content-Type", FORM).body("Action=CreateTopic&Name=planted");
    assert_eq!(server.ask(&form).status, 403, "nobody has signed it");
    let listed = Request::of("POST /").header("Content-Type", FORM).header("Authorization", "anybody");
    let listed = server.ask(&listed.body("Action=ListTopics"));
    assert_eq!((listed.status, listed.text().contains("planted")), (200, false));
    let routed = Request::of("GET /2015-03-31/event-source-mappings");
    assert_eq!(server.ask(&routed.clone().header("Authorization", "anybody")).status, 200);
    assert!(server.ask(&routed).text().contains("Authentication Token"), "it does not say who sends it");
}

#[test]
fn pages_that_were_allowed_get_the_headers_of_the_service() {
    const PAGE: &str = "http://localhost:5173";
    let server = Server::with(&["--cors-origin", PAGE, "--cors-origin", "https://app.example"]);
    let mut page = server.connect();
    let asked = Request::of("OPTIONS /")
        .header("Origin", PAGE)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "x-amz-target, authorization");
    let answer = page.ask(&asked);
    answer.check_frame();
    assert_eq!((answer.status, answer.text()), (200, ""));
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("x-amz-target, authorization"));
    assert_eq!(answer.header("access-control-max-age"), Some("172800"));
    assert_eq!(answer.header("vary"), Some("Origin"));

    let answer = page.ask(&Request::call(LIST, "{}").header("Origin", PAGE));
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(PAGE)));
    assert!(
        answer.header("access-control-expose-headers").is_some_and(|told| told.contains("x-amzn-RequestId"))
    );
    assert_eq!(answer.header("server"), Some("Server"));
    assert_eq!(server.ask(&Request::call(LIST, "{}").header("Origin", "http://localhost:1")).status, 403);

    let all = Server::with(&["--cors-origin", "*"]);
    let answer = all.ask(&Request::call(LIST, "no JSON").header("Origin", "http://any.example"));
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (400, Some("*")));
    // Without a page there is nothing to allow.
    let answer = all.ask(&Request::call(LIST, "{}"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(all.ask(&Request::of("OPTIONS /")).status, 404);
}

#[test]
fn with_a_key_requests_have_to_be_signed() {
    let server = Server::with(&["--access-key", "AKIDEXAMPLE:secret", "--metrics"]);
    let mut connection = server.connect();
    let mut refusal = |authorization: &str| {
        let request =
            Request::call(LIST, "{}").without("Authorization").header("Authorization", authorization);
        let answer = connection.ask(&request.header("X-Amz-Date", "20200101T000000Z"));
        answer.check_frame();
        assert_eq!(answer.status, 400);
        answer.json()["__type"].as_str().expect("a type").rsplit('#').next().expect("a code").to_owned()
    };
    assert_eq!(refusal("anybody"), "MissingAuthenticationTokenException");
    let signed = |id: &str| {
        let scope = "20200101/us-east-1/dynamodb/aws4_request";
        format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders=host;x-amz-date;x-amz-target, Signature=00"
        )
    };
    assert_eq!(refusal(&signed("AKIDOTHER")), "UnrecognizedClientException");
    assert_eq!(refusal(&signed("AKIDEXAMPLE")), "InvalidSignatureException");
    for open in ["GET /", "GET /metrics"] {
        assert_eq!(server.ask(&Request::of(open)).status, 200);
    }
}

/// Bodies that a reader of JSON may refuse although the operation takes them.
fn crooked(directory: &str) -> Vec<Vec<u8>> {
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    [
        format!(r#"{{"X": 1e999, "Directory": "{directory}"}}"#).into_bytes(),
        format!(r#"{{"X": {nested}, "Directory": "{directory}"}}"#).into_bytes(),
        format!(r#"{{"X": "\ud800", "Directory": "{directory}"}}"#).into_bytes(),
        [b"{\"X\": \"\xff\", \"Directory\": \"", directory.as_bytes(), b"\"}"].concat(),
        format!(r#"{{"Directory": "monday", "Directory": "{directory}"}}"#).into_bytes(),
    ]
    .into()
}

#[test]
fn no_body_leads_a_backup_out_of_its_folder() {
    let folder = Folder::of("crooked");
    let (data, backups, outside) = (folder.path("data"), folder.path("backups"), folder.path("outside"));
    fs::create_dir(&backups).expect("a folder");
    for arguments in [&[data.as_str()][..], &[&data, "--backups", &backups]] {
        let server = Server::at(arguments);
        for body in crooked(&outside) {
            let answer = server.ask(&Request::call(BACKUP, "").body(body.clone()));
            assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(&body));
            assert!(!fs::exists(&outside).expect("a look"), "{}", String::from_utf8_lossy(&body));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_backup_follows_no_link() {
    use std::os::unix::fs::symlink;

    let folder = Folder::of("links");
    let (data, backups, outside) = (folder.path("data"), folder.path("backups"), folder.path("outside"));
    fs::create_dir(&backups).expect("a folder");
    fs::create_dir(&outside).expect("a folder");
    symlink(&outside, format!("{backups}/linked")).expect("a link");
    symlink(folder.path("missing"), format!("{backups}/dangling")).expect("a link");
    let server = Server::at(&[&data, "--backups", &backups]);
    for name in ["linked", "dangling"] {
        let answer = server.ask(&Request::call(BACKUP, &format!(r#"{{"Directory": "{name}"}}"#)));
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(answer.text().contains("link"), "{}", answer.text());
    }
    assert_eq!(fs::read_dir(&outside).expect("a folder").count(), 0);
    assert!(!fs::exists(folder.path("missing")).expect("a look"));
}

#[test]
fn a_folder_of_backups_is_looked_at_when_the_server_starts() {
    let folder = Folder::of("no-backups");
    let (data, missing) = (folder.path("data"), folder.path("missing"));
    let output =
        program().args(["serve", "--port", "0", &data, "--backups", &missing]).output().expect("it ends");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]));
    assert!(stderr.contains("cannot write backups into") && stderr.contains(&missing), "{stderr}");
    assert!(!fs::exists(&data).expect("a look"), "nothing was made");
}
