/** That everybody can use the page: what axe finds, the keyboard alone, large text, narrow and dark screens. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { connected, findings, go, launch, screenshot, skip, visit } from './browser.js'
import { Database, stopAll } from './database.js'

describe('the page is for everybody', { skip }, () => {
  /** @type {import('playwright-core').Browser} */
  let browser
  /** @type {Database} */
  let db
  /** @type {[string, string, string][]} name, address, and what is there when it is drawn */
  let views

  before(async () => {
    browser = await launch()
    db = await Database.start('--call-trace', '1000', '--metrics')
    const arn = await db.table('Orders')
    for (let n = 0; n < 60; n += 1) {
      await db.put('Orders', { id: { S: `order-${n}` }, state: { S: 'new' }, total: { N: `${n}.50` }, lines: { L: [{ M: { sku: { S: `A-${n}` }, n: { N: '2' } } }] }, gift: { BOOL: n % 2 === 0 } })
    }
    await db.call('AdvanceClock', { Milliseconds: 90_000 })
    const [first] = await db.shards(arn)
    await db.read(arn, first.ShardId, 40)
    await db.call('SplitShard', { TableName: 'Orders' })
    await db.call('AdvanceClock', { Milliseconds: 30_000 })
    for (let n = 0; n < 60; n += 3) await db.put('Orders', { id: { S: `order-${n}` }, state: { S: 'paid' }, total: { N: `${n}.50` }, gift: { BOOL: true } })
    await db.call('AdvanceClock', { Milliseconds: 45_000 })
    const [, left, right] = await db.shards(arn)
    await db.call('SplitShard', { TableName: 'Orders', ShardId: right.ShardId })
    await db.call('AdvanceClock', { Milliseconds: 60_000 })
    for (let n = 0; n < 60; n += 2) await db.put('Orders', { id: { S: `order-${n}` }, state: { S: 'shipped' }, total: { N: `${n}.50` }, gift: { BOOL: true } })
    for (let n = 56; n < 60; n += 1) await db.call('DeleteItem', { TableName: 'Orders', Key: { id: { S: `order-${n}` } } })
    const shards = await db.shards(arn)
    for (const { ShardId, IsOpen } of shards) if (IsOpen) await db.read(arn, ShardId, 3)
    const uuid = await db.mapping(arn, 'billing', {
      settings: { FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"state":{"S":["paid"]}}}}' }] }, MaximumRetryAttempts: 3 },
      places: [{ shard: left.ShardId, parent: first.ShardId, position: { after: left.Oldest.SequenceNumber } }, { shard: right.ShardId, parent: first.ShardId, position: 'oldest' }],
      pieces: [{ shard: right.ShardId, pieces: [{ lane: 0, first: right.Oldest.SequenceNumber, last: right.Newest.SequenceNumber, attempts: 2, request_id: 'r-1' }] }],
      result: 'PROBLEM: Function call failed',
    })
    await db.mapping(arn, 'search', { settings: { Enabled: false } })
    await db.call('SetFaults', { Faults: [{ Name: 'storm', Effect: 'FAIL', Operations: ['PutItem'], TableName: 'Orders', Times: 1, Error: { Code: 'ThrottlingException' } }] })
    await assert.rejects(db.put('Orders', { id: { S: '1' } }))
    const newest = (await db.shards(arn)).find(({ ShardId }) => ShardId === left.ShardId).Newest
    const item = encodeURIComponent('{"id":{"S":"order-6"}}')
    const stream = encodeURIComponent(arn)
    views = [
      ['tables', '#/tables', 'th a'],
      ['items', '#/tables/Orders', '.rows a'],
      ['item', `#/tables/Orders?item=${item}`, '.panel .attributes'],
      ['history', `#/tables/Orders?part=history&item=${item}`, '.history .diff'],
      ['edit', `#/tables/Orders?part=edit&item=${item}`, '#item-json'],
      ['streams', '#/streams', 'th a'],
      ['stream', `#/stream/${stream}`, '.tail .rows a'],
      ['order', `#/stream/${stream}?axis=order&shard=${left.ShardId}`, '.tail .rows a'],
      ['bench', `#/stream/${stream}?pattern=${encodeURIComponent('{"eventName":["REMOVE"]}')}`, '.tail .rows a'],
      ['why', `#/why/${stream}?sn=${newest.SequenceNumber}`, '.fate'],
      ['mappings', '#/mappings', 'th a'],
      ['mapping', `#/mapping/${uuid}`, '#places'],
      ['calls', '#/calls', '.rows .row'],
      ['faults', '#/faults', '#trace'],
      ['nowhere', '#/nowhere', '.empty'],
    ]
  })

  after(async () => {
    await browser?.close()
    await stopAll()
  })

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    it(`axe finds nothing in any view, ${colorScheme}`, async () => {
      const { page, complaints, close } = await visit(browser, db.page, { colorScheme })
      await connected(page)
      /** @type {string[]} */
      const found = []
      for (const [name, hash, there] of views) {
        await go(page, hash)
        await page.locator(`main ${there}`).first().waitFor()
        found.push(...(await findings(page)).map((finding) => `${name}: ${finding}`))
        await screenshot(page, `${name}-${colorScheme}`)
      }
      assert.deepEqual(found, [])
      assert.deepEqual(complaints, [])
      await close()
    })
  }

  it('nothing is lost at 200 %: no view is wider than the window, and axe finds nothing', async () => {
    const { page, close } = await visit(browser, db.page, { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 })
    await connected(page)
    /** @type {string[]} */
    const found = []
    for (const [name, hash, there] of views) {
      await go(page, hash)
      await page.locator(`main ${there}`).first().waitFor()
      const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
      assert.ok(wide <= window, `${name} is ${wide} wide in ${window}`)
      found.push(...(await findings(page)).map((finding) => `${name}: ${finding}`))
      await screenshot(page, `${name}-zoomed`)
    }
    assert.deepEqual(found, [])
    await close()
  })

  it('nothing is lost on a telephone', async () => {
    const { page, close } = await visit(browser, db.page, { viewport: { width: 360, height: 740 } })
    await connected(page)
    for (const [name, hash, there] of views) {
      await go(page, hash)
      await page.locator(`main ${there}`).first().waitFor()
      const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
      assert.ok(wide <= window, `${name} is ${wide} wide in ${window}`)
      await screenshot(page, `${name}-narrow`)
    }
    await close()
  })

  it('the keyboard alone leads from the first link to an item and back', async () => {
    const { page, close } = await visit(browser, db.page)
    await page.getByRole('link', { name: 'Orders' }).first().waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Skip to the view')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Orders')
    await page.keyboard.press('Enter')
    await page.locator('.rows a').first().waitFor()
    await page.keyboard.press('/')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search')
    await page.keyboard.type('Ord')
    await page.locator('.found a').first().waitFor()
    await page.keyboard.press('ArrowDown')
    assert.match(await focused(), /Orders/)
    await page.keyboard.press('Escape')
    await page.locator('.found').waitFor({ state: 'detached' })

    await page.locator('.rows a').first().focus()
    const first = await focused()
    await page.keyboard.press('ArrowDown')
    assert.notEqual(await focused(), first)
    await page.keyboard.press('Home')
    assert.equal(await focused(), first)
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Item' }).waitFor()
    await page.getByRole('region', { name: 'Item' }).getByText(`"${first}"`).first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('region', { name: 'Item' }).waitFor({ state: 'detached' })
    await close()
  })

  it('what has the focus is seen to have it', async () => {
    const { page, close } = await visit(browser, db.page)
    await page.getByRole('link', { name: 'Orders' }).first().waitFor()
    for (let n = 0; n < 12; n += 1) {
      await page.keyboard.press('Tab')
      const outline = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(/** @type {Element} */ (document.activeElement))
        return `${outlineStyle} ${outlineWidth}`
      })
      assert.equal(outline, 'solid 2px')
    }
    await close()
  })

  it('light or dark is the system’s until somebody chooses, and then stays', async () => {
    const { page, close } = await visit(browser, db.page, { colorScheme: 'dark' })
    await connected(page)
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await ground()
    await page.getByLabel('Light or dark').selectOption('light')
    const light = await ground()
    assert.notEqual(light, dark)
    await page.reload()
    await connected(page)
    assert.equal(await ground(), light)
    await close()
  })
})
