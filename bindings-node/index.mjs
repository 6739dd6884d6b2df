import streamtable from './index.cjs'

export const { Database, Snapshot, StreamtableError, errors, open, _convertIn, _convertOut } = streamtable
export default streamtable
