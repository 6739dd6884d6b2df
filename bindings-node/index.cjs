'use strict'

const { Database, StreamtableError, errors, open } = require('./lib/database.js')
const { convertIn, convertOut } = require('./lib/floor.js')

module.exports = { Database, StreamtableError, errors, open, _convertIn: convertIn, _convertOut: convertOut }
