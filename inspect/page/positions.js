/** Where readers and mappings are in the shards of a stream. */
import { call } from './api.js'
import { placeOf } from './fate.js'
import { descendants, letter } from './lineage.js'

/**
 * @typedef {object} Position a reader or a mapping in a shard
 * @property {string} label a letter for readers, M and a number for mappings
 * @property {'reader' | 'mapping'} kind
 * @property {string} shardId
 * @property {number} behind records that it has not read; of mappings, not settled
 * @property {number | undefined} at when the oldest of these was written, epoch milliseconds; undefined where it has all
 * @property {number} [lost] how many of its records were trimmed, where that is known
 * @property {boolean} isLost whether records were trimmed before it came to them
 * @property {boolean} isExpired whether its iterator has expired
 * @property {any} [reader]
 * @property {any} [mapping] its configuration
 * @property {boolean} [isEnded]
 * @property {any[]} [pieces] batches that are tried again
 */

const ITERATOR_LIVES = 900_000
/** Digits of the shortest sequence number that operations take. */
const DIGITS = 21
/** Places of mappings that are asked for. */
const PLACES_MAX = 60

/** @param {string} arn the name of a function, without the rest of its ARN */
export const functionName = (arn) => arn.split(':').slice(6).join(':')

/** @type {Map<number, { shardId: string, reader: any }>} readers as this page saw them last */
const seen = new Map()
/** How many of them it remembers. */
const SEEN_MAX = 256

/**
 * Readers whose iterators have expired. The database forgets a reader in that moment, so they are known to a page that saw them before.
 * @param {any[]} shards
 * @param {number} now
 * @returns {{ shardId: string, reader: any }[]}
 */
export function expiredReaders(shards, now) {
  const alive = new Set()
  for (const { ShardId: shardId, Readers = [] } of shards) {
    for (const reader of Readers) {
      alive.add(reader.Number)
      seen.delete(reader.Number)
      seen.set(reader.Number, { shardId, reader })
    }
  }
  while (seen.size > SEEN_MAX) seen.delete(seen.keys().next().value ?? 0)
  const open = new Map(shards.map((shard) => [shard.ShardId, shard]))
  // One that has read a closed shard to its end is done, and not missed.
  return [...seen.values()].filter(({ shardId, reader }) => !alive.has(reader.Number) && now - reader.ReadAt >= ITERATOR_LIVES
    && open.has(shardId) && (open.get(shardId).IsOpen || reader.RecordsBehind > 0))
}

/**
 * The readers of all shards.
 * @param {any[]} shards
 * @param {number} now
 * @returns {Position[]}
 */
export function readersOf(shards, now) {
  const position = (/** @type {string} */ shardId, /** @type {any} */ reader, /** @type {boolean} */ isExpired) => ({
    label: letter(reader.Number),
    kind: /** @type {const} */ ('reader'),
    shardId,
    behind: reader.RecordsBehind,
    at: reader.RecordsBehind > 0 && !isExpired ? now - reader.MillisBehind : undefined,
    isLost: reader.IsTrimmed,
    isExpired,
    reader,
  })
  return [
    ...shards.flatMap(({ ShardId, Readers = [] }) => Readers.map((/** @type {any} */ reader) => position(ShardId, reader, reader.IteratorAgeMillis >= ITERATOR_LIVES))),
    ...expiredReaders(shards, now).map(({ shardId, reader }) => position(shardId, reader, true)),
  ]
}

/**
 * How many records of a shard are at or behind a place, and when the first of them was written.
 * @param {string} StreamArn
 * @param {any} shard
 * @param {any} position
 * @param {AbortSignal} [signal]
 */
export async function behindOf(StreamArn, shard, position, signal) {
  // A place without a number, such as `"oldest"`, is before everything that is kept.
  const { after = undefined, at = undefined } = typeof position === 'object' ? position : {}
  const bound = after ?? (at && (BigInt(at) - 1n).toString().padStart(DIGITS, '0'))
  if (bound === undefined) return { behind: shard.RecordCount, lost: 0, at: shard.Oldest?.At }
  const { ExaminedCount, RemainingCount, TrimmedCount, FirstExamined } = await call('InspectRecords', { StreamArn, ShardId: shard.ShardId, AfterSequenceNumber: bound, Limit: 1 }, signal)
  const behind = ExaminedCount + RemainingCount
  return { behind, lost: TrimmedCount, at: FirstExamined?.At }
}

/**
 * The places of the mappings of a stream.
 * @param {string} arn
 * @param {any[]} shards
 * @param {any[]} described as DescribeMappings tells them
 * @param {AbortSignal} [signal]
 * @returns {Promise<Position[]>}
 */
export async function mappingPositions(arn, shards, described, signal) {
  /** @type {Position[]} */
  const found = []
  for (const [n, one] of described.entries()) {
    const mapping = one.Configuration
    const place = mapping.EventSourceArn === arn ? placeOf(one) : null
    for (const tip of place?.tips ?? []) {
      const shard = shards.find(({ ShardId }) => ShardId === tip.shard)
      if (!shard || found.length >= PLACES_MAX) continue
      const { behind, lost, at } = tip.ended ? { behind: 0, lost: 0, at: undefined } : await behindOf(arn, shard, tip.position, signal)
      found.push({
        label: `M${n + 1}`, kind: 'mapping', shardId: tip.shard, behind, at, lost, isLost: tip.gap === true || lost > 0, isExpired: false, mapping,
        isEnded: tip.ended === true, pieces: place?.kept.find(({ shard: id }) => id === tip.shard)?.pieces ?? [],
      })
    }
  }
  return found
}

/**
 * How many records a mapping has before it: those behind its places, and all of the shards that wait for these.
 * @param {any[]} shards
 * @param {Position[]} places its own
 */
export function lagOf(shards, places) {
  const named = new Set(places.map(({ shardId }) => shardId))
  const waiting = new Set(places.flatMap(({ shardId }) => descendants(shards, shardId).map(({ ShardId }) => ShardId)))
  const later = shards.filter(({ ShardId }) => waiting.has(ShardId) && !named.has(ShardId))
  return places.reduce((sum, { behind }) => sum + behind, 0) + later.reduce((sum, { RecordCount }) => sum + RecordCount, 0)
}

/**
 * All mappings.
 * @param {AbortSignal} [signal]
 * @returns {Promise<any[]>}
 */
export async function mappings(signal) {
  return (await call('DescribeMappings', {}, signal)).Mappings ?? []
}
