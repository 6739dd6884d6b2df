//! Claims that are measured inside another program: the languages, and the peer. Each prints one JSON array of claims.

use std::process::{Command, Stdio};

use crate::Scope;
use crate::claim::Claim;

pub(crate) fn python(scope: &Scope) -> Result<Vec<Claim>, String> {
    let interpreter = scope.root.join(".venv/bin/python");
    run(Command::new(interpreter).arg(scope.root.join("benches/python/measure.py")))
}

pub(crate) fn node(scope: &Scope) -> Result<Vec<Claim>, String> {
    run(Command::new("node").arg(scope.root.join("benches/node/measure.mjs")))
}

/// The peer is built here, in a workspace of its own: nothing else needs it. What it has done, Python does likewise.
pub(crate) fn peer(scope: &Scope) -> Result<Vec<Claim>, String> {
    let manifest = scope.root.join("benches/peer/Cargo.toml");
    let this = std::env::current_exe().map_err(|e| format!("where is this program? {e}"))?;
    let work = this.with_file_name("bench-peer-work.json");
    let mut command = Command::new("cargo");
    command.args(["run", "--release", "--quiet", "--manifest-path"]).arg(manifest).arg("--").arg(&work);
    let mut claims = run(&mut command)?;
    let interpreter = scope.root.join(".venv/bin/python");
    claims.extend(run(Command::new(interpreter)
        .arg(scope.root.join("benches/python/table_api.py"))
        .arg(&work))?);
    std::fs::remove_file(&work).map_err(|e| format!("{}: {e}", work.display()))?;
    Ok(claims)
}

fn run(command: &mut Command) -> Result<Vec<Claim>, String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("{} does not start: {e}", command.get_program().display()))?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", command.get_program().display(), output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("its answer cannot be read: {e}"))
}
