//! `cargo xtask check`: what can be said about the source without running it.

use crate::environment::Workspace;
use crate::process::{Show, succeed};
use crate::tally::Tally;
use crate::{Result, generate, rules};

/// A check: its name, and what it does.
pub(crate) type Check = (&'static str, fn(&Workspace) -> Result<Tally>);

/// The checks, the quickest first.
pub(crate) const CHECKS: [Check; 4] = [
    ("rules", check_rules),
    ("generated", check_generated),
    ("format", check_format),
    ("lints", check_lints),
];

/// The rules of the house: layers, names, lengths, clocks.
fn check_rules(workspace: &Workspace) -> Result<Tally> {
    rules::check(&workspace.root).map(|()| Tally::ONE)
}

/// Generated files say what the registry says.
fn check_generated(workspace: &Workspace) -> Result<Tally> {
    generate::check(&workspace.root).map(|()| Tally::ONE)
}

fn check_format(workspace: &Workspace) -> Result<Tally> {
    succeed(workspace.cargo().args(["fmt", "--all", "--check"]), Show::All).map(|_| Tally::ONE)
}

fn check_lints(workspace: &Workspace) -> Result<Tally> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    succeed(workspace.cargo().args(arguments), Show::All).map(|_| Tally::ONE)
}
