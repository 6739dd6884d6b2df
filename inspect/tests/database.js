/** A database with an inspector, as a program of its own, and calls to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const BINARY = process.env.STREAMTABLE_BINARY ?? fileURLToPath(new URL('../../target/debug/streamtable', import.meta.url))
/** Any credentials will do, but requests have to have the form. */
const SIGNED = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'
const STREAMS = new Set(['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords'])
const OWN = new Set(['AdvanceClock', 'DescribeCalls', 'DescribeMetrics', 'DescribeClock', 'SplitShard', 'RollShard', 'SetFaults', 'DescribeFaults', 'InspectStream', 'DescribeMappings', 'SettleMapping', 'RegisterFunction'])

/** @param {string} operation */
function targetOf(operation) {
  if (operation.startsWith('Sqs')) return `AmazonSQS.${operation.slice(3)}`
  if (OWN.has(operation)) return `Streamtable_20261120.${operation}`
  return `${STREAMS.has(operation) ? 'DynamoDBStreams' : 'DynamoDB'}_20120810.${operation}`
}

/** @type {Set<Database>} those that run */
const running = new Set()

/** Ends those that a test has left, failed or not: the tests end only when all programs have. */
export const stopAll = () => Promise.all([...running].map((database) => database.stop()))

/** A running server. Its clock is moved by `AdvanceClock`, so that what is seen is the same in every run. */
export class Database {
  /**
   * @param {import('node:child_process').ChildProcess} process
   * @param {string} api
   * @param {string} page
   */
  constructor(process, api, page) {
    this.process = process
    this.api = api
    /** The address that people open, with the token. */
    this.page = page
    running.add(this)
  }

  /** The address of the page without the token. */
  get origin() {
    return new URL(this.page).origin
  }

  /** @param {string[]} options of `streamtable serve` */
  static async start(...options) {
    const inspect = options.some((option) => /^--inspect(=|$)/.test(option)) ? [] : ['--inspect']
    const process = spawn(BINARY, ['serve', '--memory', '--clock', 'manual', '--seed', '1', '--port', '0', ...inspect, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    for await (const chunk of process.stdout) {
      text += chunk
      const page = /http:\/\/\S+#token=\S+/.exec(text)
      const api = /listening on (http:\/\/\S+)/.exec(text)
      if (page && api) {
        process.stdout.resume()
        return new Database(process, api[1], page[0])
      }
    }
    throw new Error(`The server ended before it told its address: ${text}`)
  }

  /**
   * @param {string} operation
   * @param {any} [input]
   * @returns {Promise<any>}
   */
  async call(operation, input = {}) {
    const isMapping = operation === 'CreateEventSourceMapping'
    const answer = await fetch(isMapping ? `${this.api}/2015-03-31/event-source-mappings/` : `${this.api}/`, {
      method: 'POST',
      headers: { 'content-type': isMapping ? 'application/json' : 'application/x-amz-json-1.0', authorization: SIGNED, ...(!isMapping && { 'x-amz-target': targetOf(operation) }) },
      body: JSON.stringify(input),
    })
    const told = JSON.parse((await answer.text()) || '{}')
    if (!answer.ok) throw new Error(`${operation}: ${JSON.stringify(told)}`)
    return told
  }

  /** @param {string} TableName @param {any} Item */
  put(TableName, Item) {
    return this.call('PutItem', { TableName, Item })
  }

  /**
   * A table with the partition key `id` and a stream of both images.
   * @param {string} TableName
   * @returns {Promise<string>} the ARN of its stream
   */
  async table(TableName) {
    const { TableDescription } = await this.call('CreateTable', {
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    })
    return TableDescription.LatestStreamArn
  }

  /** @param {string} StreamArn @returns {Promise<any[]>} */
  async shards(StreamArn) {
    return (await this.call('InspectStream', { StreamArn })).Shards
  }

  /**
   * Reads records of a shard, as a program would.
   * @param {string} StreamArn
   * @param {string} ShardId
   * @param {number} Limit
   */
  async read(StreamArn, ShardId, Limit) {
    const { ShardIterator } = await this.call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
    return this.call('GetRecords', { ShardIterator, Limit })
  }

  /**
   * A mapping, and what a worker has settled of it.
   * @param {string} EventSourceArn
   * @param {string} FunctionName
   * @param {{ settings?: any, places?: any[], pieces?: any[], result?: string, began?: any }} [how]
   * @returns {Promise<string>} its identity
   */
  async mapping(EventSourceArn, FunctionName, { settings = {}, places, pieces = [], result = 'OK', began } = {}) {
    await this.call('RegisterFunction', { FunctionName })
    const { UUID } = await this.call('CreateEventSourceMapping', { EventSourceArn, FunctionName, StartingPosition: 'TRIM_HORIZON', ...settings })
    if (places) {
      const Checkpoint = JSON.stringify({
        version: 1,
        checkpoint: { version: 1, stream: EventSourceArn, scope: 'stream', listed: places.at(-1).shard, shards: places },
        lanes: 1,
        last_result: result,
        ...(began && { began_latest: began }),
        ...(pieces.length > 0 && { shards: pieces }),
      })
      await this.call('SettleMapping', { UUID, Settlements: 0, Checkpoint, LastProcessingResult: result })
    }
    return UUID
  }

  async stop() {
    running.delete(this)
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.kill()
    await once(this.process, 'exit')
  }
}
