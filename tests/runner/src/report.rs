//! What a person or a program reads of a run.

use crate::case::Case;
use crate::run::{Failure, Outcome, Why};
use crate::store::Store;
use crate::wording::Wording;
use serde_json::{Value, json};
use std::fmt::Write;

/// How many differences of one step a report shows.
const SHOWN_DIFFERENCES: usize = 5;
/// How many characters of a value a report shows.
const SHOWN_CHARACTERS: usize = 400;

/// A value as one line of JSON, cut where it gets long.
pub fn shorten(value: &Value) -> String {
    let text = value.to_string();
    let total = text.chars().count();
    if total <= SHOWN_CHARACTERS {
        return text;
    }
    let cut: String = text.chars().take(SHOWN_CHARACTERS).collect();
    format!("{cut}… ({total} characters)")
}

/// How a case counts, with the known gaps taken into account.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Passed,
    Failed(Failure),
    /// Why it was not run, or that its failure is a listed gap.
    Skipped(String),
    /// It is listed as a known gap, but passes: the list is out of date.
    Closed(String),
}

#[derive(Debug, Default)]
pub struct Report {
    pub target: String,
    pub store: Store,
    pub wording: Wording,
    pub results: Vec<(Case, Verdict)>,
}

impl Report {
    /// Adds a result; `gap` is the reason listed for this case in the target's known gaps.
    pub fn add(&mut self, case: &Case, outcome: Outcome, gap: Option<&str>) {
        let verdict = match (outcome, gap) {
            (Outcome::Passed, None) => Verdict::Passed,
            (Outcome::Passed, Some(reason)) => Verdict::Closed(reason.to_owned()),
            (Outcome::Failed(_), Some(reason)) => Verdict::Skipped(format!("known gap: {reason}")),
            (Outcome::Failed(failure), None) => Verdict::Failed(failure),
            (Outcome::Skipped(reason), _) => Verdict::Skipped(reason),
        };
        self.results.push((case.clone(), verdict));
    }

    pub fn passed(&self) -> usize {
        self.results.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Passed)).count()
    }

    pub fn failed(&self) -> usize {
        self.results.iter().filter(|(_, v)| matches!(v, Verdict::Failed(_) | Verdict::Closed(_))).count()
    }

    pub fn skipped(&self) -> usize {
        self.results.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Skipped(_))).count()
    }

    /// A run without a single pass proves nothing, whatever was skipped.
    pub fn succeeded(&self) -> bool {
        self.failed() == 0 && self.passed() > 0
    }

    /// Target and store, failures in full, skips in a line each, the counts alone on the last line.
    pub fn text(&self) -> String {
        let wording = match self.wording {
            Wording::Current => "",
            Wording::Classic => ", in the classic wording",
        };
        let mut out = format!("{} on the {} store{wording}\n", self.target, self.store.name());
        for (case, verdict) in &self.results {
            match verdict {
                Verdict::Passed => {}
                Verdict::Skipped(reason) => line(&mut out, format_args!("skip  {}: {reason}", case.id())),
                Verdict::Closed(reason) => line(
                    &mut out,
                    format_args!(
                        "FAIL  {}\n  passes, but is a known gap ({reason}); take it off the list",
                        case.id()
                    ),
                ),
                Verdict::Failed(failure) => out.push_str(&failure_text(case, failure)),
            }
        }
        line(
            &mut out,
            format_args!("{} passed, {} failed, {} skipped", self.passed(), self.failed(), self.skipped()),
        );
        out
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let cases: Vec<_> = self.results.iter().map(|(case, verdict)| case_json(case, verdict)).collect();
        json!({
            "target": self.target,
            "store": self.store.name(),
            "passed": self.passed(),
            "failed": self.failed(),
            "skipped": self.skipped(),
            "cases": cases,
        })
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("writing to a String cannot fail");
}

fn failure_text(case: &Case, failure: &Failure) -> String {
    let mut out = String::new();
    line(&mut out, format_args!("FAIL  {}", case.id()));
    line(&mut out, format_args!("  {}, step {}", case.file, failure.step));
    match &failure.why {
        Why::Trouble(what) => line(&mut out, format_args!("  {}", what.replace('\n', "\n  "))),
        Why::Differs(differences) => {
            for difference in differences.iter().take(SHOWN_DIFFERENCES) {
                line(&mut out, format_args!("  at {}", difference.path));
                line(&mut out, format_args!("    expected  {}", difference.expected));
                line(&mut out, format_args!("    actual    {}", difference.actual));
            }
            if differences.len() > SHOWN_DIFFERENCES {
                line(
                    &mut out,
                    format_args!("  and {} more differences", differences.len() - SHOWN_DIFFERENCES),
                );
            }
        }
    }
    line(&mut out, format_args!("  why: {} [{}]", case.why, case.source));
    out
}

fn case_json(case: &Case, verdict: &Verdict) -> Value {
    let mut entry = json!({"case": case.id(), "file": case.file});
    match verdict {
        Verdict::Passed => entry["result"] = json!("passed"),
        Verdict::Skipped(reason) => {
            entry["result"] = json!("skipped");
            entry["reason"] = json!(reason);
        }
        Verdict::Closed(reason) => {
            entry["result"] = json!("failed");
            entry["reason"] = json!(format!("passes, but is a known gap: {reason}"));
        }
        Verdict::Failed(failure) => {
            entry["result"] = json!("failed");
            entry["step"] = json!(failure.step);
            match &failure.why {
                Why::Trouble(what) => entry["reason"] = json!(what),
                Why::Differs(differences) => entry["differences"] = json!(differences),
            }
        }
    }
    entry
}
