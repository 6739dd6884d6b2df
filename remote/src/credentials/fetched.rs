//! Credentials that an endpoint of the machine hands out: of a container (ECS, EKS), of an instance (EC2, by the second version of its metadata
//! service).

use std::fs;
use std::net::IpAddr;
use std::time::Duration;

use streamtable::Result;
use ureq::http::Uri;

use super::{Credentials, Environment, json, missing};

/// Where relative addresses of containers lead.
const CONTAINER: &str = "http://169.254.170.2";
/// Addresses, besides those of the machine itself, to which a container may send its token without TLS.
const CONTAINER_HOSTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

const INSTANCE: &str = "http://169.254.169.254";
const INSTANCE_CREDENTIALS: &str = "/latest/meta-data/iam/security-credentials/";
/// How long a token of the metadata service is good, in seconds.
const TOKEN_SECONDS: &str = "21600";

/// How long an endpoint of the machine may take. There may be none: then a packet is lost, and nobody says so.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is asked.
const ATTEMPTS: u32 = 3;
/// Longest answer.
const ANSWER_MAX_BYTES: u64 = 64 * 1024;

/// Credentials of the container in which this process runs; none where the environment names no endpoint.
///
/// # Errors
/// `CredentialsException` where it names one, and that gives none.
pub(super) fn from_container(environment: &Environment) -> Result<Option<Credentials>> {
    let relative = environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    let url = match relative.map(|path| format!("{CONTAINER}{path}")) {
        Some(url) => url,
        None => match environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            Some(url) => url,
            None => return Ok(None),
        },
    };
    let failed = |why: String| missing(format!("The container's endpoint {url} gave no credentials: {why}"));
    if !may_be_told(&url) {
        return Err(failed("it is neither this machine's nor reached by https".to_owned()));
    }
    let token = match environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        Some(path) => Some(fs::read_to_string(&path).map_err(|e| failed(format!("{path}: {e}")))?),
        None => environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
    };
    let headers: Vec<(&str, &str)> = token.iter().map(|token| ("authorization", token.trim_end())).collect();
    let body = ask("GET", &url, &headers).map_err(|e| failed(e.told()))?;
    json::read(&body).map(Some).map_err(failed)
}

/// Whether an address may be sent a token.
fn may_be_told(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or("").trim_matches(['[', ']']);
    let is_loopback =
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_loopback || CONTAINER_HOSTS.contains(&host),
        _ => false,
    }
}

/// Credentials of the instance on which this process runs; none where it has none, or this is no instance.
///
/// # Errors
/// `CredentialsException` where it has some that cannot be read.
pub(super) fn from_instance(environment: &Environment) -> Result<Option<Credentials>> {
    if environment.is_true("AWS_EC2_METADATA_DISABLED") {
        return Ok(None);
    }
    let base = environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT").unwrap_or_else(|| INSTANCE.to_owned());
    let base = base.trim_end_matches('/');
    let lifetime = [("x-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS)];
    let Ok(token) = ask("PUT", &format!("{base}/latest/api/token"), &lifetime) else { return Ok(None) };
    let token = String::from_utf8_lossy(&token).into_owned();
    let headers = [("x-aws-ec2-metadata-token", token.as_str())];
    let failed =
        |why: String| missing(format!("The instance's metadata at {base} gave no credentials: {why}"));
    let role = match ask("GET", &format!("{base}{INSTANCE_CREDENTIALS}"), &headers) {
        Ok(role) => String::from_utf8_lossy(&role).lines().next().unwrap_or("").trim().to_owned(),
        // No role is attached to it.
        Err(Unanswered::Status(404)) => return Ok(None),
        Err(why) => return Err(failed(why.told())),
    };
    let body =
        ask("GET", &format!("{base}{INSTANCE_CREDENTIALS}{role}"), &headers).map_err(|e| failed(e.told()))?;
    json::read(&body).map(Some).map_err(failed)
}

enum Unanswered {
    Status(u16),
    Broken(String),
}

impl Unanswered {
    fn told(self) -> String {
        match self {
            Unanswered::Status(status) => format!("it answered with status {status}"),
            Unanswered::Broken(why) => why,
        }
    }
}

/// Asks an endpoint of the machine, past all proxies, again where it does not answer or has a defect.
fn ask(method: &str, url: &str, headers: &[(&str, &str)]) -> Result<Vec<u8>, Unanswered> {
    let agent = ureq::Agent::config_builder()
        .proxy(None)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .new_agent();
    let mut last = Unanswered::Broken("it was not asked".to_owned());
    for _ in 0..ATTEMPTS {
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).map_err(|e| Unanswered::Broken(e.to_string()))?;
        let answered = agent.run(request).and_then(|mut answer| {
            let body = answer.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_vec()?;
            Ok((answer.status().as_u16(), body))
        });
        last = match answered {
            Ok((200, body)) => return Ok(body),
            Ok((status @ 500.., _)) => Unanswered::Status(status),
            Ok((status, _)) => return Err(Unanswered::Status(status)),
            Err(why) => Unanswered::Broken(why.to_string()),
        };
    }
    Err(last)
}
