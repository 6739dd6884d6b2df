'use strict'

require('./records.cjs')({ test, expect })
