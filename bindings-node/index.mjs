import streamtable from './index.cjs'

export const { Database, StreamtableError, errors, open, _convertIn, _convertOut } = streamtable
export default streamtable
