/** What a person debugs with the page in a browser: shards, readers, records, patterns, why, mappings, faults, the clock. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { connected, go, heading, launch, screenshot, see, skip, visit } from './browser.js'
import { Database, stopAll } from './database.js'

const streamView = (/** @type {string} */ arn, query = '') => `#/stream/${encodeURIComponent(arn)}${query}`
const why = (/** @type {string} */ arn, /** @type {string} */ number) => `#/why/${encodeURIComponent(arn)}?sn=${number}`

/** @param {import('playwright-core').Page} page @param {string} caption the text of a cell in the row that is looked for */
const row = (page, caption) => page.locator('tr', { hasText: caption })

describe('streams in the page', { skip }, () => {
  /** @type {import('playwright-core').Browser} */
  let browser
  /** @type {Database} */
  let db
  /** @type {Awaited<ReturnType<typeof visit>>} */
  let visited
  /** @type {import('playwright-core').Page} */
  let page
  let tables = 0

  before(async () => {
    browser = await launch()
    db = await Database.start()
    visited = await visit(browser, db.page)
    page = visited.page
    await connected(page)
  })

  after(async () => {
    await browser?.close()
    await stopAll()
    assert.deepEqual(visited?.complaints, [])
  })

  /** A table of its own for each test. */
  const table = async () => {
    tables += 1
    const name = `Table${tables}`
    return { name, arn: await db.table(name) }
  }
  const put = (/** @type {string} */ name, /** @type {number} */ id, /** @type {string} */ state) => db.put(name, { id: { S: String(id) }, state: { S: state } })
  const advance = (/** @type {number} */ Milliseconds) => db.call('AdvanceClock', { Milliseconds })

  it('show two records for a put, the same put again, and a change: the second put changed nothing', async () => {
    const { name, arn } = await table()
    await go(page, streamView(arn))
    await see(page, 'No record to show')
    await put(name, 1, 'new')
    await put(name, 1, 'new')
    await put(name, 1, 'paid')
    await see(page, 'state new → paid')
    assert.equal(await page.locator('.tail .rows .row').count(), 2)
    await go(page, `#/why/${encodeURIComponent(arn)}?key=${encodeURIComponent('{"id":{"S":"1"}}')}`)
    await see(page, '2 records of this key; looked at 2, all that the stream still has.')
    assert.equal(await page.locator('.diff tbody tr').count(), 1)
  })

  it('show an item’s history as differences, and how far was looked', async () => {
    const { name } = await table()
    await put(name, 1, 'new')
    await db.call('SplitShard', { TableName: name })
    await put(name, 1, 'paid')
    for (let n = 2; n < 12; n += 1) await put(name, n, 'new')
    await go(page, `#/tables/${name}?part=history&item=${encodeURIComponent('{"id":{"S":"1"}}')}`)
    await see(page, /2 records; looked at 12\s+in 3 of 3 shards: all that the stream still has/)
    await page.locator('.diff .changed', { hasText: 'state' }).getByText('"paid"').waitFor()
    await screenshot(page, 'history')
  })

  it('show a reader at the parent, and in the child when it has drained it', async () => {
    const { name, arn } = await table()
    for (let n = 0; n < 6; n += 1) await put(name, n, 'new')
    const [parent] = await db.shards(arn)
    await advance(1000)
    await db.read(arn, parent.ShardId, 4)
    await db.call('SplitShard', { TableName: name })
    await advance(1000)
    for (let n = 0; n < 6; n += 1) await put(name, n, 'paid')
    const children = (await db.shards(arn)).filter(({ IsOpen }) => IsOpen)
    const child = children.find(({ Newest }) => Newest)
    await go(page, streamView(arn))
    await page.getByText('The same as a table').waitFor()
    await row(page, parent.ShardId.slice(-8)).getByText('2 behind').waitFor()
    assert.equal(await page.locator('.plane .shard').count(), 3)
    await go(page, why(arn, child.Newest.SequenceNumber))
    await page.locator('.fate', { hasText: 'at a parent' }).getByText('2 records left there').waitFor()
    await db.read(arn, child.ShardId, 1000)
    await page.locator('.fate', { hasText: 'has read it' }).waitFor()
    await go(page, streamView(arn))
    await row(page, child.ShardId.slice(-8)).getByText('0 behind').waitFor()
    await screenshot(page, 'stream')
  })

  it('are split and rolled by buttons', async () => {
    const { name, arn } = await table()
    await put(name, 1, 'new')
    await go(page, streamView(arn))
    await page.getByRole('button', { name: 'Split the widest' }).click()
    await see(page, '2 partitions now')
    const [, open] = await db.shards(arn)
    await page.getByRole('button', { name: open.ShardId.slice(-8) }).click()
    await page.getByRole('button', { name: `Roll …${open.ShardId.slice(-8)}` }).click()
    await see(page, '1 rolled')
    assert.equal((await db.shards(arn)).length, 4)
    await page.getByRole('button', { name: 'order', exact: true }).click()
    assert.match(page.url(), /axis=order/)
  })

  it('say what of a burst is not shown, and hold still during a pause', async () => {
    const { name, arn } = await table()
    await put(name, 0, 'first')
    await go(page, streamView(arn))
    await see(page, 'state first')
    await page.getByRole('button', { name: 'Pause' }).click()
    const items = Array.from({ length: 1000 }, (_, n) => ({ PutRequest: { Item: { id: { S: `b${n}` } } } }))
    await Promise.all(Array.from({ length: 40 }, (_, n) => db.call('BatchWriteItem', { RequestItems: { [name]: items.slice(n * 25, n * 25 + 25) } })))
    await see(page, /came during the pause/)
    assert.equal(await page.locator('.tail .rows .row').count(), 1)
    // What was shown and what was not is all there was, however the burst was cut into frames.
    await page.waitForFunction(() => {
      const numbers = (/** @type {RegExp} */ form) => Number(form.exec(document.querySelector('.tail .answer')?.textContent ?? '')?.[1].replaceAll(',', '') ?? 0)
      return numbers(/\+([\d,]+) not shown/) + numbers(/([\d,]+) came during/) === 1000
    })
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await screenshot(page, 'burst')
  })

  it('are filtered by event and by key, and the filter is in the address', async () => {
    const { name, arn } = await table()
    for (let n = 0; n < 5; n += 1) await put(name, n, 'new')
    await put(name, 3, 'paid')
    await go(page, streamView(arn, '?event=MODIFY'))
    await see(page, /^1 of the newest 6/)
    await page.getByLabel('Event').selectOption('')
    await page.getByLabel('Key has').fill('id=3')
    await see(page, /^2 of the newest 6/)
    await page.waitForFunction(() => location.hash.includes('key='))
  })

  it('show what a pattern would let through, and no mapping changes', async () => {
    const { name, arn } = await table()
    for (let n = 0; n < 8; n += 1) await put(name, n, n < 3 ? 'paid' : 'new')
    const uuid = await db.mapping(arn, 'bench', { settings: { FilterCriteria: { Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }] } } })
    await go(page, `#/mapping/${uuid}`)
    await page.getByRole('link', { name: 'Try it' }).click()
    await see(page, /The pattern matches\s+0\s+of\s+8\s+records looked at, all that there are/)
    await page.getByLabel('Try a pattern').fill('{"dynamodb":{"NewImage":{"state":{"S":["paid"]}}}}')
    await see(page, /The pattern matches\s+3\s+of\s+8/)
    await page.getByLabel('Try a pattern').fill('{"dynamodb":')
    await page.getByText(/This is no pattern/).waitFor()
    const { Mappings } = await db.call('DescribeMappings')
    assert.equal(Mappings.find((/** @type {any} */ one) => one.Configuration.UUID === uuid).Configuration.FilterCriteria.Filters[0].Pattern, '{"eventName":["REMOVE"]}')
  })

  it('name the fate of a record at every mapping', async () => {
    const { name, arn } = await table()
    for (let n = 0; n < 6; n += 1) await put(name, n, 'new')
    const [shard] = await db.shards(arn)
    const { Records } = await db.read(arn, shard.ShardId, 1000)
    const numbers = Records.map((/** @type {any} */ { dynamodb }) => dynamodb.SequenceNumber)
    const at = (/** @type {any} */ position) => [{ shard: shard.ShardId, position }]
    await db.mapping(arn, 'filtering', { settings: { FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"state":{"S":["paid"]}}}}' }] } }, places: at({ after: numbers[0] }) })
    await db.mapping(arn, 'settled', { places: at({ after: numbers[3] }) })
    await db.mapping(arn, 'behind', { places: at({ after: numbers[0] }) })
    await db.mapping(arn, 'retrying', { places: at({ after: numbers[0] }), result: 'PROBLEM: Function call failed', pieces: [{ shard: shard.ShardId, pieces: [{ lane: 0, first: numbers[1], last: numbers[4], attempts: 2, request_id: 'r-1' }] }] })
    await db.mapping(arn, 'later', { settings: { StartingPosition: 'LATEST' }, places: at({ after: numbers[5] }), began: { at: shard.Newest.At + 1 } })
    await db.mapping(arn, 'stopped', { settings: { Enabled: false }, places: at({ after: numbers[0] }) })
    await go(page, why(arn, numbers[3]))
    const fate = (/** @type {string} */ text) => page.locator('.fate', { hasText: text })
    await fate('filtering').getByText('No pattern of its filters matches').waitFor()
    await fate('filtering').getByText('does not match').waitFor()
    await fate('settled').getByText('Its checkpoint in this shard is behind this record.').waitFor()
    await fate('behind').getByText('2 records before it.').waitFor()
    await fate('retrying').getByText('failed 2 times').waitFor()
    await fate('later').getByText('It began at LATEST').waitFor()
    await fate('stopped').getByText('The mapping is Disabled').waitFor()
    await fate('iterator').getByText('has read it').waitFor()
    await screenshot(page, 'why')
  })

  it('find a sequence number from the bar, in whatever stream it is', async () => {
    const { name, arn } = await table()
    await put(name, 1, 'new')
    const [shard] = await db.shards(arn)
    await page.keyboard.press('Escape')
    await page.locator('#main').focus()
    await page.keyboard.press('/')
    await page.keyboard.type(shard.Newest.SequenceNumber)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Written' }).waitFor()
    assert.match(page.url(), /#\/why\/arn/)
  })

  it('show a mapping’s places, and turn it off and on', async () => {
    const { name, arn } = await table()
    for (let n = 0; n < 9; n += 1) await put(name, n, 'new')
    const [shard] = await db.shards(arn)
    const uuid = await db.mapping(arn, 'placed', { places: [{ shard: shard.ShardId, position: { after: shard.Oldest.SequenceNumber } }] })
    await go(page, '#/mappings')
    await row(page, 'placed').getByText('8', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'placed' }).click()
    await heading(page, 'Places')
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('button', { name: 'Enable' }).waitFor()
    await see(page, 'Disabled')
    await put(name, 100, 'new')
    await page.locator('.plot').waitFor()
    await screenshot(page, 'mapping')
    const { Mappings } = await db.call('DescribeMappings')
    assert.equal(Mappings.find((/** @type {any} */ one) => one.Configuration.UUID === uuid).Configuration.State, 'Disabled')
  })

  it('receive dead letters only when told to', async () => {
    const { name, arn } = await table()
    await put(name, 1, 'new')
    const [shard] = await db.shards(arn)
    const { QueueUrl } = await db.call('SqsCreateQueue', { QueueName: 'dead' })
    const uuid = await db.mapping(arn, 'failing', { settings: { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } } } })
    const number = shard.Newest.SequenceNumber
    await db.call('SqsSendMessage', { QueueUrl, MessageBody: JSON.stringify({
      requestContext: { condition: 'RetryAttemptsExhausted' },
      DDBStreamBatchInfo: { shardId: shard.ShardId, startSequenceNumber: number, endSequenceNumber: number, batchSize: 1, streamArn: arn },
    }) })
    await go(page, `#/mapping/${uuid}`)
    await page.getByRole('button', { name: 'Receive up to 10' }).waitFor()
    assert.equal(await page.getByText('RetryAttemptsExhausted').count(), 0)
    await page.getByRole('button', { name: 'Receive up to 10' }).click()
    await see(page, 'RetryAttemptsExhausted')
    await page.locator('.letter').getByRole('link').first().click()
    await page.getByRole('heading', { name: 'Written' }).waitFor()
  })

  it('link a fault to what it did', async () => {
    await go(page, '#/faults')
    await page.getByLabel(/The fault, as SetFaults takes it/).fill('{"Name": "storm", "Effect": "FAIL", "Operations": ["PutItem"], "Times": 1, "Error": {"Code": "ThrottlingException"}}')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('link', { name: 'Faults 1' }).waitFor()
    const { name } = await table()
    await assert.rejects(put(name, 1, 'new'), /ThrottlingException/)
    await row(page, name).getByText('storm').waitFor()
    await page.getByLabel(/The fault, as SetFaults takes it/).fill('{"Effect": "NOTHING"}')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText(/Not added/).waitFor()
    await page.getByRole('button', { name: 'End all faults' }).click()
    await see(page, 'Calls are not disturbed')
  })

  it('name an iterator that has expired after 15 minutes, and records that are trimmed after a day', async () => {
    const { name, arn } = await table()
    for (let n = 0; n < 5; n += 1) await put(name, n, 'new')
    const [shard] = await db.shards(arn)
    const position = { after: shard.Oldest.SequenceNumber }
    await db.mapping(arn, 'asleep', { places: [{ shard: shard.ShardId, position }] })
    await db.read(arn, shard.ShardId, 2)
    await go(page, streamView(arn))
    await row(page, 'iterator').getByText('reads').waitFor()
    await page.getByRole('button', { name: 'Move the clock on by 15m' }).click()
    await row(page, 'iterator').getByText('expired: no call for 15 minutes').waitFor()
    await go(page, why(arn, shard.Newest.SequenceNumber))
    await page.locator('.fate', { hasText: 'iterator' }).getByText('It made no call for 15 minutes').waitFor()
    await page.getByRole('button', { name: 'Move the clock on by 24h' }).click()
    await see(page, /The record was trimmed|No shard takes this number/)
    await go(page, streamView(arn))
    await row(page, 'asleep').getByText('trimmed: 4 records are gone').waitFor()
    await row(page, 'asleep').getByText('0', { exact: true }).waitFor()
  })
})
