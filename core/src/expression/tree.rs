//! The syntax tree of conditions and updates.

use crate::value::{AttributeType, Path, ValueRef};

/// A value of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Literal<'a> {
    /// The value itself, in statements and legacy parameters.
    Given(ValueRef<'a>),
    /// Its place among the values of the request and its type: the tree of an expression serves requests with other values, too.
    Placed(usize, AttributeType),
}

impl<'a> Literal<'a> {
    /// The value; `values` are those of the request, where its trees have places.
    pub(crate) fn value<'v>(&self, values: &'v [ValueRef<'v>]) -> ValueRef<'v>
    where
        'a: 'v,
    {
        match self {
            Literal::Given(value) => *value,
            Literal::Placed(place, _) => values[*place],
        }
    }

    pub(crate) fn kind(&self) -> AttributeType {
        match self {
            Literal::Given(value) => value.kind(),
            Literal::Placed(_, kind) => *kind,
        }
    }
}

/// What operators and functions work on.
#[derive(Clone, Debug)]
pub(crate) enum Operand<'a> {
    Path(Path<'a>),
    Value(Literal<'a>),
    Call(Box<Call<'a>>),
    /// A condition, which is true or false; only statements compare those.
    Condition(Box<Node<'a>>),
    /// A placeholder that is not defined. Parsing goes on to find the problem the service reports first; evaluation never sees it.
    Undefined,
}

impl<'a> Operand<'a> {
    pub(crate) fn path(&self) -> Option<&Path<'a>> {
        match self {
            Operand::Path(path) => Some(path),
            _ => None,
        }
    }

    pub(crate) fn literal(&self) -> Option<&Literal<'a>> {
        match self {
            Operand::Value(literal) => Some(literal),
            _ => None,
        }
    }

    /// The type, where the text alone decides it.
    pub(crate) fn known_type(&self) -> Option<AttributeType> {
        match self {
            Operand::Value(literal) => Some(literal.kind()),
            Operand::Call(call) => match call.function {
                Function::Size => Some(AttributeType::N),
                Function::ListAppend => Some(AttributeType::L),
                _ => None,
            },
            Operand::Condition(_) => Some(AttributeType::Bool),
            Operand::Path(_) | Operand::Undefined => None,
        }
    }
}

/// A function and its operands.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) function: Function,
    pub(crate) operands: Vec<Operand<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Function {
    AttributeExists,
    AttributeNotExists,
    AttributeType,
    BeginsWith,
    Contains,
    Size,
    IfNotExists,
    ListAppend,
    /// A name that is no function, or one of another kind of expression; the parser has noted it.
    Unknown,
}

impl Function {
    /// Names are case-sensitive, unlike keywords.
    pub(crate) fn named(name: &str) -> Option<Function> {
        Some(match name {
            "attribute_exists" => Function::AttributeExists,
            "attribute_not_exists" => Function::AttributeNotExists,
            "attribute_type" => Function::AttributeType,
            "begins_with" => Function::BeginsWith,
            "contains" => Function::Contains,
            "size" => Function::Size,
            "if_not_exists" => Function::IfNotExists,
            "list_append" => Function::ListAppend,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Function::AttributeExists => "attribute_exists",
            Function::AttributeNotExists => "attribute_not_exists",
            Function::AttributeType => "attribute_type",
            Function::BeginsWith => "begins_with",
            Function::Contains => "contains",
            Function::Size => "size",
            Function::IfNotExists => "if_not_exists",
            Function::ListAppend => "list_append",
            Function::Unknown => "",
        }
    }

    pub(crate) fn operand_count(self) -> usize {
        match self {
            Function::AttributeExists | Function::AttributeNotExists | Function::Size => 1,
            _ => 2,
        }
    }

    /// Whether it belongs to update expressions; the others belong to conditions.
    pub(crate) fn is_of_updates(self) -> bool {
        matches!(self, Function::IfNotExists | Function::ListAppend)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparator {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Comparator::Equal => "=",
            Comparator::NotEqual => "<>",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
        }
    }

    /// Whether it asks for an order and not only for equality.
    pub(crate) fn orders(self) -> bool {
        !matches!(self, Comparator::Equal | Comparator::NotEqual)
    }

    /// The comparator that says the same with its operands exchanged.
    pub(crate) fn mirrored(self) -> Comparator {
        match self {
            Comparator::Less => Comparator::Greater,
            Comparator::LessOrEqual => Comparator::GreaterOrEqual,
            Comparator::Greater => Comparator::Less,
            Comparator::GreaterOrEqual => Comparator::LessOrEqual,
            same => same,
        }
    }
}

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Node<'a> {
    And(Vec<Node<'a>>),
    Or(Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    Compare(Comparator, Operand<'a>, Operand<'a>),
    /// Value, lower bound, upper bound.
    Between(Box<[Operand<'a>; 3]>),
    In(Operand<'a>, Vec<Operand<'a>>),
    Call(Call<'a>),
}

/// What `SET` assigns.
#[derive(Clone, Debug)]
pub(crate) enum Assigned<'a> {
    Operand(Operand<'a>),
    Sum(Operand<'a>, Operand<'a>),
    Difference(Operand<'a>, Operand<'a>),
}

/// One change of an update.
#[derive(Clone, Debug)]
pub(crate) struct Action<'a> {
    pub(crate) path: Path<'a>,
    pub(crate) change: Change<'a>,
}

#[derive(Clone, Debug)]
pub(crate) enum Change<'a> {
    Set(Assigned<'a>),
    Remove,
    Add(Literal<'a>),
    Delete(Literal<'a>),
}
