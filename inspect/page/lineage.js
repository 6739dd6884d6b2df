/** Shards as families and as rectangles: x is time, y the range of hashes of partition keys. Shards never merge, so they tile the plane. */

/** @typedef {any} Shard a shard as InspectStream tells it */
/** @typedef {{ shard: Shard, x: number, y: number, width: number, height: number }} Rectangle in parts of the whole plane, 0 to 1 */

const HASHES = 1n << 64n
/** How much of the time drawn comes behind the present. */
const BEYOND = 0.06

/**
 * @param {string} hash 20 digits
 * @returns {number} its place among all hashes, 0 to 1
 */
const placeOf = (hash) => Number((BigInt(hash) * 1_000_000n) / HASHES) / 1_000_000

/** @param {string} id */
export const shortShard = (id) => id.slice(-8)

/** @param {Shard} shard how much of all hashes it takes, 0 to 1 */
export const shareOf = (shard) => Number(((BigInt(shard.EndingHash) - BigInt(shard.StartingHash) + 1n) * 1_000_000n) / HASHES) / 1_000_000

/**
 * Numbers as long as sequence numbers, in their order.
 * @param {string} one
 * @param {string} other
 */
export const compareNumbers = (one, other) => (BigInt(one) < BigInt(other) ? -1 : BigInt(one) > BigInt(other) ? 1 : 0)

/**
 * The parents of a shard that are still listed, the nearest first.
 * @param {Shard[]} shards
 * @param {string} id
 * @returns {Shard[]}
 */
export function ancestors(shards, id) {
  const byId = new Map(shards.map((shard) => [shard.ShardId, shard]))
  const found = []
  for (let shard = byId.get(byId.get(id)?.ParentShardId); shard; shard = byId.get(shard.ParentShardId)) found.push(shard)
  return found
}

/**
 * The shards that continue one, and those that continue them.
 * @param {Shard[]} shards
 * @param {string} id
 * @returns {Shard[]}
 */
export function descendants(shards, id) {
  const children = shards.filter((shard) => shard.ParentShardId === id)
  return children.flatMap((child) => [child, ...descendants(shards, child.ShardId)])
}

/**
 * In which shard a sequence number is.
 * @param {Shard[]} shards
 * @param {string} number
 * @returns {Shard | undefined}
 */
export function shardOf(shards, number) {
  const within = shards.filter(({ SequenceNumberRange: { StartingSequenceNumber, EndingSequenceNumber } }) =>
    compareNumbers(StartingSequenceNumber, number) <= 0
      && (EndingSequenceNumber === undefined || compareNumbers(number, EndingSequenceNumber) <= 0))
  // Shards that are open at one time take numbers in turn, so several ranges may hold one: those with a record there are the likelier ones.
  return within.find(({ Oldest, Newest }) => Oldest
    && compareNumbers(Oldest.SequenceNumber, number) <= 0 && compareNumbers(number, Newest.SequenceNumber) <= 0) ?? within[0]
}

/**
 * All shards in which a sequence number may be, the likeliest first.
 * @param {Shard[]} shards
 * @param {string} number
 * @returns {Shard[]}
 */
export function shardsOf(shards, number) {
  const first = shardOf(shards, number)
  const others = shards.filter((shard) => shard !== first && shardOf([shard], number))
  return first ? [first, ...others] : []
}

/**
 * A scale of time: by the clock, or so that every opening and closing is one step from the next, where a day of silence would else
 * leave no room for a second of work.
 * @param {Shard[]} shards
 * @param {number} now
 * @param {'time' | 'order'} axis
 */
export function scale(shards, now, axis) {
  const present = Math.max(now, ...shards.map(({ Newest }) => Newest?.At ?? 0))
  const first = Math.min(present, ...shards.map(({ OpenedAt }) => OpenedAt))
  // The plane goes on behind the present: a shard that was opened just now, on a clock that stands still, has a place there.
  const latest = present + Math.max(1, (present - first) * BEYOND)
  const moments = axis === 'time' ? [first, latest] : [...new Set(shards.flatMap(({ OpenedAt, ClosedAt }) => [OpenedAt, ClosedAt ?? latest]).concat(latest))]
  moments.sort((a, b) => a - b)
  const steps = moments.length - 1
  return {
    first,
    present,
    latest,
    /** @type {number[]} where lines are drawn */
    moments,
    /** @param {number} at @returns {number} 0 to 1 */
    of(at) {
      if (steps <= 0 || latest === first) return at >= latest ? 1 : 0
      const given = Math.min(Math.max(at, first), latest)
      let before = 0
      while (before < steps - 1 && moments[before + 1] <= given) before += 1
      const width = moments[before + 1] - moments[before]
      return (before + (width === 0 ? 0 : (given - moments[before]) / width)) / steps
    },
  }
}

/**
 * @param {Shard[]} shards
 * @param {ReturnType<typeof scale>} scaled
 * @returns {Rectangle[]}
 */
export function rectangles(shards, scaled) {
  return shards.map((shard) => {
    const x = scaled.of(shard.OpenedAt)
    const y = placeOf(shard.StartingHash)
    const height = placeOf(shard.EndingHash) + 1e-6 - y
    return { shard, x, y, width: scaled.of(shard.ClosedAt ?? scaled.latest) - x, height }
  })
}

/** The letters that readers have on this page, in the order in which they were seen. */
const letters = new Map()

/**
 * The letter of a reader: A to Z, then AA. It keeps it as long as the page is open.
 * @param {number} number tells the readers of a database apart
 * @returns {string}
 */
export function letter(number) {
  if (!letters.has(number)) letters.set(number, inLetters(letters.size + 1))
  return letters.get(number)
}

/** @param {number} place counts from 1 */
function inLetters(place) {
  let rest = place
  let text = ''
  while (rest > 0) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text
    rest = Math.floor((rest - 1) / 26)
  }
  return text
}
