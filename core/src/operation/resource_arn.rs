//! Resources as requests name them by ARN: tables and streams.

use crate::api::message::settings as text;
use crate::api::{Error, Result};
use crate::stream::Place;

/// An ARN, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ResourceArn<'a> {
    region: &'a str,
    account: &'a str,
    pub(super) table: &'a str,
    /// Label of a stream of the table.
    pub(super) stream: Option<&'a str>,
}

impl<'a> ResourceArn<'a> {
    /// Takes an ARN apart.
    ///
    /// # Errors
    /// `ValidationException` for text that is no ARN, or that of something else.
    pub(super) fn parse(arn: &'a str) -> Result<ResourceArn<'a>> {
        if !arn.starts_with("arn:") {
            return Err(Error::validation(text::not_an_arn(arn)));
        }
        let unknown = || Error::validation(text::not_a_resource(arn));
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, partition, "dynamodb", region, account, path] = fields[..] else { return Err(unknown()) };
        let parts: Vec<&str> = path.split('/').collect();
        let (table, stream) = match parts[..] {
            ["table", table] => (table, None),
            ["table", table, "stream", label] => (table, Some(label)),
            ["table", _, "index", _] => return Err(Error::validation(text::only_table_or_stream(arn))),
            _ => return Err(unknown()),
        };
        if [partition, region, account, table].contains(&"") || stream == Some("") {
            return Err(unknown());
        }
        Ok(ResourceArn { region, account, table, stream })
    }

    pub(super) fn is_of_account(&self, place: &Place) -> bool {
        self.account == place.account
    }

    pub(super) fn is_of_region(&self, place: &Place) -> bool {
        self.region == place.region
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_streams_are_told_from_everything_else() {
        let parse = |arn| ResourceArn::parse(arn).map(|arn| (arn.table, arn.stream));
        assert_eq!(parse("arn:aws:dynamodb:eu-west-1:1:table/a"), Ok(("a", None)));
        assert_eq!(parse("arn:aws:dynamodb:eu-west-1:1:table/a/stream/b:c"), Ok(("a", Some("b:c"))));
        for (arn, words) in [
            ("table", "ARNs must start"),
            ("arn:aws:s3:eu-west-1:1:table/a", "not a DynamoDB resource"),
            ("arn:aws:dynamodb:eu-west-1:1:table/", "not a DynamoDB resource"),
            ("arn:aws:dynamodb:eu-west-1:1:table/a/backup/b", "not a DynamoDB resource"),
            ("arn:aws:dynamodb::1:table/a", "not a DynamoDB resource"),
            ("arn:aws:dynamodb:eu-west-1:1:table/a/index/b", "only table or stream"),
        ] {
            let error = parse(arn).expect_err(arn);
            assert!(error.message().contains(words), "{arn}: {error}");
        }
    }
}
