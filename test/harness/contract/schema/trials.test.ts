import { expect, test } from 'vitest';
import { breaker } from '../../../../harness/contract/schema/breaker.ts';
import { trialsOf } from '../../../../harness/contract/schema/trials.ts';

const BREAKER = { upstream: 'llm', endpoint: 'ask', refusal: 503, failures: [{ kind: 'reset' }] };

test.each([
  [{}, { most: 1, total: 1, toClose: 1 }],
  [{ trials: 3 }, { most: 3, total: 3, toClose: 3 }],
  [
    { trials: 3, trialsToClose: 2 },
    { most: 3, total: 3, toClose: 2 },
  ],
  [{ trials: 'any' }, { total: 1, toClose: 1 }],
  [
    { trials: 'any', trialsToClose: 2 },
    { total: 2, toClose: 2 },
  ],
])('the trials of %j', (fields, trials) => {
  expect(trialsOf(breaker.parse({ ...BREAKER, ...fields }))).toEqual(trials);
});

test.each([
  [{ trials: 'one' }, 'trials: is a number, such as 1 ("one" in older contracts), or "any"'],
  [{ trials: 2, trialsToClose: 3 }, 'trialsToClose: is more than the trials that are allowed'],
])('%j is refused', (fields, problem) => {
  const issues = breaker.safeParse({ ...BREAKER, ...fields }).error?.issues ?? [];
  expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')).toContain(problem);
});
