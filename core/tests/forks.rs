//! What a fork allocates does not depend on how much there is: shown by counting bytes, not by a clock.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use streamtable::{Database, OpenOptions};

thread_local!(static ALLOCATED: Cell<usize> = const { Cell::new(0) });

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: everything is handed on to the system's allocator; counting touches no memory of the caller.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that ends has no counter any more, and nobody asks for it.
        let _ = ALLOCATED.try_with(|allocated| allocated.set(allocated.get() + layout.size()));
        // SAFETY: the caller's promise about the layout is the system allocator's requirement.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `alloc` above, so from the system's allocator, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn bytes_allocated(work: impl FnOnce()) -> usize {
    let before = ALLOCATED.get();
    work();
    ALLOCATED.get() - before
}

fn put(db: &Database, id: usize, text: &str) {
    let body = format!(
        r#"{{"TableName": "Some", "Item": {{"id": {{"S": "{id:06}"}}, "text": {{"S": "{text}"}}}}}}"#
    );
    db.call_json("PutItem", body.as_bytes()).expect("a put");
}

fn filled(items: usize) -> Database {
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    let create = r#"{"TableName": "Some", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}"#;
    db.call_json("CreateTable", create.as_bytes()).expect("a new table");
    (0..items).for_each(|id| put(&db, id, "old"));
    db
}

/// Bytes for a fork, for the first put on it, and for the first put on the original.
fn costs(items: usize) -> [usize; 3] {
    let db = filled(items);
    let mut fork = None;
    let forking = bytes_allocated(|| fork = Some(db.fork().expect("memory")));
    let fork = fork.expect("made above");
    let [on_fork, beside] = [&fork, &db].map(|db| bytes_allocated(|| put(db, 7, "new")));
    [forking, on_fork, beside]
}

#[test]
fn a_fork_and_the_first_write_after_it_cost_the_same_whatever_there_is() {
    let (few, many) = (costs(300), costs(30_000));
    for (few, many) in few.into_iter().zip(many) {
        // Longer numbers in texts, and a few more pointers to blocks of records.
        assert!(many < few + 4_096, "{many} bytes with a hundred times as many items, {few} without");
    }
}
