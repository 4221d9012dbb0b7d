import { expect, test } from 'vitest';
import { attemptsOf } from '../../../../../harness/init/found/code/clients.ts';
import { codeOf } from './code-of.ts';

test.each<[string, Record<string, string>, { from: string; attempts: number } | undefined]>([
  [
    'tenacity',
    { 'app.py': '@retry(stop=stop_after_attempt(4), wait=wait_fixed(1))\ndef ask():\n    pass\n' },
    { from: 'app.py:1', attempts: 4 },
  ],
  ['axios-retry', { 'app.js': 'axiosRetry(client, { retries: 2 });' }, { from: 'app.js:1', attempts: 3 }],
  ['axios-retry with its default', { 'app.js': 'axiosRetry(axios);' }, { from: 'app.js:1', attempts: 4 }],
  ['got', { 'app.js': 'const api = got.extend({ retry: { limit: 1 } });' }, { from: 'app.js:1', attempts: 2 }],
  ['got without a number', { 'app.js': 'const answer = await got.get(url);' }, undefined],
  ['two that differ', { 'app.js': 'axiosRetry(a, { retries: 2 });\naxiosRetry(b, { retries: 5 });' }, undefined],
])('the attempts of %s are found if they are certain', (_, files, attempts) => {
  expect(attemptsOf(codeOf(files))).toEqual(attempts);
});
