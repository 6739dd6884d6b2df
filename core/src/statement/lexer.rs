//! Splits a statement into tokens. All of it is split before any of it is parsed: what is no token is told first.

use std::fmt;

use super::keyword::is_keyword;
use crate::api::message::statement as text;
use crate::api::{Error, Result};

/// Where a token stands: line and column from 1, and its length, in characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    line: u32,
    column: u32,
    length: u32,
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.line, self.column, self.length)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    /// A name without quotes.
    Name,
    /// A name in double quotes; a quote in it is doubled.
    QuotedName,
    Keyword,
    /// Text in single quotes; a quote in it is doubled.
    Text,
    /// Digits, with a point or an exponent or without; no sign.
    Number,
    /// `?`
    Parameter,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    /// `<<`
    OpenBag,
    /// `>>`
    CloseBag,
    Comma,
    Dot,
    Colon,
    Semicolon,
    Star,
    Plus,
    Minus,
    Slash,
    Percent,
    /// `||`
    Concatenation,
    /// `@`
    At,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    End,
}

/// A token, where it stands in the text, and where for those who read it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) span: Span,
}

/// The tokens of a statement, [`TokenKind::End`] last.
///
/// # Errors
/// The service tells nothing of what it finds.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>> {
    let mut lexer = Lexer { source, at: 0, line: 1, column: 1 };
    let mut tokens = Vec::with_capacity(source.len() / 4 + 1);
    loop {
        let token = lexer.next().ok_or_else(|| Error::validation(text::not_well_formed("")))?;
        tokens.push(token);
        if token.kind == TokenKind::End {
            return Ok(tokens);
        }
    }
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    line: u32,
    column: u32,
}

impl Lexer<'_> {
    /// None for what is no token.
    fn next(&mut self) -> Option<Token> {
        self.skip_space()?;
        let start = self.at;
        let (line, column) = (self.line, self.column);
        let (kind, length) = match self.source.as_bytes().get(start) {
            None => (TokenKind::End, 0),
            Some(first) => self.token(*first)?,
        };
        let characters = self.advance(length);
        let offset = |at: usize| u32::try_from(at).expect("statements are bounded at 8 KB");
        let span = Span { line, column, length: characters };
        Some(Token { kind, start: offset(start), end: offset(self.at), span })
    }

    /// Steps over so many bytes; returns how many characters they are.
    fn advance(&mut self, bytes: usize) -> u32 {
        let mut characters = 0;
        let rest = &self.source[self.at..];
        for (at, character) in rest.char_indices().take_while(|(at, _)| *at < bytes) {
            characters += 1;
            // A carriage return and the line feed behind it end one line.
            if character == '\n' || (character == '\r' && !rest[at..].starts_with("\r\n")) {
                self.line += 1;
                self.column = 1;
            } else if character != '\r' {
                self.column += 1;
            }
        }
        self.at += bytes;
        characters
    }

    /// Space and comments; none for a comment without an end.
    fn skip_space(&mut self) -> Option<()> {
        loop {
            let rest = &self.source.as_bytes()[self.at..];
            let length = match rest {
                [b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c, ..] => 1,
                [b'-', b'-', ..] => rest.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count(),
                [b'/', b'*', ..] => memchr::memmem::find(&rest[2..], b"*/")? + 4,
                _ => return Some(()),
            };
            self.advance(length);
        }
    }

    /// The kind and the bytes of the token that starts with `first`.
    fn token(&self, first: u8) -> Option<(TokenKind, usize)> {
        let rest = &self.source.as_bytes()[self.at..];
        Some(match rest {
            [b'<', b'>', ..] | [b'!', b'=', ..] => (TokenKind::NotEqual, 2),
            [b'<', b'=', ..] => (TokenKind::LessOrEqual, 2),
            [b'>', b'=', ..] => (TokenKind::GreaterOrEqual, 2),
            [b'<', b'<', ..] => (TokenKind::OpenBag, 2),
            [b'>', b'>', ..] => (TokenKind::CloseBag, 2),
            [b'|', b'|', ..] => (TokenKind::Concatenation, 2),
            [b'.', b'0'..=b'9', ..] | [b'0'..=b'9', ..] => (TokenKind::Number, number(rest)?),
            [b'\'', ..] => (TokenKind::Text, quoted(rest, b'\'')?),
            [b'"', ..] => (TokenKind::QuotedName, quoted(rest, b'"')?),
            [b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$', ..] => {
                let length = rest.iter().take_while(|byte| is_word(**byte)).count();
                let word = &self.source[self.at..self.at + length];
                (if is_keyword(word) { TokenKind::Keyword } else { TokenKind::Name }, length)
            }
            _ => (symbol(first)?, 1),
        })
    }
}

fn symbol(byte: u8) -> Option<TokenKind> {
    Some(match byte {
        b'<' => TokenKind::Less,
        b'>' => TokenKind::Greater,
        b'=' => TokenKind::Equal,
        b'(' => TokenKind::OpenParenthesis,
        b')' => TokenKind::CloseParenthesis,
        b'[' => TokenKind::OpenBracket,
        b']' => TokenKind::CloseBracket,
        b'{' => TokenKind::OpenBrace,
        b'}' => TokenKind::CloseBrace,
        b',' => TokenKind::Comma,
        b'.' => TokenKind::Dot,
        b':' => TokenKind::Colon,
        b';' => TokenKind::Semicolon,
        b'*' => TokenKind::Star,
        b'+' => TokenKind::Plus,
        b'-' => TokenKind::Minus,
        b'/' => TokenKind::Slash,
        b'%' => TokenKind::Percent,
        b'@' => TokenKind::At,
        b'?' => TokenKind::Parameter,
        _ => return None,
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// The bytes of a quoted token, quotes included; none without an end.
fn quoted(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr(quote, &rest[at..])? + 1;
        if rest.get(at) != Some(&quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// The bytes of a number; none for one whose exponent or scale does not fit 32 bits, and one that runs into a word.
fn number(rest: &[u8]) -> Option<usize> {
    let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    let mut scale = 0;
    if rest.get(end) == Some(&b'.') {
        scale = digits(end + 1);
        end += 1 + scale;
    }
    if let Some(b'e' | b'E') = rest.get(end) {
        let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
        let exponent = end + 1..end + 1 + sign + digits(end + 1 + sign);
        let written = std::str::from_utf8(&rest[exponent.clone()]).expect("a sign and digits");
        let value: i32 = written.parse().ok()?;
        i32::try_from(i64::try_from(scale).ok()? - i64::from(value)).ok()?;
        end = exponent.end;
    }
    (!rest.get(end).is_some_and(|byte| is_word(*byte))).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<TokenKind> {
        let all = tokens(source).expect("tokens");
        all.iter().map(|token| token.kind).take_while(|kind| *kind != TokenKind::End).collect()
    }

    #[test]
    fn tokens_need_no_space_between_them() {
        use TokenKind::*;
        assert_eq!(
            kinds("a.\"b\"[12]<=?,<<'x''y',.5e-3>>!=n"),
            [
                Name,
                Dot,
                QuotedName,
                OpenBracket,
                Number,
                CloseBracket,
                LessOrEqual,
                Parameter,
                Comma,
                OpenBag,
                Text,
                Comma,
                Number,
                CloseBag,
                NotEqual,
                Name
            ]
        );
        assert_eq!(kinds("SELECT selected \"select\""), [Keyword, Name, QuotedName]);
        assert_eq!(kinds("n-1--2\n-3 /* - */"), [Name, Minus, Number, Minus, Number]);
    }

    #[test]
    fn places_are_lines_columns_and_lengths_in_characters() {
        let all = tokens("SELECT 'ä'\r\n  x\r/* \n */ y").expect("tokens");
        let shown: Vec<String> = all.iter().map(|token| token.span.to_string()).collect();
        assert_eq!(shown, ["1:1:6", "1:8:3", "2:3:1", "4:5:1", "4:6:0"]);
    }

    #[test]
    fn what_is_no_token_is_told_without_a_word() {
        for source in [
            "'a",
            "\"a",
            "'a''",
            "/* x",
            "#",
            "!",
            "|",
            "1a",
            "1e",
            "1e+",
            "1e2147483648",
            "1.5e-2147483647",
            "ä",
            "`1`",
        ] {
            let error = tokens(source).expect_err(source);
            assert_eq!(error.message(), "Statement wasn't well formed, can't be processed: ", "{source}");
        }
        for source in ["1.", "1.e5", "1e2147483647", "1e-2147483647"] {
            assert_eq!(kinds(source), [TokenKind::Number], "{source}");
        }
    }
}
