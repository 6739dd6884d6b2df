/** Begins: opens the session with the token of the printed address, then shows the view that the address names. */
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import { call, openSession } from './api.js'
import { useLive, useRoute } from './ask.js'
import { Bar } from './bar.js'
import { Calls } from './calls.js'
import { Faults } from './faults.js'
import { html } from './html.js'
import { start } from './live.js'
import { Mapping, Mappings } from './mappings.js'
import { Empty, Refusal } from './parts.js'
import { href, onRoute, route } from './route.js'
import { Stream, Streams } from './stream.js'
import { Tables } from './tables.js'
import { Why } from './why.js'

/** What each first word of an address shows, and the title of the page there. */
const VIEWS = /** @type {Record<string, [any, string]>} */ ({
  tables: [Tables, 'Tables'],
  streams: [Streams, 'Streams'],
  stream: [Stream, 'Stream'],
  why: [Why, 'Why'],
  mappings: [Mappings, 'Mappings'],
  mapping: [Mapping, 'Mapping'],
  calls: [Calls, 'Calls'],
  faults: [Faults, 'Faults'],
})

/** The one page. */
function Page() {
  const { view, subject, query } = useRoute()
  const { connection } = useLive()
  const [View, title] = VIEWS[view] ?? [null, 'Not here']
  useEffect(() => {
    document.title = `${subject ? `${subject.replace(/^arn:.*:table\//, '')} · ` : ''}${title} · streamtable`
  }, [view, subject])
  if (connection === 'locked') return html`<${Locked} />`
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the view</a>
    <${Bar} view=${view} />
    <main id="main" tabindex="-1">
      ${View
        ? html`<${View} key=${`${view}/${subject}`} subject=${subject} query=${query} />`
        : html`<h1>Not here</h1><${Empty} title=${`There is no view “${view}”`}>The views are above.</${Empty}>`}
    </main>`
}

/** The fragment is the view, so the browser's own jump would leave it. @param {Event} event */
function skip(event) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

/** Without a session nothing can be shown. @param {{ error?: any }} props */
const Locked = ({ error }) => html`
  <main id="main" class="alone">
    <h1>streamtable</h1>
    ${error && html`<${Refusal} error=${error} what="The session was not opened" />`}
    <${Empty} title="This browser has no session"
      line="streamtable serve --memory --inspect">
      Open the address that the program printed when it started, whole, with everything behind <code>#token=</code>. It is good for as long as the program
      runs. If the program has ended, start it again:
    </${Empty}>
  </main>`

/** The first question decides which page there is. */
function Begin() {
  const [state, setState] = useState(/** @type {{ is: string, error?: any }} */ ({ is: 'opening' }))
  useEffect(() => {
    begin().then(setState)
    // The printed address pasted over an open page changes nothing but the fragment.
    return onRoute(() => {
      if (location.hash.startsWith('#token=')) location.reload()
    })
  }, [])
  if (state.is === 'open') return html`<${Page} />`
  if (state.is === 'locked') return html`<${Locked} error=${state.error} />`
  return html`<p class="alone faint" role="status">Opening…</p>`
}

async function begin() {
  const [, token] = /^#token=([^&]*)/.exec(location.hash) ?? []
  try {
    if (token !== undefined) {
      // Out of the address before anything else: it must not end up in a bookmark or in a screenshot.
      history.replaceState(null, '', href('tables'))
      await openSession(decodeURIComponent(token))
    }
    await call('DescribeClock')
  } catch (error) {
    return { is: 'locked', error: token !== undefined || !(/** @type {any} */ (error).isLocked) ? error : undefined }
  }
  if (location.hash === '') history.replaceState(null, '', href(route().view))
  start()
  return { is: 'open' }
}

const app = /** @type {HTMLElement} */ (document.getElementById('app'))
app.textContent = ''
render(html`<${Begin} />`, app)
