import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createServiceFolder, writeServiceFiles } from '../../../../harness/lab/service/service-folder.ts';

/** A reaper that remembers nothing. */
const reaper = { rememberFolder() {}, forgetFolder() {} } as unknown as Parameters<typeof createServiceFolder>[0];

test('files are written to the folder of a process, and removed with it', async () => {
  const folder = await createServiceFolder(reaper);
  await writeServiceFiles(folder.path, { 'config/app.yaml': 'port: 1\n' });
  expect(await readFile(join(folder.path, 'config/app.yaml'), 'utf8')).toBe('port: 1\n');
  await folder[Symbol.asyncDispose]();
  expect(existsSync(folder.path)).toBe(false);
});
