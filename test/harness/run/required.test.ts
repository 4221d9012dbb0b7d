import { expect, test } from 'vitest';
import { requiredOf } from '../../../harness/run/required.ts';

const NAMES = ['stress/smoke', 'chaos/llm-outage'];
const compared = { name: 'gate/comparison', judge: () => Promise.reject(new Error('not called')) };

/** Returns the required scenarios of a run with `NAMES`. */
const required = (require: string[], requires: string[] = [], given: { compared?: typeof compared } = {}) =>
  requiredOf({ require, scenarios: ['stress', 'chaos'], ...given }, { breakers: {}, requires }, NAMES);

test('what was asked for and what the contract names is required, in the order of the run', async () => {
  expect(await required([])).toEqual([]);
  expect(await required(['stress/smoke'])).toEqual(['stress/smoke']);
  expect(await required(['stress/smoke'], ['stress/smoke', 'chaos/weak-secret'])).toEqual(['stress/smoke']);
});

test('a comparison can be required if it is part of the run', async () => {
  expect(await required(['gate/comparison', 'stress/smoke'], [], { compared })).toEqual([
    'stress/smoke',
    'gate/comparison',
  ]);
  expect(await required(['stress/smoke'], [], { compared })).toEqual(['stress/smoke']);
  await expect(required(['gate/comparison'])).rejects.toMatchObject({ code: 'SCENARIO_UNKNOWN' });
});

test('a scenario that is not part of the run is not required by its contract, and refused otherwise', async () => {
  expect(await required([], ['chaos/weak-secret'])).toEqual([]);
  await expect(required(['chaos/weak-secret'])).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('run its suite too, or require one of: stress/smoke, chaos/llm-outage'),
  });
});
