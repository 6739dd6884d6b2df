//! SET and REMOVE: from the tree to the actions of an update.

use super::literal::{self, Parameters};
use super::path;
use super::tree::{Binary, Change, Expr, ExprKind, Unary};
use crate::api::message::{expression as expression_text, statement as text};
use crate::api::{Error, Result};
use crate::expression::tree::{Action, Assigned, Call, Change as Changed, Function, Literal, Operand};
use crate::expression::{ExpressionKind, Fault, Faults, Update};
use crate::value::{AttributeType, Path};

/// The update that the changes of a statement say.
///
/// # Errors
/// What no update of the service says, then what is wrong with its functions, operands and paths (facts B5).
pub(super) fn update<'t>(changes: &'t [Change], parameters: Parameters<'t>) -> Result<Update<'t>> {
    let mut translation = Translation { parameters, faults: Faults::new(ExpressionKind::Update) };
    let mut actions = Vec::new();
    for change in changes {
        match change {
            Change::Insert => return Err(Error::validation(text::one_operation_only())),
            Change::Remove(target) => {
                actions.push(Action { path: path::of(target)?, change: Changed::Remove });
            }
            Change::Set(assignments) => {
                for (target, value) in assignments {
                    let path = path::of(target)?;
                    let change = translation.assignment(&path, value)?;
                    actions.push(Action { path, change });
                }
            }
        }
    }
    Update::of_statement(actions, translation.faults)
}

struct Translation<'t> {
    parameters: Parameters<'t>,
    faults: Faults<'static>,
}

impl<'t> Translation<'t> {
    fn assignment(&mut self, target: &Path<'t>, value: &'t Expr) -> Result<Changed<'t>> {
        if let ExprKind::Call(name, arguments) = &value.kind {
            match name.as_str() {
                "set_add" => return self.set_function("ADD", target, value, arguments).map(Changed::Add),
                "set_delete" => {
                    return self.set_function("DELETE", target, value, arguments).map(Changed::Delete);
                }
                _ => {}
            }
        }
        self.assigned(value).map(Changed::Set)
    }

    /// The set of `set_add(path, set)` or `set_delete(path, set)`, whose path is the one assigned to.
    fn set_function(
        &self,
        function: &str,
        target: &Path<'t>,
        call: &Expr,
        arguments: &'t [Expr],
    ) -> Result<Literal<'t>> {
        let [first, second] = arguments else {
            return Err(Error::validation(text::at(text::set_function_arguments(function), call.span)));
        };
        let is_path = matches!(first.kind, ExprKind::Name(_) | ExprKind::Path(..));
        if !is_path || path::of(first)? != *target {
            return Err(Error::validation(text::at(text::set_function_target(function), call.span)));
        }
        match literal::set(second, self.parameters)? {
            Some(set) => Ok(Literal::Given(set)),
            // The place is the service's: that of the first argument.
            None => Err(Error::validation(text::at(text::set_function_value(function), first.span))),
        }
    }

    fn assigned(&mut self, value: &'t Expr) -> Result<Assigned<'t>> {
        let ExprKind::Binary(operator @ (Binary::Plus | Binary::Minus), left, right) = &value.kind else {
            return self.operand(value).map(Assigned::Operand);
        };
        let operands = [self.operand(left)?, self.operand(right)?];
        self.faults.check_known_types(operator.symbol(), &operands, |kind| kind == AttributeType::N);
        let [left, right] = operands;
        Ok(match operator {
            Binary::Plus => Assigned::Sum(left, right),
            _ => Assigned::Difference(left, right),
        })
    }

    fn operand(&mut self, expr: &'t Expr) -> Result<Operand<'t>> {
        let refused = |symbol: &str| Err(Error::validation(text::update_operator(symbol)));
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Path(..) => path::of(expr).map(Operand::Path),
            ExprKind::Parameter(position) => {
                Ok(Operand::Value(Literal::Given(self.parameters.get(*position)?)))
            }
            ExprKind::Missing => Err(Error::validation(text::missing_compared())),
            ExprKind::Is(..) => refused("is"),
            ExprKind::Call(name, arguments) => self.call(expr, name, arguments),
            ExprKind::Binary(operator, ..) => refused(operator.symbol()),
            ExprKind::Unary(Unary::Plus, _) => refused("+"),
            ExprKind::Unary(Unary::Minus, _) => refused("-"),
            ExprKind::Unary(Unary::Not, _) => refused("not"),
            ExprKind::And(_) => refused("and"),
            ExprKind::Or(_) => refused("or"),
            ExprKind::Between(_) => refused("between"),
            ExprKind::In(..) => refused("in"),
            ExprKind::Like => refused("like"),
            ExprKind::Statement(_) => {
                let problem = text::unsupported_token(expr.kind_name());
                Err(Error::validation(text::at(problem, expr.span)))
            }
            _ => Ok(Operand::Value(Literal::Given(literal::value(expr)?))),
        }
    }

    fn call(&mut self, expr: &'t Expr, name: &str, arguments: &'t [Expr]) -> Result<Operand<'t>> {
        let operands = arguments.iter().map(|argument| self.operand(argument)).collect::<Result<_>>();
        let Some(function) = Function::named(name) else {
            let problem = text::unrecognized_function(name);
            return Err(Error::validation(text::at(problem, expr.span)));
        };
        if !function.is_of_updates() {
            let problem = || expression_text::function_not_allowed("an update expression", name);
            self.faults.note(Fault::Function, problem);
        }
        let call = Call { function, operands: operands? };
        self.faults.check_call(&call);
        Ok(Operand::Call(Box::new(call)))
    }
}
