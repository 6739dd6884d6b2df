/** What became of one item, from the records of its stream, the newest first; and how far that was looked for. */
import { call, inspectStream } from './api.js'
import { compareNumbers } from './lineage.js'

/** Records looked at in one question, and before somebody asks to look further. */
const LOOK = 1000
const LOOK_MAX = 20_000

/** @typedef {{ records: { record: any, shard: any }[], examined: number, shards: number, searched: number, isWhole: boolean }} History */

/**
 * The records of a key, shard by shard from the newest on.
 * @param {string} StreamArn
 * @param {any} Key
 * @param {AbortSignal} signal
 * @param {number} [most] records to look at
 * @returns {Promise<History>}
 */
export async function historyOf(StreamArn, Key, signal, most = LOOK_MAX) {
  const { Shards, isWhole: areAllShards } = await inspectStream(StreamArn, signal)
  const newest = [...Shards].sort((a, b) => b.OpenedAt - a.OpenedAt || (a.ShardId < b.ShardId ? 1 : -1))
  const found = []
  let examined = 0
  let searched = 0
  for (const shard of newest) {
    let before
    for (;;) {
      if (examined >= most) return { records: inOrder(found), examined, shards: Shards.length, searched, isWhole: false }
      const page = await call('InspectRecords', {
        StreamArn, ShardId: shard.ShardId, Key, Newest: true, Limit: LOOK, ...(before && { BeforeSequenceNumber: before }),
      }, signal)
      examined += page.ExaminedCount
      found.push(...page.Records.map((/** @type {any} */ record) => ({ record, shard })))
      before = page.FirstExamined?.SequenceNumber
      if (page.RemainingCount === 0 || before === undefined) break
    }
    searched += 1
  }
  return { records: inOrder(found), examined, shards: Shards.length, searched, isWhole: areAllShards }
}

/** @param {{ record: any, shard: any }[]} found the newest first */
const inOrder = (found) => found.sort((a, b) => compareNumbers(b.record.dynamodb.SequenceNumber, a.record.dynamodb.SequenceNumber))
