import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Selection, selectScenarios } from '../../../harness/run/select-scenarios.ts';
import type { RunResult } from '../../../harness/verdict/run-result.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Selects scenarios for a contract with two breakers. */
const select = (selection: Omit<Selection, 'breakers'>) =>
  selectScenarios({ breakers: ['llm', 'memory'], ...selection });

/** Creates a results folder whose last run is this one. */
async function resultsWith(run: RunResult): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'latest'));
  await writeFile(join(folder, 'latest', 'verdict.json'), JSON.stringify(run));
  return folder;
}

/** Expects these scenarios, and others only if their names match as well. */
function expectSelected(selected: readonly string[], expected: readonly string[], names: RegExp): void {
  expect(selected).toEqual(expect.arrayContaining([...expected]));
  expect(selected.filter((name) => !names.test(name))).toEqual([]);
}

test('selects suites, names, bare names and patterns', async () => {
  const outages = ['chaos/database-outage', 'chaos/llm-outage', 'chaos/memory-outage'];
  expectSelected(await select({ scenarios: ['chaos/*outage'] }), outages, /^chaos\/.*outage$/);
  const policies = ['chaos/llm-failure-policy', 'chaos/memory-failure-policy', 'stress/smoke'];
  expectSelected(await select({ scenarios: ['*-policy', 'smoke'] }), policies, /-policy$|\/smoke$/);
  expect(await select({ scenarios: ['outage', 'chaos/isolation'] })).toEqual([
    'chaos/llm-outage',
    'chaos/memory-outage',
    'chaos/llm-isolation',
    'chaos/memory-isolation',
  ]);
  expect(await select({ scenarios: ['load/spik?'] })).toEqual(['load/spike']);
  expectSelected(await select({ scenarios: ['load'] }), ['load/ramp', 'load/soak', 'load/spike'], /^load\//);
});

test.each([
  ['chaos/llm-outge', 'there is no scenario "chaos/llm-outge"; did you mean chaos/llm-outage?'],
  ['chas', 'did you mean chaos?'],
  ['chaos/*outge', 'no scenario matches "chaos/*outge"; allowed: chaos/'],
  ['earthquake', 'there is no scenario "earthquake"; allowed: chaos/'],
])('%s is rejected with the nearest name, or all names', async (name, text) => {
  await expect(select({ scenarios: [name] })).rejects.toMatchObject({
    code: 'SCENARIO_UNKNOWN',
    message: expect.stringContaining(text),
  });
});

test('--grep matches names and descriptions, as text or as a regular expression', async () => {
  expect(await select({ scenarios: [], grep: 'weak' })).toEqual(['chaos/weak-secret']);
  expect(await select({ scenarios: [], grep: 'WEAK SECRETS' })).toEqual(['chaos/weak-secret']);
  expect(await select({ scenarios: ['chaos'], grep: '/^chaos.(count|ignore)/' })).toEqual([
    'chaos/count-429',
    'chaos/ignore-429',
  ]);
});

test('--grep matches the description of a scenario with the name of its breaker', async () => {
  const found = await select({ scenarios: [], grep: 'outages of mem' });
  expectSelected(found, ['chaos/memory-isolation', 'chaos/memory-outage'], /memory/);
});

test('without a breaker, a script that runs once per breaker is selected by its name', async () => {
  const breakers: string[] = [];
  const outages = await selectScenarios({ scenarios: ['*outage'], breakers });
  expectSelected(outages, ['chaos/database-outage', 'chaos/outage'], /outage$/);
  const ofBreakers = await selectScenarios({ scenarios: [], breakers, grep: 'of any breaker' });
  expectSelected(ofBreakers, ['chaos/breaker-benefit', 'chaos/failure-policy', 'chaos/outage'], /^chaos\//);
});

test.each([
  ['earthquake', '--grep earthquake: none of '],
  ['/(/', '--grep /(/: Invalid regular expression'],
])('--grep %s is rejected', async (grep, text) => {
  await expect(select({ scenarios: ['load'], grep })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(text),
  });
});

test('--last-failed selects the scenarios that did not pass in the last run', async () => {
  const lastFailedIn = await resultsWith(
    runResult([
      scenarioResult('chaos/impostor', [finding('a', 'PASS')]),
      scenarioResult('chaos/llm-outage', [finding('a', 'FAIL')]),
      scenarioResult('stress/smoke', [finding('a', 'INCONCLUSIVE')]),
    ]),
  );
  expect(await select({ scenarios: [], lastFailedIn })).toEqual(['stress/smoke', 'chaos/llm-outage']);
  expect(await select({ scenarios: ['chaos'], lastFailedIn })).toEqual(['chaos/llm-outage']);
  await expect(select({ scenarios: ['load'], lastFailedIn })).rejects.toThrow(
    /--last-failed: nothing to run again: only chaos\/llm-outage, stress\/smoke did not pass in /,
  );
});

test('--last-failed is rejected if everything passed, or nothing was run', async () => {
  const lastFailedIn = await resultsWith(runResult([scenarioResult('chaos/impostor', [finding('a', 'PASS')])]));
  await expect(select({ scenarios: [], lastFailedIn })).rejects.toThrow(/every scenario passed in /);
  await expect(select({ scenarios: [], lastFailedIn: join(lastFailedIn, 'none') })).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
  });
});
