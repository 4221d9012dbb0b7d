import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Prints where processes that start after this lab keep compiled modules. */
const TEST = `
import { startLab } from ${JSON.stringify(resolve('harness/index.ts'))};
const { code } = await startLab({ contract: 'no-such-contract.yaml' }).catch((error) => error);
console.log(code, process.env.NODE_COMPILE_CACHE);
`;

test.each([
  ["are kept in the user's own cache folder", {}, join('/home', 'proofload')],
  ['are kept in a given folder', { NODE_COMPILE_CACHE: '/given' }, '/given'],
  [
    'are not kept while coverage is collected, because it would be less precise',
    { NODE_V8_COVERAGE: '/dev/null' },
    'undefined',
  ],
] as const)("compiled modules of a lab's processes %s", async (_, settings, folder) => {
  const { PATH } = process.env;
  const env = { PATH, XDG_CACHE_HOME: '/home', ...settings };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', TEST], { env });
  expect(stdout).toBe(`CONTRACT_INVALID ${folder}\n`);
});
