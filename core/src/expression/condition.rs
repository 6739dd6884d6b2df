//! Conditions and filters: from text to tree.
//!
//! ```text
//! or         = and { OR and }
//! and        = not { AND not }
//! not        = { NOT } comparison
//! comparison = operand comparator operand | operand BETWEEN operand AND operand | operand IN ( operand {, operand} )
//!            | call | ( or )
//! ```
//! A parenthesis may open a condition or an operand, `(a) = :v`, and only what follows tells which. So what stands between two
//! parentheses is a [`Term`], which is one or the other, and [`Parser::condition_of`] insists on a condition where only that will do.

use std::sync::Arc;

use super::ExpressionKind;
use super::compiled::{BoundValues, Compiled};
use super::lexer::TokenKind;
use super::parser::Parser;
use super::placeholders::Placeholders;
use super::tree::{Comparator, Node, Operand};
use crate::api::message::expression as text;
use crate::api::{Error, Result};
use crate::value::{Item, Lookup, Path};

/// A condition or filter.
#[derive(Debug)]
pub(crate) struct Condition<'a> {
    root: Root<'a>,
    /// What stands at the places of the tree.
    values: BoundValues<'a>,
    /// The parameter it came from, as the service names it in a message about it.
    source: &'static str,
}

#[derive(Debug)]
enum Root<'a> {
    Own(Node<'a>),
    Kept(Arc<Compiled>),
}

/// The source of all conditions but legacy ones.
const EXPRESSION: &str = "Filter Expression";

impl<'a> Condition<'a> {
    /// The condition that a statement has after its key.
    pub(crate) fn of(root: Node<'a>) -> Condition<'a> {
        Condition::from_legacy(root, EXPRESSION)
    }

    /// The condition of a legacy parameter, which is named so.
    pub(super) fn from_legacy(root: Node<'a>, source: &'static str) -> Condition<'a> {
        Condition { root: Root::Own(root), values: BoundValues::default(), source }
    }

    /// The condition of the expressions of a request.
    pub(super) fn kept(compiled: Arc<Compiled>, values: BoundValues<'a>) -> Condition<'a> {
        Condition { root: Root::Kept(compiled), values, source: EXPRESSION }
    }

    pub(super) fn root(&self) -> &Node<'_> {
        match &self.root {
            Root::Own(node) => node,
            Root::Kept(compiled) => compiled.condition(),
        }
    }

    /// Whether the item (or [`Item::empty`] where there is none) satisfies the condition.
    pub(crate) fn holds(&self, item: &Item) -> bool {
        super::evaluate::holds(self.root(), &Lookup::new(item), &self.values)
    }

    /// For the filter of a query, which cannot speak of the key.
    ///
    /// # Errors
    /// `Filter Expression can only contain non-primary key attributes: …`.
    pub(crate) fn refuse_keys(&self, keys: &[&str]) -> Result<()> {
        self.check_paths(|path| match keys.contains(&path.root) {
            true => Err(Error::validation(text::filter_on_key(self.source, path.root))),
            false => Ok(()),
        })
    }

    /// # Errors
    /// `Key attributes must be scalars; …` for a path that goes below a key attribute.
    pub(crate) fn refuse_steps_below_keys(&self, keys: &[&str]) -> Result<()> {
        self.check_paths(|path| super::paths::refuse_steps_below(path, keys))
    }

    /// The top-level attributes that the condition speaks of, in the order of the text.
    pub(crate) fn attributes(&self) -> Vec<&str> {
        attributes_of(self.root())
    }

    fn check_paths(&self, check: impl Fn(&Path<'_>) -> Result<()>) -> Result<()> {
        visit_node(self.root(), &mut |path| check(path))
    }
}

/// The top-level attributes that a condition speaks of, in the order of the text.
pub(crate) fn attributes_of<'a>(node: &Node<'a>) -> Vec<&'a str> {
    let mut names = Vec::new();
    let all = visit_node(node, &mut |path| {
        names.push(path.root);
        Ok(())
    });
    debug_assert!(all.is_ok(), "nothing was refused");
    names
}

/// Calls `visit` with every path of a condition, in the order of the text.
fn visit_node<'a>(node: &Node<'a>, visit: &mut impl FnMut(&Path<'a>) -> Result<()>) -> Result<()> {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().try_for_each(|part| visit_node(part, visit)),
        Node::Not(inner) => visit_node(inner, visit),
        Node::Compare(_, left, right) => {
            visit_operand(left, visit).and_then(|()| visit_operand(right, visit))
        }
        Node::Between(operands) => operands.iter().try_for_each(|operand| visit_operand(operand, visit)),
        Node::In(first, rest) => {
            visit_operand(first, visit)?;
            rest.iter().try_for_each(|operand| visit_operand(operand, visit))
        }
        Node::Call(call) => call.operands.iter().try_for_each(|operand| visit_operand(operand, visit)),
    }
}

fn visit_operand<'a>(operand: &Operand<'a>, visit: &mut impl FnMut(&Path<'a>) -> Result<()>) -> Result<()> {
    match operand {
        Operand::Path(path) => visit(path),
        Operand::Call(call) => call.operands.iter().try_for_each(|operand| visit_operand(operand, visit)),
        Operand::Condition(node) => visit_node(node, visit),
        Operand::Value(_) | Operand::Undefined => Ok(()),
    }
}

/// The condition of a `ConditionExpression`, `FilterExpression` or `KeyConditionExpression`.
///
/// # Errors
/// `Invalid ConditionExpression: …`, facts B5.
pub(super) fn parse_node<'a>(
    kind: ExpressionKind,
    text: &'a str,
    placeholders: &mut Placeholders<'a, '_>,
) -> Result<Node<'a>> {
    let mut parser = Parser::new(kind, text, placeholders)?;
    let term = parser.term()?;
    let node = parser.condition_of(term)?;
    parser.finish()?;
    Ok(node)
}

/// A condition, or an operand that may become part of one.
struct Term<'a> {
    body: Body<'a>,
    /// Whether it stands in parentheses of its own.
    wrapped: bool,
}

enum Body<'a> {
    Condition(Node<'a>),
    Operand(Operand<'a>),
}

impl<'a> From<Node<'a>> for Term<'a> {
    fn from(node: Node<'a>) -> Term<'a> {
        Term { body: Body::Condition(node), wrapped: false }
    }
}

/// What was read of the text between two parentheses, or of all: `ors` OR `ands` AND `nots` NOT …
#[derive(Default)]
struct Group<'a> {
    ors: Vec<Node<'a>>,
    ands: Vec<Node<'a>>,
    nots: usize,
}

impl<'a> Group<'a> {
    /// Whether nothing says yet that a condition must follow.
    fn is_blank(&self) -> bool {
        self.ors.is_empty() && self.ands.is_empty() && self.nots == 0
    }

    fn negate(&mut self, node: Node<'a>) -> Node<'a> {
        match std::mem::take(&mut self.nots) {
            0 => node,
            odd if odd % 2 == 1 => Node::Not(Box::new(node)),
            // Two NOTs say nothing, but a key condition must still see that there is one.
            _ => Node::Not(Box::new(Node::Not(Box::new(node)))),
        }
    }

    fn end_of_and(&mut self, node: Node<'a>) -> Node<'a> {
        let last = self.negate(node);
        if self.ands.is_empty() {
            return last;
        }
        self.ands.push(last);
        Node::And(std::mem::take(&mut self.ands))
    }

    fn end_of_or(mut self, node: Node<'a>) -> Node<'a> {
        let last = self.end_of_and(node);
        if self.ors.is_empty() {
            return last;
        }
        self.ors.push(last);
        Node::Or(self.ors)
    }
}

impl<'a> Parser<'a, '_> {
    /// All of `or`, with every parenthesis it opens.
    fn term(&mut self) -> Result<Term<'a>> {
        let mut outer: Vec<Group<'a>> = Vec::new();
        let mut group = Group::default();
        'comparison: loop {
            while self.take_keyword("NOT") {
                self.operators += 1;
                group.nots += 1;
            }
            if self.take(TokenKind::OpenParenthesis) {
                outer.push(std::mem::take(&mut group));
                continue;
            }
            let mut term = Term { body: Body::Operand(self.operand()?), wrapped: false };
            loop {
                term = self.comparison(term)?;
                if self.take_connective(&mut group, &mut term)? {
                    continue 'comparison;
                }
                let inner =
                    if group.is_blank() { term } else { group.end_of_or(self.condition_of(term)?).into() };
                let Some(enclosing) = outer.pop() else { return Ok(inner) };
                group = enclosing;
                self.close_parenthesis(inner.wrapped)?;
                term = match inner.body {
                    Body::Operand(operand) => {
                        let (operand, wrapped) = self.steps_after_parentheses(operand)?;
                        Term { body: Body::Operand(operand), wrapped }
                    }
                    condition => Term { body: condition, wrapped: true },
                };
            }
        }
    }

    /// Takes an AND or OR, and puts the condition before it into the group.
    fn take_connective(&mut self, group: &mut Group<'a>, term: &mut Term<'a>) -> Result<bool> {
        let is_and = self.at_keyword("AND");
        if !is_and && !self.at_keyword("OR") {
            return Ok(false);
        }
        let placeholder = Term { body: Body::Operand(Operand::Undefined), wrapped: false };
        let node = self.condition_of(std::mem::replace(term, placeholder))?;
        if is_and {
            let node = group.negate(node);
            group.ands.push(node);
        } else {
            let node = group.end_of_and(node);
            group.ors.push(node);
        }
        self.advance();
        self.operators += 1;
        Ok(true)
    }

    /// What an operator after the term makes of it.
    fn comparison(&mut self, term: Term<'a>) -> Result<Term<'a>> {
        let Body::Operand(left) = term.body else { return Ok(term) };
        let node = if let Some(comparator) = comparator(self.current_kind()) {
            self.advance();
            self.compare(comparator, left)?
        } else if self.take_keyword("BETWEEN") {
            self.between(left)?
        } else if self.take_keyword("IN") {
            self.in_list(left)?
        } else {
            return Ok(Term { body: Body::Operand(left), wrapped: term.wrapped });
        };
        self.faults.close_condition();
        Ok(node.into())
    }

    /// The condition that a term is. Only a call can be both operand and condition.
    fn condition_of(&mut self, term: Term<'a>) -> Result<Node<'a>> {
        match term.body {
            Body::Condition(node) => Ok(node),
            Body::Operand(Operand::Call(call)) => {
                let node = self.faults.condition_call(*call);
                self.faults.close_condition();
                Ok(node)
            }
            Body::Operand(_) => Err(self.syntax_error()),
        }
    }

    fn compare(&mut self, comparator: Comparator, left: Operand<'a>) -> Result<Node<'a>> {
        self.operators += 1;
        let right = self.operand()?;
        Ok(self.faults.compare(comparator, left, right))
    }

    fn between(&mut self, value: Operand<'a>) -> Result<Node<'a>> {
        self.operators += 1;
        let lower = self.operand()?;
        if !self.take_keyword("AND") {
            return Err(self.syntax_error());
        }
        let upper = self.operand()?;
        Ok(self.faults.between([value, lower, upper]))
    }

    fn in_list(&mut self, value: Operand<'a>) -> Result<Node<'a>> {
        self.operators += 1;
        self.expect(TokenKind::OpenParenthesis)?;
        let mut list = vec![self.operand()?];
        while self.take(TokenKind::Comma) {
            list.push(self.operand()?);
        }
        self.expect(TokenKind::CloseParenthesis)?;
        Ok(self.faults.in_list(value, list))
    }
}

fn comparator(kind: TokenKind) -> Option<Comparator> {
    Some(match kind {
        TokenKind::Equal => Comparator::Equal,
        TokenKind::NotEqual => Comparator::NotEqual,
        TokenKind::Less => Comparator::Less,
        TokenKind::LessOrEqual => Comparator::LessOrEqual,
        TokenKind::Greater => Comparator::Greater,
        TokenKind::GreaterOrEqual => Comparator::GreaterOrEqual,
        _ => return None,
    })
}
