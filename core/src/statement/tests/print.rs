//! Trees as text: one text for each tree, every operand in parentheses and every name in quotes.

use std::fmt::{self, Display, Formatter};

use crate::statement::tree::{
    Change, Columns, Delete, Expr, ExprKind, Insert, Inserted, ReturningElement, Select, Source, Statement,
    Step, Unary, Update,
};

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Statement::Select(select) => write!(f, "{select}"),
            Statement::Insert(insert) => write!(f, "{insert}"),
            Statement::Update(update) => write!(f, "{update}"),
            Statement::Delete(delete) => write!(f, "{delete}"),
            Statement::Exists(select) => write!(f, "EXISTS({select})"),
        }
    }
}

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.distinct { "SELECT DISTINCT " } else { "SELECT " })?;
        match &self.columns {
            Columns::All => f.write_str("*")?,
            Columns::Value => f.write_str("VALUE 1")?,
            Columns::List(columns) => {
                joined(f, columns, |f, column| write!(f, "{}{}", column.expr, alias(column.has_alias)))?;
            }
        }
        f.write_str(" FROM ")?;
        joined(f, &self.sources, |f, source| write!(f, "{source}"))?;
        filter(f, self.filter.as_ref())?;
        if !self.order.is_empty() {
            f.write_str(" ORDER BY ")?;
            joined(f, &self.order, |f, ordering| {
                write!(f, "{}{}", ordering.expr, if ordering.descending { " DESC" } else { "" })
            })?;
        }
        match self.unsupported {
            Some((clause, _)) => write!(f, " {clause} 1"),
            None => Ok(()),
        }
    }
}

impl Display for Insert {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "INSERT INTO {} ", self.table)?;
        match &self.item {
            Inserted::Value(item) => write!(f, "VALUE {item}")?,
            Inserted::At => f.write_str("VALUE 1 AT 1")?,
            Inserted::Several => f.write_str("1")?,
        }
        f.write_str(if self.has_returning { " RETURNING ALL OLD *" } else { "" })
    }
}

impl Display for Update {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.sources.as_slice() {
            [source] => write!(f, "UPDATE {source}")?,
            sources => {
                f.write_str("FROM ")?;
                joined(f, sources, |f, source| write!(f, "{source}"))?;
                filter(f, self.filter.as_ref())?;
            }
        }
        for change in &self.changes {
            match change {
                Change::Set(set) => {
                    f.write_str(" SET ")?;
                    joined(f, set, |f, (path, value)| write!(f, "{path} = {value}"))?;
                }
                Change::Remove(path) => write!(f, " REMOVE {path}")?,
                Change::Insert => f.write_str(" INSERT INTO t VALUE 1")?,
            }
        }
        if self.sources.len() == 1 {
            filter(f, self.filter.as_ref())?;
        }
        returning(f, self.returning.as_deref())
    }
}

impl Display for Delete {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "DELETE FROM {}", self.source)?;
        filter(f, self.filter.as_ref())?;
        returning(f, self.returning.as_deref())
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.expr, alias(self.has_alias))
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Name(name) => quoted(f, name),
            ExprKind::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            ExprKind::Number(written) => f.write_str(written),
            ExprKind::Boolean(is_true) => write!(f, "{is_true}"),
            ExprKind::Null => f.write_str("NULL"),
            ExprKind::Missing => f.write_str("MISSING"),
            ExprKind::Parameter(_) => f.write_str("?"),
            ExprKind::List(members) => enclosed(f, "[", members, "]"),
            ExprKind::Bag(members) => enclosed(f, "<<", members, ">>"),
            ExprKind::Struct(fields) => {
                f.write_str("{")?;
                joined(f, fields, |f, (name, value)| write!(f, "{name}: {value}"))?;
                f.write_str("}")
            }
            ExprKind::Path(root, steps) => {
                write!(f, "{root}")?;
                steps.iter().try_for_each(|step| match step {
                    Step::Name(name) => {
                        f.write_str(".")?;
                        quoted(f, name)
                    }
                    Step::Index(at) => write!(f, "[{at}]"),
                    Step::Wildcard => f.write_str("[*]"),
                    Step::Unpivot => f.write_str(".*"),
                })
            }
            ExprKind::Call(name, arguments) => {
                quoted(f, name)?;
                enclosed(f, "(", arguments, ")")
            }
            ExprKind::Unary(Unary::Plus, inner) => write!(f, "(+ {inner})"),
            ExprKind::Unary(Unary::Minus, inner) => write!(f, "(- {inner})"),
            ExprKind::Unary(Unary::Not, inner) => write!(f, "(NOT {inner})"),
            ExprKind::Binary(operator, left, right) => write!(f, "({left} {} {right})", operator.symbol()),
            ExprKind::And(parts) => connected(f, parts, " AND "),
            ExprKind::Or(parts) => connected(f, parts, " OR "),
            ExprKind::Between(operands) => {
                let [value, lower, upper] = &**operands;
                write!(f, "({value} BETWEEN {lower} AND {upper})")
            }
            ExprKind::In(value, list) => {
                write!(f, "({value} IN ")?;
                match &list.kind {
                    ExprKind::List(members) if !members.is_empty() => enclosed(f, "(", members, ")")?,
                    _ => write!(f, "{list}")?,
                }
                f.write_str(")")
            }
            ExprKind::Like => f.write_str("('' LIKE '')"),
            ExprKind::Is(value, kind) => write!(f, "({value} IS {})", kind.replace('_', " ")),
            ExprKind::Statement(statement) => write!(f, "({statement})"),
        }
    }
}

fn quoted(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    write!(f, "\"{}\"", name.replace('"', "\"\""))
}

fn alias(has_alias: bool) -> &'static str {
    if has_alias { " AS a" } else { "" }
}

fn filter(f: &mut Formatter<'_>, filter: Option<&Expr>) -> fmt::Result {
    filter.map_or(Ok(()), |filter| write!(f, " WHERE {filter}"))
}

fn returning(f: &mut Formatter<'_>, elements: Option<&[ReturningElement]>) -> fmt::Result {
    let Some(elements) = elements else { return Ok(()) };
    f.write_str(" RETURNING ")?;
    joined(f, elements, |f, element| {
        let shown = element.returning.shown();
        f.write_str(if element.is_star { shown } else { shown.trim_end_matches('*') })?;
        f.write_str(if element.is_star { "" } else { "1" })
    })
}

fn connected(f: &mut Formatter<'_>, parts: &[Expr], word: &str) -> fmt::Result {
    f.write_str("(")?;
    separated(f, parts, word, |f, part| write!(f, "{part}"))?;
    f.write_str(")")
}

fn enclosed(f: &mut Formatter<'_>, open: &str, members: &[Expr], close: &str) -> fmt::Result {
    f.write_str(open)?;
    joined(f, members, |f, member| write!(f, "{member}"))?;
    f.write_str(close)
}

fn joined<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    item: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    separated(f, items, ", ", item)
}

fn separated<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    separator: &str,
    item: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (at, each) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(separator)?;
        }
        item(f, each)?;
    }
    Ok(())
}
