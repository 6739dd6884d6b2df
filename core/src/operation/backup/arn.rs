//! Backups as requests name them (facts B17).

use crate::api::message::{backup as text, settings as settings_text};
use crate::api::{Error, ErrorCode, Result};
use crate::stream::Place;

/// First parts of the names of the service's regions.
const REGIONS: [&str; 13] =
    ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx", "cn", "us-gov", "us-iso", "eusc"];

/// The ARN of a backup, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BackupArn<'a> {
    pub(super) region: &'a str,
    pub(super) table: &'a str,
    /// The last part.
    pub(super) id: &'a str,
}

impl<'a> BackupArn<'a> {
    /// Takes an ARN apart. Its region is not looked at, as long as it can be one.
    ///
    /// # Errors
    /// `ValidationException` for text that is no ARN of a backup; `AccessDeniedException` for one of another account.
    pub(super) fn parse(place: &Place, arn: &'a str) -> Result<BackupArn<'a>> {
        let refuse = |problem: String| Err(Error::validation(problem));
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, path] = fields[..] else {
            return refuse(text::no_backup_arn());
        };
        let parts: Vec<&str> = path.split('/').collect();
        let ["table", table, "backup", id] = parts[..] else { return refuse(text::no_backup_arn()) };
        let is_known = region.is_empty() || region == place.region || is_region(region);
        if partition != "aws" || service != "dynamodb" || !is_known {
            return refuse(text::arn_not_valid());
        }
        if account != place.account || region.is_empty() {
            return Err(Error::new(ErrorCode::AccessDenied, settings_text::access_denied()));
        }
        Ok(BackupArn { region, table, id })
    }
}

/// Whether a text has the form of the name of a region: where it is, a direction, a number.
fn is_region(text: &str) -> bool {
    let mut parts = text.rsplitn(3, '-');
    let (number, direction, first) = (parts.next(), parts.next(), parts.next());
    let is_number = number.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit());
    let is_word =
        direction.is_some_and(|word| word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase()));
    is_number && is_word && first.is_some_and(|first| REGIONS.contains(&first))
}

/// The ARN of a backup of a table.
pub(super) fn arn_of(place: &Place, table: &str, id: &str) -> String {
    format!("{}/backup/{id}", place.table_arn(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_told_from_other_words() {
        let regions = ["us-east-1", "eu-central-2", "ap-southeast-3", "us-gov-west-1", "mx-central-1"];
        assert!(regions.into_iter().all(is_region));
        assert!(
            ["xx-fake-1", "us-east", "us-1", "local", "us-east-12", ""].into_iter().all(|t| !is_region(t))
        );
    }
}
