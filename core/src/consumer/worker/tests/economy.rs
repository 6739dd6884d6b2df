//! What a worker asks its database: nothing for mappings that have nothing to do.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::api::Result;
use crate::consumer::worker::Worker;
use crate::door::Door;
use crate::registry::{Request, Response as Answer};

/// Counts what is asked.
#[derive(Debug)]
struct Counted<'a>(&'a Database, AtomicUsize);

impl Door for Counted<'_> {
    fn call(&self, request: Request) -> Result<Answer> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.execute(request)
    }

    fn elapsed(&self) -> Duration {
        Door::elapsed(self.0)
    }
}

impl Counted<'_> {
    fn take(&self) -> usize {
        self.1.swap(0, Ordering::SeqCst)
    }
}

const TABLES: usize = 100;
const FUNCTIONS: usize = 10;

#[test]
fn a_thousand_idle_mappings_cost_no_call() {
    let world = World::new();
    for table in 0..TABLES {
        let arn = world.table(&format!("table-{table}"));
        for function in 0..FUNCTIONS {
            let name = format!("f-{function}");
            world.call("RegisterFunction", &json!({"FunctionName": name}));
            let input =
                json!({"EventSourceArn": arn, "FunctionName": name, "StartingPosition": "TRIM_HORIZON"});
            world.call("CreateEventSourceMapping", &input);
        }
    }
    let (door, watch) = (Counted(&world.db, AtomicUsize::new(0)), world.db.watch());
    let mut worker = Worker::new(1, true);
    let mut next = |door: &Counted<'_>| {
        let (tables, have_mappings_changed) = watch.take_all();
        worker.hear(world.db.now().expect("open"), have_mappings_changed);
        worker.wake(&tables);
        let next = worker.next(door, None).expect("no error");
        if let Next::Invoke(task) = &next {
            let is_known =
                worker.complete(door, task.ticket, Outcome::Success(crate::consumer::Response::Nothing));
            assert_eq!(is_known, Ok(true));
        }
        matches!(next, Next::Invoke(_))
    };
    assert!(!next(&door));
    assert!(door.take() > TABLES * FUNCTIONS, "each has begun");
    for _ in 0..100 {
        world.advance(1_000);
        assert!(!next(&door));
    }
    assert_eq!(door.take(), 0, "neither the clock nor a write elsewhere is asked for");
    world.put("table-7", "a");
    let invocations = (0..100).filter(|_| next(&door)).count();
    // For each of the mappings of this table the records are read, the place is kept, and it is asked whether there is more.
    let calls = door.take();
    assert_eq!(invocations, FUNCTIONS);
    assert!(calls <= 4 * FUNCTIONS, "{calls} calls for {invocations} invocations");
    world.call("RegisterFunction", &json!({"FunctionName": "more"}));
    assert!(!next(&door));
    assert_eq!(door.take(), 2, "what there is now");
}

#[test]
fn what_a_worker_asks_is_not_counted_as_the_users_calls() {
    let options = OpenOptions { metrics: true, ..OpenOptions::deterministic() };
    let db = Database::memory(options).expect("options");
    let world = World { local: Local::new(&db, 1), db };
    let arn = world.table("Orders");
    world.mapping(&arn, &json!({}));
    world.put("Orders", "a");
    assert_eq!(world.run(&Recorder::default()), 1);
    let told = world.call("DescribeMetrics", &json!({}));
    let counted = told["Metrics"].as_array().expect("a list").iter();
    let mut operations: Vec<&str> = counted.filter_map(|calls| calls["Operation"].as_str()).collect();
    operations.sort_unstable();
    assert_eq!(operations, ["CreateEventSourceMapping", "CreateTable", "PutItem", "RegisterFunction"]);
}

#[test]
fn a_change_under_way_is_seen_when_it_comes_into_force() {
    let options = OpenOptions { control_plane_delay: Duration::from_secs(5), ..OpenOptions::deterministic() };
    let db = Database::memory(options).expect("options");
    let world = World { local: Local::new(&db, 1), db };
    let arn = world.table("Orders");
    world.advance(5_000);
    world.mapping(&arn, &json!({}));
    world.put("Orders", "a");
    let began = u64::try_from(world.db.elapsed().as_millis()).expect("a moment");
    assert!(matches!(world.local.next(&world.db), Ok(Next::SleepUntil(at)) if at == began + 5_000));
    world.advance(5_000);
    assert!(matches!(world.local.next(&world.db), Ok(Next::Invoke(_))));
}
