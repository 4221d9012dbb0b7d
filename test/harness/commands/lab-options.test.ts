import { expect, test } from 'vitest';
import { runName } from '../../../harness/commands/lab-options.ts';

test.each([
  [['stress', 'chaos/llm-*'], 'stress+chaos-llm-_'],
  [Array.from({ length: 20 }, (_, n) => `chaos/outage-${n}`), 'chaos-outage-0+19-more'],
])('a run of %j has a name that a folder can have', (scenarios, name) => {
  expect(runName(scenarios)).toBe(name);
});
