//! Splits the text of an expression into tokens. It never fails: what is no token is [`TokenKind::Unknown`], and the parser says so.

/// What a token is. Keywords are names here; which names are keywords depends on where they stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    /// A letter, then letters, digits and underscores.
    Name,
    /// `#` and at least one letter, digit or underscore.
    NamePlaceholder,
    /// `:` and at least one letter, digit or underscore.
    ValuePlaceholder,
    /// Decimal digits.
    Digits,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Dot,
    Comma,
    Plus,
    Minus,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// One character that starts no token.
    Unknown,
    End,
}

/// A token and where it stands in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads tokens from front to back.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer { text, at: 0 }
    }

    /// Whether an opening parenthesis comes next.
    pub(super) fn is_before_parenthesis(&self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) == Some(&b'(')
    }

    /// The next token; [`TokenKind::End`] for ever after the last.
    pub(super) fn next(&mut self) -> Token {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        let start = self.at;
        let Some(&first) = bytes.get(start) else {
            return Token { kind: TokenKind::End, start, end: start };
        };
        let second = bytes.get(start + 1).copied();
        let (kind, length) = match (first, second) {
            (b'<', Some(b'>')) => (TokenKind::NotEqual, 2),
            (b'<', Some(b'=')) => (TokenKind::LessOrEqual, 2),
            (b'>', Some(b'=')) => (TokenKind::GreaterOrEqual, 2),
            (b'<', _) => (TokenKind::Less, 1),
            (b'>', _) => (TokenKind::Greater, 1),
            (b'=', _) => (TokenKind::Equal, 1),
            (b'+', _) => (TokenKind::Plus, 1),
            (b'-', _) => (TokenKind::Minus, 1),
            (b'(', _) => (TokenKind::OpenParenthesis, 1),
            (b')', _) => (TokenKind::CloseParenthesis, 1),
            (b'[', _) => (TokenKind::OpenBracket, 1),
            (b']', _) => (TokenKind::CloseBracket, 1),
            (b'.', _) => (TokenKind::Dot, 1),
            (b',', _) => (TokenKind::Comma, 1),
            (b'#', Some(b)) if is_word(b) => {
                (TokenKind::NamePlaceholder, 1 + run(&bytes[start + 1..], is_word))
            }
            (b':', Some(b)) if is_word(b) => {
                (TokenKind::ValuePlaceholder, 1 + run(&bytes[start + 1..], is_word))
            }
            (b'0'..=b'9', _) => (TokenKind::Digits, run(&bytes[start..], |b| b.is_ascii_digit())),
            (b'a'..=b'z' | b'A'..=b'Z', _) => (TokenKind::Name, run(&bytes[start..], is_word)),
            _ => (TokenKind::Unknown, self.text[start..].chars().next().map_or(1, char::len_utf8)),
        };
        self.at = start + length;
        Token { kind, start, end: self.at }
    }
}

/// Letters, digits and underscores continue a name or placeholder.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|b| belongs(**b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        let mut lexer = Lexer::new(text);
        std::iter::from_fn(|| Some(lexer.next().kind)).take_while(|k| *k != TokenKind::End).collect()
    }

    #[test]
    fn tokens_need_no_space_between_them() {
        use TokenKind::*;
        assert_eq!(
            kinds("a1_.#b[12]<=:c,(x)<>y"),
            [
                Name,
                Dot,
                NamePlaceholder,
                OpenBracket,
                Digits,
                CloseBracket,
                LessOrEqual,
                ValuePlaceholder,
                Comma,
                OpenParenthesis,
                Name,
                CloseParenthesis,
                NotEqual,
                Name
            ]
        );
    }

    #[test]
    fn what_starts_no_token_is_one_unknown_character() {
        use TokenKind::*;
        assert_eq!(kinds("_a"), [Unknown, Name]);
        assert_eq!(kinds("ü"), [Unknown]);
        assert_eq!(kinds("# :"), [Unknown, Unknown]);
        assert_eq!(kinds("1a"), [Digits, Name]);
        assert_eq!(kinds("#1 :_"), [NamePlaceholder, ValuePlaceholder]);
        assert_eq!(kinds(" \t\r\n"), []);
    }
}
