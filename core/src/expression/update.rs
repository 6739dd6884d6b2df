//! Update expressions: from text to actions.
//!
//! ```text
//! update  = section { section }                     each kind of section once
//! section = SET path = value {, path = value} | REMOVE path {, path}
//!         | ADD path :value {, path :value} | DELETE path :value {, path :value}
//! value   = operand | operand + operand | operand - operand | ( value )
//! ```

use std::sync::Arc;

use super::ExpressionKind;
use super::compiled::{BoundValues, Compiled};
use super::faults::{Fault, Faults};
use super::lexer::TokenKind;
use super::parser::Parser;
use super::paths::{check_apart, refuse_steps_below};
use super::placeholders::Placeholders;
use super::projection::Projected;
use super::tree::{Action, Assigned, Change, Literal, Operand};
use crate::api::message::{expression as text, value};
use crate::api::{Error, Result};
use crate::value::{AttributeType, Item, Path, ValueRef};

/// An update expression, or `AttributeUpdates`.
#[derive(Debug)]
pub(crate) struct Update<'a> {
    actions: Actions<'a>,
    /// What stands at the places of the trees.
    pub(super) values: BoundValues<'a>,
    pub(super) source: Source,
}

#[derive(Debug)]
enum Actions<'a> {
    Own(Vec<Action<'a>>),
    Kept(Arc<Compiled>),
}

/// Where an update comes from, which decides some of its texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Source {
    /// `UpdateExpression`.
    Expression,
    /// `AttributeUpdates`: it has its own text for unlike types, and adds to lists.
    Legacy,
    /// A statement: it has its own text for what is nested too deeply.
    Statement,
}

impl<'a> Update<'a> {
    /// The update of the expressions of a request.
    pub(super) fn kept(compiled: Arc<Compiled>, values: BoundValues<'a>) -> Update<'a> {
        Update { actions: Actions::Kept(compiled), values, source: Source::Expression }
    }

    /// Actions that have their values in them.
    pub(super) fn of(actions: Vec<Action<'a>>, source: Source) -> Update<'a> {
        Update { actions: Actions::Own(actions), values: BoundValues::default(), source }
    }

    pub(super) fn actions(&self) -> &[Action<'_>] {
        match &self.actions {
            Actions::Own(actions) => actions,
            Actions::Kept(compiled) => compiled.actions(),
        }
    }

    /// The update that a statement says, unless something is wrong with its operands (`faults`) or paths.
    ///
    /// # Errors
    /// The texts of facts B5, without the name of a parameter.
    pub(crate) fn of_statement(actions: Vec<Action<'a>>, mut faults: Faults<'_>) -> Result<Update<'a>> {
        let paths: Vec<&Path<'a>> = actions.iter().map(|action| &action.path).collect();
        check_apart(&paths, &mut faults);
        match faults.first() {
            Some(problem) => Err(Error::validation(problem)),
            None => Ok(Update::of(actions, Source::Statement)),
        }
    }

    /// # Errors
    /// `Cannot update attribute k. This attribute is part of the key` (facts B3).
    pub(crate) fn refuse_keys(&self, keys: &[&str]) -> Result<()> {
        match self.actions().iter().find(|action| keys.contains(&action.path.root)) {
            Some(action) => Err(Error::validation(value::key_update(action.path.root))),
            None => Ok(()),
        }
    }

    /// # Errors
    /// `Key attributes must be scalars; …` for an operand that goes below a key attribute.
    pub(crate) fn refuse_steps_below_keys(&self, keys: &[&str]) -> Result<()> {
        self.actions().iter().try_for_each(|action| match &action.change {
            Change::Set(assigned) => {
                assigned.operands().into_iter().try_for_each(|operand| check_operand(operand, keys))
            }
            Change::Remove | Change::Add(_) | Change::Delete(_) => Ok(()),
        })
    }

    /// Whether the update makes an item where there was none. One that only removes does not (facts A8), and is not to be
    /// applied then: the service lets it pass whatever its paths. One without any action does.
    pub(crate) fn creates_item(&self) -> bool {
        let creates = |action: &Action<'_>| matches!(action.change, Change::Set(_) | Change::Add(_));
        self.actions().is_empty() || self.actions().iter().any(creates)
    }

    /// The value that the update sets a top-level attribute to, where it says which.
    pub(crate) fn set_value(&self, attribute: &str) -> Option<ValueRef<'_>> {
        let sets = |action: &&Action<'_>| action.path.root == attribute && action.path.rest.is_empty();
        match &self.actions().iter().find(sets)?.change {
            Change::Set(Assigned::Operand(Operand::Value(value))) => Some(value.value(&self.values)),
            _ => None,
        }
    }

    /// For `UPDATED_OLD` and `UPDATED_NEW`: what the image before or after holds at the paths the update names, in their places.
    /// None where it holds nothing there.
    pub(crate) fn written_part(&self, image: &Item) -> Option<Item> {
        let part = Projected::of(self.actions().iter().map(|action| &action.path)).apply(image);
        (!part.attributes().is_empty()).then_some(part)
    }
}

/// The actions of an `UpdateExpression`.
///
/// # Errors
/// `Invalid UpdateExpression: …`, facts B5.
pub(super) fn parse_actions<'a>(
    text: &'a str,
    placeholders: &mut Placeholders<'a, '_>,
) -> Result<Vec<Action<'a>>> {
    let mut parser = Parser::new(ExpressionKind::Update, text, placeholders)?;
    let mut actions = Vec::new();
    let mut seen = [false; 4];
    parser.section(&mut actions, &mut seen)?;
    while !parser.at(TokenKind::End) {
        parser.section(&mut actions, &mut seen)?;
    }
    let paths: Vec<&Path<'a>> = actions.iter().map(|action| &action.path).collect();
    check_apart(&paths, &mut parser.faults);
    parser.finish()?;
    Ok(actions)
}

fn check_operand(operand: &Operand<'_>, keys: &[&str]) -> Result<()> {
    match operand {
        Operand::Path(path) => refuse_steps_below(path, keys),
        Operand::Call(call) => call.operands.iter().try_for_each(|operand| check_operand(operand, keys)),
        Operand::Value(_) | Operand::Condition(_) | Operand::Undefined => Ok(()),
    }
}

impl<'a> Assigned<'a> {
    fn operands(&self) -> Vec<&Operand<'a>> {
        match self {
            Assigned::Operand(operand) => vec![operand],
            Assigned::Sum(left, right) | Assigned::Difference(left, right) => vec![left, right],
        }
    }
}

const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

impl<'a> Parser<'a, '_> {
    fn section(&mut self, actions: &mut Vec<Action<'a>>, seen: &mut [bool; 4]) -> Result<()> {
        let Some(section) = SECTIONS.iter().position(|word| self.take_keyword(word)) else {
            return Err(self.syntax_error());
        };
        loop {
            let path = self.path()?;
            let change = match section {
                0 => Some(Change::Set(self.set()?)),
                1 => Some(Change::Remove),
                2 => self.clause_value("ADD")?.map(Change::Add),
                _ => self.clause_value("DELETE")?.map(Change::Delete),
            };
            // Where a placeholder is not defined the update is refused in the end.
            actions.extend(path.zip(change).map(|(path, change)| Action { path, change }));
            if !self.take(TokenKind::Comma) {
                break;
            }
        }
        if std::mem::replace(&mut seen[section], true) {
            self.faults.note(Fault::Section, || text::section_twice(SECTIONS[section]));
        }
        Ok(())
    }

    fn set(&mut self) -> Result<Assigned<'a>> {
        self.expect(TokenKind::Equal)?;
        let mut open = 0;
        while self.take(TokenKind::OpenParenthesis) {
            open += 1;
        }
        let mut assigned = Assigned::Operand(self.operand()?);
        let mut wrapped = false;
        loop {
            assigned = match (assigned, self.current_kind()) {
                (Assigned::Operand(left), TokenKind::Plus) => {
                    wrapped = false;
                    let (left, right) = self.arithmetic("+", left)?;
                    Assigned::Sum(left, right)
                }
                (Assigned::Operand(left), TokenKind::Minus) => {
                    wrapped = false;
                    let (left, right) = self.arithmetic("-", left)?;
                    Assigned::Difference(left, right)
                }
                (assigned, _) if open == 0 => return Ok(assigned),
                (assigned, _) => {
                    self.close_parenthesis(wrapped)?;
                    open -= 1;
                    wrapped = true;
                    assigned
                }
            }
        }
    }

    fn arithmetic(&mut self, symbol: &str, left: Operand<'a>) -> Result<(Operand<'a>, Operand<'a>)> {
        self.advance();
        self.operators += 1;
        let operands = [left, self.operand()?];
        self.faults.check_known_types(symbol, &operands, |kind| kind == AttributeType::N);
        let [left, right] = operands;
        Ok((left, right))
    }

    /// The `:value` of `ADD` or `DELETE`.
    fn clause_value(&mut self, clause: &str) -> Result<Option<Literal<'a>>> {
        use AttributeType::{Bs, N, Ns, Ss};
        let literal = self.value()?;
        if let Some(kind) = literal.as_ref().map(Literal::kind)
            && !(matches!(kind, Ss | Ns | Bs) || (kind == N && clause == "ADD"))
        {
            self.faults.note(Fault::ClauseType, || text::clause_operand_type(clause, kind));
        }
        Ok(literal)
    }
}
