//! The driver the runner is tested with. It keeps no table: `call Echo` answers its own input, so a meta case states
//! both sides of a comparison itself.
//!
//! | request | answer |
//! |---|---|
//! | `call Echo {..}` / `raw Echo "…"` | `ok` with the input / with `{"raw": "…"}` |
//! | `tool Echo {..}` / `worker Echo {..}` | `ok` with `{"tool": {..}}` / with `{"worker": {..}}` |
//! | `call Fail {..}` | `error` with the input |
//! | `call Requests {}` | `ok {"Requests": [..]}`: the request lines since `open`, that one included |
//! | `call Say {"Line": "…"}` | that line, whatever it is |
//! | `call Die {"Status": n, "Stderr": "…"}` | none: writes to stderr and exits |
//! | `call Hang {}` | none: waits for the end of stdin |

use serde_json::{Value, json};
use std::io::{BufRead, Write};

fn main() {
    let doors = if std::env::args().any(|argument| argument == "--no-doors") {
        json!([])
    } else {
        json!(["json", "tool", "worker"])
    };
    say(&format!("ready {}", json!({"target": "stand-in", "protocol": 1, "doors": doors})));
    let mut requests = Vec::new();
    let mut lines = std::io::stdin().lock().lines();
    while let Some(Ok(line)) = lines.next() {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        if verb == "open" {
            requests.clear();
        }
        requests.push(line.clone());
        match verb {
            "open" => say(if rest.contains("refuse") {
                r#"error {"code":"BadOption","message":"refused"}"#
            } else {
                "ok {}"
            }),
            "advance" | "close" => say("ok {}"),
            "tool" | "worker" => {
                let input = rest.split_once(' ').map_or("", |(_, input)| input);
                say(&format!("ok {{\"{verb}\":{input}}}"));
            }
            "raw" => {
                let text = rest.split_once(' ').map_or("", |(_, text)| text);
                say(&format!("ok {{\"raw\":{text}}}"));
            }
            _ => {
                let (operation, text) = rest.split_once(' ').unwrap_or((rest, ""));
                let input: Value = serde_json::from_str(text).expect("the runner sends JSON");
                match operation {
                    "Echo" => say(&format!("ok {text}")),
                    "Fail" => say(&format!("error {text}")),
                    "Requests" => say(&format!("ok {}", json!({"Requests": requests}))),
                    "Say" => say(input["Line"].as_str().expect("Say has a Line")),
                    "Hang" => lines.by_ref().for_each(drop),
                    "Die" => {
                        eprintln!("{}", input["Stderr"].as_str().unwrap_or("no last words"));
                        let status = input["Status"].as_i64().and_then(|status| i32::try_from(status).ok());
                        std::process::exit(status.unwrap_or(1));
                    }
                    other => panic!("the stand-in knows no operation {other}"),
                }
            }
        }
    }
}

fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).expect("the runner reads the answers");
}
