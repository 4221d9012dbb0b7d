import { expect, test } from 'vitest';
import { readAnswers } from '../../../harness/engine/read-answers.ts';
import { tells } from '../../../harness/history/tells.ts';
import { request } from '../../../harness/testing/hand-written.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';

const meaning = (trace: string, value: number, tags: object) =>
  JSON.stringify({ type: 'Point', metric: 'answer_meaning', data: { value, tags, metadata: { trace_id: trace } } });

async function adding(...lines: string[]) {
  const path = await temporaryFile('samples.json', lines.join('\n'));
  return readAnswers(path);
}

const sent = (trace: string, status = 200) => ({ ...request(0, 5, status, { decides: 'the body' }), trace });

test('a request gets the status for which its response stands, with the reason', async () => {
  const words = '200 with errors';
  const add = await adding(meaning('a', 429, { wire: '200', words }), meaning('b', 200, { wire: '200' }));
  expect(add(sent('a'))).toMatchObject({ status: 429, words });
  expect(add(sent('b'))).toEqual(sent('b'));
});

test('only requests that wait for it get a meaning', async () => {
  const add = await adding(meaning('a', 429, { wire: '200' }));
  const plain = { ...request(0, 5, 200, {}), trace: 'a' };
  expect(add(plain)).toEqual(plain);
});

test('a redirect that was followed keeps its status, and one that was not has a meaning', async () => {
  const add = await adding(meaning('a', 429, { wire: '200' }), meaning('b', 401, { wire: '302' }));
  expect(add(sent('a', 302)).status).toBe(302);
  expect(add(sent('a')).status).toBe(429);
  expect(add(sent('b', 302)).status).toBe(401);
});

test('a response that no script has read proves nothing', async () => {
  const add = await adding();
  const unread = add(sent('a'));
  expect(unread).toMatchObject({ status: 0, tags: { error: 'the script did not read the response' } });
  expect(tells(unread)).toBe(false);
});
