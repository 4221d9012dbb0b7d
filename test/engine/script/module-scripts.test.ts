import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

const FILES = {
  'all.ts': "export * from './one.ts';\nexport * as names from './one.ts';\n",
  'one.ts': 'export const one: number = 1;\n',
  'cycle.ts': "import { early } from './script.ts';\nexport const later = (): string => early();\n",
  'changes.ts': 'export let count: number = 0;\nexport const add = () => {\n  count += 1;\n};\n',
  'throws.ts': "throw new RangeError('in a module');\n",
  'required.ts': 'export const loaded = await Promise.resolve(3);\n',
};

test.each([
  ['top-level await', 'const value = await Promise.resolve(1);', '1'],
  ['globalThis', 'globalThis.value = 2;', '2'],
  ['eval', "const value = eval('1 + 2');", '3'],
  [
    'export *',
    "import { one, names } from './all.ts';\nexport * from './one.ts';\nconst value = one + names.one;",
    '2',
  ],
  [
    'a cycle',
    "import { later } from './cycle.ts';\nexport function early() { return 'early' }\nconst value = later();",
    'early',
  ],
  [
    'a namespace whose values change',
    "import * as changes from './changes.ts';\nchanges.add();\nconst value = changes.count;",
    '1',
  ],
  ['import.meta', "const value = import.meta.resolve('./one.ts').endsWith('/one.ts');", 'true'],
  ['require() of a module', "const value = require('./one.ts').one;", '1'],
])('a script with %s runs', async (_, source, said) => {
  const run = await runSource(`${source}\nexport default () => console.log(value);\n`, { files: FILES });
  expect(run).toMatchObject({ errors: [], said: [said], exitCode: 0 });
});

test.each([
  ['that throws', "throw new TypeError('of the script');", 'TypeError: of the script'],
  ['that rejects', "await Promise.reject(new TypeError('later'));", 'TypeError: later'],
  ['that imports a module that throws', "import './throws.ts';", 'RangeError: in a module'],
  ['with k6/browser', "import { browser } from 'k6/browser';", 'the module k6/browser is not available'],
  ['with k6/net/grpc', "import grpc from 'k6/net/grpc';", 'the module k6/net/grpc is not available'],
  ['with a module of k6 that does not exist', "import x from 'k6/nothing';", 'k6/nothing'],
  ['with a remote module', "import x from 'https://127.0.0.1:1/x.js';", 'https://127.0.0.1:1/x.js'],
  ['with a name that its module lacks', "import { two } from './one.ts';", "does not provide an export named 'two'"],
  ['that requires a module with await', "require('./required.ts');", 'uses top-level await; import it'],
  [
    'that imports a name that changes',
    "import { count } from './changes.ts';",
    'because a function there assigns it later',
  ],
  ['with a file that does not exist', "import './nowhere.ts';", 'nowhere.ts'],
])('a script %s ends with its own error', async (_, source, message) => {
  const run = await runSource(`${source}\nexport default () => {};\n`, { name: 'script.js', files: FILES });
  expect(run).toMatchObject({ errors: [expect.stringContaining(message)], said: [], exitCode: 107 });
});
