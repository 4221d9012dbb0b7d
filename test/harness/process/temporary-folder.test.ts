import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Reaper } from '../../../harness/process/reaper.ts';
import { temporaryFolder } from '../../../harness/process/temporary-folder.ts';

test('the reaper knows a folder before it exists, and until it is removed', async () => {
  const seen: [string, boolean][] = [];
  const note = (event: string) => (path: string) => void seen.push([event, existsSync(path)]);
  const reaper = { rememberFolder: note('remembered'), forgetFolder: note('forgotten') } as unknown as Reaper;
  const folder = await temporaryFolder(reaper, join(tmpdir(), 'proofload-test-'));
  expect(existsSync(folder.path)).toBe(true);
  await folder[Symbol.asyncDispose]();
  expect(existsSync(folder.path)).toBe(false);
  expect(seen).toEqual([
    ['remembered', false],
    ['forgotten', false],
  ]);
});
