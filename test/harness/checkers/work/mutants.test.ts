import { expect, onTestFinished, test, vi } from 'vitest';
import type { WirePhase } from '../../../../harness/wire/wire-phase.ts';
import { after, during, mutantIn } from '../fake-wire.ts';
import { testAnswers, testAnswersInstead } from '../mutant-tests.ts';

testAnswers({
  'accepted-work-told-as-lost': [
    [
      { status: 202 },
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }), status: 503 },
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }), status: 202 },
    ],
    [202, 503, 404],
  ],
});

testAnswersInstead({
  'accepted-work-dropped': [
    [
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }) },
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }), endpoint: 'health' },
      { phase: during({ action: 'accepts work, restarted', endpoint: 'ask', upstream: 'llm', signal: 'SIGTERM' }) },
      { phase: after({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }) },
    ],
    [202, undefined, 202, undefined],
  ],
});

test('an upstream gets another request for finished work', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks, called } = mutantIn('finished-work-repeated');
  const arrive = (phase: WirePhase) => hooks.arrive?.({ endpoint: 'ask', phase });
  const work = { endpoint: 'ask', upstream: 'llm' };
  expect(await arrive(after({ action: 'accepts work', ...work }))).toBe(false);
  const acted = arrive(during({ action: 'accepts work', ...work }));
  await vi.advanceTimersByTimeAsync(1_799);
  expect(called).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect([called, await acted]).toEqual([['llm'], true]);
});
