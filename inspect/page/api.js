/**
 * Questions to the database behind this page. Every one is `POST /call/<Operation>`; the header is what a foreign page cannot send without
 * being asked first.
 */

/** @typedef {Record<string, any>} Json what an operation takes or answers, as docs/operations.md has it */

const HEADERS = { 'Content-Type': 'application/json', 'X-Streamtable': 'inspect' }

/** An operation was refused, or could not be asked. */
export class CallError extends Error {
  /**
   * @param {number} status the HTTP status; 0 where nothing answered
   * @param {string} code the service's code, such as `ResourceNotFoundException`
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message)
    this.status = status
    this.code = code
  }

  /** Whether this browser has no session (any more). */
  get isLocked() {
    return this.status === 401
  }
}

/**
 * @param {string} path
 * @param {Json} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<Json>}
 */
async function post(path, body, signal) {
  let answer
  try {
    answer = await fetch(path, { method: 'POST', headers: HEADERS, body: JSON.stringify(body), signal, credentials: 'same-origin' })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new CallError(0, 'Unreachable', 'The database does not answer: has the program ended?')
  }
  if (answer.status === 204) return {}
  const text = await answer.text()
  let told
  try {
    told = text === '' ? {} : JSON.parse(text)
  } catch {
    throw new CallError(answer.status, 'Unreadable', `The answer is not JSON: ${text.slice(0, 200)}`)
  }
  if (answer.ok) return told
  throw new CallError(answer.status, told.code ?? `HTTP ${answer.status}`, told.message ?? 'The call was refused without a reason.')
}

/**
 * Runs an operation.
 * @param {string} operation its name, as in docs/operations.md
 * @param {Json} [input]
 * @param {AbortSignal} [signal] ends the wait
 * @returns {Promise<Json>}
 * @throws {CallError}
 */
export function call(operation, input = {}, signal) {
  return post(`/call/${operation}`, input, signal)
}

/**
 * Trades the token of the printed address for a cookie, which scripts cannot read.
 * @param {string} token
 * @throws {CallError} where it is not the token of this run
 */
export async function openSession(token) {
  await post('/session', { token })
}

/**
 * All pages of a list, up to a bound.
 * @param {string} operation
 * @param {Json} input
 * @param {{ list: string, last: string, start: string, most: number }} names the members that hold the list, its end and the next start;
 *   and how many entries are wanted at most
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ first: Json, all: any[], isWhole: boolean }>} the first page, the entries, and whether there are no more
 */
export async function callPages(operation, input, { list, last, start, most }, signal) {
  const first = await call(operation, input, signal)
  const all = [...(first[list] ?? [])]
  let next = first[last]
  while (next !== undefined && all.length < most) {
    const page = await call(operation, { ...input, [start]: next }, signal)
    all.push(...(page[list] ?? []))
    next = page[last]
  }
  return { first, all, isWhole: next === undefined }
}

/**
 * A stream with its shards.
 * @param {string} StreamArn
 * @param {AbortSignal} [signal]
 * @returns {Promise<Json>} as InspectStream answers, with all shards, or the first of them and `isWhole` false
 */
export async function inspectStream(StreamArn, signal) {
  const names = { list: 'Shards', last: 'LastEvaluatedShardId', start: 'ExclusiveStartShardId', most: 500 }
  const { first, all, isWhole } = await callPages('InspectStream', { StreamArn }, names, signal)
  return { ...first, Shards: all, isWhole }
}
