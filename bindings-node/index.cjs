'use strict'

const { Database, Snapshot, StreamtableError, errors, open } = require('./lib/database.js')
const { convertIn, convertOut } = require('./lib/floor.js')
const { differences, lambdaEvent, matchFilters, patch, testing, toItem, toPlain } = require('./lib/tools.js')

module.exports = {
  Database,
  Snapshot,
  StreamtableError,
  differences,
  errors,
  lambdaEvent,
  matchFilters,
  open,
  patch,
  testing,
  toItem,
  toPlain,
  _convertIn: convertIn,
  _convertOut: convertOut,
}
