//! The most frequent statement, `SELECT * FROM t WHERE pk = ? AND sk = ?`: its item can be looked up by its key, as GetItem does, without
//! making a plan of reads first.

use smallvec::SmallVec;

use super::Parameters;
use super::tree::{Binary, Columns, Expr, ExprKind, Select, Statement};
use crate::value::ValueRef;

/// Attributes and the values that a SELECT says they have, and nothing else.
#[derive(Debug)]
pub(crate) struct Point<'t> {
    pub(crate) table: &'t str,
    pub(crate) equal: SmallVec<[(&'t str, ValueRef<'t>); 2]>,
}

impl Statement {
    /// The item that a SELECT asks for, if it says no more than what its key attributes are, and asks for all of it. None for every other
    /// statement, and for this one where something is wrong with it.
    pub(crate) fn point<'t>(&'t self, parameters: Parameters<'t>) -> Option<Point<'t>> {
        let Statement::Select(Select {
            distinct: false,
            columns: Columns::All,
            sources,
            filter: Some(filter),
            order,
            unsupported: None,
        }) = self
        else {
            return None;
        };
        let [source] = sources.as_slice() else { return None };
        let ExprKind::Name(table) = &source.expr.kind else { return None };
        if source.has_alias || !order.is_empty() {
            return None;
        }
        let parts = match &filter.kind {
            ExprKind::And(parts) => parts.as_slice(),
            _ => std::slice::from_ref(filter),
        };
        let equal = parts.iter().map(|part| equality(part, parameters)).collect::<Option<_>>()?;
        Some(Point { table, equal })
    }
}

fn equality<'t>(expr: &'t Expr, parameters: Parameters<'t>) -> Option<(&'t str, ValueRef<'t>)> {
    match &expr.kind {
        ExprKind::Binary(Binary::Equal, left, right) => match (&left.kind, &right.kind) {
            (ExprKind::Name(name), ExprKind::Parameter(at)) => Some((name, parameters.get(*at).ok()?)),
            _ => None,
        },
        _ => None,
    }
}
