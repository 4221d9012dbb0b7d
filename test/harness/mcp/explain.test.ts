import { expect, test } from 'vitest';
import { explain } from '../../../harness/mcp/explain.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';

const recovers = { checker: 'recovers', restsOn: ['opens'] };
const past = {
  folder: '/results/run',
  result: runResult([
    scenarioResult('chaos/a', [finding('time to recover', 'FAIL', recovers), finding('steady', 'PASS')]),
    scenarioResult('chaos/b', [
      finding('reopens', 'INCONCLUSIVE', { checker: 'reopens' }),
      finding('refuses', 'FAIL', { checker: 'refuses', follows: 'opens' }),
      finding('opens', 'FAIL', { checker: 'opens' }),
    ]),
  ]),
};

const found = (only = {}) => explain(past, only).map(({ check, mayFollow }) => [check, mayFollow]);

test('the most important cause comes first, and a failure of another scenario that follows from it names it', () => {
  expect(found()).toEqual([
    ['opens', undefined],
    ['time to recover', 'opens'],
    ['refuses', undefined],
    ['reopens', undefined],
  ]);
  expect(explain(past, {})[0]).toMatchObject({
    scenario: 'chaos/b',
    folder: '/results/run/chaos-b',
    again: 'make chaos SCENARIO=chaos/b SEED=7',
  });
});

test('a scenario or a part of a name selects checks, and does not change their causes', () => {
  expect(found({ scenario: 'chaos/a' })).toEqual([['time to recover', 'opens']]);
  expect(found({ check: 'open' })).toEqual([
    ['opens', undefined],
    ['reopens', undefined],
  ]);
});
