//! The checks on operators, functions and their operands that all expressions have in common, wherever their trees come from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::faults::{Fault, Faults, ValueCheck};
use super::tree::{Call, Comparator, Function, Literal, Node, Operand};
use crate::api::message::expression as text;
use crate::limits::IN_MAX_OPERANDS;
use crate::value::{AttributeType, ValueRef};

impl Faults<'_> {
    /// A comparison, checked.
    pub(crate) fn compare<'a>(
        &mut self,
        comparator: Comparator,
        left: Operand<'a>,
        right: Operand<'a>,
    ) -> Node<'a> {
        let symbol = comparator.symbol();
        self.check_nesting(&left, None);
        self.check_nesting(&right, None);
        self.check_distinct(symbol, &left, &right);
        let operands = [left, right];
        if comparator.orders() {
            self.check_known_types(symbol, &operands, is_ordered);
        }
        let [left, right] = operands;
        Node::Compare(comparator, left, right)
    }

    /// `BETWEEN` of a value, a lower and an upper bound, checked.
    pub(crate) fn between<'a>(&mut self, operands: [Operand<'a>; 3]) -> Node<'a> {
        for operand in &operands {
            self.check_nesting(operand, None);
        }
        self.check_known_types("BETWEEN", &operands, is_ordered);
        if let (Some(lower), Some(upper)) = (operands[1].literal(), operands[2].literal()) {
            self.check_bounds(lower, upper);
        }
        Node::Between(Box::new(operands))
    }

    /// `IN` of a value and a list, checked.
    pub(crate) fn in_list<'a>(&mut self, value: Operand<'a>, list: Vec<Operand<'a>>) -> Node<'a> {
        self.check_nesting(&value, None);
        for operand in &list {
            self.check_nesting(operand, None);
        }
        if list.len() > IN_MAX_OPERANDS {
            self.note(Fault::OperandCount, || text::too_many_in_operands(list.len()));
        }
        Node::In(value, list)
    }

    /// A call as a condition, checked.
    pub(crate) fn condition_call<'a>(&mut self, call: Call<'a>) -> Node<'a> {
        if call.function == Function::Size {
            self.note(Fault::Misused, || text::function_misused(Function::Size.name()));
        }
        Node::Call(call)
    }

    pub(crate) fn check_call(&mut self, call: &Call<'_>) {
        let Call { function, operands } = call;
        for operand in operands {
            self.check_nesting(operand, Some(*function));
        }
        if *function == Function::Unknown {
            return;
        }
        if operands.len() != function.operand_count() {
            self.note(Fault::OperandCount, || text::operand_count(function.name(), operands.len()));
            return;
        }
        if let [first, second] = operands.as_slice()
            && !function.is_of_updates()
        {
            self.check_distinct(function.name(), first, second);
        }
        self.check_operand_types(*function, operands);
    }

    /// Which calls may stand as operand of an operator (`within` none) or function.
    fn check_nesting(&mut self, operand: &Operand<'_>, within: Option<Function>) {
        let Operand::Call(call) = operand else { return };
        let allowed = match call.function {
            Function::Size | Function::IfNotExists | Function::Unknown => true,
            // The service refuses this one combination.
            Function::ListAppend => within != Some(Function::ListAppend),
            _ => false,
        };
        if !allowed {
            self.note(Fault::Misused, || text::function_misused(call.function.name()));
        }
    }

    fn check_distinct(&mut self, operator: &str, first: &Operand<'_>, second: &Operand<'_>) {
        if let (Some(first), Some(second)) = (first.path(), second.path())
            && first == second
        {
            self.note(Fault::Distinct, || text::operand_not_distinct(operator, first));
        }
    }

    fn check_operand_types(&mut self, function: Function, operands: &[Operand<'_>]) {
        use AttributeType::{B, Bool, L, N, Null, S};
        let name = function.name();
        match function {
            Function::AttributeExists | Function::AttributeNotExists | Function::IfNotExists => {
                if !matches!(operands[0], Operand::Path(_) | Operand::Undefined) {
                    self.note(Fault::OperandType, || text::needs_path(name));
                }
            }
            Function::AttributeType => self.check_type_name(&operands[1]),
            Function::BeginsWith => self.check_known_types(name, operands, |kind| matches!(kind, S | B)),
            Function::Size => self.check_known_types(name, operands, |kind| !matches!(kind, N | Bool | Null)),
            Function::ListAppend => self.check_known_types(name, operands, |kind| kind == L),
            Function::Contains | Function::Unknown => {}
        }
    }

    /// Notes the first operand whose type the text decides and that is not allowed.
    pub(crate) fn check_known_types(
        &mut self,
        operator: &str,
        operands: &[Operand<'_>],
        allowed: impl Fn(AttributeType) -> bool,
    ) {
        if let Some(kind) = operands.iter().filter_map(Operand::known_type).find(|kind| !allowed(*kind)) {
            self.note(Fault::OperandType, || text::operand_type(operator, kind));
        }
    }

    /// `attribute_type` wants the name of a type, as a `:value`.
    fn check_type_name(&mut self, operand: &Operand<'_>) {
        let name = Function::AttributeType.name();
        match (operand, operand.known_type()) {
            (Operand::Undefined, _) => {}
            (Operand::Value(literal), Some(AttributeType::S)) => {
                if let Literal::Placed(place, _) = literal {
                    self.checks.push(ValueCheck::TypeName(*place));
                }
                let ValueRef::S(given) = literal.value(self.values) else { return };
                if AttributeType::from_name(given).is_none() {
                    self.note(Fault::OperandType, || text::unknown_type_name(given));
                }
            }
            (_, Some(kind)) => self.note(Fault::OperandType, || text::operand_type(name, kind)),
            (_, None) => self.note(Fault::OperandType, || text::operand_type_unknown(name)),
        }
    }

    fn check_bounds(&mut self, lower: &Literal<'_>, upper: &Literal<'_>) {
        if let (Literal::Placed(lower, _), Literal::Placed(upper, _)) = (lower, upper) {
            self.checks.push(ValueCheck::Bounds(*lower, *upper));
        }
        let (lower, upper) = (lower.value(self.values), upper.value(self.values));
        if lower.kind() != upper.kind() {
            self.note(Fault::OperandType, || text::between_types(&shown(lower), &shown(upper)));
        } else if lower.compare(&upper).is_some_and(std::cmp::Ordering::is_gt) {
            self.note(Fault::OperandType, || text::between_order(&shown(lower), &shown(upper)));
        }
    }
}

fn is_ordered(kind: AttributeType) -> bool {
    matches!(kind, AttributeType::S | AttributeType::N | AttributeType::B)
}

/// A bound as the service shows it: `N:1`.
fn shown(value: ValueRef<'_>) -> String {
    let content = match value {
        ValueRef::S(content) | ValueRef::N(content) => content.to_owned(),
        ValueRef::B(bytes) => STANDARD.encode(bytes),
        other => format!("{other:?}"),
    };
    format!("{}:{content}", value.kind().name())
}
