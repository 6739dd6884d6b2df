'use strict'
// Loads the addon built for this platform.

const platform = `${process.platform}-${process.arch}`

/** An addon, or why it cannot be had. */
function addonFor(name) {
  try {
    // Each by its own name, so that bundlers find them; inside `try`, so that they bear that the others are not there.
    switch (name) {
      case 'darwin-arm64':
        return { addon: require('../streamtable.darwin-arm64.node') }
      case 'darwin-x64':
        return { addon: require('../streamtable.darwin-x64.node') }
      case 'linux-arm64':
        return { addon: require('../streamtable.linux-arm64.node') }
      case 'linux-arm64-musl':
        return { addon: require('../streamtable.linux-arm64-musl.node') }
      case 'linux-x64':
        return { addon: require('../streamtable.linux-x64.node') }
      case 'linux-x64-musl':
        return { addon: require('../streamtable.linux-x64-musl.node') }
      case 'win32-arm64':
        return { addon: require('../streamtable.win32-arm64.node') }
      case 'win32-x64':
        return { addon: require('../streamtable.win32-x64.node') }
      default:
        return {}
    }
  } catch (cause) {
    // Bundlers have errors of their own for what is not there.
    return cause.code === 'MODULE_NOT_FOUND' || cause.code === undefined ? {} : { cause }
  }
}

function load() {
  const found = addonFor(platform)
  if (found.addon !== undefined) return found.addon
  // Alpine Linux and others have another C library.
  const other = process.platform === 'linux' ? addonFor(`${platform}-musl`) : {}
  if (other.addon !== undefined) return other.addon
  const cause = found.cause ?? other.cause
  if (cause === undefined) {
    throw new Error(
      `streamtable has no addon for ${platform}: streamtable.${platform}.node is missing. ` +
        'Install a package that was built on this platform, or build one from a checkout with `npm run build`; ' +
        'a bundler must copy `.node` files, or leave streamtable external.',
    )
  }
  throw new Error(
    `streamtable cannot load its addon for ${platform} (Node.js ${process.version}): ${cause.message}. ` +
      'It needs Node.js 20 or newer and the C library it was built for; build it here with `npm run build` from a checkout.',
    { cause },
  )
}

module.exports = load()
