//! The words that are no names: those of SQL-92 and PartiQL, in any case. A name that is one of them stands in double quotes.

/// Sorted.
#[rustfmt::skip]
const KEYWORDS: [&str; 260] = [
    "absolute", "action", "add", "all", "allocate", "alter", "and", "any", "are", "as", "asc", "assertion", "at",
    "authorization", "avg", "bag", "begin", "between", "bigint", "bit", "bit_length", "blob", "bool", "boolean", "both", "by",
    "cascade", "cascaded", "case", "cast", "catalog", "char", "char_length", "character", "character_length", "check", "clob",
    "close", "coalesce", "collate", "collation", "column", "commit", "conflict", "connect", "connection", "constraint",
    "constraints", "continue", "convert", "corresponding", "count", "create", "cross", "current", "current_date",
    "current_time", "current_timestamp", "current_user", "cursor", "date", "date_add", "date_diff", "day", "deallocate",
    "dec", "decimal", "declare", "default", "deferrable", "deferred", "delete", "desc", "describe", "descriptor",
    "diagnostics", "disconnect", "distinct", "do", "domain", "double", "drop", "else", "end", "escape", "except",
    "exception", "exec", "execute", "exists", "external", "extract", "false", "fetch", "first", "float", "for", "foreign",
    "found", "from", "full", "get", "global", "go", "goto", "grant", "group", "having", "hour", "identity", "immediate",
    "in", "index", "indicator", "initially", "inner", "input", "insensitive", "insert", "int", "int2", "int4", "int8",
    "integer", "integer2", "integer4", "integer8", "intersect", "interval", "into", "is", "isolation", "join", "key",
    "language", "last", "leading", "left", "let", "level", "like", "limit", "list", "local", "lower", "match", "max", "min",
    "minute", "missing", "modified", "module", "month", "names", "national", "natural", "nchar", "new", "next", "no", "not",
    "nothing", "null", "nullif", "numeric", "octet_length", "of", "old", "on", "only", "open", "option", "or", "order",
    "outer", "output", "overlaps", "pad", "partial", "pivot", "position", "precision", "prepare", "preserve", "primary",
    "prior", "privileges", "procedure", "public", "read", "real", "references", "relative", "remove", "restrict",
    "returning", "revoke", "right", "rollback", "rows", "schema", "scroll", "second", "section", "select", "session",
    "session_user", "set", "sexp", "size", "smallint", "some", "space", "sql", "sqlcode", "sqlerror", "sqlstate", "string",
    "struct", "substring", "sum", "symbol", "system_user", "table", "temporary", "then", "time", "timestamp",
    "timezone_hour", "timezone_minute", "to", "trailing", "transaction", "translate", "translation", "trim", "true",
    "tuple", "union", "unique", "unknown", "unpivot", "update", "upper", "usage", "user", "using", "value", "values",
    "varchar", "varying", "view", "when", "whenever", "where", "with", "work", "write", "year", "zone",
];

/// Keywords that name functions where a parenthesis follows.
const FUNCTIONS: [&str; 19] = [
    "avg",
    "bag",
    "bit_length",
    "char_length",
    "character_length",
    "coalesce",
    "count",
    "exists",
    "list",
    "lower",
    "max",
    "min",
    "nullif",
    "octet_length",
    "sexp",
    "size",
    "substring",
    "sum",
    "upper",
];

/// Types that `IS` may name, by the names the service knows them under. `DOUBLE PRECISION` and `CHARACTER VARYING` are two words.
const TYPES: [(&str, &str); 34] = [
    ("bag", "BAG"),
    ("bigint", "INTEGER8"),
    ("blob", "BLOB"),
    ("bool", "BOOLEAN"),
    ("boolean", "BOOLEAN"),
    ("char", "CHARACTER"),
    ("character", "CHARACTER"),
    ("clob", "CLOB"),
    ("date", "DATE"),
    ("dec", "DECIMAL"),
    ("decimal", "DECIMAL"),
    ("float", "FLOAT"),
    ("int", "INTEGER"),
    ("int2", "SMALLINT"),
    ("int4", "INTEGER4"),
    ("int8", "INTEGER8"),
    ("integer", "INTEGER"),
    ("integer2", "SMALLINT"),
    ("integer4", "INTEGER4"),
    ("integer8", "INTEGER8"),
    ("list", "LIST"),
    ("missing", "MISSING"),
    ("null", "NULL"),
    ("numeric", "NUMERIC"),
    ("real", "REAL"),
    ("sexp", "SEXP"),
    ("smallint", "SMALLINT"),
    ("string", "STRING"),
    ("struct", "STRUCT"),
    ("symbol", "SYMBOL"),
    ("time", "TIME"),
    ("timestamp", "TIMESTAMP"),
    ("tuple", "TUPLE"),
    ("varchar", "CHARACTER_VARYING"),
];

/// Whether a word is no name.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// Whether a keyword names a function.
pub(super) fn is_function(word: &str) -> bool {
    FUNCTIONS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// The type of this name.
pub(super) fn type_named(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    TYPES.iter().find(|(name, _)| *name == word).map(|(_, shown)| *shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        assert!(KEYWORDS.is_sorted_by(|a, b| a < b));
        assert!(FUNCTIONS.is_sorted_by(|a, b| a < b));
        assert!(FUNCTIONS.iter().all(|word| is_keyword(word)));
        assert!(TYPES.iter().all(|(word, _)| is_keyword(word)));
        assert!(is_keyword("Inner") && !is_keyword("name") && !is_keyword("status"));
    }
}
