import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readUpstreams } from '../../mocks/read-upstreams.ts';
import { temporaryFile } from '../support/temporary-folder.ts';

const DECLARED = { llm: { kind: 'groq' }, memories: { kind: 'mem0', settings: { eventMs: 0 } } };

test('reads a file', async () => {
  const file = await temporaryFile('upstreams.json', JSON.stringify(DECLARED, null, 2));
  expect(await readUpstreams(file)).toEqual(DECLARED);
});

test('reads the first line of standard input, which stays open', async () => {
  const stdin = new PassThrough();
  stdin.write(`${JSON.stringify(DECLARED)}\n`);
  expect(await readUpstreams('-', stdin)).toEqual(DECLARED);
  expect(stdin.destroyed).toBe(false);
});

test.each([
  ['', 'unreadable-upstreams', 'Unexpected end of JSON input'],
  ['{"llm":', 'unreadable-upstreams', 'the upstreams are not JSON'],
  ['{"llm":{"kind":"grok"}}', 'invalid-upstreams', 'kind: Invalid option: expected one of "groq"'],
])('rejects %s', async (line, code, message) => {
  const stdin = new PassThrough();
  stdin.end(`${line}\n`);
  await expect(readUpstreams('-', stdin)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

test("rejects a file that doesn't exist", async () => {
  await expect(readUpstreams('/nowhere.json')).rejects.toMatchObject({ code: 'unreadable-upstreams' });
});
