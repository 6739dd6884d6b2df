//! Text in lines.

/// Words, line by line, each line at most `width` wide unless a word is wider; the first line begins with `first`, the others with `rest`.
pub(super) fn fill(first: &str, rest: &str, text: &str, width: usize, out: &mut String) {
    let mut line = String::from(first);
    let mut started = false;
    for word in text.split_whitespace() {
        if started && line.len() + 1 + word.len() > width {
            out.push_str(&line);
            out.push('\n');
            line = String::from(rest);
            started = false;
        }
        if started {
            line.push(' ');
        }
        line.push_str(word);
        started = true;
    }
    if started {
        out.push_str(&line);
        out.push('\n');
    }
}

/// The text between two lines of a file, replaced.
///
/// # Errors
/// One of the lines is not there.
pub(super) fn replace_between(text: &str, begin: &str, end: &str, inside: &str) -> Result<String, String> {
    let missing = |line: &str| format!("the line `{line}` is missing");
    let (before, rest) = text.split_once(begin).ok_or_else(|| missing(begin))?;
    let (_, after) = rest.split_once(end).ok_or_else(|| missing(end))?;
    Ok(format!("{before}{begin}\n{inside}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_lines_changes() {
        let text = "head\n<a>\nold\n</a>\ntail\n";
        assert_eq!(replace_between(text, "<a>", "</a>", "new\n"), Ok("head\n<a>\nnew\n</a>\ntail\n".into()));
        assert!(replace_between("head", "<a>", "</a>", "").is_err());
    }
}
