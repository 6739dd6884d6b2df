//! `conform`: plays the conformance cases to one target.

use clap::Parser;
use conformance::case::{Case, Problem};
use conformance::driver::Launch;
use conformance::report::Report;
use conformance::run::Session;
use conformance::store::{Store, folder_of_run};
use conformance::target::{Target, find_tests};
use conformance::wording::Wording;
use conformance::{check, gaps};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Plays the conformance cases to one target and says where its answers differ.
#[derive(Debug, Parser)]
#[command(name = "conform", version)]
struct Options {
    /// The target; names the driver command and the list of known gaps.
    #[arg(long, required_unless_present_any = ["driver", "list"])]
    target: Option<Target>,
    /// The driver command instead of the target's own; split at spaces.
    #[arg(long, value_name = "COMMAND")]
    driver: Option<String>,
    /// Only cases with this text in `suite/name`.
    #[arg(long = "case", value_name = "SUBSTRING")]
    filter: Option<String>,
    /// What the databases lie in.
    #[arg(long, value_enum, default_value_t)]
    store: Store,
    /// Which generation of the service's texts the databases speak.
    #[arg(long, value_enum, default_value_t)]
    wording: Wording,
    /// Check the case files and print the names of the cases; run nothing.
    #[arg(long)]
    list: bool,
    /// One JSON object on stdout; the text goes to stderr.
    #[arg(long)]
    json: bool,
    /// The folder of the suite [default: `tests` here or in a folder above].
    #[arg(long, value_name = "FOLDER")]
    tests: Option<PathBuf>,
    /// The folder of the case files [default: `cases` in the suite].
    #[arg(long, value_name = "FOLDER")]
    cases: Option<PathBuf>,
    /// The folder of the known gaps [default: `known-gaps` in the suite].
    #[arg(long, value_name = "FOLDER")]
    known_gaps: Option<PathBuf>,
    /// Seconds after which a driver that does not answer counts as hung.
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    patience: f64,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(what) => {
            eprintln!("{what}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<bool, String> {
    let tests = match &options.tests {
        Some(folder) => folder.clone(),
        None => find_tests()?,
    };
    let folder = options.cases.clone().unwrap_or_else(|| tests.join("cases"));
    let files = check::load(&folder).map_err(|problems| problem_text(&problems))?;
    let all: Vec<Case> = files.into_iter().flat_map(|file| file.cases).collect();
    let ids: Vec<String> = all.iter().map(Case::id).collect();
    let chosen = || {
        all.iter().filter(|case| options.filter.as_ref().is_none_or(|part| case.id().contains(part.as_str())))
    };
    if chosen().next().is_none() {
        return Err(match &options.filter {
            Some(part) => format!("no case of {} has {part:?} in its name", folder.display()),
            None => format!("{} holds no cases", folder.display()),
        });
    }
    if options.list {
        chosen().for_each(|case| println!("{}", case.id()));
        return Ok(true);
    }

    let patience = Duration::try_from_secs_f64(options.patience).map_err(|e| format!("--patience: {e}"))?;
    let launch = Launch { command: command(options, &tests)?, patience };
    let mut session = Session::start(launch, options.store, options.wording, folder_of_run()?)
        .map_err(|fault| fault.to_string())?;
    let target = session.ready().target.clone();
    if let Some(wanted) = options.target.filter(|wanted| wanted.to_string() != target) {
        return Err(format!("the driver says it is \"{target}\", not \"{wanted}\""));
    }
    let known = gaps::load(&options.known_gaps.clone().unwrap_or_else(|| tests.join("known-gaps")), &target)?;
    if let Some(case) = gaps::unknown(&known, &ids) {
        return Err(format!("the known gap \"{case}\" of {target} is the name of no case"));
    }

    let mut report = Report { target, store: options.store, wording: options.wording, results: Vec::new() };
    for case in chosen() {
        report.add(case, session.run(case), known.get(&case.id()).map(String::as_str));
    }
    if options.json {
        println!("{}", report.json());
        eprint!("{}", report.text());
    } else {
        print!("{}", report.text());
    }
    Ok(report.succeeded())
}

fn command(options: &Options, tests: &std::path::Path) -> Result<Vec<String>, String> {
    match (&options.driver, options.target) {
        (Some(command), _) => Ok(command.split_whitespace().map(str::to_owned).collect()),
        (None, Some(target)) => target.command(tests),
        (None, None) => Err("give --target or --driver".to_owned()),
    }
}

fn problem_text(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    lines.push(format!("{} problems in the case files; nothing was run", problems.len()));
    lines.join("\n")
}
