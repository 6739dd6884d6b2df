//! Which generation of the service's texts the databases of a run speak.

use crate::matching::{Member, Pattern};
use clap::ValueEnum;
use serde_json::{Map, Value};

/// The member of an expected error that says its text in the classic wording, where it is another than `message`.
pub const CLASSIC_MEMBER: &str = "classic";

/// What databases answer in, unless a case opens them otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Wording {
    /// The default of a database.
    #[default]
    Current,
    /// The one before it, which a database has to be asked for.
    Classic,
}

impl Wording {
    pub fn name(self) -> &'static str {
        match self {
            Wording::Current => "current",
            Wording::Classic => "classic",
        }
    }

    /// What a database speaks that is opened with these options.
    pub fn of(options: &Map<String, Value>) -> Wording {
        let classic = options.get("wording").and_then(Value::as_str) == Some(Wording::Classic.name());
        if classic { Wording::Classic } else { Wording::Current }
    }

    /// The members of an expected error as this wording has them.
    pub fn expected(self, members: &[(String, Member)]) -> Pattern {
        let classic = members.iter().find(|(name, _)| name == CLASSIC_MEMBER).map(|(_, member)| member);
        let told = members.iter().filter(|(name, _)| name != CLASSIC_MEMBER).map(|(name, member)| {
            let member = match (self, classic) {
                (Wording::Classic, Some(classic)) if name == "message" => classic,
                _ => member,
            };
            (name.clone(), member.clone())
        });
        Pattern::Partial(told.collect())
    }
}
