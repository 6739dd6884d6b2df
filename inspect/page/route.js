/** The view is the address: what is shown stands in the fragment, so that a reload, the way back and a shared address show the same. */

/**
 * @typedef {object} Route
 * @property {string} view the first word, such as `tables`
 * @property {string} subject what the view is about: a table, a stream, a mapping; empty for none
 * @property {Record<string, string>} query everything else
 */

/** @type {Set<() => void>} */
const listeners = new Set()

/**
 * @param {string} hash
 * @returns {Route}
 */
export function parse(hash) {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const [view = '', ...rest] = path.split('/')
  let subject = rest.join('/')
  try {
    subject = decodeURIComponent(subject)
  } catch {
    // An address that somebody cut short: what is left of it names nothing that is there, and the view says so.
  }
  return { view: view || 'tables', subject, query: Object.fromEntries(new URLSearchParams(search)) }
}

/**
 * The address of a view.
 * @param {string} view
 * @param {string} [subject]
 * @param {Record<string, string | undefined>} [query] what is empty or absent is left out
 */
export function href(view, subject = '', query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const search = new URLSearchParams(/** @type {[string, string][]} */ (given)).toString()
  return `#/${view}${subject && `/${encodeURIComponent(subject)}`}${search && `?${search}`}`
}

/** @returns {Route} */
export const route = () => parse(location.hash)

/**
 * Changes some of the query of this view. A change that is typed takes the place of the one before it in the history; others can be undone by going
 * back.
 * @param {Record<string, string | undefined>} changes
 * @param {{ isTyped?: boolean }} [how]
 */
export function change(changes, { isTyped = false } = {}) {
  const { view, subject, query } = route()
  const next = href(view, subject, { ...query, ...changes })
  if (next === location.hash) return
  if (!isTyped) {
    location.hash = next
    return
  }
  history.replaceState(null, '', next)
  tell()
}

/** @param {string} address */
export function replace(address) {
  history.replaceState(null, '', address)
  tell()
}

/**
 * @param {() => void} listener called when the address has changed
 * @returns {() => void} ends it
 */
export function onRoute(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell() {
  for (const listener of listeners) listener()
}

if (typeof window !== 'undefined') window.addEventListener('hashchange', tell)
