import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as main from '../../harness/index.ts';
import * as testing from '../../harness/testing/index.ts';
import { product } from '../support/product.ts';

const { exports } = JSON.parse(await readFile(join(product.root, 'package.json'), 'utf8'));
const require = createRequire(import.meta.url);

test.each<[string, object]>([
  ['.', main],
  ['./testing', testing],
])('the package exports everything from %s, also to test runners that load CommonJS', (entry, modules) => {
  const path = join(product.root, exports[entry].default);
  expect(Object.keys(require(path)).sort()).toEqual(Object.keys(modules).sort());
});
