import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markRunning, pruneRuns } from '../../../harness/report/prune-runs.ts';
import { makeRunFolder } from '../../../harness/report/run-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Makes runs of chaos, one a day from 2026-01-01 on, the last of which is the latest run. */
async function withRuns(count: number) {
  const results = await temporaryFolder();
  const folders: string[] = [];
  for (let day = 1; day <= count; day += 1)
    folders.push(await makeRunFolder(results, 'chaos', new Date(Date.UTC(2026, 0, day))));
  const runs = join(results, 'runs', 'chaos');
  const prune = (most: number) => pruneRuns(runs, join(results, 'latest'), most);
  const days = async () => (await readdir(runs)).map((name) => Number(/^2026-01-(\d\d)/.exec(name)?.[1] ?? Number.NaN));
  return { results, runs, folders, prune, days };
}

test('the newest runs of a name stay, and other names are not touched', async () => {
  const { results, prune, days } = await withRuns(5);
  await makeRunFolder(results, 'stress', new Date(Date.UTC(2025, 0, 1)));
  await prune(2);
  expect(await days()).toEqual([4, 5]);
  expect(await readdir(join(results, 'runs', 'stress'))).toHaveLength(1);
  await prune(Number.POSITIVE_INFINITY);
  expect(await days()).toEqual([4, 5]);
});

test('the latest run stays, whenever it was started', async () => {
  const { results, folders, prune, days } = await withRuns(4);
  await rm(join(results, 'latest'));
  await symlink(folders[0] as string, join(results, 'latest'));
  await prune(1);
  expect(await days()).toEqual([1, 4]);
});

test('a run that is being made stays until it has ended, also one of another process', async () => {
  const { folders, prune, days } = await withRuns(6);
  const [own, other, dead, elsewhere, forgotten] = folders as [string, string, string, string, string];
  const mark = (folder: string, pid: number, host = hostname()) =>
    writeFile(join(folder, '.running'), JSON.stringify({ pid, host }));
  const running = await markRunning(own);
  await mark(other, process.ppid);
  await mark(dead, 2 ** 22 + 1);
  await mark(elsewhere, 1, 'another-host');
  await mark(forgotten, 1, 'another-host');
  const longAgo = new Date(Date.now() - 48 * 3_600_000);
  await utimes(join(forgotten, '.running'), longAgo, longAgo);
  await prune(1);
  expect(await days()).toEqual([1, 2, 4, 6]);
  await running[Symbol.asyncDispose]();
  await prune(1);
  expect(await days()).toEqual([2, 4, 6]);
});

test('folders and links that are no runs are not removed', async () => {
  const { results, runs, prune } = await withRuns(3);
  await mkdir(join(results, 'elsewhere'));
  await mkdir(join(runs, 'notes'));
  await symlink(join(results, 'elsewhere'), join(runs, '2020-01-01T00-00-00.000Z'));
  await prune(1);
  expect(await readdir(runs)).toEqual(['2020-01-01T00-00-00.000Z', '2026-01-03T00-00-00.000Z', 'notes']);
});
