//! The elements of a pattern's lists: values, and objects of one member that name an operator.

use serde_json::value::RawValue;

use super::address::{Network, address};
use super::compile::{Kind, Result, Text};
use super::number::exact;
use super::test::{Bound, Test};
use super::text::{Folded, Wildcard};
use super::{Operators, PatternError};

/// Reads an element: a test, or nothing for the demand that there be no leaf.
pub(super) fn read<'t>(text: Text<'t>, raw: &'t RawValue, operators: Operators) -> Result<Option<Test>> {
    Ok(Some(match Kind::of(raw) {
        Kind::Text => {
            let value = text.text(raw)?;
            address(&value).map_or(Test::Text(value), Test::Address)
        }
        Kind::Number => Test::Number { value: exact(raw.get()), text: raw.get().to_owned() },
        Kind::Bool => Test::Bool(raw.get() == "true"),
        Kind::Null => Test::Null,
        Kind::Array => {
            return Err(text.error(raw, "a list of a pattern holds values and operators, not lists"));
        }
        Kind::Object => return Reader { text, operators }.operator(raw),
    }))
}

struct Reader<'t> {
    text: Text<'t>,
    operators: Operators,
}

impl<'t> Reader<'t> {
    fn operator(&self, raw: &'t RawValue) -> Result<Option<Test>> {
        let (name, value) = self.only_member(raw)?;
        let test = match name.as_str() {
            "exists" => {
                return match value.get() {
                    "true" => Ok(Some(Test::Present)),
                    "false" => Ok(None),
                    _ => Err(self.text.error(value, "`exists` is true or false")),
                };
            }
            "prefix" => self.end(value, &name, Test::Prefix, Test::FoldedPrefix)?,
            "suffix" => self.end(value, &name, Test::Suffix, Test::FoldedSuffix)?,
            "equals-ignore-case" => Test::Folded(Folded::new(&self.string(value, &name)?)),
            "anything-but" => Test::NoneOf(self.anything_but(value)?),
            "numeric" => self.numeric(value)?,
            "exactly" => Test::Text(self.undocumented(raw, &name)?.string(value, &name)?),
            "wildcard" => self.undocumented(raw, &name)?.wildcard(value)?,
            "cidr" => {
                let network = self.undocumented(raw, &name)?.string(value, &name)?;
                Test::Network(Network::read(&network).map_err(|reason| self.text.error(value, reason))?)
            }
            _ => return Err(self.text.error(raw, format!("there is no operator {name:?}"))),
        };
        Ok(Some(test))
    }

    fn only_member(&self, raw: &'t RawValue) -> Result<(String, &'t RawValue)> {
        let mut members = self.text.members(raw)?;
        match (members.pop(), members.is_empty()) {
            (Some(member), true) => Ok(member),
            (None, _) => Err(self.text.error(raw, "an object in a list names an operator")),
            (Some(_), false) => Err(self.text.error(raw, "an object in a list names one operator, not more")),
        }
    }

    /// Goes on if operators are allowed that Lambda does not document.
    fn undocumented(&self, raw: &'t RawValue, name: &str) -> Result<&Self> {
        match self.operators {
            Operators::All => Ok(self),
            Operators::Documented => Err(self
                .text
                .error(raw, format!("{name:?} here is not documented for event source mappings"))),
        }
    }

    fn string(&self, value: &'t RawValue, name: &str) -> Result<String> {
        if Kind::of(value) == Kind::Text {
            self.text.text(value)
        } else {
            Err(self.text.error(value, format!("{name:?} takes a text")))
        }
    }

    /// `prefix` and `suffix`: a text, or one without regard to case.
    fn end(
        &self,
        value: &'t RawValue,
        name: &str,
        plain: fn(String) -> Test,
        folded: fn(Folded) -> Test,
    ) -> Result<Test> {
        if Kind::of(value) != Kind::Object {
            return self.string(value, name).map(plain);
        }
        let (inner, value) = self.only_member(value)?;
        if inner != "equals-ignore-case" {
            return Err(self.text.error(value, format!("{name:?} takes no operator {inner:?}")));
        }
        let text = self.undocumented(value, &inner)?.string(value, &inner)?;
        Ok(folded(Folded::new(&text)))
    }

    fn wildcard(&self, value: &'t RawValue) -> Result<Test> {
        let text = self.string(value, "wildcard")?;
        Wildcard::read(&text).map(Test::Wildcard).map_err(|reason| self.text.error(value, reason))
    }

    /// `anything-but`: what a leaf must not be.
    fn anything_but(&self, value: &'t RawValue) -> Result<Vec<Test>> {
        if Kind::of(value) == Kind::Object {
            return self.anything_but_operator(value);
        }
        let values = self.one_or_more(value)?;
        let kind = Kind::of(values[0]);
        let tests = values.iter().map(|value| match Kind::of(value) {
            other if other != kind => {
                Err(self.text.error(value, "`anything-but` takes texts or numbers, not both"))
            }
            Kind::Text => self.text.text(value).map(Test::Text),
            Kind::Number => {
                let number = self.number(value)?;
                Ok(Test::Number { value: Some(number), text: value.get().to_owned() })
            }
            _ => Err(self.text.error(value, "`anything-but` takes texts, numbers or an operator")),
        });
        tests.collect()
    }

    fn anything_but_operator(&self, value: &'t RawValue) -> Result<Vec<Test>> {
        let (name, inner) = self.only_member(value)?;
        self.undocumented(value, &name)?;
        let read = |value: &&'t RawValue| {
            let text = self.string(value, &name)?;
            if text.is_empty() {
                return Err(self
                    .text
                    .error(value, format!("{name:?} in `anything-but` takes no empty text")));
            }
            match name.as_str() {
                "prefix" => Ok(Test::Prefix(text)),
                "suffix" => Ok(Test::Suffix(text)),
                "equals-ignore-case" => Ok(Test::Folded(Folded::new(&text))),
                "wildcard" => self.wildcard(value),
                _ => Err(self.text.error(value, format!("`anything-but` takes no operator {name:?}"))),
            }
        };
        self.one_or_more(inner)?.iter().map(read).collect()
    }

    /// A value, or those of a list that is not empty.
    fn one_or_more(&self, value: &'t RawValue) -> Result<Vec<&'t RawValue>> {
        if Kind::of(value) != Kind::Array {
            return Ok(vec![value]);
        }
        let values = self.text.elements(value)?;
        if values.is_empty() {
            return Err(self.text.error(value, "`anything-but` takes at least one value"));
        }
        Ok(values)
    }

    fn number(&self, value: &'t RawValue) -> Result<f64> {
        if Kind::of(value) != Kind::Number {
            return Err(self.text.error(value, "this must be a number"));
        }
        exact(value.get())
            .ok_or_else(|| self.text.error(value, "the number has more digits than a double tells"))
    }

    /// `numeric`: one or two comparisons, the lower end first.
    fn numeric(&self, value: &'t RawValue) -> Result<Test> {
        if Kind::of(value) != Kind::Array {
            return Err(self.text.error(value, "`numeric` takes a list such as [\">\", 0, \"<=\", 5]"));
        }
        let mut terms = self.text.elements(value)?.into_iter();
        let (sign, number) = self.comparison(value, &mut terms)?;
        let bound = |open| Some(Bound { value: number, open });
        let (from, to) = match sign.as_str() {
            "=" => (bound(false), bound(false)),
            "<" => (None, bound(true)),
            "<=" => (None, bound(false)),
            ">" => (bound(true), self.upper(value, number, &mut terms)?),
            ">=" => (bound(false), self.upper(value, number, &mut terms)?),
            _ => return Err(self.text.error(value, format!("`numeric` has no comparison {sign:?}"))),
        };
        match terms.next() {
            None => Ok(Test::Range { from, to }),
            Some(term) => {
                Err(self.text.error(term, "`numeric` has one comparison, or a lower and an upper one"))
            }
        }
    }

    /// The upper end that may follow a lower one.
    fn upper(
        &self,
        value: &'t RawValue,
        bottom: f64,
        terms: &mut std::vec::IntoIter<&'t RawValue>,
    ) -> Result<Option<Bound>> {
        if terms.as_slice().is_empty() {
            return Ok(None);
        }
        let (sign, top) = self.comparison(value, terms)?;
        let open = match sign.as_str() {
            "<" => true,
            "<=" => false,
            _ => return Err(self.text.error(value, "the second comparison of `numeric` is < or <=")),
        };
        if bottom >= top {
            return Err(self.text.error(value, "the lower end of `numeric` is below the upper one"));
        }
        Ok(Some(Bound { value: top, open }))
    }

    fn comparison(
        &self,
        value: &'t RawValue,
        terms: &mut std::vec::IntoIter<&'t RawValue>,
    ) -> Result<(String, f64)> {
        let missing =
            || -> PatternError { self.text.error(value, "`numeric` has comparisons and numbers in turn") };
        let sign = self.string(terms.next().ok_or_else(missing)?, "numeric")?;
        let number = self.number(terms.next().ok_or_else(missing)?)?;
        Ok((sign, number))
    }
}
