//! Encryption at rest as tables are set to it. Kept and answered: nothing is encrypted, and no key is looked up.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::api::message::settings as text;
use crate::api::{Error, Open, Result, SseDescription, SseSpecification, SseStatus, SseType};
use crate::stream::Place;
use crate::table::Encryption;

/// The key that the service keeps for an account.
const DEFAULT_KEY: &str = "alias/aws/dynamodb";

/// What a request asks for: a key of the account, or none.
///
/// # Errors
/// `ValidationException` for parameters that cannot stand together, here as below.
pub(super) fn asked(place: &Place, given: &SseSpecification) -> Result<Option<Encryption>> {
    let refuse = |message: String| Err(Error::validation(message));
    let kind = given.sse_type.as_ref().and_then(Open::known);
    if given.enabled != Some(true) {
        return match (kind, &given.kms_master_key_id) {
            (Some(_), _) => refuse(text::encryption_off_with("SSEType")),
            (None, Some(_)) => refuse(text::encryption_off_with("KMSMasterKeyId")),
            (None, None) => Ok(None),
        };
    }
    match (kind, &given.kms_master_key_id) {
        (Some(SseType::Aes256), _) => refuse(text::encryption_type_unsupported("AES256")),
        (None, Some(_)) => refuse(text::encryption_key_without_type()),
        (_, key) => Ok(Some(Encryption { key_arn: key_arn(place, key.as_deref().unwrap_or(DEFAULT_KEY)) })),
    }
}

/// What an update asks for, which must be something else than there is.
pub(super) fn changed(
    place: &Place,
    current: Option<&Encryption>,
    given: &SseSpecification,
) -> Result<Option<Encryption>> {
    match asked(place, given)? {
        None if current.is_none() => Err(Error::validation(text::encrypted_by_default())),
        Some(asked) if current == Some(&asked) => Err(Error::validation(text::encrypted_with_that_key())),
        asked => Ok(asked),
    }
}

/// As answers show it.
pub(super) fn described(encryption: &Encryption, status: SseStatus) -> SseDescription {
    SseDescription {
        status: Some(status.into()),
        sse_type: Some(SseType::Kms.into()),
        kms_master_key_arn: Some(encryption.key_arn.clone()),
        inaccessible_encryption_date_time: None,
    }
}

/// The key of an ARN, a number or an alias; an alias stands for the same key each time.
fn key_arn(place: &Place, key: &str) -> String {
    let alias = key.split_once(":alias/").map(|(_, name)| format!("alias/{name}"));
    match alias {
        None if key.starts_with("arn:") => key.to_owned(),
        None if !key.starts_with("alias/") => place.key_arn(key),
        alias => place.key_arn(&number_of(alias.as_deref().unwrap_or(key))),
    }
}

fn number_of(alias: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(alias.as_bytes());
    let digits = format!("{:032x}", hasher.finish128().as_u128());
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_in_four_ways() {
        let place = Place { region: "eu-west-1".into(), account: "1".into() };
        let number = "0123abcd-0123-0123-0123-0123456789ab";
        let arn = format!("arn:aws:kms:eu-west-1:1:key/{number}");
        assert_eq!(key_arn(&place, number), arn);
        assert_eq!(key_arn(&place, &arn), arn);
        let by_alias = key_arn(&place, "alias/mine");
        assert_eq!(key_arn(&place, "arn:aws:kms:eu-west-1:1:alias/mine"), by_alias);
        assert_ne!(by_alias, key_arn(&place, DEFAULT_KEY));
        assert_eq!(by_alias.len(), arn.len());
    }
}
