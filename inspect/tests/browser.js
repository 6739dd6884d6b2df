/** The browser: Debian's Chromium, driven by playwright-core, which brings none of its own. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const PLACES = [process.env.STREAMTABLE_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = PLACES.find((place) => place !== '' && existsSync(place))
const SCREENSHOTS = process.env.STREAMTABLE_SCREENSHOTS
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Why tests in a browser are left out: only where there is none. */
export const skip = executablePath ? false : 'There is no Chromium: install it (apt-get install chromium), or name it in STREAMTABLE_CHROMIUM'

/** @returns {Promise<import('playwright-core').Browser>} */
export function launch() {
  if (!executablePath) throw new Error('There is no Chromium: these tests are to be left out')
  // Root, as which containers run, may not have Chromium's sandbox; the page is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

/**
 * A page in a browser that has never been here, with everything that it asked for and complained of.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function visit(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  /** @type {string[]} */
  const requests = []
  /** @type {string[]} */
  const complaints = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A refused call is an answer, which the page shows; the browser notes it here as well.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  await page.goto(address)
  return { page, requests, complaints, close: () => context.close() }
}

/**
 * Goes to a view of a page that is open.
 * @param {import('playwright-core').Page} page
 * @param {string} hash
 */
export async function go(page, hash) {
  await page.evaluate((next) => {
    location.hash = next
  }, hash)
}

/**
 * Waits until the feed has begun.
 * @param {import('playwright-core').Page} page
 */
export async function connected(page) {
  try {
    await page.getByText('live', { exact: true }).waitFor()
  } catch (error) {
    throw new Error(`The page says: ${await page.locator('body').innerText()}`, { cause: error })
  }
}

/** @param {import('playwright-core').Page} page @param {string | RegExp} text waits until it is shown */
export const see = (page, text) => page.locator('main').getByText(text).first().waitFor()

/** @param {import('playwright-core').Page} page @param {string} name */
export const heading = (page, name) => page.getByRole('heading', { name, exact: true }).first().waitFor()

/** @param {import('playwright-core').Page} page @param {string} name kept only where a folder is named for it */
export async function screenshot(page, name) {
  if (!SCREENSHOTS) return
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) })
}

/**
 * What axe finds, in one line each. It is evaluated, since the page's policy lets no other script in.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function findings(page) {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }))
  return violations.map((/** @type {any} */ { id, nodes }) => `${id} at ${nodes.length} places, first ${nodes[0].target.join(' ')}: ${nodes[0].failureSummary}`)
}
