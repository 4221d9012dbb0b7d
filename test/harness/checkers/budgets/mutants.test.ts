import { expect, test } from 'vitest';
import { after, during, mutantIn } from '../fake-wire.ts';
import { testAnswers, testCalls } from '../mutant-tests.ts';

const spent = { budget: 'spent' };
const crowd = during({ action: 'crowd in budget', ...spent });
const anew = during({ action: 'budget begun anew', ...spent });
const another = during({ action: 'budget of another', ...spent });
const failing = { action: 'failing in budget', ...spent, endpoint: 'ask' } as const;

testCalls([
  ['refused-call-uses-tokens', { phase: crowd, status: 429 }],
  ['upstream-called-beyond-the-budget', { phase: during({ action: 'budget used up', ...spent }), status: 429 }],
]);

testAnswers({
  'budget-used-up-by-free-requests': [
    [{ phase: during(failing) }, { phase: after(failing) }, { phase: after(failing), endpoint: 'list' }],
    [200, 429, 200],
  ],
  'budget-of-another-caller': [
    [{ phase: crowd }, { phase: another }, { phase: another }],
    [200, 429, 200],
  ],
  'call-served-after-a-restart': [
    [
      { phase: crowd, status: 429 },
      { phase: during({ action: 'budget restarted', ...spent, signal: 'SIGTERM' }), status: 429 },
    ],
    [429, 200],
  ],
  'call-served-before-its-end': [
    [
      { phase: anew, status: 429 },
      { phase: during({ action: 'budget before its end', ...spent }), status: 429 },
    ],
    [429, 200],
  ],
  'call-refused-after-its-end': [
    [{ phase: crowd }, { phase: anew }],
    [200, 429],
  ],
});

test('the count of a budget is one too low after a crowd', async () => {
  const { see } = mutantIn('count-too-low-by-one');
  const given = { endpoint: 'list', body: '{"used":{"tokens":42}}' };
  expect((await see({ ...given, phase: anew })).body.toString()).toBe(given.body);
  expect((await see({ ...given, phase: crowd })).body.toString()).toBe('{"used":{"tokens":41}}');
});
