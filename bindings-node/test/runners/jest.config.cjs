'use strict'

module.exports = { rootDir: __dirname, testEnvironment: 'node', testMatch: ['**/*.test.cjs'], transform: {}, cache: false, watchman: false }
