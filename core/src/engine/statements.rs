//! Statements that were parsed, kept for those who ask again with other parameters: what others call prepared statements.

use std::sync::{Arc, OnceLock};

use quick_cache::sync::Cache;

use crate::api::Result;
use crate::statement::Statement;

/// Texts that are kept. With the trees of the longest they take some megabytes.
const KEPT: usize = 128;
/// A longer text is parsed each time it comes.
const KEPT_MAX_BYTES: usize = 1024;

/// Parses statements, most of them once.
#[derive(Debug, Default)]
pub(crate) struct Statements(
    /// Made by the first statement: opening and forking do without.
    OnceLock<Cache<Box<str>, Arc<Statement>>>,
);

impl Statements {
    /// As [`Statement::parse`].
    ///
    /// # Errors
    /// The same; what cannot be parsed is not kept.
    pub(crate) fn parse(&self, text: &str) -> Result<Arc<Statement>> {
        if text.len() > KEPT_MAX_BYTES {
            return Statement::parse(text).map(Arc::new);
        }
        let kept = self.0.get_or_init(|| Cache::new(KEPT));
        if let Some(known) = kept.get(text) {
            return Ok(known);
        }
        let parsed = Arc::new(Statement::parse(text)?);
        kept.insert(text.into(), parsed.clone());
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;
    use crate::statement::Parameters;

    #[test]
    fn a_text_is_parsed_once_unless_it_is_long_or_broken() {
        let statements = Statements::default();
        let twice = |text: &str| [0; 2].map(|_| statements.parse(text).expect("a statement"));
        let [first, second] = twice("SELECT * FROM t WHERE a = ?");
        assert!(Arc::ptr_eq(&first, &second));
        let long = format!("SELECT * FROM t WHERE a = '{}'", "x".repeat(KEPT_MAX_BYTES));
        let [first, second] = twice(&long);
        assert!(!Arc::ptr_eq(&first, &second));
        let broken = [0; 2].map(|_| statements.parse("SELECT").expect_err("no statement"));
        assert_eq!(broken[0].message(), broken[1].message());
    }

    #[test]
    fn only_so_many_are_kept() {
        let statements = Statements::default();
        for n in 0..10 * KEPT {
            statements.parse(&format!("SELECT * FROM t WHERE a = {n}")).expect("a statement");
        }
        assert!(statements.0.get().expect("made by the first").len() <= KEPT);
    }

    #[test]
    fn threads_run_one_statement_at_once() {
        for _ in 0..200 {
            let statements = Statements::default();
            let text = "SELECT * FROM t WHERE a = 'x' AND b IS STRING AND c = [1, {'d': 2}]";
            let start = Barrier::new(4);
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        let statement = statements.parse(text).expect("a statement");
                        start.wait();
                        assert!(statement.compile(Parameters(&[])).is_ok());
                    });
                }
            });
        }
    }
}
