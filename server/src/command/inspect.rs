//! `streamtable inspect`: the inspector's page, over a directory or a running server.

use std::process::ExitCode;
use std::sync::Arc;

use streamtable_inspect::Inspector;
use tokio::signal::ctrl_c;

use crate::arguments::{Inspect, Source};
use crate::inspector::{Mode, announce};

pub(crate) fn run(arguments: &Inspect) -> ExitCode {
    match show(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("streamtable: {why}");
            ExitCode::FAILURE
        }
    }
}

fn show(arguments: &Inspect) -> Result<(), String> {
    let looks = arguments.source.open_to_look().map_err(|error| error.message().to_owned())?;
    // A directory is looked at alone: whoever works on it opens it.
    let is_read = arguments.read || matches!(arguments.source, Source::Directory(_));
    let mode = if is_read { Mode::Read } else { Mode::Full };
    let inspector = Inspector::over(Arc::clone(&looks), looks, arguments.view.options(mode));
    let inspector = inspector.map_err(|cause| format!("the inspector cannot start: {cause}"))?;
    announce(&inspector).map_err(|cause| format!("cannot write the address: {cause}"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let waited = runtime.map_err(|cause| format!("cannot start: {cause}"))?.block_on(ctrl_c());
    waited.map_err(|cause| format!("cannot wait for the end: {cause}"))
}
