//! Random statements: sound ones by the grammar, with their parts in all spellings, and broken ones.

use crate::entropy::Entropy;

/// A source of random texts.
pub(super) struct Texts(Entropy);

const WORDS: [&str; 96] = [
    "SELECT",
    "select",
    "FROM",
    "WHERE",
    "INSERT",
    "INTO",
    "VALUE",
    "UPDATE",
    "SET",
    "REMOVE",
    "DELETE",
    "RETURNING",
    "ALL",
    "MODIFIED",
    "OLD",
    "NEW",
    "*",
    "ORDER",
    "BY",
    "ASC",
    "DESC",
    "LIMIT",
    "GROUP",
    "HAVING",
    "DISTINCT",
    "AND",
    "OR",
    "NOT",
    "IN",
    "BETWEEN",
    "IS",
    "LIKE",
    "ESCAPE",
    "MISSING",
    "NULL",
    "EXISTS",
    "AS",
    "AT",
    "t",
    "pk",
    "sk",
    "\"t\"",
    "\"i\"",
    "a",
    "b",
    "m",
    "'x'",
    "''",
    "'ä'",
    "1",
    "-2",
    "3.50",
    "1e5",
    "1e126",
    "?",
    "?",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<<",
    ">>",
    "<",
    ">",
    "<=",
    ">=",
    "=",
    "<>",
    "!=",
    "+",
    "-",
    "/",
    "%",
    "||",
    "@",
    ":",
    ",",
    ".",
    ";",
    "--\n",
    "/* */",
    "true",
    "FALSE",
    "size",
    "begins_with",
    "contains",
    "attribute_type",
    "attribute_exists",
    "if_not_exists",
    "list_append",
    "set_add",
    "set_delete",
    "STRING",
    "ON",
];

impl Texts {
    pub(super) fn seeded(seed: u64) -> Texts {
        Texts(Entropy::seeded(seed))
    }

    pub(super) fn below(&self, end: usize) -> usize {
        (self.0.next() % end as u64) as usize
    }

    fn one<'w>(&self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    fn list(&self, most: usize, part: impl Fn() -> String) -> String {
        let parts: Vec<String> = (0..=self.below(most)).map(|_| part()).collect();
        parts.join(self.one(&[", ", ","]))
    }

    /// Tokens in any order.
    pub(super) fn rubbish(&self) -> String {
        let words: Vec<&str> = (0..1 + self.below(24)).map(|_| self.one(&WORDS)).collect();
        words.join(self.one(&[" ", " ", ""]))
    }

    /// A text with one place changed: cut off, left out, doubled, or something else put in.
    pub(super) fn broken(&self, text: &str) -> String {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (one, two) = (self.below(places.len()), self.below(places.len()));
        let (from, to) = (places[one.min(two)], places[one.max(two)]);
        match self.below(4) {
            0 => text[..from].to_owned(),
            1 => format!("{}{}", &text[..from], &text[to..]),
            2 => format!("{}{}", &text[..to], &text[from..]),
            _ => format!("{} {} {}", &text[..from], self.one(&WORDS), &text[from..]),
        }
    }

    /// A statement that the parser reads.
    pub(super) fn statement(&self) -> String {
        match self.below(5) {
            0 => self.insert(),
            1 => self.update(),
            2 => self.delete(),
            3 => format!("{}({})", self.one(&["EXISTS", "exists"]), self.select()),
            _ => self.select(),
        }
    }

    fn select(&self) -> String {
        let columns = match self.below(6) {
            0 => self.list(3, || format!("{}{}", self.value(2), self.one(&["", "", " AS x", " x"]))),
            1 => format!("VALUE {}", self.closed(1)),
            2 => self.list(3, || self.path()),
            _ => "*".to_owned(),
        };
        let sources = if self.below(9) == 0 { self.list(2, || self.source()) } else { self.source() };
        let order = match self.below(4) {
            0 => format!(" ORDER BY {}", self.list(2, || self.path() + self.one(&["", " ASC", " desc"]))),
            _ => String::new(),
        };
        let clause = self.one(&["", "", "", "", " LIMIT 5", " GROUP BY a, b", " HAVING a"]);
        let distinct = self.one(&["", "", "", "DISTINCT ", "ALL "]);
        format!("SELECT {distinct}{columns} FROM {sources}{}{order}{clause}", self.filter())
    }

    fn insert(&self) -> String {
        let item = match self.below(8) {
            0 => format!("VALUE {} AT 1", self.closed(1)),
            1 => format!("<<{}>>", self.closed(2)),
            2 => "VALUE ?".to_owned(),
            _ => format!("VALUE {{'pk': {}, 'sk': {}}}", self.value(2), self.value(3)),
        };
        format!("INSERT INTO {} {item}{}", self.path(), self.returning())
    }

    fn update(&self) -> String {
        let changes: Vec<String> = (0..=self.below(2)).map(|_| self.change()).collect();
        let changes = changes.join(" ");
        match self.below(5) {
            0 => format!("FROM {}{} {changes}{}", self.source(), self.filter(), self.returning()),
            1 => {
                let sources = self.list(2, || self.source());
                format!("FROM {sources}{} {changes}{}", self.filter(), self.returning())
            }
            _ => format!("UPDATE {} {changes}{}{}", self.source(), self.filter(), self.returning()),
        }
    }

    fn change(&self) -> String {
        match self.below(9) {
            0 | 1 => format!("REMOVE {}", self.path()),
            2 => "INSERT INTO t VALUE 1".to_owned(),
            _ => format!("SET {}", self.list(3, || format!("{} = {}", self.path(), self.value(3)))),
        }
    }

    fn delete(&self) -> String {
        format!("DELETE FROM {}{}{}", self.source(), self.filter(), self.returning())
    }

    fn source(&self) -> String {
        let name = self.one(&["t", "\"t\"", "\"my-table\"", "t.\"i\"", "\"t\".\"i\".\"j\""]);
        format!("{name}{}", self.one(&["", "", "", "", "", " AS x", " x", " AT x"]))
    }

    fn filter(&self) -> String {
        if self.below(6) == 0 { String::new() } else { format!(" WHERE {}", self.condition(4)) }
    }

    fn returning(&self) -> String {
        match self.below(6) {
            0 => " RETURNING ALL OLD *".to_owned(),
            1 => " returning MODIFIED NEW *".to_owned(),
            2 => " RETURNING ALL NEW a, MODIFIED OLD *".to_owned(),
            _ => String::new(),
        }
    }

    fn condition(&self, depth: usize) -> String {
        let deeper = depth.saturating_sub(1);
        if depth == 0 {
            return format!("{} = {}", self.path(), self.literal(0));
        }
        match self.below(12) {
            0 | 1 => format!("{} AND {}", self.condition(deeper), self.condition(deeper)),
            2 => format!("{} OR {}", self.condition(deeper), self.condition(deeper)),
            3 => format!("NOT {}", self.condition(deeper)),
            4 => format!("({})", self.condition(deeper)),
            5 => {
                let (value, not) = (self.value(deeper), self.one(&["", "NOT "]));
                let list = self.list(3, || self.value(deeper));
                format!(
                    "{value} {not}IN {}",
                    [format!("({list})"), format!("[{list}]"), "a".into()][self.below(3)]
                )
            }
            6 => {
                let (value, not) = (self.value(deeper), self.one(&["", "not "]));
                format!("{value} {not}BETWEEN {} AND {}", self.operand(), self.operand())
            }
            7 => {
                let kinds =
                    ["MISSING", "null", "NOT MISSING", "STRING", "INT", "DOUBLE PRECISION", "VARCHAR(3)"];
                format!("{} IS {}", self.operand(), self.one(&kinds))
            }
            8 => format!("{} LIKE {}", self.operand(), self.one(&["'x'", "'x' ESCAPE '!'"])),
            9 => self.call(deeper),
            _ => {
                let operator = self.one(&["=", "<>", "!=", "<", "<=", ">", ">="]);
                format!("{} {operator} {}", self.operand(), self.operand())
            }
        }
    }

    fn operand(&self) -> String {
        if self.below(2) == 0 { self.path() } else { self.literal(1) }
    }

    fn value(&self, depth: usize) -> String {
        let deeper = depth.saturating_sub(1);
        match self.below(if depth == 0 { 3 } else { 8 }) {
            0 => self.path(),
            1 | 2 => self.literal(depth),
            3 => format!(
                "{} {} {}",
                self.value(deeper),
                self.one(&["+", "-", "*", "/", "%", "||"]),
                self.value(deeper)
            ),
            4 => format!("({})", self.value(deeper)),
            5 => format!("{}{}", self.one(&["- ", "+ ", "not "]), self.value(deeper)),
            6 => format!("({})", self.select()),
            _ => self.call(deeper),
        }
    }

    fn call(&self, depth: usize) -> String {
        const FUNCTIONS: [&str; 12] = [
            "begins_with",
            "contains",
            "size",
            "SIZE",
            "attribute_exists",
            "attribute_not_exists",
            "attribute_type",
            "if_not_exists",
            "list_append",
            "set_add",
            "\"set_delete\"",
            "other_thing",
        ];
        format!("{}({})", self.one(&FUNCTIONS), self.list(2, || self.value(depth)))
    }

    fn path(&self) -> String {
        let root = self.one(&["pk", "sk", "a", "b", "\"m\"", "\"q\"\"q\"", "Name"]);
        let steps: Vec<&str> =
            (0..self.below(3)).map(|_| self.one(&[".c", ".\"d\"", "[0]", "['e']", "[ 12 ]"])).collect();
        format!("{root}{}", steps.concat())
    }

    /// A literal; parameters are literals, too.
    fn literal(&self, depth: usize) -> String {
        if self.below(6) == 0 { "?".to_owned() } else { self.closed(depth) }
    }

    /// A literal without parameters.
    fn closed(&self, depth: usize) -> String {
        let deeper = depth.saturating_sub(1);
        let words = ["1", "-2.50", "1e3", "+ 4", "'x'", "'it''s'", "''", "true", "FALSE", "null", "Missing"];
        match self.below(if depth == 0 { 6 } else { 9 }) {
            6 => format!("[{}]", self.list(3, || self.closed(deeper))),
            7 => format!("<<{}>>", self.list(3, || self.closed(0))),
            8 => format!(
                "{{{}}}",
                self.list(2, || format!("'{}': {}", self.one(&["k", "l"]), self.closed(deeper)))
            ),
            _ => self.one(&words).to_owned(),
        }
    }
}
