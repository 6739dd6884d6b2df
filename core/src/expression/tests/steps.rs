//! How work grows with its input: counted in steps through items and paths, never in time.

use super::*;
use crate::value::steps::counted;

/// An item of `n` attributes, a map and a list of as many.
fn large(n: usize) -> Item {
    let entries = |kind: &str| {
        let entries: Vec<String> = (0..n).map(|i| format!(r#""{kind}{i:06}":{{"S":""}}"#)).collect();
        entries.join(",")
    };
    let elements = vec![r#"{"S":""}"#; n].join(",");
    let (attributes, members) = (entries("a"), entries("m"));
    item(&format!(r#"{{{attributes},"m":{{"M":{{{members}}}}},"l":{{"L":[{elements}]}}}}"#))
}

/// As many of `part` as an expression may hold, spread over the first `n` numbers.
fn many(n: usize, separator: &str, head: &str, part: impl Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    for i in 0.. {
        let next = part(i * 7919 % n);
        if text.len() + separator.len() + next.len() > 4_096 || i == 100 {
            break;
        }
        if i > 0 {
            text.push_str(separator);
        }
        text.push_str(&next);
    }
    text
}

/// That twice the input takes about twice the steps, and that many lookups do not each take all of it.
fn assert_linear(name: &str, work: impl Fn(&Item, usize)) {
    let sizes = [10_000, 20_000];
    let [steps, twice] = sizes.map(|n| {
        let item = large(n);
        counted(|| work(&item, n))
    });
    assert!(steps > 0, "{name} counts nothing");
    assert!(twice < steps * 5 / 2, "{name}: {steps} steps became {twice}");
    // Three collections of n entries; a few readings along, and the indexes.
    assert!(twice < 40 * sizes[1], "{name}: {twice} steps for {} entries", sizes[1]);
}

#[test]
fn conditions_look_up_in_linear_time() {
    for (root, at) in [("a", ""), ("m.m", ""), ("l[", "]")] {
        assert_linear(root, |item, n| {
            let number = |i: usize| if at.is_empty() { format!("{i:06}") } else { i.to_string() };
            let condition = many(n, " OR ", "", |i| format!("{root}{}{at}=q", number(i)));
            let request = Request::none();
            let condition = request.condition(&condition);
            assert!(!condition.expect("a condition").holds(item));
        });
    }
}

#[test]
fn updates_and_projections_take_linear_time() {
    let update = |text: &str, item: &Item| {
        let request = Request::none();
        let update = request.update(text).expect("an update");
        let new = update.apply(item).expect("applies");
        update.written_part(&new);
    };
    assert_linear("SET of attributes", |item, n| {
        update(&many(n, ",", "SET ", |i| format!("b{i}=a{i:06}")), item);
    });
    assert_linear("SET of elements", |item, n| {
        update(&many(n, ",", "SET ", |i| format!("l[{i}]=l[{i}]")), item)
    });
    assert_linear("SET of members", |item, n| {
        update(&many(n, ",", "SET ", |i| format!("m.m{i:06}=m.m{i:06}")), item);
    });
    assert_linear("REMOVE of elements", |item, n| {
        update(&many(n, ",", "REMOVE ", |i| format!("l[{i}]")), item)
    });
    assert_linear("projection of elements", |item, n| {
        let text = many(n, ",", "", |i| format!("l[{i}]"));
        let request = Request::none();
        request.projection(&text).expect("a projection").apply(item);
    });
}

#[test]
fn many_values_are_found_in_linear_time() {
    let steps = |n: usize| {
        let values: Vec<String> = (0..n).map(|i| format!(r#"":v{i:05}":{{"S":""}}"#)).collect();
        let request = Request::new(&format!("{{{}}}", values.join(",")));
        let text = many(n, " OR ", "", |i| format!("a=:v{i:05}"));
        counted(|| {
            request.condition(&text).expect("a condition");
        })
    };
    let (some, twice) = (steps(10_000), steps(20_000));
    assert!(twice < some * 5 / 2 && twice < 20 * 20_000, "{some} steps became {twice}");
}

#[test]
fn paths_are_held_apart_in_linear_time() {
    let steps = |count: usize| {
        let paths: Vec<String> = (0..count).map(|i| format!("a[{i}]")).collect();
        let text = paths.join(",");
        counted(|| {
            let request = Request::none();
            request.projection(&text).expect("a projection");
        })
    };
    assert_eq!((steps(100), steps(400)), (200, 800));
}

#[test]
fn sets_are_united_and_divided_in_linear_time() {
    let steps = |n: usize| {
        let set = |from: usize| {
            let members: Vec<String> = (from..from + n).map(|i| format!("\"{i}\"")).collect();
            format!(r#"{{"NS":[{}]}}"#, members.join(","))
        };
        let (old, values) = (item(&format!(r#"{{"s":{}}}"#, set(0))), format!(r#"{{":s":{}}}"#, set(n / 2)));
        let request = Request::new(&values);
        ["ADD s :s", "DELETE s :s"].map(|text| {
            counted(|| {
                request.update(text).expect("an update").apply(&old).expect("applies");
            })
        })
    };
    for (some, twice) in steps(5_000).into_iter().zip(steps(10_000)) {
        assert!(some > 10_000 && twice < some * 5 / 2, "{some} steps became {twice}");
    }
}

/// A search that starts anew at every byte would compare 2^41 of them, and not end.
#[test]
fn a_binary_is_searched_in_linear_time() {
    let zeros = |count: usize| "A".repeat(count);
    let old = item(&format!(r#"{{"b":{{"B":"{}"}}}}"#, zeros(4 << 20)));
    let request = Request::new(&format!(r#"{{":b":{{"B":"{}/w=="}}}}"#, zeros(2 << 20)));
    let contains = request.condition("contains(b, :b)");
    assert!(!contains.expect("a condition").holds(&old));
}
