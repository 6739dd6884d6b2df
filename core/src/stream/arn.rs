//! Resource names of tables and streams.

use crate::api::message::table as text;
use crate::api::{Error, Result};

/// Region and account of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) region: String,
    pub(crate) account: String,
}

/// What the one who opens a database says about its place; nothing where it is to stay as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlaceOption {
    pub(crate) region: Option<String>,
    pub(crate) account: Option<String>,
    /// The region of a new database where none is named.
    pub(crate) default_region: Option<String>,
}

impl PlaceOption {
    /// The place of a new database.
    pub(crate) fn of_new(self) -> Place {
        Place {
            region: self.region.or(self.default_region).unwrap_or_else(|| "us-east-1".into()),
            account: self.account.unwrap_or_else(|| "000000000000".into()),
        }
    }
}

impl Place {
    pub(crate) fn table_arn(&self, table: &str) -> String {
        format!("arn:aws:dynamodb:{}:{}:table/{table}", self.region, self.account)
    }

    pub(crate) fn stream_arn(&self, table: &str, label: &str) -> String {
        format!("{}/stream/{label}", self.table_arn(table))
    }

    /// A key of the account's key store.
    pub(crate) fn key_arn(&self, number: &str) -> String {
        format!("arn:aws:kms:{}:{}:key/{number}", self.region, self.account)
    }

    /// A Kinesis data stream.
    pub(crate) fn data_stream_arn(&self, name: &str) -> String {
        format!("arn:aws:kinesis:{}:{}:stream/{name}", self.region, self.account)
    }

    /// The data stream that an ARN names; none for the ARN of another place, or of something else.
    pub(crate) fn data_stream_name<'a>(&self, arn: &'a str) -> Option<&'a str> {
        arn.strip_prefix(&self.data_stream_arn(""))
    }

    /// A queue.
    pub(crate) fn queue_arn(&self, name: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{name}", self.region, self.account)
    }

    /// The queue that an ARN names; none for the ARN of another place, or of something else.
    pub(crate) fn queue_name<'a>(&self, arn: &'a str) -> Option<&'a str> {
        arn.strip_prefix(&self.queue_arn(""))
    }

    /// A topic.
    pub(crate) fn topic_arn(&self, name: &str) -> String {
        format!("arn:aws:sns:{}:{}:{name}", self.region, self.account)
    }

    /// The topic that an ARN names; none for the ARN of another place, or of something else.
    pub(crate) fn topic_name<'a>(&self, arn: &'a str) -> Option<&'a str> {
        arn.strip_prefix(&self.topic_arn(""))
    }

    /// The table that a name or ARN names; none for the ARN of another place.
    pub(crate) fn table_name<'a>(&self, given: &'a str) -> Option<&'a str> {
        if !given.starts_with("arn:") {
            return Some(given);
        }
        given.strip_prefix(&self.table_arn("")).filter(|name| !name.contains('/'))
    }
}

/// A stream's name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StreamArn<'a> {
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) table: &'a str,
    pub(crate) label: &'a str,
}

/// The name of a table out of its name, its ARN or the ARN of something of it, wherever that is:
/// `arn:aws:dynamodb:<region>:<account>:table/<name>[/stream/<label>]`; a plain name has no slash.
pub(crate) fn table_of(given: &str) -> &str {
    given.split_once(":table/").map_or(given, |(_, name)| name.split('/').next().unwrap_or(name))
}

impl<'a> StreamArn<'a> {
    /// Takes an ARN apart.
    ///
    /// # Errors
    /// `ValidationException` for text of another form.
    pub(crate) fn parse(arn: &'a str) -> Result<StreamArn<'a>> {
        StreamArn::parts(arn).ok_or_else(|| Error::validation(text::invalid_stream_arn()))
    }

    fn parts(arn: &'a str) -> Option<StreamArn<'a>> {
        let mut fields = arn.splitn(6, ':');
        if fields.next() != Some("arn")
            || fields.next().is_none_or(str::is_empty)
            || fields.next() != Some("dynamodb")
        {
            return None;
        }
        let (region, account) = (fields.next()?, fields.next()?);
        let (table, label) = fields.next()?.strip_prefix("table/")?.split_once("/stream/")?;
        let whole = !region.is_empty() && !account.is_empty() && !table.is_empty() && !label.is_empty();
        whole.then_some(StreamArn { region, account, table, label })
    }

    pub(crate) fn is_at(&self, place: &Place) -> bool {
        self.region == place.region && self.account == place.account
    }
}
