//! What one viewer is told: that something has changed, the records of the stream that is followed, the latest calls.
//!
//! Nothing is pushed by writers. A viewer looks, at its own pace, and remembers where it was: how many records each shard had, the number of the last
//! call, and a digest of all that can change besides. So a writer never waits, and a burst is told as its newest records and a count.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use serde_json::{Value, json};
use streamtable::Request;
use streamtable::door::Door;

use crate::serve::Shared;

/// Version of the feed (docs/inspector.md).
const VERSION: u32 = 1;
/// Records that a look shows at most, of all shards together.
const SHOWN_MAX: usize = 200;
/// Bytes of JSON that the records of one shard have at most in a look.
const SHOWN_MAX_BYTES: usize = 256 * 1024;
/// Characters of a value that are shown.
const VALUE_MAX_CHARS: usize = 4_096;
/// Pages of shards, streams and tables that a look goes through at most: of 100 each.
const PAGES_MAX: usize = 10;
/// Calls that a look tells at most.
const CALLS_MAX: usize = 200;

/// One who watches.
pub(crate) struct Viewer {
    shared: Arc<Shared>,
    stream: Option<String>,
    seq: u64,
    /// Where the viewer is in each shard.
    places: BTreeMap<String, Place>,
    /// The last call that was told; none where calls are not traced.
    last_call: Option<i64>,
    now: i64,
    digest: u64,
}

/// Where a viewer is in a shard.
struct Place {
    /// The number after which its next record comes.
    after: String,
    /// How many records from there on were told to be lost.
    lost: i64,
    /// Whether the shard was open at the last look.
    is_open: bool,
}

impl Viewer {
    pub(crate) fn new(shared: Arc<Shared>, stream: Option<String>) -> Viewer {
        Viewer { shared, stream, seq: 0, places: BTreeMap::new(), last_call: None, now: 0, digest: 0 }
    }

    /// What is to be told since the last look, as frames of server-sent events.
    pub(crate) fn look(&mut self) -> String {
        let mut frames = String::new();
        let Some(clock) = self.ask("DescribeClock", &json!({})) else { return frames };
        let now = clock["Now"].as_i64().unwrap_or(0);
        let shards = self.shards();
        let digest = self.state(&shards);
        let is_first = self.seq == 0;
        if is_first {
            let hello = json!({"v": VERSION, "epoch": self.shared.epoch, "mode": clock["Mode"], "now": now,
                "read_only": self.shared.commands.is_none(), "version": env!("CARGO_PKG_VERSION")});
            self.tell(&mut frames, "hello", hello);
            self.begin_calls();
        } else if digest != self.digest || (clock["Mode"] == "manual" && now != self.now) {
            self.tell(&mut frames, "tick", json!({"now": now, "changed": true}));
        }
        (self.digest, self.now) = (digest, now);
        self.tell_records(&mut frames, &shards, is_first);
        self.tell_calls(&mut frames);
        frames
    }

    /// Runs an operation as a look; none where it is refused.
    fn ask(&self, operation: &str, input: &Value) -> Option<Value> {
        let request =
            Request::from_json(operation, input.to_string().as_bytes()).expect("it is written here");
        let told = self.shared.looks.call(request).ok()?.to_json().ok()?;
        let mut told = serde_json::from_slice(&told).expect("what was written as JSON");
        self.shared.mask.apply(&mut told, &[]);
        Some(told)
    }

    /// All entries of a list that comes in pages, up to a bound.
    fn pages(&self, operation: &str, mut input: Value, list: &str, last: &str, start: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for _ in 0..PAGES_MAX {
            let Some(mut page) = self.ask(operation, &input) else { break };
            all.extend(page[list].as_array_mut().map(std::mem::take).into_iter().flatten());
            if page[last].is_null() {
                break;
            }
            input[start] = page[last].take();
        }
        all
    }

    /// The shards of the stream that is followed.
    fn shards(&self) -> Vec<Value> {
        let Some(stream) = &self.stream else { return Vec::new() };
        let asked = json!({"StreamArn": stream});
        self.pages("InspectStream", asked, "Shards", "LastEvaluatedShardId", "ExclusiveStartShardId")
    }

    /// A digest of what can change, but for the clock.
    fn state(&self, shards: &[Value]) -> u64 {
        let mut digest = DefaultHasher::new();
        let mut note = |told: &Value| digest.write(told.to_string().as_bytes());
        // How old something is changes by itself.
        for shard in shards {
            note(&json!([shard["ShardId"], shard["IsOpen"], shard["Newest"], shard["Oldest"]]));
            for reader in shard["Readers"].as_array().into_iter().flatten() {
                note(&json!([
                    reader["Number"],
                    reader["ReadAt"],
                    reader["RecordsBehind"],
                    reader["IsTrimmed"]
                ]));
            }
        }
        let names = self.pages(
            "ListTables",
            json!({}),
            "TableNames",
            "LastEvaluatedTableName",
            "ExclusiveStartTableName",
        );
        for name in &names {
            note(&self.ask("DescribeTable", &json!({"TableName": name})).unwrap_or(Value::Null));
        }
        for (operation, asked) in [
            ("ListStreams", json!({})),
            ("DescribeMappings", json!({})),
            ("DescribeFaults", json!({"Limit": 1})),
        ] {
            note(&self.ask(operation, &asked).unwrap_or(Value::Null));
        }
        digest.finish()
    }

    /// Tells the records that have come into each shard, the newest of them, and how many went unseen.
    fn tell_records(&mut self, frames: &mut String, shards: &[Value], is_first: bool) {
        let Some(stream) = self.stream.clone() else { return };
        let mut known = std::mem::take(&mut self.places);
        let mut places = BTreeMap::new();
        let mut changed = Vec::new();
        for shard in shards {
            let (id, newest) = (text(&shard["ShardId"]), shard["Newest"]["SequenceNumber"].as_str());
            let start = text(&shard["SequenceNumberRange"]["StartingSequenceNumber"]);
            let place = known.remove(&id).unwrap_or(Place { after: start, lost: 0, is_open: true });
            let place = Place { is_open: shard["IsOpen"] == true, ..place };
            match newest {
                Some(newest) if is_first => {
                    places.insert(id, Place { after: newest.to_owned(), ..place });
                }
                Some(newest) if is_above(newest, &place.after) => {
                    changed.push((id, place, Some(newest.to_owned())))
                }
                // It has had records, perhaps, that were trimmed before anybody looked.
                None if !is_first => changed.push((id, place, None)),
                _ => {
                    places.insert(id, place);
                }
            }
        }
        // A shard that is gone had records, perhaps, as long as it was open: nobody can say any more.
        for (id, place) in known.into_iter().filter(|(_, place)| place.is_open) {
            let gap = json!({"stream": stream, "shard": id, "from": place.after, "lost": null});
            self.tell(frames, "gap", gap);
        }
        let each = (SHOWN_MAX / changed.len().max(1)).max(1);
        for (id, place, newest) in changed {
            let place = self.tell_burst(frames, (&stream, &id), place, newest, each);
            places.insert(id, place);
        }
        self.places = places;
    }

    /// Tells the records of a shard after its place, up to the newest; where the next ones come.
    fn tell_burst(
        &mut self,
        frames: &mut String,
        (stream, shard): (&str, &str),
        place: Place,
        newest: Option<String>,
        most: usize,
    ) -> Place {
        let mut asked = json!({"StreamArn": stream, "ShardId": shard, "AfterSequenceNumber": place.after,
            "Newest": true, "Limit": most});
        if let Some(newest) = &newest {
            asked["BeforeSequenceNumber"] = following(newest).into();
        }
        let Some(page) = self.ask("InspectRecords", &asked) else { return place };
        let lost = page["TrimmedCount"].as_i64().unwrap_or(0);
        if lost > place.lost {
            let gap =
                json!({"stream": stream, "shard": shard, "from": place.after, "lost": lost - place.lost});
            self.tell(frames, "gap", gap);
        }
        let Some(newest) = newest else { return Place { lost, ..place } };
        let total =
            [&page["ExaminedCount"], &page["RemainingCount"]].map(|count| count.as_i64().unwrap_or(0));
        let burst = json!({"stream": stream, "shard": shard, "from": place.after, "to": newest,
            "total": total.iter().sum::<i64>(), "shown": shown(&page["Records"])});
        self.tell(frames, "records", burst);
        Place { after: newest, lost: 0, ..place }
    }

    /// Begins after the calls that were before.
    fn begin_calls(&mut self) {
        let mut after = 0;
        // A trace that is full has as many pages as the option says; each turn ends at a later call.
        while let Some(page) = self.ask("DescribeCalls", &json!({"AfterNumber": after})) {
            let last = page["Calls"].as_array().and_then(|calls| calls.last()?["Number"].as_i64());
            let Some(last) = last else {
                self.last_call = Some(after);
                return;
            };
            after = last;
        }
    }

    fn tell_calls(&mut self, frames: &mut String) {
        let Some(after) = self.last_call else { return };
        let asked = json!({"AfterNumber": after, "Limit": CALLS_MAX});
        let Some(page) = self.ask("DescribeCalls", &asked) else { return };
        let Some(last) = page["Calls"].as_array().and_then(|calls| calls.last()?["Number"].as_i64()) else {
            return;
        };
        self.last_call = Some(last);
        self.tell(frames, "call", json!({"calls": page["Calls"], "missed": page["Missed"]}));
    }

    fn tell(&mut self, frames: &mut String, kind: &str, mut data: Value) {
        self.seq += 1;
        data["seq"] = self.seq.into();
        let epoch = &self.shared.epoch;
        write!(frames, "event: {kind}\nid: {epoch}-{}\ndata: {data}\n\n", self.seq)
            .expect("a text takes all");
    }
}

/// The newest of some records, as much of them as may be shown.
fn shown(records: &Value) -> Vec<Value> {
    let mut shown = Vec::new();
    let mut bytes = 0;
    for mut record in records.as_array().cloned().into_iter().flatten().rev() {
        cut(&mut record);
        bytes += record.to_string().len();
        if bytes > SHOWN_MAX_BYTES && !shown.is_empty() {
            break;
        }
        shown.push(record);
    }
    shown.reverse();
    shown
}

fn text(told: &Value) -> String {
    told.as_str().unwrap_or("").to_owned()
}

/// Whether a sequence number is above another: they are digits, without zeros in front.
fn is_above(one: &str, other: &str) -> bool {
    (one.len(), one) > (other.len(), other)
}

/// The number after one.
fn following(number: &str) -> String {
    let mut digits = number.as_bytes().to_vec();
    for digit in digits.iter_mut().rev() {
        if *digit != b'9' {
            *digit += 1;
            return String::from_utf8(digits).expect("digits");
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
    String::from_utf8(digits).expect("digits")
}

/// Cuts long values, and says how long they were.
fn cut(told: &mut Value) {
    match told {
        Value::Object(members) => {
            let long = members.iter().find_map(|(kind, value)| {
                let text = value.as_str().filter(|text| text.len() > VALUE_MAX_CHARS)?;
                Some((
                    kind.clone(),
                    text.chars().take(VALUE_MAX_CHARS).collect::<String>(),
                    text.chars().count(),
                ))
            });
            if let Some((kind, begin, length)) = long {
                members.insert(kind, begin.into());
                members.insert("cut".to_owned(), length.into());
            }
            members.values_mut().for_each(cut);
        }
        Value::Array(members) => members.iter_mut().for_each(cut),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_by_one() {
        for (number, next) in
            [("1", "2"), ("19", "20"), ("999", "1000"), ("100000000000000000000", "100000000000000000001")]
        {
            assert_eq!(following(number), next);
            assert!(is_above(next, number) && !is_above(number, next));
        }
    }

    #[test]
    fn long_values_are_cut_and_say_so() {
        let mut told = json!({"NewImage": {"a": {"S": "ä".repeat(5_000)}, "b": {"S": "short"}}});
        cut(&mut told);
        assert_eq!(told["NewImage"]["a"]["cut"], 5_000);
        assert_eq!(told["NewImage"]["a"]["S"].as_str().map(|text| text.chars().count()), Some(4_096));
        assert_eq!(told["NewImage"]["b"], json!({"S": "short"}));
    }
}
