//! The examples of the documents, run as they stand: what a reader copies works.
//!
//! A fenced block is run by the language behind its fence:
//!
//! * `rust`: as a documentation test against the core crate,
//! * `python`: by the interpreter of the virtual environment,
//! * `js`: by Node, as a module that finds the packages of `examples/node`,
//! * `c`: compiled with warnings as errors, linked with the C library, run,
//! * `sh`: by `sh -eu`, with the built programs on the path and port 8000 replaced by a free one,
//! * `console`: lines that begin with `$ cargo xtask` are parsed by this program's own options; nothing is run.
//!
//! Each runs in an empty folder of its own, so that it may make files by simple names.
//!
//! Blocks of `text` and `json` are not programs. A fence without a language, or with another one, is an error: nobody checks it.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;

use crate::demo::compile_c;
use crate::environment::{Workspace, read, write};
use crate::process::{Show, run, succeed};
use crate::tally::{Reporter, Tally};
use crate::{Options, Result, tally};

/// The documents whose examples are run.
const DOCUMENTS: [&str; 8] = [
    "README.md",
    "bindings-python/README.md",
    "bindings-node/README.md",
    "bindings-c/README.md",
    "server/README.md",
    "docs/coming-from-dynalite.md",
    "docs/coming-from-moto.md",
    "docs/observing.md",
];

/// A fenced block.
#[derive(Debug, PartialEq)]
struct Block {
    language: String,
    line: usize,
    text: String,
}

/// Runs every block of every document.
pub(crate) fn run_all(workspace: &Workspace) -> Result<Tally> {
    let folder = workspace.target.join("doc-examples");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    link_packages(workspace, &folder)?;
    let mut tally = Tally::default();
    for document in DOCUMENTS {
        if document != "README.md" && !workspace.root.join(document).exists() {
            continue;
        }
        let blocks = blocks(&read(&workspace.root, document)?).map_err(|why| format!("{document}: {why}"))?;
        if blocks.iter().any(|block| block.language == "rust") {
            tally += run_rust(workspace, document)?;
        }
        for block in blocks {
            let place = format!("{document}:{} ({})", block.line, block.language);
            match run_block(workspace, &folder, &block) {
                Ok(None) => {}
                Ok(Some(())) => {
                    println!("  ok   {place}");
                    tally.passed += 1;
                }
                Err(why) => {
                    println!("  FAIL {place}: {why}");
                    tally.failed += 1;
                }
            }
        }
    }
    Ok(tally)
}

/// Runs one block; `None` for what is no program, or is run with its whole document.
fn run_block(workspace: &Workspace, folder: &Path, block: &Block) -> Result<Option<()>> {
    let save = |name: &str| {
        let path = folder.join(name);
        write(&path, &block.text).map(|()| path)
    };
    let empty = folder.join("empty");
    if empty.exists() {
        fs::remove_dir_all(&empty).map_err(|e| format!("{}: {e}", empty.display()))?;
    }
    fs::create_dir_all(&empty).map_err(|e| format!("{}: {e}", empty.display()))?;
    match block.language.as_str() {
        "text" | "json" | "rust" => return Ok(None),
        "python" => run_quietly(workspace.python().arg(save("example.py")?).current_dir(&empty))?,
        "js" => run_quietly(workspace.command("node").arg(save("example.mjs")?).current_dir(&empty))?,
        "c" => run_c(workspace, &save("example.c")?, &empty)?,
        "sh" => run_shell(workspace, folder, &block.text, &empty)?,
        "console" => parse_console(&block.text)?,
        other => return Err(format!("nobody checks blocks of {other:?}")),
    }
    Ok(Some(()))
}

fn run_quietly(command: &mut Command) -> Result<()> {
    succeed(command, Show::OnFailure).map(|_| ())
}

/// `rustdoc` runs the Rust blocks of a document by itself.
fn run_rust(workspace: &Workspace, document: &str) -> Result<Tally> {
    let debug = workspace.target.join("debug");
    let mut rustdoc = workspace.command("rustdoc");
    rustdoc
        .args(["--test", "--edition", "2024", document, "--extern"])
        .arg(format!("streamtable={}", debug.join("libstreamtable.rlib").display()))
        .arg("-L")
        .arg(format!("dependency={}", debug.join("deps").display()));
    let finished = run(&mut rustdoc, Show::OnFailure)?;
    match tally::read(Reporter::Cargo, &finished.output) {
        Tally { passed: 0, failed: 0 } => Err(format!("{document}: rustdoc ran no example")),
        counted => Ok(counted),
    }
}

fn run_c(workspace: &Workspace, source: &Path, empty: &Path) -> Result<()> {
    let program = source.with_extension("bin");
    compile_c(workspace, &[source], &program)?;
    run_quietly(workspace.command(program).current_dir(empty))
}

fn run_shell(workspace: &Workspace, folder: &Path, text: &str, empty: &Path) -> Result<()> {
    // A port that was free a moment ago; 8000, which a reader uses, may be taken on a machine that runs tests.
    let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let port = free.map_err(|e| format!("no free port: {e}"))?.port();
    let mut path = vec![workspace.target.join("debug")];
    path.extend(
        std::env::var_os("PATH").iter().flat_map(|value| std::env::split_paths(value).collect::<Vec<_>>()),
    );
    let path = std::env::join_paths(path).map_err(|e| format!("the path cannot be written: {e}"))?;
    let script: PathBuf = folder.join("example.sh");
    // What the example leaves running in the background ends with it, and the status stays that of the example.
    let cleaner =
        r#"trap 'status=$?; set +u; if [ -n "$!" ]; then kill $! 2>/dev/null || :; fi; exit $status' EXIT"#;
    write(&script, &format!("{cleaner}\n{}", text.replace("8000", &port.to_string())))?;
    run_quietly(workspace.command("sh").arg("-eu").arg(script).env("PATH", path).current_dir(empty))
}

fn parse_console(text: &str) -> Result<()> {
    let mut seen = false;
    for line in text.lines() {
        let Some(command) = line.strip_prefix("$ cargo xtask") else { continue };
        let command = command.split('#').next().unwrap_or(command);
        let words = std::iter::once("cargo xtask").chain(command.split_whitespace());
        Options::try_parse_from(words).map_err(|e| format!("`{line}`: {e}"))?;
        seen = true;
    }
    if seen { Ok(()) } else { Err("no line begins with `$ cargo xtask`".to_owned()) }
}

/// Lets modules in the folder import what the Node examples import.
fn link_packages(workspace: &Workspace, folder: &Path) -> Result<()> {
    let link = folder.join("node_modules");
    if !link.exists() {
        let packages = workspace.root.join("examples/node/node_modules");
        std::os::unix::fs::symlink(&packages, &link).map_err(|e| format!("{}: {e}", link.display()))?;
    }
    Ok(())
}

/// The fenced blocks of a document.
fn blocks(text: &str) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (i, line) in text.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(""), None) => return Err(format!("line {}: a fence without a language", i + 1)),
            (Some(language), None) => {
                open = Some(Block { language: language.trim().to_owned(), line: i + 1, text: String::new() });
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    match open {
        None => Ok(blocks),
        Some(block) => Err(format!("line {}: the fence is never closed", block.line)),
    }
}

#[cfg(test)]
mod tests {
    use super::{blocks, parse_console};

    #[test]
    fn blocks_are_found_with_language_and_line() {
        let found = blocks("a\n```python\nprint(1)\n```\n\n```text\nx\n```\n").expect("well formed");
        let shown: Vec<_> = found.iter().map(|b| (b.language.as_str(), b.line, b.text.as_str())).collect();
        assert_eq!(shown, [("python", 2, "print(1)\n"), ("text", 6, "x\n")]);
        assert!(blocks("```\nx\n```\n").is_err(), "nobody knows what it is");
        assert!(blocks("```c\nint x;\n").is_err(), "never closed");
    }

    #[test]
    fn commands_in_documents_are_commands_of_this_program() {
        assert!(
            parse_console("$ cargo xtask demo\n$ cargo xtask conform python --case iterators  # one theme\n")
                .is_ok()
        );
        assert!(parse_console("$ cargo xtask frobnicate\n").is_err());
        assert!(parse_console("$ ls\n").is_err(), "a block that checks nothing");
    }
}
