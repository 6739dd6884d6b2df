//! The use cases of event source mappings: small programs that check what they have done, each in Python and in Node.

use std::path::PathBuf;

use crate::Result;
use crate::environment::Workspace;
use crate::process::{Show, succeed};
use crate::tally::Tally;

/// A folder of programs, how they end, and the module in it that they share.
const FOLDERS: [(&str, &str, &str); 2] =
    [("examples/python/use_cases", "py", "tables.py"), ("examples/node/use-cases", "mjs", "tables.mjs")];

/// Runs them all.
pub(crate) fn run_all(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    for (folder, ending, shared) in FOLDERS {
        let programs = programs(workspace, folder, ending, shared)?;
        if programs.is_empty() {
            return Err(format!("{folder} has no program"));
        }
        for program in programs {
            let mut command = if ending == "py" { workspace.python() } else { workspace.command("node") };
            match succeed(command.arg(&program), Show::OnFailure) {
                Ok(told) => {
                    print!("  ok   {told}");
                    tally.passed += 1;
                }
                Err(why) => {
                    println!("  FAIL {}: {why}", program.display());
                    tally.failed += 1;
                }
            }
        }
    }
    Ok(tally)
}

fn programs(workspace: &Workspace, folder: &str, ending: &str, shared: &str) -> Result<Vec<PathBuf>> {
    let folder = workspace.root.join(folder);
    let trouble = |e: std::io::Error| format!("{}: {e}", folder.display());
    let entries = std::fs::read_dir(&folder).map_err(trouble)?;
    let mut programs = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(trouble)?;
    programs.retain(|path| path.extension().is_some_and(|known| known == ending) && !path.ends_with(shared));
    programs.sort();
    Ok(programs)
}
