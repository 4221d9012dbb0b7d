import { expect, test } from 'vitest';
import { allScenarios, findScenario, findScenarios } from '../../../harness/contract/scenario-names.ts';

const BREAKERS = ['llm', 'memory'];

/** Returns the scenarios for these breakers whose script has this name. */
const runsOf = async (script: string, breakers: readonly string[]) =>
  (await allScenarios(breakers))
    .filter((scenario) => scenario.script.name === script)
    .map(({ name, breaker, judges }) => ({ name, breaker, judges }));

test('a script that runs once per breaker is one scenario per breaker of the contract', async () => {
  expect(await runsOf('chaos/outage', ['payments', 'open.ai'])).toEqual([
    { name: 'chaos/open.ai-outage', breaker: 'open.ai', judges: 'outages of open.ai' },
    { name: 'chaos/payments-outage', breaker: 'payments', judges: 'outages of payments' },
  ]);
});

test('without breakers, it is one scenario with the name of its script', async () => {
  expect(await runsOf('chaos/outage', [])).toEqual([
    { name: 'chaos/outage', breaker: undefined, judges: 'outages of any breaker' },
  ]);
});

test('a breaker whose scenario would have the name of another one gets a longer name', async () => {
  const names = (await allScenarios(['database', 'database-breaker'])).map(({ name }) => name);
  expect(names).toContain('chaos/database-outage');
  expect(names).toContain('chaos/database-breaker-outage');
  expect(names).toContain('chaos/database-breaker-breaker-outage');
  expect(new Set(names).size).toBe(names.length);
  expect(await findScenario('chaos/database-breaker-outage', ['database'])).toMatchObject({ breaker: 'database' });
});

test.each([
  ['chaos/outage', ['chaos/llm-outage', 'chaos/memory-outage']],
  ['outage', ['chaos/llm-outage', 'chaos/memory-outage']],
  ['llm-outage', ['chaos/llm-outage']],
  ['llm-*', (await allScenarios(BREAKERS)).filter(({ breaker }) => breaker === 'llm').map(({ name }) => name)],
  ['chaos/breaker-*', ['chaos/llm-breaker-benefit', 'chaos/memory-breaker-benefit']],
])('%s finds the scenarios of breakers', async (name, found) => {
  expect(await findScenarios([name], BREAKERS)).toEqual(found);
});

test('scenarios that are requested twice are found once', async () => {
  expect(await findScenarios(['llm-outage', 'outage'], BREAKERS)).toEqual(['chaos/llm-outage', 'chaos/memory-outage']);
});

test.each([
  ['chaos/llm-outge', 'chaos/llm-outage'],
  ['llm_outage', 'chaos/llm-outage'],
  ['outge', 'chaos/outage'],
  ['strees', 'stress'],
])('suggests the nearest name for %s', async (name, nearest) => {
  await expect(findScenarios([name], BREAKERS)).rejects.toMatchObject({
    code: 'SCENARIO_UNKNOWN',
    message: expect.stringContaining(
      `there is no scenario "${name}"; did you mean ${nearest}? "proofload list" prints`,
    ),
  });
});

test('names the scenarios of a script if a single one is needed', async () => {
  await expect(findScenario('chaos/outage', BREAKERS)).rejects.toMatchObject({
    code: 'SCENARIO_UNKNOWN',
    message:
      '"chaos/outage" stands for several scenarios, and exactly one is needed; allowed: chaos/llm-outage, chaos/memory-outage',
  });
});

test('suggests nothing if no name is close enough', async () => {
  await expect(findScenarios(['volcano'], BREAKERS)).rejects.toMatchObject({
    message: expect.stringMatching(/^there is no scenario "volcano"; allowed: /),
  });
});

test('the scenario of a breaker that is not in the contract is unknown', async () => {
  await expect(findScenario('chaos/llm-outage', ['openai'])).rejects.toMatchObject({
    code: 'SCENARIO_UNKNOWN',
    message: expect.stringContaining('did you mean chaos/outage?'),
  });
});
