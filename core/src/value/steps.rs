//! Counts steps through items and paths, so that tests can say how work grows without a clock.

use std::cell::Cell;

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// One step.
pub(crate) fn step() {
    STEPS.set(STEPS.get() + 1);
}

/// The steps that `work` took on this thread.
pub(crate) fn counted(work: impl FnOnce()) -> usize {
    let before = STEPS.get();
    work();
    STEPS.get() - before
}
