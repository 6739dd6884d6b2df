/** What the page's modules promise, without a browser. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { compile, edit, removal, request } from '../page/expression.js'
import { mappingFate, readerFate } from '../page/fate.js'
import { ancestors, descendants, rectangles, scale, shardOf } from '../page/lineage.js'
import { href, parse } from '../page/route.js'
import { cellOf, changeText, differences, isMasked, same, textOf } from '../page/values.js'

describe('addresses', () => {
  it('are read as they were made, whatever is in them', () => {
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/2026-01-01T00:00:00.000'
    const query = { pattern: '{"a": ["x?&=#%"]}', key: 'ü' }
    assert.deepEqual(parse(href('stream', arn, query)), { view: 'stream', subject: arn, query })
  })

  it('leave out what is empty', () => {
    assert.equal(href('tables', 'Orders', { pk: '', filter: undefined, index: 'x' }), '#/tables/Orders?index=x')
  })

  it('that were cut short name something that is not there', () => {
    assert.deepEqual(parse('#/tables/%E0%A4%A'), { view: 'tables', subject: '%E0%A4%A', query: {} })
  })
})

describe('values', () => {
  it('are exact to 38 digits', () => {
    const digits = '12345678901234567890123456789012345678'
    assert.equal(textOf({ N: digits }), digits)
    assert.equal(cellOf({ M: { n: { N: digits } } }), `{n: ${digits}}`)
  })

  it('of different types differ though they look alike', () => {
    assert.notEqual(textOf({ S: '1' }), textOf({ N: '1' }))
    assert.equal(same({ S: '1' }, { N: '1' }), false)
  })

  it('that are sets have no order', () => {
    assert.equal(same({ SS: ['a', 'b'] }, { SS: ['b', 'a'] }), true)
    assert.equal(same({ L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] }), false)
  })

  it('that are kept back are known as such, however deep', () => {
    assert.equal(isMasked({ a: { M: { b: { masked: true } } } }), true)
    assert.equal(isMasked({ a: { M: { masked: { BOOL: true } } } }), false)
    assert.equal(textOf({ masked: true }), 'masked')
  })

  it('differ path by path', () => {
    const before = { id: { S: '7' }, lines: { L: [{ M: { n: { N: '1' } } }, { S: 'x' }] }, gone: { BOOL: true } }
    const after = { id: { S: '7' }, lines: { L: [{ M: { n: { N: '2' }, 'a b': { NULL: true } } }] }, come: { S: 'y' } }
    assert.deepEqual(differences(before, after).map(({ path, kind }) => `${kind} ${path}`), [
      'changed lines[0].n', 'added lines[0]."a b"', 'removed lines[1]', 'removed gone', 'added come',
    ])
  })

  it('that only one image has leave the change open', () => {
    const record = { eventName: 'MODIFY', dynamodb: { Keys: { id: { S: '7' } }, NewImage: { id: { S: '7' } } } }
    assert.equal(changeText(record), 'one image only')
  })
})

describe('conditions as they are typed', () => {
  it('have their texts, numbers and reserved words set apart', () => {
    assert.deepEqual(compile('state = "paid" and total > 5.50'), {
      expression: '#n0 = :v0 and #n1 > :v1', names: { '#n0': 'state', '#n1': 'total' }, values: { ':v0': { S: 'paid' }, ':v1': { N: '5.50' } },
    })
  })

  it('keep functions, paths and places in lists', () => {
    const { expression, names, values } = compile(`begins_with (a.b[10].c, 'it\\'s') OR attribute_exists(size) AND NOT done = true`)
    assert.equal(expression, 'begins_with (#n0.#n1[10].#n2, :v0) OR attribute_exists(#n3) AND NOT #n4 = :v1')
    assert.deepEqual(Object.values(names), ['a', 'b', 'c', 'size', 'done'])
    assert.deepEqual(values, { ':v0': { S: "it's" }, ':v1': { BOOL: true } })
  })

  it('that are not closed are refused', () => {
    assert.throws(() => compile('a = "b'), SyntaxError)
  })

  it('with a key are queries, without one scans', () => {
    assert.equal(request({ table: 'T', filter: ' ' }).operation, 'Scan')
    assert.deepEqual(request({
      table: 'T', index: 'i', hash: { name: 'user', type: 'S', text: 'ada' }, range: { name: 'at', type: 'N', text: '1', operator: 'between', to: '9' }, backward: true,
    }), { operation: 'Query', input: {
      TableName: 'T', IndexName: 'i', KeyConditionExpression: '#hash = :hash AND #range BETWEEN :range AND :to', ScanIndexForward: false,
      ExpressionAttributeNames: { '#hash': 'user', '#range': 'at' },
      ExpressionAttributeValues: { ':hash': { S: 'ada' }, ':range': { N: '1' }, ':to': { N: '9' } },
    } })
  })
})

describe('edits', () => {
  const seen = { id: { S: '7' }, a: { N: '1' }, b: { S: 'x' }, c: { S: 'same' } }

  it('write what was changed, if that is as it was seen', () => {
    assert.deepEqual(edit('T', ['id'], seen, { id: { S: '7' }, a: { N: '2' }, c: { S: 'same' }, d: { BOOL: true } }), { operation: 'UpdateItem', input: {
      TableName: 'T', Key: { id: { S: '7' } }, UpdateExpression: 'SET #a0 = :new0, #a2 = :new2 REMOVE #a1',
      ConditionExpression: 'attribute_exists(#key) AND #a0 = :old0 AND #a1 = :old1 AND attribute_not_exists(#a2)',
      ExpressionAttributeNames: { '#key': 'id', '#a0': 'a', '#a1': 'b', '#a2': 'd' },
      ExpressionAttributeValues: { ':old0': { N: '1' }, ':old1': { S: 'x' }, ':new0': { N: '2' }, ':new2': { BOOL: true } },
    } })
  })

  it('that change nothing write nothing, and a key is not changed', () => {
    assert.equal(edit('T', ['id'], seen, structuredClone(seen)), null)
    assert.throws(() => edit('T', ['id'], seen, { ...seen, id: { S: '8' } }), /part of the key/)
    assert.throws(() => edit('T', ['id'], null, { a: { N: '1' } }), /missing/)
  })

  it('of a new item do not overwrite one', () => {
    assert.equal(edit('T', ['id'], null, seen)?.input.ConditionExpression, 'attribute_not_exists(#key)')
  })

  it('that delete want the whole item as it was seen', () => {
    assert.equal(removal('T', ['id'], seen).ConditionExpression, '#a0 = :old0 AND #a1 = :old1 AND #a2 = :old2 AND #a3 = :old3')
  })
})

const LAST = '18446744073709551615'
const HALF = '09223372036854775807'
const NEXT = '09223372036854775808'
const family = [
  { ShardId: 'p', OpenedAt: 0, ClosedAt: 100, StartingHash: '0', EndingHash: LAST, IsOpen: false, RecordCount: 4,
    SequenceNumberRange: { StartingSequenceNumber: '100', EndingSequenceNumber: '199' }, Oldest: { SequenceNumber: '110', At: 0 }, Newest: { SequenceNumber: '190', At: 90 } },
  { ShardId: 'a', ParentShardId: 'p', OpenedAt: 100, StartingHash: '0', EndingHash: HALF, IsOpen: true, RecordCount: 2,
    SequenceNumberRange: { StartingSequenceNumber: '200' }, Oldest: { SequenceNumber: '210', At: 110 }, Newest: { SequenceNumber: '220', At: 120 } },
  { ShardId: 'b', ParentShardId: 'p', OpenedAt: 100, StartingHash: NEXT, EndingHash: LAST, IsOpen: true, RecordCount: 1,
    SequenceNumberRange: { StartingSequenceNumber: '200' }, Oldest: { SequenceNumber: '230', At: 150 }, Newest: { SequenceNumber: '230', At: 150 } },
]

describe('shards', () => {
  it('tile the plane: the areas of all are the whole', () => {
    for (const axis of /** @type {const} */ (['time', 'order'])) {
      const drawn = rectangles(family, scale(family, 1000, axis))
      const area = drawn.reduce((sum, { width, height }) => sum + width * height, 0)
      assert.ok(Math.abs(area - 1) < 1e-4, `${axis}: ${area}`)
    }
  })

  it('have room though they were opened just now, on a clock that stands still', () => {
    const [parent, ...children] = family
    const opened = [{ ...parent, ClosedAt: 100, Newest: undefined }, ...children.map((child) => ({ ...child, OpenedAt: 100, Newest: undefined }))]
    for (const axis of /** @type {const} */ (['time', 'order'])) {
      const [whole] = rectangles([{ ...parent, ClosedAt: undefined, Newest: undefined }], scale([{ ...parent, ClosedAt: undefined, Newest: undefined }], 0, axis))
      assert.deepEqual([whole.x, whole.width], [0, 1])
      for (const { x, width } of rectangles(opened, scale(opened, 100, axis)).slice(1)) assert.ok(width > 0.05 && x + width === 1, `${axis}: ${x} ${width}`)
    }
  })

  it('have as much room as each other where order is the axis', () => {
    const [parent] = rectangles(family, scale(family, 100_000, 'order'))
    assert.equal(parent.width, 0.5)
  })

  it('know their families, and which of them has a record', () => {
    assert.deepEqual(ancestors(family, 'a').map(({ ShardId }) => ShardId), ['p'])
    assert.deepEqual(descendants(family, 'p').map(({ ShardId }) => ShardId), ['a', 'b'])
    assert.equal(shardOf(family, '230')?.ShardId, 'b')
    assert.equal(shardOf(family, '150')?.ShardId, 'p')
    assert.equal(shardOf(family, '99'), undefined)
  })
})

describe('the fate of a record at a reader', () => {
  const place = { records: 10, before: 4 }
  const reader = { RecordsRead: 4, RecordsBehind: 6, IteratorAgeMillis: 0, IsTrimmed: false }
  const fate = (/** @type {any} */ given) => readerFate({ ...reader, ...given }, place)

  it('follows from how many it has read and how many not', () => {
    assert.equal(fate({}).why, 'This is the next record it reads.')
    assert.equal(fate({ RecordsBehind: 9, RecordsRead: 1 }).why, '3 records before it.')
    assert.equal(fate({ RecordsBehind: 5, RecordsRead: 5 }).word, 'has read it')
    assert.equal(fate({ RecordsBehind: 3, RecordsRead: 2 }).word, 'began after it')
    assert.equal(fate({ RecordsBehind: 3, RecordsRead: 3 }).word, 'has read it')
  })

  it('names what keeps it', () => {
    assert.match(fate({ IteratorAgeMillis: 900_000 }).why, /expired/)
    assert.match(fate({ IsTrimmed: true }).why, /trimmed/)
  })
})

describe('the fate of a record at a mapping', () => {
  const settings = { State: 'Enabled', StartingPosition: 'TRIM_HORIZON', LastProcessingResult: 'OK' }
  /** @param {any} given */
  const fate = ({ places, pieces, settled, began, mapping = {}, ...rest }) => mappingFate({
    described: {
      Configuration: { ...settings, ...mapping },
      ...(places && { Checkpoint: JSON.stringify({ checkpoint: { shards: places }, lanes: 1, began_latest: began, shards: [{ shard: 'a', pieces, settled }] }) }),
    },
    shards: family, shardId: 'a', number: '215', at: 115, now: 1000, matches: null, ...rest,
  })

  it('is known from its checkpoint', () => {
    assert.equal(fate({ places: [{ shard: 'a', position: { after: '215' } }] }).word, 'settled')
    assert.equal(fate({ places: [{ shard: 'a', position: { after: '214' } }] }).word, 'not yet')
    assert.equal(fate({ places: [{ shard: 'a', position: { at: '215' } }] }).word, 'not yet')
    assert.equal(fate({ places: [{ shard: 'a', position: 'oldest' }] }).word, 'not yet')
    assert.equal(fate({ places: [{ shard: 'a', position: { after: '100' }, ended: true }] }).word, 'settled')
  })

  it('waits for the parent, and is settled where a child is read', () => {
    assert.match(fate({ places: [{ shard: 'p', position: { after: '120' } }] }).why, /parent shard p/)
    assert.equal(fate({ shardId: 'p', number: '150', places: [{ shard: 'b', position: 'oldest' }] }).word, 'settled')
  })

  it('is not known where the checkpoint leaves it open', () => {
    assert.equal(fate({ places: [{ shard: 'b', position: 'oldest' }] }).mark, 'open')
    assert.equal(fate({ places: [{ shard: 'a', position: { iterator: 'x' } }] }).mark, 'open')
    assert.equal(fate({ mapping: { StartingPosition: 'LATEST' } }).mark, 'open')
    assert.equal(fate({ places: [{ shard: 'a', position: 'oldest' }], settled: [{ lanes: 2, lane: 0, before: '300' }] }).mark, 'open')
  })

  it('names filters, starts, retries, and what hinders', () => {
    assert.equal(fate({ matches: false }).word, 'filtered')
    assert.equal(fate({ places: [{ shard: 'a', position: 'oldest' }], began: { at: 116 } }).word, 'before its start')
    assert.equal(fate({ mapping: { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1 } }).word, 'before its start')
    const retried = fate({ places: [{ shard: 'a', position: 'oldest' }], pieces: [{ first: '210', last: '215', attempts: 2, request_id: 'r' }] })
    assert.match(retried.why, /failed 2 times/)
    assert.match(fate({ mapping: { State: 'Disabled', StateTransitionReason: 'User action' } }).why, /Disabled \(User action\)/)
    assert.match(fate({ mapping: { MaximumRecordAgeInSeconds: 60 }, now: 100_000 }).why, /given up/)
  })
})
