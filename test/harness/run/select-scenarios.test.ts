import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { selectScenarios } from '../../../harness/run/select-scenarios.ts';
import type { RunResult } from '../../../harness/verdict/run-result.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

/** A folder of results whose last run is this one. */
async function resultsWith(run: RunResult): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-select-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'latest'));
  await writeFile(join(folder, 'latest', 'verdict.json'), JSON.stringify(run));
  return folder;
}

test('selects suites, names, bare names and patterns', async () => {
  expect(await selectScenarios({ scenarios: ['chaos/*outage'] })).toEqual([
    ...['chaos/database-outage', 'chaos/llm-outage', 'chaos/memory-outage'],
  ]);
  expect(await selectScenarios({ scenarios: ['*-policy', 'smoke'] })).toEqual([
    ...['chaos/llm-failure-policy', 'chaos/memory-failure-policy', 'stress/smoke'],
  ]);
  expect(await selectScenarios({ scenarios: ['load/spik?'] })).toEqual(['load/spike']);
  expect(await selectScenarios({ scenarios: ['load'] })).toEqual(['load/ramp', 'load/soak', 'load/spike']);
});

test.each([
  ['chaos/llm-outge', 'there is no scenario "chaos/llm-outge"; did you mean chaos/llm-outage?'],
  ['chas', 'did you mean chaos?'],
  ['chaos/*outge', 'no scenario matches "chaos/*outge"; there are chaos/both-outages'],
  ['earthquake', 'there is no scenario "earthquake"; there are chaos/both-outages'],
])('%s is refused with the nearest name, or all names', async (name, text) => {
  await expect(selectScenarios({ scenarios: [name] })).rejects.toMatchObject({
    ...{ code: 'SCENARIO_UNKNOWN', message: expect.stringContaining(text) },
  });
});

test('--grep matches names and descriptions, as a text or as an expression', async () => {
  expect(await selectScenarios({ scenarios: [], grep: 'weak' })).toEqual(['chaos/weak-secret']);
  expect(await selectScenarios({ scenarios: [], grep: 'WEAK SECRETS' })).toEqual(['chaos/weak-secret']);
  expect(await selectScenarios({ scenarios: ['chaos'], grep: '/^chaos.(count|ignore)/' })).toEqual([
    ...['chaos/count-429', 'chaos/ignore-429'],
  ]);
});

test.each([
  ['earthquake', '--grep earthquake: none of 3 scenarios matches'],
  ['/(/', '--grep /(/: Invalid regular expression'],
])('--grep %s is refused', async (grep, text) => {
  await expect(selectScenarios({ scenarios: ['load'], grep })).rejects.toMatchObject({
    ...{ code: 'USAGE', message: expect.stringContaining(text) },
  });
});

test('--last-failed selects what did not pass in the last run', async () => {
  const lastFailedIn = await resultsWith(
    runResult([
      scenarioResult('chaos/impostor', [finding('a', 'PASS')]),
      scenarioResult('chaos/llm-outage', [finding('a', 'FAIL')]),
      scenarioResult('stress/smoke', [finding('a', 'INCONCLUSIVE')]),
    ]),
  );
  expect(await selectScenarios({ scenarios: [], lastFailedIn })).toEqual(['stress/smoke', 'chaos/llm-outage']);
  expect(await selectScenarios({ scenarios: ['chaos'], lastFailedIn })).toEqual(['chaos/llm-outage']);
  await expect(selectScenarios({ scenarios: ['load'], lastFailedIn })).rejects.toThrow(
    /--last-failed: nothing to run again: only chaos\/llm-outage, stress\/smoke did not pass in /,
  );
});

test('--last-failed is refused if everything passed, or nothing was run', async () => {
  const lastFailedIn = await resultsWith(runResult([scenarioResult('chaos/impostor', [finding('a', 'PASS')])]));
  await expect(selectScenarios({ scenarios: [], lastFailedIn })).rejects.toThrow(/every scenario passed in /);
  await expect(selectScenarios({ scenarios: [], lastFailedIn: join(lastFailedIn, 'none') })).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
  });
});
