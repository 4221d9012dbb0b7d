import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doctorFolder, removeFolder } from '../../../harness/commands/doctor-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const own = String(process.pid);
/** No process has this ID on Linux. */
const OVER = String(2 ** 30);

async function resultsWith(...names: string[]): Promise<string> {
  const results = await temporaryFolder();
  for (const name of names) {
    await mkdir(join(results, 'doctor', name, 'runs'), { recursive: true });
    await writeFile(join(results, 'doctor', name, 'runs', 'a'), '');
  }
  return results;
}

test('the runs of earlier doctors are removed, but not those of one that is running, or anything else', async () => {
  const results = await resultsWith(OVER, own, String(process.ppid), '1', 'notes');
  const other = await resultsWith('1');
  await symlink(join(other, 'doctor'), join(results, 'doctor', String(2 ** 30 + 1)));
  expect(await doctorFolder(results)).toBe(join(results, 'doctor', own));
  expect((await readdir(join(results, 'doctor'))).sort()).toEqual(['1', String(process.ppid), 'notes'].sort());
  expect(await readdir(join(other, 'doctor'))).toEqual(['1']);
});

test('an interrupted doctor removes its runs, and folders only if they are empty', async () => {
  const alone = await resultsWith(own);
  removeFolder(join(alone, 'doctor', own));
  await expect(readdir(alone)).rejects.toThrow('ENOENT');
  const beside = await resultsWith(own, 'notes');
  removeFolder(join(beside, 'doctor', own));
  removeFolder(join(beside, 'doctor', own));
  expect(await readdir(join(beside, 'doctor'))).toEqual(['notes']);
});
