import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secrets } from '../../../harness/base/secrets.ts';
import { moveRedacted } from '../../../harness/history/move-redacted.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

secrets.hide('value "of" a key');

/** Returns the contents of a samples file after it was moved, and whether it is another file. */
async function redacted(text: string) {
  const folder = await temporaryFolder();
  const from = join(folder, 'engine');
  await mkdir(join(from, 'a folder of the script'), { recursive: true });
  await writeFile(join(from, 'samples.json'), text, { mode: 0o600 });
  const { ino } = await stat(join(from, 'samples.json'));
  await moveRedacted(from, folder);
  const moved = await stat(join(folder, 'samples.json'));
  expect([moved.mode & 0o777, await readdir(folder)]).toEqual([0o600, ['engine', 'samples.json']]);
  return { text: await readFile(join(folder, 'samples.json'), 'utf8'), isWritten: moved.ino !== ino };
}

const sample = (tags: Record<string, string>) => `${JSON.stringify({ type: 'Point', data: { value: 1, tags } })}\n`;

test('secrets are removed from the texts of samples, and names and other lines stay unchanged', async () => {
  const other = '{"type":"Point",  "data":{"value":1.50}}\n';
  const given = sample({
    url: 'http://h/value "of" a key',
    error: 'value%20%22of%22%20a%20key',
    phase: 'value "of" a key',
  });
  expect(await redacted(other + given)).toEqual({
    text: other + sample({ url: 'http://h/REDACTED', error: 'REDACTED', phase: 'value "of" a key' }),
    isWritten: true,
  });
});

test('secrets are removed from all other tags, also from JSON inside of JSON', async () => {
  const body = JSON.stringify({ error: JSON.stringify({ key: 'value "of" a key' }) });
  expect((await redacted(sample({ body, name: 'value "of" a key' }))).text).toBe(
    sample({ body: '{"error":"{\\"key\\":\\"REDACTED\\"}"}', name: 'REDACTED' }),
  );
});

test('secrets are also removed from a truncated line', async () => {
  expect((await redacted('{"error":"value \\"of\\" a key')).text).toBe('{"error":"REDACTED\n');
});

test('a file without secrets is not rewritten', async () => {
  expect(await redacted('{"type":"Point"}')).toEqual({ text: '{"type":"Point"}', isWritten: false });
});
