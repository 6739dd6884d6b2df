import streamtable from './index.cjs'

export const { Database, Snapshot, StreamtableError, differences, errors, lambdaEvent, matchFilters, open, patch, testing, toItem, toPlain, _convertIn, _convertOut } = streamtable
export default streamtable
