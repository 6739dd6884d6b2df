//! Reading items out of Ion's text form: the types that stand for types of attributes, with comments, annotations and every way to write a text.
//! Timestamps, clobs and S-expressions stand for none.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::limits::NESTING_MAX_LEVELS;
use crate::value::{AttributeValue, Number};

/// The attributes of the item on a line, or what is wrong with it.
pub(super) fn read_ion_item(text: &str) -> Result<BTreeMap<String, AttributeValue>, String> {
    let mut parser = Parser { text, at: 0 };
    parser.skip_space()?;
    // A version marker in front of the value.
    if parser.rest().starts_with("$ion_1_0") {
        parser.at += "$ion_1_0".len();
    }
    let whole = parser.value(0)?;
    parser.skip_space()?;
    if !parser.rest().is_empty() {
        return Err(parser.problem("something after the item"));
    }
    let AttributeValue::M(mut members) = whole else { return Err("it is no struct".into()) };
    match members.remove("Item") {
        Some(AttributeValue::M(item)) if members.is_empty() => Ok(item),
        _ => Err("it is no struct with the one member Item".into()),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn take_if(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        self.at += if is_there { text.len() } else { 0 };
        is_there
    }

    fn problem(&self, what: &str) -> String {
        format!("{what} at byte {}", self.at)
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.take_if(text) { Ok(()) } else { Err(self.problem(&format!("no {text:?}"))) }
    }

    /// Space and comments.
    fn skip_space(&mut self) -> Result<(), String> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', '\x0b', '\x0c']);
            self.at += rest.len() - trimmed.len();
            let length = if trimmed.starts_with("//") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").ok_or_else(|| self.problem("a comment without end"))? + 2
            } else {
                return Ok(());
            };
            self.at += length;
        }
    }

    /// A value with its annotations, of which only those of sets mean something.
    fn value(&mut self, depth: usize) -> Result<AttributeValue, String> {
        // One level for the item and one for the struct around it.
        if depth > NESTING_MAX_LEVELS + 2 {
            return Err("values are nested too deep".into());
        }
        let mut set = None;
        loop {
            self.skip_space()?;
            let before = self.at;
            match self.symbol()? {
                Some(name) if self.is_annotation()? => {
                    set = name.strip_prefix("$dynamodb_").map(str::to_owned)
                }
                _ => {
                    self.at = before;
                    break;
                }
            }
        }
        let value = self.plain_value(depth)?;
        match set.as_deref() {
            Some(kind @ ("SS" | "NS" | "BS")) => set_of(kind, value),
            _ => Ok(value),
        }
    }

    /// Whether what was read annotates what follows.
    fn is_annotation(&mut self) -> Result<bool, String> {
        self.skip_space()?;
        Ok(self.take_if("::"))
    }

    fn plain_value(&mut self, depth: usize) -> Result<AttributeValue, String> {
        let unknown = |parser: &Parser<'_>| Err(parser.problem("no value of a known type"));
        match self.peek() {
            Some('{') if self.rest().starts_with("{{") => self.blob(),
            Some('{') => self.members(depth).map(AttributeValue::M),
            Some('[') => self.list(depth),
            Some('"') => self.quoted('"').map(AttributeValue::S),
            Some('\'') if self.rest().starts_with("'''") => self.long_text().map(AttributeValue::S),
            Some(letter) if letter.is_ascii_digit() || letter == '-' => self.number(),
            Some(letter) if letter.is_ascii_alphabetic() => {
                let word = self.word();
                match word {
                    "true" => Ok(AttributeValue::Bool(true)),
                    "false" => Ok(AttributeValue::Bool(false)),
                    "null" => {
                        // `null.string` is a null, too.
                        if self.take_if(".") {
                            self.word();
                        }
                        Ok(AttributeValue::Null)
                    }
                    _ => unknown(self),
                }
            }
            _ => unknown(self),
        }
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
        let word = &rest[..rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// A name; none where something else stands.
    fn symbol(&mut self) -> Result<Option<String>, String> {
        match self.peek() {
            Some('\'') if !self.rest().starts_with("'''") => self.quoted('\'').map(Some),
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' || letter == '$' => {
                Ok(Some(self.word().to_owned()))
            }
            _ => Ok(None),
        }
    }

    fn members(&mut self, depth: usize) -> Result<BTreeMap<String, AttributeValue>, String> {
        self.expect("{")?;
        let mut members = BTreeMap::new();
        loop {
            self.skip_space()?;
            if self.take_if("}") {
                return Ok(members);
            }
            let name = match self.peek() {
                Some('"') => self.quoted('"')?,
                Some('\'') if self.rest().starts_with("'''") => self.long_text()?,
                _ => self.symbol()?.ok_or_else(|| self.problem("no name"))?,
            };
            self.skip_space()?;
            self.expect(":")?;
            let value = self.value(depth + 1)?;
            if members.insert(name, value).is_some() {
                return Err(self.problem("a name that was there before"));
            }
            self.end_of_element("}")?;
        }
    }

    fn list(&mut self, depth: usize) -> Result<AttributeValue, String> {
        self.expect("[")?;
        let mut elements = Vec::new();
        loop {
            self.skip_space()?;
            if self.take_if("]") {
                return Ok(AttributeValue::L(elements));
            }
            elements.push(self.value(depth + 1)?);
            self.end_of_element("]")?;
        }
    }

    /// A comma, or the end, which is left.
    fn end_of_element(&mut self, end: &str) -> Result<(), String> {
        self.skip_space()?;
        if self.rest().starts_with(end) { Ok(()) } else { self.expect(",") }
    }

    fn blob(&mut self) -> Result<AttributeValue, String> {
        self.expect("{{")?;
        let rest = self.rest();
        let end = rest.find("}}").ok_or_else(|| self.problem("a blob without end"))?;
        let digits: String = rest[..end].chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
        let bytes = STANDARD.decode(digits).map_err(|_| self.problem("a blob that is not base64"))?;
        self.at += end + 2;
        Ok(AttributeValue::B(bytes))
    }

    fn number(&mut self) -> Result<AttributeValue, String> {
        let rest = self.rest();
        let is_part =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+');
        let text = &rest[..rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())];
        let number = number_of(text).ok_or_else(|| self.problem("a number that no attribute can have"))?;
        self.at += text.len();
        Ok(AttributeValue::N(number))
    }

    /// A text or a name in quotes.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        self.at += quote.len_utf8();
        let mut text = String::new();
        loop {
            match self.take() {
                Some(letter) if letter == quote => return Ok(text),
                Some('\\') => text.extend(self.escape()?),
                Some('\n' | '\r') | None => return Err(self.problem("a text without end")),
                Some(letter) => text.push(letter),
            }
        }
    }

    /// A text in three quotes; several that follow one another are one.
    fn long_text(&mut self) -> Result<String, String> {
        let mut text = String::new();
        while self.take_if("'''") {
            loop {
                if self.take_if("'''") {
                    break;
                }
                match self.take() {
                    Some('\\') => text.extend(self.escape()?),
                    Some(letter) => text.push(letter),
                    None => return Err(self.problem("a text without end")),
                }
            }
            self.skip_space()?;
        }
        Ok(text)
    }

    /// What follows a backslash; none where a line goes on.
    fn escape(&mut self) -> Result<Option<char>, String> {
        Ok(Some(match self.take() {
            Some('0') => '\0',
            Some('a') => '\x07',
            Some('b') => '\x08',
            Some('t') => '\t',
            Some('n') => '\n',
            Some('f') => '\x0c',
            Some('r') => '\r',
            Some('v') => '\x0b',
            Some(letter @ ('"' | '\'' | '?' | '\\' | '/')) => letter,
            Some('x') => self.code(2)?,
            Some('u') => self.code(4)?,
            Some('U') => self.code(8)?,
            Some('\n') => return Ok(None),
            _ => return Err(self.problem("an escape that there is not")),
        }))
    }

    /// A letter by its number, which may come as two halves, as in JSON.
    fn code(&mut self, digits: usize) -> Result<char, String> {
        let mut code = self.hexadecimal(digits)?;
        if (0xd800..0xdc00).contains(&code) && digits == 4 && self.take_if("\\u") {
            let low = self.hexadecimal(4)?;
            if (0xdc00..0xe000).contains(&low) {
                code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        char::from_u32(code).ok_or_else(|| self.problem("the number of no letter"))
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<u32, String> {
        let text = self.rest().get(..digits).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = text.and_then(|text| u32::from_str_radix(text, 16).ok());
        self.at += digits;
        code.ok_or_else(|| "an escape without its digits".to_owned())
    }
}

/// An integer, a decimal or a float, all exact.
fn number_of(text: &str) -> Option<Number> {
    let text = text.replace('_', "");
    let digits = text.strip_prefix('-').unwrap_or(&text);
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let whole = u128::from_str_radix(digits, radix).ok()?;
            let sign = if text.starts_with('-') { "-" } else { "" };
            return format!("{sign}{whole}").parse().ok();
        }
    }
    let is_number = digits.bytes().next().is_some_and(|b| b.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b".dDeE+-".contains(&b));
    // `1.` and `1.d2` have no digit after their point.
    let text = text.replace(['d', 'D'], "e").replace(".e", "e");
    let text = text.strip_suffix('.').unwrap_or(&text);
    if is_number { text.parse().ok() } else { None }
}

fn set_of(kind: &str, value: AttributeValue) -> Result<AttributeValue, String> {
    let AttributeValue::L(members) = value else { return Err("a set that is no list".into()) };
    let wrong = || format!("a member of another type in a set {kind}");
    let mut texts = Vec::new();
    let mut numbers = Vec::new();
    let mut binaries = Vec::new();
    for member in members {
        match (kind, member) {
            ("SS", AttributeValue::S(text)) => texts.push(text),
            ("NS", AttributeValue::N(number)) => numbers.push(number),
            ("BS", AttributeValue::B(bytes)) => binaries.push(bytes),
            _ => return Err(wrong()),
        }
    }
    Ok(match kind {
        "SS" => AttributeValue::Ss(texts),
        "NS" => AttributeValue::Ns(numbers),
        _ => AttributeValue::Bs(binaries),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Item;

    fn read(text: &str) -> Result<String, String> {
        let members = read_ion_item(text)?;
        let item = Item::new(members.iter().map(|(name, value)| (name.as_str(), value)));
        Ok(serde_json::to_string(&item.expect("sound values")).expect("plain data"))
    }

    #[test]
    fn every_way_to_write_a_value() {
        for (ion, json) in [
            (
                "{Item:{a:1,b:-2.5,c:6d2,d:1.e3,e:0x1F,f:1_000.}}",
                r#"{"a":{"N":"1"},"b":{"N":"-2.5"},"c":{"N":"600"},"d":{"N":"1000"},"e":{"N":"31"},"f":{"N":"1000"}}"#,
            ),
            (
                "$ion_1_0 { Item : { 'a b' : \"x\\n\\u00e9\\U0001F600\\x41\" , \"c\" : '''long''' ''' text''' , } }",
                r#"{"a b":{"S":"x\né😀A"},"c":{"S":"long text"}}"#,
            ),
            ("{Item:{a:\"\\ud83d\\ude00\"}} // the end", r#"{"a":{"S":"😀"}}"#),
            (
                "{Item:{s:$dynamodb_SS::[\"b\",\"a\"],n:'$dynamodb_NS'::[1,2.],b:$dynamodb_BS::[{{aGk=}}]}}",
                r#"{"b":{"BS":["aGk="]},"n":{"NS":["1","2"]},"s":{"SS":["a","b"]}}"#,
            ),
            (
                "{/* c */Item:{l:[true,false,null,null.int,[],{x:{{ aG k= }}}],m:other::{}}}",
                r#"{"l":{"L":[{"BOOL":true},{"BOOL":false},{"NULL":true},{"NULL":true},{"L":[]},{"M":{"x":{"B":"aGk="}}}]},"m":{"M":{}}}"#,
            ),
        ] {
            assert_eq!(read(ion).as_deref(), Ok(json), "{ion}");
        }
    }

    #[test]
    fn what_is_no_item_is_refused() {
        let deep = format!("{{Item:{}1{}}}", "{a:".repeat(10_000), "}".repeat(10_000));
        for text in [
            "",
            "{",
            "{}",
            "1",
            "{Item:1}",
            "{Item:{}} 1",
            "{Item:{},Other:1}",
            "{Item:{a:}}",
            "{Item:{a:1 b:2}}",
            "{Item:{a:2007-01-01T}}",
            "{Item:{a:(1 2)}}",
            "{Item:{a:symbol}}",
            "{Item:{a:{{\"clob\"}}}}",
            "{Item:{a:nan}}",
            "{Item:{a:1,a:2}}",
            "{Item:{a:\"x}}",
            "{Item:{a:'''x}}",
            "{Item:{a:\"\\q\"}}",
            "{Item:{a:\"\\u12\"}}",
            "{Item:{a:$dynamodb_SS::[1]}}",
            "{Item:{a:$dynamodb_NS::1}}",
            "{Item:{a:1e200}}",
            "{Item:{a:--1}}",
            "/*",
            "{Item:{a:\"\\udc00\"}}",
            "{Item:{a:1.2.3}}",
            &deep,
        ] {
            assert!(read_ion_item(text).is_err(), "{}", &text[..text.len().min(60)]);
        }
    }
}
