//! The conformance runner: reads the language-neutral cases of `tests/cases`, plays them to a driver process over the
//! line protocol and says exactly where an answer differs. `tests/FORMAT.md` defines both formats.
//!
//! ```text
//! files ─ json ─► case (shapes) ─ check (scopes, names) ─► run ◄─► driver (child process)
//!                   │ build: values sent                   │
//!                   │ matching: values expected            ├─► report, gaps
//!                                                          └─► store: memory, or directories of their own
//! ```

pub mod build;
pub mod case;
pub mod check;
pub mod driver;
pub mod gaps;
pub mod json;
pub mod matching;
pub mod report;
pub mod run;
pub mod store;
pub mod target;
pub mod wording;
