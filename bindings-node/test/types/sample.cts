// Compiled, never run: the same types through require.
import streamtable = require('streamtable');

const db: streamtable.Database = streamtable.open({ clock: 'manual' });
const names: string[] | undefined = db.listTablesSync({}).TableNames;
const input: streamtable.PutItemInput = { TableName: 'Orders', Item: {} };
console.log(names, input, new streamtable.errors.ValidationException('x').name);
