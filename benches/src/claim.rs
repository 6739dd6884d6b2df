//! A claim, and how its ratio is found.

use std::fmt;

use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

/// Which side of its limit a ratio has to be on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtMost,
    AtLeast,
}

/// A claim that was measured.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) ratio: f64,
    pub(crate) bound: Bound,
    pub(crate) limit: f64,
    /// The two sides in units a reader can place, such as `put 2.9 us, floor 1.1 us`.
    pub(crate) detail: String,
}

impl Claim {
    pub(crate) fn holds(&self) -> bool {
        match self.bound {
            Bound::AtMost => self.ratio <= self.limit,
            Bound::AtLeast => self.ratio >= self.limit,
        }
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "name": self.name,
            "ratio": self.ratio,
            "bound": if self.bound == Bound::AtMost { "at_most" } else { "at_least" },
            "limit": self.limit,
            "ok": self.holds(),
            "detail": self.detail,
        })
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.bound == Bound::AtMost { "<=" } else { ">=" };
        let verdict = if self.holds() { "ok" } else { "short" };
        write!(
            f,
            "{:<44} {:>9.2} {sign}{:<6} {verdict:<6} {}",
            self.name, self.ratio, self.limit, self.detail
        )
    }
}

/// Processor time that `work` took on this thread, in microseconds.
pub(crate) fn micros(work: impl FnOnce()) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
    };
    let start = now();
    work();
    now() - start
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Interleaves two measurements and returns the median ratio and the median of each side.
pub(crate) fn interleaved(
    rounds: usize,
    mut measured: impl FnMut() -> f64,
    mut floor: impl FnMut() -> f64,
) -> (f64, f64, f64) {
    let pairs: Vec<(f64, f64)> = (0..rounds).map(|_| (measured(), floor())).collect();
    let ratio = median(pairs.iter().map(|(a, b)| a / b).collect());
    (ratio, median(pairs.iter().map(|p| p.0).collect()), median(pairs.iter().map(|p| p.1).collect()))
}
