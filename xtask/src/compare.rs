//! The figures of two commits, line by line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Which way a ratio is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Better {
    Less,
    More,
}

/// One run's ratio of each claim, by name.
pub(crate) type Figures = BTreeMap<String, (Better, f64)>;

/// The figures in what the measuring program says with `--json`; none where it is not that.
pub(crate) fn figures(object: &Value) -> Option<Figures> {
    let figure = |claim: &Value| {
        let better = match claim["bound"].as_str()? {
            "at_most" => Better::Less,
            "at_least" => Better::More,
            _ => return None,
        };
        Some((claim["name"].as_str()?.to_owned(), (better, claim["ratio"].as_f64()?)))
    };
    object["claims"].as_array()?.iter().map(figure).collect()
}

/// One claim: its ratio on both sides, round by round.
#[derive(Debug)]
struct Line {
    better: Better,
    pairs: Vec<(f64, f64)>,
}

impl Line {
    /// Now over then of each round, in order of size.
    fn quotients(&self) -> Vec<f64> {
        let quotient = |&(now, then): &(f64, f64)| if now == then { 1.0 } else { now / then };
        let mut quotients: Vec<f64> = self.pairs.iter().map(quotient).collect();
        quotients.sort_by(f64::total_cmp);
        quotients
    }

    fn is_worse(&self, tolerance: f64) -> bool {
        let quotient = median(self.quotients());
        match self.better {
            Better::Less => quotient > 1.0 + tolerance,
            Better::More => quotient < 1.0 - tolerance,
        }
    }
}

/// The middle one, or between the two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    f64::midpoint(values[last / 2], values[last.div_ceil(2)])
}

/// The rounds of two sides.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    lines: BTreeMap<String, Line>,
    /// Claims that one side alone makes, and which.
    lone: BTreeMap<String, &'static str>,
}

impl Comparison {
    /// Adds a round.
    pub(crate) fn add(&mut self, now: &Figures, then: &Figures) {
        for (name, &(better, ratio)) in now {
            match then.get(name) {
                Some(&(_, before)) => {
                    let line = Line { better, pairs: Vec::new() };
                    self.lines.entry(name.clone()).or_insert(line).pairs.push((ratio, before));
                }
                None => {
                    self.lone.insert(name.clone(), "new");
                }
            }
        }
        let gone = then.keys().filter(|name| !now.contains_key(*name));
        self.lone.extend(gone.map(|name| (name.clone(), "gone")));
    }

    /// How many lines are worse by more than the tolerance, a share of 1.
    pub(crate) fn worse(&self, tolerance: f64) -> usize {
        self.lines.values().filter(|line| line.is_worse(tolerance)).count()
    }

    /// A line for each claim: the medians of both sides, the median of now over then with the least and the greatest of it, the verdict.
    pub(crate) fn table(&self, tolerance: f64) -> String {
        let mut table = String::new();
        for (name, line) in &self.lines {
            let (now, then) = line.pairs.iter().copied().unzip();
            let (now, then) = (median(now), median(then));
            let quotients = line.quotients();
            let (least, most) = (quotients[0], quotients[quotients.len() - 1]);
            let verdict = if line.is_worse(tolerance) { "worse" } else { "ok" };
            let better = if line.better == Better::Less { "less" } else { "more" };
            let quotient = median(quotients);
            writeln!(
                table,
                "{name:<48} now {now:>9.3}  then {then:>9.3}  now/then {quotient:>6.3} ({least:.3} to {most:.3}), {better} is better: {verdict}",
            )
            .expect("writing to memory cannot fail");
        }
        for (name, what) in &self.lone {
            writeln!(table, "{name:<48} {what}").expect("writing to memory cannot fail");
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, figures};
    use serde_json::json;

    fn run(claims: &[(&str, &str, f64)]) -> super::Figures {
        let claims: Vec<_> = claims
            .iter()
            .map(|(name, bound, ratio)| json!({"name": name, "bound": bound, "ratio": ratio}))
            .collect();
        figures(&json!({"load": "0 0 0", "claims": claims})).expect("sound figures")
    }

    #[test]
    fn the_median_of_the_quotients_decides() {
        let mut comparison = Comparison::default();
        for (now, then) in [(1.04, 1.0), (3.0, 2.0), (2.06, 2.0)] {
            comparison.add(&run(&[("core.put", "at_most", now)]), &run(&[("core.put", "at_most", then)]));
        }
        assert_eq!(comparison.worse(0.05), 0, "1.04, 1.03 and an outlier of 1.5: the middle is 1.04");
        assert_eq!(comparison.worse(0.03), 1);
        comparison.add(&run(&[("core.put", "at_most", 1.0)]), &run(&[("core.put", "at_most", 1.0)]));
        assert_eq!(comparison.worse(0.034), 1, "1, 1.03, 1.04, 1.5: the middle is 1.035");
        assert_eq!(comparison.worse(0.036), 0);
        assert!(comparison.table(0.05).contains("1.035 (1.000 to 1.500)"), "{}", comparison.table(0.05));
    }

    #[test]
    fn worse_is_less_where_more_is_better() {
        let compared = |bound: &str, now: f64, then: f64| {
            let mut comparison = Comparison::default();
            comparison.add(&run(&[("x", bound, now)]), &run(&[("x", bound, then)]));
            comparison.worse(0.05)
        };
        assert_eq!((compared("at_least", 0.9, 1.0), compared("at_least", 1.2, 1.0)), (1, 0));
        assert_eq!((compared("at_most", 0.9, 1.0), compared("at_most", 1.2, 1.0)), (0, 1));
        assert_eq!(compared("at_most", 0.0, 0.0), 0, "nothing is as much as nothing");
        assert_eq!(compared("at_most", 0.1, 0.0), 1, "something is more than nothing");
    }

    #[test]
    fn a_claim_of_one_side_is_named_and_not_judged() {
        let mut comparison = Comparison::default();
        comparison.add(&run(&[("a.new", "at_most", 9.0)]), &run(&[("a.old", "at_most", 1.0)]));
        assert_eq!(comparison.worse(0.05), 0);
        let table = comparison.table(0.05);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines, [["a.new", "new"], ["a.old", "gone"]]);
    }

    #[test]
    fn what_is_no_figures_is_refused() {
        assert!(figures(&json!({"claims": [{"name": "x", "bound": "about", "ratio": 1.0}]})).is_none());
        assert!(figures(&json!([])).is_none());
    }
}
