/** A figure as it changes, as a line, with its numbers as a table. */
import { html } from './html.js'
import { Count, Moment } from './parts.js'

const WIDTH = 640
const HEIGHT = 96
/** Rows of the table: the newest. */
const ROWS = 20

/** @param {{ points: { at: number, value: number }[], label: string }} props */
export function Plot({ points, label }) {
  if (points.length < 2) {
    return html`<p class="faint">${points.length === 1 ? html`<strong><${Count} n=${points[0].value} /></strong> now. ` : ''}The line begins when something changes: nobody keeps it before this page is open.</p>`
  }
  const most = Math.max(1, ...points.map(({ value }) => value))
  // A step for each change: a clock that is moved by hand stands still or leaps, and would leave a line nobody could read.
  const x = (/** @type {number} */ n) => (n / points.length) * WIDTH
  const y = (/** @type {number} */ value) => HEIGHT - (value / most) * (HEIGHT - 4) - 2
  // Between two points the figure was the earlier one's.
  const line = points.map(({ value }, n) => (n === 0 ? `M0 ${y(value)}` : `H${x(n)}V${y(value)}`)).join('') + `H${WIDTH}`
  return html`
    <figure class="plot">
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path class="area" d=${`${line}V${HEIGHT}H0Z`} /><path class="line" d=${line} vector-effect="non-scaling-stroke" />
      </svg>
      <figcaption><span>${label}, change by change: at most <${Count} n=${most} />, now <strong><${Count} n=${points.at(-1)?.value} /></strong></span>
        <details><summary>As a table</summary><table class="list"><thead><tr><th scope="col">At</th><th scope="col" class="end">${label}</th></tr></thead>
          <tbody>${points.slice(-ROWS).reverse().map(({ at, value }) => html`<tr key=${`${at} ${value}`}><td><${Moment} at=${at} /></td><td class="end"><${Count} n=${value} /></td></tr>`)}</tbody></table></details></figcaption>
    </figure>`
}
