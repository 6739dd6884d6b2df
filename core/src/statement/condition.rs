//! WHERE: from the tree to the tree of conditions.

use super::literal::{self, Parameters};
use super::path;
use super::tree::{Binary, Expr, ExprKind, Unary};
use crate::api::message::{expression as expression_text, statement as text};
use crate::api::{Error, Result};
use crate::expression::tree::{Call, Comparator, Function, Literal, Node, Operand};
use crate::expression::{ExpressionKind, Fault, Faults};
use crate::limits::EXPRESSION_MAX_OPERATORS;
use crate::value::{AttributeType, AttributeValue};

/// The condition that an expression is.
///
/// # Errors
/// What is no condition of the service, then what is wrong with its functions and operands (facts B5), then what is wrong with its number
/// of operators.
pub(super) fn condition<'t>(expr: &'t Expr, parameters: Parameters<'t>) -> Result<Node<'t>> {
    if !is_operation(expr) {
        operand_of_any(expr, parameters)?;
        return Err(Error::validation(text::where_not_boolean()));
    }
    let mut translation =
        Translation { parameters, faults: Faults::new(ExpressionKind::Condition), operators: 0 };
    let node = translation.node(expr)?;
    if translation.operators > EXPRESSION_MAX_OPERATORS {
        let problem = || expression_text::too_many_operators(EXPRESSION_MAX_OPERATORS + 1);
        translation.faults.note(Fault::Operators, problem);
    }
    match translation.faults.first() {
        Some(problem) => Err(Error::validation(problem)),
        None => Ok(node),
    }
}

/// What stands where a condition should may be wrong in itself.
fn operand_of_any<'t>(expr: &'t Expr, parameters: Parameters<'t>) -> Result<()> {
    let mut translation =
        Translation { parameters, faults: Faults::new(ExpressionKind::Condition), operators: 0 };
    translation.operand(expr).map(drop)
}

/// Whether an expression is an operator or a call, and not a value or a path.
fn is_operation(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Call(..)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Between(_)
            | ExprKind::In(..)
            | ExprKind::Like
            | ExprKind::Is(..)
    )
}

struct Translation<'t> {
    parameters: Parameters<'t>,
    faults: Faults<'static>,
    operators: usize,
}

impl<'t> Translation<'t> {
    fn node(&mut self, expr: &'t Expr) -> Result<Node<'t>> {
        self.operators += 1;
        let refused = |symbol: &str| Err(Error::validation(text::condition_operator(symbol)));
        let node = match &expr.kind {
            ExprKind::And(parts) => return Ok(Node::And(self.parts(parts)?)),
            ExprKind::Or(parts) => return Ok(Node::Or(self.parts(parts)?)),
            ExprKind::Unary(Unary::Not, inner) => {
                if !is_operation(inner) {
                    self.operand(inner)?;
                    return Err(Error::validation(text::not_operand()));
                }
                return Ok(Node::Not(Box::new(self.node(inner)?)));
            }
            ExprKind::Unary(Unary::Plus, _) => return refused("+"),
            ExprKind::Unary(Unary::Minus, _) => return refused("-"),
            ExprKind::Like => return refused("like"),
            ExprKind::Binary(operator, left, right) => {
                let Some(comparator) = comparator(*operator) else { return refused(operator.symbol()) };
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                self.faults.compare(comparator, left, right)
            }
            ExprKind::Between(operands) => {
                let [value, lower, upper] = &**operands;
                let operands = [self.operand(value)?, self.operand(lower)?, self.operand(upper)?];
                self.faults.between(operands)
            }
            ExprKind::In(value, list) => {
                let members = match &list.kind {
                    ExprKind::List(members) | ExprKind::Bag(members) if !members.is_empty() => members,
                    _ => return Err(Error::validation(text::in_operands())),
                };
                let value = self.operand(value)?;
                let list = members.iter().map(|member| self.operand(member)).collect::<Result<_>>()?;
                self.faults.in_list(value, list)
            }
            ExprKind::Is(value, kind) => self.is(expr, value, kind)?,
            ExprKind::Call(name, arguments) => {
                let call = self.call(expr, name, arguments)?;
                self.faults.condition_call(call)
            }
            _ => return Err(Error::validation(text::unsupported_token(expr.kind_name()))),
        };
        self.faults.close_condition();
        Ok(node)
    }

    /// The parts of AND and OR.
    fn parts(&mut self, parts: &'t [Expr]) -> Result<Vec<Node<'t>>> {
        self.operators += parts.len() - 2;
        let mut nodes = Vec::with_capacity(parts.len());
        for part in parts {
            if !is_operation(part) {
                self.operand(part)?;
                return Err(Error::validation(text::connective_operands()));
            }
            nodes.push(self.node(part)?);
        }
        Ok(nodes)
    }

    fn operand(&mut self, expr: &'t Expr) -> Result<Operand<'t>> {
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Path(..) => path::of(expr).map(Operand::Path),
            ExprKind::Parameter(position) => {
                Ok(Operand::Value(Literal::Given(self.parameters.get(*position)?)))
            }
            ExprKind::Missing => Err(Error::validation(text::missing_compared())),
            ExprKind::Call(name, arguments) => {
                let call = self.call(expr, name, arguments)?;
                self.operators += 1;
                // Calls that say yes or no may be compared with yes and no, unlike in expressions.
                Ok(match call.function {
                    Function::Size => Operand::Call(Box::new(call)),
                    _ => Operand::Condition(Box::new(Node::Call(call))),
                })
            }
            ExprKind::Statement(_) => {
                let problem = text::unsupported_token(expr.kind_name());
                Err(Error::validation(text::at(problem, expr.span)))
            }
            _ if literal::is_literal(expr) => Ok(Operand::Value(Literal::Given(literal::value(expr)?))),
            _ => Ok(Operand::Condition(Box::new(self.node(expr)?))),
        }
    }

    fn call(&mut self, expr: &'t Expr, name: &str, arguments: &'t [Expr]) -> Result<Call<'t>> {
        let operands = arguments.iter().map(|argument| self.operand(argument)).collect::<Result<_>>();
        let Some(function) = Function::named(name) else {
            let problem = text::unrecognized_function(name);
            return Err(Error::validation(text::at(problem, expr.span)));
        };
        if function.is_of_updates() {
            let problem = || expression_text::function_not_allowed("a condition expression", name);
            self.faults.note(Fault::Function, problem);
        }
        let call = Call { function, operands: operands? };
        if let (Function::AttributeType, [_, Operand::Value(named)]) = (function, call.operands.as_slice())
            && let crate::value::ValueRef::S(named) = named.value(&[])
            && AttributeType::from_name(named).is_none()
        {
            self.faults.note(Fault::OperandType, || text::unknown_type_name(named));
        }
        self.faults.check_call(&call);
        Ok(call)
    }

    fn is(&mut self, expr: &'t Expr, value: &'t Expr, kind: &str) -> Result<Node<'t>> {
        let is_scalar = matches!(
            value.kind,
            ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Boolean(_) | ExprKind::Null
        );
        if !is_scalar && !matches!(value.kind, ExprKind::Name(_) | ExprKind::Path(..)) {
            return Err(Error::validation(text::is_operand()));
        }
        let operand = self.operand(value)?;
        let named = match kind {
            "MISSING" => {
                let call = Call { function: Function::AttributeNotExists, operands: vec![operand] };
                self.faults.check_call(&call);
                return Ok(Node::Call(call));
            }
            "NULL" => {
                let null = Operand::Value(Literal::Given(literal::implied(expr, AttributeValue::Null)));
                return Ok(self.faults.compare(Comparator::Equal, operand, null));
            }
            "BOOLEAN" => AttributeType::Bool,
            "NUMERIC" => AttributeType::N,
            "STRING" => AttributeType::S,
            "BLOB" => AttributeType::B,
            "STRUCT" | "TUPLE" => AttributeType::M,
            "LIST" => AttributeType::L,
            other => return Err(Error::validation(text::at(text::is_type(other), expr.span))),
        };
        let named = literal::implied(expr, AttributeValue::S(named.name().to_owned()));
        let operands = vec![operand, Operand::Value(Literal::Given(named))];
        let call = Call { function: Function::AttributeType, operands };
        self.faults.check_call(&call);
        Ok(Node::Call(call))
    }
}

fn comparator(operator: Binary) -> Option<Comparator> {
    Some(match operator {
        Binary::Equal => Comparator::Equal,
        Binary::NotEqual => Comparator::NotEqual,
        Binary::Less => Comparator::Less,
        Binary::LessOrEqual => Comparator::LessOrEqual,
        Binary::Greater => Comparator::Greater,
        Binary::GreaterOrEqual => Comparator::GreaterOrEqual,
        Binary::Plus
        | Binary::Minus
        | Binary::Times
        | Binary::Divide
        | Binary::Modulo
        | Binary::Concatenate => return None,
    })
}
