import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nextOf, pruneRun, readKept } from '../../../bench/soak-verdicts/kept-runs.ts';
import { makeRunFolder, writeVerdict } from '../../../harness/report/run-folder.ts';
import type { RunResult } from '../../../harness/verdict/run-result.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NOW = { id: 'now', changed: false };

async function write(
  folder: string,
  service: string,
  minute: number,
  commit: RunResult['environment']['commit'],
  more = {},
) {
  const started = new Date(2026, 0, 1, 0, minute);
  const [pass, fail] = [
    scenarioResult('chaos/a', [finding('opens', 'PASS')]),
    scenarioResult('chaos/b', [finding('opens', 'FAIL')]),
  ];
  const result = { ...runResult([pass, fail]), started: started.toISOString(), ...more };
  const run = await makeRunFolder(join(folder, service), 'chaos', started);
  await writeVerdict(run, { ...result, environment: { ...result.environment, commit } });
  return { folder: run, result };
}

test('goes on after the whole runs of the same commit, in the order in which they started', async () => {
  const folder = await temporaryFolder();
  await write(folder, 'two', 3, NOW, { stopped: 'interrupted by SIGINT' });
  await write(folder, 'one', 2, NOW);
  await write(folder, 'two', 1, NOW);
  await write(folder, 'two', 4, { id: 'now', changed: true });
  await write(folder, 'two', 5, { id: 'before', changed: false });
  const { kept, others } = await readKept(folder, NOW);
  expect(kept.map(({ service, result }) => [service, result.started.slice(14, 16)])).toEqual([
    ['two', '01'],
    ['one', '02'],
  ]);
  expect(others).toBe(3);
});

test('a folder that does not exist contains no runs', async () => {
  expect(await readKept(join(await temporaryFolder(), 'none'), NOW)).toEqual({ kept: [], others: 0 });
});

test('services take turns', () => {
  const services = [{ name: 'one' }, { name: 'two' }];
  const next = (...names: string[]) =>
    nextOf(
      services,
      names.map((service) => ({ service })),
    )?.name;
  expect([next(), next('one'), next('one', 'two'), next('one', 'two', 'one')]).toEqual(['one', 'two', 'one', 'two']);
});

test('keeps only the histories of scenarios that did not pass', async () => {
  const { folder, result } = await write(await temporaryFolder(), 'one', 1, NOW);
  const folders = result.scenarios.map((scenario) => join(folder, scenario.folder));
  for (const path of folders) await mkdir(path, { recursive: true });
  await pruneRun({ folder, result });
  expect(folders.map(existsSync)).toEqual([false, true]);
  expect(existsSync(join(folder, 'verdict.json'))).toBe(true);
});
