//! Policies as documents: what must be in one, and the one form in which equal ones are kept.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::api::message::settings as text;
use crate::api::{Error, Result};
use crate::limits::POLICY_MAX_BYTES;

/// The version of a policy that names none.
const FIRST_VERSION: &str = "2008-10-17";
/// Members of a statement in the order in which they are kept.
const MEMBERS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// A policy without spaces, its members in a fixed order, lists of one as what is in them.
///
/// # Errors
/// `ValidationException` for text that is no policy, here as below.
pub(super) fn canonical(policy: &str) -> Result<String> {
    if policy.len() > POLICY_MAX_BYTES {
        return Err(Error::validation(text::policy_too_long(POLICY_MAX_BYTES)));
    }
    let document = match serde_json::from_str(policy) {
        Err(_) | Ok(Value::Array(_)) => return Err(invalid("This policy contains invalid Json")),
        Ok(Value::Object(document)) if document.is_empty() => {
            return Err(invalid("Syntax error at position (1,3)"));
        }
        Ok(Value::Object(document)) => document,
        Ok(_) => return Err(invalid("This text appears not to be a policy")),
    };
    let statements = match document.get("Statement") {
        None => return Err(invalid("Missing required field Statement")),
        Some(Value::Array(statements)) => statements.iter().collect(),
        Some(statement) => vec![statement],
    };
    if statements.is_empty() {
        return Err(invalid("Could not parse the policy: Statement is empty!"));
    }
    let mut names = BTreeSet::new();
    let mut kept = Vec::with_capacity(statements.len());
    for statement in statements {
        let Value::Object(statement) = statement else {
            return Err(invalid("Syntax error at position (1,1)"));
        };
        if statement.get("Sid").is_some_and(|sid| !names.insert(sid.to_string())) {
            return Err(invalid("The Statement Ids in the policy are not unique"));
        }
        kept.push(canonical_statement(statement)?);
    }
    let version = document.get("Version").cloned().unwrap_or_else(|| FIRST_VERSION.into());
    let id = document.get("Id").map(|id| format!(r#""Id":{id},"#)).unwrap_or_else(String::new);
    Ok(format!(r#"{{"Version":{version},{id}"Statement":[{}]}}"#, kept.join(",")))
}

fn invalid(why: &str) -> Error {
    Error::validation(text::policy_invalid(why))
}

fn canonical_statement(statement: &Map<String, Value>) -> Result<String> {
    for either in [
        &["Effect"][..],
        &["Principal", "NotPrincipal"],
        &["Action", "NotAction"],
        &["Resource", "NotResource"],
    ] {
        if !either.iter().any(|name| statement.contains_key(*name)) {
            return Err(invalid(&format!("Missing required field {}", either[0])));
        }
    }
    let mut members = Vec::with_capacity(statement.len());
    for name in MEMBERS {
        let Some(value) = statement.get(name) else { continue };
        let value = match name {
            "Effect" => effect(value)?,
            "Principal" | "NotPrincipal" => principal(value)?,
            "Sid" | "Condition" => value.clone(),
            _ => alone(value.clone()),
        };
        members.push((name, value));
    }
    let is =
        |name: &str, wanted: &str| members.iter().any(|(member, value)| *member == name && value == wanted);
    if is("Effect", "Allow") && is("Principal", "*") && !statement.contains_key("Condition") {
        return Err(Error::validation(text::policy_unbounded()));
    }
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    Ok(format!("{{{}}}", members.join(",")))
}

fn effect(value: &Value) -> Result<Value> {
    match value.as_str() {
        Some(effect) if effect.eq_ignore_ascii_case("Allow") => Ok("Allow".into()),
        Some(effect) if effect.eq_ignore_ascii_case("Deny") => Ok("Deny".into()),
        _ => Err(invalid("Syntax error at position (1,1)")),
    }
}

/// Accounts are their root, however they are written.
fn principal(value: &Value) -> Result<Value> {
    let Value::Object(kinds) = value else {
        return if value == "*" {
            Ok(value.clone())
        } else {
            Err(Error::validation(text::policy_principal()))
        };
    };
    if kinds.get("AWS").is_some_and(|aws| aws == "*") {
        return Ok("*".into());
    }
    let kinds = kinds
        .iter()
        .map(|(kind, who)| (kind.clone(), if kind == "AWS" { roots(who) } else { alone(who.clone()) }));
    Ok(Value::Object(kinds.collect()))
}

fn roots(who: &Value) -> Value {
    let root = |one: &Value| match one.as_str() {
        Some(id) if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) => {
            format!("arn:aws:iam::{id}:root").into()
        }
        _ => one.clone(),
    };
    let all = match who {
        Value::Array(all) => all.iter().map(root).collect(),
        one => vec![root(one)],
    };
    let mut kept: Vec<Value> = Vec::with_capacity(all.len());
    for one in all {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    alone(Value::Array(kept))
}

/// What is in a list of one.
fn alone(value: Value) -> Value {
    match value {
        Value::Array(mut list) if list.len() == 1 => list.remove(0),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_policies_have_one_form() {
        let canonical_form = concat!(
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","#,
            r#""Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"dynamodb:GetItem","Resource":"*"}]}"#
        );
        for written in [
            r#"{"Statement": {"Action": ["dynamodb:GetItem"], "Resource": "*", "Effect": "allow", "Sid": "a",
                "Principal": {"AWS": "123456789012"}}, "Version": "2012-10-17"}"#,
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"dynamodb:GetItem","Resource":["*"],
                "Principal":{"AWS":["123456789012","arn:aws:iam::123456789012:root"]}}]}"#,
            canonical_form,
        ] {
            assert_eq!(canonical(written).expect("a policy"), canonical_form);
        }
    }

    #[test]
    fn what_is_no_policy_is_told_why() {
        let whole = |statement: &str| format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
        let cases = [
            (String::new(), "This policy contains invalid Json"),
            ("[]".into(), "This policy contains invalid Json"),
            ("{}".into(), "Syntax error at position (1,3)"),
            ("null".into(), "This text appears not to be a policy"),
            (whole("[]"), "Could not parse the policy: Statement is empty!"),
            (whole("[{}]"), "Missing required field Effect"),
            (
                whole(r#"[{"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "a"}]"#),
                "Missing required field Resource",
            ),
            (
                whole(
                    r#"[{"Effect": "Allow", "Principal": "123456789012", "Action": "a", "Resource": "*"}]"#,
                ),
                "Invalid principal",
            ),
            (
                whole(r#"[{"Effect": "Allow", "Principal": "*", "Action": "a", "Resource": "*"}]"#),
                "unbounded access",
            ),
            (
                whole(&format!("\"{}\"", "x".repeat(POLICY_MAX_BYTES))),
                "Maximum policy size of 20480 bytes exceeded",
            ),
        ];
        for (policy, words) in cases {
            let error = canonical(&policy).expect_err(words);
            assert!(error.message().contains(words), "{policy:.80}: {error}");
        }
    }
}
