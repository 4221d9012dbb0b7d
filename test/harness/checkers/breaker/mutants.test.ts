import { expect, test } from 'vitest';
import { after, during, mutantIn } from '../fake-wire.ts';
import { testAnswers, testAnswersInstead, testCalls, testDelays, testHeaders, testIdle } from '../mutant-tests.ts';

const REFUSED = { status: 429, headers: { 'Retry-After': '2' } };

testAnswers({
  'refusal-while-the-breaker-is-closed': [
    [
      { phase: during({ action: 'opening' }) },
      { phase: during({ action: 'below' }) },
      { phase: during({ action: 'below' }) },
    ],
    [200, 503, 200],
  ],
  'made-up-success-while-open': [
    [
      { phase: during({ action: 'closed' }), status: 503 },
      { phase: during({ action: 'open' }), status: 503 },
    ],
    [503, 200],
  ],
  'refusals-after-an-abandoned-trial': [
    [
      { phase: after({ action: 'left', endpoint: 'ask', upstream: 'llm' }) },
      { phase: after({ action: 'left in trial', breaker: 'llm' }) },
      { phase: after({ action: 'left in trial', breaker: 'llm' }) },
    ],
    [200, 503, 503],
  ],
});

testAnswersInstead({
  'callers-refused-during-a-trial': [
    [
      { phase: during({ action: 'half-open' }), endpoint: 'health' },
      { phase: during({ action: 'half-open' }) },
      { phase: during({ action: 'half-open' }) },
      { phase: during({ action: 'crowd in trial', breaker: 'llm' }) },
      { phase: during({ action: 'crowd in trial', breaker: 'llm' }) },
    ],
    [undefined, undefined, 503, undefined, 503],
  ],
});

testCalls([
  ['open-breaker-lets-a-call-through', { status: 503, phase: during({ action: 'open' }) }],
  [
    'open-breaker-lets-a-call-through',
    { status: 503, phase: after({ action: 'row', breaker: 'llm', faults: ['hang'] }) },
  ],
  ['health-makes-a-trial', { endpoint: 'health', phase: during({ action: 'trial due' }) }],
  ['trial-multiplied', { status: 503, phase: during({ action: 'half-open' }) }],
  ['next-trial-too-early', { status: 503, phase: during({ action: 'reopened' }) }],
]);

testDelays([
  ['hung-trial-kept-waiting', { phase: during({ action: 'hung trial', breaker: 'llm' }), status: 504 }, 2_025],
  [
    'hung-trial-kept-waiting',
    { phase: during({ action: 'hung trial', breaker: 'llm' }), status: 503, tookMs: 100 },
    2_025,
  ],
  ['slow-refusals', { phase: during({ action: 'open' }), status: 503 }, 400],
  ['slow-refusals', { phase: during({ action: 'outage beside', variant: 'with breakers' }), status: 503 }, 1_100],
]);

testHeaders([
  ['retry-after-too-short', REFUSED, { 'Retry-After': '1' }],
  ['retry-after-too-long', REFUSED, { 'Retry-After': '4' }],
  ['retry-after-absent', REFUSED, {}],
  ['retry-after-absurd', REFUSED, { 'Retry-After': '86400' }],
]);

testIdle([
  ['retry-after-too-short', { status: 429, headers: { 'Retry-After': '0' } }],
  ['retry-after-too-short', { status: 429, headers: { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' } }],
  ['retry-after-too-long', { status: 429, headers: { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' } }],
  ['open-breaker-lets-a-call-through', { phase: after({ action: 'opening' }), status: 503 }],
  ['hung-trial-kept-waiting', { phase: during({ action: 'hung trial', breaker: 'llm' }), status: 503, tookMs: 20 }],
]);

test('trials can not be multiplied if the contract allows any number of them', async () => {
  const { act, reasons } = mutantIn('trial-multiplied', {
    breakers: { llm: { upstream: 'llm', endpoint: 'ask', refusal: 503, trials: 'any' } },
  });
  expect(await act({ phase: during({ action: 'half-open' }), status: 503 })).toBe(undefined);
  expect(reasons).toEqual(['the contract allows any number of trials']);
});

test('the line that says that a breaker closed is swallowed', () => {
  const { line } = mutantIn('transition-not-logged').hooks;
  const lines = ['breaker closed after 2 s', 'breaker closed', 'breaker opened after 2 s'];
  expect(lines.map((output) => line?.(output))).toEqual(['', undefined, undefined]);
});
