//! From tokens to the tree, with the texts of the service, whose parser reads all of PartiQL: a statement may stand wherever an
//! expression may, and what makes no sense is found out later.
//!
//! ```text
//! select = SELECT [DISTINCT | ALL] (* | VALUE e | column {, column}) FROM source {, source} [WHERE e] [ORDER BY e [ASC | DESC] {, …}]
//! insert = INSERT INTO path VALUE e [RETURNING …]
//! update = UPDATE path change {change} [WHERE e] [RETURNING …] | FROM source [WHERE e] change {change} [RETURNING …]
//! change = SET path = e {, path = e} | REMOVE path
//! delete = DELETE FROM path [WHERE e] [RETURNING …]
//! ```

use super::lexer::{Span, Token, TokenKind, tokens};
use super::tree::{
    Change, Column, Columns, Delete, Expr, ExprKind, Insert, Inserted, Ordering, Returning, ReturningElement,
    Select, Source, Statement, Update,
};
use crate::api::message::statement as text;
use crate::api::{Error, Result};
use crate::limits::STATEMENT_MAX_LEVELS;

/// Precedence of the operators that may stand in the clauses of SELECT: all that the service has there.
const CLAUSE: u8 = 6;

pub(super) struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    at: usize,
    levels: usize,
    pub(super) parameters: usize,
}

impl Statement {
    /// Parses a statement.
    ///
    /// # Errors
    /// `Statement wasn't well formed, can't be processed: …`, or the refusal of what is no statement of this service (facts B15).
    pub(crate) fn parse(source: &str) -> Result<Statement> {
        let mut parser = Parser { source, tokens: tokens(source)?, at: 0, levels: 0, parameters: 0 };
        let expr = parser.expression(0)?;
        match parser.current().kind {
            TokenKind::End => {}
            TokenKind::Semicolon => {
                parser.advance();
                if !parser.at(TokenKind::End) {
                    return Err(malformed("Unexpected token after semicolon. (Only one query is allowed.)"));
                }
            }
            _ => return Err(malformed("Unexpected token after expression")),
        }
        statement_of(expr)
    }
}

fn statement_of(expr: Expr) -> Result<Statement> {
    match expr.kind {
        ExprKind::Statement(statement) => Ok(*statement),
        ExprKind::Call(name, mut arguments) if name == "exists" && arguments.len() == 1 => {
            let argument = arguments.pop().expect("there is one");
            match argument.kind {
                ExprKind::Statement(statement) => match *statement {
                    Statement::Select(select) => Ok(Statement::Exists(select)),
                    _ => Err(Error::validation(text::unsupported_operation("Call"))),
                },
                _ => Err(Error::validation(text::unsupported_operation("Call"))),
            }
        }
        _ => Err(Error::validation(text::unsupported_operation(expr.kind_name()))),
    }
}

pub(super) fn malformed(problem: &str) -> Error {
    Error::validation(text::not_well_formed(problem))
}

impl Parser<'_> {
    // Tokens.

    pub(super) fn current(&self) -> Token {
        self.tokens[self.at]
    }

    pub(super) fn ahead(&self, count: usize) -> Token {
        self.tokens[(self.at + count).min(self.tokens.len() - 1)]
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.current();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.current().kind == kind
    }

    pub(super) fn take(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, kind: TokenKind, shown: &str) -> Result<()> {
        if self.take(kind) { Ok(()) } else { Err(malformed(&format!("Expected {shown}"))) }
    }

    pub(super) fn word(&self, token: Token) -> &str {
        &self.source[token.start as usize..token.end as usize]
    }

    pub(super) fn is_keyword(&self, token: Token, word: &str) -> bool {
        token.kind == TokenKind::Keyword && self.word(token).eq_ignore_ascii_case(word)
    }

    pub(super) fn at_keyword(&self, word: &str) -> bool {
        self.is_keyword(self.current(), word)
    }

    pub(super) fn take_keyword(&mut self, word: &str) -> bool {
        let found = self.at_keyword(word);
        if found {
            self.advance();
        }
        found
    }

    fn at_keywords(&self, first: &str, second: &str) -> bool {
        self.at_keyword(first) && self.is_keyword(self.ahead(1), second)
    }

    /// What is between the quotes of a token, or the token.
    pub(super) fn content(&self, token: Token) -> String {
        let written = self.word(token);
        match token.kind {
            TokenKind::Text => written[1..written.len() - 1].replace("''", "'"),
            TokenKind::QuotedName => written[1..written.len() - 1].replace("\"\"", "\""),
            _ => written.to_owned(),
        }
    }

    pub(super) fn at_name(&self) -> bool {
        matches!(self.current().kind, TokenKind::Name | TokenKind::QuotedName)
    }

    /// Whatever nests in a statement goes through here, so that its depth is bounded.
    pub(super) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.levels == STATEMENT_MAX_LEVELS {
            return Err(malformed(""));
        }
        self.levels += 1;
        let parsed = parse(self);
        self.levels -= 1;
        parsed
    }

    // Statements. Their first keyword has been taken.

    pub(super) fn select(&mut self) -> Result<Select> {
        let distinct = self.take_keyword("DISTINCT");
        if !distinct {
            self.take_keyword("ALL");
        }
        let columns = self.columns()?;
        if !self.take_keyword("FROM") {
            return Err(malformed("Expected FROM after SELECT list"));
        }
        let sources = self.sources()?;
        let filter = if self.take_keyword("WHERE") { Some(self.expression(CLAUSE)?) } else { None };
        let mut order = Vec::new();
        if self.take_keyword("ORDER") {
            self.expect_keyword("BY", "BY")?;
            order = self.comma_separated(Self::ordering)?;
        }
        let unsupported = self.unsupported_clauses()?;
        Ok(Select { distinct, columns, sources, filter, order, unsupported })
    }

    fn columns(&mut self) -> Result<Columns> {
        if self.take_keyword("VALUE") {
            self.expression(0)?;
            return Ok(Columns::Value);
        }
        let mut has_star = false;
        let columns = self.comma_separated(|parser| {
            if parser.take(TokenKind::Star) {
                has_star = true;
                return Ok(None);
            }
            let expr = parser.expression(0)?;
            Ok(Some(Column { expr, has_alias: parser.alias()? }))
        })?;
        match (has_star, columns.len()) {
            (true, 1) => Ok(Columns::All),
            (true, _) => Err(malformed(
                "Other expressions may not be present in the select list when '*' is used without dot notation.",
            )),
            (false, _) => Ok(Columns::List(columns.into_iter().flatten().collect())),
        }
    }

    fn sources(&mut self) -> Result<Vec<Source>> {
        self.comma_separated(|parser| {
            let expr = parser.expression(CLAUSE)?;
            Ok(Source { expr, has_alias: parser.aliases()? })
        })
    }

    fn ordering(&mut self) -> Result<Ordering> {
        let expr = self.expression(0)?;
        let descending = self.take_keyword("DESC");
        if !descending {
            self.take_keyword("ASC");
        }
        Ok(Ordering { expr, descending })
    }

    fn unsupported_clauses(&mut self) -> Result<Option<(&'static str, Option<Span>)>> {
        let mut first = None;
        if self.take_keyword("GROUP") {
            self.expect_keyword("BY", "BY")?;
            self.comma_separated(|parser| {
                parser.expression(CLAUSE)?;
                parser.alias()
            })?;
            first = Some(("GROUP BY", None));
        }
        for (word, shown) in [("HAVING", "HAVING"), ("LIMIT", "LIMIT")] {
            if self.take_keyword(word) {
                let expr = self.expression(CLAUSE)?;
                first = first.or(Some((shown, expr.span)));
            }
        }
        Ok(first)
    }

    pub(super) fn insert(&mut self) -> Result<Insert> {
        let table = self.simple_path()?;
        let mut item = if self.take_keyword("VALUE") {
            Inserted::Value(self.expression(0)?)
        } else {
            self.expression(0)?;
            Inserted::Several
        };
        if self.take_keyword("AT") {
            self.expression(0)?;
            item = Inserted::At;
        }
        let has_returning = self.returning()?.is_some();
        Ok(Insert { table, item, has_returning })
    }

    pub(super) fn update(&mut self) -> Result<Update> {
        let source = self.written_source()?;
        let changes = self.changes()?;
        let filter = self.filter()?;
        let returning = self.returning()?;
        Ok(Update { sources: vec![source], changes, filter, returning })
    }

    /// FROM first.
    pub(super) fn from(&mut self) -> Result<Update> {
        let sources = self.sources()?;
        let filter = self.filter()?;
        let changes = self.changes()?;
        let returning = self.returning()?;
        Ok(Update { sources, changes, filter, returning })
    }

    pub(super) fn delete(&mut self) -> Result<Delete> {
        if !self.take_keyword("FROM") {
            return Err(malformed("Expected FROM after DELETE"));
        }
        let source = self.written_source()?;
        let filter = self.filter()?;
        let returning = self.returning()?;
        Ok(Delete { source, filter, returning })
    }

    fn written_source(&mut self) -> Result<Source> {
        let expr = self.simple_path()?;
        Ok(Source { expr, has_alias: self.aliases()? })
    }

    fn filter(&mut self) -> Result<Option<Expr>> {
        if self.take_keyword("WHERE") { self.expression(0).map(Some) } else { Ok(None) }
    }

    fn changes(&mut self) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        loop {
            if self.take_keyword("SET") {
                changes.push(Change::Set(self.comma_separated(Self::assignment)?));
            } else if self.take_keyword("REMOVE") {
                changes.push(Change::Remove(self.simple_path()?));
            } else if self.at_keywords("INSERT", "INTO") {
                self.advance();
                self.advance();
                self.insert()?;
                changes.push(Change::Insert);
            } else if changes.is_empty() {
                return Err(malformed("Expected data manipulation"));
            } else {
                return Ok(changes);
            }
        }
    }

    fn assignment(&mut self) -> Result<(Expr, Expr)> {
        let target = self.simple_path()?;
        if !self.take(TokenKind::Equal) {
            return Err(malformed("Expected '='"));
        }
        Ok((target, self.expression(0)?))
    }

    fn returning(&mut self) -> Result<Option<Vec<ReturningElement>>> {
        if !self.take_keyword("RETURNING") {
            return Ok(None);
        }
        self.comma_separated(|parser| {
            let mapped = [
                ("ALL", "OLD", Returning::AllOld),
                ("ALL", "NEW", Returning::AllNew),
                ("MODIFIED", "OLD", Returning::ModifiedOld),
                ("MODIFIED", "NEW", Returning::ModifiedNew),
            ];
            let named = mapped.iter().find(|(first, second, _)| parser.at_keywords(first, second));
            let Some((_, _, returning)) = named else {
                return Err(malformed(
                    "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.",
                ));
            };
            parser.advance();
            parser.advance();
            let is_star = parser.take(TokenKind::Star);
            if !is_star {
                parser.expression(0)?;
            }
            Ok(ReturningElement { returning: *returning, is_star })
        })
        .map(Some)
    }

    // Parts.

    pub(super) fn comma_separated<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.take(TokenKind::Comma) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    pub(super) fn expect_keyword(&mut self, word: &str, shown: &str) -> Result<()> {
        if self.take_keyword(word) { Ok(()) } else { Err(malformed(&format!("Expected {shown}"))) }
    }

    /// Takes `[AS] name`; returns whether it stood here.
    fn alias(&mut self) -> Result<bool> {
        let named = self.take_keyword("AS");
        if self.at_name() {
            self.advance();
            return Ok(true);
        }
        if named { Err(malformed("Expected identifier for AS-alias")) } else { Ok(false) }
    }

    /// Takes `[AS] name`, `AT name` and `BY name`.
    fn aliases(&mut self) -> Result<bool> {
        let mut found = self.alias()?;
        for word in ["AT", "BY"] {
            if self.take_keyword(word) {
                if !self.at_name() {
                    return Err(malformed(&format!("Expected identifier for {word}-alias")));
                }
                self.advance();
                found = true;
            }
        }
        Ok(found)
    }
}
