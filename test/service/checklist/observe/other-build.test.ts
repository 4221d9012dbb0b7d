import { execFile } from 'node:child_process';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { otherBuild } from '../../../../service/checklist/observe/other-build.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const run = promisify(execFile);

const STARTED = Date.parse('2026-11-24T16:00:00Z');
const BEFORE = new Date(STARTED - 1000);
const AFTER = new Date(STARTED + 1000);

/** Creates a checkout whose files were changed before the run started. */
async function checkout() {
  const folder = await temporaryFolder();
  for (const inside of ['service/config', 'scenarios/stress']) await mkdir(join(folder, inside), { recursive: true });
  const files = ['service/main.ts', 'service/config/settings.ts', 'scenarios/stress/smoke.ts', 'package-lock.json'];
  for (const file of [...files, 'README.md']) await writeFile(join(folder, file), file);
  const all = ['service', 'service/config', 'scenarios', 'scenarios/stress', ...files, 'README.md'];
  for (const path of all) await utimes(join(folder, path), BEFORE, BEFORE);
  return folder;
}

const git = async (folder: string, ...command: string[]) =>
  (
    await run('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.invalid', ...command], { cwd: folder })
  ).stdout.trim();

async function committed() {
  const folder = await checkout();
  await git(folder, 'init', '--quiet');
  await git(folder, 'add', '.');
  await git(folder, 'commit', '--quiet', '--message=first');
  return { folder, commit: { id: await git(folder, 'rev-parse', 'HEAD'), changed: false } };
}

const commitAll = (folder: string) => git(folder, 'commit', '--quiet', '--all', '--message=next');

test('a run of the present commit tested this build, whatever the times of the files are', async () => {
  const { folder, commit } = await committed();
  await utimes(join(folder, 'service/main.ts'), AFTER, AFTER);
  expect(await otherBuild(folder, STARTED, commit)).toBeUndefined();
});

test('a later commit that only changes other files is the same build', async () => {
  const { folder, commit } = await committed();
  await writeFile(join(folder, 'README.md'), 'more');
  await commitAll(folder);
  expect(await otherBuild(folder, STARTED, commit)).toBeUndefined();
});

test('a later commit, an uncommitted change and a new file are another build', async () => {
  const { folder, commit } = await committed();
  await writeFile(join(folder, 'service/main.ts'), 'another');
  expect(await otherBuild(folder, STARTED, commit)).toBe('service/main.ts changed since its commit');
  await commitAll(folder);
  expect(await otherBuild(folder, STARTED, commit)).toBe('service/main.ts changed since its commit');
  await writeFile(join(folder, 'scenarios/stress/new.ts'), 'new');
  expect(await otherBuild(folder, STARTED, commit)).toBe(
    'service/main.ts, scenarios/stress/new.ts changed since its commit',
  );
});

test.each(['an unknown commit', 'uncommitted changes', 'no commit'])(
  'after a run of %s, no file may be newer than the run',
  async (what) => {
    const { folder, commit } = await committed();
    const unknown = { id: '0123456789abcdef0123456789abcdef01234567', changed: false };
    const given = { 'an unknown commit': unknown, 'uncommitted changes': { ...commit, changed: true } }[what] ?? null;
    expect(await otherBuild(folder, STARTED, given)).toBeUndefined();
    await utimes(join(folder, 'README.md'), AFTER, AFTER);
    expect(await otherBuild(folder, STARTED, given)).toBeUndefined();
    await utimes(join(folder, 'service/config/settings.ts'), AFTER, AFTER);
    expect(await otherBuild(folder, STARTED, given)).toBe('service/config/settings.ts changed after it');
  },
);

test('outside of a repository, a deleted file is another build', async () => {
  const folder = await checkout();
  expect(await otherBuild(folder, STARTED, null)).toBeUndefined();
  await rm(join(folder, 'scenarios/stress/smoke.ts'));
  expect(await otherBuild(folder, STARTED, null)).toBe('scenarios/stress changed after it');
});
