//! Expressions that were parsed, kept for requests that differ in nothing but their values.

use std::sync::{Arc, OnceLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::api::Result;
use crate::expression::{Compiled, Expressions, Request};

/// A longer key is not kept: its request is parsed each time.
const KEY_MAX_BYTES: usize = 1024;
/// What all that is kept may take, as [`Weight`] has it: some 1,500 requests as programs make them.
const KEPT_BYTES: u64 = 2 << 20;
/// An entry without what its key says: the trees' heads, the places in the map.
const ENTRY_BYTES: u64 = 512;
/// Bytes of trees and copies for a byte of the key: nearest to it come the shortest comparisons, `a=b`.
const TREE_BYTES: u64 = 24;
/// For sizing the map; the weight is what limits it.
const TYPICAL_KEY_BYTES: u64 = 64;

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Box<str>, Arc<Compiled>> for Weight {
    fn weight(&self, key: &Box<str>, _: &Arc<Compiled>) -> u64 {
        ENTRY_BYTES + TREE_BYTES * key.len() as u64
    }
}

type Kept = Cache<Box<str>, Arc<Compiled>, Weight>;

/// Parses the expressions of requests, most of them once.
#[derive(Debug, Default)]
pub(crate) struct KeptExpressions(
    /// Made by the first request with an expression: opening and forking do without.
    OnceLock<Kept>,
);

impl KeptExpressions {
    /// What the expressions of a request say.
    ///
    /// # Errors
    /// `ValidationException` for what is wrong with placeholders or expressions, in the service's order.
    pub(crate) fn parse<'a>(&self, request: &Request<'a>) -> Result<Expressions<'a>> {
        if request.is_empty() {
            return Ok(Expressions::none());
        }
        let Some(key) = request.key(KEY_MAX_BYTES) else { return request.parse() };
        let kept = self.0.get_or_init(|| {
            let entries = KEPT_BYTES / (ENTRY_BYTES + TREE_BYTES * TYPICAL_KEY_BYTES);
            Cache::with_weighter(entries as usize, KEPT_BYTES, Weight)
        });
        match kept.get(key.text.as_str()) {
            Some(compiled) if compiled.admits(&key) => Ok(Expressions::kept(request, &key, &compiled)),
            // What is wrong with its values, the parser says.
            Some(_) => request.parse(),
            None => {
                let (compiled, all_used) = Compiled::parse(request)?;
                let compiled = Arc::new(compiled);
                let mut expressions = Expressions::kept(request, &key, &compiled);
                match all_used {
                    Ok(()) => kept.insert(key.text.into_boxed_str(), compiled),
                    unused => expressions.all_used = unused,
                }
                Ok(expressions)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::expression::{ExpressionKind, Texts};
    use crate::value::{Checked, Item};

    fn values(json: &str) -> Checked<Item> {
        Item::from_json(json).expect("values").into()
    }

    fn request<'a>(text: &'a str, values: &'a Checked<Item>) -> Request<'a> {
        let condition = Some((ExpressionKind::Condition, text));
        Request { texts: Texts { condition, ..Texts::default() }, names: None, values: Some(values) }
    }

    fn entries(kept: &KeptExpressions) -> usize {
        kept.0.get().map_or(0, Cache::len)
    }

    /// Whether an item satisfies a condition, or what is wrong with the request.
    fn answer(kept: &KeptExpressions, request: &Request<'_>, item: &Item) -> Result<bool, String> {
        let told = |error: crate::api::Error| error.message().to_owned();
        let expressions = kept.parse(request).map_err(told)?;
        expressions.all_used.map_err(told)?;
        Ok(expressions.condition.expect("there is one").holds(item))
    }

    #[test]
    fn one_tree_serves_all_values_of_the_same_types() {
        let kept = KeptExpressions::default();
        let item = Item::from_json(r#"{"a":{"N":"2"}}"#).expect("an item");
        for (given, expected) in [
            (r#"{":v":{"N":"2"}}"#, true),
            (r#"{":v":{"N":"3"}}"#, false),
            (r#"{":v":{"N":"2"}}"#, true),
            (r#"{":v":{"S":"2"}}"#, false),
        ] {
            assert_eq!(answer(&kept, &request("a = :v", &values(given)), &item), Ok(expected));
        }
        // One of each type.
        assert_eq!(entries(&kept), 2);
    }

    /// Each request is told what it is told by a database that has seen none before.
    #[test]
    fn what_is_kept_lets_nothing_pass_and_refuses_nothing() {
        let kept = KeptExpressions::default();
        let item = Item::from_json(r#"{"a":{"N":"2"},"b":{"S":"x"}}"#).expect("an item");
        let texts = [
            "a = :v",
            "a BETWEEN :v AND :w",
            "a BETWEEN :w AND :v",
            "attribute_type(a, :v) OR a = :w",
            "#a = :v",
            "#a = #b OR b = :w",
            "a = :x",
        ];
        let given = [
            r#"{":v":{"N":"1"},":w":{"N":"2"}}"#,
            r#"{":v":{"N":"3"},":w":{"N":"2"}}"#,
            r#"{":v":{"N":"1"},":w":{"S":"N"}}"#,
            r#"{":v":{"S":"N"},":w":{"S":"N"}}"#,
            r#"{":v":{"S":"DOG"},":w":{"S":"N"}}"#,
            r#"{":v":{"S":"x"}}"#,
            r#"{":v":{"N":"2"}}"#,
            "{}",
        ]
        .map(values);
        let names = [
            BTreeMap::new(),
            BTreeMap::from([("#a".to_owned(), "a".to_owned())]),
            BTreeMap::from([("#a".to_owned(), "b".to_owned())]),
            BTreeMap::from([("#a".to_owned(), "a".to_owned()), ("#b".to_owned(), "b".to_owned())]),
            BTreeMap::from([("#a".to_owned(), String::new())]),
        ];
        let (mut accepted, mut refused) = (0, 0);
        for _ in 0..2 {
            for text in texts {
                for values in &given {
                    for names in std::iter::once(None).chain(names.iter().map(Some)) {
                        let request = Request { names, ..request(text, values) };
                        let told = answer(&kept, &request, &item);
                        assert_eq!(told, answer(&KeptExpressions::default(), &request, &item), "{request:?}");
                        if told.is_ok() { accepted += 1 } else { refused += 1 }
                    }
                }
            }
        }
        assert_eq!((accepted, refused), (24, 648), "as many as ever");
    }

    #[test]
    fn long_ones_are_not_kept_and_no_more_than_their_weight_of_others() {
        let kept = KeptExpressions::default();
        let (values, item) = (values(r#"{":v":{"N":"1"}}"#), Item::empty());
        let long = format!("{}a = :v", "b <> :v AND ".repeat(KEY_MAX_BYTES / 12));
        assert_eq!(answer(&kept, &request(&long, &values), &item), Ok(false));
        assert_eq!(entries(&kept), 0);
        for n in 0..5_000 {
            let text = format!("a{n} <> :v");
            assert_eq!(answer(&kept, &request(&text, &values), &item), Ok(true));
        }
        let all = kept.0.get().expect("made by the first");
        assert!(all.weight() <= KEPT_BYTES && all.len() > 100, "{}", all.len());
    }
}
