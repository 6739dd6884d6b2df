import htm from 'htm'
import { h } from 'preact'

/** Markup as tagged text, bound to Preact: `html\`<p>${text}</p>\``. */
export const html = htm.bind(h)
