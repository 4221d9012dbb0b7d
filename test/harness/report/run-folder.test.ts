import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRun, makeRunFolder, prepareResults, readRun, writeVerdict } from '../../../harness/report/run-folder.ts';
import { verdictJsonSchema } from '../../../harness/verdict/run-result.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const result = runResult([scenarioResult('chaos/a', [finding('x', 'FAIL', { evidence: ['y'] })], { ceiling: 5 })]);

/** Creates a results folder with two runs of chaos and a newer one of stress. */
async function withRuns(): Promise<string> {
  const results = await temporaryFolder();
  for (const [name, day, seed] of [
    ['chaos', 1, 1],
    ['chaos', 2, 2],
    ['stress', 3, 3],
  ] as const) {
    const run = await makeRunFolder(results, name, new Date(Date.UTC(2026, 0, day)));
    await writeVerdict(run, { ...result, name, seed });
  }
  return results;
}

test.each([
  [undefined, 3],
  ['latest', 3],
  ['chaos', 2],
  ['chaos/2026-01-01T00-00-00.000Z', 1],
])('finds the run %s', async (reference, seed) => {
  expect((await readRun(await withRuns(), reference)).result).toEqual({ ...result, name: expect.any(String), seed });
});

test('one of the runs can be found by a relative path of the results folder, and by its own', async () => {
  const results = await withRuns();
  const folder = await findRun(results, 'chaos');
  expect(await findRun(results, folder)).toBe(folder);
  expect(await findRun(results, 'runs/chaos/2026-01-02T00-00-00.000Z')).toBe(folder);
});

test('an unfinished run is not the latest one of its name', async () => {
  const results = await withRuns();
  await makeRunFolder(results, 'chaos', new Date(Date.UTC(2026, 0, 9)));
  expect((await readRun(results, 'chaos')).result.seed).toBe(2);
});

test('a folder whose verdict is a pipe is no run', async () => {
  const results = await withRuns();
  const folder = join(results, 'runs', 'pipe', '1');
  await mkdir(folder, { recursive: true });
  execFileSync('mkfifo', [join(folder, 'verdict.json')]);
  await expect(readRun(results, 'pipe')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('an unknown run is rejected with the list of runs', async () => {
  await expect(readRun(await withRuns(), 'nightly')).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
    message: expect.stringMatching(/no run "nightly" in .* one of: chaos, stress/),
  });
});

test.each([
  ['{}', 'version'],
  ['{', 'JSON'],
  [JSON.stringify({ ...result, version: 1 }), 'version'],
])('the verdict %s is rejected', async (text, why) => {
  const results = await temporaryFolder({ 'verdict.json': text });
  await expect(readRun(results, results)).rejects.toMatchObject({
    code: 'RUN_INVALID',
    message: expect.stringContaining(why),
  });
});

test("results can go to a folder that doesn't exist yet, and nothing is left of a failed attempt", async () => {
  const results = join(await temporaryFolder(), 'a b', 'results');
  await prepareResults(results);
  expect(await readdir(results)).toEqual([]);
});

test.each([
  ['a file', '/etc/passwd'],
  ['a folder below a file', '/etc/passwd/x'],
  ['where nobody can write', '/proc'],
  ['a folder there that is not', '/proc/nowhere/at/all'],
])("results can't go to %s", async (_, path) => {
  await expect(prepareResults(path)).rejects.toMatchObject({
    code: 'USAGE',
    exitCode: 2,
    message: expect.stringMatching(`^RESULTS=${path} is not writable \\(E.*allowed: any folder`),
  });
});

test('a folder in place of the link to the latest run is reported', async () => {
  const results = await temporaryFolder();
  await mkdir(join(results, 'latest'));
  await expect(makeRunFolder(results, 'chaos', new Date())).rejects.toThrow(/^RESULTS=.* \(.*latest/);
});

test('the published JSON Schema matches the verdict schema (see make schemas)', async () => {
  expect(JSON.parse(await readFile('schemas/verdict.schema.json', 'utf8'))).toEqual(verdictJsonSchema());
});
