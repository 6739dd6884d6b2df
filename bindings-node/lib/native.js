'use strict'
// Loads the addon built for this platform.

const { existsSync } = require('node:fs')
const { join } = require('node:path')

const platform = `${process.platform}-${process.arch}`
const file = join(__dirname, '..', `streamtable.${platform}.node`)

function load() {
  if (!existsSync(file)) {
    throw new Error(
      `streamtable has no addon for ${platform}: ${file} is missing. ` +
        'Install a package that was built on this platform, or build one from a checkout with `npm run build`.',
    )
  }
  try {
    return require(file)
  } catch (cause) {
    throw new Error(
      `streamtable cannot load its addon for ${platform} (Node.js ${process.version}): ${cause.message}. ` +
        'It needs Node.js 20 or newer and the C library it was built for; build it here with `npm run build` from a checkout.',
      { cause },
    )
  }
}

module.exports = load()
