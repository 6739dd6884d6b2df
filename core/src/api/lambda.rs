//! Shapes of Lambda's event source mappings, and of the functions that a database knows. Names that other services have, too, begin with
//! `Lambda`.

mod function;
mod mapping;
mod settlement;
mod tag;

pub use function::*;
pub use mapping::*;
pub use settlement::*;
pub use tag::*;

use super::shape::Constraint;

/// Functions: a name, a partial or a whole ARN, each with a version or an alias after it or without.
const FUNCTION: Constraint = Constraint::Pattern {
    shown: r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?",
    matches: |text| FunctionReference::parse(text).is_some(),
};
/// Versions and aliases.
const QUALIFIER: Constraint =
    Constraint::Pattern { shown: r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+", matches: is_qualifier };
/// Sources: ARNs of any service.
const ARN: Constraint = Constraint::Pattern {
    shown: r"arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)",
    matches: is_any_arn,
};
/// Where failures go: nowhere, or an ARN of any service.
const DESTINATION: Constraint = Constraint::Pattern {
    shown: r"$|kafka://([^.]([a-zA-Z0-9\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)",
    matches: |text| text.is_empty() || text.starts_with("kafka://") || is_any_arn(text),
};
/// What has tags.
const TAGGABLE: Constraint = Constraint::Pattern {
    shown: r"arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)",
    matches: |text| is_any_arn(text) && text.split(':').nth(2) == Some("lambda"),
};

/// `arn:aws…:<service>:<region or nothing>:<account or nothing>:<anything>`.
fn is_any_arn(text: &str) -> bool {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, _, account, _] = fields[..] else { return false };
    arn == "arn"
        && partition.starts_with("aws")
        && !service.is_empty()
        && (account.is_empty() || is_account(account))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// What a `FunctionName` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FunctionReference<'a> {
    /// Where it is; none where that is not said.
    pub(crate) region: Option<&'a str>,
    /// Whose it is; none where that is not said.
    pub(crate) account: Option<&'a str>,
    pub(crate) name: &'a str,
    /// Its version or alias, as given.
    pub(crate) qualifier: Option<&'a str>,
}

impl<'a> FunctionReference<'a> {
    /// Reads a name, `<account>:function:<name>` or an ARN, with or without a qualifier after it.
    pub(crate) fn parse(text: &'a str) -> Option<FunctionReference<'a>> {
        let mut rest = text;
        let (mut region, mut account) = (None, None);
        if let Some(in_service) = rest.strip_prefix("arn:") {
            let (partition, after) = in_service.split_once(':')?;
            let (given, after) = after.strip_prefix("lambda:")?.split_once(':')?;
            let (owner, after) = after.split_once(':')?;
            if !partition.starts_with("aws") || !is_account(owner) || !after.starts_with("function:") {
                return None;
            }
            (region, account, rest) = (Some(given), Some(owner), after);
        } else if let Some((owner, after)) = rest.split_once(':').filter(|(owner, _)| is_account(owner)) {
            (account, rest) = (Some(owner), after);
        }
        rest = rest.strip_prefix("function:").unwrap_or(rest);
        let (name, qualifier) = match rest.split_once(':') {
            Some((name, qualifier)) => (name, Some(qualifier)),
            None => (rest, None),
        };
        let is_good = is_word(name, ".") && qualifier.is_none_or(is_qualifier);
        is_good.then_some(FunctionReference { region, account, name, qualifier })
    }
}

/// A version or an alias.
pub(crate) fn is_qualifier(text: &str) -> bool {
    matches!(text, "$LATEST" | "$LATEST.PUBLISHED") || is_word(text, "")
}

fn is_word(text: &str, more: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || more.contains(c);
    !text.is_empty() && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_in_several_ways() {
        let read =
            |text| FunctionReference::parse(text).map(|it| (it.region, it.account, it.name, it.qualifier));
        assert_eq!(read("orders"), Some((None, None, "orders", None)));
        assert_eq!(read("orders:live"), Some((None, None, "orders", Some("live"))));
        assert_eq!(read("function:orders"), Some((None, None, "orders", None)));
        let account = "000000000000";
        let partial = format!("{account}:function:orders:7");
        assert_eq!(read(&partial), Some((None, Some(account), "orders", Some("7"))));
        let arn = format!("arn:aws:lambda:us-east-1:{account}:function:orders:$LATEST");
        assert_eq!(read(&arn), Some((Some("us-east-1"), Some(account), "orders", Some("$LATEST"))));
        for wrong in ["", "a b", "orders:", "orders:a:b", "arn:aws:sqs:us-east-1:000000000000:orders"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
