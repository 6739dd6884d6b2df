/**
 * What became of a record at those who read it. Only what follows from the database's own figures is said; where they leave something open, the
 * words leave it open too.
 */
import { ancestors, compareNumbers, descendants } from './lineage.js'

/** @typedef {'done' | 'waiting' | 'not' | 'open'} Mark done: has it. waiting: not yet. not: will not have it. open: not known */
/** @typedef {{ mark: Mark, word: string, why: string, tip?: any }} Fate */

/** Milliseconds until an iterator expires. */
const ITERATOR_LIVES = 900_000

/**
 * @param {number} n
 * @param {string} one
 */
export const counted = (n, one) => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`

/**
 * A reader of the record's own shard. It has read up to a place; whether it began before the record or behind it follows from how many it has read.
 * @param {any} reader as InspectStream tells it
 * @param {{ records: number, before: number }} place how many records the shard has, and how many of them are before this one
 * @returns {Fate}
 */
export function readerFate(reader, { records, before }) {
  const next = records - reader.RecordsBehind
  const expired = reader.IteratorAgeMillis >= ITERATOR_LIVES
  if (before >= next) {
    const left = before - next
    const place = left === 0 ? 'This is the next record it reads.' : `${counted(left, 'record')} before it.`
    if (reader.IsTrimmed) return { mark: 'waiting', word: 'not yet', why: `${place} Its next call fails: records were trimmed before it came to them.` }
    if (expired) return { mark: 'waiting', word: 'not yet', why: `${place} Its iterator has expired: it has to take a new one.` }
    return { mark: 'waiting', word: 'not yet', why: place }
  }
  if (next - before > reader.RecordsRead) {
    return { mark: 'not', word: 'began after it', why: `It has read ${counted(reader.RecordsRead, 'record')}, all written later.` }
  }
  return { mark: 'done', word: 'has read it', why: next - before === 1 ? 'It is the last one that it has read.' : `It has read ${counted(next - before - 1, 'record')} after it.` }
}

/**
 * Where a mapping's checkpoint is.
 * @param {any} described as DescribeMappings tells it
 * @returns {{ tips: any[], kept: any[], began: any, lanes: number } | null} null before the first batch was settled
 */
export function placeOf({ Checkpoint }) {
  if (!Checkpoint) return null
  const { checkpoint, shards = [], began_latest: began, lanes = 1 } = JSON.parse(Checkpoint)
  return { tips: checkpoint.shards ?? [], kept: shards, began, lanes }
}

/**
 * Whether a place in a shard is behind a record.
 * @param {any} position
 * @param {string} number
 * @returns {boolean | null} null where the place has no number
 */
function isPast(position, number) {
  if (typeof position !== 'object') return false
  if (position.after !== undefined) return compareNumbers(number, position.after) <= 0
  if (position.at !== undefined) return compareNumbers(number, position.at) < 0
  return null
}

/**
 * @typedef {object} Case a record and a mapping
 * @property {any} described the mapping, as DescribeMappings tells it
 * @property {any[]} shards those of the stream
 * @property {string} shardId the record's
 * @property {string} number its sequence number
 * @property {number} at when it was written, epoch milliseconds
 * @property {number} now
 * @property {boolean | null} matches whether a filter lets it through; null where there is none
 */

/**
 * @param {Case} given
 * @returns {Fate}
 */
export function mappingFate(given) {
  const { described, at, matches } = given
  const mapping = described.Configuration
  const place = placeOf(described)
  const start = beforeStart(mapping, place, at)
  if (start) return start
  if (matches === false) {
    return { mark: 'not', word: 'filtered', why: 'No pattern of its filters matches this record: it is dropped, and never handed to the function.' }
  }
  const fate = place ? byCheckpoint(given, place) : unsettled(mapping)
  return fate.mark === 'waiting' ? { ...fate, why: `${fate.why}${hindrance(given)}` } : fate
}

/**
 * @param {any} mapping
 * @param {ReturnType<typeof placeOf>} place
 * @param {number} at
 * @returns {Fate | null}
 */
function beforeStart(mapping, place, at) {
  if (place?.began && at < place.began.at) {
    return { mark: 'not', word: 'before its start', why: `It began at LATEST, ${new Date(place.began.at).toISOString()}; this was written before.` }
  }
  if (mapping.StartingPosition === 'AT_TIMESTAMP' && at < mapping.StartingPositionTimestamp * 1000) {
    const start = new Date(mapping.StartingPositionTimestamp * 1000).toISOString()
    return { mark: 'not', word: 'before its start', why: `It begins at ${start}; this was written before.` }
  }
  return null
}

/**
 * @param {any} mapping
 * @returns {Fate}
 */
function unsettled(mapping) {
  if (mapping.StartingPosition === 'LATEST') {
    return { mark: 'open', word: 'not known', why: 'It begins at LATEST, and has settled nothing yet: what was written before it was made is not for it.' }
  }
  return { mark: 'waiting', word: 'not yet', why: 'It has settled nothing yet: no worker has carried it out, or its first batch is under way.' }
}

/**
 * @param {Case} given
 * @param {NonNullable<ReturnType<typeof placeOf>>} place
 * @returns {Fate}
 */
function byCheckpoint({ described, shards, shardId, number }, { tips, kept }) {
  const settled = (/** @type {string} */ how) => ({
    mark: /** @type {const} */ ('done'),
    word: 'settled',
    why: `${how} The function has done with it, or its batch was given up. Last result: ${described.Configuration.LastProcessingResult ?? 'none'}.`,
  })
  const tip = tips.find(({ shard }) => shard === shardId)
  if (tip) {
    const past = tip.ended ? true : isPast(tip.position, number)
    if (past) return settled('Its checkpoint in this shard is behind this record.')
    if (past === null) return { mark: 'open', word: 'not known', why: 'Its place in this shard has no number yet: only its iterator knows it.' }
    return pending(kept.find(({ shard }) => shard === shardId), number, tip)
  }
  const above = ancestors(shards, shardId).find(({ ShardId }) => tips.some(({ shard }) => shard === ShardId))
  if (above) {
    const waits = tips.find(({ shard }) => shard === above.ShardId)
    return { mark: 'waiting', word: 'not yet', why: `It waits for the parent shard ${above.ShardId}, which is read first.`, tip: waits }
  }
  if (descendants(shards, shardId).some(({ ShardId }) => tips.some(({ shard }) => shard === ShardId))) {
    return settled('It has read this shard to its end and goes on in a child.')
  }
  return { mark: 'open', word: 'not known', why: 'Its checkpoint names neither this shard nor a relative: the shard was read to its end, or lies before its start.' }
}

/**
 * @param {any} kept what the checkpoint has of this shard besides its place
 * @param {string} number
 * @param {any} tip
 * @returns {Fate}
 */
function pending(kept, number, tip) {
  const piece = kept?.pieces?.find((/** @type {any} */ { first, last }) => compareNumbers(first, number) <= 0 && compareNumbers(number, last) <= 0)
  if (piece) {
    return { mark: 'waiting', word: 'is retried', why: `Its batch has failed ${counted(piece.attempts, 'time')} and is tried again (request ${piece.request_id}).`, tip }
  }
  const ahead = kept?.settled?.some((/** @type {any} */ { before }) => compareNumbers(number, before) < 0)
  if (ahead) return { mark: 'open', word: 'not known', why: 'Another lane of this shard is slower: this record may be settled already.', tip }
  return { mark: 'waiting', word: 'not yet', why: 'Its checkpoint is before this record.', tip }
}

/**
 * What keeps a mapping from coming to a record, beside the records before it.
 * @param {Case} given
 */
function hindrance({ described, at, now }) {
  const { State, StateTransitionReason, MaximumRecordAgeInSeconds: most = -1 } = described.Configuration
  let text = ''
  if (State !== 'Enabled') text += ` The mapping is ${State}${StateTransitionReason ? ` (${StateTransitionReason})` : ''}: it hands nothing over.`
  if (most >= 0 && now - at > most * 1000) text += ` It is older than MaximumRecordAgeInSeconds (${most}): it is given up when its turn comes.`
  return text
}
