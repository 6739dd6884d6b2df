//! Signatures of requests: AWS Signature Version 4, for what this crate sends: `POST` to `/` without a query. A test holds them against those of
//! botocore.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use streamtable::unstable::time::label;

use crate::credentials::Credentials;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What a signature is good for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// When, epoch milliseconds.
    pub at: u64,
    /// The region.
    pub region: &'a str,
    /// The service's name in signatures, such as `dynamodb`.
    pub service: &'a str,
}

/// The moment in a signature and in the header `x-amz-date`: `20260101T000000Z`.
pub fn moment(at: u64) -> String {
    let mut text: String = label(at).chars().filter(|letter| !matches!(letter, '-' | ':')).collect();
    text.truncate("20260101T000000".len());
    text.push('Z');
    text
}

/// The value of `Authorization` for a request with these headers, all of which are signed. `host` and `x-amz-date` must be among them, and
/// `x-amz-security-token` where the credentials have a token.
pub fn authorization(
    credentials: &Credentials,
    scope: Scope<'_>,
    headers: &[(&str, &str)],
    body: &[u8],
) -> String {
    let moment = moment(scope.at);
    let day = &moment[.."20260101".len()];
    let Scope { region, service, .. } = scope;
    let place = format!("{day}/{region}/{service}/aws4_request");
    let (canonical, names) = canonical(headers, body);
    let to_sign = format!("{ALGORITHM}\n{moment}\n{place}\n{}", hex(&Sha256::digest(canonical)));
    let secret = format!("AWS4{}", credentials.secret).into_bytes();
    let key = place.split('/').fold(secret, |key, part| keyed(&key, part.as_bytes()));
    let signature = hex(&keyed(&key, to_sign.as_bytes()));
    format!("{ALGORITHM} Credential={}/{place}, SignedHeaders={names}, Signature={signature}", credentials.id)
}

/// A request as it is signed, and the names of its headers.
fn canonical(headers: &[(&str, &str)], body: &[u8]) -> (String, String) {
    let mut lines: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| {
            let words: Vec<&str> = value.split_whitespace().collect();
            (name.to_ascii_lowercase(), words.join(" "))
        })
        .collect();
    lines.sort_unstable();
    let names: Vec<&str> = lines.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let mut text = "POST\n/\n\n".to_owned();
    for (name, value) in &lines {
        writeln!(text, "{name}:{value}").expect("texts take what is written");
    }
    write!(text, "\n{names}\n{}", hex(&Sha256::digest(body))).expect("texts take what is written");
    (text, names)
}

fn keyed(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of HMAC may have any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_the_basic_format() {
        assert_eq!(moment(1_767_225_600_999), "20260101T000000Z");
        assert_eq!(moment(951_782_399_999), "20000228T235959Z");
    }

    /// The service's published suite of tests, `post-vanilla` (AWS General Reference, Signature Version 4 test suite).
    #[test]
    fn a_published_request_has_its_published_signature() {
        let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let scope = Scope { at: 1_440_938_160_000, region: "us-east-1", service: "service" };
        let headers = [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")];
        let told = authorization(&credentials, scope, &headers, b"");
        assert_eq!(
            told,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        );
    }
}
