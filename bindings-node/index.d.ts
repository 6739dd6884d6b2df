/// <reference lib="esnext.disposable" />
import type { OpenOptions as EngineOptions } from './lib/options';
import type { ErrorCode, FaultDescription, FaultInput, Injection, InspectStreamOutput, Item, ItemInput, OperationMethods, Operations, Record as PlainRecord, StreamDescription, Shard, ShardIteratorType, ShardSuccession } from './lib/operations';

export type * from './lib/operations';

/** How to open a database. */
export interface OpenOptions extends Omit<EngineOptions, 'clock'> {
  /**
   * Who moves time. `'system'` (when absent): the computer's clock. `'manual'`: the caller, with `clock.advance`. A function: what it tells, a date or epoch
   * milliseconds, is the time from the next call on, so that the fake timers of a test runner drive the database: `() => Date.now()`.
   */
  clock?: 'system' | 'manual' | (() => Date | number) | undefined;
}

/**
 * Opens a database.
 * @throws {StreamtableError} OpenException for a directory that cannot be opened (open elsewhere, say), an unknown option or one out of range
 */
export function open(options?: OpenOptions): Database;

/**
 * An open database. It closes with `close`, or when nobody can reach it any more.
 *
 * The methods that answer with a promise do their work when they are called, and leave waiting for the disk to another thread; promises in
 * flight together share one write to the disk. Those named `...Sync`, and what answers without a promise, wait on the spot, and the event
 * loop with them.
 */
export class Database {
  private constructor();
  /** Tells the time and, when it is manual, moves it. */
  readonly clock: Clock;
  /** Sets the faults that calls meet, ends and tells them. */
  readonly faults: Faults;
  /** Whether `close` was called. */
  readonly closed: boolean;
  /** Runs an operation by its name, on the spot. */
  callSync<N extends keyof Operations>(operation: N, ...input: InputOf<N>): Operations[N]['output'];
  /** Runs an operation by its name. */
  call<N extends keyof Operations>(operation: N, ...input: InputOf<N>): Promise<Operations[N]['output']>;
  /** Runs a command object of the AWS SDK for JavaScript v3, such as `new PutItemCommand({...})`. */
  send<O>(command: SdkCommand<O>): Promise<O>;
  /** The change stream of this ARN (`LatestStreamArn` of a table). */
  stream(arn: string): Stream;
  /**
   * The change streams, of one table or of all, with their shards as they stand: which continues which, how many records each has and how old
   * they are, and who reads it, with how far behind it is (`inspectStream`, all pages of it). Looking changes nothing.
   * @throws {StreamtableError}
   */
  streams(tableName?: string): InspectStreamOutput[];
  /**
   * Configuration with which clients of the AWS SDK for JavaScript v3 work on this database, without a socket. Members of `overrides` win.
   */
  clientConfig(): ClientConfig;
  clientConfig<T extends object>(overrides: T): Omit<ClientConfig, keyof T> & T;
  /**
   * Leads a client of the AWS SDK for JavaScript v3 that is there already to this database: one that a module under test made when it was loaded. The last
   * database counts, for all commands, and for document clients made of the client.
   * @returns the client
   */
  attach<C extends { readonly config: object; send: unknown }>(client: C): C;
  /**
   * Makes a handler a function by a name, for event source mappings and `invoke`. An invocation is not interrupted when its time is over, but
   * counts as failed.
   */
  function<H extends Handler>(name: string, handler: H, options?: FunctionOptions): H;
  /**
   * Hands the records of a stream to a function, in batches, as an event source mapping of AWS Lambda does. Nothing runs by itself: `step`,
   * `runUntilIdle` and `start` of the mapping do it. A mapping of this stream and function that is there already is taken and set so.
   * @param source the ARN of a stream, a `Stream`, or the name of a table that has one
   * @param handler a handler, or the name or ARN of a function that is registered
   * @throws {StreamtableError} InvalidParameterValueException for a parameter that is wrong
   */
  eventSourceMapping(source: string | Stream, handler: Handler | string, options?: MappingOptions): EventSourceMapping;
  /**
   * Carries out all event source mappings until there is nothing to do.
   * @returns how often a function was invoked
   */
  runUntilIdle(options?: RunOptions): Promise<number>;
  /** What carries out event source mappings, in the pull form: for programs that run functions in a way of their own. */
  readonly functions: Functions;
  /** Invokes a function of this program; what Lambda's Invoke answers, the payload as a value. */
  invoke(functionName: string, payload?: unknown): Promise<{ StatusCode: number; ExecutedVersion: string; Payload: unknown; FunctionError?: string }>;
  /**
   * Replays records of a stream into a table, on the spot: new images are put, removed items deleted. Each record is applied once, and never
   * after a later one of its item, however often it comes: a table beside it, `<tableName>.applied`, keeps the sequence number of each
   * item's last record.
   * @returns how many records were applied, and how many left out
   * @throws {StreamtableError} ValidationException for a record of another key, or without the image it led to; ResourceNotFoundException
   */
  apply(tableName: string, records: Iterable<PlainRecord>): { Applied: number; Skipped: number };
  /**
   * A database that goes on from this one's present: tables, items, streams, iterators, clock. From then on both are independent.
   *
   * In memory it takes microseconds, whatever there is. A database in a directory needs a `path`, the directory of the fork, which is made:
   * files that are never written again are shared by hard links, where the file system has them.
   * @throws {StreamtableError} ValidationException for a path in memory, none in a directory, or a directory that holds something
   */
  fork(path?: string | URL): Database;
  /**
   * The database as clients of another region see it: with tables, streams, queues, mappings and ARNs of that region, which begins empty when it
   * is first asked for. All regions have one clock, and are copied, forked, put back, reset and closed together; faults, metrics and functions
   * are those of a region. With the option `shareRegions`, and for the region's own name, it is this database again. SDK clients find their
   * region by themselves: `db.clientConfig({ region: 'eu-west-1' })`.
   * @throws {StreamtableError} OpenException for what is no name, ValidationException beyond 64 others
   */
  inRegion(region: string): Database;
  /** The names of the regions that there are: that of the database itself, then the others in order. */
  readonly regions: string[];
  /**
   * The database, which is in memory, at this moment: to fork from it, or to come back to it with `restore`. Takes microseconds.
   * @throws {StreamtableError} ValidationException for a database in a directory
   */
  snapshot(): Snapshot;
  /**
   * Puts the database back to a snapshot of it, or of a database it was forked from or into: tables, items, streams, clock. The database, its
   * clients and streams go on working; a call that runs meanwhile is answered by the database as it was before. A snapshot can be restored
   * any number of times.
   * @throws {StreamtableError} ValidationException for a database in a directory, or a snapshot of another region or account
   */
  restore(snapshot: Snapshot): void;
  /**
   * Empties the database: tables, items, streams; a manual clock stands where it stood when the database was opened, and a seeded one makes
   * the same choices again. The database, its clients and streams go on working.
   * @throws {StreamtableError} ValidationException for a database in a directory
   */
  reset(): void;
  /**
   * Closes the database: what it has acknowledged is made safe, promises in flight are settled, the directory may be opened again, and every
   * later call fails with DatabaseClosedException. Closing twice is no error.
   * @throws {StreamtableError} StorageException when the disk failed; the database is closed nevertheless
   */
  close(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Database extends OperationMethods {}

/** The input of an operation, which may be left out where nothing must be in it. */
type InputOf<N extends keyof Operations> = {} extends Operations[N]['input'] ? [input?: Operations[N]['input']] : [input: Operations[N]['input']];

/** A database in memory at one moment. It does not change, and can be forked any number of times, also after its database is closed. */
export class Snapshot {
  #frozen;
  private constructor();
  /** A database of its own that goes on from here, as `Database.fork`. */
  fork(): Database;
}

/** What a handler is told of its invocation, as the context object of AWS Lambda. */
export interface Context {
  callbackWaitsForEmptyEventLoop: boolean;
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /**
   * What is to be written in the commit that settles the records, as TransactWriteItems takes it, at most 100: push to it. Only of a mapping that is
   * `exactlyOnce`.
   */
  readonly transactItems?: NonNullable<Operations['TransactWriteItems']['input']['TransactItems']>;
  /** How long the invocation may still take, on the database's clock, in milliseconds. */
  getRemainingTimeInMillis(): number;
}

/**
 * What carries out event source mappings, in the pull form: `next` says what is to be done, `tell` takes what became of it. The members are those of
 * `streamtable_worker_next` and `streamtable_worker_tell` in C.
 */
export interface Functions {
  /** `{ Do: 'Invoke', Ticket, Event, … }`, `{ Do: 'Deliver', … }`, `{ Do: 'SleepUntil', Moment }`, `{ Do: 'RedriveAt', Moment }` or `{ Do: 'Idle' }`; of one mapping, by its UUID, or of all. */
  next(mapping?: string): any;
  /** `'Complete'`, `'Delivered'`, `'DeliverByHost'`, `'Status'` or `'Explain'`, with its members; the answer. */
  tell(what: string, members: object): any;
}

/** What is given events: its answer is a value or a promise, or goes to the callback where it takes one. */
export type Handler = (event: any, context: Context, callback: (error?: unknown, value?: unknown) => void) => unknown;

/** Of a function. */
export interface FunctionOptions {
  /** How long an invocation may take on the database's clock, in seconds; 3 when absent. */
  timeout?: number;
  /** What the context tells, in mebibytes; 128 when absent. */
  memorySize?: number;
  /** Versions besides `$LATEST`. */
  versions?: string[];
  /** Aliases, and the version that each of them means. */
  aliases?: Record<string, string>;
}

/** What can be changed of a mapping. Times are in seconds. */
export interface MappingParameters {
  batchSize?: number;
  maximumBatchingWindowInSeconds?: number;
  parallelizationFactor?: number;
  bisectBatchOnFunctionError?: boolean;
  maximumRetryAttempts?: number;
  maximumRecordAgeInSeconds?: number;
  tumblingWindowInSeconds?: number;
  enabled?: boolean;
  reportBatchItemFailures?: boolean;
  /** Event patterns, as text or as objects. */
  filters?: (string | object)[];
  /** What is told of batches that were given up: a function that is given the document, a directory that gets the objects a bucket would get, or an ARN. */
  onFailure?: string | ((document: any) => unknown);
}

/** Of a mapping. */
export interface MappingOptions extends MappingParameters {
  /** `'TRIM_HORIZON'` when absent. */
  startingPosition?: 'TRIM_HORIZON' | 'LATEST';
  /**
   * The handler's effects are writes into this database that it pushes to `context.transactItems`. They are done when it has answered, in the commit that
   * settles its records: all of them once, whatever is killed in between. Where they cannot be done, by a condition that is false or as more than
   * 100, none is, and the function has failed; `lastError` says why. Not with `reportBatchItemFailures`.
   */
  exactlyOnce?: boolean;
  /**
   * How often what was given up is given to the function again, on the database's clock, in milliseconds, a second at least. It takes an `onFailure` that is the
   * ARN of a queue or bucket of this database; what the function has done with is removed there. The schedule is that of this program, and is not kept.
   */
  redriveEvery?: number;
  tags?: Record<string, string>;
}

/** How mappings are carried out. */
export interface RunOptions {
  /** Moves a manual clock on to whatever is due next: retries, batching windows. */
  advance?: boolean;
  /** Invocations at most, 10,000 when absent; more are taken for functions that write into their own source, and are an error. */
  limit?: number;
}

/** A stream whose records a function is given. */
export interface EventSourceMapping {
  /** The mapping's identity. */
  readonly uuid: string;
  /** What GetEventSourceMapping answers. */
  readonly configuration: Operations['GetEventSourceMapping']['output'];
  /** `'Enabled'`, `'Disabled'`, or what is on the way there. */
  readonly state: string;
  /** What became of the last batch. */
  readonly lastProcessingResult: string;
  /** What was counted since this program carries it out, under the names of CloudWatch's metrics. */
  readonly counts: Record<string, number>;
  /** How far behind each shard is. */
  readonly lag: Record<string, unknown>[];
  /** What the handler threw last. */
  readonly lastError: unknown;
  /** Invokes the function once, or tells of failures, if there is anything to do now; whether there was. */
  step(): Promise<boolean>;
  /** As `Database.runUntilIdle`, for this mapping alone. */
  runUntilIdle(options?: RunOptions): Promise<number>;
  /** What became of a record, the first first: a record, an entry of an event, a sequence number or an event id. */
  explain(record: string | { dynamodb: { SequenceNumber: string } }): ({ what: string; at: number } & Record<string, unknown>)[];
  /** Changes the mapping. */
  update(parameters: MappingParameters): Operations['UpdateEventSourceMapping']['output'];
  /**
   * Runs the function once more with the records of a failure, which is a document that `onFailure` was given, or an object with the payload;
   * what it answers. The records are read again where the failure has no payload. What a function of a mapping that is `exactlyOnce` wants to be
   * written is written in one transaction then, each time that this is called.
   * @throws {StreamtableError} TrimmedDataAccessException where the stream no longer keeps them
   */
  redrive(failure: any): Promise<unknown>;
  /**
   * Has what was given up given to the function again in such intervals, in milliseconds, from now on; undefined for no more. `runUntilIdle` does not move
   * the clock for it.
   * @throws {TypeError} the mapping's failures go to no queue or bucket of the database
   */
  redriveEvery(milliseconds: number | undefined): void;
  /** Stops and removes the mapping. */
  delete(): Promise<void>;
  /** Carries the mapping out in the background, woken by what is written, until `stop`. */
  start(): this;
  /** Ends that, after the invocation that is running. */
  stop(): Promise<void>;
}

/** What `send` needs of a command of the AWS SDK. */
export interface SdkCommand<O> {
  readonly input: object;
  resolveMiddleware(...parts: never[]): (...input: never[]) => Promise<{ output: O }>;
}

/** What an SDK client takes. */
export interface ClientConfig {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  signer: { sign<R>(request: R): Promise<R> };
  requestHandler: RequestHandler;
}

/** Serves the requests of SDK clients in this process. */
export interface RequestHandler {
  readonly metadata: { handlerProtocol: string };
  handle(request: any, options?: { abortSignal?: any }): Promise<{ response: any }>;
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): Record<string, unknown>;
  destroy(): void;
}

/** The parts of a duration add up. */
export interface Duration {
  weeks?: number | undefined;
  days?: number | undefined;
  hours?: number | undefined;
  minutes?: number | undefined;
  seconds?: number | undefined;
  milliseconds?: number | undefined;
}

/** Tells a database's time and, when its clock is manual, moves it. */
export class Clock {
  private constructor();
  now(): Date;
  readonly mode: 'manual' | 'system';
  /**
   * Moves a manual clock forward and does, in order, what falls due on the way.
   * @returns the new time
   * @throws {StreamtableError} ValidationException when the clock is the system's
   */
  advance(duration: Duration): Date;
  /**
   * Moves a manual clock forward to a moment, a date or epoch milliseconds, as `advance`.
   * @returns the new time
   * @throws {RangeError} for a moment that is over
   * @throws {StreamtableError} ValidationException when the clock is the system's
   */
  advanceTo(moment: Date | number): Date;
}

/**
 * The faults of a database: `db.faults(script)` puts them in the place of those there are and begins a new trace. They are in force until they
 * are cleared or the database closes.
 */
export interface Faults {
  /** @throws {StreamtableError} ValidationException for a fault that contradicts itself, or names an operation or a code that does not exist */
  (script: readonly FaultInput[] | Operations['SetFaults']['input'] | string): Faults;
  /** Ends all faults. The trace is kept until faults are set again. */
  clear(): void;
  /** The faults in force, and how often each happened. */
  list(): FaultDescription[];
  /** What the faults did, the oldest first: of the newest 1,000 entries those after a number. */
  trace(after?: number): Injection[];
}

/** Where to start reading a stream. */
export interface RecordsOptions {
  /** Where to start in the first shards; `'TRIM_HORIZON'` when absent. With `'LATEST'`: what is written after this call. */
  iteratorType?: ShardIteratorType | undefined;
  /** Start at this shard and go on with its descendants; all shards when absent. */
  shardId?: string | undefined;
  /** The record to start at or after, for the types that need one; refused without `shardId` where the stream has or had several shards. */
  sequenceNumber?: string | undefined;
  /** The moment to start at, a date or epoch seconds, for `AT_TIMESTAMP`. */
  timestamp?: Date | number | undefined;
  /** Whether to go on with the shards that continue `shardId`; true when absent. */
  descendants?: boolean | undefined;
  /** At most this many records in all. */
  limit?: number | undefined;
  /** Go on where other records stood: what their `checkpoint` was, in place of all above but `limit`. */
  checkpoint?: string | undefined;
  /**
   * What to do where records grew older than 24 hours before they were read: `'fail'` (when absent) with TrimmedDataAccessException, or
   * `'skip'` them and count it in `gaps`.
   */
  trimmed?: 'fail' | 'skip' | undefined;
}

/** A change stream. */
export class Stream {
  private constructor();
  /** The stream's ARN. */
  readonly arn: string;
  /** The stream's description, with all its shards. */
  describe(): StreamDescription;
  /** The stream's shards, parents before children. */
  shards(): Shard[];
  /**
   * Splits the partition of an open shard, or the widest one: the shard closes and two children open.
   * @throws {StreamtableError} ResourceNotFoundException: no such stream or shard; ValidationException: the shard is closed, or the stream off
   */
  split(shardId?: string): Operations['SplitShard']['output'];
  /** Closes an open shard, or all of them, each with one child in its place. Fails as `split` does. */
  roll(shardId?: string): ShardSuccession[];
  /**
   * The stream's records up to what is there now: parent shards before their children, each shard in order.
   * @throws {StreamtableError} ResourceNotFoundException: no such stream or shard; TrimmedDataAccessException: a position older than 24 h
   */
  records(options?: RecordsOptions): Records;
  /**
   * The stream's records, those that are there and those that are written from then on, for `for await`. It ends when the signal is aborted, when the
   * loop is left, or when the stream is turned off and read to its end.
   * @throws {StreamtableError} as `records`
   */
  follow(options?: FollowOptions): FollowedRecords;
}

/** Where to start following a stream, and what ends it. */
export interface FollowOptions extends Omit<RecordsOptions, 'limit'> {
  /** Ends the iteration, without an error. */
  signal?: AbortSignal | undefined;
}

/** Records as they are written, iterable once by `for await`. */
export interface FollowedRecords extends AsyncIterable<ChangeRecord> {
  /** Where to go on after the record that was given last, as that of `Records`. */
  readonly checkpoint: string;
  /** As that of `Records`. */
  readonly gaps: number;
}

/** Records, iterable once by `for`, or by `for await`, which does not hold up the event loop to wait for a disk. */
export interface Records extends IterableIterator<ChangeRecord>, AsyncIterable<ChangeRecord> {
  /** All records that are left. */
  toArray(): ChangeRecord[];
  /** Where to go on after the record that was given last, in all shards: a text to keep, for `records({ checkpoint })`. */
  readonly checkpoint: string;
  /** How often records were trimmed before they could be read; only ever above 0 with `trimmed: 'skip'`. */
  readonly gaps: number;
}

/**
 * A change record: a plain object, equal to what `getRecords` answers; its images are converted at the first look. The members that are added here are
 * not enumerable, so that they are no part of it when it is compared or copied. It keeps the page it was read with in memory.
 */
export type ChangeRecord = PlainRecord & {
  /** The shard that has the record. */
  readonly shardId: string;
  /** Where to go on after this record and all that were given before it: a text to keep, for `records({ checkpoint })`. */
  readonly checkpoint: string;
  /** A copy that does not keep the page, and has none of the members that are added here. */
  toObject(): PlainRecord;
};

/** The name that `ChangeRecord` had. */
export type LazyRecord = ChangeRecord;

/** What every failed call throws. `name` is the service's code, `message` the service's text. */
export class StreamtableError extends Error {
  constructor(message: string, parts?: { name?: string; status?: number; details?: object; cause?: unknown });
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $fault: 'client' | 'server';
  /** The service's own text, where `message` tells besides what is wrong with an input, and where. */
  readonly serviceMessage?: string | undefined;
  /** The item a failed condition was checked against, if asked for. */
  readonly Item?: Item | undefined;
  /** Why the actions of a transaction were not carried out, one for each. */
  readonly CancellationReasons?: ReadonlyArray<{ Code?: string | undefined; Message?: string | undefined; Item?: Item | undefined }> | undefined;
}

/** The class of each error code, by its name. */
export const errors: { readonly [N in ErrorCode]: new (message: string) => StreamtableError & { readonly name: N } };

/** What numbers of an item become, which have up to 38 digits: `'native'` a number where one holds it, a BigInt for larger whole numbers, else the nearest number. */
export type Numbers = 'native' | 'float' | 'text';

/** A value that has a place in an item. */
export type Plain = null | boolean | string | number | bigint | ArrayBufferLike | ArrayBufferView | ReadonlyArray<Plain | undefined> | Set<string | number | bigint | Uint8Array> | { [name: string]: Plain | undefined };

/**
 * An item as plain values: `{ id: { S: '1' }, n: { N: '9.9' } }` as `{ id: '1', n: 9.9 }`. Binary values are bytes, sets are sets, and NULL is null.
 * @throws {StreamtableError} SerializationException for what is no item
 */
export function toPlain(item: ItemInput, options?: { numbers?: Numbers | undefined }): { [name: string]: Plain };

/**
 * Plain values as an item. What is undefined is an error, or left out with `removeUndefinedValues`, as `marshall` of the AWS SDK has it.
 * @throws {TypeError} for a value that no item holds, such as NaN or an empty set; it tells where that is
 */
export function toItem(values: { readonly [name: string]: Plain | undefined }, options?: { removeUndefinedValues?: boolean | undefined }): Item;

/** A value that is not the same in two images. `Path` is a JSON Pointer. */
export interface Difference {
  Path: string;
  From?: Item[string];
  To?: Item[string];
}

/**
 * What is not the same in two images of an item, in order of the places. Maps and lists are looked into, lists place by place; sets differ as a
 * whole. An image that is not there is one without attributes.
 * @throws {StreamtableError} SerializationException for what is no item
 */
export function differences(old: ItemInput | null | undefined, fresh: ItemInput | null | undefined): Difference[];

/** An operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  op: 'add' | 'remove' | 'replace';
  path: string;
  value?: unknown;
}

/**
 * The JSON Patch that makes the plain JSON values of the old image into those of the new one. There sets are sorted lists, and binary values
 * base64 text.
 * @throws {StreamtableError} SerializationException for what is no item
 */
export function patch(old: ItemInput | null | undefined, fresh: ItemInput | null | undefined, options?: { numbers?: Numbers | undefined }): PatchOperation[];

/** An event of AWS Lambda for records of a stream: as GetRecords has them, with base64 text for binary values and `eventSourceARN` in each. */
export interface LambdaEvent {
  Records: Array<{ eventID: string; eventName: 'INSERT' | 'MODIFY' | 'REMOVE'; eventSourceARN: string; dynamodb: any; [member: string]: any }>;
}

/**
 * The event that a function of AWS Lambda is given for records of a stream.
 * @throws {StreamtableError} SerializationException for records of another form
 */
export function lambdaEvent(records: Iterable<PlainRecord>, streamArn: string): LambdaEvent;

/**
 * Which filters of an event source mapping match each event, as a function is given it: for each event the places of all filters that match,
 * from 0. A pattern is its text, or an object of which the text is made. With `documented`, operators that AWS Lambda does not document are refused.
 * @throws {StreamtableError} ValidationException for a pattern that is none; the message says which, where and why
 */
export function matchFilters(
  patterns: Iterable<string | Record<string, unknown>>,
  events: Iterable<unknown>,
  options?: { documented?: boolean | undefined },
): number[][];

/** What the records of an event made for a test are of. */
export interface EventOptions {
  /** The names of the table's key: the partition key, and the sort key if there is one. */
  keys: readonly string[];
  /** `'Table'` when absent. */
  tableName?: string | undefined;
  /** `'NEW_AND_OLD_IMAGES'` when absent. */
  streamViewType?: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | undefined;
  region?: string | undefined;
  account?: string | undefined;
  /** When it happens, a date or epoch milliseconds; 2026-01-01T00:00:00Z when absent. */
  now?: Date | number | undefined;
  /** Another one gives other identities. */
  seed?: number | undefined;
}

/**
 * For tests, with any runner that takes an error for a failure (node:test, vitest, jest): assertions of what became of records, and events for unit tests
 * of functions that read changes: those of a database in memory that makes the changes, with identities, sizes and sequence
 * numbers as the service would give them. All throw ValidationException for what no table would take.
 */
export const testing: {
  /**
   * Asserts that a function has done with a record, which is one, an entry of an event, or a sequence number.
   * @throws {AssertionError} it has not; the message tells what became of it
   */
  assertDelivered(mapping: EventSourceMapping, record: Parameters<EventSourceMapping['explain']>[0]): void;
  /**
   * Asserts that a record was given up and its failure told of.
   * @throws {AssertionError} it was not; the message tells what became of it
   */
  assertDeadLettered(mapping: EventSourceMapping, record: Parameters<EventSourceMapping['explain']>[0]): void;
  /** The event of changes `[old, new]`; undefined stands for no item. A change that changes nothing has no record. */
  event(changes: ReadonlyArray<readonly [ItemInput | null | undefined, ItemInput | null | undefined]>, options: EventOptions): LambdaEvent;
  insert(fresh: ItemInput, options: EventOptions): LambdaEvent;
  modify(old: ItemInput, fresh: ItemInput, options: EventOptions): LambdaEvent;
  remove(old: ItemInput, options: EventOptions): LambdaEvent;
};
