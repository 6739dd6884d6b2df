//! The rules of the house that no other tool checks (clippy checks its own: `clippy.toml`, `core/clippy.toml`), each a function from source text to complaints.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::process::{Show, succeed};

/// The rooms of `core/src` from the ground up. A file uses rooms of lower layers, and its own.
const LAYERS: [&[&str]; 21] = [
    &["clock", "limits", "locks", "monitor"],
    &["workers"],
    &["value"],
    &["api"],
    &["entropy", "expression", "interchange", "pattern"],
    &["statement"],
    &["store"],
    &["bucket", "stream"],
    &["kinesis", "queue", "mapping"],
    &["table", "topic"],
    &["engine"],
    &["transaction"],
    &["operation"],
    &["registry", "options"],
    &["database"],
    &["door"],
    &["reader"],
    &["inspection", "records"],
    &["consumer"],
    &["fuzzing", "tests"],
    &["lib"],
];

/// Longest file, in lines, of what people write.
const FILE_MAX_LINES: usize = 600;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 5] = ["utils", "util", "helpers", "misc", "common"];

/// Text that may stand in no source file, and why.
const NOWHERE: [(&str, &str); 7] = [
    ("/dev/urandom", "chance is an argument: it comes from entropy.rs"),
    ("TODO", "finish it, or open an issue"),
    ("FIXME", "finish it, or open an issue"),
    ("XXX", "finish it, or open an issue"),
    ("/home/", "a path of one machine"),
    ("/Users/", "a path of one machine"),
    ("/root/", "a path of one machine"),
];

/// Ways to wait on a real clock, which tests and simulations must not do.
const SLEEPS: [&str; 5] = ["thread::sleep", "time.sleep(", "asyncio.sleep(", "setTimeout(", "nanosleep("];

const SOURCE_ENDINGS: [&str; 9] = ["rs", "py", "pyi", "mjs", "cjs", "js", "ts", "c", "h"];

/// Checks every file that git knows or would add.
///
/// # Errors
/// All complaints, one per line.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut complaints = Vec::new();
    let mut checked = 0;
    for path in files(root)? {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let stem = name.split('.').next().unwrap_or(name);
        if !name.rsplit_once('.').is_some_and(|(_, ending)| SOURCE_ENDINGS.contains(&ending)) {
            continue;
        }
        // A file that git lists and that is gone is a deletion not yet recorded.
        let Ok(text) = std::fs::read_to_string(root.join(&path)) else { continue };
        checked += 1;
        if EMPTY_NAMES.contains(&stem) {
            complaints.push(format!("{path}: the name says nothing; name what the file knows"));
        }
        // The file that lists the words has to contain them.
        if path != "xtask/src/rules.rs" {
            complaints.extend(check_text(&path, &text));
        }
    }
    if complaints.is_empty() {
        println!("  {checked} source files keep the rules");
        Ok(())
    } else {
        Err(complaints.join("\n"))
    }
}

fn check_text(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let generated = text.lines().take(12).any(|line| line.contains("`cargo xtask gen`"));
    let lines = text.lines().count();
    if lines > FILE_MAX_LINES && !generated {
        complaints
            .push(format!("{path}: {lines} lines, more than {FILE_MAX_LINES}; split it by what it knows"));
    }
    for (word, why) in NOWHERE {
        complaints.extend(found(text, word).map(|line| format!("{path}:{line}: `{word}`: {why}")));
    }
    if is_test(path) {
        for word in SLEEPS {
            let why = "waits on a real clock";
            complaints.extend(found(text, word).map(|line| format!("{path}:{line}: `{word}` {why}")));
        }
    }
    if let Some(inside) = path.strip_prefix("core/src/")
        && path.ends_with(".rs")
    {
        complaints.extend(check_layers(inside, text).into_iter().map(|what| format!("{path}:{what}")));
    }
    complaints
}

fn is_test(path: &str) -> bool {
    // The runner is a program: it waits for drivers, which are other processes.
    !path.starts_with("tests/runner/src/")
        && path.split('/').any(|part| matches!(part, "tests" | "test" | "sim" | "__test__"))
        || path.rsplit('/').next().is_some_and(|name| name.contains("test.") || name.starts_with("test_"))
}

/// Numbers of the lines that contain a word.
fn found<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    text.lines().enumerate().filter(move |(_, line)| line.contains(word)).map(|(i, _)| i + 1)
}

/// Complaints about the `use crate::` lines of one file of `core/src`, as `line: what`.
fn check_layers(inside: &str, text: &str) -> Vec<String> {
    let layers: BTreeMap<&str, usize> =
        LAYERS.iter().enumerate().flat_map(|(i, rooms)| rooms.iter().map(move |room| (*room, i))).collect();
    let room = inside.split(['/', '.']).next().unwrap_or(inside);
    let Some(own) = layers.get(room) else {
        return vec![format!(
            "1: room `{room}` is on no layer; give it one in xtask/src/rules.rs and AGENTS.md"
        )];
    };
    let mut complaints = Vec::new();
    // What stands behind `#[cfg(test)]` may look down from the roof: tests of a room use the whole house.
    let production = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    for (i, line) in production.lines().enumerate() {
        let Some((_, used)) = line.split_once("use crate::") else { continue };
        for used in first_names(used) {
            match layers.get(used) {
                Some(_) if used == room => {}
                Some(layer) if layer < own => {}
                Some(_) => {
                    complaints.push(format!("{}: `{room}` must not use `{used}`: not a lower layer", i + 1))
                }
                // A name re-exported by lib.rs hides which room it comes from.
                None => complaints
                    .push(format!("{}: `crate::{used}` is no room; name the room it lives in", i + 1)),
            }
        }
    }
    complaints
}

/// The first name of each path in what follows `use crate::`, which may be one path or a group of them.
fn first_names(used: &str) -> Vec<&str> {
    let name = |path: &'_ str| path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    match used.strip_prefix('{') {
        None => vec![&used[..name(used)]],
        Some(group) => {
            let mut depth = 0;
            let parts = group.split(move |c: char| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                c == ',' && depth == 0
            });
            parts.map(str::trim).map(|part| &part[..name(part)]).filter(|part| !part.is_empty()).collect()
        }
    }
}

fn files(root: &Path) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let mut files: Vec<String> = succeed(&mut git, Show::OnFailure)?.lines().map(str::to_owned).collect();
    files.sort_unstable();
    files.dedup();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{check_layers, check_text, first_names};

    #[test]
    fn a_room_knows_those_below_it_and_nobody_above() {
        assert!(
            check_layers("table/write.rs", "use crate::value::Item;\nuse crate::table::key;\n").is_empty()
        );
        let complaints =
            check_layers("table/write.rs", "\nuse crate::{api::Error, operation::{item, table}};\n");
        assert_eq!(complaints, ["2: `table` must not use `operation`: not a lower layer"]);
        assert_eq!(
            check_layers("clock.rs", "use crate::limits::X;").len(),
            1,
            "the same layer is not a lower one"
        );
        assert_eq!(check_layers("attic/x.rs", "").len(), 1, "an unknown room");
        assert_eq!(
            check_layers("table/write.rs", "use crate::Error;").len(),
            1,
            "a name hidden behind lib.rs"
        );
        let tests =
            "use crate::value::Item;\n#[cfg(test)]\nmod tests {\n    use crate::database::Database;\n}\n";
        assert!(check_layers("table/write.rs", tests).is_empty());
    }

    #[test]
    fn groups_give_their_first_names() {
        assert_eq!(first_names("{api::{Error, Result}, value::Item, limits};"), ["api", "value", "limits"]);
        assert_eq!(first_names("clock::Clock;"), ["clock"]);
    }

    #[test]
    fn words_are_found_where_they_must_not_stand() {
        assert_eq!(check_text("core/src/entropy.rs", r#"File::open("/dev/urandom")"#).len(), 1);
        assert_eq!(check_text("bindings-python/tests/test_x.py", "time.sleep(1)").len(), 1);
        assert!(check_text("server/src/main.rs", "thread::sleep(d)").is_empty());
        let long = "x\n".repeat(601);
        assert_eq!(check_text("sim/src/main.rs", &long).len(), 1);
        assert!(
            check_text("a/b.pyi", &format!("# Generated by `cargo xtask gen`; do not edit.\n{long}"))
                .is_empty()
        );
    }
}
