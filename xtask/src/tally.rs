//! Counting what other test runners report.

use std::ops::AddAssign;

/// Tests that passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// One check that held.
    pub(crate) const ONE: Tally = Tally { passed: 1, failed: 0 };
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Whose report is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reporter {
    /// `test result: ok. 12 passed; 0 failed; …`, once per test program.
    Cargo,
    /// `12 passed, 0 failed, 1 skipped` alone on a line.
    Conform,
    /// `===== 12 passed, 1 failed in 0.52s =====`
    Pytest,
    /// `# pass 12` and `# fail 0`, or the same behind an `ℹ`.
    Node,
}

/// Sums what a report says.
pub(crate) fn read(reporter: Reporter, output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines() {
        let line = line.trim();
        match reporter {
            Reporter::Cargo if line.starts_with("test result:") => tally += counts(line),
            Reporter::Conform
                if line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" failed") =>
            {
                tally = counts(line);
            }
            Reporter::Pytest if line.contains(" in ") && line.ends_with(|c: char| "=s)".contains(c)) => {
                let found = counts(line);
                if found != Tally::default() {
                    tally = found;
                }
            }
            Reporter::Node => {
                let words: Vec<&str> = line.split_whitespace().collect();
                if let ["#" | "ℹ", what, number] = words[..] {
                    let number = number.parse().unwrap_or(0);
                    match what {
                        "pass" => tally.passed += number,
                        "fail" | "cancelled" => tally.failed += number,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    tally
}

/// The numbers before the words `passed` and `failed` (and pytest's `error`, which is a test that did not even start).
fn counts(line: &str) -> Tally {
    let mut tally = Tally::default();
    let words: Vec<&str> = line.split_whitespace().collect();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].parse::<u64>() else { continue };
        match pair[1].trim_end_matches([',', ';']) {
            "passed" => tally.passed += number,
            "failed" | "error" | "errors" => tally.failed += number,
            _ => {}
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::{Reporter, Tally, read};

    #[test]
    fn each_reporter_is_read() {
        let cargo = "test a ... ok\ntest result: ok. 12 passed; 0 failed; 1 ignored\n\ntest result: FAILED. 1 passed; 2 failed;";
        assert_eq!(read(Reporter::Cargo, cargo), Tally { passed: 13, failed: 2 });
        let conform = "FAIL x\n 3 passed by eye\n310 passed, 2 failed, 4 skipped\n";
        assert_eq!(read(Reporter::Conform, conform), Tally { passed: 310, failed: 2 });
        let pytest =
            "FAILED t.py::x - 3 passed in vain\n==== 2 failed, 40 passed, 1 error in 1.20s (0:01:02) ====";
        assert_eq!(read(Reporter::Pytest, pytest), Tally { passed: 40, failed: 3 });
        assert_eq!(read(Reporter::Pytest, "40 passed in 1.20s"), Tally { passed: 40, failed: 0 });
        let node = "# tests 9\n# pass 8\n# fail 1\n# cancelled 0";
        assert_eq!(read(Reporter::Node, node), Tally { passed: 8, failed: 1 });
        assert_eq!(read(Reporter::Node, "ℹ pass 3\nℹ fail 0"), Tally { passed: 3, failed: 0 });
    }

    #[test]
    fn silence_counts_nothing() {
        for reporter in [Reporter::Cargo, Reporter::Conform, Reporter::Pytest, Reporter::Node] {
            assert_eq!(read(reporter, "all is well\n"), Tally::default());
        }
    }
}
