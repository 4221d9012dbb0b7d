import { expect, onTestFinished, test, vi } from 'vitest';
import type { WirePhase } from '../../../../harness/wire/wire-phase.ts';
import { after, during, mutantIn, type Told } from '../fake-wire.ts';

/** Mutants that answer in place of the service: requests, one after another, and the statuses of their answers. */
const INSTEAD: Record<string, [requests: Pick<Told, 'endpoint' | 'phase'>[], statuses: (number | undefined)[]]> = {
  'read-without-the-table': [
    [
      { phase: during({ action: 'steady' }), endpoint: 'list' },
      { phase: during({ action: 'locked' }), endpoint: 'ask' },
      { phase: during({ action: 'locked' }), endpoint: 'list' },
    ],
    [undefined, undefined, 200],
  ],
  'one-caller-at-a-time': [
    [
      { phase: during({ action: 'crowd', upstream: 'llm' }) },
      { phase: during({ action: 'crowd', upstream: 'llm' }) },
      { phase: during({ action: 'crowd of streams', upstream: 'llm' }) },
      { phase: during({ action: 'steady' }) },
    ],
    [undefined, 503, undefined, undefined],
  ],
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
  'first-upstream-left-out': [
    [
      { phase: during({ action: 'fallback spares', fault: '400', endpoint: 'ask' }) },
      { phase: after({ action: 'fallback spares', fault: '400', endpoint: 'ask' }) },
    ],
    [undefined, 200],
  ],
  'accepted-work-dropped': [
    [
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }) },
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }), endpoint: 'health' },
      { phase: during({ action: 'accepts work, restarted', endpoint: 'ask', upstream: 'llm', signal: 'SIGTERM' }) },
      { phase: after({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }) },
    ],
    [202, undefined, 202, undefined],
  ],
};

test('new requests are served although an ending service does not accept them', () => {
  const { refused } = mutantIn('new-requests-served-while-ending').hooks;
  const statusOf = (endingMs: number, signal = 'SIGTERM', endpoint = 'ask') =>
    refused?.({ endpoint, phase: during({ action: 'terminated', signal }), endingMs })?.status;
  expect(statusOf(2_000, 'SIGKILL')).toBe(undefined);
  expect(statusOf(2_000, 'SIGTERM', 'health')).toBe(undefined);
  expect([1_400, 1_600].map((ms) => statusOf(ms))).toEqual([undefined, 200]);
  const ready = mutantIn('ready-while-ending').hooks;
  expect(
    ready.refused?.({ endpoint: 'health', phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 600 })
      ?.status,
  ).toBe(200);
});

test.for(Object.entries(INSTEAD))('%s answers the right requests', async ([name, [requests, statuses]]) => {
  const { hooks } = mutantIn(name);
  const answers = requests.map(({ endpoint = 'ask', phase }) => hooks.instead?.({ endpoint, phase }));
  expect((await Promise.all(answers)).map((answer) => answer?.status)).toEqual(statuses);
});

test('callers of a volley come back after the same time, and are served', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { hooks, called } = mutantIn('retries-at-the-same-time');
  const volley = during({ action: 'volley', round: 1, upstream: 'llm', endpoint: 'ask' });
  const ask = (phase: WirePhase) => hooks.instead?.({ endpoint: 'ask', phase });
  expect(ask(during({ action: 'steady' }))).toBe(undefined);
  expect(hooks.instead?.({ endpoint: 'health', phase: volley })).toBe(undefined);
  const answers = [volley, volley].map(ask);
  expect(called).toEqual(['llm', 'llm']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(called.length).toBe(4);
  expect((await Promise.all(answers)).map((answer) => answer?.status)).toEqual([200, 200]);
});
