//! Every way to credentials, with files and processes of the test's own and endpoints that a thread of it plays.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::*;

const TEMPORARY: &str =
    r#"{"AccessKeyId": "AK", "SecretAccessKey": "SK", "Token": "TK", "Expiration": "2026-01-01T01:00:00Z"}"#;
/// 2026-01-01T00:00:00Z, an hour before.
const NOW: u64 = 1_767_225_600_000;
const MINUTE: u64 = 60_000;

fn environment(variables: &[(&str, &str)]) -> Environment {
    let variables: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Environment::of(move |name| variables.get(name).cloned())
}

/// Plays an endpoint: answers requests in their order, and tells each one's first line and headers.
fn endpoint(answers: Vec<(u16, &'static str)>) -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for (status, body) in answers {
            let (stream, _) = listener.accept().expect("a connection");
            let mut lines = BufReader::new(stream.try_clone().expect("a socket")).lines();
            let head: Vec<String> = lines
                .by_ref()
                .map(|line| line.expect("text"))
                .take_while(|line| !line.is_empty())
                .map(|line| line.to_ascii_lowercase())
                .collect();
            // Whoever asks may have gone.
            let _: Result<(), mpsc::SendError<_>> = tell.send(head);
            let head =
                format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            let mut stream = stream;
            stream.write_all(format!("{head}{body}").as_bytes()).expect("somebody reads");
        }
    });
    (url, told)
}

fn chained(environment: Environment) -> Result<Credentials> {
    Source::Chain(environment).ask()
}

#[test]
fn variables_go_before_everything() {
    let found = chained(environment(&[
        ("AWS_ACCESS_KEY_ID", "A"),
        ("AWS_SECRET_ACCESS_KEY", "S"),
        ("AWS_SESSION_TOKEN", "T"),
        ("AWS_ACCOUNT_ID", "123456789012"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/"),
    ]));
    let expected = Credentials {
        account: Some("123456789012".into()),
        ..Credentials::new("A", "S").with_token(Some("T".into()))
    };
    assert_eq!(found, Ok(expected));
}

#[test]
fn profiles_are_found_in_both_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.into_os_string().into_string().expect("UTF-8")
    };
    let credentials = write(
        "credentials",
        "[default]\naws_access_key_id=A\naws_secret_access_key=S\n[other]\naws_access_key_id=B\naws_secret_access_key=T\naws_session_token=U\n",
    );
    let config = write(
        "config",
        "[default]\nregion=eu-west-1\n[profile other]\nregion=us-west-2\n[profile role]\nrole_arn=arn\nsource_profile=default\n[profile printed]\ncredential_process=/bin/echo '{\"Version\": 1, \"AccessKeyId\": \"P\", \"SecretAccessKey\": \"Q\"}'\n[profile broken]\ncredential_process=/bin/false\n",
    );
    let files = environment(&[
        ("AWS_SHARED_CREDENTIALS_FILE", &credentials),
        ("AWS_CONFIG_FILE", &config),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]);
    let of = |profile: &str| chained(files.clone().with_profile(Some(profile.into())));
    assert_eq!(chained(files.clone()), Ok(Credentials::new("A", "S")));
    assert_eq!(of("other"), Ok(Credentials::new("B", "T").with_token(Some("U".into()))));
    assert_eq!(of("printed"), Ok(Credentials::new("P", "Q")));
    assert_eq!(files.region().as_deref(), Some("eu-west-1"));
    assert_eq!(files.clone().with_profile(Some("other".into())).region().as_deref(), Some("us-west-2"));
    for (profile, why) in
        [("role", "by role_arn"), ("broken", "gave no credentials"), ("nowhere", "\"nowhere\"")]
    {
        let error = of(profile).expect_err(profile);
        assert_eq!(error.code(), ErrorCode::Credentials);
        assert!(error.message().contains(why), "{}", error.message());
    }
}

#[test]
fn a_container_tells_its_credentials_to_who_has_its_token() {
    let (url, told) = endpoint(vec![(500, ""), (200, TEMPORARY)]);
    let found = chained(environment(&[
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{url}/role")),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "letmein"),
    ]));
    let found = found.expect("credentials");
    assert_eq!(
        (found.id.as_str(), found.token.as_deref(), found.expires_at),
        ("AK", Some("TK"), Some(NOW + 60 * MINUTE))
    );
    let head = told.recv().expect("a request");
    assert_eq!(head[0], "get /role http/1.1");
    assert!(head.contains(&"authorization: letmein".to_owned()), "{head:?}");
    let error = chained(environment(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://elsewhere.example/")]));
    assert!(error.expect_err("no token for strangers").message().contains("neither this machine's"));
    let (url, _told) = endpoint(vec![(403, "no")]);
    let error = chained(environment(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url)])).expect_err("refused");
    assert!(error.message().contains("status 403"), "{}", error.message());
}

#[test]
fn an_instance_tells_the_credentials_of_its_role() {
    let (url, told) = endpoint(vec![(200, "session"), (200, "orders\n"), (200, TEMPORARY)]);
    let found = chained(environment(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)])).expect("credentials");
    assert_eq!(found.id, "AK");
    let heads: Vec<Vec<String>> = told.iter().collect();
    assert_eq!(heads[0][0], "put /latest/api/token http/1.1");
    assert!(heads[0].contains(&"x-aws-ec2-metadata-token-ttl-seconds: 21600".to_owned()));
    assert_eq!(heads[2][0], "get /latest/meta-data/iam/security-credentials/orders http/1.1");
    assert!(heads[1..].iter().all(|head| head.contains(&"x-aws-ec2-metadata-token: session".to_owned())));
    let (url, _told) = endpoint(vec![(200, "session"), (404, "")]);
    let error = chained(environment(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)])).expect_err("no role");
    assert!(error.message().contains("There are no credentials"), "{}", error.message());
}

#[test]
fn credentials_are_kept_until_shortly_before_they_expire() {
    let (url, told) = endpoint(vec![(200, TEMPORARY), (200, TEMPORARY), (400, "no"), (400, "no")]);
    let keeper = Keeper::new(Source::Chain(environment(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url)])));
    let asked = || told.try_iter().count();
    let id = |now| keeper.get(now).map(|found| found.id);
    assert_eq!((id(NOW), asked()), (Ok("AK".into()), 1));
    assert_eq!((id(NOW + 54 * MINUTE), asked()), (Ok("AK".into()), 0));
    assert_eq!((id(NOW + 55 * MINUTE), asked()), (Ok("AK".into()), 1), "five minutes before the end");
    assert_eq!(
        (id(NOW + 59 * MINUTE), asked()),
        (Ok("AK".into()), 1),
        "nobody answers, and they are good still"
    );
    assert_eq!(id(NOW + 60 * MINUTE).expect_err("expired").code(), ErrorCode::Credentials);
}

#[test]
fn secrets_are_not_shown() {
    let shown =
        format!("{:?}", Source::Static(Credentials::new("A", "hidden").with_token(Some("hidden".into()))));
    assert!(!shown.contains("hidden"), "{shown}");
    assert!(!format!("{:?}", Credentials::new("A", "hidden")).contains("hidden"));
}
