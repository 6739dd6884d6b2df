//! Shapes of Kinesis Data Streams, under names of their own where other services have the same ones.

mod record;
mod shard;
mod stream;
mod tag;

pub use record::*;
pub use shard::*;
pub use stream::*;
pub use tag::*;

use super::shape::Constraint;

/// Names of streams and ids of shards.
const WORD: Constraint = Constraint::Pattern { shown: "[a-zA-Z0-9_.-]+", matches: super::shape::is_name };
/// Sequence numbers.
const SEQUENCE: Constraint =
    Constraint::Pattern { shown: r"0|([1-9]\d{0,128})", matches: |text| is_number(text, 129) };
/// Hash keys.
const HASH_KEY: Constraint =
    Constraint::Pattern { shown: r"0|([1-9]\d{0,38})", matches: |text| is_number(text, 39) };
/// ARNs of streams.
const ARN: Constraint = Constraint::Pattern {
    shown: r"arn:aws.*:kinesis:.*:\d{12}:stream/\S+",
    matches: |text| is_resource(text, &["stream/"]),
};
/// ARNs of anything that has tags.
const RESOURCE: Constraint = Constraint::Pattern {
    shown: r"arn:aws.*:kinesis:.*:\d{12}:.*(stream|channel)/\S+",
    matches: |text| is_resource(text, &["stream/", "channel/"]),
};

/// A whole number without leading zeros.
fn is_number(text: &str, most_digits: usize) -> bool {
    let is_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_digits && text.len() <= most_digits && (text == "0" || !text.starts_with('0'))
}

/// `arn:aws…:kinesis:<region>:<twelve digits>:<kind><name>`.
fn is_resource(text: &str, kinds: &[&str]) -> bool {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, _, account, path] = fields[..] else { return false };
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    let name = kinds.iter().find_map(|kind| path.strip_prefix(kind));
    let is_named = name.is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    arn == "arn" && partition.starts_with("aws") && service == "kinesis" && is_account && is_named
}
