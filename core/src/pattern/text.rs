//! Texts that are compared otherwise than byte by byte: without regard to case, and with wildcards.

use memchr::memchr_iter;
use memchr::memmem::Finder;

/// A text that other texts are compared with, character by character, without regard to case. A character stands for itself, its lower and its
/// upper case, where these are one character; texts are not normalised otherwise.
#[derive(Clone, Debug)]
pub(super) struct Folded(Vec<[char; 3]>);

impl Folded {
    pub(super) fn new(text: &str) -> Folded {
        let one = |own: char, mut cases: Box<dyn Iterator<Item = char>>| match (cases.next(), cases.next()) {
            (Some(case), None) => case,
            _ => own,
        };
        let forms =
            |own: char| [own, one(own, Box::new(own.to_lowercase())), one(own, Box::new(own.to_uppercase()))];
        Folded(text.chars().map(forms).collect())
    }

    pub(super) fn equals(&self, text: &str) -> bool {
        let mut characters = text.chars();
        self.begins(&mut characters) && characters.next().is_none()
    }

    pub(super) fn is_prefix_of(&self, text: &str) -> bool {
        self.begins(&mut text.chars())
    }

    pub(super) fn is_suffix_of(&self, text: &str) -> bool {
        let mut characters = text.chars().rev();
        self.0.iter().rev().all(|forms| characters.next().is_some_and(|own| forms.contains(&own)))
    }

    fn begins(&self, characters: &mut impl Iterator<Item = char>) -> bool {
        self.0.iter().all(|forms| characters.next().is_some_and(|own| forms.contains(&own)))
    }
}

/// A text in which `*` stands for any text. What is looked for lies in order, each piece at its first place behind the one before, so that a
/// decision takes time in proportion to the text.
#[derive(Clone, Debug)]
pub(super) struct Wildcard {
    first: String,
    between: Vec<Finder<'static>>,
    /// What follows the last `*`; nothing without any.
    last: Option<String>,
}

impl Wildcard {
    /// Reads a text with wildcards: `\*` and `\\` stand for `*` and `\`.
    pub(super) fn read(text: &str) -> Result<Wildcard, &'static str> {
        let mut pieces = vec![String::new()];
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '*' if characters.peek() == Some(&'*') => return Err("two `*` may not stand side by side"),
                '*' => pieces.push(String::new()),
                '\\' => match characters.next() {
                    Some(escaped @ ('*' | '\\')) => pieces.last_mut().expect("never empty").push(escaped),
                    _ => return Err("`\\` stands before `*` or `\\` only"),
                },
                other => pieces.last_mut().expect("never empty").push(other),
            }
        }
        let last = if pieces.len() > 1 { pieces.pop() } else { None };
        let between = pieces.drain(1..).map(|piece| Finder::new(&piece).into_owned()).collect();
        let first = pieces.pop().expect("never empty");
        Ok(Wildcard { first, between, last })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let Some(last) = &self.last else { return text == self.first };
        let Some(rest) = text.strip_prefix(&self.first).and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        let mut rest = rest.as_bytes();
        self.between.iter().all(|piece| match piece.find(rest) {
            Some(place) => {
                rest = &rest[place + piece.needle().len()..];
                true
            }
            None => false,
        })
    }
}

/// The places of `.` in a path: where its names may be joined.
pub(super) fn dots(text: &str) -> impl Iterator<Item = usize> + '_ {
    memchr_iter(b'.', text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Folded, Wildcard, dots};

    #[test]
    fn case_is_of_single_characters() {
        for (pattern, text, equal) in [
            ("alice", "ALICE", true),
            ("É", "é", true),
            ("é", "É", true),
            ("STRASSE", "straße", false),
            ("ß", "SS", false),
            ("e\u{301}", "É", false),
            ("a", "ab", false),
            ("ab", "a", false),
            ("", "", true),
        ] {
            assert_eq!(Folded::new(pattern).equals(text), equal, "{pattern} {text}");
        }
        assert!(
            Folded::new("USER#").is_prefix_of("user#1") && !Folded::new("user#12").is_prefix_of("user#1")
        );
        assert!(Folded::new(".png").is_suffix_of("cat.PNG") && !Folded::new("a.png").is_suffix_of(".PNG"));
    }

    #[test]
    fn wildcards_stand_for_any_text() {
        for (pattern, text, matched) in [
            ("img/*/cat.*", "img/2026/cat.PNG", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("2\\*3", "2*3", true),
            ("2\\*3", "2x3", false),
            ("\\\\", "\\", true),
            ("*ab*ab*", "xabab", true),
            ("*ab*ab*", "xaba", false),
            ("*a*b", "aab", true),
        ] {
            assert_eq!(Wildcard::read(pattern).expect("one").matches(text), matched, "{pattern} {text}");
        }
        assert!(
            Wildcard::read("a**b").is_err()
                && Wildcard::read("a\\b").is_err()
                && Wildcard::read("a\\").is_err()
        );
    }

    #[test]
    fn dots_are_found() {
        assert_eq!(dots("a.b..c.").collect::<Vec<_>>(), [1, 3, 4, 6]);
        assert_eq!(dots("").count(), 0);
    }
}
