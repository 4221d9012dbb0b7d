import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SCRIPT = `
  const { z } = await import('zod');
  const error = { code: 'invalid_type', expected: 'string', input: 1, path: [] };
  const languages = Object.entries(z.locales).map(([name, locale]) => [name, locale().localeError(error)]);
  console.log(JSON.stringify(Object.fromEntries(languages)));
`;

async function languages(...options: string[]): Promise<Record<string, string>> {
  const args = [...options, '--input-type=module', '--eval', SCRIPT];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}

test('each language of zod is loaded when it is used, with the same messages', async () => {
  const loaded = await languages('--import', new URL('../../bin/strip-types.js', import.meta.url).href);
  expect(loaded).toMatchObject({ de: expect.stringContaining('string, erhalten'), en: expect.any(String) });
  expect(loaded).toEqual(await languages());
});
