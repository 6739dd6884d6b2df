//! One request to a running server.

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use streamtable::unstable::registry::CONTROL_TARGET;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The header that every answer of such a server has.
const REQUEST_ID: &str = "x-amzn-requestid";

/// How long connecting may take. The answer may take as long as the work does.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Calls one of the store's own operations.
///
/// # Errors
/// What to tell a person: the address is none, nobody answers there, or what the server says.
pub(crate) fn call(url: &str, operation: &str, input: &Value) -> Result<Value, String> {
    let target = format!("{CONTROL_TARGET}.{operation}");
    let (is_ok, body) = post(url, &target, input.to_string().into_bytes())?;
    let answer: Value = serde_json::from_slice(&body).map_err(|_| no_server(url))?;
    if is_ok {
        return Ok(answer);
    }
    let message = answer["message"].as_str().or(answer["__type"].as_str());
    Err(format!("{url}: {}", message.unwrap_or("an error without a text")))
}

fn no_server(url: &str) -> String {
    format!("{url}: what answers is no streamtable server")
}

/// Sends one request: whether it went well, and the body of the answer.
///
/// # Errors
/// As [`call`], but for errors that the server tells.
pub(super) fn post(url: &str, target: &str, body: Vec<u8>) -> Result<(bool, Bytes), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| format!("cannot start: {e}"))?.block_on(send(url, target, body))
}

async fn send(url: &str, target: &str, body: Vec<u8>) -> Result<(bool, Bytes), String> {
    let uri: Uri = url.parse().map_err(|e| format!("{url:?} is no address: {e}"))?;
    let (Some("http"), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return Err(format!("{url:?} is no address such as http://127.0.0.1:8000"));
    };
    let failed = |e: &dyn std::fmt::Display| format!("{url}: {e}");
    let port = uri.port_u16().unwrap_or(80);
    let connecting =
        timeout(CONNECT_TIMEOUT, TcpStream::connect((host.trim_matches(['[', ']']), port))).await;
    let stream = connecting.map_err(|_| failed(&"nobody answers"))?.map_err(|e| failed(&e))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| failed(&e))?;
    // It ends with the runtime, after the answer; what breaks it breaks the request, which says so.
    let connection = tokio::spawn(connection);
    let request = Request::post("/")
        .header(HOST, format!("{host}:{port}"))
        .header(CONTENT_TYPE, "application/x-amz-json-1.0")
        .header("X-Amz-Target", target)
        .header(AUTHORIZATION, "streamtable")
        .body(Full::new(Bytes::from(body)))
        .map_err(|e| failed(&e))?;
    let response = sender.send_request(request).await.map_err(|e| failed(&e))?;
    let is_ok = response.status().is_success();
    let is_ours = response.headers().contains_key(REQUEST_ID);
    let body = response.into_body().collect().await.map_err(|e| failed(&e))?.to_bytes();
    connection.abort();
    if is_ours { Ok((is_ok, body)) } else { Err(no_server(url)) }
}
