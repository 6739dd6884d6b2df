//! The flags that are options of the database: made from the core's list of them, and read back as such.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};
use serde_json::{Map, Value};
use streamtable::OpenOptions;
use streamtable::unstable::options::{OPTIONS, OptionInfo, OptionType, OptionValue, Unit};

/// How the database behaves: the options that were given, by their names in the core, where their defaults and ranges stand.
#[derive(Debug)]
pub(crate) struct DatabaseOptions(Map<String, Value>);

impl DatabaseOptions {
    /// # Errors
    /// `OpenException` for a number that no option takes.
    pub(crate) fn read(&self) -> streamtable::Result<OpenOptions> {
        OpenOptions::from_json(Value::Object(self.0.clone()).to_string().as_bytes())
    }
}

impl FromArgMatches for DatabaseOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<DatabaseOptions, clap::Error> {
        let given =
            OPTIONS.iter().filter_map(|option| Some((option.name.to_owned(), given(matches, option)?)));
        Ok(DatabaseOptions(given.collect()))
    }

    fn update_from_arg_matches(&mut self, _matches: &ArgMatches) -> Result<(), clap::Error> {
        Err(clap::Error::raw(ErrorKind::InvalidValue, "the command line is read once"))
    }
}

fn given(matches: &ArgMatches, option: &OptionInfo) -> Option<Value> {
    match option.ty {
        OptionType::Number { .. } => matches.get_one::<u64>(option.name).map(|number| (*number).into()),
        OptionType::Flag => matches.get_flag(option.name).then_some(true.into()),
        _ => matches.get_one::<String>(option.name).map(|text| text.as_str().into()),
    }
}

impl Args for DatabaseOptions {
    fn augment_args(command: Command) -> Command {
        command.next_help_heading("Database").args(OPTIONS.iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        DatabaseOptions::augment_args(command)
    }
}

/// The flag of an option.
fn flag(option: &'static OptionInfo) -> Arg {
    let arg = Arg::new(option.name).long(option.name.replace('_', "-")).help(about(option));
    match option.ty {
        OptionType::Choice(names) => arg.value_parser(PossibleValuesParser::new(
            names.values.iter().zip(names.docs).map(|(name, doc)| PossibleValue::new(*name).help(prose(doc))),
        )),
        OptionType::Flag => arg.action(ArgAction::SetTrue),
        OptionType::Number { unit, .. } => arg.value_parser(value_parser!(u64)).value_name(match unit {
            Unit::Byte => "BYTES",
            Unit::Millisecond | Unit::Moment => "MS",
            _ => "NUMBER",
        }),
        OptionType::Directory => arg.value_name("DIR"),
        _ => arg.value_name("WORD"),
    }
}

/// What the help says of an option.
fn about(option: &OptionInfo) -> String {
    let default = match ((option.default)(), option.absent) {
        (Some(OptionValue::Number(number)), _) => number.to_string(),
        (Some(OptionValue::Text(text)), _) => text,
        (_, Some(absent)) => prose(absent),
        _ => return prose(option.doc),
    };
    let unit = match option.ty {
        OptionType::Number { unit: Unit::Millisecond, .. } => " Milliseconds.",
        OptionType::Number { unit: Unit::Moment, .. } => " Milliseconds since 1970.",
        _ => "",
    };
    format!("{}{unit} [default: {default}]", prose(option.doc))
}

/// A doc comment as the help has it: options by their flags, all else without backticks.
fn prose(doc: &str) -> String {
    let words = doc.split('`').enumerate().map(|(i, text)| {
        let is_option = i % 2 == 1 && OPTIONS.iter().any(|option| option.name == text);
        if is_option { format!("--{}", text.replace('_', "-")) } else { text.to_owned() }
    });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn every_option_is_a_flag_that_says_its_default() {
        Arguments::command().debug_assert();
        let help = DatabaseOptions::augment_args(Command::new("serve")).render_long_help().to_string();
        for option in OPTIONS {
            assert!(help.contains(&format!("--{}", option.name.replace('_', "-"))), "{help}");
        }
        assert!(help.contains("--sync-every <MS>"), "{help}");
        assert!(help.contains("[default: 50]"), "{help}");
        assert!(help.contains("[default: what is stored, 000000000000 in a new database]"), "{help}");
        assert!(help.contains("in the last --sync-every"), "{help}");
        assert!(!help.contains('`'), "{help}");
    }

    #[test]
    fn what_is_given_is_read_as_options_of_the_core() {
        let command = DatabaseOptions::augment_args(Command::new("serve"));
        let line = ["serve", "--clock", "manual", "--now", "7", "--region", "eu-west-1", "--sync-every", "3"];
        let matches = command.get_matches_from(line);
        let options = DatabaseOptions::from_arg_matches(&matches).expect("sound").read().expect("sound");
        assert_eq!((options.now, options.region.as_deref()), (Some(7), Some("eu-west-1")));
        assert_eq!(options.sync_every, std::time::Duration::from_millis(3));
    }
}
