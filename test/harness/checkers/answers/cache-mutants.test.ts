import { expect, onTestFinished, test, vi } from 'vitest';
import { during, mutantIn, SERVED } from '../fake-wire.ts';
import { testAnswersInstead } from '../mutant-tests.ts';

const cached = { phase: during({ action: 'cached answers', endpoint: 'cached' }), endpoint: 'cached' };
const another = { phase: during({ action: 'cached for another', endpoint: 'cached' }), endpoint: 'cached' };
const alike = { phase: during({ action: 'same question', endpoint: 'cached' }), endpoint: 'cached' };
const steady = { phase: during({ action: 'steady' }), endpoint: 'cached' };

testAnswersInstead({
  'cached-failure': [
    [steady, cached, cached, cached, cached, another],
    [undefined, undefined, undefined, undefined, 502, undefined],
  ],
  'cached-answer-for-another-caller': [
    [cached, another, another],
    [undefined, undefined, SERVED.status],
  ],
  'same-answer-for-several-callers': [
    [another, alike, alike, alike],
    [undefined, undefined, SERVED.status, SERVED.status],
  ],
});

test('an answer is used after the time of the cache', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks } = mutantIn('cached-answer-kept-too-long');
  expect(hooks.instead?.(cached)).toBe(undefined);
  vi.advanceTimersByTime(2_000);
  expect(hooks.instead?.(cached)).toBe(undefined);
  vi.advanceTimersByTime(1);
  expect(hooks.instead?.(steady)).toBe(undefined);
  expect(hooks.instead?.(cached)).toBe(SERVED);
});
