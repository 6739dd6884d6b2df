//! What went wrong, as data. Errors carry it up; its text is made at the door, in the wording of the database (facts B12).

use super::shape::{self, Rule};
use super::value::{ValueTexts, value_problem};
use crate::api::shape::enumeration;
use crate::value::ValueProblem;

enumeration! {
    /// Which generation of the service's texts a database speaks.
    pub enum Wording {
        /// The one that the service brings to its regions since June 2026.
        Current = "current",
        /// The one before it.
        Classic = "classic",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that names the wordings takes no attribute")]
impl Default for Wording {
    fn default() -> Wording {
        Wording::Current
    }
}

/// Where a text is told: in whose words, about which operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Speech {
    pub(crate) wording: Wording,
    /// Name of the operation; empty where there is none.
    pub(crate) operation: &'static str,
}

/// What went wrong.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Problem {
    /// A text that is the same in every wording.
    Told(String),
    /// A text that is another in each wording, whatever the operation.
    Reworded { classic: String, current: String },
    /// A parameter is wrong by itself, before any table is looked at.
    Parameter(String),
    /// A query's projection and what it selects do not fit.
    Selection(String),
    /// An attribute value breaks a rule.
    Value(ValueProblem),
    /// A value of a starting key does.
    StartingKey(ValueProblem),
    /// The value of a placeholder does, or the name of one.
    Placeholder { parameter: &'static str, problem: ValueProblem, key: String },
    /// Constraints of the shape are broken: so many, of which these are told.
    Violations { count: usize, told: Vec<Violation> },
}

/// A broken constraint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Violation {
    /// Where, as the service writes it: `keySchema.1.member.keyType`.
    pub(crate) place: String,
    /// The value, as the service repeats it; none for null.
    pub(crate) value: Option<String>,
    /// What it must satisfy.
    pub(crate) rule: Rule,
}

impl From<String> for Problem {
    fn from(text: String) -> Problem {
        Problem::Told(text)
    }
}

impl From<&str> for Problem {
    fn from(text: &str) -> Problem {
        Problem::Told(text.to_owned())
    }
}

impl Speech {
    /// Whether this is an operation of Kinesis Data Streams, which have one wording.
    pub(crate) fn is_kinesis(self) -> bool {
        self.operation.starts_with("Kinesis")
    }

    /// Whether this is one of the operations that write a single item. In the current wording those tell of their parameters within the
    /// frame of broken constraints; the others do not.
    pub(super) fn is_current_item_write(self) -> bool {
        self.wording == Wording::Current && matches!(self.operation, "PutItem" | "UpdateItem" | "DeleteItem")
    }

    /// Whether this is Query or Scan in the current wording.
    pub(super) fn is_current_search(self) -> bool {
        self.wording == Wording::Current && matches!(self.operation, "Query" | "Scan")
    }

    /// How attribute values are told of. The service checks them in one of two layers, and some operations have not moved to the newer one.
    fn value_texts(self) -> ValueTexts {
        match self.wording {
            Wording::Current if !matches!(self.operation, "BatchWriteItem" | "Scan") => ValueTexts::Current,
            Wording::Current | Wording::Classic => ValueTexts::Older,
        }
    }

    fn framed(self, text: String) -> String {
        if self.is_current_item_write() { shape::frame(1, &text) } else { text }
    }
}

impl Problem {
    /// The text.
    pub(crate) fn text(&self, speech: Speech) -> String {
        match self {
            Problem::Told(text) => text.clone(),
            Problem::Reworded { classic, current } => match speech.wording {
                Wording::Classic => classic.clone(),
                Wording::Current => current.clone(),
            },
            Problem::Parameter(text) => speech.framed(text.clone()),
            Problem::Selection(text) => match speech.wording {
                Wording::Current => shape::frame(1, text),
                Wording::Classic => text.clone(),
            },
            Problem::Value(problem) => speech.framed(value_problem(problem, speech.value_texts())),
            Problem::StartingKey(problem) => match speech.value_texts() {
                ValueTexts::Current => value_problem(problem, ValueTexts::Current),
                ValueTexts::Older => {
                    super::table::starting_key_value(&value_problem(problem, ValueTexts::Older))
                }
            },
            Problem::Placeholder { parameter, problem, key } => speech.framed(match speech.value_texts() {
                ValueTexts::Current if *parameter == super::expression::VALUES => {
                    value_problem(problem, ValueTexts::Current)
                }
                texts => super::expression::placeholder_value(parameter, &value_problem(problem, texts), key),
            }),
            Problem::Violations { count, told } => shape::detected(*count, told, speech),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{AttributeType, NumberError};

    fn texts(problem: &Problem, operation: &'static str) -> [String; 2] {
        [Wording::Classic, Wording::Current].map(|wording| problem.text(Speech { wording, operation }))
    }

    #[test]
    fn parameters_of_item_writes_are_framed_in_the_current_wording() {
        let problem = Problem::Parameter("Invalid UpdateExpression: The expression can not be empty;".into());
        let [classic, current] = texts(&problem, "UpdateItem");
        assert_eq!(classic, "Invalid UpdateExpression: The expression can not be empty;");
        assert_eq!(current, format!("1 validation error detected: {classic}"));
        for operation in ["GetItem", "Query", "Scan"] {
            assert_eq!(texts(&problem, operation), [classic.clone(), classic.clone()]);
        }
    }

    #[test]
    fn duplicates_are_quoted_in_the_current_wording() {
        let members = vec!["a".to_owned(), "a".to_owned()];
        let problem = Problem::Value(ValueProblem::DuplicateInSet(AttributeType::Ss, members));
        let invalid = "One or more parameter values were invalid: Input collection";
        assert_eq!(
            texts(&problem, "PutItem"),
            [
                format!("{invalid} [a, a] contains duplicates."),
                format!("1 validation error detected: {invalid} [\"a\", \"a\"] contains duplicates."),
            ]
        );
    }

    #[test]
    fn an_empty_number_ends_with_a_colon_in_the_current_wording() {
        let problem = Problem::Value(ValueProblem::Number(NumberError::Empty));
        let classic = "The parameter cannot be converted to a numeric value";
        assert_eq!(texts(&problem, "GetItem"), [classic.to_owned(), format!("{classic}: ")]);
    }
}
