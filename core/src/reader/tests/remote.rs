//! Readers over an endpoint that lags, loses shards and answers empty pages.

use super::super::{Cursor, ReadOptions, Reader, Trimmed};
use super::endpoint::{ARN, Endpoint, FakeShard, shard};
use super::{drain, open};
use crate::api::{ErrorCode, Record};
use crate::entropy::Entropy;

fn closed(shard: FakeShard) -> FakeShard {
    FakeShard { closed: true, ..shard }
}

fn numbers(found: &[(String, Record)]) -> Vec<u128> {
    found.iter().map(|(_, record)| record.sequence_number).collect()
}

fn sorted(found: &[(String, Record)]) -> Vec<u128> {
    let mut numbers = numbers(found);
    numbers.sort_unstable();
    numbers
}

/// aa splits into b and c, c rolls to d; another lineage is ab.
fn lineages() -> Endpoint {
    Endpoint::of([
        closed(shard("aa", None, &[11, 12, 13])),
        shard("b", Some("aa"), &[21, 22]),
        closed(shard("c", Some("aa"), &[31])),
        shard("d", Some("c"), &[41, 42, 43]),
        shard("ab", None, &[51, 52]),
    ])
}

const ALL: [u128; 11] = [11, 12, 13, 21, 22, 31, 41, 42, 43, 51, 52];

/// Reads in rounds until `rounds` of them have given nothing.
fn rounds(door: &Endpoint, cursor: &mut Cursor, rounds: usize) -> Vec<(String, Record)> {
    (0..rounds).flat_map(|_| drain(door, cursor)).collect()
}

fn check_order(found: &[(String, Record)]) {
    let place = |shard: &str| found.iter().position(|(id, _)| id == shard).expect("read");
    let last = |shard: &str| found.iter().rposition(|(id, _)| id == shard).expect("read");
    for (parent, child) in [("aa", "b"), ("aa", "c"), ("c", "d")] {
        assert!(last(parent) < place(child), "{child} was read before {parent} was over: {found:?}");
    }
}

#[test]
fn lineages_are_followed_with_and_without_the_filter() {
    for ignores_filter in [false, true] {
        let door = lineages();
        door.0.lock().ignores_filter = ignores_filter;
        let found = drain(&door, &mut Cursor::new(open(&door, ARN, ReadOptions::default())));
        assert_eq!(sorted(&found), ALL);
        check_order(&found);
    }
}

#[test]
fn an_empty_page_of_a_closed_shard_is_not_its_end() {
    let door = lineages();
    door.0.lock().empties = 3;
    let mut cursor = Cursor::new(open(&door, ARN, ReadOptions::default()));
    // Of an open shard it may be: what comes after it is for a later round.
    let found = rounds(&door, &mut cursor, 12);
    assert_eq!(sorted(&found), ALL);
    check_order(&found);
}

#[test]
fn iterators_that_are_good_for_one_use_are_renewed_at_each() {
    let door = lineages();
    door.0.lock().uses = Some(1);
    let found = drain(&door, &mut Cursor::new(open(&door, ARN, ReadOptions::default())));
    assert_eq!(sorted(&found), ALL);
    door.0.lock().uses = Some(0);
    let mut reader = open(&door, ARN, ReadOptions::default());
    let error = reader.next_page(&door, 10).expect_err("iterators that are never good");
    assert_eq!(error.code(), ErrorCode::ExpiredIterator);
}

#[test]
fn an_endpoint_that_gives_no_iterator_is_not_asked_for_ever() {
    for code in [ErrorCode::TrimmedDataAccess, ErrorCode::ExpiredIterator, ErrorCode::InternalServer] {
        let door = lineages();
        let mut reader = open(&door, ARN, ReadOptions::default());
        let set = |refusal, uses| {
            let mut state = door.0.lock();
            (state.refusal, state.uses) = (refusal, uses);
        };
        set(Some(code), Some(0));
        assert_eq!(reader.next_page(&door, 10).expect_err("no iterator").code(), code);
        set(None, None);
        assert_eq!(sorted(&drain(&door, &mut Cursor::new(reader))), ALL, "it stands where it stood");
    }
}

#[test]
fn children_that_are_listed_late_are_read_when_they_are() {
    for lag in 1..12 {
        let door = lineages();
        for (id, more) in [("c", 0), ("b", 1), ("d", 3)] {
            door.change(id, |shard| shard.unlisted = lag + more);
        }
        let mut cursor = Cursor::new(open(&door, ARN, ReadOptions::default()));
        let found = rounds(&door, &mut cursor, 20);
        assert_eq!(sorted(&found), ALL, "{lag}");
        check_order(&found);
    }
}

#[test]
fn a_lineage_that_is_listed_late_is_read_when_it_is() {
    let door = lineages();
    door.change("d", |shard| shard.parent = None);
    door.change("d", |shard| shard.unlisted = 9);
    let mut cursor = Cursor::new(open(&door, ARN, ReadOptions::default()));
    assert_eq!(sorted(&rounds(&door, &mut cursor, 9)), ALL);
    let none = Endpoint::of([]);
    let mut cursor = Cursor::new(open(&none, ARN, ReadOptions::default()));
    assert!(drain(&none, &mut cursor).is_empty());
    none.add(shard("aa", None, &[11]));
    assert_eq!(numbers(&drain(&none, &mut cursor)), [11]);
}

#[test]
fn lag_and_checkpoints_lose_nothing_and_repeat_nothing() {
    for lag in 0..8 {
        let door = lineages();
        for id in ["b", "c", "d"] {
            door.change(id, |shard| shard.unlisted = lag);
        }
        let mut cursor = Cursor::new(open(&door, ARN, ReadOptions::default()));
        let mut found = Vec::new();
        for _ in 0..40 {
            if cursor.fill(&door).expect("read") {
                found.push((cursor.shard_id().to_string(), cursor.take().expect("filled")));
            }
            let options = ReadOptions::resume(cursor.checkpoint().to_string().parse().expect("a checkpoint"));
            cursor = Cursor::new(open(&door, ARN, options));
        }
        assert_eq!(sorted(&found), ALL, "{lag}");
        check_order(&found);
    }
}

/// A root that splits, rolls and splits again, by far enough for lists of several pages.
fn generations() -> Endpoint {
    Endpoint::of([
        closed(shard("aa", None, &[11, 12, 13])),
        closed(shard("b", Some("aa"), &[21, 22])),
        closed(shard("c", Some("aa"), &[31])),
        closed(shard("d", Some("c"), &[41, 42, 43])),
        closed(shard("e", Some("b"), &[51])),
        closed(shard("f", Some("d"), &[61])),
        closed(shard("g", Some("d"), &[71])),
        shard("h", Some("g"), &[81, 82]),
        shard("i", Some("f"), &[91]),
        shard("j", Some("e"), &[101, 102]),
        shard("ab", None, &[111]),
    ])
}

/// Reads from the oldest record on, going on from its checkpoint after each record of every other seed.
fn read_among_flicker(door: &Endpoint, seed: u64, trimmed: Trimmed) -> (Vec<(String, Record)>, u64) {
    let options = ReadOptions { trimmed, ..ReadOptions::default() };
    let (mut cursor, mut found, mut gaps) = (Cursor::new(open(door, ARN, options)), Vec::new(), 0);
    for _ in 0..80 {
        while cursor.fill(door).expect("read") {
            found.push((cursor.shard_id().to_string(), cursor.take().expect("filled")));
            if seed.is_multiple_of(2) {
                gaps += cursor.gaps();
                let options = ReadOptions { trimmed, ..ReadOptions::resume(cursor.checkpoint()) };
                cursor = Cursor::new(open(door, ARN, options));
            }
        }
    }
    (found, gaps + cursor.gaps())
}

#[test]
fn shards_that_are_listed_and_left_out_again_are_read_once() {
    for seed in 0..200 {
        let door = generations();
        door.0.lock().flicker = Some(Entropy::seeded(seed));
        let (found, _) = read_among_flicker(&door, seed, Trimmed::Fail);
        let all = [11, 12, 13, 21, 22, 31, 41, 42, 43, 51, 61, 71, 81, 82, 91, 101, 102, 111];
        assert_eq!(sorted(&found), all, "{seed}: {found:?}");
        check_order(&found);
    }
}

#[test]
fn a_shard_that_is_left_out_is_no_gap_and_one_that_is_gone_is() {
    for seed in 0..200 {
        let door = generations();
        for id in ["aa", "b", "c"] {
            door.remove(id);
        }
        door.0.lock().flicker = Some(Entropy::seeded(seed));
        let (found, gaps) = read_among_flicker(&door, seed, Trimmed::Skip);
        assert_eq!(sorted(&found), [41, 42, 43, 51, 61, 71, 81, 82, 91, 101, 102, 111], "{seed}: {found:?}");
        assert_eq!(gaps, 0, "{seed}: nobody began to read what is gone");
    }
}

#[test]
fn a_parent_that_is_gone_counts_as_read() {
    let door = lineages();
    door.remove("aa");
    door.remove("c");
    let found = drain(&door, &mut Cursor::new(open(&door, ARN, ReadOptions::default())));
    assert_eq!(sorted(&found), [21, 22, 41, 42, 43, 51, 52]);
}

#[test]
fn a_shard_that_goes_while_it_is_read_is_an_error_or_a_gap() {
    for trimmed in [Trimmed::Fail, Trimmed::Skip] {
        let door = lineages();
        let mut reader = open(&door, ARN, ReadOptions { trimmed, ..ReadOptions::default() });
        let first = reader.next_page(&door, 2).expect("read").expect("a page");
        assert_eq!(&*first.shard_id, "aa");
        let place = reader.checkpoint();
        door.remove("aa");
        let options = ReadOptions { trimmed, ..ReadOptions::resume(place) };
        if trimmed == Trimmed::Fail {
            let mut read = || loop {
                if let Err(error) = reader.next_page(&door, 2) {
                    return error.code();
                }
            };
            assert_eq!(read(), ErrorCode::TrimmedDataAccess);
            let again = Reader::open(&door, ARN, options).expect_err("gone");
            assert_eq!(again.code(), ErrorCode::TrimmedDataAccess);
            continue;
        }
        for reader in [reader, open(&door, ARN, options)] {
            let mut cursor = Cursor::new(reader);
            let found = drain(&door, &mut cursor);
            assert_eq!(sorted(&found), ALL[3..]);
            assert_eq!(cursor.gaps(), 1);
        }
    }
}

#[test]
fn a_gap_is_told_where_it_is_and_once() {
    let door = lineages();
    let skip = ReadOptions { trimmed: Trimmed::Skip, ..ReadOptions::default() };
    let mut reader = open(&door, ARN, skip.clone());
    reader.next_page(&door, 2).expect("read").expect("a page of aa");
    door.change("aa", |shard| (shard.records, shard.trimmed) = (vec![13], 12));
    // What was handed out is trimmed, nothing else.
    let mut cursor = Cursor::new(reader.clone());
    assert_eq!(sorted(&drain(&door, &mut cursor)), ALL[2..]);
    assert_eq!(cursor.gaps(), 0);
    door.change("c", |shard| (shard.records, shard.trimmed) = (vec![33, 34], 32));
    let mut gaps = Vec::new();
    let mut numbers = Vec::new();
    while let Some(page) = reader.next_page(&door, 10).expect("read") {
        if page.gap {
            assert!(page.records.is_empty());
            gaps.push(page.shard_id.to_string());
            // One who stops here is not told again.
            let mut rest = Cursor::new(open(
                &door,
                ARN,
                ReadOptions { checkpoint: Some(reader.checkpoint()), ..skip.clone() },
            ));
            drain(&door, &mut rest);
            assert_eq!(rest.gaps(), 0);
        }
        numbers.extend(page.records.iter().map(|record| record.sequence_number));
    }
    assert_eq!(gaps, ["c"]);
    numbers.sort_unstable();
    assert_eq!(numbers, [13, 21, 22, 33, 34, 41, 42, 43, 51, 52]);
}

#[test]
fn the_oldest_record_is_wherever_it_is() {
    let door = lineages();
    let mut cursor = Cursor::new(open(&door, ARN, ReadOptions::default()));
    door.change("aa", |shard| (shard.records, shard.trimmed) = (vec![13], 12));
    door.remove("ab");
    assert_eq!(sorted(&drain(&door, &mut cursor)), ALL[2..9]);
    assert_eq!(cursor.gaps(), 0);
}

#[test]
fn the_newest_is_what_comes_after_the_opening_listed_or_not() {
    let door = lineages();
    door.change("d", |shard| (shard.unlisted, shard.records) = (1, Vec::new()));
    let mut cursor = Cursor::new(open(&door, ARN, ReadOptions::latest()));
    door.change("d", |shard| shard.records = vec![41, 42]);
    door.change("b", |shard| shard.records.push(23));
    door.change("b", |shard| shard.closed = true);
    door.add(shard("f", Some("b"), &[61]));
    assert_eq!(sorted(&drain(&door, &mut cursor)), [23, 41, 42, 61]);
    door.0.lock().is_disabled = true;
    for id in ["d", "ab", "f"] {
        door.change(id, |shard| shard.closed = true);
    }
    assert!(drain(&door, &mut cursor).is_empty());
    assert!(cursor.reader().is_finished());
}

#[test]
fn no_shard_keeps_the_others_waiting() {
    let door = lineages();
    let mut reader = open(&door, ARN, ReadOptions::default());
    let mut shards = Vec::new();
    while shards.len() < 50 {
        door.change("ab", |shard| shard.records.push(shard.records.last().expect("some") + 1));
        let page = reader.next_page(&door, 1).expect("read").expect("ab never ends");
        shards.push(page.shard_id);
    }
    assert!(shards.iter().any(|id| &**id == "d"), "{shards:?}");
}
