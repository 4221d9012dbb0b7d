import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadContract } from '../../../../harness/contract/load.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const CONTRACT = {
  name: 'notes',
  start: { command: ['serve'], readyPath: '/', readySeconds: 1 },
  environment: { KEYS: '${keys}' },
  profiles: { fast: {} },
};

/** Loads a contract with one endpoint from a folder that also contains the given files. */
async function load(endpoint: object, parts: object = {}, files: Record<string, string | Buffer> = {}) {
  const folder = await temporaryFolder();
  const notes = { method: 'POST', path: '/notes', served: [200], ...endpoint };
  const contract = JSON.stringify({ ...CONTRACT, endpoints: { notes }, ...parts }, null, 1);
  const all = { ...files, 'contract.json': contract };
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder, name), content);
  return loadContract(join(folder, 'contract.json'));
}

const SHARED = 'allowed: one of body, form, text, file';

test.each([
  [{ body: {}, form: { a: 'b' } }, `endpoints.notes.form: the endpoint has a "body" already; ${SHARED}`],
  [
    { text: 'a', file: { name: 'a', content: 'a' } },
    `endpoints.notes.file: the endpoint has a "text" already; ${SHARED}`,
  ],
  [{ file: { name: 'a' } }, 'endpoints.notes.file: needs either content or path'],
  [{ file: { name: 'a', content: 'a', path: 'b' } }, 'endpoints.notes.file: needs either content or path'],
  [{ file: { name: 'a', path: 'nowhere.csv' } }, "nowhere.csv can't be read as a file"],
  [{ headers: { 'Content-Length': '1' } }, 'endpoints.notes.headers.Content-Length: the connection sets it'],
  [{ headers: { 'a b': '1' } }, 'endpoints.notes.headers.a b: it is not a valid header name'],
  [{ query: { at: '${time}' } }, 'endpoints.notes.query.at: ${time} is unknown; allowed: ${unique}, ${client},'],
  [{ headers: { 'X-Host': '${upstream.llm}' } }, 'endpoints.notes.headers.X-Host: there is no "llm"'],
])('%j is refused with its line', async (endpoint, problem) => {
  await expect(load(endpoint)).rejects.toThrow(new RegExp(`contract.json:\\d+: .*${RegExp.escape(problem)}`));
});

test("a request to a running service can't contain the address of an upstream", async () => {
  const start = { running: { url: 'http://127.0.0.1:8000' }, readyPath: '/', readySeconds: 1 };
  const upstreams = { llm: { kind: 'groq' } };
  await expect(load({ path: '/?to=${upstream.llm}' }, { start, upstreams })).rejects.toThrow(
    'endpoints.notes.path: a running service does not use the upstreams of the lab; write an address',
  );
});

test('a header that authentication or the client sets is refused', async () => {
  const authentication = { kind: 'bearer', keySetting: 'KEYS' };
  await expect(load({ authenticated: true, headers: { authorization: 'x' } }, { authentication })).rejects.toThrow(
    'headers.authorization: authentication sets it',
  );
  await expect(load({ headers: { 'X-Tenant': 'x' } }, { client: { header: 'x-tenant' } })).rejects.toThrow(
    'headers.X-Tenant: it identifies the client',
  );
});

test('a file is found beside the contract; files that are too large together are refused', async () => {
  const file = { name: 'notes.csv', path: 'notes.csv' };
  const contract = await load({ file }, {}, { 'notes.csv': 'id' });
  expect(contract.endpoints.notes?.file?.path).toMatch(/^\/.*notes\.csv$/);
  await expect(load({ file }, {}, { 'notes.csv': Buffer.alloc(49_153) })).rejects.toThrow(
    'the files of the contract have 49153 bytes together; allowed: 49152',
  );
});
