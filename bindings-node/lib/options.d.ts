// Printed from the options of the engine by `cargo xtask gen`. Do not edit.

/** How to open a database. Options that speak of a disk are accepted for a database in memory, and mean nothing there; all hold for this opening. */
export interface OpenOptions {
  /** The directory of the database, which is made if there is none; one in memory when absent. One process at a time has it open. */
  path?: string | URL | undefined;
  /**
   * Who moves time. `'system'`: the computer's clock; threads that all databases of a process share do the background work. `'manual'`: the
   * caller, with `AdvanceClock`; background work happens then and there, in order. Default: `'system'`.
   */
  clock?: 'system' | 'manual' | undefined;
  /**
   * Where a manual clock starts. A stored clock moves forward to this time; it cannot go back. A `Date` or epoch milliseconds. When absent:
   * where the stored one is, 2026-01-01T00:00:00Z in a new database.
   */
  now?: Date | number | undefined;
  /**
   * Makes every random choice repeatable: the same calls give the same answers. When absent: the stored one, and in a new database chance.
   */
  seed?: number | bigint | undefined;
  /**
   * Region in names and records. Another one than is stored is refused. When absent: what is stored, and in a new database `defaultRegion`.
   */
  region?: string | undefined;
  /**
   * Region of a new database where `region` names none; one that is there keeps its own. Python takes it from `AWS_DEFAULT_REGION` of the
   * environment, as boto3 does. When absent: `'us-east-1'`.
   */
  defaultRegion?: string | undefined;
  /**
   * Account in names. Another one than is stored is refused. When absent: what is stored, `'000000000000'` in a new database.
   */
  account?: string | undefined;
  /**
   * Whether clients of every region see the same tables, under the ARNs of the database's own region, as with one server for all of them.
   * Otherwise each region has its own. Default: off.
   */
  shareRegions?: boolean | undefined;
  /**
   * Partitions of a new table, each with one open shard. 1 to 1,024. Default: 1.
   */
  partitions?: number | undefined;
  /**
   * How long a table stays CREATING, UPDATING or DELETING. With 0 the answer shows that state and the next call the final one.
   * Milliseconds. Default: 0.
   */
  controlPlaneDelay?: number | undefined;
  /**
   * Age at which background work replaces an open shard by a child; 0 is never. Milliseconds. Default: 4 hours.
   */
  shardRollover?: number | undefined;
  /**
   * By how much that age differs from shard to shard, at most, either way; drawn by the seed. The service's shards live 3.5 to 4.5 hours:
   * half an hour. With 0, moving a manual clock by years costs no more than by days. Milliseconds. Default: 0.
   */
  shardRolloverJitter?: number | undefined;
  /**
   * Size at which background work splits a partition, its shard closing with two children; 0 is never. The service splits at about 10 GB.
   * The size is an estimate: what is there when the database is opened, or the partition is split, is taken to be spread evenly. Bytes.
   * Default: 0.
   */
  splitBytes?: number | undefined;
  /**
   * Write capacity units a second, sustained for `splitAfter`, at which a partition is split; 0 is never. The service's partitions take
   * 1000. One that is used for a single partition key is left alone. 0 to 1,000,000,000. Default: 0.
   */
  splitWriteUnits?: number | undefined;
  /**
   * The same for read capacity units, of which the service's partitions give 3000. What is read of global indexes does not count. 0 to
   * 1,000,000,000. Default: 0.
   */
  splitReadUnits?: number | undefined;
  /**
   * How long a partition has to be used at such a rate, on the database's clock. Milliseconds. Default: 300 seconds.
   */
  splitAfter?: number | undefined;
  /**
   * Whether readers of streams have the service's limits, on the database's clock: 10 calls of GetRecords a second on a shard, which is two
   * readers of 5 each, and 2 MB; 10 calls of DescribeStream and 5 of ListStreams a second. Default: off.
   */
  readerLimits?: boolean | undefined;
  /**
   * Whether calls are counted, by operation, table and outcome, for `DescribeMetrics` and for `GET /metrics` of the server, and readers of
   * a shard that begin in one millisecond told apart. Default: off.
   */
  metrics?: boolean | undefined;
  /**
   * How many of the latest calls are remembered for `DescribeCalls`; 0 is none. 0 to 1,000,000. Default: 0.
   */
  callTrace?: number | undefined;
  /**
   * How long the records of a stream can be read that is turned on from now on. The service has 24 hours. A stream keeps the time it began
   * with. Milliseconds. Default: 24 hours.
   */
  streamRetention?: number | undefined;
  /**
   * How long after its time an item is deleted that time to live makes expire. Milliseconds. When absent: 0 on a manual clock, a minute on
   * the system's.
   */
  expiryDelay?: number | undefined;
  /**
   * Whether tables and global indexes refuse what is beyond their provisioned capacity, or their ceilings on demand, on the database's
   * clock: up to five minutes of units are saved, one second of a ceiling, and no partition reads more than 3000 or writes more than 1000
   * units a second. Default: off.
   */
  throttling?: boolean | undefined;
  /**
   * How long after a write global indexes show it, on the database's clock: what a program reads from one may be so old, as the service's
   * may. With 0 they show it at once. Milliseconds. Default: 0.
   */
  indexDelay?: number | undefined;
  /**
   * Bytes that the items of one partition key may have with their entries in local indexes, in a table that has local indexes. Bytes.
   * Default: 10,240 MiB.
   */
  itemCollectionLimit?: number | undefined;
  /**
   * A directory that stands for the object store: a bucket is a folder of it. Without one, exports and imports are refused, and the buckets
   * of S3's operations are rows of the database. When absent: none.
   */
  buckets?: string | undefined;
  /**
   * What an acknowledged write survives. `'sync'`: the end of the process, and a power cut: it is on the disk before it is acknowledged.
   * Many calls at once share one write. `'buffered'`: the end of the process, however violent. A power cut may take what was acknowledged
   * in the last `syncEvery`, never a part from the middle, nor half a commit. `'none'`: closing. Anything else may take what was
   * acknowledged last; what is left is whole. Default: `'sync'`.
   */
  durability?: 'sync' | 'buffered' | 'none' | undefined;
  /**
   * How often written data is forced to the disk with `'buffered'`, and so the most that a power cut takes. Milliseconds, 1 to 60,000.
   * Default: 50 ms.
   */
  syncEvery?: number | undefined;
  /**
   * Memory for items and pages that were read from the disk; 0 keeps only what is needed. Bytes. Default: 256 MiB.
   */
  cacheBytes?: number | undefined;
  /**
   * Which generation of the service's texts errors speak. `'current'`: the one that the service brings to its regions since June 2026.
   * `'classic'`: the one before it. Default: `'current'`.
   */
  wording?: 'current' | 'classic' | undefined;
}
