/**
 * DynamoDB's values as text, and what differs between two of them. A number is text and stays text: 38 digits do not fit into a number of this
 * language.
 */

/** @typedef {Record<string, any>} Value one attribute value, such as `{ S: "x" }` */
/** @typedef {Record<string, Value>} Item */
/** @typedef {{ path: string, kind: 'added' | 'removed' | 'changed', from?: Value, to?: Value }} Difference */

/** Characters of a value that are shown before somebody asks for all. */
export const CUT = 4096

const SETS = new Set(['SS', 'NS', 'BS'])

/** What the types are called. */
export const TYPES = /** @type {Record<string, string>} */ ({
  S: 'text', N: 'number', B: 'bytes', BOOL: 'boolean', NULL: 'null', M: 'map', L: 'list', SS: 'set of text', NS: 'set of numbers', BS: 'set of bytes',
  masked: 'not shown',
})

/**
 * @param {Value} value
 * @returns {string} the type as it stands in JSON, such as `S`
 */
export const typeOf = (value) => Object.keys(value).find((name) => name !== 'cut') ?? ''

/**
 * Whether a value, or one inside it, is kept from this page.
 * @param {any} value
 * @returns {boolean}
 */
export function isMasked(value) {
  if (value === null || typeof value !== 'object') return false
  return value.masked === true || Object.values(value).some(isMasked)
}

/** @param {string} name a name as a step of a path: quoted where it could be misread */
const step = (name) => (/^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name))

/**
 * A value on one line: texts are quoted, so that `"1"` and `1` differ.
 * @param {Value | undefined} value
 * @returns {string}
 */
export function textOf(value) {
  if (value === undefined) return ''
  const type = typeOf(value)
  const held = value[type]
  switch (type) {
    case 'S': return JSON.stringify(held)
    case 'N': return String(held)
    case 'BOOL': return String(held)
    case 'NULL': return 'null'
    case 'B': return `b${JSON.stringify(held)}`
    case 'L': return `[${held.map(textOf).join(', ')}]`
    case 'M': return `{${Object.entries(held).map(([name, inner]) => `${step(name)}: ${textOf(inner)}`).join(', ')}}`
    case 'NS': return `{${held.join(', ')}}`
    case 'SS': return `{${held.map((/** @type {string} */ text) => JSON.stringify(text)).join(', ')}}`
    case 'BS': return `{${held.map((/** @type {string} */ text) => `b${JSON.stringify(text)}`).join(', ')}}`
    case 'masked': return 'masked'
    default: return JSON.stringify(value)
  }
}

/**
 * A value for a cell of a table: a text without its quotes, and not more than fits.
 * @param {Value | undefined} value
 * @param {number} [most] characters
 */
export function cellOf(value, most = 120) {
  if (value === undefined) return ''
  const text = typeOf(value) === 'S' ? value.S : textOf(value)
  return text.length > most ? `${text.slice(0, most)}…` : text
}

/**
 * A key on one line.
 * @param {Item} key
 */
export const keyText = (key) => Object.entries(key).map(([name, value]) => `${name}=${cellOf(value, 60)}`).join(' ')

/**
 * Two values are the same if they hold the same; the order in a set is nobody's.
 * @param {Value} one
 * @param {Value} other
 * @returns {boolean}
 */
export function same(one, other) {
  const type = typeOf(one)
  if (type !== typeOf(other)) return false
  if (SETS.has(type)) return [...one[type]].sort().join('\n') === [...other[type]].sort().join('\n')
  if (type === 'M') return differences(one.M, other.M).length === 0
  if (type === 'L') return one.L.length === other.L.length && one.L.every((/** @type {Value} */ value, /** @type {number} */ n) => same(value, other.L[n]))
  return one[type] === other[type] && one.cut === other.cut
}

/**
 * What became of an item, attribute by attribute, inside maps and lists too.
 * @param {Item | undefined} before absent where there was none
 * @param {Item | undefined} after absent where there is none
 * @param {string} [under] the path of the map that they are
 * @returns {Difference[]}
 */
export function differences(before = {}, after = {}, under = '') {
  /** @type {Difference[]} */
  const found = []
  for (const [name, from] of Object.entries(before)) {
    const path = under === '' ? step(name) : `${under}.${step(name)}`
    if (Object.hasOwn(after, name)) found.push(...between(from, after[name], path))
    else found.push({ path, kind: 'removed', from })
  }
  for (const [name, to] of Object.entries(after)) {
    if (!Object.hasOwn(before, name)) found.push({ path: under === '' ? step(name) : `${under}.${step(name)}`, kind: 'added', to })
  }
  return found
}

/**
 * @param {Value} from
 * @param {Value} to
 * @param {string} path
 * @returns {Difference[]}
 */
function between(from, to, path) {
  if (same(from, to)) return []
  if (from.M && to.M) return differences(from.M, to.M, path)
  if (from.L && to.L) return ofLists(from.L, to.L, path)
  return [{ path, kind: 'changed', from, to }]
}

/**
 * @param {Value[]} from
 * @param {Value[]} to
 * @param {string} path
 * @returns {Difference[]}
 */
function ofLists(from, to, path) {
  /** @type {Difference[]} */
  const found = []
  for (let n = 0; n < Math.max(from.length, to.length); n += 1) {
    const here = `${path}[${n}]`
    if (n >= to.length) found.push({ path: here, kind: 'removed', from: from[n] })
    else if (n >= from.length) found.push({ path: here, kind: 'added', to: to[n] })
    else found.push(...between(from[n], to[n], here))
  }
  return found
}

/**
 * What a record changed, where it holds both images.
 * @param {any} record as GetRecords has it
 * @returns {Difference[] | null} null where its stream's view type leaves it open
 */
export function changesOf(record) {
  const { OldImage, NewImage } = record.dynamodb
  if (record.eventName === 'INSERT') return NewImage ? differences({}, NewImage) : null
  if (record.eventName === 'REMOVE') return OldImage ? differences(OldImage, {}) : null
  return OldImage && NewImage ? differences(OldImage, NewImage) : null
}

/**
 * What a record changed, on one line.
 * @param {any} record
 */
export function changeText(record) {
  const changes = changesOf(record)
  if (changes === null) return record.dynamodb.NewImage || record.dynamodb.OldImage ? 'one image only' : 'keys only'
  if (record.eventName !== 'MODIFY') return imageText(record)
  return changes.slice(0, 4).map(({ path, kind, from, to }) => {
    if (kind === 'added') return `+${path} ${cellOf(to, 30)}`
    if (kind === 'removed') return `−${path}`
    return `${path} ${cellOf(from, 30)} → ${cellOf(to, 30)}`
  }).join(', ') + (changes.length > 4 ? `, and ${changes.length - 4} more` : '')
}

/**
 * The item that came or went, by the first of its attributes that are not its key.
 * @param {any} record
 */
function imageText({ dynamodb: { Keys, NewImage, OldImage } }) {
  const others = Object.entries(NewImage ?? OldImage).filter(([name]) => !Object.hasOwn(Keys, name))
  return others.slice(0, 3).map(([name, value]) => `${name} ${cellOf(value, 30)}`).join(', ') + (others.length > 3 ? `, and ${others.length - 3} more` : '')
}

/**
 * JSON as people read it. Nothing here parses a number.
 * @param {any} value
 */
export const jsonOf = (value) => JSON.stringify(value, null, 2)
