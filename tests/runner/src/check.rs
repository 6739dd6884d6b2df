//! What can only be seen across steps, cases and files: names that must be unique, and references that must have been
//! bound by an earlier step. Also finds and reads the files.

use crate::build::{Name, Template};
use crate::case::{Case, CaseFile, Expect, Problem, Step, parse_file};
use crate::matching::{Member, Pattern};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Reads every `.json` below `folder`. All problems of all files come back together, in file order.
///
/// # Errors
/// The problems found; a folder or file that cannot be read is one of them.
pub fn load(folder: &Path) -> Result<Vec<CaseFile>, Vec<Problem>> {
    let unreadable = |path: &Path, e: io::Error| Problem {
        file: path.display().to_string(),
        case: None,
        step: None,
        what: format!("cannot be read: {e}"),
    };
    let mut paths = Vec::new();
    find(folder, &mut paths).map_err(|(path, e)| vec![unreadable(&path, e)])?;
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) => {
                problems.push(unreadable(&path, e));
                continue;
            }
        };
        match parse_file(&path.display().to_string(), &text) {
            Ok(file) => {
                check_suite(&file, folder, &path, &mut problems);
                check_file(&file, &mut problems);
                files.push(file);
            }
            Err(mut found) => problems.append(&mut found),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// The `.json` files below a folder, sorted, so that every run has the same order.
fn find(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let at = |e| (folder.to_owned(), e);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        entries.push(entry.map_err(at)?.path());
    }
    entries.sort();
    for path in entries {
        if path.is_dir() {
            find(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    Ok(())
}

/// The suite is the path: then a case's name finds its file, and two files cannot claim one suite.
fn check_suite(file: &CaseFile, folder: &Path, path: &Path, problems: &mut Vec<Problem>) {
    let Ok(below) = path.with_extension("").strip_prefix(folder).map(Path::to_owned) else { return };
    let wanted =
        below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    if file.suite != wanted {
        problems.push(Problem {
            file: file.path.clone(),
            case: None,
            step: None,
            what: format!(
                "\"suite\" is \"{}\"; here it must be \"{wanted}\", the path of the file",
                file.suite
            ),
        });
    }
}

/// Names and references of all cases of a file.
pub fn check_file(file: &CaseFile, problems: &mut Vec<Problem>) {
    let mut names = BTreeSet::new();
    for case in &file.cases {
        if !names.insert(case.name.as_str()) {
            problems.push(Problem {
                file: file.path.clone(),
                case: Some(case.name.clone()),
                step: None,
                what: "the name is there twice in this file; name one of them for what sets it apart"
                    .to_owned(),
            });
        }
        let mut walk = Walk { case, answers: BTreeSet::new(), indexes: Vec::new(), calls: false, problems };
        walk.steps(&case.steps, "");
        if !walk.calls {
            walk.problem(None, "no step calls or opens anything, so the case cannot fail".into());
        }
    }
}

struct Walk<'a> {
    case: &'a Case,
    answers: BTreeSet<&'a str>,
    indexes: Vec<&'a str>,
    /// A step asks something of the target that can go wrong.
    calls: bool,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn problem(&mut self, step: Option<&str>, what: String) {
        self.problems.push(Problem {
            file: self.case.file.clone(),
            case: Some(self.case.name.clone()),
            step: step.map(str::to_owned),
            what,
        });
    }

    fn steps(&mut self, steps: &'a [Step], outer: &str) {
        for (i, step) in steps.iter().enumerate() {
            let number = format!("{outer}{}", i + 1);
            match step {
                Step::Call(call) => {
                    self.calls = true;
                    self.template(call.body.parts().1, &number);
                    match &call.expect {
                        Expect::Success => {}
                        Expect::Output(pattern) => self.pattern(pattern, &number),
                        Expect::Error(members) => self.error(members, &number),
                    }
                    self.answers.extend(call.answer.as_deref());
                }
                Step::Open { error, .. } | Step::Reopen { error, .. } => {
                    self.calls = true;
                    self.error(error.as_deref().unwrap_or(&[]), &number);
                }
                Step::Rival { error, .. } => {
                    self.calls = true;
                    self.error(error, &number);
                }
                Step::Advance { .. } | Step::Object { .. } | Step::Close => {}
                Step::Repeat { index, steps, .. } => {
                    if let Some(name) = index.as_deref().filter(|name| self.indexes.contains(name)) {
                        self.problem(
                            Some(&number),
                            format!("\"{name}\" counts an outer repeat; take another name"),
                        );
                    }
                    self.indexes.extend(index.as_deref());
                    self.steps(steps, &format!("{number}."));
                    self.indexes.truncate(self.indexes.len() - usize::from(index.is_some()));
                }
            }
        }
    }

    fn error(&mut self, members: &'a [(String, Member)], number: &str) {
        for (_, member) in members {
            if let Member::Is(pattern) = member {
                self.pattern(pattern, number);
            }
        }
    }

    fn template(&mut self, template: &Template, number: &str) {
        let mut unknown = Vec::new();
        template.visit_names(&mut Vec::new(), &mut |name, bound| unknown.extend(self.unknown(name, bound)));
        unknown.into_iter().for_each(|what| self.problem(Some(number), what));
    }

    fn pattern(&mut self, pattern: &Pattern, number: &str) {
        let mut unknown = Vec::new();
        pattern.visit_names(&mut |name, bound| unknown.extend(self.unknown(name, bound)));
        unknown.into_iter().for_each(|what| self.problem(Some(number), what));
    }

    fn unknown(&self, name: Name<'_>, bound: &[String]) -> Option<String> {
        match name {
            Name::Answer(name) if self.answers.contains(name) => None,
            Name::Answer(name) => Some(format!(
                "\"$ref\" to \"{name}\": no earlier step has \"as\": \"{name}\"; add it to the step meant"
            )),
            Name::Index(name) if self.indexes.contains(&name) || bound.iter().any(|own| own == name) => None,
            Name::Index(name) => Some(format!(
                "no \"repeat\" or \"$list\" around this counts \"{name}\"; add \"as\": \"{name}\" to it"
            )),
        }
    }
}
