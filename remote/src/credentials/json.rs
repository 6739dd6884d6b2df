//! Credentials as processes, containers and instances tell them: as a JSON object.

use serde_json::Value;

use super::Credentials;

/// Reads credentials.
///
/// # Errors
/// What is wrong with them, as a text.
pub(super) fn read(body: &[u8]) -> Result<Credentials, String> {
    let told: Value = serde_json::from_slice(body).map_err(|e| format!("what it told is no JSON: {e}"))?;
    let member = |name: &str| told[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let needed = |name: &str| member(name).ok_or_else(|| format!("what it told has no {name}"));
    let expires_at = match member("Expiration") {
        Some(text) => Some(epoch_millis(&text).ok_or_else(|| format!("{text:?} is no time"))?),
        None => None,
    };
    Ok(Credentials {
        token: member("SessionToken").or_else(|| member("Token")),
        expires_at,
        account: member("AccountId"),
        ..Credentials::new(needed("AccessKeyId")?, needed("SecretAccessKey")?)
    })
}

/// A time such as `2026-01-01T00:00:00Z` or `2026-01-01T01:00:00.5+01:00`, to the second.
fn epoch_millis(text: &str) -> Option<u64> {
    let part = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let is_separated = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')]
        .iter()
        .all(|&(at, byte)| text.as_bytes().get(at) == Some(&byte));
    if !is_separated {
        return None;
    }
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let seconds = part(11, 13)? * 3_600 + part(14, 16)? * 60 + part(17, 19)?;
    let zone = text[19..].trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit());
    let offset = offset_seconds(zone)?;
    if !(1..=12).contains(&month) || !(1970..=9999).contains(&year) {
        return None;
    }
    // Years that begin in March have the day that is there every fourth year at their end.
    let shifted = if month < 3 { year - 1 } else { year };
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + in_year - 719_468;
    u64::try_from((days * 86_400 + seconds - offset) * 1000).ok()
}

fn offset_seconds(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60;
    match zone.as_bytes()[0] {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_zone() {
        assert_eq!(epoch_millis("2026-01-01T00:00:00Z"), Some(1_767_225_600_000));
        assert_eq!(epoch_millis("2026-01-01T01:30:00.25+01:30"), Some(1_767_225_600_000));
        assert_eq!(epoch_millis("2025-12-31T23:00:00-01:00"), Some(1_767_225_600_000));
        assert_eq!(epoch_millis("2000-02-29T00:00:00Z"), Some(951_782_400_000));
        for wrong in ["", "2026-01-01", "2026-01-01 00:00:00", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00"]
        {
            assert_eq!(epoch_millis(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let told = br#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T", "Expiration": "2026-01-01T00:00:00Z"}"#;
        let credentials = read(told).expect("credentials");
        assert_eq!(
            (credentials.token.as_deref(), credentials.expires_at),
            (Some("T"), Some(1_767_225_600_000))
        );
        assert_eq!(read(br#"{"AccessKeyId": "A"}"#), Err("what it told has no SecretAccessKey".to_owned()));
        assert!(read(b"<html>").expect_err("no JSON").contains("no JSON"));
    }
}
