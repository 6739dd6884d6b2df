//! What all expressions have in common: tokens, paths, operands, function calls, and the checks on them.
//!
//! Whatever nests in the text (parentheses, calls) is kept on a stack of the parser's own, never on the machine's: 4,096 opening
//! parentheses are a syntax error like any other.

use super::ExpressionKind;
use super::faults::{Fault, Faults};
use super::lexer::{Lexer, Token, TokenKind};
use super::paths::is_within_depth;
use super::placeholders::{Names, Placeholders, UsedValues, Values};
use super::reserved::is_reserved;
use super::tree::{Call, Function, Literal, Operand};
use crate::api::message::expression as text;
use crate::api::{Error, Result};
use crate::limits::{EXPRESSION_MAX_BYTES, EXPRESSION_MAX_OPERATORS};
use crate::value::{Path, PathElement};

/// What an operand still waits for.
enum Open<'a> {
    Parenthesis,
    Call(Call<'a>),
}

pub(super) struct Parser<'a, 'p> {
    text: &'a str,
    pub(super) kind: ExpressionKind,
    lexer: Lexer<'a>,
    previous: Option<Token>,
    current: Token,
    names: &'p mut Names<'a>,
    values: &'p Values<'p>,
    used: &'p mut UsedValues,
    pub(super) operators: usize,
    pub(super) faults: Faults<'p>,
}

impl<'a, 'p> Parser<'a, 'p> {
    pub(super) fn new(
        kind: ExpressionKind,
        text: &'a str,
        placeholders: &'p mut Placeholders<'a, '_>,
    ) -> Result<Parser<'a, 'p>> {
        if text.is_empty() {
            return Err(kind.invalid(&text::empty()));
        }
        if text.len() > EXPRESSION_MAX_BYTES {
            let problem = match kind {
                ExpressionKind::Update => text::update_too_long(),
                _ => text::too_long(text.len()),
            };
            return Err(kind.invalid(&problem));
        }
        let mut lexer = Lexer::new(text);
        let current = lexer.next();
        let Placeholders { names, values, used } = placeholders;
        let faults = Faults::with_values(kind, &values.values);
        Ok(Parser { text, kind, lexer, previous: None, current, names, values, used, operators: 0, faults })
    }

    /// Ends the parse: nothing may be left, and no problem noted.
    pub(super) fn finish(mut self) -> Result<()> {
        if !self.at(TokenKind::End) {
            return Err(self.syntax_error());
        }
        if self.operators > EXPRESSION_MAX_OPERATORS {
            self.faults.note(Fault::Operators, || text::too_many_operators(EXPRESSION_MAX_OPERATORS + 1));
        }
        self.used.checks.append(&mut self.faults.checks);
        match self.faults.first() {
            None => Ok(()),
            Some(problem) => Err(self.kind.invalid(&problem)),
        }
    }

    // Tokens.

    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.current.kind == kind
    }

    pub(super) fn current_kind(&self) -> TokenKind {
        self.current.kind
    }

    fn source(&self, token: Token) -> &'a str {
        &self.text[token.start..token.end]
    }

    pub(super) fn advance(&mut self) {
        self.previous = Some(self.current);
        self.current = self.lexer.next();
    }

    pub(super) fn take(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, kind: TokenKind) -> Result<()> {
        if self.take(kind) { Ok(()) } else { Err(self.syntax_error()) }
    }

    /// Whether the current token is this keyword, in any case.
    pub(super) fn at_keyword(&self, word: &str) -> bool {
        self.at(TokenKind::Name) && self.source(self.current).eq_ignore_ascii_case(word)
    }

    pub(super) fn take_keyword(&mut self, word: &str) -> bool {
        let found = self.at_keyword(word);
        if found {
            self.advance();
        }
        found
    }

    fn at_any_keyword(&self) -> bool {
        self.at(TokenKind::Name) && self.kind.keywords().iter().any(|word| self.at_keyword(word))
    }

    /// The current token is not what the grammar wants. The service shows it with its neighbours.
    pub(super) fn syntax_error(&self) -> Error {
        let token = if self.at(TokenKind::End) { "<EOF>" } else { self.source(self.current) };
        let next = self.lexer.clone().next();
        let start = self.previous.unwrap_or(self.current).start;
        let last = [next, self.current].into_iter().find(|t| t.kind != TokenKind::End).or(self.previous);
        let near = last.map_or("", |last| &self.text[start..last.end]);
        self.kind.invalid(&text::syntax_error(token, near))
    }

    // Paths and values.

    /// A name or `#name`, then any number of `.name` and `[index]`. None where a placeholder is not defined.
    pub(super) fn path(&mut self) -> Result<Option<Path<'a>>> {
        let mut path = self.name()?.map(Path::top_level);
        self.path_steps(&mut path)?;
        Ok(path)
    }

    /// The steps that follow a path already read.
    pub(super) fn path_steps(&mut self, path: &mut Option<Path<'a>>) -> Result<()> {
        self.take_steps(path)?;
        if let Some(path) = path.as_ref().filter(|path| !is_within_depth(path)) {
            self.faults.note(Fault::Depth, || text::path_too_deep(path.rest.len() + 1));
        }
        Ok(())
    }

    fn take_steps(&mut self, path: &mut Option<Path<'a>>) -> Result<()> {
        loop {
            let step = if self.take(TokenKind::Dot) {
                self.name()?.map(PathElement::Name)
            } else if self.take(TokenKind::OpenBracket) {
                let index = self.index()?;
                self.expect(TokenKind::CloseBracket)?;
                Some(PathElement::Index(index))
            } else {
                return Ok(());
            };
            match (path.as_mut(), step) {
                (Some(path), Some(step)) => path.rest.push(step),
                _ => *path = None,
            }
        }
    }

    fn name(&mut self) -> Result<Option<&'a str>> {
        let source = self.source(self.current);
        match self.current_kind() {
            TokenKind::Name if !self.at_any_keyword() => {
                if is_reserved(source) {
                    self.faults.note(Fault::Reserved, || text::reserved_word(source));
                }
                self.advance();
                Ok(Some(source))
            }
            TokenKind::NamePlaceholder => {
                let name = self.names.get(source);
                if name.is_none() {
                    self.faults.note(Fault::UndefinedName, || text::undefined_name(source));
                }
                self.advance();
                Ok(name)
            }
            _ => Err(self.syntax_error()),
        }
    }

    fn index(&mut self) -> Result<usize> {
        let digits = self.source(self.current);
        self.expect(TokenKind::Digits)?;
        // Digits only, so the one thing that can be wrong is the size.
        match digits.parse::<u32>() {
            Ok(index) => Ok(index as usize),
            Err(_) => Err(self.kind.invalid(&text::index_out_of_range(digits))),
        }
    }

    /// A `:value`. None where it is not defined.
    pub(super) fn value(&mut self) -> Result<Option<Literal<'a>>> {
        let source = self.source(self.current);
        self.expect(TokenKind::ValuePlaceholder)?;
        let value = self.values.get(source, self.used);
        if value.is_none() {
            self.faults.note(Fault::UndefinedValue, || text::undefined_value(source));
        }
        Ok(value)
    }

    // Operands.

    /// A path, a value, a call, or one of these in parentheses.
    pub(super) fn operand(&mut self) -> Result<Operand<'a>> {
        let mut open: Vec<Open<'a>> = Vec::new();
        'operand: loop {
            if self.take(TokenKind::OpenParenthesis) {
                open.push(Open::Parenthesis);
                continue;
            }
            if let Some(function) = self.take_call() {
                open.push(Open::Call(Call { function, operands: Vec::with_capacity(2) }));
                continue;
            }
            let mut operand = self.path_or_value()?;
            let mut wrapped = false;
            loop {
                match open.pop() {
                    None => return Ok(operand),
                    Some(Open::Parenthesis) => {
                        self.close_parenthesis(wrapped)?;
                        (operand, wrapped) = self.steps_after_parentheses(operand)?;
                    }
                    Some(Open::Call(mut call)) => {
                        call.operands.push(operand);
                        if self.take(TokenKind::Comma) {
                            open.push(Open::Call(call));
                            continue 'operand;
                        }
                        self.expect(TokenKind::CloseParenthesis)?;
                        (operand, wrapped) = (self.finish_call(call), false);
                    }
                }
            }
        }
    }

    /// Takes the parenthesis that closes something; two pairs around the same thing are one too many.
    pub(super) fn close_parenthesis(&mut self, wrapped: bool) -> Result<()> {
        self.expect(TokenKind::CloseParenthesis)?;
        if wrapped {
            self.faults.note(Fault::Parentheses, text::redundant_parentheses);
        }
        Ok(())
    }

    /// In conditions a path in parentheses may go on: `(a.b)[0]`. The second value says whether the parentheses are the outermost
    /// part of the operand.
    pub(super) fn steps_after_parentheses(&mut self, operand: Operand<'a>) -> Result<(Operand<'a>, bool)> {
        let goes_on = self.kind.is_condition()
            && matches!(self.current_kind(), TokenKind::Dot | TokenKind::OpenBracket);
        let mut path = match operand {
            Operand::Path(path) if goes_on => Some(path),
            Operand::Undefined if goes_on => None,
            other => return Ok((other, true)),
        };
        self.path_steps(&mut path)?;
        Ok((path.map_or(Operand::Undefined, Operand::Path), false))
    }

    fn path_or_value(&mut self) -> Result<Operand<'a>> {
        if self.at(TokenKind::ValuePlaceholder) {
            return Ok(self.value()?.map_or(Operand::Undefined, Operand::Value));
        }
        Ok(self.path()?.map_or(Operand::Undefined, Operand::Path))
    }

    /// Takes a function's name and its opening parenthesis, if they stand here.
    fn take_call(&mut self) -> Option<Function> {
        let is_call =
            self.at(TokenKind::Name) && self.lexer.is_before_parenthesis() && !self.at_any_keyword();
        if !is_call {
            return None;
        }
        let function = self.function(self.source(self.current));
        self.operators += 1;
        self.advance();
        self.advance();
        Some(function)
    }

    /// A call that nobody will evaluate keeps no operands, so trees stay as shallow as the limit on operators.
    fn finish_call(&mut self, call: Call<'a>) -> Operand<'a> {
        self.faults.check_call(&call);
        let is_evaluated = call.function != Function::Unknown && self.operators <= EXPRESSION_MAX_OPERATORS;
        let operands = if is_evaluated { call.operands } else { Vec::new() };
        Operand::Call(Box::new(Call { operands, ..call }))
    }

    fn function(&mut self, name: &'a str) -> Function {
        match Function::named(name) {
            Some(function) if function.is_of_updates() == (self.kind == ExpressionKind::Update) => function,
            Some(_) => {
                let place = self.kind.place();
                self.faults.note(Fault::Function, || text::function_not_allowed(place, name));
                Function::Unknown
            }
            None => {
                self.faults.note(Fault::Function, || text::unknown_function(name));
                Function::Unknown
            }
        }
    }
}
