//! The runner's own tests: cases that must be refused, must pass and must fail, played to the stand-in driver.

use conformance::build::BUILDERS;
use conformance::matching::MATCHERS;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

fn meta() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../meta")
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn conform(cases: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conform"))
        .arg("--tests")
        .arg(tests())
        .arg("--cases")
        .arg(cases)
        .args(["--driver", env!("CARGO_BIN_EXE_stand-in")])
        .args(more)
        .output()
        .expect("conform can be started")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the report is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// What a file of expectations says: name to the texts that must be found.
fn expectations(file: &str) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(meta().join(file)).expect("the expectations are there");
    serde_json::from_str(&text).expect("the expectations are lists of texts")
}

/// A folder of its own for one test, with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("the file can be written");
    }
    folder
}

fn case(name: &str, steps: &str) -> String {
    format!(r#"{{"name": "{name}", "why": "Meta.", "source": "FORMAT.md", "steps": {steps}}}"#)
}

fn suite(name: &str, cases: &[String]) -> String {
    format!(r#"{{"suite": "{name}", "cases": [{}]}}"#, cases.join(","))
}

/// The first line of every report on the stand-in.
const HEAD: &str = "stand-in on the memory store\n";

const GOOD: &str = r#"[{"call": "Echo", "input": {"a": 1}, "output": {"a": 1}}]"#;
const BAD: &str = r#"[{"call": "Echo", "input": {"a": 1}, "output": {"a": 2}}]"#;

#[test]
fn every_case_of_pass_passes() {
    let output = conform(&meta().join("pass"), &[]);
    let report = stdout(&output);
    let count = stdout(&conform(&meta().join("pass"), &["--list"])).lines().count();
    assert_eq!(report, format!("{HEAD}{count} passed, 0 failed, 0 skipped\n"));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn every_case_of_fail_fails_for_its_reason() {
    let output = conform(&meta().join("fail"), &[]);
    let report = stdout(&output);
    let expected = expectations("fail.expected.json");
    assert!(report.ends_with(&format!("\n0 passed, {} failed, 0 skipped\n", expected.len())), "{report}");
    assert_eq!(output.status.code(), Some(1));
    let blocks: BTreeMap<&str, &str> = report
        .split("FAIL  ")
        .skip(1)
        .map(|block| block.split_once('\n').expect("a failure has more than its name"))
        .collect();
    for (case, texts) in expected {
        let block = blocks.get(case.as_str()).unwrap_or_else(|| panic!("no failure of {case} in\n{report}"));
        for text in texts {
            assert!(block.contains(&text), "{case}: no {text:?} in\n{block}");
        }
    }
}

#[test]
fn every_file_of_invalid_is_refused_with_its_message() {
    let expected = expectations("invalid.expected.json");
    let files = fs::read_dir(meta().join("invalid")).expect("the folder is there").count();
    assert_eq!(files, expected.len(), "each file of invalid/ has its messages");
    for (name, texts) in expected {
        let text =
            fs::read_to_string(meta().join(format!("invalid/{name}.json"))).expect("the file is there");
        let output =
            conform(&folder(&format!("invalid-{name}"), &[(&format!("{name}.json"), &text)]), &["--list"]);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{name} is refused: {message}");
        assert!(message.contains(&format!("{name}.json: ")), "{name}: the file is named in {message}");
        for text in texts {
            assert!(message.contains(&text), "{name}: no {text:?} in\n{message}");
        }
    }
}

#[test]
fn every_matcher_and_builder_has_its_meta_cases() {
    let [pass, fail, steps] = ["pass/matchers.json", "fail/matchers.json", "pass/steps.json"]
        .map(|file| fs::read_to_string(meta().join(file)).expect("the file is there"));
    for matcher in MATCHERS {
        for text in [&pass, &fail] {
            assert!(text.contains(&format!("\"{matcher}\": ")), "{matcher} has a case in pass and in fail");
        }
    }
    for builder in BUILDERS {
        assert!(steps.contains(&format!("\"{builder}\": ")), "{builder} has a case");
    }
}

#[test]
fn the_schema_and_the_format_name_every_directive() {
    let schema = fs::read_to_string(tests().join("schema.json")).expect("the schema is there");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let format = fs::read_to_string(tests().join("FORMAT.md")).expect("the format is there");
    for name in MATCHERS.iter().chain(&BUILDERS) {
        let definition = &schema["$defs"][name.trim_start_matches('$')]["properties"][*name];
        assert!(!definition.is_null(), "schema.json defines {name}");
        assert!(format.contains(&format!("`{{\"{name}\": ")), "FORMAT.md describes {name}");
    }
}

#[test]
fn the_suite_itself_is_valid() {
    let output = conform(&tests().join("cases"), &["--list"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_hang_fails_its_case_and_the_next_one_is_played() {
    let hang = r#"[{"call": "Hang", "input": {}, "output": {}}]"#;
    let cases =
        folder("hang", &[("hang.json", &suite("hang", &[case("hangs", hang), case("goes on", BAD)]))]);
    let report = stdout(&conform(&cases, &["--patience", "3"]));
    assert!(report.contains("FAIL  hang/hangs\n"), "{report}");
    assert!(report.contains("the driver hangs: no answer within 3 s"), "{report}");
    assert!(report.contains("FAIL  hang/goes on\n") && report.contains("at output.a"), "{report}");
}

#[test]
fn a_death_does_not_fail_the_next_case() {
    let die = r#"[{"call": "Die", "input": {"Status": 3, "Stderr": "last words"}, "output": {}}]"#;
    let cases =
        folder("death", &[("death.json", &suite("death", &[case("dies", die), case("lives", GOOD)]))]);
    let output = conform(&cases, &[]);
    let report = stdout(&output);
    assert!(report.contains("stderr: last words"), "{report}");
    assert!(report.ends_with("\n1 passed, 1 failed, 0 skipped\n"), "{report}");
}

#[test]
fn cases_for_a_door_are_skipped_where_there_is_none() {
    let raw = r#"[{"call": "Echo", "raw": "{", "output": {"raw": "{"}}]"#;
    let text = suite("doors", &[case("raw", raw), case("plain", GOOD)]);
    let cases = folder("doors", &[("doors.json", &text)]);
    let driver = format!("{} --no-doors", env!("CARGO_BIN_EXE_stand-in"));
    let output = Command::new(env!("CARGO_BIN_EXE_conform"))
        .arg("--tests")
        .arg(tests())
        .arg("--cases")
        .arg(&cases)
        .args(["--driver", &driver])
        .output()
        .expect("conform can be started");
    let report = stdout(&output);
    assert_eq!(
        report,
        format!("{HEAD}skip  doors/raw: the target has no json door\n1 passed, 0 failed, 1 skipped\n")
    );
}

/// Plays one case that looks at the requests the stand-in got.
fn requests(name: &str, steps: &str, store: &str) -> String {
    let cases = folder(name, &[(&format!("{name}.json"), &suite(name, &[case("c", steps)]))]);
    stdout(&conform(&cases, &["--store", store]))
}

#[test]
fn a_store_on_disk_gives_each_database_a_directory() {
    let steps = r#"[
        {"call": "Requests", "input": {}, "as": "first", "output": {"Requests": [
            {"$matches": "^open \\{\"path\":\".+\",\"clock\":\"manual\",\"now\":1767225600000,\"seed\":1\\}$"}, {"$any": true}]}},
        {"open": {}},
        {"call": "Requests", "input": {}, "output": {"Requests": [
            {"$not": {"$ref": "first.Requests[0]"}}, {"$any": true}]}}
    ]"#;
    let report = requests("durable", steps, "durable");
    assert_eq!(report, "stand-in on the durable store\n1 passed, 0 failed, 0 skipped\n");
    assert!(requests("durable-memory", steps, "memory").contains("1 failed"));
}

#[test]
fn a_store_that_reopens_does_so_before_every_step_and_lets_the_clock_go_on() {
    let steps = r#"[
        {"call": "Requests", "input": {}, "as": "first", "output": {"Requests": [
            {"$matches": "^open \\{\"path\":\".+\",\"clock\":\"manual\",\"seed\":1\\}$"}, {"$any": true}]}},
        {"advance": {"seconds": 1}},
        {"repeat": {"times": 2, "steps": [
            {"call": "Requests", "input": {}, "output": {"$ref": "first"}}]}},
        {"close": true},
        {"call": "Requests", "input": {}, "output": {"Requests": [{"$any": true}, "call Requests {}", "close", "call Requests {}"]}}
    ]"#;
    let report = requests("reopen", steps, "reopen");
    assert_eq!(report, "stand-in on the reopen store\n1 passed, 0 failed, 0 skipped\n");
}

#[test]
fn a_case_that_a_store_cannot_play_is_skipped_with_its_reason() {
    let case = r#"{"name": "c", "why": "Meta.", "source": "FORMAT.md",
        "not_on": {"stores": ["reopen"], "because": "it counts openings"},
        "steps": [{"call": "Echo", "input": {}, "output": {}}]}"#;
    let cases = folder("not-on", &[("not-on.json", &suite("not-on", &[case.to_owned()]))]);
    let report = |store| stdout(&conform(&cases, &["--store", store]));
    assert!(report("durable").ends_with("\n1 passed, 0 failed, 0 skipped\n"));
    assert!(report("reopen").contains("skip  not-on/c: not on the reopen store: it counts openings\n"));
}

#[test]
fn the_classic_wording_is_asked_for_and_has_texts_of_its_own() {
    let steps = r#"[
        {"call": "Fail", "input": {"code": "C", "message": "new"},
          "error": {"code": "C", "message": "new", "classic": "old"}},
        {"open": {"wording": "classic"}},
        {"call": "Requests", "input": {}, "output": {"Requests": [{"$contains": "\"wording\":\"classic\""}, {"$any": true}]}},
        {"call": "Fail", "input": {"code": "C", "message": "old"},
          "error": {"code": "C", "message": "new", "classic": "old"}}
    ]"#;
    let cases = folder("wordings", &[("wordings.json", &suite("wordings", &[case("c", steps)]))]);
    assert_eq!(stdout(&conform(&cases, &[])), format!("{HEAD}1 passed, 0 failed, 0 skipped\n"));
    let report = stdout(&conform(&cases, &["--wording", "classic"]));
    assert!(report.starts_with("stand-in on the memory store, in the classic wording\n"), "{report}");
    assert!(
        report.contains("step 1 (Fail)") && report.ends_with("\n0 passed, 1 failed, 0 skipped\n"),
        "{report}"
    );
}

#[test]
fn a_run_of_skips_alone_does_not_succeed() {
    let cases = folder("skips", &[("skips.json", &suite("skips", &[case("fails", BAD)]))]);
    let gaps =
        folder("skips-gaps", &[("stand-in.json", r#"[{"case": "skips/fails", "reason": "not yet"}]"#)]);
    let output = conform(&cases, &["--known-gaps", &gaps.display().to_string()]);
    assert_eq!(
        stdout(&output),
        format!("{HEAD}skip  skips/fails: known gap: not yet\n0 passed, 0 failed, 1 skipped\n")
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_known_gap_that_passes_fails_the_run() {
    let text = suite("gaps", &[case("passes", GOOD), case("fails", BAD), case("good", GOOD)]);
    let cases = folder("gaps", &[("gaps.json", &text)]);
    let list = r#"[{"case": "gaps/passes", "reason": "old"}, {"case": "gaps/fails", "reason": "not yet"}]"#;
    let gaps = folder("gaps-list", &[("stand-in.json", list)]);
    let output = conform(&cases, &["--known-gaps", &gaps.display().to_string()]);
    let report = stdout(&output);
    assert!(
        report.contains("FAIL  gaps/passes\n  passes, but is a known gap (old); take it off the list"),
        "{report}"
    );
    assert!(report.ends_with("\n1 passed, 1 failed, 1 skipped\n"), "{report}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_list_of_gaps_must_make_sense() {
    let cases = folder("gap-lists", &[("gap-lists.json", &suite("gap-lists", &[case("c", GOOD)]))]);
    let lists = [
        (r#"[{"case": "gap-lists/gone", "reason": "r"}]"#, "is the name of no case"),
        (r#"[{"case": "gap-lists/c", "reason": " "}]"#, "has no reason"),
        (r#"[{"case": "gap-lists/c"}]"#, "missing field `reason`"),
        (
            r#"[{"case": "gap-lists/c", "reason": "r"}, {"case": "gap-lists/c", "reason": "r"}]"#,
            "is listed twice",
        ),
    ];
    for (list, message) in lists {
        let gaps = folder("gap-lists-list", &[("stand-in.json", list)]);
        let output = conform(&cases, &["--known-gaps", &gaps.display().to_string()]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(message), "{message}: {}", stderr(&output));
    }
}

#[test]
fn a_filter_chooses_cases_and_must_choose_one() {
    let text = suite("filter", &[case("one", GOOD), case("two", BAD)]);
    let cases = folder("filter", &[("filter.json", &text)]);
    assert_eq!(
        stdout(&conform(&cases, &["--case", "filter/one"])),
        format!("{HEAD}1 passed, 0 failed, 0 skipped\n")
    );
    let none = conform(&cases, &["--case", "three"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("no case of"), "{}", stderr(&none));
}

#[test]
fn json_holds_what_the_text_says() {
    let text = suite("json", &[case("one", GOOD), case("two", BAD)]);
    let output = conform(&folder("json", &[("json.json", &text)]), &["--json"]);
    let report: Value = serde_json::from_str(&stdout(&output)).expect("stdout is one JSON object");
    assert_eq!(
        (&report["target"], &report["passed"], &report["failed"]),
        (&"stand-in".into(), &1.into(), &1.into())
    );
    assert_eq!(report["cases"][1]["case"], "json/two");
    assert_eq!(report["cases"][1]["step"], "1 (Echo)");
    assert_eq!(report["cases"][1]["differences"][0]["path"], "output.a");
    assert!(stderr(&output).ends_with("\n1 passed, 1 failed, 0 skipped\n"));
}

#[test]
fn a_driver_that_is_not_there_or_another_target_is_said_so() {
    let cases = folder("driver", &[("driver.json", &suite("driver", &[case("one", GOOD)]))]);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conform"));
        command.arg("--tests").arg(tests()).arg("--cases").arg(&cases).args(arguments);
        let output = command.output().expect("conform can be started");
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        stderr(&output)
    };
    assert!(run(&["--driver", "no-such-driver"]).contains("cannot start the driver `no-such-driver`"));
    let other = run(&["--driver", env!("CARGO_BIN_EXE_stand-in"), "--target", "python"]);
    assert!(other.contains("the driver says it is \"stand-in\", not \"python\""), "{other}");
}
