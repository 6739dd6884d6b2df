/** What a person does with the page in a browser: open it, look at tables, change an item, come back. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { connected, go, heading, launch, screenshot, see, skip, visit } from './browser.js'
import { Database, stopAll } from './database.js'

const DIGITS = '12345678901234567890123456789012345678'

describe('the page', { skip }, () => {
  /** @type {import('playwright-core').Browser} */
  let browser
  /** @type {Database} */
  let db

  before(async () => {
    browser = await launch()
    db = await Database.start()
    await db.table('Orders')
    for (let n = 0; n < 40; n += 1) {
      await db.put('Orders', { id: { S: `order-${n}` }, state: { S: n % 4 === 0 ? 'paid' : 'new' }, total: { N: `${n}.50` }, exact: { N: DIGITS }, tags: { SS: ['a', 'b'] } })
    }
  })

  after(async () => {
    await browser?.close()
    await stopAll()
  })

  it('opens with the printed address, takes the token out of it, and asks nobody else', async () => {
    const { page, requests, complaints, close } = await visit(browser, db.page)
    await see(page, 'Orders')
    assert.equal(await page.evaluate(() => location.hash), '#/tables')
    assert.equal(await page.evaluate(() => document.cookie), '', 'scripts cannot read the session')
    for (const hash of ['#/streams', '#/mappings', '#/why', '#/calls', '#/faults', '#/tables/Orders']) {
      await go(page, hash)
      await page.locator('main h1').waitFor()
    }
    await see(page, 'order-0')
    assert.deepEqual(requests.filter((url) => !url.startsWith(`${db.origin}/`) && !url.startsWith('data:')), [])
    assert.deepEqual(requests.filter((url) => url.split('#')[0].includes('token')), [], 'no request has the token in its address')
    assert.deepEqual(complaints, [])
    await close()
  })

  it('says how it is opened where there is no session, and where the token is another run’s', async () => {
    const without = await visit(browser, `${db.origin}/#/tables/Orders`)
    await without.page.getByText('This browser has no session').waitFor()
    await without.close()
    const wrong = await visit(browser, `${db.origin}/#token=wrong`)
    await wrong.page.getByRole('alert').waitFor()
    await wrong.page.getByText('This browser has no session').waitFor()
    assert.equal(await wrong.page.evaluate(() => location.hash.includes('wrong')), false)
    assert.equal(await wrong.page.getByText('order-0').count(), 0)
    await wrong.close()
  })

  it('has its session after a reload and in another tab', async () => {
    const { page, close } = await visit(browser, db.page)
    await see(page, 'Orders')
    await go(page, '#/tables/Orders?filter=state+%3D+%22paid%22')
    await see(page, '10 items of 40 looked at')
    await page.reload()
    await see(page, '10 items of 40 looked at')
    const other = await page.context().newPage()
    await other.goto(page.url())
    await see(other, '10 items of 40 looked at')
    await close()
  })

  it('goes back to the view before', async () => {
    const { page, close } = await visit(browser, db.page)
    await page.getByRole('link', { name: 'Orders' }).first().click()
    await see(page, '40 items')
    await page.getByRole('link', { name: 'order-7', exact: true }).click()
    await page.getByRole('region', { name: 'Item' }).waitFor()
    await page.goBack()
    await page.getByRole('region', { name: 'Item' }).waitFor({ state: 'detached' })
    await page.goBack()
    await heading(page, 'Tables')
    await close()
  })

  it('asks by key and by filter, and shows what it asked', async () => {
    const { page, close } = await visit(browser, db.page)
    await go(page, '#/tables/Orders')
    await page.getByLabel('id =').fill('order-3')
    await page.getByRole('button', { name: 'Ask' }).click()
    await see(page, /^1 item, all there are · Query/)
    await page.getByLabel('id =').fill('')
    await page.getByLabel('Filter').fill('state = "paid" and total > 20')
    await page.getByRole('button', { name: 'Ask' }).click()
    await see(page, /^5 items of 40 looked at/)
    await page.getByText('What was asked').click()
    await see(page, '#n0 = :v0 and #n1 > :v1')
    await page.getByLabel('Filter').fill('state =')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText(/Scan was refused: ValidationException/).waitFor()
    await close()
  })

  it('shows numbers exactly, whatever their length', async () => {
    const { page, close } = await visit(browser, db.page)
    await go(page, `#/tables/Orders?item=${encodeURIComponent('{"id":{"S":"order-1"}}')}`)
    await page.getByRole('region', { name: 'Item' }).getByText(DIGITS, { exact: true }).waitFor()
    await screenshot(page, 'item')
    await close()
  })

  it('edits an item, and does not overwrite what somebody else has changed', async () => {
    const { page, close } = await visit(browser, db.page)
    const key = { id: { S: 'order-2' } }
    await go(page, `#/tables/Orders?part=edit&item=${encodeURIComponent(JSON.stringify(key))}`)
    const text = page.getByLabel('The item, as DynamoDB\'s JSON')
    const item = JSON.parse(await text.inputValue())
    await text.fill(JSON.stringify({ ...item, state: { S: 'edited' } }))
    await page.getByRole('button', { name: 'Save' }).click()
    await see(page, 'Saved.')
    assert.equal((await db.call('GetItem', { TableName: 'Orders', Key: key })).Item.state.S, 'edited')

    await db.call('UpdateItem', { TableName: 'Orders', Key: key, UpdateExpression: 'SET #s = :s', ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: 'theirs' } } })
    await see(page, 'The item was changed meanwhile.')
    await text.fill(JSON.stringify({ ...item, state: { S: 'mine' } }))
    await page.getByRole('button', { name: 'Save' }).click()
    await see(page, 'Somebody else has changed it: ConditionalCheckFailedException')
    assert.equal((await db.call('GetItem', { TableName: 'Orders', Key: key })).Item.state.S, 'theirs')
    await close()
  })

  it('makes and deletes an item', async () => {
    const { page, close } = await visit(browser, db.page)
    await go(page, '#/tables/Orders?item=new')
    await page.getByLabel('The item, as DynamoDB\'s JSON').fill('{"id": {"S": "made"}, "n": {"N": "1"}}')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('region', { name: 'Item' }).getByRole('heading', { name: 'id=made' }).waitFor()
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByRole('button', { name: 'Delete the item' }).click()
    await see(page, 'The item is not there')
    assert.equal((await db.call('GetItem', { TableName: 'Orders', Key: { id: { S: 'made' } } })).Item, undefined)
    await close()
  })

  it('shows a list of thousands by the rows that are seen', async () => {
    for (let first = 0; first < 1500; first += 25) {
      const puts = Array.from({ length: 25 }, (_, n) => ({ PutRequest: { Item: { id: { S: `many-${first + n}` } } } }))
      if (first === 0) await db.table('Many')
      await db.call('BatchWriteItem', { RequestItems: { Many: puts } })
    }
    const { page, close } = await visit(browser, db.page)
    await go(page, '#/tables/Many')
    await see(page, '200 items, and there are more')
    for (let wanted = 400; wanted <= 1500; wanted += 200) {
      await page.locator('.scroll').evaluate((box) => box.scrollTo(0, box.scrollHeight))
      await page.getByText(new RegExp(`^${wanted.toLocaleString('en')} items`)).waitFor()
    }
    assert.ok(await page.locator('.rows .row').count() < 60)
    await close()
  })

  it('teaches where there is nothing', async () => {
    const empty = await Database.start()
    const { page, close } = await visit(browser, empty.page)
    await see(page, 'There is no table yet')
    await see(page, 'aws dynamodb create-table')
    await go(page, '#/streams')
    await see(page, 'No table has a stream')
    await go(page, '#/mappings')
    await see(page, 'No function is attached to a stream')
    await go(page, '#/calls')
    await see(page, '--call-trace 1000')
    await go(page, '#/tables')
    await screenshot(page, 'empty')
    await empty.table('Fresh')
    await page.getByRole('link', { name: 'Fresh' }).waitFor()
    await close()
    await empty.stop()
  })

  it('takes no command where it only reads', async () => {
    const reading = await Database.start('--inspect=read')
    const arn = await reading.table('Orders')
    await reading.put('Orders', { id: { S: '1' } })
    const { page, close } = await visit(browser, reading.page)
    await page.getByText('read only').waitFor()
    await go(page, `#/tables/Orders?item=${encodeURIComponent('{"id":{"S":"1"}}')}&part=edit`)
    await page.getByRole('region', { name: 'Item' }).getByText('"1"').first().waitFor()
    for (const view of ['#/tables/Orders', `#/stream/${encodeURIComponent(arn)}`, '#/faults']) {
      await go(page, view)
      await page.locator('main h1').waitFor()
      assert.equal(await page.getByRole('button', { name: /^(Save|New item|Split|Roll|Add|Move the clock)/ }).count(), 0, view)
    }
    const refused = await page.evaluate(async () => {
      const answer = await fetch('/call/DeleteTable', { method: 'POST', headers: { 'X-Streamtable': 'inspect', 'Content-Type': 'application/json' }, body: '{"TableName":"Orders"}' })
      return [answer.status, (await answer.json()).code]
    })
    assert.deepEqual(refused, [403, 'ReadOnly'])
    await close()
    await reading.stop()
  })

  it('shows nothing of an attribute that is masked, and offers no edit of its item', async () => {
    const masked = await Database.start('--inspect-mask', 'email')
    const arn = await masked.table('People')
    await masked.put('People', { id: { S: '1' }, email: { S: 'ada@example.com' }, name: { S: 'Ada' } })
    await masked.put('People', { id: { S: '1' }, email: { S: 'lovelace@example.com' }, name: { S: 'Ada' } })
    const { page, complaints, close } = await visit(browser, masked.page)
    /** @type {string[]} */
    const bodies = []
    page.on('response', async (response) => {
      if (response.url().includes('/call/')) bodies.push(await response.text().catch(() => ''))
    })
    const item = encodeURIComponent('{"id":{"S":"1"}}')
    await go(page, `#/tables/People?item=${item}`)
    await page.locator('.panel').getByText('masked', { exact: true }).waitFor()
    await go(page, `#/tables/People?part=edit&item=${item}`)
    await see(page, 'This item cannot be edited here')
    await go(page, `#/tables/People?part=history&item=${item}`)
    await page.locator('.history li').first().waitFor()
    await go(page, `#/stream/${encodeURIComponent(arn)}`)
    await page.locator('.tail .rows a').first().waitFor()
    await masked.put('People', { id: { S: '2' }, email: { S: 'third@example.com' } })
    await see(page, 'email masked')
    assert.ok(bodies.length > 5)
    assert.deepEqual(bodies.filter((body) => body.includes('example.com')), [])
    assert.equal(await page.getByText('example.com').count(), 0)
    assert.deepEqual(complaints, [])
    await close()
    await masked.stop()
  })

  it('looks without a trace: no call is counted, no reader registered', async () => {
    const watched = await Database.start('--call-trace', '1000', '--metrics')
    const arn = await watched.table('Orders')
    await watched.put('Orders', { id: { S: '1' } })
    const counts = async () => JSON.stringify((await watched.call('DescribeMetrics')).Metrics.filter((/** @type {any} */ { Operation }) => !Operation.startsWith('Describe')))
    const before = await counts()
    const { page, close } = await visit(browser, watched.page)
    for (const hash of ['#/tables/Orders', `#/stream/${encodeURIComponent(arn)}`, `#/tables/Orders?part=history&item=${encodeURIComponent('{"id":{"S":"1"}}')}`, '#/mappings']) {
      await go(page, hash)
      await page.locator('main h1').waitFor()
    }
    await go(page, `#/stream/${encodeURIComponent(arn)}`)
    await page.locator('.tail .rows a').first().waitFor()
    await see(page, 'Nobody reads this stream')
    assert.equal(await counts(), before)
    await go(page, '#/calls')
    await page.locator('.rows .row', { hasText: 'PutItem' }).waitFor()
    assert.equal(await page.locator('.rows .row', { hasText: /Scan|Inspect|Query/ }).count(), 0)
    await close()
    await watched.stop()
  })

  it('misses nothing that comes before it is drawn', async () => {
    const { page, close } = await visit(browser, 'about:blank')
    // Effects run after a frame, or a moment later where none comes: here, when the feed has begun and the test says so.
    await page.addInitScript(() => {
      const own = /** @type {any} */ (globalThis)
      const { setTimeout: later, EventSource: Source } = own
      /** @type {any[][]} */
      const held = []
      own.requestAnimationFrame = () => 0
      let isBegun = false
      own.setTimeout = (/** @type {any[]} */ ...given) => (isBegun ? held.push(given) : later(...given))
      own.heard = new Promise((resolve) => {
        own.EventSource = class extends Source {
          constructor(/** @type {string} */ address) {
            super(address)
            isBegun = true
            this.addEventListener('hello', resolve)
          }
        }
      })
      own.release = () => {
        own.setTimeout = later
        held.forEach((given) => later(...given))
      }
    })
    await page.goto(db.page)
    await page.evaluate(async () => {
      const own = /** @type {any} */ (globalThis)
      await own.heard
      own.release()
    })
    await connected(page)
    await close()
  })

  it('notices that the program has ended, and that another one has begun in its place', async () => {
    const first = await Database.start()
    const { page, close } = await visit(browser, first.page)
    await connected(page)
    await first.stop()
    await page.getByText('not connected').waitFor()
    const second = await Database.start('--inspect-port', new URL(first.page).port)
    await page.getByText('This browser has no session').waitFor()
    await second.table('Anew')
    await page.goto(second.page)
    await page.getByRole('link', { name: 'Anew' }).waitFor()
    await close()
    await second.stop()
  })
})
