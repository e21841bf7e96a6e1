// Writes src/api.gen.ts from docs/openapi.json; with --check it only says whether that is what would be written.

import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const description = new URL('../../../docs/openapi.json', import.meta.url);
const types = new URL('../src/api.gen.ts', import.meta.url);

const head = '// Types of the REST interface, made from docs/openapi.json by `npm run types`. Not to be edited.\n\n';
const wanted = head + astToString(await openapiTS(description));

if (!process.argv.includes('--check')) {
  writeFileSync(types, wanted);
} else if (readFileSync(types, 'utf8') !== wanted) {
  console.error('sdk/typescript/src/api.gen.ts is not what docs/openapi.json gives: run `cargo xtask sdk-types`');
  process.exitCode = 1;
}
