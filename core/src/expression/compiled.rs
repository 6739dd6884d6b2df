//! The expressions of a request together: parsed once, and again only for requests that differ in more than their values.
//!
//! ```text
//! texts, names, types of values ──key──► kept? ──► Compiled ──┐
//!                                 └─► parsed ───► Compiled ───┴─ with the values ──► Expressions
//! ```
//! What a parse comes to is decided by its [`Request::key`]: the texts, what names stand for, which values there are and of which types. So
//! whoever keeps what was parsed under that key has neither to look at names nor at what is unused; where values themselves decide
//! ([`ValueCheck`]), they are looked at each time. What was refused is not kept, so every refusal is the parser's own.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use self_cell::self_cell;
use smallvec::SmallVec;

use super::ExpressionKind;
use super::condition::{Condition, parse_node};
use super::faults::ValueCheck;
use super::key_condition::{KeyCondition, KeyTerm, parse_terms};
use super::placeholders::Placeholders;
use super::projection::{Projected, Projection};
use super::tree::{Action, Node};
use super::update::{Update, parse_actions};
use crate::api::Result;
use crate::limits::SUBSTITUTIONS_MAX_BYTES;
use crate::value::{Checked, Item, ValueRef};

/// The values of a request, in the order of their placeholders: what stands at the places of its trees.
#[derive(Clone, Debug, Default)]
pub(super) struct BoundValues<'v>(Option<Rc<[ValueRef<'v>]>>);

impl<'v> BoundValues<'v> {
    pub(super) fn of(values: &[ValueRef<'v>]) -> BoundValues<'v> {
        BoundValues((!values.is_empty()).then(|| Rc::from(values)))
    }
}

impl<'v> Deref for BoundValues<'v> {
    type Target = [ValueRef<'v>];

    fn deref(&self) -> &[ValueRef<'v>] {
        self.0.as_deref().unwrap_or(&[])
    }
}

/// The texts of the expressions of a request.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Texts<'a> {
    pub(crate) projection: Option<&'a str>,
    pub(crate) update: Option<&'a str>,
    /// `ConditionExpression` or `FilterExpression`.
    pub(crate) condition: Option<(ExpressionKind, &'a str)>,
    pub(crate) key_condition: Option<&'a str>,
}

impl Texts<'_> {
    fn is_empty(&self) -> bool {
        let Texts { projection, update, condition, key_condition } = self;
        projection.is_none() && update.is_none() && condition.is_none() && key_condition.is_none()
    }
}

/// The expressions of a request and what their placeholders stand for.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) texts: Texts<'a>,
    pub(crate) names: Option<&'a BTreeMap<String, String>>,
    pub(crate) values: Option<&'a Checked<Item>>,
}

/// What decides what a request is parsed as, and its values.
#[derive(Debug)]
pub(crate) struct Key<'a> {
    pub(crate) text: String,
    values: SmallVec<[ValueRef<'a>; 8]>,
}

/// What the expressions of a request say, with its values.
#[derive(Debug)]
pub(crate) struct Expressions<'a> {
    pub(crate) projection: Option<Projection<'a>>,
    pub(crate) update: Option<Update<'a>>,
    pub(crate) condition: Option<Condition<'a>>,
    pub(crate) key_condition: Option<KeyCondition<'a>>,
    /// The refusal of names and values that nothing uses: the service looks at legacy parameters first.
    pub(crate) all_used: Result<()>,
}

/// The trees of a request.
#[derive(Debug)]
struct Trees<'a> {
    projected: Option<Projected<'a>>,
    actions: Option<Vec<Action<'a>>>,
    condition: Option<Node<'a>>,
    key_terms: Option<Vec<KeyTerm<'a>>>,
    checks: Vec<ValueCheck>,
}

/// The texts and names of a request, which its trees borrow.
#[derive(Debug)]
struct Source {
    projection: Option<Box<str>>,
    update: Option<Box<str>>,
    condition: Option<(ExpressionKind, Box<str>)>,
    key_condition: Option<Box<str>>,
    names: Option<BTreeMap<String, String>>,
}

self_cell!(
    /// The trees of a request, for all requests of the same key.
    pub(crate) struct Compiled {
        owner: Source,
        #[covariant]
        dependent: Trees,
    }

    impl {Debug}
);

const PARSED: &str = "made of a request that has this expression";

impl Compiled {
    /// Parses the expressions of a request. The second value is the refusal of what they do not use.
    ///
    /// # Errors
    /// Those of [`Placeholders::new`], then those of the expressions.
    pub(crate) fn parse(request: &Request<'_>) -> Result<(Compiled, Result<()>)> {
        let mut all_used = Ok(());
        let compiled = Compiled::try_new(Source::of(request), |source| {
            let texts = source.texts();
            let mut placeholders =
                Placeholders::new(source.names.as_ref(), request.values, !texts.is_empty())?;
            let trees = Trees::parse(&texts, &mut placeholders)?;
            all_used = placeholders.finish();
            Ok(trees)
        })?;
        Ok((compiled, all_used))
    }

    /// Whether the values of another request of the same key may stand in the trees.
    pub(crate) fn admits(&self, key: &Key<'_>) -> bool {
        self.borrow_dependent().checks.iter().all(|check| check.holds(&key.values))
    }

    pub(super) fn projected(&self) -> &Projected<'_> {
        self.borrow_dependent().projected.as_ref().expect(PARSED)
    }

    pub(super) fn actions(&self) -> &[Action<'_>] {
        self.borrow_dependent().actions.as_ref().expect(PARSED)
    }

    pub(super) fn condition(&self) -> &Node<'_> {
        self.borrow_dependent().condition.as_ref().expect(PARSED)
    }

    pub(super) fn key_terms(&self) -> &[KeyTerm<'_>] {
        self.borrow_dependent().key_terms.as_ref().expect(PARSED)
    }
}

impl Source {
    fn of(request: &Request<'_>) -> Source {
        let Texts { projection, update, condition, key_condition } = request.texts;
        Source {
            projection: projection.map(Box::from),
            update: update.map(Box::from),
            condition: condition.map(|(kind, text)| (kind, Box::from(text))),
            key_condition: key_condition.map(Box::from),
            names: request.names.cloned(),
        }
    }

    fn texts(&self) -> Texts<'_> {
        Texts {
            projection: self.projection.as_deref(),
            update: self.update.as_deref(),
            condition: self.condition.as_ref().map(|(kind, text)| (*kind, &**text)),
            key_condition: self.key_condition.as_deref(),
        }
    }
}

impl<'a> Trees<'a> {
    /// In the order in which the service looks at the expressions of a request.
    fn parse(texts: &Texts<'a>, placeholders: &mut Placeholders<'a, '_>) -> Result<Trees<'a>> {
        let projected = texts.projection.map(|text| Projected::parse(text, placeholders)).transpose()?;
        let actions = texts.update.map(|text| parse_actions(text, placeholders)).transpose()?;
        let condition =
            texts.condition.map(|(kind, text)| parse_node(kind, text, placeholders)).transpose()?;
        let key_terms = texts.key_condition.map(|text| parse_terms(text, placeholders)).transpose()?;
        let checks = std::mem::take(&mut placeholders.used.checks);
        Ok(Trees { projected, actions, condition, key_terms, checks })
    }
}

impl<'a> Request<'a> {
    /// Whether there is nothing to be parsed, and nothing that could be wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.names.is_none() && self.values.is_none()
    }

    /// The key of the request. None where it would have more than `most` bytes, and where values or their sizes are to be refused.
    pub(crate) fn key(&self, most: usize) -> Option<Key<'a>> {
        let Texts { projection, update, condition, key_condition } = self.texts;
        let texts = [projection, update, condition.map(|(_, text)| text), key_condition];
        let length = texts.into_iter().flatten().map(str::len).sum::<usize>();
        // Empty maps are refused, and a key would not tell them from none.
        let is_empty = self.names.is_some_and(BTreeMap::is_empty) || self.values.is_some_and(has_no_values);
        if self.texts.is_empty() || is_empty || length > most {
            return None;
        }
        let mut key = Key { text: String::with_capacity(2 * length + 64), values: SmallVec::new() };
        key.text.push(match condition {
            Some((ExpressionKind::Filter, _)) => 'f',
            _ => 'c',
        });
        for text in texts {
            key.part(text);
        }
        for (placeholder, name) in self.names.into_iter().flatten() {
            key.part(Some(placeholder));
            key.part(Some(name));
            if key.text.len() > most {
                return None;
            }
        }
        key.part(None);
        let Some(Checked(values)) = self.values else { return Some(key) };
        let values = values.as_ref().ok().filter(|values| values.size() + most <= SUBSTITUTIONS_MAX_BYTES)?;
        for (placeholder, value) in values.attributes().iter() {
            key.part(Some(placeholder));
            key.text.push(char::from(value.kind() as u8));
            key.values.push(value);
            if key.text.len() > most {
                return None;
            }
        }
        Some(key)
    }

    /// What the request says, parsed for it alone.
    ///
    /// # Errors
    /// As of [`Compiled::parse`].
    pub(crate) fn parse(&self) -> Result<Expressions<'a>> {
        let (compiled, all_used) = Compiled::parse(self)?;
        let values = self.values.and_then(|Checked(values)| values.as_ref().ok());
        let values: Vec<ValueRef<'a>> =
            values.iter().flat_map(|values| values.attributes().iter()).map(|(_, value)| value).collect();
        Ok(Expressions::of(&self.texts, &Arc::new(compiled), &values, all_used))
    }
}

fn has_no_values(Checked(values): &Checked<Item>) -> bool {
    values.as_ref().is_ok_and(|values| values.attributes().is_empty())
}

impl Key<'_> {
    /// Adds a text so that where it ends does not depend on what is in it.
    fn part(&mut self, text: Option<&str>) {
        let length = text.map_or(0, |text| 1 + text.len());
        // Lengths of what is kept are far below the first number that is no character.
        self.text.push(u32::try_from(length).ok().and_then(char::from_u32).unwrap_or(char::MAX));
        self.text.push_str(text.unwrap_or(""));
    }
}

impl<'a> Expressions<'a> {
    /// Of a request without any.
    pub(crate) fn none() -> Expressions<'a> {
        Expressions { projection: None, update: None, condition: None, key_condition: None, all_used: Ok(()) }
    }

    /// Of a request of the key that was parsed so.
    pub(crate) fn kept(request: &Request<'a>, key: &Key<'a>, compiled: &Arc<Compiled>) -> Expressions<'a> {
        Expressions::of(&request.texts, compiled, &key.values, Ok(()))
    }

    fn of(
        texts: &Texts<'a>,
        compiled: &Arc<Compiled>,
        values: &[ValueRef<'a>],
        all_used: Result<()>,
    ) -> Expressions<'a> {
        let values = BoundValues::of(values);
        Expressions {
            projection: texts.projection.map(|_| Projection::Kept(compiled.clone())),
            update: texts.update.map(|_| Update::kept(compiled.clone(), values.clone())),
            condition: texts.condition.map(|_| Condition::kept(compiled.clone(), values.clone())),
            key_condition: texts.key_condition.map(|_| KeyCondition::kept(compiled.clone(), values)),
            all_used,
        }
    }
}
