//! Which of an expression's problems is reported: the service parses the whole text, then looks for problems kind by kind, and
//! answers with the first. Syntax errors are not among them; they end the parse.
//!
//! In conditions, the kinds from `UndefinedName` on are looked for condition by condition.

use super::ExpressionKind;
use crate::value::{AttributeType, ValueRef};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    Parentheses,
    Function,
    Operators,
    Misused,
    Reserved,
    Section,
    UndefinedName,
    UndefinedValue,
    Depth,
    Overlap,
    Conflict,
    ClauseType,
    OperandCount,
    Distinct,
    OperandType,
}

impl Fault {
    /// Lower is reported first.
    fn rank(self, kind: ExpressionKind) -> u8 {
        match (self, kind) {
            (Fault::Reserved, ExpressionKind::Update) => 0,
            (Fault::Parentheses, _) => 1,
            (Fault::Function, _) => 2,
            (Fault::Operators, _) => 3,
            (Fault::Misused, _) => 4,
            (Fault::Reserved, _) => 5,
            (Fault::Section, _) => 6,
            (Fault::UndefinedName, _) => 7,
            (Fault::UndefinedValue, ExpressionKind::Update) => 8,
            (Fault::UndefinedValue, _) => 7,
            (Fault::Depth, ExpressionKind::Update) => 8,
            (Fault::Depth, _) => 7,
            (Fault::Overlap, _) => 9,
            (Fault::Conflict, _) => 10,
            (Fault::ClauseType, _) => 11,
            (Fault::OperandCount, ExpressionKind::Update) => 14,
            (Fault::OperandCount, _) => 12,
            (Fault::Distinct, _) => 13,
            (Fault::OperandType, _) => 14,
        }
    }
}

/// From this rank on, conditions report their problems one condition after the other.
const FIRST_PER_CONDITION: u8 = 7;

/// What has to be looked at anew when a tree is used with other values of the same types. Values are told by their places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ValueCheck {
    /// That the first is not above the second.
    Bounds(usize, usize),
    /// That it names a type.
    TypeName(usize),
}

impl ValueCheck {
    pub(super) fn holds(self, values: &[ValueRef<'_>]) -> bool {
        match self {
            ValueCheck::Bounds(lower, upper) => {
                !values[lower].compare(&values[upper]).is_some_and(std::cmp::Ordering::is_gt)
            }
            ValueCheck::TypeName(place) => match values[place] {
                ValueRef::S(name) => AttributeType::from_name(name).is_some(),
                _ => false,
            },
        }
    }
}

/// The problems noted so far, as far as one may still be reported.
#[derive(Debug)]
pub(crate) struct Faults<'v> {
    kind: ExpressionKind,
    whole: Option<(u8, String)>,
    condition: Option<(u8, String)>,
    /// Of the request, where trees have places.
    pub(super) values: &'v [ValueRef<'v>],
    pub(super) checks: Vec<ValueCheck>,
}

impl Faults<'static> {
    /// Of a tree that has its values in it.
    pub(crate) fn new(kind: ExpressionKind) -> Faults<'static> {
        Faults::with_values(kind, &[])
    }
}

impl<'v> Faults<'v> {
    pub(super) fn with_values(kind: ExpressionKind, values: &'v [ValueRef<'v>]) -> Faults<'v> {
        Faults { kind, whole: None, condition: None, values, checks: Vec::new() }
    }

    /// Notes a problem, unless one that is reported before it is noted already.
    pub(crate) fn note(&mut self, fault: Fault, text: impl FnOnce() -> String) {
        let rank = fault.rank(self.kind);
        let slot = if rank >= FIRST_PER_CONDITION { &mut self.condition } else { &mut self.whole };
        if slot.as_ref().is_none_or(|(noted, _)| rank < *noted) {
            *slot = Some((rank, text()));
        }
    }

    /// Ends one condition: its problem is reported before those of later ones.
    pub(crate) fn close_condition(&mut self) {
        if let Some((_, text)) = self.condition.take()
            && self.whole.is_none()
        {
            self.whole = Some((FIRST_PER_CONDITION, text));
        }
    }

    /// The problem to report.
    pub(crate) fn first(mut self) -> Option<String> {
        self.close_condition();
        self.whole.map(|(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_decides_not_the_place() {
        let mut faults = Faults::new(ExpressionKind::Condition);
        faults.note(Fault::Misused, || "misused".into());
        faults.note(Fault::Function, || "first function".into());
        faults.note(Fault::Function, || "second function".into());
        assert_eq!(faults.first().as_deref(), Some("first function"));
    }

    #[test]
    fn conditions_report_one_after_the_other() {
        let mut faults = Faults::new(ExpressionKind::Condition);
        faults.note(Fault::OperandType, || "type in the first".into());
        faults.close_condition();
        faults.note(Fault::UndefinedName, || "name in the second".into());
        faults.close_condition();
        assert_eq!(faults.first().as_deref(), Some("type in the first"));

        let mut faults = Faults::new(ExpressionKind::Condition);
        faults.note(Fault::OperandType, || "type".into());
        faults.close_condition();
        faults.note(Fault::Reserved, || "reserved".into());
        assert_eq!(faults.first().as_deref(), Some("reserved"));
    }
}
