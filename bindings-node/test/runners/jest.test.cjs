'use strict'

require('./laws.cjs')({ test, expect, fake: jest })
