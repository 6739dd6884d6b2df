'use strict'
// Serves clients of the AWS SDK for JavaScript v3 in this process, in place of their HTTP.

const { randomUUID } = require('node:crypto')
const { Readable } = require('node:stream')

const { nextTurn } = require('./turns.js')

/** What SDK clients take as `requestHandler`. */
class InProcessHandler {
  metadata = { handlerProtocol: 'http/1.1' }
  #doors
  #configuration = {}

  /**
   * `doors` gives, now or later, `answer`, which takes the target header and the body, and gives status, body and checksum, or a promise of
   * them; and `rest`, which takes method, path with query, headers as names and values by turns, and body of requests without that header, and
   * gives a promise of status, headers in that form, and body.
   */
  constructor(doors) {
    this.#doors = doors
  }

  async handle(request, { abortSignal } = {}) {
    throwIfAborted(abortSignal)
    const body = await bytesOf(request.body)
    throwIfAborted(abortSignal)
    const target = header(request.headers, 'x-amz-target')
    const doors = await this.#doors()
    // Services that name operations by a path have none at the root; others name them in forms.
    const isPath = (request.path ?? '/') !== '/' || request.method === 'GET' || isForm(request.headers)
    if (target === undefined && isPath) return inTheNextTurn(routed(doors.rest, request, body))
    const answer = await inTheNextTurn(doors.answer(target ?? '', body))
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(answer.body.length),
      'x-amz-crc32': String(answer.crc32),
      'x-amzn-requestid': randomUUID(),
    }
    if (answer.queryError) headers['x-amzn-query-error'] = answer.queryError
    return { response: { statusCode: answer.status, reason: '', headers, body: answer.body } }
  }

  // What the SDK asks of every handler. Nothing of it applies where there is no socket; it is kept so that it reads back.
  updateHttpClientConfig(key, value) {
    this.#configuration[key] = value
  }

  httpHandlerConfigs() {
    return this.#configuration
  }

  /** The database outlives its clients. */
  destroy() {}
}

/** A request whose operation its path or its form tells. */
async function routed(rest, request, body) {
  const { method = 'POST', path } = request
  const given = Object.entries(request.headers ?? {}).flat().map(String)
  const answer = (await rest(method, `${path}?${queryOf(request.query)}`, given, body)) ?? {
    status: 404,
    headers: ['content-type', 'application/json', 'x-amzn-errortype', 'UnknownOperationException'],
    body: text.encode(JSON.stringify({ message: `streamtable has no operation at ${method} ${path}` })),
  }
  const headers = { 'x-amzn-requestid': randomUUID(), 'content-length': String(answer.body.length) }
  // The answer to HEAD tells the length of what it has not.
  for (let at = 0; at < answer.headers.length; at += 2) headers[answer.headers[at]] = answer.headers[at + 1]
  // What an object holds is a stream to its client, and nothing else.
  const isStream = header(request.headers, 'authorization')?.includes('/s3/aws4_request')
  const told = isStream ? Readable.from([answer.body]) : answer.body
  return { response: { statusCode: answer.status, reason: '', headers, body: told } }
}

/** Answers as if they came through a socket: a loop of calls lets timers fire and others read. */
async function inTheNextTurn(answering) {
  const [answer] = await Promise.all([answering, nextTurn()])
  return answer
}

/** As fetch has it, and as the SDK's own handlers have it. */
function throwIfAborted(signal) {
  if (signal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError', cause: signal.reason })
}

function header(headers, name) {
  for (const key of Object.keys(headers ?? {})) if (key.toLowerCase() === name) return headers[key]
  return undefined
}

function isForm(headers) {
  return Boolean(header(headers, 'content-type')?.startsWith('application/x-www-form-urlencoded'))
}

/** The query as text; a parameter may come several times. */
function queryOf(query = {}) {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
  return pairs.map((pair) => pair.map((part) => encodeURIComponent(part ?? '')).join('=')).join('&')
}

const text = new TextEncoder()

async function bytesOf(body) {
  if (body === undefined || body === null) return new Uint8Array(0)
  if (typeof body === 'string') return text.encode(body)
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  const parts = []
  for await (const part of body) parts.push(typeof part === 'string' ? text.encode(part) : part)
  return Buffer.concat(parts)
}

/** Signs nothing: there is nobody to check it, and it is the dearest part of a request. */
const signer = {
  async sign(request, { signingService } = {}) {
    // The paths of this service say nothing of it; what a request was signed for does.
    if (signingService === 's3') request.headers.authorization = 'Credential=streamtable/s3/aws4_request'
    return request
  },
}

/** Configuration of an SDK client that talks to what `doorsOf` gives for its region, which may be a function as the SDK has them. */
function clientConfig(ownRegion, doorsOf, overrides) {
  const { region = ownRegion } = overrides
  // Found at the first request: a region may come from a file.
  let doors
  const find = async () => doorsOf(typeof region === 'function' ? await region() : region)
  return {
    region,
    // No name is looked up; an endpoint of our own keeps the SDK from asking for the account.
    endpoint: 'http://streamtable.invalid',
    credentials: { accessKeyId: 'streamtable', secretAccessKey: 'streamtable' },
    signer,
    // Of S3: buckets have no hosts here.
    forcePathStyle: true,
    requestHandler: new InProcessHandler(() => (doors ??= find())),
    ...overrides,
  }
}

/**
 * Leads a client that is there already to what `doorsOf` gives for its region. Clients keep what they were configured with, each as a function, in an
 * object of their own, and look there at each call; a document client shares that of its client.
 */
function attach(client, ownRegion, doorsOf) {
  const config = client?.config
  if (typeof config !== 'object' || config === null || typeof client.send !== 'function' || !('requestHandler' in config)) {
    throw new TypeError('attach takes a client of the AWS SDK, such as a DynamoDBClient')
  }
  const configured = configuredRegions.get(config) ?? config.region
  configuredRegions.set(config, configured)
  // A client that was given no region would look for one in files.
  const region = async () => {
    try {
      return await configured()
    } catch {
      return ownRegion
    }
  }
  const { credentials, requestHandler } = clientConfig(ownRegion, doorsOf, { region })
  // Which kind of endpoint it would be is asked of the region that there may be none of; no endpoint is called.
  const no = async () => false
  Object.assign(config, {
    region, credentials: async () => credentials, requestHandler, signer: async () => signer, useFipsEndpoint: no, useDualstackEndpoint: no,
  })
}

/** The regions that attached clients were made with, by their configurations. */
const configuredRegions = new WeakMap()

module.exports = { attach, clientConfig }
