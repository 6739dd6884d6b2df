//! What the door to databases elsewhere signs and where it sends, for tests that hold it against the service's own SDK: a JSON object on a line in,
//! a text on a line out.
//!
//! ```text
//! {"sign": {"id": …, "secret": …, "token": …, "at": <epoch ms>, "region": …, "service": …, "headers": [[name, value], …], "body": …}}
//! {"endpoint": {"region": …, "fips": …, "dual_stack": …, "account": …}}
//! ```

use serde_json::{Value, json};
use std::io::{self, BufRead, Write};
use streamtable_remote::credentials::Credentials;
use streamtable_remote::endpoint::Choice;
use streamtable_remote::signature::{Scope, authorization};

fn main() -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let told =
            if asked["sign"].is_object() { sign(&asked["sign"]) } else { endpoint(&asked["endpoint"]) };
        writeln!(stdout, "{told}")?;
    }
    stdout.flush()
}

fn text<'a>(asked: &'a Value, name: &str) -> &'a str {
    asked[name].as_str().unwrap_or_else(|| panic!("{name} is a text"))
}

fn sign(asked: &Value) -> Value {
    let credentials = Credentials::new(text(asked, "id"), text(asked, "secret"))
        .with_token(asked["token"].as_str().map(str::to_owned));
    let at = asked["at"].as_u64().expect("a moment");
    let scope = Scope { at, region: text(asked, "region"), service: text(asked, "service") };
    let headers: Vec<(&str, &str)> = asked["headers"]
        .as_array()
        .expect("a list of headers")
        .iter()
        .map(|pair| (pair[0].as_str().expect("a name"), pair[1].as_str().expect("a value")))
        .collect();
    authorization(&credentials, scope, &headers, text(asked, "body").as_bytes()).into()
}

fn endpoint(asked: &Value) -> Value {
    let is = |name: &str| asked[name].as_bool().unwrap_or(false);
    let choice = Choice {
        region: text(asked, "region"),
        fips: is("fips"),
        dual_stack: is("dual_stack"),
        account: asked["account"].as_str(),
    };
    json!({"tables": choice.tables(), "streams": choice.streams(), "signed": choice.signed_region()})
}
