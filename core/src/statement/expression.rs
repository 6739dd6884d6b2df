//! Expressions: operators by precedence, terms, paths.

use super::keyword::{is_function, type_named};
use super::lexer::TokenKind;
use super::parser::{Parser, malformed};
use super::tree::{Binary, Expr, ExprKind, Statement, Step, Unary};
use crate::api::Result;
use crate::limits::STATEMENT_MAX_LEVELS;

/// An operator between two terms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Infix {
    Binary(Binary),
    And,
    Or,
    Is,
    In,
    Between,
    Like,
}

const NOT: u8 = 30;

impl Infix {
    /// Which operators bind before others: the greater.
    fn precedence(self) -> u8 {
        match self {
            Infix::Or => 10,
            Infix::And => 20,
            Infix::Is | Infix::In | Infix::Binary(Binary::Equal | Binary::NotEqual) => 40,
            Infix::Between | Infix::Like => 50,
            Infix::Binary(Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual) => {
                50
            }
            Infix::Binary(Binary::Plus | Binary::Minus | Binary::Concatenate) => 60,
            Infix::Binary(Binary::Times | Binary::Divide | Binary::Modulo) => 70,
        }
    }
}

impl Parser<'_> {
    /// An expression whose operators all bind closer than `precedence`.
    pub(super) fn expression(&mut self, precedence: u8) -> Result<Expr> {
        self.nested(|parser| {
            let mut expr = parser.unary()?;
            // Operators in a row make the tree as deep as parentheses do, but for AND and OR.
            let mut depth = 0;
            while let Some((infix, negated)) =
                parser.infix().filter(|(infix, _)| infix.precedence() > precedence)
            {
                depth += usize::from(!matches!(infix, Infix::And | Infix::Or));
                if depth > STATEMENT_MAX_LEVELS {
                    return Err(malformed(""));
                }
                expr = parser.joined(expr, infix)?;
                if negated {
                    expr = Expr::new(ExprKind::Unary(Unary::Not, Box::new(expr)), None);
                }
            }
            Ok(expr)
        })
    }

    /// The operator that stands here, taken back if nobody wants it; whether a NOT belongs to it.
    fn infix(&self) -> Option<(Infix, bool)> {
        let token = self.current();
        let binary = match token.kind {
            TokenKind::Plus => Binary::Plus,
            TokenKind::Minus => Binary::Minus,
            TokenKind::Star => Binary::Times,
            TokenKind::Slash => Binary::Divide,
            TokenKind::Percent => Binary::Modulo,
            TokenKind::Concatenation => Binary::Concatenate,
            TokenKind::Equal => Binary::Equal,
            TokenKind::NotEqual => Binary::NotEqual,
            TokenKind::Less => Binary::Less,
            TokenKind::LessOrEqual => Binary::LessOrEqual,
            TokenKind::Greater => Binary::Greater,
            TokenKind::GreaterOrEqual => Binary::GreaterOrEqual,
            TokenKind::Keyword => return self.infix_word(),
            _ => return None,
        };
        Some((Infix::Binary(binary), false))
    }

    fn infix_word(&self) -> Option<(Infix, bool)> {
        let negated = self.at_keyword("NOT");
        let token = self.ahead(usize::from(negated));
        let words = [("IN", Infix::In), ("BETWEEN", Infix::Between), ("LIKE", Infix::Like)];
        let alone = [("AND", Infix::And), ("OR", Infix::Or), ("IS", Infix::Is)];
        let found = words.iter().find(|(word, _)| self.is_keyword(token, word));
        if let Some((_, infix)) = found {
            return Some((*infix, negated));
        }
        let (_, infix) = alone.iter().find(|(word, _)| !negated && self.is_keyword(token, word))?;
        let is_not = *infix == Infix::Is && self.is_keyword(self.ahead(1), "NOT");
        Some((*infix, is_not))
    }

    /// Takes an operator and its right side.
    fn joined(&mut self, left: Expr, infix: Infix) -> Result<Expr> {
        if self.at_keyword("NOT") {
            self.advance();
        }
        let span = Some(self.advance().span);
        let left = Box::new(left);
        let kind = match infix {
            Infix::Is => {
                self.take_keyword("NOT");
                ExprKind::Is(left, self.type_name()?)
            }
            Infix::In if self.starts_list() => {
                self.advance();
                let list = self.comma_separated(|parser| parser.expression(0))?;
                self.expect(TokenKind::CloseParenthesis, "RIGHT_PAREN")?;
                ExprKind::In(left, Box::new(Expr::new(ExprKind::List(list), None)))
            }
            Infix::In => ExprKind::In(left, Box::new(self.right_side(infix)?)),
            Infix::Between => {
                let lower = self.right_side(infix)?;
                self.expect_keyword("AND", "AND keyword")?;
                if self.at(TokenKind::End) {
                    return Err(malformed("Expected expression after AND"));
                }
                let upper = self.expression(infix.precedence())?;
                ExprKind::Between(Box::new([*left, lower, upper]))
            }
            Infix::Like => {
                self.right_side(infix)?;
                if self.take_keyword("ESCAPE") {
                    self.expression(infix.precedence())?;
                }
                ExprKind::Like
            }
            Infix::And => {
                let right = self.right_side(infix)?;
                let mut parts = if let ExprKind::And(parts) = left.kind { parts } else { vec![*left] };
                parts.push(right);
                ExprKind::And(parts)
            }
            Infix::Or => {
                let right = self.right_side(infix)?;
                let mut parts = if let ExprKind::Or(parts) = left.kind { parts } else { vec![*left] };
                parts.push(right);
                ExprKind::Or(parts)
            }
            Infix::Binary(operator) => ExprKind::Binary(operator, left, Box::new(self.right_side(infix)?)),
        };
        Ok(Expr::new(kind, span))
    }

    fn right_side(&mut self, infix: Infix) -> Result<Expr> {
        if self.at(TokenKind::End) {
            return Err(malformed("Missing right-hand side expression of infix operator"));
        }
        self.expression(infix.precedence())
    }

    /// Whether a parenthesis behind IN opens a list, which it does unless a statement follows.
    fn starts_list(&self) -> bool {
        let next = self.ahead(1);
        self.at(TokenKind::OpenParenthesis)
            && !self.is_keyword(next, "SELECT")
            && !self.is_keyword(next, "VALUES")
    }

    fn type_name(&mut self) -> Result<&'static str> {
        for (first, second, shown) in
            [("DOUBLE", "PRECISION", "DOUBLE_PRECISION"), ("CHARACTER", "VARYING", "CHARACTER_VARYING")]
        {
            if self.at_keyword(first) && self.is_keyword(self.ahead(1), second) {
                self.advance();
                self.advance();
                return Ok(shown);
            }
        }
        let token = self.current();
        let named = if token.kind == TokenKind::Keyword { type_named(self.word(token)) } else { None };
        let Some(shown) = named else { return Err(malformed("Expected type name")) };
        self.advance();
        if self.take(TokenKind::OpenParenthesis) {
            self.comma_separated(|parser| parser.expression(0))?;
            self.expect(TokenKind::CloseParenthesis, "RIGHT_PAREN")?;
        }
        Ok(shown)
    }

    fn unary(&mut self) -> Result<Expr> {
        let operator = match self.current().kind {
            TokenKind::Plus => Unary::Plus,
            TokenKind::Minus => Unary::Minus,
            TokenKind::Keyword if self.at_keyword("NOT") => Unary::Not,
            _ => return self.path_term(),
        };
        let span = Some(self.advance().span);
        if operator == Unary::Not {
            let inner = self.expression(NOT)?;
            return Ok(Expr::new(ExprKind::Unary(operator, Box::new(inner)), span));
        }
        let mut term = self.nested(Parser::unary)?;
        // A sign before a number is part of it.
        if let ExprKind::Number(written) = &mut term.kind {
            match (operator, written.strip_prefix('-')) {
                (Unary::Minus, Some(positive)) => *written = positive.to_owned(),
                (Unary::Minus, None) => written.insert(0, '-'),
                _ => {}
            }
            return Ok(term);
        }
        Ok(Expr::new(ExprKind::Unary(operator, Box::new(term)), span))
    }

    fn path_term(&mut self) -> Result<Expr> {
        let root = self.term()?;
        self.path(root, true)
    }

    /// A name and steps below it: what writes write to.
    pub(super) fn simple_path(&mut self) -> Result<Expr> {
        if !self.at_name() {
            return Err(malformed("Expected identifier for simple path"));
        }
        let root = self.name();
        self.path(root, false)
    }

    fn name(&mut self) -> Expr {
        let token = self.advance();
        Expr::new(ExprKind::Name(self.content(token)), Some(token.span))
    }

    fn path(&mut self, root: Expr, is_full: bool) -> Result<Expr> {
        let mut steps = Vec::new();
        loop {
            if self.take(TokenKind::Dot) {
                if self.at_name() {
                    let token = self.advance();
                    steps.push(Step::Name(self.content(token)));
                } else if self.at(TokenKind::Star) && is_full {
                    self.advance();
                    steps.push(Step::Unpivot);
                } else {
                    let place = if self.at(TokenKind::Star) { " for simple path" } else { "" };
                    return Err(malformed(&format!("Invalid path dot component{place}")));
                }
            } else if self.take(TokenKind::OpenBracket) {
                if self.take(TokenKind::Star) {
                    steps.push(Step::Wildcard);
                } else {
                    steps.push(Step::Index(self.expression(0)?));
                }
                self.expect(TokenKind::CloseBracket, "RIGHT_BRACKET")?;
            } else if steps.is_empty() {
                return Ok(root);
            } else {
                let span = root.span;
                return Ok(Expr::new(ExprKind::Path(Box::new(root), steps), span));
            }
        }
    }

    fn term(&mut self) -> Result<Expr> {
        let token = self.current();
        let span = Some(token.span);
        let literal = |kind| Ok(Expr::new(kind, span));
        match token.kind {
            TokenKind::Name | TokenKind::QuotedName => match self.ahead(1).kind {
                TokenKind::OpenParenthesis => self.call(),
                _ => Ok(self.name()),
            },
            TokenKind::Text => {
                self.advance();
                literal(ExprKind::Text(self.content(token)))
            }
            TokenKind::Number => {
                self.advance();
                literal(ExprKind::Number(self.word(token).to_owned()))
            }
            TokenKind::Parameter => {
                self.advance();
                self.parameters += 1;
                literal(ExprKind::Parameter(self.parameters - 1))
            }
            TokenKind::OpenParenthesis => self.group(),
            TokenKind::OpenBracket => {
                self.collection(TokenKind::CloseBracket, "RIGHT_BRACKET", ExprKind::List)
            }
            TokenKind::OpenBag => {
                self.collection(TokenKind::CloseBag, "RIGHT_DOUBLE_ANGLE_BRACKET", ExprKind::Bag)
            }
            TokenKind::OpenBrace => self.structure(),
            TokenKind::Keyword => self.keyword_term(),
            TokenKind::Slash
            | TokenKind::Percent
            | TokenKind::Concatenation
            | TokenKind::At
            | TokenKind::Equal
            | TokenKind::NotEqual
            | TokenKind::Less
            | TokenKind::LessOrEqual
            | TokenKind::Greater
            | TokenKind::GreaterOrEqual => Err(malformed("Unexpected operator")),
            _ => Err(malformed("Unexpected term")),
        }
    }

    fn keyword_term(&mut self) -> Result<Expr> {
        let token = self.current();
        let span = Some(token.span);
        let word = self.word(token).to_ascii_lowercase();
        let kind = match word.as_str() {
            "true" | "false" => ExprKind::Boolean(word == "true"),
            "null" => ExprKind::Null,
            "missing" => ExprKind::Missing,
            "select" => return self.statement(|parser| parser.select().map(Statement::Select)),
            "update" => return self.statement(|parser| parser.update().map(Statement::Update)),
            "delete" => return self.statement(|parser| parser.delete().map(Statement::Delete)),
            "from" => return self.statement(|parser| parser.from().map(Statement::Update)),
            "insert" if self.is_keyword(self.ahead(1), "INTO") => {
                self.advance();
                return self.statement(|parser| parser.insert().map(Statement::Insert));
            }
            "and" | "or" | "in" | "is" | "between" | "like" => return Err(malformed("Unexpected operator")),
            // The service has tokens of their own for these.
            "as" | "at" | "by" | "asc" | "desc" | "for" | "last" => return Err(malformed("Unexpected term")),
            _ if is_function(&word) && self.ahead(1).kind == TokenKind::OpenParenthesis => {
                return self.call();
            }
            _ => return Err(malformed("Unexpected keyword")),
        };
        self.advance();
        Ok(Expr::new(kind, span))
    }

    fn statement(&mut self, parse: impl FnOnce(&mut Self) -> Result<Statement>) -> Result<Expr> {
        let span = Some(self.advance().span);
        let statement = self.nested(parse)?;
        Ok(Expr::new(ExprKind::Statement(Box::new(statement)), span))
    }

    /// One expression in parentheses, or a list of several.
    fn group(&mut self) -> Result<Expr> {
        let span = Some(self.advance().span);
        let mut items = self.comma_separated(|parser| parser.expression(0))?;
        self.expect(TokenKind::CloseParenthesis, "RIGHT_PAREN")?;
        match items.len() {
            1 => Ok(items.pop().expect("there is one")),
            _ => Ok(Expr::new(ExprKind::List(items), span)),
        }
    }

    fn collection(
        &mut self,
        end: TokenKind,
        shown: &str,
        kind: impl FnOnce(Vec<Expr>) -> ExprKind,
    ) -> Result<Expr> {
        let span = Some(self.advance().span);
        if self.take(end) {
            return Ok(Expr::new(kind(Vec::new()), span));
        }
        let items = self.comma_separated(|parser| parser.expression(0))?;
        self.expect(end, shown)?;
        Ok(Expr::new(kind(items), span))
    }

    fn structure(&mut self) -> Result<Expr> {
        let span = Some(self.advance().span);
        if self.take(TokenKind::CloseBrace) {
            return Ok(Expr::new(ExprKind::Struct(Vec::new()), span));
        }
        let fields = self.comma_separated(|parser| {
            let name = parser.expression(0)?;
            parser.expect(TokenKind::Colon, "COLON")?;
            Ok((name, parser.expression(0)?))
        })?;
        self.expect(TokenKind::CloseBrace, "RIGHT_CURLY")?;
        Ok(Expr::new(ExprKind::Struct(fields), span))
    }

    /// A function's name and its arguments.
    fn call(&mut self) -> Result<Expr> {
        let token = self.advance();
        let name = self.content(token).to_lowercase();
        self.advance();
        let mut arguments = Vec::new();
        if self.take(TokenKind::Star) {
            // COUNT(*): no call that the service runs.
        } else if self.at(TokenKind::CloseParenthesis) {
            if name == "count" {
                return Err(malformed("Aggregate functions are always unary"));
            }
        } else {
            if !self.take_keyword("DISTINCT") {
                self.take_keyword("ALL");
            }
            arguments = self.comma_separated(|parser| parser.expression(0))?;
        }
        self.expect(TokenKind::CloseParenthesis, "RIGHT_PAREN")?;
        Ok(Expr::new(ExprKind::Call(name, arguments), Some(token.span)))
    }
}
