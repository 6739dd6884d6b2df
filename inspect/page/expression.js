/**
 * Conditions as people type them, made into the expressions that operations take: `state = "paid" and total > 5` has its values and the names
 * that are reserved words in the text, and becomes `#n0 = :v0 and #n1 > :v1` with both maps.
 */

/** @typedef {{ expression: string, names: Record<string, string>, values: Record<string, any> }} Compiled */

/** Words of the language itself; functions are known by the bracket behind them. */
const WORDS = new Set(['and', 'or', 'not', 'between', 'in'])

/** Texts, numbers, names, and any other one character. */
const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_][\w-]*|./gsu

/**
 * @param {string} text
 * @returns {Compiled}
 * @throws {SyntaxError} for a text that is not closed
 */
export function compile(text) {
  /** @type {Map<string, string>} */
  const names = new Map()
  /** @type {Record<string, any>} */
  const values = {}
  const tokens = text.match(TOKEN) ?? []
  const value = (/** @type {any} */ held) => {
    const name = `:v${Object.keys(values).length}`
    values[name] = held
    return name
  }
  const expression = tokens.map((token, place) => {
    if (/^["']$/.test(token)) throw new SyntaxError(`A text begins with ${token} and does not end.`)
    if (/^["']/.test(token)) return value({ S: unquoted(token) })
    // In `lines[0]` the number is a place, which stays where it is.
    if (/^-?\d/.test(token)) return previous(tokens, place) === '[' ? token : value({ N: token })
    if (!/^[A-Za-z_]/.test(token)) return token
    if (/^(true|false)$/i.test(token)) return value({ BOOL: token.toLowerCase() === 'true' })
    if (/^null$/i.test(token)) return value({ NULL: true })
    if (WORDS.has(token.toLowerCase()) || next(tokens, place) === '(') return token
    if (!names.has(token)) names.set(token, `#n${names.size}`)
    return /** @type {string} */ (names.get(token))
  }).join('')
  return { expression, names: Object.fromEntries([...names].map(([name, placeholder]) => [placeholder, name])), values }
}

/**
 * @param {string[]} tokens
 * @param {number} place
 */
function next(tokens, place) {
  const following = tokens[place + 1]
  return following !== undefined && /^\s/.test(following) ? tokens[place + 2] : following
}

/**
 * @param {string[]} tokens
 * @param {number} place
 */
const previous = (tokens, place) => tokens[place - 1]

/** @param {string} token a text in quotes of either kind, with `\` before what is meant as it stands */
const unquoted = (token) => token.slice(1, -1).replace(/\\(.)/gs, '$1')

/**
 * An attribute value of a key, from what was typed.
 * @param {string} type `S`, `N` or `B`
 * @param {string} text
 */
export const keyValue = (type, text) => ({ [type]: text })

/**
 * @typedef {object} Asked what somebody asks of a table
 * @property {string} table
 * @property {string} [index]
 * @property {{ name: string, type: string, text: string }} [hash] the partition key; a scan without
 * @property {{ name: string, type: string, text: string, operator: string, to?: string }} [range] the sort key
 * @property {string} [filter]
 * @property {boolean} [backward]
 */

/**
 * The operation that answers it, and its input.
 * @param {Asked} asked
 * @returns {{ operation: 'Query' | 'Scan', input: Record<string, any> }}
 */
export function request({ table, index, hash, range, filter, backward }) {
  /** @type {Record<string, any>} */
  const input = { TableName: table }
  if (index) input.IndexName = index
  const filtered = filter?.trim() ? compile(filter) : null
  const names = { ...filtered?.names }
  const values = { ...filtered?.values }
  if (filtered) input.FilterExpression = filtered.expression
  if (hash) {
    names['#hash'] = hash.name
    values[':hash'] = keyValue(hash.type, hash.text)
    input.KeyConditionExpression = '#hash = :hash'
    if (range) input.KeyConditionExpression += ` AND ${rangeCondition(range, names, values)}`
    if (backward) input.ScanIndexForward = false
  }
  if (Object.keys(names).length > 0) input.ExpressionAttributeNames = names
  if (Object.keys(values).length > 0) input.ExpressionAttributeValues = values
  return { operation: hash ? 'Query' : 'Scan', input }
}

/**
 * @param {{ name: string, type: string, text: string, operator: string, to?: string }} range
 * @param {Record<string, string>} names
 * @param {Record<string, any>} values
 */
function rangeCondition({ name, type, text, operator, to = '' }, names, values) {
  names['#range'] = name
  values[':range'] = keyValue(type, text)
  if (operator === 'begins_with') return 'begins_with(#range, :range)'
  if (operator !== 'between') return `#range ${operator} :range`
  values[':to'] = keyValue(type, to)
  return '#range BETWEEN :range AND :to'
}

/**
 * The writes of an edit. An item that is there is changed by UpdateItem, in the attributes alone that were edited and on condition that those are
 * as they were seen: what others have changed meanwhile is neither lost nor overwritten.
 * @param {string} table
 * @param {string[]} keyNames
 * @param {Record<string, any> | null} seen the item as it was shown; null for a new one
 * @param {Record<string, any>} wanted
 * @returns {{ operation: 'PutItem' | 'UpdateItem', input: Record<string, any> } | null} null where nothing was changed
 * @throws {SyntaxError} for what cannot be written so
 */
export function edit(table, keyNames, seen, wanted) {
  for (const name of keyNames) {
    if (!wanted[name]) throw new SyntaxError(`The key attribute ${name} is missing.`)
    if (seen && JSON.stringify(seen[name]) !== JSON.stringify(wanted[name])) {
      throw new SyntaxError(`${name} is part of the key, which cannot be changed: delete this item and put another.`)
    }
  }
  if (!seen) {
    return { operation: 'PutItem', input: {
      TableName: table, Item: wanted, ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': keyNames[0] },
    } }
  }
  const touched = [...new Set([...Object.keys(seen), ...Object.keys(wanted)])]
    .filter((name) => JSON.stringify(seen[name]) !== JSON.stringify(wanted[name]))
  if (touched.length === 0) return null
  const guard = condition(seen, touched)
  const sets = touched.flatMap((name, n) => (wanted[name] ? [`#a${n} = :new${n}`] : []))
  const removes = touched.flatMap((name, n) => (wanted[name] ? [] : [`#a${n}`]))
  const values = { ...guard.values }
  touched.forEach((name, n) => {
    if (wanted[name]) values[`:new${n}`] = wanted[name]
  })
  return { operation: 'UpdateItem', input: {
    TableName: table,
    Key: Object.fromEntries(keyNames.map((name) => [name, seen[name]])),
    UpdateExpression: [sets.length ? `SET ${sets.join(', ')}` : '', removes.length ? `REMOVE ${removes.join(', ')}` : ''].filter(Boolean).join(' '),
    ConditionExpression: `attribute_exists(#key) AND ${guard.expression}`,
    ExpressionAttributeNames: { '#key': keyNames[0], ...guard.names },
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  } }
}

/**
 * DeleteItem of an item that is still as it was shown.
 * @param {string} table
 * @param {string[]} keyNames
 * @param {Record<string, any>} seen
 */
export function removal(table, keyNames, seen) {
  const guard = condition(seen, Object.keys(seen))
  return {
    TableName: table,
    Key: Object.fromEntries(keyNames.map((name) => [name, seen[name]])),
    ConditionExpression: guard.expression,
    ExpressionAttributeNames: guard.names,
    ExpressionAttributeValues: guard.values,
  }
}

/**
 * That attributes are as they were seen, or not there where they were not.
 * @param {Record<string, any>} seen
 * @param {string[]} attributes
 */
function condition(seen, attributes) {
  /** @type {Record<string, string>} */
  const names = {}
  /** @type {Record<string, any>} */
  const values = {}
  const parts = attributes.map((name, n) => {
    names[`#a${n}`] = name
    if (!seen[name]) return `attribute_not_exists(#a${n})`
    values[`:old${n}`] = seen[name]
    return `#a${n} = :old${n}`
  })
  return { expression: parts.join(' AND '), names, values }
}
