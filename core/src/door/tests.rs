use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use parking_lot::Mutex;

use super::*;
use crate::api::{
    AdvanceClockInput, CancellationReason, DescribeFaultsInput, DescribeTableInput, Fault, FaultEffect,
    FaultError, FaultMoment, GetItemInput, ListTablesInput, Put, PutItemInput, SetFaultsInput,
    TransactWriteItem, TransactWriteItemsInput,
};
use crate::database::Database;
use crate::options::OpenOptions;
use crate::store::Scratch;
use crate::value::Item;

const TABLE: &str = r#"{"TableName": "Table", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}"#;

fn with_table(database: Database) -> Database {
    database.call_json("CreateTable", TABLE.as_bytes()).expect("a new table");
    database.call(DescribeTableInput { table_name: Some("Table".into()) }).expect("it is there");
    database
}

fn in_memory() -> Database {
    with_table(Database::memory(OpenOptions::deterministic()).expect("sound options"))
}

fn item(id: &str) -> Item {
    Item::from_json(&format!(r#"{{"id": {{"S": "{id}"}}}}"#)).expect("an item")
}

fn put(id: &str) -> PutItemInput {
    PutItemInput { table_name: Some("Table".into()), item: Some(item(id).into()), ..Default::default() }
}

fn get(id: &str) -> GetItemInput {
    GetItemInput { table_name: Some("Table".into()), key: Some(item(id).into()), ..Default::default() }
}

fn code(answer: Result<impl std::fmt::Debug>) -> ErrorCode {
    answer.expect_err("refused").code()
}

/// Runs a future on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

// ---- a database

#[test]
fn an_answer_waits_for_the_disk() {
    let folder = Scratch::new("door");
    let database =
        with_table(Database::open(folder.path(), OpenOptions::deterministic()).expect("a new database"));
    let pending = Door::start(&database, put("a").into_request());
    assert!(!pending.is_ready(), "nobody has asked the disk yet");
    pending.wait().expect("a sound disk");
    let pending = Door::start(&database, get("a").into_request());
    assert!(pending.is_ready(), "what it has seen is on the disk");
    assert_eq!(
        GetItemInput::answer_of(pending.wait().expect("there")).expect("its own").item,
        Some(item("a"))
    );
}

#[test]
fn answers_are_awaited() {
    let folder = Scratch::new("door");
    let database =
        with_table(Database::open(folder.path(), OpenOptions::deterministic()).expect("a new database"));
    let pending: Vec<Pending> =
        ["a", "b", "c"].map(|id| Door::start(&database, put(id).into_request())).into_iter().collect();
    assert!(pending.iter().all(|pending| !pending.is_ready()));
    for pending in pending.into_iter().rev() {
        block_on(pending).expect("a sound disk");
    }
    let last = Door::start(&database, put("d").into_request());
    let closed = Door::start(&database, put("e").into_request());
    database.close().expect("a sound disk");
    drop(database);
    block_on(last).expect("closing makes it safe");
    closed.wait().expect("closing makes it safe");
}

#[test]
fn a_closed_database_says_so() {
    let database = in_memory();
    database.close().expect("memory");
    assert_eq!(code(ask(&database, ListTablesInput::default())), ErrorCode::Closed);
    assert_eq!(code(block_on(Door::start(&database, put("a").into_request()))), ErrorCode::Closed);
}

#[test]
fn a_delayed_answer_is_told_later_and_holds_up_nobody_who_does_not_wait() {
    let database = with_table(Database::memory(OpenOptions::default()).expect("sound options"));
    let delay = Fault {
        effect: Some(FaultEffect::Delay.into()),
        operations: Some(vec!["PutItem".into()]),
        milliseconds: Some(3_600_000),
        ..Fault::default()
    };
    database.call(SetFaultsInput { faults: Some(vec![delay]), seed: None }).expect("a sound script");
    let pending = Door::start(&database, put("a").into_request());
    assert!(!pending.is_ready(), "it is told in an hour");
    assert_eq!(ask(&database, get("a")).expect("not delayed").item, Some(item("a")), "it has taken effect");
    drop(pending);
    database.call(SetFaultsInput { faults: Some(vec![]), seed: None }).expect("none");
    let delay = Fault { milliseconds: Some(1), effect: Some(FaultEffect::Delay.into()), ..Fault::default() };
    database.call(SetFaultsInput { faults: Some(vec![delay]), seed: None }).expect("a sound script");
    block_on(Door::start(&database, put("b").into_request())).expect("awaited");
    Door::start(&database, put("c").into_request()).wait().expect("waited for");
    assert_eq!(ask(&database, get("c")).expect("delayed").item, Some(item("c")));
}

// ---- observed

/// Operation, the operation that was answered or the code of the error, duration.
type Note = (String, Result<&'static str, ErrorCode>, Duration);

#[derive(Debug, Default)]
struct Notes(Mutex<Vec<Note>>);

impl Observer for Notes {
    fn observe(&self, call: &Observation<'_>) {
        let answer = call.answer.map(Response::operation).map_err(Error::code);
        self.0.lock().push((call.request.operation().to_owned(), answer, call.duration));
    }
}

#[test]
fn an_observer_sees_request_answer_and_time() {
    let notes = Arc::new(Notes::default());
    let door = Observed::new(in_memory(), notes.clone());
    ask(&door, AdvanceClockInput { milliseconds: Some(1_500) }).expect("a manual clock");
    ask(&door, DescribeTableInput { table_name: Some("none".into()) }).expect_err("no such table");
    let awaited = door.start(put("a").into_request());
    block_on(awaited).expect("sound");
    let zero = Duration::ZERO;
    assert_eq!(
        *notes.0.lock(),
        [
            ("AdvanceClock".to_owned(), Ok("AdvanceClock"), Duration::from_millis(1_500)),
            ("DescribeTable".to_owned(), Err(ErrorCode::ResourceNotFound), zero),
            ("PutItem".to_owned(), Ok("PutItem"), zero),
        ]
    );
}

// ---- throttled

fn limit(calls: Calls, per_second: u32, burst: u32) -> Limit {
    Limit::new(calls, per_second).burst(burst)
}

fn advance(door: &dyn Door, milliseconds: i64) {
    ask(door, AdvanceClockInput { milliseconds: Some(milliseconds) }).expect("a manual clock");
}

#[test]
fn a_bucket_admits_its_burst_and_fills_with_time() {
    let door = Throttled::new(in_memory(), vec![limit(Calls::of("PutItem").expect("known"), 2, 3)]);
    for id in ["a", "b", "c"] {
        ask(&door, put(id)).expect("within the burst");
    }
    let refused = ask(&door, put("d")).expect_err("beyond it");
    assert_eq!((refused.code(), refused.message()), (ErrorCode::Throttling, "Rate exceeded"));
    assert_eq!(ask(&door, get("d")).expect("reads are not limited").item, None, "it did nothing");
    advance(&door, 499);
    assert_eq!(code(ask(&door, put("d"))), ErrorCode::Throttling);
    advance(&door, 1);
    ask(&door, put("d")).expect("half a second is one call of two a second");
    assert_eq!(code(ask(&door, put("e"))), ErrorCode::Throttling);
    advance(&door, 86_400_000);
    for id in ["e", "f", "g"] {
        ask(&door, put(id)).expect("full again, and no fuller");
    }
    assert_eq!(code(ask(&door, put("h"))), ErrorCode::Throttling);
}

#[test]
fn a_bucket_fills_after_a_restore_to_an_earlier_moment() {
    let database = in_memory();
    let door = Throttled::new(database.clone(), vec![limit(Calls::of("PutItem").expect("known"), 2, 1)]);
    let early = database.snapshot().expect("a snapshot");
    advance(&door, 86_400_000);
    ask(&door, put("a")).expect("within the burst");
    assert_eq!(code(ask(&door, put("b"))), ErrorCode::Throttling);
    database.restore(&early).expect("restored");
    assert_eq!(code(ask(&door, put("b"))), ErrorCode::Throttling, "going back gives nothing");
    advance(&door, 500);
    ask(&door, put("b")).expect("half a second is one call of two a second");
}

#[test]
fn a_refused_call_costs_nothing() {
    let of_table =
        limit(Calls::all().on_table("Table"), 1, 1).refusal(Refusal::ProvisionedThroughputExceeded);
    let door = Throttled::new(in_memory(), vec![limit(Calls::all(), 1, 2), of_table]);
    ask(&door, put("a")).expect("both have one");
    assert_eq!(code(ask(&door, put("b"))), ErrorCode::ProvisionedThroughputExceeded);
    ask(&door, ListTablesInput::default()).expect("the limit of all calls has one left");
    assert_eq!(code(ask(&door, ListTablesInput::default())), ErrorCode::Throttling);
}

// ---- faulty

/// Has calls of an operation, or of all, fail.
fn inject<D: Door>(door: &Faulty<D>, operation: Option<&str>, moment: FaultMoment, fault: Fault) {
    let code = Some(ErrorCode::InternalServer.name().to_owned());
    let fault = Fault {
        effect: Some(FaultEffect::Fail.into()),
        operations: operation.map(|operation| vec![operation.to_owned()]),
        error: fault.error.or(Some(FaultError { code, ..FaultError::default() })),
        moment: Some(moment.into()),
        ..fault
    };
    door.set(&SetFaultsInput { faults: Some(vec![fault]), seed: Some(7) }).expect("a sound script");
}

fn times(times: i64) -> Fault {
    Fault { times: Some(times), ..Fault::default() }
}

#[test]
fn the_next_calls_fail_before_they_do_anything() {
    let door = Faulty::new(in_memory());
    let two = Fault { table_name: Some("Table".into()), ..times(2) };
    inject(&door, Some("PutItem"), FaultMoment::Before, two);
    ask(&door, ListTablesInput::default()).expect("another operation");
    for _ in 0..2 {
        assert_eq!(code(ask(&door, put("a"))), ErrorCode::InternalServer);
        assert_eq!(ask(&door, get("a")).expect("sound").item, None);
    }
    ask(&door, put("a")).expect("two were to fail");
}

#[test]
fn a_lost_answer_leaves_its_effect() {
    let door = Faulty::new(in_memory());
    inject(&door, Some("PutItem"), FaultMoment::After, times(1));
    assert_eq!(code(ask(&door, put("a"))), ErrorCode::InternalServer);
    assert_eq!(ask(&door, get("a")).expect("sound").item, Some(item("a")));
    let trace = door.describe(&DescribeFaultsInput::default()).expect("told").trace.expect("a list");
    let [entry] = &trace[..] else { panic!("one call failed: {trace:?}") };
    assert_eq!(entry.detail.as_deref(), Some("InternalServerError in place of its answer"));
    assert_eq!(entry.table_names, Some(vec!["Table".to_owned()]));
}

#[test]
fn a_script_is_one_of_a_database_but_for_what_happens_inside() {
    let door = Faulty::new(in_memory());
    let delay = Fault { effect: Some(FaultEffect::Delay.into()), milliseconds: Some(5), ..Fault::default() };
    let script = |fault: &Fault| SetFaultsInput { faults: Some(vec![fault.clone()]), seed: None };
    in_memory().call(script(&delay)).expect("a database does it");
    assert_eq!(
        door.set(&script(&delay)).expect_err("a door does not").message(),
        "Faults[0]: DELAY happens inside a database; around one, calls FAIL"
    );
    let unsound = Fault { effect: Some(FaultEffect::Fail.into()), ..Fault::default() };
    let told = door.set(&script(&unsound)).expect_err("no error to fail with");
    assert_eq!(told, in_memory().call(script(&unsound)).expect_err("nor here"));
    inject(&door, None, FaultMoment::Before, Fault { probability: Some(0.5), ..Fault::default() });
    let play = || -> Vec<bool> { (0..64).map(|_| ask(&door, ListTablesInput::default()).is_err()).collect() };
    let failed = play();
    assert!(failed.contains(&true) && failed.contains(&false) && failed != play());
    inject(&door, None, FaultMoment::Before, Fault { probability: Some(0.5), ..Fault::default() });
    assert_eq!(failed, (0..64).map(|_| ask(&door, ListTablesInput::default()).is_err()).collect::<Vec<_>>());
    door.set(&SetFaultsInput { faults: Some(Vec::new()), seed: None }).expect("none");
    ask(&door, ListTablesInput::default()).expect("none fails");
}

#[test]
fn layers_stand_around_each_other() {
    let notes = Arc::new(Notes::default());
    let faulty = Arc::new(Faulty::new(in_memory()));
    let throttled = Throttled::new(faulty.clone(), vec![limit(Calls::all(), 1, 2)]);
    let door: Arc<dyn Door> = Arc::new(Observed::new(throttled, notes.clone()));
    inject(&faulty, None, FaultMoment::After, times(1));
    let codes: Vec<Result<(), ErrorCode>> =
        ["a", "b", "c"].iter().map(|id| ask(&door, put(id)).map(drop).map_err(|e| e.code())).collect();
    assert_eq!(codes, [Err(ErrorCode::InternalServer), Ok(()), Err(ErrorCode::Throttling)]);
    let seen: Vec<Result<(), ErrorCode>> =
        notes.0.lock().iter().map(|(_, answer, _)| answer.map(drop)).collect();
    assert_eq!(seen, codes);
}

#[test]
fn a_program_can_be_tried_against_conflicts() {
    let door = Faulty::new(in_memory());
    let reasons = vec![CancellationReason::none(), CancellationReason::conflict()];
    let error = FaultError {
        code: Some(ErrorCode::TransactionCanceled.name().to_owned()),
        cancellation_reasons: Some(vec!["None".into(), "TransactionConflict".into()]),
        ..FaultError::default()
    };
    let once = Fault { error: Some(error), ..times(1) };
    inject(&door, Some("TransactWriteItems"), FaultMoment::Before, once);
    let action = |id: &str| TransactWriteItem {
        put: Some(Put {
            table_name: Some("Table".into()),
            item: Some(item(id).into()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let transaction = TransactWriteItemsInput {
        transact_items: Some(vec![action("a"), action("b")]),
        ..Default::default()
    };
    let error = ask(&door, transaction.clone()).expect_err("a conflict");
    assert_eq!(
        error.message(),
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict]"
    );
    assert_eq!(error.cancellation_reasons(), reasons);
    assert_eq!(ask(&door, get("a")).expect("sound").item, None, "it did nothing");
    ask(&door, transaction).expect("sent again");
    assert_eq!(ask(&door, get("b")).expect("sound").item, Some(item("b")));
}
