//! Shapes of the operations that disturb calls on purpose.

use super::shape::{Open, enumeration, shape};

enumeration! {
    /// What a fault does to a call.
    pub enum FaultEffect {
        /// The call fails with `Error`.
        Fail = "FAIL",
        /// The answer comes `Milliseconds` later: a manual clock moves on by that, on the system's clock the caller waits. What the call does, it
        /// does at once.
        Delay = "DELAY",
        /// GetRecords finds that its iterator has expired.
        ExpireIterator = "EXPIRE_ITERATOR",
        /// Records that GetRecords would have read are trimmed, for everybody and for good: the oldest `Records` of them, or all.
        TrimAhead = "TRIM_AHEAD",
        /// DescribeStream shows no child that was opened less than `Milliseconds` ago.
        HideChildren = "HIDE_CHILDREN",
        /// GetRecords answers a page without records. The next one goes on at the same place.
        EmptyPage = "EMPTY_PAGE",
        /// GetRecords tells its next iterator so that the newest `Records` of the page, or all, are read once more.
        RepeatRecords = "REPEAT_RECORDS",
        /// GetRecords keeps back what was written less than `Milliseconds` ago. A later page has it.
        HoldBackRecords = "HOLD_BACK_RECORDS",
        /// What the call delivers to a Kinesis data stream comes there once more: behind it the newest `Records` records that tables have delivered
        /// to each shard, or its own.
        RepeatDelivery = "REPEAT_DELIVERY",
    }

    /// When a call fails.
    pub enum FaultMoment {
        /// Before it does anything.
        Before = "BEFORE",
        /// When it is done, and all it did is safe: its answer, also that of a call that fails by itself, is lost.
        After = "AFTER",
    }
}

shape! {
    /// The error of a call that fails on purpose.
    pub struct FaultError {
        /// A code, such as `ThrottlingException`.
        code: String = "Code" [REQUIRED],
        /// The text; the service's own when absent.
        message: String = "Message",
        /// For `TransactionCanceledException`, which requires them: the codes of the reasons, one for each action, such as `None` and
        /// `TransactionConflict`.
        cancellation_reasons: Vec<String> = "CancellationReasons" [length(1, TRANSACTION_MAX)],
    }

    /// A fault: which calls, and what happens to them.
    pub struct Fault {
        /// A name for the trace.
        name: String = "Name" [length(1, FAULT_NAME_MAX_CHARS)],
        /// What it does.
        effect: Open<FaultEffect> = "Effect" [REQUIRED],
        /// Calls of these operations. When absent, of all that the effect can be about, but for those of this store's own, which have to be named.
        operations: Vec<String> = "Operations" [length(1, FAULT_OPERATIONS_MAX)],
        /// Calls that name this table, by its name or an ARN of it or its stream, in an iterator, a batch or a transaction. The text of a
        /// statement is not looked at.
        table_name: String = "TableName" [length(1, TABLE_ARN_MAX_CHARS)],
        /// Calls that name this shard, also in an iterator.
        shard_id: String = "ShardId" [length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
        /// Calls of GetRecords with this iterator.
        shard_iterator: String = "ShardIterator" [length(1, ITERATOR_MAX_CHARS)],
        /// How many of these calls are left alone first.
        skip: i64 = "Skip" [range(0, FAULT_COUNT_MAX)],
        /// To how many of them it happens at most; to all when absent.
        times: i64 = "Times" [range(1, FAULT_COUNT_MAX)],
        /// With which probability it happens to one of them, 0 to 1; always when absent.
        probability: f64 = "Probability",
        /// The error of `FAIL`.
        error: FaultError = "Error",
        /// When `FAIL` happens; before the call when absent.
        moment: Open<FaultMoment> = "Moment",
        /// How long, for `DELAY`, `HIDE_CHILDREN` and `HOLD_BACK_RECORDS`, in milliseconds.
        milliseconds: i64 = "Milliseconds" [range(1, FAULT_MAX_MILLIS)],
        /// How many, for `TRIM_AHEAD`, `REPEAT_RECORDS` and `REPEAT_DELIVERY`.
        records: i64 = "Records" [range(1, RECORDS_PAGE_MAX)],
    }

    /// Has calls disturbed from now on, until the database is closed: a program can be tried against what happens rarely. The same faults with
    /// the same seed do the same to the same calls. They take the place of those before, and begin a new trace; without any, calls go
    /// undisturbed again and the trace stays. Where several are about a call, the first of them happens that is due.
    ///
    /// A fault that finds nothing to do to a call, such as to an empty page, is not used up and not in the trace.
    ///
    /// Errors: `ValidationException` for a fault that contradicts itself, or names an operation or a code that does not exist.
    pub struct SetFaultsInput {
        /// The faults, at most 100.
        faults: Vec<Fault> = "Faults" [REQUIRED, length(0, FAULTS_MAX)],
        /// The seed of all probabilities; 0 when absent.
        seed: i64 = "Seed",
    }

    /// Answer of SetFaults.
    pub struct SetFaultsOutput {
    }

    /// Tells the faults and what they did.
    pub struct DescribeFaultsInput {
        /// Of the trace, what comes after this number.
        after_number: i64 = "AfterNumber" [range(0, FAULT_COUNT_MAX)],
        /// Of the trace, at most so many entries, the oldest first; all when absent.
        limit: i32 = "Limit" [range(1, FAULT_TRACE_MAX)],
    }

    /// A fault as it stands.
    pub struct FaultDescription {
        /// The fault as it was set.
        fault: Fault = "Fault",
        /// How many calls it is about there were.
        calls: i64 = "Calls",
        /// How often it happened.
        injected: i64 = "Injected",
    }

    /// What a fault did to a call.
    pub struct Injection {
        /// Counts from 1.
        number: i64 = "Number",
        /// When, epoch milliseconds.
        at: i64 = "At",
        /// The place of the fault in the list, from 0.
        fault: i32 = "Fault",
        /// The name of the fault.
        name: String = "Name",
        /// What it does.
        effect: Open<FaultEffect> = "Effect",
        /// The operation that was called.
        operation: String = "Operation",
        /// The tables that the call named.
        table_names: Vec<String> = "TableNames",
        /// The shard that it named.
        shard_id: String = "ShardId",
        /// What was done, in words.
        detail: String = "Detail",
    }

    /// Answer of DescribeFaults.
    pub struct DescribeFaultsOutput {
        /// The seed.
        seed: i64 = "Seed",
        /// The faults, in their order.
        faults: Vec<FaultDescription> = "Faults",
        /// What they did, the oldest first: the newest 1,000 entries are kept.
        trace: Vec<Injection> = "Trace",
    }
}
