import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { callable } from '../../../harness/contract/requests.ts';
import { endpoint } from '../../../harness/contract/schema/endpoint.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const authentication = { kind: 'bearer', keySetting: 'KEYS', entries: 'key' } as const;

const of = (parts: object) =>
  callable({
    authentication,
    endpoints: { notes: endpoint.parse({ method: 'POST', path: '/', served: [200], ...parts }) },
  }).notes;

test("variables of proofload's environment are filled in everywhere, other placeholders are left", () => {
  vi.stubEnv('WORD', 'sesame');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(of({ headers: { X: '${env.WORD}' }, body: { a: ['${env.WORD} ${unique}'] } })).toMatchObject({
    headers: { X: 'sesame' },
    body: { a: ['sesame ${unique}'] },
  });
});

test('a file is read', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.bin');
  await writeFile(path, Buffer.from([0, 255]));
  expect(of({ file: { name: 'a.bin', path } })?.file).toEqual({
    field: 'file',
    name: 'a.bin',
    type: 'application/octet-stream',
    fields: {},
    base64: 'AP8=',
  });
});

test('requests carry credentials if the endpoint has a user, unless it says otherwise', () => {
  expect(of({})).toMatchObject({ authenticated: false, worthless: [] });
  expect(of({ user: 'ada' })).toMatchObject({ authenticated: true, worthless: ['no token', 'another token'] });
  expect(of({ user: 'ada', authenticated: false })?.authenticated).toBe(false);
});
