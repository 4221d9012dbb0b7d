import { expect, test } from 'vitest';
import { stream } from '../../../../harness/contract/schema/stream.ts';

test('only the format is required', () => {
  expect(stream.parse({ format: 'ndjson' })).toEqual({ format: 'ndjson' });
  const all = { format: 'sse', firstEventSeconds: 2, stallSeconds: 0.5, end: '[DONE]', error: 'event: error' };
  expect(stream.parse(all)).toEqual(all);
});

test.each([
  [{}, 'Invalid option: expected one of "sse"|"ndjson"'],
  [{ format: 'json' }, 'Invalid option: expected one of "sse"|"ndjson"'],
  [{ format: 'sse', stallSeconds: 0 }, 'Too small: expected number to be >0'],
  [{ format: 'sse', firstEventSeconds: 301 }, 'Too big: expected number to be <=300'],
  [{ format: 'sse', end: '' }, 'Too small: expected string to have >=1 characters'],
  [{ format: 'sse', done: '[DONE]' }, 'Unrecognized key: "done"'],
])('rejects %j, and says what is allowed', (promise, message) => {
  expect(stream.safeParse(promise).error?.issues).toMatchObject([{ message }]);
});
