//! No request costs memory out of proportion: at most eight times its size and 16 MiB, whatever it is made of.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use streamtable::{Database, OpenOptions};

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// Counts the bytes that a thread holds. A database with a manual clock in memory has no other thread.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(bytes: isize) {
    let live = LIVE.get() + bytes;
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

// SAFETY: everything is handed on to the system's allocator; counting touches no memory of the caller and allocates none.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise about the layout is the system allocator's requirement.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the pointer came from the system's allocator, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Most bytes held at once while `work` ran, beyond those held before.
fn peak(work: impl FnOnce()) -> usize {
    let before = LIVE.get();
    PEAK.set(before);
    work();
    usize::try_from(PEAK.get() - before).expect("the peak is not below the start")
}

const MIB: usize = 1024 * 1024;

/// What a request may cost.
fn allowed(request: usize) -> usize {
    8 * request + 16 * MIB
}

/// Size of the requests. Large enough for what they cost to stand out against the 16 MiB that any may.
const SIZE: usize = 8 * MIB;

/// A database with a table `t` whose key is `p`.
fn database() -> Database {
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    let table = r#"{"TableName":"ttt","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}"#;
    db.call_json("CreateTable", table.as_bytes()).expect("a table");
    db
}

/// `head`, `part` as often as it fits, `tail`; commas between.
fn repeated(head: &str, part: &str, tail: &str) -> String {
    format!("{head}{}{part}{tail}", format!("{part},").repeat(SIZE / (part.len() + 1) - 1))
}

/// As [`repeated`], with parts that differ: `part` of 0, 1, …
fn numbered(head: &str, part: impl Fn(usize) -> String, tail: &str) -> String {
    let mut body = head.to_owned();
    for n in 0.. {
        if body.len() > SIZE {
            break;
        }
        if n > 0 {
            body.push(',');
        }
        body.push_str(&part(n));
    }
    body + tail
}

fn check(db: &Database, name: &str, operation: &str, body: &str) -> Option<String> {
    let mut told = String::new();
    let cost = peak(|| {
        told = match db.call_json(operation, body.as_bytes()) {
            Ok(answer) => format!("answer of {} bytes", answer.len()),
            Err(error) => error.message().chars().take(100).collect(),
        };
    });
    println!(
        "{:>7.2} x  {:>5.1} of {:>5.1} MiB  {name}: {told}",
        cost as f64 / body.len() as f64,
        cost as f64 / MIB as f64,
        allowed(body.len()) as f64 / MIB as f64
    );
    (cost > allowed(body.len())).then(|| format!("{name}: {cost} bytes for {}", body.len()))
}

fn check_all(requests: Vec<(&str, &str, String)>) {
    let db = database();
    let dear: Vec<String> =
        requests.iter().filter_map(|(name, operation, body)| check(&db, name, operation, body)).collect();
    assert!(dear.is_empty(), "{}", dear.join("\n"));
}

#[test]
fn shapes() {
    let table = |rest: &str| format!(r#"{{"TableName":"new",{rest}"#);
    let key = r#""AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]"#;
    let inner = format!(r#"{{"KeySchema":[{}{{}}]}}"#, "{},".repeat(1000));
    let names = format!(r#"{{"Projection":{{"NonKeyAttributes":[{}""]}}}}"#, r#""","#.repeat(1000));
    check_all(vec![
        ("empty definitions", "CreateTable", repeated(&table(r#""AttributeDefinitions":["#), "{}", "]}")),
        ("empty key parts", "CreateTable", repeated(&table(r#""KeySchema":["#), "{}", "]}")),
        ("empty indexes", "CreateTable", repeated(&table(r#""GlobalSecondaryIndexes":["#), "{}", "]}")),
        (
            "key parts of indexes",
            "CreateTable",
            repeated(&table(r#""GlobalSecondaryIndexes":["#), &inner, "]}"),
        ),
        ("names of indexes", "CreateTable", repeated(&table(r#""LocalSecondaryIndexes":["#), &names, "]}")),
        ("empty tags", "CreateTable", repeated(&table(&format!(r#"{key},"Tags":["#)), "{}", "]}")),
        ("index updates", "UpdateTable", repeated(&table(r#""GlobalSecondaryIndexUpdates":["#), "{}", "]}")),
        ("unknown enumeration", "CreateTable", repeated(&table(r#""BillingMode":""#), "x", r#""}"#)),
        ("long name", "CreateTable", repeated(r#"{"TableName":""#, "x", &format!(r#"",{key}}}"#))),
        ("long name of odd letters", "DescribeTable", repeated(r#"{"TableName":""#, "ä", r#""}"#)),
        (
            "long names in a list",
            "CreateTable",
            numbered(
                &table(r#""KeySchema":["#),
                |_| format!(r#"{{"AttributeName":"{}","KeyType":"x"}}"#, "y".repeat(1000)),
                "]}",
            ),
        ),
        ("unknown member", "CreateTable", repeated(&table(r#""Unknown":["#), "{}", "]}")),
        ("no JSON", "CreateTable", repeated("", "[", "")),
        ("another type", "CreateTable", repeated(r#"{"TableName":["#, "{}", "]}")),
        ("many names", "GetItem", repeated(r#"{"TableName":"ttt","AttributesToGet":["#, r#""""#, "]}")),
        (
            "many placeholders",
            "GetItem",
            numbered(
                r#"{"TableName":"ttt","Key":{"p":{"S":"a"}},"ProjectionExpression":"a","ExpressionAttributeNames":{"#,
                |n| format!(r##""#{n:x}":"a""##),
                "}}",
            ),
        ),
        (
            "odd placeholders",
            "GetItem",
            repeated(
                r#"{"TableName":"ttt","Key":{"p":{"S":"a"}},"ProjectionExpression":"a","ExpressionAttributeNames":{""#,
                "a",
                r#"":"a"}}"#,
            ),
        ),
        (
            "long expression",
            "GetItem",
            repeated(r#"{"TableName":"ttt","Key":{"p":{"S":"a"}},"ProjectionExpression":""#, "a", r#""}"#),
        ),
    ]);
}

#[test]
fn values() {
    let put = r#"{"TableName":"ttt","Item":{"p":{"S":"a"},"v":"#;
    let put_with = |kind: &str| format!(r#"{put}{{"{kind}":["#);
    let list = put_with("L");
    check_all(vec![
        ("number set", "PutItem", numbered(&put_with("NS"), |n| format!(r#""{n}""#), "]}}}")),
        (
            "number set backwards",
            "PutItem",
            numbered(&put_with("NS"), |n| format!(r#""{}""#, 9_999_999 - n), "]}}}"),
        ),
        ("number set of one number", "PutItem", repeated(&put_with("NS"), r#""1""#, "]}}}")),
        ("number set of one spelling", "PutItem", repeated(&put_with("NS"), r#""1.0""#, "]}}}")),
        (
            "number set of far numbers",
            "PutItem",
            numbered(&put_with("NS"), |n| format!(r#""{n}E118""#), "]}}}"),
        ),
        ("number set of words", "PutItem", repeated(&put_with("NS"), r#""x""#, "]}}}")),
        ("string set", "PutItem", numbered(&put_with("SS"), |n| format!(r#""{n:x}""#), "]}}}")),
        ("string set of nothing", "PutItem", repeated(&put_with("SS"), r#""""#, "]}}}")),
        ("binary set", "PutItem", repeated(&put_with("BS"), r#""AA==""#, "]}}}")),
        ("list of empty strings", "PutItem", repeated(&list, r#"{"S":""}"#, "]}}}")),
        ("list of nulls", "PutItem", repeated(&list, r#"{"NULL":true}"#, "]}}}")),
        ("list of far numbers", "PutItem", repeated(&list, r#"{"N":"1E125"}"#, "]}}}")),
        (
            "list of far numbers within the limits",
            "PutItem",
            format!("{list}{}{}]}}}}}}", r#"{"N":"1E125"},"#.repeat(52_000), r#"{"N":"1"}"#,),
        ),
        ("list of lists", "PutItem", repeated(&list, r#"{"L":[]}"#, "]}}}")),
        ("list of maps", "PutItem", repeated(&list, r#"{"M":{}}"#, "]}}}")),
        ("list of small maps", "PutItem", repeated(&list, r#"{"M":{"a":{"S":""}}}"#, "]}}}")),
        ("list of nothing", "PutItem", repeated(&list, "{}", "]}}}")),
        ("list of two types", "PutItem", repeated(&list, r#"{"S":"","N":"1"}"#, "]}}}")),
        ("deep lists", "PutItem", repeated(&list, r#"{"L":[{"L":[{"L":[{"L":[]}]}]}]}"#, "]}}}")),
        (
            "many attributes",
            "PutItem",
            numbered(r#"{"TableName":"ttt","Item":{"#, |n| format!(r#""{n:x}":{{"S":""}}"#), "}}"),
        ),
        (
            "one attribute often",
            "PutItem",
            repeated(r#"{"TableName":"ttt","Item":{"#, r#""p":{"S":""}"#, "}}"),
        ),
        ("long string", "PutItem", repeated(&format!(r#"{put}{{"S":""#), "x", r#""}}}"#)),
        ("escaped string", "PutItem", repeated(&format!(r#"{put}{{"S":""#), r"\u0041", r#""}}}"#)),
        ("long binary", "PutItem", format!(r#"{put}{{"B":"{}"}}}}}}"#, "AAAA".repeat(SIZE / 4))),
        ("long number", "PutItem", format!(r#"{put}{{"N":"{}"}}}}}}"#, "1".repeat(SIZE))),
        ("long zero", "PutItem", format!(r#"{put}{{"N":"0.{}"}}}}}}"#, "0".repeat(SIZE))),
        ("long word as number", "PutItem", format!(r#"{put}{{"N":"{}"}}}}}}"#, "x".repeat(SIZE))),
        (
            "long name",
            "PutItem",
            format!(r#"{{"TableName":"ttt","Item":{{"{}":{{"S":""}}}}}}"#, "x".repeat(SIZE)),
        ),
        ("key", "GetItem", repeated(r#"{"TableName":"ttt","Key":{"p":{"L":["#, r#"{"S":""}"#, "]}}}")),
    ]);
}

#[test]
fn placeholders_and_legacy_parameters() {
    let head = r#"{"TableName":"ttt","Key":{"p":{"S":"a"}},"#;
    let with_values =
        |rest: &str| format!(r#"{head}"UpdateExpression":"SET a = :v","ExpressionAttributeValues":{{{rest}"#);
    let condition = r#"{"ComparisonOperator":"IN","AttributeValueList":["#;
    let filter = format!(r#"{{"TableName":"ttt","ScanFilter":{{"a":{condition}"#);
    let inner = format!("{condition}{}{{}}]}}", "{},".repeat(1000));
    check_all(vec![
        (
            "unused values",
            "UpdateItem",
            numbered(&with_values(""), |n| format!(r#"":{n:x}":{{"S":""}}"#), "}}"),
        ),
        ("odd values", "UpdateItem", numbered(&with_values(""), |n| format!(r#""{n:x}":{{"S":""}}"#), "}}")),
        ("list as value", "UpdateItem", repeated(&with_values(r#"":v":{"L":["#), r#"{"S":""}"#, "]}}}")),
        ("set as value", "UpdateItem", repeated(&with_values(r#"":v":{"SS":["#), r#""a""#, "]}}}")),
        ("operands of nothing", "Scan", repeated(&filter, "{}", "]}}}")),
        ("operands", "Scan", repeated(&filter, r#"{"S":""}"#, "]}}}")),
        ("operands of operands", "Scan", repeated(&filter, r#"{"L":[{"L":[]},{"L":[]},{"L":[]}]}"#, "]}}}")),
        ("a list as operand", "Scan", repeated(&format!(r#"{filter}{{"L":["#), r#"{"S":""}"#, "]}]}}}")),
        (
            "a number set as operand",
            "Scan",
            numbered(&format!(r#"{filter}{{"NS":["#), |n| format!(r#""{n}""#), "]}]}}}"),
        ),
        (
            "conditions",
            "Scan",
            numbered(r#"{"TableName":"ttt","ScanFilter":{"#, |n| format!(r#""{n:x}":{{}}"#), "}}"),
        ),
        (
            "conditions with operands",
            "Query",
            numbered(r#"{"TableName":"ttt","KeyConditions":{"#, |n| format!(r#""{n:x}":{inner}"#), "}}"),
        ),
        (
            "expectations",
            "PutItem",
            numbered(
                r#"{"TableName":"ttt","Item":{"p":{"S":"a"}},"Expected":{"#,
                |n| format!(r#""{n:x}":{{}}"#),
                "}}",
            ),
        ),
        (
            "legacy updates",
            "UpdateItem",
            numbered(&format!(r#"{head}"AttributeUpdates":{{"#), |n| format!(r#""{n:x}":{{}}"#), "}}"),
        ),
    ]);
}

/// Small requests on a large item.
#[test]
fn updates_and_projections() {
    let db = database();
    let list = format!("[{}{{\"NULL\":true}}]", "{\"NULL\":true},".repeat(90_000));
    let maps = format!("[{}{{\"NULL\":true}}]", r#"{"M":{"a":{"NULL":true}}},"#.repeat(28_000));
    let item =
        format!(r#"{{"TableName":"ttt","Item":{{"p":{{"S":"a"}},"l":{{"L":{list}}},"m":{{"L":{maps}}}}}}}"#);
    db.call_json("PutItem", item.as_bytes()).expect("an item of 380 KB");
    let far = format!(
        r#"{{"TableName":"ttt","Item":{{"p":{{"S":"far"}},"l":{{"L":[{}{{"N":"1"}}]}}}}}}"#,
        r#"{"N":"1E125"},"#.repeat(52_000)
    );
    db.call_json("PutItem", far.as_bytes()).expect("an item of 156 KB, and of 6.8 MB as it is kept");
    let all = |names: &str, part: fn(usize) -> String| {
        let mut text = names.to_owned();
        for n in 0.. {
            let next = part(n);
            if text.len() + next.len() + 2 > 4_096 {
                break;
            }
            text.push_str(if n == 0 { " " } else { ", " });
            text.push_str(&next);
        }
        text
    };
    let update = |expression: String| {
        format!(
            r#"{{"TableName":"ttt","Key":{{"p":{{"S":"a"}}}},"ReturnValues":"UPDATED_NEW","UpdateExpression":"{expression}"}}"#
        )
    };
    let get = |expression: String| {
        format!(r#"{{"TableName":"ttt","Key":{{"p":{{"S":"a"}}}},"ProjectionExpression":"{expression}"}}"#)
    };
    let nested = (0..200).fold("l".to_owned(), |inner, _| format!("if_not_exists(q,{inner})"));
    let requests = vec![
        ("the list often", "UpdateItem", update(all("SET", |n| format!("y{n}=l")))),
        ("the list joined often", "UpdateItem", update(all("SET", |n| format!("y{n}=list_append(l,l)")))),
        ("the list below the list", "UpdateItem", update(all("SET", |n| format!("l[{n}]=l")))),
        ("nested calls", "UpdateItem", update(format!("SET y=list_append(l,{nested})"))),
        ("one element", "UpdateItem", update("SET l[0]=p".to_owned())),
        ("one element of the maps", "UpdateItem", update("SET m[0].a=p".to_owned())),
        (
            "one element of far numbers",
            "UpdateItem",
            update("SET l[0]=p".to_owned()).replace(r#""a""#, r#""far""#),
        ),
        ("removals", "UpdateItem", update(all("REMOVE", |n| format!("l[{n}]")))),
        ("elements of the list", "GetItem", get(all("", |n| format!("l[{n}]")).trim().to_owned())),
        ("elements of the maps", "GetItem", get(all("", |n| format!("m[{n}].a")).trim().to_owned())),
        ("both lists", "GetItem", get("l, m, q.a".to_owned())),
    ];
    let dear: Vec<String> =
        requests.iter().filter_map(|(name, operation, body)| check(&db, name, operation, body)).collect();
    assert!(dear.is_empty(), "{}", dear.join("\n"));
}

/// Hostile transactions.
#[test]
fn transactions() {
    let start = r#"{"TransactItems":["#;
    let named = |n: usize| format!(r##""#n{n}":"a""##);
    let names = numbered(
        r#"{"TransactItems":[{"Delete":{"TableName":"ttt","Key":{"p":{"S":"a"}},"ConditionExpression":"a=a","ExpressionAttributeNames":{"#,
        named,
        "}}}]}",
    );
    let put = |n: usize| {
        format!(
            r#"{{"Put":{{"TableName":"ttt","Item":{{"p":{{"S":"k{n}"}},"v":{{"S":"{}"}}}}}}}}"#,
            "x".repeat(40_000)
        )
    };
    let full = (0..100).map(put).collect::<Vec<_>>().join(",");
    check_all(vec![
        ("empty actions", "TransactWriteItems", repeated(start, "{}", "]}")),
        ("empty reads", "TransactGetItems", repeated(start, "{}", "]}")),
        ("actions with nothing inside", "TransactWriteItems", repeated(start, r#"{"Put":{}}"#, "]}")),
        ("many names", "TransactWriteItems", names),
        ("a hundred puts of 40 KB", "TransactWriteItems", format!("{start}{full}]}}")),
        (
            "the same under a token",
            "TransactWriteItems",
            format!(r#"{{"ClientRequestToken":"t","TransactItems":[{full}]}}"#),
        ),
    ]);
}

/// Bytes that stay behind after so many transactions on one item.
fn left_behind(db: &Database, transactions: usize, token: impl Fn(usize) -> String) -> isize {
    let before = LIVE.get();
    for n in 0..transactions {
        let body = format!(
            r#"{{"TransactItems":[{{"Update":{{"TableName":"ttt","Key":{{"p":{{"S":"a"}}}},"UpdateExpression":"SET v=:v",
                "ExpressionAttributeValues":{{":v":{{"N":"{n}"}}}}}}}}]{}}}"#,
            token(n)
        );
        db.call_json("TransactWriteItems", body.as_bytes()).expect("a transaction");
    }
    LIVE.get() - before
}

/// SDKs send a token with each transaction: each costs a row of its own for some minutes, however large its request is.
#[test]
fn tokens_cost_few_bytes_and_give_them_back() {
    const MANY: usize = 20_000;
    let db = database();
    left_behind(&db, 10, |_| String::new());
    let without = left_behind(&db, MANY, |_| String::new());
    let start = LIVE.get();
    let with =
        left_behind(&db, MANY, |n| format!(r#","ClientRequestToken":"0000-{n}-4000-8000-000000000000""#));
    let each = (with - without) / MANY as isize;
    println!("{each} bytes for each token");
    assert!((1..=200).contains(&each), "{each} bytes for each token");
    let quarter = r#"{"Milliseconds":900000}"#;
    db.call_json("AdvanceClock", quarter.as_bytes()).expect("a manual clock");
    let rest = LIVE.get() - start;
    assert!(rest < with / 20, "{rest} bytes stay of {with}");
}
