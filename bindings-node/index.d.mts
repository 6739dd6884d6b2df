import * as streamtable from './index.js';

export * from './index.js';
export default streamtable;
