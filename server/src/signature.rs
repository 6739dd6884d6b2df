//! Signatures of requests (AWS Signature Version 4), checked against keys that the server was started with.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, HeaderMap};
use hyper::http::request::Parts;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::answer::{Answer, Then};
use crate::protocol::JSON_1_0;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far the time of a request may be from the server's.
const TIME_TOLERANCE: Duration = Duration::from_secs(15 * 60);

/// A key: its name, and what only its owner knows.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AccessKey {
    id: String,
    secret: String,
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessKey({})", self.id)
    }
}

impl FromStr for AccessKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<AccessKey, &'static str> {
        match text.split_once(':') {
            Some((id, secret)) if !id.is_empty() && !id.contains('/') && !secret.is_empty() => {
                Ok(AccessKey { id: id.to_owned(), secret: secret.to_owned() })
            }
            _ => Err("a key is its id, a colon and its secret"),
        }
    }
}

/// Why a request is not believed: code and text of the service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Disbelief(&'static str, String);

impl Disbelief {
    fn incomplete(missing: &str) -> Disbelief {
        Disbelief("IncompleteSignatureException", missing.to_owned())
    }

    fn invalid(text: impl Into<String>) -> Disbelief {
        Disbelief("InvalidSignatureException", text.into())
    }

    /// The answer.
    pub(crate) fn answer(self) -> Answer {
        let Disbelief(code, message) = self;
        let body = json!({"__type": format!("com.amazon.coral.service#{code}"), "message": message});
        Answer {
            content_type: Some(JSON_1_0),
            error: Some(code.to_owned()),
            body: body.to_string().into_bytes(),
            ..Answer::empty(StatusCode::BAD_REQUEST, Then::KeepAlive)
        }
    }
}

/// What `Authorization` says.
struct Claim<'a> {
    id: &'a str,
    /// Date, region, service and a closing word: what the key is good for.
    scope: &'a str,
    signed: &'a str,
    signature: &'a str,
}

/// Checks that the owner of one of the keys has signed a request, not long ago, with its host, its target and its body as they came.
///
/// # Errors
/// The service's: which part is missing, or what is wrong.
pub(crate) fn check(keys: &[AccessKey], head: &Parts, body: &[u8], now: SystemTime) -> Result<(), Disbelief> {
    let claim = Claim::of(&head.headers)?;
    let key = keys.iter().find(|key| key.id == claim.id).ok_or_else(|| {
        Disbelief(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.".into(),
        )
    })?;
    let moment = text(&head.headers, "x-amz-date").ok_or_else(|| {
        Disbelief::incomplete(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
        )
    })?;
    check_moment(moment, claim.scope, now)?;
    let names: Vec<&str> = claim.signed.split(';').collect();
    let must_be_signed = |name: &str| name == "host" || name.starts_with("x-amz-");
    if let Some(name) =
        head.headers.keys().find(|name| must_be_signed(name.as_str()) && !names.contains(&name.as_str()))
    {
        return Err(Disbelief::invalid(format!(
            "'{name}' must be a 'SignedHeader' in the AWS Authorization."
        )));
    }
    let request = hex(&Sha256::digest(canonical(head, &names, body)));
    let to_sign = format!("{ALGORITHM}\n{moment}\n{}\n{request}", claim.scope);
    let signing = claim.scope.split('/').fold(format!("AWS4{}", key.secret).into_bytes(), |key, part| {
        keyed(&key, part.as_bytes()).finalize().into_bytes().to_vec()
    });
    let given = unhex(claim.signature);
    // Compared in constant time.
    given.and_then(|given| keyed(&signing, to_sign.as_bytes()).verify_slice(&given).ok()).ok_or_else(|| {
        Disbelief::invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        )
    })
}

impl Claim<'_> {
    fn of(headers: &HeaderMap) -> Result<Claim<'_>, Disbelief> {
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or("");
        let Some(parameters) = given.strip_prefix(ALGORITHM) else {
            let text = "Request is missing Authentication Token".to_owned();
            return Err(Disbelief("MissingAuthenticationTokenException", text));
        };
        let parameter = |name: &str| {
            let found =
                parameters.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
            let missing =
                || format!("Authorization header requires '{name}' parameter. Authorization={ALGORITHM}");
            found.ok_or_else(|| Disbelief::incomplete(&missing()))
        };
        let (credential, signature, signed) =
            (parameter("Credential")?, parameter("Signature")?, parameter("SignedHeaders")?);
        let scope = credential
            .split_once('/')
            .filter(|(_, scope)| scope.split('/').count() == 4 && scope.ends_with("/aws4_request"));
        let (id, scope) = scope.ok_or_else(|| {
            Disbelief::incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term")
        })?;
        Ok(Claim { id, scope, signed, signature })
    }
}

/// Checks that a moment, such as `20261121T120000Z`, is of the day of the scope, and near.
fn check_moment(moment: &str, scope: &str, now: SystemTime) -> Result<(), Disbelief> {
    let at = epoch_seconds(moment).ok_or_else(|| {
        Disbelief::incomplete("Date must be in ISO-8601 'basic format', such as 20261121T120000Z.")
    })?;
    if scope.get(..8) != moment.get(..8) {
        return Err(Disbelief::invalid(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
        ));
    }
    let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    if at.abs_diff(now) <= TIME_TOLERANCE.as_secs() {
        return Ok(());
    }
    let what = if at < now { "Signature expired" } else { "Signature not yet current" };
    Err(Disbelief::invalid(format!("{what}: {moment} is more than 15 minutes from the server's time")))
}

fn epoch_seconds(moment: &str) -> Option<u64> {
    let (day, time) = moment.strip_suffix('Z')?.split_once('T')?;
    let is_number = |text: &str, len| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(day, 8) || !is_number(time, 6) {
        return None;
    }
    let part = |text: &str, at: usize, len| text[at..at + len].parse::<u64>().ok();
    let (year, month, day) = (part(day, 0, 4)?, part(day, 4, 2)?, part(day, 6, 2)?);
    if !(1..=12).contains(&month) || year < 1970 {
        return None;
    }
    // Years that begin in March have the day that is there every fourth year at their end.
    let year = if month < 3 { year - 1 } else { year };
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + in_year;
    let seconds = part(time, 0, 2)? * 3_600 + part(time, 2, 2)? * 60 + part(time, 4, 2)?;
    Some((days - 719_468) * 86_400 + seconds)
}

/// A request as it is signed.
fn canonical(head: &Parts, names: &[&str], body: &[u8]) -> Vec<u8> {
    let mut query: Vec<(&str, &str)> = head
        .uri
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    query.sort_unstable();
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut lines =
        format!("{}\n{}\n{}\n", head.method, escaped(head.uri.path()), query.join("&")).into_bytes();
    for name in names {
        let values: Vec<Vec<u8>> =
            head.headers.get_all(*name).iter().map(|value| single_spaced(value.as_bytes())).collect();
        lines.extend([name.as_bytes(), b":", &values.join(&b","[..]), b"\n"].concat());
    }
    lines.extend(format!("\n{}\n{}", names.join(";"), hex(&Sha256::digest(body))).into_bytes());
    lines
}

/// A path, which is escaped already, once more.
fn escaped(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    path.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn single_spaced(value: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> =
        value.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty()).collect();
    words.join(&b' ')
}

fn keyed(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do").chain_update(text)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    digits.map(|pair| u8::from_str_radix(pair.filter(|pair| pair.len() == 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use hyper::Request;
    use hyper::http::request::Builder;

    use super::*;

    const KEY: &str = "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const BODY: &[u8] = br#"{"Limit": 5}"#;
    /// 2026-11-21T12:00:00Z.
    const MOMENT: u64 = 1_795_262_400;

    fn authorization(signed: &str, signature: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders={signed}, Signature={signature}"
        )
    }

    /// As botocore 1.43.11 has signed it.
    fn signed_post() -> Builder {
        Request::post("/")
            .header("host", "localhost:8000")
            .header("content-type", "application/x-amz-json-1.0")
            .header("user-agent", "x")
            .header("x-amz-date", "20261121T120000Z")
            .header("x-amz-target", "DynamoDB_20120810.ListTables")
            .header(
                "authorization",
                authorization(
                    "content-type;host;x-amz-date;x-amz-target",
                    "5fa15e3cee2d247501fb232c3d85cdc70eadeae8e635e663b02c276764dbe0d7",
                ),
            )
    }

    /// The code that a request is refused with.
    fn refusal(request: Builder, body: &[u8], at: u64) -> Option<&'static str> {
        let (head, ()) = request.body(()).expect("a request").into_parts();
        let keys = ["OTHER:secret", KEY].map(|key| key.parse().expect("a key"));
        let checked = check(&keys, &head, body, UNIX_EPOCH + Duration::from_secs(at));
        checked.err().map(|Disbelief(code, _)| code)
    }

    #[test]
    fn what_botocore_signs_is_believed() {
        assert_eq!(refusal(signed_post(), BODY, MOMENT), None);
        for at in [MOMENT - 900, MOMENT + 900] {
            assert_eq!(refusal(signed_post(), BODY, at), None);
        }
        let path =
            "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Aevent-source-mapping%3Aa%20b";
        let get = Request::get(format!("{path}?b=2&a=x%2Fy&a="))
            .header("host", "localhost:8000")
            .header("x-amz-date", "20261121T120000Z")
            .header("x-amz-note", "  a   b  c ")
            .header(
                "authorization",
                authorization(
                    "host;x-amz-date;x-amz-note",
                    "1977ff66e2531192504d12246e452e2b698dc1dbffb960174abaeb959b7e75ee",
                ),
            );
        assert_eq!(refusal(get, b"", MOMENT), None);
    }

    #[test]
    fn what_was_changed_on_the_way_is_not() {
        const INVALID: Option<&str> = Some("InvalidSignatureException");
        assert_eq!(refusal(signed_post(), br#"{"Limit": 6}"#, MOMENT), INVALID);
        assert_eq!(refusal(signed_post().method("PUT"), BODY, MOMENT), INVALID);
        assert_eq!(refusal(signed_post().uri("/?a=b"), BODY, MOMENT), INVALID);
        assert_eq!(refusal(signed_post().header("x-amz-security-token", "unsigned"), BODY, MOMENT), INVALID);
        for at in [MOMENT - 901, MOMENT + 901] {
            assert_eq!(refusal(signed_post(), BODY, at), INVALID);
        }
        for (name, value) in [
            ("host", "localhost:8001"),
            ("x-amz-target", "DynamoDB_20120810.DeleteTable"),
            ("x-amz-date", "20261121T120001Z"),
        ] {
            let mut request = signed_post();
            request.headers_mut().expect("sound").insert(name, value.parse().expect("a header"));
            assert_eq!(refusal(request, BODY, MOMENT), INVALID, "{name}");
        }
    }

    #[test]
    fn what_is_no_signature_is_refused_by_its_fault() {
        let with = |value: &str| {
            let mut request = signed_post();
            request.headers_mut().expect("sound").insert("authorization", value.parse().expect("a header"));
            refusal(request, BODY, MOMENT)
        };
        for (value, code) in [
            ("anybody", "MissingAuthenticationTokenException"),
            ("AWS4-HMAC-SHA256 ", "IncompleteSignatureException"),
            (
                "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00",
                "IncompleteSignatureException",
            ),
            (&authorization("host", "00"), "InvalidSignatureException"),
            (&authorization("content-type;host;x-amz-date;x-amz-target", ""), "InvalidSignatureException"),
            (&authorization("content-type;host;x-amz-date;x-amz-target", "0g"), "InvalidSignatureException"),
            (
                &authorization("content-type;host;x-amz-date;x-amz-target", "é"),
                "MissingAuthenticationTokenException",
            ),
            (&authorization("host", "00").replace("AKIDEXAMPLE", "AKIDOTHER"), "UnrecognizedClientException"),
        ] {
            assert_eq!(with(value), Some(code), "{value}");
        }
        let mut unheard = signed_post();
        unheard.headers_mut().expect("sound").remove("authorization");
        assert_eq!(refusal(unheard, BODY, MOMENT), Some("MissingAuthenticationTokenException"));
    }

    #[test]
    fn moments() {
        assert_eq!(epoch_seconds("20261121T120000Z"), Some(MOMENT));
        assert_eq!(epoch_seconds("19700101T000001Z"), Some(1));
        assert_eq!(epoch_seconds("20240229T235959Z"), Some(1_709_251_199));
        assert_eq!(epoch_seconds("20240301T000000Z"), Some(1_709_251_200));
        for wrong in [
            "",
            "Z",
            "20261121T120000",
            "2026-11-21T12:00:00Z",
            "20261321T120000Z",
            "20261100T120000Z",
            "+0261121T120000Z",
            "19691231T235959Z",
            "éééé1T120000Z",
        ] {
            assert_eq!(epoch_seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn keys_are_read_and_never_shown() {
        let key: AccessKey = KEY.parse().expect("a key");
        assert_eq!(format!("{key:?}"), "AccessKey(AKIDEXAMPLE)");
        for wrong in ["", "id", "id:", ":secret", "a/b:secret"] {
            assert!(wrong.parse::<AccessKey>().is_err(), "{wrong}");
        }
    }
}
