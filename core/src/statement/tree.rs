//! The syntax tree of statements, as the service's parser reads them: more than it can run.

use std::sync::OnceLock;

use super::lexer::Span;
use crate::value::Value;

/// An expression.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(super) kind: ExprKind,
    /// Its token, where it is made of one; the name of a call.
    pub(super) span: Option<Span>,
    /// The value of a literal, once it was asked for: conditions and updates borrow it.
    pub(super) value: OnceLock<Value>,
}

#[derive(Debug)]
pub(super) enum ExprKind {
    Name(String),
    Text(String),
    /// As written, without a sign `+`.
    Number(String),
    Boolean(bool),
    Null,
    Missing,
    /// `?`, counted from 0.
    Parameter(usize),
    List(Vec<Expr>),
    Bag(Vec<Expr>),
    Struct(Vec<(Expr, Expr)>),
    Path(Box<Expr>, Vec<Step>),
    /// The name in lower case.
    Call(String, Vec<Expr>),
    /// `+` and `-` before what is no number, and `NOT`.
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// Two or more operands.
    And(Vec<Expr>),
    Or(Vec<Expr>),
    /// Value, lower bound, upper bound.
    Between(Box<[Expr; 3]>),
    In(Box<Expr>, Box<Expr>),
    /// Read and not kept: the service has it not.
    Like,
    /// The name of the type as the service knows it.
    Is(Box<Expr>, &'static str),
    /// A statement where an expression may stand: everywhere, to the parser.
    Statement(Box<Statement>),
}

/// A step of a path.
#[derive(Debug)]
pub(super) enum Step {
    Name(String),
    Index(Expr),
    /// `[*]`
    Wildcard,
    /// `.*`
    Unpivot,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unary {
    Plus,
    Minus,
    Not,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Binary {
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
    Concatenate,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Binary {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Binary::Plus => "+",
            Binary::Minus => "-",
            Binary::Times => "*",
            Binary::Divide => "/",
            Binary::Modulo => "%",
            Binary::Concatenate => "||",
            Binary::Equal => "=",
            Binary::NotEqual => "<>",
            Binary::Less => "<",
            Binary::LessOrEqual => "<=",
            Binary::Greater => ">",
            Binary::GreaterOrEqual => ">=",
        }
    }
}

/// What is done.
#[derive(Debug)]
pub(crate) enum Statement {
    Select(Select),
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    /// `EXISTS(SELECT …)`.
    Exists(Select),
}

#[derive(Debug)]
pub(crate) struct Select {
    pub(super) distinct: bool,
    pub(super) columns: Columns,
    pub(super) sources: Vec<Source>,
    pub(super) filter: Option<Expr>,
    pub(super) order: Vec<Ordering>,
    /// The first clause that the service reads and does not have: its name, and the place of what follows it.
    pub(super) unsupported: Option<(&'static str, Option<Span>)>,
}

#[derive(Debug)]
pub(super) enum Columns {
    /// `*`
    All,
    List(Vec<Column>),
    /// `SELECT VALUE …`.
    Value,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) expr: Expr,
    pub(super) has_alias: bool,
}

/// What stands behind FROM.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) expr: Expr,
    pub(super) has_alias: bool,
}

#[derive(Debug)]
pub(super) struct Ordering {
    pub(super) expr: Expr,
    pub(super) descending: bool,
}

#[derive(Debug)]
pub(crate) struct Insert {
    pub(super) table: Expr,
    pub(super) item: Inserted,
    pub(super) has_returning: bool,
}

#[derive(Debug)]
pub(super) enum Inserted {
    Value(Expr),
    /// `VALUE … AT …`.
    At,
    /// Without VALUE.
    Several,
}

#[derive(Debug)]
pub(crate) struct Update {
    pub(super) sources: Vec<Source>,
    pub(super) changes: Vec<Change>,
    pub(super) filter: Option<Expr>,
    pub(super) returning: Option<Vec<ReturningElement>>,
}

#[derive(Debug)]
pub(super) enum Change {
    /// Paths and what is assigned to them.
    Set(Vec<(Expr, Expr)>),
    Remove(Expr),
    /// INSERT INTO behind FROM or UPDATE.
    Insert,
}

#[derive(Debug)]
pub(crate) struct Delete {
    pub(super) source: Source,
    pub(super) filter: Option<Expr>,
    pub(super) returning: Option<Vec<ReturningElement>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ReturningElement {
    pub(super) returning: Returning,
    pub(super) is_star: bool,
}

/// Which item a write answers with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Returning {
    AllOld,
    AllNew,
    ModifiedOld,
    ModifiedNew,
}

impl Returning {
    pub(super) fn shown(self) -> &'static str {
        match self {
            Returning::AllOld => "ALL OLD *",
            Returning::AllNew => "ALL NEW *",
            Returning::ModifiedOld => "MODIFIED OLD *",
            Returning::ModifiedNew => "MODIFIED NEW *",
        }
    }
}

impl Expr {
    pub(super) fn new(kind: ExprKind, span: Option<Span>) -> Expr {
        Expr { kind, span, value: OnceLock::new() }
    }

    /// The name of its kind, as the service's refusals tell it.
    pub(super) fn kind_name(&self) -> &str {
        match &self.kind {
            ExprKind::Name(_) => "Id",
            ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Boolean(_) | ExprKind::Null => "Lit",
            ExprKind::Missing => "Missing",
            ExprKind::Parameter(_) => "Parameter",
            ExprKind::List(_) => "List",
            ExprKind::Bag(_) => "Bag",
            ExprKind::Struct(_) => "Struct",
            ExprKind::Path(..) => "Path",
            ExprKind::Call(..) => "Call",
            ExprKind::Unary(Unary::Plus, _) => "Pos",
            ExprKind::Unary(Unary::Minus, _) => "Neg",
            ExprKind::Unary(Unary::Not, _) => "Not",
            ExprKind::Binary(operator, ..) => match operator {
                Binary::Plus => "Plus",
                Binary::Minus => "Minus",
                Binary::Times => "Times",
                Binary::Divide => "Divide",
                Binary::Modulo => "Modulo",
                Binary::Concatenate => "Concat",
                Binary::Equal => "Eq",
                Binary::NotEqual => "Ne",
                Binary::Less => "Lt",
                Binary::LessOrEqual => "Lte",
                Binary::Greater => "Gt",
                Binary::GreaterOrEqual => "Gte",
            },
            ExprKind::And(_) => "And",
            ExprKind::Or(_) => "Or",
            ExprKind::Between(_) => "Between",
            ExprKind::In(..) => "InCollection",
            ExprKind::Like => "Like",
            ExprKind::Is(..) => "IsType",
            ExprKind::Statement(_) => "Select",
        }
    }
}
