//! Document paths, sources and columns.

use std::collections::BTreeSet;

use super::tree::{Column, Columns, Expr, ExprKind, Select, Source, Step};
use crate::api::message::statement as text;
use crate::api::{Error, Result};
use crate::value::{Builder, Item, Lookup, Path, PathElement};

/// The path that an expression is.
///
/// # Errors
/// Steps that no path of the service has.
pub(super) fn of(expr: &Expr) -> Result<Path<'_>> {
    match &expr.kind {
        ExprKind::Name(name) => Ok(Path::top_level(nonempty(name)?)),
        ExprKind::Path(root, steps) => {
            let ExprKind::Name(root_name) = &root.kind else { return Err(unexpected(root)) };
            let root = nonempty(root_name)?;
            let rest = steps.iter().map(step).collect::<Result<_>>()?;
            Ok(Path { root, rest })
        }
        _ => Err(unexpected(expr)),
    }
}

fn nonempty(name: &str) -> Result<&str> {
    if name.is_empty() { Err(Error::validation(text::empty_component())) } else { Ok(name) }
}

fn unexpected(expr: &Expr) -> Error {
    Error::validation(text::at(text::unexpected_path_component(), expr.span))
}

fn step(step: &Step) -> Result<PathElement<'_>> {
    match step {
        Step::Name(name) => nonempty(name).map(PathElement::Name),
        Step::Wildcard | Step::Unpivot => Err(Error::validation(text::star_in_path())),
        Step::Index(expr) => match &expr.kind {
            // `a['b']` is `a.b`.
            ExprKind::Text(name) => nonempty(name).map(PathElement::Name),
            ExprKind::Number(written) if !written.contains(['.', 'e', 'E']) => match written.parse::<i32>() {
                Ok(index) if index >= 0 => Ok(PathElement::Index(index.unsigned_abs() as usize)),
                _ => Err(Error::validation(text::at(text::index_out_of_range(written), expr.span))),
            },
            _ => Err(unexpected(expr)),
        },
    }
}

/// A table, or an index of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Origin<'t> {
    pub(crate) table: &'t str,
    pub(crate) index: Option<&'t str>,
}

/// What a SELECT reads.
pub(super) fn origin_of_select(select: &Select) -> Result<Origin<'_>> {
    let [source] = select.sources.as_slice() else {
        return Err(Error::validation(text::several_sources()));
    };
    origin(source)
}

/// What a source names.
///
/// # Errors
/// Sources that are no table and no index.
pub(super) fn origin(source: &Source) -> Result<Origin<'_>> {
    if source.has_alias {
        return Err(Error::validation(text::aliasing()));
    }
    let (table, index) = match &source.expr.kind {
        ExprKind::Name(table) => (table, None),
        ExprKind::Path(root, steps) => {
            let ExprKind::Name(table) = &root.kind else {
                return Err(Error::validation(text::unexpected_source()));
            };
            let index = match steps.as_slice() {
                [Step::Name(index)] => index,
                [Step::Index(_) | Step::Wildcard, ..] | [Step::Unpivot] => {
                    return Err(Error::validation(text::unexpected_source()));
                }
                _ => return Err(Error::validation(text::source_too_long())),
            };
            (table, Some(index))
        }
        _ => return Err(Error::validation(text::unexpected_source())),
    };
    Ok(Origin { table: nonempty(table)?, index: index.map(|index| nonempty(index)).transpose()? })
}

/// The table that an INSERT names: it alone cannot name an index at all.
pub(super) fn inserted_table(expr: &Expr) -> Result<&str> {
    match &expr.kind {
        ExprKind::Name(table) => nonempty(table),
        _ => Err(Error::validation(text::at(text::source_not_one_table(), expr.span))),
    }
}

/// What a SELECT answers of each item: values at paths, under the names of their last parts.
#[derive(Debug)]
pub(crate) struct Projected<'t>(Vec<(String, Path<'t>)>);

impl<'t> Projected<'t> {
    /// None for `*`.
    ///
    /// # Errors
    /// Columns that are no paths, aliases, a name twice.
    pub(super) fn of(columns: &'t Columns) -> Result<Option<Projected<'t>>> {
        let columns = match columns {
            Columns::All => return Ok(None),
            Columns::Value => return Err(Error::validation(text::select_value())),
            Columns::List(columns) => columns,
        };
        let mut named = Vec::with_capacity(columns.len());
        let mut names = BTreeSet::new();
        for column in columns {
            let path = column_path(column)?;
            let name = column_name(&path);
            if !names.insert(name.clone()) {
                return Err(Error::validation(text::column_twice(&name)));
            }
            named.push((name, path));
        }
        Ok(Some(Projected(named)))
    }

    /// The top-level attributes of which something is answered.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &'t str> {
        self.0.iter().map(|(_, path)| path.root)
    }

    /// The item that is answered.
    pub(crate) fn apply(&self, item: &Item) -> Item {
        let lookup = Lookup::new(item);
        let mut builder = Builder::with_capacity(256);
        let scope = builder.open_map();
        for (name, path) in &self.0 {
            if let Some(value) = lookup.at(path) {
                let entry = builder.open_entry(name);
                let size = builder.copy_sibling(value);
                builder.close_entry(entry, size);
            }
        }
        let (_, size) = builder.close_map(scope);
        builder.finish(size).expect("parts of a stored item break no rule")
    }
}

fn column_path(column: &Column) -> Result<Path<'_>> {
    if column.has_alias {
        return Err(Error::validation(text::aliasing()));
    }
    of(&column.expr)
}

/// The last name, and the positions behind it: `k[0]` of `m.k[0]`.
fn column_name(path: &Path<'_>) -> String {
    path.rest.iter().fold(path.root.to_owned(), |name, step| match step {
        PathElement::Name(step) => (*step).to_owned(),
        PathElement::Index(index) => format!("{name}[{index}]"),
    })
}
